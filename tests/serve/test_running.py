"""A real server on loopback: how it begins and ends, and clients that take their time."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.loopback import only_this_machine
from tests.serve.process import served

ENDLESS = "/sparql?query=SELECT(COUNT(*)AS%20?n)%7B?a%20?b%20?c.?d%20?e%20?f.?g%20?h%20?i.?j%20?k%20?l%7D"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    only_this_machine(monkeypatch)


def family_of(pid: int) -> set[int]:
    """A process and all that it has started, and these have."""
    parents = {}
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(each.parent.name)] = int(each.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = {pid}
    while more := {each for each, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def trickled(port: int, begin: bytes, seconds: float, piece: bytes) -> float:
    """Seconds until the server ends a connection on which a request comes piece by piece."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as link:
        began = time.monotonic()
        link.sendall(begin)
        link.settimeout(0.2)
        while time.monotonic() - began < seconds:
            try:
                if not link.recv(4096):
                    break
            except TimeoutError:
                try:
                    link.sendall(piece)
                except OSError:
                    break
            except OSError:
                break
        return time.monotonic() - began


SLOW = {
    b"GET / HTTP/1.1\r\nX-Slow: ": b"a",
    b"": b"G",
    b"GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\nX-Slow: ": b"a",
    b"POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n": b"a",
    b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
    b"Content-Length: 1000000\r\n\r\n": b"a",
}


def unread(process: subprocess.Popen[str], port: int) -> float:
    """Seconds until the server ends a connection on which nobody reads the answer."""
    sockets = Path(f"/proc/{process.pid}/fd")
    with socket.socket() as link:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        link.connect(("127.0.0.1", port))
        link.sendall(b"GET /sparql?query=SELECT*%7B?a%20?b%20?c%7D HTTP/1.1\r\nHost: localhost\r\n\r\n" * 4)
        time.sleep(1)
        before, began = len(list(sockets.iterdir())), time.monotonic()
        while len(list(sockets.iterdir())) >= before and time.monotonic() - began < 60:
            time.sleep(0.2)
        return time.monotonic() - began


class Patience(NamedTuple):
    """How many seconds a server waited for each client that takes its time, once all are through."""

    slow: list[Future[float]]
    unread: Future[float]


@pytest.fixture(scope="module", autouse=True)
def patience(built: Path) -> Iterator[Patience]:
    """They take half a minute in which other tests run."""
    with (
        served(built, "--quiet") as (_, port),
        served(built, "--quiet") as (process, other),
        ThreadPoolExecutor(len(SLOW) + 1) as pool,
    ):
        slow = [pool.submit(trickled, port, begin, 60, piece) for begin, piece in SLOW.items()]
        yield Patience(slow, pool.submit(unread, process, other))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at /proc")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_ends_the_server_soon_and_all_its_processes(built: Path, number: signal.Signals, code: int) -> None:
    with (
        served(built, "--quiet") as (process, port),
        closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as asking,
    ):
        asking.request("GET", ENDLESS)
        time.sleep(0.5)
        family = family_of(process.pid)
        assert len(family) > 4
        began = time.monotonic()
        process.send_signal(number)
        answer = asking.getresponse()
        assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
        assert process.wait(10) == code
        assert time.monotonic() - began < 5  # it is about 1.5 seconds
        assert process.stderr is not None
        assert process.stderr.read().strip() in {"", "stopped"}
        end = time.monotonic() + 5
        while any(Path(f"/proc/{pid}").exists() for pid in family - {process.pid}):
            assert time.monotonic() < end
            time.sleep(0.05)


def test_what_cannot_be_served_is_said_in_a_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kbgraph", "serve", str(tmp_path / "none"), "--port", "0"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert "does not exist; kbgraph build makes it" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_each_answer_is_a_line_of_the_log(built: Path) -> None:
    with served(built) as (process, port), closing(http.client.HTTPConnection("127.0.0.1", port)) as asking:
        asking.request("GET", "/article/ai/attention?secret", headers={"X-Forwarded-For": "203.0.113.7"})
        size = len(asking.getresponse().read())
        assert process.stderr is not None
        line = process.stderr.readline()
        assert re.fullmatch(rf"127\.0\.0\.1 GET /article/ai/attention 200 {size} \d+\.\d{{3}}\n", line)


def test_a_head_that_is_too_large_is_refused(built: Path) -> None:
    with served(built, "--quiet") as (_, port):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as link:
            link.sendall(b"GET / HTTP/1.1\r\n")
            with suppress(OSError):
                for _ in range(40):
                    link.sendall(b"X-Long: " + b"a" * 60_000 + b"\r\n")
            with suppress(ConnectionError):  # what was sent too much may have ended it before
                assert link.recv(12) == b"HTTP/1.1 431"
        with closing(http.client.HTTPConnection("127.0.0.1", port)) as asking:
            asking.request("GET", "/")
            assert asking.getresponse().status == 200


def test_who_sends_a_request_too_slowly_loses_the_connection(patience: Patience) -> None:
    assert max(each.result() for each in patience.slow) < 45


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at /proc")
def test_who_does_not_read_an_answer_loses_the_connection(patience: Patience) -> None:
    assert patience.unread.result() < 40
