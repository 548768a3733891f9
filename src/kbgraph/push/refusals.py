"""What a server says instead of doing what it is asked: redirections, pages of errors, pleas for patience."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from kbgraph.errors import WorldError
from kbgraph.push.credentials import shown_url

if TYPE_CHECKING:
    import httpx

__all__ = ["advice_of", "delay_of", "moved_to", "said_in", "start_of"]

_MOVED = {301, 302, 303, 307, 308}
#: Bytes of an error's page that are read, and characters of it that are shown.
_READ, _SHOWN = 16 * 1024, 300


def moved_to(response: httpx.Response, method: str) -> str | None:
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


def start_of(response: httpx.Response, deadline: float) -> bytes:
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


def said_in(body: bytes, kind: str) -> str:
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


def advice_of(status: int) -> str:
    """What to do about a status."""
    return _ADVICE.get(status, "its log says more")


def delay_of(text: str) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3); None where it asks for nothing."""
    if text.strip().isdigit():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
