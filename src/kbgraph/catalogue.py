"""The default graph: what the dataset is, and what its named graphs are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from kbgraph.config import Settings
from kbgraph.identity import organisation_key
from kbgraph.shared import AgentMention
from kbgraph.terms import DCAT, DCTERMS, KB, PROV, RDF, SCHEMA, SD, Space, http_iri, text

__all__ = ["Entry", "catalogue_quads", "publisher_of"]


class Entry(NamedTuple):
    """One article in the catalogue: its key, and when it was changed, if it says so."""

    key: str
    modified: Literal | None


def publisher_of(settings: Settings, space: Space) -> AgentMention:
    """The dataset's publisher, as an organisation among those of the articles."""
    key = organisation_key(settings.publisher)
    return AgentMention(space.organisation(key).value, "organisation", settings.publisher)


def catalogue_quads(entries: Iterable[Entry], space: Space, settings: Settings) -> Iterator[Quad]:
    """The catalogue of a dataset: a schema:Dataset, dcat:Dataset and sd:Dataset of named graphs."""
    dataset = space.dataset
    for kind in (SCHEMA.Dataset, DCAT.Dataset, SD.Dataset):
        yield Quad(dataset, RDF.type, kind)
    for predicate in (SCHEMA.name, DCTERMS.title):
        yield Quad(dataset, predicate, text(settings.title, "en"))
    yield Quad(dataset, DCTERMS.description, text(settings.description, "en"))
    licence = http_iri(settings.license) if settings.license else None
    if licence is not None:
        yield Quad(dataset, DCTERMS.license, licence)
        yield Quad(dataset, SCHEMA.license, licence)
    if settings.publisher:
        publisher = NamedNode(publisher_of(settings, space).agent)
        yield Quad(dataset, DCTERMS.publisher, publisher)
        yield Quad(dataset, SCHEMA.publisher, publisher)
    for alias, name in settings.aliases.items():
        yield Quad(dataset, KB.fieldAlias, Literal(f"{alias}={name}"))
    for graph in (space.sources, space.agents, space.categories, space.vocabulary):
        yield from _graph(graph, dataset)
    for entry in entries:
        article, graph = space.article(entry.key), space.article_graph(entry.key)
        yield Quad(dataset, SCHEMA.hasPart, article)
        yield from _graph(graph, dataset)
        yield Quad(graph, PROV.wasDerivedFrom, space.part(article, "file"))
        if entry.modified is not None:
            yield Quad(graph, DCTERMS.modified, entry.modified)


def _graph(graph: NamedNode, dataset: NamedNode) -> Iterator[Quad]:
    yield Quad(graph, RDF.type, SD.Graph)
    yield Quad(graph, RDF.type, PROV.Entity)
    yield Quad(graph, DCTERMS.isPartOf, dataset)
