"""The embedded store: a build's dataset in an Oxigraph store on disk, for SPARQL.

It lies in `store/` of the folder of a build, where any program that knows Oxigraph can open it. It is
made beside its place and put there as a whole, with a mark of the dataset that it was made from: a
newer build makes it stale, and whoever opens it next makes it anew. Queries are in `query`.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from kbgraph.errors import LimitError, UsageError, WorldError
from kbgraph.exchange import Held, put_folder
from kbgraph.files import read_json, world_error
from kbgraph.place_file import PLACES, PlaceFile

if TYPE_CHECKING:
    from pyoxigraph import Store

    from kbgraph.config import Limits
    from kbgraph.errors import Place

__all__ = ["STORE", "DatasetFile", "Opened", "dataset_file", "load_dataset", "open_dataset", "write_store"]

#: The folder in the folder of a build.
STORE = "store"
#: In that folder: what the store was made from.
_MARK = "kbgraph.json"
#: Changes with what a store holds for the same dataset.
_VERSION = 1
_LOCK = ".store.lock"
#: What stores are called until they are whole.
_NEW = ".store-new-"

#: The files of a build that hold its dataset, the quickest to read first.
_DATASETS = ("graph.nq", "graph.trig", "graph.jsonld", "graph.ttl", "graph.nt")
#: The formats of files, by ending.
_FORMATS = {
    ".nq": "N_QUADS",
    ".trig": "TRIG",
    ".ttl": "TURTLE",
    ".nt": "N_TRIPLES",
    ".jsonld": "JSON_LD",
    ".rdf": "RDF_XML",
    ".owl": "RDF_XML",
    ".xml": "RDF_XML",
}
#: Bytes of a dataset that is read into memory, where it takes about twice as many.
_IN_MEMORY = 512 * 1024 * 1024
#: How often a store is made anew because a build was put in place meanwhile.
_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Opened:
    """A dataset to be asked: the store, and the base IRI of its data ("" unknown).

    `place_of` says where an article was written, or a part of one; None where that is not known.
    """

    store: Store
    base: str
    place_of: Callable[[str], Place | None] = lambda _: None


@dataclass(frozen=True, slots=True)
class DatasetFile:
    """The file that a build's store is made from, with its digest (SHA-256), and the base IRI of the data.

    `places` is the digest of the file that says where they were written, "" where there is none.
    """

    path: Path
    digest: str
    base: str
    places: str = ""

    @property
    def mark(self) -> dict[str, object]:
        """What a store of it is known by."""
        return {"version": _VERSION, "file": self.path.name, "sha256": self.digest}

    @property
    def place_of(self) -> Callable[[str], Place | None]:
        """Says where an article was written, or a part of one."""
        return PlaceFile.of_build(self.path.parent, self.places).find

    def opened(self, store: Store) -> Opened:
        """The dataset in its store."""
        return Opened(store, self.base, self.place_of)


def open_dataset(
    path: Path, aside: Callable[[], Path], limits: Limits, told: Callable[[str], object] = lambda _: None
) -> Opened:
    """A folder of a build, or a file of RDF, to be asked.

    Args:
        path: the folder, whose store is made where it is missing or stale; or the file, read into memory.
        aside: where a folder can be made for the store of a build that cannot be written to.
        limits: bound the bytes of a file.
        told: hears what takes long.

    Raises:
        UsageError: there is no dataset here.
        WorldError: it cannot be read.
        LimitError: the file is too large.
    """
    if not path.exists():
        raise UsageError(f"'{path}' does not exist; kbgraph build makes a graph")
    if not path.is_dir():
        return _from_file(path, limits, told)
    if not (path / "manifest.json").exists():
        alone = next((path / name for name in _DATASETS if (path / name).is_file()), None)
        if alone is None:
            raise UsageError(f"there is no graph in '{path}'; kbgraph build writes graph.nq")
        return _from_file(alone, limits, told)
    for _ in range(_ATTEMPTS):
        source = dataset_file(path)
        store = _open(path / STORE, source)
        if store is not None:
            return source.opened(store)
        try:
            write_store(path, told)
        except PermissionError:
            return _open_aside(path, aside(), told)
    raise WorldError(f"'{path}' is being built again and again; try it later")


def load_dataset(
    path: Path, aside: Callable[[], Path], limits: Limits, told: Callable[[str], object] = lambda _: None
) -> Opened:
    """The same, for whoever asks again and again: in memory, which answers ten times as fast, if there is room.

    Raises:
        KbgraphError: as `open_dataset`.
    """
    if (path / "manifest.json").exists():
        for _ in range(_ATTEMPTS):
            source = dataset_file(path)
            if not source.path.is_file() or source.path.stat().st_size > _IN_MEMORY:
                break
            store = _loaded(source)
            if store is not None:
                return source.opened(store)
    return open_dataset(path, aside, limits, told)


def write_store(out: Path, told: Callable[[str], object] = lambda _: None) -> Path:
    """Make the store of a build, unless it is there already; the folder that it is in.

    Raises:
        UsageError: the build wrote no dataset.
        WorldError: it cannot be written.
        PermissionError: nothing may be written to the folder.
    """
    with _locked(out):
        for left in out.glob(f"{_NEW}*"):  # of somebody who was killed; who holds the lock is alone
            shutil.rmtree(left, ignore_errors=True)
        for _ in range(_ATTEMPTS):
            source = dataset_file(out)
            if _mark_of(out / STORE) == source.mark:
                break
            _refuse_foreign(out / STORE)
            told(f"making the store of {source.path.name} …")
            try:
                _make_and_put(out, source)
            except PermissionError:
                raise
            except OSError as error:
                raise world_error(error, f"write '{out / STORE}'") from None
    return out / STORE


def _make_and_put(out: Path, source: DatasetFile) -> None:
    from tempfile import mkdtemp

    new = Path(mkdtemp(dir=out, prefix=_NEW))
    try:
        if _fill(new, source):
            new.chmod(0o755)
            put_folder(new, out / STORE)
    finally:
        shutil.rmtree(new, ignore_errors=True)


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    """Wait until nobody else makes the store here."""
    from filelock import FileLock

    lock = FileLock(out / _LOCK)
    try:
        lock.acquire()
    except OSError as error:
        if error.errno == errno.EROFS:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(out)) from None
        raise
    try:
        yield
    finally:
        lock.release()


def dataset_file(out: Path) -> DatasetFile:
    """What the manifest says of the dataset.

    Raises:
        UsageError: the build wrote none, or this is no manifest.
    """
    manifest = read_json(out / "manifest.json")
    try:
        digests = {str(each["path"]): str(each["sha256"]) for each in manifest["files"]}
        base = str(manifest["base"])
    except (KeyError, TypeError):
        raise UsageError(f"'{out / 'manifest.json'}' is not the manifest of a build") from None
    name = next((name for name in _DATASETS if name in digests), None)
    if name is None:
        raise UsageError(f"the build in '{out}' wrote no dataset; build it again with the format nq")
    return DatasetFile(out / name, digests[name], base, digests.get(PLACES, ""))


def _mark_of(store: Path) -> object:
    try:
        return json.loads((store / _MARK).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _refuse_foreign(store: Path) -> None:
    """Refuse to replace what kbgraph did not make."""
    if os.path.lexists(store) and (store.is_symlink() or not (store / _MARK).is_file()):
        raise WorldError(f"'{store}' is not a store that kbgraph made; move it away")


def _fill(folder: Path, source: DatasetFile) -> bool:
    """Load the dataset into a new store and mark it; False where the file is no longer what the manifest says."""
    store = _loaded(source, folder)
    if store is None:
        return False
    store.flush()
    del store
    with (folder / _MARK).open("w", encoding="utf-8") as mark:
        json.dump(source.mark, mark)
        mark.flush()
        os.fsync(mark.fileno())
    return True


def _loaded(source: DatasetFile, folder: Path | None = None) -> Store | None:
    """A new store of the dataset, in a folder or in memory; None where the file is no longer what the manifest says."""
    import hashlib

    from pyoxigraph import RdfFormat, Store

    with source.path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != source.digest:
            if (
                dataset_file(source.path.parent) == source
                and not source.path.parent.joinpath(".kbgraph-switch").exists()
            ):
                raise UsageError(f"'{source.path}' is not what its manifest says: build it again")
            return None
        file.seek(0)
        store = Store() if folder is None else Store(str(folder))
        # What kbgraph wrote needs no second proof that its IRIs are IRIs.
        try:
            store.bulk_load(file, format=getattr(RdfFormat, _FORMATS[source.path.suffix]), lenient=True)
        except SyntaxError as error:
            raise UsageError(f"'{source.path}' is not RDF: {error.msg}") from None
    return store


# ---- opening


def _open(place: Path, source: DatasetFile) -> Store | None:
    """The store, if it was made from this source; all its files are of one folder, whatever is put here meanwhile."""
    from pyoxigraph import Store

    with suppress(FileNotFoundError, NotADirectoryError), Held(place) as held:
        if _mark_of(held.path) != source.mark:
            return None
        try:
            store = Store.read_only(str(held.path))
        except (OSError, RuntimeError) as error:  # the latter where a file of it is broken
            if held.is_still():
                raise WorldError(f"'{place}' cannot be read: {error}; remove it, and it is made anew") from None
            return None
        if held.is_lasting:
            held.keep()
            return store
        return store if held.is_still() else None
    return None


def _open_aside(out: Path, aside: Path, told: Callable[[str], object]) -> Opened:
    """A store for this time only, of a folder that cannot be written to."""
    from pyoxigraph import Store

    for _ in range(_ATTEMPTS):
        source = dataset_file(out)
        told(f"'{out}' cannot be written to: making a store for this time only …")
        try:
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir(mode=0o700, parents=True)
            if _fill(aside, source):
                return source.opened(Store.read_only(str(aside)))
        except OSError as error:
            raise world_error(error, f"write '{aside}'") from None
    raise WorldError(f"'{out}' is being built again and again; try it later")


def _from_file(path: Path, limits: Limits, told: Callable[[str], object]) -> Opened:
    """A store in memory of a file, packed by gzip perhaps."""
    import gzip

    from pyoxigraph import RdfFormat, Store

    if not path.is_file():  # a pipe would be waited for, a device read without end
        raise WorldError(f"'{path}' cannot be read: this is not a regular file")
    is_packed = path.suffix.lower() == ".gz"
    ending = Path(path.stem).suffix.lower() if is_packed else path.suffix.lower()
    if ending not in _FORMATS:
        raise UsageError(
            f"'{path}' is no graph: its name must end in {', '.join(_FORMATS)}, or in one of these and .gz"
        )
    kind = getattr(RdfFormat, _FORMATS[ending])
    told(f"reading {path.name} …")
    try:
        with path.open("rb") as raw, gzip.open(raw) if is_packed else raw as file:
            store = Store()
            store.bulk_load(_bounded(cast("IO[bytes]", file), limits.graph_bytes, path), format=kind)
    except SyntaxError as error:
        where = f":{error.lineno}:{error.offset}" if error.lineno else ""
        said = re.sub(r"^Parser error .*?: ", "", str(error.msg))
        raise UsageError(f"{path}{where}: this is not {kind.name}: {said}") from None
    except ValueError as error:
        raise UsageError(f"{path}: this is not {kind.name}: {error}") from None
    except (EOFError, OSError) as error:
        raise WorldError(f"'{path}' cannot be read: {getattr(error, 'strerror', None) or error}") from None
    return Opened(store, _base_of(store))


def _base_of(store: Store) -> str:
    """The base IRI of the data, as its catalogue has it; "" where there is none."""
    from pyoxigraph import NamedNode

    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    dataset = NamedNode("http://www.w3.org/ns/sparql-service-description#Dataset")
    found = next(store.quads_for_pattern(None, kind, dataset), None)
    iri = found.subject.value if found is not None and isinstance(found.subject, NamedNode) else ""
    return iri.removesuffix("dataset") if iri.endswith("/dataset") else ""


class _Bounded:
    """A file that ends the reading where it is too large."""

    def __init__(self, file: IO[bytes], most: int, path: Path) -> None:
        self._file, self._left, self._most, self._path = file, most, most, path

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._file.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise LimitError(f"'{self._path}' is too large: more than {self._most:,} bytes (limit graph_bytes)")
        return data


def _bounded(file: IO[bytes], most: int, path: Path) -> Any:
    return _Bounded(file, most, path)
