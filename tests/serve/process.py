"""A real server, in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["served"]


@contextmanager
def served(out: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server in a process of its own, and its port."""
    command = [sys.executable, "-m", "kbgraph", "serve", str(out), "--port", "0", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        ports = (re.search(r"at http://127\.0\.0\.1:(\d+)", line) for line in process.stderr)
        yield process, int(next(found[1] for found in ports if found))
    finally:
        process.kill()
        with process:  # which closes its pipe
            pass
