"""The default graph: what the dataset is, and what its named graphs are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from operator import itemgetter
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from kbgraph.config import Settings
from kbgraph.identity import organisation_key
from kbgraph.shared import AgentMention, Bucket, bucketed
from kbgraph.terms import DCAT, DCTERMS, KB, PROV, RDF, SCHEMA, SD, Space, http_iri, text

__all__ = ["Entry", "catalogue_buckets", "publisher_of"]


class Entry(NamedTuple):
    """One article in the catalogue: its key, and when it was changed, if it says so."""

    key: str
    modified: Literal | None


def publisher_of(settings: Settings, space: Space) -> AgentMention:
    """The dataset's publisher, as an organisation among those of the articles."""
    key = organisation_key(settings.publisher)
    return AgentMention(space.organisation(key).value, "organisation", settings.publisher)


def catalogue_buckets(entries: Iterable[Entry], space: Space, settings: Settings) -> Iterator[Bucket]:
    """The catalogue of a dataset: a schema:Dataset, dcat:Dataset and sd:Dataset of named graphs.

    The dataset depends on which articles there are, each graph on its own article alone.
    """
    entries = list(entries)
    graphs = space.sources, space.agents, space.categories, space.vocabulary
    described: list[tuple[str, Entry | None]] = [(each.value, None) for each in (space.dataset, *graphs)]
    described += [(space.article_graph(each.key).value, each) for each in entries]
    for bucket in bucketed(described, itemgetter(0)):
        articles = [each.key for each in entries] if (space.dataset.value, None) in bucket else []
        listed = [(iri, str(entry.modified) if entry is not None else "") for iri, entry in bucket]
        yield Bucket(
            ("catalogue", settings.of_dataset(), listed, articles), partial(_quads, bucket, articles, space, settings)
        )


def _quads(
    described: Iterable[tuple[str, Entry | None]], articles: Iterable[str], space: Space, settings: Settings
) -> Iterator[Quad]:
    dataset = space.dataset
    for iri, entry in described:
        graph = NamedNode(iri)
        if graph == dataset:
            yield from _dataset(articles, space, settings)
            continue
        yield Quad(graph, RDF.type, SD.Graph)
        yield Quad(graph, RDF.type, PROV.Entity)
        yield Quad(graph, DCTERMS.isPartOf, dataset)
        if entry is not None:
            yield Quad(graph, PROV.wasDerivedFrom, space.part(space.article(entry.key), "file"))
            if entry.modified is not None:
                yield Quad(graph, DCTERMS.modified, entry.modified)


def _dataset(articles: Iterable[str], space: Space, settings: Settings) -> Iterator[Quad]:
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
    for key in articles:
        yield Quad(dataset, SCHEMA.hasPart, space.article(key))
