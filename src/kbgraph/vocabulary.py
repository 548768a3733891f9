"""The words that fields may hold: `ontology/vocabulary.ttl` as look-up tables, and schema.org's kinds of Article."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kbgraph.resources import resource_folder
from kbgraph.terms import KB, KBV, SKOS

__all__ = ["ARTICLE_TYPES", "Scheme", "Vocabulary", "vocabulary"]

#: The kinds of schema.org Article (release 30.0), by lower-case name.
ARTICLE_TYPES = {
    name.lower(): name
    for name in (
        "Article",
        "APIReference",
        "AdvertiserContentArticle",
        "AnalysisNewsArticle",
        "AskPublicNewsArticle",
        "BackgroundNewsArticle",
        "BlogPosting",
        "DiscussionForumPosting",
        "LiveBlogPosting",
        "MedicalScholarlyArticle",
        "NewsArticle",
        "OpinionNewsArticle",
        "Report",
        "ReportageNewsArticle",
        "ReviewNewsArticle",
        "SatiricalArticle",
        "ScholarlyArticle",
        "SocialMediaPosting",
        "TechArticle",
    )
}


@dataclass(slots=True)
class Scheme:
    """The concepts of one scheme, by notation, by label and by hidden label."""

    by_notation: dict[str, NamedNode] = field(default_factory=dict)
    by_label: dict[str, NamedNode] = field(default_factory=dict)
    by_hidden_label: dict[str, NamedNode] = field(default_factory=dict)

    def find(self, word: str) -> NamedNode | None:
        """The concept that a word names, whatever its case."""
        return self.by_notation.get(word) or self.by_notation.get(word.strip().casefold())


@dataclass(slots=True)
class Vocabulary:
    """All schemes, the statements they were read from, and what is said of single concepts."""

    quads: tuple[Quad, ...]
    schemes: dict[str, Scheme] = field(default_factory=dict)
    labels: dict[NamedNode, str] = field(default_factory=dict)
    work_classes: dict[NamedNode, tuple[NamedNode, ...]] = field(default_factory=dict)
    digital_source_types: dict[NamedNode, NamedNode] = field(default_factory=dict)
    exact_matches: dict[NamedNode, NamedNode] = field(default_factory=dict)

    def __getitem__(self, scheme: str) -> Scheme:
        return self.schemes.setdefault(scheme, Scheme())


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that ships with kbgraph, read once."""
    path = resource_folder("ontology") / "vocabulary.ttl"
    quads = tuple(parse(path=str(path), format=RdfFormat.TURTLE))
    made = Vocabulary(quads)
    scheme_of = {
        quad.subject: made[quad.object.value.removeprefix(KBV.iri)]
        for quad in quads
        if quad.predicate == SKOS.inScheme and isinstance(quad.object, NamedNode)
    }
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and quad.subject in scheme_of:
            _note(made, scheme_of[quad.subject], quad.subject, quad)
    return made


def _note(made: Vocabulary, scheme: Scheme, concept: NamedNode, quad: Quad) -> None:
    """Put one statement about a concept where it is looked up."""
    predicate, value = quad.predicate, quad.object
    if isinstance(value, Literal):
        if predicate == SKOS.notation:
            scheme.by_notation[value.value] = concept
        elif predicate == SKOS.hiddenLabel:
            scheme.by_hidden_label[value.value] = concept
        elif predicate in {SKOS.prefLabel, SKOS.altLabel}:
            scheme.by_label[value.value.casefold()] = concept
        if predicate == SKOS.prefLabel:
            made.labels[concept] = value.value
    elif isinstance(value, NamedNode):
        if predicate == KB.workClass:
            made.work_classes[concept] = (*made.work_classes.get(concept, ()), value)
        elif predicate == KB.digitalSourceType:
            made.digital_source_types[concept] = value
        elif predicate == SKOS.exactMatch:
            made.exact_matches[concept] = value
