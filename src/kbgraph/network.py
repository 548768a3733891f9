"""The graph for networkx: every entity a node, every relation between entities an edge.

    nodes       key    the IRI
                type   what it is, in one word: `Article`, `Fact`, `Source`, … (see `node_type`)
                label  what people call it, on one line
                classes          its classes as CURIEs, a JSON array
                schema_name, …   its literals, by property, see `values_of`
                schema_name_lang, …  their languages, where they have one
    edges       key    a digest of the three terms: the same in every build, unique in the graph
                relation  the property as CURIE: `schema:citation`
                iri    the property

Every attribute is text, since GraphML and GEXF know no list and want one type for an attribute:
numbers, dates and truth values are in their lexical forms (datatypes are in the RDF formats only).
Several values of one property are a JSON array. Nodes come graph by
graph, sorted in each; those that the dataset says nothing about come last.

Four projections answer the usual questions: which articles rest on which sources, which sources
are cited together, which articles share sources, which articles lead to each other. networkx is
imported here and in `export.networks` only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from weakref import WeakKeyDictionary

import networkx as nx

from kbgraph.entities import entities_of, node_type, outside, values_of
from kbgraph.graph import KnowledgeGraph, quads_of

__all__ = [
    "article_links",
    "article_sources",
    "co_citation",
    "node_type",
    "shared_network",
    "shared_sources",
    "to_networkx",
    "values_of",
]

#: The network of each graph, for as long as the graph lives.
_SHARED: WeakKeyDictionary[KnowledgeGraph, nx.MultiDiGraph[str]] = WeakKeyDictionary()


def to_networkx(graph: KnowledgeGraph) -> nx.MultiDiGraph[str]:
    """The entities of the union of all graphs and the relations between them; see the module.

    IRIs that the graph says nothing about are nodes too: of type `Term` if they belong to a
    vocabulary that it uses, `Web` if not.

    >>> import kbgraph
    >>> network = to_networkx(kbgraph.build("seeds").graph)
    >>> network.nodes["https://kb.example/article/ai/attention"]["type"]
    'Article'
    """
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    parts = [entities_of(quads_of(part)) for part in graph.union]
    for part in parts:
        network.add_nodes_from(part.nodes.items())
    for iri in sorted({iri for part in parts for iri in part.outside if iri not in network}):
        network.add_node(iri, **outside(iri))
    for edge in (edge for part in parts for edge in part.edges):
        network.add_edge(edge.source, edge.target, edge.key, relation=edge.relation, iri=edge.predicate)
    return network


def shared_network(graph: KnowledgeGraph) -> nx.MultiDiGraph[str]:
    """The network of a graph, made once for everything that only reads it, and frozen.

    `to_networkx` makes a new one, which its caller may change.
    """
    network = _SHARED.get(graph)
    if network is None:
        network = _SHARED[graph] = nx.freeze(to_networkx(graph))
    return network


# ---- projections


def article_sources(graph: KnowledgeGraph) -> nx.DiGraph[str]:
    """Articles and the sources they rest on: an edge from each article to each of its sources.

    Nodes are all articles and sources, with `type` and `label`. On an edge, `references` is the
    number of entries for the source in the article's lists, `claims` the number of its facts and
    disputed statements that cite it, and `weight` their sum.

    >>> import kbgraph
    >>> network = article_sources(kbgraph.build("seeds").graph)
    >>> network.nodes["https://kb.example/source/arxiv/1706.03762"]["label"]
    'Attention Is All You Need'
    """
    network = shared_network(graph)
    owners = {
        part: article
        for relation, kind in (("schema:hasPart", "Fact"), ("schema:mentions", "Dispute"))
        for article, part in _pairs(network, relation, "Article", kind)
    }
    claims: Counter[tuple[str, str]] = Counter(
        (owners[claim], source)
        for kind in ("Fact", "Dispute")
        for claim, source in _pairs(network, "schema:citation", kind, "Source")
        if claim in owners
    )
    listed = {
        reference: article
        for relation in ("kb:primaryReference", "kb:secondaryReference")
        for article, reference in _pairs(network, relation, "Article", "Reference")
    }
    references: Counter[tuple[str, str]] = Counter(
        (listed[reference], source)
        for reference, source in _pairs(network, "schema:item", "Reference", "Source")
        if reference in listed
    )
    made: nx.DiGraph[str] = nx.DiGraph()
    _add_nodes(made, network, "Article", "Source")
    for pair in sorted(claims.keys() | references.keys()):
        made.add_edge(*pair, weight=claims[pair] + references[pair], claims=claims[pair], references=references[pair])
    return made


def co_citation(graph: KnowledgeGraph) -> nx.Graph[str]:
    """Sources that are cited together; `weight` is the number of articles that cite both.

    Nodes are all sources, with `type` and `label`. An article with n sources gives n (n - 1) / 2
    edges.

    >>> import kbgraph
    >>> network = co_citation(kbgraph.build("seeds").graph)
    >>> set(dict(network.nodes(data="type")).values())
    {'Source'}
    """
    cited = article_sources(graph)
    return _paired(cited, "Source", map(cited.successors, _of_type(cited, "Article")))


def shared_sources(graph: KnowledgeGraph) -> nx.Graph[str]:
    """Articles that rest on the same sources; `weight` is the number of sources that they share.

    Nodes are all articles, with `type` and `label`. A source of n articles gives n (n - 1) / 2
    edges.

    >>> import kbgraph
    >>> network = shared_sources(kbgraph.build("seeds").graph)
    >>> set(dict(network.nodes(data="type")).values())
    {'Article'}
    """
    cited = article_sources(graph)
    return _paired(cited, "Article", map(cited.predecessors, _of_type(cited, "Source")))


def article_links(graph: KnowledgeGraph) -> nx.DiGraph[str]:
    """Articles and the articles that they lead to (`schema:relatedLink`).

    Nodes are all articles, with `type` and `label`; edges have no attributes.

    >>> import kbgraph
    >>> network = article_links(kbgraph.build("seeds").graph)
    >>> network.is_directed(), set(dict(network.nodes(data="type")).values())
    (True, {'Article'})
    """
    network = shared_network(graph)
    made: nx.DiGraph[str] = nx.DiGraph()
    _add_nodes(made, network, "Article")
    made.add_edges_from(_pairs(network, "schema:relatedLink", "Article", "Article"))
    return made


def _pairs(network: nx.MultiDiGraph[str], relation: str, source: str, target: str) -> Iterator[tuple[str, str]]:
    """The ends of all edges of one relation between nodes of two types."""
    kinds = network.nodes
    for start, end, data in network.edges(data=True):
        if data["relation"] == relation and kinds[start]["type"] == source and kinds[end]["type"] == target:
            yield start, end


def _of_type(network: nx.DiGraph[str], kind: str) -> Iterator[str]:
    return (iri for iri, data in network.nodes(data=True) if data["type"] == kind)


def _add_nodes(made: nx.Graph[str], network: nx.Graph[str], *types: str) -> None:
    for iri, data in network.nodes(data=True):
        if data["type"] in types:
            made.add_node(iri, type=data["type"], label=data["label"])


def _paired(cited: nx.DiGraph[str], kind: str, groups: Iterable[Iterable[str]]) -> nx.Graph[str]:
    """Nodes of one type, joined where they are in one group; the weight counts the groups."""
    together = Counter(pair for group in groups for pair in combinations(sorted(group), 2))
    made: nx.Graph[str] = nx.Graph()
    _add_nodes(made, cited, kind)
    for (one, other), weight in sorted(together.items()):
        made.add_edge(one, other, weight=weight)
    return made
