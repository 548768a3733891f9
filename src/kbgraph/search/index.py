"""`Index`: the full-text index of a dataset, kept beside its build, and what is found in it.

It is one file in the cache of the build, written as a whole, with a mark of the dataset that it was made
from. Whoever opens it and finds it missing, damaged or of another dataset makes it anew, in memory where
nothing can be kept.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from kbgraph.config import Limits
from kbgraph.errors import UsageError, WorldError
from kbgraph.files import digest_of, write_whole
from kbgraph.search.excerpts import Marked, excerpt_of
from kbgraph.search.making import VERSION, category_facet, fill, kind_facet
from kbgraph.search.wanted import Phrase, Wanted, expression_of, wanted_of
from kbgraph.store import dataset_file

if TYPE_CHECKING:
    from kbgraph.dataset import Dataset
    from kbgraph.errors import Place
    from kbgraph.graph import KnowledgeGraph

__all__ = ["KINDS", "Hit", "Index"]

#: What can be found.
KINDS = ("article", "fact", "dispute", "source", "gap", "section", "category", "person", "organisation")
#: What is suggested while one types: what has a name.
_NAMED = ("article", "source", "category", "person", "organisation")

#: How much a word counts in title, name, statement, body, list, context and facet; the best have the least score. A
#: word that is there often counts little more than one that is there once, whatever it weighs, so that titles are
#: counted once more by themselves.
_SELECT = """
SELECT rowid, bm25(words, 10, 5, 4, 1.5, 0.5, 0.3, 0) + bm25(words, 6, 1, 0, 0, 0, 0, 0) AS score
FROM words WHERE words MATCH ? ORDER BY score, rowid LIMIT ?
"""
#: How often an index is made anew because a build was put in place meanwhile.
_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found.

    `title` is its own, or that of its article, cut where it is very long; `within` is the title of the article
    that it is part of, "" for what is no part. `path` is that of the article's file below the folder
    that was built, "" for what is in no article; `line` is where it begins in that file, None where that is
    not known. A higher `score` is better; scores of two searches do not compare.
    """

    iri: str
    kind: str
    title: Marked
    snippet: Marked
    path: str
    line: int | None
    within: str
    score: float


class Index:
    """What can be found in one dataset. It may be asked by several threads.

    >>> import kbgraph
    >>> index = Index.of(kbgraph.build("seeds").graph)
    >>> hit = index.search("wissens", limit=1)[0]
    >>> hit.kind, hit.title.text
    ('article', 'Wissensgraph')
    """

    def __init__(
        self, database: sqlite3.Connection, limits: Limits, again: Callable[[], sqlite3.Connection] | None = None
    ) -> None:
        self._database, self._limits, self._again = database, limits, again
        self._lock = threading.Lock()

    @classmethod
    def open(
        cls,
        path: Path,
        cache: Path | None = None,
        limits: Limits | None = None,
        told: Callable[[str], object] = lambda _: None,
    ) -> Self:
        """The index of a build, made where it is missing or stale; or of a file of RDF, in memory.

        Args:
            path: the folder of a build, or the file.
            cache: the folder of what is kept; that of the build where it is None.
            limits: bound what may be looked for.
            told: hears what takes long.

        Raises:
            UsageError: there is no dataset here.
            WorldError: it cannot be read, or this Python's SQLite has no full-text search.
        """
        limits = limits or Limits()
        if not path.exists():
            raise UsageError(f"'{path}' does not exist; kbgraph build makes a graph")
        if not (path / "manifest.json").exists():
            from kbgraph.dataset import read_dataset

            if not path.is_dir():
                told(f"reading {path.name} …")
            return cls(_made(read_dataset(path), "", lambda _: None), limits)
        kept = _place(path, cache or path / ".cache")
        database = _kept(kept, _mark(dataset_file(path).digest))
        if database is None:
            return cls(_make(path, kept, told), limits)
        return cls(database, limits, lambda: _make(path, kept, told))

    @classmethod
    def of(cls, graph: KnowledgeGraph, limits: Limits | None = None) -> Self:
        """The index of a graph, in memory."""
        from kbgraph.dataset import dataset_of

        return cls(_made(dataset_of(graph), "", graph.place), limits or Limits())

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def search(
        self, words: str, limit: int = 10, *, kinds: Sequence[str] = (), category: str | None = None
    ) -> tuple[Hit, ...]:
        """What holds all the words, the best first; nothing where there are none to look for.

        Args:
            words: words, `"a phrase"`, `-without`, `begin*`; the last may be the beginning of one.
            limit: how many hits at most.
            kinds: some of `KINDS`; empty for all of them.
            category: only what belongs to articles of this one, or of one below it, or is cited by them.

        Raises:
            LimitError: there are too many words.
            UsageError: there is no such kind or category.
        """
        wanted = wanted_of(words, self._limits.search_words)
        facets = [*([[kind_facet(_kind(each)) for each in kinds]] if kinds else [])]
        if category is not None:
            facets.append([self._category(category)])
        return self._found(wanted, facets, limit) if wanted.phrases and limit > 0 else ()

    def suggest(self, prefix: str, limit: int = 10) -> tuple[Hit, ...]:
        """Articles, sources, categories, people and organisations with such words, or beginnings, in their names."""
        wanted = wanted_of(prefix, self._limits.search_words)
        if not wanted.phrases or limit < 1:
            return ()
        return self._found(wanted, [[kind_facet(each) for each in _NAMED]], limit, "{title name}")

    def missing(self, words: str) -> tuple[str, ...]:
        """Those of the words, or phrases, that no text holds, in the form in which they are compared."""
        wanted = wanted_of(words, self._limits.search_words)
        alone = ((phrase, Wanted((phrase,), (), phrase)) for phrase in wanted.phrases)
        select = "SELECT rowid FROM words WHERE words MATCH ? LIMIT 1"
        return tuple(" ".join(each.words) for each, one in alone if not self._rows(select, (expression_of(one),)))

    def categories(self) -> tuple[str, ...]:
        """The categories that there are, sorted."""
        return tuple(row[0] for row in self._rows("SELECT name FROM category ORDER BY name", ()))

    def _category(self, name: str) -> str:
        """The facet of a category, or of those below it.

        Raises:
            UsageError: there is none.
        """
        facet = category_facet(name)
        steps = [each.split("/") for each in self.categories()]
        known = sorted({"/".join(parts[:count]) for parts in steps for count in range(1, len(parts) + 1)})
        if facet not in set(map(category_facet, known)):
            import difflib

            near = difflib.get_close_matches(name, known, 3) or known[:12]
            raise UsageError(f"there is no category {name!r}; there is {', '.join(near) or 'none'}")
        return facet

    def _found(
        self, wanted: Wanted, facets: Sequence[Sequence[str]], limit: int, columns: str | None = None
    ) -> tuple[Hit, ...]:
        expression = expression_of(wanted, facets, columns)
        ranked = self._rows(_SELECT, (expression, limit))
        return tuple(self._hit(number, score, wanted.phrases) for number, score in ranked)

    def _hit(self, number: int, score: float, phrases: Sequence[Phrase]) -> Hit:
        select = "SELECT iri, kind, title, text, path, line, within FROM entry WHERE id = ?"
        ((iri, kind, title, text, path, line, within),) = self._rows(select, (number,))
        texts = (excerpt_of(title or within or iri, phrases), excerpt_of(text, phrases))
        return Hit(iri, kind, *texts, path, line, within, round(-score, 3))

    def _rows(self, statement: str, values: tuple[object, ...]) -> list[Any]:
        """The rows of a statement; where the file turns out to be damaged, of a new one."""
        with self._lock:
            try:
                return self._database.execute(statement, values).fetchall()
            except sqlite3.DatabaseError as error:
                if self._again is None:
                    raise WorldError(f"the index cannot be read: {error}") from None
            again, self._again = self._again, None
            self._database.close()
            self._database = again()
            return self._database.execute(statement, values).fetchall()


