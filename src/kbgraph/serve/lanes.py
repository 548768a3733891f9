"""Who may run when: queries in killable processes, so that a cheap one never waits for a costly one.

Nobody can tell a costly query from its text. So each begins in the fast lane and is stopped there when
its short time is up; it goes on, in the same process, in a lane where it has more time and less
of the processor, once its turn comes. What has used up its time, or its share of the memory, is killed.
A process that has been stopped once is never used again; another copy takes its place.
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
from typing import Any, NamedTuple, Self

from kbgraph.config import Limits
from kbgraph.errors import KbgraphError, LimitError, UsageError, WorldError
from kbgraph.query.wall import cpu_seconds, resident_bytes
from kbgraph.serve.turns import Turns
from kbgraph.serve.workers import Worker

__all__ = ["Busy", "Lanes", "Reply"]


class Busy(Exception):
    """There are as many queries as there may be, or the turn of one did not come in time."""


class Reply(NamedTuple):
    """An answer as it was asked for; after how many rows it was cut, if it was."""

    data: bytes
    cut: int | None


class _Lane(NamedTuple):
    """How long a query may run here, how many may at once, and how much they stand back."""

    seconds: float
    abreast: asyncio.Semaphore
    nice: int


#: Seconds in the fast lane, where nobody waits, and the least where many do.
_QUICK, _QUICKEST = 0.1, 0.008
#: Seconds that it may take to get so much of a processor.
_PATIENCE = 0.5
#: How often the memory of running queries is looked at.
_LOOK = 0.2
_PID = struct.Struct("!cI")


class Lanes:
    """The queries of one dataset, each in a process of its own."""

    def __init__(self, path: Path, limits: Limits, aside: Path) -> None:
        self._path, self._limits, self._aside = path, limits, aside
        cores = os.cpu_count() or 2
        seconds = float(limits.query_seconds)
        self._fast = Turns(cores)
        self._slow = (
            _Lane(min(0.4, seconds), asyncio.Semaphore(cores), 5),
            _Lane(min(2.0, seconds), asyncio.Semaphore(cores), 10),
            _Lane(seconds, asyncio.Semaphore(cores), 19),
        )
        self._idle: list[Worker] = []
        self._spares = 2 * cores + 4
        self._asked: set[Worker] = set()
        self._inside = 0
        self._left = asyncio.Event()
        self._forking = asyncio.Lock()
        self._refilling: set[asyncio.Task[None]] = set()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._closed = False
        self.base = ""

    @classmethod
    async def opened(cls, path: Path, limits: Limits, aside: Path) -> Self:
        """The lanes of a dataset, ready.

        Raises:
            KbgraphError: there is no dataset, or it cannot be read.
        """
        lanes = cls(path, limits, aside)
        try:
            await lanes._start()
        except BaseException:
            lanes.close()
            raise
        return lanes

    @property
    def in_flight(self) -> int:
        """How many queries are being answered, or wait."""
        return self._inside

    async def idle(self) -> None:
        """Wait until no query is being answered."""
        while self._inside:
            self._left.clear()
            await self._left.wait()

    async def _start(self) -> None:
        ours, theirs = socket.socketpair()
        bounds = {name: getattr(self._limits, name) for name in _BOUNDS}
        bounds["result_bytes"] = self._limits.serve_bytes
        bounds["query_memory"] = min(self._limits.query_memory, self._limits.serve_memory // 2)
        arguments = [str(theirs.fileno()), str(self._path), json.dumps(bounds), str(self._aside)]
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
        try:
            head, _ = await Worker(self._process.pid, ours).told()
        except (EOFError, ConnectionError):
            raise WorldError("the process for queries ended before it began; KBGRAPH_DEBUG=1 shows why") from None
        if "error" in head:
            raise _error_of(head)
        self.base = str(head["base"])
        for _ in range(self._spares):
            self._idle.append(await self._copy())

    async def _copy(self) -> Worker:
        """Another copy of the process."""
        assert self._control is not None
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        try:
            async with self._forking:
                socket.send_fds(self._control, [_PID.pack(b"F", 0)], [theirs.fileno()])
                data = b""
                while len(data) < 4:
                    piece = await loop.sock_recv(self._control, 4 - len(data))
                    if not piece:
                        raise WorldError("the process for queries has died")
                    data += piece
        except OSError as error:
            ours.close()
            raise WorldError(f"the process for queries has died: {error}") from None
        finally:
            theirs.close()
        ours.setblocking(False)
        return Worker(struct.unpack("!I", data)[0], ours)

    # ---- asking

    async def ask(self, query: str, graphs: tuple[tuple[str, ...], tuple[str, ...]] | None, form: str) -> Reply:
        """The answer to a query.

        Raises:
            Busy: there are too many queries.
            LimitError: it took too long, or too much memory, or its answer is too large.
            KbgraphError: whatever else is wrong with it.
        """
        if self._inside >= self._limits.serve_queries or self._closed:
            raise Busy
        self._inside += 1
        try:
            return await self._answered({"query": query, "graphs": graphs, "format": form})
        finally:
            self._inside -= 1
            self._left.set()

    async def _answered(self, request: dict[str, Any]) -> Reply:
        end = asyncio.get_running_loop().time() + self._limits.query_seconds
        await self._fast.acquire()
        worker: Worker | None = None
        answer: asyncio.Task[tuple[dict[str, Any], bytes]] | None = None
        is_fast = True
        try:
            worker = self._idle.pop() if self._idle else await self._copy()
            self._asked.add(worker)
            answer = asyncio.create_task(worker.ask(request))
            await self._quickly(worker, answer)
            if not answer.done():
                worker.is_worn = True
                worker.signal(signal.SIGSTOP)
                is_fast = False
                self._fast.release()
                self._refill()
                await self._slowly(worker, answer, end)
            return self._reply(worker, answer)
        finally:
            if is_fast:
                self._fast.release()
            if answer is not None and not answer.done():
                answer.cancel()
                if worker is not None:
                    worker.is_worn = True
            if worker is not None:
                self._asked.discard(worker)
                self._put_back(worker)

    async def _quickly(self, worker: Worker, answer: asyncio.Task[Any]) -> None:
        """Let a query use its time in the fast lane: of a processor, which others may keep it from."""
        now = asyncio.get_running_loop().time
        last = now() + _PATIENCE
        await asyncio.wait({answer}, timeout=_QUICKEST)
        if answer.done():  # as most are
            return
        had = cpu_seconds(worker.pid)
        budget = max(_QUICKEST, _QUICK / (1 + self._fast.waiting)) - _QUICKEST
        left = budget
        while left > 0 and now() < last:
            await asyncio.wait({answer}, timeout=max(left, _QUICKEST))
            has = cpu_seconds(worker.pid)
            if answer.done() or has is None or had is None:
                return
            left = budget - (has - had)

    async def _slowly(self, worker: Worker, answer: asyncio.Task[Any], end: float) -> None:
        """Let a query go on in the slower lanes, until it is done or its time is up."""
        now = asyncio.get_running_loop().time
        for lane in self._slow:
            try:
                async with asyncio.timeout_at(end):
                    await lane.abreast.acquire()
            except TimeoutError:
                raise Busy from None
            try:
                worker.stand_back(lane.nice)
                worker.signal(signal.SIGCONT)
                until = min(end, now() + lane.seconds)
                while not answer.done() and now() < until:
                    await asyncio.wait({answer}, timeout=min(_LOOK, max(0.0, until - now())))
                    self._bound_memory()
                if answer.done():
                    return
                worker.signal(signal.SIGSTOP)
            finally:
                lane.abreast.release()
        raise LimitError(f"the query took longer than {self._limits.query_seconds} s (limit query_seconds)")

    def _bound_memory(self) -> None:
        """Kill the largest query where all of them together have taken more than they may."""
        sizes = {each: resident_bytes(each.pid) - each.had for each in self._asked}
        if sum(sizes.values()) > self._limits.serve_memory:
            largest = max(sizes, key=lambda each: sizes[each])
            largest.too_big = True
            largest.signal(signal.SIGKILL)

    def _reply(self, worker: Worker, answer: asyncio.Task[tuple[dict[str, Any], bytes]]) -> Reply:
        try:
            head, data = answer.result()
        except (EOFError, ConnectionError):
            worker.is_worn = True
            if worker.too_big:
                message = f"all queries together took more than {self._limits.serve_memory:,} bytes"
                raise LimitError(f"the query was stopped: {message} (limit serve_memory)") from None
            raise LimitError("the query was stopped: it took too much memory, or is too deeply nested") from None
        if head.get("worn"):
            worker.is_worn = True
        if "error" in head:
            raise _error_of(head)
        return Reply(data, head["cut"])

    # ---- copies come and go

    def _put_back(self, worker: Worker) -> None:
        if worker.is_worn or self._closed or len(self._idle) >= self._spares:
            self._end(worker)
            self._refill()
        else:
            self._idle.append(worker)

    def _end(self, worker: Worker) -> None:
        worker.signal(signal.SIGKILL)
        worker.link.close()
        if self._control is not None:
            with suppress(OSError):
                self._control.send(_PID.pack(b"R", worker.pid))

    def _refill(self) -> None:
        """Have as many copies waiting as there should be, soon."""
        if not self._closed and len(self._idle) + len(self._refilling) < self._spares:
            task = asyncio.get_running_loop().create_task(self._one_more())
            self._refilling.add(task)
            task.add_done_callback(self._refilling.discard)

    async def _one_more(self) -> None:
        with suppress(KbgraphError):
            worker = await self._copy()
            if self._closed:
                self._end(worker)
            else:
                self._idle.append(worker)

    @property
    def is_alive(self) -> bool:
        """Whether the process that is copied still lives."""
        return self._process is not None and self._process.poll() is None

    def close(self) -> None:
        """End all processes, in whatever they are."""
        self._closed = True
        for worker in (*self._idle, *self._asked):
            worker.signal(signal.SIGKILL)
        for worker in self._idle:
            worker.link.close()
        self._idle.clear()
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()


#: The limits that the process is told of.
_BOUNDS = ("graph_bytes", "query_chars", "query_depth", "query_memory", "result_bytes", "serve_rows")


def _error_of(head: dict[str, Any]) -> KbgraphError:
    kinds = {kind.__name__: kind for kind in (UsageError, LimitError, WorldError)}
    if head["kind"] in kinds:
        return kinds[head["kind"]](head["error"])
    return WorldError(f"internal error: {head['error']}; this is a bug, please report it")
