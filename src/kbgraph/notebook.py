"""What notebooks show of graphs and reports: tables, pictures, and an explorer of a neighbourhood.

Whatever comes from data is escaped, and the explorer runs in a frame that is shut off from the notebook.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kbgraph.dataset import Dataset
from kbgraph.draw.drawing import diagram_of
from kbgraph.draw.finding import number_of
from kbgraph.draw.layout import scene_of
from kbgraph.draw.subject import near
from kbgraph.draw.svg import svg_of
from kbgraph.errors import UsageError
from kbgraph.files import write_whole
from kbgraph.page.data import page_data
from kbgraph.page.document import document_of
from kbgraph.page.nodes import network_of
from kbgraph.page.statements import statements_of

if TYPE_CHECKING:
    from kbgraph.graph import KnowledgeGraph

__all__ = ["Explorer", "Picture", "explorer", "picture"]

#: How far from its node an explorer goes.
_DEPTH = 2


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as SVG, which a notebook shows."""

    svg: bytes = field(repr=False)

    def save(self, path: str | Path) -> None:
        """Write it to a file.

        Raises:
            UsageError: the name does not end with `.svg`.
        """
        if Path(path).suffix.lower() != ".svg":
            raise UsageError(f"'{path}' should end with .svg; `kbgraph draw` writes PNG and PDF")
        write_whole(Path(path), self.svg)

    def _repr_svg_(self) -> str:
        return self.svg.decode()


@dataclass(frozen=True, slots=True)
class Explorer:
    """The page of a neighbourhood, which a notebook shows in a frame of its own."""

    document: bytes = field(repr=False)
    height: int = 640

    def _repr_html_(self) -> str:
        source = html.escape(self.document.decode(), quote=True)
        return (
            f'<iframe sandbox="allow-scripts" title="Explorer of the graph" srcdoc="{source}" '
            f'style="width:100%;height:{self.height}px;border:1px solid #dbe2ea;border-radius:6px"></iframe>'
        )


def picture(graph: KnowledgeGraph, node: str | None, *, depth: int, most: int) -> Picture:
    """The picture of a graph, or of the neighbourhood of a node."""
    return Picture(svg_of(scene_of(diagram_of(_dataset_of(graph), node, depth=depth, most=most))))


def explorer(graph: KnowledgeGraph, node: str | None) -> Explorer:
    """The explorer of what is near a node; without one, of the whole graph."""
    dataset = _dataset_of(graph)
    if node is None:
        return Explorer(document_of(page_data(dataset)))
    network = network_of(statements_of(dataset.graphs.values()))
    centre = number_of(network, graph.base, node)
    kept = {network.nodes[each].iri for each in near(network, centre, _DEPTH)}
    known = {each.iri for each in network.nodes} - kept
    left = Dataset(line for lines in dataset.graphs.values() for line in _near_lines(lines, known))
    return Explorer(document_of(page_data(left), network.nodes[centre].iri.removeprefix(graph.base)))


def _near_lines(lines: Iterable[bytes], left_out: set[str]) -> Iterable[bytes]:
    """The lines that tell nothing of what is left out, nor of a part of it."""
    for line in lines:
        subject = line[1 : line.index(b">")].decode()
        if subject not in left_out and subject.partition("#_")[0] not in left_out:
            yield line


def _dataset_of(graph: KnowledgeGraph) -> Dataset:
    return Dataset(graph.n_quads().splitlines(keepends=True))
