"""Problems as the test results that every build server reads: JUnit's XML.

Source: the schema junit-10.xsd of Jenkins' xUnit plugin. There is no standard; that is the common one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

from kbgraph.errors import Problem, Severity
from kbgraph.report.lines import SourceLines, also_at, visible
from kbgraph.report.value import Report

__all__ = ["to_junit"]


def to_junit(report: Report, level: Severity) -> bytes:
    """One suite for each file, in it one test for each problem, or one that passes where there is none.

    Args:
        report: the problems.
        level: a problem that is as bad as this is a test that fails; any other passes, and says it.
    """
    lines = SourceLines(report.files)
    found = {path: list(group) for path, group in groupby(report.problems, key=lambda each: each.place.path)}
    suites = [
        _suite(lines.location(path) if path else "the whole dataset", found.get(path, ()), level, lines)
        for path in sorted({*report.files, *found})
    ]
    tests, failures = (str(sum(int(suite.attrib[name]) for suite in suites)) for name in ("tests", "failures"))
    root = ET.Element("testsuites", name="kbgraph", tests=tests, failures=failures, errors="0")
    root.extend(suites)
    ET.indent(root, " ")
    made: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return made + b"\n"


def _suite(name: str, problems: Sequence[Problem], level: Severity, lines: SourceLines) -> ET.Element:
    failing = sum(each.severity.rank <= level.rank for each in problems)
    suite = ET.Element(
        "testsuite", name=name, tests=str(max(1, len(problems))), failures=str(failing), errors="0", skipped="0"
    )
    for problem in problems:
        where = f"{problem.place.line}:{problem.place.column}"
        case = ET.SubElement(suite, "testcase", name=f"{problem.code} at {where}", classname=name)
        also = also_at(problem, lines.location)
        said = visible(" ".join(filter(None, (problem.message, also, problem.hint))))
        if problem.severity.rank <= level.rank:
            failure = ET.SubElement(case, "failure", type=problem.code, message=visible(problem.message))
            failure.text = f"{name}:{where}: {problem.severity.value} {problem.code}: {said}"
        else:
            ET.SubElement(case, "system-out").text = f"{problem.severity.value} {problem.code}: {said}"
    if not problems:
        ET.SubElement(suite, "testcase", name="no problems", classname=name)
    return suite
