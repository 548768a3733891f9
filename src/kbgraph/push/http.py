"""Requests to a store, made to arrive: connections kept, bounded in time and size, tried again.

Whatever a server does ends in an `Answer` or in an error that says what to do. What is asked here must
bear being asked twice, as PUT, DELETE, queries, and the adding of triples without blank nodes do.
"""

from __future__ import annotations

import re
import ssl
import threading
import time
from collections.abc import Collection, Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

from kbgraph.config import Limits
from kbgraph.errors import LimitError, UsageError, WorldError
from kbgraph.push.credentials import Credentials, Prompt, find_credentials, host_of, is_loopback, shown_url
from kbgraph.version import VERSION

if TYPE_CHECKING:
    import httpx

__all__ = ["Answer", "Client", "HttpError", "Request", "TimedOut"]

#: Answers that ask for patience.
_BUSY = {429, 502, 503, 504}
_MOVED = {301, 302, 303, 307, 308}
#: Seconds before the second attempt; each further one waits twice as long.
_FIRST_DELAY = 0.25
#: Seconds that a server may ask to wait, and that a connection may take to open.
_LONGEST_DELAY = 60.0
_CONNECT = 10.0
#: Bytes of an error's page that are read, and characters of it that are shown.
_READ, _SHOWN = 16 * 1024, 300
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
        self._hosts: dict[str, _Auth] = {}
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
                    f"{' or '.join(sorted(expect))}: {_advice(404)}"
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
                    moved = None if response.status_code in allowed else _moved(response, request.method)
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
        said = _said(_start(response, deadline), kind)
        auth = self._auth(str(response.url))
        said = auth.credentials.hidden(said) if auth.credentials else said
        advice = auth.advice() if status == 401 else _advice(status)
        error = HttpError(f"{where} answered {status}{said}: {advice}", status)
        if status not in _BUSY:
            raise error
        delay = _delay(response.headers.get("retry-after", ""))
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

    def _auth(self, url: str) -> _Auth:
        host = host_of(url)
        with self._lock:
            if host not in self._hosts:
                self._hosts[host] = _Auth(host, find_credentials(url, self._environ), self._prompt, plain=self._plain)
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


# ---- credentials, as they are sent


class _Auth:
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


# ---- what answers say


def _moved(response: httpx.Response, method: str) -> str | None:
    """Where a request is to be sent instead; None where it is not redirected.

    Raises:
        WorldError: to another host, or in a way that would change the request.
    """
    if response.status_code not in _MOVED:
        return None
    here = str(response.url)
    there: str = urljoin(here, response.headers.get("location", ""))
    try:
        old, new = urlsplit(here), urlsplit(there)
        same = (new.scheme, new.netloc) == (old.scheme, old.netloc)
    except ValueError:
        same = False
    if same and (method in {"GET", "HEAD"} or response.status_code in {307, 308}):
        return there
    told = f"{shown_url(there)}" if there.startswith(("http://", "https://")) else "an address that is none"
    raise WorldError(f"{shown_url(here)} redirects to {told}; where you trust that one, give it instead")


def _start(response: httpx.Response, deadline: float) -> bytes:
    """The beginning of an error's page, as far as it comes."""
    import httpx

    body = bytearray()
    try:
        for piece in response.iter_bytes():
            body += piece
            if len(body) > _READ or time.monotonic() > deadline:
                break
    except httpx.HTTPError:
        pass
    return bytes(body[:_READ])


def _said(body: bytes, kind: str) -> str:
    """What an error's page says, in one line; of HTML its title."""
    text = body.decode("utf-8", "replace")
    if text.strip() and ("html" in kind or text.lstrip()[:15].lower().startswith(("<!doctype", "<html"))):
        title = re.search(r"<title[^>]*>([^<]{1,300})", text, re.IGNORECASE)
        text = f"a web page: {unescape(title[1])}" if title else "a web page"
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    if not text:
        return ""
    return f" ({text[:_SHOWN]}…)" if len(text) > _SHOWN else f" ({text})"


_ADVICE = {
    400: "it does not take this request; is --store the right one?",
    403: "the credentials may not do this; ask its operator for the right to write",
    404: "is this the address of the store, and --store the right one?",
    405: "it does not do this there; is --store the right one, and may it be written to?",
    406: "it does not have the format that was asked for; is --store the right one?",
    413: "the request is too large for it; lower the limit request_bytes",
    415: "it does not take this format; is --store the right one?",
    429: "it has too much to do; use fewer --jobs, or try it later",
    502: "the server behind it does not answer; try it later",
    503: "it has too much to do; use fewer --jobs, or try it later",
    504: "the server behind it does not answer; try it later",
}


def _advice(status: int) -> str:
    return _ADVICE.get(status, "its log says more")


def _delay(text: str) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3); None where it asks for nothing."""
    if text.strip().isdigit():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those that it comes from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
