"""Headers that every answer has: what a browser may do with it, and what it tells others."""

from __future__ import annotations

from starlette.responses import Response

__all__ = ["protect"]

#: Nothing but our own files runs or is shown; nothing is sent or embedded anywhere else.
_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    b"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_ALWAYS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), interest-cohort=()"),
    # what is here is public and read-only; credentials are never asked for
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, X-Kbgraph-Cut"),
    (b"content-security-policy", _POLICY),
)


def protect(answer: Response) -> None:
    """Give an answer these headers, unless it has them already."""
    names = {name for name, _ in answer.raw_headers}
    answer.raw_headers += [each for each in _ALWAYS if each[0] not in names]
