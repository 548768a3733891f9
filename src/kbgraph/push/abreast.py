"""Work done abreast: a few threads that share out what there is to do, and keep nobody waiting."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

__all__ = ["abreast"]

Item = TypeVar("Item")
Result = TypeVar("Result")


def abreast(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    jobs: int,
    *,
    stop: Callable[[], None],
    done: Callable[[Result], object] | None = None,
) -> list[Result]:
    """What the work makes of each item, in order; the first error ends it all and is raised.

    The threads are no reason to stay: one that waits for a store does not keep Ctrl-C waiting.

    Args:
        work: what is done.
        items: what it is done to.
        jobs: threads.
        stop: called once nothing more is to be begun, for those who would try again.
        done: called here with each result as it comes.
    """
    todo = list(enumerate(items))
    waiting: queue.SimpleQueue[tuple[int, Item] | None] = queue.SimpleQueue()
    ended: queue.SimpleQueue[tuple[int, Result] | BaseException] = queue.SimpleQueue()

    def run() -> None:
        while (pair := waiting.get()) is not None:
            try:
                ended.put((pair[0], work(pair[1])))
            except BaseException as error:  # noqa: BLE001 - raised by who waits
                ended.put(error)
                return

    threads = min(jobs, len(todo))
    for pair in todo:
        waiting.put(pair)
    for _ in range(threads):
        waiting.put(None)
        threading.Thread(target=run, daemon=True).start()
    results: dict[int, Result] = {}
    try:
        while len(results) < len(todo):
            number, result = _checked(ended.get())
            results[number] = result
            if done is not None:
                done(result)
    except BaseException:
        _emptied(waiting)
        stop()
        raise
    return [results[number] for number, _ in todo]


def _checked(end: tuple[int, Result] | BaseException) -> tuple[int, Result]:
    if isinstance(end, BaseException):
        raise end
    return end


def _emptied(waiting: queue.SimpleQueue[tuple[int, Item] | None]) -> None:
    """Let nobody take anything more."""
    try:
        while True:
            waiting.get_nowait()
    except queue.Empty:
        pass
    for _ in range(64):
        waiting.put(None)
