"""Where the processor time of `kbgraph build` goes, by stage, in one process.

    python benchmarks/stages.py ARTICLES OUT

The functions that a build is composed of are wrapped in clocks, then it runs as ever. A
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

from kbgraph.building import build_into
from kbgraph.config import Settings
from kbgraph.export import FORMATS
from kbgraph.inputs import discover
from kbgraph.shapes import shipped_shapes
from kbgraph.vocabulary import vocabulary

#: Functions, by the module in which they are found, and the stage that they belong to.
STAGES: tuple[tuple[str, str, str], ...] = (
    ("kbgraph.reader", "parse_seed", "read"),
    ("kbgraph.reader", "sections_of", "markdown"),
    ("kbgraph.making", "read_article", "convert"),
    ("kbgraph.making", "convert", "convert"),
    ("kbgraph.making", "sorted_lines", "graph"),
    ("kbgraph.making", "quads_of", "graph"),
    ("kbgraph.making", "core_results", "check"),
    ("kbgraph.making", "query_results", "check"),
    ("kbgraph.making", "problems_of", "places"),
    ("kbgraph.making", "make_sections", "write"),
    ("kbgraph.building", "shared_parts", "merge"),
    ("kbgraph.together", "query_results", "check"),
    ("kbgraph.building", "problems_of", "places"),
    ("kbgraph.building", "publish", "write"),
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

    def clocked(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        """A function that is timed as a stage."""

        def run(*args: Any, **options: Any) -> Any:
            self.switch()
            self._running.append(stage)
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
    for place, name, stage in STAGES:
        module = import_module(place)
        setattr(module, name, clocks.clocked(getattr(module, name), stage))
    formats = tuple(name for name, each in FORMATS.items() if each.default and not each.many)
    settings = Settings(jobs=1, formats=formats)  # the plain pipeline writes no documents for search engines
    build_into(given.out, discover([given.articles], settings.exclude, settings.limits), settings, use_cache=False)
    clocks.switch()
    print(json.dumps(clocks.seconds))


if __name__ == "__main__":
    main()
