"""Problems as commands of GitHub's runner, which shows them in the lines of a pull request.

Source: GitHub's documentation, "Workflow commands for GitHub Actions". GitHub shows ten errors, ten
warnings and ten notices of each step.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kbgraph.errors import Problem, Severity
from kbgraph.report.lines import SourceLines, also_at
from kbgraph.report.value import Report

__all__ = ["to_github"]

_COMMANDS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def to_github(report: Report, root: Path) -> bytes:
    """A line for each problem; the worst first, since GitHub stops after a few.

    Args:
        report: the problems.
        root: the folder that paths are relative to, as the runner sees them.
    """
    lines = SourceLines(report.files)
    worst = sorted(report.problems, key=lambda each: each.severity.rank)
    return "".join(f"{_command(problem, lines, root)}\n" for problem in worst).encode("utf-8", "backslashreplace")


def _command(problem: Problem, lines: SourceLines, root: Path) -> str:
    properties = ",".join(f"{name}={_property(value)}" for name, value in _properties(problem, lines, root))
    also = also_at(problem, lambda path: lines.relative(path, root))
    words = " ".join(filter(None, (problem.message, also, problem.hint)))
    return f"::{_COMMANDS[problem.severity]} {properties}::{_escaped(words)}"


def _properties(problem: Problem, lines: SourceLines, root: Path) -> Iterator[tuple[str, str]]:
    path, mark = problem.place
    if path:
        yield "file", lines.relative(path, root)
        yield "line", str(mark.line)
        yield "endLine", str(mark.end_line)
        # Columns mean something within one line only.
        if mark.line == mark.end_line and mark.column != mark.end_column:
            yield "col", str(mark.column)
            yield "endColumn", str(mark.end_column)
    yield "title", f"kbgraph {problem.code}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
