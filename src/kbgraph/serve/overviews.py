"""What tells of the whole dataset: the first page, lists, and what programs look for first, by path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kbgraph.serve.catalogues import dated, llms_text, robots_text, sitemaps, void_triples
from kbgraph.serve.documents import document_of
from kbgraph.serve.forms import GRAPHS, HTML
from kbgraph.serve.home import LISTS, members_of, pages_of
from kbgraph.serve.protocol import chosen_form
from kbgraph.serve.serving import Made, Served

if TYPE_CHECKING:
    from kbgraph.serve.rendering import Pages

__all__ = ["is_overview", "overview_of"]

_ALONE = {"", "index.html", "explore", "void", ".well-known/void", "robots.txt", "llms.txt"}


#: Kinds of what has a page that somebody might look for.
_WORTH_FINDING = ("article", "category", "source", "agent/person", "org")


def is_overview(path: str) -> bool:
    """Whether a path is of a page or a catalogue that tells of the whole dataset."""
    name = path.partition("-")[0].removesuffix(".html").removesuffix(".xml")
    return path in _ALONE or (path.endswith((".html", ".xml")) and name in {*LISTS, "sitemap"})


def overview_of(served: Served, pages: Pages, path: str, accept: str, root: str) -> Made | None:
    """What is at such a path; None for nothing.

    Args:
        served: the dataset.
        pages: its pages.
        path: the path below the root.
        accept: which forms of data the client takes.
        root: where the site is reached from outside.

    Raises:
        Refusal: the client takes no form that there is.
    """
    return _catalogue(served, pages, path, accept, root) or _page(served, pages, path)


def _page(served: Served, pages: Pages, path: str) -> Made | None:
    """The first page, that of the graph, or a page of a list."""
    if path == "explore":
        body: str | None = pages.explorer()
    else:
        body = pages.home() if path in {"", "index.html"} else pages.list(path)
    return None if body is None else served.keep(Made(body.encode(), HTML, served.tag("page", path)), "page", path)


def _catalogue(served: Served, pages: Pages, path: str, accept: str, root: str) -> Made | None:
    """What programs look for first."""
    known = served.known
    if path in {"void", ".well-known/void"}:
        form = chosen_form(accept, "", GRAPHS)
        body = document_of(void_triples(known, root), form.name)
        return Made(body, form.media, served.tag("void", form.name, root), (("Vary", "Accept"),))
    if path == "robots.txt":
        return Made(robots_text(root).encode(), "text/plain", served.tag(path, root))
    if path == "llms.txt":
        articles = [
            (known.label(each), each.removeprefix(known.base), known.text(each, "schema:abstract"))
            for each in members_of(known, "article")
        ]
        text = llms_text(pages.site_title, pages.description, articles, root)
        return Made(text.encode(), "text/plain", served.tag(path, root))
    if path.startswith("sitemap") and path.endswith(".xml"):
        map_ = sitemaps(_addresses(pages), root).get(path)
        return None if map_ is None else Made(map_, "application/xml", served.tag(path, root))
    return None


def _addresses(pages: Pages) -> list[tuple[str, str]]:
    """The pages that are worth finding, each with the day of its last change."""
    known = pages.known
    lists = [name for many in LISTS for name in pages_of(known, many) if members_of(known, LISTS[many][0])]
    iris = [iri for kind in _WORTH_FINDING for iri in members_of(known, kind)]
    return [("", ""), *((name, "") for name in lists), *dated(known, pages.addresses, iris)]
