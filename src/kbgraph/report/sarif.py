"""Problems as SARIF, which code scanning services and editors read.

Source: Static Analysis Results Interchange Format (SARIF) 2.1.0, OASIS Standard, 27 March 2020.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from kbgraph.errors import Mark, Place, Problem, Severity
from kbgraph.explanations import FORMS, Explanation, explanations
from kbgraph.fingerprints import fingerprints
from kbgraph.report.lines import SourceLines
from kbgraph.report.value import Report
from kbgraph.terms import problem_page
from kbgraph.version import VERSION

__all__ = ["to_sarif"]

_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
#: The name of the folder that paths are relative to (section 3.4.4).
_ROOT = "ROOT"

#: Related places of one result: two hundred articles with one sentence would come to forty thousand.
_MOST_RELATED = 20

_Json = dict[str, object]


def to_sarif(report: Report, root: Path, *, exit_code: int = 0) -> bytes:
    """A log with one run: all rules, and a result for each problem.

    Args:
        report: the problems.
        root: the folder that paths are relative to; what lies outside is named absolutely.
        exit_code: what the command is going to return.
    """
    rules = _rules(report)
    index = {each.code: place for place, each in enumerate(rules)}
    lines = SourceLines(report.files)
    results = [
        _result(problem, mark, index[problem.code], lines, root)
        for problem, mark in zip(report.problems, fingerprints(report), strict=True)
    ]
    run: _Json = {
        "tool": {"driver": _driver(rules)},
        "invocations": [{"executionSuccessful": True, "exitCode": exit_code}],
        "originalUriBaseIds": {
            _ROOT: {"uri": _file_uri(root) + "/", "description": {"text": "The folder in which kbgraph was run."}}
        },
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n"


def _rules(report: Report) -> list[Explanation]:
    """All rules of ours, and those of the project's own shapes that were broken."""
    others: dict[str, Explanation] = {}
    for each in report:
        if each.code not in explanations():
            title = f"A shape with the code {each.code} is not met."
            others.setdefault(each.code, Explanation(each.code, each.severity, title, each.hint))
    return [*explanations().values(), *others.values()]


def _driver(rules: Iterable[Explanation]) -> _Json:
    return {
        "name": "kbgraph",
        "version": VERSION,
        "semanticVersion": VERSION,
        "informationUri": problem_page(""),
        "rules": [_rule(each) for each in rules],
    }


def _rule(each: Explanation) -> _Json:
    text = " ".join(part for part in (each.means, each.why, each.hint) if part)
    made: _Json = {
        "id": each.code,
        "shortDescription": {"text": each.title},
        "fullDescription": {"text": each.means or each.title},
        "help": {"text": text or each.title, "markdown": _markdown(each)},
        "helpUri": problem_page(each.code),
        "defaultConfiguration": {"level": _LEVELS[each.severity]},
        "properties": {"tags": [each.group]},
    }
    if each.name:
        made["name"] = each.name
    return made


def _markdown(each: Explanation) -> str:
    parts = [part for part in (each.means, each.why, each.hint) if part]
    for title, example in (("Wrong", each.wrong), ("Right", each.right)):
        if example:
            parts.append(f"**{title}** ({FORMS[each.form].lower()}):\n\n```\n{example.rstrip()}\n```")
    return "\n\n".join(parts) or each.title


def _result(problem: Problem, fingerprint: str, index: int, lines: SourceLines, root: Path) -> _Json:
    location: _Json = {"physicalLocation": _physical(problem.place, lines, root)}
    if problem.subject:
        location["logicalLocations"] = [{"fullyQualifiedName": problem.subject}]
    made: _Json = {
        "ruleId": problem.code,
        "ruleIndex": index,
        "level": _LEVELS[problem.severity],
        "message": {"text": _message(f"{problem.message} {problem.hint}".strip())},
        "locations": [location],
        "partialFingerprints": {"kbgraph/v1": fingerprint},
    }
    if problem.related:
        made["relatedLocations"] = [
            {"id": number, "physicalLocation": _physical(place, lines, root), "message": {"text": "Here, too."}}
            for number, place in enumerate(problem.related[:_MOST_RELATED], start=1)
        ]
    return made


def _message(text: str) -> str:
    """A text in which nothing is a placeholder (section 3.11.5) or a link (3.11.6)."""
    text = text.replace("{", "{{").replace("}", "}}")
    return re.sub(r"\[(?=[^\]]*\]\()", r"\\[", text)


def _physical(place: Place, lines: SourceLines, root: Path) -> _Json:
    """The place in its file; what concerns the whole dataset is in the folder itself."""
    if not place.path:
        return {"artifactLocation": {"uri": "./", "uriBaseId": _ROOT}}
    path = lines.relative(place.path, root)
    if Path(path).is_absolute():
        return {"artifactLocation": {"uri": _file_uri(Path(path))}, "region": _region(place.mark)}
    return {"artifactLocation": {"uri": _uri_path(path), "uriBaseId": _ROOT}, "region": _region(place.mark)}


def _region(mark: Mark) -> dict[str, int]:
    return {
        "startLine": mark.line,
        "startColumn": mark.column,
        "endLine": mark.end_line,
        "endColumn": mark.end_column,
    }


def _uri_path(path: str) -> str:
    """A relative path as a URI reference; a colon in its first step would be read as a scheme's."""
    return quote(path, safe="/", errors="surrogateescape")


def _file_uri(path: Path) -> str:
    return "file://" + quote("/" + path.as_posix().strip("/"), safe="/:", errors="surrogateescape").rstrip("/")
