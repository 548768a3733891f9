"""Values of variables: read by their form, and put into a query as terms."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from kbgraph.config import Limits
from kbgraph.errors import UsageError
from kbgraph.query.bindings import XSD, Value, bound, value_of
from kbgraph.query.evaluation import USUAL_PREFIXES, evaluate
from kbgraph.store import Opened

S, P = NamedNode("https://kb.example/s"), NamedNode("https://kb.example/p")


def store_of(*quads: Quad) -> Store:
    store = Store()
    store.extend(quads)
    return store


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("<https://x.example/a>", "<https://x.example/a>"),
        ("<article/ai/attention>", "<https://kb.example/article/ai/attention>"),
        ("schema:Person", "<https://schema.org/Person>"),
        ("https://x.example/a?b=c", "<https://x.example/a?b=c>"),
        ('"text"', '"text"'),
        ('"text"@en', '"text"@en'),
        ('"MMXX"^^xsd:gYear', f'"MMXX"^^<{XSD}gYear>'),
        ('"say "no""', '"say \\"no\\""'),
        ("12", f'"12"^^<{XSD}integer>'),
        ("-1.50", f'"-1.50"^^<{XSD}decimal>'),
        ("1e3", f'"1e3"^^<{XSD}double>'),
        ("true", f'"true"^^<{XSD}boolean>'),
        ("2026-01-31", f'"2026-01-31"^^<{XSD}date>'),
        ("2026-01-31T10:00:00Z", f'"2026-01-31T10:00:00Z"^^<{XSD}dateTime>'),
        ("just text", '"just text"'),
        ("note: this", '"note: this"'),
        ("", '""'),
        ('a\n"\\\x1b', '"a\\n\\"\\\\\\u001B"'),
    ],
)
def test_a_value_is_read_by_its_form(given: str, expected: str) -> None:
    assert value_of(given, USUAL_PREFIXES, base="https://kb.example/").written() == expected


@pytest.mark.parametrize(
    ("given", "kind", "expected"),
    [
        ("12", "text", '"12"'),
        ("schema:Person", "text", '"schema:Person"'),
        ("article/ai/attention", "iri", "<https://kb.example/article/ai/attention>"),
        ("schema:Person", "iri", "<https://schema.org/Person>"),
        ("12", "number", f'"12"^^<{XSD}integer>'),
        ("2026-01-31", "date", f'"2026-01-31"^^<{XSD}date>'),
    ],
)
def test_a_value_of_a_known_kind_needs_no_marks(given: str, kind: str, expected: str) -> None:
    assert value_of(given, USUAL_PREFIXES, kind=kind, base="https://kb.example/").written() == expected


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("<a b>", ""),
        ("<open", ""),
        ("a b", "iri"),
        ("x", "number"),
        ("today", "date"),
        ('"x"^^nope:x', ""),
        ("\udc80", ""),
    ],
)
def test_what_is_no_such_value_is_refused(given: str, kind: str) -> None:
    with pytest.raises(UsageError):
        value_of(given, USUAL_PREFIXES, kind=kind)


@settings(deadline=None, max_examples=150)
@given(st.text(st.characters(blacklist_categories=["Cs"])))
def test_whatever_a_text_holds_it_stays_one_literal(text: str) -> None:
    store = store_of(Quad(S, P, Literal(text)), Quad(S, P, Literal(text + "x")))
    answer = evaluate(
        Opened(store, ""), "SELECT ?s { ?s ?p ?v }", values={"v": Value("literal", text)}, limits=Limits()
    )
    assert answer.rows == ((Value("iri", S.value),),)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?s { ?s ?p ?v }", 1),
        ("SELECT ?s { { SELECT ?s { ?s ?p ?v } } }", 1),
        ("SELECT (COUNT(?s) AS ?n) { ?s ?p ?v }", 1),
        ("SELECT ?s { ?s ?p ?o FILTER(?o = ?v) }", 1),
        ("SELECT ?s { ?s ?p ?o OPTIONAL { ?s ?q ?v } FILTER(BOUND(?v)) }", 2),
        ("SELECT ?s { ?s ?p ?o FILTER NOT EXISTS { ?s ?q ?v } }", 0),
        ("SELECT ?s { VALUES (?v ?w) { (1 2) (2 3) } ?s ?p ?v }", 1),
        ("SELECT ?s { ?s ?p ?o MINUS { ?s ?q ?v } }", 0),
        ("CONSTRUCT { ?s ?p ?v } WHERE { ?s ?p ?v }", 1),
    ],
)
def test_a_value_holds_wherever_its_variable_is_used(query: str, expected: int) -> None:
    store = store_of(Quad(S, P, Literal(1)), Quad(S, P, Literal(2)))
    answer = evaluate(Opened(store, ""), query, values={"v": value_of("1", {})}, limits=Limits())
    assert len(answer.rows or answer.triples or ()) == expected


def test_describe_takes_a_value_without_a_pattern() -> None:
    store = store_of(Quad(S, P, Literal(1)))
    answer = evaluate(Opened(store, ""), "DESCRIBE ?x", values={"x": Value("iri", S.value)}, limits=Limits())
    assert len(answer.triples or ()) == 1


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT ?s { ?s ?p ?o }", r"no variable \?v; it has \?o, \?p, \?s"),
        ("ASK { <a:a> <a:b> '?v' }", r"no variable \?v; it has none"),
        ("SELECT (1 AS ?v) { }", "gives .v a value itself"),
        ("CONSTRUCT WHERE { ?s ?p ?v }", "need the long form of CONSTRUCT"),
    ],
)
def test_a_value_that_cannot_be_given_is_refused(query: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        bound(query, {"v": Value("literal", "x")})
