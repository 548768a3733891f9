"""What a reader has found, with links to pages; and the same for sites, whose pages search by themselves.

What is found, and in which order, is decided in `kbgraph.search`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from kbgraph.search.entries import entries_of
from kbgraph.serve.addresses import Addresses

if TYPE_CHECKING:
    from kbgraph.dataset import Dataset
    from kbgraph.search.excerpts import Marked
    from kbgraph.search.index import Hit

__all__ = ["Found", "found_of", "site_index"]

#: Kinds that have no name, and are shown by what they say.
_SAYING = ("fact", "dispute", "gap")
#: What a site finds: with the texts of sections its index would be as large as all articles.
_IN_SITES = ("article", "category", "source", "person", "organisation", "fact")


class Found(NamedTuple):
    """A hit as it is shown: what it is, its name, where its page is; what it belongs to, and a part of its text."""

    kind: str
    label: Marked
    path: str
    within: str
    excerpt: Marked | None


def found_of(hits: Iterable[Hit], addresses: Addresses) -> list[Found]:
    """Hits as they are shown; what has no page is left out."""
    made = []
    for hit in hits:
        path = addresses.path_of(hit.iri)
        if path is not None:
            says = hit.kind in _SAYING
            excerpt = hit.snippet if hit.snippet.text and not says else None
            made.append(Found(hit.kind.capitalize(), hit.snippet if says else hit.title, path, hit.within, excerpt))
    return made


def site_index(dataset: Dataset, addresses: Addresses) -> list[tuple[str, str, str, str]]:
    """Kind, name, path and whole of all that is found on a site, in the order in which equals are shown."""
    made = []
    for each in entries_of(dataset):
        path = addresses.path_of(each.iri)
        if each.kind in _IN_SITES and path is not None:
            label = each.text if each.kind in _SAYING else each.title
            made.append((_IN_SITES.index(each.kind), (each.kind.capitalize(), label, path, each.within)))
    return [shown for _, shown in sorted(made, key=lambda pair: pair[0])]
