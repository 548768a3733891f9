"""Entities as nodes and relations as edges: what networkx and its file formats are made from.

See `kbgraph.network` for what nodes and edges carry.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from typing import NamedTuple
from urllib.parse import unquote

import orjson
from pyoxigraph import Literal, NamedNode, Quad

from kbgraph.terms import RDF, curie_of

__all__ = ["NODE_TYPES", "Edge", "Entities", "entities_of", "node_type", "outside", "values_of"]

#: The word for each class; an entity is called by the first class here that it has.
_TYPES = {
    "kb:Article": "Article",
    "kb:Fact": "Fact",
    "kb:DisputedStatement": "Dispute",
    "kb:Source": "Source",
    "kb:SourceReference": "Reference",
    "kb:Section": "Section",
    "kb:KnownGap": "Gap",
    "kb:Authorship": "Authorship",
    "prov:Attribution": "Attribution",
    "prov:Activity": "Generation",
    "dqv:QualityMeasurement": "Measurement",
    "schema:InteractionCounter": "Counter",
    "schema:MediaObject": "File",
    "schema:PropertyValue": "Extra",
    "schema:Organization": "Organization",
    "schema:Person": "Person",
    "schema:SoftwareApplication": "Model",
    "schema:DefinedTerm": "Category",
    "skos:ConceptScheme": "Scheme",
    "skos:Concept": "Concept",
    "sd:Graph": "Graph",
    "schema:Dataset": "Dataset",
    "schema:Thing": "Entity",
}
#: The words for the classes of the model, and for what a graph says nothing about.
NODE_TYPES = (*_TYPES.values(), "Web", "Term")
#: Where a label comes from, best first.
_LABELS = ("schema_name", "skos_prefLabel", "dcterms_title", "schema_text")
#: Labels in English are the first choice, those without a language the second.
_LANGUAGES = {"en": 0, "": 1}
_LABEL_LENGTH = 100

#: A value with its language; "" for none.
_Text = tuple[str, str]
#: The literals of one node, by the name of the attribute.
_Literals = defaultdict[str, set[_Text]]


class Edge(NamedTuple):
    """A relation between two nodes: their IRIs, the property, and its CURIE.

    `key` is a digest of the three terms: the same in every build, unique in the graph.
    """

    source: str
    target: str
    predicate: str
    relation: str
    key: str


class Entities(NamedTuple):
    """What quads describe: nodes with their attributes, and edges, both sorted.

    `outside` are the IRIs that edges lead to and that no quad describes.
    """

    nodes: dict[str, dict[str, str]]
    edges: list[Edge]
    outside: set[str]


def entities_of(quads: Iterable[Quad]) -> Entities:
    """The entities of some quads; what two graphs state alike is there once."""
    classes: defaultdict[str, set[str]] = defaultdict(set)
    literals: defaultdict[str, _Literals] = defaultdict(lambda: defaultdict(set))
    relations: set[tuple[str, str, str]] = set()
    nodes: dict[str, str] = {}
    a = RDF.type.value
    for quad in quads:
        node, predicate, value = quad.subject, quad.predicate.value, quad.object
        assert isinstance(node, NamedNode)
        # One string for each IRI: most are used many times.
        subject = nodes.setdefault(node.value, node.value)
        if isinstance(value, Literal):
            literals[subject][_attribute_name(predicate)].add((value.value, value.language or ""))
            continue
        assert isinstance(value, NamedNode)
        if predicate == a:
            classes[subject].add(_curie(value.value))
        else:
            relations.add((subject, nodes.setdefault(value.value, value.value), predicate))
    described = classes.keys() | literals.keys() | {subject for subject, _, _ in relations}
    return Entities(
        nodes={iri: _attributes(iri, sorted(classes[iri]), literals[iri]) for iri in sorted(described)},
        edges=[_edge(*relation) for relation in sorted(relations)],
        outside={target for _, target, _ in relations} - described,
    )


def _edge(source: str, target: str, predicate: str) -> Edge:
    key = blake2b(f"{source}\n{predicate}\n{target}".encode(), digest_size=8).hexdigest()
    return Edge(source, target, predicate, _curie(predicate), f"e{key}")


def values_of(text: str) -> tuple[str, ...]:
    """The values that an attribute of a node holds, sorted.

    An attribute is the value itself, or a JSON array of the values where there are several. A
    single value that could be mistaken for such an array is written as an array of one.

    >>> values_of("2024-2026"), values_of('["first","second"]')
    (('2024-2026',), ('first', 'second'))
    """
    members = _array_of(text)
    return (text,) if members is None else tuple(map(str, members))


def node_type(classes: Iterable[str]) -> str:
    """What an entity of these classes (CURIEs) is, in one word.

    >>> node_type(["kb:Source", "schema:Book"]), node_type(["schema:Person"]), node_type([])
    ('Source', 'Person', 'Entity')
    """
    known = set(classes)
    for name, word in _TYPES.items():
        if name in known:
            return word
    return min((re.split("[:/#]", name)[-1] for name in known), default="Entity")


_curie = cache(curie_of)


@cache
def _attribute_name(predicate: str) -> str:
    curie = _curie(predicate)
    return predicate if curie == predicate else curie.replace(":", "_", 1)


def _attributes(iri: str, classes: list[str], literals: _Literals) -> dict[str, str]:
    made = {"type": node_type(classes), "label": _label(iri, literals), "classes": _array(classes)}
    for name in sorted(literals):
        values = sorted(literals[name])
        made[name] = _packed([value for value, _ in values])
        if any(language for _, language in values):
            made[f"{name}_lang"] = _packed([language for _, language in values])
    return made


def outside(iri: str) -> dict[str, str]:
    """The attributes of a node that the graph says nothing about."""
    curie = curie_of(iri)
    return {"type": "Web" if curie == iri else "Term", "label": curie, "classes": "[]"}


def _label(iri: str, literals: _Literals) -> str:
    for name in _LABELS:
        ranked = sorted(literals.get(name, ()), key=lambda each: (_LANGUAGES.get(each[1], 2), each))
        for value, _ in ranked:
            label = " ".join(value.split())
            if label:
                return label if len(label) <= _LABEL_LENGTH else label[: _LABEL_LENGTH - 1] + "…"
    end = iri.rstrip("/#")
    return unquote(end[max(end.rfind("/"), end.rfind("#")) + 1 :])


def _packed(values: list[str]) -> str:
    return values[0] if len(values) == 1 and _array_of(values[0]) is None else _array(values)


def _array(values: list[str]) -> str:
    return orjson.dumps(values).decode()


def _array_of(text: str) -> list[object] | None:
    """The members of a JSON array; None for any other text."""
    if not text.startswith("["):
        return None
    try:
        members = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return members if isinstance(members, list) else None
