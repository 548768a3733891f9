"""What the panel tells of an entity, apart from its relations: dates, gaps, disputes, descriptions of sources.

Keys are those that `web/src/data/source.js` documents. What is absent from the graph has no key.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kbgraph.page.nodes import Network, year_of
from kbgraph.page.statements import Statements
from kbgraph.terms import curie_of, http_iri

__all__ = ["details_of", "references_of"]

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


#: The numbers of nodes and of references, by IRI.
_Numbers = dict[str, int]

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
    numbers = {**network.numbers, **{iri: number for number, iri in enumerate(_references(known))}}
    return [_DETAILS.get(node.kind, _of_others)(known, node.iri, numbers) for node in network.nodes]


def _of_article(known: Statements, iri: str, numbers: _Numbers) -> dict[str, Any]:
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
                "sources": [numbers[one] for one in known.links(each, "schema:citation") if one in numbers],
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


def _of_fact(known: Statements, iri: str, numbers: _Numbers) -> dict[str, Any]:
    made = _texts(known, iri, _OF_FACTS)
    made["references"] = [numbers[each] for each in known.links(iri, "kb:reference") if each in numbers]
    made["extra"] = [
        [known.text(each, "schema:name"), known.text(each, "schema:value", "kb:jsonValue")]
        for each in known.ordered(iri, "kb:extra")
    ]
    made["other"] = _other(known, iri, _OF_FACTS.values())
    return _present(made)


def _of_source(known: Statements, iri: str, _: _Numbers) -> dict[str, Any]:
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


def _of_others(known: Statements, iri: str, _: _Numbers) -> dict[str, Any]:
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
    """Each description of a source: article, source, list, title, year, type, institution, URL, authors, note, others.

    Articles and sources are numbers of nodes. The list is `primary`, `secondary`, or `fact` for a
    description that a fact gives by itself.
    """
    numbers = network.numbers
    lists = {
        reference: name
        for name in ("primary", "secondary")
        for article in known.of_class("kb:Article")
        for reference in known.links(article, f"kb:{name}Reference")
    }
    made: list[list[Any]] = []
    for each in _references(known):
        source = next(
            (numbers[one] for one in known.links(each, "schema:item", "biro:references") if one in numbers), None
        )
        title = known.text(each, "dcterms:title")
        kind = known.link(each, "dcterms:type")
        made.append(
            [
                numbers.get(each.partition("#")[0]),
                source,
                lists.get(each, "fact"),
                title,
                year_of(known.text(each, "dcterms:issued")),
                known.label(kind) if kind else None,
                known.text(each, "kb:institution"),
                next(iter(_web(known.links(each, "schema:url"))), known.text(each, "schema:url")),
                [known.text(one, "schema:name") for one in known.ordered(each, "kb:authorship")],
                known.text(each, "skos:note"),
                _other(known, each, ("dcterms:title", "dcterms:issued", "kb:institution", "schema:url", "skos:note")),
            ]
        )
    return made


def _references(known: Statements) -> list[str]:
    return sorted(
        known.of_class("kb:SourceReference"), key=lambda each: (each.partition("#")[0], known.position(each), each)
    )


# ---- shared


def _roles(known: Statements, article: str) -> list[list[str | None]]:
    """Who did what for an article: names and roles."""
    return [
        [known.text(agent, "schema:name"), known.label(role)]
        for each in known.links(article, "prov:qualifiedAttribution")
        for agent in known.links(each, "prov:agent")
        for role in known.links(each, "dcat:hadRole")
    ]


def _other(known: Statements, iri: str, told: Iterable[str]) -> list[list[str]]:
    """What else is said of an entity in texts: property and value."""
    known_already = {*told, *_SHOWN_OTHERWISE}
    return [
        [predicate, value]
        for predicate in known.properties(iri)
        if predicate not in known_already
        for value in known.texts(iri, predicate)
    ]


def _texts(known: Statements, iri: str, wanted: dict[str, str]) -> dict[str, Any]:
    return {key: known.text(iri, curie) for key, curie in wanted.items()}


def _web(iris: list[str]) -> list[str]:
    """Those that one can follow: http(s) only."""
    return [each for each in iris if http_iri(each) is not None]


def _present(made: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in made.items() if value not in (None, [], "")}
