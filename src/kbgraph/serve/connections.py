"""Connections to clients that may be slow or hostile: how long each may take, and how much it may send.

A request has to come in time, from its first byte to its last; so has an answer to be read. Who does not
keep to it loses the connection, so that nobody holds one for ever.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["IDLE_SECONDS", "Connection"]

#: Seconds that a client may take for the first line and the headers, for the body, and before it asks again.
_HEADER_SECONDS, _BODY_SECONDS, IDLE_SECONDS = 10, 20, 20
#: Bytes of the first line and the headers.
_HEADER_BYTES = 512 * 1024
#: How often somebody looks whether an answer is being read, and the bytes that have to have gone until then.
_READER_SECONDS, _READER_BYTES = 10, 64 * 1024


class Connection(HttpToolsProtocol):
    """A connection by HTTP/1.1."""

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._begun = 0
        self._is_head = True
        self._reading: asyncio.TimerHandle | None = None
        self._ending: asyncio.TimerHandle | None = self.loop.call_later(_HEADER_SECONDS, self._end)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        super().connection_lost(exc)
        self._wait_for(None)
        if self._reading is not None:
            self._reading.cancel()

    def data_received(self, data: bytes) -> None:
        """Take a piece of a request, which has so long to come."""
        if self._ending is None and self._is_head:
            self._wait_for(_HEADER_SECONDS)
        self._begun += len(data)
        super().data_received(data)
        if self._is_head and self._begun > _HEADER_BYTES and not self.transport.is_closing():
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    def on_headers_complete(self) -> None:
        """Go on with the body."""
        self._is_head = False
        self._wait_for(_BODY_SECONDS)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Go on with the next request, whenever that comes."""
        self._is_head, self._begun = True, 0
        self._wait_for(None)
        super().on_message_complete()

    def _wait_for(self, seconds: float | None) -> None:
        if self._ending is not None:
            self._ending.cancel()
        self._ending = None if seconds is None else self.loop.call_later(seconds, self._end)

    def _end(self) -> None:
        if not self.transport.is_closing():
            self.transport.abort()

    def pause_writing(self) -> None:
        """See to it that an answer that is too large to be sent at once is read."""
        super().pause_writing()
        if self._reading is None:
            self._look(None)

    def _look(self, before: int | None) -> None:
        left = self.transport.get_write_buffer_size()
        self._reading = None
        if before is not None and left and before - left < _READER_BYTES:
            self.transport.abort()
        elif left:
            self._reading = self.loop.call_later(_READER_SECONDS, self._look, left)


_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
