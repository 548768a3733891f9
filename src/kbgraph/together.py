"""What only all articles together decide: the graphs that they share, and what is wrong between them.

Both are kept in the cache under a digest of the little that they depend on, so that an article
whose text alone was changed needs neither of them again.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property, partial, reduce
from operator import or_

import orjson
from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from kbgraph import catalogue
from kbgraph.across import Question, bucket_of, index_of, lines_for, questions_across
from kbgraph.cache import Cache, Damaged, Entry, packed
from kbgraph.check import query_results
from kbgraph.compiled import Compiled, compiled_part, part_as_entry
from kbgraph.compiling import jobs_of
from kbgraph.config import Settings
from kbgraph.graph import sorted_lines
from kbgraph.parts import Part, cut
from kbgraph.records import result_of
from kbgraph.shapes import shipped_shapes
from kbgraph.shared import Bucket, Mentions, buckets
from kbgraph.terms import Space
from kbgraph.validation import Result
from kbgraph.vocabulary import vocabulary
from kbgraph.workers import shared_out

__all__ = ["Across", "shared_parts"]


# ---- the graphs that articles share

#: Parts from which on it pays to make them in several processes.
_MANY = 16


def shared_parts(
    articles: Sequence[Compiled], settings: Settings, modules: Collection[str], cache: Cache | None
) -> tuple[list[Part], list[str]]:
    """The parts of the graphs that articles share, and the names of their entries in the cache."""
    if cache is None:
        return [part for each in _buckets(articles, settings) for part in _parts_of(each)], []
    mentioned = [(each.path, each.mentioned, each.modified) for each in articles]
    name = _digest("shared", settings.of_dataset(), sorted(modules), mentioned)
    entry = cache.read(name)
    used = {"buckets": [], "parts": []} if entry is None else entry.header
    known = {each: cache.read(each) for each in used["parts"]}
    if entry is None or None in known.values():
        used, known = _kept(articles, settings, modules, cache)
        cache.write(name, packed(used, {}))
    if None in known.values():
        raise Damaged(name)
    found = [compiled_part(each.sections, each.header) for each in known.values() if each is not None]
    return found, [name, *used["buckets"], *used["parts"]]


def _kept(
    articles: Sequence[Compiled], settings: Settings, modules: Collection[str], cache: Cache
) -> tuple[dict[str, list[str]], dict[str, Entry | None]]:
    """The names of the entries of all buckets and parts, and the latter; those made that the cache does not have."""
    named: list[str] = []
    known: dict[str, Entry | None] = {}
    made: dict[str, Part] = {}
    for bucket in _buckets(articles, settings):
        name = _digest("bucket", sorted(modules), bucket.of)
        named.append(name)
        entry = cache.read(name)
        read = {each: cache.read(each) for each in entry.header} if entry is not None else {}
        if entry is None or None in read.values():
            parts = {_name(part, modules): part for part in _parts_of(bucket)}
            read = {each: cache.read(each) for each in parts}
            made |= {each: parts[each] for each, there in read.items() if there is None}
            cache.write(name, packed(list(parts), {}))
        known |= read
    jobs = jobs_of(settings) if len(made) >= _MANY else 1
    for _ in shared_out(partial(_keep, base=settings.base, modules=modules, cache=cache), list(made.values()), jobs):
        pass
    known |= {each: cache.read(each) for each in made}
    return {"buckets": named, "parts": list(known)}, known


def _buckets(articles: Iterable[Compiled], settings: Settings) -> Iterator[Bucket]:
    """What articles share, the vocabulary, and the catalogue."""
    space = Space(settings.base)
    mentions = Mentions()
    for each in articles:
        mentions.extend(each.mentions)
    if settings.publisher:
        mentions.agents.append(catalogue.publisher_of(settings, space))
    yield from buckets(mentions, space, vocabulary())
    yield Bucket("vocabulary", partial(_vocabulary, space))
    yield from catalogue.catalogue_buckets((each.entry for each in articles if each.part is not None), space, settings)


def _vocabulary(space: Space) -> Iterator[Quad]:
    for each in vocabulary().quads:
        yield Quad(each.subject, each.predicate, each.object, space.vocabulary)


def _parts_of(bucket: Bucket) -> Iterator[Part]:
    """The parts that the entities of a bucket are."""
    graphs: dict[str, list[Quad]] = {}
    for quad in bucket.quads():
        graphs.setdefault(quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else "", []).append(quad)
    for name, quads in graphs.items():
        for lines in cut(sorted_lines(quads)):
            yield Part.of(name, lines)


def _name(part: Part, modules: Collection[str]) -> str:
    """The name of the entry of a part with the sections of some formats: always the same bytes."""
    return _digest("part", part.digest, sorted(modules))


def _keep(part: Part, base: str, modules: Collection[str], cache: Cache) -> None:
    cache.write(_name(part, modules), part_as_entry(part, base, modules))


def _digest(what: str, *data: object) -> str:
    return hashlib.blake2b(what.encode() + orjson.dumps(data, default=list), digest_size=16).hexdigest()


# ---- what is wrong between articles


class Across:
    """The statements that constraints across articles look at, and what these find.

    Args:
        parts: the parts of the dataset.
        cache: where results are kept; None to keep none.
    """

    def __init__(self, parts: Sequence[Part], cache: Cache | None) -> None:
        self._parts, self._cache = parts, cache

    @cached_property
    def store(self) -> Store:
        """The statements in a store."""
        return self._loaded(~0)

    def _loaded(self, wanted: int) -> Store:
        """A store of the statements in some cells, given as bits."""
        store = Store()
        for start in range(0, len(self._parts), _LOADED):
            lines = b"".join(lines_for(part, wanted) for part in self._parts[start : start + _LOADED])
            store.bulk_load(lines, format=RdfFormat.N_QUADS, lenient=True)  # the lines are our own
        return store

    @cached_property
    def names(self) -> dict[Question, str]:
        """The name of the entry of each question in the cache: what it is answered by decides."""
        digests: dict[int, list[str]] = defaultdict(list)
        for part in self._parts:
            for cell, digest in index_of(part).digests:
                digests[cell].append(digest)
        return {
            each: _digest("across", each.name, [digests[cell] for cell in sorted(digests) if cell & each.cells])
            for each in questions_across(shipped_shapes())
            if each.own in digests
        }

    @property
    def is_known(self) -> bool:
        """Whether all results are in the cache."""
        return len(self._kept) == len(self.names)

    def results(self) -> list[Result]:
        """The results of our own constraints across articles: what is answered by the same lines is not asked again."""
        asked = [each for each in self.names if each not in self._kept]
        found = {**self._kept, **(self._answers(asked) if asked else {})}
        if self._cache is not None:
            for question in asked:
                self._cache.write(self.names[question], packed(found[question], {}))
        return [result for question in self.names for result in found[question]]

    def _answers(self, asked: Collection[Question]) -> dict[Question, list[Result]]:
        """The results of some questions; those of one family are asked at once for all buckets."""
        everything = len(asked) == len(self.names)
        store = self.store if everything else self._loaded(reduce(or_, (each.cells for each in asked)))
        found: dict[Question, list[Result]] = {each: [] for each in asked}
        asking = {(each.queries, each.bucket): each for each in asked}
        for queries in dict.fromkeys(queries for queries, _ in asking):
            for result in query_results(store, shipped_shapes(), queries):
                bucket = bucket_of(queries[0].compares, result.group) if (queries, 0) not in asking else 0
                if (queries, bucket) in asking:  # of another bucket, not all may be in the store
                    found[asking[queries, bucket]].append(result)
        return found

    @cached_property
    def _kept(self) -> dict[Question, list[Result]]:
        """The results that the cache has had, by question."""
        if self._cache is None:
            return {}
        read = {question: self._cache.read(name) for question, name in self.names.items()}
        return {each: list(map(result_of, entry.header)) for each, entry in read.items() if entry is not None}


#: Parts that are loaded at once.
_LOADED = 1024
