"""Nothing is lost: an article can be written back from its graph, the body to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from tests.properties.as_written import comparable, written
from tests.properties.front_matters import front_matters
from tests.small_articles import ARTICLE as SUBJECT
from tests.small_articles import made_of, shared_quads_of

import kbgraph
from kbgraph.dataset import Dataset
from kbgraph.fields import ARTICLE
from kbgraph.front_text import front_text
from kbgraph.recovery import Recovery, names_of
from kbgraph.restore import restored_articles
from kbgraph.vocabulary import vocabulary


def differences(result: kbgraph.BuildResult, folder: Path) -> list[str]:
    """The articles of a build that are not restored as they are in a folder."""
    found = []
    for each in restored_articles(Dataset(result.graph.n_quads().splitlines(keepends=True))):
        found += [f"{each.path}: {loss}" for loss in each.losses]
        before = written(folder / each.path)
        end = each.data.decode().replace("\r\n", "\n").index("\n---\n")
        front = yaml.load(each.data.decode().replace("\r\n", "\n")[4:end], yaml.CBaseLoader)
        if not each.data.endswith(before[1].encode()):
            found.append(f"{each.path}: the body")
        if comparable(front) != comparable(before[0]):
            found.append(f"{each.path}: the front matter")
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
    "wide spaces": "title: b\u00a0\nslug: \u3000\nsummary: \u2003a\ntags: [b\u3000, \u00a0c]\nother: b\u1680",
    "nothing or a tilde": 'slug: ~\nid: "~"\ntags: "null"\nai_models: ~\nother: ~\nanother: "~"',
    "nothing among links": 'related_articles: [~, "~", ai/b]\nrelated_entities: "~"',
    "a link to nothing": 'related_articles: ["~"]\nrelated_entities: ~',
    "nothing for a list of links": "related_articles: ~\nknown_gaps: ~\natomic_facts: ~",
    "nothing among texts": 'tags: [a, ~, b]\nknown_gaps: ["~", ~]\nrelated_entities: ["~", x]\nai_models: [~, "null"]',
    "nothing among entries": 'contributors: ["~", ~]\ndisputed_statements: [~, {statement: ~}]\natomic_facts: [~, {note: "~"}]',
}


def restored(front: str) -> tuple[object, list[str]]:
    """The front matter of an article, written back from its graph and read again; and what differs then."""
    made = made_of(front, others=["ai/b"])
    shared = shared_quads_of(made)
    recovery = Recovery(SUBJECT, made.statements.quads, names_of((*vocabulary().quads, *shared)), {})
    data = recovery.front()
    text = front_text(data, ARTICLE)
    assert yaml.load(text, yaml.CBaseLoader) == (data or None)
    again = made_of(text, others=["ai/b"])
    differing = set(made.statements.quads) ^ set(again.statements.quads)
    told = [str(quad) for quad in differing if "#_file" not in str(quad.subject)]
    return comparable(data), [*recovery.losses, *told]


@pytest.mark.parametrize("front", CASES.values(), ids=CASES)
def test_a_front_matter_can_be_written_back(front: str) -> None:
    assert restored(front) == (comparable(yaml.load(front, yaml.CBaseLoader)), [])


@given(front_matters())
@settings(max_examples=300)
def test_any_front_matter_can_be_written_back(front: str) -> None:
    assert restored(front) == (comparable(yaml.load(front, yaml.CBaseLoader)), [])
