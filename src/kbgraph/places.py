"""Where the statements of a graph were written, for all articles at once.

An article's places are kept as JSON, since few are ever asked for. What a build leaves of them is
written by `export.places` and read by `place_file`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import orjson

from kbgraph.errors import TOP, Mark, Place

__all__ = ["PlaceTable", "entities_of", "places_as_json"]

#: The mark of each property of an entity, "" for the entity itself.
_Marks = dict[str, tuple[int, int, int, int]]


def places_as_json(path: str, places: Mapping[str, Mapping[str, Mark]]) -> bytes:
    """The places of one article: the path of its file, and subject IRI → property IRI → mark."""
    marks = {subject: {name: list(mark) for name, mark in of.items()} for subject, of in places.items()}
    return orjson.dumps([path, marks])


def entities_of(places: bytes) -> tuple[str, _Marks]:
    """The path in the places of one article, and the mark of each entity that has one, by what follows its `#`."""
    path, marks = orjson.loads(places)
    return path, {subject.partition("#")[2]: of[""] for subject, of in marks.items() if "" in of}


class PlaceTable:
    """Finds the place of a statement.

    Args:
        articles: the IRI of each article, and its sections, `places` among them.
    """

    def __init__(self, articles: Iterable[tuple[str, Mapping[str, bytes]]]) -> None:
        self._articles = dict(articles)
        self._places = lru_cache(maxsize=64)(self._read)

    def _read(self, article: str) -> tuple[str, dict[str, _Marks]]:
        path, marks = orjson.loads(self._articles[article]["places"])
        return path, marks

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
        path, places = self._places(article)
        about = places.get(subject, {})
        inner = places.get(value) if predicate and value not in {"", subject} else None
        if inner is not None and "" in inner:
            return Place(path, Mark(*inner[""]))
        mark = about.get(predicate) or about.get("")
        return Place(path, Mark(*mark) if mark else TOP)
