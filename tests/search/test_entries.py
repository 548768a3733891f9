"""Entries: what is taken from a graph, and Markdown as plain text, in time."""

from __future__ import annotations

import time

import pytest

import kbgraph
from kbgraph.dataset import dataset_of
from kbgraph.search import entries
from kbgraph.search.entries import Entry, entries_of
from kbgraph.terms import KB, SCHEMA


@pytest.fixture(scope="module")
def found(seeds_graph: kbgraph.KnowledgeGraph) -> dict[str, Entry]:
    return {each.iri.removeprefix("https://kb.example/"): each for each in entries_of(dataset_of(seeds_graph))}


def test_everything_that_has_words_is_an_entry(found: dict[str, Entry], seeds_graph: kbgraph.KnowledgeGraph) -> None:
    counts = seeds_graph.class_counts()
    for kind, name in (
        ("article", "kb:Article"),
        ("fact", "kb:Fact"),
        ("dispute", "kb:DisputedStatement"),
        ("gap", "kb:KnownGap"),
        ("source", "kb:Source"),
    ):
        assert sum(each.kind == kind for each in found.values()) == counts[name]
    # the empty lines before the first heading are sections, too, and have no words
    sections = {quad.subject for quad in seeds_graph if quad.object == KB.Section}
    texts = [quad.object.value for quad in seeds_graph if quad.subject in sections and quad.predicate == SCHEMA.text]
    assert len(texts) == counts["kb:Section"]
    assert sum(each.kind == "section" for each in found.values()) == sum(bool(text.strip()) for text in texts)


def test_an_entry_has_what_it_is_found_by(found: dict[str, Entry]) -> None:
    article = found["article/ai/instruction-tuning"]
    assert (article.kind, article.title, article.path) == ("article", "Instruction Tuning", "ai/instruction-tuning.md")
    assert article.text.startswith("A language model that has only been pretrained")
    assert article.more == "alignment fine-tuning language-models instruction-tuning"
    assert article.categories == ("ai",)
    section = found["article/ai/instruction-tuning#_section-5"]
    assert (section.title, section.within, section.is_list) == ("Related Articles", "Instruction Tuning", True)
    assert section.text == "Attention Information Theory"
    source = found["source/arxiv/1706.03762"]
    assert source.title == "Attention Is All You Need"
    assert source.text.endswith("Noam Shazeer · NeurIPS · 2017 · https://arxiv.org/abs/1706.03762")
    assert source.categories == ("ai",)


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("## Head\n\nText *here*.\n", "Text *here*."),
        ("Head\n====\nText", "Text"),
        ("## Head", ""),
        ('# A\n\n## not the heading\n- [a link](https://example.org/a_(b) "title")\n', "not the heading a link"),
        ("# A\n![picture](p.png) and `code`, **bold**\n\n---\n> said", "picture and code , bold said"),
        ("# A\n| a | b |\n|---|:--|\n| 1 | 2 |", "| a | b | | 1 | 2 |"),
    ],
)
def test_markdown_becomes_plain_text(markdown: str, plain: str) -> None:
    assert entries._plain(entries._without_heading(markdown)) == plain


@pytest.mark.parametrize(
    "piece", ["[", "](", "[](", '[](a "', " ", "\n", "- ", "*", "| ", "#", "[a](b", "[](((", "=\n"]
)
def test_no_markdown_takes_long(piece: str) -> None:
    begin = time.process_time()
    entries._plain(entries._without_heading(piece * (200_000 // len(piece)) + "x"))
    assert time.process_time() - begin < 1
