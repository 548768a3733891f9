"""A store very unlike the first one: Digest authentication, no N-Quads, literals that come back changed."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from tests.command_line import Run
from tests.push.servers import Virtuoso, select

import kbgraph


@pytest.fixture
def base(request: pytest.FixtureRequest) -> str:
    """A base IRI of the test's own, since a server of Virtuoso takes its time to start."""
    return f"https://virtuoso.example/{sha256(request.node.name.encode()).hexdigest()[:12]}/"


@pytest.fixture
def built(root: Path, tmp_path: Path, base: str) -> Path:
    """A build of seeds/ below that base."""
    out = tmp_path / "out"
    kbgraph.build(root / "seeds", out=out, settings=kbgraph.Settings(jobs=1, formats=("nq",), base=base))
    return out


def login(monkeypatch: pytest.MonkeyPatch, password: str = "dba") -> None:
    monkeypatch.setenv("KBGRAPH_USER", "dba")
    monkeypatch.setenv("KBGRAPH_PASSWORD", password)


def counted(server: Virtuoso, base: str) -> dict[str, int]:
    text = select(
        f"{server.url}/sparql",
        f"SELECT ?g (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), '{base}')) }} GROUP BY ?g",
    )
    rows = (line.rsplit(",", 1) for line in text.splitlines()[1:])
    return {name.strip('"'): int(count) for name, count in rows if not name.strip('"').endswith("/_push")}


def wanted(out: Path, base: str, name: str = "graph.nq") -> dict[str, int]:
    found: dict[str, int] = {}
    for quad in parse(path=str(out / name), format=RdfFormat.N_QUADS):
        graph = getattr(quad.graph_name, "value", None) or f"{base}graph/catalogue"
        found[graph] = found.get(graph, 0) + 1
    return found


def test_a_push_arrives_is_counted_and_comes_back(
    run: Run, virtuoso: Virtuoso, built: Path, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    login(monkeypatch)
    first = run("push", virtuoso.url, "--graph", built)
    assert first.code == 0, first.err
    assert "is taken for Virtuoso" in first.err
    assert counted(virtuoso, base) == wanted(built, base)
    second = run("push", virtuoso.url, "--graph", built)
    assert f"0 graphs sent, 0 deleted, {len(wanted(built, base))} unchanged" in second.err
    alone = run("pull", virtuoso.url, "-o", "alone", "--base", base)
    assert alone.code == 1
    assert f"<{base}graph/article/history/imprimerie>" in alone.err  # a year before 1 has lost its zeros
    pulled = run("pull", virtuoso.url, "-o", "pulled", "--base", base, "--against", built)
    assert pulled.code == 0, pulled.err
    assert "by value" in pulled.err


def test_one_article_changed_and_one_removed(
    run: Run, virtuoso: Virtuoso, built: Path, base: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    login(monkeypatch)
    run("push", virtuoso.url, "--graph", built)
    other = tmp_path / "other"
    kbgraph.build(root / "seeds" / "ai", out=other, settings=kbgraph.Settings(jobs=1, formats=("nq",), base=base))
    ran = run("push", virtuoso.url, "--graph", other)
    assert ran.code == 0, ran.err
    assert counted(virtuoso, base) == wanted(other, base)
    gone = wanted(built, base).keys() - wanted(other, base).keys()
    assert f", {len(gone)} deleted," in ran.err


def test_what_is_beyond_one_request_arrives_in_pieces(
    run: Run, virtuoso: Virtuoso, built: Path, base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    login(monkeypatch)
    many = tmp_path / "many.nq"
    graph = f"{base}graph/many"
    lines = [f'<{base}s/{n:05}> <{base}p> "value {n}" <{graph}> .' for n in range(5_500)]
    # More graphs than are counted in one question.
    lines += [f'<{base}s> <{base}p> "{n}" <{base}graph/article/{n:03}> .' for n in range(120)]
    many.write_text((built / "graph.nq").read_text() + "\n".join(lines) + "\n")
    ran = run("push", virtuoso.url, "--graph", many)
    assert ran.code == 0, ran.err
    assert counted(virtuoso, base) == wanted(tmp_path, base, many.name)
    assert counted(virtuoso, base)[graph] == 5_500
    # More triples than this Virtuoso gives in one answer to a query.
    pulled = run("pull", virtuoso.url, "-o", "pulled", "--base", base, "--against", many)
    assert pulled.code == 0, pulled.err


@pytest.mark.parametrize("password", ["not-the-password", "päßwort"])
def test_a_wrong_password_is_said_and_not_shown(
    run: Run, virtuoso: Virtuoso, built: Path, base: str, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    login(monkeypatch, password)
    monkeypatch.setenv("KBGRAPH_DEBUG", "1")
    ran = run("push", virtuoso.url, "--graph", built)
    assert ran.code == 3
    assert "does not accept the credentials of KBGRAPH_USER and KBGRAPH_PASSWORD" in ran.err
    assert password not in ran.err + ran.out
    assert counted(virtuoso, base) == {}


def test_without_credentials_it_says_what_to_set(run: Run, virtuoso: Virtuoso, built: Path) -> None:
    ran = run("push", virtuoso.url, "--graph", built)
    assert ran.code == 3
    assert "set KBGRAPH_USER and KBGRAPH_PASSWORD" in ran.err


def test_credentials_come_from_netrc(run: Run, virtuoso: Virtuoso, built: Path, project: Path) -> None:
    netrc = project / ".netrc"
    netrc.write_text("machine 127.0.0.1 login dba password dba\n")
    netrc.chmod(0o600)
    ran = run("push", virtuoso.url, "--graph", built)
    assert ran.code == 0, ran.err


def test_a_query_for_lines_is_answered_without_them(run: Run, virtuoso: Virtuoso) -> None:
    asked = "SELECT ?s (kb:line(?s) AS ?line) { VALUES ?s { <https://kb.example/article/a> } }"
    ran = run("query", asked, "--endpoint", f"{virtuoso.url}/sparql", "-f", "csv")
    assert (ran.code, ran.out) == (0, "s,line\r\nhttps://kb.example/article/a,\r\n"), ran.err
