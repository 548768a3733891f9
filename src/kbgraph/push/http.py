"""Requests to a store, made to arrive: connections kept, bounded in time and size, tried again.

Whatever a server does ends in an `Answer` or in an error that says what to do. What is asked here must
bear being asked twice, as PUT, DELETE, queries, and the adding of triples without blank nodes do.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

from kbgraph.config import Limits
from kbgraph.errors import LimitError, WorldError
from kbgraph.push.authorization import Authorization
from kbgraph.push.credentials import Prompt, find_credentials, host_of, is_loopback, shown_url
from kbgraph.push.refusals import advice_of, delay_of, moved_to, said_in, start_of
from kbgraph.version import VERSION

if TYPE_CHECKING:
    import httpx

__all__ = ["Answer", "Client", "HttpError", "Request", "TimedOut"]

#: Answers that ask for patience.
_BUSY = {429, 502, 503, 504}
#: Seconds before the second attempt; each further one waits twice as long.
_FIRST_DELAY = 0.25
#: Seconds that a server may ask to wait, and that a connection may take to open.
_LONGEST_DELAY = 60.0
_CONNECT = 10.0
_MOST_MOVES = 3


class HttpError(WorldError):
    """A request that a server answered with an error; `status` is its number."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class TimedOut(WorldError):
    """A request that had no whole answer in time."""


