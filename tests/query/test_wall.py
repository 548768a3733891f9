"""The second wall: a process that cannot open connections nor take too much memory."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems have the first wall only")


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)


def test_no_socket_is_made_in_any_thread() -> None:
    ran = run(
        "import socket, threading\n"
        "from kbgraph.query.wall import cut_off_network\n"
        "assert cut_off_network()\n"
        "def attempt():\n"
        "    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):\n"
        "        try:\n            socket.socket(family)\n"
        "        except PermissionError:\n            print('refused')\n"
        "attempt()\nthread = threading.Thread(target=attempt)\nthread.start()\nthread.join()\n"
        "print(open('/dev/null').read() == '')\n"
    )
    assert ran.stdout.split() == ["refused"] * 6 + ["True"], ran.stderr


def test_a_query_past_the_guard_reaches_nobody() -> None:
    ran = run(
        "import socket\n"
        "listener = socket.create_server(('127.0.0.1', 0))\n"
        "listener.settimeout(0.2)\n"
        "port = listener.getsockname()[1]\n"
        "from kbgraph.query.wall import cut_off_network\n"
        "cut_off_network()\n"
        "import pyoxigraph\n"
        "try:\n"
        "    print(list(pyoxigraph.Store().query('SELECT * { SERVICE <http://127.0.0.1:%d/> { ?s ?p ?o } }' % port)))\n"
        "except OSError as error:\n    print('refused', error)\n"
        "try:\n    listener.accept()\n    print('reached')\n"
        "except TimeoutError:\n    print('nobody came')\n"
    )
    assert ran.stdout.startswith("refused Permission denied"), ran.stderr
    assert ran.stdout.endswith("nobody came\n")


def test_memory_is_bounded_beyond_what_is_there_already() -> None:
    ran = run(
        "from kbgraph.query.wall import bound_memory\n"
        "kept = bytearray(64 << 20)\n"
        "assert bound_memory(32 << 20)\n"
        "small = bytearray(8 << 20)\n"
        "try:\n    bytearray(64 << 20)\nexcept MemoryError:\n    print('bounded')\n"
    )
    assert ran.stdout == "bounded\n", ran.stderr
