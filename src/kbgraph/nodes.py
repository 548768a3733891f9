"""A file taken apart: front matter as nodes, each with its mark, and the body; no YAML, no meaning.

How a file comes to these is in `seeds`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from kbgraph.errors import Mark

__all__ = ["Lines", "Mapping", "Node", "Scalar", "Seed", "Sequence"]

_LINE_END = re.compile(r"\r\n|\n|\r")


class Scalar(NamedTuple):
    """A scalar as text. `plain` is True where it was written without quotes."""

    text: str
    mark: Mark
    plain: bool = False

    @property
    def is_null(self) -> bool:
        """True where nothing is said: no value, only spaces, `~` or `null`."""
        return not self.text.strip() or (self.plain and self.text in {"~", "null", "Null", "NULL"})


class Sequence(NamedTuple):
    """A list."""

    items: tuple[Node, ...]
    mark: Mark


class Mapping(NamedTuple):
    """Keys and values in order, each key once."""

    entries: tuple[tuple[Scalar, Node], ...]
    mark: Mark


Node = Scalar | Sequence | Mapping


class Seed(NamedTuple):
    """A file taken apart: its front matter as nodes, its body, and where the body begins."""

    front: Mapping
    body: str
    lines: Lines
    body_offset: int


class Lines:
    """Character offsets of a text as lines and columns; CR, LF and CRLF end a line."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(found.end() for found in _LINE_END.finditer(text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of a character."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def mark(self, start: int, end: int) -> Mark:
        """The stretch from one offset to another, which is exclusive."""
        return Mark(*self.position(start), *self.position(max(start, end)))

    def span(self, mark: Mark) -> tuple[int, int]:
        """The offsets between which a mark lies, the last one exclusive."""
        return self.start(mark.line) + mark.column - 1, self.start(mark.end_line) + mark.end_column - 1

    def line(self, number: int) -> str:
        """The text of a line, from 1, without its end; empty beyond the last."""
        if not 1 <= number <= len(self._starts):
            return ""
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[self._starts[number - 1] : end].rstrip("\r\n")

    def start(self, number: int) -> int:
        """The offset at which a line, from 1, begins."""
        return self._starts[number - 1]
