"""What one article came to: its part of the dataset, its mentions, its problems.

An article is compiled by itself, in whatever process; all that is needed of it later goes into one
`cache.Entry`, kept on disk or in memory. A compiled article is always what its entry says, so that
nothing depends on whether it was made just now or long ago.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pyoxigraph import Literal, Quad, RdfFormat, Store

from kbgraph import catalogue
from kbgraph.across import sections_across
from kbgraph.cache import Entry, Sections, entry_of, packed
from kbgraph.check import core_results, problems_of, query_results
from kbgraph.config import Settings
from kbgraph.convert import convert
from kbgraph.errors import Place, Problem, Severity
from kbgraph.export import make_sections
from kbgraph.graph import quads_of, sorted_lines
from kbgraph.ignores import Ignore, ignores_of
from kbgraph.inputs import Input, key_of
from kbgraph.parts import Part, Run
from kbgraph.places import PlaceTable, places_as_json
from kbgraph.reader import read_article
from kbgraph.records import (
    ignore_data,
    ignore_of,
    literal_of,
    mentions_as_json,
    mentions_of,
    problem_data,
    problem_of,
    result_data,
    result_of,
)
from kbgraph.shapes import shipped_shapes
from kbgraph.shared import Mentions
from kbgraph.terms import SCHEMA, Space
from kbgraph.validation import Result
from kbgraph.vocabulary import vocabulary

__all__ = ["Compiled", "compile_articles", "compiled_part", "name_of", "part_as_entry", "variant_of"]


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


# ---- making


class _Asked:
    """The keys of all articles, remembering which were asked for."""

    def __init__(self, keys: Container[str]) -> None:
        self.keys = keys
        self.answers: dict[str, bool] = {}

    def __contains__(self, key: object) -> bool:
        assert isinstance(key, str)
        return self.answers.setdefault(key, key in self.keys)


class _Made(NamedTuple):
    """An article on its way to an entry."""

    header: dict[str, Any]
    part: Part
    quads: list[Quad]
    places: PlaceTable
    sections: dict[str, bytes]
    refused: frozenset[Place]


def compile_articles(
    files: Sequence[tuple[Input, bytes]], settings: Settings, keys: Container[str], modules: Collection[str]
) -> list[bytes]:
    """Read, convert and check files, each by itself; an entry for each, in order.

    Args:
        files: inputs and their bytes.
        settings: for the base IRI, aliases and limits.
        keys: the keys of all articles, for links.
        modules: the modules of `export` whose sections are wanted.
    """
    made = [_article(each, data, settings, keys) for each, data in files]
    read = [each for each in made if isinstance(each, _Made)]
    results = _results(read, settings)
    entries = []
    for each in made:
        if not isinstance(each, _Made):
            entries.append(packed(each | {"modules": sorted(modules)}, {}))
            continue
        own = results[each.header["article"]["iri"]]
        problems = problems_of(own, [shipped_shapes()], each.places, Store, each.refused)
        header = each.header | {
            "problems": [*each.header["problems"], *map(problem_data, problems)],
            "results": list(map(result_data, own)),
            "modules": sorted(modules),
        }
        sections = {
            "lines": each.part.lines,
            **each.sections,
            **sections_across(each.part),
            **make_sections(each.part, each.quads, settings.base, sorted(modules)),
        }
        entries.append(packed(header, sections))
    return entries


def _article(each: Input, data: bytes, settings: Settings, keys: Container[str]) -> _Made | dict[str, Any]:
    """An article converted; only the header of its entry where it cannot be read."""
    article, problems = read_article(data, each.path, settings)
    header: dict[str, Any] = {
        "path": each.path,
        "article": None,
        "mentioned": "",
        "results": [],
        "ignores": [],
        "asked": {},
        "modules": [],
    }
    if article is None:
        return header | {"problems": list(map(problem_data, problems))}
    ignores, misunderstood = ignores_of(data, each.path, settings.limits)
    asked = _Asked(keys)
    space = Space(settings.base)
    made = convert(article, space, asked, each.leads_to_a_file)
    problems += (*misunderstood, *made.problems)
    part = Part.of(made.graph.value, sorted_lines(made.quads))
    iri = space.article(article.key).value
    sections = {"places": places_as_json(each.path, made.places), "mentions": mentions_as_json(made.mentions)}
    header |= {
        "asked": asked.answers,
        "ignores": list(map(ignore_data, ignores)),
        "problems": list(map(problem_data, problems)),
        "mentioned": hashlib.blake2b(sections["mentions"], digest_size=16).hexdigest(),
        "article": {"iri": iri, "modified": _modified(made.quads), **_part_data(part)},
    }
    refused = frozenset(found.place for found in problems if found.severity is Severity.VIOLATION)
    return _Made(header, part, list(quads_of(part)), PlaceTable([(iri, sections)]), sections, refused)


def _results(made: Sequence[_Made], settings: Settings) -> dict[str, list[Result]]:
    """The results of all constraints that one article decides alone, by article."""
    found: dict[str, list[Result]] = {each.header["article"]["iri"]: [] for each in made}
    if not made or settings.engine == "pyshacl":  # which checks all articles together
        return found
    shapes = shipped_shapes()
    lines = b"".join(each.part.lines for each in made)
    store = Store()
    store.extend(vocabulary().quads)
    store.bulk_load(lines, format=RdfFormat.N_QUADS)
    alone = [query for query in shapes.queries if not query.across]
    for result in (*core_results(lines, shapes), *query_results(store, shapes, alone)):
        found[result.focus.strip("<>").partition("#")[0]].append(result)
    return found


def _modified(quads: Iterable[Quad]) -> tuple[str, str] | None:
    for quad in quads:
        if quad.predicate == SCHEMA.dateModified and isinstance(quad.object, Literal):
            return quad.object.value, quad.object.datatype.value
    return None


# ---- parts as entries


def part_as_entry(part: Part, base: str, modules: Collection[str]) -> bytes:
    """The entry of a part that articles share."""
    sections = {
        "lines": part.lines,
        **sections_across(part),
        **make_sections(part, list(quads_of(part)), base, sorted(modules)),
    }
    return packed(_part_data(part), sections)


def compiled_part(sections: Sections, data: Mapping[str, Any]) -> Part:
    """The part that the sections of an entry are; `data` is what its header says of it."""
    runs = tuple(Run(*run) for run in data["runs"])
    return Part(data["graph"], sections, data["digest"], data["size"], data["classes"], runs)


def _part_data(part: Part) -> dict[str, Any]:
    return {
        "graph": part.graph,
        "digest": part.digest,
        "size": part.size,
        "classes": part.classes,
        "runs": part.runs,
    }
