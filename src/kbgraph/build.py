"""The composition: files → articles → graphs → one dataset → report → exports.

Articles are converted in batches, in as many processes as there are jobs; one merge at the end
makes the graphs that they share. The result does not depend on the order of the files, on the
number of jobs or on the machine.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from kbgraph import catalogue
from kbgraph.check import core_results, problems_of, query_results, shacl_results
from kbgraph.config import Settings, find_settings
from kbgraph.convert import convert
from kbgraph.errors import Problem, Severity
from kbgraph.export import FORMATS, Format, format_of
from kbgraph.files import Input, discover, key_of, read_bounded
from kbgraph.graph import KnowledgeGraph, sorted_lines
from kbgraph.ignores import Ignore, ignores_of
from kbgraph.output import MANIFEST, OutputFolder, Staged
from kbgraph.places import PlaceTable, packed
from kbgraph.project import check_settings
from kbgraph.reader import read_article
from kbgraph.report import Report, to_json
from kbgraph.shapes import read_shapes, shipped_shapes
from kbgraph.shared import Mentions, merge
from kbgraph.sift import sifted
from kbgraph.terms import SCHEMA, Space
from kbgraph.validation import Result, write_report
from kbgraph.version import VERSION
from kbgraph.vocabulary import vocabulary
from kbgraph.workers import processors, shared_out

__all__ = ["BuildResult", "build", "compile_inputs", "counts_of", "publish"]

#: Articles of one batch: enough to pay for a start of pySHACL, few enough to share out evenly.
_BATCH = 136

Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build made.

    `graph` is the dataset, `report` what is wrong with the articles, `results` the SHACL results;
    `files` are the paths of what was written below the output folder, empty where nothing was.
    """

    graph: KnowledgeGraph
    report: Report
    results: tuple[Result, ...]
    files: tuple[str, ...] = ()


