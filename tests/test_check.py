"""The checks against plain pySHACL over the union, which is slow and the measure of ours.

What is compared are the results; the words of a message are each engine's own.
"""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import rdflib
from pyshacl.helper.sparql_query_helper import SPARQLQueryHelper
from rdflib.plugins.sparql import processor
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery

import kbgraph
from kbgraph import BuildResult, Problem, Settings, Severity, WorldError
from kbgraph.check import plain_results, shacl_results
from kbgraph.parts import loaded
from kbgraph.shapes import shipped_shapes
from kbgraph.terms import Space
from kbgraph.validation import Result, write_report
from kbgraph.vocabulary import vocabulary

BAD = Path(__file__).parent / "bad"
CLEAN = BAD / "clean.md"
SETTINGS = Settings(jobs=1)

#: How many bad articles are checked together: reading the vocabulary takes as long as some of them,
#: but what looks from one article to others takes longer the more there are.
TOGETHER = 12


def batches(paths: list[Path]) -> list[object]:
    """Bad articles, or their folders, that are checked together, under their codes."""
    parts = [paths[start : start + TOGETHER] for start in range(0, len(paths), TOGETHER)]
    return [pytest.param(part, id=f"{part[0].name[:5]}-{part[-1].name[:5]}") for part in parts]


Key = tuple[str, ...]


def keys_of(results: Iterable[Result]) -> set[Key]:
    """Results without their messages."""
    return {
        (each.focus, str(each.path), each.value, each.component, each.shape, each.severity.rpartition("#")[2])
        for each in results
    }


#: What rdflib made of each query, by its text, base and prefixes; the queries that pySHACL found nothing wrong with.
_parsed: dict[object, object] = {}
_allowed: set[object] = set()


@pytest.fixture
def _each_query_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """For each focus node, rdflib parses a query anew, and pySHACL looks for what it may not hold: most of their time."""
    check = SPARQLQueryHelper.check_invalid_sparql

    def translate(text: str, base: str | None = None, namespaces: dict[str, str] | None = None) -> object:
        key = (text, base, tuple(sorted((namespaces or {}).items())))
        if key not in _parsed:
            _parsed[key] = translateQuery(parseQuery(text), base, namespaces)
        return _parsed[key]

    def check_once(self: object, text: str, **more: object) -> bool:
        key = (text, *sorted(more.items()))
        if key not in _allowed:
            check(self, text, **more)
            _allowed.add(key)
        return True

    monkeypatch.setattr(processor, "parseQuery", lambda text: text)
    monkeypatch.setattr(processor, "translateQuery", translate)
    monkeypatch.setattr(SPARQLQueryHelper, "check_invalid_sparql", check_once)


def measure(result: BuildResult) -> set[Key]:
    """The results of plain pySHACL over the union of all graphs."""
    statements = [*(quad.triple for quad in vocabulary().quads), *result.graph.triples()]
    return keys_of(shacl_results(statements, shipped_shapes()))


def write_distinct(path: Path, text: str) -> None:
    """Write an article with an id and statements of its own, so that only what is meant is twice there."""
    for words in ("id: boiling-water", "At sea level", "On a mountain", "Salt"):
        text = text.replace(words, f"{words} {path.stem}")
    path.write_text(text, encoding="utf-8", newline="")


def copy_some(paths: Iterable[Path], source: Path, target: Path) -> None:
    """Copy some files of one folder to another, each to where it lies in the first."""
    for path in paths:
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)


# ---- the same results as plain pySHACL


@pytest.mark.usefixtures("_each_query_read_once")
@pytest.mark.parametrize("paths", batches(sorted(path for path in BAD.glob("KB*") if path.suffix != ".json")))
def test_bad_articles_have_the_results_of_plain_pyshacl(paths: list[Path], tmp_path: Path):
    for path in paths:
        if path.is_dir():
            shutil.copytree(path, tmp_path / path.name)
        else:
            write_distinct(tmp_path / path.name, path.read_text(encoding="utf-8"))
    result = kbgraph.build(tmp_path, settings=SETTINGS)
    assert keys_of(result.results) == measure(result)


