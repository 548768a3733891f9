"""What constraints across articles look at: the few statements that they need of each part."""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cache, partial, reduce
from hashlib import blake2b
from itertools import accumulate, groupby
from operator import or_
from typing import NamedTuple

import orjson

from kbgraph.parts import Part
from kbgraph.shapes import Query, Shapes, shipped_shapes
from kbgraph.terms import KB, RDF, SCHEMA, SKOS
from kbgraph.vocabulary import vocabulary

__all__ = [
    "Index",
    "Question",
    "bucket_of",
    "index_of",
    "lines_for",
    "questions_across",
    "sections_across",
    "seen_across",
]

#: Buckets that works, and statements, are shared out to: bits of all cells fit into 64.
_BUCKETS = 24


class Question(NamedTuple):
    """Queries that are asked together, and answered by some of the lines alone.

    `cells` are bits: what is said lies in cells, by the queries that look at it. A query that compares works,
    or statements, is asked for a `bucket` of them, from 1; 0 is no bucket.
    """

    name: str
    queries: tuple[Query, ...]
    cells: int
    bucket: int = 0

    @property
    def own(self) -> int:
        """The cell that it is about: where nothing is in it, there is nothing to ask."""
        return 1 << self.cells.bit_length() - 1


class Index(NamedTuple):
    """How the lines that queries across articles look at lie together.

    `runs` are stretches of them: the cells that each is in, as bits, and its length in bytes.
    `digests` are pairs of the bit of a cell and a digest of the lines in it; empty ones are left out.
    """

    runs: Sequence[tuple[int, int]]
    digests: Sequence[tuple[int, str]]


class _Family(NamedTuple):
    """Queries that compare things of one kind, and the first of their cells.

    That one matters to all of them; one for each bucket follows.
    """

    kind: str
    queries: tuple[Query, ...]
    first: int

    def bits(self, bucket: int) -> int:
        """The cell of a bucket; of 0, that which matters to all."""
        return 1 << self.first + bucket


def questions_across(shapes: Shapes) -> tuple[Question, ...]:
    """All that is asked across articles."""
    whole, families = _queries(shapes)
    questions = [Question(query.constraint, (query,), 1 << number) for number, query in enumerate(whole)]
    for each in families:
        for bucket in range(1, _BUCKETS + 1):
            cells = each.bits(0) | each.bits(bucket)
            questions.append(Question(f"{each.kind} {bucket}", each.queries, cells, bucket))
    return tuple(questions)


def bucket_of(kind: str, group: str) -> int:
    """The bucket of a group of results: the IRI of a work, or what statements have in common."""
    return _bucket(f"<{group}>".encode() if kind == _WORKS else _first_word(group))


def _bucket(name: bytes) -> int:
    return zlib.crc32(name) % _BUCKETS + 1


def _first_word(statement: str) -> bytes:
    """The first word that is not short: those of statements that are compared are the same, however written."""
    found = _WORD.search(statement.lower())
    return found[0].encode() if found else b""


@cache
def _queries(shapes: Shapes) -> tuple[tuple[Query, ...], tuple[_Family, ...]]:
    """The queries that look across articles, in the order of their shapes; those that compare things apart."""
    across = [query for query in shapes.queries if query.across]
    whole = tuple(each for each in across if not each.compares)
    families = []
    for number, kind in enumerate((_WORKS, _STATEMENTS)):
        queries = tuple(each for each in across if each.compares == kind)
        families.append(_Family(kind, queries, len(whole) + number * (_BUCKETS + 1)))
    return whole, tuple(families)


