"""Servers that tests start on free ports of this machine, and stop again; and a proxy that misbehaves."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

__all__ = ["Asked", "Fault", "Oxigraph", "Proxy", "Virtuoso", "free_port", "select"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            assert process.poll() is None, "the server has ended"
            assert time.monotonic() < end, "the server is not there in time"
            time.sleep(0.02)
        else:
            return


def select(url: str, query: str) -> str:
    """The answer to a query as CSV, by a client that is not ours."""
    data = urllib.parse.urlencode({"query": query}).encode()
    request = urllib.request.Request(url, data, {"Accept": "text/csv"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read().decode().replace("\r\n", "\n")


class Oxigraph:
    """The server of Oxigraph."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        binary = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or "oxigraph"
        command = [binary, "serve", "-l", str(self.folder), "-b", f"127.0.0.1:{self.port}"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.url, self.process, 30)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)

    def restart(self) -> None:
        self.stop()
        self.start()

    def counts(self) -> dict[str, int]:
        """The number of triples of each named graph."""
        text = select(f"{self.url}/query", "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
        return {name: int(count) for name, count in (line.rsplit(",", 1) for line in text.splitlines()[1:])}

    def update(self, text: str) -> None:
        data = urllib.parse.urlencode({"update": text}).encode()
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/update", data), timeout=60).close()


_INI = """
[Database]
DatabaseFile = {folder}/v.db
ErrorLogFile = {folder}/v.log
LockFile = {folder}/v.lck
TransactionFile = {folder}/v.trx
xa_persistent_file = {folder}/v.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = {folder}/t.db
TransactionFile = {folder}/t.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 10
CheckpointInterval = 0
NumberOfBuffers = 10000
MaxDirtyBuffers = 7500
[HTTPServer]
ServerPort = 127.0.0.1:{web}
ServerRoot = {folder}
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = 2000
"""


class Virtuoso:
    """Virtuoso, with its user dba and the password dba."""

    def __init__(self, folder: Path) -> None:
        web = free_port()
        self.url = f"http://127.0.0.1:{web}"
        settings = folder / "virtuoso.ini"
        settings.write_text(_INI.format(folder=folder, sql=free_port(), web=web))
        command = ["virtuoso-t", "+foreground", "+configfile", str(settings)]
        self.process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(f"{self.url}/sparql", self.process, 90)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(30)


@dataclass(frozen=True)
class Asked:
    """A request as it came to the proxy."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def writes(self) -> bool:
        return self.method in {"PUT", "DELETE"} or (self.method == "POST" and not self.path.startswith("/query"))


#: Answers a request instead of the server behind, or does something and returns False.
Fault = Callable[["_Handler", Asked], bool]


class _Quiet(ThreadingHTTPServer):
    """A server that says nothing of clients that have gone away."""

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@dataclass
class Proxy:
    """A server before another one, that does what its faults say first; it keeps what it was asked."""

    behind: str
    fault: Fault | None = None
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server = _Quiet(("127.0.0.1", 0), type("Handler", (_Handler,), {"proxy": self}))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def written(self) -> list[Asked]:
        return [each for each in self.asked if each.writes]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: Proxy

    def log_message(self, format: str, *args: object) -> None:
        pass

    def answer(self, status: int, body: bytes = b"", kind: str = "text/plain", **headers: str) -> bool:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)
        return True

    def cut(self, data: bytes) -> bool:
        self.wfile.write(data)
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)
        return True

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Asked(self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        self.proxy.asked.append(asked)
        if self.proxy.fault is not None and self.proxy.fault(self, asked):
            return
        there = http.client.HTTPConnection(self.proxy.behind.removeprefix("http://"), timeout=60)
        try:
            there.request(self.command, self.path, body, dict(self.headers))
            answer = there.getresponse()
            data, kind = answer.read(), answer.headers.get("Content-Type", "")
        except OSError:
            self.answer(502)
            return
        finally:
            there.close()
        self.send_response_only(answer.status)
        self.send_header("Server", answer.headers.get("Server", ""))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _do  # noqa: N815 - what http.server calls
