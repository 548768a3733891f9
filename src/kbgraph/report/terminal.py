"""Problems for people: each with its line, a caret and what to do; or a table of how many there are."""

from __future__ import annotations

import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping

from kbgraph.errors import Place, Problem, Severity
from kbgraph.report.lines import MOST_RELATED, SourceLines, more_places, visible
from kbgraph.report.value import Report

__all__ = ["human", "statistics"]

_STYLES = {Severity.VIOLATION: "31;1", Severity.WARNING: "33;1", Severity.INFO: "36;1"}
_NOUNS = {Severity.VIOLATION: "violations", Severity.WARNING: "warnings", Severity.INFO: "notes"}
#: Columns before a source line, and of a terminal that nobody knows the width of.
_GUTTER = 8
_WIDTH = _GUTTER + 110
_NARROWEST = 40
#: A space at which no line is broken.
_GLUE = "\N{NO-BREAK SPACE}"


def human(
    report: Report,
    *,
    colour: bool,
    lowest: Severity = Severity.INFO,
    most: int | None = None,
    width: int = _WIDTH,
) -> Iterator[str]:
    """The problems as lines for a terminal: place, code, message, the source line, a caret, a hint.

    After them stands how many there are of each code, the most frequent first.

    Args:
        report: the problems.
        colour: whether to use ANSI colours.
        lowest: the least severity to show.
        most: how many problems to show of each code; None for all.
        width: columns of the terminal, to which source lines are cut.
    """
    shown: Counter[str] = Counter()
    lines = SourceLines(report.files)
    for problem in report:
        if problem.severity.rank > lowest.rank:
            continue
        shown[problem.code] += 1
        if most is None or shown[problem.code] <= most:
            yield from _shown(problem, lines, colour=colour, width=max(width, _NARROWEST))
    for code, count in sorted(shown.items()):
        if most is not None and count > most:
            yield f"{code}: and {count - most:,} more"
    if sum(shown.values()) > 1:
        yield from _counts(report, lowest, colour=colour, width=max(width, _NARROWEST))


def _counts(report: Report, lowest: Severity, *, colour: bool, width: int) -> Iterator[str]:
    """One line for each severity: its codes, each with how often it occurs."""
    for severity in Severity:
        counts = Counter(each.code for each in report if each.severity is severity and severity.rank <= lowest.rank)
        if counts:
            parts = [
                f"{code}{_GLUE}({count:,})" for code, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair))
            ]
            title = f"{_NOUNS[severity]}: "
            text = textwrap.wrap(title + ", ".join(parts), width, subsequent_indent=" " * len(title))
            yield from (_painted(line.replace(_GLUE, " "), _STYLES[severity], colour=colour) for line in text)


def statistics(report: Report, titles: Mapping[str, str], *, colour: bool) -> Iterator[str]:
    """How many problems there are of each code, with its title: the worst severity, then the most, first."""
    counts = Counter((each.severity, each.code) for each in report)
    rows = sorted(counts.items(), key=lambda row: (row[0][0].rank, -row[1], row[0][1]))
    wide = max((len(code) for _, code in counts), default=0)
    digits = max((len(f"{count:,}") for count in counts.values()), default=0)
    for (severity, code), count in rows:
        head = _painted(f"{count:>{digits},}  {code:<{wide}}  {severity.value:<9}", _STYLES[severity], colour=colour)
        yield f"{head}  {visible(titles.get(code, ''))}".rstrip()


def _painted(text: str, style: str, *, colour: bool) -> str:
    return f"\033[{style}m{text}\033[0m" if colour else text


def _shown(problem: Problem, lines: SourceLines, *, colour: bool, width: int) -> Iterator[str]:
    style = _STYLES[problem.severity]
    place = problem.place
    where = f"{lines.location(place.path)}:{place.line}:{place.column}" if place.path else "the whole dataset"
    head = _painted(f"{problem.severity.value} {problem.code}", style, colour=colour)
    yield f"{_painted(where, '1', colour=colour)}: {head}: {visible(problem.message)}"
    line = lines.line(place)
    if line is not None:
        text, caret = _with_caret(line, place, width - _GUTTER)
        yield f"{place.line:>5} | {text}"
        yield f"{' ' * 5} | {_painted(caret, style, colour=colour)}"
    for other in problem.related[:MOST_RELATED]:
        yield f"        also at {lines.location(other.path)}:{other.line}:{other.column}"
    if more := more_places(problem):
        yield f"        and at {more}"
    if problem.hint:
        yield f"        {_painted('help', '32', colour=colour)}: {visible(problem.hint)}"


def _with_caret(line: str, place: Place, width: int) -> tuple[str, str]:
    """The part of a line that holds the place, and carets below it, with wide characters counted."""
    mark = place.mark
    start = mark.column - 1
    end = mark.end_column - 1 if mark.end_line == mark.line else len(line)
    begin = _begin(line, start, width)
    stop = _stop(line, begin, width)
    window = "".join(
        each if each.isprintable() else " " if each == "\t" else "\N{REPLACEMENT CHARACTER}"
        for each in line[begin:stop]
    )
    lead = "…" if begin else ""
    tail = "…" if stop < len(line) else ""
    before = _columns(lead + window[: start - begin])
    marked = max(1, _columns(window[start - begin : end - begin]))
    return lead + window + tail, " " * before + "^" * marked


def _begin(line: str, start: int, width: int) -> int:
    """Where to begin with a line: at its first character, or half a width before the column `start`."""
    if _columns(line) <= width or _columns(line[:start]) <= width // 2:
        return 0
    room = width // 2 - 1
    while (room := room - _columns(line[start - 1])) >= 0:
        start -= 1
    return start


def _stop(line: str, begin: int, width: int) -> int:
    """Where a window of that width ends, with room for the signs that something is left out."""
    room = width - bool(begin)
    if _columns(line[begin : begin + width + 1]) <= room:
        return len(line)
    stop = begin
    while (room := room - _columns(line[stop])) >= 1:
        stop += 1
    return stop


def _columns(text: str) -> int:
    """Columns of a terminal that a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text
    )
