"""The graph back to articles: whole files, at their places, and what is missing is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from tests.properties.as_written import comparable, written
from tests.properties.front_matters import front_matters
from tests.small_articles import ARTICLE as SUBJECT
from tests.small_articles import BASE, made_of, shared_quads_of

import kbgraph
from kbgraph.cli import cli
from kbgraph.dataset import Dataset, read_dataset
from kbgraph.errors import UsageError, WorldError
from kbgraph.graph import sorted_lines
from kbgraph.restore import Restored, restore, restored_articles
from kbgraph.terms import SCHEMA

#: What the graph says of a file that depends on how its scalars are quoted.
BYTES = (f" {SCHEMA.contentSize} ".encode(), f" {SCHEMA.sha256} ".encode())

ARTICLES = {
    "plain": b"---\nid: a\ntitle: A\n---\n# A\n\ntext\n",
    "CRLF": b"---\r\nid: a\r\ntitle: A\r\n---\r\n# A\r\n\r\ntext\r\n",
    "mixed line ends": b"---\nid: a\n---\n# A\r\n\rtext\n\r\n",
    "no last line end": b"---\nid: a\n---\n# A\n\ntext",
    "a BOM": b"\xef\xbb\xbf---\nid: a\n---\ntext\n",
    "no body": b"---\nid: a\n---",
    "no front matter to speak of": b"---\n---\n\n\n  \ntext",
    "three dots": b"---\nid: a\n...\ntext\n---\nmore\n",
    "a key twice": b"---\nid: a\ntitle: one\nid: b\n---\ntext\n",
    "unknown and nested": b"---\nx: {b: [1, {d: 2, c: no}], a: ~}\n'y z': [[], {}, '']\n---\n",
    "another script": "---\ntitle: 数据\nlanguage: zh\n数据: [é, 😀]\n---\n# 数据\n".encode(),
    "a body like a front matter": b"---\nid: a\n---\n---\nid: b\n---\n",
    "folded": b"---\nsummary: >\n  one\n  two\n\n  three\ntitle: |\n  a\n   b\nslug: x\n  y\n---\n",
    "aliases": b"---\ndate: 2026-01-01\n---\n",
}


def without_bytes(graph: kbgraph.KnowledgeGraph) -> list[bytes]:
    return [
        line
        for line in graph.n_quads().splitlines()
        if not (b"#_file> " in line and any(each in line for each in BYTES))
    ]


def dataset_of(graph: kbgraph.KnowledgeGraph) -> Dataset:
    return Dataset(graph.n_quads().splitlines(keepends=True))


def from_lines(text: str) -> list[Restored]:
    return list(restored_articles(Dataset(text.encode().splitlines(keepends=True))))


def small(front: str = "id: a", body: str = "") -> bytes:
    """A small article's dataset, as N-Quads."""
    made = made_of(front, body)
    return sorted_lines([*made.statements.quads, *shared_quads_of(made)])


def test_articles_of_the_seeds_come_back_equal(tmp_path: Path, root: Path, seeds_result: kbgraph.BuildResult) -> None:
    restored = list(restore(dataset_of(seeds_result.graph), tmp_path / "back"))
    assert [each.losses for each in restored if each.losses] == []
    files = sorted(path.relative_to(root / "seeds") for path in (root / "seeds").rglob("*.md"))
    assert sorted(path.relative_to(tmp_path / "back") for path in (tmp_path / "back").rglob("*.md")) == files
    for file in files:
        (front, body), (front_back, body_back) = written(root / "seeds" / file), written(tmp_path / "back" / file)
        assert comparable(front_back) == comparable(front)
        assert body_back == body


def test_a_second_build_gives_the_same_graph(tmp_path: Path, seeds_result: kbgraph.BuildResult) -> None:
    list(restore(dataset_of(seeds_result.graph), tmp_path))
    again = kbgraph.build(tmp_path, settings=kbgraph.Settings(jobs=1))
    assert without_bytes(again.graph) == without_bytes(seeds_result.graph)
    first = dataset_of(again.graph)
    for each in restore(first, tmp_path, force=True):
        assert each.identical  # what was restored once is restored to the byte


