"""Problems, results and mentions from JSON data: what entries of the cache hold.

Written, they are what they are, named tuples as lists.
"""

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
    "ignore_of",
    "literal_of",
    "mentions_as_json",
    "mentions_of",
    "problem_of",
    "problems_as_json",
    "result_of",
]


def literal_of(data: Sequence[str]) -> Literal:
    """A typed literal from its lexical form and the IRI of its datatype."""
    return Literal(data[0], datatype=NamedNode(data[1]))


def problem_of(data: Sequence[Any]) -> Problem:
    """The problem that data says."""
    code, severity, place, message, hint, related, subject = data
    return Problem(code, _SEVERITIES[severity], _place(place), message, hint, tuple(map(_place, related)), subject)


def problems_as_json(problems: Sequence[Problem]) -> bytes:
    """Problems as a section of their own."""
    return orjson.dumps(problems, default=list)


_SEVERITIES = {each.value: each for each in Severity}


def _place(data: Sequence[Any]) -> Place:
    return Place(data[0], Mark(*data[1]))


def ignore_of(data: Sequence[Any]) -> Ignore:
    """The comment that data says."""
    codes, first, last, mark = data
    return Ignore(tuple(codes), first, last, Mark(*mark))


def result_of(data: Sequence[Any]) -> Result:
    """The SHACL result that data says."""
    focus, path, *rest = data
    return Result(focus, path and _path(path), *rest)


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
