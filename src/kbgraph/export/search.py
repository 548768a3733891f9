"""Articles for search engines: each one JSON-LD object with nothing but schema.org in it.

The profile is what pages of articles are asked for: the article, its body, the works that it cites
and the claims that it makes. What schema.org has no word for (confidence, gaps, provenance) is in
the dataset. The context is embedded and the text is safe inside a `<script>` element.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from hashlib import blake2b
from typing import Any

import orjson
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kbgraph.export.sections import Document, section
from kbgraph.graph import KnowledgeGraph, quads_of
from kbgraph.parts import Part
from kbgraph.terms import Space, curie_of

__all__ = ["article_documents", "sections", "writer_of"]

#: Properties, classes and roles: few, and each is asked for often.
_curie = lru_cache(maxsize=1024)(curie_of)

_Json = str | int | dict[str, "_Json"] | list["_Json"]
#: What is said of one entity, by property.
_Properties = dict[str, list[NamedNode | Literal]]
_Entities = dict[str, _Properties]

#: What is said of an article in so many words, in the order in which it is written.
_TEXTS = (
    *("identifier", "headline", "name", "alternateName", "description", "abstract", "articleSection"),
    *("keywords", "inLanguage", "temporalCoverage"),
)
_DATES = ("dateCreated", "dateModified", "lastReviewed")
_DATE_TYPES = {"xsd:date", "xsd:dateTime"}
#: The property of schema.org for a role; `contributor` for any other.
_ROLES = {f"kbv:role-{role}": role for role in ("author", "editor", "translator", "maintainer")}

#: What may not stand in a script element: JSON has other ways to write it.
_ESCAPES = {b"<": b"\\u003c", "\u2028".encode(): b"\\u2028", "\u2029".encode(): b"\\u2029"}


def article_documents(graph: KnowledgeGraph) -> Iterator[Document]:
    """The JSON-LD of each article, by the IRI of its graph.

    >>> import kbgraph
    >>> documents = {each.key: each.make() for each in article_documents(kbgraph.build("seeds").graph)}
    >>> b'"@vocab": "https://schema.org/"' in documents["ai/attention"]
    True
    """
    space = Space(graph.base)
    common = {space.sources.value, space.agents.value, space.categories.value, ""}
    shared = _Shared((part for part in graph.parts if part.graph in common), graph.base)
    documents = _Documents(shared, space.dataset.value)
    for part in graph.parts:
        if part.graph.startswith(space.article_graphs):
            for index in orjson.loads(section(part, "search", sections, graph.base)):
                source = documents.source(part, index["uses"])
                yield Document(index["key"], source, partial(documents.of, part, index["article"]))


def sections(part: Part, quads: Sequence[Quad], _base: str) -> dict[str, bytes]:
    """The articles of a part: their keys and IRIs, and all IRIs that they use and do not describe.

    And what a part without articles says of its entities: a digest of it, and who made them.
    """
    own = _entities(quads)
    named = {value.value for data in own.values() for values in data.values() for value in values if _is_iri(value)}
    index = [
        {
            "key": _first(own[_first(article, "schema:encoding")], "schema:name").removesuffix(".md"),
            "article": iri,
            "uses": sorted(named - own.keys()),
        }
        for iri, article in own.items()
        if "kb:Article" in _classes(article)
    ]
    shared = {} if index else {found["subject"].decode(): _described(found[0]) for found in _LINES.finditer(part.lines)}
    return {"search": orjson.dumps(index), "search.shared": orjson.dumps(shared)}


def _described(lines: bytes) -> tuple[str, list[str]]:
    """A digest of what is said of an entity, and the IRIs of those who made it."""
    makers = [found[1].decode() for found in _MAKER.finditer(lines)]
    return blake2b(lines, digest_size=16).hexdigest(), makers


def writer_of(base: str, said: Callable[[str], Iterable[Quad]]) -> Callable[[str, Iterable[Triple | Quad]], bytes]:
    """What writes the JSON-LD of one article after the other, from what a store says.

    Args:
        base: the base IRI of the data.
        said: what is said of an entity; each is asked for once as long as it is remembered.

    Returns:
        A function of the IRI of an article and of what the article itself says.
    """
    documents = _Documents(_Said(said), Space(base).dataset.value)

    def write(iri: str, own: Iterable[Triple | Quad]) -> bytes:
        entities = _entities(own)
        return _script_safe(documents.article(iri, entities.get(iri, {}), entities))

    return write


def _is_iri(value: NamedNode | Literal) -> bool:
    return isinstance(value, NamedNode)


def _entities(quads: Iterable[Triple | Quad]) -> _Entities:
    found: _Entities = {}
    for quad in quads:
        subject, value = quad.subject, quad.object
        assert isinstance(subject, NamedNode)
        assert isinstance(value, NamedNode | Literal)
        found.setdefault(subject.value, {}).setdefault(_curie(quad.predicate.value), []).append(value)
    return found


class _Shared(Mapping[str, _Properties]):
    """What articles share, by IRI, read when it is asked for."""

    def __init__(self, parts: Iterable[Part], base: str) -> None:
        self._parts, self._base = tuple(parts), base
        self._read = lru_cache(maxsize=_READ)(self._parsed)
        self._lines = lru_cache(maxsize=_READ_PARTS)(self._lines_of)
        self._described: dict[str, tuple[int, str, list[str]]] = {}
        for number, part in enumerate(self._parts):
            described = orjson.loads(section(part, "search.shared", sections, base))
            self._described |= {iri: (number, digest, makers) for iri, (digest, makers) in described.items()}

    def __reduce__(self) -> tuple[type[_Shared], tuple[tuple[Part, ...], str]]:
        return _Shared, (self._parts, self._base)  # to other processes: they remember for themselves

    def _lines_of(self, number: int) -> dict[str, bytes]:
        """The lines of each entity of a part."""
        return {found["subject"].decode(): found[0] for found in _LINES.finditer(self._parts[number].lines)}

    def _parsed(self, iri: str) -> _Properties:
        return _entities(parse(self._lines(self._described[iri][0])[iri], format=RdfFormat.N_QUADS))[iri]

    def __getitem__(self, iri: str) -> _Properties:
        return self._read(iri)

    def __iter__(self) -> Iterator[str]:
        return iter(self._described)

    def __len__(self) -> int:
        return len(self._described)

    @cached_property
    def digests(self) -> dict[str, str]:
        """By IRI: a digest of what is said of an entity, and of those who made it."""
        of = {iri: digest for iri, (_, digest, _) in self._described.items()}
        return {
            iri: digest + "".join(of[each] for each in makers if each in of)
            for iri, (_, digest, makers) in self._described.items()
        }


class _Said(_Shared):
    """What a store says of entities."""

    def __init__(self, said: Callable[[str], Iterable[Quad]]) -> None:
        super().__init__((), "")
        self._said = said

    def _parsed(self, iri: str) -> _Properties:
        return _entities(self._said(iri)).get(iri, {})

    def get(self, key: str, default: Any = None) -> Any:
        """What is said of an entity; the default where nothing is."""
        return self[key] or default


#: Entities that are kept once they have been read: those that many articles name are among them. And parts.
_READ = 2048
_READ_PARTS = 64
#: All lines of one subject; and of the authors and the publisher of a work or a dataset.
_LINES = re.compile(rb"<(?P<subject>[^>]*)> [^\n]*\n(?:<(?P=subject)> [^\n]*\n)*")
_MAKER = re.compile(rb"^<[^>]*> <https://schema\.org/(?:author|publisher)> <([^>]*)>", re.MULTILINE)


class _Documents:
    """Writes articles from what they say themselves and from what they share."""

    def __init__(self, shared: _Shared, dataset: str) -> None:
        self.shared = shared
        self.dataset = {name: shared.get(dataset, {}).get(name, []) for name in ("schema:publisher", "schema:license")}
        terms = [value for values in self.dataset.values() for value in values]
        self.common = repr(terms) + "".join(shared.digests.get(term.value, "") for term in terms)

    def source(self, part: Part, uses: Iterable[str]) -> str:
        """A digest of all that the articles of a part are made from."""
        digests = self.shared.digests
        made_from = (part.digest, self.common, *(digests[iri] for iri in uses if iri in digests))
        return blake2b("".join(made_from).encode(), digest_size=16).hexdigest()

    def of(self, part: Part, iri: str) -> bytes:
        """An article of a part."""
        own = _entities(quads_of(part))
        return _script_safe(self.article(iri, own[iri], own))

    def article(self, iri: str, article: _Properties, own: _Entities) -> _Json:
        """One article with all that belongs to it."""
        parts = [(part, own[part]) for part in _texts(article, "schema:hasPart") if part in own]
        facts = _in_order((part, data) for part, data in parts if "kb:Fact" in _classes(data))
        sections = _in_order((part, data) for part, data in parts if "kb:Section" in _classes(data))
        cited = {work for data in (article, *(fact for _, fact in facts)) for work in _texts(data, "schema:citation")}
        made: dict[str, _Json] = {"@context": {"@vocab": "https://schema.org/"}, "@type": _types(article), "@id": iri}
        for name in _TEXTS:
            _put(made, name, _texts(article, f"schema:{name}"))
        for name in _DATES:
            _put(made, name, _dates(article, f"schema:{name}"))
        _put(made, "digitalSourceType", [{"@id": kind} for kind in _texts(article, "schema:digitalSourceType")])
        _put(made, "about", [self.subject_matter(term) for term in _texts(article, "schema:about")])
        for name, agents in sorted(self.contributors(article, own).items()):
            _put(made, name, self.agents(agents))
        _put(made, "reviewedBy", self.agents(_texts(article, "schema:reviewedBy")))
        _put(made, "publisher", self.agents(_texts(self.dataset, "schema:publisher")))
        _put(made, "license", _texts(self.dataset, "schema:license"))
        _put(made, "relatedLink", _texts(article, "schema:relatedLink"))
        authors = _author_positions(own)
        _put(made, "citation", [self.work(work, authors.get(work, {})) for work in sorted(cited)])
        _put(made, "hasPart", [_claim(fact, data) for fact, data in facts])
        _put(made, "articleBody", ["".join(_first(section, "schema:text") for _, section in sections)])
        return made

    def subject_matter(self, term: str) -> _Json:
        """A category."""
        data = self.shared.get(term, {})
        made: dict[str, _Json] = {"@type": "DefinedTerm", "@id": term}
        for name in ("name", "termCode", "inDefinedTermSet"):
            _put(made, name, _texts(data, f"schema:{name}"))
        return made

    def contributors(self, article: _Properties, own: _Entities) -> dict[str, list[str]]:
        """Who took part, by the property that says how."""
        found: dict[str, list[str]] = {}
        named = dict.fromkeys(_texts(article, "schema:contributor"), "contributor")
        for node in _texts(article, "prov:qualifiedAttribution"):
            for agent in _texts(own.get(node, {}), "prov:agent"):
                for role in _texts(own[node], "dcat:hadRole"):
                    if agent in named:
                        named[agent] = _ROLES.get(_curie(role), named[agent])
        for agent, name in named.items():
            found.setdefault(name, []).append(agent)
        return found

    def agents(self, agents: list[str]) -> list[_Json]:
        """People and organisations by name; software is no author for schema.org."""
        made: list[_Json] = []
        for agent in agents:
            data = self.shared.get(agent, {})
            kind = next((each for each in ("Person", "Organization") if f"schema:{each}" in _classes(data)), None)
            if kind is not None:
                made.append({"@type": kind, "@id": agent, "name": _first(data, "schema:name")})
        return made

    def work(self, work: str, positions: dict[str, int]) -> _Json:
        """A cited work; its authors in the order in which the article lists them, if it does."""
        data = self.shared.get(work, {})
        authors = sorted(_texts(data, "schema:author"), key=lambda agent: positions.get(agent, len(positions) + 1))
        made: dict[str, _Json] = {"@type": _types(data) or "CreativeWork", "@id": work}
        for name in ("name", "alternateName", "identifier", "url", "sameAs"):
            _put(made, name, _texts(data, f"schema:{name}"))
        _put(made, "author", self.agents(authors))
        _put(made, "datePublished", _texts(data, "schema:datePublished"))
        _put(made, "publisher", self.agents(_texts(data, "schema:publisher")))
        return made


def _author_positions(own: _Entities) -> dict[str, dict[str, int]]:
    """By work and agent: the place in the list of authors, which a set of triples does not keep."""
    found: dict[str, dict[str, int]] = {}
    for reference in own.values():
        for authorship in (own[part] for part in _texts(reference, "kb:authorship")):
            for work in _texts(reference, "schema:item"):
                for agent in _texts(authorship, "schema:item"):
                    found.setdefault(work, {}).setdefault(agent, _position(authorship))
    return found


def _claim(iri: str, data: _Properties) -> _Json:
    made: dict[str, _Json] = {"@type": "Claim", "@id": iri}
    for name in ("identifier", "text"):
        _put(made, name, _texts(data, f"schema:{name}"))
    _put(made, "citation", [{"@id": work} for work in _texts(data, "schema:citation")])
    return made


def _texts(data: _Properties, name: str) -> list[str]:
    return [value.value for value in data.get(name, ())]


def _first(data: _Properties, name: str) -> str:
    return next(iter(_texts(data, name)), "")


def _dates(data: _Properties, name: str) -> list[str]:
    return [
        value.value
        for value in data.get(name, ())
        if isinstance(value, Literal) and _curie(value.datatype.value) in _DATE_TYPES
    ]


def _classes(data: _Properties) -> set[str]:
    return {_curie(each) for each in _texts(data, "rdf:type")}


def _types(data: _Properties) -> _Json:
    """The classes of schema.org, without its prefix."""
    names = sorted(name.removeprefix("schema:") for name in _classes(data) if name.startswith("schema:"))
    return names[0] if len(names) == 1 else [*names]


def _in_order(parts: Iterable[tuple[str, _Properties]]) -> list[tuple[str, _Properties]]:
    return sorted(parts, key=lambda part: (_position(part[1]), part[0]))


def _position(data: _Properties) -> int:
    return int(_first(data, "schema:position"))


def _put(made: dict[str, _Json], name: str, values: Sequence[_Json]) -> None:
    """Set a property: one value by itself, several as a list, none not at all."""
    values = [value for value in values if value != ""]
    if values:
        made[name] = values[0] if len(values) == 1 else [*values]


def _script_safe(value: _Json) -> bytes:
    data = orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    for character, escape in _ESCAPES.items():
        data = data.replace(character, escape)
    return data
