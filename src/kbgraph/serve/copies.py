"""The process that has read the dataset, and its copies: as many as should wait for questions, no more.

It is started once and copies itself when it is told to, which takes milliseconds; what a copy is asked,
and how long it may take, is decided in `lanes`.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import struct
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from kbgraph.config import Limits
from kbgraph.errors import KbgraphError, LimitError, UsageError, WorldError
from kbgraph.serve.forking import HEAD, ORDER
from kbgraph.serve.workers import Worker

__all__ = ["Copies", "error_of"]

#: How the process says the number of a copy.
_SIZE = struct.Struct("!I")
#: The limits that the process is told of.
_BOUNDS = ("graph_bytes", "query_chars", "query_depth", "query_memory", "result_bytes", "serve_rows")


class Copies:
    """Copies of the process of one dataset; those that wait, and those that have been taken."""

    def __init__(self, spares: int) -> None:
        self._spares = spares
        self._idle: list[Worker] = []
        self._refilling: set[asyncio.Task[None]] = set()
        self._forking = asyncio.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._closed = False
        self.taken: set[Worker] = set()
        self.base = ""

    @classmethod
    async def of(cls, path: Path, limits: Limits, aside: Path, spares: int) -> Self:
        """The process of a dataset, with so many copies that wait.

        Raises:
            KbgraphError: there is no dataset, or it cannot be read.
        """
        copies = cls(spares)
        try:
            await copies._start(path, limits, aside)
        except BaseException:
            copies.close()
            raise
        return copies

    async def _start(self, path: Path, limits: Limits, aside: Path) -> None:
        ours, theirs = socket.socketpair()
        bounds = {name: getattr(limits, name) for name in _BOUNDS}
        bounds["result_bytes"] = limits.serve_bytes
        bounds["query_memory"] = min(limits.query_memory, limits.serve_memory // 2)
        arguments = [str(theirs.fileno()), str(path), json.dumps(bounds), str(aside)]
        debug = bool(os.environ.get("KBGRAPH_DEBUG"))
        try:
            self._process = subprocess.Popen(  # noqa: ASYNC220, S603 - once, before anybody asks; our own module
                [sys.executable, "-P", "-m", "kbgraph.serve.forking", *arguments],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stderr=None if debug else subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise WorldError(f"cannot start a process for queries: {error.strerror or error}") from None
        finally:
            theirs.close()
        ours.setblocking(False)
        self._control = ours
        sizes = await self._read_control(HEAD.size)
        head: dict[str, Any] = json.loads(await self._read_control(HEAD.unpack(sizes)[0]) if sizes else b"{}")
        if not head:
            raise WorldError("the process for queries ended before it began; KBGRAPH_DEBUG=1 shows why")
        if "error" in head:
            raise error_of(head)
        self.base = str(head["base"])
        for _ in range(self._spares):
            self._idle.append(await self._copy())

    async def _read_control(self, size: int) -> bytes:
        """So many bytes of what the process says; fewer where it has gone."""
        assert self._control is not None
        data = b""
        with suppress(ConnectionError):
            while len(data) < size:
                piece = await asyncio.get_running_loop().sock_recv(self._control, size - len(data))
                if not piece:
                    break
                data += piece
        return data if len(data) == size else b""

    async def _copy(self) -> Worker:
        """Another copy of the process."""
        ours, theirs = socket.socketpair()
        data = b""
        with theirs, suppress(OSError):
            async with self._forking:
                if self._control is not None:
                    socket.send_fds(self._control, [ORDER.pack(b"F", 0)], [theirs.fileno()])
                    data = await self._read_control(_SIZE.size)
        if not data:
            ours.close()
            raise WorldError("the process for queries has died")
        ours.setblocking(False)
        return await Worker.linked(_SIZE.unpack(data)[0], ours)

    async def take(self) -> Worker:
        """A copy that nobody else asks."""
        while self._idle:
            worker = self._idle.pop()
            self.taken.add(worker)
            if not worker.is_gone:
                return worker
            worker.is_worn = True
            self.put_back(worker)
        worker = await self._copy()
        self.taken.add(worker)
        return worker

    def put_back(self, worker: Worker) -> None:
        """Give a copy back; one that is worn is ended, and another takes its place."""
        self.taken.discard(worker)
        if worker.is_worn or self._closed or len(self._idle) >= self._spares:
            worker.signal(signal.SIGKILL)
            worker.close()
            if self._control is not None:
                with suppress(OSError):
                    self._control.send(ORDER.pack(b"R", worker.pid))
            self.refill()
        else:
            self._idle.append(worker)

    def refill(self) -> None:
        """Have as many copies waiting as there should be, soon."""
        if not self._closed and len(self._idle) + len(self._refilling) < self._spares:
            task = asyncio.get_running_loop().create_task(self._one_more())
            self._refilling.add(task)
            task.add_done_callback(self._refilling.discard)

    async def _one_more(self) -> None:
        with suppress(KbgraphError):
            worker = await self._copy()
            if len(self._idle) < self._spares:
                self._idle.append(worker)
            else:
                worker.is_worn = True
                self.put_back(worker)

    @property
    def pids(self) -> list[int]:
        """The numbers of all processes: of the one that is copied, and of its copies."""
        first = [] if self._process is None else [self._process.pid]
        return first + [each.pid for each in (*self._idle, *self.taken)]

    @property
    def is_alive(self) -> bool:
        """Whether the process that is copied still lives."""
        return self._process is not None and self._process.poll() is None

    def close(self) -> None:
        """End all processes, in whatever they are."""
        self._closed = True
        for worker in (*self._idle, *self.taken):
            worker.signal(signal.SIGKILL)
            worker.close()
        self._idle.clear()
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def error_of(head: dict[str, Any]) -> KbgraphError:
    """The error that a process has told of."""
    kinds = {kind.__name__: kind for kind in (UsageError, LimitError, WorldError)}
    if head["kind"] in kinds:
        return kinds[head["kind"]](head["error"])
    return WorldError(f"internal error: {head['error']}; this is a bug, please report it")
