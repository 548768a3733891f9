"""Problems as SHACL's own validation report, each result with its place, in Turtle.

What the shapes find and what reading finds stand side by side: a result of reading has the article
as its focus node. There are no blank nodes. Source: SHACL, W3C Recommendation 20 July 2017, 3.6.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from kbgraph.errors import Problem, Severity
from kbgraph.explanations import explanations
from kbgraph.export.rdf import write_pretty
from kbgraph.files import key_of
from kbgraph.report.lines import visible
from kbgraph.report.value import Report
from kbgraph.terms import KBS, RDF, SH, XSD, Space, integer, literal
from kbgraph.validation import Result, result_triples

__all__ = ["to_turtle"]

_SEVERITIES = {Severity.VIOLATION: SH.Violation, Severity.WARNING: SH.Warning, Severity.INFO: SH.Info}
#: A subject that is an IRI, and no literal or blank node of somebody's own shapes.
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+$")
#: What a result of the shapes and a problem have in common: focus node, severity, message.
_Key = tuple[str, str, str]


def to_turtle(report: Report, results: Iterable[Result], space: Space) -> bytes:
    """A `sh:ValidationReport` of the problems.

    Args:
        report: the problems.
        results: what the shapes found, for the path, the value and the constraint of each problem;
            where two results differ in nothing else, neither is given these.
        space: the IRIs of the knowledge base.
    """
    found: dict[_Key, list[Result]] = {}
    for result in results:
        found.setdefault((result.focus.strip("<>"), result.severity, result.message), []).append(result)
    node = NamedNode(space.base + "report")
    triples = [
        Triple(node, RDF.type, SH.ValidationReport),
        Triple(node, SH.conforms, literal("false" if report.problems else "true", XSD.boolean)),
    ]
    for problem in report:
        triples += _result(node, problem, found, space)
    return write_pretty(dict.fromkeys(triples), RdfFormat.TURTLE)


def _result(report: NamedNode, problem: Problem, found: Mapping[_Key, list[Result]], space: Space) -> Iterator[Triple]:
    words = (problem.code, *map(str, (problem.place.path, *problem.place.mark)), problem.message, problem.subject)
    digest = sha256("\0".join(words).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    node = NamedNode(f"{report.value}#{digest}")
    yield Triple(report, SH.result, node)
    severity = _SEVERITIES[problem.severity]
    origins = found.get((problem.subject, severity.value, problem.message), [])
    if len(origins) == 1:
        yield from result_triples(node, origins[0])
    else:
        yield from _bare(node, problem, origins, space)
    yield Triple(node, KBS.code, Literal(problem.code))
    if problem.hint:
        yield Triple(node, KBS.hint, Literal(visible(problem.hint)))
    yield from _place(node, problem)


def _bare(node: NamedNode, problem: Problem, origins: list[Result], space: Space) -> Iterator[Triple]:
    """A result that reading found, or one of several of the shapes that cannot be told apart."""
    components = {each.component for each in origins}
    component = NamedNode(components.pop()) if len(components) == 1 else KBS.ReadingConstraintComponent
    yield Triple(node, RDF.type, SH.ValidationResult)
    yield Triple(node, SH.focusNode, _focus(problem, space))
    yield Triple(node, SH.sourceConstraintComponent, component)
    explained = explanations().get(problem.code)
    if origins and explained is not None and explained.shape:
        yield Triple(node, SH.sourceShape, NamedNode(explained.shape))
    yield Triple(node, SH.resultSeverity, _SEVERITIES[problem.severity])
    yield Triple(node, SH.resultMessage, Literal(visible(problem.message)))


def _focus(problem: Problem, space: Space) -> NamedNode:
    """What the problem is about: its entity, else the article that the file is to be, else the dataset."""
    if _IRI.match(problem.subject):
        return NamedNode(problem.subject)
    return space.article(key_of(problem.place.path)) if problem.place.path else space.dataset


def _place(node: NamedNode, problem: Problem) -> Iterator[Triple]:
    path, mark = problem.place
    if path:
        yield Triple(node, KBS.file, Literal(visible(path)))
        yield Triple(node, KBS.line, integer(mark.line))
        yield Triple(node, KBS.column, integer(mark.column))
        yield Triple(node, KBS.endLine, integer(mark.end_line))
        yield Triple(node, KBS.endColumn, integer(mark.end_column))
    for other in problem.related:
        yield Triple(node, KBS.alsoAt, Literal(visible(str(other))))
