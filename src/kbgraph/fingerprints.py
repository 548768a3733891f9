"""What makes a problem the same problem after its file was edited: one short text for each.

A fingerprint says what is wrong and with which words, and not in which line. Which problems a
project knows already is in `baseline`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from kbgraph.errors import Problem
from kbgraph.files import Input, read_bounded

if TYPE_CHECKING:
    from kbgraph.report import Report

__all__ = ["fingerprints"]

#: Characters of a fingerprint: 80 bits, for the problems of one file.
_LENGTH = 20
#: A message may name another line, which moves, or count other places, of which there may be more.
_NUMBER = re.compile(r"\bline \d+|\b[\d,]+ (?:other places?|articles|facts)\b")
_LONGEST_FILE = 64 * 1024 * 1024


def fingerprints(report: Report) -> list[str]:
    """A fingerprint for each problem of a report, in its order.

    It is made from the code, the message, the fact or entry by its name, and the text of the line,
    so that it stays when lines move. Together with the path it belongs to one problem: the second
    of equal ones ends in `:2`, the third in `:3`.

    >>> from kbgraph.errors import TOP, Place, Severity
    >>> from kbgraph.report import Report
    >>> twice = [Problem("KB505", Severity.INFO, Place("a.md", TOP), "No year.", subject=s) for s in ("u#_1", "u#_2")]
    >>> one, other = fingerprints(Report.of(twice, {}))
    >>> other == one + ":2"
    True
    """
    seen: Counter[tuple[str, str]] = Counter()
    made = []
    for problem, line in zip(report.problems, _lines_of(report.problems, report.files), strict=True):
        words = (problem.code, _NUMBER.sub("", problem.message), _name_of(problem.subject), line)
        digest = sha256("\0".join(words).encode("utf-8", "surrogateescape")).hexdigest()[:_LENGTH]
        key = problem.place.path, digest
        seen[key] += 1
        made.append(digest if seen[key] == 1 else f"{digest}:{seen[key]}")
    return made


def _name_of(subject: str) -> str:
    """The name that an author gave to an entry; those that we give, by position, begin with `_`."""
    name = subject.partition("#")[2]
    return "" if name.startswith("_") else name


def _lines_of(problems: tuple[Problem, ...], files: Mapping[str, Path | bytes]) -> Iterator[str]:
    """The text of the first line of each problem, without the space around it; each file is read once."""
    path, lines = "", [""]
    for problem in problems:
        place = problem.place
        if place.path != path:
            path, lines = place.path, _read_lines(place.path, files)
        yield lines[place.line - 1].strip() if place.line <= len(lines) else ""


def _read_lines(path: str, files: Mapping[str, Path | bytes]) -> list[str]:
    where = files.get(path)
    if where is None:
        return []
    each = Input(path, Path(), where) if isinstance(where, bytes) else Input(path, where)
    data = read_bounded(each, _LONGEST_FILE)
    if isinstance(data, Problem):
        return []
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
