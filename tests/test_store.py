"""The embedded store: made once for a build, put in place as a whole, and never a mixture of two."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyoxigraph import Store
from tests.permissions import without_privileges

from kbgraph.building import build_into
from kbgraph.config import Limits, Settings
from kbgraph.errors import LimitError, UsageError, WorldError
from kbgraph.inputs import discover
from kbgraph.store import open_dataset, write_store

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    out = tmp_path_factory.mktemp("built") / "out"
    build_into(out, discover([root / "seeds" / "ai"], (), Limits()), Settings(jobs=1, formats=("nq",)))
    return out


@pytest.fixture
def out(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "out"))


def count(store: Store) -> int:
    return len(list(store.quads_for_pattern(None, None, None)))


def lines(out: Path) -> int:
    return len((out / "graph.nq").read_bytes().splitlines())


def opened(path: Path, told: list[str] | None = None, limits: Limits | None = None) -> Store:
    heard = [] if told is None else told
    return open_dataset(path, lambda: path.parent / "aside", limits or Limits(), heard.append).store


def rebuilt(out: Path, *changed: str) -> None:
    """Put another dataset in the place of the old one, as a build does: all at once."""
    import hashlib

    data = "".join(sorted(changed)).encode()
    manifest = json.loads((out / "manifest.json").read_bytes())
    manifest["files"] = [{"path": "graph.nq", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}]
    from kbgraph.switch import switch

    new = out.parent / "new"
    new.mkdir(exist_ok=True)
    (new / "graph.nq").write_bytes(data)
    (new / "manifest.json").write_text(json.dumps(manifest))
    switch(out, {name: str(new / name) for name in ("graph.nq", "manifest.json")}, ())


def test_a_store_is_made_once_and_holds_the_dataset(out: Path) -> None:
    told: list[str] = []
    assert count(opened(out, told)) == count(opened(out, told)) == lines(out)
    assert told == ["making the store of graph.nq …"]
    assert count(Store.read_only(str(out / "store"))) == lines(out)
    assert not list(out.glob(".store-new-*"))


def test_a_newer_build_makes_a_store_stale(out: Path) -> None:
    write_store(out)
    rebuilt(out, "<a:a> <a:b> <a:c> .\n")
    assert count(Store.read_only(str(out / "store"))) > 1  # as it was, until somebody asks
    assert count(opened(out)) == 1
    assert count(Store.read_only(str(out / "store"))) == 1


def test_a_store_that_is_open_stays_what_it_was(out: Path) -> None:
    store = opened(out)
    before = lines(out)
    rebuilt(out, "<a:a> <a:b> <a:c> .\n")
    write_store(out)
    assert count(store) == before


def test_all_who_ask_first_at_once_get_one_store(out: Path) -> None:
    told: list[str] = []
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: count(opened(out, told)), range(6)))
    assert found == [lines(out)] * 6
    assert len(told) == 1


def test_a_reader_never_sees_a_mixture_while_builds_go_on(out: Path) -> None:
    """Each dataset says of itself how large it is."""
    done = threading.Event()

    def build() -> None:
        size = 1
        while not done.is_set():
            size = size % 40 + 1
            rebuilt(out, *(f'<a:{n}> <a:size> "{size}" .\n' for n in range(size)))
            write_store(out)

    rebuilt(out, '<a:0> <a:size> "1" .\n')
    builder = threading.Thread(target=build)
    builder.start()
    seen = set()
    try:
        begun = time.monotonic()
        while (so_far := time.monotonic() - begun) < 2 or (len(seen) <= 2 and so_far < 60):
            try:
                quads = list(opened(out))
            except WorldError as error:
                assert "being built again and again" in str(error)  # noqa: PT017
                continue
            assert {quad.object.value for quad in quads} == {str(len(quads))}
            seen.add(len(quads))
    finally:
        done.set()
        builder.join()
    assert len(seen) > 2


def test_who_is_killed_while_making_a_store_leaves_nothing_that_counts(out: Path) -> None:
    data = "".join(f'<a:{n}> <a:b> "{n}" .\n' for n in range(60_000))
    rebuilt(out, *data.splitlines(keepends=True))
    code = f"from pathlib import Path; from kbgraph.store import write_store; write_store(Path({str(out)!r}))"
    process = subprocess.Popen([sys.executable, "-c", code])
    while not list(out.glob(".store-new-*")):
        time.sleep(0.005)
    process.kill()
    process.wait()
    assert not (out / "store").exists()
    assert count(opened(out)) == 60_000
    assert not list(out.glob(".store-new-*"))


def test_what_kbgraph_did_not_make_is_not_replaced(out: Path) -> None:
    (out / "store").mkdir()
    (out / "store" / "mine.txt").write_text("x")
    with pytest.raises(WorldError, match="is not a store that kbgraph made"):
        write_store(out)
    assert (out / "store" / "mine.txt").read_text() == "x"


def test_a_broken_store_is_said(out: Path) -> None:
    write_store(out)
    (out / "store" / "CURRENT").write_text("nonsense\n")
    with pytest.raises(WorldError, match=r"cannot be read: .*; remove it, and it is made anew"):
        opened(out)


def test_a_folder_that_cannot_be_written_to_gets_a_store_elsewhere(out: Path) -> None:
    without_privileges(out.parent)
    out.chmod(0o500)
    told: list[str] = []
    try:
        assert count(opened(out, told)) == lines(out)
    finally:
        out.chmod(0o700)
    assert "cannot be written to: making a store for this time only" in told[0]
    assert not (out / "store").exists()


def test_a_file_that_is_not_what_its_manifest_says_is_refused(out: Path) -> None:
    (out / "graph.nq").write_text("<a:a> <a:b> <a:c> .\n")
    with pytest.raises(UsageError, match="is not what its manifest says: build it again"):
        opened(out)
    assert not (out / "store").exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.nq", b"<a:a> <a:b> <a:c> <a:g> ."),
        ("a.trig", b"GRAPH <a:g> { <a:a> <a:b> <a:c> }"),
        ("a.ttl", b"<a:a> <a:b> <a:c> ."),
        ("a.TTL", b"<a:a> <a:b> <a:c> ."),
        ("a.nt", b"<a:a> <a:b> <a:c> ."),
        ("a.jsonld", b'{"@id": "a:a", "a:b": {"@id": "a:c"}}'),
        (
            "a.rdf",
            b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="a:"><r:Description r:about="a:a"><b r:resource="a:c"/></r:Description></r:RDF>',
        ),
        ("a.nt.gz", gzip.compress(b"<a:a> <a:b> <a:c> .", mtime=0)),
    ],
)
def test_a_file_of_rdf_is_read_into_memory(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert count(opened(tmp_path / name)) == 1
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "its name must end in"),
        ("a.nt", b"<a:a> <a:b> .\n", r"a.nt:1:13: this is not N-Triples: The object"),
        ("a.nt.gz", b"not packed", "cannot be read"),
        ("a.nt.gz", gzip.compress(b"<a:a> <a:b> <a:c> .\n" * 1000, mtime=0)[:40], "cannot be read"),
    ],
)
def test_a_file_that_is_no_rdf_is_refused(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises((UsageError, WorldError), match=message):
        opened(tmp_path / name)


def test_a_file_is_bounded_unpacked(tmp_path: Path) -> None:
    (tmp_path / "bomb.nt.gz").write_bytes(gzip.compress(b"#" * 10_000_000))
    with pytest.raises(LimitError, match=r"more than 1,000 bytes \(limit graph_bytes\)"):
        opened(tmp_path / "bomb.nt.gz", limits=Limits(graph_bytes=1000))


def test_where_there_is_no_dataset_that_is_said(tmp_path: Path, out: Path) -> None:
    with pytest.raises(UsageError, match="does not exist; kbgraph build makes a graph"):
        opened(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="there is no graph in"):
        opened(tmp_path / "empty")
    manifest = json.loads((out / "manifest.json").read_bytes())
    (out / "manifest.json").write_text(json.dumps({**manifest, "files": []}))
    with pytest.raises(UsageError, match="wrote no dataset; build it again with the format nq"):
        opened(out)
    os.mkfifo(tmp_path / "pipe.nt")
    with pytest.raises(WorldError, match="not a regular file"):
        opened(tmp_path / "pipe.nt")
