"""Sending: a plan carried out, a few parcels at a time, so that it may be interrupted anywhere.

Each parcel opens the entries of its graphs in the ledger, puts the graphs, and claims them. What is
gone is deleted first and struck out then. Whoever comes next finds what is missing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kbgraph.errors import WorldError
from kbgraph.files import digest_of
from kbgraph.push.abreast import abreast
from kbgraph.push.ledger import Entry, Ledger
from kbgraph.push.plan import Content, Parcel, Plan, contents_of, parcels_of, plan_of
from kbgraph.push.remembered import remember, remembered
from kbgraph.push.store import Store
from kbgraph.push.verifying import check_counts, counts_in

__all__ = ["Pushed", "Survey", "push", "survey"]


@dataclass(frozen=True, slots=True)
class Survey:
    """What is to be pushed, and what follows from what the store holds; contents where any of them has to travel."""

    base: str
    entries: Mapping[str, Entry]
    plan: Plan
    contents: Mapping[str, Content]

    @property
    def size(self) -> int:
        """The number of triples to send."""
        return sum(self.entries[name].size for name in self.plan.put)


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did: numbers of graphs, and of triples that were sent and that were counted in the store."""

    sent: int
    deleted: int
    same: int
    triples: int
    counted: int


def survey(path: Path, store: Store, *, prune: bool = True) -> Survey:
    """What would have to travel of the dataset in a folder or a file; of the store, only questions are asked.

    Raises:
        UsageError: the dataset is not one that can be pushed.
        WorldError: the store does not answer as it should, or the dataset is being built.
    """
    known = remembered(path)
    base, entries = known or ("", {})
    contents: dict[str, Content] = {}
    if known is None:
        base, contents = _read(path)
        entries = {name: each.entry for name, each in contents.items()}
    ledger = Ledger(store, base).read()
    plan = plan_of(entries, ledger, counts_in(store, entries), prune=prune)
    if plan.put and not contents:
        base, contents = _read(path)
        if {name: each.entry for name, each in contents.items()} != entries:
            raise WorldError(f"'{path}' is being built; push it when that has ended")
    return Survey(base, entries, plan, contents)


def _read(path: Path) -> tuple[str, dict[str, Content]]:
    from kbgraph.dataset import read_dataset

    built = path / "graph.nq"
    digest = digest_of(built) if built.is_file() else ""
    base, contents = contents_of(read_dataset(path))
    if digest:
        remember(path, digest, base, {name: each.entry for name, each in contents.items()})
    return base, contents


def push(found: Survey, store: Store, jobs: int = 0, done: Callable[[int], object] | None = None) -> Pushed:
    """Make the store hold what was surveyed, and count it there; after an error, its client is of no more use.

    Args:
        found: what has to travel.
        store: where to.
        jobs: requests at a time; those that the store bears for 0.
        done: told the number of triples that have arrived since it was last told.

    Raises:
        WorldError: the store does not take it, another push has begun, or the counts differ.
    """
    plan, entries = found.plan, found.entries
    result = Pushed(
        len(plan.put), len(plan.delete), len(plan.same), found.size, sum(each.size for each in entries.values())
    )
    if not plan.put and not plan.delete:
        return result  # the survey has counted
    ledger = Ledger(store, found.base, secrets.token_hex(8))
    ledger.sign()

    def send(parcel: Parcel) -> int:
        _send(parcel, found, store, ledger)
        return parcel.size

    parcels = parcels_of(plan, found.contents, store.limits.request_bytes, store.profile.page)
    abreast(send, parcels, jobs or store.profile.jobs, stop=store.client.stop, done=done)
    for start in range(0, len(plan.delete), store.profile.page):
        page = plan.delete[start : start + store.profile.page]
        store.drop(page)
        ledger.forget(page)
    claimed = ledger.read()
    if any(claimed.get(name) != each for name, each in entries.items()):
        mine = ledger.is_mine()
        ledger.void(plan.put)
        if mine:
            raise WorldError("the store does not keep what updates say; its log may say why")
        raise WorldError("another push to this store began meanwhile; when it has ended, push again")
    wanted = {name: each.size for name, each in entries.items()} | dict.fromkeys(plan.delete, 0)
    there = counts_in(store, wanted)
    try:
        check_counts(wanted, there)
    except WorldError:
        ledger.void([name for name in entries if wanted[name] != there.get(name, 0)])
        raise
    return result


def _send(parcel: Parcel, found: Survey, store: Store, ledger: Ledger) -> None:
    contents = found.contents
    ledger.open(parcel.graphs)
    if store.addresses.quads is None or len(parcel.graphs) == 1:
        for name in parcel.graphs:
            store.replace(name, contents[name].triples())
    else:
        store.drop(name for name in parcel.graphs if name in found.plan.held)
        store.add(b"".join(contents[name].quads(name) for name in parcel.graphs))
    ledger.claim({name: contents[name].entry for name in parcel.graphs})
