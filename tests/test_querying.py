"""`kbgraph query` as its users call it."""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.command_line import Run, runner

from kbgraph.cli import main
from kbgraph.cli.querying import _FORMATS
from kbgraph.query.formats import FORMATS

BOMB = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    out = tmp_path_factory.mktemp("built") / "out"
    with pytest.raises(SystemExit):
        main(["build", str(root / "seeds"), "-o", str(out), "-f", "store"])
    return out


@pytest.fixture
def project(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(built, tmp_path / "out")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def started(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "kbgraph", "query", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


#: What the processes of a test have in their environment, and others on the machine have not.
_MARK = f"KBGRAPH_TEST_{os.getpid()}"


@pytest.fixture(autouse=True)
def _marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(_MARK, "")


def workers() -> set[str]:
    """The processes of this test that answer queries."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if (
                b"kbgraph.query.worker" in path.read_bytes()
                and _MARK.encode() in (path.parent / "environ").read_bytes()
            ):
                found.add(path.parent.name)
        except OSError:
            pass
    return found


def test_a_build_with_store_needs_no_second_making(project: Path, run: Run) -> None:
    ran = run("query", "SELECT (COUNT(?a) AS ?n) { ?a a kb:Article }", "-f", "csv")
    assert (ran.code, ran.out, ran.err) == (0, "n\r\n14\r\n", "")


def test_the_first_query_makes_the_store(project: Path, run: Run) -> None:
    shutil.rmtree(project / "out" / "store")
    ran = run("query", "ASK { ?a a kb:Article }")
    assert (ran.code, ran.out, ran.err) == (0, "yes\n", "making the store of graph.nq …\n")


def test_a_table_is_the_default_and_turtle_for_graphs(project: Path, run: Run) -> None:
    query = "SELECT ?a ?day { ?a a kb:Article ; schema:lastReviewed ?day } ORDER BY ?a"
    assert run("query", query, "-n", "1").out.splitlines() == [
        "a                     day",
        "────────────────────  ──────────",
        "article/ai/attention  2026-08-09",
        "… cut after 1",
    ]
    assert "@prefix schema:" in run("query", "DESCRIBE <article/ai/attention>").out


def test_a_limit_is_no_failure_and_is_said(project: Path, run: Run) -> None:
    ran = run("query", "SELECT ?s { ?s ?p ?o }", "--limit", "3", "-f", "csv")
    assert (ran.code, len(ran.out.split()), ran.err) == (0, 4, "cut after 3 rows: there are more (--limit)\n")
    assert run("query", "SELECT ?s { ?s a kb:Article }", "--limit", "14", "-f", "csv").err == ""


def test_a_query_that_takes_too_long_is_stopped(project: Path, run: Run) -> None:
    began = time.monotonic()
    ran = run("query", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "--timeout", "0.5")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err == "kbgraph: the query took longer than 0.5 s; --timeout gives it more\n"
    assert time.monotonic() - began < 20
    assert workers() == set()


def test_a_query_that_takes_too_much_memory_is_stopped(project: Path, run: Run) -> None:
    (project / "kbgraph.toml").write_text("[limits]\nquery_memory = 50000000\n")
    ran = run("query", BOMB, "--timeout", "300")
    assert (ran.code, ran.out) == (4, "")
    assert "more memory than 50,000,000 bytes (limit query_memory)" in ran.err


def test_an_answer_that_is_too_large_is_stopped(project: Path, run: Run) -> None:
    (project / "kbgraph.toml").write_text("[limits]\nresult_bytes = 20000\n")
    ran = run("query", "SELECT * { ?a ?b ?c }")
    assert (ran.code, ran.out) == (4, "")
    assert "limit result_bytes" in ran.err


def test_a_worker_that_is_killed_is_said(project: Path) -> None:
    process = started(BOMB, "--timeout", "60")
    while not workers():
        time.sleep(0.01)
    time.sleep(0.3)
    for each in workers():
        os.kill(int(each), signal.SIGKILL)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (4, b"")
    assert b"the query was stopped" in err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_query_at_once(project: Path, number: signal.Signals, code: int) -> None:
    process = started(BOMB, "--timeout", "60")
    while not workers():
        time.sleep(0.01)
    time.sleep(0.5)
    began = time.monotonic()
    process.send_signal(number)
    process.communicate(timeout=30)
    assert process.returncode == code
    assert time.monotonic() - began < 15
    assert workers() == set()


def test_no_worker_outlives_a_parent_that_is_killed(project: Path) -> None:
    process = started(BOMB, "--timeout", "60")
    while not workers():
        time.sleep(0.01)
    process.kill()
    process.communicate()
    end = time.monotonic() + 20
    while workers() and time.monotonic() < end:
        time.sleep(0.05)
    assert workers() == set()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://localhost:1/> { ?s ?p ?o } }",
        "LOAD <http://localhost:1/>",
        "SELECT * FROM <http://localhost:1/> { ?s ?p ?o }",
        "SELECT * FROM NAMED <http://localhost:1/> { ?s ?p ?o }",
        "DELETE WHERE { ?s ?p ?o }",
    ],
)
def test_what_may_not_be_asked_is_wrong_usage(project: Path, run: Run, query: str) -> None:
    ran = run("query", query)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("kbgraph: query:1:")
    assert "^^^" in ran.err


def test_a_mistake_is_shown_with_a_caret(project: Path, run: Run) -> None:
    ran = run("query", "SELECT ?s\nWHERE { ?s a }")
    assert ran.code == 2
    assert ran.err == ("kbgraph: query:2:14: } has no place here\n    2 | WHERE { ?s a }\n      |              ^\n")


def test_values_are_bound_and_unknown_ones_refused(project: Path, run: Run) -> None:
    query = "SELECT (COUNT(?s) AS ?n) { ?s a ?kind }"
    assert run("query", query, "-p", "kind=kb:Article", "-f", "csv").out == "n\r\n14\r\n"
    assert run("query", query, "-p", "?kind=<https://w3id.org/kbgraph/ns#Article>", "-f", "csv").out == "n\r\n14\r\n"
    assert run("query", query, "-p", "kind=} UNION { ?s ?p ?o", "-f", "csv").out == "n\r\n0\r\n"
    ran = run("query", query, "-p", "knd=kb:Article")
    assert (ran.code, ran.err) == (2, "kbgraph: the query has no variable ?knd; it has ?kind, ?n, ?s\n")
    assert run("query", query, "-p", "kind").code == 2
    assert run("query", query, "-p", "kind=a", "-p", "kind=b").code == 2


def test_a_query_comes_from_a_file_a_pipe_or_a_name(project: Path, run: Run) -> None:
    (project / "q.rq").write_text("# a comment\nASK { ?a a kb:Article }")
    assert run("query", "@q.rq").out == "yes\n"
    piped = subprocess.run(
        [sys.executable, "-m", "kbgraph", "query", "-"],
        input=b"ASK { ?a a kb:Nothing }",
        capture_output=True,
        check=True,
    )
    assert piped.stdout == b"no\n"
    assert "title" in run("query", "most-cited-sources").out.splitlines()[0]
    (project / "kbgraph.toml").write_text("")
    (project / "queries").mkdir()
    (project / "queries" / "mine.rq").write_text(
        "# title: Mine\n# answers: How many?\n# parameter: ?kind (iri) = kb:Article -- the class\n"
        "SELECT (COUNT(?a) AS ?n) { ?a a ?kind }"
    )
    assert run("query", "mine", "-f", "csv").out == "n\r\n14\r\n"
    assert run("query", "mine", "-p", "kind=kb:Nothing", "-f", "csv").out == "n\r\n0\r\n"
    assert "mine: Mine\n    How many?\n    -p kind=… (iri) [kb:Article]: the class\n" in run("query", "--list").out
    listed = {each["name"]: each for each in json.loads(run("query", "--list", "-f", "json").out)}
    assert listed["mine"]["parameters"] == [
        {"name": "kind", "kind": "iri", "default": "kb:Article", "about": "the class"}
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "there is no query"),
        (("nothing",), "there is no query of the name 'nothing'"),
        (("@none.rq",), "'none.rq' does not exist"),
        (("ASK {}", "-g", "none"), "'none' does not exist"),
        (("ASK {}", "-f", "csv"), "the answer to ASK cannot be written as csv"),
        (("ASK {}", "-g", "out", "--endpoint", "http://localhost:1/"), "give one of them"),
        (("ASK {}", "--endpoint", "ftp://localhost/"), "not the address of a store"),
    ],
)
def test_wrong_usage_is_said(project: Path, run: Run, arguments: tuple[str, ...], message: str) -> None:
    ran = run("query", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_an_answer_is_written_to_a_file_as_a_whole(project: Path, run: Run) -> None:
    ran = run("query", "SELECT ?a { ?a a kb:Article }", "-f", "parquet", "-o", "a.parquet")
    assert (ran.code, ran.out, ran.err) == (0, "", "14 rows in a.parquet\n")
    import pyarrow.parquet as pq

    assert pq.read_table("a.parquet").num_rows == 14


def test_a_reader_that_goes_away_is_no_mistake(project: Path) -> None:
    command = f"{sys.executable} -m kbgraph query 'SELECT * {{ ?s ?p ?o }}' -f csv | head -1"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert (ran.stdout, ran.stderr) == (b"s,p,o\r\n", b"")


def test_a_table_fits_the_terminal(project: Path) -> None:
    reader, terminal = pty.openpty()
    import fcntl
    import struct
    import termios

    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 50, 0, 0))
    query = "SELECT ?f ?text { ?f a kb:Fact ; schema:text ?text } LIMIT 4"
    environ = {name: value for name, value in os.environ.items() if name != "COLUMNS"} | {"PYTHONUTF8": "1"}
    process = subprocess.Popen([sys.executable, "-m", "kbgraph", "query", query], stdout=terminal, env=environ)
    os.close(terminal)
    data = b""
    while select.select([reader], [], [], 20)[0]:
        try:
            data += os.read(reader, 1 << 16)
        except OSError:
            break
    assert process.wait() == 0
    lines = data.decode().split("\r\n")
    assert len(lines) == 7
    assert max(map(len, lines)) == 50


def test_the_command_and_the_table_of_formats_agree() -> None:
    assert tuple(FORMATS) == _FORMATS


def test_a_module_in_the_folder_that_one_is_in_is_not_run(project: Path, run: Run) -> None:
    for name in ("pyoxigraph", "json", "kbgraph"):
        (project / f"{name}.py").write_text("raise SystemExit('taken over')")
    assert run("query", "ASK { ?a a kb:Article }").out == "yes\n"


def test_a_query_asks_one_build_while_others_are_put_in_place(project: Path, root: Path) -> None:
    """Each build has the articles of one of two folders: nobody sees another number."""
    sizes = {f"n\r\n{len(list((root / 'seeds' / name).glob('*.md')))}\r\n" for name in ("ai", "knowledge")}
    builder = subprocess.Popen(
        [
            "bash",
            "-c",
            f"for i in 1 2; do for n in ai knowledge; do {sys.executable} -m kbgraph build {root}/seeds/$n -o out -j 1 -f nq; done; done",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    seen = set()
    while builder.poll() is None:
        ran = started("SELECT (COUNT(?a) AS ?n) { ?a a kb:Article }", "-f", "csv")
        out, err = ran.communicate()
        assert ran.returncode == 0, err
        seen.add(out.decode())
    assert seen <= {*sizes, "n\r\n14\r\n"}
    assert len(seen) > 1


# ---- lines


def asked_for_line(run: Run, graph: Path) -> str:
    ran = run(
        "query",
        "SELECT (kb:line(<article/ai/attention#fact-attention-001>) AS ?line) {}",
        "-f",
        "csv",
        "--graph",
        graph,
    )
    assert ran.code == 0, ran.err
    return ran.out.splitlines()[1].strip('"')


def test_a_build_knows_the_lines_of_its_articles_and_a_file_does_not(run: Run, project: Path) -> None:
    assert asked_for_line(run, project / "out") == "24"
    assert asked_for_line(run, project / "out" / "graph.nq") == ""


def test_lines_are_not_taken_from_a_file_that_the_build_did_not_write(run: Run, project: Path) -> None:
    places = project / "out" / "places.json"
    places.write_bytes(places.read_bytes().replace(b'"fact-attention-001":[24', b'"fact-attention-001":[42'))
    assert asked_for_line(run, project / "out") == ""
    places.unlink()
    assert asked_for_line(run, project / "out") == ""


def test_where_a_fact_comes_from_is_said_down_to_the_line(run: Run, project: Path) -> None:
    asked = ("query", "provenance-of-facts", "-p", "fact=article/ai/attention#fact-attention-003", "-f", "json")
    [row] = json.loads(run(*asked).out)["results"]["bindings"]
    number = int(row["line"]["value"])
    text = (Path(__file__).parents[1] / "seeds" / row["path"]["value"]).read_text(encoding="utf-8")
    assert "fact-attention-003" in text.splitlines()[number - 1]
