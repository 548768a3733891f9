"""The dataset for the loaders of big stores: N-Quads in compressed pieces, and a manifest of them.

    00001.nq.gz, …   the quads, each in one of the shards; graph by graph, sorted in each
    manifest.json    of each shard: quads, graphs, and size and SHA-256 of the file and of what is in it

A named graph lies in one shard: loaders that work side by side do not wait for each other at one
graph, and a shard that failed is loaded again by itself. A graph that is larger than a shard has as
many as it takes, which hold nothing else.

What is in a shard is the same everywhere. The compressed bytes are the same for one version of zlib:
neither a clock nor a name goes into them.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from kbgraph.config import Settings
from kbgraph.graph import KnowledgeGraph
from kbgraph.parts import Chunk, Part
from kbgraph.version import VERSION

__all__ = ["write_shards"]

#: RFC 1952, 2.3: deflate, no flags, no time, an unknown system.
_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
#: How hard zlib tries.
_LEVEL = 6


class _Stretch(NamedTuple):
    """Some of a part's lines, from one number to another."""

    part: Part
    start: int
    stop: int

    @property
    def lines(self) -> bytes:
        lines = self.part.lines
        if (self.start, self.stop) == (0, self.part.size):
            return lines
        return b"".join(lines.splitlines(keepends=True)[self.start : self.stop])


def write_shards(graph: KnowledgeGraph, settings: Settings) -> Iterator[tuple[str, Iterator[Chunk]]]:
    """The shards and their manifest: names and bytes. Each is read to its end before the next is asked for.

    >>> import kbgraph
    >>> graph = kbgraph.build("seeds").graph
    >>> [name for name, chunks in write_shards(graph, kbgraph.Settings()) if list(chunks)]
    ['00001.nq.gz', 'manifest.json']
    """
    made: list[dict[str, Any]] = []
    for number, stretches in enumerate(_shards(graph.parts, settings.shard_quads), 1):
        entry: dict[str, Any] = {"path": f"{number:05}.nq.gz"}
        yield entry["path"], _compressed(stretches, entry)
        made.append(entry)
    yield "manifest.json", iter((_manifest(graph, settings, made),))


def _shards(parts: tuple[Part, ...], most: int) -> Iterator[list[_Stretch]]:
    """What lies in each shard, of at most so many quads."""
    held: list[_Stretch] = []
    room = most
    for _, group in groupby(parts, key=lambda part: part.graph):
        whole = [_Stretch(part, 0, part.size) for part in group]
        size = sum(each.stop for each in whole)
        if size > room and held:
            yield held
            held, room = [], most
        if size > most:
            yield from _pieces(whole, most)
        else:
            held += whole
            room -= size
    if held:
        yield held


def _pieces(parts: list[_Stretch], most: int) -> Iterator[list[_Stretch]]:
    """The shards of one large graph, cut between parts; a part that is itself too large is cut where it must be."""
    held: list[_Stretch] = []
    room = most
    for part, _, size in parts:
        for start in range(0, size, most):
            stretch = _Stretch(part, start, min(start + most, size))
            length = stretch.stop - start
            if length > room:
                yield held
                held, room = [], most
            held.append(stretch)
            room -= length
    yield held


def _compressed(stretches: list[_Stretch], entry: dict[str, Any]) -> Iterator[bytes]:
    """A shard as gzip (RFC 1952); its counts and digests are put into its entry of the manifest at the end."""
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    inside, outside = hashlib.sha256(), hashlib.sha256()
    size = written = check = 0

    def ready(data: bytes) -> bytes:
        nonlocal written
        outside.update(data)
        written += len(data)
        return data

    yield ready(_HEADER)
    for each in stretches:
        lines = each.lines
        inside.update(lines)
        check = zlib.crc32(lines, check)
        size += len(lines)
        yield ready(deflate.compress(lines))
    yield ready(deflate.flush() + struct.pack("<LL", check, size & 0xFFFFFFFF))
    entry |= {
        "quads": sum(each.stop - each.start for each in stretches),
        "graphs": len({each.part.graph for each in stretches}),
        "bytes": written,
        "sha256": outside.hexdigest(),
        "content": {"bytes": size, "sha256": inside.hexdigest()},
    }


def _manifest(graph: KnowledgeGraph, settings: Settings, shards: list[dict[str, Any]]) -> bytes:
    data = {
        "generator": {"name": "kbgraph", "version": VERSION},
        "base": graph.base,
        "format": "application/n-quads",
        "compression": "gzip",
        "shard-quads": settings.shard_quads,
        "quads": len(graph),
        "graphs": len(graph.graph_names),
        "shards": shards,
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n"
