"""Answers in Python."""

from __future__ import annotations

import pickle
from datetime import date

import pytest

from kbgraph import KnowledgeGraph
from kbgraph.errors import UsageError
from kbgraph.query.rows import Iri, Rows

QUERY = """SELECT ?article ?name ?day ?completeness ?nothing {
  ?article a kb:Article ; schema:name ?name ; schema:lastReviewed ?day .
  OPTIONAL { ?article dqv:hasQualityMeasurement/dqv:value ?completeness }
} ORDER BY ?article"""


def rows_of(graph: KnowledgeGraph, query: str = QUERY, **params: object) -> Rows:
    found = graph.query(query, **params)
    assert isinstance(found, Rows)
    return found


def test_a_row_has_values_of_python(seeds_graph: KnowledgeGraph) -> None:
    row = rows_of(seeds_graph)[0]
    assert row.article == row["article"] == row[0] == "https://kb.example/article/ai/attention"
    assert isinstance(row.article, Iri)
    assert isinstance(row.day, date)
    assert row.nothing is None
    assert row.to_dict() == dict(zip(("article", "name", "day", "completeness", "nothing"), row, strict=True))
    with pytest.raises(AttributeError, match=r"no variable \?nam; there are article, name"):
        _ = row.nam
    with pytest.raises(KeyError):
        row["nam"]


def test_rows_are_a_sequence_that_does_not_change(seeds_graph: KnowledgeGraph) -> None:
    rows = rows_of(seeds_graph)
    assert rows == rows_of(seeds_graph)
    assert len(rows[1:3]) == 2
    assert len(rows.to_dicts()) == len(rows) == 14
    with pytest.raises(TypeError):
        rows[0] = rows[1]  # type: ignore[index]


def test_frames_have_typed_columns(seeds_graph: KnowledgeGraph) -> None:
    rows = rows_of(seeds_graph)
    pandas, polars = rows.to_dataframe(), rows.to_polars()
    assert list(pandas.columns) == polars.columns == list(rows.variables)
    assert pandas["day"][0] == polars["day"][0] == rows[0].day
    assert str(polars["day"].dtype) == "Date"
    assert pandas.shape == polars.shape == (14, 5)
    empty = rows_of(seeds_graph, "SELECT ?a ?b { ?a kb:never ?b }")
    assert empty.to_dataframe().shape == empty.to_polars().shape == (0, 2)


def test_a_notebook_shows_a_table_that_does_nothing(seeds_graph: KnowledgeGraph) -> None:
    shown = rows_of(seeds_graph, "SELECT ?x { BIND('<script>alert(1)</script>' AS ?x) }")._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "the first 50" in rows_of(seeds_graph, "SELECT ?s { ?s ?p ?o }")._repr_html_()


def test_ask_is_a_truth_and_construct_gives_triples(seeds_graph: KnowledgeGraph) -> None:
    assert seeds_graph.query("ASK { ?a a ?kind }", kind="kb:Article") is True
    assert seeds_graph.query("ASK { ?a a ?kind }", kind=Iri("https://kb.example/none")) is False
    made = rows_of(seeds_graph, "CONSTRUCT { ?a schema:name ?n } WHERE { ?a a kb:Article ; schema:name ?n }")
    assert made.variables == ("subject", "predicate", "object")
    assert {row.predicate for row in made} == {"https://schema.org/name"}
    assert list(made) == sorted(made, key=lambda row: row.subject)


@pytest.mark.parametrize(
    ("given", "expected"), [(3, 3), (0.5, 0.5), (True, True), (date(2026, 1, 31), date(2026, 1, 31)), ("a b", "a b")]
)
def test_a_value_of_python_comes_back_as_it_was(seeds_graph: KnowledgeGraph, given: object, expected: object) -> None:
    assert rows_of(seeds_graph, "SELECT ?x ?y { BIND(?x AS ?y) }", x=given)[0].y == expected


def test_what_may_not_be_asked_is_refused_here_too(seeds_graph: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="SERVICE would ask"):
        seeds_graph.query("SELECT * { SERVICE <http://x/> { } }")
    with pytest.raises(UsageError, match="cannot be a list"):
        seeds_graph.query("ASK { ?s ?p ?x }", x=[1])


def test_a_graph_that_was_asked_can_still_be_sent_to_a_process(seeds_graph: KnowledgeGraph) -> None:
    seeds_graph.query("ASK { }")
    assert len(pickle.loads(pickle.dumps(seeds_graph))) == len(seeds_graph)


def test_queries_see_the_union_unless_they_name_a_dataset(seeds_graph: KnowledgeGraph) -> None:
    count = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"
    union = rows_of(seeds_graph, count.format(""))[0].n
    sources = rows_of(seeds_graph, count.format("FROM <graph/sources>"))[0].n
    named = rows_of(seeds_graph, "SELECT (COUNT(*) AS ?n) { GRAPH <graph/sources> { ?s ?p ?o } }")[0].n
    both = rows_of(seeds_graph, count.format("FROM <graph/sources> FROM <graph/agents>"))[0].n
    assert union == len(set(seeds_graph.triples()))
    assert 0 < sources == named < both < union
    assert rows_of(seeds_graph, count.format("FROM NAMED <graph/sources>"))[0].n == 0
    with pytest.raises(UsageError, match=r"query:1:30: the dataset holds no such graph"):
        seeds_graph.query(count.format("FROM <http://x.example/g>"))
