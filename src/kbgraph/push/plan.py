"""What has to travel: a dataset and what a store is known to hold of it, compared.

The statements of the default graph travel as a named graph of their own, since what a default graph
is differs between stores. Nothing is asked or sent here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kbgraph.errors import UsageError
from kbgraph.push.ledger import Entry
from kbgraph.terms import Space

if TYPE_CHECKING:
    from kbgraph.dataset import Dataset

__all__ = ["Content", "Parcel", "Plan", "contents_of", "parcels_of", "plan_of"]


@dataclass(frozen=True, slots=True)
class Content:
    """What is in a named graph: canonical N-Quads, sorted; `own` is the graph that they name, "" for none."""

    own: str
    lines: Sequence[bytes]
    entry: Entry

    @property
    def size(self) -> int:
        """The number of triples."""
        return len(self.lines)

    def triples(self) -> list[bytes]:
        """The same as N-Triples."""
        if not self.own:
            return list(self.lines)
        end = len(f" <{self.own}> .\n".encode())
        return [line[:-end] + b" .\n" for line in self.lines]

    def quads(self, graph: str) -> bytes:
        """The same as N-Quads of a named graph."""
        if self.own:
            return b"".join(self.lines)
        end = f" <{graph}> .\n".encode()
        return b"".join(line.removesuffix(b" .\n") + end for line in self.lines)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which graphs are put into the store, which are deleted, and which are there as they should be.

    `held` are those that are put where something is already.
    """

    put: tuple[str, ...]
    delete: tuple[str, ...]
    same: tuple[str, ...]
    held: frozenset[str]


@dataclass(frozen=True, slots=True)
class Parcel:
    """Graphs that are put together, and claimed when all have arrived."""

    graphs: tuple[str, ...]
    size: int


def contents_of(dataset: Dataset) -> tuple[str, dict[str, Content]]:
    """The base IRI of a dataset, and its graphs by the names under which they travel, sorted.

    Raises:
        UsageError: it is not one that kbgraph made, or has lost its named graphs.
    """
    if not dataset.named:
        raise UsageError("this is a graph without named graphs; push the N-Quads, TriG or JSON-LD of a build")
    base = dataset.base()
    if not base:
        raise UsageError("the graph has no catalogue that says what its base IRI is; kbgraph build writes one")
    space = Space(base)
    reserved = {space.catalogue.value, space.ledger.value}
    found = {}
    for own, lines in dataset.graphs.items():
        if not own.startswith(base) and own:
            raise UsageError(f"the graph <{own}> does not lie below <{base}>; nothing else is written to a store")
        if own in reserved:
            raise UsageError(f"the graph <{own}> has the name of one that kbgraph keeps for itself")
        digest = hashlib.sha256(b"".join(lines)).hexdigest()
        found[own or space.catalogue.value] = Content(own, lines, Entry(digest, len(lines)))
    return base, dict(sorted(found.items()))


def plan_of(
    entries: Mapping[str, Entry], ledger: Mapping[str, Entry], counts: Mapping[str, int], *, prune: bool = True
) -> Plan:
    """What makes a store hold these graphs.

    A graph is there as it should be where the ledger has its digest and the store its number of
    triples. What is deleted is in the ledger and not in the dataset; nothing else is ever touched.

    Args:
        entries: what the store is to hold.
        ledger: what it is said to hold.
        counts: the number of triples in it by graph, where there are any.
        prune: whether to delete what is gone.
    """
    same = {name for name, each in entries.items() if ledger.get(name) == each and counts.get(name) == each.size}
    put = tuple(name for name in entries if name not in same)
    gone = tuple(sorted(name for name in ledger if name not in entries)) if prune else ()
    return Plan(put, gone, tuple(sorted(same)), frozenset(name for name in put if counts.get(name)))


def parcels_of(plan: Plan, contents: Mapping[str, Content], size: int, most: int) -> Iterator[Parcel]:
    """The graphs to put, in order, in parcels of at most so many, and so many bytes where a graph has not more."""
    names: list[str] = []
    held = quads = 0
    for name in plan.put:
        weight = sum(map(len, contents[name].lines))
        if names and (held + weight > size or len(names) == most):
            yield Parcel(tuple(names), quads)
            names, held, quads = [], 0, 0
        names.append(name)
        held += weight
        quads += contents[name].size
    if names:
        yield Parcel(tuple(names), quads)
