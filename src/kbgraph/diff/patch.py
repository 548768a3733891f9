"""The quads that differ as RDF Patch, which other programs can apply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

__all__ = ["patch"]


def patch(removed: Iterable[bytes], added: Iterable[bytes]) -> Iterator[bytes]:
    """The quads that differ as RDF Patch: a `D` before each to delete, an `A` before each to add.

    Deleting and adding them makes the old dataset the new one; the other way round, the new one
    the old.

    Source: RDF Patch, https://afs.github.io/rdf-patch/
    """
    yield b"TX .\n"
    yield from (b"D " + line for line in removed)
    yield from (b"A " + line for line in added)
    yield b"TC .\n"
