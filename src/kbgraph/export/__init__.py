"""The formats that a graph can be written in: one table, one writer each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, NamedTuple

from pyoxigraph import Quad

from kbgraph.config import Settings
from kbgraph.errors import UsageError
from kbgraph.export.sections import Document
from kbgraph.graph import KnowledgeGraph
from kbgraph.parts import Chunk, Part, loaded

__all__ = [
    "FORMATS",
    "STORE",
    "Format",
    "article_file",
    "chosen_formats",
    "format_of",
    "is_store",
    "make_sections",
]


class Format(NamedTuple):
    """A format: its name, the file that `build` writes, and its writer `module:function`.

    A `sectioned` format is put together from sections that its module makes of each part. `many`
    formats give several files below the folder `file`: those `of_articles` one for each article, which
    can be made in any order, the others a few that are made one after the other. A `default` format is
    written unless others are asked for. `needs` is a library that not everybody has installed; it is
    that of the extra of the format's name.
    """

    name: str
    file: str
    description: str
    writer: str
    aliases: tuple[str, ...] = ()
    sectioned: bool = True
    many: bool = False
    of_articles: bool = False
    default: bool = True
    needs: str = ""

    @property
    def module(self) -> str:
        """The module of the writer."""
        return self.writer.partition(":")[0]

    def write(self, graph: KnowledgeGraph) -> bytes:
        """The graph in this format.

        Raises:
            UsageError: the format is one of many files.
        """
        if self.many:
            kind = "a file for each article" if self.of_articles else f"a folder of files, {self.file}/"
            raise UsageError(f"the format {self.name!r} is {kind}; build writes it")
        return b"".join(loaded(self.chunks(graph)))

    def chunks(self, graph: KnowledgeGraph) -> Iterator[Chunk]:
        """The graph in this format, piece by piece; not for a format of many files."""
        written: Iterator[Chunk] = self._function()(graph)
        return written

    def documents(self, graph: KnowledgeGraph) -> Iterator[Document]:
        """The files of a format of articles, each with what it is made from."""
        written: Iterator[Document] = self._function()(graph)
        return written

    def files(self, graph: KnowledgeGraph, settings: Settings) -> Iterator[tuple[str, Iterator[Chunk]]]:
        """The files of any other format of many, by path; each is read to its end before the next is asked for."""
        for name, chunks in self._function()(graph, settings):
            yield f"{self.file}/{name}", chunks

    def _function(self) -> Callable[..., Any]:
        """The writer; its module, and what that needs, is imported when it is first used."""
        function: Callable[..., Any] = getattr(_module(self.module), self.writer.partition(":")[2])
        return function


def _module(name: str) -> ModuleType:
    return import_module(f"kbgraph.export.{name}")


def make_sections(part: Part, quads: Sequence[Quad], base: str, modules: Iterable[str]) -> dict[str, bytes]:
    """What the formats of some modules make of a part, given its quads in reading order."""
    makers = dict.fromkeys(_module(each).sections for each in modules)  # some modules have theirs in common
    return {name: data for make in makers for name, data in make(part, quads, base).items()}


def article_file(folder: str, key: str, ending: str) -> str:
    """The name of an article's own file; a name that no file system takes is shortened by a digest."""
    *above, name = key.split("/")
    # A folder must not have the name of a file beside it: `a.jsonld/b` and `a` are two articles.
    folders = [_short(f"{part}~" if part.rstrip("~").endswith(ending) else part, 0) for part in above]
    return "/".join((folder, *folders, _short(name, len(ending)) + ending))


def _short(name: str, ending: int) -> str:
    data = name.encode()
    if len(data) + ending <= _NAME_BYTES:
        return name
    digest = hashlib.sha256(data).hexdigest()[:16]
    return data[: _NAME_BYTES - ending - 17].decode("utf-8", "ignore") + "-" + digest


#: The longest name of a file that common file systems take.
_NAME_BYTES = 255

#: Every format by name, in the order in which they are written.
FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format(
            "nq",
            "graph.nq",
            "N-Quads: the dataset, sorted",
            "rdf:write_n_quads",
            ("nquads", "n-quads"),
            sectioned=False,
        ),
        Format("trig", "graph.trig", "TriG: the dataset, with prefixes", "rdf:write_trig"),
        Format("turtle", "graph.ttl", "Turtle: the union of all graphs", "rdf:write_turtle", ("ttl",)),
        Format(
            "nt",
            "graph.nt",
            "N-Triples: the union of all graphs, sorted",
            "rdf:write_n_triples",
            ("ntriples", "n-triples"),
            sectioned=False,
            default=False,
        ),
        Format(
            "jsonld",
            "graph.jsonld",
            "JSON-LD: the dataset, context embedded",
            "jsonld:write_jsonld",
            ("json-ld",),
        ),
        Format("graphml", "graph.graphml", "GraphML: entities and relations", "networks:write_graphml"),
        Format("gexf", "graph.gexf", "GEXF: entities and relations, for Gephi", "networks:write_gexf"),
        Format(
            "node-link",
            "graph.node-link.json",
            "node-link JSON, for D3 and NetworkX",
            "networks:write_node_link",
        ),
        Format("cytoscape", "graph.cytoscape.json", "Cytoscape JSON", "networks:write_cytoscape"),
        Format(
            "search",
            "articles",
            "JSON-LD for search engines, one file for each article",
            "search:article_documents",
            many=True,
            of_articles=True,
        ),
        Format(
            "shards",
            "shards",
            "N-Quads for the loaders of big stores, in compressed pieces",
            "shards:write_shards",
            sectioned=False,
            many=True,
            default=False,
        ),
        Format(
            "neo4j",
            "neo4j",
            "CSV for the bulk import of Neo4j: nodes and relationships",
            "neo4j:write_neo4j",
            many=True,
            default=False,
        ),
        Format(
            "parquet",
            "tables",
            "Parquet for pandas, Polars and DuckDB: nodes, edges, articles, facts, references, sources",
            "parquet:write_parquet",
            many=True,
            default=False,
            needs="pyarrow",
        ),
    )
}

_BY_NAME = {name: each for each in FORMATS.values() for name in (each.name, *each.aliases)}


#: What a build can be asked for besides: a store that is made of its files when they are in place, see `kbgraph.store`.
STORE = "store"
#: The formats that it can be made from.
_FOR_STORE = ("nq", "trig", "jsonld")


def is_store(name: str) -> bool:
    """Whether a name asked for is that of the store, which is no format."""
    return name.strip().lower() == STORE


def format_of(name: str) -> Format:
    """The format of a name or one of its other names.

    Raises:
        UsageError: there is no such format.
    """
    found = _BY_NAME.get(name.strip().lower())
    if found is None:
        raise UsageError(f"there is no format {name!r}; there are {', '.join((*FORMATS, STORE))}")
    return found


def chosen_formats(names: Iterable[str]) -> tuple[Format, ...]:
    """The formats of some names, each once; the default ones where there are no names.

    With the store comes a format that it can be made from.

    Raises:
        UsageError: there is no such format, or a library that it needs is not installed.
    """
    names = list(names)
    chosen = [name for name in names if not is_store(name)]
    if len(chosen) < len(names) and not any(format_of(name).name in _FOR_STORE for name in chosen):
        chosen.append(_FOR_STORE[0])
    chosen = chosen or [each.name for each in FORMATS.values() if each.default]
    formats = tuple(dict.fromkeys(map(format_of, chosen)))
    for each in formats:
        if each.needs and find_spec(each.needs) is None:
            raise UsageError(f"the format {each.name!r} needs {each.needs}: pip install 'kbgraph[{each.name}]'")
    return formats
