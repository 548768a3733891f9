"""Front matter as YAML: it reads back as the same texts, with us and with others, and looks as people write it."""

from __future__ import annotations

import datetime as dt

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kbgraph.config import Limits
from kbgraph.fields import ARTICLE
from kbgraph.front_data import Data, Null
from kbgraph.front_text import front_text, scalar_text
from kbgraph.kinds import Kind
from kbgraph.nodes import Mapping, Node, Scalar
from kbgraph.seeds import parse_seed

WHOLE = """id: rdf
title: "RDF triples: an introduction"
language: "no"
last_verified: "2026-06-01"
is_live_document: no
data_period: 2024-2026
completeness: 0.80
summary: "Prose is quoted, as people do."
atomic_facts:
  - id: f1
    statement: "One sentence."
    source_year: -350
    source_page: "12"
    weight: 3
    version: "1.10"
known_gaps:
  - Hardware is left out.
  - "no: it is left out"
disputed_statements: []
primary_sources:
  - title: Łódź – a city
    authors:
      - Ada Example
      - "@bot"
    pages:
      - - 1
        - 2
      - []
      - {}
      - from: a
        to: b
empty:
"""


def data_of(node: Node) -> Data:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Mapping):
        return {key.text: data_of(value) for key, value in node.entries}
    return [data_of(item) for item in node.items]


def read_back(text: str) -> Data:
    """Front matter as kbgraph reads it."""
    seed, problems = parse_seed(f"---\n{text}---\nbody".encode(), "a.md", Limits(depth=100))
    assert seed is not None, problems
    assert seed.body == "body"
    return data_of(seed.front)


def test_front_matter_looks_as_people_write_it() -> None:
    assert front_text(yaml.load(WHOLE, yaml.CBaseLoader), ARTICLE) == WHOLE


def test_front_matter_means_the_same_to_other_readers() -> None:
    data = yaml.safe_load(front_text(yaml.load(WHOLE, yaml.CBaseLoader), ARTICLE))
    assert (data["language"], data["is_live_document"], data["completeness"]) == ("no", False, 0.8)
    assert data["last_verified"] == "2026-06-01"
    fact = data["atomic_facts"][0]
    assert (fact["source_year"], fact["source_page"], fact["weight"], fact["version"]) == (-350, "12", 3, "1.10")


@pytest.mark.parametrize(
    ("text", "kind", "written"),
    [
        ("no", Kind.STRING, '"no"'),
        ("No", Kind.BOOLEAN, "No"),
        ("maybe", Kind.BOOLEAN, "maybe"),
        ("0.820", Kind.DECIMAL, "0.820"),
        ("0x1F", Kind.DECIMAL, '"0x1F"'),
        ("2017", Kind.YEAR, "2017"),
        ("2017", Kind.STRING, '"2017"'),
        ("2026-06-01", Kind.DAY, '"2026-06-01"'),
        ("3", None, "3"),
        ("03", None, '"03"'),
        ("1.10", None, '"1.10"'),
        ("true", None, "true"),
        ("True", None, '"True"'),
        ("12:30", Kind.STRING, '"12:30"'),
        ("1e3", Kind.STRING, '"1e3"'),
        ("~", Kind.STRING, '"~"'),
        (Null("~"), Kind.STRING, "~"),
        ("", Kind.STRING, '""'),
        ("a: b", Kind.STRING, '"a: b"'),
        ("a:b", Kind.STRING, "a:b"),
        ("a #b", Kind.STRING, '"a #b"'),
        ("a#b", Kind.STRING, "a#b"),
        ("end:", Kind.STRING, '"end:"'),
        ("- a", Kind.STRING, '"- a"'),
        ("-a", Kind.STRING, "-a"),
        ("...", Kind.STRING, '"..."'),
        ("---", Kind.STRING, '"---"'),
        (" a", Kind.STRING, '" a"'),
        ("a ", Kind.STRING, '"a "'),
        ('say "a"', Kind.STRING, 'say "a"'),
        ('"a"', Kind.STRING, "'\"a\"'"),
        ('\'tis: "a"', Kind.STRING, "'''tis: \"a\"'"),
        ("C:\\x: y", Kind.STRING, "'C:\\x: y'"),
        ('a\nb\t"c" \\', Kind.STRING, '"a\\nb\\t\\"c\\" \\\\"'),
        ("a\x85b\u2028c\ufeff\U0001f600", Kind.STRING, '"a\\x85b\\u2028c\\uFEFF\U0001f600"'),
        ("two words", Kind.STRING, "two words"),
        ("two words", Kind.TEXT, '"two words"'),
        ("x" * 100, Kind.URL, "x" * 100),
        ("word " * 20 + "x", Kind.STRING, '"' + "word " * 20 + 'x"'),
    ],
)
def test_quotes_stand_only_where_they_are_needed(text: str, kind: Kind | None, written: str) -> None:
    assert scalar_text(text, kind) == written


TEXTS = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=15)
    | st.text(st.sampled_from("-?:,[]{}#&*!|>'\"%@` .\n\ra1~=<_xeo+"), max_size=8)
    | st.sampled_from(
        [
            "no",
            "yes",
            "null",
            "~",
            "<<",
            "=",
            "1_000",
            "0o7",
            "017",
            "0b1",
            ".5",
            "5.",
            ".",
            "-",
            "+",
            "-0",
            "1e5",
            "1.e+5",
            "190:20:30",
            "190:20:30.15",
            ".inf",
            "-.INF",
            ".NaN",
            "---",
            "...",
            "2001-12-14t21:59:43.10-05:00",
            "%YAML",
            "y",
            "N",
            "off",
            "0.5",
            "-0.001",
            "0.00001",
            "123456.5",
        ]
    )
    | st.sampled_from(["2001-12-14 21:59:43.10 -5", "--- a", "? a", "- a", ": a", "a" * 1100, "\ufeff"])
)
DATA = st.recursive(TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3))
FRONT = st.dictionaries(TEXTS | st.sampled_from([field.name for field in ARTICLE.fields]), DATA, max_size=5)


@given(FRONT)
@settings(max_examples=400)
def test_whatever_is_written_reads_back_with_kbgraph_and_with_other_readers(data: dict[str, Data]) -> None:
    text = front_text(data, ARTICLE)
    assert read_back(text) == data
    assert list(read_back(text)) == list(data)
    assert yaml.load(text, yaml.BaseLoader) == (data or None)
    assert yaml.load(text, yaml.CBaseLoader) == (data or None)


@given(TEXTS)
@settings(max_examples=400)
def test_a_text_is_a_text_to_other_readers(text: str) -> None:
    for loader in (yaml.SafeLoader, yaml.CSafeLoader):
        assert yaml.load(scalar_text(text, Kind.STRING), loader) == text


@given(st.floats(allow_nan=False).map(str) | st.integers().map(str) | st.booleans().map(str) | TEXTS)
def test_under_an_unknown_key_other_readers_lose_no_digit(text: str) -> None:
    value = yaml.safe_load(scalar_text(text, None))
    assert not isinstance(value, dt.date)
    assert (str(value).lower() if isinstance(value, bool) else str(value)) == text
