"""`kbgraph.network`: nodes, edges and their attributes, and the projections."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kbgraph import network
from kbgraph.graph import KnowledgeGraph, sorted_lines
from kbgraph.network import (
    article_links,
    article_sources,
    co_citation,
    node_type,
    shared_network,
    shared_sources,
    to_networkx,
    values_of,
)
from kbgraph.terms import PREFIXES, RDF, SCHEMA, curie_of

BASE = "https://kb.example/"
PREAMBLE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items()) + f"BASE <{BASE}>\n"


def graph_of(trig: str) -> KnowledgeGraph:
    graphs: dict[str, list[Quad]] = {}
    for quad in parse(PREAMBLE + trig, format=RdfFormat.TRIG):
        name = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
        graphs.setdefault(name, []).append(quad)
    return KnowledgeGraph(BASE, {name: sorted_lines(quads) for name, quads in graphs.items()})


#: Two articles that share a source; the second leads to the first.
TWO_ARTICLES = """
<graph/article/a> {
  <article/a> a kb:Article, schema:Article ; schema:name "A"@en ;
    schema:hasPart <article/a#f1>, <article/a#f2> ; schema:mentions <article/a#_dispute-1> ;
    kb:primaryReference <article/a#_ref-1>, <article/a#_ref-2> ; schema:citation <source/web/x/1>, <source/web/x/2> .
  <article/a#f1> a kb:Fact, schema:Claim ; schema:text "One."@en ; schema:citation <source/web/x/1> .
  <article/a#f2> a kb:Fact, schema:Claim ; schema:text "Two."@en ; schema:citation <source/web/x/1> .
  <article/a#_dispute-1> a kb:DisputedStatement, schema:Claim ; schema:text "No."@en ; schema:citation <source/web/x/3> .
  <article/a#_ref-1> a kb:SourceReference ; dcterms:title "First" ; schema:item <source/web/x/1> .
  <article/a#_ref-2> a kb:SourceReference ; schema:item <source/web/x/2> .
}
<graph/article/b> {
  <article/b> a kb:Article, schema:Article ; schema:name "B"@en ; schema:relatedLink <article/a>, <https://x.org/> ;
    kb:secondaryReference <article/b#_ref-1>, <article/b#_ref-2> ; schema:citation <source/web/x/1>, <source/web/x/2> .
  <article/b#_ref-1> a kb:SourceReference ; schema:item <source/web/x/1> .
  <article/b#_ref-2> a kb:SourceReference ; schema:item <source/web/x/2> .
}
<graph/sources> {
  <source/web/x/1> a kb:Source, schema:WebPage ; schema:name "One" .
  <source/web/x/2> a kb:Source, schema:Book ; schema:name "Two" .
  <source/web/x/3> a kb:Source, schema:Book ; schema:name "Three" .
}
"""


# ---- nodes


def test_every_entity_of_the_seeds_is_a_node_and_every_relation_an_edge(seeds_graph: KnowledgeGraph) -> None:
    made = to_networkx(seeds_graph)
    entities, relations = set(), set()
    for triple in seeds_graph.triples():
        entities.add(triple.subject.value)
        if isinstance(triple.object, NamedNode) and triple.predicate != RDF.type:
            entities.add(triple.object.value)
            relations.add((triple.subject.value, triple.predicate.value, triple.object.value))
    assert set(made) == entities
    assert {(start, data["iri"], end) for start, end, data in made.edges(data=True)} == relations
    assert made.number_of_edges() == len(relations)


def test_every_literal_of_the_seeds_is_an_attribute(seeds_graph: KnowledgeGraph) -> None:
    made = to_networkx(seeds_graph)
    stated: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for triple in seeds_graph.triples():
        if isinstance(triple.object, Literal):
            name = curie_of(triple.predicate.value).replace(":", "_", 1)
            value = (triple.object.value, triple.object.language or "")
            stated.setdefault((triple.subject.value, name), []).append(value)
    for (iri, name), values in stated.items():
        data = made.nodes[iri]
        assert values_of(data[name]) == tuple(value for value, _ in sorted(values))
        languages = values_of(data.get(f"{name}_lang", "")) if f"{name}_lang" in data else ("",) * len(values)
        assert languages == tuple(language for _, language in sorted(values))


def test_every_class_of_the_seeds_is_kept_on_its_node(seeds_graph: KnowledgeGraph) -> None:
    made = to_networkx(seeds_graph)
    counts = dict.fromkeys(seeds_graph.class_counts(), 0)
    for _, data in made.nodes(data=True):
        for name in json.loads(data["classes"]):
            counts[name] += 1
    assert counts == seeds_graph.class_counts()


def test_the_kinds_of_entities_are_told_apart(seeds_graph: KnowledgeGraph) -> None:
    kinds = {data["type"] for _, data in to_networkx(seeds_graph).nodes(data=True)}
    assert {"Article", "Fact", "Source", "Reference", "Organization", "Person", "Model", "Category", "Section"} <= kinds
    assert {"Gap", "Dispute", "Authorship", "File", "Generation", "Measurement", "Concept", "Extra"} <= kinds
    assert {"Attribution", "Graph", "Dataset", "Scheme", "Web"} <= kinds


@pytest.mark.parametrize(
    ("classes", "kind"),
    [
        (["kb:Source", "schema:Dataset"], "Source"),
        (["schema:TechArticle", "kb:Article", "schema:WebPage"], "Article"),
        (["schema:DefinedTerm", "skos:Concept"], "Category"),
        (["skos:Concept"], "Concept"),
        (["dqv:Metric"], "Metric"),
        (["https://example.org/Thing"], "Thing"),
        ([], "Entity"),
    ],
)
def test_an_entity_is_called_by_its_most_telling_class(classes: list[str], kind: str) -> None:
    assert node_type(classes) == kind


@pytest.mark.parametrize(
    ("statements", "label"),
    [
        ('schema:name "Zwei"@de, "Two"@en, "0"', "Two"),
        ('schema:name "Zwei"@de, "Two"', "Two"),
        ('schema:name "  ", "b" ; schema:text "long"', "b"),
        ('skos:prefLabel "Low"@en ; schema:text "long"', "Low"),
        ('dcterms:title "Title" ; schema:text "long"', "Title"),
        ('schema:text "a\\n b\\tc"', "a b c"),
        (f'schema:text "{"x" * 100}"', "x" * 100),
        (f'schema:text "{"x" * 101}"', "x" * 99 + "…"),
        ("a schema:Thing", "an entity"),
    ],
)
def test_a_label_is_what_people_call_it(statements: str, label: str) -> None:
    made = to_networkx(graph_of(f"<entity/an%20entity> {statements} ."))
    assert made.nodes[f"{BASE}entity/an%20entity"]["label"] == label


def test_an_iri_that_nothing_is_said_of_is_a_node_too() -> None:
    made = to_networkx(
        graph_of("<a> schema:url <https://arxiv.org/abs/1?x=1&y=2> ; kb:confidence kbv:confidence-low .")
    )
    web, term = made.nodes["https://arxiv.org/abs/1?x=1&y=2"], made.nodes[f"{PREFIXES['kbv']}confidence-low"]
    assert web == {"type": "Web", "label": "https://arxiv.org/abs/1?x=1&y=2", "classes": "[]"}
    assert term == {"type": "Term", "label": "kbv:confidence-low", "classes": "[]"}


def test_a_property_without_a_prefix_keeps_its_iri() -> None:
    made = to_networkx(graph_of('<a> <https://example.org/p> "x" ; <https://example.org/q> <b> .'))
    assert made.nodes[f"{BASE}a"]["https://example.org/p"] == "x"
    assert next(iter(made.edges(data=True)))[2] == {"relation": "https://example.org/q", "iri": "https://example.org/q"}


def test_several_values_are_a_json_array_and_their_languages_another() -> None:
    data = to_networkx(graph_of('<a> schema:name "b"@en, "a"@de, "c" ; schema:text "t"@en, "t"@de .')).nodes[f"{BASE}a"]
    assert (data["schema_name"], data["schema_name_lang"]) == ('["a","b","c"]', '["de","en",""]')
    assert (data["schema_text"], data["schema_text_lang"]) == ('["t","t"]', '["de","en"]')


@pytest.mark.parametrize("text", ['["a","b"]', "[]", "[1, 2]", '["a"]'])
def test_a_single_value_that_looks_like_several_is_not_mistaken(text: str) -> None:
    data = to_networkx(graph_of(f"<a> kb:jsonValue '{text}'^^rdf:JSON .")).nodes[f"{BASE}a"]
    assert values_of(data["kb_jsonValue"]) == (text,)


@given(st.sets(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=3))
def test_values_are_found_again(values: set[str]) -> None:
    quads = [Quad(NamedNode(f"{BASE}a"), SCHEMA.name, Literal(value)) for value in values]
    data = to_networkx(KnowledgeGraph(BASE, {"": sorted_lines(quads)})).nodes[f"{BASE}a"]
    assert values_of(data["schema_name"]) == tuple(sorted(values))
    assert "schema_name_lang" not in data


def test_what_two_graphs_state_alike_is_there_once() -> None:
    said = '<a> a skos:Concept ; schema:name "x" ; schema:url <b> .'
    made = to_networkx(graph_of(f"<g> {{ {said} }} {said}"))
    assert made.nodes[f"{BASE}a"] == {
        "type": "Concept",
        "label": "x",
        "classes": '["skos:Concept"]',
        "schema_name": "x",
    }
    assert made.number_of_edges() == 1


# ---- edges


def test_no_attribute_has_a_name_that_a_format_keeps_for_itself(seeds_graph: KnowledgeGraph) -> None:
    made = to_networkx(seeds_graph)
    for _, data in made.nodes(data=True):
        assert {"type", "label", "classes"} <= data.keys()
        assert not data.keys() & {"id", "key", "name", "value", "pid", "start", "end", "viz", "parents", "spells"}
        assert all(type(value) is str for value in data.values())
    for _, _, data in made.edges(data=True):
        assert data.keys() == {"relation", "iri"}


def test_nodes_and_edges_come_graph_by_graph_and_sorted_in_each(seeds_graph: KnowledgeGraph) -> None:
    made = to_networkx(seeds_graph)
    graph_of_node = {quad.subject.value: name for name in seeds_graph.graph_names for quad in seeds_graph.quads(name)}
    described = [(graph_of_node[iri], iri) for iri in made if iri in graph_of_node]
    others = [iri for iri in made if iri not in graph_of_node]
    assert list(made)[len(described) :] == others == sorted(others)
    assert [name for name, _ in described] == sorted(name for name, _ in described)
    edges = [(graph_of_node[start], start, end, data["iri"]) for start, end, data in made.edges(data=True)]
    assert [name for name, *_ in edges] == sorted(name for name, *_ in edges)
    own = [edge for edge in edges if "/graph/article/" in edge[0]]
    assert own == sorted(own)
    assert [pair for pair in described if "/graph/article/" in pair[0]] == sorted(
        pair for pair in described if "/graph/article/" in pair[0]
    )


def test_the_key_of_an_edge_is_unique_and_does_not_depend_on_other_articles() -> None:
    first, _, _ = TWO_ARTICLES.partition("<graph/article/b>")
    alone = set(to_networkx(graph_of(first)).edges(keys=True))
    together = set(to_networkx(graph_of(TWO_ARTICLES)).edges(keys=True))
    assert alone < together
    assert len({key for _, _, key in together}) == len(together)


def test_keys_are_never_read_as_numbers(seeds_graph: KnowledgeGraph) -> None:
    # networkx makes numbers of the edge ids of GraphML wherever it can.
    for _, _, key in to_networkx(seeds_graph).edges(keys=True):
        with pytest.raises(ValueError, match="invalid literal"):
            int(key)


# ---- the shared network


def test_the_shared_network_is_made_once_and_cannot_be_changed() -> None:
    graph = graph_of("<a> schema:url <b> .")
    made = shared_network(graph)
    assert shared_network(graph) is made
    with pytest.raises(nx.NetworkXError):
        made.add_node("x")


def test_a_network_that_its_caller_changes_changes_no_other() -> None:
    graph = graph_of('<a> schema:name "x" .')
    to_networkx(graph).nodes[f"{BASE}a"]["label"] = "changed"
    assert shared_network(graph).nodes[f"{BASE}a"]["label"] == "x"
    assert graph.to_networkx().nodes[f"{BASE}a"]["label"] == "x"


def test_a_network_goes_with_its_graph() -> None:
    graph = graph_of("<a> schema:url <b> .")
    before = len(network._SHARED)
    shared_network(graph)
    assert len(network._SHARED) == before + 1
    del graph
    assert len(network._SHARED) == before


# ---- projections


def short(edges: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [(start.removeprefix(BASE), end.removeprefix(BASE), *rest) for start, end, *rest in edges]


def test_articles_lead_to_their_sources_by_claims_and_references() -> None:
    made = article_sources(graph_of(TWO_ARTICLES))
    assert made.is_directed()
    assert short(made.edges(data="weight")) == [
        ("article/a", "source/web/x/1", 3),
        ("article/a", "source/web/x/2", 1),
        ("article/a", "source/web/x/3", 1),
        ("article/b", "source/web/x/1", 1),
        ("article/b", "source/web/x/2", 1),
    ]
    assert made.edges[f"{BASE}article/a", f"{BASE}source/web/x/1"] == {"weight": 3, "claims": 2, "references": 1}
    assert made.nodes[f"{BASE}article/a"] == {"type": "Article", "label": "A"}


def test_sources_are_cited_together_as_often_as_an_article_cites_both() -> None:
    made = co_citation(graph_of(TWO_ARTICLES))
    assert not made.is_directed()
    assert short(made.edges(data="weight")) == [
        ("source/web/x/1", "source/web/x/2", 2),
        ("source/web/x/1", "source/web/x/3", 1),
        ("source/web/x/2", "source/web/x/3", 1),
    ]
    assert set(dict(made.nodes(data="label")).values()) == {"One", "Two", "Three"}


def test_articles_share_as_many_sources_as_both_cite() -> None:
    made = shared_sources(graph_of(TWO_ARTICLES))
    assert not made.is_directed()
    assert short(made.edges(data="weight")) == [("article/a", "article/b", 2)]


def test_articles_lead_to_articles_and_not_to_the_web() -> None:
    made = article_links(graph_of(TWO_ARTICLES))
    assert made.is_directed()
    assert short(made.edges) == [("article/b", "article/a")]
    assert set(made) == {f"{BASE}article/a", f"{BASE}article/b"}


def test_every_source_that_an_article_of_the_seeds_cites_is_in_the_projection(seeds_graph: KnowledgeGraph) -> None:
    made, whole = article_sources(seeds_graph), to_networkx(seeds_graph)
    cited = {
        (start, end)
        for start, end, data in whole.edges(data=True)
        if data["relation"] == "schema:citation" and whole.nodes[start]["type"] == "Article"
    }
    assert cited <= set(made.edges)
    assert all(data["weight"] >= 1 for _, _, data in made.edges(data=True))
