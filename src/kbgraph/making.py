"""Makes entries of articles: reads, converts and checks each by itself, in whatever process.

Everything that it takes to understand an article is loaded here, and only where one is to be read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Container, Iterable, Sequence
from typing import Any, NamedTuple

from pyoxigraph import Literal, Quad, RdfFormat, Store

from kbgraph.across import sections_across
from kbgraph.cache import packed
from kbgraph.check import core_results, problems_of, query_results
from kbgraph.compiled import header_of, part_data
from kbgraph.config import Settings
from kbgraph.convert import convert
from kbgraph.errors import Place, Severity
from kbgraph.export import make_sections
from kbgraph.graph import quads_of, sorted_lines
from kbgraph.ignores import ignores_of
from kbgraph.inputs import Input
from kbgraph.parts import Part
from kbgraph.places import PlaceTable, places_as_json
from kbgraph.reader import read_article
from kbgraph.records import mentions_as_json
from kbgraph.shapes import shipped_shapes
from kbgraph.terms import SCHEMA, Space
from kbgraph.validation import Result
from kbgraph.vocabulary import vocabulary

__all__ = ["compile_articles"]


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
            "problems": [*each.header["problems"], *problems],
            "results": own,
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
    if article is None:
        return header_of(each.path, problems)
    ignores, misunderstood = ignores_of(data, each.path, settings.limits)
    asked = _Asked(keys)
    space = Space(settings.base)
    made = convert(article, space, asked, each.leads_to_a_file)
    problems += (*misunderstood, *made.problems)
    part = Part.of(made.graph.value, sorted_lines(made.quads))
    iri = space.article(article.key).value
    sections = {"places": places_as_json(each.path, made.places), "mentions": mentions_as_json(made.mentions)}
    header = header_of(each.path, problems) | {
        "asked": asked.answers,
        "ignores": ignores,
        "mentioned": hashlib.blake2b(sections["mentions"], digest_size=16).hexdigest(),
        "article": {"iri": iri, "modified": _modified(made.quads), **part_data(part)},
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
