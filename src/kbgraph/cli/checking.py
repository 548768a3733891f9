"""`kbgraph check`: settings → result → what is not to be heard of → a report → an exit code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from kbgraph.building import BuildResult, cache_folder
from kbgraph.cli.baseline import BASELINE, WRITE_BASELINE, accept, known_problems, without_known
from kbgraph.cli.choosing import EXIT_ZERO, FAIL_LEVEL, IGNORE, SELECT, chosen, chosen_settings, exit_code
from kbgraph.cli.exits import CONFORMS, FAILED
from kbgraph.cli.options import (
    BASE,
    CACHE_DIR,
    ENGINE,
    JOBS,
    NO_CACHE,
    PATHS,
    SHAPES,
    STDIN_FILENAME,
    compile_paths,
    settings_of,
)
from kbgraph.cli.reporting import OUTPUT_FORMATS, ForPeople, write_problems
from kbgraph.cli.talk import say, say_summary
from kbgraph.config import Settings
from kbgraph.errors import UsageError
from kbgraph.publishing import counts_of
from kbgraph.report import Report

__all__ = ["check"]


@dataclass(frozen=True, slots=True)
class _Options:
    """What the command line says, besides the paths; the names are those of the options."""

    base: str | None
    jobs: int | None
    shapes: tuple[Path, ...]
    engine: str | None
    stdin_filename: str
    output_format: str
    statistics: bool
    limit: int
    select: str | None
    ignore: str | None
    fail_level: str | None
    exit_zero: bool
    baseline: Path | None
    write_baseline: bool
    fix: bool
    diff: bool
    watch: bool
    cache_dir: str | None
    no_cache: bool


@click.command()
@PATHS
@BASE
@JOBS
@SHAPES
@ENGINE
@STDIN_FILENAME
@click.option("--output-format", type=click.Choice(OUTPUT_FORMATS), default="human", show_default=True)
@click.option("--statistics", is_flag=True, help="Only a table of how many problems there are of each code.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    metavar="N",
    help="Problems to show of each code to people; 0 for all.",
)
@SELECT
@IGNORE
@FAIL_LEVEL
@EXIT_ZERO
@BASELINE
@WRITE_BASELINE
@click.option("--fix", is_flag=True, help="Mend the articles first, where it is certain what was meant.")
@click.option("--diff", is_flag=True, help="Only show what --fix would change; exit code 1 if that is anything.")
@click.option("--watch", is_flag=True, help="Check again at every save, until Ctrl-C.")
@CACHE_DIR
@NO_CACHE
def check(paths: tuple[Path, ...], **options: Any) -> int:
    """Say what is wrong with articles; with --fix, mend them first.

    PATHs are files and folders, or - for standard input; without any, seeds/ is read. Without --fix
    nothing is written. docs/fixing.md says what is mended, and what is not.

    \b
    Examples:
      kbgraph check
      kbgraph check articles/ai/attention.md --limit 0
      kbgraph check --statistics
      kbgraph check --select KB3,KB411 --fail-level warning
      kbgraph check - --stdin-filename ai/note.md < note.md
      kbgraph check --output-format json | jq '.problems[].code'
      kbgraph check --output-format sarif > kbgraph.sarif
      kbgraph check --diff articles | less
      kbgraph check --fix articles
      kbgraph check --baseline known.json --write-baseline
      kbgraph check --baseline known.json
      kbgraph check --watch articles
    """
    wanted = _Options(**options)
    settings = _settings(paths, wanted)
    if wanted.diff:
        from kbgraph.cli.fixing import show_differences

        return show_differences(paths, settings, wanted.stdin_filename)
    if wanted.watch:
        from kbgraph.cli.watching import watch

        return watch(
            paths,
            lambda cache_at: _checked(paths, wanted, cache_at),
            _watched(settings, wanted),
            _cache_at(settings, wanted),
        )
    known = known_problems(wanted.baseline, anew=wanted.write_baseline)
    unwritten = wanted.fix and not _mend(paths, settings)
    if known is not None and wanted.write_baseline:
        result = compile_paths(paths, settings, wanted.stdin_filename, _cache_at(settings, wanted))
        accept(chosen(result.report, settings), known)
        return FAILED if unwritten else CONFORMS
    code = _report(_checked(paths, wanted, _cache_at(settings, wanted)), settings, wanted)
    return FAILED if unwritten else code


def _checked(paths: tuple[Path, ...], wanted: _Options, cache_at: Path | None) -> BuildResult:
    """What is wrong with the articles as they are now, by the settings as they are now."""
    settings = _settings(paths, wanted)
    known = known_problems(wanted.baseline)
    result = compile_paths(paths, settings, wanted.stdin_filename, cache_at)
    # A baseline is compared first: what is not selected is not mended for that.
    return replace(result, report=chosen(without_known(result.report, known, paths), settings))


def _cache_at(settings: Settings, wanted: _Options) -> Path | None:
    """The cache that was asked for, or that builds have left: a check alone leaves none behind."""
    folder = cache_folder(Path(settings.out), settings)
    return folder if not wanted.no_cache and (wanted.cache_dir or folder.is_dir()) else None


def _watched(settings: Settings, wanted: _Options) -> list[Path]:
    """The files besides the articles whose change matters."""
    files = (settings.file, *settings.shapes, str(wanted.baseline or ""))
    return [Path(each) for each in files if each]


def _mend(paths: tuple[Path, ...], settings: Settings) -> bool:
    from kbgraph.cli.fixing import mend_files

    return mend_files(paths, settings)


def _settings(paths: tuple[Path, ...], wanted: _Options) -> Settings:
    if wanted.diff and (wanted.fix or wanted.write_baseline):
        raise UsageError("--diff only shows what --fix would change; it goes with no option that writes")
    if wanted.watch and (wanted.fix or wanted.write_baseline or wanted.output_format != "human" or Path("-") in paths):
        raise UsageError(
            "--watch shows people what is wrong with files: it goes with no option that writes, no other format, "
            "and no standard input"
        )
    if wanted.write_baseline and (wanted.select or wanted.ignore):
        raise UsageError("--write-baseline keeps all problems that are known: it goes with no --select and no --ignore")
    if wanted.statistics and wanted.output_format != "human":
        raise UsageError(f"--statistics is a table for people: it has no form in {wanted.output_format}")
    # Standard input goes by the settings of the file that it is to be.
    where = tuple(Path(wanted.stdin_filename) if str(path) == "-" else path for path in paths)
    settings = settings_of(
        where,
        base=wanted.base,
        jobs=wanted.jobs,
        shapes=wanted.shapes,
        engine=wanted.engine,
        cache_dir=wanted.cache_dir,
    )
    return chosen_settings(settings, select=wanted.select, ignore=wanted.ignore, fail_level=wanted.fail_level)


def _report(result: BuildResult, settings: Settings, wanted: _Options) -> int:
    """Write what was found, and return what it means for a script."""
    code = CONFORMS if wanted.exit_zero else exit_code(result.report, settings)
    people = ForPeople(limit=wanted.limit or None, statistics=wanted.statistics)
    write_problems(result, settings, wanted.output_format, code, people)
    say_summary(counts_of(result.graph), result.report)
    if wanted.output_format == "human" and len(result.report):
        say(_what_next(result.report, mended=wanted.fix))
    return code


def _what_next(report: Report, *, mended: bool) -> str:
    """Where to read on, and what a command can mend by itself."""
    from kbgraph.fix import fixable

    codes = [] if mended else [code for code in report.codes() if fixable(code)]
    more = f"; kbgraph check --diff shows whether --fix can mend {', '.join(codes)}" if codes else ""
    return f"kbgraph explain CODE says what a code means{more}"
