"""Statements that constraints compare lie in one bucket, however they are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, Quad, RdfFormat, Store

from kbgraph.across import bucket_of, lines_for, questions_across
from kbgraph.check import query_results
from kbgraph.config import DEFAULT_BASE
from kbgraph.graph import sorted_lines
from kbgraph.parts import Part
from kbgraph.shapes import shipped_shapes
from kbgraph.terms import KB, RDF, SCHEMA, Space
from kbgraph.together import Across
from kbgraph.validation import Result

SHAPES = shipped_shapes()
COMPARING = tuple(each for each in SHAPES.queries if each.compares == "statements")
SPACE = Space(DEFAULT_BASE)

#: What statements are made of that are hard to tell apart, or hard to read in N-Quads.
WORDS = (
    *("Kelvin", "\u212aelvin", "\u0130stanbul", "istanbul", "Stra\u00dfe", "STRASSE", "na\u00efve", "\u017ftates"),
    *('"quoted"', "back\\slash", "line\nbreak", "tab\tulated", "unit\x1fapart", "it's", "\u4e2d\u6587", "a", "of"),
    *("12", "13", "in 2019", "in 2020", "1,200 km", "5x", "GPT-4", "12 January 2020", "January 12, 2020", ".", "!"),
)
STATEMENT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
#: The same statement, written otherwise; or with another number.
MANNERS: tuple[Callable[[str], str], ...] = (
    *(str, str.upper, str.lower, lambda text: f"({text}).", lambda text: text.replace(" ", "\n")),
    *(lambda text: text.replace("K", "\u212a"), lambda text: text.replace("12", "13")),
)
LANGUAGES = ("en", "x-klingon")


def part_of(number: int, text: str) -> Part:
    """An article that states a fact, and nothing else."""
    article, graph = SPACE.article(f"a{number}"), SPACE.article_graph(f"a{number}")
    fact = SPACE.part(article, "fact")
    quads = [
        Quad(fact, RDF.type, KB.Fact, graph),
        Quad(fact, SCHEMA.appearance, article, graph),
        Quad(fact, SCHEMA.text, Literal(text, language=LANGUAGES[number % 2]), graph),
    ]
    return Part.of(graph.value, sorted_lines(quads))


@settings(deadline=None)  # the first time, shapes are read
@given(st.lists(STATEMENT, min_size=1, max_size=3), st.lists(st.sampled_from(MANNERS), min_size=2, max_size=4))
@example(["Kelvin has 12"], [str, str.upper, MANNERS[-2], MANNERS[-1]])
@example(["12"], [str, MANNERS[-1]])
def test_in_buckets_nothing_is_missed(texts: list[str], manners: list[Callable[[str], str]]) -> None:
    parts = [part_of(number, manner(text)) for number, (text, manner) in enumerate(product(texts, manners))]
    store = Store()
    store.bulk_load(b"".join(part.lines for part in parts), format=RdfFormat.N_QUADS)
    whole = Counter(query_results(store, SHAPES, COMPARING))
    assert Counter(Across(parts, None).results()) == whole
    found: Counter[Result] = Counter()
    for question in questions_across(SHAPES):
        own = [part for part in parts if lines_for(part, question.own)]
        if question.queries == COMPARING and own:
            few = Store()
            few.bulk_load(b"".join(lines_for(part, question.cells) for part in own), format=RdfFormat.N_QUADS)
            results = list(query_results(few, SHAPES, COMPARING))
            assert {bucket_of("statements", each.group) for each in results} <= {question.bucket}
            found.update(results)
    assert found == whole


def test_the_examples_are_found() -> None:
    parts = [part_of(number, text) for number, text in enumerate(("Kelvin has 12", "KELVIN HAS 12.", "Kelvin has 13"))]
    assert {each.shape.rpartition("#")[2] for each in Across(parts, None).results()} == {
        "StatementUnique",
        "NumbersAgreed",
    }


@pytest.mark.parametrize("kind", ["works", "statements"])
def test_groups_are_shared_out_to_many_buckets(kind: str) -> None:
    names = (f"{first}ending{second}" for first in "abcdefghij" for second in "abcdefghij")
    counted = Counter(bucket_of(kind, name) for name in names)
    assert len(counted) > 20
    assert max(counted.values()) < 15
