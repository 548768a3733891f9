"""What the page of an article shows: its facts with their sources as footnotes, and all that is known of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from kbgraph.links import target_of
from kbgraph.serve.addresses import Addresses
from kbgraph.serve.body import html_of
from kbgraph.serve.known import Known
from kbgraph.terms import Space, curie_of, http_iri

__all__ = ["article_page", "dates_of", "named", "source_line"]

#: Characters of what a page says of another one.
_SHORT = 200


def article_page(known: Known, iri: str, addresses: Addresses, root: str) -> dict[str, Any]:
    """The page of an article, for the template `article.html`."""

    def href(other: str) -> str:
        return addresses.link(other, root)

    references = _references(known, iri, href)
    numbers = {each["iri"]: each["number"] for each in references}
    facts = [_fact(known, each, iri, numbers) for each in _parts(known, iri, "kb:Fact")]
    used: dict[str, list[dict[str, str]]] = {}
    for fact in facts:
        for each in fact["references"]:
            used.setdefault(each["iri"], []).append({"anchor": fact["anchor"], "label": f"fact {fact['number']}"})
    for each in references:
        each["used"] = used.get(each["iri"], [])
    sections = _parts(known, iri, "kb:Section")
    generation = known.link(iri, "prov:wasGeneratedBy")
    file = known.link(iri, "schema:encoding")
    return {
        "title": known.label(iri),
        "language": known.text(iri, "schema:inLanguage") if known.language(iri) else "",
        "abstract": known.text(iri, "schema:abstract", "schema:description"),
        "dates": dates_of(known, iri),
        "confidence": _level(known, iri),
        "rationale": known.text(iri, "kb:confidenceRationale"),
        "generation": [known.label(each) for each in known.links(generation, "dcterms:type")] if generation else [],
        "models": named(known, known.links(generation, "schema:instrument") if generation else [], href),
        "contributors": named(known, known.links(iri, "schema:contributor"), href),
        "reviewers": named(known, known.links(iri, "schema:reviewedBy", "prov:wasAttributedTo"), href),
        "conflict": [known.label(each) for each in known.links(iri, "kb:conflictOfInterest")],
        "period": known.text(iri, "kb:dataPeriod"),
        "completeness": _percent(
            next((known.text(each, "dqv:value") for each in known.links(iri, "dqv:hasQualityMeasurement")), "")
        ),
        "categories": named(known, known.links(iri, "schema:about"), href),
        "trail": _trail(known, iri, href),
        "keywords": known.texts(iri, "schema:keywords"),
        "facts": facts,
        "references": references,
        "gaps": [
            {"text": known.text(each, "schema:text"), "place": known.place(each)}
            for each in known.ordered(iri, "schema:comment")
        ],
        "disputes": [
            {
                "anchor": each.partition("#")[2],
                "text": known.text(each, "schema:text"),
                "place": known.place(each),
                "sources": named(known, known.links(each, "schema:citation"), href),
            }
            for each in known.ordered(iri, "schema:mentions")
            if "kb:DisputedStatement" in known.classes(each)
        ],
        "mentions": named(
            known,
            [each for each in known.links(iri, "schema:mentions") if "#" not in each],
            href,
        ),
        "declared_empty": known.texts(iri, "kb:declaredEmpty"),
        "body": _body(known, iri, sections, addresses, root),
        "related": named(known, known.links(iri, "schema:relatedLink"), href),
        "links_here": named(known, [each for each in known.pointing(iri, "schema:relatedLink") if each != iri], href),
        "kindred": _kindred(known, iri, href),
        "translations": named(known, known.links(iri, "schema:workTranslation"), href),
        "file": {
            "path": known.text(file, "schema:name"),
            "sha256": known.text(file, "schema:sha256"),
            "size": known.text(file, "schema:contentSize"),
        }
        if file
        else None,
        "extra": [
            (known.text(each, "schema:name"), known.text(each, "schema:value", "kb:jsonValue"))
            for each in known.ordered(iri, "kb:extra")
        ],
    }


def _parts(known: Known, iri: str, curie: str) -> list[str]:
    return [each for each in known.ordered(iri, "schema:hasPart") if curie in known.classes(each)]


def _level(known: Known, iri: str) -> dict[str, str] | None:
    """A level of confidence: its name, and the word for the style sheet."""
    level = known.link(iri, "kb:confidence")
    if not level:
        return None
    name = curie_of(level).rpartition("-")[2]
    return {"label": known.label(level), "class": name if name in {"high", "medium", "low"} else "other"}


def _percent(value: str) -> str:
    try:
        return f"{float(value):.0%}" if value else ""
    except (ValueError, OverflowError):
        return value


def dates_of(known: Known, iri: str) -> list[tuple[str, str]]:
    """When something was made, changed and checked, as far as it is known."""
    wanted = (
        ("Created", "schema:dateCreated"),
        ("Changed", "schema:dateModified"),
        ("Verified", "schema:lastReviewed"),
    )
    return [(name, day) for name, curie in wanted if (day := known.text(iri, curie))]


def named(known: Known, iris: list[str], href: Callable[[str], str]) -> list[dict[str, str]]:
    """Things by name, with a link to the page of each; sorted by name."""
    made = [{"iri": each, "label": known.label(each)[:_SHORT], "href": href(each) or _web(each)} for each in iris]
    return sorted(made, key=lambda each: (each["label"].casefold(), each["iri"]))


def _web(iri: str) -> str:
    return iri if http_iri(iri) is not None else ""


def _fact(known: Known, fact: str, article: str, numbers: dict[str, int]) -> dict[str, Any]:
    references = sorted((numbers[each], each) for each in known.links(fact, "kb:reference") if each in numbers)
    return {
        "iri": fact,
        "anchor": fact.removeprefix(f"{article}#"),
        "number": known.position(fact),
        "text": known.text(fact, "schema:text"),
        "place": known.place(fact),
        "confidence": _level(known, fact),
        "verified": known.text(fact, "schema:lastReviewed"),
        "page": known.text(fact, "kb:sourcePage"),
        "note": known.text(fact, "skos:note"),
        "references": [
            {"iri": each, "number": number, "anchor": each.partition("#")[2]} for number, each in references
        ],
    }


def _references(known: Known, iri: str, href: Callable[[str], str]) -> list[dict[str, Any]]:
    """What the article states about its sources, in its order, those of single facts last; numbered from 1."""
    primary = known.ordered(iri, "kb:primaryReference")
    secondary = known.ordered(iri, "kb:secondaryReference")
    listed = {*primary, *secondary}
    others = {
        each
        for part in known.links(iri, "schema:hasPart", "schema:mentions")
        for each in known.ordered(part, "kb:reference")
        if each not in listed
    }
    made = []
    for number, each in enumerate((*primary, *secondary, *sorted(others)), 1):
        source = known.link(each, "schema:item", "biro:references")
        made.append(
            {
                "iri": each,
                "number": number,
                "anchor": each.partition("#")[2],
                "list": "primary" if each in primary else "secondary" if each in secondary else "of a fact",
                "source": href(source) if source else "",
                **source_line(known, each),
            }
        )
    return made


def source_line(known: Known, reference: str) -> dict[str, Any]:
    """How an article describes a source, and where: title, authors, year, institution, type, file and line, URL."""
    kind = known.link(reference, "dcterms:type")
    return {
        "title": known.text(reference, "dcterms:title"),
        "authors": [known.text(each, "schema:name") for each in known.ordered(reference, "kb:authorship")],
        "year": known.text(reference, "dcterms:issued"),
        "institution": known.text(reference, "kb:institution"),
        "kind": known.label(kind) if kind else "",
        "place": known.place(reference),
        "url": next((each for each in known.links(reference, "schema:url") if http_iri(each) is not None), ""),
    }


def _trail(known: Known, iri: str, href: Callable[[str], str]) -> list[dict[str, str]]:
    """The categories above the article, from the widest."""
    category = known.link(iri, "schema:about")
    trail: list[dict[str, str]] = []
    while category and all(each["iri"] != category for each in trail):
        trail.insert(0, {"iri": category, "label": known.label(category), "href": href(category)})
        category = known.link(category, "skos:broader")
    return trail


def _kindred(known: Known, iri: str, href: Callable[[str], str]) -> list[dict[str, str]]:
    """The articles that cite most of the same sources, up to five."""
    shared: Counter[str] = Counter()
    for source in known.links(iri, "schema:citation"):
        citing = [each for each in known.pointing(source, "schema:citation") if "#" not in each and each != iri]
        if len(citing) <= _USUAL:
            shared.update(citing)
    best = sorted(shared.items(), key=lambda each: (-each[1], each[0]))[:5]
    return [{"iri": each, "label": known.label(each), "href": href(each), "count": str(count)} for each, count in best]


#: A source that so many articles cite says nothing about what they are about.
_USUAL = 50


def _body(known: Known, iri: str, sections: list[str], addresses: Addresses, root: str) -> Any:
    text = "".join(known.text(each, "schema:text") for each in sections)
    anchors = [each.partition("#")[2] for each in sections if known.text(each, "kb:headingLevel")]
    own = unquote(iri.removeprefix(f"{known.base}article/"))
    space = Space(known.base)
    keys = _Keys(known, space)

    def href(link: str) -> str:
        if link.startswith("#"):
            return link
        target = target_of(link, own, keys)
        if target.article is not None:
            return addresses.link(space.article(target.article).value, root)
        return target.url if target.url is not None and http_iri(target.url) is not None else ""

    return html_of(text, anchors, href)


class _Keys:
    """The keys of all articles, as something that can be asked for one."""

    def __init__(self, known: Known, space: Space) -> None:
        self._known, self._space = known, space

    def __contains__(self, key: object) -> bool:
        try:
            return "kb:Article" in self._known.classes(self._space.article(str(key)).value)
        except ValueError:
            return False
