"""The whole way from files to files: exact bytes, the same on every machine, read alike by others.

`KBGRAPH_REGENERATE=1 python -m pytest tests/test_build.py -k golden` writes the golden files anew;
look at the difference before you commit it.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import logging
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

import kbgraph
from kbgraph import Settings, UsageError, WorldError
from kbgraph.building import compile_inputs
from kbgraph.config import Limits
from kbgraph.errors import LimitError
from kbgraph.export import FORMATS
from kbgraph.fields import ARTICLE
from kbgraph.inputs import Input
from kbgraph.output import MANIFEST
from kbgraph.terms import KB, expanded

#: The module; in the package its name is that of its function.
PUBLISHING = importlib.import_module("kbgraph.publishing")
COMPILING = importlib.import_module("kbgraph.compiling")
MAKING = importlib.import_module("kbgraph.making")
GOLDEN = Path(__file__).parent / "golden"
REGENERATE = bool(os.environ.get("KBGRAPH_REGENERATE"))

#: The formats that are RDF: their names in rdflib and in rapper, and whether they hold named graphs.
RDF = {
    "nq": ("nquads", "nquads", True),
    "trig": ("trig", "trig", True),
    "jsonld": ("json-ld", "", True),
    "turtle": ("turtle", "turtle", False),
    "nt": ("nt", "ntriples", False),
}

Files = dict[str, bytes]


def files_of(folder: Path) -> Files:
    """Everything in an output folder but the lock and the cache."""
    own = {".lock", ".cache"}
    found = (path for path in folder.rglob("*") if path.is_file() and own.isdisjoint(path.relative_to(folder).parts))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(found)}


# ---- golden


def golden_result() -> kbgraph.BuildResult:
    return kbgraph.build(GOLDEN / "roman-concrete.md", settings=Settings(jobs=1))


def test_the_golden_files_are_made_to_the_byte(tmp_path: Path) -> None:
    settings = Settings(jobs=1, formats=("nq", "trig", "turtle"))
    kbgraph.build(GOLDEN / "roman-concrete.md", out=tmp_path, settings=settings)
    folder = GOLDEN / "roman-concrete"
    if REGENERATE:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, data in files_of(tmp_path).items():
            (folder / name).write_bytes(data)
        pytest.skip("the golden files were written anew")
    made, golden = files_of(tmp_path), files_of(folder)
    assert sorted(made) == sorted(golden)
    for name, data in made.items():
        assert data.decode().splitlines() == golden[name].decode().splitlines(), name
        assert data == golden[name], name


def test_the_golden_article_is_about_as_much_as_one_article_can_be() -> None:
    """Every property that a field of an article has is used, so that the golden files prove something."""
    used = {quad.predicate for quad in golden_result().graph}
    expected = {expanded(field.property) for field in ARTICLE.fields}
    assert expected - used == {expanded("schema:relatedLink"), expanded("schema:workTranslation")}


def test_the_founding_article_gives_exactly_the_reference_model(shared: Path) -> None:
    result = kbgraph.build(shared / "seeds" / "instruction-tuning.md", settings=Settings(jobs=1))
    reference = set(ox.parse(path=str(shared / "model" / "instruction-tuning.trig"), format=ox.RdfFormat.TRIG))
    vocabulary = ox.NamedNode("https://kb.example/graph/vocabulary")
    made = {quad for quad in result.graph if vocabulary not in {quad.graph_name, quad.subject}}
    assert made - reference == set()
    assert reference - made == set()
    about = {quad for quad in result.graph if quad.subject == vocabulary}
    assert about == set(
        ox.parse(
            "<https://kb.example/graph/vocabulary> a <http://www.w3.org/ns/sparql-service-description#Graph>, "
            "<http://www.w3.org/ns/prov#Entity> ; <http://purl.org/dc/terms/isPartOf> <https://kb.example/dataset> .",
            format=ox.RdfFormat.TURTLE,
        )
    )
    assert list(result.report) == []


# ---- the same input gives the same bytes


@pytest.fixture(scope="module")
def seeds_files(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The seeds in every format."""
    out = tmp_path_factory.mktemp("out")
    kbgraph.build(root / "seeds", out=out, settings=Settings(jobs=1, formats=tuple(FORMATS)))
    return files_of(out)


