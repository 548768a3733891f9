"""A process that runs commands in children, each with bounds and without a network, and breaks the world below them.

It has built once by itself, so that a child has imported and prepared everything and a build takes a
fraction of a second. It reads one request per line, as JSON, and answers with one line:

    {"arguments": [...], "cwd": "/", "user": 0, "seconds": 60, "fail": 3, "signal": 9, "after": 0.12}
    {"code": 3, "out": "", "err": "...", "calls": 57, "took": 0.3, "orphans": 0}

`fail` is the number of the call that writes which fails, from 1; `signal` is sent `after` so many
seconds. `code` is negative where a signal ended the child, as in `subprocess`; after its `seconds`,
that is SIGALRM.
"""

from __future__ import annotations

import builtins
import errno
import io
import json
import os
import resource
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

#: Address space of a child, in bytes. Libraries alone take half a gigabyte of it.
_MEMORY = 4_000 * 1024 * 1024
_STOPPING = {signal.SIGINT, signal.SIGTERM}
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


def _refuse(*_: object) -> None:
    # Not an `Exception`: nobody may take it for a bad link or a broken file.
    sys.stderr.write("kbgraph tried to reach the network\n")
    sys.exit(99)


def _stoppable(program: Callable[..., Any]) -> Callable[..., Any]:
    """A program that gets the signals that have waited for it: what is around it is ours, and no place to be stopped."""

    def stoppable(*arguments: Any, **named: Any) -> Any:
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
            return program(*arguments, **named)
        finally:
            signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)

    return stoppable


def _child(request: dict[str, Any], streams: list[int], calls: int) -> None:
    from kbgraph.cli import cli, main

    os.setpgid(0, 0)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.chdir(request["cwd"])
    os.seteuid(request["user"])
    signal.alarm(request["seconds"])
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    socket.socket.connect = socket.getaddrinfo = _refuse  # type: ignore[method-assign,assignment]
    os.fsync = lambda _: None  # nobody pulls the plug; a disk would be waited for
    shim = Shim(request.get("fail", 0))
    if "fail" in request:
        shim.install()
    cli.main = _stoppable(cli.main)  # type: ignore[method-assign]
    code = 70
    try:
        main(request["arguments"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 71
    except BaseException:  # noqa: BLE001 - as Python ends with one
        traceback.print_exc()
    finally:
        shim.fail = 0
        os.write(calls, str(shim.calls).encode())
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _run(request: dict[str, Any]) -> dict[str, Any]:
    with ExitStack() as stack:
        nothing, out, err, calls = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(4))
        started = time.perf_counter()
        pid = os.fork()
        if not pid:
            _child(request, [nothing.fileno(), out.fileno(), err.fileno()], calls.fileno())
        if "signal" in request:
            time.sleep(request["after"])
            os.kill(pid, request["signal"])
        _, status = os.waitpid(pid, 0)
        took = time.perf_counter() - started
        orphans = _orphans(pid)
        for file in (out, err, calls):
            file.seek(0)
        return {
            "code": os.waitstatus_to_exitcode(status),
            "out": out.read().decode("utf-8", "replace"),
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
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    for line in sys.stdin:
        print(json.dumps(_run(json.loads(line))), flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main()
