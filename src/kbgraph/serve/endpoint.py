"""The endpoint `/sparql`: requests of the protocol to queries, and answers with their statuses."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from kbgraph.errors import KbgraphError, LimitError, UsageError
from kbgraph.query.guard import refuse_writing
from kbgraph.query.tokens import form_of, tokens_of
from kbgraph.serve.catalogues import service_triples
from kbgraph.serve.documents import document_of
from kbgraph.serve.forms import GRAPHS, HTML, forms_of
from kbgraph.serve.lanes import Busy, Graphs
from kbgraph.serve.negotiation import best_of
from kbgraph.serve.protocol import METHODS, Question, Refusal, chosen_form, question_of
from kbgraph.serve.serving import Made, Served

if TYPE_CHECKING:
    from kbgraph.config import Limits

__all__ = ["answer_to", "body_of", "plain", "seconds_to_wait"]

#: Seconds that a client has to send a body.
_BODY_SECONDS = 10


def plain(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """A short answer in words."""
    return Response(f"{message}\n", status, headers, media_type="text/plain")


async def answer_to(request: Request, served: Served, limits: Limits, address: str) -> Response | None:
    """What a request to the endpoint, at this address, gets; None for a browser without a query: the editor."""
    if request.method == "OPTIONS":
        headers = {"Allow": METHODS, "Access-Control-Allow-Methods": METHODS, "Access-Control-Allow-Headers": "*"}
        return Response(None, 204, {**headers, "Access-Control-Max-Age": "86400"})
    if request.method not in METHODS.split(", "):
        return plain(405, f"{request.method} is not for queries; these are: {METHODS}", {"Allow": METHODS})
    try:
        body = await body_of(request, 4 * limits.query_chars) if request.method == "POST" else b""
        question = question_of(
            request.method,
            request.scope["query_string"].decode("latin-1"),
            request.headers.get("content-type", ""),
            body,
        )
        if question is None:
            return _description(request, served, address)
        return await _answer(request, served, question)
    except Refusal as refusal:
        return plain(refusal.status, str(refusal), refusal.headers)


async def body_of(request: Request, most: int) -> bytes:
    """The body of a request.

    Raises:
        Refusal: it is too large, or does not come.
    """
    said = request.headers.get("content-length", "0")
    if not said.isdecimal() or int(said) > most:
        raise Refusal(413, f"the body is too large: more than {most:,} bytes", {"Connection": "close"})
    data = bytearray()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for piece in request.stream():
                data += piece
                if len(data) > most:
                    raise Refusal(413, f"the body is too large: more than {most:,} bytes", {"Connection": "close"})
    except TimeoutError:
        raise Refusal(408, "the body did not come in time", {"Connection": "close"}) from None
    except ClientDisconnect:
        raise Refusal(400, "the body was not sent to its end") from None
    return bytes(data)


def _description(request: Request, served: Served, address: str) -> Response | None:
    """The description of the service (SPARQL 1.1 Service Description), or None for a browser."""
    accept = request.headers.get("accept", "")
    offers = [form.media for form in GRAPHS]
    if best_of(accept, [*offers, HTML]) == HTML:
        return None
    form = chosen_form(accept, request.query_params.get("format", ""), GRAPHS)
    data = document_of(service_triples(served.known, address), form.name)
    return Response(data, 200, {"Vary": "Accept"}, media_type=form.media)


async def _answer(request: Request, served: Served, question: Question) -> Response:
    accept = request.headers.get("accept", "")
    graphs = (
        (question.default_graphs, question.named_graphs) if question.default_graphs or question.named_graphs else None
    )
    asked = ("query", question.query, repr(graphs), accept, question.format)
    made = served.kept(*asked)
    if made is None:
        made = await _made(request, served, question, graphs)
        if len(made.body) < _KEPT and len(question.query) < _KEPT:
            served.keep(made, *asked)
    headers = {"Vary": "Accept", "ETag": made.tag, "Cache-Control": "no-cache"}
    if request.method != "POST" and made.tag in request.headers.get("if-none-match", ""):
        return Response(None, 304, headers)
    return Response(made.body, 200, {**headers, **dict(made.headers)}, media_type=made.media)


async def _made(request: Request, served: Served, question: Question, graphs: Graphs | None) -> Made:
    try:
        tokens = tokens_of(question.query)
        refuse_writing(question.query, tokens)
    except UsageError as error:
        raise Refusal(400, str(error)) from None
    form = chosen_form(request.headers.get("accept", ""), question.format, forms_of(form_of(tokens)))
    try:
        async with _UnlessGone(request):
            reply = await served.lanes.ask(question.query, graphs, form.name)
    except Busy:
        raise Refusal(503, "the server is busy with other queries; try again soon", {"Retry-After": "5"}) from None
    except UsageError as error:
        raise Refusal(400, str(error)) from None
    except LimitError as error:
        # another time, with less to do, it might be enough
        raise Refusal(503, str(error), {"Retry-After": "60"}) from None
    except KbgraphError as error:
        raise Refusal(500, str(error)) from None
    tag = served.tag("query", question.query, repr(graphs), form.name)
    more = () if reply.cut is None else (("X-Kbgraph-Cut", str(reply.cut)),)
    return Made(reply.data, form.media, tag, more)


#: Bytes of an answer that is kept for whoever asks the same.
_KEPT = 64 * 1024


class _UnlessGone:
    """Stops what is done for a client where the client goes away. Most answers are there before anybody looks."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._is_gone = False

    async def __aenter__(self) -> None:
        working = asyncio.current_task()
        assert working is not None
        self._working = working
        self._timer = asyncio.get_running_loop().call_later(_LOOK, self._watch)
        self._watching: asyncio.Task[None] | None = None

    def _watch(self) -> None:
        self._watching = asyncio.get_running_loop().create_task(self._end())

    async def _end(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
        self._is_gone = True
        self._working.cancel()

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        self._timer.cancel()
        if self._watching is not None:
            self._watching.cancel()
        if self._is_gone and self._working.uncancel() == 0 and kind is asyncio.CancelledError:
            raise Refusal(499, "the client has gone") from None


#: Seconds until somebody looks whether the client is still there.
_LOOK = 0.05


def seconds_to_wait(wait: float) -> dict[str, str]:
    """The header that says when to come back."""
    return {"Retry-After": str(max(1, math.ceil(wait)))}
