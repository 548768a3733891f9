"""A small article and what becomes of it: what most tests of reading and converting begin with.

The article lies at `ai/a.md` unless a test says otherwise. Expected triples are written in Turtle
relative to its IRI: `<>` is the article, `<#_ref-1>` its first reference, `</org/ietf>` a shared node.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from kbgraph.config import Settings
from kbgraph.convert import convert
from kbgraph.errors import Problem
from kbgraph.model import Article
from kbgraph.reader import read_article
from kbgraph.shared import Mentions, buckets
from kbgraph.statements import Statements
from kbgraph.terms import KB, PREFIXES, RDF, SCHEMA, Space
from kbgraph.vocabulary import vocabulary

BASE = "https://kb.example/"
ARTICLE = f"{BASE}article/ai/a"

_PREFIXES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())


def triples(turtle: str, article: str = ARTICLE) -> set[Triple]:
    """The triples of some Turtle with our prefixes, relative to an article."""
    quads = parse(_PREFIXES + turtle, format=RdfFormat.TURTLE, base_iri=article)
    return {quad.triple for quad in quads}


def iri(relative: str) -> str:
    """`#_ref-1` of the article, or `/org/ietf` of the base."""
    return BASE + relative[1:] if relative.startswith("/") else ARTICLE + relative


@dataclass(frozen=True)
class Made:
    """What an article came to."""

    article: Article
    statements: Statements
    problems: tuple[Problem, ...]
    settings: Settings

    @cached_property
    def triples(self) -> set[Triple]:
        """Everything in the article's graph."""
        return {quad.triple for quad in self.statements.quads}

    @cached_property
    def said(self) -> set[Triple]:
        """What the article's graph says beyond what it says of every article."""
        subject = self.statements.space.article(self.article.key)
        file = self.statements.space.part(subject, "file")
        frame = {
            *(Triple(subject, RDF.type, kind) for kind in (KB.Article, SCHEMA.Article, SCHEMA.WebPage)),
            Triple(subject, SCHEMA.encoding, file),
        }
        return {
            each
            for each in self.triples - frame
            if each.subject != file and not (each.subject == subject and each.predicate == KB["keys"])
        }

    def about(self, relative: str) -> set[Triple]:
        """What the article's graph says about one node."""
        return {each for each in self.triples if each.subject == NamedNode(iri(relative))}

    @property
    def codes(self) -> list[str]:
        """The codes of the problems, sorted."""
        return sorted(problem.code for problem in self.problems)

    @property
    def shared(self) -> set[Triple]:
        """The graphs of sources, agents, categories and concepts, as if this article were all."""
        return shared_of(self)

    def shared_about(self, relative: str) -> set[Triple]:
        """What the shared graphs say about one node."""
        return {each for each in self.shared if each.subject == NamedNode(iri(relative))}


def made_of(
    front: str,
    body: str = "",
    *,
    path: str = "ai/a.md",
    others: Iterable[str] = (),
    settings: Settings | None = None,
) -> Made:
    """Read and convert an article; `others` are the keys of the other articles that there are."""
    settings = settings or Settings()
    lines = front.strip("\n")  # and no other space: a wide one belongs to its value
    text = f"---\n{lines}\n---\n{body}"
    article, problems = read_article(text.encode(), path, settings)
    assert article is not None, problems
    statements = convert(article, Space(settings.base), frozenset({article.key, *others}))
    return Made(article, statements, (*problems, *statements.problems), settings)


def shared_quads_of(*made: Made) -> list[Quad]:
    """The quads of the graphs that some articles share."""
    mentions = Mentions()
    for each in made:
        mentions.extend(each.statements.mentions)
    shared = buckets(mentions, Space(made[0].settings.base), vocabulary())
    return list(dict.fromkeys(quad for bucket in shared for quad in bucket.quads()))


def shared_of(*made: Made) -> set[Triple]:
    """The shared graphs of some articles together."""
    return {quad.triple for quad in shared_quads_of(*made)}
