"""What makes a problem the same problem after its file was edited: one short text for each.

A fingerprint says what is wrong and with which words, and not in which line. Which problems a
project knows already is in `baseline`.
"""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256

from kbgraph.report.lines import SourceLines
from kbgraph.report.value import Report

__all__ = ["fingerprints"]

#: Characters of a fingerprint: 80 bits, for the problems of one file.
_LENGTH = 20
#: A message may name another line, which moves, or count other places, of which there may be more.
_NUMBER = re.compile(r"\bline \d+|\b[\d,]+ (?:other places?|articles|facts)\b")


def fingerprints(report: Report) -> list[str]:
    """A fingerprint for each problem of a report, in its order.

    It is made from the code, the message, the fact or entry by its name, and the text of the line,
    so that it stays when lines move. Together with the path it belongs to one problem: the second
    of equal ones ends in `:2`, the third in `:3`.

    >>> from kbgraph.errors import TOP, Place, Problem, Severity
    >>> twice = [Problem("KB505", Severity.INFO, Place("a.md", TOP), "No year.", subject=s) for s in ("u#_1", "u#_2")]
    >>> one, other = fingerprints(Report.of(twice, {}))
    >>> other == one + ":2"
    True
    """
    seen: Counter[tuple[str, str]] = Counter()
    made = []
    lines = SourceLines(report.files)
    for problem in report.problems:
        line = (lines.line(problem.place) or "").strip()
        words = (problem.code, _NUMBER.sub("", problem.message), _name_of(problem.subject), line)
        digest = sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]
        key = problem.place.path, digest
        seen[key] += 1
        made.append(digest if seen[key] == 1 else f"{digest}:{seen[key]}")
    return made


def _name_of(subject: str) -> str:
    """The name that an author gave to an entry; those that we give, by position, begin with `_`."""
    name = subject.partition("#")[2]
    return "" if name.startswith("_") else name
