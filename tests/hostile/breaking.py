"""A process that builds again and again in children, and breaks the world below them.

It has built once by itself, so that a child has imported and prepared everything and a build takes a
fraction of a second. It reads one request per line, as JSON, and answers with one line:

    {"arguments": [...], "fail": 3, "signal": 9, "after": 0.12}
    {"code": 3, "err": "...", "calls": 57, "took": 0.3, "orphans": 0}

`fail` is the number of the call that writes which fails, from 1; `signal` is sent `after` so many
seconds. `code` is negative where a signal ended the child, as in `subprocess`.
"""

from __future__ import annotations

import builtins
import errno
import io
import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: Seconds after which a child hangs.
_MOST = 60
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CALLS = (
    "write",
    "pwrite",
    "fsync",
    "fdatasync",
    "replace",
    "rename",
    "link",
    "symlink",
    "mkdir",
    "truncate",
    "ftruncate",
)
#: What takes things away may fail as well.
_CALLS += ("unlink", "remove", "rmdir", "chmod", "fchmod")


class Shim:
    """Counts the calls that write, and lets one of them fail: with a full disk, or a broken one."""

    def __init__(self, fail: int) -> None:
        self.fail, self.calls, self.lock = fail, 0, threading.Lock()

    def count(self) -> None:
        """One call more."""
        with self.lock:
            self.calls += 1
            if self.calls == self.fail:
                number = errno.ENOSPC if self.fail % 2 else errno.EIO
                raise OSError(number, os.strerror(number))

    def install(self) -> None:
        """Stand between the program and the system."""
        for name in _CALLS:
            setattr(os, name, self._counted(getattr(os, name)))
        real_open, shim = os.open, self

        def opened(path: Any, flags: int, *more: Any, **named: Any) -> int:
            if flags & _WRITING:
                shim.count()
            return real_open(path, flags, *more, **named)

        os.open = opened
        plain = io.open

        class Raw(io.FileIO):
            def write(self, data: Any) -> int:
                shim.count()
                return super().write(data)

        def wrapped(file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
            if "b" not in mode or not set(mode) & set("wxa+"):
                return plain(file, mode, *more, **named)
            shim.count()
            return io.BufferedWriter(Raw(file, mode.replace("b", "")))

        io.open = builtins.open = wrapped  # type: ignore[assignment]

    def _counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            self.count()
            return real(*arguments, **named)

        return counted


def _child(request: dict[str, Any], err: int, calls: int) -> None:
    from kbgraph.cli import main

    os.setpgid(0, 0)
    os.dup2(err, 2)
    os.dup2(err, 1)
    signal.alarm(_MOST)
    os.fsync = lambda _: None  # nobody pulls the plug; a disk would be waited for
    shim = Shim(request.get("fail", 0))
    if "fail" in request:
        shim.install()
    code = 70
    try:
        main(request["arguments"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 71
    finally:
        shim.fail = 0
        os.write(calls, str(shim.calls).encode())
        sys.stderr.flush()
        os._exit(code)


def _run(request: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as calls:
        started = time.perf_counter()
        pid = os.fork()
        if not pid:
            _child(request, err.fileno(), calls.fileno())
        if "signal" in request:
            time.sleep(request["after"])
            os.kill(pid, request["signal"])
        _, status = os.waitpid(pid, 0)
        took = time.perf_counter() - started
        orphans = _orphans(pid)
        err.seek(0)
        calls.seek(0)
        return {
            "code": os.waitstatus_to_exitcode(status),
            "err": err.read().decode("utf-8", "replace"),
            "calls": int(calls.read() or b"0"),
            "took": took,
            "orphans": orphans,
        }


def _orphans(group: int) -> int:
    """Processes of the child's group that are there two seconds after it."""
    for _ in range(40):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return 0
        time.sleep(0.05)
    os.killpg(group, signal.SIGKILL)
    return 1


def _build_once() -> None:
    """Import what a build needs, and let it keep what it prepares; no thread is left, which a child would miss."""
    from tests.hostile.articles import article

    from kbgraph.building import build_into
    from kbgraph.config import Limits, Settings
    from kbgraph.inputs import discover

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.md").write_bytes(article("a"))
        inputs = discover([Path(folder)], (), Limits())
        build_into(Path(folder) / "out", inputs, Settings(jobs=1, formats=("nq", "turtle", "search")))
    assert threading.active_count() == 1


def main() -> None:
    """Answer requests until there is none."""
    import kbgraph.cli

    assert kbgraph.cli
    _build_once()
    for line in sys.stdin:
        print(json.dumps(_run(json.loads(line))), flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main()
