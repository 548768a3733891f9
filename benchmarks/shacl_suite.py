"""Runs SHACL engines over the W3C's test suite, and says how many tests each passes.

    python benchmarks/shacl_suite.py data-shapes-test-suite/tests --engine pyshacl --engine shacl

A test is passed where the engine gives the results that the suite expects, as often as it does:
focus node, path, value, component, severity, source shape, and the message where one is expected.
Of blank nodes only that they are blank nodes is compared. Where the suite expects a failure, the
engine must fail. `pyshifty` is not one of kbgraph's libraries; install it to compare it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from pyoxigraph import RdfFormat, Triple, parse

from kbgraph.engines import pyshacl_results, results_in
from kbgraph.graph import serialized
from kbgraph.interop import to_rdflib_graph
from kbgraph.validation import Result, path_of

__all__ = ["ENGINES", "Case", "Expected", "cases_of", "outcomes_of", "passes"]

_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_SHT = "http://www.w3.org/ns/shacl-test#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SH = "http://www.w3.org/ns/shacl#"

_Graph = tuple[Triple, ...]
#: What runs shapes over data: `engine(data, shapes)`.
Engine = Callable[[_Graph, _Graph], Sequence[Result]]


class Expected(NamedTuple):
    """A result that the suite expects; `message` is None where any will do."""

    focus: str
    path: str
    value: str
    component: str
    shape: str
    severity: str
    message: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """A test: its name below the folder of the suite, and `expected` results; None for a failure."""

    name: str
    data: Path
    shapes: Path
    expected: tuple[Expected, ...] | None


# ---- the suite


@cache
def _triples(path: Path) -> _Graph:
    found = parse(path=str(path), format=RdfFormat.TURTLE, base_iri=path.as_uri(), rename_blank_nodes=True)
    return tuple(quad.triple for quad in found)


class _About:
    """What a file says, by subject and property."""

    def __init__(self, path: Path) -> None:
        self._values: dict[tuple[str, str], list[str]] = {}
        for subject, predicate, value in _triples(path):
            self._values.setdefault((str(subject), predicate.value), []).append(str(value))

    def all(self, subject: str, name: str) -> list[str]:
        return self._values.get((subject, name), [])

    def one(self, subject: str, name: str) -> str:
        return "".join(self.all(subject, name)[:1])

    def members(self, node: str) -> Iterator[str]:
        while (first := self.one(node, f"{_RDF}first")) != "":
            yield first
            node = self.one(node, f"{_RDF}rest")

    def path(self, node: str) -> str:
        """A property path in SPARQL's syntax."""
        if node.startswith("<"):
            return node
        if self.one(node, f"{_RDF}first"):
            return f"({'/'.join(map(self.path, self.members(node)))})"
        if choice := self.one(node, f"{_SH}alternativePath"):
            return f"({'|'.join(map(self.path, self.members(choice)))})"
        if inner := self.one(node, f"{_SH}inversePath"):
            return f"^{self.path(inner)}"
        signs = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
        (inner, sign), *_ = [(found, sign) for name, sign in signs.items() if (found := self.one(node, _SH + name))]
        return f"({self.path(inner)}){sign}"


def cases_of(manifest: Path, suite: Path) -> Iterator[Case]:
    """The tests of a manifest and of those that it includes, in order."""
    about = _About(manifest)
    here = f"<{manifest.as_uri()}>"
    for included in sorted(about.all(here, f"{_MF}include")):
        yield from cases_of(_file(included), suite)
    for entries in about.all(here, f"{_MF}entries"):
        for entry in about.members(entries):
            action, result = about.one(entry, f"{_MF}action"), about.one(entry, f"{_MF}result")
            yield Case(
                name=str(_file(entry).relative_to(suite)),
                data=_file(about.one(action, f"{_SHT}dataGraph")),
                shapes=_file(about.one(action, f"{_SHT}shapesGraph")),
                expected=None if result == f"<{_SHT}Failure>" else tuple(_expected(about, result)),
            )


def _file(iri: str) -> Path:
    return Path(unquote(urlsplit(iri.strip("<>")).path))


