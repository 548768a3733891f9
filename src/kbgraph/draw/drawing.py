"""From a dataset to the diagram of it that somebody wants."""

from __future__ import annotations

from kbgraph.config import Settings
from kbgraph.dataset import Dataset
from kbgraph.draw.finding import number_of
from kbgraph.draw.subject import Diagram, neighbourhood, overview
from kbgraph.errors import UsageError
from kbgraph.page.nodes import network_of
from kbgraph.page.statements import statements_of

__all__ = ["diagram_of"]


def diagram_of(dataset: Dataset, name: str | None = None, *, depth: int = 1, most: int = 12) -> Diagram:
    """The overview of a dataset, or the neighbourhood of what is named.

    Raises:
        UsageError: nothing is called so, or the dataset has nothing to draw.
    """
    known = statements_of(dataset.graphs.values())
    network = network_of(known)
    if not network.nodes:
        raise UsageError("there is no article, fact or source in this graph, so there is nothing to draw")
    base = dataset.base()
    if name is not None:
        return neighbourhood(network, number_of(network, base, name), depth=depth, most=most)
    title = known.text(f"{base}dataset", "dcterms:title", "schema:name")
    return overview(network, title if title and title != Settings().title else "Knowledge graph", most=most)
