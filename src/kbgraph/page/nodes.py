"""Which entities the page shows, what they are called, what one can filter by, and how they are related.

Facts, sources, people and the rest are nodes; references, gaps and disputes are not: the panel
tells of them, see `details`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from kbgraph.page.statements import Statements

__all__ = ["KINDS", "RELATIONS", "Link", "Network", "Node", "network_of", "year_of"]

#: What a node can be, and the class that makes an entity one; in the order in which nodes are numbered.
KINDS = {
    "category": "schema:DefinedTerm",
    "article": "kb:Article",
    "fact": "kb:Fact",
    "source": "kb:Source",
    "organisation": "schema:Organization",
    "person": "schema:Person",
    "software": "schema:SoftwareApplication",
    "entity": "schema:Thing",
}

#: The relations between nodes: name, kind of the one, properties, kinds of the other. `None` is any kind.
_RELATIONS: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("about", "article", ("schema:about",), ("category",)),
    ("within", "category", ("skos:broader",), ("category",)),
    ("states", "article", ("schema:hasPart",), ("fact",)),
    ("rests on", "fact", ("schema:citation", "prov:wasDerivedFrom"), ("source",)),
    ("cites", "article", ("schema:citation", "prov:hadPrimarySource"), ("source",)),
    ("links to", "article", ("schema:relatedLink",), ("article",)),
    ("translates", "article", ("schema:workTranslation", "schema:translationOfWork"), ("article",)),
    ("mentions", "article", ("schema:mentions",), ("entity", "person", "organisation", "software", "article")),
    ("written by", "source", ("schema:author",), ("person", "organisation")),
    ("published by", "source", ("schema:publisher",), ("organisation", "person")),
    ("same as", "source", ("schema:sameAs",), ("source",)),
    ("contributed by", "article", ("schema:contributor",), ("person", "organisation", "software")),
    ("checked by", "article", ("schema:reviewedBy", "prov:wasAttributedTo"), ("person", "organisation", "software")),
)
RELATIONS = (*(name for name, *_ in _RELATIONS), "made with")

_NAMES = ("schema:headline", "schema:name", "skos:prefLabel", "schema:text", "schema:identifier")


@dataclass(frozen=True, slots=True)
class Node:
    """An entity on the page: categories by number, and the year of a source, an article or of what a fact rests on."""

    iri: str
    kind: str
    label: str
    categories: tuple[int, ...] = ()
    confidence: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A relation between two nodes, by their numbers; `relation` is one of `RELATIONS`."""

    source: int
    target: int
    relation: str


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes by number, the relations between them, and the number of each IRI."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    numbers: dict[str, int]

    def degrees(self) -> list[int]:
        """How many other nodes each node is related to."""
        near: list[set[int]] = [set() for _ in self.nodes]
        for each in self.links:
            near[each.source].add(each.target)
            near[each.target].add(each.source)
        return [len(each) for each in near]


def network_of(known: Statements) -> Network:
    """The nodes of a dataset, kind by kind and sorted by IRI, and the relations between them."""
    kinds: dict[str, str] = {}
    for kind, curie in KINDS.items():
        for iri in known.of_class(curie):
            if kind != "category" or known.links(iri, "skos:inScheme"):
                kinds.setdefault(iri, kind)
    order = {kind: number for number, kind in enumerate(KINDS)}
    iris = sorted(kinds, key=lambda iri: (order[kinds[iri]], iri))
    numbers = {iri: number for number, iri in enumerate(iris)}
    links = tuple(sorted(set(_links(known, kinds, numbers))))
    categories = _categories([kinds[iri] for iri in iris], links)
    nodes = tuple(
        Node(
            iri=iri,
            kind=kinds[iri],
            label=_label(known, iri),
            categories=categories[number],
            confidence=_confidence(known, iri),
            year=_year(known, iri, kinds[iri]),
        )
        for number, iri in enumerate(iris)
    )
    return Network(nodes, links, numbers)


def _links(known: Statements, kinds: dict[str, str], numbers: dict[str, int]) -> Iterator[Link]:
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for iri, kind in kinds.items():
        by_kind[kind].append(iri)
    for name, kind, predicates, others in _RELATIONS:
        for iri in by_kind[kind]:
            for other in known.links(iri, *predicates):
                if other != iri and kinds.get(other) in others:
                    yield Link(numbers[iri], numbers[other], name)
    for name, iri, other in (*_tools(known, by_kind["article"]), *_named(known)):
        if iri in numbers and other in numbers and kinds[other] != "source":
            yield Link(numbers[iri], numbers[other], name)


def _tools(known: Statements, articles: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """What articles were made with."""
    for iri in articles:
        for made in known.links(iri, "prov:wasGeneratedBy"):
            for other in known.links(made, "schema:instrument", "prov:wasAssociatedWith"):
                yield "made with", iri, other


def _named(known: Statements) -> Iterator[tuple[str, str, str]]:
    """Whom any description of a source names, whether the source itself has it or not."""
    for reference in known.of_class("kb:SourceReference"):
        people = [each for one in known.links(reference, "kb:authorship") for each in known.links(one, "schema:item")]
        for source in known.links(reference, "schema:item", "biro:references"):
            yield from (("written by", source, each) for each in people)
            yield from (("published by", source, each) for each in known.links(reference, "dcterms:publisher"))


#: In which order categories are handed on: from articles to facts and sources, from sources to who made them.
_HANDED_ON = (
    "states",
    "cites",
    "rests on",
    "written by",
    "published by",
    "mentions",
    "contributed by",
    "checked by",
    "made with",
)


def _categories(kinds: list[str], links: Iterable[Link]) -> list[tuple[int, ...]]:
    """The categories of each node, the most frequent first: an article's own, and what it hands on to its parts."""
    counted: list[Counter[int]] = [Counter() for _ in kinds]
    by_relation: defaultdict[str, list[Link]] = defaultdict(list)
    for link in links:
        by_relation[link.relation].append(link)
    for number, kind in enumerate(kinds):
        if kind == "category":
            counted[number][number] = 1
    for link in by_relation["about"]:
        counted[link.source][link.target] += 1
    for relation in _HANDED_ON:
        for link in by_relation[relation]:
            if kinds[link.target] not in {"article", "category"}:
                for category in counted[link.source]:
                    counted[link.target][category] += 1
    return [tuple(sorted(each, key=lambda one: (-each[one], one))) for each in counted]


def _label(known: Statements, iri: str) -> str:
    found = known.text(iri, *_NAMES)
    return " ".join((found or "").split()) or unquote(iri.rstrip("/#").rsplit("/", 1)[-1])


def _confidence(known: Statements, iri: str) -> str | None:
    level = known.link(iri, "kb:confidence")
    return known.text(level, "skos:notation") or level.rsplit("-", 1)[-1] if level else None


def _year(known: Statements, iri: str, kind: str) -> int | None:
    if kind == "fact":
        years = [_year(known, each, "source") for each in known.links(iri, "schema:citation")]
        return max((year for year in years if year is not None), default=None)
    found = known.text(iri, "schema:datePublished") if kind == "source" else known.text(iri, "schema:dateCreated")
    return year_of(found)


def year_of(date: str | None) -> int | None:
    """The year of a date such as `2026-05-24`, or of a year such as `-0350`.

    >>> year_of("2026-05-24"), year_of("-0350"), year_of(None)
    (2026, -350, None)
    """
    if not date:
        return None
    sign, rest = (-1, date[1:]) if date.startswith("-") else (1, date)
    digits = rest.split("-", 1)[0]
    return sign * int(digits) if digits.isdecimal() and len(digits) <= 6 else None
