"""Values as JSON and back: what was kept is what was there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from kbgraph.errors import Ignore, Mark, Place, Problem, Severity
from kbgraph.identity import SourceKey
from kbgraph.records import (
    ignore_of,
    literal_of,
    mentions_as_json,
    mentions_of,
    problem_of,
    result_of,
)
from kbgraph.shared import AgentMention, ConceptMention, Mentions, SourceMention
from kbgraph.terms import XSD
from kbgraph.validation import Result, ShaclPath

TEXT = st.text(max_size=8)
NUMBER = st.integers(0, 2**31)
MAYBE = st.none() | TEXT
MARK = st.builds(Mark, NUMBER, NUMBER, NUMBER, NUMBER)
PLACE = st.builds(Place, TEXT, MARK)
PROBLEM = st.builds(
    Problem, TEXT, st.sampled_from(Severity), PLACE, TEXT, TEXT, st.lists(PLACE, max_size=2).map(tuple), TEXT
)
PATH = st.recursive(
    st.builds(ShaclPath, st.just(""), iri=TEXT),
    lambda inner: st.builds(ShaclPath, st.sampled_from(["sequence", "inversePath"]), st.lists(inner).map(tuple)),
    max_leaves=4,
)
RESULT = st.builds(Result, TEXT, st.none() | PATH, TEXT, TEXT, TEXT, TEXT, TEXT)
IGNORE = st.builds(Ignore, st.lists(TEXT, max_size=3).map(tuple), NUMBER, NUMBER, MARK)
KEY = st.builds(SourceKey, *[TEXT] * len(SourceKey._fields))
SOURCE = st.builds(
    SourceMention,
    *(TEXT, st.lists(KEY, max_size=2).map(tuple), TEXT, MAYBE, MAYBE, MAYBE, MAYBE),
    st.lists(TEXT, max_size=2).map(tuple),
)
MENTIONS = st.builds(
    Mentions,
    st.lists(SOURCE, max_size=3),
    st.lists(st.builds(AgentMention, TEXT, TEXT, TEXT), max_size=3),
    st.lists(TEXT, max_size=3),
    st.lists(st.builds(ConceptMention, TEXT, TEXT, TEXT, MAYBE), max_size=3),
    st.lists(st.tuples(TEXT, TEXT), max_size=3),
)


@pytest.mark.parametrize(
    ("values", "from_data"),
    [(PROBLEM, problem_of), (RESULT, result_of), (IGNORE, ignore_of)],
    ids=["problems", "results", "ignores"],
)
def test_values_are_kept_as_json(values: st.SearchStrategy[Any], from_data: Callable[[Any], object]) -> None:
    @given(values)
    def kept(value: object) -> None:
        again = from_data(orjson.loads(orjson.dumps(value, default=list)))
        assert again == value
        assert hash(again) == hash(value)
        assert repr(again) == repr(value)

    kept()


@given(MENTIONS)
def test_mentions_are_kept_as_a_section(mentions: Mentions) -> None:
    again = mentions_of(mentions_as_json(mentions))
    assert again == mentions
    assert repr(again) == repr(mentions)


@given(TEXT)
def test_literals_keep_their_form_and_their_datatype(text: str) -> None:
    assert literal_of((text, XSD.date.value)) == Literal(text, datatype=NamedNode(XSD.date.value))
