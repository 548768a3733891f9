"""The dataset that articles become, and the forms that it is given out in."""

from __future__ import annotations

from collections import Counter

import pytest
import rdflib
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kbgraph.errors import UsageError
from kbgraph.graph import KnowledgeGraph, sorted_lines
from kbgraph.terms import KB, RDF, SCHEMA

A, B, P, Q = (NamedNode(f"https://kb.example/{name}") for name in "abpq")
ONE, TWO = NamedNode("https://kb.example/graph/one"), NamedNode("https://kb.example/graph/two")

QUADS = [
    Quad(A, RDF.type, KB.Article, ONE),
    Quad(A, P, Literal('line\nend \\ "quote" \r\x0b\x85\u2028 <https://kb.example/graph/one> .'), ONE),
    Quad(A, P, Literal("x", language="en"), ONE),
    Quad(A, P, B, ONE),
    Quad(A, P, B, TWO),
    Quad(B, RDF.type, KB.Article, TWO),
    Quad(B, RDF.type, SCHEMA.Article, TWO),
    Quad(B, Q, A),
    Quad(A, P, B),
]


def graph_of(quads: list[Quad], base: str = "https://kb.example/") -> KnowledgeGraph:
    names = {quad.graph_name for quad in quads}
    blocks = {
        "" if isinstance(name, DefaultGraph) else name.value: sorted_lines(
            quad for quad in quads if quad.graph_name == name
        )
        for name in names
    }
    return KnowledgeGraph(base, blocks)


@pytest.fixture
def graph() -> KnowledgeGraph:
    return graph_of(QUADS)


def test_a_graph_gives_back_the_quads_it_was_made_of(graph: KnowledgeGraph) -> None:
    assert Counter(graph) == Counter(graph.quads()) == Counter(QUADS)
    assert len(graph) == len(QUADS)


def test_a_graph_gives_the_quads_of_one_named_graph(graph: KnowledgeGraph) -> None:
    assert graph.graph_names == ("", ONE.value, TWO.value)
    assert set(graph.quads(TWO.value)) == {quad for quad in QUADS if quad.graph_name == TWO}
    assert set(graph.quads("")) == {quad for quad in QUADS if isinstance(quad.graph_name, DefaultGraph)}


def test_a_name_of_no_graph_is_refused(graph: KnowledgeGraph) -> None:
    with pytest.raises(KeyError):
        list(graph.quads("https://kb.example/graph/none"))


def test_the_union_has_each_triple_once(graph: KnowledgeGraph) -> None:
    assert Counter(graph.triples()) == Counter({quad.triple for quad in QUADS})


def test_n_quads_are_sorted_lines_without_duplicates(graph: KnowledgeGraph) -> None:
    data = graph.n_quads()
    lines = data.splitlines(keepends=True)
    assert lines == sorted(set(lines))
    assert set(parse(data, format=RdfFormat.N_QUADS)) == set(QUADS)
    assert sorted_lines([*QUADS, *reversed(QUADS)]) == data


def test_the_order_of_the_quads_does_not_matter() -> None:
    assert graph_of(QUADS).n_quads() == graph_of(QUADS[::-1]).n_quads()


def test_an_entity_is_read_after_what_it_is_part_of_and_its_classes_come_first(seeds_graph: KnowledgeGraph) -> None:
    name = "https://kb.example/graph/article/ai/attention"
    subjects = list(dict.fromkeys(quad.subject.value for quad in seeds_graph.quads(name)))
    assert subjects[0] == "https://kb.example/article/ai/attention"
    assert subjects == sorted(subjects)
    seen: set[str] = set()
    for quad in seeds_graph.quads(name):
        assert (quad.predicate == RDF.type) <= (quad.subject.value not in seen)
        if quad.predicate != RDF.type:
            seen.add(quad.subject.value)


def test_entities_are_counted_once_however_many_graphs_name_them(graph: KnowledgeGraph) -> None:
    assert graph.class_counts() == {"kb:Article": 2, "schema:Article": 1}
    assert graph.count(KB.Article) == 2
    assert graph.count(KB.Fact) == 0


