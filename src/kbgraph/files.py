"""The file system: finding articles, bounded reads, writes that are whole or not at all.

Everything that opens, renames, walks or locks is here. No symbolic link inside a given folder is
followed, nothing but regular files is read, and nothing is written outside the output folder.
"""

from __future__ import annotations

import errno
import json
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from filelock import FileLock, Timeout
from pathspec import GitIgnoreSpec

from kbgraph.config import Limits
from kbgraph.errors import TOP, LimitError, Problem, UsageError, WorldError
from kbgraph.rules import problem

__all__ = [
    "MANIFEST",
    "Found",
    "Input",
    "OutputFolder",
    "add_line",
    "discover",
    "key_of",
    "read_bounded",
    "read_json",
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


def _world(error: OSError, doing: str) -> WorldError:
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
        raise _world(error, f"read '{path}'") from None


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
        raise _world(error, f"write '{path}'") from None
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
        raise _world(error, f"write '{path}'") from None


MANIFEST = "manifest.json"
_LOCK = ".lock"
_PART = ".kbgraph-"


class OutputFolder:
    """The folder that a build writes, held by one build at a time.

    Each file is written beside its place and renamed into it, so that a reader sees the old file
    or the new one. What the last manifest lists and this build does not make is removed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def locked(self) -> Iterator[OutputFolder]:
        """Hold the folder; it is made where it does not exist.

        Raises:
            WorldError: another build holds it, or it cannot be made.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.path / _LOCK, timeout=0)
            lock.acquire()
        except Timeout:
            raise WorldError(f"another build is writing to '{self.path}'") from None
        except OSError as error:
            raise _world(error, f"write to '{self.path}'") from None
        try:
            self._remove_leftovers()
            yield self
        finally:
            lock.release()

    def _remove_leftovers(self) -> None:
        """Remove the half-written files of a build that was killed: nobody else writes here now."""
        for leftover in self.path.rglob(f"{_PART}*.part"):
            leftover.unlink(missing_ok=True)

    def write(self, name: str, data: bytes) -> None:
        """Replace one file whole; one that has these bytes already is left alone.

        Raises:
            WorldError: it cannot be written; the old file is as it was.
        """
        target = self._inside(name)
        try:
            if _has_bytes(target, data):
                return
            target.parent.mkdir(parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=_PART, suffix=".part")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(descriptor)
                os.chmod(temporary, 0o666 & ~_UMASK)
                os.replace(temporary, target)
            except BaseException:
                os.unlink(temporary)
                raise
        except OSError as error:
            raise _world(error, f"write '{target}'") from None

    def remove_stale(self, written: Iterable[str]) -> None:
        """Remove what the old manifest lists and this build did not write, and folders left empty."""
        kept = {MANIFEST, *written}
        for name in self._listed():
            if name in kept:
                continue
            try:
                target = self._inside(name)
            except WorldError:
                continue  # a manifest that somebody edited: not ours to follow
            try:
                target.unlink(missing_ok=True)
                for folder in target.parents:
                    if folder == self.path or not folder.is_relative_to(self.path):
                        break
                    folder.rmdir()
            except OSError as error:
                if error.errno not in {errno.ENOTEMPTY, errno.ENOTDIR, errno.EISDIR, errno.ENOENT}:
                    raise _world(error, f"remove '{target}'") from None

    def _listed(self) -> Iterable[str]:
        try:
            manifest = json.loads((self.path / MANIFEST).read_bytes())
            return [each["path"] for each in manifest["files"] if isinstance(each["path"], str)]
        except (OSError, ValueError, KeyError, TypeError):
            return ()

    def _inside(self, name: str) -> Path:
        """The path of a file in the folder, if it is really in it."""
        target = self.path / name
        if Path(name).is_absolute() or ".." in Path(name).parts or not name:
            raise WorldError(f"'{name}' does not lie in '{self.path}'")
        for folder in target.parents:
            if folder == self.path:
                return target
            if folder.is_symlink():
                break
        raise WorldError(f"'{target}' does not lie in '{self.path}'")


def _has_bytes(path: Path, data: bytes) -> bool:
    try:
        about = path.lstat()
        return stat.S_ISREG(about.st_mode) and about.st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


_UMASK = _umask()
