"""The questions of `queries/`: exact answers on the example articles, and the same ones from another engine.

`answers/` holds them as tab-separated tables. The examples are sound, so that questions about what is wrong have
empty answers there; `flawed/` has articles that are wrong on purpose, and `answers/flawed/` what is said of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
import rdflib

import kbgraph
from kbgraph.config import Settings
from kbgraph.query.bindings import bound, value_of
from kbgraph.query.functions import functions
from kbgraph.query.named import NamedQuery, named_queries
from kbgraph.store import Opened
from kbgraph.terms import PREFIXES

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

HERE = Path(__file__).parent
QUERIES = named_queries(Settings())
BASE = "https://kb.example/"
#: Values other than the defaults, for each parameter of each query; answers are in `answers/given/`.
GIVEN: dict[str, dict[str, str]] = {
    "articles-by-model": {"name": "claude-sonnet"},
    "articles-sharing-sources": {"least": "1"},
    "articles-with-one-source": {"category": "computer-science"},
    "articles-without-review": {"category": "ai"},
    "contributors": {"who": "Ada Example"},
    "dead-end-sources": {"category": "computer-science"},
    "disputed-statements": {"category": "ai"},
    "evidence-age": {"category": "science", "before": "2020"},
    "facts-not-in-the-text": {"category": "science"},
    "facts-with-one-source": {"category": "science/physics", "least": "1"},
    "high-confidence-few-sources": {"most": "3"},
    "high-confidence-weak-evidence": {"category": "ai"},
    "known-gaps": {"category": "computer-science"},
    "least-complete-articles": {"category": "knowledge"},
    "most-cited-sources": {"category": "ai", "least": "1"},
    "neighbourhood": {"article": "https://kb.example/article/ai/attention"},
    "orphans": {"most": "0"},
    "provenance-of-facts": {
        "article": "https://kb.example/article/ai/attention",
        "fact": "https://kb.example/article/ai/attention#fact-attention-003",
    },
    "reading-list": {"category": "knowledge", "least": "1"},
    "recent-articles": {"since": "2026-09-01"},
    "sources-by-address-only": {"least": "0"},
    "sources-by-author": {"least": "2"},
    "sources-by-publisher": {"least": "3"},
    "sources-by-year": {"from": "-400", "to": "1950"},
    "stale-articles": {"before": "2026-06-01", "category": "computer-science"},
}


@pytest.fixture(scope="module")
def graphs(root: Path) -> dict[str, kbgraph.KnowledgeGraph]:
    folders = {"seeds": root / "seeds", "flawed": HERE / "flawed"}
    return {name: kbgraph.build(folder).graph for name, folder in folders.items()}


@pytest.fixture(scope="module")
def stores(graphs: dict[str, kbgraph.KnowledgeGraph]) -> dict[str, Opened]:
    return {name: Opened(graph.store(), graph.base, graph.place) for name, graph in graphs.items()}


@pytest.fixture(scope="module")
def datasets(graphs: dict[str, kbgraph.KnowledgeGraph]) -> dict[str, rdflib.Dataset]:
    return {name: graph.to_rdflib() for name, graph in graphs.items()}


def text_with(query: NamedQuery, given: dict[str, str]) -> str:
    """The query in which its parameters have those values."""
    kinds = {each.name: each.kind for each in query.parameters}
    values = {name: value_of(text, PREFIXES, kind=kinds[name], base=BASE) for name, text in given.items()}
    return bound(query.text, values)


def table(variables: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    """The answer as tab-separated lines, IRIs below the base shortened."""
    lines = [[str(name).removeprefix("?") for name in variables], *([cell(term) for term in row] for row in rows)]
    return "".join("\t".join(line) + "\n" for line in lines)


def cell(term: object) -> str:
    text = (
        ""
        if term is None
        else str(getattr(term, "value", term))
        if not isinstance(term, rdflib.term.Node)
        else str(term)
    )
    number = re.fullmatch(r"(-?[0-9]+)\.([0-9]*?)0*", text)
    text = f"{number[1]}.{number[2]}".rstrip(".") if number else text
    return text.replace(BASE, "kb.example/").replace("\t", " ").replace("\n", "\\n")


def asked(opened: Opened, text: str) -> str:
    known = functions(opened.place_of)
    solutions = opened.store.query(text, use_default_graph_as_union=True, custom_functions=known)
    return table([each.value for each in solutions.variables], solutions)


def without_lines(answer: str) -> str:
    """The same where nobody knows lines."""
    names, *rows = (row.split("\t") for row in answer.splitlines())
    emptied = (["" if name == "line" else each for name, each in zip(names, row, strict=True)] for row in rows)
    return "".join("\t".join(row) + "\n" for row in (names, *emptied))


def asked_elsewhere(dataset: rdflib.Dataset, text: str) -> str:
    result = dataset.query(text)
    return table(result.vars or [], result)


@pytest.mark.parametrize("data", ["seeds", "flawed"])
@pytest.mark.parametrize("name", QUERIES)
def test_a_question_has_its_exact_answer(name: str, data: str, stores: dict[str, Opened]) -> None:
    golden = HERE / "answers" / data / f"{name}.tsv"
    assert asked(stores[data], QUERIES[name].text) == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", GIVEN)
def test_a_question_with_parameters_has_its_exact_answer(name: str, stores: dict[str, Opened]) -> None:
    golden = HERE / "answers" / "given" / f"{name}.tsv"
    assert asked(stores["seeds"], text_with(QUERIES[name], GIVEN[name])) == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("data", ["seeds", "flawed"])
@pytest.mark.parametrize("name", QUERIES)
def test_rdflib_gives_the_same_answer(name: str, data: str, datasets: dict[str, rdflib.Dataset]) -> None:
    golden = HERE / "answers" / data / f"{name}.tsv"
    assert asked_elsewhere(datasets[data], QUERIES[name].text) == without_lines(golden.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", GIVEN)
def test_rdflib_gives_the_same_answer_to_a_question_with_parameters(
    name: str, datasets: dict[str, rdflib.Dataset]
) -> None:
    golden = HERE / "answers" / "given" / f"{name}.tsv"
    found = asked_elsewhere(datasets["seeds"], text_with(QUERIES[name], GIVEN[name]))
    assert found == without_lines(golden.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", QUERIES)
def test_a_default_says_what_the_question_does_without_it(name: str, stores: dict[str, Opened]) -> None:
    query = QUERIES[name]
    defaults = {each.name: each.default for each in query.parameters if each.default is not None}
    assert asked(stores["seeds"], text_with(query, defaults)) == asked(stores["seeds"], query.text)


@pytest.mark.parametrize("name", QUERIES)
def test_a_question_has_an_answer_somewhere(name: str) -> None:
    sizes = [
        (HERE / "answers" / data / f"{name}.tsv").read_text(encoding="utf-8").count("\n")
        for data in ("seeds", "flawed")
    ]
    assert max(sizes) > 1


def test_there_are_enough_questions_and_all_are_answered_and_no_answer_is_left_over(root: Path) -> None:
    files = {path.stem for path in (root / "queries").glob("*.rq")}
    assert len(files) >= 24
    assert files == set(QUERIES)
    for data in ("seeds", "flawed"):
        assert {path.stem for path in (HERE / "answers" / data).glob("*.tsv")} == files
    assert {path.stem for path in (HERE / "answers" / "given").glob("*.tsv")} == set(GIVEN)


@pytest.mark.parametrize("name", QUERIES)
def test_a_question_says_what_it_is_and_runs_anywhere(name: str) -> None:
    query = QUERIES[name]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    assert query.answers.endswith("?")
    assert {each.name for each in query.parameters} == set(GIVEN.get(name, {}))
    used = set(re.findall(r"(?<![\w:?])([a-z]+):(?=\w)", re.sub(r"(?m)^(#|PREFIX).*$|\"[^\"]*\"", "", query.text)))
    declared = dict(re.findall(r"(?m)^PREFIX (\w+): <(.*)>$", query.text))
    assert used <= set(declared) <= set(PREFIXES)
    assert all(PREFIXES[prefix] == iri for prefix, iri in declared.items())
    assert "ORDER BY" in query.text
