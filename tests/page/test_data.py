"""`kbgraph.page.data`: what the page holds is what the graph says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode
from tests.hostile.together import hostile_graph

import kbgraph
from kbgraph.dataset import Dataset, dataset_of, read_dataset
from kbgraph.page.data import page_data
from kbgraph.page.document import document_of
from kbgraph.terms import KB, PROV, SCHEMA

#: A page must stay below this, however large the corpus that we test with.
MEGABYTES = 8


def dataset(graph: kbgraph.KnowledgeGraph) -> Dataset:
    return Dataset(graph.n_quads().splitlines(keepends=True))


@cache
def page_of(graph: kbgraph.KnowledgeGraph) -> bytes:
    """The page of a graph, made once for all tests."""
    return document_of(page_data(dataset(graph)))


@pytest.fixture(scope="module")
def data(seeds_graph: kbgraph.KnowledgeGraph) -> dict[str, Any]:
    return page_data(dataset(seeds_graph))


def of_kind(data: dict[str, Any], kind: str) -> set[str]:
    number = data["kinds"].index(kind)
    pairs = zip(data["nodes"]["iri"], data["nodes"]["kind"], strict=True)
    return {data["base"] + iri for iri, each in pairs if each == number}


def related(data: dict[str, Any], relation: str) -> set[tuple[str, str]]:
    iris = [data["base"] + each for each in data["nodes"]["iri"]]
    number = data["relations"].index(relation)
    links = zip(data["links"]["source"], data["links"]["target"], data["links"]["relation"], strict=True)
    return {(iris[source], iris[target]) for source, target, each in links if each == number}


def subjects(graph: kbgraph.KnowledgeGraph, kind: NamedNode) -> set[str]:
    return {
        quad.subject.value
        for quad in graph
        if quad.object == kind and quad.predicate.value.endswith("#type") and isinstance(quad.subject, NamedNode)
    }


def pairs_of(graph: kbgraph.KnowledgeGraph, *predicates: NamedNode) -> set[tuple[str, str]]:
    return {
        (quad.subject.value, quad.object.value)
        for quad in graph
        if quad.predicate in predicates and isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
    }


@pytest.mark.parametrize(
    ("kind", "iri"),
    [
        ("article", KB.Article),
        ("fact", KB.Fact),
        ("source", KB.Source),
        ("person", SCHEMA.Person),
        ("organisation", SCHEMA.Organization),
        ("software", SCHEMA.SoftwareApplication),
        ("category", SCHEMA.DefinedTerm),
    ],
)
def test_every_entity_of_a_kind_is_a_node_and_no_other(
    seeds_graph: kbgraph.KnowledgeGraph, data: dict[str, Any], kind: str, iri: NamedNode
) -> None:
    found = of_kind(data, kind)
    assert found
    assert found == subjects(seeds_graph, iri)


def test_articles_cite_facts_rest_and_articles_link_as_the_graph_says(
    seeds_graph: kbgraph.KnowledgeGraph, data: dict[str, Any]
) -> None:
    articles, facts, sources = (of_kind(data, kind) for kind in ("article", "fact", "source"))
    cited = pairs_of(seeds_graph, SCHEMA.citation, PROV.hadPrimarySource, PROV.wasDerivedFrom)
    assert related(data, "cites") == {(a, b) for a, b in cited if a in articles and b in sources}
    assert related(data, "rests on") == {(a, b) for a, b in cited if a in facts and b in sources}
    linked = pairs_of(seeds_graph, SCHEMA.relatedLink)
    assert related(data, "links to") == {(a, b) for a, b in linked if a in articles and b in articles and a != b}
    stated = pairs_of(seeds_graph, SCHEMA.hasPart)
    assert related(data, "states") == {(a, b) for a, b in stated if b in facts}


def test_nothing_that_is_said_of_articles_facts_and_references_is_lost(
    seeds_graph: kbgraph.KnowledgeGraph, data: dict[str, Any]
) -> None:
    held = json.dumps(data, ensure_ascii=False)
    kept_elsewhere = ("#_section-", "#_file", "-author-")
    ours = {"keys", "fieldAlias", "position", "articleSection", "isLiveDocument"}
    missing = []
    for quad in seeds_graph:
        assert isinstance(quad.subject, NamedNode)
        subject, predicate = quad.subject.value, quad.predicate.value
        if not subject.startswith(f"{data['base']}article/") or any(each in subject for each in kept_elsewhere):
            continue
        if isinstance(quad.object, Literal) and predicate.rpartition("#")[2].rpartition("/")[2] not in ours:
            value = quad.object.value
            text = json.dumps(" ".join(value.split()), ensure_ascii=False)[1:-1]
            if text not in " ".join(held.split()) and json.dumps(value, ensure_ascii=False)[1:-1] not in held:
                missing.append((subject, predicate, value))
    assert missing == []


def test_every_reference_is_a_description_with_its_article_and_its_source(
    seeds_graph: kbgraph.KnowledgeGraph, data: dict[str, Any]
) -> None:
    assert len(data["references"]) == len(subjects(seeds_graph, KB.SourceReference))
    iris = [data["base"] + each for each in data["nodes"]["iri"]]
    said = {(iris[row[0]], iris[row[1]]) for row in data["references"]}
    assert {article for article, _ in said} <= of_kind(data, "article")
    assert {source for _, source in said} == of_kind(data, "source")


def test_a_fact_points_to_descriptions_of_the_sources_that_it_rests_on(data: dict[str, Any]) -> None:
    iris = [data["base"] + each for each in data["nodes"]["iri"]]
    pointed = {
        (iris[number], iris[data["references"][each][1]])
        for number, details in enumerate(data["details"])
        if iris[number] in of_kind(data, "fact")
        for each in details.get("references", ())
    }
    assert pointed == related(data, "rests on")


def test_descriptions_that_disagree_are_kept_each_as_its_article_gives_it(tmp_path: Path) -> None:
    for name, title, year in (("a", "A Title", 2019), ("b", "Another Title", 2020)):
        text = (
            f"---\nid: {name}\ntitle: {name}\natomic_facts: []\nprimary_sources:\n"
            f'  - {{title: "{title}", type: book, year: {year}, url: "https://x.org/work"}}\n---\n\n# {name}\n'
        )
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    data = page_data(dataset(kbgraph.build(tmp_path, settings=kbgraph.Settings(jobs=1)).graph))
    iris = data["nodes"]["iri"]
    assert len(of_kind(data, "source")) == 1
    assert [(iris[row[0]], row[3], row[4]) for row in data["references"]] == [
        ("article/a", "A Title", 2019),
        ("article/b", "Another Title", 2020),
    ]


def test_a_fact_has_the_category_of_its_article_and_a_source_those_of_all_that_cite_it(data: dict[str, Any]) -> None:
    categories = dict(zip(data["nodes"]["iri"], data["nodes"]["categories"], strict=True))
    base = len(data["base"])
    for article, fact in related(data, "states"):
        assert categories[article[base:]] == categories[fact[base:]]
    for article, source in related(data, "cites"):
        assert set(categories[article[base:]]) <= set(categories[source[base:]])


def test_the_page_is_the_same_from_every_file_of_a_build(seeds_result: kbgraph.BuildResult, tmp_path: Path) -> None:
    graph = seeds_result.graph
    pages = set()
    names = {"graph.nq": "nq", "graph.trig": "trig", "graph.jsonld": "jsonld", "graph.ttl": "turtle"}
    for name, wanted in names.items():
        file = tmp_path / name
        file.write_text(graph.serialize(wanted), encoding="utf-8")
        pages.add(document_of(page_data(read_dataset(file))))
    assert len(pages) == 1


def test_the_page_is_the_same_whatever_the_hash_seed(seeds_graph: kbgraph.KnowledgeGraph, tmp_path: Path) -> None:
    file = tmp_path / "graph.nq"
    file.write_bytes(seeds_graph.n_quads())
    pages = set()
    for seed in ("1", "2"):
        out = tmp_path / f"{seed}.html"
        command = [sys.executable, "-m", "kbgraph", "page", "-g", str(file), "-o", str(out)]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed})
        pages.add(out.read_bytes())
    assert len(pages) == 1


def test_hostile_articles_become_a_page_that_holds_what_they_say() -> None:
    graph = hostile_graph()
    data = page_data(dataset_of(graph))
    assert of_kind(data, "article") == subjects(graph, KB.Article)
    assert of_kind(data, "fact") == subjects(graph, KB.Fact)
    assert all(each.strip() for each in data["nodes"]["label"])
    for details in data["details"]:
        assert all(url.lower().startswith(("http://", "https://")) for url in details.get("web", ()))


def test_an_empty_dataset_is_a_page_without_nodes() -> None:
    data = page_data(Dataset([]))
    assert data["nodes"]["iri"] == []
    assert b'"version":1' in document_of(data)


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (b'<https://x.org/dataset> <http://purl.org/dc/terms/title> "Birds & <bees>" .\n', "Birds & <bees>"),
        (b"", "Knowledge graph"),
    ],
)
def test_the_page_is_called_as_the_catalogue_calls_the_dataset(lines: bytes, title: str) -> None:
    kind = (
        b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/sparql-service-description#Dataset>"
    )
    data = page_data(Dataset((lines + b"<https://x.org/dataset> " + kind + b" .\n").splitlines(keepends=True)))
    assert data["title"] == title
    assert data["base"] == "https://x.org/"


def test_the_page_of_the_real_corpus_is_small_enough(corpus_result: kbgraph.BuildResult) -> None:
    assert len(page_of(corpus_result.graph)) < MEGABYTES * 1_000_000
