"""Problems as JSON, for programs: the file `report.json` of a build, too."""

from __future__ import annotations

import json

from kbgraph.errors import Place, Problem, Severity
from kbgraph.report.value import Report

__all__ = ["to_json"]


def to_json(report: Report) -> bytes:
    """All problems as JSON: the object `{"conforms", "counts", "problems": […]}`."""
    data = {
        "conforms": report.conforms,
        "counts": {severity.value: report.count(severity) for severity in Severity},
        "problems": [_as_dict(problem) for problem in report],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n"


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
