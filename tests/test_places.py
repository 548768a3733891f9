"""Where entities were written, from the article to `places.json` and back."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

import kbgraph
from kbgraph import Settings
from kbgraph.building import build_into
from kbgraph.errors import Mark, Place
from kbgraph.export.places import write_places
from kbgraph.graph import KnowledgeGraph
from kbgraph.inputs import discover
from kbgraph.parts import loaded
from kbgraph.place_file import PLACES, PlaceFile

ATTENTION = "https://kb.example/article/ai/attention"
ARTICLE = Path("ai/attention.md")


@pytest.fixture(scope="module")
def data(seeds_graph: KnowledgeGraph) -> bytes:
    return b"".join(loaded(write_places(seeds_graph)))


def test_the_file_is_json_with_a_line_for_each_article_by_iri(data: bytes, seeds_graph: KnowledgeGraph) -> None:
    read = json.loads(data)
    assert (read["version"], read["base"]) == (1, "https://kb.example/")
    assert len(data.splitlines()) == len(read["articles"]) + 2 == seeds_graph.class_counts()["kb:Article"] + 2
    assert list(read["articles"]) == sorted(read["articles"])


def test_every_fact_reference_and_section_has_the_place_that_the_article_says(data: bytes, root: Path) -> None:
    for iri, article in json.loads(data)["articles"].items():
        lines = (root / "seeds" / article["path"]).read_text(encoding="utf-8").split("\n")
        facts = {name for name in article["places"] if name and not name.startswith("_")}
        assert facts == {found[1] for line in lines if (found := re.fullmatch(r'  - id: "?(fact-[^"]+)"?', line))}
        for name, (line, column, end_line, end_column) in article["places"].items():
            written = "\n".join([*lines[line - 1 : end_line - 1], lines[end_line - 1][: end_column - 1]])[column - 1 :]
            if name in facts:
                assert written.startswith("id:"), (iri, name)
                assert name in written.splitlines()[0]
            elif re.fullmatch(r"_ref-[0-9]+", name):
                assert "title:" in written, (iri, name)
            elif re.fullmatch(r"_section-[1-9][0-9]*", name):
                assert written.startswith("#"), (iri, name)


def test_a_place_is_found_by_the_iri_of_an_entity(data: bytes) -> None:
    places = PlaceFile(lambda: data)
    assert places.find(f"{ATTENTION}#fact-attention-001") == Place("ai/attention.md", Mark(24, 5, 28, 21))
    assert places.find(ATTENTION) == Place("ai/attention.md", Mark(2, 1, 79, 50))
    for iri in (f"{ATTENTION}#nothing", f"{ATTENTION}s", "https://kb.example/source/rfc/9110", "", '":{'):
        assert places.find(iri) is None


def test_the_file_is_read_when_it_is_first_asked_and_once(data: bytes) -> None:
    read = []

    def reading() -> bytes:
        read.append(True)
        return data

    places = PlaceFile(reading)
    assert not read
    assert places.find(ATTENTION) == places.find(f"{ATTENTION}#")
    assert len(read) == 1


@pytest.mark.parametrize("text", [b"", b"\n", b"{}", b'{"version":2,"articles":{\n"a:b":{}\n}}\n', b"\xff\n\xff\n"])
def test_of_another_file_nothing_is_known(text: bytes) -> None:
    assert PlaceFile(lambda: text).find("a:b") is None


def test_of_a_file_that_is_not_of_the_build_nothing_is_known(tmp_path: Path, data: bytes) -> None:
    digest = hashlib.sha256(data).hexdigest()
    assert PlaceFile.of_build(tmp_path, digest).find(ATTENTION) is None
    (tmp_path / PLACES).write_bytes(data)
    assert PlaceFile.of_build(tmp_path, digest).find(ATTENTION) is not None
    (tmp_path / PLACES).write_bytes(data.replace(b"[2,1", b"[3,1"))
    assert PlaceFile.of_build(tmp_path, digest).find(ATTENTION) is None


def test_a_graph_that_was_not_compiled_has_no_places(seeds_graph: KnowledgeGraph) -> None:
    other = KnowledgeGraph(seeds_graph.base, {"": b"<a:a> <a:b> <a:c> .\n"})
    assert json.loads(b"".join(loaded(write_places(other))))["articles"] == {}


def test_a_line_above_a_fact_moves_it_and_no_other_line_of_the_file_is_changed(root: Path, tmp_path: Path) -> None:
    folder, out = tmp_path / "seeds", tmp_path / "out"
    shutil.copytree(root / "seeds", folder)

    def built() -> list[str]:
        settings = Settings(jobs=1, formats=("nq",))
        build_into(out, discover([folder], (), settings.limits), settings)
        return (out / PLACES).read_text(encoding="utf-8").splitlines()

    before = built()
    text = (folder / ARTICLE).read_text(encoding="utf-8")
    (folder / ARTICLE).write_text(text.replace("atomic_facts:\n", "# one more line\natomic_facts:\n"), encoding="utf-8")
    after = built()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 1
    assert '"fact-attention-001":[24,5,28,21]' in changed[0][0]
    assert '"fact-attention-001":[25,5,29,21]' in changed[0][1]
    kbgraph.build(folder, out=tmp_path / "cold", settings=Settings(jobs=1, formats=("nq",)))
    assert (tmp_path / "cold" / PLACES).read_bytes() == (out / PLACES).read_bytes()
