"""What the pages of other things show: sources, people, organisations, models, categories, concepts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from kbgraph.serve.addresses import KINDS, Addresses, kind_of
from kbgraph.serve.articles import dates_of, named, source_line
from kbgraph.serve.known import Known
from kbgraph.terms import curie_of, http_iri

__all__ = ["source_page", "thing_page"]

#: How many of a kind a page lists.
_MOST = 500
#: What is shown of a thing at another place of its page, or for nobody.
_ELSEWHERE = {
    "rdf:type",
    "schema:name",
    "skos:prefLabel",
    "skos:broader",
    "skos:inScheme",
    "schema:inDefinedTermSet",
    "schema:termCode",
    "kb:keys",
}


def source_page(known: Known, iri: str, addresses: Addresses, root: str) -> dict[str, Any]:
    """The page of a source, for the template `source.html`: who cites it, and where descriptions disagree."""

    def href(other: str) -> str:
        return addresses.link(other, root)

    citing = known.pointing(iri, "schema:citation")
    facts = [each for each in citing if "kb:Fact" in known.classes(each)]
    references = [
        {"article": _article(known, each, href), **source_line(known, each)}
        for each in known.pointing(iri, "schema:item", "biro:references")
        if "kb:SourceReference" in known.classes(each)
    ]
    references.sort(key=lambda each: (each["article"]["label"].casefold(), each["title"]))
    return {
        "title": known.label(iri),
        "identifiers": known.texts(iri, "schema:identifier"),
        "doi": known.texts(iri, "kb:doi"),
        "kinds": sorted(known.classes(iri) - {"kb:Source"}),
        "authors": named(known, known.links(iri, "schema:author"), href),
        "publishers": named(known, known.links(iri, "schema:publisher"), href),
        "published": known.text(iri, "schema:datePublished"),
        "urls": [each for each in known.links(iri, "schema:url", "schema:sameAs") if http_iri(each) is not None],
        "alternates": known.texts(iri, "schema:alternateName"),
        "facts": [_fact(known, each, href) for each in facts[:_MOST]],
        "more_facts": max(0, len(facts) - _MOST),
        "articles": named(known, [each for each in citing if "kb:Article" in known.classes(each)], href),
        "disputes": [
            {
                "text": known.text(each, "schema:text"),
                "place": known.place(each),
                "article": _article(known, each, href),
            }
            for each in citing
            if "kb:DisputedStatement" in known.classes(each)
        ],
        "references": references[:_MOST],
        "disagreements": _disagreements(references),
    }


def _article(known: Known, part: str, href: Callable[[str], str]) -> dict[str, str]:
    article = part.partition("#")[0]
    return {"label": known.label(article), "href": href(part) or href(article)}


def _fact(known: Known, fact: str, href: Callable[[str], str]) -> dict[str, Any]:
    level = known.link(fact, "kb:confidence")
    return {
        "text": known.text(fact, "schema:text"),
        "place": known.place(fact),
        "confidence": known.label(level) if level else "",
        "article": _article(known, fact, href),
    }


def _disagreements(references: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the descriptions of a source say differently: the values, each with the articles that say so."""
    made = []
    for name, key in (("Title", "title"), ("Year", "year"), ("Institution", "institution"), ("Type", "kind")):
        values: dict[str, list[dict[str, str]]] = {}
        for each in references:
            if each[key]:
                values.setdefault(each[key], []).append(each["article"])
        if len(values) > 1:
            by_use = sorted(values.items(), key=lambda each: (-len(each[1]), each[0]))
            made.append({"name": name, "values": [{"value": value, "articles": said} for value, said in by_use]})
    return made


def thing_page(known: Known, iri: str, addresses: Addresses, root: str) -> dict[str, Any]:
    """The page of anything else, for the template `thing.html`."""

    def href(other: str) -> str:
        return addresses.link(other, root)

    kind = kind_of(iri, known.base)
    articles = [each for each in known.pointing(iri, "schema:about") if "kb:Article" in known.classes(each)]
    return {
        "title": known.label(iri),
        "kind": KINDS[kind][0] if kind else "Thing",
        "many": KINDS[kind][1] if kind else "",
        "definition": known.text(iri, "skos:definition", "schema:description"),
        "trail": named(known, known.links(iri, "skos:broader"), href),
        "narrower": named(known, known.pointing(iri, "skos:broader"), href),
        "articles": [
            {
                "label": known.label(each),
                "href": href(each),
                "dates": dates_of(known, each),
                "gaps": [known.text(gap, "schema:text") for gap in known.ordered(each, "schema:comment")],
            }
            for each in sorted(articles, key=lambda each: (known.label(each).casefold(), each))
        ],
        "written": named(known, known.pointing(iri, "schema:author"), href)[:_MOST],
        "published": named(known, known.pointing(iri, "schema:publisher"), href)[:_MOST],
        "took_part": named(known, _articles(known.pointing(iri, "schema:contributor", "prov:wasAttributedTo")), href),
        "reviewed": named(known, _articles(known.pointing(iri, "schema:reviewedBy")), href),
        "made": named(known, _articles(known.pointing(iri, "schema:instrument", "prov:wasAssociatedWith")), href)[
            :_MOST
        ],
        "mentioned": named(known, _articles(known.pointing(iri, "schema:mentions")), href),
        "typed": named(known, _articles(known.pointing(iri, "dcterms:type")), href)[:_MOST],
        "said": _said(known, iri, href),
        "types": sorted(known.classes(iri)),
    }


def _articles(iris: Iterable[str]) -> list[str]:
    """The articles that some things are or belong to, each once."""
    return sorted({each.partition("#")[0] for each in iris})


def _said(known: Known, iri: str, href: Callable[[str], str]) -> list[dict[str, Any]]:
    """What else is said of it: property and values."""
    made = []
    for curie in known.properties(iri):
        if curie in _ELSEWHERE:
            continue
        values = [{"label": each, "href": ""} for each in known.texts(iri, curie)]
        values += [
            {"label": known.label(each) if href(each) else curie_of(each), "href": href(each) or _web(each)}
            for each in islice(known.links(iri, curie), 100)
        ]
        made.append({"name": curie, "values": values})
    return made


def _web(iri: str) -> str:
    return iri if http_iri(iri) is not None else ""
