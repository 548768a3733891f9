"""`KnowledgeGraph`: the dataset that articles become.

It is held as sorted N-Quads, one block of bytes for each named graph, and read into terms as
needed: small, quick to move between processes, and the same bytes on every machine.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize

from kbgraph import terms
from kbgraph.terms import RDF

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

__all__ = ["KnowledgeGraph", "serialized", "sorted_lines"]

_TYPE = f" {RDF.type} ".encode()


def serialized(
    statements: Iterable[Quad] | Iterable[Triple], format: RdfFormat, prefixes: dict[str, str] | None = None
) -> bytes:
    """The statements as bytes, as Oxigraph writes them."""
    data = serialize(statements, format=format, prefixes=prefixes)
    assert data is not None  # it is None only where a file to write to is given
    return data


def sorted_lines(quads: Iterable[Quad]) -> bytes:
    """The quads as sorted N-Quads, without duplicates."""
    lines = serialized(quads, RdfFormat.N_QUADS).splitlines(keepends=True)
    return b"".join(sorted(set(lines)))


def _reading_order(line: bytes) -> bytes:
    """Sorts lines as people read them: an article before its parts, classes before the rest."""
    return line.replace(b"> ", b" ", 1).replace(_TYPE[1:], b"!", 1)


class KnowledgeGraph:
    """A dataset of named graphs: one for each article, a few that articles share, a catalogue.

    Args:
        base: the base IRI of the data.
        graphs: sorted N-Quads of each named graph by its IRI; "" is the default graph.

    >>> import kbgraph
    >>> kbgraph.build("seeds").graph.count(kbgraph.terms.KB.Article)
    14
    """

    def __init__(self, base: str, graphs: Mapping[str, bytes]) -> None:
        self.base = base
        self._graphs = dict(sorted(graphs.items()))
        self._counts: dict[str, int] | None = None

    # ---- reading

    @property
    def graph_names(self) -> tuple[str, ...]:
        """The IRIs of the named graphs, sorted; "" stands for the default graph."""
        return tuple(self._graphs)

    def n_quads(self) -> bytes:
        """The whole dataset as sorted N-Quads."""
        lines = [line for block in self._graphs.values() for line in block.splitlines(keepends=True)]
        lines.sort()
        return b"".join(lines)

    def quads(self, name: str | None = None) -> Iterator[Quad]:
        """All quads, or those of one graph; by graph, then subject with its classes first."""
        for block in self._graphs.values() if name is None else [self._graphs[name]]:
            lines = sorted(block.splitlines(keepends=True), key=_reading_order)
            yield from parse(b"".join(lines), format=RdfFormat.N_QUADS)

    def triples(self) -> Iterator[Triple]:
        """The union of all graphs: each triple once, by subject with its classes first."""
        lines: set[bytes] = set()
        for name, block in self._graphs.items():
            end = f" <{name}> .".encode() if name else b" ."
            lines.update(line.removesuffix(end) for line in block.splitlines())
        ordered = sorted(lines, key=_reading_order)
        for quad in parse(b"".join(line + b" .\n" for line in ordered), format=RdfFormat.N_TRIPLES):
            yield quad.triple

    def __iter__(self) -> Iterator[Quad]:
        return self.quads()

    def __len__(self) -> int:
        """The number of quads."""
        return sum(block.count(b"\n") for block in self._graphs.values())

    def class_counts(self) -> dict[str, int]:
        """How many entities are of each class, by CURIE; sorted by name."""
        if self._counts is None:
            self._counts = self._count_classes()
        return dict(self._counts)

    def _count_classes(self) -> dict[str, int]:
        counted: Counter[str] = Counter()
        seen: set[bytes] = set()
        for block in self._graphs.values():
            for line in block.splitlines():
                subject, found, rest = line.partition(_TYPE)
                if found:
                    seen.add(subject + b" " + rest.split(b" ", 1)[0])
        for pair in seen:
            counted[terms.curie_of(pair.split(b" ")[1].decode().strip("<>"))] += 1
        return dict(sorted(counted.items()))

    def count(self, kind: NamedNode) -> int:
        """How many entities are of a class."""
        return self.class_counts().get(terms.curie_of(kind.value), 0)

    # ---- other forms

    def store(self) -> Store:
        """The dataset in an Oxigraph store in memory, for SPARQL."""
        store = Store()
        store.bulk_load(b"".join(self._graphs.values()), format=RdfFormat.N_QUADS)
        return store

    def to_rdflib(self) -> rdflib.Dataset:
        """The dataset in rdflib, with our prefixes bound and queries over the union."""
        from kbgraph.interop import to_rdflib

        return to_rdflib(self)

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """Entities and the relations between them, see `kbgraph.network`."""
        from kbgraph.network import to_networkx

        return to_networkx(self)

    def serialize(self, format: str = "turtle") -> str:
        """The graph in one of the formats of `kbgraph.export`, by name: such as `trig` or `graphml`.

        Raises:
            UsageError: there is no such format.
        """
        from kbgraph.export import format_of

        return format_of(format).write(self).decode()

    def __repr__(self) -> str:
        return f"<KnowledgeGraph of {len(self):,} quads in {len(self._graphs):,} graphs>"

    def _repr_html_(self) -> str:
        """A table of what is in the graph, for notebooks."""
        counts = self.class_counts()
        own = {
            name: count
            for name, count in counts.items()
            if name.startswith(("kb:", "schema:Organization", "schema:Person"))
        }
        rows = "".join(
            f"<tr><td>{html.escape(name)}</td><td style='text-align:right'>{count:,}</td></tr>"
            for name, count in own.items()
        )
        caption = f"{len(self):,} quads in {len(self._graphs):,} graphs under {html.escape(self.base)}"
        return f"<table><caption>{caption}</caption><tr><th>class</th><th>entities</th></tr>{rows}</table>"
