"""What constraints across articles look at: the few statements that they need of each part."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from itertools import accumulate
from typing import NamedTuple

import orjson

from kbgraph.parts import Part
from kbgraph.shapes import Query, Shapes, shipped_shapes
from kbgraph.terms import KB, RDF
from kbgraph.vocabulary import vocabulary

__all__ = ["Index", "index_of", "lines_for", "queries_across", "seen_across"]


class Index(NamedTuple):
    """How the lines that queries across articles look at lie together.

    `runs` are stretches of them: the queries that look at each, as bits in their order, and its
    length in bytes. `digests` has, for each query, one of all that it looks at.
    """

    runs: Sequence[tuple[int, int]]
    digests: Sequence[str]


def queries_across(shapes: Shapes) -> tuple[Query, ...]:
    """The queries that look across articles, in the order of their shapes."""
    return tuple(query for query in shapes.queries if query.across)


def seen_across(lines: bytes, shapes: Shapes) -> tuple[bytes, Index]:
    """Those N-Quads whose predicate, and class if they name one, some query across articles names.

    Nothing is said of sections unless they are named: the body of an article is compared with no other.
    """
    names = list(map(_names, queries_across(shapes)))
    sections = set() if any(_SECTION in each for each in names) else set(_OF_SECTIONS.findall(lines))
    runs: dict[int, list[bytes]] = defaultdict(list)
    known: dict[tuple[bytes, bytes], int] = {}
    for line in lines.splitlines(keepends=True):
        subject, predicate, rest = line.split(b" ", 2)
        named = predicate, rest.split(b" ", 1)[0] if predicate == _TYPE else predicate
        if named not in known:
            known[named] = sum(1 << number for number, each in enumerate(names) if each.issuperset(named))
        if known[named] and subject not in sections:
            runs[known[named]].append(line)
    joined = {bits: b"".join(runs[bits]) for bits in sorted(runs)}
    digests = [
        blake2b(b"".join(run for bits, run in joined.items() if bits >> number & 1), digest_size=8).hexdigest()
        for number in range(len(names))
    ]
    return b"".join(joined.values()), Index([(bits, len(run)) for bits, run in joined.items()], digests)


def index_of(part: Part) -> Index:
    """How the lines lie together that queries across articles look at in a part."""
    if "across.index" in part.sections:
        return Index(*orjson.loads(part.sections["across.index"]))
    return seen_across(part.lines, shipped_shapes())[1]


def lines_for(part: Part, wanted: int) -> bytes:
    """The lines of a part that some queries across articles look at, given as bits in their order."""
    if "across" in part.sections:
        lines, index = part.sections["across"], index_of(part)
    else:
        lines, index = seen_across(part.lines, shipped_shapes())
    starts = accumulate((length for _, length in index.runs), initial=0)
    return b"".join(
        lines[start : start + length]
        for start, (bits, length) in zip(starts, index.runs, strict=False)
        if bits & wanted
    )


_TYPE = f"<{RDF.type.value}>".encode()
_SECTION = f"<{KB.Section.value}>".encode()
_OF_SECTIONS = re.compile(rb"^(<[^>]*>) %b %b " % (_TYPE, _SECTION), re.MULTILINE)
_PREFIX = re.compile(r"PREFIX ([\w-]*): <([^>]*)>")
_NAME = re.compile(r"<([^<>\s]*)>|(?<![\w:])([\w-]*):([\w-]+)")


@cache
def _names(query: Query) -> frozenset[bytes]:
    """All IRIs that a query names, its targets among them.

    And the classes of works, if it asks whether a work is of a class that the vocabulary names.
    """
    prefixes = dict(_PREFIX.findall(query.select))
    found = {RDF.type.value, *query.target_classes, *query.target_objects_of}
    found.update(iri or prefixes.get(prefix, "") + local for iri, prefix, local in _NAME.findall(query.select))
    if KB.workClass.value in found:
        found.update(each.value for classes in vocabulary().work_classes.values() for each in classes)
    return frozenset(f"<{iri}>".encode() for iri in found)
