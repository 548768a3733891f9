"""Headers that every answer has: what a browser may do with it, and what it tells others."""

from __future__ import annotations

from typing import Any

__all__ = ["with_headers"]

#: Nothing but our own files runs or is shown; nothing is sent or embedded anywhere else.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_ALWAYS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), interest-cohort=()"),
    # what is here is public and read-only; credentials are never asked for
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, X-Kbgraph-Cut"),
)


def with_headers(app: Any) -> Any:
    """The application, each of whose answers has these headers, unless it has said so itself."""

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        async def sent(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                names = {name.lower() for name, _ in headers}
                headers += [each for each in _ALWAYS if each[0] not in names]
                if b"content-security-policy" not in names:
                    headers.append((b"content-security-policy", _POLICY.encode()))
                message = {**message, "headers": headers}
            await send(message)

        await app(scope, receive, sent)

    return wrapped