def seen_across(lines: bytes, shapes: Shapes) -> tuple[bytes, Index]:
    """Those N-Quads whose predicate, and class if they name one, some query across articles names.

    Nothing is said of sections unless they are named: the body of an article is compared with no other.
    """
    whole, families = _queries(shapes)
    looks = [(1 << number, _names(query)) for number, query in enumerate(whole)]
    looks_of = [(each, frozenset().union(*map(_names, each.queries))) for each in families]
    is_section_named = any(_SECTION in names for _, names in (*looks, *looks_of))
    sections = set() if is_section_named else set(_OF_SECTIONS.findall(lines))
    runs: dict[int, list[bytes]] = defaultdict(list)
    known: dict[tuple[bytes, bytes], tuple[int, list[_Family]]] = {}
    for subject, group in groupby(lines.splitlines(keepends=True), key=lambda line: line.split(b" ", 1)[0]):
        if subject in sections:
            continue
        said = [_Line(line, *line.split(b" ", 3)[1:3]) for line in group]
        buckets = {_WORKS: _works_in(subject, said), _STATEMENTS: _statements_in(said)}
        for line, predicate, value in said:
            named = predicate, value if predicate == _TYPE else predicate
            if named not in known:
                cells = sum(bit for bit, names in looks if names.issuperset(named))
                known[named] = cells, [each for each, names in looks_of if names.issuperset(named)]
            cells, of = known[named]
            cells |= reduce(or_, (each.bits(bucket) for each in of for bucket in buckets[each.kind]), 0)
            if cells:
                runs[cells].append(line)
    joined = {cells: b"".join(runs[cells]) for cells in sorted(runs)}
    digests = []
    for cell in range(max(joined, default=0).bit_length()):
        inside = b"".join(run for cells, run in joined.items() if cells >> cell & 1)
        if inside:
            digests.append((1 << cell, blake2b(inside, digest_size=8).hexdigest()))
    return b"".join(joined.values()), Index([(cells, len(run)) for cells, run in joined.items()], digests)


class _Line(NamedTuple):
    """A line of N-Quads, the predicate in it, and its object up to the first space."""

    line: bytes
    predicate: bytes
    value: bytes


def _works_in(subject: bytes, said: Sequence[_Line]) -> Collection[int]:
    """The bucket of the work that statements of a subject are about; 0 for a concept."""
    works = {each.value for each in said if each.predicate == _ITEM}
    types = {each.value for each in said if each.predicate == _TYPE}
    if _SOURCE in types:
        works.add(subject)
    if len(works) == 1:
        return (_bucket(works.pop()),)
    return (0,) if works or _CONCEPT in types else ()


def _statements_in(said: Sequence[_Line]) -> Collection[int]:
    """The buckets of the texts of a subject."""
    literals = (each.line.split(b" ", 2)[2] for each in said if each.predicate == _TEXT)
    texts = (_ESCAPED.sub(b" ", literal[1 : literal.rindex(b'"')]).decode() for literal in literals)
    return {_bucket(_first_word(text)) for text in texts}


def sections_across(part: Part) -> dict[str, bytes]:
    """The lines of a part that queries across articles look at, and how they lie together, as sections."""
    lines, index = seen_across(part.lines, shipped_shapes())
    return {"across": lines, "across.index": orjson.dumps(index, default=list)}


def index_of(part: Part) -> Index:
    """How the lines lie together that queries across articles look at in a part."""
    return Index(*orjson.loads(part.section("across.index", partial(sections_across, part))))


def lines_for(part: Part, wanted: int) -> bytes:
    """The lines of a part that lie in some cells, given as bits."""
    index = index_of(part)
    if not any(cells & wanted for cells, _ in index.runs):
        return b""
    lines = part.section("across", partial(sections_across, part))
    starts = accumulate((length for _, length in index.runs), initial=0)
    return b"".join(
        lines[start : start + length]
        for start, (cells, length) in zip(starts, index.runs, strict=False)
        if cells & wanted
    )


_WORKS, _STATEMENTS = "works", "statements"
_WORD = re.compile(r"[a-z]{5,}")
#: What N-Quads write in the place of a character: no letter of a text.
_ESCAPED = re.compile(rb"\\(?:u[0-9A-F]{4}|U[0-9A-F]{8}|.)")
_TEXT = f"<{SCHEMA.text.value}>".encode()
_TYPE = f"<{RDF.type.value}>".encode()
_SECTION = f"<{KB.Section.value}>".encode()
_SOURCE = f"<{KB.Source.value}>".encode()
_CONCEPT = f"<{SKOS.Concept.value}>".encode()
_ITEM = f"<{SCHEMA.item.value}>".encode()
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
