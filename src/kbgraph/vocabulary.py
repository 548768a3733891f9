"""The controlled words that fields may hold: `ontology/vocabulary.ttl` as look-up tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kbgraph.resources import resource_folder
from kbgraph.terms import KB, KBV, RDF, SKOS

__all__ = ["Scheme", "Vocabulary", "vocabulary"]


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
        subject, value = quad.subject, quad.object
        if not isinstance(subject, NamedNode) or subject not in scheme_of or quad.predicate == RDF.type:
            continue
        scheme = scheme_of[subject]
        if isinstance(value, Literal):
            if quad.predicate == SKOS.notation:
                scheme.by_notation[value.value] = subject
            elif quad.predicate in {SKOS.prefLabel, SKOS.altLabel}:
                scheme.by_label[value.value.casefold()] = subject
                if quad.predicate == SKOS.prefLabel:
                    made.labels[subject] = value.value
            elif quad.predicate == SKOS.hiddenLabel:
                scheme.by_hidden_label[value.value] = subject
        elif isinstance(value, NamedNode):
            if quad.predicate == KB.workClass:
                made.work_classes[subject] = (*made.work_classes.get(subject, ()), value)
            elif quad.predicate == KB.digitalSourceType:
                made.digital_source_types[subject] = value
            elif quad.predicate == SKOS.exactMatch:
                made.exact_matches[subject] = value
    return made
