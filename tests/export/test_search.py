"""`kbgraph.export.search`: one object for each article, in the words of schema.org alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kbgraph.export.search import article_documents
from kbgraph.graph import KnowledgeGraph, sorted_lines
from kbgraph.terms import PREFIXES, RDF, RDFS, SCHEMA, curie_of

BASE = "https://kb.example/"
PREAMBLE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items()) + f"BASE <{BASE}>\n"


def graph_of(trig: str) -> KnowledgeGraph:
    graphs: dict[str, list[Quad]] = {}
    for quad in parse(PREAMBLE + trig, format=RdfFormat.TRIG):
        name = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
        graphs.setdefault(name, []).append(quad)
    return KnowledgeGraph(BASE, {name: sorted_lines(quads) for name, quads in graphs.items()})


def documents_of(graph: KnowledgeGraph) -> list[tuple[str, bytes]]:
    """The key and the bytes of each document."""
    return [(each.key, each.make()) for each in article_documents(graph)]


def document_of(statements: str, shared: str = "", key: str = "ai/a") -> dict[str, Any]:
    """The document of one article: what is stated of it, in its graph and in the shared ones."""
    article = f"""
    <graph/article/ai/a> {{
      <article/ai/a> a kb:Article, schema:Article, schema:WebPage ; schema:encoding <article/ai/a#_file> .
      <article/ai/a#_file> a schema:MediaObject ; schema:name "{key}.md" .
      {statements}
    }}
    """
    ((found, data),) = documents_of(graph_of(article + shared))
    assert found == key
    made: dict[str, Any] = json.loads(data)
    return made


AGENTS = """
<graph/agents> {
  <agent/person/zoe> a schema:Person, prov:Person ; schema:name "Zoe Example" .
  <agent/person/ada> a schema:Person, prov:Person ; schema:name "Ada Example" .
  <agent/person/kim> a schema:Person, prov:Person ; schema:name "Kim Example" .
  <agent/model/m> a schema:SoftwareApplication, prov:SoftwareAgent ; schema:name "m" .
  <org/x> a schema:Organization, prov:Organization ; schema:name "X" .
}
"""


def test_every_article_of_the_seeds_has_a_document_of_its_key(seeds_graph: KnowledgeGraph, root: Path) -> None:
    keys = [key for key, _ in documents_of(seeds_graph)]
    files = [path.relative_to(root / "seeds").as_posix() for path in (root / "seeds").rglob("*.md")]
    assert sorted(keys) == sorted(path.removesuffix(".md") for path in files)


def test_the_body_of_every_article_of_the_seeds_is_there_verbatim(seeds_graph: KnowledgeGraph, root: Path) -> None:
    for key, data in documents_of(seeds_graph):
        body = json.loads(data)["articleBody"]
        assert body
        assert (root / "seeds" / f"{key}.md").read_bytes().decode().endswith(f"---\n{body}")


def test_sections_are_put_together_by_their_numbers() -> None:
    sections = "".join(
        f"<article/ai/a> schema:hasPart <article/ai/a#_section-{n}> . <article/ai/a#_section-{n}> a kb:Section ; "
        f'schema:position {n} ; schema:text "{n} "@en . '
        for n in range(12)
    )
    assert document_of(sections)["articleBody"] == "0 1 2 3 4 5 6 7 8 9 10 11 "


def test_an_article_that_says_little_has_a_short_document() -> None:
    assert document_of("") == {
        "@context": {"@vocab": "https://schema.org/"},
        "@type": ["Article", "WebPage"],
        "@id": "https://kb.example/article/ai/a",
    }


def test_what_an_article_says_of_itself_is_said() -> None:
    made = document_of(
        """<article/ai/a> schema:identifier "a" ; schema:headline "A"@en ; schema:name "A"@en ; schema:alternateName "s" ;
           schema:inLanguage "en" ; schema:dateCreated "2026-01-02"^^xsd:date ; schema:dateModified "soon" ;
           schema:lastReviewed "2026-01-03"^^xsd:date ; schema:keywords "x"@en, "y"@en ; schema:abstract "In short."@en ;
           schema:relatedLink <article/ai/b> ; kb:confidence kbv:confidence-low ; kb:dataPeriod "2020" ;
           schema:about <category/ai> ; schema:digitalSourceType schema:TrainedAlgorithmicMediaDigitalSource .""",
        """<graph/categories> { <category/ai> a skos:Concept, schema:DefinedTerm ; schema:name "AI"@en ;
           skos:prefLabel "AI"@en ; schema:termCode "ai" ; schema:inDefinedTermSet <category/> . }""",
    )
    del made["@context"], made["@type"], made["@id"]
    assert made == {
        "identifier": "a",
        "headline": "A",
        "name": "A",
        "alternateName": "s",
        "abstract": "In short.",
        "keywords": ["x", "y"],
        "inLanguage": "en",
        "dateCreated": "2026-01-02",
        "lastReviewed": "2026-01-03",
        "digitalSourceType": {"@id": "https://schema.org/TrainedAlgorithmicMediaDigitalSource"},
        "about": {
            "@type": "DefinedTerm",
            "@id": "https://kb.example/category/ai",
            "name": "AI",
            "termCode": "ai",
            "inDefinedTermSet": "https://kb.example/category/",
        },
        "relatedLink": "https://kb.example/article/ai/b",
    }


def test_who_took_part_is_named_by_role() -> None:
    made = document_of(
        """<article/ai/a> schema:contributor <agent/person/ada>, <agent/person/kim>, <agent/person/zoe> ;
             schema:reviewedBy <org/x> ; prov:wasAttributedTo <agent/model/m> ;
             prov:qualifiedAttribution <article/ai/a#_contributor-1>, <article/ai/a#_contributor-2>, <article/ai/a#_verifier-1> .
           <article/ai/a#_contributor-1> prov:agent <agent/person/ada> ; dcat:hadRole kbv:role-author .
           <article/ai/a#_contributor-2> prov:agent <agent/person/kim> ; dcat:hadRole kbv:role-illustrator .
           <article/ai/a#_verifier-1> prov:agent <agent/model/m> ; dcat:hadRole kbv:role-author .""",
        AGENTS,
    )
    assert made["author"] == {"@type": "Person", "@id": f"{BASE}agent/person/ada", "name": "Ada Example"}
    assert [each["name"] for each in made["contributor"]] == ["Kim Example", "Zoe Example"]
    assert made["reviewedBy"] == {"@type": "Organization", "@id": f"{BASE}org/x", "name": "X"}


