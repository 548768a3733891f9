"""The index: what is found and in which order; kept by content, and made anew when it must be."""

from __future__ import annotations

import hashlib
import json
import pickle
import shutil
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.permissions import without_privileges

import kbgraph
from kbgraph import Settings
from kbgraph.config import Limits
from kbgraph.errors import LimitError, UsageError
from kbgraph.search.entries import Entry
from kbgraph.search.index import KINDS, Hit, Index
from kbgraph.search.making import fill
from kbgraph.search.words import normal, words_of
from kbgraph.terms import KB, SCHEMA

ARTICLE = """---
id: {id}
title: "{title}"
language: {language}
category: {category}
---

## {heading}

{text}
"""


@pytest.fixture(scope="module")
def index(seeds_graph: kbgraph.KnowledgeGraph) -> Index:
    return Index.of(seeds_graph)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    out = tmp_path_factory.mktemp("built") / "out"
    kbgraph.build(root / "seeds" / "ai", out=out, settings=Settings(jobs=1, formats=("nq",)))
    return out


@pytest.fixture
def out(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "out"))


def names(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.iri.removeprefix("https://kb.example/") for hit in hits]


def kept(out: Path) -> list[Path]:
    return sorted((out / ".cache").glob("search-*.sqlite"))


# ---- what is found


def test_titles_count_more_than_facts_and_these_more_than_sections(index: Index) -> None:
    found = index.search("wissensgraph", 50)
    assert found[0].kind == "article"
    kinds = list(dict.fromkeys(hit.kind for hit in index.search("instruction tuning", 50)))
    assert kinds[0] == "article"
    assert kinds.index("fact") < kinds.index("section") if "fact" in kinds else True
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


def test_a_fact_is_found_with_its_place(index: Index) -> None:
    hit = index.search("137 billion parameters")[0]
    assert names((hit,)) == ["article/ai/instruction-tuning#fact-instruction-tuning-001"]
    assert (hit.kind, hit.title.text, hit.within, hit.path) == (
        "fact",
        "Instruction Tuning",
        "Instruction Tuning",
        "ai/instruction-tuning.md",
    )
    marks = [hit.snippet.text[begin:end] for begin, end in hit.snippet.marks]
    assert marks == ["137", "billion", "parameters"]


def test_the_article_gives_words_that_its_facts_lack(index: Index) -> None:
    found = index.search("instruction tuning InstructGPT steps", kinds=["fact"])
    assert names(found) == ["article/ai/instruction-tuning#fact-instruction-tuning-005"]
    # … but what has none of the words itself is not found
    assert names(index.search("instruction tuning", 100, kinds=["gap"])) == ["article/ai/instruction-tuning#_gap-2"]


def test_sources_are_found_by_title_author_and_year(index: Index) -> None:
    for words in ("all you need", "vaswani 2017", "1706.03762"):
        assert names(index.search(words, kinds=["source"])) == ["source/arxiv/1706.03762"], words


def test_gaps_disputes_and_sections_are_found(index: Index) -> None:
    assert names(index.search("DPO")) == ["article/ai/instruction-tuning#_gap-1"]
    assert index.search("textes fiables")[0].kind == "dispute"
    section = index.search("supervised learning second stage", kinds=["section"])[0]
    assert (section.title.text, section.within) == ("Core Explanation", "Instruction Tuning")
    assert "## " not in section.snippet.text


def test_phrases_and_what_must_not_be_there(index: Index) -> None:
    both = index.search("language model", 100)
    phrase = index.search('"language model"', 100)
    assert set(names(phrase)) < set(names(both))
    assert all("language model" in " ".join(words_of(hit.snippet.text + " " + hit.title.text)) for hit in phrase)
    without = index.search("language model -instruction", 100)
    assert set(names(without)) < set(names(both))
    assert "article/ai/instruction-tuning" not in names(without)


def test_the_last_word_may_be_a_beginning(index: Index) -> None:
    assert "article/knowledge/wissensgraph" in names(index.search("wissensgr"))
    assert index.search("wissensgr ontologie") == ()
    assert names(index.search("wissensgr*")) == names(index.search("wissensgr"))


def test_accents_and_case_do_not_count(index: Index) -> None:
    assert index.search("GENÈVE savoir", 5) == index.search("geneve SAVOIR", 5)
    assert [hit.kind for hit in index.search("bjorn", 2)] == ["person", "article"]
    assert names(index.search("lukasz kaiser", 3, kinds=["source"])) == ["source/arxiv/1706.03762"]


