"""A query asked in a process of its own, which is stopped when its time is up, or nobody waits any more.

The process needs as long to start as the rest of the program: it is started first, and nothing is
imported here before that.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from kbgraph.config import Limits
    from kbgraph.errors import KbgraphError

__all__ = ["Reply", "Request", "ask", "started"]


class Request(NamedTuple):
    """What is asked of which dataset, and how the answer is to be written.

    Args:
        path: the folder of a build, or a file of RDF.
        query: the text of the query.
        values: what its variables are: by name the kind, "" where it shows by the form, and what was given.
        format: one of `formats.FORMATS`; None for a table, or Turtle.
        most: how many rows or triples to take; None for all.
        seconds: how long the query may take.
        width: places of a line of a table; None for as many as it takes.
        limits: the other bounds.
    """

    path: Path
    query: str
    values: Mapping[str, tuple[str, str]]
    format: str | None
    most: int | None
    seconds: float
    width: int | None
    limits: Limits


class Reply(NamedTuple):
    """An answer as it was asked for: its bytes and their format; how many rows or triples; whether it was cut."""

    data: bytes
    format: str
    kind: str
    size: int
    cut: int | None


@contextmanager
def started() -> Iterator[subprocess.Popen[bytes]]:
    """The process that will answer, while it waits for its request; it ends with the block.

    Raises:
        WorldError: it could not be started.
    """
    debug = bool(os.environ.get("KBGRAPH_DEBUG"))
    try:
        process = subprocess.Popen(
            # -P: what lies in the folder that somebody is in is no module of ours.
            [sys.executable, "-P", "-c", "from kbgraph.query.worker import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if debug else subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is ours to handle
        )
    except OSError as error:
        from kbgraph.errors import WorldError

        raise WorldError(f"cannot start a process for the query: {error.strerror or error}") from None
    try:
        yield process
    finally:
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()
        process.wait()


def ask(process: subprocess.Popen[bytes], request: Request, told: Callable[[str], object] = lambda _: None) -> Reply:
    """The answer of a process that was started for it.

    Args:
        process: what answers.
        request: what is asked.
        told: hears what takes long, such as the making of a store.

    Raises:
        KbgraphError: whatever the process found wrong.
        LimitError: it took too long, or too much memory.
        WorldError: it died.
    """
    late = threading.Event()
    clock = threading.Timer(request.seconds, _stop, (process, late))
    clock.daemon = True
    aside = ""
    try:
        _send(process, request)
        while (head := _head(process)) is not None:
            match head["event"]:
                case "told":
                    told(head["message"])
                case "aside":
                    aside = head["path"]
                case "ready":
                    clock.start()
                case "error":
                    raise _error_of(head)
                case _:
                    data = _exactly(process, head["bytes"])
                    if data is not None:
                        return Reply(data, head["format"], head["kind"], head["size"], head["cut"])
        raise _death(process, request, late=late.is_set())
    finally:
        clock.cancel()
        if aside:
            process.kill()
            process.wait()
            rmtree(aside, ignore_errors=True)


def _stop(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _send(process: subprocess.Popen[bytes], request: Request) -> None:
    assert process.stdin is not None
    given = {
        "path": str(request.path),
        "query": request.query,
        "values": {name: list(value) for name, value in request.values.items()},
        "format": request.format,
        "most": request.most,
        "width": request.width,
        "limits": {name: getattr(request.limits, name) for name in _BOUNDS},
    }
    with suppress(BrokenPipeError):  # it has died, which shows when it is read from
        process.stdin.write(json.dumps(given).encode() + b"\n")
        process.stdin.flush()


#: The limits that the process is told of.
_BOUNDS = ("graph_bytes", "query_chars", "query_depth", "query_memory", "result_bytes")


def _head(process: subprocess.Popen[bytes]) -> dict[str, Any] | None:
    """What the process tells next; None where it has died."""
    assert process.stdout is not None
    line = process.stdout.readline()
    return json.loads(line) if line.endswith(b"\n") else None


def _exactly(process: subprocess.Popen[bytes], size: int) -> bytes | None:
    assert process.stdout is not None
    data = process.stdout.read(size)
    return data if len(data) == size else None


def _error_of(head: dict[str, Any]) -> Exception:
    from kbgraph import errors
    from kbgraph.errors import KbgraphError, WorldError

    kind = getattr(errors, head["kind"], None)
    if isinstance(kind, type) and issubclass(kind, KbgraphError):
        return kind(head["message"])
    return WorldError(f"internal error: {head['message']}; this is a bug, please report it")


def _death(process: subprocess.Popen[bytes], request: Request, *, late: bool) -> KbgraphError:
    """Why there is no answer."""
    from kbgraph.errors import LimitError, WorldError

    code = process.wait()
    if late:
        return LimitError(f"the query took longer than {request.seconds:g} s; --timeout gives it more")
    memory = request.limits.query_memory
    if code in {-signal.SIGABRT, -getattr(signal, "SIGKILL", 9)}:
        return LimitError(f"the query was stopped: it took more memory than {memory:,} bytes (limit query_memory)")
    if code == -getattr(signal, "SIGSEGV", 11):
        return LimitError("the query was stopped: it is too deeply nested, or took too much memory")
    return WorldError(f"the process of the query ended without an answer (code {code})")
