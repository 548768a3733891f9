"""What constraints across articles look at: the few statements that they need of each part."""

from __future__ import annotations

import re
from functools import lru_cache

from kbgraph.parts import Part
from kbgraph.shapes import Shapes, shipped_shapes
from kbgraph.terms import KB, RDF
from kbgraph.vocabulary import vocabulary

__all__ = ["across_of", "lines_across"]


def lines_across(lines: bytes, shapes: Shapes) -> bytes:
    """Those N-Quads whose predicate, and class if they name one, some query across articles names.

    Nothing is said of sections unless they are named: the body of an article is compared with no other.
    """
    names = _names(shapes)
    sections = set() if _SECTION in names else {found[1] for found in _OF_SECTIONS.finditer(lines)}
    kept = []
    for line in lines.splitlines(keepends=True):
        subject, predicate, rest = line.split(b" ", 2)
        if predicate in names and (predicate != _TYPE or rest.split(b" ", 1)[0] in names) and subject not in sections:
            kept.append(line)
    return b"".join(kept)


def across_of(part: Part) -> bytes:
    """The lines of a part that our own constraints across articles look at."""
    return part.sections["across"] if "across" in part.sections else lines_across(part.lines, shipped_shapes())


_TYPE = f"<{RDF.type.value}>".encode()
_SECTION = f"<{KB.Section.value}>".encode()
_OF_SECTIONS = re.compile(rb"^(<[^>]*>) %b %b " % (_TYPE, _SECTION), re.MULTILINE)
_PREFIX = re.compile(r"PREFIX ([\w-]*): <([^>]*)>")
_NAME = re.compile(r"<([^<>\s]*)>|(?<![\w:])([\w-]*):([\w-]+)")


@lru_cache(maxsize=4)
def _names(shapes: Shapes) -> frozenset[bytes]:
    """All IRIs that queries across articles name, their targets and the properties of places.

    And the classes of works: a query may ask whether a work is of a class that the vocabulary names.
    """
    found = {RDF.type.value, *(each.value for classes in vocabulary().work_classes.values() for each in classes)}
    for query in shapes.queries:
        if query.across:
            prefixes = dict(_PREFIX.findall(query.select))
            found.update(query.target_classes, query.target_objects_of)
            found.update(iri or prefixes.get(prefix, "") + local for iri, prefix, local in _NAME.findall(query.select))
    return frozenset(f"<{iri}>".encode() for iri in found)
