"""What a reader looks for: things whose names, and facts whose statements, hold all the words.

The names and statements are kept in memory, in the form in which they are compared; a word counts where
it stands at the beginning of one. Names come before statements, articles before other things.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from kbgraph.serve.addresses import KINDS, Addresses
from kbgraph.serve.home import members_of
from kbgraph.serve.known import Known

__all__ = ["Entry", "Index", "index_of", "words_of"]

_WORD = re.compile(r"[^\W_]+")


class Entry(NamedTuple):
    """Something that can be found: what it is, its name, where its page is, and more that it is found by."""

    kind: str
    label: str
    path: str
    more: str
    folded: str


def _folded(text: str) -> str:
    """The words of a text, without case and accents, each behind a space."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return " " + " ".join(_WORD.findall(bare))


def words_of(text: str) -> tuple[str, ...]:
    """The words that are looked for, at most twelve."""
    return tuple(_folded(text[:200]).split()[:12])


class Index:
    """All that can be found, in the order in which it is shown."""

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries

    def find(self, text: str, most: int) -> list[Entry]:
        """What holds all the words of a text, the best first: whole names, then names, then statements."""
        words = words_of(text)
        if not words:
            return []
        wanted = tuple(f" {word}" for word in words)
        whole = " " + " ".join(words)
        ranked: list[tuple[int, int]] = []
        for number, each in enumerate(self.entries):
            if all(word in each.folded for word in wanted):
                rank = 0 if each.folded == whole else 1 if each.folded.startswith(whole) else 2
                ranked.append((rank + (3 if each.kind == "Fact" else 0), number))
        ranked.sort()
        return [self.entries[number] for _, number in ranked[:most]]


def index_of(known: Known, addresses: Addresses) -> Index:
    """The index of a dataset: articles, categories, sources, people, organisations, and facts."""
    entries = []
    for kind in ("article", "category", "source", "agent/person", "org", "agent/model", "entity"):
        for iri in members_of(known, kind):
            label = known.label(iri)
            more = known.text(iri, "schema:datePublished") if kind == "source" else ""
            path = addresses.path_of(iri)
            if path is not None:
                entries.append(Entry(KINDS[kind][0], label, path, more, _folded(label)))
    for iri in known.of_class("kb:Fact"):
        text, path = known.text(iri, "schema:text"), addresses.path_of(iri)
        if text and path is not None:
            entries.append(Entry("Fact", text, path, known.label(iri.partition("#")[0]), _folded(text)))
    return Index(entries)
