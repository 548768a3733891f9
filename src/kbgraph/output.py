"""The folder that a build writes.

Files are written beside their places first. Only when the last of them is safe on disk are they put
in place, all at once: whenever a build is killed or fails, a reader sees all the old files or all the
new ones.
"""

from __future__ import annotations

import fnmatch
import hashlib
import io
import itertools
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from kbgraph.assembly import Layout, Torn, assemble
from kbgraph.errors import WorldError
from kbgraph.files import PART, PARTS, world_error
from kbgraph.parts import Chunk
from kbgraph.switch import finish, switch

__all__ = ["FOLDERS", "MANIFEST", "Older", "OutputFolder", "Staged", "Written"]

MANIFEST = "manifest.json"
#: Where formats of several files are written.
FOLDERS = ("articles", "neo4j", "shards", "tables")
_LOCK = ".lock"
#: Lies there while somebody builds.
_BUSY = ".kbgraph-busy"
#: Bytes of a file that takes the disk its time.
_LARGE = 4 * 1024 * 1024
#: Threads that wait for the disk: with eight, 1,100 files are safe in a third of the time of one.
_WAITING = 8


class Staged(NamedTuple):
    """A file that is ready to be put in place.

    `temporary` is where its bytes are; empty where its place holds these bytes already. `source`
    is a digest of what it was made from, where that is known; `layout` are the bytes of what it was put
    together from, if there were pieces.
    """

    path: str
    size: int
    sha256: str
    temporary: str
    source: str = ""
    layout: bytes = b""


class Written(NamedTuple):
    """A file as it was put in place: size in bytes, time of change in nanoseconds, digests of it and its source."""

    size: int
    changed: int
    sha256: str
    source: str

    def is_still(self, path: Path | str | int) -> bool:
        """Whether the file at a path, or an open one, is what was written."""
        try:
            about = os.fstat(path) if isinstance(path, int) else os.lstat(path)
        except OSError:
            return False
        return stat.S_ISREG(about.st_mode) and (about.st_size, about.st_mtime_ns) == (self.size, self.changed)


class Older(NamedTuple):
    """What a file was when it was put in place before: pieces of it are copied while it is still that."""

    written: Written
    layout: Layout


