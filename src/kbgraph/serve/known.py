"""What a dataset says of an entity, looked up in its store: values by property, and who points to it.

Entities are IRIs as text, properties CURIEs. What the statements mean is decided by those who ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from kbgraph.terms import curie_of, expanded

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from kbgraph.store import Opened

__all__ = ["Known"]

_curie = lru_cache(maxsize=4096)(curie_of)
_term = lru_cache(maxsize=4096)(expanded)

_NAMES = ("schema:headline", "schema:name", "skos:prefLabel", "dcterms:title", "schema:text", "schema:identifier")
#: Entities that are kept once they have been looked up.
_KEPT = 8192


class Known:
    """A dataset as what it says of each entity; `base` is the IRI under which its data lies."""

    def __init__(self, opened: Opened) -> None:
        self.store = opened.store
        self.base = opened.base
        self._place_of = opened.place_of
        self._about = lru_cache(maxsize=_KEPT)(self._read)

    def _read(self, iri: str) -> dict[str, tuple[NamedNode | Literal, ...]]:
        found: dict[str, dict[NamedNode | Literal, None]] = {}
        for quad in self.quads(iri):
            if isinstance(quad.object, NamedNode | Literal):
                found.setdefault(_curie(quad.predicate.value), {})[quad.object] = None
        return {name: tuple(values) for name, values in found.items()}

    def quads(self, iri: str) -> Iterator[Quad]:
        """The statements about an entity, of all graphs."""
        try:
            return self.store.quads_for_pattern(NamedNode(iri), None, None, None)
        except ValueError:
            return iter(())

    def has(self, iri: str) -> bool:
        """Whether anything is said of it."""
        return next(self.quads(iri), None) is not None

    def properties(self, iri: str) -> list[str]:
        """The properties that an entity has, sorted."""
        return sorted(self._about(iri))

    def literals(self, iri: str, *curies: str) -> list[Literal]:
        """The literals of the first of some properties that has any, sorted."""
        about = self._about(iri)
        for each in curies:
            found = [value for value in about.get(each, ()) if isinstance(value, Literal)]
            if found:
                return found if len(found) == 1 else sorted(found, key=_in_order)
        return []

    def texts(self, iri: str, *curies: str) -> list[str]:
        """The texts of those."""
        return [value.value for value in self.literals(iri, *curies)]

    def text(self, iri: str, *curies: str) -> str:
        """One text: in English first, then without a language, then by code point; "" without any."""
        return next(iter(self.texts(iri, *curies)), "")

    def links(self, iri: str, *curies: str) -> list[str]:
        """The IRIs that some properties lead to, sorted, each once."""
        about = self._about(iri)
        return sorted({one.value for each in curies for one in about.get(each, ()) if isinstance(one, NamedNode)})

    def link(self, iri: str, *curies: str) -> str:
        """The first of them; "" without any."""
        return next(iter(self.links(iri, *curies)), "")

    def ordered(self, iri: str, *curies: str) -> list[str]:
        """The IRIs that some properties lead to, by their `schema:position`."""
        found = self.links(iri, *curies)
        return found if len(found) < 2 else sorted(found, key=lambda each: (self.position(each), each))

    def position(self, iri: str) -> int:
        """The position of a member of a list; 0 where it has none."""
        found = self.text(iri, "schema:position")
        return int(found) if found.isdecimal() else 0

    def classes(self, iri: str) -> set[str]:
        """The classes of an entity, as CURIEs."""
        return {_curie(each) for each in self.links(iri, "rdf:type")}

    def language(self, iri: str) -> str:
        """The language of its name, "" unknown."""
        return next((each.language or "" for each in self.literals(iri, *_NAMES)), "")

    def label(self, iri: str) -> str:
        """What an entity is called; the end of its IRI where it has no name."""
        return self.text(iri, *_NAMES) or iri.removeprefix(self.base).rstrip("/").rsplit("/", 1)[-1]

    def place(self, iri: str) -> str:
        """The file and the line at which an entity was written: `ai/attention.md:24`; "" where that is not known."""
        found = self._place_of(iri)
        return f"{found.path}:{found.line}" if found is not None else ""

    def pointing(self, iri: str, *curies: str) -> list[str]:
        """The entities whose properties lead here, sorted, each once."""
        target = NamedNode(iri)
        return sorted(
            {
                quad.subject.value
                for each in curies
                for quad in self.store.quads_for_pattern(None, _term(each), target, None)
                if isinstance(quad.subject, NamedNode)
            }
        )

    def of_class(self, curie: str) -> list[str]:
        """The entities of a class, sorted."""
        return self.pointing(_term(curie).value, "rdf:type")


def _in_order(value: Literal) -> tuple[int, str]:
    """English first, then without a language, then by code point."""
    return {"en": 0, None: 1}.get(value.language, 2), value.value