def test_the_publisher_and_the_licence_are_those_of_the_dataset() -> None:
    dataset = "<dataset> a schema:Dataset ; schema:publisher <org/x> ; schema:license <https://example.org/cc> ."
    made = document_of("", dataset + AGENTS)
    assert made["publisher"]["name"] == "X"
    assert made["license"] == "https://example.org/cc"


SOURCES = """
<graph/sources> {
  <source/web/x/1> a kb:Source, schema:ScholarlyArticle, fabio:ConferencePaper ; schema:name "One" ;
    schema:identifier "arxiv:1" ; schema:url <https://arxiv.org/abs/1> ; schema:datePublished "2017"^^xsd:gYear ;
    schema:publisher <org/x> ; schema:author <agent/person/ada>, <agent/person/zoe>, <agent/person/kim> .
  <source/web/x/2> a kb:Source .
}
"""


def test_cited_works_are_described_with_their_authors_in_order() -> None:
    made = document_of(
        """<article/ai/a> schema:citation <source/web/x/1> ; kb:primaryReference <article/ai/a#_ref-1> .
           <article/ai/a#_ref-1> schema:item <source/web/x/1> ;
             kb:authorship <article/ai/a#_ref-1-author-1>, <article/ai/a#_ref-1-author-2>, <article/ai/a#_ref-1-author-3> .
           <article/ai/a#_ref-1-author-1> schema:position 1 ; schema:item <agent/person/zoe> .
           <article/ai/a#_ref-1-author-2> schema:position 2 ; schema:name "TBD" .
           <article/ai/a#_ref-1-author-3> schema:position 3 ; schema:item <agent/person/ada> .""",
        SOURCES + AGENTS,
    )["citation"]
    assert [author["name"] for author in made.pop("author")] == ["Zoe Example", "Ada Example", "Kim Example"]
    assert made == {
        "@type": "ScholarlyArticle",
        "@id": f"{BASE}source/web/x/1",
        "name": "One",
        "identifier": "arxiv:1",
        "url": "https://arxiv.org/abs/1",
        "datePublished": "2017",
        "publisher": {"@type": "Organization", "@id": f"{BASE}org/x", "name": "X"},
    }


