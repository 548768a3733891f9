"""How a fact finds its source among the references of its article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kbgraph.identity import SourceKey, doi_of, name_key, source_keys
from kbgraph.model import Entry, Reference, Value

__all__ = ["Citation", "References", "keys_of", "own_statement"]

#: What a fact may repeat of its source: its field, and the field of the source's entry.
_REPEATED = {f"source_{name}": name for name in ("title", "url", "doi", "isbn", "type", "year", "institution")}


class Citation(NamedTuple):
    """The reference that a fact rests on, if one was found, and what it says of its source itself.

    `own` is an entry in the words of a source list where the fact says something else than the
    reference, or found none; `dangling` is a `source_ref` that names no reference.
    """

    reference: Reference | None
    own: Entry | None
    dangling: Value | None


def keys_of(source: Entry) -> tuple[SourceKey, ...]:
    """The keys of an entry of a source list, the one that counts first."""
    return source_keys(
        title=source.text("title"),
        kind=source.text("type"),
        year=source.text("year"),
        url=source.text("url"),
        doi=source.text("doi"),
        isbn=source.text("isbn"),
    )


class References:
    """The references of an article by all that a fact may name them by; the first one counts."""

    def __init__(self, references: Iterable[Reference]) -> None:
        self._by: dict[tuple[str, object], Reference] = {}
        for reference in references:
            entry = reference.entry
            for name in _names_of(entry, keys_of(entry)[0]):
                self._by.setdefault(name, reference)
            if entry.text("id"):
                self._by.setdefault(("id", entry.text("id")), reference)

    def cited_by(self, fact: Entry) -> Citation:
        """Find the source of a fact: by `source_ref`, exact URL, source key, DOI, then title."""
        named = fact.value("source_ref")
        own = own_statement(fact)
        found = self._by.get(("id", named.text)) if named else None
        dangling = named if named is not None and found is None else None
        if found is None and own is not None:
            names = _names_of(own, keys_of(own)[0])
            found = next((self._by[name] for name in names if name in self._by), None)
        if own is not None and found is not None and _repeats(own, found.entry):
            own = None
        return Citation(found, own, dangling)


def _names_of(entry: Entry, key: SourceKey) -> Iterator[tuple[str, object]]:
    """What identifies the source of an entry, the surest first."""
    if entry.text("url"):
        yield "url", entry.text("url")
    if key.kind != "work":
        yield "key", key
    for doi in (doi_of(entry.text("doi")), doi_of(entry.text("url"))):
        if doi is not None:
            yield "doi", doi
    title = name_key(entry.text("title"))
    if title:
        yield "title", title


def own_statement(fact: Entry) -> Entry | None:
    """The `source_…` fields of a fact as an entry of a source list; None where it has none."""
    scalars = {name: value for field, name in _REPEATED.items() if (value := fact.value(field)) is not None}
    marks = {name: (fact.marks or {})[field] for field, name in _REPEATED.items() if name in scalars}
    return Entry(fact.mark, (), scalars, {}, marks) if scalars else None


def _repeats(own: Entry, listed: Entry) -> bool:
    """True where a fact says of its source just what the list says."""
    return all(listed.text(name) == value.text for name, value in (own.scalars or {}).items())
