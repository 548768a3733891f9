"""Where the processor time of `kbgraph build` goes, by stage, in one process.

    python benchmarks/stages.py ARTICLES OUT

The functions that `kbgraph.build` is composed of are wrapped in clocks, then it runs as ever. A
clock stands still while another one runs in it, so the stages add up to the whole. They are named
like the steps of the plain pipeline where that has them.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import kbgraph
from kbgraph import network, reader
from kbgraph.config import Settings
from kbgraph.export import FORMATS, Format
from kbgraph.graph import KnowledgeGraph
from kbgraph.shapes import shipped_shapes
from kbgraph.vocabulary import vocabulary

_build = import_module("kbgraph.build")  # the package's own `build` is the function

#: Functions, by the module in which `build` finds them, and the stage that they belong to.
_STAGES: tuple[tuple[object, str, str], ...] = (
    (reader, "parse_seed", "read"),
    (reader, "sections_of", "markdown"),
    (_build, "read_article", "convert"),
    (_build, "convert", "convert"),
    (_build, "sorted_lines", "graph"),
    (_build, "core_results", "check"),
    (_build, "merge", "merge"),
    (KnowledgeGraph, "store", "graph"),
    (_build, "query_results", "check"),
    (_build, "problems_of", "places"),
    (network, "to_networkx", "network"),
)
#: What a build imports when it gets there; imports are not counted, nor are they in the plain pipeline.
_IMPORTED_LATE = (
    "pyshacl",
    "kbgraph.interop",
    *(f"kbgraph.export.{each.writer.partition(':')[0]}" for each in FORMATS.values()),
)


class _Clocks:
    """Seconds by stage; only the innermost clock runs."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._running = ["rest"]
        self._since = time.process_time()

    def switch(self) -> None:
        """Give the time until now to the stage that runs."""
        now = time.process_time()
        self.seconds[self._running[-1]] += now - self._since
        self._since = now

    def clocked(self, function: Callable[..., Any], stage: str | None = None) -> Callable[..., Any]:
        """A function that is timed as a stage, or under the name of its first argument, a format."""

        def run(*args: Any, **options: Any) -> Any:
            self.switch()
            self._running.append(stage or args[0].name)
            made = function(*args, **options)
            made = list(made) if hasattr(made, "__next__") else made
            self.switch()
            self._running.pop()
            return made

        return run


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the stages of kbgraph build.")
    parser.add_argument("articles", type=Path, help="folder of articles")
    parser.add_argument("out", type=Path, help="folder to write to")
    given = parser.parse_args()
    for name in _IMPORTED_LATE:
        import_module(name)
    vocabulary()
    shipped_shapes()
    clocks = _Clocks()
    for place, name, stage in _STAGES:
        setattr(place, name, clocks.clocked(getattr(place, name), stage))
    Format.files = clocks.clocked(Format.files)  # type: ignore[method-assign]  # this is what is measured
    kbgraph.build(given.articles, out=given.out, settings=Settings(jobs=1))
    clocks.switch()
    print(json.dumps(clocks.seconds))


if __name__ == "__main__":
    main()
