"""Folders that take the place of others as a whole, while somebody reads them."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

__all__ = ["Held", "put_folder"]


def put_folder(new: Path, place: Path) -> None:
    """Put a folder in its place, in one step where the system can; what was there is gone, or lies where it was."""
    if not place.exists():
        new.rename(place)
    elif not _exchanged(new, place):
        old = new.with_name(f"{new.name}-old")
        place.rename(old)  # for the moment between the two a reader finds none
        try:
            new.rename(place)
        except OSError:
            with suppress(OSError):
                old.rename(place)
            raise
        shutil.rmtree(old, ignore_errors=True)


_AT_CWD, _EXCHANGE = -100, 2


def _exchanged(one: Path, other: Path) -> bool:
    """Whether two folders have changed places in one step; False where the system knows no such step."""
    if sys.platform != "linux":
        return False
    import ctypes

    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    return bool(renameat2(_AT_CWD, os.fsencode(one), _AT_CWD, os.fsencode(other), _EXCHANGE) == 0)


class Held:
    """The folder that is at a place now, whatever is put there later.

    Linux has a path that stays with a folder wherever it is moved, as long as the folder is held open.
    Elsewhere it is the place itself, and one looks afterwards whether the folder is there still.
    """

    def __init__(self, place: Path) -> None:
        self._place = place
        self._descriptor = os.open(place, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)) if os.name == "posix" else -1
        about = os.fstat(self._descriptor) if self._descriptor >= 0 else place.stat()
        self._is = (about.st_dev, about.st_ino)
        lasting = Path(f"/proc/self/fd/{self._descriptor}")
        self.is_lasting = self._descriptor >= 0 and lasting.exists()
        self.path = lasting if self.is_lasting else place

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)

    def is_still(self) -> bool:
        """Whether the folder is at its place."""
        try:
            now = self._place.stat()
        except OSError:
            return False
        return (now.st_dev, now.st_ino) == self._is

    def keep(self) -> None:
        """Hold the folder until the process ends: Oxigraph may open further files of the store by this path."""
        self._descriptor = -1
