"""SHACL's own forms: property paths, results, and the validation report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
import rdflib
from pyoxigraph import BlankNode, RdfFormat, parse
from rdflib.namespace import RDF
from rdflib.namespace import SH as SHACL

import kbgraph
from kbgraph.parts import loaded
from kbgraph.terms import SH, Space
from kbgraph.validation import Result, ShaclPath, path_of, write_report

SPACE = Space("https://kb.example/")
NAME = ShaclPath("", iri="https://schema.org/name")
URL = ShaclPath("", iri="https://schema.org/url")
TYPE = ShaclPath("", iri=RDF.type.toPython())


def report_of(results: Iterable[Result], space: Space) -> bytes:
    """The report on some results."""
    return b"".join(loaded(write_report(results, space)))


def result(**changes: object) -> Result:
    """A result about one node."""
    plain = Result(
        focus="<https://kb.example/article/a>",
        path=NAME,
        value='"x\\n"@en',
        component=SH.MinCountConstraintComponent.value,
        shape="https://w3id.org/kbgraph/shapes#ArticleTitle",
        severity=SH.Violation.value,
        message="It has no title.",
    )
    return plain._replace(**changes)


PATHS = {
    "an IRI": (NAME, "<https://schema.org/name>"),
    "a sequence": (ShaclPath("sequence", (NAME, URL)), "<https://schema.org/name>/<https://schema.org/url>"),
    "alternatives": (ShaclPath("alternativePath", (NAME, URL)), "(<https://schema.org/name>|<https://schema.org/url>)"),
    "an inverse": (ShaclPath("inversePath", (NAME,)), "^<https://schema.org/name>"),
    "zero or more": (ShaclPath("zeroOrMorePath", (NAME,)), "(<https://schema.org/name>)*"),
    "one or more": (ShaclPath("oneOrMorePath", (NAME,)), "(<https://schema.org/name>)+"),
    "zero or one": (ShaclPath("zeroOrOnePath", (NAME,)), "(<https://schema.org/name>)?"),
    "a mixture": (
        ShaclPath(
            "sequence",
            (
                ShaclPath("inversePath", (NAME,)),
                ShaclPath("zeroOrMorePath", (ShaclPath("alternativePath", (URL, TYPE)),)),
            ),
        ),
        f"^<https://schema.org/name>/((<https://schema.org/url>|<{RDF.type}>))*",
    ),
}


@pytest.mark.parametrize(("path", "text"), PATHS.values(), ids=PATHS)
def test_a_path_is_written_in_the_syntax_of_sparql(path: ShaclPath, text: str) -> None:
    assert str(path) == text


@pytest.mark.parametrize(("path", "_"), PATHS.values(), ids=PATHS)
def test_a_path_begins_with_a_property(path: ShaclPath, _: str) -> None:
    assert path.first_step == NAME.iri


def test_a_report_without_results_conforms() -> None:
    graph = rdflib.Graph().parse(data=report_of([], SPACE), format="turtle")
    (report,) = graph.subjects(RDF.type, SHACL.ValidationReport)
    assert graph.value(report, SHACL.conforms).toPython() is True
    assert not list(graph.objects(report, SHACL.result))


def test_a_result_is_written_as_shacl_has_it() -> None:
    graph = rdflib.Graph().parse(data=report_of([result()], SPACE), format="turtle")
    (report,) = graph.subjects(RDF.type, SHACL.ValidationReport)
    assert graph.value(report, SHACL.conforms).toPython() is False
    (node,) = graph.objects(report, SHACL.result)
    assert dict(graph.predicate_objects(node)) == {
        RDF.type: SHACL.ValidationResult,
        SHACL.focusNode: rdflib.URIRef("https://kb.example/article/a"),
        SHACL.resultPath: rdflib.URIRef("https://schema.org/name"),
        SHACL.value: rdflib.Literal("x\n", lang="en"),
        SHACL.sourceConstraintComponent: SHACL.MinCountConstraintComponent,
        SHACL.sourceShape: rdflib.URIRef("https://w3id.org/kbgraph/shapes#ArticleTitle"),
        SHACL.resultSeverity: SHACL.Violation,
        SHACL.resultMessage: rdflib.Literal("It has no title."),
    }


def read_path(graph: rdflib.Graph, node: rdflib.term.Node) -> ShaclPath:
    """A path read back from the report."""
    if (node, RDF.first, None) in graph:
        last = list(graph.transitive_objects(node, RDF.rest))[-1]
        assert last == RDF.nil
        return ShaclPath("sequence", tuple(read_path(graph, step) for step in graph.items(node)))
    for operator in ("inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath"):
        inner = graph.value(node, SHACL[operator])
        if inner is not None:
            return ShaclPath(operator, (read_path(graph, inner),))
    alternatives = graph.value(node, SHACL.alternativePath)
    if alternatives is not None:
        assert (None, RDF.rest, RDF.nil) in graph
        return ShaclPath("alternativePath", tuple(read_path(graph, step) for step in graph.items(alternatives)))
    return ShaclPath("", iri=str(node))


@pytest.mark.parametrize(("path", "_"), PATHS.values(), ids=PATHS)
def test_a_path_is_read_back_as_it_was(path: ShaclPath, _: str) -> None:
    data = report_of([result(path=path)], SPACE)
    graph = rdflib.Graph().parse(data=data, format="turtle")
    (written,) = graph.objects(None, SHACL.resultPath)
    assert read_path(graph, written) == path


@pytest.mark.parametrize(("path", "_"), PATHS.values(), ids=PATHS)
def test_a_report_has_no_blank_nodes(path: ShaclPath, _: str) -> None:
    assert blank_nodes(report_of([result(path=path)], SPACE)) == []


def blank_nodes(data: bytes) -> list[object]:
    quads: Iterator[object] = parse(data, format=RdfFormat.TURTLE)
    return [term for quad in quads for term in (quad.subject, quad.object) if isinstance(term, BlankNode)]


def test_a_node_of_somebodys_data_without_a_name_gets_one() -> None:
    data = report_of([result(focus="_:b1", value="_:b2", path=None, message="")], SPACE)
    assert blank_nodes(data) == []
    assert b"urn:blank:b1" in data


def test_a_shape_without_a_name_is_not_named() -> None:
    assert b"sourceShape" not in report_of([result(shape="")], SPACE)


def test_the_order_of_the_results_does_not_change_the_report() -> None:
    results = [
        result(),
        result(value='"y"'),
        result(focus="<https://kb.example/article/b>"),
        result(message="Another."),
    ]
    assert report_of(results, SPACE) == report_of(reversed(results), SPACE)
    graph = rdflib.Graph().parse(data=report_of(results, SPACE), format="turtle")
    assert len(set(graph.objects(None, SHACL.result))) == 4


def test_the_report_of_the_seeds_has_one_result_for_each_problem_of_the_shapes(
    seeds_result: kbgraph.BuildResult,
) -> None:
    graph = rdflib.Graph().parse(data=report_of(seeds_result.results, SPACE), format="turtle")
    of_shapes = [problem for problem in seeds_result.report if problem.code >= "KB3"]
    assert len(list(graph.objects(None, SHACL.result))) == len(of_shapes) == len(seeds_result.results)


# ---- paths in SPARQL's syntax


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("<a:b>", ShaclPath("", iri="a:b")),
        ("^<a:b>*", ShaclPath("inversePath", (ShaclPath("zeroOrMorePath", (ShaclPath("", iri="a:b"),)),))),
        ("(^<a:b>)*", ShaclPath("zeroOrMorePath", (ShaclPath("inversePath", (ShaclPath("", iri="a:b"),)),))),
        ("(<a:b>/<a:(c>)", ShaclPath("sequence", (ShaclPath("", iri="a:b"), ShaclPath("", iri="a:(c")))),
        (
            "<a:b>|<a:c>/<a:d>",
            ShaclPath(
                "alternativePath",
                (
                    ShaclPath("", iri="a:b"),
                    ShaclPath("sequence", (ShaclPath("", iri="a:c"), ShaclPath("", iri="a:d"))),
                ),
            ),
        ),
    ],
)
def test_a_path_is_read_from_sparqls_syntax(text: str, path: ShaclPath) -> None:
    assert path_of(text) == path


@pytest.mark.parametrize("text", ["", "<a:b", "(<a:b>", "<a:b>)", "<a:b>/", "^", "*", "<a:b> <a:c>", "()"])
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a property path"):
        path_of(text)
