"""What a dataset says of each entity, to be looked up by property.

Bodies of articles are left out: the page shows none, and they are most of a graph. What the
statements mean is decided in `nodes` and `details`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Protocol

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kbgraph.terms import curie_of

__all__ = ["Lookup", "Statements", "statements_of"]

_SECTION = b"#_section-"
_IS_A = "rdf:type"

_NO_TEXTS: Mapping[str, set[tuple[str, str]]] = {}
_NO_LINKS: Mapping[str, set[str]] = {}

_curie = cache(curie_of)


class Lookup(Protocol):
    """What can be looked up of an entity: in `Statements`, or in a store."""

    def texts(self, subject: str, /, *predicates: str) -> list[str]:
        """The texts of the first of some properties that has any."""
        ...

    def text(self, subject: str, /, *predicates: str) -> str | None:
        """One of them."""
        ...

    def properties(self, subject: str, /) -> list[str]:
        """The properties that have texts."""
        ...

    def links(self, subject: str, /, *predicates: str) -> list[str]:
        """The IRIs that some properties lead to."""
        ...

    def link(self, subject: str, predicate: str, /) -> str | None:
        """The first of them."""
        ...

    def ordered(self, subject: str, /, *predicates: str) -> list[str]:
        """All of them, by position."""
        ...

    def label(self, concept: str, /) -> str:
        """What a concept is called."""
        ...


class Statements:
    """Values by entity and property: entities are IRIs, properties CURIEs, all values sorted."""

    def __init__(self) -> None:
        self._texts: defaultdict[str, defaultdict[str, set[tuple[str, str]]]] = defaultdict(lambda: defaultdict(set))
        self._links: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._classes: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, subject: str, predicate: str, value: Literal | NamedNode) -> None:
        """Take in one statement."""
        if isinstance(value, Literal):
            self._texts[subject][predicate].add((value.value, value.language or ""))
        elif predicate == _IS_A:
            self._classes[_curie(value.value)].add(subject)
            self._links[subject][predicate].add(value.value)
        else:
            self._links[subject][predicate].add(value.value)

    def of_class(self, curie: str) -> list[str]:
        """The entities of a class, sorted."""
        return sorted(self._classes.get(curie, ()))

    def texts(self, subject: str, *predicates: str) -> list[str]:
        """The texts of the first of some properties that has any, in no language but in order."""
        known = self._texts.get(subject, _NO_TEXTS)
        found = next((known[each] for each in predicates if each in known), ())
        return [value for value, _ in sorted(found)]

    def text(self, subject: str, *predicates: str) -> str | None:
        """One text: that in English first, then one without a language, then by code point; None without any."""
        known = self._texts.get(subject, _NO_TEXTS)
        found = next((known[each] for each in predicates if each in known), ())
        return min(found, key=lambda each: (_rank(each[1]), each))[0] if found else None

    def properties(self, subject: str) -> list[str]:
        """The properties that have texts, sorted."""
        return sorted(self._texts.get(subject, ()))

    def links(self, subject: str, *predicates: str) -> list[str]:
        """The IRIs that some properties lead to, sorted, each once."""
        known = self._links.get(subject, _NO_LINKS)
        return sorted({iri for each in predicates for iri in known.get(each, ())})

    def link(self, subject: str, predicate: str) -> str | None:
        """The first of the IRIs that a property leads to; None without any."""
        return next(iter(self.links(subject, predicate)), None)

    def ordered(self, subject: str, *predicates: str) -> list[str]:
        """The IRIs that some properties lead to, by their `schema:position`."""
        return sorted(self.links(subject, *predicates), key=lambda each: (self.position(each), each))

    def position(self, subject: str) -> int:
        """The position of a member of a list; 0 where it has none."""
        found = self.text(subject, "schema:position") or ""
        return int(found) if found.isdecimal() else 0

    def label(self, concept: str) -> str:
        """What a concept of a vocabulary is called; the end of its IRI where it has no name."""
        return self.text(concept, "skos:prefLabel", "schema:name") or concept.rstrip("/").rsplit("/", 1)[-1]


def _rank(language: str) -> int:
    return {"en": 0, "": 1}.get(language, 2)


def statements_of(graphs: Iterable[Iterable[bytes]]) -> Statements:
    """The statements in some graphs of canonical N-Quads, apart from the sections of bodies."""
    made = Statements()
    for subject, predicate, value in _triples(graphs):
        made.add(subject, predicate, value)
    return made


def _triples(graphs: Iterable[Iterable[bytes]]) -> Iterator[tuple[str, str, Literal | NamedNode]]:
    for lines in graphs:
        wanted = b"".join(line for line in lines if _SECTION not in line[: line.index(b">")])
        for quad in parse(wanted, format=RdfFormat.N_QUADS):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal | NamedNode):
                yield quad.subject.value, _curie(quad.predicate.value), quad.object
