"""Parts: a dataset cut into pieces that are made, kept and written one by one.

Each article's graph is one part. A graph that articles share is cut where the digests of its own
subjects say so: a change moves no cut but those beside it, so that the other parts stay the same
bytes. No entity is described in two parts.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from typing import NamedTuple, TypeVar

from kbgraph import terms
from kbgraph.terms import RDF

__all__ = [
    "Chunk",
    "Part",
    "Piece",
    "Run",
    "classes_of",
    "cut",
    "loaded",
    "merged",
    "runs_of",
    "stretches",
    "undescribed",
]

T = TypeVar("T")

_TYPE = f" {RDF.type} ".encode()
#: About so many subjects make a part of a shared graph.
_SUBJECTS = 64


class Run(NamedTuple):
    """A stretch of sorted lines that stay together when other such lines are sorted among them.

    `name` is what all its lines begin with. Such names end in `#` or `>` and hold neither before, so that
    none is the beginning of another: sorted names are sorted lines. `fragments` are what follows the `#`
    in the subjects of these lines, each between two spaces.
    """

    name: str
    offset: int
    length: int
    fragments: str


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
    runs: tuple[Run, ...]
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

    def section(self, name: str, make: Callable[[], Mapping[str, bytes]]) -> bytes:
        """A section: kept with the part, or made now with all that is made along with it."""
        for known in (self.made, self.sections):
            if name in known:
                return known[name]
        self.made.update(make())
        return self.made[name]


class Piece(NamedTuple):
    """Bytes of a document that depend on certain parts alone, made when they are asked for.

    Pieces of one name are the same bytes, so that whoever has them already need not ask.
    """

    name: str
    load: Callable[[], bytes]


#: What documents are put together from: bytes, and pieces that may be known from before.
Chunk = bytes | Piece


def loaded(chunks: Iterable[Chunk]) -> Iterator[bytes]:
    """The bytes of some chunks."""
    for each in chunks:
        yield each.load() if isinstance(each, Piece) else each


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
        if found.start() > start and _begins_part(found["subject"]):
            yield lines[start : found.start()]
            start = found.start()
    if start < len(lines):
        yield lines[start:]


def _begins_part(subject: bytes) -> bool:
    """Whether a part of a shared graph begins with a subject, given as it stands in N-Quads."""
    return zlib.crc32(subject) % _SUBJECTS == 0


def stretches(items: Iterable[T], subject: Callable[[T], bytes]) -> Iterator[list[T]]:
    """Sorted items by the few dozen, cut where a part would begin with their subjects: one more changes few of them."""
    stretch: list[T] = []
    for item in items:
        if stretch and _begins_part(subject(item)):
            yield stretch
            stretch = []
        stretch.append(item)
    if stretch:
        yield stretch


#: The first line of each subject, and all lines of it.
_FIRST_OF_SUBJECT = re.compile(rb"(?P<subject>[^ ]+) [^\n]*\n(?:(?P=subject) [^\n]*\n)*")
#: The document that a subject belongs to: `<article#` for its parts, `<article>` for itself.
_DOCUMENT = re.compile(rb"(?P<document><[^#>\n]*[#>]|_:)[^\n]*\n(?:(?P=document)[^\n]*\n)*")
#: What follows the `#` in the subject of a line.
_FRAGMENT = re.compile(rb"^<[^#>\n]*#([^>\n]*)>", re.MULTILINE)


def runs_of(lines: bytes) -> Iterator[Run]:
    """The runs of sorted N-Quads."""
    for found in _DOCUMENT.finditer(lines):
        fragments = dict.fromkeys(_FRAGMENT.findall(found[0]))
        named = b" %b " % b" ".join(fragments) if fragments else b""
        yield Run(found["document"].decode(), found.start(), len(found[0]), named.decode())


def undescribed(iris: Iterable[str], parts: Iterable[Part]) -> set[str]:
    """Those IRIs that no part describes."""
    asked: dict[str, dict[str, str]] = {}  # by the name of a run and the fragment
    for iri in iris:
        document, sign, fragment = iri.partition("#")
        asked.setdefault(f"<{document}{sign or '>'}", {})[fragment] = iri
    for part in parts:
        for run in part.runs:
            if run.name in asked:
                fragments = run.fragments.split(" ")[1:-1] if run.fragments else ("",)
                for fragment in asked[run.name].keys() & fragments:
                    del asked[run.name][fragment]
    return {iri for left in asked.values() for iri in left.values()}


def merged(parts: Iterable[Part], *, as_triples: bool = False) -> Iterator[Piece]:
    """All lines of parts in sorted order, a stretch at a time; without the graphs' names as triples."""
    runs: dict[str, list[_Stretch]] = {}
    for part in parts:
        for name, offset, length, _ in part.runs:
            runs.setdefault(name, []).append((part, offset, length))
    form = "triples" if as_triples else "lines"
    lines = _Lines(as_triples=as_triples)
    for name in sorted(runs, key=str.encode):
        stretches = runs[name]
        named = "+".join(f"{part.digest}/{offset}" for part, offset, _ in stretches)
        load = partial(lines.of, stretches[0]) if len(stretches) == 1 else partial(lines.sorted_together, stretches)
        yield Piece(f"{form}/{named}", load)


#: A part, and the offset and length in bytes of some of its lines.
_Stretch = tuple[Part, int, int]


class _Lines:
    """Reads stretches of parts; the part that was read last is kept, since the next one is often in it."""

    def __init__(self, *, as_triples: bool) -> None:
        self.as_triples = as_triples
        self.held: tuple[Part | None, bytes] = (None, b"")

    def of(self, stretch: _Stretch) -> bytes:
        """The lines of a stretch."""
        part, offset, length = stretch
        if self.held[0] is not part:
            self.held = (part, part.lines)
        lines = self.held[1][offset : offset + length]
        # A line ends here and nowhere else: line ends inside of texts are escaped.
        return lines.replace(f" <{part.graph}> .\n".encode(), b" .\n") if self.as_triples and part.graph else lines

    def sorted_together(self, stretches: Iterable[_Stretch]) -> bytes:
        """The lines of several stretches, each once."""
        return b"".join(sorted({line for each in stretches for line in self.of(each).splitlines(keepends=True)}))
