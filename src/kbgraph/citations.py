"""How a fact finds its source among the references of its article."""

from __future__ import annotations

from dataclasses import dataclass

from kbgraph.identity import SourceKey, doi_of, name_key, source_keys
from kbgraph.model import Entry, Reference, Value

__all__ = ["Citation", "citation_of", "keys_of", "own_statement"]

#: What a fact may repeat of its source: its field, and the field of the source's entry.
_REPEATED = {f"source_{name}": name for name in ("title", "url", "doi", "isbn", "type", "year", "institution")}


@dataclass(frozen=True, slots=True)
class Citation:
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


def citation_of(fact: Entry, references: tuple[Reference, ...]) -> Citation:
    """Find the source of a fact: by `source_ref`, exact URL, source key, DOI, then title."""
    named = fact.value("source_ref")
    own = own_statement(fact)
    found = next((each for each in references if named and each.entry.text("id") == named.text), None)
    dangling = named if named is not None and found is None else None
    if found is None and own is not None:
        found = _match(own, references)
    if own is not None and found is not None and _repeats(own, found.entry):
        own = None
    return Citation(found, own, dangling)


def own_statement(fact: Entry) -> Entry | None:
    """The `source_…` fields of a fact as an entry of a source list; None where it has none."""
    scalars = {name: value for field, name in _REPEATED.items() if (value := fact.value(field)) is not None}
    marks = {name: (fact.marks or {})[field] for field, name in _REPEATED.items() if name in scalars}
    return Entry(fact.mark, (), scalars, {}, marks) if scalars else None


def _match(own: Entry, references: tuple[Reference, ...]) -> Reference | None:
    url, doi, title = own.text("url"), doi_of(own.text("doi")), name_key(own.text("title"))
    key = keys_of(own)[0]
    tests = (
        lambda entry: url and entry.text("url") == url,
        lambda entry: key.kind != "work" and keys_of(entry)[0] == key,
        lambda entry: doi and doi in {doi_of(entry.text("doi")), doi_of(entry.text("url"))},
        lambda entry: title and name_key(entry.text("title")) == title,
    )
    for test in tests:
        for reference in references:
            if test(reference.entry):
                return reference
    return None


def _repeats(own: Entry, listed: Entry) -> bool:
    """True where a fact says of its source just what the list says."""
    return all(listed.text(name) == value.text for name, value in (own.scalars or {}).items())
