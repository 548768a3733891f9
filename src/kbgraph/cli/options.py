"""Options that several commands have, and the settings and inputs that they come to."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from kbgraph.building import BuildResult, compile_inputs
from kbgraph.cli.talk import progress_bar
from kbgraph.config import ENGINES, Settings, find_settings
from kbgraph.errors import UsageError, WorldError
from kbgraph.inputs import Found, Input, discover
from kbgraph.project import check_settings
from kbgraph.report import Report

__all__ = [
    "BASE",
    "CACHE_DIR",
    "ENGINE",
    "JOBS",
    "NO_CACHE",
    "PATHS",
    "SHAPES",
    "STDIN_FILENAME",
    "compile_paths",
    "discovered",
    "given_paths",
    "located",
    "read_standard_input",
    "settings_of",
]

PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
BASE = click.option("--base", envvar="KBGRAPH_BASE", metavar="IRI", help="IRI under which the data lies.")
JOBS = click.option(
    "--jobs", "-j", type=click.IntRange(min=1), envvar="KBGRAPH_JOBS", metavar="N", help="Processes to work with."
)
SHAPES = click.option(
    "--shapes",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Turtle file with SHACL shapes of your own; may be given several times.",
)
CACHE_DIR = click.option(
    "--cache-dir",
    envvar="KBGRAPH_CACHE_DIR",
    metavar="DIR",
    help="Folder of what is kept to be quicker next time.  [default: .cache in the output folder]",
)
NO_CACHE = click.option("--no-cache", is_flag=True, help="Make everything anew, and keep nothing.")
ENGINE = click.option(
    "--engine",
    type=click.Choice(ENGINES),
    help="What runs our shapes; pyshacl is slow, and the measure of the other.  [default: fast]",
)
STDIN_FILENAME = click.option(
    "--stdin-filename", default="stdin.md", show_default=True, metavar="PATH", help="What to call standard input."
)


def settings_of(paths: tuple[Path, ...], *, shapes: tuple[Path, ...] = (), **options: Any) -> Settings:
    """The settings of the project, with what the command line or the environment says instead."""
    if options.get("out") == "":
        raise UsageError("--out names no folder")
    start = paths[0] if paths and paths[0].exists() else Path.cwd()
    settings = find_settings(start).changed(**options, shapes=tuple(map(str, shapes)) or None)
    check_settings(settings)
    return settings


def given_paths(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The paths of the command line; `seeds` where there are none."""
    return paths or (Path("seeds"),)


def discovered(paths: tuple[Path, ...], settings: Settings, stdin_filename: str = "") -> Found:
    """The articles in files and folders, `seeds` where there are none.

    `-` alone is standard input where it has a name.

    Raises:
        UsageError: there are none.
    """
    given = given_paths(paths)
    if stdin_filename and "-" in map(str, given):
        if len(given) > 1:
            raise UsageError("- is standard input, and goes with no other path")
        found = read_standard_input(stdin_filename, settings)
    else:
        found = discover(given, settings.exclude, settings.limits)
    if not found.inputs and not found.problems:
        raise UsageError(f"there are no articles (.md files) in {', '.join(map(repr, map(str, given)))}")
    return found


def compile_paths(
    paths: tuple[Path, ...], settings: Settings, stdin_filename: str = "", cache_at: Path | None = None
) -> BuildResult:
    """Compile what `discovered` finds, with a progress bar; by the help of a cache if there is one."""
    found = discovered(paths, settings, stdin_filename)
    with progress_bar(len(found.inputs)) as progress:
        result = compile_inputs(found.inputs, settings, problems=found.problems, cache_at=cache_at, progress=progress)
    return replace(result, report=located(result.report, found, paths))


def located(report: Report, found: Found, paths: tuple[Path, ...]) -> Report:
    """The report with the locations of what lies in the given folders but could be no input."""
    files = {
        path: folder / path
        for path in {each.place.path for each in found.problems} - set(report.files)
        for folder in given_paths(paths)
        if os.path.lexists(folder / path)
    }
    return Report(report.problems, {**report.files, **files}) if files else report


def read_standard_input(name: str, settings: Settings) -> Found:
    """Standard input as the article that lies at a relative path.

    Raises:
        UsageError: the path is not relative, climbs out or is no plain text.
        WorldError: standard input is closed.
    """
    path = Path(name)
    if not name.isprintable():
        raise UsageError(f"--stdin-filename {name!r} is not a plain text")
    if path.is_absolute() or ".." in path.parts or not path.name:
        raise UsageError(f"--stdin-filename must be a relative path, not {name!r}")
    if sys.stdin is None:
        raise WorldError("standard input is closed")
    data = sys.stdin.buffer.read(settings.limits.file_bytes + 1)
    return Found((Input(path.as_posix(), path, data, alone=True),), ())
