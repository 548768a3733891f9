"""Requests and answers: which page or document an address has, in which form, and what the answer says of it.

What is shown is made in `rendering` and `documents`, what is asked is answered in `endpoint`. Everything
is read from one dataset at a time; what was made of it is kept until another takes its place.
"""

from __future__ import annotations

import asyncio
import os
import time
import traceback
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kbgraph.config import Settings
from kbgraph.errors import LimitError, UsageError
from kbgraph.query.named import named_queries
from kbgraph.search.index import Index
from kbgraph.serve.addresses import Addresses, kind_of, root_of
from kbgraph.serve.editing import example_of, vocabulary_of
from kbgraph.serve.endpoint import answer_to, plain, seconds_to_wait
from kbgraph.serve.exploring import Map, map_of, told_of
from kbgraph.serve.finding import found_of
from kbgraph.serve.forms import GRAPHS, HTML, Form, form_by_suffix
from kbgraph.serve.headers import protect
from kbgraph.serve.lanes import Busy
from kbgraph.serve.negotiation import best_of
from kbgraph.serve.overviews import is_overview, overview_of
from kbgraph.serve.packing import packed
from kbgraph.serve.protocol import Refusal, chosen_form
from kbgraph.serve.rate import Rate
from kbgraph.serve.rendering import STATIC, Pages, static_file
from kbgraph.serve.serving import Made, Served, Serving

__all__ = ["App", "Options"]

_READING = ("GET", "HEAD")
_ALLOWED = "GET, HEAD, OPTIONS"
_FOUND, _SUGGESTED = 100, 8
_LONGEST_SEARCH = 200
_JSON = "application/json"
#: Characters of a path in the log, and of the address of a client.
_SHOWN, _LONGEST_ADDRESS = 300, 64


@dataclass(frozen=True, slots=True)
class Options:
    """What is served, and how.

    Args:
        path: the folder of a build, or a file of RDF.
        settings: of the project; its limits count.
        root_path: what a proxy puts before every path; "" for nothing.
        base_url: where the site is reached from outside, for sitemaps; "" for the base IRI of the data.
        aside: a folder for what is needed for this time only.
        told: hears what takes long, and of new builds.
        trust_proxy: whether to believe the proxy before this of who asks.
        log: hears of each answer, as a line: client, request, status, bytes, seconds; None for no log.
    """

    path: Path
    settings: Settings
    root_path: str
    base_url: str
    aside: Path
    told: Callable[[str], object]
    trust_proxy: bool = False
    log: Callable[[str], object] | None = None


