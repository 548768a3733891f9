"""A dataset read back from a file: its lines, and which of them state which article.

It may be one that a build wrote, or the same data as another tool wrote it. What the lines mean
is said in `recovery`; graphs that were just made are in `graph`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, Quad, RdfFormat, Triple, parse, serialize

from kbgraph.errors import UsageError, WorldError
from kbgraph.terms import KB, RDF, SCHEMA, SD, SKOS

__all__ = ["Dataset", "Stated", "quads_of", "read_dataset", "union_of"]

#: By ending: the format, and whether it knows named graphs.
_FORMATS = {
    ".nq": (RdfFormat.N_QUADS, True),
    ".trig": (RdfFormat.TRIG, True),
    ".jsonld": (RdfFormat.JSON_LD, True),
    ".ttl": (RdfFormat.TURTLE, False),
    ".nt": (RdfFormat.N_TRIPLES, False),
}
#: What is looked for in the folder of a build, the quickest to read first.
_NAMES = ("graph.nq", "graph.trig", "graph.jsonld", "graph.ttl", "graph.nt")

_IS_ARTICLE = f" {RDF.type} {KB.Article} ".encode()
_IS_DATASET = f" {RDF.type} {SD.Dataset} ".encode()
_FILE_NAME = f"#_file> {SCHEMA.name} ".encode()
_NAMED = tuple(f"> {predicate} ".encode() for predicate in (SKOS.notation, SCHEMA.name, KB.fieldAlias))


@dataclass(frozen=True, slots=True)
class Stated:
    """An article as a dataset states it: its IRI, the path of its file ("" unknown), its lines."""

    iri: str
    path: str
    graph: str
    lines: tuple[bytes, ...]


class Dataset:
    """Canonical N-Quads by named graph; "" is the default graph.

    Args:
        lines: N-Quads as `pyoxigraph` writes them, each with its line end.
        named: False where the dataset has lost its named graphs, as in Turtle.
    """

    def __init__(self, lines: Iterable[bytes], *, named: bool = True) -> None:
        self.named = named
        self.graphs: dict[str, list[bytes]] = defaultdict(list)
        for line in lines:
            self.graphs[_graph_of(line)].append(line)

    def articles(self) -> list[Stated]:
        """The articles by IRI; of each its own lines in the graph that calls it an article."""
        found = [article for name, lines in self.graphs.items() for article in _articles_of(name, lines)]
        return sorted(found, key=lambda each: (each.iri, each.graph))

    def naming(self) -> list[bytes]:
        """The lines that give anything a name or a notation, apart from those of articles' graphs."""
        return [
            line
            for lines in self.graphs.values()
            if not self.named or not any(_IS_ARTICLE in line for line in lines)
            for line in lines
            if any(predicate in line for predicate in _NAMED)
        ]

    def base(self) -> str:
        """The base IRI, as the catalogue has it; "" where there is none."""
        for lines in self.graphs.values():
            for line in lines:
                if _IS_DATASET in line:
                    return line[1 : line.index(b">")].decode().removesuffix("dataset")
        return ""

    def aliases(self) -> dict[str, str]:
        """The project's own names of fields, as the catalogue has them."""
        texts = (
            quad.object.value
            for line in self.naming()
            if b"fieldAlias> " in line
            for quad in quads_of([line])
            if quad.predicate == KB.fieldAlias and isinstance(quad.object, Literal)
        )
        return dict(text.rsplit("=", 1) for text in texts if "=" in text)


def read_dataset(path: Path) -> Dataset:
    """The dataset in a file, or in the folder of a build.

    Raises:
        UsageError: there is none, it is not RDF, or it has blank nodes, which kbgraph never makes.
        WorldError: it cannot be read.
    """
    if not path.exists():
        raise UsageError(f"'{path}' does not exist")
    file = _file_in(path) if path.is_dir() else path
    known = _FORMATS.get(file.suffix.lower())
    if known is None:
        raise UsageError(f"'{file}' is no graph: its name must end in {', '.join(_FORMATS)}")
    try:
        data = serialize(parse(path=str(file), format=known[0]), format=RdfFormat.N_QUADS)
    except SyntaxError as error:
        where = f":{error.lineno}:{error.offset}" if error.lineno else ""
        raise UsageError(f"{file}{where}: this is not {known[0].name}: {error.msg}") from None
    except ValueError as error:
        raise UsageError(f"{file}: this is not {known[0].name}: {error}") from None
    except OSError as error:
        raise WorldError(f"'{file}' cannot be read: {error.strerror or error}") from None
    lines = (data or b"").splitlines(keepends=True)
    blank = next((line for line in lines if b"_:" in line and _has_blank_node(line)), None)
    if blank is not None:
        shown = blank.decode().strip()[:200]
        raise UsageError(f"'{file}' holds a blank node, which has no name to be known by: {shown}")
    return Dataset(lines, named=known[1])


def _file_in(folder: Path) -> Path:
    for name in _NAMES:
        if (folder / name).is_file():
            return folder / name
    raise UsageError(f"there is no graph in '{folder}'; kbgraph build writes graph.nq")


def quads_of(lines: Iterable[bytes]) -> Iterator[Quad]:
    """The quads of some lines."""
    return iter(parse(b"".join(lines), format=RdfFormat.N_QUADS))


def _has_blank_node(line: bytes) -> bool:
    """True where a node of a canonical line begins with `_:`; in the text of a literal anything may stand."""
    start = line.find(b'"')
    nodes = line if start < 0 else line[:start] + line[line.rindex(b'"') :]
    return any(node.startswith(b"_:") for node in nodes.split(b" "))


def _graph_of(line: bytes) -> str:
    """The graph that a canonical line names; "" where it names none."""
    before, last, _ = line.rsplit(b" ", 2)
    if not last.startswith(b"<") or b'"' in last or before.count(b" ") < 2:
        return ""  # the end of a literal, or the object of a triple
    return last[1:-1].decode()


def _articles_of(graph: str, lines: Iterable[bytes]) -> Iterator[Stated]:
    by_owner: dict[bytes, list[bytes]] = defaultdict(list)
    articles: list[bytes] = []
    for line in lines:
        owner = line[1 : line.index(b">")].partition(b"#")[0]
        by_owner[owner].append(line)
        if _IS_ARTICLE in line and line.startswith(b"<" + owner + b">" + _IS_ARTICLE):
            articles.append(owner)
    for owner in articles:
        own = by_owner[owner]
        prefix = b"<" + owner + _FILE_NAME
        names = [quad.object for line in own if line.startswith(prefix) for quad in quads_of([line])]
        path = names[0].value if len(names) == 1 and isinstance(names[0], Literal) else ""
        yield Stated(owner.decode(), path, graph, tuple(own))


def union_of(lines: Iterable[bytes]) -> list[bytes]:
    """The triples of some quads, as canonical lines, each once and sorted."""
    data = serialize((Triple(*tuple(quad)[:3]) for quad in quads_of(lines)), format=RdfFormat.N_TRIPLES)
    return sorted(set((data or b"").splitlines(keepends=True)))
