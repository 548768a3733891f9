"""Pages as HTML: what they show, put into the templates, which escape all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kbgraph.export.search import writer_of
from kbgraph.resources import resource_folder, resource_text
from kbgraph.serve.addresses import KINDS, Addresses, kind_of, root_of
from kbgraph.serve.articles import article_page
from kbgraph.serve.documents import triples_about
from kbgraph.serve.forms import GRAPHS
from kbgraph.serve.home import home_page, list_page, title_of
from kbgraph.serve.things import source_page, thing_page

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from kbgraph.query.named import NamedQuery
    from kbgraph.serve.editing import Example
    from kbgraph.serve.finding import Found
    from kbgraph.serve.known import Known

__all__ = ["STATIC", "Pages", "static_file"]

_FORM_NAMES = {"turtle": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdfxml": "RDF/XML"}

#: The files that pages use: the folder that each ships in, its name there, its media type.
STATIC: dict[str, tuple[str, str, str]] = {
    "pages.css": ("serve/assets", "pages.css", "text/css"),
    "pages.js": ("serve/assets", "pages.js", "text/javascript"),
    "editor.js": ("serve/bundle", "editor.js", "text/javascript"),
    "editor.css": ("serve/bundle", "editor-style.css", "text/css"),
    "explore.js": ("serve/bundle", "explore.js", "text/javascript"),
    "icon.svg": ("serve/assets", "icon.svg", "image/svg+xml"),
    "explorer.js": ("page/assets", "explorer.js", "text/javascript"),
    "explorer.css": ("page/assets", "style.css", "text/css"),
}


@cache
def static_file(name: str) -> bytes:
    """A file that pages use."""
    folder, inner, _ = STATIC[name]
    return resource_text(folder, inner).encode()


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(resource_folder("serve/templates"))
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=False)
    for name in environment.list_templates():  # compiled now, before processes are copied
        environment.get_template(name)
    return environment


class Pages:
    """The pages of a dataset; the same templates for a server and for a site in a folder."""

    def __init__(self, known: Known, addresses: Addresses) -> None:
        self.known = known
        self.addresses = addresses
        self.site_title, self.description = title_of(known)
        self._write: Callable[[str, list[Triple]], bytes] | None = None

    def of(self, iri: str) -> str:
        """The page of what an IRI names."""
        path = str(self.addresses.path_of(iri))
        root = root_of(path)
        kind = kind_of(iri, self.known.base)
        makers: dict[str, tuple[str, Callable[..., dict[str, Any]]]] = {
            "article": ("article.html", article_page),
            "source": ("source.html", source_page),
        }
        template, make = makers.get(kind, ("thing.html", thing_page))
        shown = make(self.known, iri, self.addresses, root)
        trail = [{"label": KINDS[kind][1].capitalize(), "href": f"{root}{KINDS[kind][1]}.html"}] if kind else []
        if kind == "graph":
            trail = []
        return self._rendered(
            template,
            root,
            **{
                **shown,
                "trail": [*trail, *shown.get("trail", [])],
                "iri": iri,
                "canonical": iri,
                "summary": shown.get("abstract") or shown.get("definition") or shown["title"],
                "data": self.data_links(iri, root),
                "json_ld": self._json_ld(iri) if kind == "article" else "",
            },
        )

    def data_links(self, iri: str, root: str) -> list[dict[str, str]]:
        """Where the data of an IRI are, in each format."""
        return [
            {"media": form.media, "name": _FORM_NAMES[form.name], "href": f"{root}{path}"}
            for form in GRAPHS
            if (path := self.addresses.path_of(iri, form.suffix)) is not None
        ]

    def _json_ld(self, iri: str) -> Markup:
        # It is safe within a script: `<` is written in another way there.
        if self._write is None:
            self._write = writer_of(self.known.base, lambda each: sorted(self.known.quads(each), key=str))
        return Markup(self._write(iri, triples_about(self.known, iri)).decode())  # noqa: S704

    def home(self) -> str:
        """The first page."""
        shown = home_page(self.known, self.addresses, "")
        return self._rendered("home.html", "", **{**shown, "summary": self.description, "canonical": self.known.base})

    def list(self, name: str) -> str | None:
        """A page of a list, by its name; None where there is none."""
        shown = list_page(self.known, name, self.addresses, "")
        return None if shown is None else self._rendered("list.html", "", **shown)

    def search(self, text: str, results: Sequence[Found], most: int) -> str:
        """The page of what was found."""
        return self._rendered("search.html", "", title="Search", q=text, results=results, most=most, no_index=True)

    def editor(self, queries: Iterable[NamedQuery], example: Example | None, seconds: int, root: str = "") -> str:
        """The page on which one asks in SPARQL; `example` is what it begins with."""
        shown = {"title": "Ask in SPARQL", "queries": queries, "example": example, "seconds": seconds}
        return self._rendered("editor.html", root, **shown)

    def error(self, title: str, message: str, root: str) -> str:
        """A page that says that there is none."""
        return self._rendered("error.html", root, title=title, message=message, no_index=True)

    def explorer(self) -> str:
        """The page of the graph, which asks for its data."""
        return self._rendered("explore.html", "", title=self.site_title)

    def _rendered(self, template: str, root: str, **shown: Any) -> str:
        frame = {
            "root": root,
            "home": self.addresses.home,
            "site_title": self.site_title,
            "is_site": self.addresses.is_site,
            "summary": "",
            "no_index": False,
            "canonical": "",
            "data": [],
            "trail": [],
            "iri": "",
            "json_ld": "",
            "q": "",
        }
        return _environment().get_template(template).render({**frame, **shown})
