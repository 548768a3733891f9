"""Runs the shapes over a graph.

SHACL core constraints are run piece by piece by one of the `engines`: none that we ship looks beyond
one article's graph and the vocabulary, so pieces can be checked in parallel and the results are
those of the whole. SPARQL constraints see the union; each is one query over all its targets in
Oxigraph, where pySHACL would ask once for every focus node. Shapes of the user's own may look
anywhere: pySHACL runs them over the union.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from functools import cache

import pyoxigraph as ox

from kbgraph.engines import fast_results, pyshacl_results
from kbgraph.errors import TOP, Place, Problem, Severity
from kbgraph.graph import serialized
from kbgraph.groups import Groups, Member, compared
from kbgraph.places import PlaceTable
from kbgraph.shapes import Query, Shapes
from kbgraph.terms import RDF, SH
from kbgraph.validation import Result, ShaclPath
from kbgraph.vocabulary import vocabulary

__all__ = ["core_results", "plain_results", "problems_of", "query_results", "shacl_results"]


def core_results(lines: bytes, shapes: Shapes) -> list[Result]:
    """The results of the core constraints over a piece of the dataset, in N-Quads, and the vocabulary."""
    fast = fast_results(_vocabulary_lines(shapes) + lines, shapes)
    if fast is not None:
        return fast
    from kbgraph.interop import to_rdflib_graph

    seen = shapes.predicates
    quads = ox.parse(_vocabulary_lines(shapes) + lines, format=ox.RdfFormat.N_QUADS)
    statements = [quad for quad in quads if quad.predicate.value in seen]
    return pyshacl_results(to_rdflib_graph(statements), to_rdflib_graph(shapes.core), shapes.files)


@cache
def _vocabulary_lines(shapes: Shapes) -> bytes:
    """The statements of the vocabulary that a core constraint can see."""
    seen = shapes.predicates
    return serialized([quad for quad in vocabulary().quads if quad.predicate.value in seen], ox.RdfFormat.N_QUADS)


def shacl_results(triples: Iterable[ox.Triple], shapes: Shapes) -> list[Result]:
    """All results of all constraints, by pySHACL over the union: slow, and the measure of the rest.

    Raises:
        WorldError: the shapes are not well-formed.
    """
    from kbgraph.interop import to_rdflib_graph

    return pyshacl_results(to_rdflib_graph(triples), to_rdflib_graph(shapes.triples), shapes.files)


def plain_results(triples: Iterable[ox.Triple], store: ox.Store, shapes: Shapes) -> list[Result]:
    """All results of all constraints, by pySHACL over the union, each with the words for its group.

    What a group states is nothing that SHACL reports: that alone comes from `query_results`.

    Raises:
        WorldError: the shapes are not well-formed.
    """
    across = [query for query in shapes.queries if query.across]
    told = {each[:_PLAIN]: each for each in query_results(store, shapes, across)}
    return [told.get(each[:_PLAIN], each) for each in shacl_results(triples, shapes)]


#: The fields of a result that say which it is: all before its message.
_PLAIN = Result._fields.index("message")


def query_results(store: ox.Store, shapes: Shapes, queries: Iterable[Query]) -> Iterator[Result]:
    """The results of some SPARQL constraints of the shapes over the union of all graphs."""
    severities = {Severity.VIOLATION: SH.Violation, Severity.WARNING: SH.Warning, Severity.INFO: SH.Info}
    for query in queries:
        focus_nodes = _focus_nodes(store, query)
        severity = severities[shapes.rules[query.shape].severity].value
        found = store.query(query.select, use_default_graph_as_union=True)
        assert isinstance(found, ox.QuerySolutions)  # a SELECT gives nothing else
        names = [variable.value for variable in found.variables]
        rule = shapes.rules[query.shape]
        members: list[Member] = []
        for solution in found:
            row = {name: term for name in names if (term := solution[name]) is not None}
            if row["this"] not in focus_nodes:
                continue
            result = _result_of(row, query, severity)
            if rule.grouped:
                members.append(_member_of(result, row))
            else:
                yield result
        yield from compared(members, rule)


_Row = dict[str, ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple]


def _result_of(row: _Row, query: Query, severity: str) -> Result:
    path = row.get("path")
    return Result(
        focus=str(row["this"]),
        path=ShaclPath("", iri=path.value) if isinstance(path, ox.NamedNode) else None,
        value=str(row.get("value", row["this"])),
        component=SH.SPARQLConstraintComponent.value,
        shape=query.shape,
        severity=severity,
        message=_filled(query.message, row),
    )


def _member_of(result: Result, row: _Row) -> Member:
    """A result as a member of its group: by the query's `?group`, `?stated` and `?words`, if it has them."""

    def text(*names: str) -> str:
        term = next((row[name] for name in names if name in row), None)
        return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""

    return Member(result, text("group", "value"), text("stated"), " ".join(text("words", "value").split()))


