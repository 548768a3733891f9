"""CSV for the bulk import of Neo4j: a file of nodes for each type, one of relationships, and the options to read them.

    Article.csv, …      the nodes of a type: `iri:ID`, `:LABEL`, and a typed column for each property
    relationships.csv   the edges: `:START_ID`, `:END_ID`, `:TYPE`, `relation` and `key`
    import.args         what `neo4j-admin database import full neo4j @import.args` is to be told

Texts are quoted as in RFC 4180 and may hold line ends. An empty field without quotes is a value that
is missing, one with quotes an empty text. Members of lists are separated by U+001F, since a list has
no way to escape a separator: it is a control character, which the checks refuse (KB016), and becomes
U+241F where a list holds it all the same. Nothing is put before values that begin with `=`, `+`, `-`
or `@`: whoever opens the files in a spreadsheet should import all columns as text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import blake2b
from itertools import chain

from kbgraph.columns import Row, Value, kind_of, labels_of, relationship_type
from kbgraph.config import Settings
from kbgraph.export.tables import Relation, Together, sections
from kbgraph.graph import KnowledgeGraph
from kbgraph.parts import Chunk, Part, Piece

__all__ = ["sections", "write_neo4j"]

_SEPARATOR = "\x1f"
#: Stands for the separator where a list holds it after all, as Unicode's own picture of it does.
_PICTURE = "␟"
#: The types of Neo4j, by kind of column.
_TYPES = {
    "text": "string",
    "texts": "string[]",
    "int": "long",
    "number": "double",
    "truth": "boolean",
    "date": "date",
}
_RELATIONSHIPS = "relationships.csv"
_OPTIONS = ("--multiline-fields=true", "--array-delimiter=U+001F", "--id-type=string", "--input-encoding=UTF-8")


def write_neo4j(graph: KnowledgeGraph, _settings: Settings) -> Iterator[tuple[str, Iterator[Chunk]]]:
    """The files: names and bytes.

    >>> import kbgraph
    >>> graph = kbgraph.build("seeds").graph
    >>> [name for name, chunks in write_neo4j(graph, kbgraph.Settings())][-2:]
    ['relationships.csv', 'import.args']
    """
    tables = Together(graph)
    for name, columns in tables.columns.items():
        yield f"{name}.csv", _nodes(tables, name, columns)
    yield _RELATIONSHIPS, _relationships(tables)
    yield "import.args", iter((_arguments(tables),))


def _nodes(tables: Together, name: str, columns: list[str]) -> Iterator[Chunk]:
    """A file of nodes; the bytes of a part depend on the columns, too."""
    typed = [f"{column}:{_TYPES[kind_of(column)]}" for column in columns]
    header = ",".join(("iri:ID", ":LABEL", "label:string", "classes:string[]", *typed)) + "\n"
    known = blake2b(header.encode(), digest_size=8).hexdigest()
    yield header.encode()
    for part in tables.parts_with(name):
        yield Piece(f"neo4j/{name}/{known}/{part.digest}", partial(_rows, tables.rows, part, name, columns))
    yield from (_node(row, columns) for row in tables.outside(name))


def _rows(rows: Callable[[Part, str], Iterable[Row]], part: Part, name: str, columns: list[str]) -> bytes:
    return b"".join(_node(row, columns) for row in rows(part, name))


def _node(row: Row, columns: Iterable[str]) -> bytes:
    values = (row["iri"], labels_of(row), row["label"], row["classes"], *map(row.get, columns))
    return _line(values)


def _relationships(tables: Together) -> Iterator[Chunk]:
    yield b":START_ID,:END_ID,:TYPE,relation:string,key:string\n"
    for part in tables.parts:
        yield Piece(f"neo4j/{part.digest}", partial(_edges, tables.edges, part))


def _edges(edges: Callable[[Part], Iterable[Relation]], part: Part) -> bytes:
    return b"".join(
        _line((each.source, each.target, relationship_type(each.relation), each.relation, each.key))
        for each in edges(part)
    )


def _arguments(tables: Together) -> bytes:
    files = chain((f"--nodes={name}.csv" for name in tables.columns), (f"--relationships={_RELATIONSHIPS}",), _OPTIONS)
    return "".join(f"{each}\n" for each in files).encode()


# ---- CSV


def _line(values: Iterable[Value | None]) -> bytes:
    return (",".join(map(_field, values)) + "\n").encode()


def _field(value: Value | None) -> str:
    """A field: text in quotes, other values as they are, nothing where there is no value."""
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = _SEPARATOR.join(each.replace(_SEPARATOR, _PICTURE) for each in value)
    return _quoted(value) if isinstance(value, str) else repr(value)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
