"""The composition: files → articles → graphs → one dataset → report → exports.

Articles are compiled one by one, those that the cache has not; one merge at the end makes the
graphs that they share. The result does not depend on the order of the files, on the number of
jobs, on the cache or on the machine.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, TypeVar

from kbgraph.cache import Cache, Damaged
from kbgraph.check import plain_results, problems_of, shacl_results
from kbgraph.compiled import Compiled
from kbgraph.compiling import Progress, compiled_articles, jobs_of, kind_of, names_of
from kbgraph.config import Settings, find_settings
from kbgraph.errors import Problem, Severity, WorldError
from kbgraph.export import chosen_formats
from kbgraph.files import folder_aside
from kbgraph.graph import KnowledgeGraph
from kbgraph.inputs import Found, Input, discover
from kbgraph.last import Last, digest_of
from kbgraph.output import OutputFolder
from kbgraph.places import PlaceTable
from kbgraph.project import check_settings
from kbgraph.publishing import Published, Verdict, publish
from kbgraph.records import problems_as_json
from kbgraph.report import Report
from kbgraph.shapes import Shapes, read_shapes, shipped_shapes
from kbgraph.sift import files_shown, sifted
from kbgraph.together import Across, shared_parts
from kbgraph.validation import Result
from kbgraph.vocabulary import vocabulary
from kbgraph.workers import ahead

__all__ = ["BuildResult", "Judge", "build", "build_into", "cache_folder", "compile_inputs"]


Made = TypeVar("Made")


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
    chosen_formats(chosen.formats)
    found = discover(given, chosen.exclude, chosen.limits)
    result = compile_inputs(found.inputs, chosen, problems=found.problems, progress=progress)
    if out is None:
        return result
    with OutputFolder(Path(out)).locked() as folder:
        verdict = Verdict(result.report, result.results)
        published, _ = publish(result.graph, lambda: verdict, folder, chosen, Last(), jobs_of(chosen))
    return replace(result, files=published.files)


class Judge(NamedTuple):
    """Says which problems of a report count, going by nothing but settings and the `files` that it names."""

    of: Callable[[Report], Report]
    files: tuple[str, ...] = ()


def build_into(
    out: Path,
    found: Found,
    settings: Settings,
    *,
    use_cache: bool = True,
    judge: Judge | None = None,
    progress: Progress | None = None,
) -> Published:
    """Build into a folder, making only what no build before made already.

    Args:
        out: the folder to write to.
        found: the inputs.
        settings: what the project chose.
        use_cache: whether to use what builds before left in the cache, and to leave something there.
        judge: which problems count; all, if it is None.
        progress: called with the number of articles each time that some are done.

    Raises:
        UsageError, WorldError, LimitError: as `build`.
    """
    check_settings(settings)
    formats = chosen_formats(settings.formats)
    modules = {each.module for each in formats if each.sectioned}
    kind = kind_of(settings)
    root = cache_folder(out, settings)
    remembered = root / f"last-{hashlib.blake2b(os.fsencode(out.absolute()), digest_size=8).hexdigest()}"
    last = Last.read(remembered) if use_cache else Last()
    judge = judge or Judge(lambda report: report)
    names = names_of(found.inputs, settings.limits) if use_cache else None
    source = digest_of(kind, found, names, settings, judge.files) if names is not None else ""
    if last.is_still(source, out) and OutputFolder(out).is_tidy:
        report = judge.of(Report.of(last.problems, files_shown(last.problems, _files_of(found.inputs), settings)))
        return Published(last.counts, report, tuple(last.files))
    with OutputFolder(out).locked() as folder, folder_aside(folder.path) as aside:
        cache = Cache(root if use_cache else aside, kind, aside)
        judged: dict[bytes, Report] = {}  # once, since what judges may speak of it

        def attempt() -> Published:
            dataset = _dataset(found.inputs, settings, modules, cache, progress, names)
            kept = b""
            is_unchanged = False

            def verdict() -> Verdict:
                nonlocal kept, is_unchanged
                made = _checked(dataset, results, found.inputs, found.problems, settings, cache)
                kept = problems_as_json(made.report.problems)
                if kept not in judged:
                    judged[kept] = judge.of(made.report)
                # All has been read by now: what is changed later is not in this build.
                now = names_of(found.inputs, settings.limits) if source else {}
                is_unchanged = bool(source) and source == digest_of(kind, found, now, settings, judge.files)
                return Verdict(judged[kept], made.results)

            before, jobs = last.of_kind(kind), jobs_of(settings)
            asks = jobs > 1 and settings.engine != "pyshacl" and not dataset.across.is_known
            busy = asks and not before.layouts  # where everything is made, one process less holds it in memory
            with ahead(dataset.across.results, at_once=asks) as results:
                published, files = publish(dataset.graph, verdict, folder, settings, before, jobs, busy)
            if is_unchanged:
                Last.of(kind, source, published.counts, kept, files, folder.path).write(remembered)
            return published._replace(is_kept=cache.is_kept)

        return _undamaged(attempt, cache)


#: What a cache that somebody damages all the while is used for is tried so many times.
_ATTEMPTS = 5


def _undamaged(make: Callable[[], Made], cache: Cache) -> Made:
    """What is made with a cache; made again, with all eyes open, where that turned out to be damaged."""
    for _ in range(_ATTEMPTS):
        with suppress(Damaged):
            return make()
        cache.thorough = True
    raise WorldError(f"the cache '{cache.folder.parent}' changes while it is read; --no-cache does without")


def cache_folder(out: Path, settings: Settings) -> Path:
    """Where builds into a folder keep their cache."""
    return Path(settings.cache_dir) if settings.cache_dir else out / ".cache"


# ---- all articles together


def compile_inputs(
    inputs: Sequence[Input],
    settings: Settings,
    *,
    problems: Iterable[Problem] = (),
    cache_at: Path | None = None,
    progress: Progress | None = None,
) -> BuildResult:
    """Convert and check articles; no file is written but those of a cache.

    Args:
        inputs: the articles.
        settings: what the project chose.
        problems: those of finding the inputs, to be reported with the rest.
        cache_at: folder of a cache to use; None to do without.
        progress: called with the number of articles each time that some are done.
    """
    check_settings(settings)
    if cache_at is None:
        return _compiled(inputs, problems, settings, None, progress)
    with folder_aside() as aside:
        cache = Cache(cache_at, kind_of(settings), aside)
        return _undamaged(lambda: _compiled(inputs, problems, settings, cache, progress), cache)


def _compiled(
    inputs: Sequence[Input],
    problems: Iterable[Problem],
    settings: Settings,
    cache: Cache | None,
    progress: Progress | None,
) -> BuildResult:
    """The dataset of some inputs, made for no format, and everything that is wrong with it."""
    dataset = _dataset(inputs, settings, (), cache, progress)
    return _checked(dataset, dataset.across.results, inputs, problems, settings, cache)


class _Dataset(NamedTuple):
    """The dataset of some inputs: the articles that it is made of, shapes of the project's own, used entries."""

    graph: KnowledgeGraph
    articles: list[Compiled]
    across: Across
    own: Shapes | None
    used: tuple[str, ...]


