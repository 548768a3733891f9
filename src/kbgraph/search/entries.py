"""What can be found in a dataset: articles and their parts, sources, categories, people, organisations.

Texts of sections are taken without their Markdown, since nobody looks for it; what an index makes of
all this is in `making`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from kbgraph.dataset import Dataset, quads_of
from kbgraph.search.words import normal
from kbgraph.terms import KB, KBV, RDF, SCHEMA

__all__ = ["Entry", "entries_of"]

#: What each class is called, in the order in which equals are shown.
_CLASSES = {
    KB.Article: "article",
    KB.Fact: "fact",
    KB.DisputedStatement: "dispute",
    KB.Source: "source",
    KB.KnownGap: "gap",
    KB.Section: "section",
    SCHEMA.DefinedTerm: "category",
    SCHEMA.Person: "person",
    SCHEMA.Organization: "organisation",
}
#: What has a name and is found by nothing else.
_NAMED = {"category", "person", "organisation"}
_ORDER = {kind: at for at, kind in enumerate(_CLASSES.values())}

_PREDICATES = (
    SCHEMA.name,
    SCHEMA.text,
    SCHEMA.alternateName,
    SCHEMA.abstract,
    SCHEMA.description,
    SCHEMA.keywords,
    SCHEMA.identifier,
    SCHEMA.articleSection,
    SCHEMA.citation,
    SCHEMA.author,
    SCHEMA.contributor,
    SCHEMA.publisher,
    SCHEMA.datePublished,
    SCHEMA.url,
    KB.sectionRole,
)
#: What an article is found by, too.
_MORE = (SCHEMA.keywords, SCHEMA.alternateName, SCHEMA.identifier)
#: The roles of sections that list what is found by itself.
_LISTS = {KBV[f"section-{role}"].value for role in ("source-mapped-facts", "further-reading", "related-articles")}
#: The same as they stand in lines.
_WANTED = frozenset(str(each).encode() for each in _PREDICATES)
_TYPE = str(RDF.type).encode()
_TYPES = frozenset(str(each).encode() for each in _CLASSES)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found.

    `title` is shown, `text` is what excerpts are cut from; `more` is found, too, but not shown. `path`
    is that of the article's file, `within` the title of the article, "" for the article itself. `is_list` is
    a section that lists what is found by itself: facts, sources, other articles.
    """

    iri: str
    kind: str
    title: str
    text: str = ""
    more: str = ""
    path: str = ""
    within: str = ""
    categories: tuple[str, ...] = ()
    is_list: bool = False


class _Known:
    """The texts and relations of a dataset, by node and property."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.kinds: dict[str, str] = {}
        self._texts: defaultdict[NamedNode, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._nodes: defaultdict[NamedNode, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for quad in quads:
            if not isinstance(quad.subject, NamedNode):
                continue
            subject, value = quad.subject.value, quad.object
            if quad.predicate == RDF.type:
                if isinstance(value, NamedNode) and value in _CLASSES:
                    self.kinds[subject] = _CLASSES[value]
            elif isinstance(value, Literal):
                self._texts[quad.predicate][subject].append(value.value)
            elif isinstance(value, NamedNode):
                self._nodes[quad.predicate][subject].append(value.value)

    def texts(self, predicate: NamedNode, iri: str) -> list[str]:
        """The texts of a property, sorted, each once."""
        return sorted(set(self._texts[predicate].get(iri, ())))

    def text(self, predicate: NamedNode, iri: str) -> str:
        """The first text of a property; "" where there is none."""
        return next(iter(self.texts(predicate, iri)), "")

    def nodes(self, predicate: NamedNode, iri: str) -> list[str]:
        """The nodes that a property leads to, sorted, each once."""
        return sorted(set(self._nodes[predicate].get(iri, ())))


def entries_of(dataset: Dataset) -> Iterator[Entry]:
    """All that can be found in a dataset, by kind and IRI."""
    known = _Known(quads_of(_lines_of(dataset)))
    cited = _categories_of_sources(known)
    for iri, kind in sorted(known.kinds.items(), key=lambda pair: (_ORDER[pair[1]], pair[0])):
        if kind == "source":
            yield _source(known, iri, cited.get(iri, ()))
            continue
        article, _, part = iri.partition("#")
        if kind in _NAMED:
            if part:  # somebody whom a source alone names, and who has no page
                continue
            entry = Entry(
                iri, kind, normal(known.text(SCHEMA.name, iri)), more=" ".join(known.texts(SCHEMA.alternateName, iri))
            )
        else:
            entry = _article(known, iri) if kind == "article" else _part(known, iri, kind, article)
        if entry.title.strip() or entry.text.strip():
            yield entry


def _lines_of(dataset: Dataset) -> Iterator[bytes]:
    """The lines that say what is looked for: about a sixth of all."""
    for lines in dataset.graphs.values():
        for line in lines:
            subject, predicate, rest = line.split(b" ", 2)
            if (predicate in _WANTED and b"#_ref-" not in subject) or (
                predicate == _TYPE and rest[: rest.index(b" ")] in _TYPES
            ):
                yield line


def _categories_of_sources(known: _Known) -> dict[str, tuple[str, ...]]:
    """The categories of the articles that cite each source."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for iri, kind in known.kinds.items():
        if kind == "article":
            categories = known.texts(SCHEMA.articleSection, iri)
            for source in known.nodes(SCHEMA.citation, iri):
                found[source].update(categories)
    return {iri: tuple(sorted(categories)) for iri, categories in found.items()}