def build(
    *paths: str | os.PathLike[str],
    out: str | os.PathLike[str] | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> BuildResult:
    """Turn files and folders of articles into a validated graph, and write it where `out` says.

    Args:
        paths: files and folders; `seeds` where there are none.
        out: folder to write to; None to write nothing.
        settings: None for those of the project that the first path lies in.
        progress: called with the number of articles each time that some are done.

    Raises:
        UsageError: a path does not exist, a setting is wrong.
        WorldError: the output cannot be written, the shapes cannot be read.
        LimitError: there are too many articles.

    >>> import kbgraph
    >>> result = kbgraph.build("seeds")
    >>> result.report.conforms
    True
    """
    given = [Path(path) for path in paths] or [Path("seeds")]
    chosen = settings if settings is not None else find_settings(given[0])
    found = discover(given, chosen.exclude, chosen.limits)
    result = compile_inputs(found.inputs, chosen, problems=found.problems, progress=progress)
    return publish(result, Path(out), chosen) if out is not None else result


# ---- one batch of articles, in a process of its own


@dataclass(frozen=True, slots=True)
class _Compiled:
    """What one article came to."""

    entry: catalogue.Entry
    path: str
    article: str
    graph: str
    lines: bytes
    places: bytes


@dataclass(frozen=True, slots=True)
class _Batch:
    """What a batch of articles came to."""

    articles: tuple[_Compiled, ...]
    mentions: Mentions
    problems: tuple[Problem, ...]
    results: tuple[Result, ...]
    ignores: dict[str, tuple[Ignore, ...]]
    size: int


def _compile_batch(inputs: Sequence[Input], settings: Settings, keys: frozenset[str]) -> _Batch:
    space = Space(settings.base)
    mentions = Mentions()
    problems: list[Problem] = []
    articles: list[_Compiled] = []
    ignores: dict[str, tuple[Ignore, ...]] = {}
    quads: list[Quad] = []
    for each in inputs:
        data = read_bounded(each, settings.limits.file_bytes)
        if isinstance(data, Problem):
            problems.append(data)
            continue
        article, found = read_article(data, each.path, settings)
        problems += found
        if article is None:
            continue
        asked, misunderstood = ignores_of(data, each.path, settings.limits)
        problems += misunderstood
        if asked:
            ignores[each.path] = asked
        made = convert(article, space, keys, each.leads_to_a_file)
        problems += made.problems
        mentions.extend(made.mentions)
        quads += made.quads
        articles.append(
            _Compiled(
                entry=catalogue.Entry(article.key, _modified(made.quads)),
                path=each.path,
                article=space.article(article.key).value,
                graph=made.graph.value,
                lines=sorted_lines(made.quads),
                places=packed(made.places),
            )
        )
    results = core_results(quads, shipped_shapes()) if articles else []
    return _Batch(tuple(articles), mentions, tuple(problems), tuple(results), ignores, len(inputs))


def _modified(quads: Iterable[Quad]) -> Literal | None:
    for quad in quads:
        if quad.predicate == SCHEMA.dateModified and isinstance(quad.object, Literal):
            return quad.object
    return None


def _batches(inputs: Sequence[Input], settings: Settings) -> Iterator[_Batch]:
    """The batches, compiled, in the order of the inputs."""
    keys = frozenset(key_of(each.path) for each in inputs)
    pieces = [inputs[start : start + _BATCH] for start in range(0, len(inputs), _BATCH)]
    jobs = _jobs(settings)
    if min(jobs, len(pieces)) > 1:
        _warm_up()
    yield from shared_out(partial(_compile_batch, settings=settings, keys=keys), pieces, jobs)


def _jobs(settings: Settings) -> int:
    return settings.jobs or processors()


def _warm_up() -> None:
    """Import what the processes need before they are forked, so that they share it."""
    import pyshacl  # noqa: F401

    import kbgraph.interop  # noqa: F401


# ---- all articles together


def compile_inputs(
    inputs: Sequence[Input],
    settings: Settings,
    *,
    problems: Iterable[Problem] = (),
    progress: Progress | None = None,
) -> BuildResult:
    """Convert and check articles; nothing is written.

    `problems` are those of finding the inputs, to be reported with the rest.
    """
    check_settings(settings)
    own = read_shapes([Path(path) for path in settings.shapes]) if settings.shapes else None
    space = Space(settings.base)
    found = list(problems)
    results: list[Result] = []
    mentions = Mentions()
    graphs: dict[str, bytes] = {}
    entries: list[catalogue.Entry] = []
    places: list[tuple[str, str, bytes]] = []
    ignores: dict[str, tuple[Ignore, ...]] = {}
    for batch in _batches(inputs, settings):
        mentions.extend(batch.mentions)
        found += batch.problems
        results += batch.results
        ignores |= batch.ignores
        for article in batch.articles:
            graphs[article.graph] = article.lines
            places.append((article.article, article.path, article.places))
            entries.append(article.entry)
        if progress is not None:
            progress(batch.size)
    graphs |= _shared_graphs(mentions, entries, space, settings)
    graph = KnowledgeGraph(settings.base, graphs)
    shapes = [shipped_shapes()] if own is None else [shipped_shapes(), own]
    store = graph.store()
    results += query_results(store, shapes[0])
    if own is not None:
        results += shacl_results((*(quad.triple for quad in vocabulary().quads), *graph.triples()), own)
    results.sort(key=lambda each: each.sort_key)
    refused = {each.place for each in found if each.severity is Severity.VIOLATION}
    found += problems_of(results, shapes, PlaceTable(places), store, refused)
    files = {each.path: each.location if each.data is None else each.data for each in inputs}
    alone = {each.path for each in inputs if each.alone or each.data is not None}
    return BuildResult(graph, sifted(Report.of(found, files), ignores, settings, alone), tuple(results))


def _shared_graphs(
    mentions: Mentions, entries: Iterable[catalogue.Entry], space: Space, settings: Settings
) -> dict[str, bytes]:
    """The graphs that articles share, and the catalogue, by IRI."""
    if settings.publisher:
        mentions.agents.append(catalogue.publisher_of(settings, space))
    quads = [
        *merge(mentions, space, vocabulary()),
        *(Quad(each.subject, each.predicate, each.object, space.vocabulary) for each in vocabulary().quads),
        *catalogue.catalogue_quads(entries, space, settings),
    ]
    by_graph: dict[str, list[Quad]] = {}
    for quad in quads:
        by_graph.setdefault(quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else "", []).append(quad)
    return {name: sorted_lines(group) for name, group in by_graph.items()}


# ---- writing


def publish(result: BuildResult, out: Path, settings: Settings) -> BuildResult:
    """Write a result into a folder: the formats chosen, the reports, and a manifest of them.

    Raises:
        UsageError: a format is not known.
        WorldError: the folder is in use, or cannot be written to.
    """
    names = settings.formats or [each.name for each in FORMATS.values() if each.default]
    formats = tuple(dict.fromkeys(format_of(name) for name in names))
    with OutputFolder(out).locked() as folder:
        files = _stage_formats(result.graph, formats, folder, _jobs(settings))
        files.append(folder.stage("report.json", to_json(result.report)))
        files.append(folder.stage("report.ttl", write_report(result.results, Space(settings.base))))
        files.sort(key=lambda each: each.path)
        folder.commit(files, folder.stage(MANIFEST, _manifest(result, files)))
    return replace(result, files=(*(each.path for each in files), MANIFEST))


#: Quads from which on it pays to write formats in several processes.
_MANY_QUADS = 50_000


def _stage_formats(graph: KnowledgeGraph, formats: Sequence[Format], folder: OutputFolder, jobs: int) -> list[Staged]:
    """Write the formats, those of one group in one process, since they share their preparation."""
    groups: dict[str, list[Format]] = {}
    for each in formats:
        groups.setdefault(each.group, []).append(each)
    jobs = jobs if len(graph) >= _MANY_QUADS else 1
    work = partial(_stage_group, graph, folder)
    return [staged for group in shared_out(work, list(groups.values()), jobs) for staged in group]


def _stage_group(graph: KnowledgeGraph, folder: OutputFolder, formats: Sequence[Format]) -> list[Staged]:
    return [folder.stage(name, data) for each in formats for name, data in each.files(graph)]


def _manifest(result: BuildResult, files: Sequence[Staged]) -> bytes:
    """What was written and what is in it: counts, and size and digest of each file."""
    graph, report = result.graph, result.report
    data = {
        "generator": {"name": "kbgraph", "version": VERSION},
        "base": graph.base,
        "counts": counts_of(result),
        "classes": graph.class_counts(),
        "problems": {severity.value: report.count(severity) for severity in Severity},
        "files": [{"path": each.path, "bytes": each.size, "sha256": each.sha256} for each in files],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n"


def counts_of(result: BuildResult) -> dict[str, int]:
    """The figures of the summary: articles, facts, references, sources, quads and graphs."""
    classes = result.graph.class_counts()
    return {
        "articles": classes.get("kb:Article", 0),
        "facts": classes.get("kb:Fact", 0),
        "references": classes.get("kb:SourceReference", 0),
        "sources": classes.get("kb:Source", 0),
        "quads": len(result.graph),
        "graphs": len(result.graph.graph_names),
    }
