"""kbgraph and the plain pipeline side by side, and kbgraph on corpora of growing size.

    python benchmarks/run.py [--articles FOLDER] [--scale 1000,4000,16000] [--runs N] [--quick]

Prints tables in Markdown. Ends with 1 if the two pipelines disagree about a quad or a result.
What is counted, and what is not, is in `plain.py` and in docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median_low

from agreement import differing_quads, differing_results
from corpus import write_corpus
from measure import Cost, measure

_HERE = Path(__file__).resolve().parent
#: A real corpus, where there is one beside the checkout.
_REAL = _HERE.parents[1] / "shared" / "corpus" / "articles"
_LIBRARIES = ("rdflib", "pyshacl", "PyYAML", "networkx", "pyoxigraph")
_STEPS = {
    "read": "read the front matter",
    "graph": "make the graph",
    "check": "check the shapes",
    "write": "write all files",
}
#: What the plain pipeline writes, one after the other; kbgraph makes pieces of all of them at once.
_WRITTEN = {
    "nq": "N-Quads",
    "trig": "TriG",
    "turtle": "Turtle",
    "jsonld": "JSON-LD",
    "graphml": "GraphML",
    "gexf": "GEXF",
    "node-link": "node-link JSON",
    "cytoscape": "Cytoscape JSON",
}
#: What kbgraph does besides; the plain pipeline is given the outcome, or does without it.
_MORE = {
    "markdown": "read the Markdown",
    "convert": "read the fields, convert",
    "merge": "merge what articles share",
    "places": "find the places of problems",
    "rest": "all else",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure."""

    articles: Path | None
    count: int
    scale: tuple[int, ...]
    runs: int


def main() -> int:
    plan = _plan()
    with tempfile.TemporaryDirectory(prefix="kbgraph-bench-") as folder:
        place = Path(folder)
        agreed = side_by_side(plan, place)
        if plan.scale:
            at_scale(plan, place)
    return 0 if agreed else 1


def _plan() -> Plan:
    parser = argparse.ArgumentParser(description="Measure kbgraph against the plain pipeline.")
    parser.add_argument("--articles", type=Path, help="folder of articles (default: a synthetic corpus of 1,086)")
    parser.add_argument("--scale", default="1000,4000,16000", help="sizes of synthetic corpora; '' for none")
    parser.add_argument("--runs", type=int, default=3, help="runs of kbgraph, of which the median counts (%(default)s)")
    parser.add_argument("--quick", action="store_true", help="small corpora, one run: does it work at all?")
    given = parser.parse_args()
    if given.quick:
        return Plan(given.articles, 40, (40, 160), 1)
    articles = given.articles or (_REAL if _REAL.is_dir() else None)
    return Plan(articles, 1086, tuple(int(size) for size in given.scale.split(",") if size), given.runs)


# ---- side by side


def side_by_side(plan: Plan, place: Path) -> bool:
    """Measure both pipelines on one corpus; whether they agree."""
    articles = plan.articles or place / "articles"
    if plan.articles is None:
        write_corpus(articles, plan.count)
    built, plain_out = place / "built", place / "plain"
    usual = [_build(articles, built) for _ in range(plan.runs)]
    single = [_build(articles, place / "single", "--jobs", "1") for _ in range(plan.runs)]
    stages = [_script("stages.py", articles, place / "stages") for _ in range(plan.runs)]
    plain = _script("plain.py", articles, built, plain_out)
    counts = json.loads((built / "manifest.json").read_bytes())["counts"]
    print(f"{_machine()}\n\n{counts['articles']:,} articles, {counts['quads']:,} quads\n")
    own = {name: median_low(json.loads(each.output)[name] for each in stages) for name in json.loads(stages[0].output)}
    _print_steps(json.loads(plain.output), own)
    total = sum(json.loads(plain.output).values())
    _print_commands(total, plain, {"kbgraph build": _middle(usual), "kbgraph build --jobs 1": _middle(single)})
    _print_again(total, articles, place / "again", plan.runs)
    return _agree(built, plain_out)


def _build(articles: Path, out: Path, *options: str) -> Cost:
    # Without a cache: each run makes everything, as the plain pipeline does.
    return _kbgraph("build", str(articles), "-o", str(out), "--no-cache", *options)


def _kbgraph(*words: str) -> Cost:
    return measure([sys.executable, "-m", "kbgraph", *words], allowed=(0, 1))  # 1: the articles have violations


