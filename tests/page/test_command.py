"""`kbgraph page`: where it writes, and what it says where it cannot."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.command_line import Run, runner

import kbgraph
from kbgraph import Settings


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


@pytest.fixture(scope="module")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built") / "out"
    kbgraph.build(root / "seeds", out=out, settings=Settings(jobs=1, formats=("nq",)))
    return out


@pytest.fixture
def out(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(built, tmp_path / "out")
    monkeypatch.chdir(tmp_path)
    return Path("out")


def test_without_options_the_page_lies_in_the_output_folder(run: Run, out: Path) -> None:
    ran = run("page")
    assert ran.code == 0
    assert ran.out == ""
    written = (out / "graph.html").read_bytes()
    assert f"{len(written):,} bytes" in ran.err
    assert written.startswith(b"<!DOCTYPE html>")


def test_the_same_graph_gives_the_same_bytes(run: Run, out: Path) -> None:
    assert run("page", "-g", out, "-o", "a.html").code == run("page", "-g", out / "graph.nq", "-o", "b.html").code == 0
    assert Path("a.html").read_bytes() == Path("b.html").read_bytes()


@pytest.mark.parametrize("iri", ["https://kb.example/article/ai/attention", "article/ai/attention"])
def test_it_opens_with_a_node_that_is_given(run: Run, out: Path, iri: str) -> None:
    assert run("page", "--focus", iri, "-o", "a.html").code == 0
    assert '"focus":"article/ai/attention"' in Path("a.html").read_text(encoding="utf-8")


def test_a_node_that_is_not_there_is_wrong_usage_and_nothing_is_written(run: Run, out: Path) -> None:
    ran = run("page", "--focus", "article/none", "-o", "a.html")
    assert ran.code == 2
    assert "there is no node 'article/none' in 'out'" in ran.err
    assert not Path("a.html").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-g", "none"), "'none' does not exist"),
        (("-g", "."), "there is no graph in '.'"),
        (("-o", "out"), "'out' is a folder"),
    ],
)
def test_what_cannot_be_read_or_written_is_said(run: Run, out: Path, arguments: tuple[str, ...], said: str) -> None:
    ran = run("page", *arguments)
    assert ran.code == 2
    assert said in ran.err
