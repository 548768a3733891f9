"""`kbgraph check --watch`: at every save, what is wrong with what was saved, and what changed elsewhere."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from watchfiles import Change
from watchfiles import watch as changes_of

from kbgraph.building import BuildResult
from kbgraph.cli.exits import CONFORMS
from kbgraph.cli.options import given_paths
from kbgraph.cli.reporting import width_of
from kbgraph.cli.talk import colour_on, counted, say, say_summary
from kbgraph.errors import KbgraphError, Problem
from kbgraph.publishing import counts_of
from kbgraph.report import Report, human

__all__ = ["watch"]

#: Milliseconds in which changes come together: an editor saves a file in several steps.
_TOGETHER = 60
#: Milliseconds after which it is looked whether to go on.
_AT_MOST = 100
#: Problems of each code to show.
_MOST = 20


def watch(
    paths: tuple[Path, ...], check: Callable[[Path], BuildResult], besides: Collection[Path], cache_at: Path | None
) -> int:
    """Check, and check again whenever a file changes, until Ctrl-C.

    Args:
        paths: files and folders of articles.
        check: gives what is wrong now, by the help of a cache in a folder.
        besides: further files whose change matters.
        cache_at: the cache that builds have left; None for one that is gone afterwards.
    """
    given = given_paths(paths)
    with nullcontext(str(cache_at)) if cache_at else TemporaryDirectory(prefix="kbgraph-") as cache:
        shown: Report | None = None
        for changed in _saves((*given, *besides)):
            started = time.perf_counter()
            try:
                result = check(Path(cache))
            except KbgraphError as error:
                say(f"kbgraph: {error}")
                continue
            _show(result, shown, changed)
            say(f"{time.perf_counter() - started:.1f} s; waiting for the next save, Ctrl-C ends")
            shown = result.report
    return CONFORMS


def _saves(paths: Collection[Path]) -> Iterator[set[Path]]:
    """The files that were changed: none at first, then those of each save."""
    # A file that an editor puts in the place of another is seen in its folder alone.
    folders = {path if path.is_dir() else path.absolute().parent for path in paths}
    single = {os.path.realpath(path) for path in paths if not path.is_dir()}
    trees = [os.path.realpath(path) + os.sep for path in paths if path.is_dir()]

    def matters(_: Change, path: str) -> bool:
        real = os.path.realpath(path)
        return real in single or (path.endswith(".md") and any(real.startswith(tree) for tree in trees))

    watching = changes_of(
        *folders,
        watch_filter=matters,
        debounce=_TOGETHER,
        step=_TOGETHER // 2,
        rust_timeout=_AT_MOST,
        yield_on_timeout=True,
    )
    # Only once it is watched is it safe to look: what is saved during a check comes with the next.
    yield {Path(os.path.realpath(path)) for _, path in next(watching)}
    for found in watching:
        if found:
            yield {Path(os.path.realpath(path)) for _, path in found}


def _show(result: BuildResult, before: Report | None, changed: set[Path]) -> None:
    """All problems at first; later those of the files that were saved, and those that are new elsewhere."""
    report = result.report
    if before is None:
        wanted, mended = report, 0
    else:
        saved = {path for path, where in report.files.items() if isinstance(where, Path) and _real(where) in changed}
        old, new = Counter(map(_identity, before)), Counter(map(_identity, report))
        fresh = new - old
        mended = (old - new).total()
        kept = [each for each in report if each.place.path in saved or fresh[_identity(each)]]
        wanted = Report.of(kept, report.files)
        click.echo("\033[2J\033[H" if sys.stdout.isatty() else "", nl=not sys.stdout.isatty())
    for line in human(wanted, colour=colour_on(sys.stdout), most=_MOST, width=width_of(sys.stdout)):
        click.echo(line)
    say_summary(counts_of(result.graph), report)
    if before is not None:
        say(f"{counted(mended, 'problem')} mended, {counted(fresh.total(), 'problem')} new")


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _identity(problem: Problem) -> tuple[str, str, str, str]:
    """What stays the same when lines move."""
    return problem.code, problem.place.path, problem.subject, problem.message