def test_a_category_holds_what_its_articles_say_and_cite(index: Index) -> None:
    everywhere = index.search("graph", 200)
    found = index.search("graph", 200, category="Knowledge")
    assert 0 < len(found) < len(everywhere)
    assert {hit.path.partition("/")[0] for hit in found if hit.path} == {"knowledge"}
    assert any(hit.kind == "source" for hit in found)
    with pytest.raises(UsageError, match="there is no category 'knowlege'; there is knowledge"):
        index.search("graph", category="knowlege")


def test_kinds_are_those_of_the_model(index: Index) -> None:
    assert {hit.kind for kind in KINDS for hit in index.search("the la der", 1, kinds=[kind])} <= set(KINDS)
    for kind in KINDS:
        assert {hit.kind for words in ("of", "la", "in", "is") for hit in index.search(words, 5, kinds=[kind])} == {
            kind
        }
    with pytest.raises(UsageError, match="there is no kind 'facts'"):
        index.search("graph", kinds=["facts"])


def test_suggestions_are_titles_of_articles_and_sources(index: Index) -> None:
    assert {hit.kind for hit in index.suggest("graph", 50)} == {"article", "source"}
    found = index.suggest("inst tun")
    assert found == ()
    assert names(index.suggest("instruction tun")) == ["article/ai/instruction-tuning"]
    assert all(hit.title.marks for hit in index.suggest("gr", 50))
    assert index.suggest("") == index.suggest("-x") == ()


def test_every_word_of_a_title_finds_its_article(index: Index, seeds_graph: kbgraph.KnowledgeGraph) -> None:
    titles = {quad.subject.value: quad.object.value for quad in seeds_graph if quad.predicate == SCHEMA.headline}
    assert len(titles) == 14
    for iri, title in titles.items():
        for word in words_of(title):
            assert iri in {hit.iri for hit in index.search(word, 500)}, (title, word)
            assert iri in {hit.iri for hit in index.search(f"{word[:3]}", 500)}, (title, word[:3])
        assert index.search(title)[0].iri == iri


def test_a_whole_title_comes_before_titles_that_hold_it(tmp_path: Path) -> None:
    for name, title in (
        ("a", "Computer Vision: Computer Vision for Vision"),
        ("b", "On Computer Vision"),
        ("c", "Computer Vision"),
    ):
        article = ARTICLE.format(id=name, language="en", category="x", title=title, heading="Text", text="Text.")
        (tmp_path / f"{name}.md").write_text(article, encoding="utf-8")
    graph = kbgraph.build(tmp_path, settings=Settings(jobs=1)).graph
    for words in ("computer vision", "Computer Visi", '"computer vision"'):
        assert [hit.path for hit in graph.search(words)] == ["c.md", "a.md", "b.md"], words
    assert [hit.path for hit in Index.of(graph).suggest("computer vis")] == ["c.md", "a.md", "b.md"]


def test_every_fact_is_found_by_its_statement(index: Index, seeds_graph: kbgraph.KnowledgeGraph) -> None:
    facts = {quad.subject.value for quad in seeds_graph if quad.object == KB.Fact}
    texts = {quad.subject.value: quad.object.value for quad in seeds_graph if quad.predicate == SCHEMA.text}
    for iri in sorted(facts):
        assert index.search(texts[iri].replace('"', " "), 1)[0].iri == iri


def test_scripts_without_spaces_are_found_by_any_part(tmp_path: Path) -> None:
    for at, (language, title, heading, text) in enumerate(
        [
            ("zh", "知识图谱", "核心解释", "知识图谱由实体和关系组成，人工智能常用它。"),
            ("ja", "データベース入門", "概要", "関係データベースは表でデータを管理する。"),
            ("ko", "한국의 역사", "개요", "한국에서는 금속 활자가 일찍 쓰였다."),
            ("th", "กราฟความรู้", "ภาพรวม", "กราฟประกอบด้วยโหนด"),
        ]
    ):
        article = ARTICLE.format(id=at, language=language, category="技术/图", title=title, heading=heading, text=text)
        (tmp_path / f"{language}.md").write_text(article, encoding="utf-8")
    index = Index.of(kbgraph.build(tmp_path, settings=Settings(jobs=1)).graph)
    for words, path in [
        ("图", "zh"),
        ("图谱", "zh"),
        ("智能", "zh"),
        ("实体 关系", "zh"),
        ("管理", "ja"),
        ("データ", "ja"),
        ("ﾃﾞｰﾀ", "ja"),
        ("활자", "ko"),
        ("한국", "ko"),
        ("ความรู้", "th"),
    ]:
        found = index.search(words)
        assert {hit.path for hit in found if hit.kind != "category"} == {f"{path}.md"}, words
        texts = [hit.snippet.text[a:b] for hit in found for a, b in hit.snippet.marks]
        texts += [hit.title.text[a:b] for hit in found for a, b in hit.title.marks]
        assert {"".join(words_of(each)) for each in texts} <= {"".join(words_of(each)) for each in words.split()}
    assert index.search("谱图") == ()
    assert index.search("图", category="技术") == index.search("图", category="技术/图") != ()


