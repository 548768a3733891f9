"""Whether two pipelines say the same: the same quads by value, the same SHACL results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

__all__ = ["Outcome", "differing_quads", "differing_results"]

_SH = "http://www.w3.org/ns/shacl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_FORMATS = {
    ".nq": RdfFormat.N_QUADS,
    ".nt": RdfFormat.N_TRIPLES,
    ".trig": RdfFormat.TRIG,
    ".ttl": RdfFormat.TURTLE,
    ".jsonld": RdfFormat.JSON_LD,
}

#: Focus node, path, value, component and severity of a validation result.
Outcome = tuple[str, str, str, str, str]
_Node = NamedNode | BlankNode | Literal | Triple
_About = Mapping[str, list[_Node]]


def differing_quads(one: Path, other: Path) -> tuple[set[Quad], set[Quad]]:
    """The quads that only one of two files has, by value.

    A graph without an IRI is the default graph: rdflib's JSON-LD gives that a blank node.
    """
    first, second = _quads(one), _quads(other)
    return first - second, second - first


def _quads(path: Path) -> set[Quad]:
    store = Store()  # which makes one literal of each value
    store.bulk_load(path=str(path), format=_FORMATS[path.suffix])
    return {each if isinstance(each.graph_name, NamedNode) else Quad(*each.triple) for each in store}


def differing_results(one: Path, other: Path) -> tuple[Counter[Outcome], Counter[Outcome]]:
    """The results that only one of two validation reports has."""
    first, second = _outcomes(one), _outcomes(other)
    return first - second, second - first


def _outcomes(path: Path) -> Counter[Outcome]:
    about: dict[str, dict[str, list[_Node]]] = {}
    for quad in parse(path=str(path), format=_FORMATS[path.suffix]):
        about.setdefault(str(quad.subject), {}).setdefault(quad.predicate.value, []).append(quad.object)
    # By way of the report, since the details of a result are results, too.
    results = [about[str(each)] for of in about.values() for each in of.get(_SH + "result", ())]
    return Counter(_outcome(result, about) for result in results)


def _outcome(result: _About, about: Mapping[str, _About]) -> Outcome:
    def text(name: str) -> str:
        return "".join(map(str, result.get(_SH + name, ())))

    path = "".join(_path(each, about) for each in result.get(_SH + "resultPath", ()))
    return text("focusNode"), path, text("value"), text("sourceConstraintComponent"), text("resultSeverity")


def _path(node: _Node, about: Mapping[str, _About]) -> str:
    """A property path in one text: its IRI, or what is said of its node."""
    found = about.get(str(node))
    if found is None:
        return str(node)
    return f"[{' '.join(_said(found, about))}]"


def _said(found: _About, about: Mapping[str, _About]) -> Iterable[str]:
    for name in sorted(found):
        for value in found[name]:
            yield f"{name.removeprefix(_SH).removeprefix(_RDF)} {_path(value, about)}"
