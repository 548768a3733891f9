"""The process in which queries are evaluated and pages are made, and its copies.

One process reads the libraries and the dataset, then copies itself (fork) whenever it is asked to,
which takes milliseconds. Each copy answers on a socket of its own until it is killed: Oxigraph
cannot stop a query that it has begun. None of them can open a connection. Where the server goes, its
socket closes, and all of them end. Who may run when is decided in `lanes`.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import struct
import sys
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from kbgraph.query.wall import bound_memory, cut_off_network

if TYPE_CHECKING:
    from kbgraph.serve.rendering import Pages
    from kbgraph.store import Opened

__all__ = ["HEAD", "ORDER", "main"]

#: What stands before a message: the length of its head, which is JSON, and of the data behind it.
HEAD = struct.Struct("!II")
#: What the server orders: F, a copy that answers on the socket that is sent along; R, to bury the one of this number.
ORDER = struct.Struct("!cI")
#: Bytes that are read at once.
_PIECE = 1 << 16
#: What relative IRIs lie under where the dataset does not say.
_NO_BASE = "https://kb.example/"


def main() -> None:
    """Serve the socket whose number is the first argument: dataset and limits are the others."""
    control = socket.socket(fileno=int(sys.argv[1]))
    cut_off_network()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    from kbgraph.errors import KbgraphError
    from kbgraph.store import load_dataset

    limits: Any = SimpleNamespace(**orjson.loads(sys.argv[3]))
    for name in ("evaluation", "formats", "results", "triples"):
        import_module(f"kbgraph.query.{name}")
    try:
        opened = load_dataset(Path(sys.argv[2]), lambda: Path(sys.argv[4]), limits)
    except KbgraphError as error:
        _tell(control.fileno(), {"error": str(error), "kind": type(error).__name__})
        return
    asked = _Asked(opened, _pages(opened), limits)
    _warm(asked)
    gc.freeze()  # what is there now is shared with all copies for as long as nobody looks it through for garbage
    _tell(control.fileno(), {"base": opened.base})
    children: set[int] = set()
    try:
        _serve(control, asked, children)
    finally:
        for pid in children:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


class _Asked(NamedTuple):
    """What is asked: the dataset, what is made of it, and the limits of answers."""

    opened: Opened
    pages: Pages
    limits: Any


def _pages(opened: Opened) -> Pages:
    from kbgraph.serve.addresses import Addresses
    from kbgraph.serve.known import Known
    from kbgraph.serve.rendering import Pages

    return Pages(Known(opened), Addresses(opened.base, is_site=False))


def _warm(asked: _Asked) -> None:
    """Do once whatever takes longer the first time, so that no copy has to."""
    bool(asked.opened.store.query("ASK { ?s a ?type }", use_default_graph_as_union=True))
    for iri in asked.pages.known.of_class("kb:Article")[:1]:
        asked.pages.of(iri)


def _serve(control: socket.socket, asked: _Asked, children: set[int]) -> None:
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, ORDER.size, 1)
        if len(data) < ORDER.size:
            return
        order, pid = ORDER.unpack(data)
        if order == b"R":  # it has ended: until now its number could not be another's
            children.discard(pid)
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)
            continue
        made = os.fork()
        if made == 0:
            try:
                control.close()
                _answer(descriptors[0], asked)
            finally:  # whatever has happened: what follows is for the process that was copied, which ends all copies
                os._exit(0)
        os.close(descriptors[0])
        children.add(made)
        control.sendall(struct.pack("!I", made))


# ---- a copy


def _answer(descriptor: int, asked: _Asked) -> None:
    bound_memory(asked.limits.query_memory)
    while True:
        request = _read(descriptor)
        if request is None:
            return
        head, data = _outcome(orjson.loads(request), asked)
        try:
            _tell(descriptor, head, data)
        except OSError:
            return
        if head.get("worn"):
            return


def _outcome(request: dict[str, Any], asked: _Asked) -> tuple[dict[str, Any], bytes]:
    from kbgraph.errors import KbgraphError, LimitError

    try:
        return _evaluated(request, asked) if "query" in request else ({}, _shown(request, asked.pages))
    except KbgraphError as error:
        return {"error": str(error), "kind": type(error).__name__}, b""
    except (MemoryError, RecursionError):
        message = f"it took more memory than {asked.limits.query_memory:,} bytes (limit query_memory)"
        return {"error": message, "kind": LimitError.__name__, "worn": True}, b""
    except Exception as error:  # noqa: BLE001 - the top of a process: nobody else would hear of it
        return {"error": repr(error), "kind": "internal", "worn": True}, b""


def _shown(request: dict[str, Any], pages: Pages) -> bytes:
    """The page of an IRI, or its data."""
    from kbgraph.errors import UsageError
    from kbgraph.serve.documents import document_of, triples_about

    iri, form = request["show"], request["format"]
    if form == "html":
        return pages.of(iri).encode()
    try:
        return document_of(triples_about(pages.known, iri), form)
    except (OSError, ValueError) as error:
        raise UsageError(f"this form of data cannot hold it: {error}") from None


def _evaluated(request: dict[str, Any], asked: _Asked) -> tuple[dict[str, Any], bytes]:
    from kbgraph.errors import LimitError
    from kbgraph.query.evaluation import USUAL_PREFIXES, evaluate
    from kbgraph.query.formats import Look, rendered

    opened, limits, graphs = asked.opened, asked.limits, request["graphs"]
    answer = evaluate(
        opened if opened.base else replace(opened, base=_NO_BASE),
        request["query"],
        values={},
        limits=limits,
        most=limits.serve_rows,
        dataset=None if graphs is None else (graphs[0], graphs[1]),
    )
    form = request["format"]
    data = rendered(answer, "nt" if form == "rdfxml" else form, Look(None, USUAL_PREFIXES, opened.base))
    if form == "rdfxml":
        data = _rdf_xml(data, USUAL_PREFIXES)
    if len(data) > limits.result_bytes:
        raise LimitError(f"the answer is too large: more than {limits.result_bytes:,} bytes (limit result_bytes)")
    return {"size": answer.size, "cut": answer.cut}, data


def _rdf_xml(lines: bytes, prefixes: dict[str, str]) -> bytes:
    from pyoxigraph import RdfFormat, parse, serialize

    from kbgraph.errors import UsageError

    triples = (quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES))
    try:
        return serialize(triples, format=RdfFormat.RDF_XML, prefixes=prefixes) or b""
    except (OSError, ValueError) as error:
        raise UsageError(f"RDF/XML cannot hold this: {error}") from None


def _tell(descriptor: int, head: dict[str, Any], data: bytes = b"") -> None:
    encoded = orjson.dumps(head)
    rest = memoryview(HEAD.pack(len(encoded), len(data)) + encoded + data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _read(descriptor: int) -> bytes | None:
    """The next request; None where the other side has gone. It sends one at a time."""
    data = b""
    while len(data) < HEAD.size or len(data) < HEAD.size + HEAD.unpack_from(data)[0]:
        try:
            piece = os.read(descriptor, _PIECE)
        except OSError:
            return None
        if not piece:
            return None
        data += piece
    return data[HEAD.size :]


if __name__ == "__main__":
    main()
