"""The endpoint: forms of answers, refusals with their statuses, and queries that would hurt it."""

from __future__ import annotations

import asyncio
import json
import os
import time
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, parse
from tests.serve.asking import Client
from tests.serve.conftest import client_of

SELECT = "SELECT ?name { <https://kb.example/article/ai/attention> schema:name ?name }"
CONSTRUCT = f"CONSTRUCT {{ <https://kb.example/x> schema:name ?name }} WHERE {SELECT.partition('?name ')[2]}"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def asked(client: Client, query: str, accept: str = "*/*", **parameters: str) -> httpx.Response:
    return client.get("/sparql", accept, params={"query": query, **parameters})


@pytest.mark.parametrize(
    ("accept", "media", "part"),
    [
        ("*/*", "application/sparql-results+json", '"value": "Attention in Neural Networks"'),
        ("application/json", "application/sparql-results+json", '"xml:lang": "en"'),
        ("application/sparql-results+xml", "application/sparql-results+xml", '<literal xml:lang="en">Attention'),
        ("text/csv", "text/csv", "name\r\nAttention in Neural Networks\r\n"),
        ("text/tab-separated-values", "text/tab-separated-values", '?name\n"Attention in Neural Networks"@en\n'),
        ("text/csv;q=0.2, application/xml;q=0.3", "application/sparql-results+xml", "<variable name"),
    ],
)
def test_rows_come_in_the_form_that_is_asked_for(client: Client, accept: str, media: str, part: str) -> None:
    answer = asked(client, SELECT, accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media
    assert answer.headers["vary"] == "Accept"
    assert part in answer.text


@pytest.mark.parametrize(
    ("media", "format"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/rdf+xml", RdfFormat.RDF_XML),
    ],
)
def test_graphs_come_in_the_form_that_is_asked_for(client: Client, media: str, format: RdfFormat) -> None:
    answer = asked(client, CONSTRUCT, media)
    assert answer.headers["content-type"].partition(";")[0] == media
    (quad,) = parse(answer.content, format=format)
    assert quad.object.value == "Attention in Neural Networks"  # type: ignore[union-attr]


def test_a_form_can_be_asked_for_by_name(client: Client) -> None:
    assert asked(client, SELECT, format="csv").text.startswith("name\r\n")
    assert asked(client, SELECT, format="turtle").status_code == 406


def test_what_cannot_be_written_as_asked_is_refused(client: Client) -> None:
    for query, accept in ((SELECT, "text/turtle"), (CONSTRUCT, "text/csv"), ("ASK {}", "text/csv")):
        assert asked(client, query, accept).status_code == 406


def test_a_mistake_is_shown_at_its_place(client: Client) -> None:
    answer = asked(client, "SELECT * {\n  ?s ?p }")
    assert answer.status_code == 400
    assert answer.text.startswith("query:2:9: } has no place here")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "LOAD <http://127.0.0.1:1/>",
        "DELETE WHERE { ?s ?p ?o }",
        "SELECT * FROM <http://127.0.0.1:1/> { ?s ?p ?o }",
        "",
        "nonsense",
        "ASK { ?s ?p 'unclosed }",
    ],
)
def test_what_may_not_be_asked_is_refused(client: Client, query: str) -> None:
    assert asked(client, query).status_code == 400


def test_updates_are_refused_in_every_way(client: Client) -> None:
    for content, kind in (("update=CLEAR+ALL", "x-www-form-urlencoded"), ("CLEAR ALL", "sparql-update")):
        answer = client.request("POST", "/sparql", content=content, headers={"content-type": f"application/{kind}"})
        assert answer.status_code == 403
    assert client.get("/sparql?update=CLEAR+ALL").status_code == 403


def test_other_methods_say_which_are_allowed(client: Client) -> None:
    answer = client.request("DELETE", "/sparql")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")


def test_a_body_that_is_too_large_is_refused(client: Client) -> None:
    headers = {"content-type": "application/sparql-query"}
    assert client.request("POST", "/sparql", content=b" " * 2_000_000, headers=headers).status_code == 413
    long = b"ASK {} #" + b" " * 300_000
    assert client.request("POST", "/sparql", content=long, headers=headers).status_code == 503


def test_without_a_query_programs_get_the_service_and_browsers_the_editor(client: Client) -> None:
    quads = list(parse(client.get("/sparql", "text/turtle").content, format=RdfFormat.TURTLE))
    said = {quad.object.value for quad in quads if hasattr(quad.object, "value")}
    assert any(value.endswith("#UnionDefaultGraph") for value in said)
    assert "https://w3id.org/kbgraph/ns#line" in said
    page = client.page("/sparql")
    assert page.headers["content-type"].startswith("text/html")
    assert "Which sources" in page.text or "<option" in page.text


