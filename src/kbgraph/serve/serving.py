"""The dataset that is being served: its store, its lanes, what has been made of it; and the next one.

A build puts a new dataset in the place of the old. It is noticed within seconds, opened beside the old
one and then put in its place; what still reads the old one reads it to the end.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from kbgraph.config import Limits
from kbgraph.errors import KbgraphError
from kbgraph.files import digest_of
from kbgraph.serve.known import Known
from kbgraph.serve.lanes import Lanes
from kbgraph.store import open_dataset
from kbgraph.version import VERSION

__all__ = ["Made", "Served", "Serving"]

#: Seconds between looks at the dataset, and for answers that still read the old one.
_LOOK, _GRACE = 2.0, 60.0
#: Bytes of pages and data that are kept once they have been made.
_KEPT_BYTES = 64 * 1024 * 1024
#: Bytes that each of them takes besides.
_ENTRY = 1024


class Made(NamedTuple):
    """A page or a document of data, as it is sent: its type, its tag (RFC 9110, 8.8.3), other headers."""

    body: bytes
    media: str
    tag: str
    headers: tuple[tuple[str, str], ...] = ()


class Served:
    """One dataset: what is asked, what is shown, and what has been made of it."""

    def __init__(self, known: Known, lanes: Lanes, digest: str) -> None:
        self.known = known
        self.lanes = lanes
        self.digest = digest
        self._made: OrderedDict[tuple[str, ...], Made] = OrderedDict()
        self._bytes = 0

    @property
    def base(self) -> str:
        """The IRI under which the data lies; "" unknown."""
        return self.known.base

    def tag(self, *of: str) -> str:
        """A strong tag of what is made from this dataset: it changes with the dataset, the program, and what it is."""
        text = "\0".join((self.digest, VERSION, *of))
        return '"' + hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:24] + '"'

    def kept(self, *of: str) -> Made | None:
        """What has been made before."""
        found = self._made.get(of)
        if found is not None:
            self._made.move_to_end(of)
        return found

    def keep(self, made: Made, *of: str) -> Made:
        """Keep what has been made, and drop what nobody has asked for longest."""
        size = _size(made, of)
        if size < _KEPT_BYTES // 16 and of not in self._made:
            self._made[of] = made
            self._bytes += size
            while self._bytes > _KEPT_BYTES:
                oldest, dropped = self._made.popitem(last=False)
                self._bytes -= _size(dropped, oldest)
        return made


def _size(made: Made, of: tuple[str, ...]) -> int:
    """About how many bytes it takes to keep something, and what it is known by."""
    return len(made.body) + sum(map(len, of)) + _ENTRY


class Serving:
    """The dataset at a path, whichever is there now."""

    def __init__(self, path: Path, limits: Limits, aside: Path, told: Callable[[str], object]) -> None:
        self._path, self._limits, self._aside, self._told = path, limits, aside, told
        self._served: Served | None = None
        self._watching: asyncio.Task[None] | None = None
        self._number = 0
        self._later: set[asyncio.Task[None]] = set()

    @property
    def now(self) -> Served:
        """The dataset that is there now."""
        assert self._served is not None
        return self._served

    async def start(self) -> None:
        """Open the dataset, and look for a new one from now on.

        Raises:
            KbgraphError: there is none, or it cannot be read.
        """
        self._served = await self._opened()
        self._watching = asyncio.create_task(self._watch())

    def close(self) -> None:
        """End all that goes on."""
        if self._watching is not None:
            self._watching.cancel()
        for each in self._later:
            each.cancel()
        if self._served is not None:
            self._served.lanes.close()

    async def _opened(self) -> Served:
        self._number += 1
        aside = self._aside / str(self._number)
        digest = digest_of(_mark(self._path))
        opened = await asyncio.to_thread(open_dataset, self._path, lambda: aside, self._limits, self._told)
        lanes = await Lanes.opened(self._path, self._limits, self._aside / f"{self._number}-queries")
        return Served(Known(opened), lanes, digest)

    async def _watch(self) -> None:
        failed = ""
        while True:
            await asyncio.sleep(_LOOK)
            digest = ""
            with suppress(KbgraphError, OSError):
                digest = digest_of(_mark(self._path))
            is_dead = not self.now.lanes.is_alive
            if not digest or (digest in {self.now.digest, failed} and not is_dead):
                continue
            try:
                new = await self._opened()
            except (KbgraphError, OSError) as error:
                self._told(f"the new build cannot be served, the old one goes on: {error}")
                failed = digest
                continue
            failed = ""
            old, self._served = self.now, new
            self._told("going on with the new build" if not is_dead else "the processes for queries were started anew")
            task = asyncio.create_task(_ended(old))
            self._later.add(task)
            task.add_done_callback(self._later.discard)


def _mark(path: Path) -> Path:
    """The file that changes with the dataset."""
    manifest = path / "manifest.json"
    return manifest if manifest.is_file() else next((each for each in path.glob("graph.*")), path)


async def _ended(old: Served) -> None:
    """Wait until nobody reads an old dataset, and let it go."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_GRACE):
            await old.lanes.idle()
    old.lanes.close()
