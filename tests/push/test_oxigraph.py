"""A real store: what travels, what stays, and what becomes of a push that something happens to."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, RdfFormat, Store, parse, serialize
from tests.command_line import Run
from tests.push.servers import Asked, Oxigraph, Proxy, select

import kbgraph
from kbgraph.config import Limits
from kbgraph.dataset import read_dataset
from kbgraph.push import store as push_store
from kbgraph.push.http import Client
from kbgraph.push.ledger import Entry, Ledger
from kbgraph.push.plan import contents_of
from kbgraph.push.profiles import PROFILES, addresses_of
from kbgraph.terms import Space

BASE = "https://kb.example/"
LEDGER = Space(BASE).ledger.value
OURS = Limits()

posix = pytest.mark.skipif(os.name != "posix", reason="needs what only POSIX systems have")


def wanted(out: Path) -> dict[str, int]:
    """The number of triples that each graph of a build must have in a store, counted by a store in memory."""
    store = Store()
    store.bulk_load(path=str(out / "graph.nq"), format=RdfFormat.N_QUADS)
    rows = store.query("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    counts = {row["g"].value: int(row["n"].value) for row in rows}
    return counts | {f"{BASE}graph/catalogue": len(list(store.quads_for_pattern(None, None, None, DefaultGraph())))}


def held(server: Oxigraph) -> dict[str, int]:
    """The number of triples of each graph in a store, but for the ledger."""
    return {name: count for name, count in server.counts().items() if name != LEDGER}


def ledger_of(url: str) -> dict[str, Entry]:
    with Client() as client:
        return Ledger(push_store.Store(client, addresses_of(PROFILES["oxigraph"], url), OURS), BASE).read()


def claims_are_true(server: Oxigraph, out: Path) -> None:
    """What the ledger claims is what there is, to the digest."""
    contents, counts = contents_of(read_dataset(out))[1], held(server)
    for name, entry in ledger_of(server.url).items():
        if entry.digest:
            assert entry == contents[name].entry
            assert counts[name] == entry.size


@pytest.fixture
def changed(root: Path, tmp_path: Path) -> Path:
    """The seeds with one article changed and one removed, built."""
    folder = tmp_path / "changed"
    shutil.copytree(root / "seeds", folder)
    article = folder / "ai" / "attention.md"
    article.write_text(article.read_text() + "\nOne more sentence.\n")
    (folder / "history" / "imprimerie.md").unlink()
    out = tmp_path / "changed-out"
    kbgraph.build(folder, out=out, settings=kbgraph.Settings(jobs=1, formats=("nq",)))
    return out


def test_a_push_arrives_and_the_next_one_only_asks(
    run: Run, oxigraph: Oxigraph, seeds_out: Path, proxy_to: Callable[[str], Proxy]
) -> None:
    proxy = proxy_to(oxigraph.url)
    first = run("push", proxy.url, "--graph", seeds_out)
    assert first.code == 0, first.err
    counts = wanted(seeds_out)
    assert held(oxigraph) == counts
    total = f"{sum(counts.values()):,}"
    assert f"{len(counts)} graphs sent, 0 deleted, 0 unchanged; {total} triples sent, {total} counted" in first.err
    assert proxy.written
    proxy.asked.clear()
    second = run("push", proxy.url, "--graph", seeds_out, "--store", "oxigraph")
    assert f"0 graphs sent, 0 deleted, {len(counts)} unchanged" in second.err
    assert proxy.asked
    assert proxy.written == []


def test_what_is_pulled_is_what_was_pushed(run: Run, oxigraph: Oxigraph, seeds_out: Path, tmp_path: Path) -> None:
    run("push", oxigraph.url, "--graph", seeds_out)
    pulled = run("pull", oxigraph.url, "-o", tmp_path / "pulled", "--against", seeds_out)
    assert pulled.code == 0, pulled.err
    assert f"the same as {seeds_out}, by value" in pulled.err
    assert (tmp_path / "pulled" / "graph.nq").read_bytes() == (seeds_out / "graph.nq").read_bytes()
    again = run("pull", oxigraph.url, "-o", tmp_path / "pulled")
    assert again.code == 2
    assert "exists already" in again.err


def test_only_what_changed_travels_and_what_is_gone_is_deleted(
    run: Run, oxigraph: Oxigraph, seeds_out: Path, changed: Path
) -> None:
    foreign = [f"{BASE}graph/article/mine", "http://example.org/theirs"]
    for name in foreign:
        oxigraph.update(f"INSERT DATA {{ GRAPH <{name}> {{ <{name}> a <{name}> }} }}")
    run("push", oxigraph.url, "--graph", seeds_out)
    before, after = contents_of(read_dataset(seeds_out))[1], contents_of(read_dataset(changed))[1]
    differ = sorted(name for name in after if name not in before or after[name].entry != before[name].entry)
    gone = [f"{BASE}graph/article/history/imprimerie"]
    assert f"{BASE}graph/article/ai/attention" in differ
    assert len(differ) < len(after) / 2

    kept = held(oxigraph)
    dry = run("push", oxigraph.url, "--graph", changed, "--dry-run")
    lines = [f"put {name} {after[name].size}" for name in differ] + [f"delete {name}" for name in gone]
    assert dry.out.splitlines() == lines
    assert held(oxigraph) == kept
    ran = run("push", oxigraph.url, "--graph", changed, "--no-prune")
    assert f"{len(differ)} graphs sent, 0 deleted" in ran.err
    assert held(oxigraph)[gone[0]] == before[gone[0]].size
    ran = run("push", oxigraph.url, "--graph", changed)
    assert "0 graphs sent, 1 deleted" in ran.err
    assert held(oxigraph) == wanted(changed) | dict.fromkeys(foreign, 1)
    claims_are_true(oxigraph, changed)


def test_two_datasets_in_one_store_leave_each_other_alone(
    run: Run, oxigraph: Oxigraph, seeds_out: Path, root: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    settings = kbgraph.Settings(jobs=1, formats=("nq",), base="https://other.example/kb/")
    kbgraph.build(root / "seeds" / "ai", out=other, settings=settings)
    run("push", oxigraph.url, "--graph", seeds_out)
    ran = run("push", oxigraph.url, "--graph", other)
    assert ran.code == 0
    assert "0 deleted" in ran.err
    assert "0 graphs sent, 0 deleted" in run("push", oxigraph.url, "--graph", seeds_out).err
    unsure = run("pull", oxigraph.url, "-o", tmp_path / "pulled")
    assert unsure.code == 2
    assert "--base: https://kb.example/, https://other.example/kb/" in unsure.err
    assert run("pull", oxigraph.url, "-o", tmp_path / "pulled", "--base", settings.base, "--against", other).code == 0


@posix
@pytest.mark.parametrize("kind", ["quads", "graphs", "update"])
def test_a_killed_push_claims_nothing_that_is_not_so_and_is_finished_by_the_next(
    run: Run, oxigraph: Oxigraph, seeds_out: Path, project: Path, proxy_to: Callable[[str], Proxy], kind: str
) -> None:
    (project / "kbgraph.toml").write_text("[limits]\nrequest_bytes = 100000\nrequest_quads = 500\n")
    proxy = proxy_to(oxigraph.url)
    # The same server as one that takes whole datasets, one graph at a time, or updates alone.
    words = {
        "quads": [proxy.url, "--store", "oxigraph"],
        "graphs": [proxy.url + "/update", "--store", "generic", "--graph-store", proxy.url + "/store"],
        "update": [proxy.url + "/update", "--store", "generic"],
    }[kind]
    words += ["--query", proxy.url + "/query", "--graph", str(seeds_out), "--jobs", "2"]
    process = subprocess.Popen([sys.executable, "-m", "kbgraph", "push", *words], stderr=subprocess.DEVNULL)

    def kill(handler: object, asked: Asked) -> bool:
        if len(proxy.written) == 9:
            process.kill()
        return False

    proxy.fault = kill
    assert process.wait(60) == -9
    proxy.fault = None
    claims_are_true(oxigraph, seeds_out)
    entries = ledger_of(oxigraph.url)
    assert entries
    assert set(held(oxigraph)) <= set(entries)
    done = sum(bool(entry.digest) for entry in entries.values())
    assert 0 < done < len(wanted(seeds_out))
    ran = run("push", *words)
    assert ran.code == 0, ran.err
    sent = re.search(r"^(\d+) graphs? sent", ran.err, re.MULTILINE)
    assert sent
    assert int(sent[1]) <= len(wanted(seeds_out)) - done
    assert held(oxigraph) == wanted(seeds_out)
    assert "0 graphs sent" in run("push", *words).err


@posix
def test_ctrl_c_ends_a_push_at_once_although_the_store_does_not_answer(
    run: Run, oxigraph: Oxigraph, seeds_out: Path, proxy_to: Callable[[str], Proxy]
) -> None:
    proxy = proxy_to(oxigraph.url)
    words = ["push", proxy.url, "--store", "oxigraph", "--graph", str(seeds_out)]
    process = subprocess.Popen([sys.executable, "-m", "kbgraph", *words], stderr=subprocess.PIPE)
    stopped: list[float] = []

    def hang(handler: object, asked: Asked) -> bool:
        if asked.path.startswith("/store"):
            process.send_signal(signal.SIGINT)
            stopped.append(time.monotonic())
            time.sleep(20)
        return False

    proxy.fault = hang
    said = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 130
    assert said.splitlines()[-1] == "stopped"
    assert "Traceback" not in said
    assert time.monotonic() - stopped[0] < 10
    claims_are_true(oxigraph, seeds_out)
    proxy.fault = None
    assert run(*words).code == 0


def test_a_store_that_is_started_again_meanwhile_is_waited_for(
    run: Run, oxigraph: Oxigraph, seeds_out: Path, project: Path, proxy_to: Callable[[str], Proxy]
) -> None:
    (project / "kbgraph.toml").write_text("[limits]\nrequest_bytes = 100000\n")
    proxy = proxy_to(oxigraph.url)

    def restart(handler: object, asked: Asked) -> bool:
        if len(proxy.written) == 5 and asked.writes:
            oxigraph.restart()
        return False

    proxy.fault = restart
    ran = run("push", proxy.url, "--graph", seeds_out)
    assert ran.code == 0, ran.err
    assert held(oxigraph) == wanted(seeds_out)
    oxigraph.restart()
    assert "0 graphs sent" in run("push", oxigraph.url, "--graph", seeds_out).err


def test_a_push_that_another_one_overtakes_claims_nothing(
    run: Run, oxigraph: Oxigraph, seeds_out: Path, proxy_to: Callable[[str], Proxy]
) -> None:
    proxy = proxy_to(oxigraph.url)

    def overtake(handler: object, asked: Asked) -> bool:
        if len(proxy.written) == 3 and asked.writes:
            with Client() as client:
                store = push_store.Store(client, addresses_of(PROFILES["oxigraph"], oxigraph.url), OURS)
                Ledger(store, BASE, "another").sign()
        return False

    proxy.fault = overtake
    ran = run("push", proxy.url, "--graph", seeds_out)
    assert ran.code == 3
    assert "another push to this store began meanwhile" in ran.err
    assert {entry.digest for entry in ledger_of(oxigraph.url).values()} == {""}
    proxy.fault = None
    assert run("push", proxy.url, "--graph", seeds_out).code == 0
    claims_are_true(oxigraph, seeds_out)


def test_a_store_that_says_yes_and_stores_nothing_is_found_out(
    run: Run, oxigraph: Oxigraph, seeds_out: Path, proxy_to: Callable[[str], Proxy]
) -> None:
    proxy = proxy_to(oxigraph.url)
    proxy.fault = lambda handler, asked: asked.path.startswith("/store") and handler.answer(204)
    ran = run("push", proxy.url, "--graph", seeds_out)
    assert ran.code == 3
    agents = wanted(seeds_out)[f"{BASE}graph/agents"]
    assert f"<{BASE}graph/agents> has 0 triples instead of {agents:,}" in ran.err
    assert "graphs more" in ran.err
    proxy.fault = None
    assert run("push", proxy.url, "--graph", seeds_out).code == 0
    assert held(oxigraph) == wanted(seeds_out)


def test_a_store_that_does_not_keep_claims_is_found_out(
    run: Run, oxigraph: Oxigraph, seeds_out: Path, proxy_to: Callable[[str], Proxy]
) -> None:
    proxy = proxy_to(oxigraph.url)
    proxy.fault = lambda handler, asked: asked.body.startswith(b"update=INSERT") and handler.answer(204)
    ran = run("push", proxy.url, "--graph", seeds_out)
    assert ran.code == 3
    assert "the store does not keep what updates say" in ran.err
    assert {entry.digest for entry in ledger_of(oxigraph.url).values()} == {""}


def test_triples_that_a_store_has_lost_are_sent_again(run: Run, oxigraph: Oxigraph, seeds_out: Path) -> None:
    run("push", oxigraph.url, "--graph", seeds_out)
    oxigraph.update(f"DROP GRAPH <{BASE}graph/agents>")
    broken = run("pull", oxigraph.url, "-o", "pulled")
    assert broken.code == 3
    assert f"<{BASE}graph/agents> comes with 0 triples instead of" in broken.err
    assert not Path("pulled").exists()
    assert "1 graph sent" in run("push", oxigraph.url, "--graph", seeds_out).err
    assert held(oxigraph) == wanted(seeds_out)


def test_a_pull_says_what_is_not_the_same(run: Run, oxigraph: Oxigraph, seeds_out: Path) -> None:
    run("push", oxigraph.url, "--graph", seeds_out)
    graph = f"{BASE}graph/agents"
    oxigraph.update(
        f"DELETE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} INSERT {{ GRAPH <{graph}> {{ ?s ?p 'changed' }} }} "
        f"WHERE {{ {{ SELECT * {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} ORDER BY ?s ?p ?o LIMIT 1 }} }}"
    )
    ran = run("pull", oxigraph.url, "-o", "pulled", "--against", seeds_out)
    assert ran.code == 1
    assert "the store has changed the text of 1 graph" in ran.err
    assert f"<{graph}>: 1 statement missing" in ran.err
    assert f"<{graph}>: 1 statement added" in ran.err
    assert '"changed"' in ran.err


def test_the_whole_corpus_arrives(
    run: Run, oxigraph: Oxigraph, corpus_result: kbgraph.BuildResult, tmp_path: Path
) -> None:
    text = corpus_result.graph.serialize("nq")
    data = text.encode() if isinstance(text, str) else text
    (tmp_path / "graph.nq").write_bytes(data)
    listed = {"path": "graph.nq", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (tmp_path / "manifest.json").write_text(json.dumps({"files": [listed]}))  # as a build proves its lines
    ran = run("push", oxigraph.url, "--graph", tmp_path / "graph.nq")
    assert ran.code == 0, ran.err
    counts = wanted(tmp_path)
    assert len(counts) == 1_091
    assert held(oxigraph) == counts
    assert "0 graphs sent" in run("push", oxigraph.url, "--graph", tmp_path / "graph.nq").err
    # A sample of triples, asked of the server by another client.
    lines = (tmp_path / "graph.nq").read_bytes().splitlines()[::10_000]
    for line in lines:
        quad = next(iter(parse(line, format=RdfFormat.N_QUADS)))
        graph = getattr(quad.graph_name, "value", None) or f"{BASE}graph/catalogue"
        triple = (serialize([quad.triple], format=RdfFormat.N_TRIPLES) or b"").decode()
        found = select(f"{oxigraph.url}/query", f"SELECT (1 AS ?yes) WHERE {{ GRAPH <{graph}> {{ {triple} }} }}")
        assert found.split() == ["yes", "1"], line
    assert len(lines) > 20


def test_a_query_for_lines_is_answered_without_them(run: Run, oxigraph: Oxigraph, seeds_out: Path) -> None:
    assert run("push", oxigraph.url, "--graph", seeds_out).code == 0
    ran = run("query", "provenance-of-facts", "--endpoint", f"{oxigraph.url}/query?union-default-graph", "-f", "json")
    assert ran.code == 0, ran.err
    rows = json.loads(ran.out)["results"]["bindings"]
    assert rows[0]["path"]["value"] == "ai/attention.md"
    assert not any("line" in row for row in rows)
