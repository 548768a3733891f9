"""`PlaceFile`: where the entities of a build were written, read from its `places.json`.

`export.places` writes that file, and says what it looks like.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache, partial
from pathlib import Path

from kbgraph.errors import Mark, Place
from kbgraph.files import read_proved

__all__ = ["PLACES", "VERSION", "PlaceFile"]

#: The name of the file, and the version of its form.
PLACES, VERSION = "places.json", 1


class PlaceFile:
    """Finds where an entity was written; the file is read when it is first asked.

    Args:
        read: gives the bytes of the file; none where nothing is known.
    """

    def __init__(self, read: Callable[[], bytes]) -> None:
        self._read = read
        self._places = lru_cache(maxsize=1024)(self._article)

    @classmethod
    def of_build(cls, out: Path, digest: str) -> PlaceFile:
        """Those of a build whose file has this digest (SHA-256); of another file nothing is known."""
        return cls(partial(read_proved, out / PLACES, digest))

    def find(self, iri: str) -> Place | None:
        """The place of an article, or of a fact, reference, section, … of one; None where it is not known."""
        article, _, name = iri.partition("#")
        path, places = self._places(article)
        return Place(path, Mark(*places[name])) if name in places else None

    def _article(self, iri: str) -> tuple[str, dict[str, tuple[int, int, int, int]]]:
        line = self._lines.get(b'"' + iri.encode())
        if line is None:
            return "", {}
        import orjson  # whoever asks no place need not wait for it

        said = orjson.loads(b"{" + line.removesuffix(b","))
        return said["path"], said["places"]

    @cached_property
    def _lines(self) -> dict[bytes, bytes]:
        """The line of each article behind its brace, by the one before: it is a line for this."""
        head, *lines = self._read().splitlines() or [b""]
        if not head.startswith(b'{"version":%d,' % VERSION):
            return {}
        return {iri: said for iri, _, said in (line.partition(b'":{') for line in lines) if said}
