"""What articles share: works, agents, categories and concepts, merged over all mentions.

Each article mentions; the merge counts. The value stated most often wins, ties are broken by code
point order, and what loses stays on the references (and, for names, as another name).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple, TypeVar

from pyoxigraph import Literal, NamedNode, Quad

from kbgraph.identity import SourceKey
from kbgraph.parts import stretches
from kbgraph.terms import DCTERMS, KB, PROV, RDF, SCHEMA, SKOS, XSD, Space, http_iri
from kbgraph.vocabulary import Vocabulary

__all__ = [
    "AgentMention",
    "Bucket",
    "ConceptMention",
    "Mentions",
    "SourceMention",
    "bucketed",
    "buckets",
]

T = TypeVar("T")


class SourceMention(NamedTuple):
    """What one reference states about a work. All but `keys` are IRIs or texts; None is not said."""

    source: str
    keys: tuple[SourceKey, ...]
    title: str
    type: str | None
    year: str | None
    url: str | None
    publisher: str | None
    authors: tuple[str, ...]


class AgentMention(NamedTuple):
    """An agent by a name; kind is `organisation`, `person` or `software`."""

    agent: str
    kind: str
    name: str


class ConceptMention(NamedTuple):
    """A word that the vocabulary does not have, and the concept that it narrows, if one is known."""

    concept: str
    scheme: str
    word: str
    broader: str | None


@dataclass(slots=True)
class Mentions:
    """Everything shared that some articles mention."""

    sources: list[SourceMention] = field(default_factory=list)
    agents: list[AgentMention] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    concepts: list[ConceptMention] = field(default_factory=list)
    entities: list[tuple[str, str]] = field(default_factory=list)

    def extend(self, other: Mentions) -> None:
        """Add the mentions of another article."""
        self.sources += other.sources
        self.agents += other.agents
        self.categories += other.categories
        self.concepts += other.concepts
        self.entities += other.entities


class Bucket(NamedTuple):
    """Some entities of a graph that articles share: their quads, and all that these depend on, as JSON data.

    A quad may come several times.
    """

    of: object
    quads: Callable[[], Iterable[Quad]]


def buckets(mentions: Mentions, space: Space, words: Vocabulary) -> Iterator[Bucket]:
    """What is merged, in buckets that begin where parts do: no entity, and no part, is in two of them."""
    broader = {each.concept: each.broader for each in mentions.concepts if each.broader is not None}
    known = {mention.source for mention in mentions.sources}
    for sources in bucketed(mentions.sources, lambda mention: mention.source):
        # The only key of a work is the one that it has its IRI from.
        keys = {key for mention in sources if len(mention.keys) > 1 for key in mention.keys}
        twins = known.intersection(space.source(key.kind, key.value).value for key in keys)
        narrowed = {each.type: broader[each.type] for each in sources if each.type in broader}
        yield Bucket(
            ("sources", sources, sorted(twins), sorted(narrowed.items())),
            partial(_sources, sources, broader, known, space, words),
        )
    for agents in bucketed(mentions.agents, lambda mention: mention.agent):
        yield Bucket(("agents", agents), partial(_agents, agents, space))
    topics = [sorted(set(each), key=repr) for each in (mentions.categories, mentions.concepts, mentions.entities)]
    yield Bucket(("categories", topics), partial(_topics, mentions, space, words))


def bucketed(items: Iterable[T], key: Callable[[T], str]) -> Iterator[list[T]]:
    """Items by what they mention, in the order of its lines."""
    found: dict[bytes, list[T]] = defaultdict(list)
    for item in items:
        found[f"<{key(item)}>".encode()].append(item)
    for subjects in stretches(sorted(found), bytes):
        yield [item for subject in subjects for item in found[subject]]


def _most_stated(values: Iterable[T | None], sort_key: Callable[[T], object] = lambda value: value) -> T | None:
    """The most frequent value, the first by code points among equals; None where there is none."""
    stated = [value for value in values if value]
    if len(stated) < 2:  # most works are mentioned once
        return stated[0] if stated else None
    counted = Counter(stated)
    most = max(counted.values())
    return min((value for value, count in counted.items() if count == most), key=sort_key)  # type: ignore[arg-type]  # sort keys are comparable


def _grouped(items: Iterable[T], key: Callable[[T], str]) -> Iterator[tuple[str, list[T]]]:
    groups: dict[str, list[T]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    yield from sorted(groups.items())


_CREATIVE_WORK = (SCHEMA.CreativeWork,)


def _sources(
    mentions: list[SourceMention], broader: dict[str, str], known: set[str], space: Space, words: Vocabulary
) -> Iterator[Quad]:
    graph = space.sources
    for iri, group in _grouped(mentions, lambda mention: mention.source):
        source = NamedNode(iri)
        kind = _most_stated(mention.type for mention in group)
        classes = words.work_classes.get(NamedNode(broader.get(kind, kind)), _CREATIVE_WORK) if kind else _CREATIVE_WORK
        yield Quad(source, RDF.type, KB.Source, graph)
        for each in classes:
            yield Quad(source, RDF.type, each, graph)
        title = _most_stated(mention.title for mention in group)
        if title:
            yield Quad(source, SCHEMA.name, Literal(title), graph)
        for other in {mention.title for mention in group} - {title, ""}:
            yield Quad(source, SCHEMA.alternateName, Literal(other), graph)
        yield from _identifiers(source, [key for mention in group for key in mention.keys], known, space)
        url = _most_stated(mention.url for mention in group)
        if url:
            yield Quad(source, SCHEMA.url, NamedNode(url), graph)
        year = _most_stated(mention.year for mention in group)
        if year:
            yield Quad(source, SCHEMA.datePublished, Literal(year, datatype=XSD.gYear), graph)
        publisher = _most_stated(mention.publisher for mention in group)
        if publisher:
            yield Quad(source, SCHEMA.publisher, NamedNode(publisher), graph)
        for author in _most_stated(mention.authors for mention in group) or ():
            yield Quad(source, SCHEMA.author, NamedNode(author), graph)


def _identifiers(source: NamedNode, keys: list[SourceKey], known: set[str], space: Space) -> Iterator[Quad]:
    """Every key of a work, where the world knows it by that key, and our node of another key."""
    for key in dict.fromkeys(keys):
        yield Quad(source, SCHEMA.identifier, Literal(key.identifier), space.sources)
        twin = space.source(key.kind, key.value)
        if twin != source and twin.value in known:
            yield Quad(source, SCHEMA.sameAs, twin, space.sources)
        if key.url is not None:
            # A DOI may hold what an IRI may not: it is left out here, and stays in the identifier.
            address = http_iri(key.url) if key.url.startswith("http") else NamedNode(key.url)
            if address is not None:
                yield Quad(source, SCHEMA.sameAs, address, space.sources)


_AGENT_CLASSES = {
    "organisation": (SCHEMA.Organization, PROV.Organization),
    "person": (SCHEMA.Person, PROV.Person),
    "software": (SCHEMA.SoftwareApplication, PROV.SoftwareAgent),
}


def _agents(mentions: list[AgentMention], space: Space) -> Iterator[Quad]:
    graph = space.agents
    for iri, group in _grouped(mentions, lambda mention: mention.agent):
        agent = NamedNode(iri)
        for each in _AGENT_CLASSES[group[0].kind]:
            yield Quad(agent, RDF.type, each, graph)
        name = _most_stated(mention.name for mention in group) or ""
        yield Quad(agent, SCHEMA.name, Literal(name), graph)
        for other in {mention.name for mention in group} - {name}:
            yield Quad(agent, SCHEMA.alternateName, Literal(other), graph)
        if group[0].kind == "software":
            yield Quad(agent, SCHEMA.identifier, Literal(name), graph)


def _topics(mentions: Mentions, space: Space, words: Vocabulary) -> Iterator[Quad]:
    yield from _categories(mentions.categories, space, words)
    yield from _concepts(mentions.concepts, space)
    yield from _entities(mentions.entities, space)


def _categories(paths: list[str], space: Space, words: Vocabulary) -> Iterator[Quad]:
    graph, scheme = space.categories, space.category_scheme
    yield Quad(scheme, RDF.type, SKOS.ConceptScheme, graph)
    yield Quad(scheme, RDF.type, SCHEMA.DefinedTermSet, graph)
    for title in (SCHEMA.name, DCTERMS.title, SKOS.prefLabel):
        yield Quad(scheme, title, Literal("Categories", language="en"), graph)
    for path in sorted({"/".join(steps[:depth]) for steps in map(_steps, paths) for depth in range(1, len(steps) + 1)}):
        concept, (*above, name) = space.category(path), _steps(path)
        curated = words["category"].by_notation.get(name)
        # A label of ours is English; one made from the data is in whatever language that is.
        label = Literal(words.labels[curated], language="en") if curated else Literal(_label_of(name))
        yield Quad(concept, RDF.type, SKOS.Concept, graph)
        yield Quad(concept, RDF.type, SCHEMA.DefinedTerm, graph)
        yield Quad(concept, SKOS.notation, Literal(path), graph)
        yield Quad(concept, SCHEMA.termCode, Literal(path), graph)
        yield Quad(concept, SKOS.prefLabel, label, graph)
        yield Quad(concept, SCHEMA.name, label, graph)
        yield Quad(concept, SKOS.inScheme, scheme, graph)
        yield Quad(concept, SCHEMA.inDefinedTermSet, scheme, graph)
        yield Quad(scheme, SCHEMA.hasDefinedTerm, concept, graph)
        if curated is not None and curated in words.exact_matches:
            yield Quad(concept, SKOS.exactMatch, words.exact_matches[curated], graph)
        if above:
            yield Quad(concept, SKOS.broader, space.category("/".join(above)), graph)
        else:
            yield Quad(concept, SKOS.topConceptOf, scheme, graph)
            yield Quad(scheme, SKOS.hasTopConcept, concept, graph)


def _steps(path: str) -> list[str]:
    return [step for step in path.split("/") if step] or [path]


def _label_of(name: str) -> str:
    plain = name.replace("-", " ").replace("_", " ").strip() or name
    return plain[:1].upper() + plain[1:]


def _concepts(mentions: list[ConceptMention], space: Space) -> Iterator[Quad]:
    graph = space.categories
    for mention in sorted(set(mentions), key=lambda each: (each.concept, each.word)):
        concept = NamedNode(mention.concept)
        yield Quad(concept, RDF.type, SKOS.Concept, graph)
        yield Quad(concept, SKOS.notation, Literal(mention.word), graph)
        yield Quad(concept, SKOS.prefLabel, Literal(_label_of(mention.word)), graph)
        if mention.broader is not None:
            yield Quad(concept, SKOS.broader, NamedNode(mention.broader), graph)


def _entities(mentions: list[tuple[str, str]], space: Space) -> Iterator[Quad]:
    for iri, group in _grouped(mentions, lambda mention: mention[0]):
        entity = NamedNode(iri)
        yield Quad(entity, RDF.type, SCHEMA.Thing, space.categories)
        for _, name in group:
            yield Quad(entity, SCHEMA.name, Literal(name), space.categories)
