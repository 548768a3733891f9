"""Articles to `Compiled`, from the cache where it has them, in several processes where it has not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from kbgraph.cache import Cache, entry_of, head_of
from kbgraph.compiled import Compiled, compile_articles, name_of, variant_of
from kbgraph.config import Settings
from kbgraph.errors import Problem
from kbgraph.inputs import Input, key_of, read_bounded
from kbgraph.resources import program_digest
from kbgraph.workers import processors, shared_out

__all__ = ["Progress", "compiled_articles", "jobs_of", "kind_of"]

#: Articles of one piece of work: enough to be worth sending, few enough to share out evenly.
_BATCH = 32

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


def _is_kept(each: Input) -> bool:
    """Whether an article depends on nothing but its bytes and the keys of the others."""
    return not each.alone


def compiled_articles(
    inputs: Sequence[Input],
    settings: Settings,
    modules: Collection[str],
    cache: Cache | None = None,
    progress: Progress | None = None,
) -> tuple[list[Compiled], list[str]]:
    """Every input compiled, in order, and the names of the entries that they have in the cache."""
    work = _Work(settings, frozenset(key_of(each.path) for each in inputs), frozenset(modules), cache)
    known = dict(_known(inputs, work)) if cache is not None else {}
    if progress is not None and known:
        progress(len(known))
    missing = [each for each in inputs if each.path not in known]
    batches = [missing[start : start + _BATCH] for start in range(0, len(missing), _BATCH)]
    for batch, sent in zip(batches, shared_out(work, batches, jobs_of(settings)), strict=True):
        known |= {each.path: _received(one) for each, one in zip(batch, sent, strict=True)}
        if progress is not None:
            progress(len(batch))
    found = [known[each.path] for each in inputs]
    return [compiled for _, compiled in found], [name for name, _ in found if name]


def _known(inputs: Sequence[Input], work: _Work) -> Iterator[tuple[str, tuple[str, Compiled]]]:
    """The articles that the cache has, by path, with the names of their entries."""
    assert work.cache is not None
    names = work.cache.names()
    for each in inputs:
        data = read_bounded(each, work.settings.limits.file_bytes) if _is_kept(each) else b""
        if not _is_kept(each) or isinstance(data, Problem):
            continue
        for name in names.get(name_of(each.path, data), ()):
            entry = work.cache.read(name)
            compiled = Compiled.of(entry) if entry is not None else None
            if compiled is not None and compiled.holds(work.keys, work.modules):
                yield each.path, (name, compiled)
                break


def _received(sent: _Sent) -> tuple[str, Compiled]:
    if isinstance(sent, Problem):
        return "", Compiled.unreadable(sent)
    if isinstance(sent, bytes):
        return "", Compiled.of(entry_of(sent, sent))
    name, path, head = sent
    return name, Compiled.of(Cache.written(path, head))
