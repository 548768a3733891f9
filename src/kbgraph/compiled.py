"""What one article came to: its part of the dataset, its mentions, its problems.

All that is needed of an article goes into one `cache.Entry`, kept on disk or in memory; `making` makes
it. A compiled article is always what its entry says, so that nothing depends on whether it was made
just now or long ago.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass
from typing import Any

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

__all__ = ["Compiled", "compiled_part", "name_of", "part_as_entry", "part_data", "variant_of"]


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a file came to; without a `part` where it could not be read.

    `modified` is the day of its last change, form and datatype; `mentioned` is a digest of what it
    mentions. `asked` are the keys of articles that its links asked for, and whether there were such articles.
    """

    path: str
    article: str
    part: Part | None
    modified: list[str] | None
    mentioned: str
    problems: tuple[Problem, ...]
    results: tuple[Result, ...]
    ignores: tuple[Ignore, ...]
    asked: Mapping[str, bool]
    modules: frozenset[str]
    sections: Mapping[str, bytes]

    @classmethod
    def of(cls, entry: Entry) -> Compiled:
        """The article that an entry keeps."""
        header = entry.header
        article = header["article"]
        return cls(
            path=header["path"],
            article=article["iri"] if article else "",
            part=compiled_part(entry.sections, article) if article else None,
            modified=article and article["modified"],
            mentioned=header["mentioned"],
            problems=tuple(map(problem_of, header["problems"])),
            results=tuple(map(result_of, header["results"])),
            ignores=tuple(map(ignore_of, header["ignores"])),
            asked=header["asked"],
            modules=frozenset(header["modules"]),
            sections=entry.sections,
        )

    @classmethod
    def unreadable(cls, problem: Problem) -> Compiled:
        """A file that the system does not give."""
        return cls(problem.place.path, "", None, None, "", (problem,), (), (), {}, frozenset(), {})

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
        return self.modules.issuperset(modules) and all((key in keys) is there for key, there in self.asked.items())


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
