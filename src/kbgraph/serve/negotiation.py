"""Which of several media types a client would like best (RFC 9110, 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

__all__ = ["best_of"]

_QUALITY = re.compile(r"\s*q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*", re.IGNORECASE)
_RANGE = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)/([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*")


@lru_cache(maxsize=512)
def _ranges(accept: str) -> tuple[tuple[str, str, float], ...]:
    """The ranges of a header that are well formed, with their quality; the others count for nothing."""
    found = []
    for each in accept.lower().split(","):
        name, *parameters = each.split(";")
        match = _RANGE.fullmatch(name)
        if match is None:
            continue
        quality = 1.0
        for parameter in parameters:
            value = _QUALITY.fullmatch(parameter)
            if value is not None:
                quality = float(value[1])
        found.append((match[1], match[2], quality))
    return tuple(found)


def best_of(accept: str, offers: Sequence[str]) -> str | None:
    """The offer that a client would like best; of equals the first; None where it takes none.

    >>> best_of("text/turtle;q=0.5, application/*", ["text/turtle", "application/ld+json"])
    'application/ld+json'
    """
    ranges = _ranges(accept)
    if not accept.strip() or not ranges:
        return offers[0] if offers else None
    best, most = None, 0.0
    for offer in offers:
        quality = _quality(offer, ranges)
        if quality > most:
            best, most = offer, quality
    return best


def _quality(offer: str, ranges: Sequence[tuple[str, str, float]]) -> float:
    """The quality that the most specific range gives an offer."""
    kind, _, subtype = offer.partition("/")
    found, closest = 0.0, -1
    for one, other, quality in ranges:
        if one in {kind, "*"} and other in {subtype, "*"}:
            closeness = (one != "*") + (other != "*")
            if closeness > closest:
                found, closest = quality, closeness
    return found
