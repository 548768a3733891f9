"""Two datasets compared: articles, facts, works, and quads.

An article is known by its IRI; one that went and one that came are the same where their id or
their text says so. Articles are compared as their authors know them, by what `recovery` gets from
the graph, so that the statements which kbgraph derives do not drown what was changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from kbgraph.dataset import Dataset, Stated, quads_of, says
from kbgraph.diff.changes import Change, SectionChange, field_changes, section_changes
from kbgraph.fields import ARTICLE
from kbgraph.front_data import Data
from kbgraph.recovery import Part, Recovery, names_of
from kbgraph.terms import KB, RDF, SCHEMA, curie_of
from kbgraph.vocabulary import vocabulary

__all__ = ["ArticleChange", "Comparison", "SourceChange", "compare", "quad_changes"]

_IS_SOURCE = f" {RDF.type} {KB.Source} ".encode()
_ABOUT_BYTES = (f" {SCHEMA.contentSize} ".encode(), f" {SCHEMA.sha256} ".encode())


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """An article that was `added`, `removed`, `changed` or `moved` (and maybe changed, too).

    It was `rewritten` where it says the same in other bytes, and is `affected` where it says the
    same, but other statements follow from it, since other articles or kbgraph were changed: these
    are `derived`, each as `-` or `+`, property and value.

    `path` is that of its file, in the new dataset unless it was removed; `entries` counts the
    facts and references of one that was added or removed.
    """

    kind: str
    path: str
    old_path: str
    iri: str
    changes: tuple[Change, ...] = ()
    sections: tuple[SectionChange, ...] = ()
    entries: Mapping[str, int] | None = None
    derived: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SourceChange:
    """A work that was `added`, `removed` or `changed`: for each property its values before and after."""

    kind: str
    iri: str
    name: str
    properties: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two datasets: `removed` and `added` count their quads."""

    articles: tuple[ArticleChange, ...]
    sources: tuple[SourceChange, ...]
    removed: int
    added: int
    bases: tuple[str, str]

    @property
    def is_same(self) -> bool:
        """True where not one quad differs."""
        return not self.removed and not self.added


def quad_changes(old: Dataset, new: Dataset) -> tuple[list[bytes], list[bytes]]:
    """The quads to remove from the old dataset and to add to it to get the new one, sorted.

    Where one of the two has lost its named graphs, the unions are compared.
    """
    if old.named is not new.named:
        old, new = old.union(), new.union()
    names = _differing(old, new)
    before, after = _lines(old, names), _lines(new, names)
    return sorted(before - after), sorted(after - before)


def _lines(dataset: Dataset, names: Iterable[str]) -> set[bytes]:
    return {line for name in names for line in dataset.graphs.get(name, ())}


def _differing(old: Dataset, new: Dataset) -> set[str]:
    """The names of the graphs that are not equal."""
    names = {*old.graphs, *new.graphs}
    return {name for name in names if old.graphs.get(name) != new.graphs.get(name)}


def compare(old: Dataset, new: Dataset) -> Comparison:
    """What differs between two datasets.

    Where they have different base IRIs, their articles and works are matched by what is behind it.
    """
    bases = old.base(), new.base()
    if old.named is not new.named:
        old, new = old.union(), new.union()
    removed, added = quad_changes(old, new)
    if not removed and not added:
        return Comparison((), (), 0, 0, bases)
    if bases[0] != bases[1] and all(bases):
        old = old.moved(*bases)
    names = _differing(old, new)
    before, after = _Side(old, names), _Side(new, names)
    articles = sorted(_article_changes(before, after), key=lambda each: (each.path, each.old_path))
    sources = sorted(_source_changes(before, after), key=lambda each: each.iri)
    return Comparison(tuple(articles), tuple(sources), len(removed), len(added), bases)


class _Side:
    """One of the two datasets, and what is known of the graphs that differ."""

    def __init__(self, dataset: Dataset, differing: Container[str]) -> None:
        self.dataset = dataset
        self.aliases = dataset.aliases()
        self.articles = {each.iri: each for each in dataset.articles(differing)}
        self._graphs = [lines for name, lines in dataset.graphs.items() if name in differing]

    @cached_property
    def names(self) -> dict[str, str]:
        """What concepts and agents are called."""
        return names_of((*vocabulary().quads, *quads_of(self.dataset.naming)))

    def read(self, article: Stated) -> _Read:
        """The front matter and the sections of an article."""
        recovery = Recovery(article.iri, quads_of(article.lines), self.names, self.aliases)
        return _Read(recovery.front(), recovery.sections())

    @cached_property
    def sources(self) -> dict[str, list[bytes]]:
        """The lines about each work."""
        found: dict[str, list[bytes]] = {}
        for lines in self._graphs:
            works = {_subject(line) for line in lines if _IS_SOURCE in line and says(line, _IS_SOURCE)}
            for line in lines if works else ():
                if (subject := _subject(line)) in works:
                    found.setdefault(subject.decode(), []).append(line)
        return found


