"""`places.json`: where each entity of each article was written, for whoever points to a line.

    {"version":1,"base":"https://kb.example/","articles":{
    "https://kb.example/article/ai/attention":{"path":"ai/attention.md","places":{"":[2,1,80,43],"_ref-1":[60,5,66,20]}},
    …
    }}

Entities go by what follows the `#` of their IRIs, the article by "". A place is line, column, end line
and end column, from 1, in characters; the end is exclusive. An article has one line, so that two
versions can be compared; it is read back by `place_file`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import orjson

from kbgraph.graph import KnowledgeGraph
from kbgraph.parts import Chunk, Part, Piece
from kbgraph.place_file import VERSION
from kbgraph.places import entities_of
from kbgraph.terms import Space

__all__ = ["write_places"]


def write_places(graph: KnowledgeGraph) -> Iterator[Chunk]:
    """The places of all articles that were compiled, by IRI."""
    yield b'{"version":%d,"base":%b,"articles":{\n' % (VERSION, orjson.dumps(graph.base))
    comma = b""
    for part in graph.parts:
        if "places" in part.sections:
            yield comma
            yield Piece(f"places/{part.digest}", partial(_line, part, graph.base))
            comma = b",\n"
    yield b"\n}}\n"


def _line(part: Part, base: str) -> bytes:
    """What is said of one article; its digest knows its places, since the graph holds that of the file."""
    article = f"{base}article/{part.graph.removeprefix(Space(base).article_graphs)}"
    path, marks = entities_of(part.sections["places"])
    said = {"path": path, "places": dict(sorted(marks.items()))}
    return b"%b:%b" % (orjson.dumps(article), orjson.dumps(said))
