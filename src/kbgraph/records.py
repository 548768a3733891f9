"""Problems, results and mentions as JSON data, and back: what entries of the cache hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from pyoxigraph import Literal, NamedNode

from kbgraph.errors import Ignore, Mark, Place, Problem, Severity
from kbgraph.identity import SourceKey
from kbgraph.shared import AgentMention, ConceptMention, Mentions, SourceMention
from kbgraph.validation import Result, ShaclPath

__all__ = [
    "ignore_data",
    "ignore_of",
    "literal_of",
    "mentions_as_json",
    "mentions_of",
    "problem_data",
    "problem_of",
    "result_data",
    "result_of",
]


def literal_of(data: Sequence[str]) -> Literal:
    """A typed literal from its lexical form and the IRI of its datatype."""
    return Literal(data[0], datatype=NamedNode(data[1]))


def problem_data(problem: Problem) -> list[object]:
    """A problem as data."""
    return [
        problem.code,
        problem.severity.value,
        *_place_data(problem.place),
        problem.message,
        problem.hint,
        list(map(_place_data, problem.related)),
        problem.subject,
    ]


def problem_of(data: Sequence[Any]) -> Problem:
    """The problem that data says."""
    code, severity, path, mark, message, hint, related, subject = data
    place = Place(path, Mark(*mark))
    return Problem(code, _SEVERITIES[severity], place, message, hint, tuple(map(_place, related)), subject)


_SEVERITIES = {each.value: each for each in Severity}


def _place_data(place: Place) -> list[object]:
    return [place.path, list(place.mark)]


def _place(data: Sequence[Any]) -> Place:
    return Place(data[0], Mark(*data[1]))


def ignore_data(ignore: Ignore) -> list[object]:
    """A comment that asks to ignore something, as data."""
    return [list(ignore.codes), ignore.first, ignore.last, list(ignore.mark)]


def ignore_of(data: Sequence[Any]) -> Ignore:
    """The comment that data says."""
    codes, first, last, mark = data
    return Ignore(tuple(codes), first, last, Mark(*mark))


def result_data(result: Result) -> list[object]:
    """A SHACL result as data."""
    path = result.path and _path_data(result.path)
    return [result.focus, path, result.value, result.component, result.shape, result.severity, *result[6:]]


def result_of(data: Sequence[Any]) -> Result:
    """The SHACL result that data says."""
    focus, path, *rest = data
    return Result(focus, path and _path(path), *rest)


def _path_data(path: ShaclPath) -> list[object]:
    return [path.operator, list(map(_path_data, path.parts)), path.iri]


def _path(data: Sequence[Any]) -> ShaclPath:
    return ShaclPath(data[0], tuple(map(_path, data[1])), data[2])


def mentions_as_json(mentions: Mentions) -> bytes:
    """Mentions as a section of their own: they are not always needed."""
    shared = (mentions.sources, mentions.agents, mentions.categories, mentions.concepts, mentions.entities)
    return orjson.dumps(shared, default=list)  # named tuples as lists


def mentions_of(text: bytes) -> Mentions:
    """The mentions in such a section."""
    sources, agents, categories, concepts, entities = orjson.loads(text)
    return Mentions(
        [
            SourceMention(
                source, tuple(SourceKey(*key) for key in keys), title, kind, year, url, publisher, tuple(authors)
            )
            for source, keys, title, kind, year, url, publisher, authors in sources
        ],
        [AgentMention(*each) for each in agents],
        categories,
        [ConceptMention(*each) for each in concepts],
        [(iri, name) for iri, name in entities],
    )
