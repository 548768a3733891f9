"""Puts many files in the place of others at once.

No system call replaces several files, but one replaces a symbolic link. So each place becomes a
link to the file that lies there anyway, through one more link that leads to all the old files;
that one is turned to the new files; and each link becomes the file that it leads to. Whenever this
is cut off, a reader sees all the old files or all the new ones, and `finish` makes files of links.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

__all__ = ["finish", "switch"]

#: The folder in which the old and the new files wait, and the link that leads to the ones that count.
_ASIDE = ".kbgraph-switch"
_OLD, _NEW, _NOW, _LINK = "old", "new", "now", "link"


def switch(
    root: Path, files: Mapping[str, str], stale: Iterable[str], forget: Callable[[Path], object] = shutil.rmtree
) -> None:
    """Put files in their places below a folder, and remove others, all at once.

    Args:
        root: the folder; nobody else may switch there at the same time.
        files: where each file is now, on the same disk, by the path below the folder that it is to have.
        stale: paths of files to remove.
        forget: removes a folder, of what does not count any more, or sees to it.

    Raises:
        OSError: it cannot be done; the old files are in their places, or all the new ones are.
    """
    finish(root)
    places = [*files, *(path for path in stale if _is_file(root / path))]
    for path in files:
        if (root / path).is_dir() and not (root / path).is_symlink():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(root / path))
    try:
        if not _gather(root, places):
            _one_by_one(root, files, places)
            return
        _prepare(root, files)
        for path in places:
            _link(root, path)
        _turn(root, _NEW)
    finally:
        finish(root, forget)


def _gather(root: Path, places: Iterable[str]) -> bool:
    """Give the old files a second place aside; False on a disk on which a file has one place only."""
    old = root / _ASIDE / _OLD
    old.mkdir(parents=True)
    try:
        for path in places:
            if os.path.lexists(root / path):
                (old / path).parent.mkdir(parents=True, exist_ok=True)
                os.link(root / path, old / path, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return False
    return True


_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


def _one_by_one(root: Path, files: Mapping[str, str], places: Iterable[str]) -> None:
    """The best that can be done without links."""
    for path, where in files.items():
        os.replace(where, root / path)
    for path in places:
        if path not in files:
            os.unlink(root / path)


def _prepare(root: Path, files: Mapping[str, str]) -> None:
    """Gather the new files, and let links lead to the old ones."""
    new = root / _ASIDE / _NEW
    new.mkdir()
    for path, where in files.items():
        (new / path).parent.mkdir(parents=True, exist_ok=True)
        Path(where).rename(new / path)
    _turn(root, _OLD)


def _turn(root: Path, folder: str) -> None:
    """Let all links lead to the old files, or to the new ones."""
    link = root / _ASIDE / _LINK
    link.symlink_to(folder)
    os.replace(link, root / _ASIDE / _NOW)


def _link(root: Path, path: str) -> None:
    """Make a place a link to the file that counts."""
    link = root / _ASIDE / _LINK
    link.symlink_to("../" * path.count("/") + f"{_ASIDE}/{_NOW}/{path}")
    os.replace(link, root / path)


def finish(root: Path, forget: Callable[[Path], object] = shutil.rmtree) -> None:
    """End a switch that was begun: make files of links, and forget what does not count.

    Raises:
        OSError: it cannot be ended; what a reader sees stays as it is.
    """
    aside = root / _ASIDE
    if aside.is_symlink() or (aside.exists() and not aside.is_dir()):
        aside.unlink()  # not ours
    if not aside.exists():
        return
    for now, other in ((_OLD, _NEW), (_NEW, _OLD)):
        if _leads_to(aside / _NOW, now):
            for path in _files_below(aside / now):
                if _is_linked(root / path):
                    os.replace(aside / now / path, root / path)
            for path in _files_below(aside / other):
                if _is_linked(root / path):
                    os.unlink(root / path)
    forget(aside)


def _files_below(folder: Path) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        for path in (Path(place, name) for name in (*names, *folders)):
            if _is_file(path):
                yield path.relative_to(folder).as_posix()


def _leads_to(link: Path, target: str) -> bool:
    return link.is_symlink() and str(link.readlink()) == target


def _is_linked(path: Path) -> bool:
    """Whether a place is one of our links."""
    return path.is_symlink() and f"{_ASIDE}/{_NOW}/" in str(path.readlink())


def _is_file(path: Path) -> bool:
    return os.path.lexists(path) and (path.is_symlink() or not path.is_dir())
