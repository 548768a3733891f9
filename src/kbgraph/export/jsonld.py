"""The dataset as compact JSON-LD 1.1 with its context embedded: nothing is fetched to read it.

Entities of the default graph stand at the top, then one object for each named graph. Properties of
schema.org go by their own names, all others by CURIE; `base:` stands for the base IRI of the data
(a prefix and not `@base`, since resolving a relative IRI would rewrite `//` and `..` in it).

Every literal is read back as it was. Numbers and truth values are native only where JSON says the
same; decimals never are, since readers make doubles of them. Where a term's type does not fit a
value, the value is an object that says what it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import NoReturn

import orjson
from pyoxigraph import Literal, NamedNode, Quad

from kbgraph.export.sections import piece
from kbgraph.graph import KnowledgeGraph
from kbgraph.parts import Chunk, Part
from kbgraph.terms import PREFIXES, RDF, curie_of

__all__ = ["context_of", "sections", "write_jsonld"]

#: What the values of each property usually are. Others go by their CURIE, which needs no more.
_PROPERTIES = {
    "@id": """
        schema:about schema:appearance schema:author schema:citation schema:comment schema:contributor
        schema:digitalSourceType schema:encoding schema:hasDefinedTerm schema:hasPart schema:inDefinedTermSet
        schema:instrument schema:interactionStatistic schema:item schema:license schema:mentions
        schema:publisher schema:relatedLink schema:result schema:reviewedBy schema:sameAs
        schema:significantLink schema:url schema:workTranslation
        kb:authorship kb:confidence kb:conflictOfInterest kb:digitalSourceType kb:extra kb:primaryReference
        kb:reference kb:secondaryReference kb:sectionRole kb:workClass
        biro:references dcat:hadRole dcterms:isPartOf dcterms:license dcterms:publisher dcterms:type dqv:computedOn
        dqv:expectedDataType dqv:hasQualityMeasurement dqv:inDimension dqv:isMeasurementOf prov:agent
        prov:hadPrimarySource prov:qualifiedAttribution prov:wasAssociatedWith prov:wasAttributedTo
        prov:wasDerivedFrom prov:wasGeneratedBy sd:namedGraph skos:broader skos:exactMatch skos:hasTopConcept
        skos:inScheme skos:topConceptOf
    """,
    "@language": """
        schema:abstract schema:description schema:headline schema:keywords schema:name schema:text
        kb:confidenceRationale dcterms:description dcterms:title skos:altLabel skos:definition skos:note
        skos:prefLabel
    """,
    "xsd:date": """
        schema:dateCreated schema:dateModified schema:lastReviewed kb:lastVerified dcterms:date
        dcterms:modified
    """,
    "xsd:gYear": "schema:datePublished dcterms:issued",
    "xsd:decimal": "dqv:value",
    "": """
        schema:alternateName schema:articleSection schema:contentSize schema:encodingFormat
        schema:identifier schema:inLanguage schema:position schema:sha256 schema:temporalCoverage
        schema:termCode schema:userInteractionCount schema:value
    """,
}
_KIND = {curie: kind for kind, curies in _PROPERTIES.items() for curie in curies.split()}

#: Integers of so many characters are kept by every JSON reader (RFC 8259, 6).
_SAFE_DIGITS = 15

_Json = str | int | dict[str, "_Json"] | list["_Json"]


def write_jsonld(graph: KnowledgeGraph) -> Iterator[Chunk]:
    """The dataset as JSON-LD, sorted, indented by two spaces."""
    terms = (b"    %b: %b" % (orjson.dumps(name), orjson.dumps(term)) for name, term in context_of(graph.base).items())
    yield b'{\n  "@context": {\n' + b",\n".join(terms) + b'\n  },\n  "@graph": [\n'
    comma = b""
    for name, parts in groupby(graph.parts, key=lambda part: part.graph):
        if name:
            yield comma + b'    {\n      "id": %b,\n      "@graph": [\n' % orjson.dumps(_Writer(graph.base).iri(name))
            comma = b""
        for part in parts:
            yield comma
            yield piece(part, "jsonld", sections, graph.base)
            comma = b",\n"
        if name:
            yield b"\n      ]\n    }"
    yield b"\n  ]\n}\n"


def sections(part: Part, quads: Sequence[Quad], base: str) -> dict[str, bytes]:
    """A part's entities as JSON objects with commas between them, indented as they will stand."""
    indent = b"\n        " if part.graph else b"\n    "
    nodes = _Writer(base).nodes(quads)
    # Line ends inside texts are escaped, so that these are the layout's own.
    made = (orjson.dumps(node, option=orjson.OPT_INDENT_2).replace(b"\n", indent) for node in nodes)
    return {"jsonld": b",\n".join(indent[1:] + node for node in made)}


