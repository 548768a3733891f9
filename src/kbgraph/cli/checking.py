"""`kbgraph check`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kbgraph.cli.exits import CONFORMS, VIOLATIONS
from kbgraph.cli.options import BASE, JOBS, PATHS, SHAPES, compile_paths, settings_of
from kbgraph.cli.talk import colour_on, say_summary, write_bytes
from kbgraph.publishing import counts_of
from kbgraph.report import human, to_json

__all__ = ["check"]


@click.command()
@PATHS
@BASE
@JOBS
@SHAPES
@click.option("--output-format", type=click.Choice(["human", "json"]), default="human", show_default=True)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    metavar="N",
    help="Problems to show of each code; 0 for all.",
)
def check(
    paths: tuple[Path, ...],
    base: str | None,
    jobs: int | None,
    shapes: tuple[Path, ...],
    output_format: str,
    limit: int,
) -> int:
    """Say what is wrong with articles, and write nothing.

    \b
    Examples:
      kbgraph check
      kbgraph check articles/ai/attention.md --limit 0
      kbgraph check --output-format json | jq '.problems[].code'
    """
    settings = settings_of(paths, base=base, jobs=jobs, shapes=shapes)
    result = compile_paths(paths, settings)
    if output_format == "json":
        write_bytes(to_json(result.report))
    else:
        for line in human(result.report, colour=colour_on(sys.stdout), most=limit or None):
            click.echo(line)
    say_summary(counts_of(result.graph), result.report)
    return CONFORMS if result.report.conforms else VIOLATIONS
