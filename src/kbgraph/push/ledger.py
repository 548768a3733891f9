"""The ledger: what a store holds of a dataset, kept in the store in a named graph of its own.

For each graph it says that kbgraph wrote it, from before it is sent until after it is deleted, and,
only while all of it is there, its digest and the number of its triples. So whatever interrupts a
push, the ledger claims nothing that is not so, and forgets nothing that has to be cleared away.

A push signs the ledger as it begins. What another one signs meanwhile makes its claims void.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kbgraph.errors import WorldError
from kbgraph.push.store import Store, values_of
from kbgraph.terms import RDF, SCHEMA, SD, VOID, Space, base_of_ledger

__all__ = ["Entry", "Ledger", "bases_in"]

#: Entries in one answer; where a store gives fewer, it is asked for the others all the same.
_PAGE = 5_000
_NOT_IN_IRI = set('<>" {}|\\^`')

_NAMED, _LEDGER = f"{RDF.type} {SD.NamedGraph}", f"{RDF.type} {SD.GraphCollection}"


class Entry(NamedTuple):
    """A graph that kbgraph wrote: digest and number of triples, or "" and -1 where it may not be all there."""

    digest: str = ""
    size: int = -1


class Ledger:
    """The ledger of the dataset below a base IRI.

    Args:
        store: where it is kept.
        base: the base IRI.
        signature: what tells this push from any other.
    """

    def __init__(self, store: Store, base: str, signature: str = "") -> None:
        self._store = store
        self._base = base
        self._iri = Space(base).ledger.value
        self._signature = signature

    def read(self) -> dict[str, Entry]:
        """Every graph that kbgraph wrote.

        Raises:
            WorldError: it names graphs that cannot be of this dataset.
        """
        found: dict[str, Entry] = {}
        last = ""
        while rows := self._page(last):
            for row in rows:
                graph, digest, size = row["graph"], row.get("digest", ""), row.get("size", "")
                if not graph.startswith(self._base) or set(graph) & _NOT_IN_IRI or graph <= last:
                    raise WorldError(f"the ledger <{self._iri}> names a graph that is none of this dataset: {graph!r}")
                # Two digests of one graph are those of two pushes at once; one of them is not so.
                known = bool(digest) and digest == row.get("other") and size.isdigit()
                found[graph] = Entry(digest, int(size)) if known else Entry()
            last = rows[-1]["graph"]
        return found

    def _page(self, last: str) -> list[dict[str, str]]:
        """Entries behind one, by IRI, so that a store that cuts results is asked for the rest."""
        claims = f"OPTIONAL {{ ?graph {SCHEMA.sha256} ?d ; {VOID.triples} ?n }}"
        return self._store.select(
            f"SELECT ?graph (MIN(?d) AS ?digest) (MAX(?d) AS ?other) (MIN(?n) AS ?size) "
            f"WHERE {{ GRAPH <{self._iri}> {{ ?graph {_NAMED} . {claims} }} "
            f'FILTER(STR(?graph) > "{last}") }} GROUP BY ?graph ORDER BY ?graph LIMIT {_PAGE}',
            part=True,
        )

    def sign(self) -> None:
        """Begin a push: from now on, nobody else's claims hold."""
        signature = f"<{self._iri}> {SCHEMA.identifier}"
        self._store.update(
            f"DELETE WHERE {{ GRAPH <{self._iri}> {{ {signature} ?other }} }} ;\n"
            f'INSERT DATA {{ GRAPH <{self._iri}> {{ <{self._iri}> {_LEDGER} . {signature} "{self._signature}" }} }}'
        )

    def open(self, graphs: Iterable[str]) -> None:
        """Say that graphs are kbgraph's, and claim nothing of what is in them."""
        names = list(graphs)
        lines = " . ".join(f"<{graph}> {_NAMED}" for graph in names)
        self._store.update(f"{self._void(names)} ;\nINSERT DATA {{ GRAPH <{self._iri}> {{ {lines} }} }}")

    def claim(self, entries: Mapping[str, Entry]) -> None:
        """Say what is in graphs that have arrived, unless another push has begun."""
        lines = " . ".join(
            f'<{graph}> {SCHEMA.sha256} "{each.digest}" ; {VOID.triples} {each.size}' for graph, each in entries.items()
        )
        self._store.update(
            f"INSERT {{ GRAPH <{self._iri}> {{ {lines} }} }} "
            f'WHERE {{ GRAPH <{self._iri}> {{ <{self._iri}> {SCHEMA.identifier} "{self._signature}" }} }}'
        )

    def forget(self, graphs: Iterable[str]) -> None:
        """Strike out graphs that have been deleted."""
        names = list(graphs)
        self._store.update(
            f"DELETE {{ GRAPH <{self._iri}> {{ ?graph ?p ?o }} }} "
            f"WHERE {{ VALUES ?graph {{ {values_of(names)} }} GRAPH <{self._iri}> {{ ?graph ?p ?o }} }}"
        )

    def void(self, graphs: Iterable[str]) -> None:
        """Claim nothing of what is in graphs, whoever did."""
        names, most = list(graphs), self._store.profile.page
        for start in range(0, len(names), most):
            self._store.update(self._void(names[start : start + most]))

    def is_mine(self) -> bool:
        """True as long as no other push has begun."""
        rows = self._store.select(
            f"SELECT ?who WHERE {{ GRAPH <{self._iri}> {{ <{self._iri}> {SCHEMA.identifier} ?who }} }}"
        )
        return [row.get("who") for row in rows] == [self._signature]

    def _void(self, graphs: Iterable[str]) -> str:
        return (
            f"DELETE {{ GRAPH <{self._iri}> {{ ?graph ?p ?o }} }} WHERE {{ VALUES ?graph {{ {values_of(graphs)} }} "
            f"VALUES ?p {{ {SCHEMA.sha256} {VOID.triples} }} GRAPH <{self._iri}> {{ ?graph ?p ?o }} }}"
        )


def bases_in(store: Store) -> list[str]:
    """The base IRIs of the datasets that kbgraph has written to a store."""
    rows = store.select(f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?g {_LEDGER} }} }} ORDER BY ?g LIMIT 100")
    return [base for row in rows if (base := base_of_ledger(row["g"]))]