@pytest.mark.usefixtures("_each_query_read_once")
def test_the_seeds_have_the_results_of_plain_pyshacl(seeds_result: BuildResult):
    assert keys_of(seeds_result.results) == measure(seeds_result)


@pytest.mark.usefixtures("_each_query_read_once")
@pytest.mark.parametrize("half", [0, 1])
def test_articles_in_need_of_repair_have_the_results_of_plain_pyshacl(half: int, shared: Path, tmp_path: Path):
    dirty = shared / "corpus" / "dirty"
    copy_some(sorted(dirty.rglob("*.md"))[half::2], dirty, tmp_path)
    result = kbgraph.build(tmp_path, settings=SETTINGS)
    assert len(result.results) > 80
    assert keys_of(result.results) == measure(result)


@pytest.mark.usefixtures("_each_query_read_once")
@pytest.mark.parametrize("name", ["KB418-two-articles-two-years", "KB322-two-articles-one-id", "KB411-in-two-articles"])
def test_by_pyshacl_alone_a_group_is_told_in_the_same_words(name: str):
    result = kbgraph.build(BAD / name, settings=SETTINGS)
    assert any(each.group for each in result.results)
    triples = [*(quad.triple for quad in vocabulary().quads), *result.graph.triples()]
    plain = plain_results(triples, result.graph.store(), shipped_shapes())
    assert sorted(plain, key=repr) == sorted(result.results, key=repr)


