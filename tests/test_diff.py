"""Two datasets compared: what people changed is shown, what follows from it is not in its way."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import kbgraph
from kbgraph.cli import cli
from kbgraph.dataset import Dataset, dataset_of, read_dataset
from kbgraph.diff import Comparison, compare, quad_changes
from kbgraph.diff.changes import field_changes, section_changes
from kbgraph.diff.excerpts import shortened, text_difference
from kbgraph.diff.json import to_json
from kbgraph.diff.patch import patch
from kbgraph.diff.terminal import human, stat
from kbgraph.errors import UsageError, WorldError
from kbgraph.fields import ARTICLE
from kbgraph.front_data import Data
from kbgraph.recovery import Part

FRONT: dict[str, Data] = {
    "id": "a",
    "title": "Attention",
    "atomic_facts": [
        {"id": "f1", "statement": "One.", "source_title": "Book"},
        {"id": "f2", "statement": "Two."},
        {"statement": "No id."},
    ],
    "known_gaps": ["x", "y"],
    "disputed_statements": ["d", {"statement": "e", "note": "n"}],
    "primary_sources": [
        {"id": "s", "title": "Book", "year": "2001"},
        {"title": "Page", "url": "https://example.org/p"},
    ],
}

FILES = {
    "ai/a.md": """---
id: a
title: Attention
atomic_facts:
  - id: f1
    statement: One fact.
    source_title: Book
primary_sources:
  - {title: Book, type: book, year: 2001, isbn: 978-0-262-51087-5}
---
# One

first text

# Two

