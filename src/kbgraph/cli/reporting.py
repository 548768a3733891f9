"""A report in the format that was asked for, on standard output."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from kbgraph.building import BuildResult
from kbgraph.cli.talk import colour_on, write_bytes
from kbgraph.config import Settings
from kbgraph.errors import Severity
from kbgraph.report import Report, human, statistics, to_json

__all__ = ["OUTPUT_FORMATS", "ForPeople", "width_of", "write_problems"]


@dataclass(frozen=True, slots=True)
class ForPeople:
    """How the report for people is to be: problems of each code at most, or a table alone."""

    limit: int | None
    statistics: bool


def write_problems(result: BuildResult, settings: Settings, name: str, code: int, people: ForPeople) -> None:
    """Write the problems of a result; `code` is the exit code that they lead to."""
    if name == "human":
        _write_human(result.report, people)
    else:
        write_bytes(_WRITERS[name](result, settings, code))


def _write_human(report: Report, people: ForPeople) -> None:
    colour = colour_on(sys.stdout)
    if people.statistics:
        from kbgraph.explanations import explanations

        titles = {each.code: each.title for each in explanations().values()}
        lines = statistics(report, titles, colour=colour)
    else:
        lines = human(report, colour=colour, most=people.limit, width=width_of(sys.stdout))
    for line in lines:
        click.echo(line)


def width_of(stream: object) -> int:
    """Columns to write to: those of the terminal, or as many as a page has that nobody looks at."""
    isatty = getattr(stream, "isatty", lambda: False)
    return shutil.get_terminal_size((118, 24)).columns if isatty() else 118


def _root() -> Path:
    """The folder that others know paths from: the checkout on a build server, else the current one."""
    here = Path.cwd()
    checkout = Path(os.environ.get("GITHUB_WORKSPACE") or here)
    return checkout if here.is_relative_to(checkout) else here


def _json(result: BuildResult, _: Settings, __: int) -> bytes:
    return to_json(result.report)


def _sarif(result: BuildResult, _: Settings, code: int) -> bytes:
    from kbgraph.report.sarif import to_sarif

    return to_sarif(result.report, _root(), exit_code=code)


def _github(result: BuildResult, _: Settings, __: int) -> bytes:
    from kbgraph.report.github import to_github

    return to_github(result.report, _root())


def _junit(result: BuildResult, settings: Settings, _: int) -> bytes:
    from kbgraph.report.junit import to_junit

    return to_junit(result.report, Severity(settings.fail_level))


def _turtle(result: BuildResult, settings: Settings, _: int) -> bytes:
    from kbgraph.report.turtle import to_turtle
    from kbgraph.terms import Space

    return to_turtle(result.report, result.results, Space(settings.base))


_WRITERS: dict[str, Callable[[BuildResult, Settings, int], bytes]] = {
    "json": _json,
    "sarif": _sarif,
    "github": _github,
    "junit": _junit,
    "turtle": _turtle,
}

#: The names that --output-format takes.
OUTPUT_FORMATS = ("human", *_WRITERS)
