"""Documents put together from pieces: those that an older document holds are copied from it.

Copying and hashing are done a buffer at a time, in which Python's lock is not held: documents can
be put together in threads. Where files lie, and whether an older one is still what it was, is
`output`'s to know.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import BinaryIO, NamedTuple

import orjson

from kbgraph.parts import Chunk, Piece

__all__ = ["Assembled", "Layout", "Torn", "assemble"]

#: Bytes that are hashed and written at once.
_BUFFER = 1024 * 1024


class Torn(Exception):
    """An older document ends before a piece that it is to hold."""


class Layout(NamedTuple):
    """What a document was put together from, in order: the names of its pieces, "" for other bytes, and lengths."""

    names: tuple[str, ...] = ()
    lengths: tuple[int, ...] = ()

    def __bytes__(self) -> bytes:
        return orjson.dumps((self.names, self.lengths))

    @classmethod
    def of(cls, data: bytes) -> Layout:
        """The layout that its bytes say.

        Raises:
            ValueError: they are not those of a layout.
        """
        names, lengths = orjson.loads(data)
        return cls(tuple(names), tuple(lengths))

    def places(self) -> dict[str, tuple[int, int]]:
        """Where each piece lies: offset and length in bytes, by name."""
        starts = accumulate(self.lengths, initial=0)
        placed = zip(self.names, starts, self.lengths, strict=False)
        return {name: (start, length) for name, start, length in placed if name}


class Assembled(NamedTuple):
    """A document as it was written: its size in bytes, its SHA-256 in hexadecimal, its layout."""

    size: int
    sha256: str
    layout: Layout


def assemble(
    chunks: Iterable[Chunk], file: BinaryIO, older: io.FileIO | None = None, layout: Layout | None = None
) -> Assembled:
    """Write a document to a file.

    Args:
        chunks: what it is put together from.
        file: where to write it.
        older: a document that may hold some of the pieces.
        layout: where that one has them.

    Raises:
        Torn: the older document is not as its layout says.
        OSError: something cannot be read or written.
    """
    places = layout.places() if older is not None and layout is not None else {}
    names: list[str] = []
    lengths: list[int] = []
    writer = _Writer(file, older)
    for chunk in chunks:
        name = chunk.name if isinstance(chunk, Piece) else ""
        if name in places:
            writer.copy(*places[name])
        else:
            writer.write(chunk.load() if isinstance(chunk, Piece) else chunk)
        names.append(name)
        lengths.append(writer.last)
    return Assembled(*writer.end(), Layout(tuple(names), tuple(lengths)))


class _Writer:
    """Writes and hashes by the buffer; stretches of the older document that touch are read as one."""

    def __init__(self, file: BinaryIO, older: io.FileIO | None) -> None:
        self.file, self.older = file, older
        self.buffer = memoryview(bytearray(_BUFFER))
        self.filled = self.size = self.last = 0
        self.digest = hashlib.sha256()
        #: Where the stretch that is to be copied next begins and ends.
        self.start = self.stop = 0

    def write(self, data: bytes) -> None:
        """Write bytes."""
        self._copied()
        for piece in _sliced(memoryview(data), _BUFFER):
            if self.filled + len(piece) > _BUFFER:
                self._flush()
            self.buffer[self.filled : self.filled + len(piece)] = piece
            self.filled += len(piece)
        self.last = len(data)

    def copy(self, start: int, length: int) -> None:
        """Write bytes of the older document."""
        if start != self.stop:
            self._copied()
            self.start = start
        self.stop, self.last = start + length, length

    def end(self) -> tuple[int, str]:
        """Write what is still held; the size and the digest of all."""
        self._copied()
        self._flush()
        return self.size, self.digest.hexdigest()

    def _copied(self) -> None:
        if self.start < self.stop:
            assert self.older is not None
            self.older.seek(self.start)
            left = self.stop - self.start
            while left:
                if self.filled == _BUFFER:
                    self._flush()
                read = self.older.readinto(self.buffer[self.filled : self.filled + left])
                if not read:
                    raise Torn
                self.filled += read
                left -= read
        self.start = self.stop = 0

    def _flush(self) -> None:
        data = self.buffer[: self.filled]
        self.digest.update(data)
        self.file.write(data)
        self.size += len(data)
        self.filled = 0


def _sliced(data: memoryview, size: int) -> Iterator[memoryview]:
    for start in range(0, len(data), size):
        yield data[start : start + size]
