"""Problems as text for people, as JSON, and as a SHACL validation report."""

from __future__ import annotations

import json
import os
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kbgraph.errors import Place, Problem, Severity
from kbgraph.files import Input, read_bounded

__all__ = ["Report", "human", "to_json"]


@dataclass(frozen=True, slots=True)
class Report:
    """Every problem of a build, by file and place.

    `files` maps the path of each input, as places have it, to where it lies, or to its bytes; for
    showing lines.

    >>> import kbgraph
    >>> kbgraph.build("seeds").report.conforms
    True
    """

    problems: tuple[Problem, ...] = ()
    files: Mapping[str, Path | bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, problems: Iterable[Problem], files: Mapping[str, Path | bytes]) -> Report:
        """A report of problems in any order, each kept once."""
        return cls(tuple(sorted(set(problems), key=lambda each: each.sort_key)), files)

    @property
    def conforms(self) -> bool:
        """True where there is no violation."""
        return not self.count(Severity.VIOLATION)

    def count(self, severity: Severity) -> int:
        """How many problems are of a severity."""
        return sum(problem.severity is severity for problem in self.problems)

    def codes(self) -> dict[str, int]:
        """How many problems have each code; sorted by code."""
        return dict(sorted(Counter(problem.code for problem in self.problems).items()))

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.problems)

    def __len__(self) -> int:
        return len(self.problems)


def to_json(report: Report) -> bytes:
    """All problems as JSON: the object `{"conforms", "counts", "problems": […]}`."""
    data = {
        "conforms": report.conforms,
        "counts": {severity.value: report.count(severity) for severity in Severity},
        "problems": [_as_dict(problem) for problem in report],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n"


def _as_dict(problem: Problem) -> dict[str, object]:
    made: dict[str, object] = {
        "code": problem.code,
        "severity": problem.severity.value,
        **_place_as_dict(problem.place),
        "message": problem.message,
        "hint": problem.hint,
    }
    if problem.subject:
        made["subject"] = problem.subject
    if problem.related:
        made["related"] = [_place_as_dict(place) for place in problem.related]
    return made


def _place_as_dict(place: Place) -> dict[str, object]:
    mark = place.mark
    return {
        "path": place.path,
        "line": mark.line,
        "column": mark.column,
        "end_line": mark.end_line,
        "end_column": mark.end_column,
    }


_STYLES = {Severity.VIOLATION: "31;1", Severity.WARNING: "33;1", Severity.INFO: "36;1"}
#: Columns of a source line that are shown, and bytes of a file in which the line is looked for.
_WIDTH = 110
_LONGEST_FILE = 64 * 1024 * 1024


def human(report: Report, *, colour: bool, lowest: Severity = Severity.INFO, most: int | None = None) -> Iterator[str]:
    """The problems as lines for a terminal: place, code, message, the source line, a caret, a hint.

    Args:
        report: the problems.
        colour: whether to use ANSI colours.
        lowest: the least severity to show.
        most: how many problems to show of each code; None for all.
    """
    shown: Counter[str] = Counter()
    lines = _SourceLines(report.files)
    for problem in report:
        if problem.severity.rank > lowest.rank:
            continue
        shown[problem.code] += 1
        if most is not None and shown[problem.code] > most:
            continue
        yield from _shown(problem, lines, colour=colour)
    for code, count in sorted(shown.items()):
        if most is not None and count > most:
            yield f"{code}: and {count - most:,} more"


def _shown(problem: Problem, lines: _SourceLines, *, colour: bool) -> Iterator[str]:
    def paint(text: str, style: str) -> str:
        return f"\033[{style}m{text}\033[0m" if colour else text

    style = _STYLES[problem.severity]
    place = problem.place
    where = f"{lines.location(place.path)}:{place.line}:{place.column}" if place.path else "the whole dataset"
    head = paint(f"{problem.severity.value} {problem.code}", style)
    yield f"{paint(where, '1')}: {head}: {_visible(problem.message)}"
    line = lines.line(place)
    if line is not None:
        text, caret = _with_caret(line, place)
        gutter = f"{place.line:>5} | "
        yield f"{gutter}{text}"
        yield f"{' ' * 5} | {paint(caret, style)}"
    for other in problem.related[:5]:
        yield f"        also at {lines.location(other.path)}:{other.line}:{other.column}"
    if len(problem.related) > 5:
        yield f"        and at {len(problem.related) - 5} more places"
    if problem.hint:
        yield f"        {paint('help', '32')}: {_visible(problem.hint)}"


def _visible(text: str) -> str:
    """A text whose control characters can do nothing to a terminal."""
    return "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in text)


class _SourceLines:
    """Lines of the inputs; one file is held at a time, since problems come file by file."""

    def __init__(self, files: Mapping[str, Path | bytes]) -> None:
        self._files = files
        self._path, self._lines = "", [""]

    def location(self, path: str) -> str:
        """A path that an editor can open, with control characters made visible."""
        where = self._files.get(path, path)
        shown = path if isinstance(where, bytes) else os.fsencode(where).decode("utf-8", "backslashreplace")
        return _visible(shown)

    def line(self, place: Place) -> str | None:
        if place.path not in self._files:
            return None
        if place.path != self._path:
            where = self._files[place.path]
            each = Input(place.path, Path(), where) if isinstance(where, bytes) else Input(place.path, where)
            data = read_bounded(each, _LONGEST_FILE)
            if isinstance(data, Problem):
                return None
            text = data.decode("utf-8", "replace")
            self._path = place.path
            self._lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return self._lines[place.line - 1] if place.line <= len(self._lines) else None


def _with_caret(line: str, place: Place) -> tuple[str, str]:
    """The part of a line that holds the place, and carets below it, with wide characters counted."""
    mark = place.mark
    start = mark.column - 1
    end = mark.end_column - 1 if mark.end_line == mark.line else len(line)
    begin = 0
    if len(line) > _WIDTH and start > _WIDTH // 2:
        begin = min(start - 20, max(0, len(line) - _WIDTH))
    window = "".join(
        each if each.isprintable() else " " if each == "\t" else "\N{REPLACEMENT CHARACTER}"
        for each in line[begin : begin + _WIDTH]
    )
    lead = "…" if begin else ""
    tail = "…" if begin + _WIDTH < len(line) else ""
    before = _columns(lead + window[: start - begin])
    marked = max(1, _columns(window[start - begin : end - begin]))
    return lead + window + tail, " " * before + "^" * marked


def _columns(text: str) -> int:
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text
    )
