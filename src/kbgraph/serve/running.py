"""The web server: one process that listens, writes a log, and ends when it is told to."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from kbgraph.errors import KbgraphError, WorldError
from kbgraph.serve.app import Options, app_of

__all__ = ["run"]

#: Seconds that a client has to send the first line and the headers, and to ask again on the same connection.
_HEADER_SECONDS, _IDLE_SECONDS = 10, 20
#: Seconds for answers that are on their way when the server ends.
_GRACE = 5
_CONNECTIONS = 512
#: Bytes of the first line and the headers.
_HEADER_BYTES = 512 * 1024


class _Protocol(H11Protocol):
    """HTTP/1.1 with clients that must not take their time for headers."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.loop.call_later(_HEADER_SECONDS, self._end_if_silent)

    def _end_if_silent(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.abort()


def run(options: Options, host: str, port: int, *, trust_proxy: bool, log: Callable[[str], object] | None) -> None:
    """Serve until a signal comes (SIGINT, SIGTERM).

    Raises:
        KbgraphError: there is no dataset, or nothing can listen there.
    """
    app = app_of(options) if log is None else _logged(app_of(options), log)
    config = uvicorn.Config(
        _Started(app),
        lifespan="on",
        http=_Protocol,
        loop="asyncio",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=trust_proxy,
        forwarded_allow_ips="*" if trust_proxy else None,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_GRACE,
        h11_max_incomplete_event_size=_HEADER_BYTES,
        backlog=256,
    )
    listening = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}{options.root_path}/"
    server = uvicorn.Server(config)
    started = config.app
    assert isinstance(started, _Started)
    started.ready = lambda: options.told(f"serving {options.path} at {address} (Ctrl-C ends it)")
    try:
        asyncio.run(server.serve(sockets=[listening]))
    except KeyboardInterrupt:
        pass
    finally:
        listening.close()
    if started.failed is not None:
        raise started.failed


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # named as TCP, so that asyncio sends at once (TCP_NODELAY): else each answer waits 40 ms for its body
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except (OSError, OverflowError) as error:
        listening.close()
        said = getattr(error, "strerror", None) or str(error)
        raise WorldError(f"cannot listen on {host}:{port}: {said}; --port takes another, 0 a free one") from None
    return listening


class _Started:
    """The application, which remembers why it could not start."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.failed: KbgraphError | None = None
        self.ready: Callable[[], object] = lambda: None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await self._answer(scope, receive, send)
            return

        async def sent(message: Any) -> None:
            if message["type"] == "lifespan.startup.complete":
                self.ready()
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except KbgraphError as error:
            self.failed = error
            raise

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        has_begun = False

        async def sent(message: Any) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except asyncio.CancelledError:  # the server ends, and this took longer than it may then
            if not has_begun:
                headers = [(b"retry-after", b"60"), (b"content-type", b"text/plain; charset=utf-8")]
                await send({"type": "http.response.start", "status": 503, "headers": headers})
                await send({"type": "http.response.body", "body": b"the server ends\n"})


def _logged(app: Any, log: Callable[[str], object]) -> Any:
    """The application, each of whose answers is a line: client, request, status, bytes, seconds."""

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        began, status, size = time.perf_counter(), 0, 0

        async def sent(message: Any) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            size += len(message.get("body", b""))
            await send(message)

        try:
            await app(scope, receive, sent)
        finally:
            client = scope["client"][0] if scope.get("client") else "-"
            asked = scope.get("raw_path", b"").decode("ascii", "backslashreplace")[:_SHOWN]
            seconds = time.perf_counter() - began
            log(f"{client} {scope['method']} {asked} {status} {size} {seconds:.3f}")

    return wrapped


#: Characters of an address in the log.
_SHOWN = 300
