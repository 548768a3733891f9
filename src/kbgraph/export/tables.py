"""What tables are written from: the rows of each part as JSON lines, by type, and what a file must know of all parts.

The formats themselves are in `export.neo4j` and `export.parquet`, what rows and columns are in
`kbgraph.columns`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import orjson
from pyoxigraph import Quad

from kbgraph.columns import Row, tables_of
from kbgraph.entities import NODE_TYPES, outside
from kbgraph.export.sections import section
from kbgraph.graph import KnowledgeGraph
from kbgraph.parts import Part, undescribed

__all__ = ["Relation", "Together", "sections"]

#: The table of nodes of a type that the model has no word for.
_REST = "Other"
_KNOWN = frozenset(NODE_TYPES)


class Relation(NamedTuple):
    """An edge: the IRIs of its ends, the property as CURIE and IRI, and a key that no other edge has."""

    source: str
    target: str
    relation: str
    iri: str
    key: str


def sections(_part: Part, quads: Sequence[Quad], _base: str) -> dict[str, bytes]:
    """A part's rows in the table of their type, its edges, and what files need to know of them."""
    tables = tables_of(quads)
    rows: dict[str, list[Row]] = {}
    for row in tables.rows:
        rows.setdefault(table_of(str(row["type"])), []).append(row)
    columns = {name: sorted({column for row in some for column in row}) for name, some in sorted(rows.items())}
    made = {"tables": orjson.dumps({"columns": columns, "outside": sorted(tables.outside)})}
    for name, some in rows.items():
        made[f"tables.{name}"] = b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in some)
    made["tables.edges"] = b"".join(
        orjson.dumps((each.source, each.target, each.relation, each.predicate, each.key), option=_LINE)
        for each in tables.edges
    )
    return made


_LINE = orjson.OPT_APPEND_NEWLINE


def table_of(node_type: str) -> str:
    """The table that nodes of a type are in."""
    return node_type if node_type in _KNOWN else _REST


class Together:
    """The tables of a dataset: which there are, their columns, and the nodes that no part describes."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.parts, self.base = graph.union, graph.base
        columns: dict[str, set[str]] = {}
        holding: dict[str, list[Part]] = {}
        mentioned: set[str] = set()
        for part in self.parts:
            index = orjson.loads(section(part, "tables", sections, self.base))
            for name, some in index["columns"].items():
                columns.setdefault(name, set()).update(some)
                holding.setdefault(name, []).append(part)
            mentioned.update(index["outside"])
        self._holding = holding
        self._outside: dict[str, list[Row]] = {}
        for iri in sorted(undescribed(mentioned, self.parts)):
            row: Row = {"iri": iri, **outside(iri), "classes": []}
            self._outside.setdefault(str(row["type"]), []).append(row)
            columns.setdefault(str(row["type"]), set()).update(row)
        #: The columns of each table, but for those that every node has.
        self.columns = {name: sorted(columns[name] - _OF_ALL) for name in sorted(columns)}

    def parts_with(self, name: str) -> Sequence[Part]:
        """The parts that describe nodes of a table."""
        return self._holding.get(name, ())

    def rows(self, part: Part, name: str) -> Iterator[Row]:
        """A part's rows of a table."""
        return _loaded(section(part, f"tables.{name}", sections, self.base))

    def all_rows(self, part: Part) -> Iterator[Row]:
        """A part's rows of all tables."""
        index = orjson.loads(section(part, "tables", sections, self.base))
        return (row for name in index["columns"] for row in self.rows(part, name))

    def outside(self, name: str | None = None) -> list[Row]:
        """The rows of a table, or of all of them, that no part describes."""
        if name is not None:
            return self._outside.get(name, [])
        return [row for rows in self._outside.values() for row in rows]

    def edges(self, part: Part) -> Iterator[Relation]:
        """A part's edges."""
        return (Relation(*each) for each in _loaded(section(part, "tables.edges", sections, self.base)))


#: The columns of every node.
_OF_ALL = {"iri", "type", "label", "classes"}


def _loaded(lines: bytes) -> Iterator[Any]:
    return map(orjson.loads, lines.splitlines())
