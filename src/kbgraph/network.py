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
Several values of one property are a JSON array. Nodes and edges are sorted.

Four projections answer the usual questions: which articles rest on which sources, which sources
are cited together, which articles share sources, which articles lead to each other. networkx is
imported here and in `export.networks` only.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import blake2b
from itertools import combinations
from typing import TYPE_CHECKING
from urllib.parse import unquote
from weakref import WeakKeyDictionary

import networkx as nx
import orjson
from pyoxigraph import Literal, NamedNode

from kbgraph.terms import RDF, curie_of

if TYPE_CHECKING:
    from kbgraph.graph import KnowledgeGraph

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
#: Where a label comes from, best first.
_LABELS = ("schema_name", "skos_prefLabel", "dcterms_title", "schema_text")
#: Labels in English are the first choice, those without a language the second.
_LANGUAGES = {"en": 0, "": 1}
_LABEL_LENGTH = 100

#: A value with its language; "" for none.
_Text = tuple[str, str]
#: The literals of one node, by the name of the attribute.
_Literals = defaultdict[str, set[_Text]]

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
    classes: defaultdict[str, set[str]] = defaultdict(set)
    literals: defaultdict[str, _Literals] = defaultdict(lambda: defaultdict(set))
    edges: set[tuple[str, str, str]] = set()
    nodes: dict[str, str] = {}
    curie, attribute, a = cache(curie_of), cache(_attribute_name), RDF.type.value
    # What two graphs state alike is made one below, which is quicker than `graph.triples()`.
    for quad in graph.quads():
        node, predicate, value = quad.subject, quad.predicate.value, quad.object
        assert isinstance(node, NamedNode)
        # One string for each IRI: most are used many times.
        subject = nodes.setdefault(node.value, node.value)
        if isinstance(value, Literal):
            literals[subject][attribute(predicate)].add((value.value, value.language or ""))
            continue
        assert isinstance(value, NamedNode)
        if predicate == a:
            classes[subject].add(curie(value.value))
        else:
            edges.add((subject, nodes.setdefault(value.value, value.value), predicate))
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    described = classes.keys() | literals.keys() | {subject for subject, _, _ in edges}
    for iri in sorted(nodes):
        made = _attributes(iri, sorted(classes[iri]), literals[iri]) if iri in described else _outside(iri)
        network.add_node(iri, **made)
    for subject, target, predicate in sorted(edges):
        key = blake2b(f"{subject}\n{predicate}\n{target}".encode(), digest_size=8).hexdigest()
        network.add_edge(subject, target, f"e{key}", relation=curie(predicate), iri=predicate)
    return network


def shared_network(graph: KnowledgeGraph) -> nx.MultiDiGraph[str]:
    """The network of a graph, made once for everything that only reads it, and frozen.

    `to_networkx` makes a new one, which its caller may change.
    """
    network = _SHARED.get(graph)
    if network is None:
        network = _SHARED[graph] = nx.freeze(to_networkx(graph))
    return network


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


# ---- nodes


def _attribute_name(predicate: str) -> str:
    curie = curie_of(predicate)
    return predicate if curie == predicate else curie.replace(":", "_", 1)


def _attributes(iri: str, classes: list[str], literals: _Literals) -> dict[str, str]:
    made = {"type": node_type(classes), "label": _label(iri, literals), "classes": _array(classes)}
    for name in sorted(literals):
        values = sorted(literals[name])
        made[name] = _packed([value for value, _ in values])
        if any(language for _, language in values):
            made[f"{name}_lang"] = _packed([language for _, language in values])
    return made


def _outside(iri: str) -> dict[str, str]:
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
