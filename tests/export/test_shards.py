"""`kbgraph.export.shards`: every quad in one shard, graphs whole, and a manifest that is true."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, Store, parse

import kbgraph
from kbgraph import Settings, UsageError
from kbgraph.cli import main
from kbgraph.config import find_settings
from kbgraph.export import FORMATS
from kbgraph.export.shards import write_shards
from kbgraph.files import PART
from kbgraph.graph import KnowledgeGraph
from kbgraph.output import MANIFEST
from kbgraph.parts import loaded

BASE = "https://kb.example/"


def shards_of(graph: KnowledgeGraph, quads: int) -> tuple[dict[str, Any], list[bytes]]:
    """The manifest, and what is in each shard."""
    files = {name: b"".join(loaded(chunks)) for name, chunks in write_shards(graph, Settings(shard_quads=quads))}
    manifest = json.loads(files.pop("manifest.json"))
    assert list(files) == [each["path"] for each in manifest["shards"]]
    contents = [gzip.decompress(data) for data in files.values()]
    for entry, data, content in zip(manifest["shards"], files.values(), contents, strict=True):
        assert (entry["bytes"], entry["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
        inside = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        assert entry["content"] == inside
        assert entry["quads"] == content.count(b"\n")
        assert entry["graphs"] == len(graphs_in(content))
    return manifest, contents


def graphs_in(lines: bytes) -> set[str]:
    """The names of the graphs of some N-Quads; "" is the default graph."""
    names = (quad.graph_name for quad in parse(lines, format=RdfFormat.N_QUADS))
    return {name.value if isinstance(name, NamedNode) else "" for name in names}


def graph_of(sizes: dict[str, int], *, subjects: int = 7) -> KnowledgeGraph:
    """A graph of so many quads in each of some graphs, those of articles one part each."""
    graphs = {
        name: b"".join(
            sorted(f'<{BASE}{name}/{n % subjects}> <{BASE}p> "{n}" <{name}> .\n'.encode() for n in range(size))
        )
        for name, size in sizes.items()
    }
    return KnowledgeGraph(BASE, graphs)


@pytest.mark.parametrize("quads", [1, 100, 700, 2_000, 250_000])
def test_the_shards_of_the_seeds_hold_every_quad_once(seeds_graph: KnowledgeGraph, quads: int) -> None:
    manifest, contents = shards_of(seeds_graph, quads)
    lines = b"".join(contents).splitlines(keepends=True)
    assert sorted(lines) == seeds_graph.n_quads().splitlines(keepends=True)
    assert manifest["quads"] == len(seeds_graph) == len(lines)
    assert manifest["graphs"] == len(seeds_graph.graph_names)
    assert all(each["quads"] <= quads for each in manifest["shards"])


@given(
    st.dictionaries(
        st.sampled_from([f"urn:g{n}" for n in range(8)] + [f"{BASE}graph/article/{n}" for n in range(4)]),
        st.integers(1, 60),
    ),
    st.integers(1, 80),
)
@settings(max_examples=60, deadline=None)
def test_a_graph_lies_in_one_shard_unless_it_is_larger(sizes: dict[str, int], quads: int) -> None:
    graph = graph_of(sizes)
    manifest, contents = shards_of(graph, quads)
    assert sorted(b"".join(contents).splitlines()) == graph.n_quads().splitlines()
    assert all(0 < each["quads"] <= quads for each in manifest["shards"])
    for name, size in sizes.items():
        holding = [content for content in contents if f" <{name}> .\n".encode() in content]
        if size <= quads:
            assert len(holding) == 1
        else:
            assert all(graphs_in(content) == {name} for content in holding)
            assert len(holding) >= -(-size // quads)
    for one, other in pairwise(contents):  # no shard is shorter than it has to be
        first, last = min(graphs_in(other)), max(graphs_in(one))
        if sizes[first] <= quads and sizes[last] <= quads:
            assert one.count(b"\n") + sizes[first] > quads


def test_a_dataset_of_nothing_has_a_manifest_of_nothing() -> None:
    manifest, contents = shards_of(KnowledgeGraph(BASE, {}), 10)
    assert (manifest["quads"], manifest["shards"], contents) == (0, [], [])


# ---- the file


def test_nothing_but_the_quads_goes_into_the_bytes(seeds_graph: KnowledgeGraph) -> None:
    """RFC 1952: no name, no time, no system."""
    name, chunks = next(write_shards(seeds_graph, Settings()))
    data = b"".join(loaded(chunks))
    assert name == "00001.nq.gz"
    assert data[:10] == bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255])


def test_shards_are_the_same_under_any_hash_seed_and_number_of_jobs(root: Path, tmp_path: Path) -> None:
    made = []
    for seed, jobs in (("0", 1), ("4711", 2)):
        out = tmp_path / seed
        code = (
            "import kbgraph, sys; kbgraph.build(sys.argv[1], out=sys.argv[2], settings=kbgraph.Settings("
            f"jobs={jobs}, shard_quads=700, formats=('shards', 'neo4j', 'parquet')))"
        )
        command = [sys.executable, "-c", code, str(root / "seeds"), str(out)]
        subprocess.run(command, check=True, env={"PYTHONHASHSEED": seed, "PATH": ""})
        made.append({path.name: path.read_bytes() for path in sorted(out.rglob("*.*")) if path.is_file()})
    assert made[0] == made[1]
    assert {"00008.nq.gz", "Article.csv", "facts.parquet"} <= made[0].keys()


# ---- in a build


@pytest.mark.parametrize("name", [name for name, each in FORMATS.items() if each.many])
def test_what_a_killed_build_left_in_a_folder_is_removed_by_the_next(root: Path, tmp_path: Path, name: str) -> None:
    left = tmp_path / FORMATS[name].file / f"{PART}x.part"
    left.parent.mkdir()
    left.write_bytes(b"half of it")
    built(root, tmp_path, "nq")
    assert not left.exists()


def test_every_folder_is_in_the_statistics(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built(root, tmp_path, "nq", "shards", "search")
    with pytest.raises(SystemExit):
        main(["stats", str(tmp_path)])
    said = capsys.readouterr().out
    assert re.search(r"^  articles/ \(14 files\) +[\d,]+ bytes$", said, re.MULTILINE)
    assert re.search(r"^  shards/ \(\d files\) +[\d,]+ bytes$", said, re.MULTILINE)


def test_oxigraph_loads_the_shards(root: Path, tmp_path: Path, seeds_graph: KnowledgeGraph) -> None:
    """The command that the documentation says."""
    oxigraph = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if oxigraph is None:
        pytest.skip("the Oxigraph server is not installed")
    built(root, tmp_path / "out", "shards")
    shards = sorted(map(str, (tmp_path / "out" / "shards").glob("*.nq.gz")))
    assert len(shards) > 2
    store = str(tmp_path / "store")
    subprocess.run([oxigraph, "load", "-l", store, "-f", *shards], check=True, capture_output=True)
    dumped = subprocess.run([oxigraph, "dump", "-l", store, "--format", "nq"], check=True, capture_output=True).stdout
    direct = Store()
    direct.bulk_extend(seeds_graph)
    assert set(parse(dumped, format=RdfFormat.N_QUADS)) == set(direct)


def built(root: Path, out: Path, *formats: str, quads: int = 2_000) -> set[str]:
    """The files that a build of the seeds writes."""
    result = kbgraph.build(root / "seeds", out=out, settings=Settings(jobs=1, formats=formats, shard_quads=quads))
    found = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert found - {".lock"} == set(result.files)
    return set(result.files)


def test_shards_that_a_later_build_has_not_are_removed(root: Path, tmp_path: Path) -> None:
    many = built(root, tmp_path, "shards", quads=700)
    few = built(root, tmp_path, "shards", quads=3_000)
    assert {f"shards/{n:05}.nq.gz" for n in range(1, 9)} <= many
    assert {each for each in few if each.endswith(".gz")} == {f"shards/{n:05}.nq.gz" for n in range(1, 3)}
    assert not any(each.startswith("shards/") for each in built(root, tmp_path, "nq"))
    assert not (tmp_path / "shards").exists()


def test_what_is_listed_in_the_manifest_of_the_build_is_the_file(root: Path, tmp_path: Path) -> None:
    built(root, tmp_path, "shards")
    listed = {each["path"]: each["sha256"] for each in json.loads((tmp_path / MANIFEST).read_bytes())["files"]}
    for each in json.loads((tmp_path / "shards" / "manifest.json").read_bytes())["shards"]:
        assert listed[f"shards/{each['path']}"] == each["sha256"]


def test_the_size_of_shards_is_a_setting(tmp_path: Path) -> None:
    (tmp_path / "kbgraph.toml").write_text("shard-quads = 12\n")
    assert find_settings(tmp_path).shard_quads == 12
    for wrong in ("0", "-1", '"many"', "4294967296", "true"):
        (tmp_path / "kbgraph.toml").write_text(f"shard-quads = {wrong}\n")
        with pytest.raises(UsageError, match="'shard-quads' must be"):
            find_settings(tmp_path)


@pytest.mark.parametrize("name", ["shards", "neo4j", "parquet"])
def test_a_format_of_a_folder_is_not_one_text(seeds_graph: KnowledgeGraph, name: str) -> None:
    with pytest.raises(UsageError, match=f"'{name}' is a folder of files, {FORMATS[name].file}/; build writes it"):
        seeds_graph.serialize(name)


def test_a_later_build_of_a_changed_article_is_as_a_first_one(root: Path, tmp_path: Path) -> None:
    """What is copied from the files of before is what would be made."""
    shutil.copytree(root / "seeds", tmp_path / "seeds")

    def build(out: str) -> dict[str, bytes]:
        with pytest.raises(SystemExit) as left:
            main(["build", str(tmp_path / "seeds"), "-o", str(tmp_path / out), "-f", "shards,neo4j,parquet", "-j", "1"])
        assert left.value.code in {0, 1}
        files = (path for path in (tmp_path / out).rglob("*") if path.is_file() and ".cache" not in path.parts)
        return {path.relative_to(tmp_path / out).as_posix(): path.read_bytes() for path in sorted(files)}

    first = build("warm")
    article = tmp_path / "seeds" / "ai" / "attention.md"
    article.write_text(
        article.read_text(encoding="utf-8").replace("category: ai", "category: ai\nslug: new"), encoding="utf-8"
    )
    (tmp_path / "seeds" / "knowledge" / "rdf.md").unlink()
    warm, cold = build("warm"), build("cold")
    assert warm == cold
    assert warm["neo4j/Article.csv"] != first["neo4j/Article.csv"]
    assert b'"new"' in warm["neo4j/Article.csv"]
