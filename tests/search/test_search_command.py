"""`kbgraph search`: what is shown, in which format, and what is said where there is nothing to show."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from tests.command_line import Run, runner

import kbgraph
from kbgraph import Settings
from kbgraph.cli import searching
from kbgraph.search.excerpts import Marked
from kbgraph.search.index import KINDS, Hit
from kbgraph.search.showing import FORMATS, shown


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
    monkeypatch.delenv("KBGRAPH_CACHE_DIR", raising=False)
    return Path("out")


FACT = """Instruction Tuning
    fact  ai/instruction-tuning.md:22 #fact-instruction-tuning-001
    FLAN starts from a pretrained language model with 137 billion parameters and tunes it on more than 60 NLP datasets rewritten as instructions.
"""


def test_a_pipe_gets_plain_lines(run: Run, out: Path) -> None:
    ran = run("search", "137", "billion", "--type", "fact")
    assert (ran.code, ran.out) == (0, FACT)
    assert ran.err == "making the search index of graph.nq …\n"
    assert run("search", "137 billion", "-t", "fact").err == ""


def test_nothing_found_is_said_and_is_no_failure(run: Run, out: Path) -> None:
    run("search", "x")
    for name, text in (("table", ""), ("json", "[]\n"), ("markdown", None), ("tsv", None)):
        ran = run("search", "zzzzzz", "-f", name)
        assert (ran.code, ran.err) == (0, "nothing found: no text holds 'zzzzzz'\n")
        assert text is None or ran.out == text


def test_words_that_are_nowhere_are_named(run: Run, out: Path) -> None:
    run("search", "x")
    ran = run("search", "graph", "transfromer", '"Graph nowhere"')
    assert (ran.out, ran.err) == ("", "nothing found: no text holds 'transfromer', 'graph nowhere'\n")
    assert run("search", "imprimerie", "-imprimerie").err == "nothing found\n"


def test_what_is_cut_is_said(run: Run, out: Path) -> None:
    run("search", "x")
    ran = run("search", "graph", "-n", "2", "-f", "tsv")
    assert len(ran.out.splitlines()) == 3
    assert ran.err == "there are more than 2 hits (--limit)\n"
    assert run("search", "137 billion", "-t", "fact", "-n1").err == ""


def test_json_has_places_of_the_marks(run: Run, out: Path) -> None:
    (hit,) = json.loads(run("search", "137 billion", "-tfact", "-fjson").out)
    assert hit["iri"] == "https://kb.example/article/ai/instruction-tuning#fact-instruction-tuning-001"
    assert (hit["kind"], hit["path"], hit["within"]) == ("fact", "ai/instruction-tuning.md", "Instruction Tuning")
    assert [hit["snippet"][begin:end] for begin, end in hit["marks"]] == ["137", "billion"]
    assert hit["score"] > 0
    text = (Path(__file__).parents[2] / "seeds" / hit["path"]).read_text(encoding="utf-8")
    assert "fact-instruction-tuning-001" in text.splitlines()[hit["line"] - 1]


def test_sections_are_shown_at_their_headings_and_articles_as_files(run: Run, out: Path) -> None:
    found = json.loads(run("search", "attention", "-f", "json", "-n", "100").out)
    for hit in found:
        if hit["kind"] == "section" and hit["title"]:
            text = (Path(__file__).parents[2] / "seeds" / hit["path"]).read_text(encoding="utf-8")
            assert hit["title"].split()[-1] in text.splitlines()[hit["line"] - 1]
    assert {hit["line"] is None for hit in found if hit["kind"] == "source"} == {True}
    assert "    article  ai/attention.md\n" in run("search", "attention", "-t", "article").out


def test_a_word_behind_a_minus_sign_is_no_option(run: Run, out: Path) -> None:
    every = json.loads(run("search", "graph", "-f", "json", "-n", "100").out)
    for words in (["graph", "-shacl"], ["-shacl", "graph"], ["--", "graph", "-shacl"], ["graph -shacl"]):
        ran = run("search", "-f", "json", "-n", "100", *words)
        assert ran.code == 0
        assert 0 < len(json.loads(ran.out)) < len(every)
    assert run("search", "graph", "-n").code == 2
    assert run("search", "graph", "--nothing").code == 2


def test_what_cannot_be_looked_for_is_wrong_usage(run: Run, out: Path) -> None:
    assert run("search").code == 2
    for words in ("?!", "-shacl", '""'):
        ran = run("search", words)
        assert ran.code == 2
        assert "there is no word to look for" in ran.err
    ran = run("search", "graph", "--category", "knowlege")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no category 'knowlege'; there is knowledge" in ran.err
    ran = run("search", "word " * 100)
    assert ran.code == 4
    assert "limit search_words" in ran.err


def test_another_graph_and_another_cache(run: Run, out: Path, tmp_path: Path) -> None:
    out.rename("elsewhere")
    ran = run("search", "137", "-g", "elsewhere", "--cache-dir", "kept")
    assert ran.out
    assert [path.suffix for path in (tmp_path / "kept").iterdir()] == [".sqlite"]
    assert not (tmp_path / "elsewhere" / ".cache").exists() or not list(Path("elsewhere/.cache").glob("search-*"))
    ran = run("search", "137")
    assert ran.code == 2
    assert "'out' does not exist" in ran.err
    (tmp_path / "kbgraph.toml").write_text('out = "elsewhere"\ncache-dir = "kept"\n')
    assert run("search", "137").err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
def test_a_terminal_gets_bold_lines_that_fit(out: Path) -> None:
    import pty
    import subprocess

    master, slave = pty.openpty()
    command = [sys.executable, "-m", "kbgraph", "search", "137", "billion", "-t", "fact"]
    env = {**os.environ, "COLUMNS": "60", "TERM": "xterm"}
    env.pop("NO_COLOR", None)
    subprocess.run(command, stdout=slave, stderr=subprocess.DEVNULL, check=True, env=env)
    os.close(slave)
    text = os.read(master, 10_000).decode().replace("\r\n", "\n")
    os.close(master)
    assert "\x1b[1m137\x1b[0m\n    \x1b[1mbillion\x1b[0m" in text
    plain = text.replace("\x1b[1m", "").replace("\x1b[2m", "").replace("\x1b[0m", "")
    assert " ".join(plain.split()) == " ".join(FACT.split())
    lines = plain.splitlines()
    assert len(lines) == 5
    assert max(len(line) for line in lines if "#" not in line) <= 60  # a place is not broken


HOSTILE = Hit(
    "https://kb.example/article/a#_section-1",
    "section",
    Marked("T\x1b]0;x\x07 | *b*", ((0, 1),)),
    Marked("tab\there \u202egraph <b>", ((10, 15),)),
    "a\x1b.md",
    3,
    "A\nB",
    1.0,
)


def test_data_does_nothing_to_a_terminal_or_a_page() -> None:
    table = shown([HOSTILE], "table", 30, bold=True)
    assert "\x1b]" not in table
    assert "\u202e" not in table
    assert "\x1b[1mgraph\x1b[0m" in table
    assert "A\\nB › \x1b[1mT\x1b[0m\\x1b]0;x\\x07 | *b*\n" in table
    (line,) = shown([HOSTILE], "markdown").splitlines()[2:]
    assert line.replace("\\|", "").count("|") == 5
    assert "**graph** &lt;b>" in line
    assert "\\*b\\*" in line
    head, row = shown([HOSTILE], "tsv").splitlines()
    assert len(head.split("\t")) == len(row.split("\t")) == 8
    assert row.isprintable() or row.replace("\t", "").isprintable()
    assert json.loads(shown([HOSTILE], "json"))[0]["title"] == HOSTILE.title.text


@pytest.mark.parametrize("width", [20, 33, 80])
def test_lines_are_broken_at_spaces_and_in_scripts_that_have_none(width: int) -> None:
    text = "knowledge graphs are " * 5 + "知识图谱" * 20
    hit = Hit("https://kb.example/a", "source", Marked("A"), Marked(text, ((0, 9), (110, 125))), "", None, "", 1.0)
    lines = shown([hit], "table", width).splitlines()[2:]
    assert "".join(line[4:] for line in lines).replace(" ", "") == text.replace(" ", "")
    assert all(sum(2 if char > "\u2000" else 1 for char in line) <= max(width, 24) for line in lines)


def test_the_command_knows_the_formats_and_kinds() -> None:
    assert searching._FORMATS == FORMATS
    assert searching._KINDS == KINDS
