"""Work shared out to processes."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from kbgraph.errors import WorldError

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

__all__ = ["ahead", "begun", "processors", "shared_out"]

Piece = TypeVar("Piece")
Made = TypeVar("Made")


def processors() -> int:
    """The number of processors that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def shared_out(work: Callable[[Piece], Made], pieces: Sequence[Piece], jobs: int) -> Iterator[Made]:
    """What the work makes of each piece, in order, in as many processes as there are jobs.

    Raises:
        WorldError: a process died.
    """
    with begun(work, pieces, min(jobs, len(pieces))) as made:
        yield from made()


@contextmanager
def begun(
    work: Callable[[Piece], Made], pieces: Sequence[Piece], jobs: int, busy: int = 0
) -> Iterator[Callable[[], Iterator[Made]]]:
    """A function that gives what the work makes of each piece, in order.

    Where there are several jobs, processes are at it already, but for those that are busy with something
    else. In their place, this process joins in once it wants to know: it takes pieces from the end that nobody
    has taken.

    Raises:
        WorldError: a process died.
    """
    if jobs <= 1 or not pieces:
        yield lambda: map(work, pieces)
        return
    with _processes(work, min(max(jobs - busy, 1), len(pieces))) as pool:
        waiting = [pool.submit(_work, piece) for piece in pieces]

        def made() -> Iterator[Made]:
            own = {number: work(pieces[number]) for number in _taken(waiting)} if busy else {}
            yield from (own[number] if number in own else each.result() for number, each in enumerate(waiting))

        yield made


def _taken(waiting: Sequence[Future[Any]]) -> Iterator[int]:
    """The numbers of pieces that nobody has taken yet, from the end, each taken as it is given."""
    for number in reversed(range(len(waiting))):
        if waiting[number].cancel():
            yield number


@contextmanager
def ahead(work: Callable[[], Made], *, at_once: bool) -> Iterator[Callable[[], Made]]:
    """A function that gives what the work makes; a process is at it already where that is to begin at once.

    Raises:
        WorldError: the process died.
    """
    if not at_once:
        yield work
        return
    with _processes(work, 1) as pool:
        yield pool.submit(_work).result


@contextmanager
def _processes(work: Callable[..., object], jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that do some work, until this is left."""
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import active_children

    others = set(active_children())
    pool = ProcessPoolExecutor(jobs, initializer=_start, initargs=(work,))
    try:
        yield pool
    except (BrokenProcessPool, _Stopped):
        raise WorldError("a worker process died; there may be too little memory (try --jobs 1)") from None
    except KeyboardInterrupt:
        for worker in set(active_children()) - others:
            worker.terminate()  # nobody wants what it is at: see `_Worker`
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class _Stopped(BaseException):
    """A worker process was told to stop."""


class _Worker:
    """What a worker process does with each piece.

    Told to stop (SIGTERM), it drops the one that it is at, and does no other. It does not end by itself: it
    may be in the middle of sending what it has made, and who receives that would wait for ever.
    """

    def __init__(self) -> None:
        self._work: Callable[..., Any] | None = None
        self._is_at_work = self._is_stopped = False

    def start(self, work: Callable[..., Any]) -> None:
        """Give this process its work once; what the work holds is not sent again with each piece."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
        gc.freeze()  # what is inherited stays shared with the parent: nobody looks through it again
        threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
        self._work = work

    def __call__(self, *piece: Any) -> Any:
        """What the work makes of a piece."""
        assert self._work is not None
        self._is_at_work = True
        try:
            if self._is_stopped:
                raise _Stopped
            return self._work(*piece)
        finally:
            self._is_at_work = False

    def _stop(self, *_: object) -> None:
        self._is_stopped = True
        if self._is_at_work:
            raise _Stopped


#: That of this process, if it is one.
_worker = _Worker()


def _start(work: Callable[..., Any]) -> None:
    _worker.start(work)


def _work(*piece: Any) -> Any:
    return _worker(*piece)


def _end_with(parent: int) -> None:
    """End this process when its parent is gone, killed perhaps: nobody waits for it any more."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
