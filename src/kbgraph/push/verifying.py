"""Counting: how many triples a store holds in each graph, and whether that is what it should hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kbgraph.errors import WorldError
from kbgraph.push.store import Store, values_of

__all__ = ["check_counts", "counts_in"]

#: Graphs that a message names.
_SHOWN = 5


def counts_in(store: Store, graphs: Iterable[str]) -> dict[str, int]:
    """The number of triples in some named graphs; one that is empty or not there is left out.

    Raises:
        WorldError: an answer is no table of numbers.
    """
    names, found, most = list(graphs), {}, store.profile.page
    for start in range(0, len(names), most):
        page = names[start : start + most]
        rows = store.select(
            f"SELECT ?g (COUNT(*) AS ?n) WHERE {{ VALUES ?g {{ {values_of(page)} }} GRAPH ?g {{ ?s ?p ?o }} }} "
            "GROUP BY ?g"
        )
        for row in rows:
            if "g" in row:  # no group at all is a row of nothing, to some
                found[row["g"]] = _number(row.get("n", ""))
    return {name: found[name] for name in names if found.get(name)}


def check_counts(wanted: Mapping[str, int], found: Mapping[str, int]) -> None:
    """Let pass what has arrived.

    Args:
        wanted: the number of triples that each graph must have; 0 for one that must not be there.
        found: the number that it has.

    Raises:
        WorldError: they differ; the message says where, and by how much.
    """
    wrong = [(name, count, found.get(name, 0)) for name, count in wanted.items() if found.get(name, 0) != count]
    if wrong:
        shown = [f"<{name}> has {there:,} triples instead of {count:,}" for name, count, there in wrong[:_SHOWN]]
        more = [f"and {len(wrong) - _SHOWN:,} graphs more"] if len(wrong) > _SHOWN else []
        raise WorldError(
            f"the store does not hold what was sent: {'; '.join(shown + more)}. "
            "Push again; where that does not help, the log of the store says more"
        )


def _number(text: str) -> int:
    if not text.isdigit():
        raise WorldError("the store answered a question for numbers with something else")
    return int(text)