@pytest.mark.parametrize("data", ARTICLES.values(), ids=ARTICLES)
def test_what_comes_back_is_what_went_in(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a b.md").write_bytes(data)
    chosen = kbgraph.Settings(jobs=1, aliases={"date": "created_date"})
    graph = kbgraph.build(tmp_path / "in", settings=chosen).graph
    (each,) = restore(dataset_of(graph), tmp_path / "back")
    assert (each.path, each.losses, each.written) == ("a b.md", (), True)
    back = (tmp_path / "back" / "a b.md").read_bytes()
    assert back == each.data
    assert each.identical is (back == data)
    again = kbgraph.build(tmp_path / "back", settings=chosen).graph
    assert without_bytes(again) == without_bytes(graph)


def test_line_ends_and_plain_articles_come_back_to_the_byte(tmp_path: Path) -> None:
    for name in ("plain", "CRLF", "no last line end"):
        (tmp_path / f"{name}.md").write_bytes(ARTICLES[name])
    graph = kbgraph.build(tmp_path, settings=kbgraph.Settings(jobs=1)).graph
    assert [each.identical for each in restored_articles(dataset_of(graph))] == [True, True, True]


@given(front_matters())
@settings(max_examples=150)
def test_any_article_is_restored_and_says_the_same(front: str) -> None:
    made = made_of(front, "# One\r\n\ntwo", others=["ai/b"])
    lines = sorted_lines([*made.statements.quads, *shared_quads_of(made)])
    (each,) = restored_articles(Dataset(lines.splitlines(keepends=True)))
    assert (each.path, each.losses) == ("ai/a.md", ())
    assert each.data.endswith(b"---\r\n# One\r\n\ntwo")


@pytest.mark.parametrize("name", ["trig", "turtle", "jsonld", "nt"])
def test_every_format_that_holds_the_graph_can_be_restored(
    tmp_path: Path, seeds_graph: kbgraph.KnowledgeGraph, name: str
) -> None:
    file = tmp_path / f"graph.{ {'turtle': 'ttl'}.get(name, name) }"
    file.write_text(seeds_graph.serialize(name), encoding="utf-8")
    expected = [(each.path, each.data) for each in restored_articles(dataset_of(seeds_graph))]
    restored = list(restored_articles(read_dataset(file)))
    assert [(each.path, each.data) for each in restored] == expected
    assert [each.losses for each in restored if each.losses] == []


PIECES = {
    "a section": (b"#_section-2> <https://schema.org/text>", "the section _section-2: _section-2 has no schema:text"),
    "a field": (b'<https://schema.org/name> "T"', "'title': the article has no schema:name"),
    "a fact's field": (b'<https://schema.org/text> "S."', "'statement' of f: f has no schema:text"),
    "a link to a fact": (b"<https://schema.org/hasPart> <https://kb.example/article/ai/a#f>", "the graph says, and the file does not: #f kb:keys"),
    "a kept value": (b"#_extra-1> <https://schema.org/value>", "_extra-1 has no kb:jsonValue"),
    "a source's year": (b"#_ref-1> <http://purl.org/dc/terms/issued>", "'year' of _ref-1: _ref-1 has no dcterms:issued"),
    "the file": (b"#_file> <https://schema.org/name>", "it is not written: the graph names no file"),
}  # fmt: skip


@pytest.mark.parametrize(("piece", "said"), PIECES.values(), ids=PIECES)
def test_a_missing_piece_is_said_and_the_rest_is_restored(tmp_path: Path, piece: bytes, said: str) -> None:
    front = "title: T\nid: a\natomic_facts: [{id: f, statement: S.}]\nx: 1\nprimary_sources: [{title: W, year: 2000}]"
    lines = small(front, "# One\n\n## Two\n\ntext\n").splitlines(keepends=True)
    kept = [line for line in lines if piece not in line]
    assert len(kept) < len(lines)
    (each,) = restore(Dataset(kept), tmp_path)
    assert any(said in loss for loss in each.losses), each.losses
    assert b"id: a\n" in each.data


@pytest.mark.parametrize("value", ["[", "[" * 100_000, '{"a":{"b":"c"}}', "null"])
def test_a_foreign_json_value_is_no_traceback(value: str) -> None:
    extra = f"{SUBJECT}#_extra-1"
    graph = f"<{BASE}graph/article/ai/a>"
    lines = small("x: {b: {d: 1, c: 2}, a: 3}").decode().splitlines(keepends=True)
    kept = [line for line in lines if not (line.startswith(f"<{extra}>") and "jsonValue" in line)]
    json = '"' + value.replace('"', '\\"') + '"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>'
    (each,) = from_lines("".join([*kept, f"<{extra}> <https://w3id.org/kbgraph/ns#jsonValue> {json} {graph} .\n"]))
    assert each.losses


HOSTILE = ["../../x.md", "/tmp/x.md", "a/../../x.md", ".git/hooks/pre-commit", "a\\u0000.md", "", "a//b.md", "..", "C:\\u000A.md"]  # fmt: skip


@pytest.mark.parametrize("path", HOSTILE)
def test_a_path_that_leads_elsewhere_is_not_written(tmp_path: Path, path: str) -> None:
    lines = (
        small()
        .decode()
        .replace('#_file> <https://schema.org/name> "ai/a.md"', f'#_file> <https://schema.org/name> "{path}"')
    )
    out = tmp_path / "deep" / "out"
    (each,) = restore(Dataset(lines.encode().splitlines(keepends=True)), out)
    assert not each.written
    assert any("it is not written" in loss for loss in each.losses)
    assert list(tmp_path.rglob("*")) == []


def test_two_articles_of_one_path_are_not_written_over_each_other(tmp_path: Path) -> None:
    lines = small().decode()
    twice = lines + lines.replace("article/ai/a", "article/ai/b")
    one, two = restore(Dataset(twice.encode().splitlines(keepends=True)), tmp_path)
    assert (one.written, two.written) == (True, False)
    assert "it is not written: another article has this path" in two.losses


def test_an_article_under_another_iri_than_its_path_gives_is_said() -> None:
    (each,) = from_lines(small().decode().replace("article/ai/a", "article/ai/other"))
    assert each.losses == (f"its IRI {BASE}article/ai/other is not that of an article at this path",)


def test_a_statement_that_the_file_does_not_make_is_said() -> None:
    added = f'<{SUBJECT}> <https://schema.org/keywords> "added" <{BASE}graph/article/ai/a> .\n'
    (each,) = from_lines(small().decode() + added)
    assert each.losses == ("the graph says, and the file does not: the article schema:keywords 'added'",)


def test_files_that_exist_are_kept_unless_told_otherwise(tmp_path: Path) -> None:
    dataset = Dataset(small().splitlines(keepends=True))
    list(restore(dataset, tmp_path))
    (tmp_path / "ai" / "a.md").write_bytes(b"mine")
    with pytest.raises(UsageError, match="exist already"):
        list(restore(dataset, tmp_path))
    assert (tmp_path / "ai" / "a.md").read_bytes() == b"mine"
    list(restore(dataset, tmp_path, force=True))
    assert (tmp_path / "ai" / "a.md").read_bytes() == b"---\nid: a\n---\n"


def test_a_link_in_the_folder_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "ai").symlink_to(tmp_path / "outside")
    with pytest.raises(WorldError, match="symbolic link"):
        list(restore(Dataset(small().splitlines(keepends=True)), tmp_path / "out", force=True))
    assert list((tmp_path / "outside").iterdir()) == []


