"""Credentials as they are sent: how a host wants them, and when they may go."""

from __future__ import annotations

import re
import threading
from collections.abc import Generator
from typing import TYPE_CHECKING

from kbgraph.errors import UsageError
from kbgraph.push.credentials import Credentials, Prompt, is_loopback

if TYPE_CHECKING:
    import httpx

__all__ = ["Authorization"]


class Authorization:
    """How a host wants its credentials, learnt from its first refusal.

    A password is sent to who asked for it, and a token at once, since many that want one do not ask.
    """

    def __init__(self, host: str, credentials: Credentials | None, prompt: Prompt | None, *, plain: bool) -> None:
        self.credentials = credentials
        self._host = host
        self._prompt = prompt
        self._plain = plain
        self._scheme = "bearer" if credentials and credentials.is_token else ""
        self._lock = threading.Lock()
        self._own = threading.local()

    def flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The requests to send, one after the other, each after the response to the one before."""
        if not self._scheme:
            response = yield request
            if response.status_code != 401 or not self._learn(response):
                return
        if self._scheme == "digest":
            yield from self._digest().auth_flow(request)
            return
        self._carry(request)
        yield request

    def advice(self) -> str:
        """What to do about a 401."""
        if self.credentials is None:
            return "it wants to know who you are; set KBGRAPH_USER and KBGRAPH_PASSWORD, or KBGRAPH_TOKEN, or use netrc"
        return f"it does not accept the credentials of {self.credentials.origin}"

    def _learn(self, response: httpx.Response) -> bool:
        """Whether there is an answer to a challenge."""
        with self._lock:
            if self.credentials is None and self._prompt is not None:
                answer, self._prompt = self._prompt(self._host), None
                self.credentials = Credentials(*answer, "the prompt") if answer else None
            if self.credentials is None:
                return False
            offered = ",".join(response.headers.get_list("www-authenticate")).lower()
            self._scheme = "digest" if re.search(r"(^|,)\s*digest\b", offered) else "basic"
            return True

    def _digest(self) -> httpx.DigestAuth:
        """One for each thread, since each counts its requests."""
        import httpx

        assert self.credentials is not None
        if not hasattr(self._own, "digest"):
            self._own.digest = httpx.DigestAuth(self.credentials.user, self.credentials.reveal())
        digest: httpx.DigestAuth = self._own.digest
        return digest

    def _carry(self, request: httpx.Request) -> None:
        """Put the credentials into a request."""
        import httpx

        assert self.credentials is not None
        if request.url.scheme != "https" and not is_loopback(str(request.url)) and not self._plain:
            raise UsageError(
                f"the password or token would be sent to {self._host} over plain http, for anybody on the way to read; "
                "use https, or say --plain-http"
            )
        if self.credentials.is_token:
            request.headers["Authorization"] = f"Bearer {self.credentials.reveal()}"
        else:
            flow = httpx.BasicAuth(self.credentials.user, self.credentials.reveal()).auth_flow(request)
            next(flow)
