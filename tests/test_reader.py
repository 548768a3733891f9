"""Nodes to an article, by the table of fields; nothing that was written is dropped."""

from __future__ import annotations

import hashlib

import pytest

from kbgraph.config import Settings
from kbgraph.errors import Problem, Severity
from kbgraph.jcs import json_text
from kbgraph.model import Article, Entry, Extra, Value
from kbgraph.reader import read_article


def read(front: str, body: str = "", aliases: dict[str, str] | None = None) -> tuple[Article, list[Problem]]:
    """An article at `ai/a.md`, and its problems."""
    data = f"---\n{front.strip()}\n---\n{body}".encode()
    article, problems = read_article(data, "ai/a.md", Settings(aliases=aliases or {}))
    assert article is not None
    return article, problems


def entry(front: str) -> Entry:
    """The front matter of an article without problems."""
    article, problems = read(front)
    assert problems == []
    return article.entry


def kept(front: str) -> list[tuple[str, str | None]]:
    """The names of what no field holds, with the text or JSON that is kept of it."""
    article, _ = read(front)
    return [(each.name, each.text if each.json is None else each.json) for each in article.entry.extras]


def texts(items: tuple[Value | Entry, ...]) -> list[str]:
    return [item.text for item in items if isinstance(item, Value)]


def test_the_file_of_an_article_is_described_by_path_size_and_digest() -> None:
    data = "---\nid: ä\n---\n".encode()
    article, _ = read_article(data, "ai/a.md", Settings())
    assert article is not None
    assert article.key == "ai/a"
    assert (article.file.path, article.file.size) == ("ai/a.md", len(data))
    assert article.file.sha256 == hashlib.sha256(data).hexdigest()


def test_a_file_that_cannot_be_read_is_no_article_and_says_why() -> None:
    article, problems = read_article(b"# no front matter\n", "ai/a.md", Settings())
    assert article is None
    assert [str(problem.place) for problem in problems] == ["ai/a.md:1:1"]


def test_scalars_are_values_at_their_places() -> None:
    found = entry("title: Überschrift\nconfidence: 1.10\n").value("title")
    assert found is not None
    assert (found.text, found.mark.line, found.mark.column) == ("Überschrift", 2, 8)
    assert entry("confidence: 1.10").text("confidence") == "1.10"
    assert entry("title: x").value("slug") is None
    assert entry("title: x").text("slug") == ""


def test_the_keys_are_kept_as_written_and_in_their_order() -> None:
    front = "updated: 2026-01-01\ndate_created: 2025-01-01\nid: a"
    assert entry(front).keys == ("updated", "date_created", "id")


@pytest.mark.parametrize(
    ("alias", "field"),
    [("created", "created_date"), ("date_created", "created_date"), ("date_modified", "updated")],
)
def test_an_alias_is_read_as_its_field(alias: str, field: str) -> None:
    found = entry(f"{alias}: 2026-01-01")
    assert found.text(field) == "2026-01-01"
    assert found.written == {field: alias}


def test_a_project_may_have_aliases_of_its_own() -> None:
    article, problems = read("date: 2026-01-01\nsubject: ai", aliases={"date": "created_date", "subject": "category"})
    assert problems == []
    assert article.entry.text("created_date") == "2026-01-01"
    assert article.entry.text("category") == "ai"


def test_our_own_names_come_before_the_aliases_of_a_project() -> None:
    article, _ = read("title: x", aliases={"title": "summary"})
    assert article.entry.text("title") == "x"


def test_a_field_under_two_names_is_a_violation_and_the_second_is_kept() -> None:
    article, (problem,) = read("created: 2026-01-01\ncreated_date: 2026-01-02")
    assert (problem.code, problem.severity, problem.place.line) == ("KB102", Severity.VIOLATION, 3)
    assert article.entry.text("created_date") == "2026-01-01"
    assert kept("created: 2026-01-01\ncreated_date: 2026-01-02") == [("created_date", "2026-01-02")]


# ---- what no field holds


def test_an_unknown_field_is_an_info_and_is_kept() -> None:
    article, (problem,) = read("audience: everybody")
    assert (problem.code, problem.severity) == ("KB101", Severity.INFO)
    assert (problem.place.line, problem.place.column, problem.place.mark.end_column) == (2, 1, 9)
    (extra,) = article.entry.extras
    assert (extra.name, extra.text, extra.json) == ("audience", "everybody", None)


def test_nested_data_is_kept_as_canonical_json_with_the_order_of_its_keys() -> None:
    article, _ = read("x: {b: [1, {d: no, c: ~}], a: 1.10}")
    (extra,) = article.entry.extras
    assert extra.json == '{"a":"1.10","b":["1",{"c":"~","d":"no"}]}'
    assert extra.order == "b b/1/d b/1/c a"


def test_the_order_of_keys_is_left_out_where_sorting_gives_it() -> None:
    article, _ = read("x: {a: 1, b: {c: 2}}")
    (extra,) = article.entry.extras
    assert extra.order is None


@pytest.mark.parametrize(
    ("key", "escaped"), [("a b", "a%20b"), ("a/b", "a%2Fb"), ("a%b", "a%25b"), ("ä", "%C3%A4"), ("", "")]
)
def test_a_pointer_escapes_what_would_split_it(key: str, escaped: str) -> None:
    article, _ = read(f'x: {{z: {{"{key}": 1}}, "A": 2}}')
    (extra,) = article.entry.extras
    assert extra.order == f"z z/{escaped} A"


@pytest.mark.parametrize("written", ["", "~", "null", '""'])
def test_a_field_without_a_value_is_kept_as_written(written: str) -> None:
    assert kept(f"summary: {written}") == [("summary", written.strip('"'))]


