"""All that the page shows, as data in columns: small, and the same bytes every time.

What the keys mean is documented where they are read, in `web/src/data/columns.js` and `embedded.js`.
"""

from __future__ import annotations

from typing import Any

from kbgraph.config import Settings
from kbgraph.dataset import Dataset
from kbgraph.page.details import details_of, references_of
from kbgraph.page.layout import layout_of
from kbgraph.page.nodes import KINDS, RELATIONS, Network, network_of
from kbgraph.page.statements import Statements, statements_of

__all__ = ["VERSION", "map_data", "page_data"]

#: Of the form of the data: the bundle refuses one that it does not know.
VERSION = 1

_LEVELS = ("high", "medium", "low")


def page_data(dataset: Dataset, title: str = "") -> dict[str, Any]:
    """The data of the page of a dataset.

    Args:
        dataset: what a build wrote.
        title: what the page is called; without one, the title in the catalogue.
    """
    known = statements_of(dataset.graphs.values())
    network = network_of(known)
    return {
        **map_data(known, network, dataset.base(), title),
        "references": references_of(known, network),
        "details": details_of(known, network),
    }


def map_data(known: Statements, network: Network, base: str, title: str = "") -> dict[str, Any]:
    """What is drawn, searched and filtered, without what is told of single nodes."""
    layout = layout_of(network)
    nodes = network.nodes
    kinds = list(KINDS)
    levels = [*_LEVELS, *sorted({each.confidence for each in nodes if each.confidence} - set(_LEVELS))]
    named = known.text(f"{base}dataset", "dcterms:title", "schema:name")
    if not named or named == Settings().title:
        named = "Knowledge graph"
    return {
        "version": VERSION,
        "title": title or named,
        "base": base,
        "kinds": kinds,
        "relations": list(RELATIONS),
        "levels": levels,
        "nodes": {
            "iri": [each.iri.removeprefix(base) if base else each.iri for each in nodes],
            "kind": [kinds.index(each.kind) for each in nodes],
            "label": [each.label for each in nodes],
            "categories": [each.categories for each in nodes],
            "confidence": [levels.index(each.confidence) if each.confidence else -1 for each in nodes],
            "year": [each.year for each in nodes],
            "x": [x for x, _ in layout.places],
            "y": [y for _, y in layout.places],
        },
        "links": {
            "source": [each.source for each in network.links],
            "target": [each.target for each in network.links],
            "relation": [RELATIONS.index(each.relation) for each in network.links],
        },
        "islands": [[each.category, each.x, each.y, each.radius, each.articles] for each in layout.islands],
    }
