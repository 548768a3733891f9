"""Parquet tables: the nodes and edges of the network, and articles, facts, references and sources in plain words."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date
from functools import cache
from importlib import util
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse
from tests.hostile.together import hostile_graph

import kbgraph
from kbgraph import Settings, UsageError
from kbgraph.columns import column_of, kind_of, relationship_type, tables_of
from kbgraph.export import chosen_formats
from kbgraph.export.analysis import COLUMNS
from kbgraph.export.parquet import write_parquet
from kbgraph.graph import KnowledgeGraph, sorted_lines
from kbgraph.network import article_links, article_sources, to_networkx
from kbgraph.parts import loaded
from kbgraph.terms import KB, RDF, SCHEMA, XSD

BASE = "https://kb.example/"
A = NamedNode(f"{BASE}article/a")
NAMES = ("nodes", "edges", *COLUMNS)

Rows = list[dict[str, Any]]


def files_of(graph: KnowledgeGraph) -> dict[str, bytes]:
    return {name: b"".join(loaded(chunks)) for name, chunks in write_parquet(graph, Settings())}


def rows_in(graph: KnowledgeGraph) -> dict[str, Rows]:
    """The rows of each table."""
    return {
        name.removesuffix(".parquet"): pl.read_parquet(io.BytesIO(data)).to_dicts()
        for name, data in files_of(graph).items()
    }


@pytest.fixture(scope="module")
def seeds(seeds_graph: KnowledgeGraph) -> dict[str, Rows]:
    return rows_in(seeds_graph)


@cache
def hostile() -> dict[str, Rows]:
    return rows_in(hostile_graph())


@pytest.mark.parametrize("which", ["seeds", "hostile"])
def test_nodes_and_edges_are_those_of_the_network(
    seeds_graph: KnowledgeGraph, seeds: dict[str, Rows], which: str
) -> None:
    tables, graph = (seeds, seeds_graph) if which == "seeds" else (hostile(), hostile_graph())
    network = to_networkx(graph)
    nodes = {row["iri"]: row for row in tables["nodes"]}
    assert len(nodes) == len(tables["nodes"])
    assert {iri: (row["type"], row["label"]) for iri, row in nodes.items()} == {
        iri: (data["type"], data["label"]) for iri, data in network.nodes(data=True)
    }
    assert {tuple(row.values()) for row in tables["edges"]} == {
        (start, end, data["relation"], data["iri"], key)
        for start, end, key, data in network.edges(keys=True, data=True)
    }
    assert len(tables["edges"]) == network.number_of_edges()


@pytest.mark.parametrize("which", ["seeds", "hostile"])
def test_every_article_fact_reference_and_source_has_one_row(
    seeds_graph: KnowledgeGraph, seeds: dict[str, Rows], which: str
) -> None:
    tables, graph = (seeds, seeds_graph) if which == "seeds" else (hostile(), hostile_graph())
    for name, kind in {
        "articles": KB.Article,
        "facts": KB.Fact,
        "references": KB.SourceReference,
        "sources": KB.Source,
    }.items():
        described = {quad.subject.value for quad in graph if (quad.predicate, quad.object) == (RDF.type, kind)}  # type: ignore[union-attr]
        assert Counter(row["iri"] for row in tables[name]) == Counter(described)
        assert described


def test_an_article_of_the_seeds_is_a_row_of_plain_words(seeds: dict[str, Rows], root: Path) -> None:
    rows = {row["path"]: row for row in seeds["articles"]}
    row = rows["ai/attention.md"]
    text = (root / "seeds" / "ai" / "attention.md").read_bytes().decode()
    assert text.endswith("---\n" + row["body"])
    assert {
        name: row[name] for name in ("identifier", "title", "category", "confidence", "completeness", "ai_models")
    } == {
        "identifier": "attention",
        "title": "Attention in Neural Networks",
        "category": "ai",
        "confidence": "high",
        "completeness": 0.6,
        "ai_models": ["claude-opus"],
    }
    assert (row["created"], row["last_verified"]) == (date(2026, 4, 2), date(2026, 8, 9))
    assert (row["generation_method"], row["conflict_of_interest"]) == ("ai_structured", "none_declared")
    assert (row["facts"], row["references"], row["is_live_document"]) == (5, 3, False)
    assert len(rows) == len(list((root / "seeds").rglob("*.md")))


def test_articles_name_their_sources_and_each_other(seeds_graph: KnowledgeGraph, seeds: dict[str, Rows]) -> None:
    cited = {(row["iri"], source) for row in seeds["articles"] for source in row["sources"]}
    assert cited == set(article_sources(seeds_graph).edges())
    linked = {(row["iri"], other) for row in seeds["articles"] for other in row["related_articles"]}
    assert linked == set(article_links(seeds_graph).edges())


def test_facts_and_references_belong_to_articles_and_sources(seeds: dict[str, Rows]) -> None:
    articles = {row["iri"]: row for row in seeds["articles"]}
    references = {row["iri"]: row for row in seeds["references"]}
    sources = {row["iri"] for row in seeds["sources"]}
    assert Counter(row["article"] for row in seeds["facts"]) == Counter(
        {iri: row["facts"] for iri, row in articles.items() if row["facts"]}
    )
    for row in seeds["facts"]:
        assert row["statement"]
        assert set(row["sources"]) <= sources
        assert all(references[each]["article"] == row["article"] for each in row["references"])
    assert {row["source"] for row in references.values()} <= sources
    assert {row["list"] for row in references.values()} == {"primary", "secondary"}
    first = references[f"{BASE}article/ai/attention#_ref-1"]
    assert (first["title"], first["type"], first["year"]) == ("Attention Is All You Need", "conference_paper", 2017)
    assert first["authors"][:2] == ["Ashish Vaswani", "Noam Shazeer"]
    assert first["authors"][-1] == "Illia Polosukhin"


def test_a_source_is_a_row_of_plain_words(seeds: dict[str, Rows]) -> None:
    row = next(each for each in seeds["sources"] if each["iri"] == f"{BASE}source/arxiv/1409.0473")
    assert row["title"] == "Neural Machine Translation by Jointly Learning to Align and Translate"
    assert (row["year"], row["publisher"], row["identifiers"]) == (2015, "ICLR", ["arxiv:1409.0473"])
    assert "Kyunghyun Cho" in row["authors"]


# ---- columns


@pytest.mark.parametrize(
    ("literal", "value", "other"),
    [
        (Literal("7", datatype=XSD.integer), 7, None),
        (Literal("-7", datatype=XSD.integer), -7, None),
        (Literal("7"), None, ['"7"']),
        (Literal("99999999999999999999", datatype=XSD.integer), None, [f'"99999999999999999999"^^{XSD.integer}']),
    ],
)
def test_a_whole_number_is_one_or_stands_aside(literal: Literal, value: object, other: object) -> None:
    (row,) = tables_of([Quad(A, SCHEMA.position, literal)]).rows
    assert (row.get("position"), row.get("position_other")) == (value, other)


@pytest.mark.parametrize(
    ("text", "kind", "value", "beside"),
    [
        ("2026-01-02", XSD.date, "2026-01-02", False),
        ("2026-01-02T10:00:00", XSD.dateTime, "2026-01-02", True),
        ("2026-01-02Z", XSD.date, "2026-01-02", True),
        ("2026-02-30", XSD.date, None, True),
        ("-0001-01-01", XSD.date, None, True),
        ("2026", XSD.gYear, None, True),
        ("2026-01-02", XSD.string, None, True),
    ],
)
def test_a_date_is_a_day_and_the_rest_stands_beside_it(text: str, kind: NamedNode, value: object, beside: bool) -> None:
    (row,) = tables_of([Quad(A, SCHEMA.dateCreated, Literal(text, datatype=kind))]).rows
    assert row.get("dateCreated") == value
    assert ("dateCreated_other" in row) is beside


@pytest.mark.parametrize(
    ("text", "exact"), [("0.3", True), ("1", True), ("0.1000000000000000055511151231257827", False)]
)
def test_a_number_that_a_double_cannot_hold_stands_beside_it(text: str, exact: bool) -> None:
    dqv_value = NamedNode("http://www.w3.org/ns/dqv#value")
    (row,) = tables_of([Quad(A, dqv_value, Literal(text, datatype=XSD.decimal))]).rows
    assert row["dqv_value"] == float(text)
    assert ("dqv_value_other" in row) is not exact


def test_no_two_properties_of_the_model_share_a_column(root: Path) -> None:
    """The terms of our own vocabulary and those of schema.org go by their names alone."""
    own = {
        quad.subject.value
        for quad in parse(path=str(root / "ontology" / "kbgraph.ttl"), format=RdfFormat.TURTLE)
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(KB.iri)
    }
    assert len(own) > 20
    names = {each.removeprefix(KB.iri) for each in own}
    used = {
        quad.predicate.value.removeprefix(SCHEMA.iri)
        for quad in hostile_graph()
        if quad.predicate.value.startswith(SCHEMA.iri)
    }
    assert names & used == {"digitalSourceType"}, "and this one is a relation of concepts"


def test_properties_that_we_do_not_know_have_columns_of_their_own() -> None:
    one, other = (column_of(f"https://example.org/{name}") for name in ("a-b", "a_b"))
    assert one != other
    assert column_of("schema:name") == "name"
    assert relationship_type("https://example.org/a-b").startswith("HTTPS___EXAMPLE_ORG_A_B_")


# ---- files


def test_pandas_and_polars_read_every_table(tmp_path: Path, root: Path) -> None:
    kbgraph.build(root / "seeds", out=tmp_path, settings=Settings(jobs=1, formats=("parquet",)))
    folder = tmp_path / "tables"
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{name}.parquet" for name in NAMES)
    for name in NAMES:
        frame, other = pd.read_parquet(folder / f"{name}.parquet"), pl.read_parquet(folder / f"{name}.parquet")
        assert list(frame.columns) == other.columns
        assert len(frame) == len(other) > 0
        assert list(frame[frame.columns[0]]) == other[other.columns[0]].to_list()
    facts = pl.read_parquet(folder / "facts.parquet")
    assert facts.schema["last_verified"] == pl.Date
    assert facts.schema["sources"] == pl.List(pl.String)
    assert facts.schema["position"] == pl.Int64


def test_tables_of_nothing_have_all_their_columns() -> None:
    tables = files_of(KnowledgeGraph(BASE, {}))
    for name, columns in COLUMNS.items():
        table = pq.read_table(io.BytesIO(tables[f"{name}.parquet"]))
        assert (table.column_names, table.num_rows) == (list(columns), 0)


def test_a_large_table_is_written_in_groups(monkeypatch: pytest.MonkeyPatch, seeds_graph: KnowledgeGraph) -> None:
    whole = rows_in(seeds_graph)
    monkeypatch.setattr("kbgraph.export.parquet._ROWS", 100)
    files = files_of(seeds_graph)
    assert pq.ParquetFile(io.BytesIO(files["nodes.parquet"])).num_row_groups == -(-len(whole["nodes"]) // 100)
    assert rows_in(seeds_graph) == whole


def test_the_same_graph_gives_the_same_bytes(seeds_graph: KnowledgeGraph) -> None:
    again = KnowledgeGraph(
        BASE, {name: sorted_lines(seeds_graph.quads(name)) for name in reversed(seeds_graph.graph_names)}
    )
    assert files_of(seeds_graph) == files_of(again)


def test_who_has_no_pyarrow_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kbgraph.export.find_spec", lambda name: None if name == "pyarrow" else util.find_spec(name))
    with pytest.raises(UsageError, match=r"'parquet' needs pyarrow: pip install 'kbgraph\[parquet\]'"):
        chosen_formats(["parquet"])
    assert chosen_formats(["nq"])


def test_columns_hold_what_their_names_say() -> None:
    assert {
        name: kind_of(name) for name in ("position", "year", "name", "keywords", "name_other", "keywords_lang")
    } == {
        "position": "int",
        "year": "int",
        "name": "text",
        "keywords": "texts",
        "name_other": "texts",
        "keywords_lang": "texts",
    }
