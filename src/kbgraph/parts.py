"""Parts: a dataset cut into pieces that are made, kept and written one by one.

Each article's graph is one part. A graph that articles share is cut where the digests of its own
subjects say so: a change moves no cut but those beside it, so that the other parts stay the same
bytes. No entity is described in two parts.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from hashlib import blake2b

from kbgraph import terms
from kbgraph.terms import RDF

__all__ = ["Part", "classes_of", "cut", "merged", "runs_of", "undescribed"]

_TYPE = f" {RDF.type} ".encode()
#: About so many subjects make a part of a shared graph.
_SUBJECTS = 64


@dataclass(frozen=True, slots=True)
class Part:
    """Some statements of one named graph.

    `sections` holds bytes by name: `lines` are the statements as sorted N-Quads, the others what
    formats made of them. They may lie on disk and be read when they are asked for. `digest` is one
    of the lines, `size` the number of quads, `classes` counts entities by CURIE, and `runs` are
    those of `runs_of`.
    """

    graph: str
    sections: Mapping[str, bytes]
    digest: str
    size: int
    classes: Mapping[str, int]
    runs: tuple[tuple[str, int, int], ...]
    #: What formats made of the part since it was read, where they may be asked for it again.
    made: MutableMapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, graph: str, lines: bytes) -> Part:
        """The part that these sorted N-Quads are."""
        digest = blake2b(lines, digest_size=16).hexdigest()
        return cls(graph, {"lines": lines}, digest, lines.count(b"\n"), classes_of(lines), tuple(runs_of(lines)))

    @property
    def lines(self) -> bytes:
        """The statements as sorted N-Quads."""
        return self.sections["lines"]


def classes_of(lines: bytes) -> dict[str, int]:
    """How many entities of each class (a CURIE) sorted N-Quads describe."""
    counted: Counter[bytes] = Counter()
    for line in lines.splitlines():
        _, found, rest = line.partition(_TYPE)
        if found:
            counted[rest.split(b" ", 1)[0]] += 1
    return {terms.curie_of(iri.decode().strip("<>")): count for iri, count in sorted(counted.items())}


def cut(lines: bytes) -> Iterator[bytes]:
    """The parts of sorted N-Quads, cut between subjects as their digests say."""
    start = 0
    for found in _FIRST_OF_SUBJECT.finditer(lines):
        if found.start() > start and zlib.crc32(found["subject"]) % _SUBJECTS == 0:
            yield lines[start : found.start()]
            start = found.start()
    if start < len(lines):
        yield lines[start:]


#: The first line of each subject, and all lines of it.
_FIRST_OF_SUBJECT = re.compile(rb"(?P<subject>[^ ]+) [^\n]*\n(?:(?P=subject) [^\n]*\n)*")
#: The document that a subject belongs to: `<article#` for its parts, `<article>` for itself.
_DOCUMENT = re.compile(rb"(?P<document><[^#>\n]*[#>]|_:)[^\n]*\n(?:(?P=document)[^\n]*\n)*")


def runs_of(lines: bytes) -> Iterator[tuple[str, int, int]]:
    """Stretches of sorted lines that stay together when other such lines are sorted among them.

    Each is named by what all its lines begin with, and has its offset and length in bytes. Such
    names end in `#` or `>` and hold neither before, so that none is the beginning of another:
    sorted names are sorted lines.
    """
    for found in _DOCUMENT.finditer(lines):
        yield found["document"].decode(), found.start(), len(found[0])


def undescribed(iris: Iterable[str], parts: Iterable[Part]) -> set[str]:
    """Those IRIs that no part describes.

    Stretches are looked at first, which are named by all that most IRIs are: few lines are read.
    """
    stretches: dict[str, list[tuple[Part, int, int]]] = {}
    for part in parts:
        for name, offset, length in part.runs:
            stretches.setdefault(name, []).append((part, offset, length))
    rest: dict[str, list[str]] = {}
    found = set()
    for iri in iris:
        document, sign, _ = iri.partition("#")
        name = f"<{document}{sign or '>'}"
        if name not in stretches:
            found.add(iri)
        elif sign:
            rest.setdefault(name, []).append(iri)
    for name, inside in rest.items():
        lines = b"".join(part.lines[offset : offset + length] for part, offset, length in stretches[name])
        found.update(iri for iri in inside if not _has_subject(lines, iri))
    return found


def _has_subject(lines: bytes, iri: str) -> bool:
    start = f"<{iri}> ".encode()
    return lines.startswith(start) or b"\n" + start in lines


def merged(parts: Iterable[Part], *, as_triples: bool = False) -> Iterator[bytes]:
    """All lines of parts in sorted order, a stretch at a time; without the graphs' names as triples."""
    runs: dict[str, list[tuple[Part, int, int]]] = {}
    for part in parts:
        for name, offset, length in part.runs:
            runs.setdefault(name, []).append((part, offset, length))
    held: tuple[Part | None, bytes] = (None, b"")
    for name in sorted(runs, key=str.encode):
        pieces = []
        for part, offset, length in runs[name]:
            if held[0] is not part:
                held = (part, part.lines)
            lines = held[1][offset : offset + length]
            # A line ends here and nowhere else: line ends inside of texts are escaped.
            pieces.append(
                lines.replace(f" <{part.graph}> .\n".encode(), b" .\n") if as_triples and part.graph else lines
            )
        yield pieces[0] if len(pieces) == 1 else _sorted_together(pieces)


def _sorted_together(pieces: Iterable[bytes]) -> bytes:
    return b"".join(sorted({line for piece in pieces for line in piece.splitlines(keepends=True)}))
