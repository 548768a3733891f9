"""Where the mistake in a query is."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Store

from kbgraph.config import Limits
from kbgraph.errors import UsageError
from kbgraph.query.bindings import Value
from kbgraph.query.evaluation import evaluate
from kbgraph.query.grammar import first_mistake
from kbgraph.query.tokens import tokens_of
from kbgraph.store import Opened


def said_of(query: str, **values: Value) -> str:
    with pytest.raises(UsageError) as refused:
        evaluate(Opened(Store(), "https://kb.example/"), query, values=values, limits=Limits())
    return str(refused.value)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * WHERE { ?s ?p }", "query:1:24: } has no place here"),
        ("SELECT ?s\nWHERE ?s a kb:Fact }", "query:2:7: ?s has no place here; { is expected"),
        ("SELECT ?s { ?s a kb:Fact", "query:1:25: the query ends too early"),
        ("SELECT (COUNT(?x) ) {}", "query:1:19: ) has no place here"),
        ("SELECT ?s {} ORDER DESC(?s)", "query:1:20: DESC has no place here; BY is expected"),
        ("SELECT ?s { FILTER(strlen(?s) < ) }", "query:1:33: ) has no place here"),
        ("SELECT ?s { FILTER(FOO(?s)) }", "query:1:20: FOO has no place here"),
        ("ASK { ?s a kb:Fact } }", "query:1:22: } has no place here"),
        ("ASK {\n  ?s foo:bar ?o }", "query:2:6: the prefix foo: is not declared"),
        ("SELEKT ?s {}", "query:1:1: a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, not with 'SELEKT'"),
        ('ASK { ?s ?p "open }', "query:1:13: this text has no closing quote"),
        ("SELECT ?x ?y { ?x a ?z } GROUP BY ?z", "query:1:37: The SELECT contains a variable that is unbound"),
    ],
)
def test_a_mistake_is_pointed_at(query: str, expected: str) -> None:
    assert said_of(query).splitlines()[0] == expected


def test_the_place_is_that_in_the_users_text_whatever_is_put_in() -> None:
    said = said_of("SELECT ?s { ?s a ?kind . FILTER( }", kind=Value("iri", "https://schema.org/Person"))
    assert said.splitlines() == [
        "query:1:34: } has no place here",
        "    1 | SELECT ?s { ?s a ?kind . FILTER( }",
        "      |                                  ^",
    ]


def test_escape_sequences_in_a_query_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in said_of("ASK { '\x1b[31m' \x1b[31m ?x }")


def test_a_long_line_is_shown_in_part() -> None:
    said = said_of("ASK { " + "?s ?p ?o . " * 1000 + "} }").splitlines()
    assert max(map(len, said)) < 200
    assert said[2].index("^") == said[1].rindex("}")


def test_queries_with_names_are_within_the_grammar(root: Path) -> None:
    # Each ends where a token is missing, and no sooner: the grammar knows whatever they use.
    for path in (root / "queries").glob("*.rq"):
        text = path.read_text(encoding="utf-8")
        cut = text.rstrip()
        cut = cut[: cut.rindex("}")]
        said = first_mistake(cut, tokens_of(cut), {}, "")
        assert "the query ends too early" in said, path.name


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s { ?s (a|^kb:x/kb:y*)+ [ kb:z (1 -2.5 'a'@en 'x'^^xsd:date) ], <x> , () , [] . [] a kb:Fact }",
        "SELECT (MAX(?x) AS ?y) {} GROUP BY (?a+1 AS ?b) HAVING(?x > 1) ORDER BY DESC(?y) ?b LIMIT 1 OFFSET 2",
        "SELECT * { { ?a ?b ?c } UNION { } MINUS { ?a ?b ?c } OPTIONAL { ?a !(kb:x|^kb:y) ?c } GRAPH ?g { } }",
        "SELECT * { VALUES (?a ?b) { (1 UNDEF) } BIND(IF(?a IN (1, 2), <x>, ?b) AS ?c) FILTER NOT EXISTS { ?a ?b ?c } }",
        "SELECT (GROUP_CONCAT(DISTINCT ?s; SEPARATOR=', ') AS ?t) (COUNT(*) AS ?n) { ?s ?p ?o }",
        "CONSTRUCT WHERE { ?s ?p ?o . } LIMIT 1",
        "DESCRIBE <x> ?y { ?y a kb:Fact ; schema:name 'é' , '''a'b''' ; }",
        "BASE <http://b/> PREFIX x: <y> ASK FROM <g> FROM NAMED x:h { ?s ?p ?o FILTER(REGEX(?o, 'a') && -?o <= +1 || !BOUND(?s)) }",
    ],
)
def test_the_grammar_takes_what_oxigraph_takes(query: str) -> None:
    Store().query(query, base_iri="https://kb.example/", prefixes={"kb": "k:", "schema": "s:", "xsd": "x:"})
    said = first_mistake(query, tokens_of(query), {"kb": "", "schema": "", "xsd": "", "x": ""}, "nothing")
    assert said == "the query is not well formed: nothing"
