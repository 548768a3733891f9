"""What the first page and the lists show: how much there is of what, what is new, what is cited most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from kbgraph.serve.addresses import KINDS, Addresses, kind_of
from kbgraph.serve.articles import dates_of, named
from kbgraph.serve.known import Known
from kbgraph.terms import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LISTS", "home_page", "list_page", "members_of", "pages_of", "title_of"]

#: The lists, by the name of their pages: the kind that each shows, and its heading.
LISTS = {many: (kind, many.capitalize()) for kind, (_, many) in KINDS.items() if kind != "graph"}
_ON_A_PAGE = 400


def title_of(known: Known) -> tuple[str, str]:
    """What the dataset is called, and what it is."""
    dataset = f"{known.base}dataset"
    title = known.text(dataset, "dcterms:title", "schema:name")
    described = known.text(dataset, "dcterms:description", "schema:description")
    return ("Knowledge graph" if title in {"", "kbgraph export"} else title), described


def members_of(known: Known, kind: str) -> list[str]:
    """All things of a kind, sorted by IRI."""
    classes = {
        "article": "kb:Article",
        "source": "kb:Source",
        "category": "skos:Concept",
        "concept": "skos:Concept",
        "agent/person": "schema:Person",
        "org": "schema:Organization",
        "agent/model": "schema:SoftwareApplication",
        "entity": "schema:Thing",
        "graph": "sd:Graph",
    }
    if kind not in classes:
        return []
    return [each for each in known.of_class(classes[kind]) if kind_of(each, known.base) == kind]


def home_page(known: Known, addresses: Addresses, root: str) -> dict[str, Any]:
    """The first page, for the template `home.html`."""

    def href(iri: str) -> str:
        return addresses.link(iri, root)

    articles = members_of(known, "article")
    newest = sorted(articles, key=lambda each: (_day(known, each), each), reverse=True)[:10]
    counts = {many: len(members_of(known, kind)) for many, (kind, _) in LISTS.items()}
    title, description = title_of(known)
    return {
        "title": title,
        "description": description,
        "counts": [(LISTS[many][1], f"{many}.html", count) for many, count in counts.items() if count],
        "facts": len(known.of_class("kb:Fact")),
        "triples": len(known.store),
        "categories": _categories(known, href),
        "newest": [{"label": known.label(each), "href": href(each), "day": _day(known, each)} for each in newest],
        "cited": [
            {"label": known.label(each), "href": href(each), "count": count} for each, count in _most_cited(known)
        ],
    }


def _day(known: Known, iri: str) -> str:
    return known.text(iri, "schema:dateModified") or known.text(iri, "schema:dateCreated")


def _categories(known: Known, href: Callable[[str], str]) -> list[dict[str, Any]]:
    made = []
    for each in members_of(known, "category"):
        about = [one for one in known.pointing(each, "schema:about") if "#" not in one]
        made.append({"label": known.label(each), "href": href(each), "count": len(about)})
    return sorted(made, key=lambda each: (-each["count"], each["label"].casefold()))


def _most_cited(known: Known) -> list[tuple[str, int]]:
    """The sources that most articles cite."""
    counted = Counter(
        quad.object.value
        for quad in known.store.quads_for_pattern(None, SCHEMA.citation, None, None)
        if isinstance(quad.object, NamedNode) and isinstance(quad.subject, NamedNode) and "#" not in quad.subject.value
    )
    return sorted(counted.items(), key=lambda each: (-each[1], each[0]))[:10]


def pages_of(known: Known, many: str) -> list[str]:
    """The names of the pages of a list."""
    count = len(members_of(known, LISTS[many][0]))
    pages = max(1, -(-count // _ON_A_PAGE))
    return [f"{many}.html", *(f"{many}-{number}.html" for number in range(2, pages + 1))]


def list_page(known: Known, name: str, addresses: Addresses, root: str) -> dict[str, Any] | None:
    """A page of a list by its name, for the template `list.html`; None where there is no such page."""
    many, _, number = name.removesuffix(".html").partition("-")
    if many not in LISTS or not name.endswith(".html") or name not in (pages := pages_of(known, many)):
        return None
    kind, heading = LISTS[many]
    at = int(number) if number else 1
    everything = named(known, members_of(known, kind), lambda iri: addresses.link(iri, root))
    members = everything[(at - 1) * _ON_A_PAGE : at * _ON_A_PAGE]
    return {
        "title": heading,
        "count": len(everything),
        "members": [{**each, "about": _about(known, each["iri"], kind)} for each in members],
        "pages": [{"label": str(one), "href": each, "here": each == name} for one, each in enumerate(pages, 1)],
    }


def _about(known: Known, iri: str, kind: str) -> str:
    """What is said of a member of a list besides its name."""
    if kind == "article":
        return ", ".join(_words(known, iri))
    if kind == "source":
        return known.text(iri, "schema:datePublished")
    if kind == "category":
        count = len([each for each in known.pointing(iri, "schema:about") if "#" not in each])
        return f"{count:,} article{'' if count == 1 else 's'}"
    return ""


def _words(known: Known, iri: str) -> Iterator[str]:
    yield from (known.label(each) for each in known.links(iri, "schema:about"))
    yield from (f"{name.lower()} {day[:10]}" for name, day in dates_of(known, iri)[-1:])