second text, see [b](b.md)
""",
    "ai/b.md": "---\nid: b\ntitle: B\n---\n# B\n\nbody of b\n",
    "ai/c.md": "---\nid: c\ntitle: C\n---\n# C\n\nbody of c\n",
}


def changed(**fields: Data) -> list[tuple[str, str, str, Data | None, Data | None]]:
    """What differs where some fields have other values, as of, name, field, old, new."""
    found = field_changes(FRONT, {**FRONT, **fields}, ARTICLE, {})
    return [(each.of, each.name, each.field, each.old, each.new) for each in found]


def facts() -> list[dict[str, Data]]:
    return [dict(fact) for fact in FRONT["atomic_facts"]]  # type: ignore[arg-type]


def test_nothing_differs_from_itself() -> None:
    assert changed() == []


def test_a_field_is_added_removed_and_changed() -> None:
    assert changed(title="B") == [("article", "", "title", "Attention", "B")]
    assert changed(slug="s") == [("article", "", "slug", None, "s")]
    without = {key: value for key, value in FRONT.items() if key != "id"}
    (change,) = field_changes(FRONT, without, ARTICLE, {})
    assert (change.kind, change.field, change.old) == ("removed", "id", "a")


def test_a_fact_is_matched_by_its_id() -> None:
    one, two, three = facts()
    assert changed(atomic_facts=[{**one, "statement": "Changed."}, two, three]) == [
        ("fact", "f1", "statement", "One.", "Changed.")
    ]
    assert changed(atomic_facts=[one, three]) == [("fact", "f2", "", two, None)]
    assert changed(atomic_facts=[one, two, three, {"id": "f3"}]) == [("fact", "f3", "", None, {"id": "f3"})]


def test_a_fact_with_another_id_is_matched_by_its_statement() -> None:
    one, two, three = facts()
    assert changed(atomic_facts=[one, {**two, "id": "new"}, three]) == [("fact", "new", "id", "f2", "new")]


def test_a_source_is_matched_by_what_it_is_known_by() -> None:
    sources = FRONT["primary_sources"]
    assert isinstance(sources, list)
    book, page = sources
    assert isinstance(book, dict)
    assert isinstance(page, dict)
    assert changed(primary_sources=[{**book, "title": "Other"}, {**page, "title": "Leaf"}]) == [
        ("reference", "s", "title", "Book", "Other"),
        ("reference", "Leaf", "title", "Page", "Leaf"),
    ]


def test_an_order_is_a_change_of_its_own() -> None:
    one, two, three = facts()
    assert changed(atomic_facts=[two, one, three]) == [
        ("article", "", "the order of atomic_facts", ["f1", "f2", "No id."], ["f2", "f1", "No id."])
    ]
    reordered = {key: FRONT[key] for key in reversed(FRONT)}
    (change,) = field_changes(FRONT, reordered, ARTICLE, {})
    assert (change.field, change.old) == ("the order of the fields", list(FRONT))
    (change,) = field_changes({"x": {"a": "1", "b": "2"}}, {"x": {"b": "2", "a": "1"}}, ARTICLE, {})
    assert change.field == "x"


def test_texts_and_entries_of_one_list_are_compared() -> None:
    assert changed(disputed_statements=[{"statement": "d"}, {"statement": "e", "note": "m"}]) == [
        ("disputed statement", "d", "", "d", {"statement": "d"}),
        ("disputed statement", "e", "note", "n", "m"),
    ]
    assert changed(disputed_statements="none")[0][2] == "disputed_statements"


def test_an_empty_list_is_not_an_absent_one() -> None:
    assert changed(secondary_sources=[]) == [("article", "", "secondary_sources", None, [])]


DATA = st.recursive(
    st.sampled_from(["a", "b", "~", ""]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "statement", "x"]), inner, max_size=3)
    ),
)
FRONTS = st.dictionaries(st.sampled_from(["id", "atomic_facts", "primary_sources", "tags", "x", "contributors"]), DATA)


def _in_order(data: Data) -> object:
    if isinstance(data, dict):
        return "mapping", [(key, _in_order(value)) for key, value in data.items()]
    return [_in_order(item) for item in data] if isinstance(data, list) else data


@given(FRONTS, FRONTS)
@settings(max_examples=300)
def test_front_matters_that_differ_have_a_change_and_equal_ones_have_none(
    old: dict[str, Data], new: dict[str, Data]
) -> None:
    found = list(field_changes(old, new, ARTICLE, {}))
    assert bool(found) is (_in_order(old) != _in_order(new))
    back = list(field_changes(new, old, ARTICLE, {}))
    assert bool(back) is bool(found)


def sections(*texts: str) -> list[Part]:
    return [Part(text.partition("\n")[0].strip("# ") if text.startswith("#") else "", text) for text in texts]


def test_sections_are_matched_by_their_headings() -> None:
    old = sections("intro\n", "# A\nx\n", "# B\ny\n", "# C\nz\n")
    new = sections("intro\n", "# A\nx2\n", "# D\ny\n", "# E\nnew\n")
    found = [(each.kind, each.title, each.old_title) for each in section_changes(old, new)]
    assert found == [("changed", "A", ""), ("renamed", "D", "B"), ("added", "E", ""), ("removed", "C", "")]
    (change,) = section_changes(sections("# A\nx\n", "# B\ny\n"), sections("# B\ny\n", "# A\nx\n"))
    assert change.kind == "reordered"


SECTIONS = st.lists(st.sampled_from(["# A\nx\n", "# A\ny\n", "# B\nx\n", "# B\n", "# C\n\n"]), max_size=5)


@given(SECTIONS, SECTIONS)
def test_bodies_that_differ_have_a_change_and_equal_ones_have_none(old: list[str], new: list[str]) -> None:
    assert bool(list(section_changes(sections(*old), sections(*new)))) is (old != new)


def test_a_difference_of_texts_is_its_lines() -> None:
    assert text_difference("a\nb\nc\n", "a\nB\nc\nd\n") == ["-b", "+B", "+d"]
    assert text_difference("a\r\n", "a\n") == ["the line ends are others"]
    assert text_difference("a\n", "a\n") == []
    assert text_difference("---\n", "+++\n") == ["----", "++++"]
    assert text_difference("x\n" * 5000, "y\n" * 6000) == ["5,000 lines are now 6,000 lines"]


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_two_shortened_texts_still_differ(before: str, old: str, new: str, after: str) -> None:
    one, other = before * 5 + old + after * 5, before * 5 + new + after * 5
    cut = shortened(one, other, 40)
    assert (cut[0] != cut[1]) is (one != other)


# ---- whole datasets


def built(folder: Path, files: dict[str, str], **options: str) -> kbgraph.BuildResult:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    return kbgraph.build(folder, settings=kbgraph.Settings(jobs=1, **options))  # type: ignore[arg-type]


@pytest.fixture
def old(tmp_path: Path) -> Dataset:
    return dataset_of(built(tmp_path / "old", FILES).graph)


def against(old: Dataset, folder: Path, files: dict[str, str]) -> Comparison:
    return compare(old, dataset_of(built(folder, files).graph))


def nowhere(*_: object) -> None:
    return None


def shown(comparison: Comparison) -> list[str]:
    return list(human(comparison, nowhere))


def test_equal_datasets_are_the_same(old: Dataset, tmp_path: Path) -> None:
    found = against(old, tmp_path / "new", FILES)
    assert found.is_same
    assert (shown(found), found.articles, found.sources) == ([], (), ())


def test_an_article_and_its_source_are_changed(old: Dataset, tmp_path: Path) -> None:
    text = FILES["ai/a.md"].replace("One fact", "One true fact").replace("2001", "2002").replace("first", "primary")
    found = against(old, tmp_path / "new", {**FILES, "ai/a.md": text})
    assert shown(found) == [
        "~ ai/a.md",
        "    ~ fact f1 statement: One fact. → One true fact.",
        "    ~ reference Book year: 2001 → 2002",
        "    ~ section One: +1 -1 lines",
        "        - first text",
        "        + primary text",
        "~ source Book <https://kb.example/source/isbn/9780262510875>",
        "    ~ schema:datePublished: 2001 → 2002",
        "",
        "articles: 1 changed",
        "facts: 1 changed",
        "references: 1 changed",
        "sections: 1 changed",
        "sources: 1 changed",
        f"quads: {found.added} added, {found.removed} removed",
    ]


def test_articles_come_and_go_and_those_that_link_them_say_the_same(old: Dataset, tmp_path: Path) -> None:
    files = {"ai/a.md": FILES["ai/a.md"], "ai/c.md": FILES["ai/c.md"], "x.md": "---\nid: x\n---\n"}
    found = against(old, tmp_path / "new", files)
    assert shown(found)[:3] == [
        "= ai/a.md  says the same; what follows from it differs: -schema:relatedLink ai/b",
        "- ai/b.md  removed",
        "+ x.md  added",
    ]
    assert "articles: 1 added, 1 removed, 1 affected" in shown(found)


def test_a_moved_article_is_known_by_its_id_or_by_its_text(old: Dataset, tmp_path: Path) -> None:
    files = {
        "ai/a.md": FILES["ai/a.md"].replace("b.md", "bb.md"),
        "ai/bb.md": FILES["ai/b.md"].replace("body of b", "another body"),
        "history/c.md": FILES["ai/c.md"].replace("id: c", "id: cc"),
    }
    found = against(old, tmp_path / "new", files)
    moved = {(each.old_path, each.path) for each in found.articles if each.kind == "moved"}
    assert moved == {("ai/b.md", "ai/bb.md"), ("ai/c.md", "history/c.md")}
    assert "> history/c.md  moved from ai/c.md" in shown(found)
    assert "    ~ id: c → cc" in shown(found)
    assert {each.kind for each in found.articles} == {"moved", "changed"}


def test_other_quotes_are_no_change_of_what_is_said(old: Dataset, tmp_path: Path) -> None:
    text = FILES["ai/a.md"].replace("title: Attention", 'title:   "Attention"  # quoted')
    found = against(old, tmp_path / "new", {**FILES, "ai/a.md": text})
    assert not found.is_same
    assert shown(found)[0] == "= ai/a.md  says the same in other quotes, comments or spaces"
    assert "articles: 1 rewritten" in shown(found)


def test_another_base_iri_changes_no_article(old: Dataset, tmp_path: Path) -> None:
    found = compare(old, dataset_of(built(tmp_path / "new", FILES, base="https://other.example/").graph))
    assert (found.articles, found.sources) == ((), ())
    assert shown(found)[-1] == "base IRI: https://kb.example/ → https://other.example/"
    assert not found.is_same


def test_a_graph_without_named_graphs_is_compared_as_a_union(old: Dataset, tmp_path: Path) -> None:
    result = built(tmp_path / "old", FILES)
    (tmp_path / "graph.ttl").write_text(result.graph.serialize("turtle"), encoding="utf-8")
    union = read_dataset(tmp_path / "graph.ttl")
    assert compare(old, union).is_same
    assert compare(union, old).is_same
    found = compare(union, dataset_of(built(tmp_path / "new", {**FILES, "ai/c.md": "---\nid: c\n---\nx"}).graph))
    assert [each.path for each in found.articles] == ["ai/c.md"]
    assert {each.kind for each in found.articles} == {"changed"}


def applied(old: Dataset, lines: Iterator[bytes], *, backwards: bool = False) -> set[bytes]:
    """A dataset after a patch, by the words of RDF Patch alone."""
    quads = {line for graph in old.graphs.values() for line in graph}
    delete, add = (b"A ", b"D ") if backwards else (b"D ", b"A ")
    for line in lines:
        if line.startswith(delete):
            quads.remove(line[2:])
        elif line.startswith(add):
            assert line[2:] not in quads
            quads.add(line[2:])
    return quads


def test_a_patch_makes_the_old_dataset_the_new_one_and_back(old: Dataset, tmp_path: Path) -> None:
    files = {"ai/a.md": FILES["ai/a.md"].replace("One", 'Öne \\ "1"'), "ai/bb.md": FILES["ai/b.md"]}
    new = dataset_of(built(tmp_path / "new", files).graph)
    removed, added = quad_changes(old, new)
    lines = list(patch(removed, added))
    assert (lines[0], lines[-1]) == (b"TX .\n", b"TC .\n")
    assert applied(old, iter(lines)) == {line for graph in new.graphs.values() for line in graph}
    assert applied(new, iter(lines), backwards=True) == {line for graph in old.graphs.values() for line in graph}


def test_json_says_what_the_lines_say(old: Dataset, tmp_path: Path) -> None:
    text = FILES["ai/a.md"].replace("One fact", "One true fact").replace("first", "primary")
    data = json.loads(to_json(against(old, tmp_path / "new", {**FILES, "ai/a.md": text}), nowhere))
    assert data["counts"]["facts"] == {"added": 0, "removed": 0, "changed": 1}
    (article,) = data["articles"]
    assert article["changes"] == [
        {
            "change": "changed",
            "of": "fact",
            "name": "f1",
            "field": "statement",
            "old": "One fact.",
            "new": "One true fact.",
        }
    ]
    assert article["sections"] == [
        {"change": "changed", "title": "One", "difference": ["-first text", "+primary text"]}
    ]


def test_the_short_form_has_one_line_for_each_article(old: Dataset, tmp_path: Path) -> None:
    text = FILES["ai/a.md"].replace("One fact", "One true fact").replace("first", "primary")
    found = against(old, tmp_path / "new", {"ai/a.md": text, "ai/b.md": FILES["ai/b.md"]})
    assert list(stat(found))[:2] == [
        "~ ai/a.md  changed    1 fact changed, 1 section changed",
        "- ai/c.md  removed",
    ]


def test_every_fact_that_was_changed_counts_once(old: Dataset, tmp_path: Path) -> None:
    facts = "atomic_facts: [{statement: a, note: x}, {statement: b, note: x}, {id: f}, {id: g}]"
    first = {"a.md": f"---\nid: a\n{facts}\n---\n"}
    second = {"a.md": first["a.md"].replace("x}", "y, weight: 1}").replace("{id: g}", "{id: h}")}
    before = dataset_of(built(tmp_path / "first", first).graph)
    found = against(before, tmp_path / "second", second)
    assert next(iter(stat(found))) == "~ a.md  changed    1 fact added, 2 facts changed, 1 fact removed"
    assert "facts: 1 added, 1 removed, 2 changed" in shown(found)


def test_what_concerns_no_article_is_said_to_be_there(old: Dataset, tmp_path: Path) -> None:
    found = compare(old, dataset_of(built(tmp_path / "new", FILES, title="Another title").graph))
    assert shown(found) == ["quads: 2 added, 2 removed", "no article and no source differs; --quads shows what does"]


def test_json_has_all_of_an_article_that_came(old: Dataset, tmp_path: Path) -> None:
    new = {**FILES, "d.md": "---\nid: d\natomic_facts: [{id: f, statement: S}]\n---\n"}
    data = json.loads(to_json(against(old, tmp_path / "new", new), nowhere))
    (article,) = data["articles"]
    assert (article["change"], article["entries"], data["counts"]["facts"]["added"]) == ("added", {"fact": 1}, 1)
    assert [(each["change"], each["of"], each["new"]) for each in article["changes"]] == [
        ("added", "article", "d"),
        ("added", "fact", {"id": "f", "statement": "S"}),
    ]


def test_a_fact_that_went_is_named_by_what_it_says(tmp_path: Path) -> None:
    entry = "  - id: f2\n    statement: Rain falls.\n    source_url: https://example.org/a/long/way/to/the/source\n"
    first, second = tmp_path / "a.md", tmp_path / "b.md"
    second.write_text(FILES["ai/a.md"])
    first.write_text(FILES["ai/a.md"].replace("atomic_facts:\n", f"atomic_facts:\n{entry}"))
    ran = CliRunner().invoke(cli, ["diff", str(first), str(second)])
    assert "    - fact f2: Rain falls." in ran.output.splitlines()


def test_control_characters_do_nothing_to_a_terminal(old: Dataset, tmp_path: Path) -> None:
    text = FILES["ai/a.md"].replace("title: Attention", 'title: "red \\e[31m"').replace("first", "\x1b]0;x\x07")
    found = against(old, tmp_path / "new", {**FILES, "ai/a.md": text})
    assert all(line.isprintable() for line in [*shown(found), *stat(found)])


# ---- the command


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["diff", *map(str, arguments), "--jobs", "1"], standalone_mode=False)


def test_the_command_compares_folders_of_articles_at_their_lines(tmp_path: Path) -> None:
    built(tmp_path / "old", FILES)
    text = FILES["ai/a.md"].replace("One fact", "One true fact").replace("second", "last")
    built(tmp_path / "new", {**FILES, "ai/a.md": text})
    ran = run(tmp_path / "old", tmp_path / "new")
    assert ran.return_value == 1
    assert "    ~ fact f1 statement (line 6): One fact. → One true fact.\n" in ran.stdout
    assert "    ~ section Two (line 15): +1 -1 lines\n" in ran.stdout
    data = json.loads(run(tmp_path / "old", tmp_path / "new", "--output-format", "json").stdout)
    assert (data["articles"][0]["changes"][0]["line"], data["articles"][0]["changes"][0]["column"]) == (6, 16)


def test_the_command_compares_a_build_with_articles_under_its_base(tmp_path: Path) -> None:
    built(tmp_path / "in", FILES)
    kbgraph.build(tmp_path / "in", out=tmp_path / "out", settings=kbgraph.Settings(jobs=1, base="https://o.example/"))
    same = run(tmp_path / "out", tmp_path / "in")
    assert (same.return_value, same.stdout, same.stderr) == (0, "", "nothing differs\n")
    assert run(tmp_path / "in", tmp_path / "out" / "graph.jsonld").return_value == 0
    (tmp_path / "in" / "ai" / "c.md").unlink()
    ran = run(tmp_path / "out", tmp_path / "in", "--stat")
    assert (ran.return_value, ran.stdout.splitlines()[0]) == (1, "- ai/c.md  removed")


def test_the_command_compares_two_articles_of_different_names(tmp_path: Path) -> None:
    built(tmp_path, FILES)
    ran = run(tmp_path / "ai" / "b.md", tmp_path / "ai" / "c.md")
    assert ran.return_value == 1
    assert ran.stdout.splitlines()[:2] == ["> c.md  moved from b.md", "    ~ id (line 2): b → c"]


def test_the_command_writes_quads(tmp_path: Path) -> None:
    built(tmp_path / "old", FILES)
    built(tmp_path / "new", {**FILES, "ai/c.md": FILES["ai/c.md"].replace("title: C", "title: CC")})
    ran = run(tmp_path / "old", tmp_path / "new", "--quads")
    assert ran.return_value == 1
    lines = ran.stdout.splitlines()
    subject = "<https://kb.example/article/ai/c> <https://schema.org/name>"
    graph = "<https://kb.example/graph/article/ai/c> ."
    assert [f'D {subject} "C" {graph}' in lines, f'A {subject} "CC" {graph}' in lines] == [True, True]
    assert run(tmp_path / "old", tmp_path / "old", "--quads").stdout == ""


def test_an_article_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    built(tmp_path / "old", FILES)
    built(tmp_path / "new", {**FILES, "ai/c.md": "no front matter"})
    ran = run(tmp_path / "old", tmp_path / "new")
    assert ran.return_value == 1
    assert "'ai/c.md' cannot be read, and counts as if it were not there\n" in ran.stderr
    assert "The file has no front matter" in ran.stderr
    assert "- ai/c.md  removed\n" in ran.stdout


def test_a_build_whose_manifest_is_broken_is_read_all_the_same(tmp_path: Path) -> None:
    built(tmp_path / "in", FILES)
    kbgraph.build(tmp_path / "in", out=tmp_path / "out", settings=kbgraph.Settings(jobs=1))
    for manifest in ("{", "[]", '{"files": 3}', '{"files": [1]}'):
        (tmp_path / "out" / "manifest.json").write_text(manifest)
        assert run(tmp_path / "out", tmp_path / "in").return_value == 0


def test_a_graph_that_is_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "graph.nq")
    with pytest.raises(WorldError, match="not a regular file"):
        read_dataset(tmp_path / "graph.nq")


def test_a_file_that_is_no_article_cannot_be_compared(tmp_path: Path) -> None:
    built(tmp_path, FILES)
    (tmp_path / "x.md").write_bytes(b"no front matter")
    with pytest.raises(WorldError, match=r"no article in .*x\.md' can be read"):
        CliRunner().invoke(
            cli,
            ["diff", str(tmp_path / "x.md"), str(tmp_path / "ai" / "a.md")],
            standalone_mode=False,
            catch_exceptions=False,
        )


ABOUT_A = b"<https://kb.example/article/ai/a> <https://schema.org/x> "
LIES = [
    b"hello\n",
    b"<a:a> b .\n",
    b"<a:a> <a:b> .\n",
    ABOUT_A + b'" <https://kb.example/graph/article/ai/a> .\n',
]


@pytest.mark.parametrize("line", LIES)
def test_a_manifest_that_lies_ends_in_no_traceback(tmp_path: Path, line: bytes) -> None:
    built(tmp_path / "in", FILES)
    kbgraph.build(tmp_path / "in", out=tmp_path / "out", settings=kbgraph.Settings(jobs=1))
    graph, manifest = tmp_path / "out" / "graph.nq", tmp_path / "out" / "manifest.json"
    before = read_dataset(graph)
    data = graph.read_bytes() + line
    graph.write_bytes(data)
    listed = json.loads(manifest.read_bytes())
    listed["files"] = [{"path": "graph.nq", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}]
    manifest.write_text(json.dumps(listed))
    assert outcome(before, graph) in {"something differs", "refused"}


def outcome(before: Dataset, graph: Path) -> str:
    """What comes of comparing a dataset with a file."""
    try:
        return "the same" if compare(before, read_dataset(graph)).is_same else "something differs"
    except UsageError:
        return "refused"
