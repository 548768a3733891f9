"""The report itself: every problem of a build, and what is left of them where somebody chooses."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kbgraph.errors import Problem, Severity

__all__ = ["Report", "is_chosen", "selected"]


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
        return not self.fails(Severity.VIOLATION)

    def fails(self, level: Severity) -> bool:
        """True where a problem is as bad as that, or worse."""
        return any(problem.severity.rank <= level.rank for problem in self.problems)

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

    def __repr__(self) -> str:
        return f"<Report of {len(self):,} {'problem' if len(self) == 1 else 'problems'}>"

    def _repr_html_(self) -> str:
        """A table for notebooks; of many problems the first."""
        body = "".join(
            "<tr>" + "".join(f"<td style='text-align:left'>{html.escape(cell)}</td>" for cell in _cells(each)) + "</tr>"
            for each in self.problems[:_SHOWN]
        )
        more = f", the first {_SHOWN}" if len(self) > _SHOWN else ""
        head = "".join(f"<th>{each}</th>" for each in ("code", "severity", "place", "message", "what to do"))
        verdict = "conforms" if self.conforms else "does not conform"
        noun = "problem" if len(self) == 1 else "problems"
        caption = f"{len(self):,} {noun}{more}: the data {verdict}"
        return f"<table><caption>{caption}</caption><tr>{head}</tr>{body}</table>"


#: How many problems the table for notebooks has.
_SHOWN = 50


def _cells(problem: Problem) -> tuple[str, ...]:
    return problem.code, problem.severity.value, str(problem.place), problem.message, problem.hint


def selected(report: Report, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Report:
    """The report with the problems of chosen codes alone.

    Args:
        report: the problems.
        select: codes, or beginnings of codes; all where there are none.
        ignore: codes, or beginnings of codes, that are left out.

    >>> from kbgraph.errors import TOP, Place
    >>> problem = Problem("KB301", Severity.VIOLATION, Place("a.md", TOP), "The article has no id.")
    >>> len(selected(Report((problem,)), ignore=["KB3"]))
    0
    """
    if not select and not ignore:
        return report
    chosen = {code for code in report.codes() if is_chosen(code, select, ignore)}
    return Report(tuple(each for each in report.problems if each.code in chosen), report.files)


def is_chosen(code: str, select: Sequence[str], ignore: Sequence[str]) -> bool:
    """Whether a code is selected and not ignored: what says it most exactly decides.

    >>> is_chosen("KB301", [], ["KB3"]), is_chosen("KB301", ["KB301"], ["KB3"])
    (False, True)
    """
    wanted = max((len(each) for each in select if code.startswith(each)), default=-1 if select else 0)
    unwanted = max((len(each) for each in ignore if code.startswith(each)), default=-1)
    return wanted > unwanted
