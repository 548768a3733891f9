"""New articles and projects."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from kbgraph.config import Settings
from kbgraph.errors import UsageError
from kbgraph.fields import ARTICLE
from kbgraph.reader import read_article
from kbgraph.template import new_article, project_files, slug_of

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Word Embeddings", "word-embeddings"),
        ("Word2Vec: What & Why", "word2vec-what-why"),
        ("  spaces   and_underscores ", "spaces-and-underscores"),
        ("C++", "c"),
        ("Über Straßen", "über-strassen"),
        ("注意力机制", "注意力机制"),
        ("ﬁne ① print", "fine-1-print"),
        ("../../etc/passwd", "etc-passwd"),
        (".hidden", "hidden"),
        ("CON\0", "con"),
    ],
)
def test_a_slug_is_letters_and_digits_and_hyphens(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@pytest.mark.parametrize("title", ["", "!!!", "---", "…", "___", "🙂"])
def test_a_title_without_letters_or_digits_is_wrong_usage(title: str) -> None:
    with pytest.raises(UsageError, match="letters nor digits"):
        slug_of(title)


def test_a_slug_is_never_longer_than_a_file_name_may_be() -> None:
    assert len((slug_of("注" * 500) + ".md").encode()) <= 255
    assert slug_of("注" * 500) == "注" * 66


TITLES = [
    "Plain",
    'With "quotes" and: colon #1',
    "Null",
    "true",
    "~ 1",
    "0123",
    "It's {odd} [x], y",
    "back\\slash n",
    "注意力",
    "tab\there",
    "- a",
    "&x *y !z",
    "yes",
    "1.10",
]


@pytest.mark.parametrize("title", TITLES)
def test_a_new_article_can_be_read_and_has_the_title_that_was_asked_for(title: str) -> None:
    text = new_article(title, "ai/models", "pt-BR", TODAY)
    article, problems = read_article(text.encode(), "a.md", Settings())
    assert problems == []
    assert article is not None
    assert article.entry.text("title") == title
    assert article.entry.text("id") == slug_of(title)
    assert article.entry.text("category") == "ai/models"
    assert article.entry.text("language") == "pt-BR"
    assert article.entry.text("created_date") == "2026-06-01"


@pytest.mark.parametrize("category", ["null", "true", "ai", "0123"])
def test_a_new_article_has_the_category_that_was_asked_for(category: str) -> None:
    article, _ = read_article(new_article("x", category, "en", TODAY).encode(), "a.md", Settings())
    assert article is not None
    assert article.entry.text("category") == category


@pytest.mark.parametrize("language", ["en: x", "[x", "'", "", "zh_CN", "en\nid: y"])
def test_a_language_that_is_none_is_wrong_usage(language: str) -> None:
    with pytest.raises(UsageError, match="language tag"):
        new_article("x", "ai", language, TODAY)


def test_a_new_article_explains_every_field() -> None:
    text = new_article("x", "ai", "en", TODAY)
    for field in ARTICLE.fields:
        words = field.description.split()
        assert f"{field.name}:" in text
        assert " ".join(words[:3]) in text
        for member in field.members.fields if field.members and field.name != "secondary_sources" else ():
            assert f"{member.name}:" in text


def test_the_comments_of_a_new_article_are_good_yaml_once_they_are_uncommented() -> None:
    lines = new_article("x", "ai", "en", TODAY).split("---\n")[1].splitlines()
    known = tuple(f"# {field.name}:" for field in ARTICLE.fields)
    for line in lines:
        if line.startswith(known):
            assert isinstance(yaml.safe_load(line.removeprefix("# ")), dict), line


def test_a_project_has_settings_an_article_and_what_git_ignores() -> None:
    files = project_files(TODAY)
    assert sorted(files) == [".gitignore", "kbgraph.toml", "seeds/knowledge/rdf-triples.md"]
    assert files[".gitignore"] == "/out/\n"
    _, problems = read_article(files["seeds/knowledge/rdf-triples.md"].encode(), "a.md", Settings())
    assert problems == []
