"""The cache: what was made before, under the digest of all that it was made from.

An entry is a small header and sections, each with a check sum, in one file that is written aside
and renamed. So entries can be deleted, shared by several builds and machines, or cut off in the
middle at any time: what is not whole is not there. Nothing in the cache is needed to make it again.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import struct
import time
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import accumulate, chain
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import orjson

from kbgraph.errors import WorldError
from kbgraph.files import PARTS, write_whole

__all__ = ["Cache", "Damaged", "Entry", "Sections", "entry_of", "head_of", "packed"]

_MAGIC = b"kbgraph2"
_HEAD = struct.Struct("<8sIII")
#: Bytes before an entry that say of which kind and name it is.
_ADDRESS = 16
#: What one read brings of an entry: most headers are smaller.
_FIRST = 32 * 1024
#: Seconds that an entry nobody used is kept, and the kinds of entries (versions, settings) that are.
_KEPT_SECONDS = 14 * 24 * 3600
_KEPT_KINDS = 3


class Damaged(Exception):
    """An entry that was there is gone or is not what was written; it has been forgotten."""


class Sections(Mapping[str, bytes]):
    """The sections of an entry by name, read when they are asked for; short ones come with its head.

    A build holds these for every article, so they are small: names are kept once for all entries
    that have the same ones, places as plain numbers.
    """

    __slots__ = ("_index", "_places", "_short", "_source", "_start")

    _indexes: ClassVar[dict[tuple[str, ...], dict[str, int]]] = {}

    def __init__(
        self, source: str | bytes, start: int, names: Sequence[str], places: Sequence[int], short: bytes
    ) -> None:
        """Know where sections lie.

        Args:
            source: the path of the file that the entry lies in, or all of its bytes.
            start: where the first section begins.
            names: those of the sections.
            places: offset from there, length and check sum of each, one after the other.
            short: what lies there first, so far as it has been read.
        """
        key = tuple(names)
        if key not in self._indexes:
            self._indexes[key] = {name: 3 * number for number, name in enumerate(names)}
        self._index = self._indexes[key]
        self._source, self._start, self._short = source, start, short
        self._places = array("Q", places)

    def __getitem__(self, name: str) -> bytes:
        place = self._index[name]
        offset, length, check = self._places[place : place + 3]
        is_short = offset + length <= len(self._short)
        data = self._short[offset : offset + length] if is_short else self._read(self._start + offset, length)
        if len(data) != length or zlib.crc32(data) != check:
            if isinstance(self._source, str):
                with suppress(OSError):
                    os.unlink(self._source)
            raise Damaged(name)
        return data

    def _read(self, offset: int, length: int) -> bytes:
        if isinstance(self._source, bytes):
            return self._source[offset : offset + length]
        with suppress(OSError):
            descriptor = os.open(self._source, os.O_RDONLY)
            try:
                return os.pread(descriptor, length, offset)
            finally:
                os.close(descriptor)
        return b""

    def __contains__(self, name: object) -> bool:
        return name in self._index

    def __iter__(self) -> Iterator[str]:
        return iter(self._index)

    def __len__(self) -> int:
        return len(self._index)


class Entry(NamedTuple):
    """What was kept: `header` is JSON data, `sections` are bytes by name."""

    header: Any
    sections: Sections


def entry_of(source: str | bytes, data: bytes, start: int = 0) -> Entry:
    """An entry by its head.

    Args:
        source: the path of the file that it lies in, or all of its bytes.
        data: its first bytes, all of its header among them.
        start: where it begins in that file.

    Raises:
        ValueError: this is no entry.
    """
    if len(data) < _HEAD.size:
        raise ValueError("not an entry")
    magic, size, short, check = _HEAD.unpack_from(data)
    end = _HEAD.size + size
    text = data[_HEAD.size : end]
    if magic != _MAGIC or len(text) != size or zlib.crc32(text, short) != check:
        raise ValueError("not an entry")
    header, names, places = orjson.loads(text)
    return Entry(header, Sections(source, start + end, names, places, data[end : end + short]))


def packed(header: object, sections: Mapping[str, bytes]) -> bytes:
    """An entry as bytes."""
    ordered = sorted(sections.items(), key=lambda each: len(each[1]) > _SHORT)
    offsets = accumulate((len(data) for _, data in ordered), initial=0)
    places = [(offset, len(data), zlib.crc32(data)) for offset, (_, data) in zip(offsets, ordered, strict=False)]
    text = orjson.dumps([header, [name for name, _ in ordered], list(chain.from_iterable(places))], default=list)
    short = sum(len(data) for _, data in ordered if len(data) <= _SHORT)
    head = _HEAD.pack(_MAGIC, len(text), short, zlib.crc32(text, short))
    return b"".join((head, text, *(data for _, data in ordered)))


#: Bytes of a section up to which it costs less to read it with the head than to open the file once more.
_SHORT = 4096


def head_of(data: bytes) -> bytes:
    """The part of an entry's bytes that `entry_of` needs, and its short sections."""
    return data[: _end_of_head(data)]


