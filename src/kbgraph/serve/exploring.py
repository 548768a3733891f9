"""The explorer on a server: all that is drawn as one compact file, and what is told of a node when it is opened.

The file is made once of each dataset; what is told comes from the store, in the words of `page.details`.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from kbgraph.dataset import read_dataset
from kbgraph.page.data import map_data
from kbgraph.page.details import about, description, reference_iris
from kbgraph.page.nodes import network_of
from kbgraph.page.statements import statements_of

if TYPE_CHECKING:
    from kbgraph.serve.known import Known

__all__ = ["Map", "map_of", "told_of"]


class Map(NamedTuple):
    """What is drawn, as JSON; by IRI the name and kind of each node, and the descriptions of sources that it is in."""

    drawn: bytes
    names: dict[str, str]
    kinds: dict[str, str]
    descriptions: dict[str, tuple[str, ...]]


def map_of(path: Path, title: str) -> Map:
    """The map of the dataset at a path.

    Raises:
        KbgraphError: it cannot be read.
    """
    dataset = read_dataset(path)
    known = statements_of(dataset.graphs.values())
    network, base = network_of(known), dataset.base()
    descriptions: defaultdict[str, list[str]] = defaultdict(list)
    for reference in reference_iris(known):
        for end in {reference.partition("#")[0], *known.links(reference, "schema:item", "biro:references")}:
            if end in network.numbers:
                descriptions[end].append(reference)
    return Map(
        drawn=orjson.dumps(map_data(known, network, base, title)),
        names={each.iri: each.iri.removeprefix(base) for each in network.nodes},
        kinds={each.iri: each.kind for each in network.nodes},
        descriptions={iri: tuple(references) for iri, references in descriptions.items()},
    )


def told_of(known: Known, iri: str, map_: Map) -> bytes | None:
    """What is told of a node, as JSON; None where there is no such node."""
    kind = map_.kinds.get(iri)
    if kind is None:
        return None
    references = known.links(iri, "kb:reference") if kind == "fact" else map_.descriptions.get(iri, ())
    told: dict[str, Any] = {
        "about": about(known, iri, kind, map_.names),
        "descriptions": [description(known, each, map_.names) for each in references],
    }
    return orjson.dumps(told)
