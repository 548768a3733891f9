"""Runs a command and says what it cost: seconds, processor seconds, memory of all its processes.

Linux tells what the processes of a command hold together; elsewhere only the largest is known.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

__all__ = ["Cost", "measure"]

_PROC = Path("/proc")
_SAMPLE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command cost.

    `seconds` by the clock and `cpu_seconds` of all processors; `largest` are the bytes that its
    largest process held at most, `together` those that all held at one time, pages that they share
    counted once. `together` is sampled, and None where there is no `/proc`.
    """

    seconds: float
    cpu_seconds: float
    largest: int
    together: int | None
    output: str

    @property
    def memory(self) -> int:
        """The bytes that it takes to run it."""
        return max(self.largest, self.together or 0)


def measure(command: Sequence[str], allowed: Sequence[int] = (0,)) -> Cost:
    """Run a command to its end; what it says on the way is shown only where it fails.

    Raises:
        RuntimeError: it ended with an exit code that is not allowed.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        try:
            return _measure(command, allowed, said)
        except RuntimeError:
            said.seek(0)
            sys.stderr.write(said.read())
            raise


def _measure(command: Sequence[str], allowed: Sequence[int], said: IO[str]) -> Cost:
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True)
    sampler = _Sampler(process.pid)
    sampler.start()
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)  # it has been waited for
    sampler.stop()
    if process.returncode not in allowed:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    largest = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Cost(seconds, usage.ru_utime + usage.ru_stime, largest, sampler.peak, output)


class _Sampler(threading.Thread):
    """Watches the memory of a process and its children."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.peak: int | None = None
        self._ended = threading.Event()

    def run(self) -> None:
        while _PROC.is_dir() and not self._ended.wait(_SAMPLE_SECONDS):
            self.peak = max(self.peak or 0, sum(map(_held, _family(self.pid))))

    def stop(self) -> None:
        """End the watch."""
        self._ended.set()
        self.join()


def _family(pid: int) -> Iterator[int]:
    """A process, its children, and theirs."""
    yield pid
    try:
        children = [task.read_text().split() for task in (_PROC / str(pid) / "task").glob("*/children")]
    except OSError:
        return  # it has ended
    for child in children:
        for each in child:
            yield from _family(int(each))


def _held(pid: int) -> int:
    """The bytes of a process, its part of what it shares."""
    try:
        for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass  # it has ended
    return 0
