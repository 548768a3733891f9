"""Files that travel packed to whom can unpack them: the map of the explorer, scripts, styles."""

from __future__ import annotations

import gzip
from functools import lru_cache

from kbgraph.serve.serving import Made

__all__ = ["packed"]

#: Bytes below which packing is not worth it.
_LEAST = 4096


def packed(made: Made, accept: str) -> Made:
    """What was made, packed if the client says that it takes `gzip` (RFC 9110, 12.5.3), under a tag of its own."""
    if len(made.body) < _LEAST:
        return made
    headers = (*made.headers, ("Vary", "Accept-Encoding"))
    if not _takes_gzip(accept):
        return made._replace(headers=headers)
    tag = f'{made.tag.removesuffix(chr(34))}-gzip"'
    return Made(_gzipped(made.body), made.media, tag, (*headers, ("Content-Encoding", "gzip")))


def _takes_gzip(accept: str) -> bool:
    for each in accept.lower().split(","):
        name, _, quality = each.partition(";")
        if name.strip() == "gzip":
            return quality.replace(" ", "").removeprefix("q=").rstrip("0.") != "" or not quality
    return False


@lru_cache(maxsize=32)
def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)