def _expected(about: _About, report: str) -> Iterator[Expected]:
    for result in about.all(report, f"{_SH}result"):
        path = about.one(result, f"{_SH}resultPath")
        messages = about.all(result, f"{_SH}resultMessage")
        yield Expected(
            focus=_named(about.one(result, f"{_SH}focusNode")),
            path=str(path_of(about.path(path))) if path else "",
            value=_named(about.one(result, f"{_SH}value")),
            component=about.one(result, f"{_SH}sourceConstraintComponent").strip("<>"),
            shape=_shape(about.one(result, f"{_SH}sourceShape")),
            severity=about.one(result, f"{_SH}resultSeverity").strip("<>"),
            message=messages[0].rpartition('"')[0][1:] if messages else None,
        )


def _named(term: str) -> str:
    return "_:" if term.startswith("_:") else term


def _shape(term: str) -> str:
    return "" if term.startswith("_:") else term.strip("<>")


# ---- the engines


def _pyshacl(data: _Graph, shapes: _Graph) -> Sequence[Result]:
    return pyshacl_results(to_rdflib_graph(data), to_rdflib_graph(shapes))


def _shacl(data: _Graph, shapes: _Graph) -> Sequence[Result]:
    import shacl

    compiled = shacl.Shapes.from_text(serialized(shapes, RdfFormat.N_TRIPLES).decode(), format="ntriples")
    report = compiled.validate_text(serialized(data, RdfFormat.N_TRIPLES).decode(), format="ntriples")
    return [
        Result(
            focus=found.focus_node,
            path=path_of(found.path) if found.path else None,
            value=found.value or "",
            component=found.component_iri,
            shape=_shape(found.source_shape or ""),
            severity=found.severity_iri,
            message=found.message or "",
        )
        for found in report.results
    ]


def _pyshifty(data: _Graph, shapes: _Graph) -> Sequence[Result]:
    import shifty

    _, report, _ = shifty.validate(to_rdflib_graph(data), to_rdflib_graph(shapes), graph_mode="data", infer=False)
    return results_in(report)


ENGINES: dict[str, Engine] = {"pyshacl": _pyshacl, "shacl": _shacl, "pyshifty": _pyshifty}


# ---- the comparison


def passes(engine: Engine, case: Case) -> bool:
    """Whether the engine says what the suite expects."""
    try:
        found = engine(_triples(case.data), _triples(case.shapes))
    except ImportError:
        raise
    except Exception:  # noqa: BLE001 - whatever the engine fails with
        return case.expected is None
    return case.expected is not None and _agree(found, case.expected)


def outcomes_of(found: Iterable[Result]) -> list[Expected]:
    """Results as the suite writes them."""
    return [
        Expected(
            _named(each.focus),
            str(each.path or ""),
            _named(each.value),
            each.component,
            each.shape,
            each.severity,
            each.message,
        )
        for each in found
    ]


def _agree(found: Sequence[Result], expected: Sequence[Expected]) -> bool:
    """Whether each result is expected, and each expected one found."""
    outcomes = outcomes_of(found)
    said = Counter(each for each in expected if each.message is not None)
    return Counter(each[:-1] for each in outcomes) == Counter(each[:-1] for each in expected) and said <= Counter(
        outcomes
    )


def main(arguments: Sequence[str]) -> None:
    """Print a table of the tests passed, by part of the suite."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("suite", type=Path, help="the folder with the suite's manifest.ttl")
    parser.add_argument("--engine", action="append", choices=ENGINES, help="may be given several times")
    options = parser.parse_args(arguments)
    suite = options.suite.resolve()
    cases = list(cases_of(suite / "manifest.ttl", suite))
    parts = sorted({str(Path(case.name).parent) for case in cases} | {Path(case.name).parts[0] for case in cases})
    names = options.engine or ["pyshacl", "shacl"]
    passed: dict[str, set[str]] = {}
    for name in names:
        start = time.process_time()
        try:
            passed[name] = {case.name for case in cases if passes(ENGINES[name], case)}
        except ImportError:
            sys.exit(f"{name} is not installed")
        print(f"{name}: {time.process_time() - start:.1f} s", file=sys.stderr)
    print(f"{'part':24}{'tests':>8}", *(f"{name:>10}" for name in names), sep="")
    for part in parts:
        within = {case.name for case in cases if Path(part) in Path(case.name).parents}
        print(f"{part:24}{len(within):8}", *(f"{len(within & passed[name]):10}" for name in names), sep="")
    for name in names:
        for case in cases:
            if case.name not in passed[name]:
                print(f"{name} does not pass {case.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
