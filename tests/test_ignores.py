"""Comments that ask to ignore a problem: where they are seen, and which lines they are for."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbgraph.config import Limits
from kbgraph.errors import Ignore, Problem
from kbgraph.ignores import ignores_of
from kbgraph.rules import is_code

ARTICLE = """\
---
id: tea
title: "Tea"
tags: [green, black]
atomic_facts:
  - id: fact-1
    statement: |
      Tea is hot.
      And wet.
    confidence: low
  - id: fact-2
    statement: "Tea is
      green."
    confidence: low
  -
    id: fact-3
ai_citations:
  count: 3
known_gaps: []
---

## TL;DR

[Tea](cup.md) and
[more](pot.md).
"""


def read(text: str, limits: Limits | None = None) -> tuple[list[Ignore], list[Problem]]:
    ignores, problems = ignores_of(text.encode(), "tea.md", limits or Limits())
    return list(ignores), problems


def scope(text: str) -> tuple[int, int]:
    """The lines that the one comment of a text is for."""
    (found,), problems = read(text)
    assert problems == []
    assert found.codes == ("KB5",)
    return found.first, found.last


def behind(line: int, comment: str = "  # kbgraph: ignore[KB5]") -> str:
    lines = ARTICLE.splitlines()
    lines[line - 1] += comment
    return "\n".join(lines) + "\n"


def above(line: int, comment: str = "# kbgraph: ignore[KB5]") -> str:
    lines = ARTICLE.splitlines()
    indent = lines[line - 1][: len(lines[line - 1]) - len(lines[line - 1].lstrip())]
    return "\n".join([*lines[: line - 1], indent + comment, *lines[line - 1 :]]) + "\n"


PARTS = [
    pytest.param(2, (2, 2), id="the first field, not the whole front matter"),
    pytest.param(4, (4, 4), id="a list in one line"),
    pytest.param(5, (5, 16), id="a field with all its entries"),
    pytest.param(6, (6, 10), id="an entry, from its first line on"),
    pytest.param(10, (10, 10), id="a field of an entry"),
    pytest.param(11, (11, 14), id="the second entry"),
    pytest.param(17, (17, 18), id="a field with lines of its own"),
    pytest.param(18, (18, 18), id="one of these lines"),
]


@pytest.mark.parametrize(("line", "lines"), [*PARTS, pytest.param(7, (7, 9), id="the header of a block of text")])
def test_a_comment_is_for_what_begins_in_its_line(line: int, lines: tuple[int, int]) -> None:
    assert scope(behind(line)) == lines


@pytest.mark.parametrize(("line", "lines"), [*PARTS, pytest.param(15, (16, 16), id="an entry behind its hyphen")])
def test_a_comment_above_is_for_what_begins_in_the_next_line(line: int, lines: tuple[int, int]) -> None:
    first, last = scope(above(line))
    assert (first - 1, last - 1) == lines


def test_a_comment_behind_the_end_of_a_text_is_for_its_field() -> None:
    assert scope(behind(13)) == (12, 13)


def test_a_comment_behind_a_hyphen_is_for_the_entry_in_the_next_line() -> None:
    assert scope(behind(15)) == (16, 16)


def test_comments_may_stand_one_above_the_other() -> None:
    text = above(10, "# kbgraph: ignore[KB5]\n\n    # Nobody knows.\n    # kbgraph: ignore[KB6]")
    (one, other), problems = read(text)
    assert not problems
    assert (one.first, one.last) == (other.first, other.last) == (14, 14)


def test_ignore_file_is_for_the_whole_file_wherever_it_stands() -> None:
    for text in (above(2, "# kbgraph: ignore-file[KB5]"), above(25, "<!-- kbgraph: ignore-file[KB5] -->")):
        (found,), _ = read(text)
        assert found.is_for_the_file
        assert found.first == 1
        assert found.last > 1_000_000


def test_a_comment_before_nothing_is_for_nothing_else() -> None:
    assert scope(above(20)) == (20, 20)


def test_a_comment_of_the_body_is_for_its_line_or_the_next() -> None:
    html = "<!-- kbgraph: ignore[KB5] -->"
    assert scope(behind(24, f" {html}")) == (24, 24)
    assert scope(above(24, html)) == (25, 25)
    assert scope(above(24, html + "\n\n<!-- another -->\n")) == (28, 28)
    assert scope(ARTICLE + f"\n> {html}\n> [a](b.md)\n") == (28, 28)


@pytest.mark.parametrize(
    "text",
    [
        ARTICLE.replace('"Tea"', '"Tea # kbgraph: ignore[KB5]"'),
        ARTICLE.replace('"Tea"', "'Tea # kbgraph: ignore[KB5]'"),
        ARTICLE.replace('"Tea"', "Tea#kbgraph: ignore[KB5]"),
        ARTICLE.replace("And wet.", "# kbgraph: ignore[KB5]"),
        ARTICLE.replace("      green", "      # kbgraph: ignore[KB5] green"),
        ARTICLE + "\n    <!-- kbgraph: ignore[KB5] -->\n",
        ARTICLE + "\n```\n<!-- kbgraph: ignore[KB5] -->\n```\n",
        ARTICLE + "\nWrite `<!-- kbgraph: ignore[KB5] -->`.\n",
        ARTICLE + "\n# kbgraph: ignore[KB5]\n",
        behind(4, "  # kbgraph: nothing"),
        behind(4, "  # see kbgraph.ignore"),
    ],
)
def test_what_is_no_comment_asks_for_nothing(text: str) -> None:
    assert read(text) == ([], [])


def test_code_and_a_comment_in_one_line_are_told_apart() -> None:
    line = "`<!-- kbgraph: ignore[KB4] -->` <!-- kbgraph: ignore[KB5] -->"
    assert scope(f"{ARTICLE}\n{line}\n") == (27, 27)


def test_a_comment_names_several_codes_and_a_reason() -> None:
    (found,), problems = read(behind(4, "  # kbgraph: ignore[KB347, KB5 ,ORG-1, KB5] so it stands in the book"))
    assert not problems
    assert found.codes == ("KB347", "KB5", "ORG-1")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("ignore", "names no code"),
        ("ignore[]", "names no code"),
        ("ignore KB347", "names no code"),
        ("ignore[ ]", "names no code"),
        ("ignore-file", "names no code"),
        ("ignore[KB]", "'KB' is not a code"),
        ("ignore[kb347]", "'kb347' is not a code; codes are written in capitals"),
        ("ignore[*]", "'*' is not a code"),
        ("ignore[KB347 KB348]", "'KB347 KB348' is not a code"),
        ("ignore[KB347,]", "missing between the commas"),
        ("ignore-line[KB347]", "'ignore-line' is not known"),
        ("ignored[KB347]", "'ignored' is not known"),
        ("ignore[KB347", "names no code"),
    ],
)
def test_a_comment_that_asks_wrongly_is_a_problem_at_its_place(said: str, message: str) -> None:
    ignores, (problem,) = read(behind(4, f"  # kbgraph: {said}"))
    assert ignores == []
    assert problem.code == "KB018"
    assert message in problem.message
    assert (problem.place.line, problem.place.column) == (4, 23)


def test_a_file_that_cannot_be_read_asks_for_nothing() -> None:
    assert read("---\nid: [\n# kbgraph: ignore[KB006]\n---\n") == ([], [])


def test_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    text = above(24, "<!-- kbgraph: ignore[KB5] -->").replace("Tea]", "Tea <!-- kbgraph: ignore[KB6] -->]")
    text = text.replace("green, black]", "green, black]  # kbgraph: ignore[KB7]")
    expected = read(text)
    assert len(expected[0]) == 3
    for variant in (text.replace("\n", "\r\n"), text.replace("\n", "\r"), "\ufeff" + text):
        assert read(variant) == expected


def test_there_is_a_limit() -> None:
    text = above(2, "# kbgraph: ignore[KB5]\n# kbgraph: ignore[KB6]\n# kbgraph: ignore[KB7]")
    ignores, (problem,) = read(text, Limits(ignores=2))
    assert len(ignores) == 2
    assert problem.code == "KB018"
    assert "the limit ignores" in problem.message
    (problem,) = read(behind(4, "  # kbgraph: ignore[KB5,KB6,KB7]"), Limits(ignores=2))[1]
    assert "the limit ignores" in problem.message


@pytest.mark.parametrize(
    "attack",
    [
        ARTICLE + "<!-- kbgraph: ignore[" * 30_000,
        ARTICLE + "<!-- kbgraph: ignore[KB5] -->\n" * 30_000,
        ARTICLE.replace("id: tea\n", "# kbgraph: ignore[KB5]\n" * 30_000 + "id: tea\n"),
        ARTICLE.replace("id: tea\n", "id: tea\n" + "a" * 9 + ": # kbgraph: ignore\n" + "# kbgraph: ignore\n" * 30_000),
        ARTICLE + "kbgraph:" + " " * 1_000_000 + "ignore" + "# kbgraph:" * 30_000,
    ],
)
def test_many_comments_take_no_long_time(attack: str) -> None:
    started = time.process_time()
    read(attack)
    assert time.process_time() - started < 20


def test_ignores_are_plain_data() -> None:
    (found,), _ = read(behind(4))
    assert json.loads(json.dumps(found)) == [["KB5"], 4, 4, [4, 23, 4, 45]]


@given(st.text(alphabet="KB35*,[] -ige\n#:", max_size=40))
def test_whatever_is_asked_is_read_or_refused(said: str) -> None:
    ignores, problems = ignores_of(behind(4, f"  # kbgraph: ignore{said}").encode(), "tea.md", Limits())
    assert all(is_code(code) for each in ignores for code in each.codes)
    assert all(each.code == "KB018" for each in problems)
