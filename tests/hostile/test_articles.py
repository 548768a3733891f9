"""Every hostile article is read in time: it becomes a graph, or a clear problem says at which place why not.

`KBGRAPH_REGENERATE=1 python -m pytest tests/hostile/test_articles.py` writes `expected.txt` anew; look
at the difference before you commit it.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import rdflib
from tests.hostile.articles import HERE, Hostile, every_article, expectations
from tests.hostile.guarded import Ran, kbgraph
from tests.hostile.well_formed import faults

from kbgraph.config import Settings
from kbgraph.convert import convert
from kbgraph.graph import sorted_lines
from kbgraph.reader import read_article
from kbgraph.terms import Space

ARTICLES = {each.name: each for each in every_article()}
EXPECTED = expectations()
REGENERATE = bool(os.environ.get("KBGRAPH_REGENERATE"))
#: Codes of reading, and of reading and the shapes' violations.
_READING = re.compile("KB[01]")
_ALL = re.compile("KB[013]")
#: What no message may say: it would be our fault, not the article's.
_OUR_FAULT = re.compile(r"Traceback|internal error|Error\(|object at 0x")


def codes(found: object, of: re.Pattern[str] = _READING) -> frozenset[str]:
    return frozenset(code for code in found if of.match(code))  # type: ignore[attr-defined]


# ---- each by itself


@pytest.mark.parametrize("name", ARTICLES)
def test_a_hostile_article_is_converted_or_refused_in_time(name: str) -> None:
    started = time.process_time()
    article, problems = read_article(ARTICLES[name].data, f"{name}.md", Settings())
    if article is not None:
        made = convert(article, Space("https://kb.example/"), frozenset({name}))
        problems += made.problems
        lines = sorted_lines(made.quads)
        assert len(lines) < 200_000_000
    assert time.process_time() - started < 5
    if not REGENERATE:
        what, expected = EXPECTED[name]
        assert ("converts" if article is not None else "refused") == what
        assert codes(each.code for each in problems) == codes(expected)
    for each in problems:
        assert each.place.path == f"{name}.md"
        assert min(each.place.mark) >= 1
        assert each.message.endswith(".")
        assert not _OUR_FAULT.search(each.message)


def test_every_hostile_article_has_an_expectation_and_every_expectation_an_article() -> None:
    assert REGENERATE or sorted(EXPECTED) == sorted(ARTICLES)
    assert len(ARTICLES) >= 400


# ---- all in one build


class Built(NamedTuple):
    """What a build of all small articles left."""

    ran: Ran
    folder: Path
    out: Path
    converted: frozenset[str]
    codes: dict[str, set[str]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """All articles but the large ones, built by the command line."""
    folder = tmp_path_factory.mktemp("hostile")
    for each in _small():
        (folder / f"{each.name}.md").write_bytes(each.data)
    out = folder / "out"
    ran = kbgraph("build", folder, "--out", out, "--jobs", 1, cwd=folder, seconds=300)
    found: dict[str, set[str]] = defaultdict(set)
    for problem in json.loads((out / "report.json").read_bytes())["problems"]:
        found[problem["path"].removesuffix(".md")].add(problem["code"])
    converted = frozenset(path.stem for path in (out / "articles").rglob("*.jsonld"))
    return Built(ran, folder, out, converted, found)


def _small() -> Iterator[Hostile]:
    for each in ARTICLES.values():
        if not each.large and "body-most" not in each.name:
            yield each


def test_a_build_of_all_hostile_articles_ends_with_violations_and_no_excuse(built: Built) -> None:
    assert built.ran.code == 1
    assert not _OUR_FAULT.search(built.ran.err)
    assert built.ran.out == ""


def test_a_build_shows_no_control_character_of_an_article(built: Built) -> None:
    assert [each for each in built.ran.err if not each.isprintable() and each != "\n"] == []


def test_each_article_of_the_build_has_come_to_what_is_expected(built: Built) -> None:
    made = {
        each.name: ("converts" if each.name in built.converted else "refused", codes(built.codes[each.name], _ALL))
        for each in _small()
    }
    if REGENERATE:
        _write_expectations(made)
    expected = {name: (what, codes(found, _ALL)) for name, (what, found) in expectations().items() if name in made}
    assert made == expected


def _write_expectations(made: dict[str, tuple[str, frozenset[str]]]) -> None:
    for each in ARTICLES.values():
        if each.name not in made:
            article, problems = read_article(each.data, "a.md", Settings())
            if article is not None:
                problems += convert(article, Space("https://kb.example/"), frozenset()).problems
            what = "converts" if article is not None else "refused"
            made[each.name] = (what, codes(problem.code for problem in problems))
    lines = ["# What becomes of each hostile article: see articles.py.", ""]
    lines += [" ".join((name, what, *sorted(found))) for name, (what, found) in sorted(made.items())]
    (HERE / "expected.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_every_file_of_the_build_is_well_formed_and_lies_in_its_folder(built: Built) -> None:
    assert list(faults(built.out)) == []


def test_the_build_wrote_nothing_beside_its_folder(built: Built) -> None:
    assert sorted(path.name for path in built.folder.iterdir() if path.suffix != ".md") == ["out"]
    assert {path.name for path in built.folder.glob("*.md")} == {f"{each.name}.md" for each in _small()}


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # what rdflib says about its own calls
def test_rdflib_reads_a_sample_of_the_build(built: Built, tmp_path: Path) -> None:
    for each in list(_small())[::25]:
        (tmp_path / f"{each.name}.md").write_bytes(each.data)
    kbgraph("build", tmp_path, "--out", tmp_path / "out", "-j", 1, "-f", "nq,trig,turtle", cwd=tmp_path, seconds=100)
    union = rdflib.Graph().parse(tmp_path / "out" / "graph.ttl", format="turtle")
    for name in ("nquads", "trig"):
        dataset = rdflib.Dataset(default_union=True)
        dataset.parse(tmp_path / "out" / {"nquads": "graph.nq", "trig": "graph.trig"}[name], format=name)
        assert len(list(dataset.triples((None, None, None)))) == len(union)