def _focus_nodes(store: ox.Store, query: Query) -> set[object]:
    nodes: set[object] = set()
    for iri in query.target_classes:
        nodes.update(quad.subject for quad in store.quads_for_pattern(None, RDF.type, ox.NamedNode(iri), None))
    for iri in query.target_objects_of:
        nodes.update(quad.object for quad in store.quads_for_pattern(None, ox.NamedNode(iri), None, None))
    return nodes


def _filled(message: str, row: _Row) -> str:
    """The message with `{?name}` replaced by what the query bound (SHACL, 5.3.2)."""

    def value(found: re.Match[str]) -> str:
        term = row.get(found[1])
        return term.value if isinstance(term, ox.NamedNode | ox.Literal) else found[0]

    return re.sub(r"\{[?$](\w+)\}", value, message)


_SEVERITY_OF = {
    SH.Violation.value: Severity.VIOLATION,
    SH.Warning.value: Severity.WARNING,
    SH.Info.value: Severity.INFO,
}


def problems_of(
    results: Iterable[Result],
    shapes: Iterable[Shapes],
    places: PlaceTable,
    store: Callable[[], ox.Store],
    refused: Container[Place] = frozenset(),
) -> list[Problem]:
    """The results as problems at their places in the articles.

    A result about something that no article wrote alone, such as a work, is shown where an article
    first refers to it, which `store` tells if it is asked. Results of a `grouped` shape name the
    places of the others of their group. At the places `refused`, reading has said already why there
    is no value: that it is missing is not said again.
    """
    rules = {iri: rule for each in shapes for iri, rule in each.rules.items()}
    results = list(results)
    # The places of an article are read once, if they are asked for one after the other.
    place_of = {each: _place_of(each, places, store) for each in sorted(set(results), key=lambda each: each.focus)}
    placed = [(result, place_of[result]) for result in results]
    groups = Groups(placed, rules)
    problems = []
    for result, place in placed:
        if result.component == SH.MinCountConstraintComponent.value and place in refused:
            continue
        if groups.agrees(result):
            continue
        rule = rules.get(result.shape)
        problems.append(
            Problem(
                code=rule.code if rule else "KB900",
                severity=_SEVERITY_OF.get(result.severity, Severity.VIOLATION),
                place=place,
                message=result.message or (rule.message if rule else "A shape is not met."),
                hint=rule.hint if rule else "",
                related=groups.related(result, place),
                subject=result.focus.strip("<>"),
            )
        )
    return problems


def _place_of(result: Result, places: PlaceTable, store: Callable[[], ox.Store]) -> Place:
    focus = result.focus.strip("<>")
    first_step = result.path.first_step if result.path else ""
    place = places.find(focus, first_step, result.value.strip("<>"))
    if place is not None or not result.focus.startswith("<"):
        return place or Place("", TOP)
    mentioned = [
        found
        for quad in store().quads_for_pattern(None, None, ox.NamedNode(focus), None)
        if isinstance(quad.subject, ox.NamedNode)
        and (found := places.find(quad.subject.value, quad.predicate.value)) is not None
    ]
    return min(mentioned, default=Place("", TOP))
