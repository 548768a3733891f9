"""The real corpus: nothing is merged that differs, nothing is lost, and what is broken is said.

What there is to find is counted from the files themselves, by a path that shares nothing with
kbgraph: PyYAML on the text between the first two lines `---`.
"""

from __future__ import annotations

import importlib
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
import yaml
from pyoxigraph import BlankNode, Store

import kbgraph
from kbgraph import Settings
from kbgraph.cli import main
from kbgraph.terms import KB, SCHEMA

ARTICLES = 1_086

Front = dict[str, object]


def split(file: Path) -> tuple[str, str]:
    """The text between the first two lines `---`, and the text behind them."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        lines = stream.read().splitlines(keepends=True)
    assert lines[0].rstrip() == "---"
    end = next(number for number, line in enumerate(lines) if number and line.rstrip() == "---")
    return "".join(lines[1:end]), "".join(lines[end + 1 :])


@pytest.fixture(scope="module")
def articles(shared: Path) -> Path:
    return shared / "corpus" / "articles"


@pytest.fixture(scope="module")
def fronts(articles: Path) -> dict[str, Front]:
    """The front matter of each article by its key, as PyYAML reads it."""
    found = {}
    for file in articles.rglob("*.md"):
        key = file.relative_to(articles).as_posix().removesuffix(".md")
        found[key] = yaml.load(split(file)[0], getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return found


@pytest.fixture(scope="module")
def store(corpus_result: kbgraph.BuildResult) -> Store:
    return corpus_result.graph.store()


def entries(front: Front, *names: str) -> list[Front]:
    """The members of some lists that are mappings."""
    return [each for name in names for each in front.get(name) or [] if isinstance(each, dict)]  # type: ignore[attr-defined]


def counted(store: Store, pattern: str) -> dict[str, int]:
    """How many solutions a pattern has for each ?article, by key."""
    query = f"""
        PREFIX kb: <{KB.iri}> PREFIX schema: <{SCHEMA.iri}> PREFIX prov: <http://www.w3.org/ns/prov#>
        SELECT ?article (COUNT(*) AS ?count) {{ {pattern} }} GROUP BY ?article
    """
    rows = store.query(query, use_default_graph_as_union=True)
    return {row["article"].value.removeprefix("https://kb.example/article/"): int(row["count"].value) for row in rows}


def only(counts: dict[str, int]) -> dict[str, int]:
    return {key: count for key, count in counts.items() if count}


def test_every_file_is_an_article(store: Store, fronts: dict[str, Front]) -> None:
    assert len(fronts) == ARTICLES
    assert counted(store, "?article a kb:Article") == dict.fromkeys(fronts, 1)


def test_every_fact_is_a_fact_of_its_article(store: Store, fronts: dict[str, Front]) -> None:
    expected = only({key: len(entries(front, "atomic_facts")) for key, front in fronts.items()})
    assert sum(expected.values()) > 3_000
    assert counted(store, "?article schema:hasPart ?fact . ?fact a kb:Fact") == expected
    assert counted(store, "?fact a kb:Fact ; schema:appearance ?article") == expected


def test_every_fact_has_the_id_and_statement_that_were_written(store: Store, fronts: dict[str, Front]) -> None:
    query = f"""
        SELECT ?article ?id ?text {{ ?fact a <{KB.Fact.value}> ; <{SCHEMA.appearance.value}> ?article ;
            <{SCHEMA.identifier.value}> ?id ; <{SCHEMA.text.value}> ?text }}
    """
    rows = store.query(query, use_default_graph_as_union=True)
    made = Counter(
        (row["article"].value.removeprefix("https://kb.example/article/"), row["id"].value, row["text"].value)
        for row in rows
    )
    written = Counter(
        (key, str(fact["id"]), str(fact["statement"]))
        for key, front in fronts.items()
        for fact in entries(front, "atomic_facts")
    )
    assert made == written


@pytest.mark.parametrize("role", ["primary", "secondary"])
def test_every_listed_source_is_a_reference(store: Store, fronts: dict[str, Front], role: str) -> None:
    expected = only({key: len(entries(front, f"{role}_sources")) for key, front in fronts.items()})
    assert (
        counted(
            store, f"?article kb:{role}Reference ?reference . ?reference a kb:SourceReference ; schema:item ?source"
        )
        == expected
    )


def test_every_reference_has_the_title_that_was_written(store: Store, fronts: dict[str, Front]) -> None:
    query = f"""
        SELECT ?article ?title {{ ?article <{KB.primaryReference.value}>|<{KB.secondaryReference.value}> ?reference .
            ?reference <http://purl.org/dc/terms/title> ?title }}
    """
    rows = store.query(query, use_default_graph_as_union=True)
    made = Counter(
        (row["article"].value.removeprefix("https://kb.example/article/"), row["title"].value) for row in rows
    )
    written = Counter(
        (key, str(source["title"]))
        for key, front in fronts.items()
        for source in entries(front, "primary_sources", "secondary_sources")
        if source.get("title")
    )
    assert made == written


@pytest.mark.parametrize(
    ("field", "pattern"),
    [
        ("known_gaps", "?article schema:comment ?gap"),
        ("disputed_statements", "?article schema:mentions ?dispute . ?dispute a kb:DisputedStatement"),
    ],
)
def test_every_member_of_a_list_is_there(store: Store, fronts: dict[str, Front], field: str, pattern: str) -> None:
    expected = only({key: len(front.get(field) or []) for key, front in fronts.items()})  # type: ignore[arg-type]
    assert counted(store, pattern) == expected


def test_sources_are_fewer_than_references_and_every_reference_has_one(
    store: Store, corpus_result: kbgraph.BuildResult
) -> None:
    classes = corpus_result.graph.class_counts()
    assert classes["kb:Source"] < classes["kb:SourceReference"]
    items = counted(
        store,
        "?article a kb:SourceReference ; schema:item ?source . ?source a kb:Source ; schema:identifier ?identifier",
    )
    references = counted(store, "?article a kb:SourceReference")
    assert set(items) == set(references)


def test_the_sections_of_every_article_are_its_body(store: Store, articles: Path, fronts: dict[str, Front]) -> None:
    query = f"""
        SELECT ?article ?position ?text {{ ?article <{SCHEMA.hasPart.value}> ?section .
            ?section a <{KB.Section.value}> ; <{SCHEMA.position.value}> ?position ; <{SCHEMA.text.value}> ?text }}
    """
    sections: dict[str, dict[int, str]] = {}
    for row in store.query(query, use_default_graph_as_union=True):
        key = row["article"].value.removeprefix("https://kb.example/article/")
        sections.setdefault(key, {})[int(row["position"].value)] = row["text"].value
    wrong = [
        key
        for key in fronts
        if "".join(text for _, text in sorted(sections.get(key, {}).items())).encode()
        != split(articles / f"{key}.md")[1].encode()
    ]
    assert wrong == []


def test_no_node_is_blank_and_no_iri_of_ours_ends_in_a_full_stop(corpus_result: kbgraph.BuildResult) -> None:
    data = corpus_result.graph.n_quads()
    assert re.search(rb"^_:|> _:[^ ]+ (<[^>]*> )?\.$", data, re.MULTILINE) is None
    assert re.search(rb"<https://kb\.example/[^>]*\.>", data) is None
    nodes = (
        term
        for quad in corpus_result.graph.quads("https://kb.example/graph/sources")
        for term in (quad.subject, quad.object)
    )
    assert not any(isinstance(node, BlankNode) for node in nodes)


def test_no_article_is_named_by_anything_but_its_path(
    corpus_result: kbgraph.BuildResult, fronts: dict[str, Front]
) -> None:
    names = {
        name.removeprefix("https://kb.example/graph/article/")
        for name in corpus_result.graph.graph_names
        if "/graph/article/" in name
    }
    assert names == set(fronts)


def test_the_number_of_processes_does_not_change_the_corpus(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several batches of articles, all in one process or spread over three."""
    monkeypatch.setattr(importlib.import_module("kbgraph.compiling"), "_BATCH", 30)
    part = shared / "corpus" / "articles" / "science"
    one, many = (kbgraph.build(part, settings=Settings(jobs=jobs)) for jobs in (1, 3))
    assert one.graph.n_quads() == many.graph.n_quads()
    assert one.report.problems == many.report.problems
    assert one.results == many.results


def test_an_article_of_the_corpus_says_the_same_in_another_company(
    corpus_result: kbgraph.BuildResult, shared: Path, tmp_path: Path
) -> None:
    """Only what leads to other articles may differ."""
    for folder in ("geography", "sports"):
        shutil.copytree(shared / "corpus" / "articles" / folder, tmp_path / folder)
    part = kbgraph.build(tmp_path, settings=Settings(jobs=1)).graph
    for name in part.graph_names:
        if "/graph/article/" in name:
            alone, among = set(part.quads(name)), set(corpus_result.graph.quads(name))
            assert alone <= among
            assert {quad.predicate for quad in among - alone} <= {SCHEMA.relatedLink, SCHEMA.workTranslation}


# ---- the broken articles


@pytest.fixture(scope="module")
def dirty(shared: Path) -> Path:
    return shared / "corpus" / "dirty"


@pytest.fixture(scope="module")
def dirty_result(dirty: Path) -> kbgraph.BuildResult:
    return kbgraph.build(dirty, settings=Settings(jobs=1))


def test_every_broken_article_is_converted_or_reported(dirty: Path, dirty_result: kbgraph.BuildResult) -> None:
    files = {file.relative_to(dirty).as_posix() for file in dirty.rglob("*.md")}
    assert len(files) == 80
    converted = {
        name.removeprefix("https://kb.example/graph/article/") + ".md"
        for name in dirty_result.graph.graph_names
        if "/graph/article/" in name
    }
    refused = {problem.place.path for problem in dirty_result.report if problem.code < "KB1"} - converted
    assert converted | refused == files
    assert len(converted) + len(refused) == 80
    assert converted
    assert refused


def test_a_broken_article_is_refused_exactly_where_yaml_fails(dirty: Path, dirty_result: kbgraph.BuildResult) -> None:
    unreadable = set()
    for file in dirty.rglob("*.md"):
        try:
            assert isinstance(yaml.safe_load(split(file)[0]), dict)
        except (yaml.YAMLError, AssertionError, StopIteration):
            unreadable.add(file.relative_to(dirty).as_posix())
    refused = {
        problem.place.path
        for problem in dirty_result.report
        if problem.code in {"KB004", "KB005", "KB006", "KB007", "KB011"}
    }
    assert refused == unreadable


def test_a_missing_space_after_a_colon_is_reported_at_the_first_line_that_lacks_it(
    dirty: Path, dirty_result: kbgraph.BuildResult
) -> None:
    folder = dirty / "89dd31e6"
    expected = {}
    for file in folder.rglob("*.md"):
        front, _ = split(file)
        try:
            yaml.safe_load(front)
        except yaml.YAMLError:
            lines = front.splitlines()
            expected[file.relative_to(dirty).as_posix()] = 2 + next(
                n for n, line in enumerate(lines) if re.match(r'\s*(- )?\w+:"', line)
            )
    assert len(expected) > 20
    found = {
        problem.place.path: problem.place.line
        for problem in dirty_result.report
        if problem.code == "KB007" and problem.place.path.startswith("89dd31e6")
    }
    assert found == expected


def test_a_duplicate_key_is_reported_at_both_places(dirty: Path, dirty_result: kbgraph.BuildResult) -> None:
    problems = [problem for problem in dirty_result.report if problem.code == "KB008"]
    assert len(problems) == 2
    one, two = problems
    assert (one.related, two.related) == ((two.place,), (one.place,))
    lines = (dirty / one.place.path).read_text().splitlines()
    keys = {lines[problem.place.line - 1].partition(":")[0].strip(" -") for problem in problems}
    assert len(keys) == 1


def test_every_problem_lies_in_its_file(dirty: Path, dirty_result: kbgraph.BuildResult) -> None:
    texts = {
        file.relative_to(dirty).as_posix(): re.split("\r\n|\n|\r", file.read_bytes().decode("utf-8", "replace"))
        for file in dirty.rglob("*.md")
    }
    for problem in dirty_result.report:
        for place in (problem.place, *problem.related):
            assert place.line <= len(texts[place.path])
            assert place.column <= len(texts[place.path][place.line - 1]) + 1, problem


def test_the_command_line_reports_the_broken_articles_with_exit_code_1(dirty: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as left:
        main(["build", str(dirty), "-o", str(tmp_path), "-f", "nq", "--jobs", "1"])
    assert left.value.code == 1
    assert (tmp_path / "graph.nq").exists()


def test_nothing_of_the_corpus_is_copied_into_the_project(root: Path, articles: Path) -> None:
    theirs = {split(file)[1].strip() for file in articles.rglob("*.md")}
    ours = {path.read_bytes().decode() for path in (root / "seeds").rglob("*.md")}
    assert not [text for text in ours if any(len(body) > 200 and body in text for body in theirs)]