def test_facts_are_claims_in_their_order_and_lead_to_works_that_are_described() -> None:
    made = document_of(
        """<article/ai/a> schema:hasPart <article/ai/a#f10>, <article/ai/a#f9> ; schema:mentions <article/ai/a#_dispute-1> .
           <article/ai/a#f10> a kb:Fact, schema:Claim ; schema:identifier "f10" ; schema:text "Ten."@en ; schema:position 10 .
           <article/ai/a#f9> a kb:Fact, schema:Claim ; schema:identifier "f9" ; schema:text "Nine."@en ; schema:position 9 ;
             schema:citation <source/web/x/2> ; kb:confidence kbv:confidence-low .
           <article/ai/a#_dispute-1> a kb:DisputedStatement, schema:Claim ; schema:text "No."@en ; schema:position 1 .""",
        SOURCES,
    )
    assert made["hasPart"] == [
        {
            "@type": "Claim",
            "@id": f"{BASE}article/ai/a#f9",
            "identifier": "f9",
            "text": "Nine.",
            "citation": {"@id": f"{BASE}source/web/x/2"},
        },
        {"@type": "Claim", "@id": f"{BASE}article/ai/a#f10", "identifier": "f10", "text": "Ten."},
    ]
    assert made["citation"] == {"@type": "CreativeWork", "@id": f"{BASE}source/web/x/2"}


def test_a_document_is_safe_inside_a_script_element() -> None:
    text = "</script><!-- <b> \u2028\u2029 & 'x'"
    graph = graph_of(
        f"""<graph/article/a> {{ <article/a> a kb:Article ; schema:encoding <article/a#_file> ; schema:name "{text}" .
            <article/a#_file> schema:name "a.md" . }}"""
    )
    ((_, data),) = documents_of(graph)
    assert b"<" not in data
    assert not {"\u2028", "\u2029"} & set(data.decode())
    assert json.loads(data)["name"] == text


def test_documents_are_the_same_however_often_they_are_made(seeds_graph: KnowledgeGraph) -> None:
    again = KnowledgeGraph(
        BASE, {name: sorted_lines(seeds_graph.quads(name)) for name in reversed(seeds_graph.graph_names)}
    )
    assert list(documents_of(seeds_graph)) == list(documents_of(again))


# ---- against the vocabulary itself


class Vocabulary:
    """schema.org: the classes above each class, and where properties belong."""

    def __init__(self, path: Path) -> None:
        self.above: dict[str, set[str]] = {}
        self.domains: dict[str, set[str]] = {}
        self.ranges: dict[str, set[str]] = {}
        into = {RDFS.subClassOf: self.above, SCHEMA.domainIncludes: self.domains, SCHEMA.rangeIncludes: self.ranges}
        for quad in parse(path=str(path), format=RdfFormat.TURTLE):
            if quad.predicate in into and isinstance(quad.object, NamedNode):
                into[quad.predicate].setdefault(_name(quad.subject.value), set()).add(_name(quad.object.value))
            elif quad.predicate == RDF.type and quad.object == RDFS.Class:
                self.above.setdefault(_name(quad.subject.value), set())

    def all_above(self, kind: str) -> set[str]:
        return {kind}.union(*(self.all_above(each) for each in self.above.get(kind, ())))


def _name(iri: str) -> str:
    return curie_of(iri).removeprefix("schema:")


@pytest.fixture(scope="module")
def schema_org(shared: Path) -> Vocabulary:
    path = shared / "vocab" / "schemaorg-all-https.ttl"
    if not path.is_file():
        pytest.skip(f"there is no {path}")
    return Vocabulary(path)


def objects_of(value: Any) -> Iterator[dict[str, Any]]:
    """All objects with classes, at any depth."""
    if isinstance(value, list):
        for each in value:
            yield from objects_of(each)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for name, each in value.items():
            if name != "@context":
                yield from objects_of(each)


def kinds_of(value: dict[str, Any]) -> list[str]:
    return value["@type"] if isinstance(value["@type"], list) else [value["@type"]]


def values_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_every_word_is_schema_org_s_and_in_its_place(schema_org: Vocabulary, seeds_graph: KnowledgeGraph) -> None:
    literal = {"Text", "URL", "Date", "DateTime"}
    seen = set()
    for _, data in documents_of(seeds_graph):
        for each in objects_of(json.loads(data)):
            above = set().union(*(schema_org.all_above(kind) for kind in kinds_of(each)))
            assert set(kinds_of(each)) <= schema_org.above.keys()
            for name in each.keys() - {"@context", "@type", "@id"}:
                seen.add(name)
                assert schema_org.domains[name] & above, f"{name} of {kinds_of(each)}"
                for value in values_of(each[name]):
                    if isinstance(value, str):
                        assert schema_org.ranges[name] & literal, f"{name} is no text"
                    elif "@type" in value:
                        found = set().union(*(schema_org.all_above(kind) for kind in kinds_of(value)))
                        assert schema_org.ranges[name] & found, f"{name} with {kinds_of(value)}"
                    else:
                        assert value.keys() == {"@id"}
    assert {"headline", "about", "citation", "hasPart", "articleBody", "author", "relatedLink", "publisher"} <= seen
