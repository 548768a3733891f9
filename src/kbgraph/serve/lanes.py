"""Who may run when: queries in killable processes, so that a cheap one never waits for a costly one.

Nobody can tell a costly query from its text. So each begins in the fast lane and is stopped there when
its short time is up; it goes on, in the same process, in a lane where it has more time and less
of the processor, once its turn comes. What has used up its time, or its share of the memory, is killed.
A process that has been stopped once is never used again; another copy takes its place.
"""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import Any, NamedTuple, Self

from kbgraph.config import Limits
from kbgraph.errors import LimitError
from kbgraph.query.wall import cpu_seconds, resident_bytes
from kbgraph.serve.copies import Copies, error_of
from kbgraph.serve.turns import Turns
from kbgraph.serve.workers import Said, Worker

__all__ = ["Busy", "Graphs", "Lanes", "Reply"]

#: The default graphs and the named graphs of a dataset that a request names.
Graphs = tuple[tuple[str, ...], tuple[str, ...]]


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
_CORES = os.cpu_count() or 2


class Lanes:
    """The queries of one dataset, each in a process of its own."""

    def __init__(self, copies: Copies, limits: Limits) -> None:
        self.copies, self._limits = copies, limits
        cores = _CORES
        seconds = float(limits.query_seconds)
        self._fast = Turns(cores)
        self._slow = (
            _Lane(min(0.4, seconds), asyncio.Semaphore(cores), 5),
            _Lane(min(2.0, seconds), asyncio.Semaphore(cores), 10),
            _Lane(seconds, asyncio.Semaphore(cores), 19),
        )
        self._inside = 0
        self._left = asyncio.Event()
        self._closed = False

    @classmethod
    async def opened(cls, path: Path, limits: Limits, aside: Path) -> Self:
        """The lanes of a dataset, ready.

        Raises:
            KbgraphError: there is no dataset, or it cannot be read.
        """
        return cls(await Copies.of(path, limits, aside, 2 * _CORES + 4), limits)

    @property
    def in_flight(self) -> int:
        """How many queries are being answered, or wait."""
        return self._inside

    async def idle(self) -> None:
        """Wait until no query is being answered."""
        while self._inside:
            self._left.clear()
            await self._left.wait()

    # ---- asking

    async def ask(self, query: str, graphs: Graphs | None, form: str) -> Reply:
        """The answer to a query.

        Raises:
            Busy: there are too many queries.
            LimitError: it took too long, or too much memory, or its answer is too large.
            KbgraphError: whatever else is wrong with it.
        """
        if self._inside >= self._limits.serve_queries:
            raise Busy
        return await self._counted({"query": query, "graphs": graphs, "format": form})

    async def show(self, iri: str, form: str) -> bytes:
        """The page of an IRI (`html`), or its data in a form; as many as are asked for.

        Raises:
            Busy: its turn did not come in time.
            LimitError: it took too long, or too much memory.
            KbgraphError: whatever else is wrong with it.
        """
        return (await self._counted({"show": iri, "format": form})).data

    async def _counted(self, request: dict[str, Any]) -> Reply:
        if self._closed:
            raise Busy
        self._inside += 1
        try:
            return await self._answered(request)
        finally:
            self._inside -= 1
            self._left.set()

    async def _answered(self, request: dict[str, Any]) -> Reply:
        end = asyncio.get_running_loop().time() + self._limits.query_seconds
        await self._fast.acquire()
        worker: Worker | None = None
        is_fast = True
        try:
            worker = await self.copies.take()
            answer = worker.ask(request)
            await self._quickly(worker, answer)
            if not answer.done():
                worker.is_worn = True
                worker.signal(signal.SIGSTOP)
                is_fast = False
                self._fast.release()
                self.copies.refill()
                await self._slowly(worker, answer, end)
            return self._reply(worker, answer)
        finally:
            if is_fast:
                self._fast.release()
            if worker is not None:
                worker.is_worn = worker.is_worn or worker.is_asked
                self.copies.put_back(worker)

    async def _quickly(self, worker: Worker, answer: asyncio.Future[Said]) -> None:
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

    async def _slowly(self, worker: Worker, answer: asyncio.Future[Said], end: float) -> None:
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
        sizes = {each: resident_bytes(each.pid) - each.had for each in self.copies.taken}
        if sum(sizes.values()) > self._limits.serve_memory:
            largest = max(sizes, key=lambda each: sizes[each])
            largest.too_big = True
            largest.signal(signal.SIGKILL)

    def _reply(self, worker: Worker, answer: asyncio.Future[Said]) -> Reply:
        try:
            head, data = answer.result()
        except EOFError:
            worker.is_worn = True
            if worker.too_big:
                message = f"all queries together took more than {self._limits.serve_memory:,} bytes"
                raise LimitError(f"the query was stopped: {message} (limit serve_memory)") from None
            raise LimitError("the query was stopped: it took too much memory, or is too deeply nested") from None
        if head.get("worn"):
            worker.is_worn = True
        if "error" in head:
            raise error_of(head)
        return Reply(data, head.get("cut"))

    @property
    def is_alive(self) -> bool:
        """Whether there is still a process to be copied."""
        return self.copies.is_alive

    def close(self) -> None:
        """End all processes, in whatever they are."""
        self._closed = True
        self.copies.close()
