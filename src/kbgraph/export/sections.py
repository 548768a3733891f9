"""What a format makes of one part: kept with the part, so that it is made once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from pyoxigraph import Quad

from kbgraph.graph import quads_of
from kbgraph.parts import Part, Piece

__all__ = ["Document", "Maker", "piece", "section"]

#: Makes sections from a part, its quads in reading order, and the base IRI.
Maker = Callable[[Part, Sequence[Quad], str], Mapping[str, bytes]]


class Document(NamedTuple):
    """One file of a format of many: the key of its article, a digest of all that it is made from, and its maker."""

    key: str
    source: str
    make: Callable[[], bytes]


def section(part: Part, name: str, make: Maker, base: str) -> bytes:
    """A section of a part: kept with it, or made now."""
    return part.section(name, lambda: make(part, list(quads_of(part)), base))


def piece(part: Part, name: str, make: Maker, base: str) -> Piece:
    """A section of a part as a piece of a document."""
    return Piece(f"{name}/{part.digest}", partial(section, part, name, make, base))
