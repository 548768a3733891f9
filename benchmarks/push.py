"""Publishing against the loader of the store itself, in one run: Oxigraph's file loading, a push, a push again.

Usage: python benchmarks/push.py [OUT], the folder of a build (out by default). Writes a table.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BIN = Path(sys.executable).parent
#: How often each is measured; the quickest counts.
RUNS = 3


def main() -> None:
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "out")
    best: dict[str, float] = {}
    for _ in range(RUNS):
        for name, seconds in measured(out):
            best[name] = min(seconds, best.get(name, seconds))
    loading = best["oxigraph load"]
    print("| | s | of the speed of loading |\n|---|---|---|")
    for name, seconds in best.items():
        print(f"| {name} | {seconds:.2f} | {loading / seconds:.0%} |")


def measured(out: Path) -> Iterator[tuple[str, float]]:
    """Names and seconds of one run of each, in turn, each into an empty store."""
    with tempfile.TemporaryDirectory() as folder:
        oxigraph = str(BIN / "oxigraph")
        yield "oxigraph load", timed([oxigraph, "load", "-l", f"{folder}/loaded", "-f", str(out / "graph.nq")])
        with server(oxigraph, f"{folder}/posted") as url:
            started = time.perf_counter()
            data = (out / "graph.nq").read_bytes()
            request = urllib.request.Request(f"{url}/store", data, {"Content-Type": "application/n-quads"})
            urllib.request.urlopen(request).close()
            yield "POST of graph.nq", time.perf_counter() - started
        with server(oxigraph, f"{folder}/pushed") as url:
            kbgraph = str(BIN / "kbgraph")
            yield "kbgraph push", timed([kbgraph, "push", url, "--graph", str(out)])
            yield "kbgraph push, nothing changed", timed([kbgraph, "push", url, "--graph", str(out)])
            yield "kbgraph pull", timed([kbgraph, "pull", url, "-o", f"{folder}/pulled"])


def timed(command: list[str]) -> float:
    started = time.perf_counter()
    done = subprocess.run(command, check=False, capture_output=True)
    seconds = time.perf_counter() - started
    if done.returncode not in {0, 1}:  # 1: a pull of literals that the store has changed
        sys.exit(done.stderr.decode())
    return seconds


@contextmanager
def server(oxigraph: str, folder: str) -> Iterator[str]:
    """The address of a server with a folder of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [oxigraph, "serve", "-l", folder, "-b", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
