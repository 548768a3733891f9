"""Writes a dataset and its report into an output folder, and remembers what it wrote and from what.

A file that would be made from the same things as last time, and that still lies there as it was
written, is not made again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import orjson

from kbgraph.assembly import Layout, Torn
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
from kbgraph.records import problem_data, result_data
from kbgraph.report import Report, to_json
from kbgraph.terms import Space
from kbgraph.validation import Result, write_report
from kbgraph.version import VERSION
from kbgraph.workers import begun, shared_out

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

    Raises:
        UsageError: a format is not known.
        WorldError: the folder cannot be written to.
    """
    formats = chosen_formats(settings.formats)
    many = [] if last.layouts else [each for each in formats if each.of_articles]
    files = [staged for each in many for staged in _documents(each, graph, folder, last, jobs)]
    rest = [each for each in formats if each not in many]
    work = partial(_staged, graph, folder, settings, last)
    with begun(work, rest, jobs if len(graph) >= _LARGE else 1) as written:
        files.append(_stage(PLACES, partial(write_places, graph), folder, last))
        report, results = verdict()
        files += _reports(report, results, folder, settings, last)
        counts = counts_of(graph)
        files += [staged for each in written for staged in each]
    files.sort(key=lambda each: each.path)
    manifest = folder.stage(MANIFEST, [_manifest(graph, report, counts, files)])
    folder.commit(files, manifest, last.files)
    files.append(manifest)
    return Published(counts, report, tuple(each.path for each in files)), files


#: Quads from which on it pays to write formats in several processes: in threads, they wait for Python's lock.
_LARGE = 20_000


def _staged(
    graph: KnowledgeGraph, folder: OutputFolder, settings: Settings, last: Last, format: Format
) -> list[Staged]:
    """The files of a format."""
    if format.of_articles:
        return list(_documents(format, graph, folder, last))
    if format.many:
        return _stage_files(format, graph, folder, settings, last)
    return [_stage(format.file, partial(format.chunks, graph), folder, last)]


def _stage(
    path: str, chunks: Callable[[], Iterable[Chunk]], folder: OutputFolder, last: Last, source: str = ""
) -> Staged:
    try:
        return folder.stage(path, chunks(), source, last.older(path))
    except Torn:  # somebody writes to the file: nothing of it is of use
        return folder.stage(path, chunks(), source)


def _stage_files(
    format: Format, graph: KnowledgeGraph, folder: OutputFolder, settings: Settings, last: Last
) -> list[Staged]:
    """The files of a format that is a folder of a few."""
    try:
        return [folder.stage(path, chunks, older=last.older(path)) for path, chunks in format.files(graph, settings)]
    except Torn:
        return [folder.stage(path, chunks) for path, chunks in format.files(graph, settings)]


def _reports(
    report: Report, results: Sequence[Result], folder: OutputFolder, settings: Settings, last: Last
) -> Iterator[Staged]:
    """What is wrong, as JSON and as a SHACL validation report."""
    made: tuple[tuple[str, object, Callable[[], Iterable[Chunk]]], ...] = (
        ("report.json", list(map(problem_data, report)), lambda: [to_json(report)]),
        ("report.ttl", list(map(result_data, results)), partial(write_report, results, Space(settings.base))),
    )
    for path, data, chunks in made:
        source = hashlib.blake2b(orjson.dumps((VERSION, settings.base, data), default=list), digest_size=16).hexdigest()
        yield _kept(path, source, folder, last) or _stage(path, chunks, folder, last, source)


def _kept(path: str, source: str, folder: OutputFolder, last: Last) -> Staged | None:
    """A file that lies there as it was made before from the same things."""
    known = last.files.get(path)
    if known is None or known.source != source or not known.is_still(f"{folder.path}/{path}"):
        return None
    older = last.older(path)
    return Staged(path, known.size, known.sha256, "", source, older.layout if older is not None else Layout())


# ---- formats of many files

#: Documents from which on it pays to make them in several processes.
_MANY = 64


def _documents(
    format: Format, graph: KnowledgeGraph, folder: OutputFolder, last: Last, jobs: int = 1
) -> Iterator[Staged]:
    """The documents of a format: those that are still there, and those that have to be made."""
    missing: list[Document] = []
    for each in format.documents(graph):
        path = article_file(format.file, each.key, ".jsonld")
        kept = _kept(path, each.source, folder, last)
        if kept is not None:
            yield kept
        else:
            missing.append(each)
    jobs = jobs if len(missing) >= _MANY else 1
    # Processes are given all documents as they start, and then which of them to make.
    pieces = [range(start, len(missing), jobs) for start in range(jobs)] if missing else []
    for made in shared_out(partial(_make_documents, format.file, folder, missing), pieces, jobs):
        yield from made


def _make_documents(
    place: str, folder: OutputFolder, documents: Sequence[Document], wanted: Iterable[int]
) -> list[Staged]:
    chosen = (documents[number] for number in wanted)
    return [folder.stage(article_file(place, each.key, ".jsonld"), [each.make()], each.source) for each in chosen]


# ---- the manifest


def _manifest(graph: KnowledgeGraph, report: Report, counts: Mapping[str, int], files: Sequence[Staged]) -> bytes:
    """What was written and what is in it: counts, and size and digest of each file."""
    data = {
        "generator": {"name": "kbgraph", "version": VERSION},
        "base": graph.base,
        "counts": counts,
        "classes": graph.class_counts(),
        "problems": {severity.value: report.count(severity) for severity in Severity},
        "files": [{"path": each.path, "bytes": each.size, "sha256": each.sha256} for each in files],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n"


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