def _end_of_head(data: bytes, start: int = 0) -> int:
    """Where the short sections of an entry end that begins in some bytes."""
    size: int
    short: int
    _, size, short, _ = _HEAD.unpack_from(data, start)
    return start + _HEAD.size + size + short


class Cache:
    """Entries of one kind, made by one version of everything with one choice of settings.

    Args:
        folder: the folder of the cache.
        kind: a digest of what all entries depend on: entries of other kinds are not seen.
        aside: a folder for what cannot be written there, gone when the build is done.
    """

    def __init__(self, folder: Path, kind: str, aside: Path) -> None:
        self.folder, self.kind, self.aside = folder / kind, kind, aside / kind
        #: Whether sections are looked at when an entry is read, and not only when they are needed.
        self.thorough = False

    @property
    def is_kept(self) -> bool:
        """Whether all that was written is kept, and nothing had to be put aside."""
        return not self.aside.exists() or self.aside == self.folder

    def names(self) -> dict[str, list[str]]:
        """The names of all entries, by what comes before their `-`."""
        found: dict[str, set[str]] = {}
        for each in (*_files_below(self.aside), *_files_below(self.folder)):
            found.setdefault(each.name.partition("-")[0], set()).add(each.name)
        return {begin: sorted(names) for begin, names in found.items()}

    def read(self, name: str) -> Entry | None:
        """The entry of a name; None where there is none that is whole."""
        for folder in (self.folder, self.aside):
            entry = self._read(_inside(folder, name), name)
            if entry is not None and (not self.thorough or _is_whole(entry)):
                return entry
        return None

    def _read(self, path: str, name: str) -> Entry | None:
        try:
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        except OSError:
            return None
        try:
            data = os.read(descriptor, _FIRST)
            if data[:_ADDRESS] != self._address(name):
                return None
            if len(data) == _FIRST:
                size = _end_of_head(data, _ADDRESS) - len(data)
                data += os.read(descriptor, size) if size > 0 else b""
            return entry_of(path, data[_ADDRESS:], _ADDRESS)
        except (OSError, ValueError, struct.error, MemoryError, OverflowError):
            return None
        finally:
            os.close(descriptor)

    def write(self, name: str, data: bytes) -> str:
        """Keep an entry, given as `packed` made it; the path of its file.

        A cache that cannot be written fails no build: what it does not take is put aside.

        Raises:
            WorldError: it cannot be written aside, either.
        """
        path = _inside(self.folder, name)
        try:
            write_whole(Path(path), self._address(name) + data, lasting=False)
        except WorldError:
            path = _inside(self.aside, name)
            write_whole(Path(path), self._address(name) + data, lasting=False)
        return path

    @staticmethod
    def written(path: str, head: bytes) -> Entry:
        """The entry that was written to a file, by its head."""
        return entry_of(path, head, _ADDRESS)

    def _address(self, name: str) -> bytes:
        """What an entry begins with: one in the place of another is not taken for it."""
        return hashlib.blake2b(f"{self.kind}/{name}".encode(), digest_size=_ADDRESS).digest()

    def tidy(self, used: Iterable[str]) -> None:
        """Remove what was not used for two weeks, and the kinds of entries that came before others.

        Whatever cannot be removed stays; another build may need or remove it at the same time. What
        lies beside the kinds is not ours: the folder may hold other things.
        """
        now = time.time()
        for name in used:
            path = _inside(self.folder, name)
            with suppress(OSError):
                if now - os.lstat(path).st_mtime > _KEPT_SECONDS / 14:
                    os.utime(path)
        for path in (*(each.path for each in _files_below(self.folder)), *map(str, self.folder.parent.glob(PARTS))):
            with suppress(OSError):
                if now - os.lstat(path).st_mtime > _KEPT_SECONDS:
                    os.unlink(path)
        with suppress(OSError):
            os.utime(self.folder)
            kinds = [each for each in self.folder.parent.iterdir() if _KIND.fullmatch(each.name) and each.is_dir()]
            kinds.sort(key=lambda kind: kind.stat().st_mtime, reverse=True)
            for kind in kinds[_KEPT_KINDS:]:
                shutil.rmtree(kind, ignore_errors=True)


def _inside(folder: Path, name: str) -> str:
    """Where an entry lies; a text, since there are thousands of them."""
    return f"{folder}{os.sep}{name[:2]}{os.sep}{name}"


def _files_below(folder: Path) -> Iterator[os.DirEntry[str]]:
    """The files where entries lie."""
    with suppress(OSError):
        for each in os.scandir(folder):
            with suppress(OSError):
                yield from os.scandir(each)


def _is_whole(entry: Entry) -> bool:
    try:
        return all(entry.sections[name] is not None for name in entry.sections)
    except Damaged:
        return False


#: The name of a kind.
_KIND = re.compile("[0-9a-f]{32}")
