"""What a query may not ask for, however it is spelt; and names that only look like it."""

from __future__ import annotations

import pytest

from kbgraph.config import Limits
from kbgraph.errors import LimitError, UsageError
from kbgraph.query.evaluation import checked_query
from kbgraph.query.guard import dataset_names
from kbgraph.query.tokens import tokens_of

LIMITS = Limits()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://169.254.169.254/x> { ?s ?p ?o } }",
        "SELECT * { sErViCe<http://x/>{} }",
        "SELECT * { SERVICE SILENT ?where { ?s ?p ?o } }",
        "SELECT * { SERVICESILENT?where{} }",
        "SELECT * { ?s ?p ?o.SERVICE ex:a { } }",
        "SELECT * { ?s ?p 1SERVICE<http://x/>{} }",
        "SELECT * { FILTER(1 = trueSERVICE<http://x/>{}) }",
        "SELECT * { FILTER(true)SERVICEex:there{ } }",
        "SELECT * { SERVICE:there{ } }",
        "SELECT * { { SELECT * { SERVICE <http://x/> { } } } }",
        "ASK { FILTER EXISTS { SERVICE <http://x/> { } } }",
        "SELECT * { # a comment\rSERVICE <http://x/> { } }",
        "SELECT * { ?s ?p 'it''s' SERVICE <http://x/> { } }",
        "SELECT * { FILTER(?a<?b)SERVICE?x{} }",
    ],
)
def test_service_is_refused_in_every_spelling(query: str) -> None:
    with pytest.raises(UsageError, match=r"SERVICE would ask another machine"):
        checked_query(query, LIMITS)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ex:service ?o }",
        "SELECT * { ?service ?SERVICE '# SERVICE <http://x/> {' }",
        "SELECT * { ?s ?p ?o } # SERVICE <http://x/> { }",
        "SELECT * { ?s ?p <http://x/SERVICE> }",
        'SELECT * { ?s ?p """ " SERVICE <http://x/> { } """ }',
        "SELECT * { GRAPH service:g { ?s service:p ?o } }",
        "SELECT * { ?s ?p 'x'@service ; ?q _:service }",
    ],
)
def test_what_only_looks_like_service_is_no_such_thing(query: str) -> None:
    assert checked_query(query, LIMITS)


@pytest.mark.parametrize(
    "query", [r"SELECT * { \u0053ERVICE <http://x/> { } }", r"\u0053ELECT * { }", "SELECT * { S\\u0045RVICE <x> {} }"]
)
def test_escapes_outside_of_texts_and_iris_begin_no_word(query: str) -> None:
    with pytest.raises(UsageError, match="has no place here"):
        checked_query(query, LIMITS)


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <a:a> <a:a> <a:a> }",
        "PREFIX a: <http://a/> DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://x/>",
        "# nothing\nload silent <http://x/>",
        "CLEAR ALL",
        "DROP GRAPH <http://x/>",
        "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_updates_are_refused(query: str) -> None:
    with pytest.raises(UsageError, match="a query never writes"):
        checked_query(query, LIMITS)


def test_the_place_of_what_is_refused_is_pointed_at() -> None:
    with pytest.raises(UsageError) as refused:
        checked_query("SELECT *\n{ ?s ?p ?o .\n  SERVICE <http://x/> {} }", LIMITS)
    said = str(refused.value).splitlines()
    assert said[0].startswith("query:3:3: SERVICE would ask")
    assert said[1:] == ["    3 |   SERVICE <http://x/> {} }", "      |   ^^^^^^^"]


@pytest.mark.parametrize("query", ["", "  \n", "# only a comment", "PREFIX a: <http://a/>", "BASE"])
def test_nothing_is_no_query(query: str) -> None:
    with pytest.raises(UsageError, match="there is no query"):
        checked_query(query, LIMITS)


def test_a_query_that_is_too_long_or_too_deep_is_stopped() -> None:
    with pytest.raises(LimitError, match="query_chars"):
        checked_query("ASK {}" + " " * 300_000, LIMITS)
    with pytest.raises(LimitError, match="query_depth"):
        checked_query("ASK " + "{" * 101, LIMITS)
    assert checked_query("ASK " + "{" * 100 + "}" * 100, LIMITS)


@pytest.mark.parametrize("piece", [".-a", "a.", "a:b ", "<", '"""a""', "'", "{", "\\", "é-", "..", "_:b."])
def test_the_worst_of_texts_are_read_in_a_moment(piece: str) -> None:
    try:
        found = len(tokens_of(piece * (60_000 // len(piece))))
    except UsageError:
        found = 0
    assert found >= 0


def test_the_graphs_of_a_dataset_are_those_behind_from() -> None:
    tokens = tokens_of("SELECT * FROM <a:a> from named ex:b WHERE { ?from ?p 'FROM <c:c>' }")
    assert [token.text for token in dataset_names(tokens)] == ["<a:a>", "ex:b"]
