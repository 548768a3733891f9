"""The page that documents the ontology and the vocabulary: `docs/ontology.md`.

It is made from the two Turtle files in `ontology/` alone and in their order, so that the page says
what they say. Whether they fit what the converter states is for the tests; nothing is read at
run time from here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kbgraph.resources import resource_folder
from kbgraph.terms import DCTERMS, DQV, KB, KBV, OWL, RDF, RDFS, SD, SKOS

__all__ = ["ontology_page"]

_INTRO = """\
<!-- Made by `python -m kbgraph.ontology` from ontology/*.ttl: change those, not this page. -->

# {title}

{description}

Namespace `{namespace}`, prefix `kb:`; version {version}; licence <{licence}>.

A term of ours is only there where no published one fits, and is tied to those that come near: a
class or property that it narrows, or one to *see*. The ontology stays within OWL 2 RL, so that
rule engines can use it; validation needs none of it. A text of an article that does not have the
form of its property's value stays as it was written, and the shapes report it.
"""

_PROPERTIES = (
    (OWL.ObjectProperty, "Properties that lead to an entity"),
    (OWL.DatatypeProperty, "Properties that have a literal value"),
    (OWL.AnnotationProperty, "Properties of concepts"),
)

_VOCABULARY = """\
## Words that fields may hold

They are SKOS concepts in `{namespace}`, one scheme for each kind of
field. An article writes the word of the first column; case does not matter. Another word becomes
a concept below the base IRI of the data. A section is known by its heading, in any language
listed. Categories always lie below the base IRI: what is known of one here is stated of it there.
"""

_Term = NamedNode | Literal
_Said = Mapping[NamedNode, list[_Term]]
_Column = tuple[str, Callable[[_Said], str]]


class _Document:
    """What a Turtle file says, by subject and property, both in the order of the file."""

    def __init__(self, name: str) -> None:
        parser = parse(path=str(resource_folder("ontology") / name), format=RdfFormat.TURTLE)
        self.subjects: dict[NamedNode, dict[NamedNode, list[_Term]]] = {}
        for quad in parser:
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                self.subjects.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)
        self.prefixes = dict(parser.prefixes)

    def of_type(self, kind: NamedNode, namespace: str = "") -> list[tuple[NamedNode, _Said]]:
        """The subjects of a class in a namespace, with what is said of each."""
        return [
            (subject, said)
            for subject, said in self.subjects.items()
            if kind in said.get(RDF.type, ()) and subject.value.startswith(namespace)
        ]

    def curies(self, terms: Iterable[_Term]) -> str:
        """Terms with their prefixes, for a cell."""
        return ", ".join(f"`{self._curie(term.value)}`" for term in terms)

    def _curie(self, iri: str) -> str:
        for prefix, namespace in self.prefixes.items():
            if iri.startswith(namespace) and len(iri) > len(namespace):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri


def ontology_page() -> str:
    """The page in Markdown: classes, properties, functions, and the schemes with their concepts.

    >>> ontology_page().splitlines()[2]
    '# kbgraph ontology'
    """
    ontology, vocabulary = _Document("kbgraph.ttl"), _Document("vocabulary.ttl")
    blocks = [_intro(ontology), _classes(ontology), *_properties(ontology), _functions(ontology)]
    blocks.append(_VOCABULARY.format(namespace=KBV.iri))
    blocks += [_scheme(vocabulary, scheme, said) for scheme, said in vocabulary.of_type(SKOS.ConceptScheme)]
    blocks.append(_metrics(vocabulary))
    return "\n".join(blocks)


def _intro(ontology: _Document) -> str:
    [(_, said)] = ontology.of_type(OWL.Ontology)
    return _INTRO.format(
        title=_text(said, DCTERMS.title),
        description=_text(said, DCTERMS.description),
        namespace=KB.iri,
        version=_text(said, OWL.versionInfo),
        licence=_text(said, DCTERMS.license),
    )


def _classes(ontology: _Document) -> str:
    disjoint = _symmetric(ontology)
    rows = [
        (
            _anchor(term),
            _text(said, RDFS.comment),
            _aligned(ontology, said, RDFS.subClassOf),
            ontology.curies(disjoint.get(term, ())),
        )
        for term, said in ontology.of_type(OWL.Class, KB.iri)
    ]
    return "## Classes\n\n" + _table(("Class", "Meaning", "Alignment", "Never also"), rows)


def _symmetric(ontology: _Document) -> dict[_Term, list[_Term]]:
    """The classes that each class shares no entity with, whichever of the two says so."""
    found: dict[_Term, list[_Term]] = {}
    for term, said in ontology.subjects.items():
        for other in said.get(OWL.disjointWith, ()):
            found.setdefault(term, []).append(other)
            found.setdefault(other, []).append(term)
    return found


def _properties(ontology: _Document) -> list[str]:
    blocks = []
    for kind, heading in _PROPERTIES:
        rows = [
            (
                _anchor(term),
                _text(said, RDFS.comment),
                ontology.curies(said.get(RDFS.domain, ())),
                ontology.curies(said.get(RDFS.range, ())),
                _aligned(ontology, said, RDFS.subPropertyOf),
            )
            for term, said in ontology.of_type(kind, KB.iri)
        ]
        blocks.append(f"## {heading}\n\n" + _table(("Property", "Meaning", "Of", "Value", "Alignment"), rows))
    return blocks


def _functions(ontology: _Document) -> str:
    rows = [(_anchor(term), _text(said, RDFS.comment)) for term, said in ontology.of_type(SD.Function, KB.iri)]
    return "## Functions of queries\n\n" + _table(("Function", "Meaning"), rows)


def _scheme(vocabulary: _Document, scheme: NamedNode, said: _Said) -> str:
    concepts = [about for _, about in vocabulary.of_type(SKOS.Concept) if scheme in about.get(SKOS.inScheme, ())]
    columns: tuple[_Column, ...] = (
        ("Written", lambda about: _codes(about, SKOS.notation)),
        ("Name", lambda about: _text(about, SKOS.prefLabel)),
        ("Meaning", lambda about: _text(about, SKOS.definition)),
        ("Rank", lambda about: _text(about, KB.rank)),
        ("Also headed", lambda about: _labels(about, SKOS.altLabel)),
        ("Class of the source", lambda about: vocabulary.curies(about.get(KB.workClass, ()))),
        ("Narrower words", lambda about: _codes(about, SKOS.hiddenLabel)),
        ("Digital source type", lambda about: vocabulary.curies(about.get(KB.digitalSourceType, ()))),
        ("Same as", lambda about: _links(about, SKOS.exactMatch)),
    )
    used = [(name, cell) for name, cell in columns if any(map(cell, concepts))]
    table = _table([name for name, _ in used], [[cell(about) for _, cell in used] for about in concepts])
    return f"### {_text(said, SKOS.prefLabel)}\n\n{_text(said, SKOS.definition)}\n\n{table}"


def _metrics(vocabulary: _Document) -> str:
    rows = [
        (
            vocabulary.curies([metric]),
            _text(said, SKOS.definition),
            vocabulary.curies(said.get(DQV.inDimension, ())),
            vocabulary.curies(said.get(DQV.expectedDataType, ())),
        )
        for metric, said in vocabulary.of_type(DQV.Metric)
    ]
    return "### Measurements\n\n" + _table(("Metric", "Meaning", "Dimension", "Value"), rows)


# ---- cells


def _anchor(term: NamedNode) -> str:
    """A term under its own name as an anchor, so that its IRI can lead to its row."""
    name = term.value.removeprefix(KB.iri)
    return f'<a id="{name}"></a>`kb:{name}`'


def _aligned(ontology: _Document, said: _Said, narrows: NamedNode) -> str:
    seen = said.get(RDFS.seeAlso, ())
    parts = [ontology.curies(said.get(narrows, ())), "see " + ontology.curies(seen) if seen else ""]
    return "; ".join(filter(None, parts))


def _text(said: _Said, predicate: NamedNode) -> str:
    return next((value.value for value in said.get(predicate, ())), "")


def _codes(said: _Said, predicate: NamedNode) -> str:
    return ", ".join(f"`{value.value}`" for value in said.get(predicate, ()))


def _labels(said: _Said, predicate: NamedNode) -> str:
    """Labels, each language once: `Siehe auch (de)`."""
    by_language: dict[str, list[str]] = {}
    for value in said.get(predicate, ()):
        language = value.language if isinstance(value, Literal) else None
        by_language.setdefault(language or "", []).append(value.value)
    return "; ".join(f"{', '.join(labels)} ({language})" for language, labels in by_language.items())


def _links(said: _Said, predicate: NamedNode) -> str:
    return ", ".join(f"[{value.value.rpartition('/')[2]}]({value.value})" for value in said.get(predicate, ()))


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *(list(row) for row in rows)]
    return "".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |\n" for line in lines)


if __name__ == "__main__":
    sys.stdout.write(ontology_page())
