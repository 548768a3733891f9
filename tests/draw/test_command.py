"""`kbgraph draw`: what it writes, and what it says where it cannot."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.command_line import Run, runner

import kbgraph
from kbgraph import Settings


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


@pytest.fixture(scope="module")
def out(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built") / "out"
    kbgraph.build(root / "seeds", out=out, settings=Settings(jobs=1, formats=("nq",)))
    return out


@pytest.mark.parametrize(("name", "start"), [("a.svg", b"<svg "), ("a.png", b"\x89PNG"), ("a.PDF", b"%PDF-")])
def test_the_name_of_the_file_says_the_format(run: Run, out: Path, tmp_path: Path, name: str, start: bytes) -> None:
    ran = run("draw", "ai/attention", "-g", str(out), "-o", str(tmp_path / name))
    assert ran.code == 0
    assert ran.out == ""
    written = (tmp_path / name).read_bytes()
    assert written.startswith(start)
    assert f"14 cards and 17 relations in {tmp_path / name}, {len(written):,} bytes" in ran.err


def test_the_overview_and_the_ontology_are_drawn(run: Run, out: Path, tmp_path: Path) -> None:
    assert run("draw", "-g", str(out), "-o", str(tmp_path / "a.svg")).code == 0
    assert "Most cited sources" in (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert run("draw", "--ontology", "-o", str(tmp_path / "o.svg")).code == 0
    assert "kb:SourceReference" in (tmp_path / "o.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-o", "a.gif"), "should end with .svg, .png or .pdf"),
        (("--ontology", "ai/attention", "-o", "a.svg"), "takes no NODE"),
        (("ai/atention", "-o", "a.svg"), "near it are 'ai/attention'"),
        ((), "Missing option"),
        (("--depth", "4", "-o", "a.svg"), "4 is not in the range"),
    ],
)
def test_wrong_usage_is_said_and_nothing_is_written(
    run: Run, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    graph = () if "--ontology" in arguments else ("-g", str(out))
    ran = run("draw", *arguments, *graph)
    assert ran.code == 2
    assert message in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "library"), [("a.png", "resvg_py"), ("a.pdf", "reportlab.pdfgen.canvas")])
def test_a_library_that_is_missing_is_named_with_what_to_do(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    ran = run("draw", "--ontology", "-o", str(tmp_path / name))
    assert ran.code == 3
    assert "pip install 'kbgraph[draw]'" in ran.err
    assert not (tmp_path / name).exists()
