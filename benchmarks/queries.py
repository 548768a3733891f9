"""The queries that have names: kbgraph's store beside rdflib, on the same data, with the answers compared.

    python benchmarks/queries.py [OUT] [--bound SECONDS] [--runs N] [--without-rdflib]

OUT is the folder of a build with graph.nq; without it, the real corpus beside the checkout is built. Prints a
table in Markdown. rdflib has the union of all graphs in one graph in memory, its quickest form, and is not given
more than the bound for one query: then the ratio is a lower bound, and answers are not compared. Ends with 1 if
answers differ.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Hashable, Iterable
from decimal import Decimal, InvalidOperation
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from kbgraph.building import build_into
from kbgraph.config import Limits, Settings
from kbgraph.errors import KbgraphError
from kbgraph.inputs import discover
from kbgraph.query.answers import Answer, Row
from kbgraph.query.bindings import XSD, Value, bound, value_of
from kbgraph.query.evaluation import USUAL_PREFIXES, evaluate
from kbgraph.query.named import NamedQuery, named_queries, values_for
from kbgraph.store import Opened, open_dataset, write_store

_REAL = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "articles"
_NUMBERS = {f"{XSD}{name}" for name in ("integer", "decimal", "double", "float")}
#: A query in the store should not take longer, in seconds.
_WANTED = 0.1


def values_of(query: NamedQuery, base: str) -> dict[str, Value]:
    return {
        name: value_of(text, USUAL_PREFIXES, kind=kind, base=base)
        for name, (kind, text) in values_for({}, query.parameters, query.name).items()
    }


def comparable(rows: Iterable[Iterable[Value | None]]) -> Counter[Hashable]:
    """Rows as a multiset, by value: 1.0 and 1 are one number, en-GB and en-gb one language."""
    return Counter(tuple(map(_known, row)) for row in rows)


def _known(value: Value | None) -> Hashable:
    if value is None or value.kind == "blank":
        return value and "_:"
    if value.datatype in _NUMBERS:
        try:
            return round(Decimal(value.text), 9).normalize()
        except InvalidOperation:
            return value
    return (value.kind, value.text, value.datatype, value.language.lower())


def serve_rdflib(data: Path, ask: Connection) -> None:
    """Answer queries by rdflib, until it is killed."""
    import pyoxigraph as ox
    import rdflib

    graph = rdflib.Graph()
    made: dict[Any, Any] = {}

    def term(node: Any) -> Any:
        if node not in made:
            if isinstance(node, ox.NamedNode):
                made[node] = rdflib.URIRef(node.value)
            elif node.language:
                made[node] = rdflib.Literal(node.value, lang=node.language)
            else:
                made[node] = rdflib.Literal(node.value, datatype=rdflib.URIRef(node.datatype.value))
        return made[node]

    for quad in ox.parse(path=str(data), format=ox.RdfFormat.N_QUADS):
        graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    ask.send(len(graph))
    while True:
        text = ask.recv()
        started = time.perf_counter()
        try:
            result = graph.query(text, initNs={name: rdflib.Namespace(iri) for name, iri in USUAL_PREFIXES.items()})
            rows = [tuple(map(_value, row)) for row in result if isinstance(row, rdflib.query.ResultRow)]
        except Exception as error:  # noqa: BLE001 - whatever rdflib cannot do is told
            ask.send((None, repr(error)[:100]))
        else:
            ask.send((time.perf_counter() - started, rows))


def _value(node: Any) -> Value | None:
    import rdflib

    if node is None:
        return None
    if isinstance(node, rdflib.Literal):
        datatype = str(node.datatype or "")
        return Value("literal", str(node), "" if datatype == f"{XSD}string" else datatype, node.language or "")
    return Value("iri" if isinstance(node, rdflib.URIRef) else "blank", str(node))


class Rdflib:
    """rdflib in a process of its own, which is started anew when a query takes too long."""

    def __init__(self, data: Path, bound: float) -> None:
        self._data, self._bound = data, bound
        self._start()

    def _start(self) -> None:
        self._here, there = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=serve_rdflib, args=(self._data, there), daemon=True)
        self._process.start()
        self._here.recv()

    def ask(self, text: str) -> tuple[float | None, Any]:
        """Seconds and rows; no seconds and what went wrong; or neither where it took too long."""
        self._here.send(text)
        if self._here.poll(self._bound):
            found: tuple[float | None, Any] = self._here.recv()
            return found
        self._process.kill()
        self._start()
        return None, None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", nargs="?", type=Path)
    parser.add_argument("--bound", type=float, default=20.0)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--without-rdflib", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = chosen.out or _built(Path(folder) / "out")
        write_store(out)
        return _compare(out, chosen.bound, chosen.runs, rdflib=not chosen.without_rdflib)


def _built(out: Path) -> Path:
    settings = Settings(formats=("nq",))
    build_into(out, discover([_REAL], settings.exclude, settings.limits), settings)
    return out


def _compare(out: Path, bounded: float, runs: int, *, rdflib: bool) -> int:
    opened = open_dataset(out, lambda: out / "aside", Limits())
    other = Rdflib(out / "graph.nq", bounded) if rdflib else None
    ours_all = theirs_all = 0.0
    slow, differ, cut = [], [], []
    print("| query | rows | store, ms | rdflib, ms | ratio | answers |\n|---|---:|---:|---:|---:|---|")
    for name, query in named_queries(Settings()).items():
        values = values_of(query, opened.base)
        took, answer = _timed(runs, opened, query.text, values)
        said, theirs = "", None
        if other is not None:
            theirs, rows = other.ask(bound(query.text, values))
            if rows is None:
                said, theirs = f"not within {bounded:g} s", bounded
                cut.append(name)
            elif theirs is None:
                said = f"rdflib: {rows}"
            else:
                said = "equal" if comparable(rows) == comparable(_without_lines(answer)) else "different"
                differ += [name] if said == "different" else []
        if theirs is not None:
            ours_all, theirs_all = ours_all + took, theirs_all + theirs
        slow += [name] if took > _WANTED else []
        shown = f"{theirs * 1000:,.0f} | {theirs / took:.0f}" if theirs is not None else " | "
        print(f"| {name} | {answer.size:,} | {took * 1000:.1f} | {shown} | {said} |", flush=True)
    if ours_all:
        least = "at least " if cut else ""
        print(f"\nAll: {ours_all:.2f} s and {theirs_all:.1f} s, {least}{theirs_all / ours_all:.1f} times as fast.")
    print(f"Over {_WANTED * 1000:g} ms in the store: {', '.join(slow) or 'none'}.")
    if differ:
        print(f"Different answers: {', '.join(differ)}.")
    return 1 if differ else 0


def _without_lines(answer: Answer) -> list[Row]:
    """The rows as they are where nobody knows lines."""
    pairs = ([*zip(answer.variables, row, strict=True)] for row in answer.rows or ())
    return [tuple(None if name == "line" else value for name, value in row) for row in pairs]


def _timed(runs: int, opened: Opened, text: str, values: dict[str, Value]) -> tuple[float, Answer]:
    best, answer = float("inf"), Answer()
    for _ in range(runs):
        started = time.perf_counter()
        answer = evaluate(opened, text, values=values, limits=Limits())
        best = min(best, time.perf_counter() - started)
        if best > 10 * _WANTED:
            break
    return best, answer


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KbgraphError as error:
        sys.exit(f"{error}")
