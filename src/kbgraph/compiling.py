"""Articles to `Compiled`, from the cache where it has them, in several processes where it has not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from kbgraph.cache import Cache, entry_of, head_of
from kbgraph.compiled import Compiled, name_of, variant_of
from kbgraph.config import Limits, Settings
from kbgraph.errors import Problem
from kbgraph.inputs import Input, key_of, read_bounded
from kbgraph.resources import program_digest
from kbgraph.shapes import shipped_shapes
from kbgraph.workers import begun, processors

__all__ = ["Progress", "compiled_articles", "jobs_of", "kind_of", "names_of"]

#: Articles of one piece of work: enough to be worth sending, few enough to share out evenly.
_BATCH = 32
#: Entries of which it pays to begin with what is missing, in a process, before they are read.
_MANY = 128

Progress = Callable[[int], object]


def kind_of(settings: Settings) -> str:
    """A digest of all that every entry depends on: the program, its libraries, and settings."""
    digest = hashlib.blake2b(digest_size=16)
    chosen = (settings.base, sorted(settings.aliases.items()), settings.limits, settings.engine)
    digest.update(repr((program_digest(), chosen)).encode())
    return digest.hexdigest()


def jobs_of(settings: Settings) -> int:
    """How many processes to work with."""
    return settings.jobs or processors()


@dataclass(frozen=True, slots=True)
class _Work:
    """What a process needs to compile articles; `cache` is None where entries are to be sent back."""

    settings: Settings
    keys: frozenset[str]
    modules: frozenset[str]
    cache: Cache | None

    def __call__(self, inputs: Sequence[Input]) -> list[_Sent]:
        """The compiled articles of a batch: for each its entry, or what is wrong with the file."""
        from kbgraph.making import compile_articles

        read = [(each, read_bounded(each, self.settings.limits.file_bytes)) for each in inputs]
        files = [(each, data) for each, data in read if isinstance(data, bytes)]
        entries = iter(compile_articles(files, self.settings, self.keys, self.modules))
        return [data if isinstance(data, Problem) else self._sent(each, data, next(entries)) for each, data in read]

    def _sent(self, each: Input, data: bytes, entry: bytes) -> _Sent:
        if self.cache is None or not _is_kept(each):
            return entry
        name = f"{name_of(each.path, data)}-{variant_of(entry)}"
        return name, self.cache.write(name, entry), head_of(entry)


#: How an article comes back from a process: its name in the cache, the path and the head of its entry
#: there; its whole entry; or why there is none.
_Sent = tuple[str, str, bytes] | bytes | Problem
#: The name of its entry in the cache, empty where it has none, and what it came to.
_Named = tuple[str, Compiled]


def _is_kept(each: Input) -> bool:
    """Whether an article depends on nothing but its bytes and the keys of the others."""
    return not each.alone


def compiled_articles(
    inputs: Sequence[Input],
    settings: Settings,
    modules: Collection[str],
    cache: Cache | None = None,
    progress: Progress | None = None,
    names: Mapping[str, str] | None = None,
) -> tuple[list[Compiled], list[str]]:
    """Every input compiled, in order, and the names of the entries that they have in the cache.

    `names` are those of `names_of`, if they are known.
    """
    work = _Work(settings, frozenset(key_of(each.path) for each in inputs), frozenset(modules), cache)
    named = dict(_named(inputs, names or names_of(inputs, settings.limits), cache)) if cache is not None else {}
    with _begun(work, (each for each in inputs if each.path not in named), progress, len(named)) as made:
        known = dict(_known(named, work))
        if progress is not None and known:
            progress(len(known))
        known |= made()
    with _begun(work, (each for each in inputs if each.path not in known), progress) as made:
        known |= made()
    found = [known[each.path] for each in inputs]
    return [compiled for _, compiled in found], [name for name, _ in found if name]


@contextmanager
def _begun(
    work: _Work, inputs: Iterable[Input], progress: Progress | None, meanwhile: int = 0
) -> Iterator[Callable[[], dict[str, _Named]]]:
    """A function that gives what articles come to, by path; `meanwhile` so many entries are read here."""
    batches = list(_batches(inputs))
    if batches:
        shipped_shapes()  # which all processes need, this one too: they are inherited
    jobs = jobs_of(work.settings) if len(batches) > 1 or meanwhile >= _MANY else 1
    with begun(work, batches, jobs) as sent:

        def made() -> dict[str, _Named]:
            found: dict[str, _Named] = {}
            for batch, each in zip(batches, sent(), strict=True):
                found |= zip((one.path for one in batch), map(_received, each), strict=True)
                if progress is not None:
                    progress(len(batch))
            return found

        yield made


def _batches(inputs: Iterable[Input]) -> Iterator[list[Input]]:
    waiting = iter(inputs)
    while batch := list(islice(waiting, _BATCH)):
        yield batch


def names_of(inputs: Iterable[Input], limits: Limits) -> dict[str, str]:
    """What the names of all entries of each file begin with, by path; of what cannot be read, the digest of why."""
    read = ((each.path, read_bounded(each, limits.file_bytes)) for each in inputs)
    return {path: name_of(path, data if isinstance(data, bytes) else repr(data).encode()) for path, data in read}


def _named(inputs: Iterable[Input], names: Mapping[str, str], cache: Cache) -> Iterator[tuple[str, list[str]]]:
    """The names of the entries that the cache may have of articles, by path; those without any are left out."""
    known = cache.names()
    for each in filter(_is_kept, inputs):
        if found := known.get(names[each.path]):
            yield each.path, found


def _known(named: Mapping[str, Sequence[str]], work: _Work) -> Iterator[tuple[str, _Named]]:
    """The articles that the cache has, by path."""
    for path, names in named.items():
        for name in names:
            entry = work.cache.read(name) if work.cache is not None else None
            compiled = Compiled.of(entry) if entry is not None else None
            if compiled is not None and compiled.holds(work.keys, work.modules):
                yield path, (name, compiled)
                break


def _received(sent: _Sent) -> _Named:
    if isinstance(sent, Problem):
        return "", Compiled.unreadable(sent)
    if isinstance(sent, bytes):
        return "", Compiled.of(entry_of(sent, sent))
    name, path, head = sent
    return name, Compiled.of(Cache.written(path, head))