@pytest.mark.parametrize(
    ("front", "found"),
    [
        ("title: [a, b]", "a list"),
        ("title: {a: b}", "an entry of 'name: value' lines"),
        ("completeness: [1]", "a list"),
        ("tags: {a: b}", "an entry of 'name: value' lines"),
        ("atomic_facts: none", "a text"),
        ("ai_citations: 3", "a text"),
        ("primary_sources: {title: x}", "an entry of 'name: value' lines"),
    ],
)
def test_a_value_of_the_wrong_kind_is_a_violation_and_is_kept(front: str, found: str) -> None:
    _, (problem,) = read(front)
    name = front.partition(":")[0]
    assert (problem.code, problem.severity, problem.place.line) == ("KB103", Severity.VIOLATION, 2)
    assert problem.message.startswith(f"'{name}' must be ")
    assert problem.message.endswith(f", but it is {found}.")
    assert [each for each, _ in kept(front)] == [name]


def test_a_member_of_the_wrong_kind_is_a_violation_and_the_whole_list_is_kept() -> None:
    article, (problem,) = read("tags: [a, [b], c]")
    assert (problem.code, problem.place.column) == ("KB103", 11)
    assert texts(article.entry.items("tags")) == ["a", "c"]
    assert kept("tags: [a, [b], c]") == [("tags", '["a",["b"],"c"]')]


def test_a_missing_space_in_a_list_of_facts_is_what_the_hint_is_about() -> None:
    _, (problem,) = read("atomic_facts:\n  - id:fact-1\n")
    assert problem.code == "KB103"
    assert problem.hint == "Put a space after the colon: 'id: fact-1'."


def test_a_text_where_a_list_belongs_is_a_list_of_one_and_kept_as_written() -> None:
    article, problems = read("tags: one")
    assert problems == []
    assert texts(article.entry.items("tags")) == ["one"]
    assert kept("tags: one") == [("tags", "one")]


def test_an_empty_list_is_not_the_same_as_none() -> None:
    assert entry("disputed_statements: []\ntags: []").empty == ("disputed_statements", "tags")
    assert entry("title: x").empty == ()


# ---- facts and references


def test_facts_have_fields_of_their_own() -> None:
    (fact,) = entry("atomic_facts:\n  - {id: f, statement: S, source_page: 3}").entries("atomic_facts")
    assert (fact.text("id"), fact.text("statement"), fact.text("source_page")) == ("f", "S", "3")
    assert fact.keys == ("id", "statement", "source_page")


def test_an_unknown_field_of_a_fact_is_kept_on_the_fact() -> None:
    article, problems = read("atomic_facts:\n  - {id: f, weight: 3}")
    assert [problem.code for problem in problems] == ["KB101"]
    (fact,) = article.entry.entries("atomic_facts")
    assert [(extra.name, extra.text) for extra in fact.extras] == [("weight", "3")]


def test_references_are_numbered_through_both_lists() -> None:
    front = "secondary_sources: [{title: c}]\nprimary_sources: [{title: a}, {title: b}]"
    article, _ = read(front)
    found = [(each.position, each.role, each.entry.text("title")) for each in article.references]
    assert found == [(1, "primary", "a"), (2, "primary", "b"), (3, "secondary", "c")]


def test_a_fact_id_used_twice_is_a_violation_that_names_the_first() -> None:
    _, (problem,) = read("atomic_facts:\n  - {id: f}\n  - {id: g}\n  - {id: f}")
    assert (problem.code, problem.place.line) == ("KB106", 5)
    assert [place.line for place in problem.related] == [3]


def test_disputed_statements_are_texts_or_entries() -> None:
    items = entry("disputed_statements: [one, {statement: two}]").items("disputed_statements")
    assert [item.text if isinstance(item, Value) else item.text("statement") for item in items] == ["one", "two"]


def test_translations_are_read_whatever_their_form() -> None:
    assert texts(entry("translations: {de: ai/b, fr: ai/c}").items("translations")) == ["ai/b", "ai/c"]
    assert texts(entry("translations: [ai/b]").items("translations")) == ["ai/b"]
    assert texts(entry("translations: ai/b").items("translations")) == ["ai/b"]
    assert kept("translations: {de: ai/b}") == [("translations", '{"de":"ai/b"}')]


# ---- canonical JSON


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"b": "1", "a": ["x", []]}, '{"a":["x",[]],"b":"1"}'),
        ({}, "{}"),
        # RFC 8785, 3.2.3: sorted by UTF-16 code units, where a letter beyond the BMP comes before U+FB33
        (
            {"\u20ac": "1", "\r": "2", "\ufb33": "3", "1": "4", "\U0001f600": "5", "\x80": "6", "ö": "7"},
            '{"\\r":"2","1":"4","\x80":"6","ö":"7","€":"1","😀":"5","\ufb33":"3"}',
        ),
        ('\x00\x1f\x7f\u2028"\\/\b\f\n\r\t', '"\\u0000\\u001f\x7f\u2028\\"\\\\/\\b\\f\\n\\r\\t"'),
    ],
)
def test_json_is_in_the_canonical_form_of_rfc_8785(data: object, text: str) -> None:
    assert json_text(data) == text


def test_an_extra_is_a_text_or_json_and_never_both() -> None:
    article, _ = read("a: x\nb: [x]\nc: {}\nd:")
    assert [(each.text is None) != (each.json is None) for each in article.entry.extras] == [True] * 4
    assert all(isinstance(each, Extra) for each in article.entry.extras)
