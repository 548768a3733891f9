"""One process that answers a query, as the server sees it: what it is asked and says, its size, its signals."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import suppress
from typing import Any, Self, cast

import orjson

from kbgraph.query.wall import resident_bytes
from kbgraph.serve.forking import HEAD

__all__ = ["Said", "Worker"]

#: What a process says: a head, and the data behind it.
Said = tuple[dict[str, Any], bytes]


class Worker(asyncio.Protocol):
    """A copy of the process, and the socket on which it answers one question after the other."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.had = resident_bytes(pid)
        self.is_worn = False
        self.too_big = False
        self._link: asyncio.Transport | None = None
        self._heard = bytearray()
        self._answer: asyncio.Future[Said] | None = None

    @classmethod
    async def linked(cls, pid: int, link: socket.socket) -> Self:
        """The worker that answers on a socket."""
        worker = cls(pid)
        await asyncio.get_running_loop().create_unix_connection(lambda: worker, sock=link)
        return worker

    @property
    def is_gone(self) -> bool:
        """Whether it has died."""
        return self._link is None or self._link.is_closing()

    @property
    def is_asked(self) -> bool:
        """Whether it has been asked and has not answered yet."""
        return self._answer is not None and not self._answer.done()

    def ask(self, request: dict[str, Any]) -> asyncio.Future[Said]:
        """What it answers; an EOFError where it dies."""
        answer: asyncio.Future[Said] = asyncio.get_running_loop().create_future()
        if self._link is None or self._link.is_closing():  # it has died
            answer.set_exception(EOFError())
            return answer
        self._answer = answer
        data = orjson.dumps(request)
        self._link.write(HEAD.pack(len(data), 0) + data)
        return answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the socket."""
        self._link = cast("asyncio.Transport", transport)  # uvloop's are made like them, not of them

    def data_received(self, data: bytes) -> None:
        """Take a piece of an answer."""
        self._heard += data
        if len(self._heard) < HEAD.size:
            return
        head, size = HEAD.unpack_from(self._heard)
        end = HEAD.size + head
        if len(self._heard) >= end + size:
            said = orjson.loads(self._heard[HEAD.size : end]), bytes(self._heard[end : end + size])
            self._heard.clear()
            if self._answer is not None and not self._answer.done():
                self._answer.set_result(said)

    def connection_lost(self, _: Exception | None) -> None:
        """Say that nothing more will come."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(EOFError())

    def signal(self, number: int) -> None:
        """Send it a signal, if it still lives."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def stand_back(self, nice: int) -> None:
        """Let others have the processor before it."""
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, nice)

    def close(self) -> None:
        """Hear no more of it."""
        if self._answer is not None:
            self._answer.cancel()
        if self._link is not None:
            self._link.abort()
