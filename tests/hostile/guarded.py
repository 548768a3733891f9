"""Runs the command line as a stranger would: in a process of its own, with bounds, and without a network.

As a program it is that process: `guarded.py MEGABYTES ARGUMENTS…` runs `kbgraph ARGUMENTS…`.
"""

from __future__ import annotations

import resource
import socket
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

#: Address space of a build, in megabytes. Libraries alone take half a gigabyte of it.
MEMORY = 4_000


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


def kbgraph(*arguments: object, cwd: Path | None = None, seconds: float = 5, stdin: bytes = b"") -> Ran:
    """Run a command; `subprocess.TimeoutExpired` where it takes longer."""
    command = [sys.executable, __file__, str(MEMORY), *map(str, arguments)]
    ran = subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, timeout=seconds, check=False)
    return Ran(ran.returncode, ran.stdout.decode("utf-8", "replace"), ran.stderr.decode("utf-8", "replace"))


def _refuse(*_: object) -> None:
    # Not an `Exception`: nobody may take it for a bad link or a broken file.
    sys.stderr.write("kbgraph tried to reach the network\n")
    sys.exit(99)


def main() -> None:
    """Run `kbgraph` without a network and with bounded memory."""
    bound = int(sys.argv[1]) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    socket.socket.connect = _refuse  # type: ignore[method-assign,assignment]
    socket.getaddrinfo = _refuse
    from kbgraph.cli import main as command

    sys.argv[1:] = sys.argv[2:]
    command()


if __name__ == "__main__":
    main()
