"""A folder that files are written into, by relative paths that somebody else chose.

Nothing is written outside the folder, nothing through a symbolic link, nothing over a file unless
that is wanted, and no file in part.
"""

from __future__ import annotations

import os
from pathlib import Path, PureWindowsPath

from kbgraph.errors import WorldError
from kbgraph.files import part_for, world_error

__all__ = ["Tree", "why_unsafe"]


def why_unsafe(name: str) -> str:
    """What keeps a path with `/` from naming a file below a folder; "" where nothing does.

    Hidden files and folders are refused, too: `.git` and the like are read as orders.

    >>> why_unsafe("ai/attention.md"), why_unsafe("../attention.md")
    ('', "it climbs out of the folder, or is hidden ('..')")
    """
    if not name or name.startswith("/"):
        return "it is not a relative path"
    if not name.isprintable():
        return "it holds a character that cannot be shown"
    for part in name.split("/"):
        if not part:
            return "it holds an empty step"
        if part.startswith("."):
            return f"it climbs out of the folder, or is hidden ('{part}')"
    if os.sep != "/" and (os.sep in name or PureWindowsPath(name).drive or PureWindowsPath(name).is_reserved()):
        return "it is no plain path on this system"
    return ""


class Tree:
    """A folder and what may be put into it.

    Args:
        root: the folder; it is made when the first file is written.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._safe: set[Path] = set()

    def holds(self, name: str) -> bool:
        """True where something is at a path already, be it a link that leads nowhere."""
        return os.path.lexists(self.root / name)

    def read(self, name: str) -> bytes | None:
        """The bytes of a regular file at a path; None where there is none."""
        target = self.root / name
        try:
            return None if target.is_symlink() or not target.is_file() else target.read_bytes()
        except OSError:
            return None

    def write(self, name: str, data: bytes, *, replace: bool = False) -> None:
        """Write a whole file; a link at its place is replaced, not followed.

        Raises:
            WorldError: the path leads out of the folder, something is there already and `replace`
                is not set, or the file cannot be written.
        """
        if why := why_unsafe(name):
            raise WorldError(f"'{name}' is not written: {why}")
        target = self.root / name
        try:
            self._make_folder(target.parent)
            with part_for(target, data, lasting=False) as part:
                os.chmod(part, 0o666 & ~_umask())
                _put(part, target, replace=replace)
        except FileExistsError:
            raise WorldError(f"'{target}' exists already") from None
        except OSError as error:
            raise world_error(error, f"write '{target}'") from None

    def _make_folder(self, folder: Path) -> None:
        """Make a folder below the root, and refuse one that a link stands in for."""
        if folder in self._safe:
            return
        if folder != self.root:
            self._make_folder(folder.parent)
            if folder.is_symlink():
                raise WorldError(f"'{folder}' is a symbolic link; nothing is written through it")
        folder.mkdir(exist_ok=True, parents=folder == self.root)
        self._safe.add(folder)


def _put(temporary: str, target: Path, *, replace: bool) -> None:
    """Give a file its name: at once, and if nothing is to be replaced, only where nothing is."""
    if not replace:
        try:
            os.link(temporary, target)  # fails where something is there, even since a moment ago
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            if os.path.lexists(target):
                raise FileExistsError from None
        else:
            os.unlink(temporary)
            return
    os.replace(temporary, target)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
