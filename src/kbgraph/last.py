"""What the last build into a folder was made from, and what it wrote: so as not to do it again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from kbgraph.cache import entry_of, packed
from kbgraph.config import Settings
from kbgraph.errors import Problem, WorldError
from kbgraph.files import write_whole
from kbgraph.inputs import Found, Input, read_bounded
from kbgraph.output import Staged
from kbgraph.per_file_ignores import entries_of
from kbgraph.records import problem_data, problem_of

__all__ = ["Last", "Written", "digest_of", "written"]


class Written(NamedTuple):
    """A file as it was written: size in bytes, time of change in nanoseconds, digests of it and its source."""

    size: int
    changed: int
    sha256: str
    source: str

    def is_still(self, path: Path) -> bool:
        """Whether the file lies there as it was written."""
        try:
            about = path.lstat()
        except OSError:
            return False
        return (about.st_size, about.st_mtime_ns) == (self.size, self.changed)


@dataclass(frozen=True, slots=True)
class Last:
    """A build that ended: a digest of all it was made from, what it counted, found and wrote.

    The empty one is a build that never was.
    """

    source: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    files: Mapping[str, Written] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Last:
        """What is remembered in a file; nothing where it cannot be read."""
        try:
            text = read_bounded(Input(path.name, path), _LONGEST)
            if isinstance(text, Problem):
                return cls()
            data = entry_of(text, text).header
            files = {name: Written(*each) for name, each in data["files"].items()}
            return cls(data["source"], data["counts"], tuple(map(problem_of, data["problems"])), files)
        except (ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def is_still(self, source: str, out: Path) -> bool:
        """Whether a build from the same things would write what lies in the folder already."""
        return (
            bool(source)
            and source == self.source
            and all(each.is_still(out / path) for path, each in self.files.items())
        )

    def write(self, path: Path) -> None:
        """Remember; what cannot be written is not remembered."""
        data = {
            "source": self.source,
            "counts": self.counts,
            "problems": list(map(problem_data, self.problems)),
            "files": self.files,
        }
        with suppress(WorldError):
            write_whole(path, packed(data, {}), lasting=False)


def written(files: Iterable[Staged], out: Path) -> dict[str, Written]:
    """What has just been put in place."""
    found = {}
    for each in files:
        about = (out / each.path).lstat()
        found[each.path] = Written(about.st_size, about.st_mtime_ns, each.sha256, each.source)
    return found


#: Bytes of a file besides the articles.
_LONGEST = 2**30


def digest_of(kind: str, found: Found, settings: Settings, besides: Iterable[str] = ()) -> str:
    """A digest of all that a build is made from; empty where a digest cannot tell.

    `besides` are further files that it depends on.

    A file given by itself depends on what lies beside it. Where files lie matters to settings that
    name some of them, and where these stand in the file of the settings to what is said of them.
    """
    if any(each.alone or each.data is not None for each in found.inputs):
        return ""
    digest = hashlib.blake2b(repr((kind, settings.of_content(), found.problems)).encode())
    files = [(each, settings.limits.file_bytes) for each in found.inputs]
    files += [(Input(path, Path(path)), _LONGEST) for path in (*settings.shapes, *besides)]
    if settings.per_file_ignores and settings.file:
        digest.update(repr([each.is_gone for each in entries_of(settings, {})]).encode())
        files.append((Input(settings.file, Path(settings.file)), _LONGEST))
    for each, limit in files:
        data = read_bounded(each, limit)
        content = data if isinstance(data, bytes) else repr(data).encode()
        digest.update(repr((each.path, str(each.location.absolute()), len(content))).encode() + content)
    return digest.hexdigest()
