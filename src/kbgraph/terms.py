"""IRIs and literals: the only place where an IRI is made or a prefix is spelled.

Vocabularies are `Namespace`s (`SCHEMA.name`); what lies under the base IRI of the data is made
by a `Space`. Both give `pyoxigraph` terms, which check the syntax of what they are given.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from pyoxigraph import Literal, NamedNode

__all__ = [
    "BIRO",
    "DCAT",
    "DCTERMS",
    "DOCO",
    "DQV",
    "FABIO",
    "KB",
    "KBS",
    "KBV",
    "LANGUAGE_TAG",
    "OWL",
    "PREFIXES",
    "PROV",
    "RDF",
    "RDFS",
    "SCHEMA",
    "SD",
    "SH",
    "SKOS",
    "VOID",
    "WD",
    "XSD",
    "Namespace",
    "Space",
    "base_of_ledger",
    "curie_of",
    "expanded",
    "http_iri",
    "integer",
    "is_language_tag",
    "literal",
    "problem_page",
    "text",
]


class Namespace:
    """A vocabulary: its attributes are its terms.

    >>> SCHEMA.name
    <NamedNode value=https://schema.org/name>
    """

    def __init__(self, iri: str) -> None:
        self.iri = iri

    def __getattr__(self, name: str) -> NamedNode:
        if name.startswith("__"):
            raise AttributeError(name)
        term = NamedNode(self.iri + name)
        setattr(self, name, term)
        return term

    def __getitem__(self, name: str) -> NamedNode:
        """The term of a name that is not a Python word."""
        return NamedNode(self.iri + name)


KB = Namespace("https://w3id.org/kbgraph/ns#")
KBV = Namespace("https://w3id.org/kbgraph/vocab/")
KBS = Namespace("https://w3id.org/kbgraph/shapes#")
SCHEMA = Namespace("https://schema.org/")
PROV = Namespace("http://www.w3.org/ns/prov#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
DQV = Namespace("http://www.w3.org/ns/dqv#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
BIRO = Namespace("http://purl.org/spar/biro/")
DOCO = Namespace("http://purl.org/spar/doco/")
FABIO = Namespace("http://purl.org/spar/fabio/")
WD = Namespace("http://www.wikidata.org/entity/")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
SH = Namespace("http://www.w3.org/ns/shacl#")
#: Of what is kept in stores alone, and therefore without a prefix.
VOID = Namespace("http://rdfs.org/ns/void#")

#: The prefixes of everything that kbgraph writes.
PREFIXES: dict[str, str] = {
    "biro": BIRO.iri,
    "dcat": DCAT.iri,
    "dcterms": DCTERMS.iri,
    "doco": DOCO.iri,
    "dqv": DQV.iri,
    "fabio": FABIO.iri,
    "kb": KB.iri,
    "kbs": KBS.iri,
    "kbv": KBV.iri,
    "ldqd": "http://www.w3.org/2016/05/ldqd#",
    "prov": PROV.iri,
    "rdf": RDF.iri,
    "schema": SCHEMA.iri,
    "sd": SD.iri,
    "sh": SH.iri,
    "skos": SKOS.iri,
    "wd": WD.iri,
    "xsd": XSD.iri,
}

#: RFC 3986, 2.2 and 2.3: what may stand in a path unescaped and means nothing to kbgraph.
_PATH_SAFE = "/+"

#: RFC 5646, 2.1, without the grandfathered tags; the shape LanguageTag has the same pattern.
LANGUAGE_TAG = (
    "^[A-Za-z]{2,3}(-[A-Za-z]{3}){0,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?"
    "(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(-[0-9A-WYZa-wyz](-[A-Za-z0-9]{2,8})+)*"
    "(-[Xx](-[A-Za-z0-9]{1,8})+)?$"
)

#: Characters that RFC 3987 keeps out of every IRI.
_NOT_IN_IRI = re.compile(r"[\x00-\x20\x7f-\x9f<>\"{}|\\^`]")


#: Segments `.` and `..` before the end of a path, which readers of Turtle and JSON-LD resolve (RFC 3986, 5.2.4), and
#: the second of two slashes, which Jena drops.
_DOTS = re.compile(r"(?:^|(?<=/))(\.?)\.(?=/)")
_EMPTY = re.compile("(?:^|(?<=/))/")


_LEDGER = "graph/_push"


class Space:
    """The IRIs of one knowledge base, all below its base IRI.

    Every IRI is made from the entry that it names alone, so that another file renames nothing.
    None ends in a full stop, which Turtle could not abbreviate.
    """

    def __init__(self, base: str) -> None:
        self.base = base
        self.dataset = NamedNode(base + "dataset")
        self.sources = NamedNode(base + "graph/sources")
        self.agents = NamedNode(base + "graph/agents")
        self.categories = NamedNode(base + "graph/categories")
        self.vocabulary = NamedNode(base + "graph/vocabulary")
        #: Where a store keeps the statements of the default graph, and what has been sent to it.
        self.catalogue = NamedNode(base + "graph/catalogue")
        self.ledger = NamedNode(base + _LEDGER)
        self.category_scheme = NamedNode(base + "category/")

    def article(self, key: str) -> NamedNode:
        """The article at a path without its ending: `ai/instruction-tuning`."""
        return NamedNode(f"{self.base}article/{_escaped(key, _PATH_SAFE)}")

    def article_graph(self, key: str) -> NamedNode:
        """The named graph of that article."""
        return NamedNode(f"{self.article_graphs}{_escaped(key, _PATH_SAFE)}")

    @property
    def article_graphs(self) -> str:
        """What the IRIs of the graphs of all articles begin with."""
        return f"{self.base}graph/article/"

    def fact(self, article: NamedNode, identifier: str, repeat: int = 1) -> NamedNode:
        """A fact by its id; the second of one id in an article is `#id~2`.

        `_` at the beginning and `~` are kept for kbgraph's own nodes and therefore escaped.
        """
        name = _escaped(identifier, "+").replace("~", "%7E")
        if name.startswith("_"):
            name = "%5F" + name[1:]
        return NamedNode(f"{article.value}#{name}" + (f"~{repeat}" if repeat > 1 else ""))

    def part(self, owner: NamedNode, name: str) -> NamedNode:
        """A node of kbgraph's own below an entity: `#_ref-1`, and `#_ref-1-author-2` below that.

        Below the fact `#f1` it is `#_f1~extra-1`: no fact's name holds `~`.
        """
        page, mark, inner = owner.value.partition("#")
        if not mark:
            return NamedNode(f"{page}#_{name}")
        return NamedNode(f"{owner.value}-{name}" if inner.startswith("_") else f"{page}#_{inner}~{name}")

    def source(self, kind: str, value: str) -> NamedNode:
        """A work by its key: kind `doi`, `arxiv`, `isbn`, `rfc`, `web` or `work`."""
        return NamedNode(f"{self.base}source/{kind}/{_escaped(value, _PATH_SAFE)}")

    def organisation(self, key: str) -> NamedNode:
        """An organisation by its key, see `identity.organisation_key`."""
        return NamedNode(f"{self.base}org/{_name(key)}")

    def person(self, key: str) -> NamedNode:
        """A person by the key of the full name, see `identity.person_key`."""
        return NamedNode(f"{self.base}agent/person/{_name(key)}")

    def model(self, name: str) -> NamedNode:
        """A language model, or other software, by its name as written."""
        return NamedNode(f"{self.base}agent/model/{_name(name)}")

    def category(self, path: str) -> NamedNode:
        """A category by its path: `technology/ai`."""
        return NamedNode(f"{self.base}category/{_escaped(path, _PATH_SAFE)}")

    def concept(self, scheme: str, name: str) -> NamedNode:
        """A concept that the data uses and the vocabulary does not have."""
        return NamedNode(f"{self.base}concept/{scheme}/{_name(name)}")

    def entity(self, name: str) -> NamedNode:
        """A thing that an article mentions by name."""
        return NamedNode(f"{self.base}entity/{_name(name)}")


def base_of_ledger(iri: str) -> str | None:
    """The base IRI of a `Space` by the IRI of its ledger; None for any other IRI.

    >>> base_of_ledger("https://kb.example/graph/_push")
    'https://kb.example/'
    """
    return iri.removesuffix(_LEDGER) if iri.endswith("/" + _LEDGER) else None


def _escaped(text: str, safe: str) -> str:
    escaped = _EMPTY.sub("%2F", _DOTS.sub(r"\1%2E", quote(text, safe=safe)))
    return escaped[:-1] + "%2E" if escaped.endswith(".") else escaped


def _name(text: str) -> str:
    """A name as one path segment: spaces become `_`, and a `_` of its own is escaped."""
    return _escaped(text.replace("_", "\0").replace(" ", "_"), "+").replace("%00", "%5F")


def literal(value: str, datatype: NamedNode | None = None) -> Literal:
    """A literal without a language: xsd:string where no datatype is given."""
    return Literal(value, datatype=datatype) if datatype is not None else Literal(value)


def text(value: str, language: str | None) -> Literal:
    """A text in a language; a plain literal where the language is unknown."""
    return Literal(value, language=language) if language else Literal(value)


def integer(value: int) -> Literal:
    """A whole number."""
    return Literal(str(value), datatype=XSD.integer)


def is_language_tag(tag: str) -> bool:
    """True for a well-formed BCP 47 tag.

    >>> is_language_tag("pt-BR"), is_language_tag("zh_CN")
    (True, False)
    """
    return re.fullmatch(LANGUAGE_TAG, tag) is not None


def http_iri(url: str) -> NamedNode | None:
    """The IRI of an absolute http(s) URL exactly as written; None for anything else.

    A port that there cannot be makes it something else, too: some stores refuse a whole file for it.

    >>> http_iri("https://example.org/a b") is None, http_iri("javascript:alert(1)") is None
    (True, True)
    """
    if _NOT_IN_IRI.search(url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
        if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or port == 0:
            return None
        return NamedNode(url)
    except ValueError:  # among them a port that is no number or too high a one
        return None


def problem_page(code: str) -> str:
    """The address of a code in the documentation of problems; of the whole page for "".

    It lies where the ontology does, under a permanent name that can be sent to wherever the
    documentation is kept.

    >>> problem_page("KB301")
    'https://w3id.org/kbgraph/problems#KB301'
    """
    return "https://w3id.org/kbgraph/problems" + (f"#{code}" if code else "")


_PREFIX_OF = {namespace: prefix for prefix, namespace in sorted(PREFIXES.items(), reverse=True)}
#: The longest of our namespaces that an IRI lies in.
_NAMESPACE = re.compile(f"(?:{'|'.join(map(re.escape, sorted(_PREFIX_OF, key=len, reverse=True)))})(?=.)", re.DOTALL)


def curie_of(iri: str) -> str:
    """The IRI with its prefix: `schema:name`; the IRI itself where none fits.

    >>> curie_of("https://schema.org/name")
    'schema:name'
    """
    found = _NAMESPACE.match(iri)
    return f"{_PREFIX_OF[found[0]]}:{iri[found.end() :]}" if found is not None else iri


def expanded(curie: str) -> NamedNode:
    """The term of a CURIE with one of our prefixes.

    >>> expanded("schema:name")
    <NamedNode value=https://schema.org/name>
    """
    prefix, _, name = curie.partition(":")
    return NamedNode(PREFIXES[prefix] + name)