def context_of(base: str) -> dict[str, object]:
    """The context of a knowledge base: prefixes, and for each property its type.

    >>> context_of("https://kb.example/")["headline"]
    {'@id': 'schema:headline', '@container': '@language'}
    """
    terms = {_term(curie): _definition(curie, _KIND[curie]) for curie in sorted(_KIND, key=_term)}
    return {"@version": 1.1, "id": "@id", "type": "@type", "base": base, **PREFIXES, **terms}


def _term(curie: str) -> str:
    return curie.removeprefix("schema:")


def _definition(curie: str, kind: str) -> object:
    if not kind:
        return curie
    # A term that is a CURIE names its property itself.
    named = {} if _term(curie) == curie else {"@id": curie}
    return named | ({"@container": kind} if kind == "@language" else {"@type": kind})


class _Writer:
    """Turns quads into the objects of JSON-LD."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.curie = cache(curie_of)

    def iri(self, iri: str) -> str:
        """An IRI behind a prefix if it has one, or as it is."""
        short = f"base:{iri[len(self.base) :]}" if iri.startswith(self.base) else self.curie(iri)
        # What follows the colon of a CURIE never begins with `//` (JSON-LD 1.1 API, 5.2.2).
        return iri if "://" in short else short

    def nodes(self, quads: Iterable[Quad]) -> list[_Json]:
        """The entities of one graph, sorted."""
        found: dict[str, dict[str, list[NamedNode | Literal]]] = {}
        for quad in quads:
            subject, value = quad.subject, quad.object
            assert isinstance(subject, NamedNode)
            assert isinstance(value, NamedNode | Literal)
            found.setdefault(subject.value, {}).setdefault(quad.predicate.value, []).append(value)
        return [self.node(iri, found[iri]) for iri in sorted(found)]

    def node(self, iri: str, properties: dict[str, list[NamedNode | Literal]]) -> _Json:
        """One entity: its id, its classes and its properties by term."""
        made: dict[str, _Json] = {"id": self.iri(iri)}
        types = properties.pop(RDF.type.value, None)
        if types:
            made["type"] = [self.iri(each.value) for each in types]
        curies = {self.curie(predicate): values for predicate, values in properties.items()}
        for curie in sorted(curies, key=_term):
            made[_term(curie) if curie in _KIND else curie] = self.values(_KIND.get(curie, ""), curies[curie])
        return made

    def values(self, kind: str, values: list[NamedNode | Literal]) -> _Json:
        """The values of one property: one by itself, several as a list, languages as a map."""
        if kind == "@language":
            by_language: dict[str, list[str]] = {}
            for value in values:
                if isinstance(value, Literal) and value.language:
                    by_language.setdefault(value.language, []).append(value.value)
            if sum(map(len, by_language.values())) == len(values):
                return {tag: texts[0] if len(texts) == 1 else [*texts] for tag, texts in sorted(by_language.items())}
        made = [self.value(kind, value) for value in values]
        # An object by itself would be taken for a map of languages.
        return made[0] if len(made) == 1 and (kind != "@language" or isinstance(made[0], str)) else made

    def value(self, kind: str, value: NamedNode | Literal) -> _Json:
        """One value under a term of some kind; said in full where the term says something else."""
        if isinstance(value, Literal):
            return self.literal(kind, value)
        return self.iri(value.value) if kind == "@id" else {"id": self.iri(value.value)}

    def literal(self, kind: str, value: Literal) -> _Json:
        """One literal, likewise."""
        text, datatype = value.value, self.curie(value.datatype.value)
        if value.language:
            return {"@language": value.language, "@value": text}
        if datatype == kind or (datatype == "xsd:string" and kind in {"", "@language"}):
            return text
        if datatype == "xsd:string":
            return {"@value": text}
        if datatype == "rdf:JSON":
            return _json_literal(text)
        native = _native(datatype, text)
        if native is None:
            return {"@type": datatype, "@value": text}
        return {"@value": native} if kind else native


def _native(datatype: str, text: str) -> int | bool | None:
    """The JSON value that is read back as the same literal, if there is one."""
    if datatype == "xsd:boolean":
        return {"true": True, "false": False}.get(text)
    if datatype == "xsd:integer" and len(text) <= _SAFE_DIGITS and str(int(text)) == text:
        return int(text)
    return None


def _json_literal(text: str) -> _Json:
    """A JSON literal as JSON, or as text if a reader would write it in another way."""
    try:
        value = json.loads(text, parse_int=_refused, parse_float=_refused, parse_constant=_refused)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict | list) and orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode() == text:
        return {"@type": "@json", "@value": value}
    return {"@type": "rdf:JSON", "@value": text}


def _refused(number: str) -> NoReturn:
    raise ValueError(f"readers differ in how they write {number}")
