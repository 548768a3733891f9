"""The folder of a site: filled beside its place, then put there as a whole."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kbgraph.errors import UsageError
from kbgraph.exchange import put_folder
from kbgraph.files import PART, world_error

__all__ = ["SiteFolder", "site_folder"]

#: In the folder: by this file one sees that kbgraph wrote it, and may replace it.
_MARK = ".kbgraph-site"


class SiteFolder:
    """A folder that is being filled: its path, and how many files and bytes there are."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files = 0
        self.bytes = 0
        self._made: set[str] = set()

    def write(self, name: str, data: bytes) -> None:
        """Write a file by its path in the folder, which is new and has nothing in it that leads elsewhere."""
        inner, _, _ = name.rpartition("/")
        if inner not in self._made:
            (self.path / inner).mkdir(parents=True, exist_ok=True)
            self._made.add(inner)
        if any(part in {"", ".", ".."} for part in name.split("/")) or "\0" in name or "\\" in name:
            raise UsageError(f"{name!r} is no name of a file in a site")
        with open(f"{self.path}/{name}", "xb", buffering=0) as file:  # noqa: PTH123 - half the time, for each of many
            file.write(data)
        self.written(1, len(data))

    def written(self, files: int, size: int) -> None:
        """Count what others have written here."""
        self.files += files
        self.bytes += size


@contextmanager
def site_folder(out: Path) -> Iterator[SiteFolder]:
    """A new folder, put in its place at the end; gone where it could not be filled.

    Raises:
        UsageError: what is there was not written by kbgraph.
        WorldError: it cannot be written.
    """
    place = Path(out).absolute()
    if place.is_symlink() or (place.exists() and not place.is_dir()):
        raise UsageError(f"'{out}' is not a folder")
    if place.exists() and any(place.iterdir()) and not (place / _MARK).is_file():
        raise UsageError(f"'{out}' holds files that are not of a site that kbgraph wrote; choose another folder")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=place.parent, prefix=PART, suffix=".part"))
    except OSError as error:
        raise world_error(error, f"write '{out}'") from None
    try:
        folder = SiteFolder(new)
        folder.write(_MARK, b"A site that kbgraph wrote; the next one takes its place.\n")
        yield folder
        new.chmod(0o755)
        put_folder(new, place)
    except OSError as error:
        raise world_error(error, f"write '{out}'") from None
    finally:
        shutil.rmtree(new, ignore_errors=True)
