"""A dataset read back from a file: its lines, and which of them state which article.

It may be one that a build wrote, or the same data as another tool wrote it. What the lines mean
is said in `recovery`; graphs that were just made are in `graph`.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import Literal, Quad, RdfFormat, parse, serialize

from kbgraph.errors import UsageError, WorldError
from kbgraph.files import read_json
from kbgraph.inputs import Input, read_bounded
from kbgraph.terms import KB, RDF, SCHEMA, SD, SKOS

__all__ = ["Dataset", "Stated", "dataset_of", "is_graph", "quads_of", "read_dataset", "says"]

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
    """Canonical N-Quads by named graph; "" is the default graph, and `size` counts the articles.

    Args:
        lines: N-Quads as `pyoxigraph` writes them, each with its line end.
        named: False where the dataset has lost its named graphs, as in Turtle.
    """

    def __init__(self, lines: Iterable[bytes], *, named: bool = True) -> None:
        self.named = named
        self.graphs: dict[str, list[bytes]] = defaultdict(list)
        self.size = 0
        self._of_articles: set[str] = set()
        name, end = "", b" .\n"
        for line in lines:
            # Most lines are of the graph of the line before; three spaces are those of a triple.
            if not name or not line.endswith(end) or line.count(b" ") == 3:
                name = _graph_of(line)
                end = f" <{name}> .\n".encode()
            self.graphs[name].append(line)
            if _IS_ARTICLE in line and says(line, _IS_ARTICLE):
                self._of_articles.add(name)
                self.size += 1

    def articles(self, names: Container[str] | None = None) -> list[Stated]:
        """The articles by IRI, of some graphs or all; of each its own lines in the graph that calls it an article."""
        wanted = [name for name in self._of_articles if names is None or name in names]
        found = [article for name in wanted for article in _articles_of(name, self.graphs[name])]
        return sorted(found, key=lambda each: (each.iri, each.graph))

    @cached_property
    def naming(self) -> list[bytes]:
        """The lines that give anything a name or a notation, apart from those of articles' graphs."""
        shared = [lines for name, lines in self.graphs.items() if not self.named or name not in self._of_articles]
        return [line for lines in shared for line in lines if any(predicate in line for predicate in _NAMED)]

    def base(self) -> str:
        """The base IRI, as the catalogue has it; "" where there is none."""
        for _, lines in sorted(self.graphs.items()):
            for line in lines:
                if _IS_DATASET in line and says(line, _IS_DATASET):
                    return line[1 : line.index(b">")].decode().removesuffix("dataset")
        return ""

    def moved(self, old: str, new: str) -> Dataset:
        """The same dataset under another base IRI."""
        here, there = f"<{old}".encode(), f"<{new}".encode()
        lines = sorted(line.replace(here, there) for lines in self.graphs.values() for line in lines)
        return Dataset(lines, named=self.named)

    def union(self) -> Dataset:
        """The same dataset without its named graphs: each triple once."""
        if not self.named:
            return self
        ends = ((f" <{name}> .\n".encode() if name else b" .\n", lines) for name, lines in self.graphs.items())
        triples = {line.removesuffix(end) + b" .\n" for end, lines in ends for line in lines}
        return Dataset(sorted(triples), named=False)

    def aliases(self) -> dict[str, str]:
        """The project's own names of fields, as the catalogue has them."""
        texts = (
            quad.object.value
            for line in self.naming
            if b"fieldAlias> " in line
            for quad in quads_of([line])
            if quad.predicate == KB.fieldAlias and isinstance(quad.object, Literal)
        )
        return dict(text.rsplit("=", 1) for text in texts if "=" in text)


def dataset_of(quads: Iterable[Quad]) -> Dataset:
    """The dataset of some quads, such as a `KnowledgeGraph`."""
    data = serialize(quads, format=RdfFormat.N_QUADS)
    return Dataset(sorted(set((data or b"").splitlines(keepends=True))))


def is_graph(path: Path) -> bool:
    """True for a file that by its name holds a graph, and for a folder that a build wrote."""
    return any((path / name).is_file() for name in _NAMES) if path.is_dir() else path.suffix.lower() in _FORMATS


def read_dataset(path: Path) -> Dataset:
    """The dataset in a file, or in the folder of a build.

    Raises:
        UsageError: there is none, it is not RDF, or it has blank nodes, which kbgraph never makes.
        WorldError: it cannot be read.
    """
    if not path.exists():
        raise UsageError(f"'{path}' does not exist")
    file = _file_in(path) if path.is_dir() else path
    if not file.is_file():  # a pipe would be waited for, a device read without end
        raise WorldError(f"'{file}' cannot be read: this is not a regular file")
    if (own := _as_built(file)) is not None:
        return own
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
    return Dataset(sorted(set(lines)), named=known[1])


def _as_built(file: Path) -> Dataset | None:
    """The N-Quads of a build, where its manifest proves that they are as it wrote them: canonical, and sorted."""
    manifest = file.parent / "manifest.json"
    if file.name != "graph.nq" or not manifest.is_file():
        return None
    try:
        listed = read_json(manifest)
    except UsageError:
        return None
    data = read_bounded(Input(file.name, file), file.stat().st_size)
    if not isinstance(data, bytes) or not isinstance(listed, dict):
        return None
    files = listed.get("files")
    mine = {"path": file.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    try:
        return Dataset(data.splitlines(keepends=True)) if isinstance(files, list) and mine in files else None
    except ValueError:  # somebody has made up both
        return None


def _file_in(folder: Path) -> Path:
    for name in _NAMES:
        if (folder / name).is_file():
            return folder / name
    raise UsageError(f"there is no graph in '{folder}'; kbgraph build writes graph.nq")


def quads_of(lines: Iterable[bytes]) -> Iterator[Quad]:
    """The quads of some canonical lines.

    Raises:
        UsageError: they are none, although a manifest says so.
    """
    try:
        yield from parse(b"".join(lines), format=RdfFormat.N_QUADS)
    except SyntaxError as error:
        raise UsageError(f"the graph is not what its manifest says: {error.msg}") from None


def says(line: bytes, statement: bytes) -> bool:
    """True where a statement, such as a predicate between spaces, follows the subject of a canonical line."""
    return line.startswith(statement, line.index(b">") + 1)


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
        if _IS_ARTICLE in line and line.startswith(b"<" + owner + b">") and says(line, _IS_ARTICLE):
            articles.append(owner)
    for owner in articles:
        own = by_owner[owner]
        prefix = b"<" + owner + _FILE_NAME
        names = [quad.object for line in own if line.startswith(prefix) for quad in quads_of([line])]
        path = names[0].value if len(names) == 1 and isinstance(names[0], Literal) else ""
        yield Stated(owner.decode(), path, graph, tuple(own))
