"""Turns: who may go on, where only so many may at once."""

from __future__ import annotations

import asyncio
from contextlib import suppress

__all__ = ["Turns"]


class Turns:
    """So many at once, and of those who wait the one who came last: a burst of others keeps nobody waiting."""

    def __init__(self, abreast: int) -> None:
        self._free = abreast
        self._waiting: list[asyncio.Future[None]] = []

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    async def acquire(self) -> None:
        """Wait for a turn."""
        if self._free:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.release()  # it came at the same moment
            else:
                with suppress(ValueError):
                    self._waiting.remove(turn)
            raise

    def release(self) -> None:
        """Give the turn to the next."""
        while self._waiting:
            turn = self._waiting.pop()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