class OutputFolder:
    """The output folder, held by one build at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._sweeping: Thread | None = None

    @contextmanager
    def locked(self) -> Iterator[OutputFolder]:
        """Hold the folder; it is made where it does not exist.

        Raises:
            WorldError: another build holds it, or it cannot be made.
        """
        from filelock import FileLock, Timeout

        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.path / _LOCK, timeout=0)
            lock.acquire()
        except Timeout:
            raise WorldError(f"another build is writing to '{self.path}'") from None
        except OSError as error:
            raise world_error(error, f"write to '{self.path}'") from None
        try:
            self._begin()
            yield self
        finally:
            with suppress(OSError):  # what stays is removed by the next build
                self._end()
            lock.release()

    @property
    def is_tidy(self) -> bool:
        """Whether the last build here ended, well or not, and was not cut off."""
        return not (self.path / _BUSY).exists()

    def _begin(self) -> None:
        try:
            (self.path / _BUSY).touch()
            self._remove_parts()
        except OSError as error:
            raise world_error(error, f"write to '{self.path}'") from None

    def _end(self) -> None:
        if self._sweeping is not None:
            self._sweeping.join()
        self._remove_parts()
        (self.path / _BUSY).unlink(missing_ok=True)

    def _remove_parts(self) -> None:
        """End what a build that did not end began, and remove what it left: nobody else writes here now."""
        finish(self.path)
        left = [*_parts_of(itertools.islice(os.walk(self.path), 1))]
        for folder in FOLDERS:
            left += _parts_of(os.walk(self.path / folder))
        for part in left:
            if part.is_dir():
                shutil.rmtree(part, ignore_errors=True)
            else:
                part.unlink(missing_ok=True)

    def stage(self, name: str, chunks: Iterable[Chunk], source: str = "", older: Older | None = None) -> Staged:
        """Write the bytes of a file beside its place, unless they are there already.

        Args:
            name: its path in the folder.
            chunks: what it is put together from.
            source: a digest of what it is made from.
            older: what lies in its place, if that is known.

        Raises:
            WorldError: they cannot be written.
            Torn: what lies in its place is changed while pieces are copied from it.
        """
        target = self._inside(name)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=PART, suffix=".part")
            with os.fdopen(descriptor, "wb") as file, _opened(target, older) as (known, layout):
                size, digest, parts = assemble(chunks, file, known, layout)
                if older is not None and known is not None and not older.written.is_still(known.fileno()):
                    raise Torn
                if size > _LARGE:  # what is waited for here need not be waited for at the end
                    file.flush()
                    os.fsync(file.fileno())
            if _has_bytes(target, size, digest, older):
                os.unlink(temporary)
                temporary = ""
            else:
                os.chmod(temporary, 0o666 & ~_UMASK)
        except OSError as error:
            raise world_error(error, f"write '{target}'") from None
        return Staged(name, size, digest, temporary, source, bytes(parts) if any(parts.names) else b"")

    def commit(self, files: Sequence[Staged], manifest: Staged, before: Iterable[str] = ()) -> None:
        """Put files and their manifest in place, and remove what only the old manifest lists, all at once.

        Args:
            files: the files.
            manifest: what lists them.
            before: further paths that were written before, should the old manifest not know them.

        Raises:
            WorldError: they cannot be put in place.
        """
        new = {each.path: each.temporary for each in (*files, manifest) if each.temporary}
        stale = sorted(self._stale({*self._listed(), *before} - {each.path for each in (*files, manifest)}))
        try:
            with ThreadPoolExecutor(_WAITING) as pool:
                list(pool.map(_make_safe, new.values()))
            switch(self.path, new, stale, self._forget)
            self._remove_empty(stale)
        except OSError as error:
            raise world_error(error, f"write '{error.filename2 or error.filename or self.path}'") from None

    def _forget(self, folder: Path) -> None:
        """Remove a folder while other things are done: for 260 MB, the disk takes 100 ms in which nobody computes."""
        part = folder.rename(self.path / f"{PART}{os.getpid()}.part")
        self._sweeping = Thread(target=shutil.rmtree, args=(part, True))
        self._sweeping.start()

    def _stale(self, names: Iterable[str]) -> Iterator[str]:
        """Those of some files that are ours to remove."""
        for name in names:
            with suppress(WorldError):  # a manifest that somebody edited: not ours to follow
                self._inside(name)
                yield name

    def _remove_empty(self, names: Iterable[str]) -> None:
        """Remove the folders that are empty without some files."""
        for name in names:
            for folder in itertools.takewhile(lambda folder: folder != self.path, (self.path / name).parents):
                try:
                    folder.rmdir()
                except OSError:
                    break

    def _listed(self) -> Iterable[str]:
        """The paths in the manifest of the last build, if there is one."""
        try:
            manifest = json.loads((self.path / MANIFEST).read_bytes())
            return [each["path"] for each in manifest["files"] if isinstance(each["path"], str)]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return ()

    def _inside(self, name: str) -> Path:
        """The path of a file in the folder, if it is really in it."""
        target = self.path / name
        if not name or "\0" in name or Path(name).is_absolute() or ".." in Path(name).parts:
            raise WorldError(f"'{name}' does not lie in '{self.path}'")
        for folder in target.parents:
            if folder == self.path:
                return target
            if folder.is_symlink():
                break
        raise WorldError(f"'{target}' does not lie in '{self.path}'")


def _parts_of(walk: Iterable[tuple[str, list[str], list[str]]]) -> Iterator[Path]:
    """What builds that did not end left in folders, as `os.walk` gives them."""
    for place, folders, names in walk:
        yield from (Path(place, name) for name in (*folders, *names) if fnmatch.fnmatchcase(name, PARTS))


def _make_safe(path: str) -> None:
    """Wait until the bytes of a file are on disk."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _opened(path: Path, older: Older | None) -> Iterator[tuple[io.FileIO | None, Layout]]:
    """A file that is still what was written, and its layout; None where it is something else."""
    if older is None or not older.written.is_still(path):
        yield None, Layout()
        return
    with path.open("rb", buffering=0) as file:
        yield (file if older.written.is_still(file.fileno()) else None), older.layout


def _has_bytes(path: Path, size: int, digest: str, older: Older | None) -> bool:
    """Whether a regular file of this size and digest (SHA-256) lies here."""
    if older is not None and older.written.is_still(path):
        return (older.written.size, older.written.sha256) == (size, digest)
    try:
        about = path.lstat()
        if not stat.S_ISREG(about.st_mode) or about.st_size != size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


_UMASK = _umask()