def _article(known: _Known, iri: str) -> Entry:
    said = known.texts(SCHEMA.description, iri) or known.texts(SCHEMA.abstract, iri)
    more = [each for name in _MORE for each in known.texts(name, iri)]
    more += [known.text(SCHEMA.name, each) for each in known.nodes(SCHEMA.contributor, iri)]
    return Entry(
        iri,
        "article",
        normal(known.text(SCHEMA.name, iri)),
        _plain(" ".join(said)),
        " ".join(more),
        known.text(SCHEMA.name, f"{iri}#_file"),
        categories=tuple(known.texts(SCHEMA.articleSection, iri)),
    )


def _part(known: _Known, iri: str, kind: str, article: str) -> Entry:
    """A fact, dispute, gap or section of an article."""
    text = " ".join(known.texts(SCHEMA.text, iri))
    title = known.text(SCHEMA.name, iri) if kind == "section" else ""
    if kind == "section":
        text = _plain(_without_heading(text) if title else text)
    return Entry(
        iri,
        kind,
        normal(title),
        normal(" ".join(text.split())),
        path=known.text(SCHEMA.name, f"{article}#_file"),
        within=normal(known.text(SCHEMA.name, article)),
        categories=tuple(known.texts(SCHEMA.articleSection, article)),
        is_list=not _LISTS.isdisjoint(known.nodes(KB.sectionRole, iri)),
    )


def _source(known: _Known, iri: str, categories: tuple[str, ...]) -> Entry:
    by = [known.text(SCHEMA.name, each) for each in known.nodes(SCHEMA.author, iri)]
    house = [known.text(SCHEMA.name, each) for each in known.nodes(SCHEMA.publisher, iri)]
    urls = known.nodes(SCHEMA.url, iri)
    shown = (", ".join(filter(None, by)), *house, *known.texts(SCHEMA.datePublished, iri), *urls)
    more = [*known.texts(SCHEMA.alternateName, iri), *known.texts(SCHEMA.identifier, iri)]
    return Entry(
        iri,
        "source",
        normal(known.text(SCHEMA.name, iri)),
        normal(" · ".join(filter(None, shown))),
        " ".join(more),
        categories=categories,
    )


#: The heading line of a section, in both ways to write one.
_HEADING = re.compile(r"(?:#[^\n]*|[^\n]*\n[ ]{0,3}(?:=+|-+)[ \t]*)(?:\n|$)")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)")
_MARKUP = re.compile(r"^[ \t]*(?:[-*+>]|#{1,6})[ \t]+|\*\*|__|`|^[ \t]*(?:[-*_|:][ \t]*){3,}$", re.MULTILINE)


def _without_heading(text: str) -> str:
    text = text.lstrip()
    heading = _HEADING.match(text)
    return text[heading.end() :] if heading else text


def _plain(text: str) -> str:
    """Markdown as one line of text."""
    return normal(" ".join(_MARKUP.sub(" ", _LINK.sub(r"\1", text)).split()))
