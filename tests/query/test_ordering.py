"""Rows in order: as Oxigraph orders them, or left to it."""

from __future__ import annotations

from collections.abc import Iterable
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from kbgraph.config import Limits
from kbgraph.query import evaluation
from kbgraph.query.answers import Answer
from kbgraph.query.bindings import XSD, Value
from kbgraph.query.evaluation import evaluate
from kbgraph.query.ordering import Condition, Order, order_of, rows_in_order
from kbgraph.query.tokens import tokens_of
from kbgraph.store import Opened

TEXTS = st.text("aAbé√ß🙂 \n1", max_size=3)
KINDS = {
    "IRIs": st.sampled_from("abcé").map(lambda text: NamedNode(f"https://kb.example/{text}")),
    "texts": TEXTS.map(Literal),
    "texts of a language": TEXTS.map(lambda text: Literal(text, language="en")),
    "numbers": st.integers(-20, 20).map(Literal)
    | st.decimals(-3, 3, places=1).map(lambda one: Literal(str(one), datatype=NamedNode(f"{XSD}decimal"))),
    "doubles": st.floats(allow_nan=False).map(Literal),
    "truths": st.booleans().map(Literal),
    "dates": st.dates().map(lambda day: Literal(day.isoformat(), datatype=NamedNode(f"{XSD}date"))),
    "years": st.integers(0, 9999).map(lambda year: Literal(f"{year:04}", datatype=NamedNode(f"{XSD}gYear"))),
    "zones": st.sampled_from(["2026-01-02+14:00", "2026-01-01Z"]).map(
        lambda day: Literal(day, datatype=NamedNode(f"{XSD}date"))
    ),
}
P, Q = NamedNode("https://kb.example/p"), NamedNode("https://kb.example/q")
QUERY = "SELECT ?s ?v ?w { ?s <https://kb.example/p> ?v OPTIONAL { ?s <https://kb.example/q> ?w } }"


def stored(quads: Iterable[Quad]) -> Store:
    store = Store()
    store.extend(quads)
    return store


def answered(store: Store, text: str, most: int | None = None) -> Answer:
    return evaluate(Opened(store, ""), text, values={}, limits=Limits(), most=most)


def answered_by_oxigraph(store: Store, text: str, most: int | None = None) -> Answer:
    with patch.object(evaluation, "order_of", lambda _: None):
        return answered(store, text, most)


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None)
@given(data=st.data())
def test_rows_come_in_the_order_of_oxigraph(kind: str, data: st.DataObject) -> None:
    store = Store()
    for number, value in enumerate(data.draw(st.lists(KINDS[kind] | KINDS["IRIs"], max_size=8))):
        subject = NamedNode(f"https://kb.example/{number}")
        store.add(Quad(subject, P, value))
        if number % 3:
            store.add(Quad(subject, Q, value))
    way = data.draw(st.sampled_from(["?v", "DESC(?v)", "?w DESC(?v)", "DESC(STR(?w))", "ASC(LANG(?v)) STR(?v)"]))
    text = f"{QUERY} ORDER BY {way} ?s"
    assert answered(store, text) == answered_by_oxigraph(store, text)
    assert answered(store, text, 2) == answered_by_oxigraph(store, text, 2)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s ?p ?o }",
        "SELECT * { ?s ?p ?o }",
        "SELECT * { { SELECT ?s { ?s ?p ?o } ORDER BY ?s } }",
        "SELECT * { ?s ?p ?o } ORDER BY ?s LIMIT 1",
        "SELECT * { ?s ?p ?o } ORDER BY ?s VALUES ?s { 1 }",
        "SELECT * { ?s ?p ?o } ORDER BY (?s + 1)",
        "SELECT * { ?s ?p ?o } ORDER BY UCASE(?s)",
        "SELECT * { ?s ?p ?o } ORDER BY DESC(UCASE(?s))",
        "SELECT * { ?s ?p ?o } ORDER BY EXISTS { ?s ?p 1 }",
        "SELECT * { ?s ?p ?o } ORDER BY",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } ORDER BY ?s",
    ],
)
def test_what_is_more_than_the_order_of_variables_is_left_to_oxigraph(query: str) -> None:
    assert order_of(tokens_of(query)) is None


@pytest.mark.parametrize(
    "column",
    [
        [Value("blank", "a")],
        [Value("triple", "<< >>")],
        [Value("literal", "a"), Value("literal", "1", f"{XSD}integer")],
        [Value("literal", "a", "", "en"), Value("literal", "a", "", "de")],
        [Value("literal", "1e0", f"{XSD}double")],
        [Value("literal", "2026-01-01Z", f"{XSD}date")],
        [Value("literal", "12026", f"{XSD}gYear")],
        [Value("literal", "a", "https://kb.example/type")],
    ],
)
def test_values_that_are_not_of_one_kind_are_left_to_oxigraph(column: list[Value]) -> None:
    order = Order((Condition("v", "", is_descending=False),), 0)
    assert rows_in_order(["v"], [(value,) for value in column], order) is None


def test_an_order_by_what_is_no_column_holds_too() -> None:
    store = stored(Quad(NamedNode(f"https://kb.example/{name}"), P, Literal(at)) for at, name in enumerate("cab"))
    answer = answered(store, f"SELECT ?s {{ ?s <{P.value}> ?at }} ORDER BY DESC(?at)")
    assert [row[0] and row[0].text[-1] for row in answer.rows or ()] == ["b", "a", "c"]


def test_more_rows_than_are_put_in_order_here_are_in_order_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "_ORDERED", 2)
    store = stored(Quad(BlankNode(), P, Literal(number)) for number in (3, 1, 2))
    answer = answered(store, f"SELECT ?v {{ ?s <{P.value}> ?v }} ORDER BY ?v")
    assert [row[0] and row[0].text for row in answer.rows or ()] == ["1", "2", "3"]
    assert answer.cut is None


def test_an_answer_that_is_too_large_as_a_whole_may_be_cut() -> None:
    store = stored(Quad(NamedNode(f"https://kb.example/{number}"), P, Literal("x" * 100)) for number in range(9))
    text = f"SELECT ?s ?v {{ ?s <{P.value}> ?v }} ORDER BY ?s"
    answer = evaluate(Opened(store, ""), text, values={}, limits=Limits(result_bytes=500), most=2)
    assert [row[0] and row[0].text[-1] for row in answer.rows or ()] == ["0", "1"]
    assert answer.cut == 2
