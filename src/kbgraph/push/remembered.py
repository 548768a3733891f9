"""What is in the graphs of a build, kept beside it since it was last read: a push of the same need not read them again.

It is known by the digest of `graph.nq` as it is now, so that it is never about another dataset. Where
it is missing, or nothing can be written, a push takes longer, and that is all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from kbgraph.errors import KbgraphError
from kbgraph.files import digest_of, read_json, write_whole
from kbgraph.push.ledger import Entry

__all__ = ["remember", "remembered"]

#: Changes with what is kept.
_VERSION = 1


def remembered(path: Path) -> tuple[str, dict[str, Entry]] | None:
    """The base IRI of a build and the entries of its graphs, sorted; None where they must be read."""
    with suppress(KbgraphError, ValueError, KeyError, TypeError):
        kept = read_json(_place(path))
        if (kept["version"], kept["sha256"]) == (_VERSION, digest_of(path / "graph.nq")):
            return kept["base"], {name: Entry(digest, size) for name, (digest, size) in kept["graphs"].items()}
    return None


def remember(path: Path, digest: str, base: str, entries: Mapping[str, Entry]) -> None:
    """Keep the entries of the graphs of a build.

    Args:
        path: its folder.
        digest: that of its graph.nq, from before that was read.
        base: its base IRI.
        entries: its graphs.
    """
    kept = {"version": _VERSION, "sha256": digest, "base": base, "graphs": dict(entries)}
    with suppress(KbgraphError):
        write_whole(_place(path), json.dumps(kept).encode(), lasting=False)


def _place(path: Path) -> Path:
    return path / ".push.json"
