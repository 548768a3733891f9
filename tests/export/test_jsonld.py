"""`kbgraph.export.jsonld`: rdflib and pyoxigraph read every term back as it was, offline."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kbgraph.export import FORMATS
from kbgraph.export.jsonld import context_of
from kbgraph.graph import KnowledgeGraph, sorted_lines
from kbgraph.terms import DCTERMS, DQV, KB, PREFIXES, RDF, SCHEMA, XSD, curie_of, expanded

BASE = "https://kb.example/"
A = NamedNode(f"{BASE}article/a")

# rdflib's own reader and writer use what rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated, use Dataset:DeprecationWarning")


def graph_of(*quads: Quad) -> KnowledgeGraph:
    graphs: dict[str, list[Quad]] = {}
    for quad in quads:
        name = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
        graphs.setdefault(name, []).append(quad)
    return KnowledgeGraph(BASE, {name: sorted_lines(lines) for name, lines in graphs.items()})


def read_by_pyoxigraph(data: bytes) -> set[Quad]:
    return set(parse(data, format=RdfFormat.JSON_LD))


def read_by_rdflib(data: bytes, monkeypatch: pytest.MonkeyPatch) -> set[Quad]:
    # rdflib would write "01"^^xsd:integer as "1" whatever it is read from.
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    dataset = rdflib.Dataset()
    dataset.parse(data=data, format="json-ld")
    return set(parse(dataset.serialize(format="nquads").encode(), format=RdfFormat.N_QUADS))


def assert_reads_back(graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    data = FORMATS["jsonld"].write(graph)
    assert read_by_pyoxigraph(data) == set(graph)
    assert read_by_rdflib(data, monkeypatch) == set(graph)


def test_both_readers_read_the_seeds_back_as_they_were(
    seeds_graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_reads_back(seeds_graph, monkeypatch)


#: Literals under properties of every kind, whether they fit its type or not.
LITERALS = [
    Literal("0.60", datatype=XSD.decimal),
    Literal("1.", datatype=XSD.decimal),
    Literal("3", datatype=XSD.integer),
    Literal("-3", datatype=XSD.integer),
    Literal("007", datatype=XSD.integer),
    Literal("+3", datatype=XSD.integer),
    Literal("-0", datatype=XSD.integer),
    Literal("9007199254740993", datatype=XSD.integer),
    Literal("123456789012345678901234567890", datatype=XSD.integer),
    Literal("true", datatype=XSD.boolean),
    Literal("false", datatype=XSD.boolean),
    Literal("1", datatype=XSD.boolean),
    Literal("1.5E0", datatype=XSD.double),
    Literal("2026-06-01", datatype=XSD.date),
    Literal("2026-06-01T10:00:00Z", datatype=XSD.dateTime),
    Literal("-0350", datatype=XSD.gYear),
    Literal("2017", datatype=XSD.gYear),
    Literal("x", datatype=NamedNode("https://example.org/type")),
    Literal('{"a":["1",null,true],"b":"\u2028"}', datatype=RDF.JSON),
    Literal('["x"]', datatype=RDF.JSON),
    Literal('{ "b": 1.0, "a": 2e3 }', datatype=RDF.JSON),
    Literal('"text"', datatype=RDF.JSON),
    Literal("null", datatype=RDF.JSON),
    Literal('{"a":1,"a":2}', datatype=RDF.JSON),
    Literal("not JSON", datatype=RDF.JSON),
    Literal("[" * 50_000, datatype=RDF.JSON),
    Literal("text", language="en"),
    Literal("more", language="en"),
    Literal("texte", language="fr-ca"),
    Literal("", language="de"),
    *map(
        Literal, ["", " ", "true", "3", "0.60", "2026-06-01", "@id", "@type", "@none", "_:b0", "schema:name", "base:x"]
    ),
    *map(
        Literal,
        ["https://example.org/", "//x", "../x", "line\r\nline\r\t", "\x07\x00\ufffe", "🧠\u202e\u2028", "</script>"],
    ),
]
PROPERTIES = [
    SCHEMA.url,
    SCHEMA.text,
    SCHEMA.dateCreated,
    SCHEMA.datePublished,
    SCHEMA.position,
    SCHEMA.unlisted,
    DQV.value,
    DCTERMS.title,
    DCTERMS.type,
    KB.jsonValue,
    KB.confidence,
    NamedNode("https://example.org/ns/property"),
]


@pytest.mark.parametrize("literal", LITERALS, ids=lambda literal: str(literal)[:40])
def test_a_literal_comes_back_from_under_any_property(literal: Literal, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_reads_back(graph_of(*(Quad(A, each, literal) for each in PROPERTIES)), monkeypatch)


@pytest.mark.parametrize("predicate", PROPERTIES, ids=lambda predicate: curie_of(predicate.value))
def test_values_of_every_kind_stand_beside_each_other(predicate: NamedNode, monkeypatch: pytest.MonkeyPatch) -> None:
    values = [*LITERALS, NamedNode("https://example.org/"), NamedNode(f"{BASE}x")]
    assert_reads_back(
        graph_of(*(Quad(A, predicate, value, NamedNode(f"{BASE}graph/a")) for value in values)), monkeypatch
    )


IRIS = [
    BASE,
    f"{BASE}article/a/../b/./c",
    f"{BASE}source/doi/10.1000/a//b",
    f"{BASE}/double",
    f"{BASE}article/a%2E",
    f"{BASE}article/%5Fa%7Eb#fact-1~2",
    f"{BASE}article/a#_ref-1-author-2",
    f"{BASE}source/web/x:80/y?z=1&w=(2)+3",
    f"{BASE}schema:name",
    f"{BASE}@id",
    f"{BASE}#",
    f"{BASE}é/東",
    "https://kb.example",
    "http://example.org/a/../b",
    "https://schema.org/",
    "https://schema.org//x",
    "http://www.wikidata.org/entity/Q1",
    "https://w3id.org/kbgraph/vocab/confidence-low",
    "urn:isbn:9780262510875",
    "doi:10.1/x",
]


@pytest.mark.parametrize("iri", IRIS)
def test_an_iri_comes_back_from_every_place(iri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    node = NamedNode(iri)
    quads = [
        Quad(node, RDF.type, node),
        Quad(A, SCHEMA.url, node),
        Quad(A, SCHEMA.name, node),
        Quad(node, RDF.type, KB.Fact, node),
    ]
    assert_reads_back(graph_of(*quads), monkeypatch)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(PROPERTIES),
            st.text(st.characters(exclude_categories=["Cs"])),
            st.sampled_from(["", "en", "de"]),
        )
    )
)
def test_any_text_comes_back(statements: list[tuple[NamedNode, str, str]]) -> None:
    graph = graph_of(*(Quad(A, each, Literal(text, language=tag or None)) for each, text, tag in statements))
    assert read_by_pyoxigraph(FORMATS["jsonld"].write(graph)) == set(graph)


def test_the_default_graph_is_at_the_top_and_named_graphs_are_below() -> None:
    name, thing = NamedNode(f"{BASE}graph/a"), Literal("A", language="en")
    made = json.loads(
        FORMATS["jsonld"].write(graph_of(Quad(name, RDF.type, SCHEMA.Dataset), Quad(A, SCHEMA.name, thing, name)))
    )
    assert made["@graph"] == [
        {"id": "base:graph/a", "type": ["schema:Dataset"]},
        {"id": "base:graph/a", "@graph": [{"id": "base:article/a", "name": {"en": "A"}}]},
    ]


def test_values_are_written_in_the_shortest_way_that_is_exact() -> None:
    quads = [
        Quad(A, SCHEMA.position, Literal("3", datatype=XSD.integer)),
        Quad(A, KB.isLiveDocument, Literal("false", datatype=XSD.boolean)),
        Quad(A, SCHEMA.dateCreated, Literal("2026-06-01", datatype=XSD.date)),
        Quad(A, DQV.value, Literal("0.60", datatype=XSD.decimal)),
        Quad(A, SCHEMA.url, NamedNode("https://example.org/")),
        Quad(A, SCHEMA.sameAs, Literal("no URL")),
        Quad(A, SCHEMA.name, Literal("a", language="en")),
        Quad(A, SCHEMA.name, Literal("b", language="en")),
        Quad(A, SCHEMA.text, Literal("plain")),
        Quad(A, KB.jsonValue, Literal('{"a":["1"]}', datatype=RDF.JSON)),
        Quad(A, KB.confidence, expanded("kbv:confidence-low")),
    ]
    assert json.loads(FORMATS["jsonld"].write(graph_of(*quads)))["@graph"] == [
        {
            "id": "base:article/a",
            "dateCreated": "2026-06-01",
            "dqv:value": "0.60",
            "kb:confidence": "kbv:confidence-low",
            "kb:isLiveDocument": False,
            "kb:jsonValue": {"@type": "@json", "@value": {"a": ["1"]}},
            "name": {"en": ["a", "b"]},
            "position": 3,
            "sameAs": {"@value": "no URL"},
            "text": "plain",
            "url": "https://example.org/",
        }
    ]


def test_entities_and_properties_are_sorted(seeds_graph: KnowledgeGraph) -> None:
    made = json.loads(FORMATS["jsonld"].write(seeds_graph))["@graph"]
    named = [each for each in made if "@graph" in each]
    assert [each["id"] for each in named] == sorted(each["id"] for each in named)
    for nodes in ([each for each in made if "@graph" not in each], *(each["@graph"] for each in named)):
        assert [node["id"] for node in nodes] == sorted(node["id"] for node in nodes)
        for node in nodes:
            names = [name for name in node if name not in {"id", "type"}]
            assert names == sorted(names)


def test_the_context_is_embedded_and_names_no_other() -> None:
    data = FORMATS["jsonld"].write(graph_of(Quad(A, SCHEMA.name, Literal("x"))))
    assert data.endswith(b"}\n")
    assert json.loads(data)["@context"] == context_of(BASE)
    for name, definition in context_of(BASE).items():
        assert isinstance(definition, str | float | dict)
        assert name == "base" or not str(definition).startswith(BASE)
        assert not isinstance(definition, dict) or "@context" not in definition


def test_terms_of_the_context_are_no_prefixes_of_iris() -> None:
    # A term such as "name" must not take `name:x` for its own.
    simple = {name for name, definition in context_of(BASE).items() if isinstance(definition, str)}
    assert {name for name in simple if str(context_of(BASE)[name]).endswith(("/", "#"))} == {*PREFIXES, "base"}


def test_every_relation_of_the_seeds_has_its_type_in_the_context(seeds_graph: KnowledgeGraph) -> None:
    context = context_of(BASE)
    for quad in seeds_graph:
        if isinstance(quad.object, NamedNode) and quad.predicate != RDF.type:
            definition = context[curie_of(quad.predicate.value).removeprefix("schema:")]
            assert isinstance(definition, dict)
            assert definition["@type"] == "@id"


def test_every_schema_org_property_of_the_seeds_goes_by_its_own_name(seeds_graph: KnowledgeGraph) -> None:
    context = context_of(BASE)
    used = {curie_of(quad.predicate.value) for quad in seeds_graph}
    assert {name.removeprefix("schema:") for name in used if name.startswith("schema:")} <= context.keys()


SCRIPT = """
import sys, hashlib
from kbgraph.graph import KnowledgeGraph
from kbgraph.export import FORMATS
graph = KnowledgeGraph("https://kb.example/", {"https://kb.example/graph/x": sys.stdin.buffer.read()})
print(hashlib.sha256(FORMATS["jsonld"].write(graph)).hexdigest())
"""


def test_bytes_depend_on_no_hash_seed_or_locale() -> None:
    graph = NamedNode(f"{BASE}graph/x")
    lines = sorted_lines(Quad(A, each, value, graph) for each in PROPERTIES for value in LITERALS)
    digests = set()
    for seed, locale in (("1", "C"), ("2", "tr_TR.UTF-8")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "PYTHONUTF8": "0"}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT], input=lines, env=environment, capture_output=True, check=True
        )
        digests.add(done.stdout)
    assert len(digests) == 1
