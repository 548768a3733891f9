"""Fetching a dataset back from a store, and saying where it is not what was sent.

Some stores change literals (`"01"^^xsd:integer` becomes `1`): the same by value, and not the same text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse, serialize

from kbgraph.dataset import Dataset, quads_of
from kbgraph.errors import UsageError, WorldError
from kbgraph.push.abreast import abreast
from kbgraph.push.ledger import Entry, Ledger, bases_in
from kbgraph.push.store import Store
from kbgraph.terms import XSD, Space

__all__ = ["Difference", "Pulled", "base_in", "differences", "pull"]

#: Triples in one answer, where a graph has to be asked for by pages.
_PAGE = 5_000
_NUMBERS = {XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.nonNegativeInteger, XSD.positiveInteger, XSD.int}
_TIMES = {XSD.dateTime, XSD.time}


@dataclass(frozen=True, slots=True)
class Pulled:
    """A dataset from a store: its N-Quads, sorted, and the graphs that are not, to the byte, what was sent."""

    base: str
    lines: list[bytes]
    graphs: int
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A graph of which some statements are not the same, by value, on both sides."""

    graph: str
    missing: tuple[bytes, ...]
    added: tuple[bytes, ...]


def base_in(store: Store, wanted: str) -> str:
    """The base IRI of the one dataset in a store, or the one that is wanted.

    Raises:
        UsageError: there is none, or more than one to choose from.
    """
    if wanted:
        try:
            NamedNode(wanted)
        except ValueError:
            raise UsageError(f"base {wanted!r} is not an IRI") from None
        return wanted
    found = bases_in(store)
    if not found:
        raise UsageError("kbgraph has not pushed anything to this store")
    if len(found) > 1:
        raise UsageError(f"this store holds several datasets; say which one with --base: {', '.join(found)}")
    return found[0]


def pull(store: Store, base: str, jobs: int = 0, done: Callable[[int], object] | None = None) -> Pulled:
    """The dataset below a base IRI, each graph of which is as large as when it was pushed.

    Raises:
        UsageError: there is none.
        WorldError: it has not arrived in full, or cannot be fetched in full.
    """
    ledger = Ledger(store, base).read()
    if not ledger:
        raise UsageError(f"kbgraph has not pushed anything below <{base}> to this store; --base names another")
    if unfinished := sum(not each.digest for each in ledger.values()):
        raise WorldError(f"a push was interrupted, {unfinished:,} graphs are not as they should be; push again first")
    catalogue = Space(base).catalogue.value

    def fetch(name: str) -> list[bytes]:
        return _fetched(store, name, "" if name == catalogue else name, ledger[name])

    told = None if done is None else lambda lines: done(len(lines))
    found = abreast(fetch, ledger, jobs or store.profile.jobs, stop=store.client.stop, done=told)
    digests = (hashlib.sha256(b"".join(lines)).hexdigest() for lines in found)
    changed = [name for name, digest in zip(ledger, digests, strict=True) if ledger[name].digest != digest]
    lines = sorted(line for each in found for line in each)
    return Pulled(base, lines, len(ledger), tuple("" if name == catalogue else name for name in changed))


def _fetched(store: Store, name: str, own: str, entry: Entry) -> list[bytes]:
    """The canonical lines of a graph, asked for by pages where a store gives less than all at once."""
    lines = _lines(*store.fetch(name), own)
    if len(lines) < entry.size:
        lines = sorted(_paged(store, name, own, entry.size))
    if len(lines) != entry.size:
        raise WorldError(f"<{name}> comes with {len(lines):,} triples instead of {entry.size:,}; push again, then pull")
    return lines


def _paged(store: Store, name: str, own: str, size: int) -> set[bytes]:
    """As many lines of a graph as come by pages; each begins at a subject, since far offsets are refused by some."""
    found: set[bytes] = set()
    last, held = "", 0
    while len(found) < size:
        before = len(found)
        found.update(_lines(*store.construct(name, last, f"ORDER BY STR(?s) ?p ?o LIMIT {_PAGE} OFFSET {held}"), own))
        if len(found) == before:
            break
        last = max(line[1 : line.index(b">")] for line in found).decode()
        held = sum(line.startswith(f"<{last}>".encode()) for line in found)
    return found


def _lines(data: bytes, kind: str, own: str) -> list[bytes]:
    form = RdfFormat.N_TRIPLES if kind in {"application/n-triples", "text/plain"} else RdfFormat.TURTLE
    graph = NamedNode(own) if own else None
    try:
        quads = [
            Quad(each.subject, each.predicate, each.object, graph) if graph else each
            for each in parse(data, format=form)
        ]
    except (SyntaxError, ValueError) as error:
        raise WorldError(f"the store answered with what is not {form.name}: {error}") from None
    if any(isinstance(term, BlankNode) for each in quads for term in (each.subject, each.object)):
        raise WorldError(f"the graph <{own}> holds a blank node, which kbgraph never makes; push again, then pull")
    return sorted(set((serialize(quads, format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)))


# ---- comparing


def differences(pulled: Iterable[bytes], dataset: Dataset) -> list[Difference]:
    """Where a dataset that was pulled is not, by value, the one that it should be; by graph."""
    there = Dataset(pulled)
    found = []
    for name in sorted(there.graphs.keys() | dataset.graphs.keys()):
        wanted, has = set(dataset.graphs.get(name, ())), set(there.graphs.get(name, ()))
        if wanted == has:
            continue
        missing, added = _by_value(wanted - has), _by_value(has - wanted)
        lost = tuple(sorted(line for key, line in missing.items() if key not in added))
        new = tuple(sorted(line for key, line in added.items() if key not in missing))
        if lost or new:
            found.append(Difference(name, lost, new))
    return found


def _by_value(lines: Iterable[bytes]) -> Mapping[tuple[str, str, str], bytes]:
    """Statements by what they mean."""
    found = {}
    for line in lines:
        for quad in quads_of([line]):
            found[str(quad.subject), str(quad.predicate), _value(quad.object)] = line
    return found


def _value(term: object) -> str:
    if not isinstance(term, Literal):
        return str(term)
    text, kind = term.value, term.datatype
    if term.language:
        return f"{text}@{term.language.lower()}"
    if kind in _NUMBERS:
        try:
            return f"number {Decimal(text).normalize()}"
        except InvalidOperation:
            return str(term)
    if kind == XSD.gYear:  # of four digits at least, which Virtuoso forgets before the year 1
        year = re.fullmatch(r"(-?)0*(\d+)(Z|[+-]00:00)?", text)
        return f"year {year[1]}{year[2]}" if year else str(term)
    if kind == XSD.boolean:
        return "true" if text in {"true", "1"} else "false" if text in {"false", "0"} else str(term)
    if kind in _TIMES:
        return f"{kind} {text.removesuffix('+00:00').removesuffix('Z')}"
    return str(term)
