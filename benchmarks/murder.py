"""Murderous queries against `kbgraph serve`: how long `ASK {}` takes while fifty of them are in flight.

    python benchmarks/murder.py out [--seconds 20]

Fifty clients each ask one of fifty different queries that no machine can answer in time, again and again;
one more asks `ASK {}` every few milliseconds. Loopback only; bounded in time.
"""

from __future__ import annotations

import argparse
import http.client
import json
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode, urlsplit

_NESTED = "{ " * 60 + "?s ?p ?o" + " }" * 60


def murderous() -> list[str]:
    """Fifty different queries: products, paths, texts, sorting, graphs, nesting."""
    queries = []
    for number in range(10):
        product = " ".join(f"?s{at} ?p{at} ?o{at} ." for at in range(3 + number % 4))
        queries.append(f"SELECT (COUNT(*) AS ?n{number}) {{ {product} }}")
        path = ["(!<x:x>)*", "(!<x:x>|^!<x:x>)+", "(<x:a>|!<x:b>)*", "(^!<x:x>)*/(!<x:x>)*", "!<x:x>/(!<x:x>)*"][
            number % 5
        ]
        queries.append(f"SELECT (COUNT(*) AS ?n{number}) {{ ?a {path} ?b . ?b {path} ?c }}")
        regex = f'FILTER(REGEX(CONCAT(STR(?x), STR(?y)), "(.*a){{{3 + number}}}b$"))'
        queries.append(f"SELECT (COUNT(*) AS ?n{number}) {{ ?a ?p ?x . ?b ?q ?y {regex} }}")
        queries.append(
            f"SELECT * {{ ?a ?p ?x . ?b ?q ?y }} ORDER BY DESC(CONCAT(STR(?y), STR(?x), '{number}')) LIMIT 5"
        )
        if number % 2:
            queries.append(f"CONSTRUCT {{ ?a <x:p{number}> ?b . ?b <x:q> ?y }} {{ ?a ?p ?x . ?b ?q ?y }}")
        else:
            queries.append(f"SELECT (COUNT(DISTINCT *) AS ?n{number}) {{ {_NESTED} . ?a ?b ?c . ?d ?e ?f }}")
    return queries


def measure(port: int, seconds: float) -> dict[str, object]:
    """How long the cheap query took, in milliseconds, from the moment on at which the others were sent."""
    statuses: Counter[str] = Counter()
    end = time.monotonic() + seconds

    def kill(query: str) -> None:
        while time.monotonic() < end:
            status = asked(port, query, max(1.0, end - time.monotonic()))
            statuses[status] += 1
            time.sleep(0.05)

    threads = [threading.Thread(target=kill, args=(query,), daemon=True) for query in murderous()]
    for each in threads:
        each.start()
    times: list[float] = []
    while time.monotonic() < end:
        began = time.perf_counter()
        # a comment makes each of them another query: none is answered from what is kept
        status = asked(port, f"ASK {{}} # {len(times)}", 60)
        times.append((time.perf_counter() - began) * 1000)
        if status != "200":
            statuses[f"ASK {status}"] += 1
        time.sleep(0.005)
    cuts = statistics.quantiles(times, n=1000)
    return {
        "asked": len(times),
        "p50": round(cuts[499], 1),
        "p99": round(cuts[989], 1),
        "most": round(max(times), 1),
        "others": dict(statuses),
    }


def asked(port: int, query: str, timeout: float) -> str:
    """The status of the answer to a query; "gone" where there was none in time."""
    body = urlencode({"query": query})
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("POST", "/sparql", body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        answer.read()
        return str(answer.status)
    except OSError:
        return "gone"
    finally:
        connection.close()


def served(out: Path, *options: str) -> tuple[subprocess.Popen[str], str]:
    """A server of a build, which writes its log to a file, and its address."""
    command = [sys.executable, "-m", "kbgraph", "serve", str(out), "--port", "0", "--rate", "0", *options]
    log = Path(tempfile.mkdtemp()) / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, stderr=file, text=True)
    while process.poll() is None:
        found = re.search(r"at (http://\S+)", log.read_text(encoding="utf-8"))
        if found:
            return process, found[1]
        time.sleep(0.05)
    raise SystemExit("the server did not start")


def main() -> None:
    """Measure, and print what was found as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, default=20)
    given = parser.parse_args()
    process, address = served(given.out)
    try:
        print(json.dumps(measure(urlsplit(address).port or 80, given.seconds), indent=1))
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    main()
