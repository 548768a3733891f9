"""A file replaced by its repaired text, wholly or not at all."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from kbgraph.errors import WorldError
from kbgraph.files import part_for, world_error

__all__ = ["replace_file"]


def replace_file(location: Path, before: bytes, after: bytes) -> None:
    """Put other bytes in the place of a regular file; its permissions and its owner stay.

    Raises:
        WorldError: the file is a symbolic link, may not be written, or is no longer what was read.
    """
    try:
        if location.is_symlink():
            raise WorldError(f"'{location}' is a symbolic link; files are not written through links")
        about = _checked(location, before)
        with part_for(location, after) as part:
            _take_over(part, about)
            os.replace(part, location)
        _make_safe(location.parent)
    except OSError as error:
        raise world_error(error, f"write '{location}'") from None


def _checked(location: Path, before: bytes) -> os.stat_result:
    """What the system knows about a file, which may be written and still holds what was read."""
    flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(location, flags), "r+b") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode) or file.read(len(before) + 1) != before:
            raise WorldError(f"'{location}' was changed meanwhile; it is left as it is")
    return about


def _take_over(temporary: str, about: os.stat_result) -> None:
    """Give a new file the owner and the permissions of the old one."""
    mine = os.stat(temporary)  # noqa: PTH116
    if hasattr(os, "chown") and (mine.st_uid, mine.st_gid) != (about.st_uid, about.st_gid):
        with suppress(PermissionError):  # who may write a file need not own it
            os.chown(temporary, about.st_uid, about.st_gid)
    os.chmod(temporary, stat.S_IMODE(about.st_mode))


def _make_safe(folder: Path) -> None:
    """Wait until the new name is on disk, where folders can be synchronised."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
