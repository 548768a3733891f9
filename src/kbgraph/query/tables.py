"""Answers as tables to read: for a terminal, fitted to its width, and in Markdown.

Data is shown so that it cannot do anything to a terminal: control characters and such as turn the
direction of writing are written as numbers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from kbgraph.query.answers import Answer
from kbgraph.query.bindings import XSD, Value

__all__ = ["Names", "escaped", "harmless", "markdown", "table", "width_of"]

#: The least width that a column is shrunk to, and what stands between two of them.
_LEAST, _BETWEEN = 4, "  "
_NUMBERS = {f"{XSD}{name}" for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")}


class Names:
    """How IRIs are shown: with the prefixes that we know, and those of the data without their base.

    Args:
        prefixes: namespaces by prefix.
        base: the base IRI of the data; "" where it is unknown.
    """

    def __init__(self, prefixes: Mapping[str, str], base: str) -> None:
        self._known = sorted(prefixes.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        self._base = base
        self._seen: dict[str, str] = {}

    def short(self, iri: str) -> str:
        """An IRI as people read it: `schema:name`, `article/ai/attention`."""
        if iri not in self._seen:
            self._seen[iri] = self._short(iri)
        return self._seen[iri]

    def _short(self, iri: str) -> str:
        if self._base and iri.startswith(self._base) and len(iri) > len(self._base):
            return iri[len(self._base) :]
        for prefix, namespace in self._known:
            if iri.startswith(namespace) and len(iri) > len(namespace):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri

    def cell(self, value: Value | None) -> str:
        """A value as one line of text that does nothing."""
        if value is None:
            return ""
        text = self.short(value.text) if value.kind == "iri" else value.text
        return harmless(f"_:{text}" if value.kind == "blank" else text)


def harmless(text: str) -> str:
    """A text that does nothing to a terminal: what cannot be printed is written as numbers."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _numbered(char) for char in text)


def _numbered(char: str) -> str:
    known = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}
    if char in known:
        return known[char]
    if unicodedata.category(char) == "Zs":  # wide and narrow spaces
        return " "
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def width_of(text: str) -> int:
    """How many places a terminal gives to a text."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(char) in {"Mn", "Me"} else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _fitted(text: str, width: int) -> str:
    """A text in so many places, cut where it is longer."""
    if width_of(text) <= width:
        return text
    left, taken = width - 1, []
    for char in text:
        left -= width_of(char)
        if left < 0:
            break
        taken.append(char)
    return "".join(taken) + "…"


def table(answer: Answer, names: Names, width: int | None) -> str:
    """Rows under the names of their variables, or yes or no.

    Args:
        answer: rows or a truth.
        names: how IRIs are shown.
        width: the places of a line; None for as many as it takes.
    """
    if answer.rows is None:
        return "yes\n" if answer.truth else "no\n"
    heads = [harmless(name) for name in answer.variables]
    cells = [[names.cell(value) for value in row] for row in answer.rows]
    widths = [max((width_of(row[at]) for row in cells), default=0) for at in range(len(heads))]
    widths = [max(width_of(head), each, 1) for head, each in zip(heads, widths, strict=True)]
    if width is not None:
        widths = _shrunk(widths, width)
    right = [_is_of_numbers(answer, at) for at in range(len(heads))]
    lines = [_line(heads, widths, right), _BETWEEN.join("─" * each for each in widths)]
    lines += [_line(row, widths, right) for row in cells]
    if answer.cut is not None:
        lines.append(f"… cut after {answer.cut:,}")
    return "".join(f"{line}\n" for line in lines)


def _is_of_numbers(answer: Answer, at: int) -> bool:
    values = [row[at] for row in answer.rows or ()]
    return any(values) and all(value is None or value.datatype in _NUMBERS for value in values)


def _shrunk(widths: list[int], width: int) -> list[int]:
    """Widths that fit: the widest columns give way first."""
    room = width - len(_BETWEEN) * (len(widths) - 1)
    widths = list(widths)
    while sum(widths) > room:
        widest = max(widths)
        if widest <= _LEAST:
            break
        second = max((each for each in widths if each < widest), default=_LEAST)
        wide = [at for at, each in enumerate(widths) if each == widest]
        over = sum(widths) - room
        step = max(1, min(widest - max(second, _LEAST), -(-over // len(wide))))
        for at in wide:
            less = min(step, sum(widths) - room)
            widths[at] -= max(0, less)
    return widths


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    shown = []
    for cell, width, is_right in zip(cells, widths, right, strict=True):
        text = _fitted(cell, width)
        gap = " " * (width - width_of(text))
        shown.append(gap + text if is_right else text + gap)
    return _BETWEEN.join(shown).rstrip()


def markdown(answer: Answer, names: Names) -> str:
    """The same as a table of Markdown, with nothing cut to a width."""
    if answer.rows is None:
        return "yes\n" if answer.truth else "no\n"
    rules = ["---:" if _is_of_numbers(answer, at) else "---" for at in range(len(answer.variables))]
    rows = [list(answer.variables), rules, *([escaped(names.cell(value)) for value in row] for row in answer.rows)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    if answer.cut is not None:
        lines += ["", f"… cut after {answer.cut:,}"]
    return "".join(f"{line}\n" for line in lines)


_MARKS = {ord(char): f"\\{char}" for char in "\\`*_[]|~"} | {ord("<"): "&lt;", ord("&"): "&amp;"}


def escaped(text: str) -> str:
    """A text that Markdown takes for nothing else."""
    return text.translate(_MARKS)
