"""Queries asked of an endpoint."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest

from kbgraph.config import Limits
from kbgraph.errors import LimitError, UsageError, WorldError
from kbgraph.query.asking import Request
from kbgraph.query.remote import ask_endpoint

URL = "http://localhost:1/sparql"
ROWS = b'{"head": {"vars": ["n"]}, "results": {"bindings": [%s]}}'
ROW = b'{"n": {"type": "literal", "value": "x"}}'


def request_of(query: str, **given: object) -> Request:
    values = {"values": {}, "format": "csv", "most": None, "seconds": 5.0, "width": None, "limits": Limits()} | given
    return Request(Path("nowhere"), query, **values)  # type: ignore[arg-type]


class Endpoint(httpx.BaseTransport):
    def __init__(self, body: bytes, kind: str = "application/sparql-results+json") -> None:
        self.body, self.kind, self.asked = body, kind, ""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked = parse_qs(request.read().decode())["query"][0]
        return httpx.Response(200, content=self.body, headers={"Content-Type": self.kind})


def test_the_usual_prefixes_and_values_are_put_in_on_the_first_line() -> None:
    there = Endpoint(ROWS % ROW)
    request = request_of("SELECT ?n\n{ ?s schema:name ?n ; a ?kind }", values={"kind": ("", "kb:Article")})
    assert ask_endpoint(URL, request, there).data == b"n\r\nx\r\n"
    assert there.asked == (
        "PREFIX schema: <https://schema.org/> SELECT ?n\n"
        "{ VALUES ?kind { <https://w3id.org/kbgraph/ns#Article> } ?s schema:name ?n ; a ?kind }"
    )


def test_rows_are_cut_and_that_is_said() -> None:
    reply = ask_endpoint(URL, request_of("SELECT ?n { ?s ?p ?n }", most=1), Endpoint(ROWS % (ROW + b"," + ROW)))
    assert (reply.data, reply.size, reply.cut) == (b"n\r\nx\r\n", 1, 1)


def test_triples_are_read_and_sorted() -> None:
    there = Endpoint(b"<a:b> <a:p> 'x' . <a:a> <a:p> 'x' .", "text/turtle")
    assert ask_endpoint(URL, request_of("CONSTRUCT WHERE { ?s ?p ?o }", format="nt"), there).data == (
        b'<a:a> <a:p> "x" .\n<a:b> <a:p> "x" .\n'
    )


def test_an_update_is_not_sent() -> None:
    there = Endpoint(b"")
    with pytest.raises(UsageError, match="a query never writes"):
        ask_endpoint(URL, request_of("CLEAR ALL"), there)
    assert there.asked == ""


@pytest.mark.parametrize(
    "body", [b"<html>", b"{}", b"[]", b'{"head": {"vars": ["n"]}, "results": {"bindings": [{"n": 3}]}}']
)
def test_an_answer_that_is_none_is_said(body: bytes) -> None:
    with pytest.raises(WorldError, match="not in the JSON format"):
        ask_endpoint(URL, request_of("SELECT ?n { ?s ?p ?n }"), Endpoint(body))


def test_an_answer_that_is_too_large_is_stopped() -> None:
    limits = Limits(answer_bytes=50)
    with pytest.raises(LimitError, match="too large"):
        ask_endpoint(URL, request_of("SELECT ?n { ?s ?p ?n }", limits=limits), Endpoint(ROWS % ROW))


def test_an_endpoint_that_is_slow_is_not_waited_for() -> None:
    class Slow(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            raise httpx.ReadTimeout("slow", request=request)

    with pytest.raises(LimitError, match="took longer than 5 s"):
        ask_endpoint(URL, request_of("SELECT ?n { ?s ?p ?n }"), Slow())


def test_the_endpoint_is_not_asked_for_a_function_that_it_does_not_know() -> None:
    there = Endpoint(ROWS % ROW)
    ask_endpoint(URL, request_of("SELECT ?n (kb:line(?s) AS ?line) { ?s ?p ?n }"), there)
    assert there.asked == "SELECT ?n (?none AS ?line) { ?s ?p ?n }"
