"""What the last build into a folder was made from, and what it wrote: so as not to do it again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import orjson

from kbgraph.assembly import Layout
from kbgraph.cache import Damaged, entry_of, packed
from kbgraph.config import Settings
from kbgraph.errors import Problem, WorldError
from kbgraph.files import write_whole
from kbgraph.inputs import Found, Input, read_bounded
from kbgraph.output import Older, Staged, Written
from kbgraph.per_file_ignores import entries_of
from kbgraph.records import problem_of

__all__ = ["Last", "digest_of"]


class Last(NamedTuple):
    """A build that ended: a digest of all it was made from, what it counted, found and wrote.

    `kind` is that of the entries that it used, `found` the problems as JSON, and `layouts` are the bytes of
    the layouts of those files that were put together from pieces: pieces of another kind are others. The
    empty one is a build that never was.
    """

    kind: str = ""
    source: str = ""
    counts: Mapping[str, int] = {}
    found: bytes = b"[]"
    files: Mapping[str, Written] = {}
    layouts: Mapping[str, bytes] = {}

    @classmethod
    def of(
        cls,
        kind: str,
        source: str,
        counts: Mapping[str, int],
        found: bytes,
        files: Iterable[Staged],
        out: Path,
    ) -> Last:
        """A build that has just put its files in place below a folder."""
        known = {each.path: _written(each, f"{out}/{each.path}") for each in files}
        layouts = {each.path: each.layout for each in files if each.layout}
        return cls(kind, source, counts, found, known, layouts)

    @classmethod
    def read(cls, path: Path) -> Last:
        """What is remembered in a file; nothing where it cannot be read."""
        try:
            text = read_bounded(Input(path.name, path), _LONGEST)
            if isinstance(text, Problem):
                return cls()
            data, sections = entry_of(text, text)
            files = {name: Written(*each) for name, each in data["files"].items()}
            layouts = {name: sections[name] for name in sections if name != _FOUND}
            return cls(data["kind"], data["source"], data["counts"], sections[_FOUND], files, layouts)
        except (ValueError, KeyError, TypeError, AttributeError, Damaged):
            return cls()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems that it found."""
        return tuple(map(problem_of, orjson.loads(self.found)))

    def is_still(self, source: str, out: Path) -> bool:
        """Whether a build from the same things would write what lies in the folder already."""
        return (
            bool(source)
            and source == self.source
            and all(each.is_still(f"{out}/{path}") for path, each in self.files.items())
        )

    def of_kind(self, kind: str) -> Last:
        """What is of use to a build of a kind: pieces of another kind are others."""
        return self if kind == self.kind else self._replace(layouts={})

    def older(self, path: str) -> Older | None:
        """What a file was, and what it was put together from; None where that is not known."""
        if path not in self.files or path not in self.layouts:
            return None
        try:
            return Older(self.files[path], Layout.of(self.layouts[path]))
        except (Damaged, ValueError, TypeError):
            return None

    def write(self, path: Path) -> None:
        """Remember; what cannot be written is not remembered."""
        data = {
            "kind": self.kind,
            "source": self.source,
            "counts": self.counts,
            "files": self.files,
        }
        with suppress(WorldError):
            write_whole(path, packed(data, {_FOUND: self.found, **self.layouts}), lasting=False)


#: The section of the problems: no file has such a name.
_FOUND = ""


def _written(each: Staged, path: str) -> Written:
    """A file that has just been put in place."""
    about = os.lstat(path)
    return Written(about.st_size, about.st_mtime_ns, each.sha256, each.source)


#: Bytes of a file besides the articles.
_LONGEST = 2**30


def digest_of(
    kind: str, found: Found, names: Mapping[str, str], settings: Settings, besides: Iterable[str] = ()
) -> str:
    """A digest of all that a build is made from; empty where a digest cannot tell.

    `names` are digests of the inputs by path, `besides` further files that it depends on.

    A file given by itself depends on what lies beside it. Where files lie matters to settings that
    name some of them, and where these stand in the file of the settings to what is said of them.
    """
    if any(each.alone or each.data is not None for each in found.inputs):
        return ""
    digest = hashlib.blake2b(repr((kind, settings.of_content(), found.problems)).encode())
    here = Path.cwd()
    places = ((os.path.join(here, each.location), names[each.path]) for each in found.inputs)  # noqa: PTH118
    digest.update(repr(list(places)).encode())
    files = [*settings.shapes, *besides]
    if settings.per_file_ignores and settings.file:
        digest.update(repr([each.is_gone for each in entries_of(settings, {})]).encode())
        files.append(settings.file)
    for path in files:
        data = read_bounded(Input(path, Path(path)), _LONGEST)
        content = data if isinstance(data, bytes) else repr(data).encode()
        digest.update(repr((path, len(content))).encode() + content)
    return digest.hexdigest()