def _again(articles: Path, place: Path, runs: int) -> dict[str, Cost]:
    """Builds that use what builds before left: the first, one with nothing changed, one with an article changed."""
    own = shutil.copytree(articles, place / "articles")
    build = ("build", str(own), "-o", str(place / "out"))
    middle = sorted(own.rglob("*.md"))[len(list(own.rglob("*.md"))) // 2]
    costs: dict[str, list[Cost]] = {"nothing kept yet": [], "nothing changed": [], "one article changed": []}
    for run in range(runs):
        shutil.rmtree(place / "out", ignore_errors=True)
        costs["nothing kept yet"].append(_kbgraph(*build))
        costs["nothing changed"].append(_kbgraph(*build))
        with middle.open("a", encoding="utf-8") as file:
            file.write(f"\nLine {run}.\n")
        costs["one article changed"].append(_kbgraph(*build))
    return {name: _middle(each) for name, each in costs.items()}


def _script(name: str, *arguments: Path) -> Cost:
    return measure([sys.executable, str(_HERE / name), *map(str, arguments)])


def _middle(costs: Sequence[Cost]) -> Cost:
    """The run that took the median time."""
    return sorted(costs, key=lambda cost: cost.seconds)[(len(costs) - 1) // 2]


def _print_steps(plain: dict[str, float], own: dict[str, float]) -> None:
    plain = {**plain, "write": sum(plain[name] for name in _WRITTEN)}
    rows = [(title, plain[step], own[step]) for step, title in _STEPS.items()]
    unchecked = [row for row in rows if row[0] != _STEPS["check"]]
    rows.append(("all of these but the check", sum(row[1] for row in unchecked), sum(row[2] for row in unchecked)))
    _table(
        ("processor time in one process", "plain", "kbgraph", "times as fast"),
        [
            *((title, f"{theirs:.2f} s", f"{ours:.2f} s", f"{theirs / ours:.1f}") for title, theirs, ours in rows),
            *((f"of it {title}", f"{plain[name]:.2f} s", "", "") for name, title in _WRITTEN.items()),
            *((title, "not counted", f"{own[stage]:.2f} s", "") for stage, title in _MORE.items()),
        ],
    )


def _print_commands(total: float, plain: Cost, own: dict[str, Cost]) -> None:
    rows = [("plain, counted steps", f"{total:.1f} s", "", _megabytes(plain.largest), "", "1")]
    for title, cost in own.items():
        together = _megabytes(cost.together) if cost.together else "not known"
        times = f"**{total / cost.seconds:.1f}**"
        rows.append(
            (title, f"{cost.seconds:.1f} s", f"{cost.cpu_seconds:.1f} s", _megabytes(cost.largest), together, times)
        )
    _table(("all of it", "time", "processor time", "largest process", "all processes", "times as fast"), rows)


def _print_again(total: float, articles: Path, place: Path, runs: int) -> None:
    costs = {f"build, {name}": cost for name, cost in _again(articles, place, runs).items()}
    first = next(iter(costs.values())).seconds
    costs["check --no-cache"] = _middle([_kbgraph("check", str(articles), "--no-cache") for _ in range(runs)])
    _table(
        ("with a cache", "time", "processor time", "all processes", "times as fast as plain", "of a first build"),
        [
            (
                title,
                f"{cost.seconds:.1f} s",
                f"{cost.cpu_seconds:.1f} s",
                _megabytes(cost.memory),
                f"{total / cost.seconds:,.0f}",
                f"{100 * cost.seconds / first:.0f} %",
            )
            for title, cost in costs.items()
        ],
    )


def _agree(built: Path, plain: Path) -> bool:
    """Compare what was written, and say what differs."""
    agreed = True
    for name in ("graph.nq", "graph.trig", "graph.ttl", "graph.jsonld"):
        ours, theirs = differing_quads(built / name, plain / name)
        agreed = agreed and not ours | theirs
        print(f"{name}: {_verdict(map(str, ours), map(str, theirs))}")
    more, less = differing_results(built / "report.ttl", plain / "report.nt")
    print(f"results: {_verdict(map(str, more.elements()), map(str, less.elements()))}\n")
    return agreed and not more | less


def _verdict(ours: Iterable[str], theirs: Iterable[str]) -> str:
    mine, others = sorted(ours), sorted(theirs)
    if not mine and not others:
        return "equal"
    shown = [*(f"\n  only kbgraph: {each}" for each in mine[:10]), *(f"\n  only plain: {each}" for each in others[:10])]
    return f"{len(mine)} only of kbgraph, {len(others)} only of the plain pipeline{''.join(shown)}"


# ---- at scale


def at_scale(plan: Plan, place: Path) -> None:
    """Measure kbgraph on synthetic corpora of growing size."""
    rows: list[tuple[str, ...]] = []
    first = 0.0
    for size in sorted(plan.scale):
        with tempfile.TemporaryDirectory(dir=place) as folder:
            articles = Path(folder) / "corpus"
            write_corpus(articles, size)
            cold, same, one = _again(articles, Path(folder), 1 if size > _LARGE else plan.runs).values()
        each = cold.seconds / size
        first = first or each
        rows.append(
            (
                f"{size:,}",
                f"{cold.seconds:.1f} s",
                f"{1000 * each:.1f} ms",
                f"{each / first:.2f}",
                f"{same.seconds:.1f} s",
                f"{one.seconds:.1f} s",
                _megabytes(cold.largest),
                _megabytes(cold.memory),
            )
        )
    _table(
        (
            *("synthetic articles", "first build", "for each article", "against the smallest"),
            *("nothing changed", "one changed", "largest process", "all processes"),
        ),
        rows,
    )


#: Articles from which on one run has to do.
_LARGE = 8000


# ---- printing


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    print(f"| {' | '.join(head)} |\n|---|{'---:|' * (len(head) - 1)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    print(flush=True)


def _megabytes(count: int) -> str:
    return f"{count / 1_000_000:,.0f} MB"


def _machine() -> str:
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return f"{platform.system()}, {processors} processors, Python {platform.python_version()}, {libraries}"


if __name__ == "__main__":
    sys.exit(main())
