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
from kbgraph.inputs import key_of
from kbgraph.report.lines import visible
from kbgraph.report.value import Report
from kbgraph.terms import KBS, RDF, SH, XSD, Space, integer, literal
from kbgraph.validation import Result, result_triples

__all__ = ["to_turtle"]

_SEVERITIES = {Severity.VIOLATION: SH.Violation, Severity.WARNING: SH.Warning, Severity.INFO: SH.Info}
#: Related places of one result: two hundred articles with one sentence would come to forty thousand.
_MOST_RELATED = 20
#: A subject that is an IRI, and no literal or blank node of somebody's own shapes.
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+$")
#: What a result of the shapes and a problem have in common: focus node, severity, code or message.
_Key = tuple[str, str, str]


def to_turtle(report: Report, results: Iterable[Result], space: Space) -> bytes:
    """A `sh:ValidationReport` of the problems.

    Args:
        report: the problems.
        results: what the shapes found, for the path, the value and the constraint of each problem;
            in which of these several results for one problem differ, that is left out.
        space: the IRIs of the knowledge base.
    """
    codes = {each.shape: each.code for each in explanations().values() if each.shape}
    found: dict[_Key, list[Result]] = {}
    for result in results:
        key = result.focus.strip("<>"), result.severity, codes.get(result.shape, result.message)
        found.setdefault(key, []).append(result)
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
    digest = sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    node = NamedNode(f"{report.value}#{digest}")
    yield Triple(report, SH.result, node)
    yield from result_triples(node, _origin(problem, found, space))
    yield Triple(node, KBS.code, Literal(problem.code))
    if problem.hint:
        yield Triple(node, KBS.hint, Literal(visible(problem.hint)))
    yield from _place(node, problem)


def _origin(problem: Problem, found: Mapping[_Key, list[Result]], space: Space) -> Result:
    """The result of the shapes that a problem was made of, or one like it for what reading found."""
    severity = _SEVERITIES[problem.severity].value
    message = visible(problem.message)
    for what in (problem.code, problem.message):
        all_of_it = found.get((problem.subject, severity, what), [])
        same = [each for each in all_of_it if each.message == problem.message] or all_of_it
        if same:
            first = same[0]
            return first._replace(
                path=first.path if all(str(each.path) == str(first.path) for each in same) else None,
                value=first.value if all(each.value == first.value for each in same) else "",
                message=message,
            )
    reading = KBS.ReadingConstraintComponent.value
    return Result(str(_focus(problem, space)), None, "", reading, "", severity, message)


def _focus(problem: Problem, space: Space) -> NamedNode:
    """What the problem is about: its entity, else the article that the file is to be, else the dataset."""
    if _IRI.match(problem.subject):
        return NamedNode(problem.subject)
    return space.article(key_of(visible(problem.place.path))) if problem.place.path else space.dataset


def _place(node: NamedNode, problem: Problem) -> Iterator[Triple]:
    path, mark = problem.place
    if path:
        yield Triple(node, KBS.file, Literal(visible(path)))
        yield Triple(node, KBS.line, integer(mark.line))
        yield Triple(node, KBS.column, integer(mark.column))
        yield Triple(node, KBS.endLine, integer(mark.end_line))
        yield Triple(node, KBS.endColumn, integer(mark.end_column))
    for other in problem.related[:_MOST_RELATED]:
        yield Triple(node, KBS.alsoAt, Literal(visible(str(other))))
