"""`--baseline`: the problems that a project knows already, for the commands that check."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import click

from kbgraph.baseline import Known, compared, read_baseline, write_baseline
from kbgraph.cli.talk import counted, say
from kbgraph.errors import UsageError
from kbgraph.report import Report

__all__ = ["BASELINE", "WRITE_BASELINE", "KnownProblems", "accept", "known_problems", "without_known"]

BASELINE = click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Known problems: only others are shown and counted.",
)
WRITE_BASELINE = click.option(
    "--write-baseline", is_flag=True, help="Write all problems to the file of --baseline: known from now on."
)


@dataclass(frozen=True, slots=True)
class KnownProblems:
    """What a baseline said before anything was checked; `path` is where it lies."""

    path: Path
    problems: list[Known]


def known_problems(baseline: Path | None, *, anew: bool = False) -> KnownProblems | None:
    """The baseline that an option names, read at once: wrong usage should not wait; `anew` if it is to be written."""
    if baseline is None:
        if anew:
            raise UsageError("--write-baseline needs a file: --baseline FILE")
        return None
    old = not anew or os.path.lexists(baseline)
    return KnownProblems(baseline, read_baseline(baseline) if old else [])


def accept(report: Report, known: KnownProblems) -> None:
    """Write the problems of a report as a baseline, and say so."""
    count = write_baseline(known.path, report, known.problems)
    say(f"{counted(count, 'known problem')} in {known.path}")


def without_known(report: Report, known: KnownProblems | None, paths: tuple[Path, ...]) -> Report:
    """The report of the problems that a baseline does not know; says how many it does."""
    if known is None:
        return report
    whole = all(path.is_dir() for path in paths)
    found = compared(report, known.problems, known.path.parent, whole=whole)
    if found.known:
        say(f"{counted(found.known, 'known problem')} of the baseline not shown")
    if found.mended:
        one = len(found.mended) == 1
        entries = f"{len(found.mended):,} {'entry' if one else 'entries'}"
        say(f"{entries} of the baseline {'is' if one else 'are'} mended; write it anew with --write-baseline")
    return found.report
