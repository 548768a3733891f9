"""`KnowledgeGraph`: the dataset that articles become.

It is held as sorted N-Quads, cut into parts (see `kbgraph.parts`) that may lie on disk, and read
into terms as needed: small, quick to move between processes, and the same bytes on every machine.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize

from kbgraph import terms
from kbgraph.parts import Part, cut, loaded, merged
from kbgraph.terms import RDF

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

    from kbgraph.errors import Place
    from kbgraph.notebook import Explorer, Picture
    from kbgraph.place_file import PlaceFile
    from kbgraph.query.rows import Rows
    from kbgraph.search.index import Hit, Index

__all__ = ["KnowledgeGraph", "quads_of", "serialized", "sorted_lines"]


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


def quads_of(part: Part) -> Iterator[Quad]:
    """The quads of a part in the order in which people read: an article before its parts, classes first."""
    lines = sorted(part.lines.splitlines(keepends=True), key=_reading_order)
    yield from parse(b"".join(lines), format=RdfFormat.N_QUADS)


def _reading_order(line: bytes) -> bytes:
    return line.replace(b"> ", b" ", 1).replace(_TYPE, b"!", 1)


_TYPE = f"{RDF.type} ".encode()


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
        articles = terms.Space(base).article_graphs
        self._graphs: dict[str, tuple[Part, ...]] = {
            name: tuple(Part.of(name, each) for each in ([lines] if name.startswith(articles) else cut(lines)))
            for name, lines in sorted(graphs.items())
        }
        self._union = self.parts if self._is_disjoint() else self._made_one()
        self._index: Index | None = None
        self._places: PlaceFile | None = None

    @classmethod
    def of_parts(cls, base: str, parts: Iterable[Part]) -> KnowledgeGraph:
        """The dataset that parts are, given that no entity is described in two of them."""
        made = cls(base, {})
        grouped: dict[str, list[Part]] = {}
        for part in parts:
            grouped.setdefault(part.graph, []).append(part)
        made._graphs = {name: tuple(grouped[name]) for name in sorted(grouped)}
        made._union = made.parts
        return made

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_index": None, "_places": None}  # a database stays in its process

    # ---- reading

    @property
    def graph_names(self) -> tuple[str, ...]:
        """The IRIs of the named graphs, sorted; "" stands for the default graph."""
        return tuple(self._graphs)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of the dataset, by graph and then by subject."""
        return tuple(part for parts in self._graphs.values() for part in parts)

    @property
    def union(self) -> tuple[Part, ...]:
        """Parts that hold each statement of the dataset once and each entity in one of them.

        They are `parts`, unless the dataset describes an entity in two graphs.
        """
        return self._union

    def _is_disjoint(self) -> bool:
        """Whether each entity is described in one graph."""
        if len(self._graphs) < 2:
            return True
        subjects = [
            {line.split(b" ", 1)[0] for part in parts for line in part.lines.splitlines()}
            for parts in self._graphs.values()
        ]
        return sum(map(len, subjects)) == len(set().union(*subjects))

    def _made_one(self) -> tuple[Part, ...]:
        """The parts of the union where graphs describe the same entities."""
        lines = {line for name in self._graphs for line in self._triple_lines(name)}
        return tuple(Part.of("", each) for each in cut(b"".join(sorted(lines))))

    def _triple_lines(self, name: str) -> Iterator[bytes]:
        """The lines of one graph without its name."""
        end = f" <{name}> .".encode() if name else b" ."
        for part in self._graphs[name]:
            for line in part.lines.splitlines():
                yield line.removesuffix(end) + b" .\n"

    def n_quads(self) -> bytes:
        """The whole dataset as sorted N-Quads."""
        return b"".join(loaded(merged(self.parts)))

    def quads(self, name: str | None = None) -> Iterator[Quad]:
        """All quads, or those of one graph; by graph, then subject with its classes first."""
        for part in self.parts if name is None else self._graphs[name]:
            yield from quads_of(part)

    def triples(self) -> Iterator[Triple]:
        """The union of all graphs: each triple once."""
        for part in self.union:
            for quad in quads_of(part):
                yield quad.triple

    def __iter__(self) -> Iterator[Quad]:
        return self.quads()

    def __len__(self) -> int:
        """The number of quads."""
        return sum(part.size for part in self.parts)

    def class_counts(self) -> dict[str, int]:
        """How many entities are of each class, by CURIE; sorted by name."""
        counted: dict[str, int] = {}
        for part in self.union:
            for name, count in part.classes.items():
                counted[name] = counted.get(name, 0) + count
        return dict(sorted(counted.items()))

    def count(self, kind: NamedNode) -> int:
        """How many entities are of a class."""
        return self.class_counts().get(terms.curie_of(kind.value), 0)

    # ---- other forms

    def store(self) -> Store:
        """The dataset in an Oxigraph store in memory, for SPARQL."""
        store = Store()
        store.bulk_load(b"".join(part.lines for part in self.parts), format=RdfFormat.N_QUADS)
        return store

    def query(self, text: str, **params: Any) -> Rows | bool:
        """The answer to a query in SPARQL over the union of all graphs, in this process.

        Args:
            text: the query; the usual prefixes need no declaration.
            params: values of its variables: texts, numbers, dates, IRIs as `"<https://…>"` or `"schema:Person"`.

        Returns:
            Rows of SELECT; of CONSTRUCT and DESCRIBE rows of subject, predicate and object; of ASK a truth.

        >>> import kbgraph
        >>> graph = kbgraph.build("seeds").graph
        >>> graph.query("SELECT (COUNT(?a) AS ?n) WHERE { ?a a ?kind }", kind="kb:Article")[0].n
        14

        Raises:
            UsageError: it is no query, would write, or would ask other machines.
            LimitError: the answer is too large.
        """
        from kbgraph.query.rows import query

        return query(self, text, params)

    def place(self, iri: str) -> Place | None:
        """Where an article was written, or a fact, reference, section, … of one; None where that is not known.

        >>> import kbgraph
        >>> graph = kbgraph.build("seeds").graph
        >>> str(graph.place("https://kb.example/article/ai/attention#fact-attention-001"))
        'ai/attention.md:24:5'
        """
        from kbgraph.export.places import write_places
        from kbgraph.place_file import PlaceFile

        if self._places is None:
            self._places = PlaceFile(lambda: b"".join(loaded(write_places(self))))
        return self._places.find(iri)

    def search(
        self, words: str, limit: int = 10, *, kinds: Sequence[str] = (), category: str | None = None
    ) -> tuple[Hit, ...]:
        """Articles, facts, sections, sources, gaps and disputes that hold all the words, the best first.

        The first search makes an index in memory; see `kbgraph.search.index.Index.search` for what may be asked.

        >>> import kbgraph
        >>> graph = kbgraph.build("seeds").graph
        >>> [hit.title.text for hit in graph.search("wissensgr", kinds=["article"])]
        ['Wissensgraph']

        Raises:
            UsageError: there is no such kind or category.
            LimitError: there are too many words.
        """
        from kbgraph.search.index import Index

        if self._index is None:
            self._index = Index.of(self)
        return self._index.search(words, limit, kinds=kinds, category=category)

    def to_rdflib(self) -> rdflib.Dataset:
        """The dataset in rdflib, with our prefixes bound and queries over the union."""
        from kbgraph.interop import to_rdflib

        return to_rdflib(self)

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """Entities and the relations between them, see `kbgraph.network`."""
        from kbgraph.network import to_networkx

        return to_networkx(self)

    def draw(self, node: str | None = None, *, depth: int = 1, limit: int = 12) -> Picture:
        """A picture that a notebook shows: an overview, or what a node is related to.

        Args:
            node: an IRI, a CURIE, or a path such as `ai/attention` or `ai/attention#fact-1`.
            depth: how many relations away others may be.
            limit: how many entities of a kind are shown.

        Raises:
            UsageError: nothing is called so.
        """
        from kbgraph.notebook import picture

        return picture(self, node, depth=depth, most=limit)

    def page(self, node: str | None = None) -> Explorer:
        """An explorer that a notebook shows: of what is near a node, named as in `draw`, or of the whole graph.

        Raises:
            UsageError: nothing is called so.
        """
        from kbgraph.notebook import explorer

        return explorer(self, node)

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
        """A table of what is in the graph, and its largest categories, for notebooks."""
        own = ("kb:", "schema:Organization", "schema:Person", "schema:SoftwareApplication")
        counts = [(name, count) for name, count in self.class_counts().items() if name.startswith(own)]
        largest = sorted(self._category_counts().items(), key=lambda pair: (-pair[1], pair[0]))
        caption = f"{len(self):,} quads in {len(self._graphs):,} graphs under {html.escape(self.base)}"
        shown = _rows_of("class", "entities", counts)
        if largest:
            more = f" (the first {_CATEGORIES} of {len(largest):,})" if len(largest) > _CATEGORIES else ""
            shown += _rows_of(f"category{more}", "articles", largest[:_CATEGORIES])
        return f"<table><caption>{caption}</caption>{shown}</table>"

    def _category_counts(self) -> Counter[str]:
        """How many articles are about each category, by what follows the base IRI."""
        prefix = f"{self.base}category/"
        found = (
            statement.rsplit(prefix.encode(), 1)[1].split(b">", 1)[0]
            for part in self.union
            for statement in part.lines.splitlines()
            if f" <{terms.SCHEMA.about.value}> <{prefix}".encode() in statement
        )
        return Counter(unquote(each.decode()) for each in found)


#: How many categories the table for notebooks has.
_CATEGORIES = 8


def _rows_of(name: str, counted: str, rows: Iterable[tuple[str, int]]) -> str:
    body = "".join(
        f"<tr><td>{html.escape(each)}</td><td style='text-align:right'>{count:,}</td></tr>" for each, count in rows
    )
    return f"<tr><th>{name}</th><th>{counted}</th></tr>{body}"
