"""One process that answers a query, as the server sees it: what it is asked and says, its size, its signals."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from contextlib import suppress
from typing import Any

from kbgraph.query.wall import resident_bytes
from kbgraph.serve.forking import HEAD

__all__ = ["Worker"]


class Worker:
    """A copy of the process, and the socket on which it answers."""

    def __init__(self, pid: int, link: socket.socket) -> None:
        self.pid = pid
        self.link = link
        self.had = resident_bytes(pid)
        self.is_worn = False
        self.too_big = False

    async def ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """What it answers; an EOFError where it dies."""
        loop = asyncio.get_running_loop()
        encoded = json.dumps(request).encode()
        await loop.sock_sendall(self.link, HEAD.pack(len(encoded), 0) + encoded)
        return await self.told()

    async def told(self) -> tuple[dict[str, Any], bytes]:
        """The next thing that it says."""
        head, data = HEAD.unpack(await self._read(HEAD.size))
        return json.loads(await self._read(head)), await self._read(data)

    async def _read(self, size: int) -> bytes:
        loop = asyncio.get_running_loop()
        data = bytearray()
        while len(data) < size:
            piece = await loop.sock_recv(self.link, min(size - len(data), 1 << 20))
            if not piece:
                raise EOFError
            data += piece
        return bytes(data)

    def signal(self, number: int) -> None:
        """Send it a signal, if it still lives."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def stand_back(self, nice: int) -> None:
        """Let others have the processor before it."""
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, nice)