@dataclass(frozen=True, slots=True)
class _Read:
    """An article as data."""

    front: dict[str, Data]
    sections: list[Part]

    @property
    def entries(self) -> dict[str, int]:
        """How many entries of each kind it has, by noun."""
        counts: dict[str, int] = defaultdict(int)
        for key, value in self.front.items():
            field = ARTICLE.find(key)
            if field is not None and field.noun and isinstance(value, list):
                counts[field.noun] += len(value)
        return dict(counts)


def _subject(line: bytes) -> bytes:
    return line[1 : line.index(b">")]


# ---- articles


def _article_changes(old: _Side, new: _Side) -> Iterator[ArticleChange]:
    removed = {iri: old.read(each) for iri, each in old.articles.items() if iri not in new.articles}
    added = {iri: new.read(each) for iri, each in new.articles.items() if iri not in old.articles}
    moved = _moved(removed, added)
    if old.dataset.size == new.dataset.size == len(removed) == len(added) == 1:
        moved = dict(zip(removed, added, strict=True))  # one was given to be compared with the other
    for before, after in moved.items():
        yield _changed(old, new, old.articles[before], new.articles[after], "moved")
    for iri, read in removed.items():
        if iri not in moved:
            path, changes = old.articles[iri].path, tuple(field_changes(read.front, {}, ARTICLE, old.aliases))
            yield ArticleChange("removed", path, path, iri, changes, entries=read.entries)
    for iri, read in added.items():
        if iri not in moved.values():
            changes = tuple(field_changes({}, read.front, ARTICLE, new.aliases))
            yield ArticleChange("added", new.articles[iri].path, "", iri, changes, entries=read.entries)
    for iri, article in new.articles.items():
        earlier = old.articles.get(iri)
        if earlier is not None and earlier.lines != article.lines:
            yield _changed(old, new, earlier, article, "changed")


def _moved(removed: Mapping[str, _Read], added: Mapping[str, _Read]) -> dict[str, str]:
    """Which article that went is which that came: the one of its id, or else of its body."""
    pairs: dict[str, str] = {}
    for trait in (_id_of, _body_of):
        here = _by_trait({iri: read for iri, read in removed.items() if iri not in pairs}, trait)
        there = _by_trait({iri: read for iri, read in added.items() if iri not in pairs.values()}, trait)
        pairs |= {here[value]: there[value] for value in here if value in there}
    return pairs


def _by_trait(articles: Mapping[str, _Read], trait: Callable[[_Read], str]) -> dict[str, str]:
    """The articles by what only one of them has."""
    found: dict[str, list[str]] = defaultdict(list)
    for iri, read in articles.items():
        if value := trait(read):
            found[value].append(iri)
    return {value: iris[0] for value, iris in found.items() if len(iris) == 1}


def _id_of(read: _Read) -> str:
    found = read.front.get("id")
    return found if isinstance(found, str) else ""


def _body_of(read: _Read) -> str:
    return "".join(section.text for section in read.sections).strip()


def _changed(old: _Side, new: _Side, before: Stated, after: Stated, kind: str) -> ArticleChange:
    here, there = old.read(before), new.read(after)
    changes = tuple(field_changes(here.front, there.front, ARTICLE, {**old.aliases, **new.aliases}))
    sections = tuple(section_changes(here.sections, there.sections))
    derived: tuple[tuple[str, str, str], ...] = ()
    if kind == "changed" and not changes and not sections:
        signed = (("-", _meaning(before) - _meaning(after)), ("+", _meaning(after) - _meaning(before)))
        derived = tuple(
            (sign, name, value)
            for sign, lines in signed
            for name, values in sorted(_properties(sorted(lines)).items())
            for value in sorted(values)
        )
        kind = "affected" if derived else "rewritten"
    return ArticleChange(kind, after.path, before.path, after.iri, changes, sections, derived=derived)


def _meaning(article: Stated) -> set[bytes]:
    """The lines of an article without size and digest of its file."""
    return {
        line for line in article.lines if not (b"#_file> " in line and any(says(line, each) for each in _ABOUT_BYTES))
    }


# ---- works


def _source_changes(old: _Side, new: _Side) -> Iterator[SourceChange]:
    before, after = old.sources, new.sources
    for iri, lines in before.items():
        if iri not in after:
            yield SourceChange("removed", iri, _name_of(lines))
    for iri, lines in after.items():
        if iri not in before:
            yield SourceChange("added", iri, _name_of(lines))
        elif before[iri] != lines:
            here, there = _properties(before[iri]), _properties(lines)
            differing = tuple(
                (name, tuple(sorted(here[name] - there[name])), tuple(sorted(there[name] - here[name])))
                for name in sorted({*here, *there})
                if here[name] != there[name]
            )
            if differing:
                yield SourceChange("changed", iri, _name_of(lines), differing)


def _properties(lines: Iterable[bytes]) -> dict[str, set[str]]:
    """The values of each property, by CURIE."""
    found: dict[str, set[str]] = defaultdict(set)
    for quad in quads_of(lines):
        value = quad.object
        if isinstance(value, Literal):
            found[curie_of(quad.predicate.value)].add(value.value)
        elif isinstance(value, NamedNode):
            found[curie_of(quad.predicate.value)].add(curie_of(value.value))
    return found


def _name_of(lines: Iterable[bytes]) -> str:
    names = _properties(lines)[curie_of(SCHEMA.name.value)]
    return min(names, default="")