BAD = {
    "no file": ("x.nq", None, "does not exist"),
    "not a graph": ("x.txt", b"", "its name must end in"),
    "broken N-Quads": ("x.nq", b"<a:a> <a:b> .\n", "x.nq:1:"),
    "broken JSON-LD": ("x.jsonld", b"{", "this is not JSON-LD"),
    "not UTF-8": ("x.ttl", b'<a:a> <a:b> "\xff" .', "this is not Turtle"),
    "a blank node": ("x.ttl", b"<a:a> <a:b> [] .", "blank node"),
    "no articles": ("x.nq", b"<a:a> <a:b> <a:c> .\n", "holds no articles"),
    "a text like a blank node": ("x.nq", b'<a:a> <a:b> "_:x _:y" .\n', "holds no articles"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "said"), BAD.values(), ids=BAD)
def test_what_is_no_graph_of_articles_is_wrong_usage(tmp_path: Path, name: str, data: bytes | None, said: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(UsageError, match=said):
        list(restore(read_dataset(tmp_path / name), tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_folder_without_a_graph_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no graph in"):
        read_dataset(tmp_path)


def test_the_command_restores_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "graph.nq").write_bytes(small("id: a\ntitle: T", "text\n"))
    ran = CliRunner().invoke(cli, ["restore", str(tmp_path), "-o", str(tmp_path / "back")], standalone_mode=False)
    assert (ran.return_value, ran.stdout) == (0, "")
    assert ran.stderr == f"1 article in {tmp_path / 'back'}, 1 of them to the byte\n"
    assert (tmp_path / "back" / "ai" / "a.md").read_bytes() == b"---\nid: a\ntitle: T\n---\ntext\n"


def test_the_command_says_what_is_missing(tmp_path: Path) -> None:
    lines = [
        line
        for line in small("id: a\ntitle: T").splitlines(keepends=True)
        if b'<https://schema.org/name> "T"' not in line
    ]
    (tmp_path / "x.nq").write_bytes(b"".join(lines))
    ran = CliRunner().invoke(
        cli, ["restore", str(tmp_path / "x.nq"), "-o", str(tmp_path / "back")], standalone_mode=False
    )
    assert ran.return_value == 1
    assert "ai/a.md: 'title': the article has no schema:name\n" in ran.stderr
    assert "1 article could not be restored in full\n" in ran.stderr
