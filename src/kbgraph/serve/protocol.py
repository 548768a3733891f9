"""SPARQL 1.1 Protocol, 2.1: what a request asks, and in which form it would like the answer.

Queries alone: the graph comes from articles, and an update is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from kbgraph.serve.forms import Form
from kbgraph.serve.negotiation import best_of

__all__ = ["METHODS", "Question", "Refusal", "chosen_form", "question_of"]

METHODS = "GET, HEAD, POST, OPTIONS"
_FORM = "application/x-www-form-urlencoded"
_DIRECT = "application/sparql-query"
_UPDATE = "application/sparql-update"
#: More graphs than a query can have use for.
_MOST_GRAPHS = 256


@dataclass(frozen=True, slots=True)
class Question:
    """A query, the graphs of its dataset where the request names them, and the form asked for by name."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str = ""


class Refusal(Exception):
    """What is wrong with a request: status, message, and headers that belong to it."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}


@dataclass(slots=True)
class _Fields:
    """The fields of a query string and of a form, each with its values."""

    values: dict[str, list[str]] = field(default_factory=dict)

    def read(self, text: str) -> None:
        try:
            pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=2 * _MOST_GRAPHS)
        except UnicodeDecodeError:
            raise Refusal(400, "the parameters are not UTF-8") from None
        except ValueError:
            raise Refusal(400, "there are too many parameters") from None
        for name, value in pairs:
            self.values.setdefault(name, []).append(value)

    def of(self, name: str) -> list[str]:
        return self.values.get(name, [])


def question_of(method: str, query_string: str, content_type: str, body: bytes) -> Question | None:
    """What a request asks; None where it asks nothing, and gets the description of the service.

    Raises:
        Refusal: it is not as the protocol says, or would write.
    """
    fields = _Fields()
    fields.read(query_string)
    if method == "POST":
        direct = _posted(content_type, body, fields)
        if direct is not None:
            if fields.of("query"):
                raise Refusal(400, "there are two queries: one in the address, one in the body")
            return _asked([direct], fields)
        if not fields.of("query") and not fields.of("update"):
            raise Refusal(400, "the form has no field 'query'")
    if fields.of("update"):
        raise Refusal(403, "this endpoint is read-only: what is in the graph comes from the articles")
    if not fields.of("query"):
        return None
    return _asked(fields.of("query"), fields)


def _posted(content_type: str, body: bytes, fields: _Fields) -> str | None:
    """The query that a body is; None where it is a form, whose fields are read."""
    kind, _, parameters = content_type.partition(";")
    kind = kind.strip().lower()
    if kind == _UPDATE:
        raise Refusal(403, "this endpoint is read-only: what is in the graph comes from the articles")
    if kind not in {_FORM, _DIRECT}:
        raise Refusal(415, f"the body must be {_DIRECT} or {_FORM}, not {kind or 'without a type'}")
    charset = parameters.lower().replace('"', "").replace(" ", "").partition("charset=")[2].partition(";")[0]
    if charset not in {"", "utf-8", "utf8", "us-ascii"}:
        raise Refusal(415, "the body must be in UTF-8")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal(400, "the body is not UTF-8") from None
    if kind == _DIRECT:
        return text
    fields.read(text)
    return None


def _asked(queries: Sequence[str], fields: _Fields) -> Question:
    if len(queries) > 1:
        raise Refusal(400, "there is more than one query")
    defaults, named = fields.of("default-graph-uri"), fields.of("named-graph-uri")
    if len(defaults) + len(named) > _MOST_GRAPHS:
        raise Refusal(400, f"the dataset has more than {_MOST_GRAPHS} graphs")
    return Question(queries[0], tuple(defaults), tuple(named), next(iter(fields.of("format")), ""))


def chosen_form(accept: str, wanted: str, forms: Iterable[Form]) -> Form:
    """The form to answer in: the one asked for by name, or the one that the client would like best.

    Raises:
        Refusal: it takes none.
    """
    forms = tuple(forms)
    if wanted:
        for form in forms:
            if wanted in {form.name, form.suffix, form.media, *form.also}:
                return form
        raise Refusal(
            406, f"there is no format {wanted!r} for this; there are {', '.join(each.name for each in forms)}"
        )
    names = {name: form for form in reversed(forms) for name in (form.media, *form.also)}
    # the proper name of each before any other name, so that */* gets the first form
    offers = [form.media for form in forms] + [name for form in forms for name in form.also]
    best = best_of(accept, offers)
    if best is None:
        raise Refusal(406, f"there is no such form of this; there are {', '.join(form.media for form in forms)}")
    return names[best]