class _Again(Exception):
    """What went wrong this time and may go well the next; `delay` is what the server asked for."""

    def __init__(self, error: WorldError, delay: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.delay = delay


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a server: the body is a form or bytes, `params` are added to the query of the URL.

    `checked_url` has passed the URL.
    """

    method: str
    url: str
    params: Mapping[str, str] | None = None
    form: Mapping[str, str] | None = None
    content: bytes | None = None
    headers: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; `kind` is the content type without parameters, names of headers are in lower case."""

    status: int
    kind: str
    headers: Mapping[str, str]
    body: bytes
    url: str


class Client:
    """Requests to one store, from several threads at a time; a context manager.

    Args:
        limits: bounds of answers, time and attempts.
        prompt: asks for user and password where a server wants them and none were found.
        plain: whether a password or token may be sent over http to another machine, for all to read.
        environ: where credentials are looked for; the environment where not given.
        transport: what carries the requests, for tests.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        prompt: Prompt | None = None,
        plain: bool = False,
        environ: Mapping[str, str] | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._prompt = prompt
        self._plain = plain
        self._environ = environ
        self._transport = transport
        self._clients: dict[bool, httpx.Client] = {}
        self._hosts: dict[str, Authorization] = {}
        self._reached: set[str] = set()
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        for each in self._clients.values():
            each.close()

    def stop(self) -> None:
        """Let no attempt follow those that are under way."""
        self._stopped.set()

    def ask(
        self,
        request: Request,
        *,
        expect: Collection[str] = (),
        allowed: Collection[int] = (),
        seconds: float | None = None,
        attempts: int | None = None,
    ) -> Answer:
        """The answer to a request: one of status 2xx, or of a status that is allowed.

        Args:
            request: what is asked, and of whom.
            expect: the content types of which a good answer must be; any where there are none.
            allowed: statuses that are no error here.
            seconds: the time for one attempt; that of the limits where not given.
            attempts: how often to try; that of the limits where not given.

        Raises:
            UsageError: a password would have to be sent in the clear.
            WorldError: the server cannot be reached, or does not do it.
            TimedOut: no whole answer in time, in all attempts.
            LimitError: the answer is too large.
        """
        most = attempts or self._limits.attempts
        url = request.url
        for attempt in range(1, most + 1):
            try:
                answer = self._attempt(request, allowed, seconds or float(self._limits.request_seconds))
            except _Again as again:
                if attempt == most or self._stopped.is_set():
                    more = f" ({attempt} attempts)" if attempt > 1 else ""
                    again.error.args = (f"{again.error}{more}",)
                    raise again.error from None
                delay = again.delay if again.delay is not None else _FIRST_DELAY * 2 ** (attempt - 1)
                self._stopped.wait(delay)
                continue
            self._reached.add(host_of(url))
            if expect and 200 <= answer.status < 300 and answer.kind not in expect:
                raise WorldError(
                    f"{shown_url(url)} answered with {answer.kind or 'data of no type'}, not with "
                    f"{' or '.join(sorted(expect))}: {advice_of(404)}"
                )
            return answer
        raise AssertionError

    def _attempt(self, request: Request, allowed: Collection[int], seconds: float) -> Answer:
        import httpx

        if self._stopped.is_set():
            raise WorldError(f"stopped before {request.method} {shown_url(request.url)}")
        where = shown_url(request.url)
        deadline = time.monotonic() + seconds
        try:
            for _ in range(_MOST_MOVES):
                with self._send(request, seconds) as response:
                    moved = None if response.status_code in allowed else moved_to(response, request.method)
                    if moved is None:
                        return self._answer(response, allowed, deadline)
                request = replace(request, url=moved, params=None)
        except httpx.TimeoutException:
            raise _Again(TimedOut(f"{where} did not answer in {seconds:g} s; try it later")) from None
        except httpx.DecodingError:
            raise WorldError(f"{where} answered with data that is not as its headers say") from None
        except httpx.TransportError as error:
            raise self._broken(error, request.url) from None
        except (httpx.InvalidURL, httpx.HTTPError) as error:
            raise WorldError(f"{where} cannot be asked: {type(error).__name__}") from None
        raise WorldError(f"{where} redirects again and again; ask its operator for the right address")

    def _send(self, request: Request, seconds: float) -> _Open:
        import httpx

        client = self._client(loopback=is_loopback(request.url))
        to_send = client.build_request(
            request.method,
            request.url,
            params=request.params,
            data=request.form,
            content=request.content,
            headers=request.headers,
            timeout=httpx.Timeout(seconds, connect=min(seconds, _CONNECT)),
        )
        flow = self._auth(request.url).flow(to_send)
        to_send = next(flow)
        while True:
            response = client.send(to_send, stream=True, follow_redirects=False)
            try:
                to_send = flow.send(response)
            except StopIteration:
                return _Open(response)
            except BaseException:
                response.close()
                raise
            response.close()

    def _answer(self, response: httpx.Response, allowed: Collection[int], deadline: float) -> Answer:
        status, where = response.status_code, shown_url(str(response.url))
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if 200 <= status < 300 or status in allowed:
            body = self._body(response, deadline, where)
            return Answer(status, kind, dict(response.headers), body, str(response.url))
        said = said_in(start_of(response, deadline), kind)
        auth = self._auth(str(response.url))
        said = auth.credentials.hidden(said) if auth.credentials else said
        advice = auth.advice() if status == 401 else advice_of(status)
        error = HttpError(f"{where} answered {status}{said}: {advice}", status)
        if status not in _BUSY:
            raise error
        delay = delay_of(response.headers.get("retry-after", ""))
        if delay is not None and delay > _LONGEST_DELAY:
            raise HttpError(f"{where} answered {status} and asks to be left alone for {delay:,.0f} s", status)
        raise _Again(error, delay)

    def _body(self, response: httpx.Response, deadline: float, where: str) -> bytes:
        most = self._limits.answer_bytes
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if len(body) > most:
                raise LimitError(f"the answer of {where} is too large: more than {most:,} bytes (limit answer_bytes)")
            if time.monotonic() > deadline:
                raise _Again(TimedOut(f"{where} did not end its answer in time; try it later"))
        return bytes(body)

    def _broken(self, error: httpx.TransportError, url: str) -> Exception:
        """A connection that did not come about, or did not last; it is tried again where one has been before."""
        import httpx

        where, causes = host_of(url), list(_causes(error))
        if any(isinstance(each, ssl.SSLCertVerificationError) for each in causes):
            return WorldError(
                f"the certificate of {where} is not trusted; "
                "where it is your own, set SSL_CERT_FILE to a file that holds it or its authority's"
            )
        if any(isinstance(each, ssl.SSLError) for each in causes):
            return WorldError(f"{where} does not speak TLS as it should; is it http instead of https?")
        if isinstance(error, httpx.ConnectError):
            why = next((str(each.strerror) for each in causes if isinstance(each, OSError) and each.strerror), "")
            failed = WorldError(f"{where} cannot be reached{f': {why}' if why else ''}; is the store running?")
            return _Again(failed) if where in self._reached else failed
        if isinstance(error, httpx.ProxyError | httpx.UnsupportedProtocol):
            return WorldError(f"{where} cannot be reached through the proxy of the environment")
        return _Again(WorldError(f"{where} cut the connection, or sent what is not HTTP"))

    def _auth(self, url: str) -> Authorization:
        host = host_of(url)
        with self._lock:
            if host not in self._hosts:
                self._hosts[host] = Authorization(
                    host, find_credentials(url, self._environ), self._prompt, plain=self._plain
                )
            return self._hosts[host]

    def _client(self, *, loopback: bool) -> httpx.Client:
        """The connections; those to this machine take no proxy."""
        import httpx

        with self._lock:
            if loopback not in self._clients:
                bounds = httpx.Limits(max_connections=32, max_keepalive_connections=32)
                self._clients[loopback] = httpx.Client(
                    limits=bounds,
                    transport=self._transport,
                    trust_env=not loopback,
                    headers={"User-Agent": f"kbgraph/{VERSION}", "Accept": "*/*"},
                )
            return self._clients[loopback]


class _Open:
    """A response whose body has not been read; closed at the end of the block."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response

    def __enter__(self) -> httpx.Response:
        return self._response

    def __exit__(self, *_: object) -> None:
        self._response.close()


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those that it comes from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
