"""SHACL's own forms: property paths, results, and the validation report as Turtle.

Source: SHACL, W3C Recommendation 20 July 2017, sections 2.3.1 and 3.6.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache, partial
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kbgraph.export.rdf import declarations, turtle_body
from kbgraph.parts import Chunk, Piece
from kbgraph.terms import PREFIXES, RDF, SH, XSD, Space, literal

__all__ = ["Result", "ShaclPath", "path_of", "result_triples", "write_report"]


class ShaclPath(NamedTuple):
    """A property path: an IRI, or an operator over other paths.

    `operator` is the SHACL property that says it (`inversePath`, `zeroOrMorePath` …),
    `sequence` for a list, or "" for an IRI.
    """

    operator: str
    parts: tuple[ShaclPath, ...] = ()
    iri: str = ""

    @property
    def first_step(self) -> str:
        """The IRI of the property that the path begins with."""
        return self.iri or (self.parts[0].first_step if self.parts else "")

    def __str__(self) -> str:
        """The path in SPARQL's syntax."""
        if self.iri:
            return f"<{self.iri}>"
        inner = [str(part) for part in self.parts]
        if self.operator == "sequence":
            return "/".join(inner)
        if self.operator == "alternativePath":
            return f"({'|'.join(inner)})"
        if self.operator == "inversePath":
            return f"^{inner[0]}"
        return f"({inner[0]}){_SIGNS[self.operator]}"


_SIGNS = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
_OPERATOR_OF = {sign: operator for operator, sign in _SIGNS.items()}


@cache
def path_of(text: str) -> ShaclPath:
    """A path read from SPARQL's syntax, with all IRIs in full.

    Source: SPARQL 1.1, section 9.1: `^` holds less than `*`, `+` and `?`, but more than `/`, and
    that more than `|`.

    >>> str(path_of("(^<a:b>)*/<a:c>"))
    '(^<a:b>)*/<a:c>'
    """
    tokens = re.findall(r"<[^>]*>|[()^/|*+?]", text)
    tokens.reverse()
    path = _alternatives(tokens)
    if tokens:
        raise ValueError(f"not a property path: {text}")
    return path


def _alternatives(tokens: list[str]) -> ShaclPath:
    """The path that the tokens begin with; they are in reverse, and used up."""
    parts = [_sequence(tokens)]
    while tokens and tokens[-1] == "|":
        tokens.pop()
        parts.append(_sequence(tokens))
    return parts[0] if len(parts) == 1 else ShaclPath("alternativePath", tuple(parts))


def _sequence(tokens: list[str]) -> ShaclPath:
    parts = [_step(tokens)]
    while tokens and tokens[-1] == "/":
        tokens.pop()
        parts.append(_step(tokens))
    return parts[0] if len(parts) == 1 else ShaclPath("sequence", tuple(parts))


def _step(tokens: list[str]) -> ShaclPath:
    head = tokens.pop() if tokens else ""
    if head == "^":
        return ShaclPath("inversePath", (_step(tokens),))
    if head == "(":
        path = _alternatives(tokens)
        if not tokens or tokens.pop() != ")":
            raise ValueError("not a property path: a parenthesis is open")
    elif head.startswith("<"):
        path = ShaclPath("", iri=head[1:-1])
    else:
        raise ValueError(f"not a property path: it has {head!r} where an IRI belongs")
    while tokens and tokens[-1] in _OPERATOR_OF:
        path = ShaclPath(_OPERATOR_OF[tokens.pop()], (path,))
    return path


class Result(NamedTuple):
    """One `sh:ValidationResult`. Focus node and value are in N-Triples syntax, the rest are IRIs.

    `shape` is empty where the shape has no IRI. Results of one shape and `group` belong together;
    `stated` is what each of them says that others may say otherwise.
    """

    focus: str
    path: ShaclPath | None
    value: str
    component: str
    shape: str
    severity: str
    message: str
    group: str = ""
    stated: str = ""

    @property
    def sort_key(self) -> tuple[str, ...]:
        """The same order on every run."""
        return (self.focus, str(self.path or ""), self.value, self.shape, self.component, self.message)


def write_report(results: Iterable[Result], space: Space) -> Iterator[Chunk]:
    """The results as a `sh:ValidationReport` in Turtle, without blank nodes, each a piece of its own."""
    report = NamedNode(space.base + "report")
    named = {f"{report.value}#{_digest_of(each)}": each for each in sorted(results, key=lambda each: each.sort_key)}
    conforms = literal("false" if named else "true", XSD.boolean)
    yield declarations(prefix.encode() for prefix in PREFIXES)
    yield turtle_body([Triple(report, RDF.type, SH.ValidationReport), Triple(report, SH.conforms, conforms)])
    for name, result in named.items():
        yield Piece(f"result/{name}", partial(_result, report, NamedNode(name), result))


def _digest_of(result: Result) -> str:
    return hashlib.sha256("\n".join(result.sort_key).encode()).hexdigest()[:16]


def _result(report: NamedNode, node: NamedNode, result: Result) -> bytes:
    return turtle_body([Triple(report, SH.result, node), *result_triples(node, result)])


def result_triples(node: NamedNode, result: Result) -> Iterator[Triple]:
    """What SHACL says of one result, about the node that stands for it."""
    yield Triple(node, RDF.type, SH.ValidationResult)
    yield Triple(node, SH.focusNode, _term(result.focus))
    if result.path is not None:
        yield from _path(node, SH.resultPath, result.path, f"{node.value}-path")
    if result.value:
        yield Triple(node, SH.value, _term(result.value))
    yield Triple(node, SH.sourceConstraintComponent, NamedNode(result.component))
    if result.shape:
        yield Triple(node, SH.sourceShape, NamedNode(result.shape))
    yield Triple(node, SH.resultSeverity, NamedNode(result.severity))
    if result.message:
        yield Triple(node, SH.resultMessage, Literal(result.message))


def _path(owner: NamedNode, predicate: NamedNode, path: ShaclPath, name: str) -> Iterator[Triple]:
    """A path as RDF; its nodes have IRIs below that of the result."""
    if path.iri:
        yield Triple(owner, predicate, NamedNode(path.iri))
        return
    if path.operator == "sequence":
        yield from _list(owner, predicate, path.parts, name)
        return
    node = NamedNode(name)
    yield Triple(owner, predicate, node)
    if path.operator == "alternativePath":
        yield from _list(node, SH.alternativePath, path.parts, f"{name}-any")
    else:
        yield from _path(node, SH[path.operator], path.parts[0], f"{name}-inner")


def _list(owner: NamedNode, predicate: NamedNode, parts: tuple[ShaclPath, ...], name: str) -> Iterator[Triple]:
    for place, part in enumerate(parts, start=1):
        node = NamedNode(f"{name}-{place}")
        yield Triple(owner, predicate, node)
        yield from _path(node, RDF.first, part, f"{node.value}-step")
        owner, predicate = node, RDF.rest
    yield Triple(owner, predicate, RDF.nil)


def _term(text: str) -> NamedNode | Literal:
    """The term of a text in N-Triples syntax; a blank node of somebody's data gets a name."""
    if text.startswith("_:"):
        return NamedNode(f"urn:blank:{text[2:]}")
    quad = next(iter(parse(f"<a:> <a:> {text} .", format=RdfFormat.N_TRIPLES)))
    term = quad.object
    if not isinstance(term, NamedNode | Literal):
        raise TypeError(f"not a term of a result: {text}")
    return term
