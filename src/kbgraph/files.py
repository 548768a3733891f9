"""The file system: finding articles, bounded reads, new files.

No symbolic link inside a given folder is followed, and nothing but regular files is read. What a
build writes is in `output`.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
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
    "part_for",
    "path_below",
    "read_bounded",
    "read_json",
    "world_error",
    "write_new",
    "write_whole",
]


#: Characters of a link that may be the path of a file, and how many folders up one is looked for.
_LONGEST_LINK = 4096
_NEAR = 4


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
        folders = [self.location.with_suffix(""), *self.location.absolute().parents[:_NEAR]]
        names = (path.strip("/"), path.strip("/") + ".md")
        return any(os.path.lexists(os.path.join(folder, name)) for folder in folders for name in names)  # noqa: PTH118


def path_below(folder: Path, path: str, where: Path | bytes | None) -> str:
    """The path of an input from a folder on, with `/`; the one that it has if it does not lie below.

    >>> path_below(Path("docs"), "ai/attention.md", Path("docs/seeds/ai/attention.md"))
    'seeds/ai/attention.md'
    """
    if not isinstance(where, Path):
        return path
    try:
        below = os.path.relpath(where, folder).replace(os.sep, "/")
    except ValueError:  # another drive
        return path
    return path if below.startswith("../") else below


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
    try:
        spec = GitIgnoreSpec.from_lines(exclude)
    except ValueError as error:
        raise UsageError(f"exclude is not a list of .gitignore patterns: {error}") from None
    inputs: dict[str, Input] = {}
    problems: list[Problem] = []
    for given in paths:
        if not given.exists():
            raise UsageError(f"'{given}' does not exist")
        found = _walk(given, spec, limits, problems) if given.is_dir() else _single(given, problems)
        for each in found:
            key = key_of(each.path)
            other = inputs.get(key)
            if other is not None and not _same(other.location, each.location):
                raise UsageError(f"'{other.location}' and '{each.location}' would be one article, '{key}'")
            inputs[key] = each
            if len(inputs) > limits.articles:
                raise LimitError(f"there are more than {limits.articles:,} articles (the limit articles)")
    if len(paths) > 1:
        _refuse_twins(inputs)
    return Found(tuple(inputs[key] for key in sorted(inputs)), tuple(problems))


def _single(given: Path, problems: list[Problem]) -> Iterator[Input]:
    """A file given by itself, which lies in its own folder."""
    name = _utf8(given.name)
    if name is None:
        problems.append(_bad_name(given.name))
    else:
        yield Input(name, given, alone=True)


def _refuse_twins(inputs: dict[str, Input]) -> None:
    """Refuse one file under two keys, as from a folder and a folder inside it."""
    seen: dict[str, str] = {}
    for key, each in sorted(inputs.items()):
        real = os.path.realpath(each.location)
        if real in seen:
            raise UsageError(f"'{each.location}' is given twice: it would be the articles '{seen[real]}' and '{key}'")
        seen[real] = key


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _walk(root: Path, spec: GitIgnoreSpec, limits: Limits, problems: list[Problem]) -> Iterator[Input]:
    """The articles below a folder; what cannot be read is reported."""
    waiting = [("", root, 0)]
    while waiting:
        folder, location, depth = waiting.pop()
        try:
            entries = sorted(os.scandir(location), key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            if not folder:
                raise WorldError(f"'{root}' cannot be read: {error.strerror}") from None
            problems.append(_unreadable(folder, f"The folder cannot be read: {error.strerror}."))
            continue
        for entry in entries:
            name = _utf8(entry.name)
            path = folder + (name or entry.name)
            is_folder = entry.is_dir(follow_symlinks=False)
            if spec.match_file(path + "/" if is_folder else path) or not _may_hold_articles(entry):
                continue
            if name is None:
                problems.append(_bad_name(path))
            elif entry.is_symlink():
                problems.append(_unreadable(path, "This is a symbolic link; links are not followed."))
            elif not is_folder:
                yield Input(path, location / entry.name)
            elif depth >= limits.folder_depth:
                message = f"Folders are nested more than {limits.folder_depth} deep (the limit folder_depth)."
                problems.append(problem("KB003", path, TOP, message))
            else:
                waiting.append((path + "/", location / entry.name, depth + 1))


def _may_hold_articles(entry: os.DirEntry[str]) -> bool:
    """True for a folder, a link to one, and anything that is named like an article."""
    return entry.name.endswith(".md") or entry.is_dir()


def _utf8(name: str) -> str | None:
    """The name of a file, which is UTF-8 whatever the locale says; None where it is not."""
    try:
        return os.fsencode(name).decode("utf-8")
    except UnicodeDecodeError:
        return None


def _bad_name(path: str) -> Problem:
    shown = os.fsencode(path).decode("utf-8", "backslashreplace")
    return problem("KB013", shown, TOP, "The name of this file is not UTF-8.")


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
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return _unreadable(path, "This is not a regular file.")
    with os.fdopen(descriptor, "rb") as file:
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
    except (ValueError, RecursionError):
        raise UsageError(f"'{path}' is not JSON") from None
    except OSError as error:
        raise world_error(error, f"read '{path}'") from None


def add_line(path: Path, line: str) -> bool:
    """Add a line to a text file that may not exist yet; False where the line is there already."""
    try:
        data = path.read_bytes() if path.exists() else b""
        wanted = line.encode()
        if wanted in data.splitlines():
            return False
        gap = b"" if not data or data.endswith((b"\n", b"\r")) else b"\n"
        with path.open("ab") as file:
            file.write(gap + wanted + b"\n")
    except OSError as error:
        raise world_error(error, f"write '{path}'") from None
    return True


#: What files are called until they are whole, and all those that were never ended.
PART = ".kbgraph-"
PARTS = f"{PART}*.part"


@contextmanager
def part_for(target: Path, data: bytes, *, lasting: bool = True) -> Iterator[str]:
    """The path of a new file beside the place that it is for; gone where it cannot be put there.

    Args:
        target: the place.
        data: all of its bytes.
        lasting: whether to wait until they are safe on disk.
    """
    descriptor, part = tempfile.mkstemp(dir=target.parent, prefix=PART, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        yield part
    except BaseException:
        with suppress(OSError):
            os.unlink(part)
        raise


def write_whole(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Write a file, or put it in the place of another, wholly or not at all.

    Args:
        path: where to; folders above it are made.
        data: all of its bytes.
        lasting: whether to wait until they are safe on disk.

    Raises:
        WorldError: it cannot be written.
    """
    target = Path(os.path.realpath(path))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part_for(target, data, lasting=lasting) as part:
            os.chmod(part, stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o644)
            os.replace(part, target)
    except OSError as error:
        raise world_error(error, f"write '{path}'") from None


def write_new(path: Path, text: str) -> None:
    """Write a file that must not exist yet.

    Raises:
        UsageError: it exists.
        WorldError: it cannot be written.
    """
    try:
        data = text.encode()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
    except UnicodeEncodeError:
        raise UsageError(f"{text[:60]!r} cannot be written as UTF-8") from None
    except FileExistsError:
        raise UsageError(f"'{path}' exists already") from None
    except OSError as error:
        raise world_error(error, f"write '{path}'") from None