MACHINES = {
    "no hash seed, POSIX": {
        "PYTHONHASHSEED": "0",
        "LC_ALL": "C",
        "LANG": "C",
        "TZ": "UTC",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
    },
    "a hash seed, Turkish, Tokyo": {
        "PYTHONHASHSEED": "4711",
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "tr_TR.UTF-8",
        "TZ": "Asia/Tokyo",
    },
    "a random hash seed, optimised": {
        "PYTHONHASHSEED": "random",
        "LANG": "de_DE.ISO-8859-1",
        "TZ": "America/St_Johns",
        "PYTHONOPTIMIZE": "2",
    },
}


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_a_build_is_the_same_on_every_machine(
    root: Path, tmp_path: Path, seeds_files: Files, machine: dict[str, str]
) -> None:
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LC_", "LANG", "PYTHON", "KBGRAPH", "TZ"))
    }
    command = [sys.executable, "-m", "kbgraph", "build", str(root / "seeds"), "-o", "out", "-f", ",".join(FORMATS)]
    ran = subprocess.run(command, cwd=tmp_path, env={**plain, **machine}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert files_of(tmp_path / "out") == seeds_files


@pytest.mark.parametrize(("jobs", "batch"), [(1, 3), (2, 3), (3, 1), (2, 5)])
def test_a_build_does_not_depend_on_the_number_of_processes(
    root: Path, tmp_path: Path, seeds_files: Files, monkeypatch: pytest.MonkeyPatch, jobs: int, batch: int
) -> None:
    monkeypatch.setattr(COMPILING, "_BATCH", batch)
    monkeypatch.setattr(PUBLISHING, "_LARGE", 1)
    kbgraph.build(root / "seeds", out=tmp_path, settings=Settings(jobs=jobs, formats=tuple(FORMATS)))
    assert files_of(tmp_path) == seeds_files


def test_a_build_does_not_depend_on_the_order_of_paths_and_files(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = sorted(folder for folder in (root / "seeds").iterdir() if folder.is_dir())
    settings = Settings(jobs=1)

    def bytes_of(paths: Iterable[Path]) -> tuple[bytes, tuple[kbgraph.Problem, ...], object]:
        result = kbgraph.build(*paths, settings=settings)
        return result.graph.n_quads(), result.report.problems, result.results

    expected = bytes_of(folders)
    assert bytes_of(reversed(folders)) == expected
    listed = os.scandir

    class Shuffled(list):  # type: ignore[type-arg]
        """A listing in another order."""

        def __init__(self, path: Path) -> None:
            super().__init__(listed(path))
            random.Random(7).shuffle(self)

    monkeypatch.setattr(os, "scandir", Shuffled)
    assert bytes_of(folders) == expected


def test_the_same_articles_elsewhere_give_the_same_bytes(root: Path, tmp_path: Path, seeds_files: Files) -> None:
    shutil.copytree(root / "seeds", tmp_path / "other place" / "seeds")
    kbgraph.build(tmp_path / "other place" / "seeds", out=tmp_path / "out", settings=Settings(formats=tuple(FORMATS)))
    assert files_of(tmp_path / "out") == seeds_files


def test_a_second_build_leaves_every_file_alone(root: Path, tmp_path: Path) -> None:
    settings = Settings(jobs=1)
    kbgraph.build(root / "seeds", out=tmp_path, settings=settings)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.name != ".lock" and path.is_file()}
    kbgraph.build(root / "seeds", out=tmp_path, settings=settings)
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_an_article_keeps_its_graph_when_others_are_added(root: Path, seeds_graph: kbgraph.KnowledgeGraph) -> None:
    alone = kbgraph.build(root / "seeds" / "science", settings=Settings(jobs=1)).graph
    here = {line for line in alone.n_quads().decode().splitlines() if "graph/article/double-helix>" in line}
    there = seeds_graph.n_quads().decode().replace("article/science/double-helix", "article/double-helix")
    links = ("relatedLink>", "#_file>")
    assert here
    assert not [line for line in here - set(there.splitlines()) if not any(word in line for word in links)]


# ---- every RDF file is read alike


_STRINGS = {"http://www.w3.org/2001/XMLSchema#string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"}
Row = tuple[object, ...]


def by_pyoxigraph(data: bytes, format: ox.RdfFormat, named: bool) -> set[Row]:
    """The statements of a file as Oxigraph reads it."""

    def term(value: object) -> Row:
        if isinstance(value, ox.Literal):
            datatype = value.datatype.value
            return (value.value, "" if datatype in _STRINGS else datatype, value.language or "")
        assert isinstance(value, ox.NamedNode | ox.DefaultGraph)
        return (value.value if isinstance(value, ox.NamedNode) else "",)

    rows = ([quad.subject, quad.predicate, quad.object, quad.graph_name] for quad in ox.parse(data, format=format))
    return {tuple(term(value) for value in (row if named else row[:3])) for row in rows}


def by_rdflib(data: bytes, format: str, named: bool) -> set[Row]:
    """The statements of a file as rdflib reads it."""

    def term(value: object) -> Row:
        if isinstance(value, rdflib.Literal):
            return (str(value), str(value.datatype or ""), value.language or "")
        return ("" if value is None or value == rdflib.graph.DATASET_DEFAULT_GRAPH_ID else str(value),)

    dataset = rdflib.Dataset()
    dataset.parse(data=data, format=format)
    return {tuple(term(value) for value in (quad if named else quad[:3])) for quad in dataset.quads()}


#: Names and texts on which writers and readers trip.
HARD = """---
id: "x"
title: "quotes \\" ' \\\\ \\t tab \\u2028 \\u0085 é 日本 😀 <b> </script> ''' \\"\\"\\""
language: en-GB
year: -350
primary_sources:
  - {title: "a\\nb\\r\\nc\\r", url: "https://schema.org/Thing.", year: -350, type: odd.}
  - {title: "end\\\\", url: "http://www.wikidata.org/entity/Q1."}
tags: ["@en", "^^x", "a\\u00a0b", "schema:\\\\x", "<x>"]
x: {"b": "\\u2028", "a": ["</script>"]}
---
[a](https://schema.org/Thing.) [b](http://purl.org/dc/terms/a~b(c)) [c](https://w3id.org/kbgraph/ns#x/y)
[d](https://schema.org/ä日本) [e](https://schema.org/a%20b) [g](https://schema.org/-a)
[h](http://www.wikidata.org/entity/1:2) [i](https://schema.org/a'b*c+d,e;f=g) [j](https://schema.org/a?b&c#d)
[k](https://schema.org/_) [l](https://schema.org/a..b.) [m](http://www.w3.org/ns/prov#:) [n](https://schema.org/)
"""


@pytest.fixture(scope="module")
def hard_graph() -> kbgraph.KnowledgeGraph:
    """A graph of hard cases."""
    inputs = [Input("a b/c++ (1)..md", Path("x.md"), HARD.encode())]
    return compile_inputs(inputs, Settings(jobs=1)).graph


@pytest.fixture
def exact_rdflib(monkeypatch: pytest.MonkeyPatch) -> None:
    """rdflib as it reads: lexical forms as they are, and no word about addresses that it finds odd."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    monkeypatch.setattr(logging.getLogger("rdflib.term"), "disabled", True)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # what rdflib says about its own calls
@pytest.mark.usefixtures("exact_rdflib")
@pytest.mark.parametrize("name", RDF)
@pytest.mark.parametrize("which", ["seeds_graph", "hard_graph"])
def test_every_rdf_file_is_read_alike_by_rdflib_and_oxigraph(
    request: pytest.FixtureRequest, which: str, name: str
) -> None:
    graph: kbgraph.KnowledgeGraph = request.getfixturevalue(which)
    theirs, _, named = RDF[name]
    expected = by_pyoxigraph(graph.n_quads(), ox.RdfFormat.N_QUADS, named)
    data = graph.serialize(name).encode()
    formats = {
        "nq": ox.RdfFormat.N_QUADS,
        "trig": ox.RdfFormat.TRIG,
        "jsonld": ox.RdfFormat.JSON_LD,
        "turtle": ox.RdfFormat.TURTLE,
        "nt": ox.RdfFormat.N_TRIPLES,
    }
    assert by_pyoxigraph(data, formats[name], named) == expected
    found = by_rdflib(data, theirs, named)
    assert found - expected == set()
    assert expected - found == set()


@pytest.mark.skipif(shutil.which("rapper") is None, reason="rapper is not installed")
@pytest.mark.parametrize("name", [name for name, (_, rapper, _) in RDF.items() if rapper])
@pytest.mark.parametrize("which", ["seeds_graph", "hard_graph"])
def test_every_rdf_file_is_read_alike_by_rapper(
    request: pytest.FixtureRequest, tmp_path: Path, which: str, name: str
) -> None:
    graph: kbgraph.KnowledgeGraph = request.getfixturevalue(which)
    _, rapper, named = RDF[name]
    file = tmp_path / "graph"
    file.write_bytes(graph.serialize(name).encode())
    command = ["rapper", "-q", "-i", rapper, "-o", "nquads", str(file), "https://kb.example/"]
    read = subprocess.run(command, capture_output=True, check=True).stdout
    expected = by_pyoxigraph(graph.n_quads(), ox.RdfFormat.N_QUADS, named)
    assert by_pyoxigraph(read, ox.RdfFormat.N_QUADS, named) == expected


# ---- what a build gives back and writes


def test_the_manifest_lists_every_file_with_its_size_and_digest(
    seeds_files: Files, seeds_result: kbgraph.BuildResult
) -> None:
    manifest = json.loads(seeds_files[MANIFEST])
    listed = {each["path"]: (each["bytes"], each["sha256"]) for each in manifest["files"]}
    assert listed == {
        name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in seeds_files.items() if name != MANIFEST
    }
    assert list(listed) == sorted(listed)
    assert (
        manifest["counts"]["articles"]
        == seeds_result.graph.count(KB.Article)
        == len(list((GOLDEN.parents[1] / "seeds").rglob("*.md")))
    )
    assert manifest["problems"]["violation"] == 0
    assert manifest["generator"] == {"name": "kbgraph", "version": kbgraph.__version__}


def test_a_build_without_a_folder_writes_nothing(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = kbgraph.build(root / "seeds" / "ai", settings=Settings(jobs=1))
    assert result.files == ()
    assert list(tmp_path.iterdir()) == []


def test_a_build_says_what_it_wrote(root: Path, tmp_path: Path) -> None:
    result = kbgraph.build(
        root / "seeds" / "ai", out=tmp_path / "out", settings=Settings(jobs=1, formats=("ttl", "nq", "turtle"))
    )
    assert sorted(result.files) == [
        "graph.nq",
        "graph.ttl",
        "manifest.json",
        "places.json",
        "report.json",
        "report.ttl",
    ]
    assert result.files[-1] == MANIFEST


def test_the_progress_of_a_build_adds_up(root: Path) -> None:
    steps: list[int] = []
    kbgraph.build(root / "seeds", settings=Settings(jobs=1), progress=steps.append)
    assert sum(steps) == len(list((root / "seeds").rglob("*.md")))


def test_the_settings_are_those_of_the_project_of_the_first_path(tmp_path: Path, root: Path) -> None:
    shutil.copytree(root / "seeds" / "ai", tmp_path / "project" / "ai")
    (tmp_path / "project" / "kbgraph.toml").write_text('base = "https://kb.test/"\ntitle = "Mine"\n')
    graph = kbgraph.build(tmp_path / "project" / "ai").graph
    assert graph.base == "https://kb.test/"
    assert ox.Quad(
        ox.NamedNode("https://kb.test/dataset"),
        ox.NamedNode("https://schema.org/name"),
        ox.Literal("Mine", language="en"),
    ) in set(graph)


def test_publisher_and_licence_of_the_dataset_are_in_the_catalogue() -> None:
    settings = Settings(jobs=1, publisher="Example Press", license="https://creativecommons.org/licenses/by/4.0/")
    found = {
        (quad.predicate.value.rpartition("/")[2], quad.object.value)
        for quad in compile_inputs([], settings).graph.quads("")
        if quad.subject.value.endswith("/dataset") and not isinstance(quad.object, ox.BlankNode)
    }
    assert {
        ("publisher", "https://kb.example/org/example_press"),
        ("license", "https://creativecommons.org/licenses/by/4.0/"),
    } <= found
    names = {
        quad.object.value
        for quad in compile_inputs([], settings).graph.quads("https://kb.example/graph/agents")
        if isinstance(quad.object, ox.Literal)
    }
    assert names == {"Example Press"}


def test_aliases_of_the_project_are_in_the_catalogue() -> None:
    graph = compile_inputs([], Settings(jobs=1, aliases={"date": "created_date"})).graph
    assert [quad.object.value for quad in graph if quad.predicate == KB.fieldAlias] == ["date=created_date"]


def test_an_alias_of_a_field_that_does_not_exist_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="creation_day"):
        compile_inputs([], Settings(aliases={"date": "creation_day"}))


def test_no_articles_at_all_are_a_graph(tmp_path: Path) -> None:
    result = kbgraph.build(tmp_path, settings=Settings())
    assert result.report.conforms
    assert result.graph.count(KB.Article) == 0


def test_a_file_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text("---\nid: good\n---\n")
    (tmp_path / "bad.md").write_bytes(b"---\nid: \xff\n---\n")
    (tmp_path / "worse.md").write_text("---\n" + 'a:"b"\n' * 50 + "---\n")
    result = kbgraph.build(tmp_path, settings=Settings(jobs=1))
    assert result.graph.count(KB.Article) == 1
    assert {(problem.code, problem.place.path) for problem in result.report if problem.code < "KB1"} == {
        ("KB001", "bad.md"),
        ("KB007", "worse.md"),
    }


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        (Settings(base="kb.example"), UsageError),
        (Settings(shapes=("none.ttl",)), WorldError),
        (Settings(limits=Limits(articles=1)), LimitError),
    ],
)
def test_a_call_that_is_wrong_is_raised(root: Path, settings: Settings, error: type[Exception]) -> None:
    with pytest.raises(error):
        kbgraph.build(root / "seeds", settings=settings)


def test_an_unknown_format_is_wrong_usage(root: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no format 'word'"):
        kbgraph.build(root / "seeds", out=tmp_path, settings=Settings(formats=("word",)))
    assert list(tmp_path.iterdir()) == []


def test_shapes_that_are_no_turtle_are_an_error_that_names_the_file(tmp_path: Path, root: Path) -> None:
    (tmp_path / "own.ttl").write_text("this is no Turtle")
    with pytest.raises(WorldError, match=r"own\.ttl"):
        kbgraph.build(root / "seeds" / "ai", settings=Settings(shapes=(str(tmp_path / "own.ttl"),)))


def test_shapes_of_ones_own_are_checked_as_well(tmp_path: Path, root: Path) -> None:
    (tmp_path / "own.ttl").write_text("""
        @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix kb: <https://w3id.org/kbgraph/ns#> . @prefix schema: <https://schema.org/> .
        <https://example.org/shape> a sh:PropertyShape ; sh:targetClass kb:Article ; sh:path schema:copyrightHolder ; sh:minCount 1 ;
            sh:message "Say who holds the copyright." .
    """)
    result = kbgraph.build(root / "seeds" / "ai", settings=Settings(jobs=1, shapes=(str(tmp_path / "own.ttl"),)))
    found = [
        (problem.code, problem.message, problem.place.path) for problem in result.report if problem.code == "KB900"
    ]
    assert found == [
        ("KB900", "Say who holds the copyright.", path) for path in ("attention.md", "instruction-tuning.md")
    ]
    assert not result.report.conforms


def test_a_worker_that_dies_is_an_error_and_no_endless_wait(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(COMPILING, "_BATCH", 3)
    monkeypatch.setattr(MAKING, "read_article", lambda *_: os._exit(9))
    with pytest.raises(WorldError, match="worker process died"):
        kbgraph.build(root / "seeds", settings=Settings(jobs=2))
