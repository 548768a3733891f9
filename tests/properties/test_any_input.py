"""What holds for every input: properties of reading, of keys and of conversion."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import rdflib
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse, serialize
from tests.properties.front_matters import TEXT, front_matters
from tests.small_articles import BASE, made_of, shared_of, shared_quads_of
from tests.test_build import by_pyoxigraph, by_rdflib

from kbgraph.body import sections_of
from kbgraph.config import Limits, Settings
from kbgraph.convert import convert
from kbgraph.errors import Problem
from kbgraph.graph import KnowledgeGraph, sorted_lines
from kbgraph.identity import (
    arxiv_of,
    doi_of,
    isbn_of,
    name_key,
    organisation_key,
    person_key,
    source_keys,
    web_key_of,
)
from kbgraph.literals import year_of
from kbgraph.nodes import Lines
from kbgraph.reader import read_article
from kbgraph.seeds import parse_seed
from kbgraph.terms import LANGUAGE_TAG, Space, http_iri, is_language_tag, text

ANY = st.text(st.characters(exclude_categories=["Cs"]))
#: Pieces that mean something to Markdown and to YAML, in any order.
_MARKDOWN = st.lists(
    st.sampled_from(
        [
            "#",
            "## ",
            "\n",
            "\r\n",
            "\r",
            "---",
            "===",
            "```",
            "~~~",
            "> ",
            "- ",
            "    ",
            "\t",
            "[a](b)",
            "<!--",
            "-->",
            "x",
            " ",
            "\u2028",
            "\x0b",
            "\\",
            "é",
            "<div>",
            "1. ",
            "*",
            "`",
        ]
    )
).map("".join)
_YAML = st.lists(
    st.sampled_from(
        [
            "a",
            "b: ",
            ":",
            "- ",
            "\n",
            "\r\n",
            "\r",
            "  ",
            "[",
            "]",
            "{",
            "}",
            ",",
            '"',
            "'",
            "|",
            ">",
            "#",
            "&x",
            "*x",
            "!t",
            "? ",
            "%",
            "@",
            "~",
            "---",
            "...",
            "\t",
            "1",
            '"b"',
            "\u2028",
            "\x85",
            "\ufeff",
            "日",
            "\\ud800",
            "<<: ",
        ]
    )
).map("".join)


def lies_within(problem: Problem, text: str) -> bool:
    """Whether a problem's stretch of text is one of the text's, and begins before it ends."""
    lines = re.split("\r\n|\n|\r", text.removeprefix("\ufeff"))
    places = [
        (problem.place.mark.line, problem.place.mark.column),
        (problem.place.mark.end_line, problem.place.mark.end_column),
    ]
    places += [(other.mark.line, other.mark.column) for other in problem.related]
    inside = all(1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 2 for line, column in places)
    return inside and places[0] <= places[1]


# ---- reading


@given(ANY | _MARKDOWN)
@settings(max_examples=500)
def test_the_sections_of_any_body_are_the_body(body: str) -> None:
    seed, _ = parse_seed(b"---\na: 1\n---\n" + body.encode(), "a.md", Limits())
    assume(seed is not None)
    assert seed is not None
    sections = sections_of(seed)
    assert "".join(section.text for section in sections) == body == seed.body
    assert [section.position for section in sections] == sorted({section.position for section in sections})


@given(ANY | _YAML)
@settings(max_examples=1000)
@example('a:"b"\n' * 10)
@example("a: \ud7ff\n")
@example("--- {a: 1}\n--- {b: 2}")
def test_any_front_matter_is_read_or_refused_with_its_place(front: str) -> None:
    text = f"---\n{front}\n---\n"
    seed, problems = parse_seed(text.encode(), "a.md", Limits())
    assert (seed is not None) or problems
    assert [problem for problem in problems if not lies_within(problem, text)] == []


@given(st.binary())
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for start in (b"", b"---\n", b"---\na: "):
        article, problems = read_article(start + data, "a.md", Settings())
        assert (article is not None) or problems


@given(front_matters(), _MARKDOWN)
@settings(max_examples=200)
def test_problems_of_any_article_lie_within_its_file(front: str, body: str) -> None:
    text = f"---\n{front}---\n{body}"
    article, problems = read_article(text.encode(), "ai/a.md", Settings())
    assert article is not None
    problems += convert(article, Space(BASE), frozenset({"ai/a"})).problems
    assert [problem for problem in problems if not lies_within(problem, text)] == []


@given(ANY | _MARKDOWN)
def test_a_position_leads_back_to_its_offset(text: str) -> None:
    lines = Lines(text)
    for offset in range(len(text) + 1):
        line, column = lines.position(offset)
        assert lines.start(line) + column - 1 == offset


@given(ANY | _MARKDOWN)
def test_the_lines_of_a_text_are_all_of_it_but_their_ends(text: str) -> None:
    lines = Lines(text)
    count, _ = lines.position(len(text))
    assert [lines.line(number) for number in range(1, count + 1)] == re.split("\r\n|\n|\r", text)


# ---- keys

_DIGITS = st.text("0123456789", min_size=4, max_size=4)


@given(st.from_regex(r"10\.[0-9]{4,9}/[^\s/?#%][^\s?#%]{0,20}[^\s/?#%]", fullmatch=True))
def test_a_doi_is_the_same_in_every_form_and_its_own_doi(doi: str) -> None:
    found = doi_of(doi)
    assert found is not None
    assert doi_of(found) == found
    assert {doi_of(f"{form}{doi}") for form in ("doi:", "https://doi.org/", "http://dx.doi.org/")} == {found}


@given(_DIGITS, st.text("0123456789", min_size=4, max_size=5), st.integers(1, 20))
def test_an_arxiv_identifier_is_the_same_in_every_form(month: str, number: str, version: int) -> None:
    identifier = f"{month}.{number}"
    forms = (
        f"https://arxiv.org/abs/{identifier}v{version}",
        f"http://www.arxiv.org/pdf/{identifier}.pdf",
        f"10.48550/arXiv.{identifier}",
    )
    assert {arxiv_of(form) for form in forms} == {identifier}
    (key,) = source_keys(title="", kind="", year="", url=forms[0], doi="", isbn="")
    assert key.url is not None
    assert arxiv_of(key.url) == identifier


@given(st.text("0123456789", min_size=9, max_size=9))
def test_an_isbn_of_ten_digits_is_its_isbn_of_thirteen(digits: str) -> None:
    check = -sum((10 - place) * int(digit) for place, digit in enumerate(digits)) % 11
    long = isbn_of(digits + ("X" if check == 10 else str(check)))
    assert long is not None
    assert long[3:12] == digits
    assert isbn_of(long) == long
    assert isbn_of(f"{long[:3]}-{long[3]}-{long[4:9]}-{long[9:12]}-{long[12]}") == long
    for wrong in "0123456789":
        assert (isbn_of(long[:12] + wrong) is None) == (wrong != long[12])


@given(ANY, ANY)
def test_the_key_of_a_page_is_the_key_of_its_normal_form(path: str, query: str) -> None:
    url = f"https://example.org/{path}" + (f"?{query}" if query else "")
    key = web_key_of(url, "t")
    assume(key is not None)
    assert web_key_of("http://www." + url.removeprefix("https://"), "t") == key


@given(TEXT)
def test_the_keys_of_names_are_keys_of_themselves(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)
    assert organisation_key(organisation_key(name)) == organisation_key(name)
    person = person_key(name)
    assert person is None or person_key(person) in {person, None}


@given(ANY, ANY, ANY, ANY, ANY, ANY)
def test_any_entry_has_a_key_that_makes_an_iri(title: str, kind: str, year: str, url: str, doi: str, isbn: str) -> None:
    keys = source_keys(title=title, kind=kind, year=year, url=url, doi=doi, isbn=isbn)
    assert keys
    for key in keys:
        assert http_iri(Space(BASE).source(key.kind, key.value).value) is not None


@given(st.integers(-999_999_999, 999_999_999).filter(bool))
def test_a_year_keeps_its_value(year: int) -> None:
    literal, exact = year_of(str(year))
    assert exact
    assert int(literal.value) == year
    assert literal.datatype.value.endswith("gYear")
    assert len(literal.value.lstrip("-")) >= 4


@given(ANY)
def test_any_name_makes_an_iri_of_its_own_that_can_be_written(name: str) -> None:
    space = Space(BASE)
    article = space.article("a")
    for term in (space.article(name), space.fact(article, name), space.organisation(name), space.category(name)):
        assert http_iri(term.value) is not None
        assert not term.value.endswith(".")
        assert "#_" not in term.value


@given(ANY, ANY)
def test_two_names_never_make_one_iri(one: str, other: str) -> None:
    space = Space(BASE)
    article = space.article("a")
    for make in (space.article, space.organisation, space.model, space.entity, lambda name: space.fact(article, name)):
        assert (make(one) == make(other)) == (one == other)


@given(st.from_regex(LANGUAGE_TAG, fullmatch=True) | st.text("abc1x-", max_size=20))
def test_any_language_tag_can_be_the_language_of_a_text(tag: str) -> None:
    if is_language_tag(tag):
        assert text("x", tag.lower()).language == tag.lower()
    else:
        assert "_" in tag or re.fullmatch("[a-z]{2,3}(-[a-z]{2})?", tag) is None


# ---- conversion


@given(front_matters())
@settings(max_examples=200)
def test_any_article_is_a_graph_without_blank_nodes_that_can_be_written_and_read(front: str) -> None:
    made = made_of(front, "# x\n", others=["ai/b"])
    everything = made.triples | made.shared
    terms = [term for each in everything for term in (each.subject, each.predicate, each.object)]
    assert not [term for term in terms if isinstance(term, BlankNode)]
    ours = [term.value for term in terms if isinstance(term, NamedNode) and term.value.startswith(BASE)]
    assert not [value for value in ours if value.endswith(".")]
    written = serialize(everything, format=RdfFormat.N_TRIPLES)
    assert written is not None
    assert {quad.triple for quad in parse(written, format=RdfFormat.N_TRIPLES)} == everything


@given(front_matters(), front_matters())
@settings(max_examples=100)
def test_an_article_does_not_change_when_another_is_added(front: str, other: str) -> None:
    """What it shares with the other may be named otherwise, but is not taken away."""
    one, two = made_of(front), made_of(other, path="two.md")
    assert made_of(front, others=["elsewhere/two"]).statements.quads == one.statements.quads
    named = {each.subject for each in shared_of(one)}
    assert named <= {each.subject for each in shared_of(one, two)}
    assert shared_of(one, two) == shared_of(two, one)


_ADDRESSES = st.builds(
    str.__add__,
    st.sampled_from(["https://schema.org/", "http://www.wikidata.org/entity/", BASE, "https://example.org/"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters='<>"{}|\\^`')),
)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # what rdflib says about its own calls
@given(front_matters(), st.lists(_ADDRESSES, max_size=6))
@settings(max_examples=40)
def test_any_article_is_read_alike_by_rdflib_and_oxigraph(front: str, addresses: list[str]) -> None:
    made = made_of(front, "\n".join(f"[x](<{address}>)" for address in addresses))
    graphs: dict[str, list[Quad]] = {}
    for quad in (*made.statements.quads, *shared_quads_of(made)):
        assert isinstance(quad.graph_name, NamedNode)
        graphs.setdefault(quad.graph_name.value, []).append(quad)
    graph = KnowledgeGraph(BASE, {name: sorted_lines(quads) for name, quads in graphs.items()})
    expected = by_pyoxigraph(graph.n_quads(), RdfFormat.N_QUADS, named=True)
    with exact_rdflib():
        for name, theirs, syntax in (("trig", "trig", RdfFormat.TRIG), ("jsonld", "json-ld", RdfFormat.JSON_LD)):
            data = graph.serialize(name).encode()
            assert by_pyoxigraph(data, syntax, named=True) == by_rdflib(data, theirs, named=True) == expected


@contextmanager
def exact_rdflib() -> Iterator[None]:
    """rdflib as it reads: lexical forms as they are, and no word about addresses that it finds odd."""
    logger, before = logging.getLogger("rdflib.term"), rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS, logger.disabled = False, True
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS, logger.disabled = before, False
