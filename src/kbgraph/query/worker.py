"""The process that asks: one query, then its end.

Oxigraph cannot stop a query that it has begun, so each has a process that can be killed. It reads one
request from its standard input and writes one line of JSON for each thing that happens to its standard
output, the last with the answer's bytes behind it. When its input is closed, whoever wanted the answer
is gone, and it ends. What may be asked, and what of, is decided in `evaluation` and `kbgraph.store`.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import threading
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from kbgraph.query.wall import bound_memory, cut_off_network

__all__ = ["main"]

_IN, _OUT = 0, 1


def main() -> None:
    """Answer the request that standard input holds."""
    cut_off_network()  # before any library starts a thread
    from kbgraph.errors import KbgraphError, LimitError

    gc.disable()  # it would look through the rows again and again, and this process ends soon
    for room in ("kbgraph.query.evaluation", "kbgraph.query.formats", "kbgraph.store"):
        import_module(room)  # while the request is on its way
    request = json.loads(_line())
    asides: list[Path] = []
    threading.Thread(target=_end_with_parent, args=(asides,), daemon=True).start()
    try:
        head, data = _answered(request, asides)
    except KbgraphError as error:
        head, data = {"event": "error", "kind": type(error).__name__, "message": str(error)}, b""
    except MemoryError:
        os.abort()  # there is none left to say so with; who waits knows what it means
    except RecursionError:
        head, data = {"event": "error", "kind": LimitError.__name__, "message": _TOO_DEEP}, b""
    except Exception as error:  # noqa: BLE001 - the top of a process: nobody else would hear of it
        head, data = {"event": "error", "kind": "internal", "message": repr(error)}, b""
    _tell(head, data)
    os._exit(0)  # a large store need not be taken down


#: What is said where functions call each other too often.
_TOO_DEEP = "the query was stopped: it is too deeply nested"


def _answered(request: dict[str, Any], asides: list[Path]) -> tuple[dict[str, Any], bytes]:
    from kbgraph.errors import LimitError
    from kbgraph.query.bindings import value_of
    from kbgraph.query.evaluation import USUAL_PREFIXES, checked_query, evaluate
    from kbgraph.query.formats import Look, checked_format, rendered
    from kbgraph.query.tokens import form_of
    from kbgraph.store import open_dataset

    limits: Any = SimpleNamespace(**request["limits"])  # `config` takes as long to import as many a query
    text = request["query"]
    wanted = checked_format(request["format"], form_of(checked_query(text, limits)))
    opened = open_dataset(Path(request["path"]), lambda: _told_of(asides), limits, _told)
    values = {
        name: value_of(given, USUAL_PREFIXES, kind=kind, base=opened.base)
        for name, (kind, given) in request["values"].items()
    }
    _tell({"event": "ready"})
    bound_memory(limits.query_memory)
    answer = evaluate(opened, text, values=values, limits=limits, most=request["most"])
    data = rendered(answer, wanted, Look(request["width"], USUAL_PREFIXES, opened.base))
    if len(data) > limits.result_bytes:
        raise LimitError(f"the answer is too large: more than {limits.result_bytes:,} bytes (limit result_bytes)")
    head = {"event": "done", "format": wanted, "kind": answer.kind, "size": answer.size, "cut": answer.cut}
    return head, data


def _told(message: str) -> None:
    _tell({"event": "told", "message": message})


def _told_of(asides: list[Path]) -> Path:
    """A place for a folder, which the parent knows before it is made: it removes it."""
    from tempfile import gettempdir

    aside = Path(gettempdir()) / f"kbgraph-query-{os.urandom(8).hex()}"
    asides.append(aside)
    _tell({"event": "aside", "path": str(aside)})
    return aside


def _tell(head: dict[str, Any], data: bytes = b"") -> None:
    rest = memoryview(json.dumps({**head, "bytes": len(data)}).encode() + b"\n" + data)
    while rest:
        rest = rest[os.write(_OUT, rest) :]


def _line() -> bytes:
    """The request: everything up to the first line end, since the input stays open."""
    data = b""
    while not data.endswith(b"\n"):
        piece = os.read(_IN, 1 << 16)
        if not piece:
            os._exit(1)
        data += piece
    return data


def _end_with_parent(asides: list[Path]) -> None:
    """End this process, in whatever it is, when its input is closed."""
    while os.read(_IN, 1):
        pass
    for aside in asides:
        shutil.rmtree(aside, ignore_errors=True)
    os._exit(1)
