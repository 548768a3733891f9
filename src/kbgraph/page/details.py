"""What the panel tells of an entity, apart from its relations: dates, gaps, disputes, descriptions of sources.

Keys are those that `web/src/data/source.js` documents. What is absent from the graph has no key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kbgraph.page.nodes import Network, year_of
from kbgraph.page.statements import Lookup, Statements
from kbgraph.terms import curie_of, http_iri

__all__ = ["about", "description", "details_of", "reference_iris", "references_of"]

#: What is told of an article in one text each.
_OF_ARTICLES = {
    "identifier": "schema:identifier",
    "alternate": "schema:alternateName",
    "created": "schema:dateCreated",
    "modified": "schema:dateModified",
    "reviewed": "schema:lastReviewed",
    "rationale": "kb:confidenceRationale",
    "language": "schema:inLanguage",
    "abstract": "schema:abstract",
    "summary": "schema:description",
    "period": "kb:dataPeriod",
    "live": "kb:isLiveDocument",
    "seed": "kb:derivedFromHumanSeed",
}
_OF_FACTS = {
    "identifier": "schema:identifier",
    "page": "kb:sourcePage",
    "reviewed": "schema:lastReviewed",
    "note": "skos:note",
}


#: What nodes and references go by, by IRI: numbers in a page, shorter IRIs where they are looked up one by one.
_Names = Mapping[str, int | str]

#: What labels and other nodes tell, or is there for kbgraph alone.
_SHOWN_OTHERWISE = {
    "schema:text",
    "schema:name",
    "schema:headline",
    "schema:articleSection",
    "schema:position",
    "kb:keys",
    "schema:datePublished",
    "skos:prefLabel",
    "skos:notation",
}


def details_of(known: Statements, network: Network) -> list[dict[str, Any]]:
    """What is told of each node, in their order."""
    # References are rows of a table of their own, and no reference is a node.
    numbers = {**network.numbers, **{iri: number for number, iri in enumerate(reference_iris(known))}}
    return [about(known, node.iri, node.kind, numbers) for node in network.nodes]


def about(known: Lookup, iri: str, kind: str, names: _Names) -> dict[str, Any]:
    """What is told of one node; others are called by their names, those without one are left out."""
    return _DETAILS.get(kind, _of_others)(known, iri, names)


def _of_article(known: Lookup, iri: str, names: _Names) -> dict[str, Any]:
    made = _texts(known, iri, _OF_ARTICLES)
    for file in known.links(iri, "schema:encoding"):
        made["file"] = known.text(file, "schema:name")
    made["types"] = [
        name
        for each in known.links(iri, "rdf:type")
        if (name := curie_of(each)) not in {"kb:Article", "schema:WebPage"}
    ]
    for measured in known.links(iri, "dqv:hasQualityMeasurement"):
        made["completeness"] = known.text(measured, "dqv:value")
    for process in known.links(iri, "prov:wasGeneratedBy"):
        made["generation"] = [known.label(each) for each in known.links(process, "dcterms:type")]
    made["conflict"] = [known.label(each) for each in known.links(iri, "kb:conflictOfInterest")]
    made["gaps"] = [known.text(each, "schema:text") for each in known.ordered(iri, "schema:comment")]
    made["disputes"] = [
        _present(
            {
                "text": known.text(each, "schema:text"),
                "sources": [names[one] for one in known.links(each, "schema:citation") if one in names],
            }
        )
        for each in known.ordered(iri, "schema:mentions")
        if "kb:DisputedStatement" in map(curie_of, known.links(each, "rdf:type"))
    ]
    made["keywords"] = known.texts(iri, "schema:keywords")
    made["web"] = _web(known.links(iri, "schema:significantLink"))
    made["extra"] = [
        [known.text(each, "schema:name"), known.text(each, "schema:value", "kb:jsonValue")]
        for each in known.ordered(iri, "kb:extra")
    ]
    made["other"] = _other(known, iri, (*_OF_ARTICLES.values(), "schema:keywords", "kb:declaredEmpty"))
    made["other"] += [
        pair
        for each in known.links(iri, "schema:interactionStatistic", "prov:qualifiedAttribution")
        for pair in _other(known, each, ())
    ]
    made["roles"] = _roles(known, iri)
    made["empty"] = known.texts(iri, "kb:declaredEmpty")
    return _present(made)


def _of_fact(known: Lookup, iri: str, names: _Names) -> dict[str, Any]:
    made = _texts(known, iri, _OF_FACTS)
    made["references"] = [names[each] for each in known.links(iri, "kb:reference") if each in names]
    made["extra"] = [
        [known.text(each, "schema:name"), known.text(each, "schema:value", "kb:jsonValue")]
        for each in known.ordered(iri, "kb:extra")
    ]
    made["other"] = _other(known, iri, _OF_FACTS.values())
    return _present(made)


def _of_source(known: Lookup, iri: str, _: _Names) -> dict[str, Any]:
    return _present(
        {
            "alternates": known.texts(iri, "schema:alternateName"),
            "identifiers": [
                *known.texts(iri, "schema:identifier"),
                *known.texts(iri, "kb:doi"),
                *known.texts(iri, "schema:isbn"),
            ],
            "types": [name for each in known.links(iri, "rdf:type") if (name := curie_of(each)) != "kb:Source"],
            "web": _web(known.links(iri, "schema:url", "schema:sameAs")),
            "published": known.text(iri, "schema:datePublished"),
            "other": _other(known, iri, ("schema:alternateName", "schema:identifier", "kb:doi", "schema:isbn")),
        }
    )


def _of_others(known: Lookup, iri: str, _: _Names) -> dict[str, Any]:
    return _present(
        {
            "identifiers": known.texts(iri, "schema:identifier"),
            "alternates": known.texts(iri, "schema:alternateName", "skos:altLabel"),
            "definition": known.text(iri, "skos:definition", "schema:description"),
            "web": _web(known.links(iri, "schema:url", "schema:sameAs")),
        }
    )


_DETAILS = {"article": _of_article, "fact": _of_fact, "source": _of_source}


# ---- what articles state about sources


def references_of(known: Statements, network: Network) -> list[list[Any]]:
    """The descriptions of sources, by number."""
    return [description(known, each, network.numbers) for each in reference_iris(known)]


def reference_iris(known: Statements) -> list[str]:
    """The descriptions of sources, article by article and in their order."""
    return sorted(
        known.of_class("kb:SourceReference"), key=lambda each: (each.partition("#")[0], known.position(each), each)
    )


def description(known: Lookup, reference: str, names: _Names) -> list[Any]:
    """A description of a source: article, source, list, title, year, type, institution, URL, authors, note, others.

    The article and the source are called by their names. The list is `primary`, `secondary`, or `fact`
    for a description that a fact gives by itself.
    """
    article = reference.partition("#")[0]
    lists = (name for name in ("primary", "secondary") if reference in known.links(article, f"kb:{name}Reference"))
    sources = known.links(reference, "schema:item", "biro:references")
    kind = known.link(reference, "dcterms:type")
    return [
        names.get(article),
        next((names[one] for one in sources if one in names), None),
        next(lists, "fact"),
        known.text(reference, "dcterms:title") or None,
        year_of(known.text(reference, "dcterms:issued")),
        known.label(kind) if kind else None,
        known.text(reference, "kb:institution") or None,
        next(iter(_web(known.links(reference, "schema:url"))), known.text(reference, "schema:url") or None),
        [known.text(one, "schema:name") for one in known.ordered(reference, "kb:authorship")],
        known.text(reference, "skos:note") or None,
        _other(known, reference, ("dcterms:title", "dcterms:issued", "kb:institution", "schema:url", "skos:note")),
    ]


# ---- shared


def _roles(known: Lookup, article: str) -> list[list[str | None]]:
    """Who did what for an article: names and roles."""
    return [
        [known.text(agent, "schema:name"), known.label(role)]
        for each in known.links(article, "prov:qualifiedAttribution")
        for agent in known.links(each, "prov:agent")
        for role in known.links(each, "dcat:hadRole")
    ]


def _other(known: Lookup, iri: str, told: Iterable[str]) -> list[list[str]]:
    """What else is said of an entity in texts: property and value."""
    known_already = {*told, *_SHOWN_OTHERWISE}
    return [
        [predicate, value]
        for predicate in known.properties(iri)
        if predicate not in known_already
        for value in known.texts(iri, predicate)
    ]


def _texts(known: Lookup, iri: str, wanted: dict[str, str]) -> dict[str, Any]:
    return {key: known.text(iri, curie) for key, curie in wanted.items()}


def _web(iris: list[str]) -> list[str]:
    """Those that one can follow: http(s) only."""
    return [each for each in iris if http_iri(each) is not None]


def _present(made: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in made.items() if value not in (None, [], "")}
