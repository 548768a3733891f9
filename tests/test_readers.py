"""Readers that share nothing with us: rapper and Apache Jena accept every RDF file that we write, and read all of it."""

from __future__ import annotations

import gzip
import io
import re
import shutil
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from tests import jena
from tests.hostile.together import hostile_inputs
from tests.test_build import HARD, by_pyoxigraph

import kbgraph
from kbgraph import Settings
from kbgraph.cli import main
from kbgraph.export import FORMATS

#: Names of syntaxes: the end of a file's name, in Oxigraph, in rapper, which has no JSON-LD.
SYNTAXES = {
    ".nq": (ox.RdfFormat.N_QUADS, "nquads"),
    ".nt": (ox.RdfFormat.N_TRIPLES, "ntriples"),
    ".trig": (ox.RdfFormat.TRIG, "trig"),
    ".ttl": (ox.RdfFormat.TURTLE, "turtle"),
    ".jsonld": (ox.RdfFormat.JSON_LD, ""),
}

#: U+FFFE and U+FFFF, which a text may hold in RDF, and which rapper refuses in any file.
_NONCHARACTER = re.compile(rb"\xef\xbf[\xbe\xbf]|\\[uU](?:0000)?[fF]{3}[eEfF]")

#: Addresses of other places, those of DOIs among them, are written as they are, and Jena resolves the dots in them.
_DOTS = re.compile(rb"(?:https?://|10[.])\S*/\.\.?/")

needs_rapper = pytest.mark.skipif(shutil.which("rapper") is None, reason="rapper is not installed")
needs_jena = pytest.mark.skipif(not jena.is_installed(), reason="there is no Jena, see tests/jena.py")


@pytest.fixture(scope="module")
def files(root: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Every kind of RDF file that there is, of the seeds and of all that is hostile or wrong."""
    folder = tmp_path_factory.mktemp("readers")
    for each in hostile_inputs()[::2]:  # readers of other languages take their time
        if _NONCHARACTER.search(each.data or b"") or _DOTS.search(each.data or b""):
            continue
        path = folder / "articles" / each.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(each.data or b"")
    for name, source, more in (("seeds", root / "seeds", ["nt", "search"]), ("hostile", folder / "articles", [])):
        formats = ("nq", "trig", "turtle", "jsonld", "shards", *more)
        kbgraph.build(source, out=folder / "out" / name, settings=Settings(formats=formats, shard_quads=20_000))
        for path in (folder / "out" / name / "shards").glob("*.gz"):
            path.with_name(f"{path.name.partition('.')[0]}.nq").write_bytes(gzip.decompress(path.read_bytes()))
    (folder / "hard.md").write_text(HARD, encoding="utf-8", newline="")
    for name, each in FORMATS.items():
        ending = Path(each.file).suffix
        if ending in SYNTAXES and not each.many:
            (folder / "out" / f"converted{ending}").write_bytes(said("convert", folder / "hard.md", "-t", name))
    report = said("check", folder / "articles", "--output-format", "turtle")
    (folder / "out" / "checked.ttl").write_bytes(report)
    for each in (*root.glob("ontology/*.ttl"), *root.glob("shapes/*.ttl")):
        shutil.copy(each, folder / "out" / f"{each.parent.name}-{each.name}")
    found = sorted(path for path in (folder / "out").rglob("*") if path.suffix in SYNTAXES)
    assert {path.suffix for path in found} == SYNTAXES.keys()
    return found


def said(*arguments: str | Path) -> bytes:
    """What a command writes to standard output."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with redirect_stdout(out), redirect_stderr(io.StringIO()), pytest.raises(SystemExit) as left:
        main([str(each) for each in arguments])
    assert left.value.code in {0, 1}
    written: bytes = out.buffer.getvalue()  # type: ignore[attr-defined]
    return written


def count_of(path: Path) -> int:
    """The statements of a file, as Oxigraph counts them; what is stated twice is one."""
    return len(set(ox.parse(path=str(path), format=SYNTAXES[path.suffix][0])))


@needs_rapper
def test_rapper_reads_every_file_and_counts_alike(files: list[Path]) -> None:
    wrong = []
    for path in files:
        if not SYNTAXES[path.suffix][1]:
            continue
        command = ["rapper", "-c", "-i", SYNTAXES[path.suffix][1], str(path), "https://kb.example/"]
        ran = subprocess.run(command, capture_output=True, check=False, text=True)
        counted = re.search(r"returned (\d+) triple", ran.stderr)
        if ran.returncode or counted is None or int(counted[1]) != count_of(path) or "rror" in ran.stderr:
            wrong.append((path.name, count_of(path), ran.stderr[-300:]))
    assert wrong == []
    assert len(files) > 30


@pytest.fixture(scope="module")
def found_by_jena(files: list[Path]) -> dict[Path, dict[str, Any]]:
    """What Jena says of each file."""
    return dict(zip(files, jena.read_all(files), strict=True))


@needs_jena
def test_jena_reads_every_file_and_counts_alike(found_by_jena: dict[Path, dict[str, Any]]) -> None:
    wrong = [
        (path.name, count_of(path), found)
        for path, found in found_by_jena.items()
        if found.get("triples", 0) + found.get("quads", 0) != count_of(path)
    ]
    assert wrong == []


@needs_jena
def test_jena_warns_of_nothing_but_odd_addresses_of_hostile_articles(found_by_jena: dict[Path, dict[str, Any]]) -> None:
    warnings = {path: found["warning"] for path, found in found_by_jena.items() if "warning" in found}
    odd = {path for path, warning in warnings.items() if "Unwise IRI" in warning}
    assert odd
    assert {path: warning for path, warning in warnings.items() if path not in odd} == {}
    assert [path for path in odd if "hostile" not in path.parts and path.name != "checked.ttl"] == []


@needs_jena
@pytest.mark.parametrize("name", ["seeds", "hostile"])
@pytest.mark.parametrize("file", ["graph.jsonld", "graph.trig", "graph.nq"])
def test_jena_reads_the_same_statements_as_we_wrote(
    found_by_jena: dict[Path, dict[str, Any]], name: str, file: str
) -> None:
    path = next(each for each in found_by_jena if each.parts[-2:] == (name, file))
    ours, theirs = (
        by_pyoxigraph(each.read_bytes(), ox.RdfFormat.N_QUADS, named=True)
        for each in (path.with_name("graph.nq"), path.with_name(f"{file}.read.nq"))
    )
    assert theirs - ours == set()
    assert ours - theirs == set()
