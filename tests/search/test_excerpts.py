"""Excerpts: the part of a text that holds what was looked for, and the places in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kbgraph.search.excerpts import Marked, excerpt_of, marked
from kbgraph.search.wanted import Phrase, wanted_of
from kbgraph.search.words import normal, words_of


def shown(text: Marked) -> str:
    return "".join(f"[{piece}]" if is_hit else piece for piece, is_hit in text.pieces())


def phrases(text: str) -> tuple[Phrase, ...]:
    return wanted_of(text, 64).phrases


def test_words_phrases_and_beginnings_are_marked_in_the_text_as_it_is() -> None:
    text = "Graphs: the knowledge graph of Müller's knowledge, Graphentheorie"
    assert shown(marked(text, phrases("knowledge graph"))) == (
        "[Graphs]: the [knowledge] [graph] of Müller's [knowledge], [Graphentheorie]"
    )
    assert shown(marked(text, phrases('"knowledge graph"'))) == (
        "Graphs: the [knowledge graph] of Müller's knowledge, Graphentheorie"
    )
    assert (
        shown(marked(text, phrases("MULLER"))) == "Graphs: the knowledge graph of [Müller]'s knowledge, Graphentheorie"
    )
    assert shown(marked("知识图谱与知识库", phrases("知识"))) == "[知识]图谱与[知识]库"
    assert shown(marked("a b a b a", phrases('"a b a"'))) == "[a b a b a]"
    assert shown(marked("nothing", phrases("other"))) == "nothing"


def test_a_long_text_is_cut_where_most_of_the_phrases_are() -> None:
    text = "alpha " + "filler " * 100 + "alpha beside beta and " + "filler " * 100 + "beta"
    found = shown(excerpt_of(text, phrases("alpha beta")))
    assert "[alpha] beside [beta] and" in found
    assert found.startswith("…filler ")
    assert found.endswith("filler…")
    assert len(found) < 260


def test_a_long_text_without_hits_is_shown_from_its_beginning() -> None:
    found = excerpt_of("word " * 200, phrases("other"))
    assert found.marks == ()
    assert found.text.startswith("word word")
    assert found.text.endswith("word…")


def test_a_text_without_spaces_is_cut_as_well() -> None:
    found = excerpt_of("字" * 500 + "知识" + "字" * 500, phrases("知识"))
    assert "[知识]" in shown(found)
    assert len(found.text) < 230


@given(
    st.lists(st.sampled_from(["ab", "abc", "知识", "x", "…", "  ", "É", "-"]), max_size=300),
    st.sampled_from(["ab", "知", '"ab x"', "é"]),
)
def test_marks_are_places_of_the_excerpt_that_hold_the_words(parts: list[str], wanted: str) -> None:
    text = normal(" ".join(" ".join(parts).split()))
    found = excerpt_of(text, phrases(wanted))
    (phrase,) = phrases(wanted)
    ends = 0
    for begin, end in found.marks:
        assert ends <= begin < end <= len(found.text)
        ends = end
        assert words_of(found.text[begin:end])[0].startswith(phrase.words[0])
    assert found.text.strip("…") in text
    assert bool(found.marks) == bool(marked(text, phrases(wanted)).marks)
