"""New articles and projects, written from the table of fields."""

from __future__ import annotations

import json
import re
import textwrap
import unicodedata
from collections.abc import Iterator
from datetime import date

from kbgraph.config import DEFAULT_BASE
from kbgraph.errors import UsageError
from kbgraph.fields import ARTICLE
from kbgraph.kinds import Field, Kind
from kbgraph.terms import is_language_tag

__all__ = ["new_article", "project_files", "slug_of"]

_BODY = """
## TL;DR

Say in two sentences what the reader should take away.

## Core Explanation

Explain the subject.

## Source-Mapped Facts

- Repeat each statement here, with a link to its source.

## Further Reading

- Link the sources.

## Related Articles

- Link other articles by their path, such as `[Title](other-article.md)`.
"""


def slug_of(title: str) -> str:
    """A title as the name of a file: lower-case letters and digits of any script, and hyphens.

    Raises:
        UsageError: the title has neither.

    >>> slug_of("Word2Vec: What & Why")
    'word2vec-what-why'
    """
    plain = unicodedata.normalize("NFKC", title).casefold()
    slug = "-".join(re.findall(r"[^\W_]+", plain))
    if not slug:
        raise UsageError(f"the title {title!r} has neither letters nor digits to name a file after")
    return slug.encode()[:200].decode("utf-8", "ignore")


def new_article(title: str, category: str, language: str, today: date) -> str:
    """An article with every field explained; what has to be filled in is reported by a check.

    Fields that few articles need are commented out.
    """
    if not is_language_tag(language):
        raise UsageError(f"{language!r} is not a language tag such as en or pt-BR")
    values = {
        "id": _quoted(slug_of(title)),
        "title": json.dumps(title, ensure_ascii=False).replace("\x7f", "\\x7f"),
        "schema_type": "Article",
        "category": _quoted(category),
        "language": language,
        "confidence": "medium",
        "last_verified": f'"{today.isoformat()}"',
        "created_date": f'"{today.isoformat()}"',
        "updated": f'"{today.isoformat()}"',
        "generation_method": "human_only",
        "conflict_of_interest": "none_declared",
        "is_live_document": "false",
        "data_period": "static",
        "completeness": "0.5",
        "known_gaps": '["Say what is missing."]',
        "disputed_statements": "[]",
        "atomic_facts": "[]",
        "primary_sources": "[]",
        "secondary_sources": "[]",
    }
    lines: list[str] = ["---"]
    for field in ARTICLE.fields:
        lines += _field(field, values.get(field.name))
    return "\n".join([*lines, "---", ""]) + _BODY


def _quoted(text: str) -> str:
    """A text that YAML takes for a text: in quotes, unless it is a plain word."""
    plain = re.fullmatch(r"[a-z][a-z0-9-]*(?:/[a-z0-9-]+)*", text) and text not in {
        "null",
        "true",
        "false",
        "yes",
        "no",
    }
    return text if plain else json.dumps(text, ensure_ascii=False)


def _field(field: Field, value: str | None) -> Iterator[str]:
    """A field with its meaning above it; commented out where it has no value yet."""
    meaning = field.description + (" Needed." if field.required else "")
    yield from textwrap.wrap(meaning, 96, initial_indent="# ", subsequent_indent="# ")
    if value is not None:
        yield f"{field.name}: {value}"
    elif field.kind in {Kind.MIXED, Kind.ENTRY, Kind.ENTRIES}:
        yield f"# {field.name}:"
    else:
        yield f"# {field.name}: {field.example}".rstrip()
    if field.members is not None:
        yield from _members(field)


def _members(field: Field) -> Iterator[str]:
    """The fields of one entry, as a comment to copy."""
    if field.members is None:
        return
    if field.name == "secondary_sources":
        yield "# (fields as in primary_sources)"
        return
    lead = "#   - " if field.kind is not Kind.ENTRY else "#   "
    for member in field.members.fields:
        example = f" {member.example}" if member.example else ""
        yield f"{lead}{member.name}:{example}  # {member.description}"
        lead = "#     " if field.kind is not Kind.ENTRY else "#   "


_FIRST = """---
id: first-article
title: "RDF triples"
schema_type: Article
category: knowledge
language: en
confidence: medium
last_verified: "{today}"
created_date: "{today}"
updated: "{today}"
generation_method: human_only
derived_from_human_seed: true
conflict_of_interest: none_declared
is_live_document: false
data_period: static
atomic_facts:
  - id: fact-rdf-triples-001
    statement: "An RDF triple consists of a subject, a predicate and an object."
    source_title: "RDF 1.1 Concepts and Abstract Syntax"
    source_url: https://www.w3.org/TR/rdf11-concepts/
    confidence: medium
completeness: 0.3
known_gaps:
  - "Datasets and named graphs are not covered."
disputed_statements: []
primary_sources:
  - title: "RDF 1.1 Concepts and Abstract Syntax"
    type: standard
    year: 2014
    url: https://www.w3.org/TR/rdf11-concepts/
    institution: W3C
secondary_sources: []
---

## TL;DR

RDF says everything in triples: a subject, a predicate, and an object.

## Source-Mapped Facts

- An RDF triple consists of a subject, a predicate and an object.
  ([source](https://www.w3.org/TR/rdf11-concepts/))
"""

_SETTINGS = f"""# Settings of kbgraph. Options and the environment come before them.

# The IRI under which your data lies: one that is yours.
base = "{DEFAULT_BASE}"

# Where a build writes; relative to this file.
out = "out"

# Formats to write; all of them where this line is missing.
# formats = ["nq", "turtle", "jsonld"]

# Files that are no articles, as in .gitignore, besides README.md and the like.
# exclude = ["drafts/"]

# Other names for fields, so that front matter can be read as it is.
# [aliases]
# date = "created_date"

# What the catalogue says of the dataset.
title = "My knowledge graph"
# description = "…"
# license = "https://creativecommons.org/licenses/by/4.0/"
# publisher = "My organisation"
"""


def project_files(today: date) -> dict[str, str]:
    """The files of a small project by path: settings, one article that builds, what git ignores."""
    return {
        "kbgraph.toml": _SETTINGS,
        "seeds/knowledge/rdf-triples.md": _FIRST.format(today=today.isoformat()),
        ".gitignore": "/out/\n",
    }
