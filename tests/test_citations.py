"""How a fact finds its source among the references of its article."""

from __future__ import annotations

import pytest

from kbgraph.citations import Citation, References, keys_of
from kbgraph.config import Settings
from kbgraph.reader import read_article

SOURCES = """
primary_sources:
  - {id: one, title: "First Work", url: "https://example.org/one", doi: 10.1000/ONE, year: 2001}
  - {id: two, title: "Second Work", url: "https://www.example.org/two/?utm_source=x"}
  - {title: "Third Work", url: "https://doi.org/10.1000/three"}
secondary_sources:
  - {id: two, title: "Second of its id", url: "https://example.org/four"}
  - {title: "Fourth  WORK", isbn: 0-262-51087-1}
"""


def cited(fact: str) -> Citation:
    """What a fact with those fields rests on."""
    data = f"---\natomic_facts:\n  - {{{fact}}}\n{SOURCES}---\n".encode()
    article, _ = read_article(data, "a.md", Settings())
    assert article is not None
    (entry,) = article.entry.entries("atomic_facts")
    return References(article.references).cited_by(entry)


@pytest.mark.parametrize(
    ("fact", "position"),
    [
        ("source_ref: one", 1),
        ("source_ref: two", 2),
        ('source_url: "https://example.org/one"', 1),
        ('source_url: "https://www.example.org/two/?utm_source=x"', 2),
        # the key of the source
        ('source_url: "http://example.org/two"', 2),
        ('source_url: "https://doi.org/10.1000/One"', 1),
        ("source_isbn: 978-0-262-51087-5", 5),
        # the DOI
        ("source_doi: 10.1000/one", 1),
        ("source_doi: 10.1000/THREE", 3),
        # the title
        ("source_title: first work", 1),
        ("source_title: Fourth Work", 5),
        ('source_title: Fourth Work, source_url: "https://example.org/unlisted"', 5),
        # the first of these that fits counts
        ('source_ref: two, source_url: "https://example.org/one"', 2),
        ('source_url: "https://example.org/one", source_title: Second Work', 1),
        ('source_url: "https://example.org/two", source_doi: 10.1000/three', 3),
    ],
)
def test_a_fact_finds_its_source_by_ref_then_url_then_key_then_doi_then_title(fact: str, position: int) -> None:
    reference = cited(fact).reference
    assert reference is not None
    assert reference.position == position


@pytest.mark.parametrize(
    "fact",
    [
        "statement: x",
        'source_url: "https://example.org/unlisted"',
        "source_title: Fifth Work",
        "source_doi: 10.1000/five",
        "source_year: 2001",
        "source_ref: One",
    ],
)
def test_a_fact_whose_source_is_not_listed_finds_none(fact: str) -> None:
    assert cited(fact).reference is None


def test_a_fact_that_repeats_its_reference_says_nothing_of_its_own() -> None:
    found = cited('source_url: "https://example.org/one", source_title: First Work, source_year: 2001')
    assert found.own is None


@pytest.mark.parametrize(
    "said", ["source_title: The First Work", "source_year: 2002", "source_type: book", "source_doi: 10.1000/one"]
)
def test_a_fact_that_differs_from_its_reference_keeps_what_it_says(said: str) -> None:
    found = cited(f'source_url: "https://example.org/one", {said}')
    assert found.reference is not None
    assert found.own is not None
    name, text = said.removeprefix("source_").split(": ")
    assert found.own.text(name) == text
    assert found.own.text("url") == "https://example.org/one"


def test_a_fact_without_a_listed_source_keeps_what_it_says() -> None:
    found = cited('source_url: "https://example.org/unlisted", source_page: 3')
    assert found.own is not None
    assert dict(found.own.scalars or {}).keys() == {"url"}


def test_a_source_ref_that_names_no_reference_is_dangling_and_the_other_fields_count() -> None:
    found = cited('source_ref: three, source_url: "https://example.org/one"')
    assert found.dangling is not None
    assert found.dangling.text == "three"
    assert found.reference is not None
    assert found.reference.position == 1


def test_a_source_ref_that_is_found_is_not_dangling() -> None:
    assert cited("source_ref: one").dangling is None


def test_a_page_alone_is_no_source() -> None:
    assert cited("source_page: 3") == Citation(None, None, None)


def test_the_keys_of_an_entry_are_those_of_its_fields() -> None:
    data = f"---\n{SOURCES}---\n".encode()
    article, _ = read_article(data, "a.md", Settings())
    assert article is not None
    assert [keys_of(each.entry)[0].kind for each in article.references] == ["doi", "web", "doi", "web", "isbn"]
