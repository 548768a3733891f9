"""What is typed, and what it asks for: nothing of it reaches the index but words in quotes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbgraph.errors import LimitError
from kbgraph.search.wanted import Phrase, Wanted, expression_of, wanted_of
from kbgraph.search.words import BEGIN, END

#: Expressions of FTS5 without what stands in quotes.
_ALLOWED = re.compile(r"(?:''\*?|[ ():]|AND|OR|NOT|\{title name(?: statement body list)?\}|facet)*")


def asked(text: str) -> tuple[list[str], list[str]]:
    """The phrases and what must not be there; an open one ends in `*`."""
    wanted = wanted_of(text, 64)
    shown = [[" ".join(each.words) + "*" * each.open for each in group] for group in (wanted.phrases, wanted.without)]
    return shown[0], shown[1]


@pytest.mark.parametrize(
    ("text", "phrases", "without"),
    [
        ("knowledge gra", ["knowledge", "gra*"], []),
        ("a", ["a"], []),
        ("数", ["数"], []),
        ("知识", ["知 识"], []),
        ("gra* theory", ["gra*", "theory*"], []),
        ('"knowledge graph" tool', ["knowledge graph", "tool*"], []),
        ('"knowledge graph"', ["knowledge graph"], []),
        ('"knowledge gra', ["knowledge gra*"], []),
        ("“knowledge graph”", ["knowledge graph"], []),
        ("GPT-4 model -vision", ["gpt 4", "model"], ["vision"]),
        ('graph -"neural network"', ["graph"], ["neural network"]),
        ("-vis* graph", ["graph*"], ["vis*"]),
        ('"attention"-vision', ["attention", "vision*"], []),
        ("-only", [], ["only"]),
        ('- -- * " : ^ ( ) NEAR', ["near*"], []),
        ("title:attention AND NOT x OR (y)", ["title attention", "and", "not", "x", "or", "y"], []),
        ("", [], []),
        ("?! \0 \ud800", [], []),
        ("word word", ["word", "word*"], []),
    ],
)
def test_what_is_typed_has_a_meaning(text: str, phrases: list[str], without: list[str]) -> None:
    assert asked(text) == (phrases, without)


def test_too_many_words_are_said() -> None:
    with pytest.raises(LimitError, match=r"a search takes 64 \(limit search_words\)"):
        wanted_of("x " * 65, 64)
    with pytest.raises(LimitError, match="search_words"):
        wanted_of("字" * 10_000, 64)


def test_an_expression_asks_for_all_words_and_one_of_the_entrys_own() -> None:
    wanted = wanted_of('"neural net" -knowledge gra', 64)
    assert wanted == Wanted(
        (Phrase(("neural", "net")), Phrase(("gra",), open=True)),
        (Phrase(("knowledge",)),),
        Phrase(("neural", "net", "gra"), open=True),
    )
    begin, end = BEGIN, END
    assert expression_of(wanted, [["kfact", "kgap"]]) == (
        '("neural net" AND ("gra" OR "gra"*)'
        ' AND ({title name statement body list} : ("neural net" OR ("gra" OR "gra"*))'
        f' OR {{title name}} : ("{begin} neural net gra"* OR "{begin} neural net gra {end}"))'
        ' AND facet : ("kfact" OR "kgap")) NOT ("knowledge")'
    )


@given(st.text(max_size=80))
def test_nothing_that_is_typed_is_syntax(text: str) -> None:
    wanted = wanted_of(text, 1000)
    if wanted.phrases:
        bare = re.sub(r'"[^"]*"', "''", expression_of(wanted, [["kfact"]]))
        assert _ALLOWED.fullmatch(bare)
