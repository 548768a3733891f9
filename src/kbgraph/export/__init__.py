"""The formats that a graph can be written in: one table, one writer each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from kbgraph.errors import UsageError
from kbgraph.graph import KnowledgeGraph

__all__ = ["FORMATS", "Format", "article_file", "format_of"]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, the file that `build` writes, and its writer `module:function`.

    Formats of one `group` share their preparation. `many` formats give one file for each article,
    by names and bytes, below the folder `file`. A `default` format is written unless others are
    asked for.
    """

    name: str
    file: str
    description: str
    writer: str
    group: str
    aliases: tuple[str, ...] = ()
    many: bool = False
    default: bool = True

    def write(self, graph: KnowledgeGraph) -> bytes:
        """The graph in this format.

        Raises:
            UsageError: the format is one of many files.
        """
        if self.many:
            raise UsageError(f"the format {self.name!r} is a file for each article; build writes it")
        written: bytes = self._function()(graph)
        return written

    def files(self, graph: KnowledgeGraph) -> Iterator[tuple[str, bytes]]:
        """The names and bytes of the files to write."""
        if not self.many:
            yield self.file, self.write(graph)
            return
        for key, data in self._function()(graph):
            yield article_file(self.file, key, ".jsonld"), data

    def _function(self) -> Callable[..., Any]:
        """The writer; its module, and what that needs, is imported when it is first used."""
        module, _, name = self.writer.partition(":")
        function: Callable[..., Any] = getattr(import_module(f"kbgraph.export.{module}"), name)
        return function


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
        Format("nq", "graph.nq", "N-Quads: the dataset, sorted", "rdf:write_n_quads", "rdf", ("nquads", "n-quads")),
        Format("trig", "graph.trig", "TriG: the dataset, with prefixes", "rdf:write_trig", "rdf"),
        Format("turtle", "graph.ttl", "Turtle: the union of all graphs", "rdf:write_turtle", "rdf", ("ttl",)),
        Format(
            "nt",
            "graph.nt",
            "N-Triples: the union of all graphs, sorted",
            "rdf:write_n_triples",
            "rdf",
            ("ntriples", "n-triples"),
            default=False,
        ),
        Format(
            "jsonld",
            "graph.jsonld",
            "JSON-LD: the dataset, context embedded",
            "jsonld:write_jsonld",
            "json",
            ("json-ld",),
        ),
        Format("graphml", "graph.graphml", "GraphML: entities and relations", "networks:write_graphml", "network"),
        Format("gexf", "graph.gexf", "GEXF: entities and relations, for Gephi", "networks:write_gexf", "network"),
        Format(
            "node-link",
            "graph.node-link.json",
            "node-link JSON, for D3 and NetworkX",
            "networks:write_node_link",
            "network",
        ),
        Format("cytoscape", "graph.cytoscape.json", "Cytoscape JSON", "networks:write_cytoscape", "network"),
        Format(
            "search",
            "articles",
            "JSON-LD for search engines, one file for each article",
            "search:article_documents",
            "search",
            many=True,
        ),
    )
}

_BY_NAME = {name: each for each in FORMATS.values() for name in (each.name, *each.aliases)}


def format_of(name: str) -> Format:
    """The format of a name or one of its other names.

    Raises:
        UsageError: there is no such format.
    """
    found = _BY_NAME.get(name.strip().lower())
    if found is None:
        raise UsageError(f"there is no format {name!r}; there are {', '.join(FORMATS)}")
    return found