class _Shown:
    """The pages and the index of one dataset, each made when it is first asked for."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.pages = Pages(served.known, Addresses(served.base, is_site=False))
        self._index: Index | None = None
        self._map: Map | None = None
        self._indexing, self._mapping = asyncio.Lock(), asyncio.Lock()

    async def index(self, options: Options) -> Index:
        async with self._indexing:
            if self._index is None:
                cache = options.settings.cache_dir
                self._index = await asyncio.to_thread(
                    Index.open, options.path, Path(cache) if cache else None, options.settings.limits, options.told
                )
            return self._index

    async def map(self, path: Path) -> Map:
        async with self._mapping:
            if self._map is None:
                self._map = await asyncio.to_thread(map_of, path, self.pages.site_title)
            return self._map


class App:
    """The answers to all requests, as an ASGI application."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._limits = options.settings.limits
        self.serving = Serving(options.path, self._limits, options.aside, options.told)
        self._rate = Rate(self._limits.serve_rate)
        self._shown: _Shown | None = None

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Open the dataset, and end all processes afterwards.

        Raises:
            KbgraphError: there is no dataset, or it cannot be read.
        """
        await self.serving.start()
        try:
            yield
        finally:
            self.serving.close()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request."""
        began = time.perf_counter()
        try:
            answer = await self.answer(Request(scope, receive))
        except asyncio.CancelledError:  # the server ends, and this took longer than it may then
            answer = plain(503, "the server ends", {"Retry-After": "60"})
        except Exception as error:  # noqa: BLE001 - the top of a request: nobody else would hear of it
            self._options.told(f"internal error: {error!r}; this is a bug, please report it")
            if os.environ.get("KBGRAPH_DEBUG"):
                self._options.told(traceback.format_exc())
            answer = plain(500, "internal error")
        protect(answer)
        try:
            await answer(scope, receive, send)
        finally:
            if self._options.log is not None:
                asked = scope["raw_path"].decode("ascii", "backslashreplace")[:_SHOWN]
                size, seconds = len(answer.body), time.perf_counter() - began
                self._options.log(
                    f"{self._client(scope)} {scope['method']} {asked} {answer.status_code} {size} {seconds:.3f}"
                )

    def _client(self, scope: Any) -> str:
        """The address of who asks: as the proxy says, the last one that was added, or that of the connection."""
        if self._options.trust_proxy:
            for name, value in reversed(scope["headers"]):
                if name == b"x-forwarded-for":
                    return str(value.decode("latin-1").rpartition(",")[2].strip())[:_LONGEST_ADDRESS]
        return str(scope["client"][0]) if scope.get("client") else "-"

    def _now(self) -> _Shown:
        served = self.serving.now
        if self._shown is None or self._shown.served is not served:
            self._shown = _Shown(served)
        return self._shown

    async def answer(self, request: Request) -> Response:
        """The answer to a request."""
        path = self._path_of(request)
        if path is None:
            return plain(400, "the address is not UTF-8, or holds characters that no address holds")
        shown = self._now()
        if path in {"sparql", "sparql/"}:
            return await self._asked(request, shown, path)
        if request.method == "OPTIONS":
            headers = {"Allow": _ALLOWED, "Access-Control-Allow-Methods": _ALLOWED, "Access-Control-Allow-Headers": "*"}
            return Response(None, 204, {**headers, "Access-Control-Max-Age": "86400"})
        if request.method not in _READING:
            return plain(405, f"nothing can be changed here; {_ALLOWED} are allowed", {"Allow": _ALLOWED})
        try:
            return await self._read(request, shown, path)
        except Refusal as refusal:
            return self._refused(request, shown, path, refusal)

    def _path_of(self, request: Request) -> str | None:
        """The path below the root, percent-encoded; None where it is none."""
        raw: bytes = request.scope.get("raw_path") or quote(request.scope["path"]).encode()
        raw = raw.partition(b"?")[0]
        try:
            text = raw.decode("ascii")
            decoded = unquote_to_bytes(text).decode("utf-8")
        except UnicodeDecodeError:
            return None
        if any(ord(char) < 0x20 or ord(char) == 0x7F for char in decoded):
            return None
        prefix = self._options.root_path
        if prefix and (text == prefix or text.startswith(f"{prefix}/")):
            text = text[len(prefix) :]
        return text.removeprefix("/")

    # ---- questions

    async def _asked(self, request: Request, shown: _Shown, path: str) -> Response:
        waiting = self._wait(request)
        if waiting:
            return plain(429, "you ask too often; wait a little", seconds_to_wait(waiting))
        answer = await answer_to(request, shown.served, self._limits, f"{self._root(request, shown)}sparql")
        if answer is not None:
            return answer
        queries = await asyncio.to_thread(named_queries, self._options.settings)
        chosen = queries.get(request.query_params.get("example", ""))
        example = None if chosen is None else example_of(chosen, request.query_params, shown.served.base)
        body = shown.pages.editor(queries.values(), example, self._limits.query_seconds, root_of(path))
        return Response(body, 200, {"Vary": "Accept"}, media_type=HTML)

    def _wait(self, request: Request) -> float:
        return self._rate.wait(self._client(request.scope), asyncio.get_running_loop().time())

    # ---- reading

    async def _read(self, request: Request, shown: _Shown, path: str) -> Response:
        if path.startswith("_static/"):
            return self._static(request, path.removeprefix("_static/"))
        if path in {"search", "suggest"}:
            return await self._search(request, shown, path)
        if path.startswith(("_explorer/", "_editor/")):
            return await self._live(request, shown, path)
        made = shown.served.kept("page", path)
        if made is None and is_overview(path):  # these look at all there is: others are answered meanwhile
            accept, root = request.headers.get("accept", ""), self._root(request, shown)
            made = await asyncio.to_thread(overview_of, shown.served, shown.pages, path, accept, root)
        if made is not None:
            return _sent(request, made)
        return await self._thing(request, shown, path)

    def _static(self, request: Request, name: str) -> Response:
        if name not in STATIC:
            raise Refusal(404, "there is no such file")
        body = static_file(name)
        made = Made(body, STATIC[name][2], self.serving.now.tag("static", name, body.decode()))
        return _sent(request, packed(made, request.headers.get("accept-encoding", "")))

    async def _search(self, request: Request, shown: _Shown, path: str) -> Response:
        waiting = self._wait(request)
        if waiting:
            return plain(429, "you ask too often; wait a little", seconds_to_wait(waiting))
        text = request.query_params.get("q", "")[:_LONGEST_SEARCH]
        index = await shown.index(self._options)
        search = index.suggest if path == "suggest" else index.search
        try:
            hits = await asyncio.to_thread(search, text, _SUGGESTED if path == "suggest" else _FOUND)
        except LimitError as error:
            raise Refusal(400, str(error)) from None
        found = found_of(hits, shown.pages.addresses)
        if path == "suggest":
            shown_ones = [{"kind": each.kind, "label": each.label.text, "path": each.path} for each in found]
            return JSONResponse({"query": text, "suggestions": shown_ones})
        return Response(shown.pages.search(text, found, _FOUND), 200, media_type=HTML)

    async def _live(self, request: Request, shown: _Shown, path: str) -> Response:
        """The data behind the explorer and the editor."""
        served = shown.served
        if path == "_explorer/map.json":
            body = (await shown.map(self._options.path)).drawn
        elif path == "_explorer/node.json":
            iri = served.base + request.query_params.get("id", "").removeprefix(served.base)
            told = told_of(served.known, iri, await shown.map(self._options.path))
            if told is None:
                raise Refusal(404, "there is no such node")
            body = told
        elif path == "_editor/vocabulary.json":
            kept = served.kept(path)
            body = kept.body if kept else orjson.dumps(await asyncio.to_thread(vocabulary_of, served.known))
            served.keep(Made(body, _JSON, served.tag(path)), path)
        else:
            raise Refusal(404, "there is nothing at this address")
        made = Made(body, _JSON, served.tag(path, str(request.query_params)))
        return _sent(request, packed(made, request.headers.get("accept-encoding", "")))

    def _root(self, request: Request, shown: _Shown) -> str:
        """Where the site is reached from outside: as was said, or the base IRI; never as a request says."""
        if self._options.base_url:
            return self._options.base_url
        return shown.served.base or f"{request.url.scheme}://localhost/"

    # ---- what IRIs name

    async def _thing(self, request: Request, shown: _Shown, path: str) -> Response:
        """What an IRI names, in the form that the client would like, or that its address asks for."""
        served = shown.served
        iri = _iri_of(served, path)
        if path in _LISTED and served.base and served.known.has(served.base + path):
            form = _form_wanted(request)
            if form is None:
                return Response(None, 303, {"Location": _LISTED[path], "Vary": "Accept"})
            data = await self._made(shown, served.base + path, form)
            return _sent(request, data._replace(headers=()), (("Vary", "Accept"),))
        if iri is not None:
            # what is a document has its page or its data here; anything else leads on to them
            form = _form_wanted(request)
            if kind_of(iri, served.base) not in {"article", "graph"}:
                end = path.rpartition("/")[2]
                where = f"{end}.{'html' if form is None else form.suffix}"
                return Response(None, 303, {"Location": f"./{where}", "Vary": "Accept"})
            return _sent(request, await self._made(shown, iri, form), (("Vary", "Accept"),))
        stem, _, suffix = path.rpartition(".")
        iri = _iri_of(served, stem) if stem else None
        form = form_by_suffix(suffix)
        if iri is None or (form is None and suffix != "html"):
            raise Refusal(404, "there is nothing at this address")
        return _sent(request, await self._made(shown, iri, form))

    async def _made(self, shown: _Shown, iri: str, form: Form | None) -> Made:
        served = shown.served
        name = "html" if form is None else form.name
        kept = served.kept(name, iri)
        if kept is not None:
            return kept
        root = root_of(str(shown.pages.addresses.path_of(iri)))
        links = [f'<{iri}>; rel="canonical"']
        links += [
            f'<{each["href"]}>; rel="alternate"; type="{each["media"]}"' for each in shown.pages.data_links(iri, root)
        ]
        if form is None:
            turtle = shown.pages.data_links(iri, root)[0]
            links.append(f'<{turtle["href"]}>; rel="describedby"; type="{turtle["media"]}"')
        else:
            page = f"{root}{shown.pages.addresses.path_of(iri)}"
            links.append(f'<{page}>; rel="alternate"; type="{HTML}"')
        try:
            body = await served.lanes.show(iri, name)
        except UsageError as error:
            raise Refusal(406, str(error)) from None
        except (Busy, LimitError):
            raise Refusal(503, "the server is busy; try again soon", {"Retry-After": "5"}) from None
        tag = served.tag(name, iri)
        made = Made(body, HTML if form is None else form.media, tag, (("Link", ", ".join(links)),))
        return served.keep(made, name, iri)

    def _refused(self, request: Request, shown: _Shown, path: str, refusal: Refusal) -> Response:
        if best_of(request.headers.get("accept", ""), ["text/plain", HTML]) != HTML or refusal.status == 406:
            return plain(refusal.status, str(refusal), refusal.headers)
        title = {404: "Not found"}.get(refusal.status, "This did not work")
        body = shown.pages.error(title, str(refusal), root_of(path))
        return Response(body, refusal.status, refusal.headers, media_type=HTML)


