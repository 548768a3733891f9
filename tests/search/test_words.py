"""Words: how texts in many scripts are cut, and that places are those of the text itself."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbgraph.search.words import LONGEST, joined, normal, places_of, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Attention Is All You Need", "attention is all you need"),
        ("GPT-4, source_type & C++ (v3.14)", "gpt 4 source type c v3 14"),
        ("L'imprimerie à Genève", "l imprimerie a geneve"),
        ("Straße", "strasse"),
        ("Łukasz Ødegård, Đorđe, Æther", "lukasz odegard dorde aether"),
        ("e\u0301te\u0301", "ete"),
        ("ΣΊΣΥΦΟΣ Ёлка", "σισυφοσ елка"),
        ("كِتَابٌ", "كتاب"),
        ("ﬁne ½", "fine 1 2"),
        ("हिन्दी भाषा", "हिन्दी भाषा"),
        ("知识图谱 GPT模型", "知 识 图 谱 gpt 模 型"),
        ("データベース", "デ ー タ ベ ー ス"),
        ("ﾃﾞｰﾀ", "デ ー タ"),
        ("か\u3099く", "が く"),
        ("한국의 역사", "한 국 의 역 사"),
        (unicodedata.normalize("NFD", "한국"), "한 국"),
        ("…—?!\0\ud800 *:^", ""),
    ],
)
def test_a_text_is_cut_into_words(text: str, words: str) -> None:
    assert joined(text) == words


def test_a_word_is_compared_up_to_a_length() -> None:
    assert words_of("a" * 1000) == ["a" * LONGEST] == words_of("Á" * 1000)


@given(st.text(max_size=60))
def test_places_hold_the_same_words(text: str) -> None:
    whole = normal(text)
    found = list(places_of(whole))
    assert [word for word, _, _ in found] == words_of(text)
    assert all(words_of(whole[begin:end]) for _, begin, end in found)
    assert sorted(found, key=lambda each: each[1]) == found


@given(st.text(max_size=40))
def test_case_and_composition_do_not_count(text: str) -> None:
    assert words_of(unicodedata.normalize("NFD", text)) == words_of(unicodedata.normalize("NFC", text))
    assert all(word.isalnum() or not word.isascii() for word in words_of(text))
