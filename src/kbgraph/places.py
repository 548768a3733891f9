"""Where the statements of a graph were written, for all articles at once.

An article's places are kept packed, since few are ever asked for.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping
from functools import lru_cache

from kbgraph.errors import TOP, Mark, Place

__all__ = ["PlaceTable", "packed"]


def packed(places: Mapping[str, Mapping[str, Mark]]) -> bytes:
    """The places of one article in a small form: subject IRI → property IRI → mark."""
    return marshal.dumps({subject: {name: tuple(mark) for name, mark in of.items()} for subject, of in places.items()})


class PlaceTable:
    """Finds the place of a statement.

    Args:
        articles: the IRI of each article, the path of its file, and its packed places.
    """

    def __init__(self, articles: Iterable[tuple[str, str, bytes]]) -> None:
        self._articles = {iri: (path, data) for iri, path, data in articles}
        self._unpacked = lru_cache(maxsize=64)(self._unpack)

    def _unpack(self, article: str) -> dict[str, dict[str, tuple[int, int, int, int]]]:
        unpacked: dict[str, dict[str, tuple[int, int, int, int]]] = marshal.loads(self._articles[article][1])  # noqa: S302 - our own bytes of this run
        return unpacked

    def find(self, subject: str, predicate: str = "", value: str = "") -> Place | None:
        """The place of a statement, or of its subject where the statement has none of its own.

        Args:
            subject: an IRI.
            predicate: the IRI of a property; "" for the entity itself.
            value: the IRI of an entity, for a property with several: its own place is nearer.
        """
        article = subject.partition("#")[0]
        if article not in self._articles:
            return None
        path = self._articles[article][0]
        places = self._unpacked(article)
        about = places.get(subject, {})
        inner = places.get(value) if predicate and value not in {"", subject} else None
        if inner is not None and "" in inner:
            return Place(path, Mark(*inner[""]))
        mark = about.get(predicate) or about.get("")
        return Place(path, Mark(*mark) if mark else TOP)
