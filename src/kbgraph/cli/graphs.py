"""`--graph`: the graph that a command is about, for those that ask, show or publish one."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["GRAPH"]

GRAPH = click.option(
    "--graph",
    "-g",
    type=click.Path(path_type=Path),
    metavar="OUT|FILE",
    help="Folder of a build, or a file of RDF.  [default: the project's output folder]",
)
