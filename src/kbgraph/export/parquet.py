"""Parquet tables: every node and edge, and articles, facts, references and sources as `export.analysis` has them.

    nodes.parquet   each entity: `iri`, `type`, `label`, `classes`, and a column for each property
    edges.parquet   each relation: `source`, `target`, `relation`, `iri`, `key`
    articles.parquet, facts.parquet, references.parquet, sources.parquet

Rows are written in groups, so that no table is ever held as a whole. The bytes are the same for the
same versions of pyarrow and of the Zstandard that comes with it; the former is named in each file.
pyarrow is imported here only, and only when such tables are written.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from kbgraph.columns import Kind, kind_of
from kbgraph.config import Settings
from kbgraph.export.analysis import COLUMNS, Shared, rows_of
from kbgraph.export.tables import Together, sections
from kbgraph.graph import KnowledgeGraph
from kbgraph.parts import Chunk

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["sections", "write_parquet"]

#: A group has at most so many rows, and ends with the row that makes it so many characters.
_ROWS = 20_000
_CHARACTERS = 16 * 1024 * 1024

_NODE: dict[str, Kind] = {"iri": "text", "type": "text", "label": "text", "classes": "texts"}
_EDGE: dict[str, Kind] = dict.fromkeys(("source", "target", "relation", "iri", "key"), "text")


def write_parquet(graph: KnowledgeGraph, _settings: Settings) -> Iterator[tuple[str, Iterator[Chunk]]]:
    """The tables: names and bytes.

    >>> import kbgraph
    >>> [name for name, chunks in write_parquet(kbgraph.build("seeds").graph, kbgraph.Settings())][:2]
    ['nodes.parquet', 'edges.parquet']
    """
    tables = Together(graph)
    columns = sorted({column for each in tables.columns.values() for column in each})
    yield "nodes.parquet", _written(_nodes(tables), _NODE | {column: kind_of(column) for column in columns})
    yield "edges.parquet", _written(_edges(tables), _EDGE)
    shared = Shared(tables)
    for name, kinds in COLUMNS.items():
        yield f"{name}.parquet", _written(rows_of(name, tables, shared), kinds)


def _nodes(tables: Together) -> Iterator[Mapping[str, Any]]:
    for part in tables.parts:
        yield from tables.all_rows(part)
    yield from tables.outside()


def _edges(tables: Together) -> Iterator[Mapping[str, Any]]:
    for part in tables.parts:
        for each in tables.edges(part):
            yield each._asdict()


def _written(rows: Iterable[Mapping[str, Any]], kinds: Mapping[str, Kind]) -> Iterator[bytes]:
    """A Parquet file of rows, piece by piece."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, _type_of(kind)) for name, kind in kinds.items()])
    sink = _Sink()
    with pq.ParquetWriter(
        sink, schema, version="2.6", compression="zstd", compression_level=3, data_page_version="1.0"
    ) as writer:
        for group in _groups(rows):
            writer.write_table(_table(group, schema, kinds))
            yield sink.taken()
    yield sink.taken()


def _groups(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    held: list[Mapping[str, Any]] = []
    size = 0
    for row in rows:
        held.append(row)
        size += sum(len(value) for value in row.values() if isinstance(value, str))
        if len(held) >= _ROWS or size >= _CHARACTERS:
            yield held
            held, size = [], 0
    if held:
        yield held


def _table(rows: list[Mapping[str, Any]], schema: pa.Schema, kinds: Mapping[str, Kind]) -> pa.Table:
    """Rows as columns; the days of dates are read."""
    import pyarrow as pa

    columns = []
    for name, kind in kinds.items():
        values = [row.get(name) for row in rows]
        if kind == "date":
            values = [value and date.fromisoformat(value) for value in values]
        columns.append(pa.array(values, schema.field(name).type))
    return pa.Table.from_arrays(columns, schema=schema)


def _type_of(kind: Kind) -> pa.DataType:
    import pyarrow as pa

    types: dict[Kind, pa.DataType] = {
        "text": pa.string(),
        "texts": pa.list_(pa.string()),
        "int": pa.int64(),
        "number": pa.float64(),
        "truth": pa.bool_(),
        "date": pa.date32(),
    }
    return types[kind]


class _Sink(io.RawIOBase):
    """Takes what is written until somebody asks for it."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._position = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def write(self, data: Any) -> int:
        written = bytes(data)
        self._held.append(written)
        self._position += len(written)
        return len(written)

    def taken(self) -> bytes:
        """What was written since this was last asked for."""
        taken = b"".join(self._held)
        self._held.clear()
        return taken
