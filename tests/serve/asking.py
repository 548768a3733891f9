"""Requests to an application without a network: its loop runs in a thread, requests go straight to it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, Self

import httpx


class Client:
    """An application that has been started; each request waits for its answer."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.run(self._begin())
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self._finish())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def serving(self) -> Any:
        """The dataset that the application serves."""
        return self._app.serving

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _begin(self) -> None:
        self._opened = self._app.opened()
        await self._opened.__aenter__()

    async def _finish(self) -> None:
        await self._opened.__aexit__(None, None, None)

    async def asked(self, method: str, path: str, **more: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self._app, client=(more.pop("client", "192.0.2.1"), 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            headers = {"accept": "*/*", **(more.pop("headers", None) or {})}
            return await client.request(method, path, headers=headers, **more)

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        answer: httpx.Response = self.run(self.asked(method, path, **more))
        return answer

    def get(self, path: str, accept: str = "*/*", **more: Any) -> httpx.Response:
        return self.request("GET", path, headers={"accept": accept, **more.pop("headers", {})}, **more)

    def page(self, path: str, **more: Any) -> httpx.Response:
        """What a browser gets."""
        return self.get(path, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", **more)
