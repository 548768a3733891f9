"""The sections and links of a body."""

from __future__ import annotations

import time

import pytest

from kbgraph.body import sections_of
from kbgraph.config import Limits
from kbgraph.errors import Mark
from kbgraph.model import Section
from kbgraph.seeds import parse_seed


def sections(body: str) -> tuple[Section, ...]:
    """The sections of a body that begins in line 4 of its file."""
    seed, _ = parse_seed(f"---\na: 1\n---\n{body}".encode(), "a.md", Limits())
    assert seed is not None
    found = sections_of(seed)
    assert "".join(section.text for section in found) == body
    return found


def outline(body: str) -> list[tuple[int, int, str]]:
    """Position, level and title of each section."""
    return [(each.position, each.level, each.title) for each in sections(body)]


def links(body: str) -> list[str]:
    """The targets of all links, in order."""
    return [link.target for section in sections(body) for link in section.links]


def test_a_section_goes_from_its_heading_to_the_next() -> None:
    before, one, two = sections("\nbefore\n\n## One\n\ntext\n\n### Two\nend")
    assert [each.text for each in (before, one, two)] == ["\nbefore\n\n", "## One\n\ntext\n\n", "### Two\nend"]
    assert [each.position for each in (before, one, two)] == [0, 1, 2]
    assert [each.level for each in (before, one, two)] == [0, 2, 3]


def test_without_text_before_the_first_heading_there_is_no_section_zero() -> None:
    assert outline("# One\n") == [(1, 1, "One")]


def test_an_empty_body_has_no_sections() -> None:
    assert sections("") == ()


def test_a_body_without_headings_is_section_zero() -> None:
    assert outline("only text\n") == [(0, 0, "")]


def test_underlined_headings_begin_a_section() -> None:
    assert outline("One\n===\n\nTwo\nlines\n---\ntext") == [(1, 1, "One"), (2, 2, "Two lines")]


def test_a_title_is_the_heading_without_its_markup() -> None:
    body = "## The *first* `code` and [link](x.md) ![image](y.png) ##\n## AT&amp;T \\* 1\n"
    assert [title for _, _, title in outline(body)] == ["The first code and link image", "AT&T * 1"]


@pytest.mark.parametrize(
    "body",
    [
        "```\n# no\n```\n",
        "    # no\n",
        "> # no\n",
        "- # no\n",
        "<!--\n# no\n-->\n",
        "#no\n",
        "####### no\n",
        "\\# no\n",
        "x\n    # no\n",
    ],
)
def test_what_only_looks_like_a_heading_begins_no_section(body: str) -> None:
    assert outline(body) == [(0, 0, "")]


def test_the_mark_of_a_section_is_its_first_line() -> None:
    before, one = sections("\nbefore\n## Überschrift  \ntext")
    assert before.mark == Mark(4, 1, 4, 1)
    assert one.mark == Mark(6, 1, 6, 17)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_kept(end: str) -> None:
    body = f"x{end}# One{end}{end}y{end}## Two"
    assert outline(body) == [(0, 0, ""), (1, 1, "One"), (2, 2, "Two")]


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_other_separators_end_no_line(character: str) -> None:
    assert outline(f"a{character}# b\n# c\n") == [(0, 0, ""), (1, 1, "c")]


def test_links_are_found_in_every_kind_of_block() -> None:
    body = (
        "[a](1) and [b](<2 2> 'title')\n\n- [c](3)\n  - [d](4)\n\n> [e](5)\n\n# [f](6)\n\n"
        "[g][ref] <https://example.org/8> **[h](9)** [![i](no.png)](10)\n\n[ref]: 7\n"
    )
    assert links(body) == ["1", "2%202", "3", "4", "5", "6", "7", "https://example.org/8", "9", "10"]


def test_code_and_images_hold_no_links() -> None:
    assert links("`[a](1)` ![b](2)\n\n```\n[c](3)\n```\n\n<!-- [d](4) -->\n") == []


def test_the_mark_of_a_link_is_its_target() -> None:
    (section,) = sections("one [a](x.md) two [ä](x.md)\nthree [c](y.md)\n")
    assert [link.mark for link in section.links] == [Mark(4, 9, 4, 13), Mark(4, 23, 4, 27), Mark(5, 11, 5, 15)]


def test_the_mark_of_a_link_that_stands_elsewhere_is_its_block() -> None:
    (section,) = sections("\nsee [a][ref]\n\n[ref]: https://example.org/\n")
    (link,) = section.links
    assert link.target == "https://example.org/"
    assert link.mark.line == 5


def test_a_link_belongs_to_the_section_that_it_stands_in() -> None:
    one, two = sections("# One\n[a](1)\n# Two\n[b](2)\n")
    assert [link.target for link in one.links] == ["1"]
    assert [link.target for link in two.links] == ["2"]


ATTACKS = {
    "brackets": "[" * 10_000,
    "images": "![" * 10_000 + "]" * 10_000,
    "links": "[a](" * 10_000,
    "quotations": ">" * 10_000,
    "emphasis": "**a" * 10_000 + "a**" * 10_000,
    "lists": "- " * 5_000,
    "backticks": " ".join("`" * number for number in range(300)),
    "references": "[a][1]" * 10_000 + "\n\n[1]: https://example.org/\n",
    "many references": "".join(f"[a][{n}]" for n in range(30_000))
    + "\n\n"
    + "".join(f"[{n}]: /{n}\n" for n in range(30_000)),
    "html": "<a" * 10_000,
    "nested lists": "\n".join("  " * depth + "- a" for depth in range(500)),
    "headings": "# a\n" * 10_000,
    "backslashes": "\\" * 10_000,
}


@pytest.mark.parametrize("body", ATTACKS.values(), ids=ATTACKS)
def test_an_attack_on_the_parser_of_markdown_is_over_soon(body: str) -> None:
    started = time.process_time()
    assert sections(body)
    assert time.process_time() - started < 15