def _dataset(
    inputs: Sequence[Input],
    settings: Settings,
    modules: Collection[str],
    cache: Cache | None,
    progress: Progress | None,
    names: Mapping[str, str] | None = None,
) -> _Dataset:
    own = read_shapes([Path(path) for path in settings.shapes]) if settings.shapes else None
    articles, used = compiled_articles(inputs, settings, modules, cache, progress, names)
    shared, more = shared_parts(articles, settings, modules, cache)
    parts = [each.part for each in articles if each.part is not None]
    graph = KnowledgeGraph.of_parts(settings.base, (*parts, *shared))
    return _Dataset(graph, articles, Across(graph.parts, cache), own, (*used, *more))


def _checked(
    dataset: _Dataset,
    results_across: Callable[[], list[Result]],
    inputs: Sequence[Input],
    problems: Iterable[Problem],
    settings: Settings,
    cache: Cache | None,
) -> BuildResult:
    """A dataset with everything that is wrong with it."""
    graph, articles, across, own, used = dataset
    found = [*problems, *(problem for each in articles for problem in each.problems)]
    results = [result for each in articles for result in each.results]
    wholly = own is not None or settings.engine == "pyshacl"
    shapes = [shipped_shapes()] if own is None else [shipped_shapes(), own]
    triples = (*(quad.triple for quad in vocabulary().quads), *graph.triples()) if wholly else ()
    others = plain_results(triples, across.store, shapes[0]) if settings.engine == "pyshacl" else results_across()
    if own is not None:
        others += shacl_results(triples, own)
    places = PlaceTable((each.article, each.sections) for each in articles if each.article)
    refused = {each.place for each in found if each.severity is Severity.VIOLATION}
    found += problems_of(others, shapes, places, lambda: across.store, refused)
    if cache is not None:
        cache.tidy((*used, *across.names.values()))
    results = sorted((*results, *others), key=lambda each: each.sort_key)
    ignores = {each.path: each.ignores for each in articles if each.ignores}
    alone = {each.path for each in inputs if each.alone or each.data is not None}
    report = sifted(Report.of(found, _files_of(inputs)), ignores, settings, alone)
    return BuildResult(graph, report, tuple(results))


def _files_of(inputs: Iterable[Input]) -> dict[str, Path | bytes]:
    """Where each input lies, or its bytes, by path."""
    return {each.path: each.location if each.data is None else each.data for each in inputs}