_OFFERS = [HTML, *(name for form in GRAPHS for name in (form.media,)), "application/json"]


#: IRIs that are shown on a page of another name; their data are at the IRI itself.
_LISTED = {"dataset": "./", "category/": "../categories.html"}


def _form_wanted(request: Request) -> Form | None:
    """The form of data that a client would like; None for the page.

    Raises:
        Refusal: it takes none.
    """
    best = best_of(request.headers.get("accept", ""), _OFFERS)
    if best is None:
        raise Refusal(406, f"there is no such form of this; there are {', '.join(_OFFERS)}")
    return None if best == HTML else chosen_form(best, "", GRAPHS)


def _iri_of(served: Served, path: str) -> str | None:
    """The IRI of a path, if the dataset says anything of it: as it stands, or as we write it."""
    if not served.base:
        return None
    written = quote(unquote_to_bytes(path), safe="/+~")
    for each in dict.fromkeys((path, written)):
        iri = served.base + each
        if kind_of(iri, served.base) and served.known.has(iri):
            return iri
    return None


def _sent(request: Request, made: Made, more: tuple[tuple[str, str], ...] = ()) -> Response:
    """What was made, unless the client has it already (RFC 9110, 13.1.2)."""
    headers: Mapping[str, str] = dict((*made.headers, *more, ("ETag", made.tag), ("Cache-Control", "no-cache")))
    known = request.headers.get("if-none-match", "")
    if known and (known.strip() == "*" or made.tag in {each.strip().removeprefix("W/") for each in known.split(",")}):
        return Response(None, 304, headers)
    return Response(made.body, 200, headers, media_type=made.media)