def test_graphs_named_by_the_request_come_before_those_of_the_query(client: Client) -> None:
    graph = "https://kb.example/graph/sources"
    count = "SELECT (COUNT(*) AS ?n) { ?s a kb:Article }"
    everything = asked(client, count).json()["results"]["bindings"][0]["n"]["value"]
    narrowed = asked(client, count, **{"default-graph-uri": graph}).json()["results"]["bindings"][0]["n"]["value"]
    assert (everything, narrowed) == ("14", "0")
    assert asked(client, "ASK {}", **{"default-graph-uri": "no iri"}).status_code == 400


def test_the_same_question_is_answered_from_what_is_kept_and_tagged(client: Client) -> None:
    tag = asked(client, SELECT).headers["etag"]
    again = client.get("/sparql", params={"query": SELECT}, headers={"if-none-match": tag})
    assert again.status_code == 304
    assert asked(client, SELECT, "text/csv").headers["etag"] != tag


def test_an_answer_that_is_cut_says_so(built: Path, tmp_path: Path) -> None:
    with client_of(built, tmp_path, serve_rows=10) as client:
        answer = asked(client, "SELECT * { ?s ?p ?o }")
        assert answer.headers["x-kbgraph-cut"] == "10"
        assert len(answer.json()["results"]["bindings"]) == 10
        assert "x-kbgraph-cut" not in asked(client, SELECT).headers


def test_an_answer_that_is_too_long_is_refused(built: Path, tmp_path: Path) -> None:
    with client_of(built, tmp_path, serve_bytes=1000) as client:
        refused = asked(client, "SELECT * { ?s ?p ?o }")
        assert refused.status_code >= 400
        assert asked(client, "ASK {}").status_code == 200


def test_costly_queries_keep_no_cheap_one_waiting_and_end_in_time(built: Path, tmp_path: Path) -> None:
    with client_of(built, tmp_path, query_seconds=2) as client:

        async def both() -> tuple[list[httpx.Response], list[float]]:
            costly = [
                asyncio.create_task(client.asked("GET", "/sparql", params={"query": f"{ENDLESS} # {number}"}))
                for number in range(12)
            ]
            times = []
            for number in range(20):
                began = time.perf_counter()
                answer = await client.asked("GET", "/sparql", params={"query": f"ASK {{}} # {number}"})
                times.append(time.perf_counter() - began)
                assert answer.json()["boolean"] is True
            return await asyncio.gather(*costly), times

        answers, times = client.run(both())
    assert sorted(times)[len(times) // 2] < 1
    assert {answer.status_code for answer in answers} == {503}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in answers)


def test_a_full_house_is_said(built: Path, tmp_path: Path) -> None:
    with client_of(built, tmp_path, query_seconds=2, serve_queries=3) as client:

        async def many() -> list[httpx.Response]:
            work = (client.asked("GET", "/sparql", params={"query": f"{ENDLESS} # {each}"}) for each in range(5))
            return list(await asyncio.gather(*work))

        answers = client.run(many())
    assert sum("busy" in answer.text for answer in answers) >= 2
    assert {answer.status_code for answer in answers} == {503}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?f ?c",
        "ASK " + "{ " * 90 + "} " * 90,
        "ASK " + "{ " * 5000 + "} " * 5000,
        "CONSTRUCT { ?a ?e ?f } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    ],
)
def test_a_query_that_takes_too_much_ends_alone(built: Path, tmp_path: Path, query: str) -> None:
    with client_of(built, tmp_path, query_seconds=4, query_memory=150_000_000, serve_memory=400_000_000) as client:
        assert asked(client, query).status_code in {200, 400, 503}
        assert asked(client, "ASK {}").json()["boolean"] is True


def test_a_process_that_dies_is_replaced(built: Path, tmp_path: Path) -> None:
    with client_of(built, tmp_path) as client:
        assert asked(client, "ASK {}").status_code == 200
        copies = client.serving().now.lanes.copies
        for pid in copies.pids[1:]:
            os.kill(pid, 9)
        statuses = [asked(client, f"ASK {{}} # {number}").status_code for number in range(2 * len(copies.pids))]
        assert statuses[-1] == 200
        assert json.loads(asked(client, SELECT).content)["results"]["bindings"]


def test_nothing_is_left_when_the_server_ends(built: Path, tmp_path: Path) -> None:
    with client_of(built, tmp_path, query_seconds=20) as client:
        pids = client.serving().now.lanes.copies.pids
        assert len(pids) > 4
        assert all(Path(f"/proc/{pid}").exists() for pid in pids)
    end = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_lines_of_facts_can_be_asked_for(client: Client) -> None:
    query = "SELECT (kb:line(<article/ai/attention#fact-attention-003>) AS ?line) {}"
    assert asked(client, query, "text/csv").text == "line\r\n34\r\n"
