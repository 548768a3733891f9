"""`kbgraph page`."""

from __future__ import annotations

from pathlib import Path

import click

from kbgraph.cli.exits import CONFORMS
from kbgraph.cli.graphs import GRAPH
from kbgraph.cli.talk import counted, say
from kbgraph.config import find_settings
from kbgraph.errors import UsageError

__all__ = ["page"]


@click.command()
@GRAPH
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File to write.  [default: graph.html in the folder of the graph]",
)
@click.option("--focus", metavar="NODE", help="IRI of the node to open with, in full or without the base IRI.")
def page(graph: Path | None, out: Path | None, focus: str | None) -> int:
    """Write an explorer of a graph: one HTML file that works from disk, without a network.

    It opens on an overview of categories, articles and sources, and has search, filters,
    neighbourhoods, paths, a panel with all that is known of a node, and a table of the same data.

    \b
    Examples:
      kbgraph page
      kbgraph page --graph out -o graph.html --focus article/ai/attention
    """
    from kbgraph.dataset import read_dataset
    from kbgraph.files import write_whole
    from kbgraph.page.data import page_data
    from kbgraph.page.document import document_of

    source = graph or Path(find_settings(Path.cwd()).out)
    target = out or (source if source.is_dir() else source.parent) / "graph.html"
    if target.is_dir():
        raise UsageError(f"'{target}' is a folder; -o takes the name of a file, such as '{target / 'graph.html'}'")
    data = page_data(read_dataset(source))
    nodes = data["nodes"]["iri"]
    chosen = (focus or "").removeprefix(data["base"])
    if chosen and chosen not in set(nodes):
        raise UsageError(
            f"there is no node '{focus}' in '{source}'; it takes an IRI such as {nodes[0] if nodes else '…'}"
        )
    written = document_of(data, chosen)
    write_whole(target, written)
    shown = f"{counted(len(nodes), 'node')} and {counted(len(data['links']['source']), 'relation')}"
    say(f"{shown} in {target}, {len(written):,} bytes")
    return CONFORMS
