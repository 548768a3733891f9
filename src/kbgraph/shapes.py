"""The shapes: what they check, and what a writer hears of it.

A shape's code, message and hint are in its Turtle file. Constraints are taken apart here by the
way in which `check` runs them: core constraints by an engine, SPARQL constraints as one query each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from kbgraph.errors import Severity, WorldError
from kbgraph.resources import resource_folder
from kbgraph.terms import KBS, RDF, SH, curie_of

__all__ = ["Query", "ShapeRule", "Shapes", "read_shapes", "shipped_shapes"]

_SEVERITIES = {SH.Violation: Severity.VIOLATION, SH.Warning: Severity.WARNING, SH.Info: Severity.INFO}
#: Properties of a shape that are not core constraints.
_SPARQL = {SH.sparql, SH.select, SH.prefixes}


class ShapeRule(NamedTuple):
    """What a shape says where it is not met.

    `grouped` results belong together: by what the query calls `?group`, else by their value. Of a
    group, `comparison` tells what the others state; where a `majority` counts, what more than half
    of the group state is no problem.
    """

    shape: str
    code: str
    severity: Severity
    message: str
    hint: str
    grouped: bool = False
    comparison: str = ""
    majority: bool = False


class Query(NamedTuple):
    """A SPARQL constraint: the shape it belongs to, its targets, and the query for all of them.

    It looks `across` articles where one article's graph and the vocabulary do not decide it; such a query
    may compare single `works`, or `statements`, with each other: they are its groups.
    """

    shape: str
    constraint: str
    target_classes: tuple[str, ...]
    target_objects_of: tuple[str, ...]
    message: str
    select: str
    across: bool
    compares: str


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """Shapes, ready to be run.

    `files` are the Turtle files that they were read from. `core` are the triples without SPARQL
    constraints; `predicates` are all IRIs that they name: a core constraint cannot see statements
    of any other predicate.
    """

    files: tuple[str, ...]
    triples: tuple[ox.Triple, ...]
    core: tuple[ox.Triple, ...]
    predicates: frozenset[str]
    queries: tuple[Query, ...]
    rules: dict[str, ShapeRule]


@cache
def shipped_shapes() -> Shapes:
    """The shapes that come with kbgraph."""
    folder = resource_folder("shapes")
    return read_shapes([folder / name for name in ("kbgraph.ttl", "violation.ttl", "warning.ttl", "info.ttl")])


def read_shapes(paths: Iterable[Path]) -> Shapes:
    """Shapes from Turtle files.

    Raises:
        WorldError: a file cannot be read or is not Turtle.
    """
    files = [Path(path) for path in paths]
    triples: list[ox.Triple] = []
    for path in files:
        if path.exists() and not path.is_file():  # a pipe would be waited for, a device read without end
            raise WorldError(f"{path}: the shapes cannot be read: this is not a regular file")
        try:
            quads = list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True))
        except (SyntaxError, ValueError) as error:
            raise WorldError(f"{path}: these shapes are not valid Turtle: {error}") from None
        except OSError as error:
            raise WorldError(f"{path}: the shapes cannot be read: {error.strerror or error}") from None
        for quad in quads:
            if isinstance(quad.subject, ox.Triple) or isinstance(quad.object, ox.Triple):
                raise WorldError(f"{path}: the shapes cannot be run: SHACL knows no triple terms")
            if isinstance(quad.object, ox.Literal) and _REMOTE.search(quad.object.value):
                raise WorldError(f"{path}: the shapes cannot be run: a query with SERVICE would reach the network")
            if quad.predicate in _ADVANCED:
                name = curie_of(quad.predicate.value)
                raise WorldError(f"{path}: the shapes cannot be run: {name} is not supported")
            triples.append(quad.triple)
    return _taken_apart(triples, tuple(map(str, files)))


#: SHACL Advanced Features, which would be passed over in silence.
_ADVANCED = {SH.rule, SH.target, SH.js, SH.expression}
#: A federated query (SPARQL 1.1 Federated Query, 2.1), which nothing that checks articles needs.
_REMOTE = re.compile(r"\bSERVICE\s+(?:SILENT\s+)?(?:<|[?$]\w|[\w-]*:)", re.IGNORECASE)


def _taken_apart(triples: list[ox.Triple], files: tuple[str, ...]) -> Shapes:
    of: dict[object, dict[ox.NamedNode, list[object]]] = {}
    for triple in triples:
        of.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)
    prefixes = {
        _text(of[declared].get(SH["prefix"])): _text(of[declared].get(SH.namespace))
        for about in of.values()
        for declared in about.get(SH.declare, ())
    }
    constraints = {constraint for about in of.values() for constraint in about.get(SH.sparql, ())}
    core = tuple(each for each in triples if each.subject not in constraints and each.predicate not in _SPARQL)
    queries = [
        _query(subject, about, constraint, of[constraint], prefixes)
        for subject, about in of.items()
        for constraint in about.get(SH.sparql, ())
    ]
    rules = {rule.shape: rule for subject, about in of.items() if (rule := _rule(subject, about, of)) is not None}
    named = {each.object.value for each in core if isinstance(each.object, ox.NamedNode)}
    named |= {RDF.type.value, "http://www.w3.org/2000/01/rdf-schema#subClassOf"}
    return Shapes(
        files, tuple(triples), core, frozenset(named), tuple(sorted(queries, key=lambda each: each.shape)), rules
    )


def _text(values: list[object] | None) -> str:
    value = values[0] if values else None
    return value.value if isinstance(value, ox.Literal | ox.NamedNode) else ""


def _rule(
    subject: object, about: dict[ox.NamedNode, list[object]], of: dict[object, dict[ox.NamedNode, list[object]]]
) -> ShapeRule | None:
    code = _text(about.get(KBS.code))
    if not code or not isinstance(subject, ox.NamedNode):
        return None
    message = _text(about.get(SH.message))
    for constraint in about.get(SH.sparql, ()):
        message = message or _text(of[constraint].get(SH.message))
    severity = about.get(SH.severity, [SH.Violation])[0]
    kind = _SEVERITIES.get(severity, Severity.VIOLATION) if isinstance(severity, ox.NamedNode) else Severity.VIOLATION
    return ShapeRule(
        shape=subject.value,
        code=code,
        severity=kind,
        message=message,
        hint=_text(about.get(KBS.hint)),
        grouped=_text(about.get(KBS.grouped)) == "true",
        comparison=_text(about.get(KBS.comparison)),
        majority=_text(about.get(KBS.majority)) == "true",
    )


def _query(
    subject: object,
    about: dict[ox.NamedNode, list[object]],
    constraint: object,
    details: dict[ox.NamedNode, list[object]],
    prefixes: dict[str, str],
) -> Query:
    head = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in sorted(prefixes.items()))
    # `$1` is no variable, but what REPLACE puts for a group of its pattern.
    select = re.sub(r"\$(?=[^\W\d])", "?", _text(details.get(SH.select)))
    return Query(
        shape=_iri(subject),
        constraint=_iri(constraint),
        target_classes=tuple(_iri(each) for each in about.get(SH.targetClass, ())),
        target_objects_of=tuple(_iri(each) for each in about.get(SH.targetObjectsOf, ())),
        message=_text(details.get(SH.message)),
        select=head + select,
        across=_text(about.get(KBS.grouped)) == "true",
        compares=_text(about.get(KBS.compares)),
    )


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)
