"""A query asked of a SPARQL endpoint (SPARQL 1.1 Protocol, 2.1.2), which answers within its own bounds.

What it may reach is the endpoint's to decide, so `SERVICE` and `FROM` pass; updates do not, and functions
of ours are taken out. Answers are written as those of the embedded store are. How requests are sent is in
`kbgraph.push.http`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kbgraph.config import Limits
from kbgraph.errors import LimitError, WorldError
from kbgraph.push import http
from kbgraph.push.credentials import checked_url
from kbgraph.query.answers import Answer, triples_of
from kbgraph.query.asking import Reply, Request
from kbgraph.query.bindings import bound, value_of
from kbgraph.query.evaluation import USUAL_PREFIXES
from kbgraph.query.formats import Look, checked_format, rendered
from kbgraph.query.functions import without_functions
from kbgraph.query.guard import refuse_writing
from kbgraph.query.results import parse_json_results
from kbgraph.query.tokens import Token, form_of, prologue_end, tokens_of

if TYPE_CHECKING:
    import httpx

__all__ = ["ask_endpoint"]

_ROWS = "application/sparql-results+json"
#: N-Triples comes last: what some call by this name is Turtle.
_TRIPLES = ("text/turtle", "application/n-triples")


def ask_endpoint(url: str, request: Request, transport: httpx.BaseTransport | None = None) -> Reply:
    """The answer of an endpoint, asked once.

    Args:
        url: the endpoint; credentials come from the environment or a netrc file.
        request: what is asked; its path counts for nothing.
        transport: what carries the request, for tests.

    Raises:
        UsageError: it is an update, or wrongly made.
        WorldError: the endpoint does not answer, or not with what was asked for.
        LimitError: the answer is too large.
    """
    tokens = tokens_of(request.query)
    refuse_writing(request.query, tokens)
    form = form_of(tokens)
    wanted = checked_format(request.format, form)
    values = {
        name: value_of(given, USUAL_PREFIXES, kind=kind, base="") for name, (kind, given) in request.values.items()
    }
    query = without_functions(request.query, tokens)
    text = _with_prefixes(bound(query, values), tokens_of(query))
    kinds = (_ROWS,) if form in {"SELECT", "ASK"} else _TRIPLES
    limits = request.limits
    with http.Client(limits, transport=transport) as client:
        asked = http.Request("POST", checked_url(url), form={"query": text}, headers={"Accept": ", ".join(kinds)})
        expect = (*kinds, "application/json") if kinds == (_ROWS,) else kinds
        try:
            answer = client.ask(asked, expect=expect, seconds=request.seconds, attempts=1)
        except http.TimedOut:
            raise LimitError(f"the endpoint took longer than {request.seconds:g} s; --timeout gives it more") from None
    if form in {"SELECT", "ASK"}:
        found = _first(parse_json_results(answer.body), request.most)
    else:
        found = _graph(answer.body, answer.kind, request.most, limits)
    data = rendered(found, wanted, Look(request.width, USUAL_PREFIXES, ""))
    return Reply(data, wanted, found.kind, found.size, found.cut)


def _with_prefixes(text: str, tokens: tuple[Token, ...]) -> str:
    """The query with the usual prefixes that it uses and does not declare, in its first line."""
    end = prologue_end(tokens)
    declared = {token.text for token in tokens[:end] if token.kind == "name"}
    used = {f"{token.text.partition(':')[0]}:" for token in tokens[end:] if token.kind == "name"}
    missing = sorted(name for name in used - declared if name[:-1] in USUAL_PREFIXES)
    return "".join(f"PREFIX {name} <{USUAL_PREFIXES[name[:-1]]}> " for name in missing) + text


def _first(answer: Answer, most: int | None) -> Answer:
    if answer.rows is None or most is None or len(answer.rows) <= most:
        return answer
    return Answer(answer.variables, answer.rows[:most], cut=most)


def _graph(data: bytes, kind: str, most: int | None, limits: Limits) -> Answer:
    from pyoxigraph import RdfFormat, parse

    formats: Mapping[str, RdfFormat] = {"text/turtle": RdfFormat.TURTLE, "application/n-triples": RdfFormat.N_TRIPLES}
    try:
        quads = list(parse(data, format=formats[kind]))
    except (SyntaxError, ValueError) as error:
        raise WorldError(f"the endpoint answered with what is not {kind}: {error}") from None
    return triples_of((quad.triple for quad in quads), most, limits.result_bytes)
