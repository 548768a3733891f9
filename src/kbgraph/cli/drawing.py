"""`kbgraph draw`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kbgraph.cli.exits import CONFORMS
from kbgraph.cli.graphs import GRAPH
from kbgraph.cli.talk import counted, say
from kbgraph.config import find_settings
from kbgraph.errors import UsageError

if TYPE_CHECKING:
    from kbgraph.draw.scene import Scene

__all__ = ["draw"]

_FORMATS = (".svg", ".png", ".pdf")


@click.command()
@click.argument("node", required=False)
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    metavar="FILE",
    required=True,
    help="File to write; its name says the format: .svg, .png or .pdf.",
)
@GRAPH
@click.option("--ontology", is_flag=True, help="Draw the ontology instead: its classes, properties and alignments.")
@click.option(
    "--depth",
    type=click.IntRange(1, 3),
    default=1,
    show_default=True,
    metavar="N",
    help="How many relations away from NODE others may be: 1 to 3.",
)
@click.option(
    "--limit",
    "-n",
    type=click.IntRange(1, 200),
    default=12,
    show_default=True,
    metavar="N",
    help="How many entities of a kind are shown; headings say how many there are.",
)
def draw(node: str | None, out: Path, graph: Path | None, ontology: bool, depth: int, limit: int) -> int:
    """Draw a still picture: an overview of a graph, or what one entity is related to.

    NODE is an IRI, a CURIE, or a path such as ai/attention or ai/attention#fact-1. SVG needs nothing
    besides kbgraph; PNG and PDF need the extra `draw`.

    \b
    Examples:
      kbgraph draw -o overview.svg
      kbgraph draw ai/attention -o attention.pdf --graph out
      kbgraph draw --ontology -o ontology.png
    """
    ending = out.suffix.lower()
    if ending not in _FORMATS:
        raise UsageError(f"'{out}' should end with .svg, .png or .pdf: that says the format")
    if out.is_dir():
        raise UsageError(f"'{out}' is a folder; -o takes the name of a file, such as '{out / 'picture.svg'}'")
    if ontology and (node is not None or graph is not None):
        raise UsageError("--ontology draws the ontology of kbgraph, and takes no NODE and no --graph")
    from kbgraph.draw.layout import scene_of
    from kbgraph.files import write_whole

    if ontology:
        from kbgraph.draw.terms_of import ontology as diagram_of_terms

        diagram = diagram_of_terms()
    else:
        from kbgraph.dataset import read_dataset
        from kbgraph.draw.drawing import diagram_of

        diagram = diagram_of(read_dataset(graph or Path(find_settings(Path.cwd()).out)), node, depth=depth, most=limit)
    scene = scene_of(diagram)
    written = _written(scene, ending)
    write_whole(out, written)
    shown = f"{counted(len(diagram.cards()), 'card')} and {counted(len(diagram.ties), 'relation')}"
    say(f"{shown} in {out}, {len(written):,} bytes")
    return CONFORMS


def _written(scene: Scene, ending: str) -> bytes:
    if ending == ".png":
        from kbgraph.draw.raster import png_of

        return png_of(scene)
    if ending == ".pdf":
        from kbgraph.draw.pdf import missing_in, pdf_of

        if missing := missing_in(scene):
            say(f"the fonts of a PDF do not have {' '.join(missing[:20])}: SVG shows them")
        return pdf_of(scene)
    from kbgraph.draw.svg import svg_of

    return svg_of(scene)
