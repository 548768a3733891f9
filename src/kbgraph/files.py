"""The file system: finding articles, bounded reads, new files.

No symbolic link inside a given folder is followed, and nothing but regular files is read. What a
build writes is in `output`.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pathspec import GitIgnoreSpec

from kbgraph.config import Limits
from kbgraph.errors import TOP, LimitError, Problem, UsageError, WorldError
from kbgraph.rules import problem

__all__ = [
    "Found",
    "Input",
    "add_line",
    "discover",
    "key_of",
    "read_bounded",
    "read_json",
    "world_error",
    "write_new",
]


#: Characters of a link that may be the path of a file.
_LONGEST_LINK = 4096


def key_of(path: str) -> str:
    """The key of the article in a file: its path without `.md`.

    >>> key_of("ai/instruction-tuning.md")
    'ai/instruction-tuning'
    """
    return path.removesuffix(".md")


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read: its path below the folder that was given (with `/`), and where it lies.

    `data` is what standard input held, which lies nowhere. A file is `alone` where it was given
    by itself, so that its neighbours are not among the inputs.
    """

    path: str
    location: Path
    data: bytes | None = None
    alone: bool = False

    def leads_to_a_file(self, link: str) -> bool:
        """True where the link of a file that is alone leads to a file that was not given."""
        if not self.alone:
            return False
        path = unquote(link.partition("#")[0].partition("?")[0])
        if not path or "\0" in path or len(path) > _LONGEST_LINK:
            return False
        folders = [self.location.with_suffix(""), *self.location.absolute().parents]
        names = (path.strip("/"), path.strip("/") + ".md")
        return any(os.path.lexists(os.path.join(folder, name)) for folder in folders for name in names)  # noqa: PTH118


@dataclass(frozen=True, slots=True)
class Found:
    """The inputs in order of their paths, and what lies in the folders but cannot be an input."""

    inputs: tuple[Input, ...]
    problems: tuple[Problem, ...]


def discover(paths: Sequence[Path], exclude: Sequence[str], limits: Limits) -> Found:
    """The articles in files and folders.

    A folder gives its `.md` files, apart from those that `exclude` (gitignore patterns) names; a
    file given by itself counts as lying in its own folder.

    Raises:
        UsageError: a path does not exist, or two inputs have the same relative path.
        LimitError: there are more articles than the limit.
        WorldError: a given folder cannot be read.
    """
    spec = GitIgnoreSpec.from_lines(exclude)
    inputs: dict[str, Input] = {}
    problems: list[Problem] = []
    for given in paths:
        if not given.exists():
            raise UsageError(f"'{given}' does not exist")
        found = _walk(given, spec, limits, problems) if given.is_dir() else [Input(given.name, given, alone=True)]
        for each in found:
            key = key_of(each.path)
            other = inputs.get(key)
            if other is not None and not _same(other.location, each.location):
                raise UsageError(f"'{other.location}' and '{each.location}' would be one article, '{key}'")
            inputs[key] = each
            if len(inputs) > limits.articles:
                raise LimitError(f"there are more than {limits.articles:,} articles (the limit articles)")
    return Found(tuple(inputs[key] for key in sorted(inputs)), tuple(problems))


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _walk(root: Path, spec: GitIgnoreSpec, limits: Limits, problems: list[Problem]) -> Iterator[Input]:
    """The articles below a folder; what cannot be read is reported."""
    waiting = [("", 0)]
    while waiting:
        folder, depth = waiting.pop()
        try:
            entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
        except OSError as error:
            if not folder:
                raise WorldError(f"'{root}' cannot be read: {error.strerror}") from None
            problems.append(_unreadable(folder, f"The folder cannot be read: {error.strerror}."))
            continue
        for entry in entries:
            path = folder + entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if spec.match_file(path + "/" if is_folder else path) or not _may_hold_articles(entry):
                continue
            found = _refusal(entry, path)
            if found is None and is_folder and depth >= limits.folder_depth:
                message = f"Folders are nested more than {limits.folder_depth} deep (the limit folder_depth)."
                found = problem("KB003", path, TOP, message)
            if found is not None:
                problems.append(found)
            elif is_folder:
                waiting.append((path + "/", depth + 1))
            else:
                yield Input(path, root / path)


def _may_hold_articles(entry: os.DirEntry[str]) -> bool:
    """True for a folder, a link to one, and anything that is named like an article."""
    return entry.name.endswith(".md") or entry.is_dir()


def _refusal(entry: os.DirEntry[str], path: str) -> Problem | None:
    """Why an entry of a folder is not read, whatever it holds."""
    if not _is_text(path):
        shown = os.fsencode(path).decode("utf-8", "backslashreplace")
        return problem("KB013", shown, TOP, "The name of this file is not UTF-8.")
    if entry.is_symlink():
        return _unreadable(path, "This is a symbolic link; links are not followed.")
    return None


def _is_text(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _unreadable(path: str, message: str) -> Problem:
    return problem("KB012", path, TOP, message)


def read_bounded(each: Input, limit: int) -> bytes | Problem:
    """The bytes of a regular file, at most `limit` and one more; a problem where it cannot be read.

    A pipe or a device is never waited for.
    """
    if each.data is not None:
        return each.data
    location, path = each.location, each.path
    try:
        descriptor = os.open(location, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        return _unreadable(path, f"The file cannot be read: {error.strerror}.")
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return _unreadable(path, "This is not a regular file.")
        try:
            return file.read(limit + 1)
        except OSError as error:
            return _unreadable(path, f"The file cannot be read: {error.strerror}.")


def world_error(error: OSError, doing: str) -> WorldError:
    """What the operating system refused, as an error with exit code 3."""
    return WorldError(f"cannot {doing}: {error.strerror or error}")


def read_json(path: Path) -> Any:
    """The JSON data in a file that should be there.

    Raises:
        UsageError: there is no such file, or it is not JSON.
    """
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        raise UsageError(f"'{path}' does not exist; kbgraph build makes it") from None
    except ValueError:
        raise UsageError(f"'{path}' is not JSON") from None
    except OSError as error:
        raise world_error(error, f"read '{path}'") from None


def add_line(path: Path, line: str) -> bool:
    """Add a line to a text file that may not exist yet; False where the line is there already."""
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        if line in text.splitlines():
            return False
        gap = "" if not text or text.endswith("\n") else "\n"
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(f"{gap}{line}\n")
    except OSError as error:
        raise world_error(error, f"write '{path}'") from None
    return True


def write_new(path: Path, text: str) -> None:
    """Write a file that must not exist yet.

    Raises:
        UsageError: it exists.
        WorldError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"'{path}' exists already") from None
    except OSError as error:
        raise world_error(error, f"write '{path}'") from None
