"""The ontology as cards: published classes, ours that narrow them, and the properties that entities of ours have."""

from __future__ import annotations

from collections import defaultdict

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kbgraph.draw.subject import Card, Diagram, Group, Tie
from kbgraph.resources import resource_text
from kbgraph.terms import KB, OWL, RDF, RDFS, XSD, curie_of

__all__ = ["ontology"]

_PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


def ontology() -> Diagram:
    """The classes and properties of `ontology/kbgraph.ttl`, in its order, and what they are aligned with."""
    said: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in parse(resource_text("ontology", "kbgraph.ttl").encode(), format=RdfFormat.TURTLE):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            said[quad.subject.value][quad.predicate.value].append(quad.object.value)
    own = [iri for iri in said if iri.startswith(KB.iri)]
    kinds = {iri: said[iri][RDF.type.value] for iri in own}
    classes = [iri for iri in own if OWL.Class.value in kinds[iri]]
    properties = [iri for iri in own if {each.value for each in _PROPERTIES} & set(kinds[iri])]
    # In the order of the classes that narrow them, so that ties cross little.
    published = list(dict.fromkeys(above for iri in classes for above in said[iri][RDFS.subClassOf.value]))
    by_domain: defaultdict[str, list[Card]] = defaultdict(list)
    ties = [Tie(iri, above, "subclass of") for iri in classes for above in said[iri][RDFS.subClassOf.value]]
    for iri in properties:
        domains = [each for each in said[iri][RDFS.domain.value] if each in classes]
        by_domain[domains[0] if domains else ""].append(Card(iri, "fact", curie_of(iri), _note(said[iri])))
        ties += [Tie(each, iri, "has") for each in domains]
    groups = [
        Group(f"Of {curie_of(iri)}" if iri else "Of several classes", tuple(by_domain[iri]))
        for iri in (*classes, "")
        if by_domain[iri]
    ]
    columns = (
        (Group("Published classes", tuple(Card(each, "category", curie_of(each)) for each in published)),),
        (
            Group(
                "Classes of kbgraph",
                tuple(Card(each, "article", curie_of(each), _first(said[each])) for each in classes),
            ),
        ),
        *((tuple(part)) for part in _halves(groups)),
    )
    counts = f"{len(classes)} classes and {len(properties)} properties"
    subtitle = f"{counts}, and the published terms that they narrow (⊂) or lead to (→)"
    names = {"category": "published class", "article": "class", "fact": "property"}
    return Diagram("The ontology of kbgraph", subtitle, columns, tuple(ties), names)


def _halves(groups: list[Group]) -> list[list[Group]]:
    """The groups in two columns of about the same length."""
    total, before = sum(len(each.cards) + 1 for each in groups), 0
    first: list[Group] = []
    for each in groups:
        if before * 2 < total:
            first.append(each)
        before += len(each.cards) + 1
    rest = groups[len(first) :]
    return [first, rest] if rest else [first]


def _first(said: dict[str, list[str]]) -> str:
    return next(iter(said.get(RDFS.label.value, [])), "")


def _note(said: dict[str, list[str]]) -> str:
    above = [f"⊂ {_short(each)}" for each in said.get(RDFS.subPropertyOf.value, [])]
    near = [f"see {_short(each)}" for each in said.get(RDFS.seeAlso.value, []) if not above]
    ranges = [f"→ {_short(each)}" for each in said.get(RDFS.range.value, [])]
    return "  ".join((*above, *near, *ranges))


def _short(iri: str) -> str:
    """A term with its prefix: those of the languages themselves, which no article uses, too."""
    known = curie_of(iri)
    for prefix, namespace in (("rdf", RDF), ("rdfs", RDFS), ("owl", OWL), ("xsd", XSD)):
        known = known.replace(namespace.iri, f"{prefix}:") if known == iri else known
    return known
