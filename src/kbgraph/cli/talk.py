"""What commands print: data to standard output, talk to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import click

from kbgraph.errors import Severity, WorldError

if TYPE_CHECKING:
    from kbgraph.report import Report

__all__ = ["colour_on", "counted", "progress_bar", "say", "say_summary", "write_bytes"]


@contextmanager
def progress_bar(total: int, label: str = "articles") -> Iterator[Callable[[int], object] | None]:
    """A bar on standard error, where that is a terminal."""
    if not sys.stderr.isatty() or not total:
        yield None
        return
    with click.progressbar(length=total, label=label, file=sys.stderr) as bar:
        yield bar.update


def say_summary(counts: Mapping[str, int], report: Report, more: str = "") -> None:
    """Say what was found: counts of entities, and of problems by severity."""
    say(", ".join(counted(counts[f"{noun}s"], noun) for noun in ("article", "fact", "source", "quad")))
    severities = {Severity.VIOLATION: "violation", Severity.WARNING: "warning", Severity.INFO: "note"}
    found = [counted(count, noun) for severity, noun in severities.items() if (count := report.count(severity))]
    say(", ".join(found) + more if found else "no problems")


def counted(count: int, noun: str) -> str:
    """A number and its noun, in the plural unless it is one."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def colour_on(stream: Any) -> bool:
    """Whether to write colours to a stream."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def say(line: str) -> None:
    """Talk; whether anybody listens changes nothing."""
    with suppress(OSError, ValueError, AttributeError):
        click.echo(line, err=True)


def write_bytes(data: bytes) -> None:
    """Write data to standard output."""
    if sys.stdout is None:
        raise WorldError("standard output is closed")
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
