"""N-Quads, N-Triples, TriG and Turtle, written by Oxigraph from sorted statements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from pyoxigraph import Quad, RdfFormat, Triple

from kbgraph.export.sections import piece, section
from kbgraph.graph import KnowledgeGraph, serialized
from kbgraph.parts import Chunk, Part, merged
from kbgraph.terms import PREFIXES

_PREFIX = b"|".join(prefix.encode() for prefix in PREFIXES)
#: What may be a name that Oxigraph had to escape, as `schema:\\%C3`; rdflib cannot read all of them.
#: A pattern each, since one that begins with plain letters is found ten times as fast.
_ESCAPED_NAMES = [re.compile(prefix.encode() + rb":[\w.-]*\\") for prefix in PREFIXES]
#: Texts and IRIs, which are passed over, and names with one of our prefixes.
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|<[^>]*>|(?<=\s)(?P<prefix>' + _PREFIX + rb"):(?P<local>(?:\\.|[^\s\\,;])*)")

__all__ = [
    "declarations",
    "sections",
    "turtle_body",
    "write_n_quads",
    "write_n_triples",
    "write_pretty",
    "write_trig",
    "write_turtle",
]


def write_n_quads(graph: KnowledgeGraph) -> Iterator[Chunk]:
    """The dataset as sorted N-Quads: the form to compare, to diff and to load."""
    yield from merged(graph.parts)


def write_n_triples(graph: KnowledgeGraph) -> Iterator[Chunk]:
    """The union as sorted N-Triples."""
    yield from merged(graph.union, as_triples=True)


def write_trig(graph: KnowledgeGraph) -> Iterator[Chunk]:
    """The dataset as TriG."""
    yield _head(graph.parts, graph.base)
    for name, parts in groupby(graph.parts, key=lambda part: part.graph):
        if name:
            yield f"\n<{name}> {{\n".encode()
        for part in parts:
            yield piece(part, "turtle", sections, graph.base)
        if name:
            yield b"}\n"


def write_turtle(graph: KnowledgeGraph) -> Iterator[Chunk]:
    """The union of all graphs as Turtle."""
    yield _head(graph.union, graph.base)
    for part in graph.union:
        yield piece(part, "turtle", sections, graph.base)


def sections(_part: Part, quads: Sequence[Quad], _base: str) -> dict[str, bytes]:
    """A part's triples in Turtle, and the prefixes that they need."""
    head, body = _pretty((quad.triple for quad in quads), RdfFormat.TURTLE)
    return {"turtle": body, "turtle.prefixes": b" ".join(head)}


def _head(parts: Iterable[Part], base: str) -> bytes:
    """The declarations of all prefixes that parts need."""
    return declarations({name for part in parts for name in section(part, "turtle.prefixes", sections, base).split()})


def declarations(prefixes: Iterable[bytes]) -> bytes:
    """What a document of Turtle or TriG begins with: some of our prefixes, and an empty line."""
    return (
        b"".join(b"@prefix %b: <%b> .\n" % (name, PREFIXES[name.decode()].encode()) for name in sorted(prefixes))
        + b"\n"
    )


def turtle_body(statements: Iterable[Triple]) -> bytes:
    """Triples in Turtle, without the prefixes that they may use, which are any of ours."""
    return _pretty(statements, RdfFormat.TURTLE)[1]


def write_pretty(statements: Iterable[Quad] | Iterable[Triple], format: RdfFormat) -> bytes:
    """Turtle or TriG with those of our prefixes that are used.

    They are sorted, since Oxigraph writes them in the order of a hash table.
    """
    used, body = _pretty(statements, format)
    return declarations(used) + body


def _pretty(statements: Iterable[Quad] | Iterable[Triple], format: RdfFormat) -> tuple[list[bytes], bytes]:
    """The prefixes that are used, sorted, and the text without their declarations."""
    data = serialized(statements, format, PREFIXES)
    start = 0
    while data.startswith(b"@prefix ", start):
        start = data.index(b"\n", start) + 1
    body = _without_escapes(data[start:])
    used = [
        prefix
        for prefix in sorted(each.encode() for each in PREFIXES)
        if any(before + prefix + b":" in body for before in (b"\n", b"\t", b" ", b"^"))
    ]
    return used, body


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
