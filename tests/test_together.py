"""Articles one by one and all together: whichever way is taken, the same is found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

import kbgraph
from kbgraph import Settings
from kbgraph.across import bucket_of, index_of, lines_for, questions_across, seen_across
from kbgraph.building import compile_inputs
from kbgraph.cache import Cache, entry_of
from kbgraph.check import query_results
from kbgraph.compiled import Compiled, name_of
from kbgraph.compiling import compiled_articles, kind_of
from kbgraph.inputs import Input, discover, key_of, read_bounded
from kbgraph.making import compile_articles
from kbgraph.shapes import Query, shipped_shapes
from kbgraph.together import Across, shared_parts
from kbgraph.validation import Result

SETTINGS = Settings(jobs=1)
BAD = Path(__file__).parent / "bad"


def inputs_of(folder: Path, settings: Settings = SETTINGS) -> Sequence[Input]:
    return discover([folder], settings.exclude, settings.limits).inputs


@pytest.fixture(scope="module", params=["seeds", "bad", "corpus"])
def graph(request: pytest.FixtureRequest, root: Path) -> kbgraph.KnowledgeGraph:
    """Datasets in which constraints across articles find something, or nothing."""
    if request.param == "corpus":
        shared = request.getfixturevalue("shared")
        inputs = inputs_of(shared / "corpus" / "articles")[::9]
    else:
        inputs = inputs_of(root / "seeds" if request.param == "seeds" else BAD)
    return compile_inputs(inputs, SETTINGS).graph


def test_constraints_across_articles_miss_nothing_in_the_few_lines_they_are_given(
    graph: kbgraph.KnowledgeGraph,
) -> None:
    shapes = shipped_shapes()
    across = [query for query in shapes.queries if query.across]
    assert across
    whole = Counter(query_results(graph.store(), shapes, across))
    assert Counter(Across(graph.parts, None).results()) == whole
    if len(graph.parts) > 100:
        assert len(whole) > 5
    few = sum(len(lines_for(part, ~0)) for part in graph.parts)
    assert 0 < few < len(graph.n_quads()) / 2


def test_what_is_kept_for_these_constraints_is_what_would_be_chosen_now(graph: kbgraph.KnowledgeGraph) -> None:
    for part in graph.parts:
        lines, index = seen_across(part.lines, shipped_shapes())
        assert lines_for(part, ~0) == lines
        assert list(map(tuple, index_of(part).digests)) == index.digests
        assert set(lines.splitlines()) <= set(part.lines.splitlines())


def test_each_question_misses_nothing_in_the_lines_that_it_is_answered_by(graph: kbgraph.KnowledgeGraph) -> None:
    shapes = shipped_shapes()
    answers: dict[tuple[Query, ...], list[Result]] = {}
    for question in questions_across(shapes):
        store = Store()
        store.bulk_load(b"".join(lines_for(part, question.cells) for part in graph.parts), format=RdfFormat.N_QUADS)
        found = list(query_results(store, shapes, question.queries))
        kind = question.queries[0].compares
        assert all(bucket_of(kind, each.group) == question.bucket for each in found if question.bucket)
        answers.setdefault(question.queries, []).extend(found)
    store = graph.store()
    for queries, found in answers.items():
        assert Counter(found) == Counter(query_results(store, shapes, queries))


def test_articles_are_the_same_one_by_one_and_in_batches(root: Path) -> None:
    for folder in (root / "seeds", BAD):
        inputs = inputs_of(folder)[:40]
        files = [(each, data) for each in inputs if isinstance(data := read_bounded(each, 10**7), bytes)]
        keys = {key_of(each.path) for each in inputs}
        modules = ["rdf", "search"]
        one_by_one = [entry for each in files for entry in compile_articles([each], SETTINGS, keys, modules)]
        assert compile_articles(files, SETTINGS, keys, modules) == one_by_one
        assert compile_articles(files[::-1], SETTINGS, keys, modules) == one_by_one[::-1]


# ---- when a compiled article may be used again


def compiled(text: str, keys: set[str], modules: Sequence[str] = ()) -> Compiled:
    data = text.encode()
    (entry,) = compile_articles([(Input("ai/a.md", Path("ai/a.md"), data), data)], SETTINGS, keys, modules)
    return Compiled.of(entry_of(entry, entry))


LINKING = "---\nid: a\nrelated_articles: [b.md, /c]\n---\n\nSee [d](../x/d).\n"


def test_an_article_knows_which_links_it_asked_for() -> None:
    article = compiled(LINKING, {"ai/a", "ai/b", "e"})
    assert article.header["asked"]["ai/b"] is True
    assert article.header["asked"]["c"] is False
    assert article.holds({"ai/a", "ai/b"}, ())
    assert article.holds({"ai/a", "ai/b", "e", "nobody/asked"}, ())
    assert not article.holds({"ai/a"}, ()), "a link leads nowhere now"
    assert not article.holds({"ai/a", "ai/b", "c"}, ()), "a link has found its end"
    assert not article.holds({"ai/a", "ai/b", "x/d"}, ())


def test_an_article_holds_only_what_was_made_for_some_formats() -> None:
    article = compiled(LINKING, {"ai/a"}, ["rdf", "search"])
    assert article.holds({"ai/a"}, ["rdf"])
    assert article.holds({"ai/a"}, [])
    assert not article.holds({"ai/a"}, ["rdf", "networks"])


def test_a_file_that_cannot_be_read_has_no_part_and_mentions_nothing() -> None:
    article = compiled("no front matter", {"ai/a"})
    assert article.part is None
    assert not article.mentioned
    assert not article.mentions.sources
    assert [each.code for each in article.problems] == ["KB004"]


def test_names_of_entries_are_of_path_and_bytes() -> None:
    names = {name_of(path, data) for path, data in (("a", b"b"), ("ab", b""), ("a", b"c"), ("b", b"b"), ("", b"ab"))}
    assert len(names) == 5


@pytest.mark.parametrize(
    "change",
    [
        {"base": "https://other.example/"},
        {"aliases": {"date": "created_date"}},
        {"limits": replace(SETTINGS.limits, depth=7)},
        {"engine": "pyshacl"},
    ],
)
def test_what_every_article_depends_on_makes_another_kind(change: dict[str, object]) -> None:
    assert kind_of(SETTINGS.changed(**change)) != kind_of(SETTINGS)


def test_another_version_makes_another_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    before = kind_of(SETTINGS)
    monkeypatch.setattr("kbgraph.compiling.program_digest", lambda: "of another version")
    assert kind_of(SETTINGS) != before


# ---- what is remembered of all articles


def lines_of(parts: Sequence[kbgraph.parts.Part]) -> list[bytes]:
    return [part.lines for part in parts]


def test_shared_graphs_come_from_the_cache_where_nothing_of_theirs_was_changed(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = inputs_of(root / "seeds")
    cache = Cache(tmp_path / "cache", kind_of(SETTINGS), tmp_path / "aside")
    articles, _ = compiled_articles(inputs, SETTINGS, ["rdf"], cache)
    plain, _ = shared_parts(articles, SETTINGS, ["rdf"], None)
    made, names = shared_parts(articles, SETTINGS, ["rdf"], cache)
    assert lines_of(made) == lines_of(plain)
    assert all(cache.read(name) is not None for name in names)
    with monkeypatch.context() as patch:
        patch.setattr("kbgraph.together.buckets", lambda *_: pytest.fail("they were merged again"))
        again, _ = shared_parts(articles, SETTINGS, ["rdf"], cache)
    assert lines_of(again) == lines_of(plain)
    other, _ = shared_parts(articles, SETTINGS.changed(title="Another"), ["rdf"], cache)
    assert lines_of(other) != lines_of(plain)
    fewer, _ = shared_parts(articles[1:], SETTINGS, ["rdf"], cache)
    assert lines_of(fewer) == lines_of(shared_parts(articles[1:], SETTINGS, ["rdf"], None)[0])


def test_results_across_articles_are_remembered_by_what_they_depend_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache(tmp_path / "cache", kind_of(SETTINGS), tmp_path / "aside")
    articles, _ = compiled_articles(inputs_of(BAD)[:60], SETTINGS, [], cache)
    parts = [each.part for each in articles if each.part is not None]
    parts += shared_parts(articles, SETTINGS, [], cache)[0]
    found = Across(parts, cache).results()
    assert found
    assert found == Across(parts, None).results()
    with monkeypatch.context() as patch:
        patch.setattr("kbgraph.together.query_results", lambda *_: pytest.fail("they were looked for again"))
        assert Across(parts, cache).results() == found
    assert Across(parts[1:], cache).names != Across(parts, cache).names
