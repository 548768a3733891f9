"""The ontology and the vocabulary against what is stated, and against the vocabularies of others."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import owlrl  # type: ignore[import-untyped]  # it has no stubs
import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kbgraph.graph import KnowledgeGraph
from kbgraph.interop import to_rdflib_graph
from kbgraph.ontology import ontology_page
from kbgraph.resources import resource_folder
from kbgraph.terms import DCTERMS, KB, KBV, OWL, PREFIXES, RDF, RDFS, SCHEMA, SKOS, XSD

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "src" / "kbgraph").rglob("*.py"))
ONTOLOGY = resource_folder("ontology")
SCHEMA_ORG = ROOT.parent / "shared" / "vocab" / "schemaorg-all-https.ttl"

CLASS, OBJECT, DATATYPE, ANNOTATION = OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty

#: The datatypes of OWL 2 RL that the ontology may give as a range (OWL 2 Profiles, 4.2.1).
DATATYPES_OF_RL = {
    RDFS.Literal,
    *(XSD[name] for name in ("string", "boolean", "decimal", "integer", "dateTime", "dateTimeStamp", "anyURI")),
}
#: Properties that lead anywhere, into the documents of a vocabulary, too.
LINKS = {SCHEMA.url, SCHEMA.sameAs, SCHEMA.mentions, SCHEMA.relatedLink, SCHEMA.significantLink}
#: What annotates, and therefore means nothing to a reasoner.
ANNOTATIONS = {RDFS.label, RDFS.comment, RDFS.isDefinedBy, RDFS.seeAlso, OWL.versionInfo}

#: The schema.org types of a literal, by its datatype; every literal may also be a Text.
LITERAL_TYPES = {
    XSD.date: {"Date"},
    XSD.dateTime: {"DateTime"},
    XSD.gYear: {"Date"},
    XSD.integer: {"Integer", "Number"},
    XSD.decimal: {"Number"},
    XSD.boolean: {"Boolean"},
}


#: What is said of each term, by property.
Said = dict[NamedNode, dict[NamedNode, list[NamedNode | Literal]]]


# ---- what is declared


@cache
def triples_of(path: Path) -> tuple[Triple, ...]:
    """What a Turtle file states."""
    return tuple(quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE))


def said_in(triples: Iterable[Triple]) -> Said:
    """Statements by subject and property; blank nodes are left out."""
    said: Said = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            said[triple.subject][triple.predicate].append(triple.object)
    return said


def ontology() -> tuple[Triple, ...]:
    return triples_of(ONTOLOGY / "kbgraph.ttl")


def vocabulary() -> tuple[Triple, ...]:
    return triples_of(ONTOLOGY / "vocabulary.ttl")


@cache
def kinds() -> dict[object, set[object]]:
    """What each term of the ontology is declared as."""
    return {term: set(about[RDF.type]) for term, about in said_in(ontology()).items()}


def declared() -> set[NamedNode]:
    """Our own terms."""
    return {term for term in said_in(ontology()) if term.value.startswith(KB.iri)}


@cache
def published() -> dict[str, set[str]]:
    """The terms of other vocabularies, by namespace, which is the first line of each list."""
    lists = {}
    for path in sorted((ROOT / "tests" / "resources" / "terms").glob("*.txt")):
        namespace, *lines = path.read_text(encoding="utf-8").splitlines()
        lists[namespace] = {line for line in lines if not line.startswith("#")}
    return lists


# ---- what is used


def iris_of(triples: Iterable[Triple | Quad]) -> set[str]:
    """Every IRI that is stated, datatypes included; where links lead is left out."""
    found = set()
    for triple in triples:
        linked = () if triple.predicate in LINKS else (triple.object,)
        for term in (triple.subject, triple.predicate, *linked):
            if isinstance(term, NamedNode):
                found.add(term.value)
            elif isinstance(term, Literal):
                found.add(term.datatype.value)
    return found


@cache
def spelled() -> dict[str, str]:
    """The terms that the code spells, as `KB.name`, `KB["name"]` or `kb:name`, and where."""
    namespaces = {prefix.upper(): iri for prefix, iri in PREFIXES.items()} | {"OWL": OWL.iri, "RDFS": RDFS.iri}
    curie = re.compile(rf"(?<![\w.])({'|'.join(PREFIXES)}):([A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?![\w-])")
    found: dict[str, str] = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for iri in _terms_in(node, namespaces, curie):
                found.setdefault(iri, f"{path.name}:{getattr(node, 'lineno', 0)}")
    return found


def _terms_in(node: ast.AST, namespaces: dict[str, str], curie: re.Pattern[str]) -> Iterator[str]:
    if isinstance(node, ast.Attribute) and node.attr != "iri":
        yield from _term(node.value, node.attr, namespaces)
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        yield from _term(node.value, str(node.slice.value), namespaces)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from (PREFIXES[prefix] + name for prefix, name in curie.findall(node.value))


def _term(value: ast.expr, name: str, namespaces: dict[str, str]) -> Iterator[str]:
    """`SCHEMA.name` and `terms.SCHEMA.name`."""
    holder = value.attr if isinstance(value, ast.Attribute) else value.id if isinstance(value, ast.Name) else ""
    if holder in namespaces:
        yield namespaces[holder] + name


def shaped() -> set[str]:
    """The IRIs that the shapes name."""
    return iris_of(triple for path in sorted(resource_folder("shapes").glob("*.ttl")) for triple in triples_of(path))


def ours(iris: Iterable[str]) -> set[str]:
    return {iri for iri in iris if iri.startswith(KB.iri) and iri != KB.iri}


# ---- the tests: our own terms


def test_every_term_of_ours_in_the_graph_is_declared(seeds_graph: KnowledgeGraph) -> None:
    assert ours(iris_of(seeds_graph)) <= {term.value for term in declared()}


def test_every_term_of_ours_in_the_code_is_declared() -> None:
    known = {term.value for term in declared()}
    assert {iri: place for iri, place in spelled().items() if iri in ours(spelled()) - known} == {}


def test_every_term_of_ours_in_the_shapes_and_the_vocabulary_is_declared() -> None:
    assert ours(shaped() | iris_of(vocabulary())) <= {term.value for term in declared()}


def test_no_term_is_declared_in_vain(seeds_graph: KnowledgeGraph) -> None:
    used = ours(spelled()) | ours(iris_of(vocabulary())) | ours(iris_of(seeds_graph))
    assert {term.value for term in declared()} - used == set()


def test_every_term_of_ours_has_a_label_a_comment_and_an_ontology() -> None:
    said = {(triple.subject, triple.predicate) for triple in ontology()}
    needed = (RDFS.label, RDFS.comment, RDFS.isDefinedBy)
    assert [(term, each) for term in declared() for each in needed if (term, each) not in said] == []


def test_every_term_of_ours_is_tied_to_a_published_one() -> None:
    ties = {RDFS.subClassOf, RDFS.subPropertyOf, RDFS.seeAlso}
    tied = {triple.subject for triple in ontology() if triple.predicate in ties}
    assert declared() - tied == set()


def test_every_concept_of_ours_in_the_graph_is_in_the_vocabulary(seeds_graph: KnowledgeGraph) -> None:
    known = {term.value for term in said_in(vocabulary())} | {KBV.iri}
    assert {iri for iri in iris_of(seeds_graph) | set(spelled()) if iri.startswith(KBV.iri)} <= known


# ---- the tests: terms of others


def test_every_published_term_in_the_graph_is_one(seeds_graph: KnowledgeGraph) -> None:
    assert unpublished(iris_of(seeds_graph)) == set()


def test_every_published_term_in_the_code_is_one() -> None:
    assert {iri: spelled()[iri] for iri in unpublished(spelled())} == {}


def test_every_published_term_in_the_ontology_and_the_vocabulary_is_one() -> None:
    assert unpublished(iris_of(ontology()) | iris_of(vocabulary())) == set()


def unpublished(iris: Iterable[str]) -> set[str]:
    """IRIs in the namespace of a vocabulary that does not have them."""
    return {
        iri
        for iri in iris
        for namespace, names in published().items()
        if iri.startswith(namespace) and iri != namespace and iri.removeprefix(namespace) not in names
    }


def test_every_vocabulary_in_the_graph_has_a_list_of_terms(seeds_graph: KnowledgeGraph) -> None:
    predicates = {quad.predicate.value for quad in seeds_graph}
    known = (*published(), KB.iri)
    assert {iri for iri in predicates if not iri.startswith(known)} == set()


@pytest.fixture(scope="module")
def schema_org() -> Said:
    """schema.org by subject and property, from the official release."""
    if not SCHEMA_ORG.is_file():
        pytest.skip("the schema.org release is not beside the project")
    return said_in(triples_of(SCHEMA_ORG))


def test_every_listed_term_of_schema_org_is_in_the_release(schema_org: Said) -> None:
    assert {name for name in published()[SCHEMA.iri] if SCHEMA[name] not in schema_org} == set()


def test_statements_with_schema_org_keep_to_its_domains_and_ranges(
    seeds_graph: KnowledgeGraph, schema_org: Said
) -> None:
    assert misuses_of(seeds_graph.triples(), schema_org) == {}


def misuses_of(triples: Iterable[Triple], schema_org: Said) -> dict[str, int]:
    """Statements outside the domain or range of their schema.org property, counted by kind."""
    said = said_in(triples)
    above = said_in((*triples_of(SCHEMA_ORG), *ontology()))

    def classes_of(term: NamedNode) -> set[object]:
        types = [*said.get(term, {}).get(RDF.type, ()), *schema_org.get(term, {}).get(RDF.type, ())]
        return {SCHEMA.Thing} | reached(types, above)

    def values_of(term: NamedNode | Literal) -> set[object]:
        if isinstance(term, Literal):
            return {SCHEMA[name] for name in {"Text"} | LITERAL_TYPES.get(term.datatype, set())}
        return {SCHEMA.URL} | classes_of(term)

    found: Counter[str] = Counter()
    for subject, about in said.items():
        for predicate in about:
            if predicate.value.startswith(SCHEMA.iri):
                meant = schema_org[predicate]
                if classes_of(subject).isdisjoint(meant[SCHEMA.domainIncludes]):
                    found[f"{predicate} of {sorted(map(str, about[RDF.type]))}"] += 1
                for value in about[predicate]:
                    if values_of(value).isdisjoint(meant[SCHEMA.rangeIncludes]):
                        found[f"{predicate} with {sorted(map(str, values_of(value)))}"] += 1
    return dict(found)


def reached(terms: Iterable[NamedNode | Literal], above: Said) -> set[object]:
    """Classes and the classes above them."""
    found: set[object] = set()
    waiting = [term for term in terms if isinstance(term, NamedNode)]
    while waiting:
        term = waiting.pop()
        if term not in found:
            found.add(term)
            waiting += [each for each in above.get(term, {}).get(RDFS.subClassOf, ()) if isinstance(each, NamedNode)]
    return found


def test_a_statement_outside_a_domain_or_a_range_is_found(schema_org: Said) -> None:
    place = NamedNode("https://example.org/place")
    wrong = [
        Triple(place, RDF.type, SCHEMA.Place),
        Triple(place, SCHEMA.headline, Literal("A place")),
        Triple(place, SCHEMA.name, place),
    ]
    assert len(misuses_of(wrong, schema_org)) == 2


# ---- the tests: the profile


def test_the_ontology_is_in_owl_2_rl() -> None:
    """OWL 2 Profiles, 4.2: the axioms that are used here are a few of those allowed."""
    assert [str(triple) for triple in ontology() if not is_in_rl(triple)] == []


def is_in_rl(triple: Triple) -> bool:
    """Whether a triple is a declaration, an annotation, or an axiom between named terms."""
    subject, predicate, value = triple.subject, triple.predicate, triple.object
    kind = kinds()
    mine, other = kind.get(subject, set()), kind.get(value, set())
    if predicate == RDF.type:
        return value in {OWL.Ontology, CLASS, OBJECT, DATATYPE, ANNOTATION} or other == {CLASS}
    if predicate in {RDFS.subClassOf, OWL.disjointWith}:
        return mine == other == {CLASS}
    if predicate == RDFS.subPropertyOf:
        return mine == other and mine in ({OBJECT}, {DATATYPE})
    if predicate == RDFS.domain:
        return mine in ({OBJECT}, {DATATYPE}) and other == {CLASS}
    if predicate == RDFS.range:
        return (mine == {OBJECT} and other == {CLASS}) or (mine == {DATATYPE} and value in DATATYPES_OF_RL)
    if predicate == OWL.versionIRI:
        return mine == {OWL.Ontology}
    return predicate in ANNOTATIONS or kind.get(predicate) == {ANNOTATION}


def test_every_term_is_declared_as_one_thing_only() -> None:
    assert {str(term): kind for term, kind in kinds().items() if len(kind) > 1} == {}


def test_the_ontology_says_what_it_is() -> None:
    iri = KB.iri.rstrip("#")
    said = said_in(ontology())[NamedNode(iri)]
    assert said[OWL.versionInfo] == [Literal("0.1.0")]
    assert said[OWL.versionIRI] == [NamedNode(f"{iri}/0.1.0")]
    assert {DCTERMS.title, DCTERMS.description, DCTERMS.license} <= set(said)


def contradictions(triples: Iterable[Triple | Quad]) -> list[str]:
    """What OWL 2 RL rules find wrong in the ontology, the vocabulary and statements together."""
    graph = to_rdflib_graph([*ontology(), *vocabulary(), *triples])
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return [str(text) for text in graph.objects(None, owlrl.Namespaces.ERRNS.error)]


@pytest.fixture(scope="module")
def one_article(seeds_graph: KnowledgeGraph) -> list[Quad]:
    """The graph of the smallest article."""
    names = [name for name in seeds_graph.graph_names if "/graph/article/" in name]
    return list(seeds_graph.quads(min(names, key=lambda name: (len(list(seeds_graph.quads(name))), name))))


def test_the_ontology_and_an_article_do_not_contradict_each_other(one_article: list[Quad]) -> None:
    assert contradictions(one_article) == []


def test_a_fact_that_is_disputed_is_a_contradiction(one_article: list[Quad]) -> None:
    fact = next(quad.subject for quad in one_article if quad.object == KB.Fact)
    stated = [quad for quad in one_article if quad.subject == fact and quad.predicate == RDF.type]
    assert contradictions([*stated, Triple(fact, RDF.type, KB.DisputedStatement)]) != []


# ---- the tests: the vocabulary


def concepts() -> Said:
    """What is said of each concept."""
    return {term: about for term, about in said_in(vocabulary()).items() if SKOS.Concept in about[RDF.type]}


def by_scheme(predicate: NamedNode) -> Counter[tuple[object, str]]:
    """How often a text is said with a property in a scheme."""
    return Counter(
        (scheme, value.value)
        for about in concepts().values()
        for scheme in about[SKOS.inScheme]
        for value in about.get(predicate, ())
        if isinstance(value, Literal)
    )


def test_every_concept_has_one_scheme_one_notation_and_one_name_in_a_language() -> None:
    schemes = {term for term, about in said_in(vocabulary()).items() if SKOS.ConceptScheme in about[RDF.type]}
    for concept, about in concepts().items():
        assert len(about[SKOS.inScheme]) == len(about[SKOS.notation]) == 1, concept
        assert about[SKOS.inScheme][0] in schemes, concept
        languages = Counter(name.language for name in about[SKOS.prefLabel] if isinstance(name, Literal))
        assert languages["en"] == 1, concept
        assert set(languages.values()) == {1}, concept


def test_the_iri_of_a_concept_is_made_of_its_scheme_and_its_notation() -> None:
    for concept, about in concepts().items():
        [scheme], [notation] = about[SKOS.inScheme], about[SKOS.notation]
        assert isinstance(scheme, NamedNode)
        assert isinstance(notation, Literal)
        assert concept.value == f"{scheme.value}-{notation.value}"


def test_no_notation_and_no_hidden_label_is_used_twice_in_a_scheme() -> None:
    used = by_scheme(SKOS.notation) + by_scheme(SKOS.hiddenLabel)
    assert [each for each, count in used.items() if count > 1] == []


def test_no_heading_means_two_sections() -> None:
    headings = by_scheme(SKOS.prefLabel) + by_scheme(SKOS.altLabel)
    folded = Counter((scheme, text.casefold()) for scheme, text in headings.elements())
    assert [each for each, count in folded.items() if count > 1] == []


def test_notations_and_hidden_labels_are_written_as_they_are_looked_up() -> None:
    words = by_scheme(SKOS.notation) + by_scheme(SKOS.hiddenLabel)
    assert [word for _, word in words if word != word.strip().casefold().replace(" ", "_")] == []


def test_confidence_levels_have_ranks_in_order() -> None:
    levels = [about for about in concepts().values() if KB.ConfidenceLevel in about[RDF.type]]
    ranks = {about[SKOS.notation][0].value: about[KB.rank][0].value for about in levels}
    assert ranks == {"low": "1", "medium": "2", "high": "3"}


def test_every_source_type_has_one_class_of_schema_org_and_at_most_one_of_fabio() -> None:
    for concept, about in concepts().items():
        if about[SKOS.inScheme] == [KBV["source-type"]]:
            classes = Counter(each.value.rpartition("/")[0] for each in about[KB.workClass])
            assert classes[SCHEMA.iri.rstrip("/")] == 1, concept
            assert classes["http://purl.org/spar/fabio"] == len(about[KB.workClass]) - 1 <= 1, concept


def test_every_class_of_a_source_is_a_creative_work(schema_org: Said) -> None:
    classes = {each for about in concepts().values() for each in about.get(KB.workClass, ())}
    of_schema_org = [each for each in classes if each.value.startswith(SCHEMA.iri)]
    assert of_schema_org
    assert [each for each in of_schema_org if SCHEMA.CreativeWork not in reached([each], schema_org)] == []


# ---- the tests: the page


def test_the_page_of_the_ontology_is_up_to_date() -> None:
    """Where this fails: python -m kbgraph.ontology > docs/ontology.md."""
    assert (ROOT / "docs" / "ontology.md").read_text(encoding="utf-8") == ontology_page()


def test_the_page_has_every_term_and_every_concept() -> None:
    page = ontology_page()
    assert [term for term in declared() if f'<a id="{term.value.removeprefix(KB.iri)}"></a>' not in page] == []
    assert [word for _, word in by_scheme(SKOS.notation) if f"| `{word}` |" not in page] == []