def test_a_graph_in_python_is_searched_as_its_index_is(index: Index, seeds_graph: kbgraph.KnowledgeGraph) -> None:
    found = seeds_graph.search("graph", 5, kinds=["fact"], category="knowledge")
    assert found == index.search("graph", 5, kinds=["fact"], category="knowledge") != ()
    assert "article/knowledge/wissensgraph" in names(seeds_graph.search("wissensgr"))
    assert pickle.loads(pickle.dumps(seeds_graph)).search("graph", 5) == seeds_graph.search("graph", 5)


# ---- hostile texts


@pytest.mark.parametrize(
    "words",
    [
        '"',
        '""',
        "*",
        ":",
        "graph:",
        "title:graph",
        "{title} : graph",
        "NEAR(graph model, 2)",
        "graph AND",
        "AND OR NOT",
        "^graph",
        "graph + model",
        "(graph",
        "graph)",
        "graph' OR 1=1 --",
        "'; DROP TABLE entry; --",
        "graph\0model",
        "\ud800graph",
        "%_",
        "…?!",
        "a" * 10_000,
        '"' * 10_000,
        "-" * 10_000,
        "(" * 10_000,
        " " * 10_000,
        "x* " * 64,
    ],
)
def test_no_text_is_a_mistake(index: Index, words: str) -> None:
    assert isinstance(index.search(words), tuple)
    assert isinstance(index.suggest(words), tuple)


def test_more_words_than_the_limit_are_refused_and_named(index: Index) -> None:
    with pytest.raises(LimitError, match="search_words"):
        index.search("word " * 2_000)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=6, unique=True))
def test_every_word_of_any_title_finds_it(titles: list[str]) -> None:
    database = sqlite3.connect(":memory:")
    fill(database, [Entry(f"a:{at}", "article", normal(title)) for at, title in enumerate(titles)], "", lambda _: None)
    with Index(database, Limits()) as index:
        for at, title in enumerate(titles):
            for word in words_of(title):
                (hit,) = [each for each in index.search(word) if each.iri == f"a:{at}"]
                assert any(word in words_of(hit.title.text[begin:end]) for begin, end in hit.title.marks)


def test_long_titles_and_texts_are_cut_and_quickly() -> None:
    database = sqlite3.connect(":memory:")
    text = "word [ ](x  " * 100_000 + "end"
    fill(database, [Entry("a:a", "article", text, text)], "", lambda _: None)
    begin = time.process_time()
    with Index(database, Limits()) as index:
        (hit,) = index.search("word")
    assert len(hit.title.text) < 230 > len(hit.snippet.text)
    assert time.process_time() - begin < 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_answered(index: Index, words: str) -> None:
    found = index.search(words, 3)
    assert len(found) <= 3
    assert index.search(words, 0) == ()


# ---- the file


def test_an_index_is_made_once_and_kept(out: Path) -> None:
    told: list[str] = []
    with Index.open(out, told=told.append) as first, Index.open(out, told=told.append) as second:
        assert first.search("attention") == second.search("attention") != ()
    assert told == ["making the search index of graph.nq …"]
    assert len(kept(out)) == 1
    assert not list((out / ".cache").glob("*.part"))


def test_the_same_dataset_gives_the_same_index(out: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(out, tmp_path / "other"))
    for each in (out, other):
        Index.open(each).close()
    assert kept(out)[0].name != kept(other)[0].name
    assert kept(out)[0].read_bytes() == kept(other)[0].read_bytes()


def test_another_cache_holds_the_indexes_of_several_builds(out: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(out, tmp_path / "other"))
    for each in (out, other, out):
        Index.open(each, tmp_path / "cache").close()
    assert len(list((tmp_path / "cache").glob("search-*.sqlite"))) == 2
    assert kept(out) == []


def test_a_newer_build_makes_an_index_stale(out: Path, root: Path) -> None:
    with Index.open(out) as old:
        assert old.search("shacl") == ()
        kbgraph.build(root / "seeds" / "knowledge", out=out, settings=Settings(jobs=1, formats=("nq",)))
        with Index.open(out) as new:
            assert new.search("shacl") != ()
            assert new.search("attention") == ()
        assert old.search("attention") != ()
    assert len(kept(out)) == 1