@pytest.fixture(scope="module")
def slice_of_corpus(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """48 articles from all parts of the corpus: more than one batch."""
    corpus, folder = shared / "corpus" / "articles", tmp_path_factory.mktemp("slice")
    copy_some(sorted(corpus.rglob("*.md"))[::22][:48], corpus, folder)
    return folder


@pytest.fixture(scope="module")
def slice_result(slice_of_corpus: Path) -> BuildResult:
    return kbgraph.build(slice_of_corpus, settings=SETTINGS)


@pytest.mark.usefixtures("_each_query_read_once")
def test_real_articles_in_two_batches_have_the_results_of_plain_pyshacl(slice_result: BuildResult):
    assert slice_result.graph.class_counts()["kb:Article"] > 45
    assert len(slice_result.results) > 50
    assert keys_of(slice_result.results) == measure(slice_result)


def test_results_do_not_depend_on_the_number_of_processes(slice_of_corpus: Path, slice_result: BuildResult):
    other = kbgraph.build(slice_of_corpus, settings=Settings(jobs=2))
    assert other.results == slice_result.results
    assert other.report.problems == slice_result.report.problems
    assert other.graph.n_quads() == slice_result.graph.n_quads()


#: Values at the edge of what their fields may hold: where engines differ, if they do. Each pair is
#: what is replaced in the clean article, and by what.
EDGES = {
    "years": ("year: 2001", ["year: -350", "year: 0001", "year: 99999", "year: 2026", "year: about 1900", "year: 0"]),
    "days": (
        'last_verified: "2026-06-01"\ncreated',
        [
            f"last_verified: {day}\ncreated"
            for day in (
                "2026-06-01T10:00:00Z",
                "2026-06-01 10:00",
                "2025-01-01T00:00:00",
                "0001-01-01",
                "9999-12-31",
                "2026-W22",
                "soon",
            )
        ],
    ),
    "pairs of days": (
        'created_date: "2026-05-24"\nupdated: "2026-05-30"',
        [
            f"created_date: {created}\nupdated: {updated}"
            for created, updated in (
                ("2026-05-24T12:00:00", "2026-05-20T11:00:00Z"),
                ("2026-05-24T12:00:00Z", "2026-05-24T13:00:00+05:00"),
                ("2026-05-24", "2026-05-24T01:00:00"),
                ("2026-06-24T12:00:00", "2026-05-24"),
                ("spring", "winter"),
                ("2026-05-24", "later"),
            )
        ],
    ),
    "shares": (
        "completeness: 0.8",
        [f"completeness: {share}" for share in ("1.", "+0.5", ".5", "-0", "1.01", "1e-3", "NaN", "INF", "００", "''")],
    ),
    "languages": ("language: en", [f"language: {tag}" for tag in ("EN-gb", "zh-Hans", "x-y", "en-", "qaa")]),
    "institutions": ("Example Press", ["N/A", "'  '", "…", "Él"]),
    "types": ("type: book", ["type: Encyclopedia", "type: BOOK", "type: 'Technical  Report'"]),
    "authors": ('["Ada Example", "Max Muster"]', ["[et al.]", "[et al., TBD]", "[Others]", '["A\\nB"]']),
    "statements": (
        '"At sea level, water boils at 100 degrees Celsius."',
        [
            r'"\r\n aaaaaaaaaaaa"',
            "ひらがな in a text",
            "カタカナ！ in a text",
            "İstanbul, ß and ſ",
            r'"\u0085 and \u2028"',
        ],
    ),
    "titles": ('"A Handbook of Boiling"\n', ["source 1\n", "Source 12：x\n", "Source 1x\n", "ＴＢＤ\n"]),
    "URLs": (
        "url: https://example.org/handbook",
        ["url: HTTPS://EXAMPLE.org", "url: https://example.org?x", "url: https://[::1]/", "url: on paper"],
    ),
}


@pytest.mark.usefixtures("_each_query_read_once")
@pytest.mark.parametrize("what", EDGES)
def test_values_at_the_edge_have_the_results_of_plain_pyshacl(what: str, tmp_path: Path):
    clean, (old, values) = CLEAN.read_text(encoding="utf-8"), EDGES[what]
    assert clean.count(old) == 1
    for number, value in enumerate(values):
        write_distinct(tmp_path / f"article-{number}.md", clean.replace(old, value))
    result = kbgraph.build(tmp_path, settings=SETTINGS)
    assert result.graph.class_counts()["kb:Article"] == len(values)
    assert keys_of(result.results) == measure(result)


# ---- shapes of the user's own

PREFIXES = """
@prefix ex: <https://shapes.example/> .
@prefix kb: <https://w3id.org/kbgraph/ns#> .
@prefix kbs: <https://w3id.org/kbgraph/shapes#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""


def own_shapes(folder: Path, text: str, name: str = "own.ttl") -> Path:
    path = folder / name
    path.write_text(PREFIXES + text, encoding="utf-8")
    return path


def built_with(*shapes: Path, article: Path = CLEAN) -> BuildResult:
    return kbgraph.build(article, settings=Settings(jobs=1, shapes=tuple(map(str, shapes))))


def only(result: BuildResult) -> Problem:
    (problem,) = result.report
    return problem


NO_SLUG = "ex:Slug a sh:PropertyShape ; sh:targetClass kb:Article ; sh:path schema:alternateName ; sh:minCount 1"


def test_a_shape_of_the_users_own_is_run_and_has_the_code_kb900(tmp_path: Path):
    problem = only(built_with(own_shapes(tmp_path, f'{NO_SLUG} ; sh:message "There is no slug." .')))
    assert (problem.code, problem.severity, problem.message) == ("KB900", Severity.VIOLATION, "There is no slug.")
    assert str(problem.place) == "clean.md:2:1"


def test_a_shape_of_the_users_own_may_bring_its_code_hint_and_severity(tmp_path: Path):
    text = f'{NO_SLUG} ; sh:severity sh:Info ; sh:message "No slug." ; kbs:code "EX1" ; kbs:hint "Add one." .'
    result = built_with(own_shapes(tmp_path, text))
    problem = only(result)
    assert (problem.code, problem.severity, problem.hint) == ("EX1", Severity.INFO, "Add one.")
    assert result.report.conforms


def test_shapes_of_the_users_own_come_from_several_files(tmp_path: Path):
    first = own_shapes(tmp_path, f'{NO_SLUG} ; kbs:code "EX1" .', "first.ttl")
    second = own_shapes(tmp_path, f'{NO_SLUG.replace("Slug", "Other")} ; kbs:code "EX2" .', "second.ttl")
    assert built_with(first, second).report.codes() == {"EX1": 1, "EX2": 1}


def test_a_shape_of_the_users_own_is_shown_at_the_field(tmp_path: Path):
    text = (
        'ex:Short a sh:PropertyShape ; sh:targetClass kb:Fact ; sh:path schema:text ; sh:maxLength 49 ; kbs:code "EX" .'
    )
    assert str(only(built_with(own_shapes(tmp_path, text))).place) == "clean.md:24:16"


def test_a_shape_may_look_from_one_article_to_another(tmp_path: Path):
    (tmp_path / "articles").mkdir()
    for name in ("tea", "water"):
        text = CLEAN.read_text(encoding="utf-8").replace("boiling-water", name).replace("evel", f"evel of {name}")
        (tmp_path / "articles" / f"{name}.md").write_text(text.replace("ower", f"ower {name}"), encoding="utf-8")
    shapes = own_shapes(
        tmp_path,
        """
        ex:CitedOnce a sh:NodeShape ; sh:targetClass kb:Source ; kbs:code "EX" ;
            sh:property [ sh:path [ sh:inversePath schema:citation ] ; sh:maxCount 1 ; sh:message "Cited twice." ] ;
            sh:sparql [ sh:message "Cited by {?value}." ; sh:select \"""
                SELECT $this ?value WHERE { ?value <https://schema.org/citation> $this ; a <https://w3id.org/kbgraph/ns#Article> }
            \""" ] .
        """,
    )
    report = built_with(shapes, article=tmp_path / "articles").report
    assert sorted(each.message.rpartition("/")[2] for each in report) == ["Cited twice.", "tea.", "water."]


def test_a_problem_of_a_work_is_shown_where_an_article_refers_to_it(tmp_path: Path):
    text = "ex:S a sh:PropertyShape ; sh:targetClass kb:Source ; sh:path schema:abstract ; sh:minCount 1 ."
    problem = only(built_with(own_shapes(tmp_path, text)))
    assert problem.subject.startswith("https://kb.example/source/doi/")
    assert problem.place.path == "clean.md"


def test_a_problem_of_no_article_has_no_path(tmp_path: Path):
    text = 'ex:N a sh:NodeShape ; sh:targetNode "a text" ; sh:nodeKind sh:IRI .'
    assert only(built_with(own_shapes(tmp_path, text))).place.path == ""


def test_the_report_does_not_depend_on_the_names_of_blank_nodes(tmp_path: Path):
    text = """
        [] a sh:NodeShape ; sh:targetClass kb:Article ; sh:property [ sh:path schema:alternateName ; sh:minCount 1 ] .
        [] a sh:NodeShape ; sh:targetClass kb:Fact ; sh:property [ sh:path schema:award ; sh:minCount 1 ] .
    """
    shapes = own_shapes(tmp_path, text)
    one, other = built_with(shapes), built_with(shapes)
    space = Space(SETTINGS.base)
    assert one.report.problems == other.report.problems
    written = [b"".join(loaded(write_report(each.results, space))) for each in (one, other)]
    assert written[0] == written[1]


def test_of_messages_in_two_languages_it_is_always_the_same_that_is_shown(tmp_path: Path, monkeypatch):
    shapes = own_shapes(tmp_path, f'{NO_SLUG} ; sh:message "Kein slug."@de , "No slug."@en , "Pas de slug."@fr .')
    seen = set()
    order = rdflib.Graph.predicate_objects
    for backwards in (False, True):

        def shuffled(graph, *args, backwards=backwards, **options):
            return iter(sorted(order(graph, *args, **options), reverse=backwards))

        monkeypatch.setattr(rdflib.Graph, "predicate_objects", shuffled)
        seen.add(only(built_with(shapes)).message)
    assert len(seen) == 1


BROKEN = {
    "no Turtle": "ex:Shape a ",
    "no path": "ex:A a sh:PropertyShape ; sh:targetClass kb:Article ; sh:minCount 1 .",
    "two paths": "ex:A a sh:PropertyShape ; sh:targetClass kb:Article ; sh:path schema:name , schema:text ; sh:minCount 1 .",
    "a count in words": 'ex:A a sh:PropertyShape ; sh:targetClass kb:Article ; sh:path schema:name ; sh:minCount "one" .',
    "a triple as a term": "ex:A a <<( ex:a ex:b ex:c )>> .",
    "no list": "ex:A a sh:NodeShape ; sh:targetClass kb:Article ; sh:or 5 .",
    "a broken pattern": 'ex:A a sh:PropertyShape ; sh:targetClass kb:Article ; sh:path schema:name ; sh:pattern "(" .',
    "no query": 'ex:A a sh:NodeShape ; sh:targetClass kb:Article ; sh:sparql [ sh:message "No." ] .',
    "a broken query": 'ex:A a sh:NodeShape ; sh:targetClass kb:Article ; sh:sparql [ sh:select "SELECT $this WHERE" ] .',
    "a query that SHACL forbids": """
        ex:A a sh:NodeShape ; sh:targetClass kb:Article ;
            sh:sparql [ sh:select "SELECT $this WHERE { $this ?p ?o MINUS { $this a kb:Fact } }" ] .
    """,
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_broken_shapes_stop_the_build_and_their_file_is_named(text: str, tmp_path: Path):
    shapes = own_shapes(tmp_path, text)
    with pytest.raises(WorldError) as caught:
        built_with(shapes)
    assert str(shapes) in str(caught.value)


def test_shapes_that_are_not_there_stop_the_build(tmp_path: Path):
    for path in (tmp_path / "nothing.ttl", tmp_path):
        with pytest.raises(WorldError) as caught:
            built_with(path)
        assert str(path) in str(caught.value)


# ---- nothing is fetched


@pytest.fixture
def visited() -> Iterator[list[str]]:
    """What a server on this machine was asked for; the first item is its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_error(404)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    seen = [f"http://127.0.0.1:{server.server_port}"]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield seen
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def _network(monkeypatch: pytest.MonkeyPatch, _no_network: None) -> None:
    """Lets connections pass: whoever tries one is seen at the server, and no error hides it."""
    import _socket

    monkeypatch.setattr(socket.socket, "connect", _socket.socket.connect)


@pytest.mark.usefixtures("_network")
def test_nothing_that_shapes_import_is_fetched(tmp_path: Path, visited: list[str]):
    imported = own_shapes(tmp_path, f'{NO_SLUG} ; kbs:code "IMPORTED" .', "imported.ttl")
    shapes = own_shapes(
        tmp_path,
        f"""
        <https://shapes.example/> a owl:Ontology ; owl:imports <{visited[0]}/shapes> , <{imported.as_uri()}> ;
            sh:shapesGraph <{visited[0]}/graph> ; sh:entailment <{visited[0]}/entailment> .
        {NO_SLUG} ; kbs:code "EX" .
        """,
    )
    assert built_with(shapes).report.codes() == {"EX": 1}
    assert visited[1:] == []


@pytest.mark.usefixtures("_network")
@pytest.mark.parametrize(
    "clause", ["FROM <{0}/x> WHERE {{ $this ?p ?o }}", "WHERE {{ SERVICE <{0}/x> {{ $this ?p ?o }} }}"]
)
def test_nothing_that_a_query_of_the_shapes_names_is_fetched(clause: str, tmp_path: Path, visited: list[str]):
    query = f"SELECT $this {clause.format(visited[0])}"
    text = f'ex:A a sh:NodeShape ; sh:targetClass kb:Article ; sh:sparql [ sh:select "{query}" ] .'
    shapes = own_shapes(tmp_path, text)
    try:
        built_with(shapes)
    except WorldError as error:
        assert str(shapes) in str(error)  # noqa: PT017 - it may refuse, but it must not ask
    assert visited[1:] == []
