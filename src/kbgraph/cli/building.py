"""`kbgraph build`, `convert` and `stats`."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import click

from kbgraph.building import Judge, build_into, cache_folder, compile_inputs
from kbgraph.cli.baseline import BASELINE, known_problems, without_known
from kbgraph.cli.choosing import chosen, chosen_settings, exit_code
from kbgraph.cli.exits import CONFORMS
from kbgraph.cli.options import (
    BASE,
    CACHE_DIR,
    ENGINE,
    JOBS,
    NO_CACHE,
    PATHS,
    SHAPES,
    STDIN_FILENAME,
    discovered,
    located,
    read_standard_input,
    settings_of,
)
from kbgraph.cli.reporting import width_of
from kbgraph.cli.talk import colour_on, counted, progress_bar, say, say_summary, write_bytes
from kbgraph.config import find_settings
from kbgraph.errors import Severity, UsageError
from kbgraph.export import FORMATS, STORE, chosen_formats, format_of, is_store
from kbgraph.files import read_json, world_error
from kbgraph.inputs import discover
from kbgraph.output import MANIFEST
from kbgraph.report import human

__all__ = ["build", "convert", "stats"]


@click.command()
@PATHS
@click.option("--out", "-o", envvar="KBGRAPH_OUT", metavar="DIR", help="Folder to write to.  [default: out]")
@click.option(
    "--format",
    "-f",
    "formats",
    envvar="KBGRAPH_FORMATS",
    metavar="FORMAT,...",
    help=(
        f"What to write: {', '.join((*FORMATS, STORE))}.  "
        f"[default: all but {', '.join((*(name for name, each in FORMATS.items() if not each.default), STORE))}]"
    ),
)
@BASE
@JOBS
@SHAPES
@ENGINE
@BASELINE
@CACHE_DIR
@NO_CACHE
def build(
    paths: tuple[Path, ...],
    formats: str | None,
    baseline: Path | None,
    no_cache: bool,
    **options: Any,
) -> int:
    """Read articles, check them, and write the graph.

    PATHs are files and folders; without any, seeds/ is read.

    \b
    Examples:
      kbgraph build
      kbgraph build articles extra/note.md -o graph -f turtle,jsonld
      kbgraph build --base https://kb.example.org/ --jobs 4
    """
    names = tuple(name for name in formats.split(",") if name.strip()) if formats is not None else None
    settings = settings_of(paths, formats=names, **options)
    settings = chosen_settings(settings, select=None, ignore=None, fail_level=None)
    chosen_formats(settings.formats)  # wrong usage should not wait for the end of the build
    known = known_problems(baseline)
    started = time.perf_counter()
    found = discovered(paths, settings)
    judge = Judge(
        lambda report: chosen(without_known(located(report, found, paths), known, paths), settings),
        (str(baseline),) if baseline else (),
    )
    with progress_bar(len(found.inputs)) as progress:
        result = build_into(Path(settings.out), found, settings, use_cache=not no_cache, judge=judge, progress=progress)
    if any(map(is_store, settings.formats)):
        _write_store(Path(settings.out))
    level = Severity(settings.fail_level)
    for line in human(result.report, colour=colour_on(sys.stderr), lowest=level, most=5, width=width_of(sys.stderr)):
        say(line)
    say_summary(result.counts, result.report, more="; kbgraph check shows them all")
    where = os.path.relpath(settings.out) if Path(settings.out).is_relative_to(Path.cwd()) else settings.out
    if not result.is_kept:
        say(f"the cache in {cache_folder(Path(settings.out), settings)} cannot be written: the next build starts anew")
    say(f"{counted(len(result.files), 'file')} in {Path(where)}{os.sep}, {time.perf_counter() - started:.1f} s")
    return exit_code(result.report, settings)


def _write_store(out: Path) -> None:
    from kbgraph.store import write_store

    try:
        write_store(out, say)
    except PermissionError as error:
        raise world_error(error, f"write '{out / STORE}'") from None


@click.command()
@click.argument("file", type=click.Path(allow_dash=True, path_type=Path), metavar="FILE|-")
@click.option(
    "--to",
    "-t",
    "name",
    required=True,
    metavar="FORMAT",
    help=f"One of {', '.join(name for name, each in FORMATS.items() if not each.many)}.",
)
@STDIN_FILENAME
@BASE
def convert(file: Path, name: str, stdin_filename: str, base: str | None) -> int:
    """Write one article in one format to standard output.

    \b
    Examples:
      kbgraph convert seeds/ai/attention.md -t turtle
      cat note.md | kbgraph convert - -t jsonld --stdin-filename notes/note.md
    """
    wanted = format_of(name)
    settings = settings_of((file,) if str(file) != "-" else (), base=base, jobs=1)
    if str(file) == "-":
        found = read_standard_input(stdin_filename, settings)
    elif file.is_dir():
        raise UsageError(f"'{file}' is a folder; convert takes one file, build takes folders")
    else:
        found = discover([file], (), settings.limits)
    result = compile_inputs(found.inputs, settings, problems=found.problems)
    write_bytes(wanted.write(result.graph))
    for line in human(result.report, colour=colour_on(sys.stderr), lowest=Severity.WARNING, width=width_of(sys.stderr)):
        say(line)
    return exit_code(result.report, settings)


@click.command()
@click.argument("out", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The manifest's figures as JSON.")
def stats(out: Path | None, as_json: bool) -> int:
    """Show what a build wrote: counts, problems, files.

    OUT is the folder of a build; without it, the project's.

    \b
    Examples:
      kbgraph stats
      kbgraph stats graph --json
    """
    folder = out or Path(find_settings(Path.cwd()).out)
    manifest = read_json(folder / MANIFEST)
    try:
        figures = {key: manifest[key] for key in ("base", "counts", "classes", "problems")}
        counts = {title: {str(key): int(n) for key, n in figures[title].items()} for title in list(figures)[1:]}
        rows = [(str(each["path"]), int(each["bytes"])) for each in manifest["files"]]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UsageError(f"'{folder / MANIFEST}' is not the manifest of a build") from None
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False, indent=1))
        return CONFORMS
    for title in ("counts", "problems", "classes"):
        click.echo(f"{title}:")
        for key, count in counts[title].items():
            click.echo(f"  {key:<40} {count:>12,}")
    click.echo("files:")
    for path, size in [(path, size) for path, size in rows if "/" not in path]:
        click.echo(f"  {path:<40} {size:>12,} bytes")
    below: dict[str, list[int]] = {}
    for path, size in rows:
        if "/" in path:
            below.setdefault(path.partition("/")[0], []).append(size)
    for folder_name, sizes in below.items():
        click.echo(f"  {f'{folder_name}/ ({len(sizes):,} files)':<40} {sum(sizes):>12,} bytes")
    return CONFORMS
