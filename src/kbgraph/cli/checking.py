"""`kbgraph check`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kbgraph.cli.exits import CONFORMS, FAILED, VIOLATIONS
from kbgraph.cli.fixing import mend_files, show_differences
from kbgraph.cli.options import BASE, JOBS, PATHS, SHAPES, compile_paths, settings_of
from kbgraph.cli.talk import colour_on, say_summary, write_bytes
from kbgraph.errors import UsageError
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
@click.option("--fix", is_flag=True, help="Mend the articles first, where it is certain what was meant.")
@click.option("--diff", is_flag=True, help="Only show what --fix would change; exit code 1 if that is anything.")
def check(  # noqa: PLR0913, PLR0917  # its options
    paths: tuple[Path, ...],
    base: str | None,
    jobs: int | None,
    shapes: tuple[Path, ...],
    output_format: str,
    limit: int,
    fix: bool,
    diff: bool,
) -> int:
    """Say what is wrong with articles; with --fix, mend them first.

    Without --fix nothing is written. docs/fixing.md says what is mended, and what is not.

    \b
    Examples:
      kbgraph check
      kbgraph check articles/ai/attention.md --limit 0
      kbgraph check --output-format json | jq '.problems[].code'
      kbgraph check --diff articles | less
      kbgraph check --fix articles
    """
    settings = settings_of(paths, base=base, jobs=jobs, shapes=shapes)
    if fix and diff:
        raise UsageError("--diff shows what --fix would change: give one of them")
    if diff:
        return show_differences(paths, settings)
    unwritten = fix and not mend_files(paths, settings)
    result = compile_paths(paths, settings)
    if output_format == "json":
        write_bytes(to_json(result.report))
    else:
        for line in human(result.report, colour=colour_on(sys.stdout), most=limit or None):
            click.echo(line)
    say_summary(result)
    if unwritten:
        return FAILED
    return CONFORMS if result.report.conforms else VIOLATIONS
