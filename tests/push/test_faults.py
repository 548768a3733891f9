"""Stores that misbehave: each ends in a message that says what to do, or is waited for."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.command_line import Run
from tests.push.servers import Asked, Oxigraph, Proxy, free_port

Answer = Callable[[Any, Asked], bool]

#: By name: what the server does to a request, the exit code, and what is said.
FAULTS: dict[str, tuple[Answer, int, str]] = {
    "an error": (
        lambda handler, asked: handler.answer(500, b"index is broken"),
        3,
        "/query answered 500 (index is broken): its log says more",
    ),
    "an error page": (
        lambda handler, asked: handler.answer(500, b"<!doctype html><title>Oh dear</title><p>x", "text/html"),
        3,
        "/query answered 500 (a web page: Oh dear)",
    ),
    "nothing there": (lambda handler, asked: handler.answer(404), 3, "--store the right one?"),
    "forbidden": (lambda handler, asked: handler.answer(403), 3, "the credentials may not do this"),
    "always busy": (lambda handler, asked: handler.answer(503), 3, "answered 503: it has too much to do"),
    "patience for an hour": (
        lambda handler, asked: handler.answer(429, Retry_After="3600"),
        3,
        "asks to be left alone for 3,600 s",
    ),
    "a web page": (
        lambda handler, asked: handler.answer(200, b"<html>Welcome", "text/html"),
        3,
        "answered with text/html, not with application/json or application/sparql-results+json",
    ),
    "no JSON": (
        lambda handler, asked: handler.answer(200, b"{{{", "application/sparql-results+json"),
        3,
        "answered a query with what are no SPARQL results",
    ),
    "other JSON": (
        lambda handler, asked: handler.answer(200, b'{"results": [1]}', "application/json"),
        3,
        "answered a query with what are no SPARQL results",
    ),
    "garbage": (lambda handler, asked: handler.cut(b"\x00\x01garbage\r\n\r\n"), 3, "sent what is not HTTP"),
    "half an answer": (
        lambda handler, asked: handler.cut(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
        3,
        "cut the connection",
    ),
    "false compression": (
        lambda handler, asked: handler.answer(200, b"not gzip", Content_Encoding="gzip"),
        3,
        "not as its headers say",
    ),
    "a huge answer": (
        lambda handler, asked: handler.answer(200, b" " * 200_000, "application/json"),
        4,
        "more than 100,000 bytes (limit answer_bytes)",
    ),
    "silence": (lambda handler, asked: time.sleep(1.6) or handler.answer(200), 3, "did not answer in 1 s"),
    "elsewhere": (
        lambda handler, asked: handler.answer(307, Location="http://127.0.0.1:9/query?token=hidden"),
        3,
        "redirects to http://127.0.0.1:9/query; where you trust that one, give it instead",
    ),
    "round and round": (lambda handler, asked: handler.answer(307, Location="/query"), 3, "redirects again and again"),
    "results cut": (
        lambda handler, asked: (
            b"COUNT" in asked.body
            and handler.answer(
                200,
                b'{"results": {"bindings": [{"g": {"value": "x"}, "n": {"value": "1"}}]}}',
                "application/json",
                X_SPARQL_MaxRows="1",
            )
        ),
        3,
        "cuts results at 1 rows",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_store_ends_in_a_message(
    run: Run,
    oxigraph: Oxigraph,
    seeds_out: Path,
    project: Path,
    proxy_to: Callable[[str], Proxy],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    (project / "kbgraph.toml").write_text("[limits]\nrequest_seconds = 1\nattempts = 2\nanswer_bytes = 100000\n")
    monkeypatch.setenv("KBGRAPH_USER", "somebody")
    monkeypatch.setenv("KBGRAPH_PASSWORD", "correct-horse")
    fault, code, said = FAULTS[name]
    proxy = proxy_to(oxigraph.url)
    proxy.fault = fault
    ran = run("push", proxy.url, "--store", "oxigraph", "--graph", seeds_out)
    assert said in ran.err
    assert ran.code == code
    assert "Traceback" not in ran.err
    assert "correct-horse" not in ran.err
    assert "hidden" not in ran.err
    assert proxy.written == []


@pytest.mark.parametrize("trouble", ["busy", "cut", "bad gateway"])
def test_passing_trouble_is_waited_for(
    run: Run, oxigraph: Oxigraph, seeds_out: Path, proxy_to: Callable[[str], Proxy], trouble: str
) -> None:
    proxy = proxy_to(oxigraph.url)
    troubled: set[tuple[str, bytes]] = set()

    def once(handler: Any, asked: Asked) -> bool:
        """Each request fails the first time that it comes."""
        if (asked.path, asked.body) in troubled:
            return False
        troubled.add((asked.path, asked.body))
        if trouble == "busy":
            return bool(handler.answer(429, Retry_After="0"))
        return bool(handler.cut(b"HTTP/1.1 2") if trouble == "cut" else handler.answer(502))

    proxy.fault = once
    ran = run("push", proxy.url, "--store", "oxigraph", "--graph", seeds_out)
    assert ran.code == 0, ran.err
    assert len(proxy.asked) >= 2 * len(troubled) > 10
    proxy.fault = None
    assert "0 graphs sent" in run("push", oxigraph.url, "--graph", seeds_out).err


def test_what_a_store_refuses_is_not_tried_again(
    run: Run, oxigraph: Oxigraph, seeds_out: Path, proxy_to: Callable[[str], Proxy]
) -> None:
    proxy = proxy_to(oxigraph.url)
    proxy.fault = lambda handler, asked: asked.writes and handler.answer(403)
    ran = run("push", proxy.url, "--store", "oxigraph", "--graph", seeds_out)
    assert ran.code == 3
    assert len(proxy.written) == 1


def test_where_nothing_listens_it_says_so_at_once(run: Run, seeds_out: Path) -> None:
    started = time.monotonic()
    ran = run("push", f"http://127.0.0.1:{free_port()}", "--graph", seeds_out)
    assert ran.code == 3
    assert "cannot be reached: Connection refused; is the store running?" in ran.err
    assert time.monotonic() - started < 5


def test_a_certificate_of_nobody_is_not_trusted(
    run: Run, seeds_out: Path, tmp_path: Path, proxy_to: Callable[[str], Proxy], monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    words = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost "
        f"-addext subjectAltName=IP:127.0.0.1 -keyout {key} -out {certificate}"
    )
    subprocess.run(
        words.split(),
        check=True,
        capture_output=True,
    )
    proxy = proxy_to("http://127.0.0.1:9")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    proxy.server.socket = context.wrap_socket(proxy.server.socket, server_side=True)
    url = proxy.url.replace("http://", "https://")
    ran = run("push", url, "--graph", seeds_out)
    assert ran.code == 3
    assert "is not trusted" in ran.err
    assert "SSL_CERT_FILE" in ran.err
    plain = run("push", proxy.url, "--graph", seeds_out)
    assert plain.code == 3


def test_credentials_in_an_address_are_refused_and_not_repeated(run: Run, seeds_out: Path) -> None:
    for url in ("http://me:hunter2@127.0.0.1:1/", "http://me:hunter2@127.0.0.1:port/", "http://hunter2@[x/"):
        for words in (["push", url], ["push", "http://127.0.0.1:1", "--update", url], ["pull", url, "-o", "pulled"]):
            ran = run(*words, *(["--graph", seeds_out, "--store", "oxigraph"] if "push" in words else []))
            assert ran.code == 2, words
            assert "hunter2" not in ran.err


def test_a_password_goes_over_plain_http_to_this_machine_alone(
    run: Run, seeds_out: Path, proxy_to: Callable[[str], Proxy], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KBGRAPH_TOKEN", "some-token")
    proxy = proxy_to("http://127.0.0.1:9")
    proxy.fault = lambda handler, asked: handler.answer(401)
    ran = run("push", proxy.url, "--graph", seeds_out, "--store", "oxigraph")
    assert "does not accept the credentials of KBGRAPH_TOKEN" in ran.err
    assert proxy.asked[0].headers["authorization"] == "Bearer some-token"
    ran = run("push", "http://kb.example/", "--graph", seeds_out, "--store", "oxigraph")
    assert ran.code == 2
    assert "plain http" in ran.err
    assert "some-token" not in ran.err
