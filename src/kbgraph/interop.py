"""pyoxigraph's terms as rdflib's. rdflib is imported here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pyoxigraph as ox
import rdflib
from rdflib.term import Node

from kbgraph.terms import PREFIXES

if TYPE_CHECKING:
    from kbgraph.graph import KnowledgeGraph

__all__ = ["TermCache", "from_rdflib", "to_rdflib", "to_rdflib_graph"]


class TermCache:
    """Makes each IRI once: most terms of a graph are used many times."""

    def __init__(self) -> None:
        self._iris: dict[str, rdflib.URIRef] = {}

    def node(self, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
        """The rdflib term; literals keep the lexical form that they have."""
        if isinstance(term, ox.NamedNode):
            iri = self._iris.get(term.value)
            if iri is None:
                iri = self._iris[term.value] = rdflib.URIRef(term.value)
            return iri
        if isinstance(term, ox.Literal):
            if term.language:
                return rdflib.Literal(term.value, lang=term.language)
            if term.datatype.value == _STRING:
                return rdflib.Literal(term.value)
            return rdflib.Literal(term.value, datatype=str(self.node(term.datatype)), normalize=False)
        if isinstance(term, ox.BlankNode):
            return rdflib.BNode(term.value)
        raise TypeError(f"rdflib has no {type(term).__name__}")


_STRING = "http://www.w3.org/2001/XMLSchema#string"


def to_rdflib(graph: KnowledgeGraph) -> rdflib.Dataset:
    """The dataset in rdflib, with our prefixes bound and queries over the union."""
    dataset = rdflib.Dataset(default_union=True)
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace, replace=True)
    cache = TermCache()
    for name in graph.graph_names:
        target = dataset.graph(rdflib.URIRef(name)) if name else dataset.default_graph
        for quad in graph.quads(name):
            target.add((cache.node(quad.subject), cache.node(quad.predicate), cache.node(quad.object)))
    return dataset


def to_rdflib_graph(triples: Iterable[ox.Quad | ox.Triple]) -> rdflib.Graph:
    """Triples in one rdflib graph; the names of graphs are left out."""
    graph = rdflib.Graph()
    cache = TermCache()
    for triple in triples:
        graph.add((cache.node(triple.subject), cache.node(triple.predicate), cache.node(triple.object)))
    return graph


def from_rdflib(node: Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """The pyoxigraph term; its `str` is the term in N-Triples."""
    if isinstance(node, rdflib.URIRef):
        return ox.NamedNode(str(node))
    if isinstance(node, rdflib.BNode):
        return ox.BlankNode(re.sub(r"\W", "", str(node)))
    if isinstance(node, rdflib.Literal):
        if node.language:
            return ox.Literal(str(node), language=node.language)
        return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype)) if node.datatype else None)
    raise TypeError(f"not a term: {node!r}")
