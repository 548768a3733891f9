"""Writes a dataset and its report into an output folder, and remembers what it wrote and from what.

A file that would be made from the same things as last time, and that still lies there as it was
written, is not made again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import orjson

from kbgraph.assembly import Torn
from kbgraph.config import Settings
from kbgraph.errors import Severity
from kbgraph.export import Format, article_file, chosen_formats
from kbgraph.export.places import write_places
from kbgraph.export.sections import Document
from kbgraph.graph import KnowledgeGraph
from kbgraph.last import Last
from kbgraph.output import MANIFEST, OutputFolder, Staged
from kbgraph.parts import Chunk
from kbgraph.place_file import PLACES
from kbgraph.report import Report, to_json
from kbgraph.terms import Space
from kbgraph.validation import Result, write_report
from kbgraph.version import VERSION
from kbgraph.workers import begun

__all__ = ["Published", "Verdict", "counts_of", "publish"]


class Published(NamedTuple):
    """What a build wrote: counts of the dataset, the report, and the paths of the files.

    `is_kept` is false where the cache could not be written, so that the next build will not be quicker.
    """

    counts: Mapping[str, int]
    report: Report
    files: tuple[str, ...]
    is_kept: bool = True


class Verdict(NamedTuple):
    """Everything that is wrong with a dataset: for people, and as SHACL has it."""

    report: Report
    results: Sequence[Result]


def publish(
    graph: KnowledgeGraph,
    verdict: Callable[[], Verdict],
    folder: OutputFolder,
    settings: Settings,
    last: Last,
    jobs: int,
    busy: int = 0,
) -> tuple[Published, list[Staged]]:
    """Write the formats chosen, the places, the reports, and a manifest of all, into a folder that is held.

    Returns what was published, and the files.

    Args:
        graph: the dataset.
        verdict: finds what is wrong with it, while the formats are being written.
        folder: where to write.
        settings: for the formats and the base IRI.
        last: what was written there before; pieces of files are those of a build of the same kind.
        jobs: processes to work with.
        busy: how many of them find what is wrong, and join in later.

    Raises:
        UsageError: a format is not known.
        WorldError: the folder cannot be written to.
    """
    writer = _Writer(graph, folder, settings, last)
    jobs = jobs if len(graph) >= _LARGE else 1
    with begun(writer, writer.pieces(chosen_formats(settings.formats), jobs), jobs, busy) as written:
        files = [writer.stage(PLACES, partial(write_places, graph))]
        report, results = verdict()
        files += writer.reports(report, results)
        contents = _contents(graph, report)
        files += [staged for each in written() for staged in each]
    files.sort(key=lambda each: each.path)
    manifest = folder.stage(MANIFEST, [_manifest(contents, files)])
    folder.commit(files, manifest, last.files)
    files.append(manifest)
    return Published(contents["counts"], report, tuple(each.path for each in files)), files


#: Quads from which on it pays to write formats in several processes: in threads, they wait for Python's lock.
_LARGE = 20_000

#: What can be written by itself: a format or, of one with a file for each article, every so many-th file from one on.
_Piece = tuple[Format, int, int]


class _Writer:
    """Writes a dataset into a folder, in any process: what lies there as it was written before is not written again."""

    def __init__(self, graph: KnowledgeGraph, folder: OutputFolder, settings: Settings, last: Last) -> None:
        self.graph, self.folder, self.settings, self.last = graph, folder, settings, last
        self._documents: dict[str, list[Document]] = {}

    def pieces(self, formats: Iterable[Format], jobs: int) -> list[_Piece]:
        """What to write for some formats: where all documents may be missing, they are shared out."""
        pieces: list[_Piece] = []
        for each in formats:
            count = _SHARES * jobs if each.of_articles and not self.last.layouts else 1
            pieces += [(each, number, count) for number in range(count)]
        # The largest first, as far as that is known: so no process is left with one when the others are done.
        sizes: Counter[str] = Counter()
        for path, written in self.last.files.items():
            sizes[path.partition("/")[0]] += written.size
        return sorted(pieces, key=lambda piece: -sizes[piece[0].file] // piece[2])

    def __call__(self, piece: _Piece) -> list[Staged]:
        """Write a piece."""
        wanted, number, count = piece
        if wanted.of_articles:
            return [self._document(wanted, each) for each in self._documents_of(wanted)[number::count]]
        if wanted.many:
            return self._folder(wanted)
        return [self.stage(wanted.file, partial(wanted.chunks, self.graph))]

    def stage(self, path: str, chunks: Callable[[], Iterable[Chunk]], source: str = "") -> Staged:
        """Write a file; pieces are copied from the one that lies there."""
        try:
            return self.folder.stage(path, chunks(), source, self.last.older(path))
        except Torn:  # somebody writes to the file: nothing of it is of use
            return self.folder.stage(path, chunks(), source)

    def reports(self, report: Report, results: Sequence[Result]) -> Iterator[Staged]:
        """Write what is wrong, as JSON and as a SHACL validation report."""
        base = self.settings.base
        made: tuple[tuple[str, object, Callable[[], Iterable[Chunk]]], ...] = (
            ("report.json", report.problems, lambda: [to_json(report)]),
            ("report.ttl", results, partial(write_report, results, Space(base))),
        )
        for path, data, chunks in made:
            source = hashlib.blake2b(orjson.dumps((VERSION, base, data), default=list), digest_size=16).hexdigest()
            yield self._kept(path, source) or self.stage(path, chunks, source)

    def _documents_of(self, format: Format) -> list[Document]:
        if format.name not in self._documents:
            self._documents[format.name] = list(format.documents(self.graph))
        return self._documents[format.name]

    def _document(self, format: Format, document: Document) -> Staged:
        path = article_file(format.file, document.key, ".jsonld")
        return self._kept(path, document.source) or self.folder.stage(path, [document.make()], document.source)

    def _folder(self, format: Format) -> list[Staged]:
        """The files of a format that is a folder of a few."""
        stage, files = self.folder.stage, partial(format.files, self.graph, self.settings)
        try:
            return [stage(path, chunks, older=self.last.older(path)) for path, chunks in files()]
        except Torn:
            return [stage(path, chunks) for path, chunks in files()]

    def _kept(self, path: str, source: str) -> Staged | None:
        """A file that lies there as it was made before from the same things."""
        known = self.last.files.get(path)
        if known is None or known.source != source or not known.is_still(f"{self.folder.path}/{path}"):
            return None
        return Staged(path, known.size, known.sha256, "", source, self.last.layouts.get(path, b""))


#: Pieces for each job that documents are shared out in.
_SHARES = 4


# ---- the manifest


def _contents(graph: KnowledgeGraph, report: Report) -> dict[str, Any]:
    """What is in a dataset, and how much is wrong with it."""
    return {
        "generator": {"name": "kbgraph", "version": VERSION},
        "base": graph.base,
        "counts": counts_of(graph),
        "classes": graph.class_counts(),
        "problems": {severity.value: report.count(severity) for severity in Severity},
    }


def _manifest(contents: Mapping[str, Any], files: Iterable[Staged]) -> bytes:
    """The contents, and size and digest of each file."""
    listed = [{"path": each.path, "bytes": each.size, "sha256": each.sha256} for each in files]
    return orjson.dumps({**contents, "files": listed}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def counts_of(graph: KnowledgeGraph) -> dict[str, int]:
    """The figures of the summary: articles, facts, references, sources, quads and graphs."""
    classes = graph.class_counts()
    return {
        "articles": classes.get("kb:Article", 0),
        "facts": classes.get("kb:Fact", 0),
        "references": classes.get("kb:SourceReference", 0),
        "sources": classes.get("kb:Source", 0),
        "quads": len(graph),
        "graphs": len(graph.graph_names),
    }
