"""`kb:line`: the line of an entity as a value of a query, and the query without it for those who do not know it."""

from __future__ import annotations

import pytest

from kbgraph.graph import KnowledgeGraph
from kbgraph.query.functions import without_functions
from kbgraph.query.tokens import tokens_of

FACT = "<https://kb.example/article/ai/attention#fact-attention-003>"


def line(graph: KnowledgeGraph, expression: str) -> object:
    rows = graph.query(f"SELECT ({expression} AS ?line) {{ }}")
    assert not isinstance(rows, bool)
    return rows[0].line


def test_an_entity_has_the_line_at_which_it_was_written(seeds_graph: KnowledgeGraph) -> None:
    assert line(seeds_graph, f"kb:line({FACT})") == 34
    assert line(seeds_graph, f"<https://w3id.org/kbgraph/ns#line>({FACT})") == 34
    assert line(seeds_graph, "kb:line(<article/ai/attention#_ref-1>)") == 61
    assert line(seeds_graph, f"kb:line({FACT}) + 1") == 35
    assert line(seeds_graph, f"DATATYPE(kb:line({FACT}))") == "http://www.w3.org/2001/XMLSchema#integer"


@pytest.mark.parametrize(
    "arguments", ["", f"{FACT}, {FACT}", '"text"', "<source/rfc/9110>", "<article/ai/attention#nothing>", "?x"]
)
def test_whatever_has_no_line_gives_no_value(seeds_graph: KnowledgeGraph, arguments: str) -> None:
    assert line(seeds_graph, f"kb:line({arguments})") is None


def test_another_function_is_still_a_mistake(seeds_graph: KnowledgeGraph) -> None:
    with pytest.raises(Exception, match="ns#column> is not supported"):
        line(seeds_graph, f"kb:column({FACT})")


@pytest.mark.parametrize(
    ("query", "without"),
    [
        ("ASK { ?f a kb:Fact }", "ASK { ?f a kb:Fact }"),
        ("SELECT (kb:line(?f) AS ?l) { ?f a kb:Fact }", "SELECT (?none AS ?l) { ?f a kb:Fact }"),
        ("SELECT * { BIND(kb:line ( IRI(STR(?f)) ) AS ?l) }", "SELECT * { BIND(?none AS ?l) }"),
        ("SELECT * { FILTER(kb:line(?f)>kb:line(?g)) }", "SELECT * { FILTER(?none>?none) }"),
        ("SELECT * { FILTER(kb:line(kb:line(?f)) = 1) }", "SELECT * { FILTER(?none = 1) }"),
        ("SELECT (kb:line(?none) AS ?l) {}", "SELECT (?none_ AS ?l) {}"),
        ("SELECT * { FILTER(<https://w3id.org/kbgraph/ns#line>(?f)) }", "SELECT * { FILTER(?none) }"),
        (
            "PREFIX k: <https://w3id.org/kbgraph/ns#> SELECT (k:line(?f) AS ?l) {}",
            "PREFIX k: <https://w3id.org/kbgraph/ns#> SELECT (?none AS ?l) {}",
        ),
        (
            "PREFIX kb: <https://other.example/> SELECT (kb:line(?f) AS ?l) {}",
            "PREFIX kb: <https://other.example/> SELECT (kb:line(?f) AS ?l) {}",
        ),
        ("SELECT * { ?f kb:line ?l . # kb:line(?f)\n }", "SELECT * { ?f kb:line ?l . # kb:line(?f)\n }"),
        ('SELECT ("kb:line(?f)" AS ?l) {}', 'SELECT ("kb:line(?f)" AS ?l) {}'),
        ("SELECT (kb:line(?f", "SELECT (kb:line(?f"),
    ],
)
def test_a_function_is_taken_out_and_nothing_else(query: str, without: str) -> None:
    assert without_functions(query, tokens_of(query)) == without
