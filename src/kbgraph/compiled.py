"""What one article came to: its part of the dataset, its mentions, its problems.

All that is needed of an article goes into one `cache.Entry`, kept on disk or in memory; `making` makes
it. A compiled article is always what its entry says, so that nothing depends on whether it was made
just now or long ago.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from kbgraph import catalogue
from kbgraph.across import sections_across
from kbgraph.cache import Entry, Sections, entry_of, packed
from kbgraph.errors import Ignore, Problem
from kbgraph.export import make_sections
from kbgraph.graph import quads_of
from kbgraph.inputs import key_of
from kbgraph.parts import Part, Run
from kbgraph.records import ignore_of, literal_of, mentions_of, problem_of, result_of
from kbgraph.shared import Mentions
from kbgraph.validation import Result

__all__ = ["Compiled", "compiled_part", "header_of", "name_of", "part_as_entry", "part_data", "variant_of"]


class Compiled(NamedTuple):
    """What a file came to, as its entry says it; without a `part` where it could not be read."""

    header: Mapping[str, Any]
    part: Part | None
    sections: Mapping[str, bytes]

    @classmethod
    def of(cls, entry: Entry) -> Compiled:
        """The article that an entry keeps."""
        about = entry.header["article"]
        return cls(entry.header, compiled_part(entry.sections, about) if about else None, entry.sections)

    @classmethod
    def unreadable(cls, problem: Problem) -> Compiled:
        """A file that the system does not give."""
        entry = packed(header_of(problem.place.path, [problem]), {})
        return cls.of(entry_of(entry, entry))

    @property
    def path(self) -> str:
        """The path of the file."""
        return str(self.header["path"])

    @property
    def article(self) -> str:
        """The IRI of the article; empty where it could not be read."""
        return self.header["article"]["iri"] if self.part is not None else ""

    @property
    def modified(self) -> list[str] | None:
        """The day of its last change, form and datatype."""
        return self.header["article"]["modified"] if self.part is not None else None

    @property
    def mentioned(self) -> str:
        """A digest of what it mentions."""
        return str(self.header["mentioned"])

    @property
    def problems(self) -> Iterator[Problem]:
        """What is wrong with it alone."""
        return map(problem_of, self.header["problems"])

    @property
    def results(self) -> Iterator[Result]:
        """What the shapes say of it alone."""
        return map(result_of, self.header["results"])

    @property
    def ignores(self) -> tuple[Ignore, ...]:
        """What its comments ask to ignore."""
        return tuple(map(ignore_of, self.header["ignores"]))

    @property
    def entry(self) -> catalogue.Entry:
        """What the catalogue says of it."""
        return catalogue.Entry(key_of(self.path), literal_of(self.modified) if self.modified else None)

    @property
    def mentions(self) -> Mentions:
        """What it mentions of what articles share."""
        return mentions_of(self.sections["mentions"]) if self.mentioned else Mentions()

    def holds(self, keys: Container[str], modules: Collection[str]) -> bool:
        """Whether it would be the same among articles of these keys, and has what these formats need."""
        made, asked = self.header["modules"], self.header["asked"]
        return all(each in made for each in modules) and all((key in keys) is there for key, there in asked.items())


def header_of(path: str, problems: Iterable[Problem]) -> dict[str, Any]:
    """The header of the entry of a file that could not be read.

    Of others, it has what they came to: under `asked`, the keys of articles that its links asked for,
    and whether there were such articles; under `modules`, those of the formats that it has sections for.
    """
    return {
        "path": path,
        "article": None,
        "mentioned": "",
        "problems": list(problems),
        "results": [],
        "ignores": [],
        "asked": {},
        "modules": [],
    }


def name_of(path: str, data: bytes) -> str:
    """What the names of all entries of a file begin with: a digest of its path and its bytes."""
    return hashlib.blake2b(b"%b\0%b" % (path.encode(), data), digest_size=20).hexdigest()


def variant_of(entry: bytes) -> str:
    """What they end with: a digest of the links that were resolved, and the formats that it was made for.

    So an entry of a name is always the same bytes, and builds of different articles with one cache
    do not write over what the others are about to read.
    """
    header = entry_of(entry, entry).header
    what = sorted(header["asked"].items()), header["modules"]
    return hashlib.blake2b(repr(what).encode(), digest_size=8).hexdigest()


# ---- parts as entries


def part_as_entry(part: Part, base: str, modules: Collection[str]) -> bytes:
    """The entry of a part that articles share."""
    sections = {
        "lines": part.lines,
        **sections_across(part),
        **make_sections(part, list(quads_of(part)), base, sorted(modules)),
    }
    return packed(part_data(part), sections)


def compiled_part(sections: Sections, data: Mapping[str, Any]) -> Part:
    """The part that the sections of an entry are; `data` is what its header says of it."""
    runs = tuple(Run(*run) for run in data["runs"])
    return Part(data["graph"], sections, data["digest"], data["size"], data["classes"], runs)


def part_data(part: Part) -> dict[str, Any]:
    """What the header of an entry says of a part."""
    return {
        "graph": part.graph,
        "digest": part.digest,
        "size": part.size,
        "classes": part.classes,
        "runs": part.runs,
    }
