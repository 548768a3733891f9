"""The data of an IRI, in every format: what a program gets where a reader gets a page.

The data of an article are all statements of its graph; those of any other thing what is said of it, and
what is said with it. Statements are sorted: the same graph gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, RdfFormat, serialize

from kbgraph.terms import PREFIXES, Space

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from kbgraph.serve.known import Known

__all__ = ["document_of", "triples_about"]

#: Statements that lead to a thing, at most: a page of data is to be read, the whole is in the dataset.
_MOST = 5_000

_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}


def triples_about(known: Known, iri: str) -> list[Triple]:
    """What is said of a thing and with it, sorted."""
    space = Space(known.base)
    node = NamedNode(iri)
    found = {quad.triple for quad in known.quads(iri)}
    graph = node
    if known.base and iri.startswith(f"{known.base}article/"):
        graph = NamedNode(space.article_graphs + iri.removeprefix(f"{known.base}article/"))
    is_graph = known.store.contains_named_graph(graph)
    if is_graph:
        found |= {quad.triple for quad in known.store.quads_for_pattern(None, None, None, graph)}
    if not is_graph or graph != node:
        leading = {quad.triple for quad in known.store.quads_for_pattern(None, None, node, None)}
        found |= leading if len(leading) <= _MOST else set(sorted(leading, key=str)[:_MOST])
    return sorted(found, key=str)


def document_of(triples: Iterable[Triple], form: str) -> bytes:
    """Statements in a format: `turtle`, `nt`, `jsonld` or `rdfxml`.

    Raises:
        ValueError: the format cannot hold them.
    """
    prefixes = None if form == "nt" else PREFIXES
    data = serialize(triples, format=_FORMATS[form], prefixes=prefixes) or b""
    return data if data.endswith(b"\n") or not data else data + b"\n"
