"""Requests a second of `kbgraph serve`, beside rdflib-endpoint serving the same graph in the same run.

    python -m venv /tmp/other && /tmp/other/bin/pip install rdflib-endpoint uvicorn
    python benchmarks/load.py out --other /tmp/other/bin/rdflib-endpoint

Four clients on loopback, bounded in requests and seconds; both write a log. rdflib-endpoint has neither pages nor
documents of data. Beside what has been made before stands the query that gives what an article says; beside pages
that are made, the query that gives this and what is said of all that it links to: a page needs that, and more.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import selectors
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlsplit

from murder import served
from pyoxigraph import NamedNode, RdfFormat, parse, serialize

_CLIENTS, _REQUESTS, _SECONDS = 4, 1500, 4.0
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_ARTICLE = "https://w3id.org/kbgraph/ns#Article"


def rate(port: int, request_of: Callable[[int], tuple[str, str]]) -> tuple[float, int]:
    """Requests a second, and how many there were; `request_of` gives path and Accept header of each by its number.

    One thread for all clients, which parses next to nothing: it is to take as little of the processors as can be.
    """
    numbers = iter(range(_REQUESTS * _CLIENTS))
    waiting = selectors.DefaultSelector()

    def ask(link: socket.socket) -> bool:
        number = next(numbers, None)
        if number is None or time.monotonic() > end:
            return False
        path, accept = request_of(number)
        link.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n".encode())
        return True

    began, done = time.perf_counter(), 0
    end = time.monotonic() + _SECONDS
    links = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(_CLIENTS)]
    for link in links:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if ask(link):
            waiting.register(link, selectors.EVENT_READ)
    while waiting.get_map():
        for key, _ in waiting.select(60):
            link = links[links.index(key.fileobj)]  # type: ignore[arg-type]
            _read(link)
            done += 1
            if not ask(link):
                waiting.unregister(link)
    seconds = time.perf_counter() - began
    for link in links:
        link.close()
    return done / seconds, done


def _read(link: socket.socket) -> None:
    """Read an answer, which must be a good one."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += link.recv(1 << 20) or _gone()
    head, _, body = data.partition(b"\r\n\r\n")
    if b" 200 " not in head[:16]:
        raise RuntimeError(f"the server answered {head!r} {body[:200]!r}")
    found = _LENGTH.search(head)
    left = (int(found[1]) if found else _gone_astray(head)) - len(body)
    while left > 0:
        left -= len(link.recv(1 << 20) or _gone())


_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)


def _gone() -> bytes:
    raise RuntimeError("the server closed the connection")


def _gone_astray(head: bytes) -> int:
    raise RuntimeError(f"the answer does not say how long it is: {head!r}")


def main() -> None:
    """Measure both, and print what was found as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--other", type=Path, required=True)
    given = parser.parse_args()
    quads = list(parse(path=str(given.out / "graph.nq"), format=RdfFormat.N_QUADS))
    articles = sorted(
        quad.subject.value
        for quad in quads
        if quad.predicate.value == _TYPE and quad.object == NamedNode(_ARTICLE) and isinstance(quad.subject, NamedNode)
    )

    def name(number: int) -> tuple[str, str]:
        query = (
            f"SELECT ?name WHERE {{ <{articles[number % len(articles)]}> <https://schema.org/name> ?name }} # {number}"
        )
        return f"/sparql?query={quote(query)}", "application/sparql-results+json"

    def same(_: int) -> tuple[str, str]:
        return name(0)

    def said(number: int) -> tuple[str, str]:
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ <{articles[number % len(articles)]}> }} ?s ?p ?o }}"
        return f"/sparql?query={quote(query)}", "text/turtle"

    def whole(number: int) -> tuple[str, str]:
        article = f"<{articles[number % len(articles)]}>"
        query = (
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ VALUES ?s {{ {article} }} ?s ?p ?o }}"
            f" UNION {{ {article} ?leads ?s . ?s ?p ?o }} }} # {number}"
        )
        return f"/sparql?query={quote(query)}", "text/turtle"

    def page(number: int) -> tuple[str, str]:
        return urlsplit(articles[number % len(articles)]).path, "text/html"

    def data(number: int) -> tuple[str, str]:
        return urlsplit(articles[number % len(articles)]).path, "text/turtle"

    instead = {"pages, each for the first time": whole, "pages, again": said, "data, again": said}
    wanted = {
        "simple queries, all different": name,
        "one simple query": same,
        "what an article says": said,
        "an article and what it links to": whole,
        "pages, each for the first time": page,
        "pages, again": lambda number: page(number % 100),
        "data, again": lambda number: data(number % 100),
    }
    # Turtle with escaped names is not read by rdflib, lines are
    file = Path(tempfile.mkdtemp()) / "graph.nt"
    file.write_bytes(serialize({quad.triple for quad in quads}, format=RdfFormat.N_TRIPLES) or b"")
    command = [str(given.other), "serve", "--host", "127.0.0.1", "--port", "8357", str(file)]
    other = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ours, address = served(given.out)
    found: dict[str, dict[str, float]] = {}
    try:
        _wait(8357)
        for title, request_of in wanted.items():
            ask = partial(_at_root, instead.get(title, request_of))
            speed, cost = _measured(ours.pid, urlsplit(address).port or 80, request_of)
            other_speed, other_cost = _measured(other.pid, 8357, ask)
            found[title] = {
                "kbgraph": round(speed),
                "rdflib-endpoint": round(other_speed, 1),
                "times": round(speed / other_speed, 1),
                "kbgraph, ms of processor": round(cost, 2),
                "rdflib-endpoint, ms of processor": round(other_cost, 2),
                "times less": round(other_cost / cost, 1),
            }
    finally:
        for process in (ours, other):
            process.terminate()
            process.wait(20)
    print(json.dumps(found, indent=1))


def _measured(pid: int, port: int, request_of: Callable[[int], tuple[str, str]]) -> tuple[float, float]:
    """Requests a second, and milliseconds of a processor that the processes of a server take for each."""
    before = _processor_seconds(pid)
    speed, count = rate(port, request_of)
    return speed, (_processor_seconds(pid) - before) / count * 1000


def _processor_seconds(pid: int) -> float:
    """What a process, and all that it has started, have taken of a processor."""
    read = {}
    for each in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = each.read_text(encoding="utf-8").rpartition(")")[2].split()
            read[int(each.parent.name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    family = {pid}
    while more := {each for each, (parent, _) in read.items() if parent in family} - family:
        family |= more
    return sum(read[each][1] for each in family) / os.sysconf("SC_CLK_TCK")


def _at_root(request_of: Callable[[int], tuple[str, str]], number: int) -> tuple[str, str]:
    """The request, sent to where rdflib-endpoint listens."""
    path, accept = request_of(number)
    return path.replace("/sparql?", "/?", 1), accept


def _wait(port: int) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("rdflib-endpoint did not start")


if __name__ == "__main__":
    main()
