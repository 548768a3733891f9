"""The web server: one process that listens, and ends when it is told to."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
import uvloop

from kbgraph.errors import WorldError
from kbgraph.serve.app import App, Options
from kbgraph.serve.connections import IDLE_SECONDS, Connection

__all__ = ["run"]

#: Seconds for answers that are on their way when the server ends, and for saying to the others that it does.
_GRACE, _FAREWELL = 1, 0.5
_CONNECTIONS, _BACKLOG = 512, 256


def run(options: Options, host: str, port: int) -> None:
    """Serve until a signal comes.

    Raises:
        KbgraphError: there is no dataset, or nothing can listen there.
        KeyboardInterrupt: Ctrl-C has ended it, not SIGTERM.
    """
    if uvloop.run(_serve(options, host, port)) == signal.SIGINT:
        raise KeyboardInterrupt


async def _serve(options: Options, host: str, port: int) -> int:
    """The number of the signal that has ended the server."""
    app = App(options)
    listening = _listen(host, port)
    try:
        async with app.opened():
            shown = f"[{host}]" if ":" in host else host
            address = f"http://{shown}:{listening.getsockname()[1]}{options.root_path}/"
            options.told(f"serving {options.path} at {address} (Ctrl-C ends it)")
            server = _Server(_config(app))
            await server.serve(sockets=[listening])
            if server.server_state.tasks:
                await asyncio.wait(server.server_state.tasks, timeout=_FAREWELL)
    finally:
        listening.close()
    return server.ended_by


def _config(app: App) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=_GRACE,
        backlog=_BACKLOG,
    )


class _Server(uvicorn.Server):
    """A server that remembers which signal has ended it, and leaves it at that; a second one hurries it."""

    ended_by = 0

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Hear signals for as long as it runs."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._hear, number)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    def _hear(self, number: int) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True
        self.ended_by = self.ended_by or number


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # named as TCP, so that asyncio sends at once (TCP_NODELAY): else each answer waits 40 ms for its body
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        listening.close()
        said = getattr(error, "strerror", None) or str(error)
        raise WorldError(f"cannot listen on {host}:{port}: {said}; --port takes another, 0 a free one") from None
    return listening
