"""The inputs that a report is about: their lines, and their names as others see them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from kbgraph.errors import Place, Problem
from kbgraph.inputs import Input, read_bounded

__all__ = ["MOST_RELATED", "SourceLines", "also_at", "more_places", "shown_path", "visible"]

#: How many other places of a problem are named to people.
MOST_RELATED = 5

#: Bytes of a file in which a line is looked for.
_LONGEST_FILE = 64 * 1024 * 1024


def visible(text: str) -> str:
    r"""A text whose control characters can do nothing to a terminal, and may stand in XML.

    >>> visible("red" + chr(27) + "[31m")
    'red\\x1b[31m'
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in text)


def shown_path(where: Path | bytes | str, path: str) -> str:
    """The path of a file that an editor can open, as text; `path` for what came by standard input."""
    return path if isinstance(where, bytes) else os.fsencode(where).decode("utf-8", "backslashreplace")


def more_places(problem: Problem) -> str:
    """How many places of a problem are not named, in words; empty where all are."""
    left = len(problem.related) - MOST_RELATED
    return f"{left:,} more place{'s' if left > 1 else ''}" if left > 0 else ""


def also_at(problem: Problem, name: Callable[[str], str]) -> str:
    """The other places of a problem as a sentence; empty where there are none.

    Args:
        problem: a problem.
        name: gives the name of a file by its path.

    >>> from kbgraph.errors import TOP, Place, Severity
    >>> there = Place("b.md", TOP)
    >>> also_at(Problem("KB322", Severity.VIOLATION, Place("a.md", TOP), "Twice.", related=(there,)), str)
    'Also at b.md:1.'
    """
    places = [f"{name(each.path)}:{each.line}" for each in problem.related[:MOST_RELATED]]
    if more := more_places(problem):
        places.append(more)
    return f"Also at {', '.join(places)}." if places else ""


class SourceLines:
    """Lines of the inputs; one file is held at a time, since problems come file by file."""

    def __init__(self, files: Mapping[str, Path | bytes]) -> None:
        self._files = files
        self._path, self._lines = "", [""]

    def location(self, path: str) -> str:
        """A path that an editor can open, with control characters made visible."""
        return visible(shown_path(self._files.get(path, path), path))

    def relative(self, path: str, root: Path) -> str:
        """The path from a folder, with `/`; an absolute one for what does not lie in that folder."""
        where = self._files.get(path)
        if where is None or isinstance(where, bytes):
            return path
        absolute = Path(os.path.abspath(where))  # noqa: PTH100 - resolve() would follow links
        chosen = absolute.relative_to(root) if absolute.is_relative_to(root) else absolute
        return shown_path(Path(chosen.as_posix()), path)

    def line(self, place: Place) -> str | None:
        """The line that a place begins in; None where there is none to be read."""
        if place.path not in self._files:
            return None
        if place.path != self._path:
            self._path, self._lines = place.path, _read_lines(place.path, self._files[place.path])
        return self._lines[place.line - 1] if place.line <= len(self._lines) else None


def _read_lines(path: str, where: Path | bytes) -> list[str]:
    """The lines of a file; none of what a link leads to, which nobody may have asked to see."""
    if isinstance(where, Path) and where.is_symlink():
        return []
    each = Input(path, Path(), where) if isinstance(where, bytes) else Input(path, where)
    data = read_bounded(each, _LONGEST_FILE)
    if isinstance(data, Problem):
        return []
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
