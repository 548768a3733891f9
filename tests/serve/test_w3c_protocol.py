"""The W3C's tests of SPARQL 1.1 Protocol: all that ask pass, and all that write are refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, parse
from tests.serve.asking import Client
from tests.serve.conftest import client_of

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
MANIFEST = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/manifest#"
DATA = "http://kasei.us/2009/09/sparql/data/"
FORMATS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {"application/sparql-results+json", "application/sparql-results+xml", "text/csv"},
    "RDF": {"text/turtle", "application/rdf+xml", "application/n-triples"},
}
ASKING = [
    "query_post_form",
    "query_dataset_default_graphs_get",
    "query_dataset_default_graphs_post",
    "query_dataset_named_graphs_post",
    "query_dataset_named_graphs_get",
    "query_dataset_full",
    "query_multiple_dataset",
    "query_get",
    "query_content_type_select",
    "query_content_type_ask",
    "query_content_type_describe",
    "query_content_type_construct",
    "query_post_direct",
    "bad_query_method",
    "bad_multiple_queries",
    "bad_query_wrong_media_type",
    "bad_query_missing_form_type",
    "bad_query_missing_direct_type",
    "bad_query_non_utf8",
    "bad_query_syntax",
]
WRITING = [
    "update_dataset_default_graph",
    "update_dataset_default_graphs",
    "update_dataset_named_graphs",
    "update_dataset_full",
    "update_post_form",
    "update_post_direct",
    "update_base_uri",
    "bad_update_get",
    "bad_multiple_updates",
    "bad_update_wrong_media_type",
    "bad_update_missing_form_type",
    "bad_update_non_utf8",
    "bad_update_syntax",
    "bad_update_dataset_conflict",
]


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    found = shared / "w3c" / "sparql" / "sparql11" / "protocol"
    if not found.is_dir():
        pytest.skip("the W3C's tests of the protocol are not there")
    return found


@pytest.fixture(scope="module")
def manifest(folder: Path) -> Store:
    store = Store()
    store.load(path=str(folder / "manifest.ttl"), format=RdfFormat.TURTLE, base_iri=folder.as_uri() + "/manifest.ttl")
    return store


@pytest.fixture(scope="module")
def endpoint(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """An endpoint with the graphs that the tests name."""
    lines = []
    for number in (1, 2, 3):
        graph = NamedNode(f"{DATA}data{number}.rdf")
        quads = parse(path=str(folder / f"data{number}.nt"), format=RdfFormat.N_TRIPLES, base_iri=DATA)
        lines += [str(Quad(quad.subject, quad.predicate, quad.object, graph)) + " .\n" for quad in quads]
    path = tmp_path_factory.mktemp("w3c") / "graph.nq"
    path.write_text("".join(lines), encoding="utf-8")
    with client_of(path, tmp_path_factory.mktemp("aside")) as made:
        yield made


def values(store: Store, subject: Any, iri: str) -> list[Any]:
    return [quad.object for quad in store.quads_for_pattern(subject, NamedNode(iri), None)]


def members(store: Store, head: Any) -> Iterator[Any]:
    while isinstance(head, BlankNode):
        yield values(store, head, f"{RDF}first")[0]
        head = values(store, head, f"{RDF}rest")[0]


def requests_of(store: Store, name: str) -> Iterator[tuple[str, str, dict[str, str], bytes, Any]]:
    """Method, path, headers, body and expected response of each request of a test."""
    (action,) = values(store, NamedNode(MANIFEST + name), f"{MF}action")
    (head,) = values(store, action, f"{HT}requests")
    for request in members(store, head):
        headers = {}
        for listed in values(store, request, f"{HT}headers"):
            for each in members(store, listed):
                headers[values(store, each, f"{HT}fieldName")[0].value] = values(store, each, f"{HT}fieldValue")[
                    0
                ].value
        body = b""
        for each in values(store, request, f"{HT}body"):
            encoding = values(store, each, f"{CNT}characterEncoding")[0].value
            body = values(store, each, f"{CNT}chars")[0].value.encode(encoding)
        path = values(store, request, f"{HT}absolutePath")[0].value
        yield (
            values(store, request, f"{HT}methodName")[0].value,
            path,
            headers,
            body,
            values(store, request, f"{HT}resp")[0],
        )


def test_every_test_of_the_manifest_is_here(manifest: Store) -> None:
    (head,) = values(manifest, None, f"{MF}entries")
    assert [each.value.removeprefix(MANIFEST) for each in members(manifest, head)] == [
        *ASKING[:12],
        *WRITING[:7],
        *ASKING[12:],
        *WRITING[7:],
    ]


@pytest.mark.parametrize("name", ASKING)
def test_what_asks_gets_what_the_protocol_says(name: str, manifest: Store, endpoint: Client) -> None:
    for method, path, headers, body, expected in requests_of(manifest, name):
        answer = endpoint.request(method, path, headers=headers, content=body)
        statuses = {each.value[-3] for each in values(manifest, expected, f"{MF}expectedStatus")}
        assert str(answer.status_code)[0] in statuses, answer.text
        for each in values(manifest, expected, f"{MF}expectedFormat"):
            assert answer.headers["content-type"].partition(";")[0] in FORMATS[each.value]
        for each in values(manifest, expected, f"{MF}expectedBoolean"):
            assert json.loads(answer.content)["boolean"] is (each.value == "true")


@pytest.mark.parametrize("name", WRITING)
def test_what_writes_is_refused(name: str, manifest: Store, endpoint: Client) -> None:
    method, path, headers, body, _ = next(requests_of(manifest, name))
    answer = endpoint.request(method, path, headers=headers, content=body)
    assert answer.status_code in {400, 403, 415}
    assert endpoint.get("/sparql", params={"query": f"ASK {{ GRAPH <{DATA}data1.rdf> {{ ?s ?p ?o }} }}"}).json()[
        "boolean"
    ]
