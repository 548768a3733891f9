"""Nothing is lost: an article can be written back from its graph, the body to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

import kbgraph
from kbgraph.fields import AI_CITATIONS, ARTICLE, CONTRIBUTOR, DISPUTE, FACT, SOURCE, VERIFIER, Kind, Table
from kbgraph.terms import Space
from tests.properties.written_back import Data, WrittenBack
from tests.small_articles import ARTICLE as SUBJECT
from tests.small_articles import made_of

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


@pytest.mark.parametrize("front", CASES.values(), ids=CASES)
def test_a_front_matter_can_be_written_back(front: str) -> None:
    assert restored(front, "") == comparable(yaml.load(front, yaml.CBaseLoader))


def restored(front: str, body: str) -> object:
    made = made_of(front, body, others=["ai/b"])
    shared = [quad for quad in _shared_quads(made)]
    back = WrittenBack([*made.statements.quads, *shared])
    assert back.body(NamedNode(SUBJECT)) == body
    return comparable(back.front(NamedNode(SUBJECT)))


def _shared_quads(made: object) -> list[object]:
    from kbgraph.shared import merge
    from kbgraph.vocabulary import vocabulary

    return merge(made.statements.mentions, made.statements.space, vocabulary())  # type: ignore[attr-defined]


# ---- any front matter that the table of fields allows, and a little more

_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff\u2028\u2029"), max_size=12)
_SCALAR = _TEXT | st.sampled_from(["high", "Book", "2022", "-350", "true", "0.5", "2026-06-01", "TBD", "et al.", "ai/b", "b.md", "x", "10.1000/x", "https://example.org/x"])


def _value(kind: Kind, members: Table | None) -> st.SearchStrategy[object]:
    entries = st.lists(_mapping(members), max_size=3) if members is not None else st.nothing()
    texts = st.lists(_SCALAR, max_size=3)
    likely = {Kind.TEXTS: texts, Kind.ENTRIES: entries, Kind.MIXED: texts | entries, Kind.DATA: st.dictionaries(_TEXT, _SCALAR, max_size=3)}
    if kind is Kind.ENTRY and members is not None:
        return _mapping(members) | _SCALAR
    return likely.get(kind, st.nothing()) | _SCALAR | texts


def _mapping(table: Table) -> st.SearchStrategy[dict[str, object]]:
    known = {field.name: _value(field.kind, field.members) for field in table.fields}
    unknown = st.dictionaries(_TEXT, _SCALAR | st.dictionaries(_TEXT, _SCALAR, max_size=2), max_size=1)
    return st.builds(lambda some, more: {**more, **some}, st.fixed_dictionaries({}, optional=known), unknown)


@given(_mapping(ARTICLE))
def test_any_front_matter_can_be_written_back(front: dict[str, object]) -> None:
    text = yaml.dump(front, Dumper=_Quoting, allow_unicode=True, sort_keys=False, width=10_000)
    assert restored(text, "") == comparable(yaml.load(text, yaml.CBaseLoader))


class _Quoting(yaml.SafeDumper):
    """Writes what it is given and no alias."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def test_the_fields_of_every_table_are_among_those_that_are_made_up() -> None:
    assert {field.members for field in ARTICLE.fields} - {None} == {FACT, DISPUTE, SOURCE, CONTRIBUTOR, VERIFIER, AI_CITATIONS}
