"""Nothing is lost: an article can be written back from its graph, the body to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from pyoxigraph import NamedNode
from tests.properties.front_matters import front_matters
from tests.properties.written_back import Data, WrittenBack
from tests.small_articles import ARTICLE as SUBJECT
from tests.small_articles import made_of, shared_quads_of

import kbgraph
from kbgraph.terms import Space

_DEFAULT = Space("https://kb.example/")


def written(file: Path) -> tuple[Data, str]:
    """Front matter with every scalar as text, and body, without kbgraph: the text between two lines `---`."""
    text = file.read_bytes().decode().removeprefix("\ufeff")
    lines = text.splitlines(keepends=True)
    end = next(number for number, line in enumerate(lines) if number and line.rstrip() == "---")
    return yaml.load("".join(lines[1:end]), yaml.CBaseLoader), "".join(lines[end + 1 :])


def comparable(data: Data) -> object:
    """Data in which mappings have an order, and numbers of one value are equal."""
    if isinstance(data, dict):
        return [(key, comparable(value)) for key, value in data.items()]
    if isinstance(data, list):
        return [comparable(item) for item in data]
    try:
        return str(int(data)) if data.isascii() else data
    except ValueError:
        return data


def differences(result: kbgraph.BuildResult, folder: Path, aliases: dict[str, str] | None = None) -> list[str]:
    """The articles of a build that are not written back as they are in a folder."""
    back = WrittenBack(result.graph, aliases)
    found = []
    for file in sorted(folder.rglob("*.md")):
        path = file.relative_to(folder).as_posix()
        article = _DEFAULT.article(path.removesuffix(".md"))
        if article not in back.about:
            continue
        front, body = written(file)
        if back.body(article) != body:
            found.append(f"{path}: the body")
        if comparable(back.front(article)) != comparable(front):
            found.append(f"{path}: the front matter")
    return found


def test_every_article_of_the_seeds_can_be_written_back(seeds_result: kbgraph.BuildResult, root: Path) -> None:
    assert differences(seeds_result, root / "seeds") == []


def test_every_article_of_the_corpus_can_be_written_back(corpus_result: kbgraph.BuildResult, shared: Path) -> None:
    assert differences(corpus_result, shared / "corpus" / "articles") == []


def test_every_broken_article_that_is_read_can_be_written_back(shared: Path) -> None:
    folder = shared / "corpus" / "dirty"
    result = kbgraph.build(folder, settings=kbgraph.Settings(jobs=1))
    assert differences(result, folder) == []


CASES = {
    "links": "related_articles: [b.md, ../b, /ai/b/, ai/none, ai/a, https://example.org/x]",
    "a single link": "related_articles: [ai/none]",
    "entities": 'related_entities: ["entity:x y", x y, "https://example.org/x"]',
    "translations": "translations: {fr: ai/none, de: ai/b}",
    "translations in a list": "translations: [ai/b]",
    "an order": "tags: [b, a]\nai_models: [z, y, z]",
    "one text for a list": "tags: one\nknown_gaps: two",
    "no values": "title:\nslug: ~\ntags: null\nsummary: ''\natomic_facts:",
    "empty lists": "tags: []\natomic_facts: []\nprimary_sources: []\ntranslations: []\ncontributors: []",
    "empty mappings": "translations: {}\nai_citations: {}\natomic_facts: [{}]\nprimary_sources: [{}]\nother: {}",
    "concepts": "confidence: High\ngeneration_method: AI_Assisted\nconflict_of_interest: ' shares '",
    "a schema type": "schema_type: techarticle",
    "dates": "last_verified: 2026-06-01 10:30\ncreated: yesterday\ndate_modified: 2026-06-01T10:30:00Z",
    "booleans": "is_live_document: TRUE\nderived_from_human_seed: yes",
    "numbers": "completeness: 0.820\ndata_period: 2024–2026",
    "one field twice": "created: 2026-01-01\ndate_created: 2026-01-02",
    "one key twice": "title: a\nid: x\ntitle: b",
    "wrong kinds": "title: [a]\ntags: {b: 1, a: 2}\natomic_facts: none\nai_citations: 3\nknown_gaps: [a, {b: c}]",
    "other fields": "x y: 1\n'a/b%': {d: 1, c: [{f: 2, e: 3}]}\nä: [1.10, no, ~]",
    "a repeated fact": "atomic_facts: [{id: f, statement: a}, {id: f, statement: b}, {statement: c}]",
    "a fact and its source": """
atomic_facts:
  - {id: a, source_ref: one, source_page: 3}
  - {id: b, source_ref: nobody, source_title: One}
  - {id: c, source_title: one, source_url: "https://example.org/one", source_year: 2001}
  - {id: d, source_title: Unlisted, source_type: Book, source_doi: 10.1000/X, source_isbn: "0262510871", source_institution: TBD}
  - {id: e, source_url: not a URL, weight: 3}
  - {source_ref: one, source_title: Other, id: g}
primary_sources:
  - {id: one, title: One, url: "https://example.org/one", type: book, year: 2001}
secondary_sources:
  - {year: -350, title: Two, url: see below, type: Papyrus, authors: [B, A, et al.], institution: TBD, pages: [1]}
""",
    "two sources of one id": "atomic_facts: [{source_ref: x}]\nprimary_sources: [{id: x, title: a}, {id: x, title: b}]",
    "disputes": "disputed_statements: [one, {statement: two, source_title: T, note: n}, {}, {other: 1}]",
    "people": "contributors: [A. B., {name: TBD, role: Author}, {role: editor}, {role: Head Cook, name: C D, x: 1}]",
    "verifiers": "ai_models: [m]\nverified_by: [m, {name: W3C, type: Organization}, {type: person}, {name: n/a}]",
    "citations by AI": "ai_citations: {last_citation_check: 2026-05-22, count: many, by: x}",
    "a category": "category: /a//b/",
    "a language": "language: zh_CN\ntitle: x",
}


def restored(front: str) -> object:
    """The front matter of an article, written back from its graph."""
    made = made_of(front, others=["ai/b"])
    back = WrittenBack([*made.statements.quads, *shared_quads_of(made)])
    return comparable(back.front(NamedNode(SUBJECT)))


@pytest.mark.parametrize("front", CASES.values(), ids=CASES)
def test_a_front_matter_can_be_written_back(front: str) -> None:
    assert restored(front) == comparable(yaml.load(front, yaml.CBaseLoader))


@given(front_matters())
@settings(max_examples=300)
def test_any_front_matter_can_be_written_back(front: str) -> None:
    assert restored(front) == comparable(yaml.load(front, yaml.CBaseLoader))
