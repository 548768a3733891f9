"""What constraints across articles look at: the few statements that they need of each part."""

from __future__ import annotations

import re
from functools import cache
from hashlib import blake2b

from kbgraph.parts import Part
from kbgraph.shapes import Query, Shapes, shipped_shapes
from kbgraph.terms import KB, RDF
from kbgraph.vocabulary import vocabulary

__all__ = ["across_of", "digests_across", "digests_of", "lines_across", "queries_across"]


def lines_across(lines: bytes, shapes: Shapes) -> bytes:
    """Those N-Quads whose predicate, and class if they name one, some query across articles names.

    Nothing is said of sections unless they are named: the body of an article is compared with no other.
    """
    names = frozenset[bytes]().union(*map(_names, queries_across(shapes)))
    sections = set() if _SECTION in names else {found[1] for found in _OF_SECTIONS.finditer(lines)}
    kept = []
    for line in lines.splitlines(keepends=True):
        subject, predicate, rest = line.split(b" ", 2)
        if _is_named(predicate, rest, names) and subject not in sections:
            kept.append(line)
    return b"".join(kept)


def _is_named(predicate: bytes, rest: bytes, names: frozenset[bytes]) -> bool:
    return predicate in names and (predicate != _TYPE or rest.split(b" ", 1)[0] in names)


def queries_across(shapes: Shapes) -> tuple[Query, ...]:
    """The queries that look across articles, in the order of their shapes."""
    return tuple(query for query in shapes.queries if query.across)


def digests_across(lines: bytes, shapes: Shapes) -> bytes:
    """For each query across articles, a digest of those lines that it looks at."""
    queries = queries_across(shapes)
    digests = [blake2b(digest_size=8) for _ in queries]
    names = list(map(_names, queries))
    for line in lines.splitlines(keepends=True):
        _, predicate, rest = line.split(b" ", 2)
        for digest, named in zip(digests, names, strict=True):
            if _is_named(predicate, rest, named):
                digest.update(line)
    return " ".join(digest.hexdigest() for digest in digests).encode()


def digests_of(part: Part) -> list[str]:
    """The digests of what queries across articles look at in a part, in their order."""
    known = part.sections.get("across.digests")
    return (digests_across(across_of(part), shipped_shapes()) if known is None else known).decode().split()


def across_of(part: Part) -> bytes:
    """The lines of a part that our own constraints across articles look at."""
    return part.sections["across"] if "across" in part.sections else lines_across(part.lines, shipped_shapes())


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
