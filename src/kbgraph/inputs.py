"""The inputs: finding articles in files and folders, and reading them, bounded.

No symbolic link inside a given folder is followed, and nothing but regular files is read. What
stands in an article is read in `seeds` and `reader`.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from kbgraph.config import Limits
from kbgraph.errors import TOP, LimitError, Problem, UsageError, WorldError
from kbgraph.patterns import matcher
from kbgraph.rules import problem

__all__ = ["Found", "Input", "discover", "key_of", "path_below", "path_from", "read_bounded"]

#: Characters of a link that may be the path of a file, and how many folders up one is looked for.
_LONGEST_LINK = 4096
_NEAR = 4
#: What the name of an article ends in, and what other programs let Markdown end in.
_ENDING = ".md"
_OTHER_ENDINGS = (".markdown", ".mdown", ".mkd", ".mdx", ".qmd")


def key_of(path: str) -> str:
    """The key of the article in a file: its path without `.md`.

    >>> key_of("ai/instruction-tuning.md")
    'ai/instruction-tuning'
    """
    return path.removesuffix(".md")


class Input(NamedTuple):
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
        # A page's own folder, which `..` leaves, need not be there.
        places = (os.path.normpath(os.path.join(folder, name)) for folder in folders for name in names)  # noqa: PTH118
        return any(os.path.lexists(place) for place in places)


def path_from(folder: Path, path: str, where: Path | bytes | None) -> str:
    """The path of an input from a folder on, with `/`, up if need be; the one that it has if it lies nowhere.

    >>> path_from(Path("docs"), "ai/attention.md", Path("seeds/ai/attention.md"))
    '../seeds/ai/attention.md'
    """
    if not isinstance(where, Path):
        return path
    try:
        return os.path.relpath(where, folder).replace(os.sep, "/")
    except ValueError:  # another drive
        return path


def path_below(folder: Path, path: str, where: Path | bytes | None) -> str:
    """The path of an input from a folder on, with `/`; the one that it has if it does not lie below.

    >>> path_below(Path("docs"), "ai/attention.md", Path("docs/seeds/ai/attention.md"))
    'seeds/ai/attention.md'
    """
    below = path_from(folder, path, where)
    return path if below.startswith("../") else below


class Found(NamedTuple):
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
        is_excluded = matcher(exclude)
    except ValueError as error:
        raise UsageError(f"exclude is not a list of .gitignore patterns: {error}") from None
    inputs: dict[str, Input] = {}
    problems: list[Problem] = []
    for given in paths:
        if not given.exists():
            raise UsageError(f"'{given}' does not exist")
        found = _walk(given, is_excluded, limits, problems) if given.is_dir() else _single(given, problems)
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


def _walk(root: Path, is_excluded: Callable[[str], bool], limits: Limits, problems: list[Problem]) -> Iterator[Input]:
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
            path = folder + (_utf8(entry.name) or entry.name)
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_excluded(path + "/" if is_folder else path) or not _may_hold_articles(entry):
                continue
            if is_folder and depth >= limits.folder_depth:
                message = f"Folders are nested more than {limits.folder_depth} deep (the limit folder_depth)."
                problems.append(problem("KB003", path, TOP, message))
            elif (objection := _objection(path, entry, is_excluded)) is not None:
                problems += objection
            elif is_folder:
                waiting.append((path + "/", location / entry.name, depth + 1))
            else:
                yield Input(path, location / entry.name)


def _objection(path: str, entry: os.DirEntry[str], is_excluded: Callable[[str], bool]) -> list[Problem] | None:
    """What keeps a file or folder from being read, if anything does."""
    if _utf8(entry.name) is None:
        return [_bad_name(path)]
    if entry.is_symlink():
        return [_unreadable(path, "This is a symbolic link; links are not followed.")]
    if entry.is_dir() or entry.name.endswith(_ENDING):
        return None
    stem, _, ending = path.rpartition(".")
    if is_excluded(stem + _ENDING):  # README.MD is excluded with README.md
        return []
    return [problem("KB019", path, TOP, f"The file is not read, since its name ends in .{ending}, not in .md.")]


def _may_hold_articles(entry: os.DirEntry[str]) -> bool:
    """True for a folder, a link to one, and anything that is named like an article or as other programs name them."""
    return entry.name.lower().endswith((_ENDING, *_OTHER_ENDINGS)) or entry.is_dir()


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


#: Bytes that are asked for at once where a file is longer than its size says.
_PIECE = 64 * 1024


def read_bounded(each: Input, limit: int) -> bytes | Problem:
    """The bytes of a regular file, at most `limit` and one more; a problem where it cannot be read.

    A pipe or a device is never waited for.
    """
    if each.data is not None:
        return each.data
    path = each.path
    try:
        descriptor = os.open(each.location, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        try:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode):
                return _unreadable(path, "This is not a regular file.")
            data = os.read(descriptor, min(about.st_size, limit) + 1)
            while more := os.read(descriptor, min(limit + 1 - len(data), _PIECE)):
                data += more
            return data
        finally:
            os.close(descriptor)
    except OSError as error:
        return _unreadable(path, f"The file cannot be read: {error.strerror}.")
