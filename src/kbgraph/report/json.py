"""Problems as JSON, for programs: the file `report.json` of a build, too."""

from __future__ import annotations

import json

from kbgraph.errors import Place, Problem, Severity
from kbgraph.report.value import Report

__all__ = ["to_json"]


def to_json(report: Report) -> bytes:
    """All problems as JSON: the object `{"conforms", "counts", "problems": […]}`, each problem in a line of its own."""
    counts = {severity.value: report.count(severity) for severity in Severity}
    problems = ",\n".join(_dumped(_as_dict(problem)) for problem in report)
    text = f'{{"conforms": {_dumped(report.conforms)},\n"counts": {_dumped(counts)},\n"problems": [\n{problems}\n]}}\n'
    return text.encode("utf-8", "backslashreplace")


def _dumped(data: object) -> str:
    return json.dumps(data, ensure_ascii=False)  # with an indent, it would take ten times as long


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
