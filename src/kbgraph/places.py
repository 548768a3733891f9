"""Where the statements of a graph were written, for all articles at once.

An article's places are kept as JSON, since few are ever asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import orjson

from kbgraph.errors import TOP, Mark, Place

__all__ = ["PlaceTable", "places_as_json"]


def places_as_json(places: Mapping[str, Mapping[str, Mark]]) -> bytes:
    """The places of one article: subject IRI → property IRI → mark."""
    return orjson.dumps({subject: {name: list(mark) for name, mark in of.items()} for subject, of in places.items()})


class PlaceTable:
    """Finds the place of a statement.

    Args:
        articles: the IRI of each article, the path of its file, and its sections, `places` among them.
    """

    def __init__(self, articles: Iterable[tuple[str, str, Mapping[str, bytes]]]) -> None:
        self._articles = {iri: (path, sections) for iri, path, sections in articles}
        self._places = lru_cache(maxsize=64)(self._read)

    def _read(self, article: str) -> dict[str, dict[str, tuple[int, int, int, int]]]:
        places: dict[str, dict[str, tuple[int, int, int, int]]] = orjson.loads(self._articles[article][1]["places"])
        return places

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
        places = self._places(article)
        about = places.get(subject, {})
        inner = places.get(value) if predicate and value not in {"", subject} else None
        if inner is not None and "" in inner:
            return Place(path, Mark(*inner[""]))
        mark = about.get(predicate) or about.get("")
        return Place(path, Mark(*mark) if mark else TOP)
