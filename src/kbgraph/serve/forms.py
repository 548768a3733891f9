"""The media types of answers and of data: how each is called, and what a URL that asks for it ends in."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["BOOLEANS", "GRAPHS", "HTML", "ROWS", "Form", "form_by_suffix", "forms_of"]

HTML = "text/html"


class Form(NamedTuple):
    """A form: its media type, other names of it, its name in `query.formats`, the suffix of URLs."""

    media: str
    also: tuple[str, ...]
    name: str
    suffix: str


ROWS = (
    Form("application/sparql-results+json", ("application/json", "text/json"), "json", "json"),
    Form("application/sparql-results+xml", ("application/xml", "text/xml"), "xml", "xml"),
    Form("text/csv", (), "csv", "csv"),
    Form("text/tab-separated-values", (), "tsv", "tsv"),
)
BOOLEANS = ROWS[:2]
GRAPHS = (
    Form("text/turtle", ("application/x-turtle", "text/plain"), "turtle", "ttl"),
    Form("application/ld+json", ("application/json",), "jsonld", "jsonld"),
    Form("application/n-triples", (), "nt", "nt"),
    Form("application/rdf+xml", ("application/xml", "text/xml"), "rdfxml", "rdf"),
)

_BY_QUERY = {"SELECT": ROWS, "ASK": BOOLEANS, "CONSTRUCT": GRAPHS, "DESCRIBE": GRAPHS}
_BY_SUFFIX = {form.suffix: form for form in GRAPHS}


def forms_of(query: str) -> tuple[Form, ...]:
    """The forms that the answer to a form of query, such as SELECT, can be written in."""
    return _BY_QUERY.get(query, ROWS)


def form_by_suffix(suffix: str) -> Form | None:
    """The form of data that such an ending of a URL asks for."""
    return _BY_SUFFIX.get(suffix)