def test_an_index_of_another_version_is_made_anew(out: Path) -> None:
    Index.open(out).close()
    with sqlite3.connect(kept(out)[0]) as database:
        database.execute("UPDATE mark SET value = '0 ' || value")
    database.close()
    told: list[str] = []
    Index.open(out, told=told.append).close()
    assert len(told) == 1


@pytest.mark.parametrize("damage", ["", "not a database", "cut", "pages"])
def test_a_damaged_index_is_made_anew(out: Path, damage: str) -> None:
    with Index.open(out) as index:
        expected = index.search("attention", 50)
    (path,) = kept(out)
    data = path.read_bytes()
    with sqlite3.connect(path) as database:
        ((mark,),) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'mark'")
    database.close()
    pages = [data[at : at + 4096] for at in range(0, len(data), 4096)]
    holed = b"".join(page if number in {1, mark} else b"\xff" * 4096 for number, page in enumerate(pages, 1))
    broken = {"cut": data[: len(data) // 3], "pages": holed}
    path.write_bytes(broken.get(damage, damage.encode()))
    with Index.open(out) as index:
        assert index.search("attention", 50) == expected
    assert path.read_bytes() == data


def test_where_nothing_can_be_kept_the_index_is_in_memory(out: Path) -> None:
    (out / ".cache").mkdir(exist_ok=True)
    for each in (out / ".cache", out):
        each.chmod(0o555)
    without_privileges(out)
    told: list[str] = []
    with Index.open(out, told=told.append) as index:
        assert index.search("attention") != ()
    assert told == [
        "making the search index of graph.nq …",
        f"'{out / '.cache'}' cannot be written to: the index is for this time only",
    ]


def test_a_kept_index_that_cannot_be_written_to_is_used(out: Path) -> None:
    Index.open(out).close()
    for each in (*kept(out), out / ".cache", out):
        each.chmod(0o444 if each.is_file() else 0o555)
    without_privileges(out)
    told: list[str] = []
    with Index.open(out, told=told.append) as index:
        assert index.search("attention") != ()
    assert told == []


def test_several_may_make_and_ask_it_at_once(out: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from kbgraph.search.index import Index; "
        "print(len(Index.open(Path(sys.argv[1])).search('attention', 100)))"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(out)], stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    answers = {each.communicate()[0] for each in running}
    with Index.open(out) as index, ThreadPoolExecutor(4) as threads:
        found = set(threads.map(lambda _: index.search("attention", 100), range(40)))
    assert len(found) == 1
    assert answers == {f"{len(found.pop())}\n"}
    assert len(kept(out)) == 1


def test_a_file_of_rdf_is_read_into_memory(out: Path, tmp_path: Path) -> None:
    path = tmp_path / "graph.ttl"
    path.write_text(
        kbgraph.build(Path(__file__).parents[2] / "seeds" / "ai").graph.serialize("turtle"), encoding="utf-8"
    )
    with Index.open(path) as one, Index.open(out) as other:
        assert one.search("attention", 100) == tuple(replace(hit, line=None) for hit in other.search("attention", 100))
    assert list(tmp_path.glob("**/search-*")) == kept(out)


def test_what_is_no_dataset_is_said(tmp_path: Path, out: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        Index.open(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="there is no graph in"):
        Index.open(tmp_path)
    with (out / "graph.nq").open("ab") as file:
        file.write(b"<a:a> <a:b> <a:c> .\n")
    with pytest.raises(UsageError, match="is not what its manifest says: build it again"):
        Index.open(out)
    manifest = json.loads((out / "manifest.json").read_bytes())
    data = (out / "graph.nq").read_bytes()
    manifest["files"] = [
        {"path": "graph.nq", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for _ in range(1)
    ]
    (out / "manifest.json").write_text(json.dumps(manifest))
    Index.open(out, limits=Limits()).close()


def test_an_answer_comes_as_fast_as_typing(index: Index) -> None:
    word = "knowledge graph"
    took = []
    for length in range(1, len(word) + 1):
        begin = time.process_time()
        index.search(word[:length])
        took.append(time.process_time() - begin)
    assert max(took) < 0.1


def test_people_organisations_and_categories_are_found_and_suggested_by_name(index: Index) -> None:
    for words, kind, name in [
        ("vaswani", "person", "Ashish Vaswani"),
        ("artificial intelligence", "category", "Artificial intelligence"),
        ("physical society", "organisation", "American Physical Society"),
    ]:
        (hit,) = index.search(words, 1, kinds=[kind])
        assert hit.title.text == name
        assert "#" not in hit.iri
        assert hit.iri in {each.iri for each in index.suggest(words[:-1], 20)}