def test_a_store_answers_sparql_over_the_union(seeds_graph: KnowledgeGraph) -> None:
    query = "SELECT (COUNT(DISTINCT ?fact) AS ?count) { ?fact a <https://w3id.org/kbgraph/ns#Fact> }"
    (row,) = seeds_graph.store().query(query, use_default_graph_as_union=True)
    assert int(row["count"].value) == seeds_graph.count(KB.Fact) > 0
    assert set(seeds_graph.store()) == set(seeds_graph)


#: What rdflib says about its own calls.
inside_rdflib = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")


@inside_rdflib
def test_rdflib_gets_the_same_quads_with_our_prefixes(graph: KnowledgeGraph) -> None:
    dataset = graph.to_rdflib()
    assert len(list(dataset.quads())) == len(QUADS)
    assert dict(dataset.namespaces())["kb"] == rdflib.URIRef(KB.iri)
    one = dataset.graph(rdflib.URIRef(ONE.value))
    assert len(one) == 4
    (row,) = dataset.query("SELECT (COUNT(*) AS ?count) { ?article a kb:Article }")
    assert int(row["count"]) == 2


@inside_rdflib
def test_rdflib_keeps_the_lexical_form_of_every_literal(seeds_graph: KnowledgeGraph) -> None:
    dataset = seeds_graph.to_rdflib()
    theirs = {
        (str(value), str(value.datatype or ""), value.language or "")
        for value in dataset.objects()
        if isinstance(value, rdflib.Literal)
    }
    string = "http://www.w3.org/2001/XMLSchema#string"
    tagged = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
    ours = {
        (
            quad.object.value,
            {string: "", tagged: ""}.get(quad.object.datatype.value, quad.object.datatype.value),
            quad.object.language or "",
        )
        for quad in seeds_graph
        if isinstance(quad.object, Literal)
    }
    assert theirs == ours


def test_a_graph_is_written_in_a_format_by_its_name(graph: KnowledgeGraph) -> None:
    assert graph.serialize("nq").encode() == graph.n_quads()
    assert "@prefix kb: <https://w3id.org/kbgraph/ns#>" in graph.serialize()
    assert {quad.triple for quad in parse(graph.serialize("ttl"), format=RdfFormat.TURTLE)} == set(graph.triples())
    with pytest.raises(UsageError, match="there is no format 'word'"):
        graph.serialize("word")


def test_a_notebook_shows_what_is_in_a_graph() -> None:
    graph = graph_of(QUADS, "https://kb.example/a&b/")
    shown = graph._repr_html_()
    assert "<td>kb:Article</td>" in shown
    assert "9 quads in 3 graphs" in shown
    assert "a&amp;b" in shown
    assert repr(graph) == "<KnowledgeGraph of 9 quads in 3 graphs>"


def test_the_graph_of_the_seeds_has_no_blank_node_and_no_iri_of_its_own_ends_in_a_full_stop(
    seeds_graph: KnowledgeGraph,
) -> None:
    terms = [term for quad in seeds_graph for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)]
    assert not [term for term in terms if isinstance(term, BlankNode)]
    assert not [
        term
        for term in terms
        if isinstance(term, NamedNode) and term.value.startswith(seeds_graph.base) and term.value.endswith(".")
    ]


def test_every_named_graph_of_the_seeds_is_in_the_catalogue(seeds_graph: KnowledgeGraph) -> None:
    sd_graph = NamedNode("http://www.w3.org/ns/sparql-service-description#Graph")
    listed = {quad.subject.value for quad in seeds_graph.quads("") if quad.object == sd_graph}
    assert listed == set(seeds_graph.graph_names) - {""}


def test_an_empty_dataset_is_a_graph_too() -> None:
    empty = KnowledgeGraph("https://kb.example/", {})
    assert (len(empty), list(empty), empty.n_quads(), list(empty.triples())) == (0, [], b"", [])


def test_triples_are_terms_of_one_kind(graph: KnowledgeGraph) -> None:
    assert all(isinstance(each, Triple) for each in graph.triples())
