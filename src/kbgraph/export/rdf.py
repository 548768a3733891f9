"""N-Quads, N-Triples, TriG and Turtle, written by Oxigraph from sorted statements."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pyoxigraph import Quad, RdfFormat, Triple

from kbgraph.graph import KnowledgeGraph, serialized
from kbgraph.terms import PREFIXES

_PREFIX = b"|".join(prefix.encode() for prefix in PREFIXES)
#: What may be a name that Oxigraph had to escape, as `schema:\\%C3`; rdflib cannot read all of them.
#: A pattern each, since one that begins with plain letters is found ten times as fast.
_ESCAPED_NAMES = [re.compile(prefix.encode() + rb":[\w.-]*\\") for prefix in PREFIXES]
#: Texts and IRIs, which are passed over, and names with one of our prefixes.
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|<[^>]*>|(?<=\s)(?P<prefix>' + _PREFIX + rb"):(?P<local>(?:\\.|[^\s\\,;])*)")

__all__ = ["write_n_quads", "write_n_triples", "write_pretty", "write_trig", "write_turtle"]


def write_n_quads(graph: KnowledgeGraph) -> bytes:
    """The dataset as sorted N-Quads: the form to compare, to diff and to load."""
    return graph.n_quads()


def write_n_triples(graph: KnowledgeGraph) -> bytes:
    """The union as sorted N-Triples."""
    return b"".join(sorted(serialized(graph.triples(), RdfFormat.N_TRIPLES).splitlines(keepends=True)))


def write_trig(graph: KnowledgeGraph) -> bytes:
    """The dataset as TriG."""
    return write_pretty(graph.quads(), RdfFormat.TRIG)


def write_turtle(graph: KnowledgeGraph) -> bytes:
    """The union of all graphs as Turtle."""
    return write_pretty(graph.triples(), RdfFormat.TURTLE)


def write_pretty(statements: Iterable[Quad] | Iterable[Triple], format: RdfFormat) -> bytes:
    """Turtle or TriG with those of our prefixes that are used.

    They are sorted, since Oxigraph writes them in the order of a hash table.
    """
    data = serialized(statements, format, PREFIXES)
    head: list[bytes] = []
    start = 0
    while data.startswith(b"@prefix ", start):
        end = data.index(b"\n", start) + 1
        head.append(data[start:end])
        start = end
    body = data[start:]
    body = _without_escapes(body)
    used = (
        line for line in sorted(head) if any(before + line.split()[1] in body for before in (b"\n", b"\t", b" ", b"^"))
    )
    return b"".join(used) + b"\n" + body


def _without_escapes(body: bytes) -> bytes:
    """Turtle without escaped names; only the lines that may hold one are looked at."""
    found = {body.rfind(b"\n", 0, each.start()) + 1 for name in _ESCAPED_NAMES for each in name.finditer(body)}
    pieces, done = [], 0
    for start in sorted(found):
        end = body.index(b"\n", start)
        pieces += [body[done:start], _TOKEN.sub(_unabbreviated, body[start:end])]
        done = end
    return b"".join((*pieces, body[done:]))


def _unabbreviated(token: re.Match[bytes]) -> bytes:
    """A name with escapes as a whole IRI; any other token as it is."""
    if token["prefix"] is None or b"\\" not in token["local"]:
        return token[0]
    local = re.sub(rb"\\(.)", rb"\1", token["local"])
    return b"<" + PREFIXES[token["prefix"].decode()].encode() + local + b">"