def _kind(name: str) -> str:
    if name not in KINDS:
        raise UsageError(f"there is no kind {name!r}; there are {', '.join(KINDS)}")
    return name


# ---- the file


def _place(out: Path, cache: Path) -> Path:
    """Where the index of a build lies; several builds may have one cache."""
    return cache / f"search-{hashlib.blake2b(os.fsencode(out.absolute()), digest_size=8).hexdigest()}.sqlite"


def _mark(digest: str) -> str:
    """What an index of a dataset is known by."""
    return f"{VERSION} {digest}"


def _kept(place: Path, mark: str) -> sqlite3.Connection | None:
    """The index at a place, if it is one of what the mark says.

    It is never written to where it lies, so that SQLite need not lock it.
    """
    if not place.is_file():
        return None
    database = None
    try:
        address = f"file:{quote(str(place.absolute()))}?mode=ro&immutable=1"
        database = sqlite3.connect(address, uri=True, check_same_thread=False)
        if database.execute("SELECT value FROM mark").fetchall() == [(mark,)]:
            return database
    except sqlite3.Error:
        pass
    if database is not None:
        database.close()
    return None


def _make(out: Path, place: Path, told: Callable[[str], object]) -> sqlite3.Connection:
    """The index of a build, made anew, and kept if it can be."""
    from kbgraph.dataset import read_dataset

    for _ in range(_ATTEMPTS):
        source = dataset_file(out)
        told(f"making the search index of {source.path.name} …")
        dataset = read_dataset(source.path)
        if digest_of(source.path) != source.digest:  # a build was put here meanwhile
            if dataset_file(out) == source and not (out / ".kbgraph-switch").exists():
                raise UsageError(f"'{source.path}' is not what its manifest says: build it again")
            continue
        database = _made(dataset, _mark(source.digest), source.place_of)
        try:
            write_whole(place, database.serialize(), lasting=False)
        except WorldError:
            told(f"'{place.parent}' cannot be written to: the index is for this time only")
        return database
    raise WorldError(f"'{out}' is being built again and again; try it later")


def _made(dataset: Dataset, mark: str, place_of: Callable[[str], Place | None]) -> sqlite3.Connection:
    from kbgraph.search.entries import entries_of

    database = sqlite3.connect(":memory:", check_same_thread=False)
    fill(database, entries_of(dataset), mark, place_of)
    return database
