"""`kbgraph diff`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from kbgraph.cli.exits import CONFORMS, VIOLATIONS
from kbgraph.cli.options import JOBS, compile_paths, settings_of
from kbgraph.cli.talk import colour_on, say, write_bytes
from kbgraph.config import Limits
from kbgraph.errors import Severity, WorldError
from kbgraph.inputs import Input, discover

if TYPE_CHECKING:
    from kbgraph.dataset import Dataset

__all__ = ["diff"]


class _Given(NamedTuple):
    """One side: its dataset, and the files of its articles where these were given."""

    dataset: Dataset
    inputs: dict[str, Input]
    limits: Limits


@click.command()
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path))
@click.option("--output-format", type=click.Choice(["human", "json"]), default="human", show_default=True)
@click.option("--stat", "only_stat", is_flag=True, help="One line for each article.")
@click.option("--quads", is_flag=True, help="The difference as RDF Patch: D and A before each quad to delete and add.")
@JOBS
def diff(old: Path, new: Path, output_format: str, only_stat: bool, quads: bool, jobs: int | None) -> int:
    """Say what differs between two graphs: articles, facts, sources.

    OLD and NEW are folders of builds, graphs in N-Quads, TriG, JSON-LD, Turtle or N-Triples,
    folders of articles, or single articles. An article that has another path, but the id or the
    text that it had, was moved. The exit code is 0 where nothing differs, 1 where something does.

    \b
    Examples:
      kbgraph diff old-out out
      kbgraph diff out seeds --stat        what a build would change
      kbgraph diff old/note.md note.md
      kbgraph diff old-out out --quads > changes.rdfp
    """
    from kbgraph.diff import compare, quad_changes
    from kbgraph.diff.json import to_json
    from kbgraph.diff.marks import Marks
    from kbgraph.diff.patch import patch
    from kbgraph.diff.terminal import human, stat

    before, after = _read(old, new, jobs)
    if quads:
        removed, added = quad_changes(before.dataset, after.dataset)
        if removed or added:
            write_bytes(b"".join(patch(removed, added)))
        return VIOLATIONS if removed or added else CONFORMS
    comparison = compare(before.dataset, after.dataset)
    place = Marks(after.inputs, after.limits)
    if output_format == "json":
        write_bytes(to_json(comparison, place))
    elif not comparison.is_same:
        width = max(60, shutil.get_terminal_size((100, 24)).columns - 20)
        colour = colour_on(sys.stdout)
        for line in stat(comparison) if only_stat else human(comparison, place, colour=colour, width=width):
            click.echo(line)
    if comparison.is_same:
        say("nothing differs")
    return CONFORMS if comparison.is_same else VIOLATIONS


def _read(old: Path, new: Path, jobs: int | None) -> tuple[_Given, _Given]:
    """Both sides; articles are compared with a graph under the base IRI of that graph."""
    from kbgraph.dataset import is_graph, read_dataset

    graphs = {path: read_dataset(path) for path in (old, new) if is_graph(path)}
    base = next((each.base() for each in graphs.values()), "") or None
    given = [
        _Given(graphs[path], {}, Limits()) if path in graphs else _compiled(path, base, jobs) for path in (old, new)
    ]
    return given[0], given[1]


def _compiled(path: Path, base: str | None, jobs: int | None) -> _Given:
    """Articles as a dataset; those that cannot be read are said, since they seem not to be there."""
    from kbgraph.dataset import dataset_of

    settings = settings_of((path,), base=base, jobs=jobs)
    inputs = {each.path: each for each in discover([path], settings.exclude, settings.limits).inputs}
    result = compile_paths((path,), settings)
    dataset = dataset_of(result.graph)
    unread = set(inputs) - {each.path for each in dataset.articles()}
    for problem in result.report:
        if problem.place.path in unread and problem.severity is Severity.VIOLATION:
            say(f"{path}: {problem.place}: {problem.message}")
    if not dataset.size:
        raise WorldError(f"no article in '{path}' can be read")
    for name in sorted(unread):
        say(f"{path}: '{name}' cannot be read, and counts as if it were not there")
    return _Given(dataset, inputs, settings.limits)
