"""An index of entries: an SQLite database with their words in FTS5, and what is shown of them.

FTS5 is given words as `words` cuts them, joined by spaces, so that its own idea of words and folding
does not matter; it keeps no texts.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from kbgraph.errors import WorldError
from kbgraph.search.words import BEGIN, END, joined, words_of

if TYPE_CHECKING:
    from kbgraph.errors import Place
    from kbgraph.search.entries import Entry

__all__ = ["VERSION", "category_facet", "fill", "kind_facet"]

#: Changes with what an index holds for the same dataset.
VERSION = 3

#: `title` are the titles of articles, `name` those of whatever else has one, and other names of articles, `statement`
#: what facts, disputes and gaps say and the headings of sections, `body` all other text, `list` that of sections which
#: list what is found by itself, and `context` the title of the article.
_SCHEMA = """
CREATE TABLE entry (
    id INTEGER PRIMARY KEY, kind TEXT, iri TEXT, title TEXT, path TEXT, line INTEGER, within TEXT, text TEXT
);
CREATE TABLE category (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE mark (value TEXT);
CREATE VIRTUAL TABLE words USING fts5(
    title, name, statement, body, list, context, facet, content='', tokenize='ascii', prefix='1 2 3'
);
"""


def fill(
    database: sqlite3.Connection, entries: Iterable[Entry], mark: str, place_of: Callable[[str], Place | None]
) -> None:
    """Fill an empty database with entries and the lines of their places, and mark it with what they are of.

    Raises:
        WorldError: this SQLite has no full-text search.
    """
    categories: set[str] = set()
    try:
        database.executescript(_SCHEMA)
    except sqlite3.OperationalError as error:
        raise WorldError(f"this Python's SQLite has no full-text search (FTS5): {error}") from None
    for number, each in enumerate(entries, 1):
        place = place_of(each.iri)
        line = None if place is None else place.line
        row = (number, each.kind, each.iri, each.title, each.path, line, each.within, each.text)
        database.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        database.execute(
            "INSERT INTO words (rowid, title, name, statement, body, list, context, facet)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (number, *_columns(each), joined(each.within), " ".join(_facets(each))),
        )
        categories.update(each.categories)
    database.executemany("INSERT INTO category VALUES (?)", ((each,) for each in sorted(categories)))
    database.execute("INSERT INTO words (words) VALUES ('optimize')")
    database.execute("INSERT INTO mark VALUES (?)", (mark,))
    database.commit()


def _columns(entry: Entry) -> tuple[str, str, str, str, str]:
    """The words of an entry in title, name, statement, body and list."""
    title, text, more = joined(entry.title), joined(entry.text), joined(entry.more)
    whole = f"{BEGIN} {title} {END}"
    if entry.kind == "article":
        return whole, more, "", text, ""
    if entry.kind in {"source", "category", "person", "organisation"}:
        return "", whole, "", f"{text} {more}", ""
    if entry.kind == "section":
        return "", "", title, *(("", text) if entry.is_list else (text, ""))
    return "", "", text, "", ""


def _facets(entry: Entry) -> Iterator[str]:
    yield kind_facet(entry.kind)
    parts = {part for each in entry.categories for part in _paths(each)}
    yield from sorted(category_facet(part) for part in parts)


def _paths(category: str) -> Iterator[str]:
    """A category and those above it: `technology/ai`, `technology`."""
    steps = category.split("/")
    return ("/".join(steps[:count]) for count in range(1, len(steps) + 1))


def kind_facet(kind: str) -> str:
    """The word that stands for a kind."""
    return f"k{kind}"


def category_facet(category: str) -> str:
    """The word that stands for a category, without case and accents."""
    folded = "/".join(" ".join(words_of(step)) for step in category.strip("/").split("/"))
    return f"c{hashlib.blake2b(folded.encode(), digest_size=8).hexdigest()}"
