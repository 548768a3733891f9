"""The shipped shapes: what each must say of itself, and that none of them is dead or broken."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import Graph
from rdflib.plugins.sparql import prepareQuery

import kbgraph
from kbgraph import BuildResult, Settings, Severity, WorldError
from kbgraph.resources import resource_folder
from kbgraph.rules import RULES
from kbgraph.shapes import Query, ShapeRule, Shapes, read_shapes, shipped_shapes
from kbgraph.terms import KBS, PREFIXES, RDF, SH
from kbgraph.vocabulary import vocabulary

FOLDER = resource_folder("shapes")
#: What the shapes of each file are: their severity, and how their codes begin.
FILES = {
    "violation.ttl": (SH.Violation, Severity.VIOLATION, "KB3"),
    "warning.ttl": (SH.Warning, Severity.WARNING, "KB4"),
    "info.ttl": (SH.Info, Severity.INFO, "KB5"),
}
TARGETS = (SH.targetClass, SH.targetObjectsOf, SH.targetSubjectsOf, SH.targetNode)

About = dict[ox.NamedNode, list[object]]


@cache
def described(*names: str) -> dict[object, About]:
    """What the files say, by subject and predicate."""
    made: dict[object, About] = defaultdict(lambda: defaultdict(list))
    for name in names:
        for quad in ox.parse(path=str(FOLDER / name), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
            made[quad.subject][quad.predicate].append(quad.object)
    return made


def all_files() -> dict[object, About]:
    return described("kbgraph.ttl", *FILES)


def targeted(about: Iterable[About]) -> Iterator[About]:
    return (each for each in about if any(target in each for target in TARGETS))


RULES_OF_SHAPES: dict[str, ShapeRule] = shipped_shapes().rules
QUERIES: dict[str, Query] = {each.shape.rpartition("#")[2]: each for each in shipped_shapes().queries}


def text_of(values: list[object]) -> str:
    (value,) = values
    assert isinstance(value, ox.Literal)
    return value.value


# ---- what a shape says of itself


@pytest.mark.parametrize("name", FILES)
def test_a_shape_has_a_name_and_the_severity_and_codes_of_its_file(name: str):
    term, _, beginning = FILES[name]
    shapes = {subject: about for subject, about in described(name).items() if any(each in about for each in TARGETS)}
    assert shapes
    for subject, about in shapes.items():
        assert isinstance(subject, ox.NamedNode)
        assert subject.value.startswith(KBS.iri)
        assert about[SH.severity] == [term], subject
        assert re.fullmatch(beginning + r"\d\d", text_of(about[KBS.code])), subject


@pytest.mark.parametrize("name", FILES)
def test_the_shapes_of_a_file_are_read_with_its_severity(name: str):
    _, severity, beginning = FILES[name]
    rules = [rule for rule in RULES_OF_SHAPES.values() if rule.code.startswith(beginning)]
    coded = [about for about in described(name).values() if KBS.code in about]
    assert len(rules) == len(coded)
    assert {rule.severity for rule in rules} == {severity}


@pytest.mark.parametrize("rule", RULES_OF_SHAPES.values(), ids=lambda rule: rule.code)
def test_a_shape_says_what_is_wrong_and_what_to_do(rule: ShapeRule):
    for sentence in (rule.message, rule.hint):
        assert re.match(r"[A-Z]|[a-z]+_[a-z_]+ ", sentence), "a sentence begins with a capital, or with a field"
        assert sentence.endswith(".")
        assert "\n" not in sentence
        assert not re.search(r"\b(sh:|kb:|schema:|node|literal|datatype|shape|IRI)\b", sentence), "a writer's words"


def test_each_shape_with_a_target_is_a_rule():
    assert len(list(targeted(all_files().values()))) == len(RULES_OF_SHAPES) == len(shipped_shapes().rules)


def test_codes_are_used_once():
    codes = Counter([*RULES, *(rule.code for rule in RULES_OF_SHAPES.values())])
    assert [code for code, count in codes.items() if count > 1] == []


def test_only_what_articles_say_together_is_grouped():
    grouped = {rule.code for rule in RULES_OF_SHAPES.values() if rule.grouped}
    assert grouped == {"KB322", "KB411", "KB418", "KB419", "KB508", "KB509", "KB512"}
    assert {rule.code for rule in RULES_OF_SHAPES.values() if rule.majority} == {"KB418", "KB508", "KB509", "KB512"}


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES_OF_SHAPES.values() if rule.grouped], ids=lambda rule: rule.code
)
def test_a_grouped_shape_tells_the_group_in_a_sentence_of_its_own(rule: ShapeRule):
    assert rule.comparison.endswith(".")
    assert set(re.findall(r"\{(\w+)\}", rule.comparison)) in ({"count"}, {"own", "count"}, {"own", "others"})
    states = re.search(r"\?stated\b.*WHERE", QUERIES[rule.shape.rpartition("#")[2]].select) is not None
    assert states == ("{others}" in rule.comparison)
    assert states or not rule.majority


def test_only_a_grouped_shape_has_a_comparison_or_heeds_a_majority():
    for rule in RULES_OF_SHAPES.values():
        assert rule.grouped or not (rule.comparison or rule.majority)


# ---- the files are sound


def test_the_shapes_are_well_formed():
    shapes = Graph()
    for name in ("kbgraph.ttl", *FILES):
        shapes.parse(FOLDER / name)
    conforms, _, report = pyshacl.validate(Graph(), shacl_graph=shapes, meta_shacl=True)
    assert conforms, report


def test_severity_is_said_by_shapes_and_never_by_a_constraint_in_sparql():
    constraints = {node for about in all_files().values() for node in about.get(SH.sparql, ())}
    assert constraints
    for constraint in constraints:
        about = all_files()[constraint]
        assert SH.severity not in about
        assert about[RDF.type] == [SH.SPARQLConstraint]
        assert set(about) == {RDF.type, SH.prefixes, SH.message, SH.select}


def test_a_shape_says_its_message_once():
    for about in targeted(all_files().values()):
        inner = [all_files()[node] for node in about.get(SH.sparql, ())]
        assert len(inner) <= 1
        assert sum(len(each.get(SH.message, ())) for each in (about, *inner)) == 1


def test_core_constraints_and_queries_are_taken_apart():
    shapes = shipped_shapes()
    assert {each.predicate for each in shapes.core}.isdisjoint({SH.sparql, SH.select, SH.prefixes})
    assert len(shapes.queries) == sum(SH.sparql in about for about in all_files().values())
    for query in shapes.queries:
        assert query.target_classes or query.target_objects_of
        assert not re.search(r"\$[^\W\d]", query.select)


def test_every_kind_of_target_is_one_that_queries_are_run_for():
    used = {target for about in all_files().values() for target in TARGETS if target in about}
    assert used == {SH.targetClass, SH.targetObjectsOf}


def test_no_shape_is_switched_off():
    assert not [about for about in all_files().values() if SH.deactivated in about]


def test_prefixes_are_those_that_the_project_writes():
    declared = {
        text_of(about[SH["prefix"]]): text_of(about[SH.namespace])
        for about in all_files().values()
        if SH.namespace in about
    }
    assert declared.items() <= PREFIXES.items()
    used = {prefix for query in QUERIES.values() for prefix in re.findall(r"(?<![\w<?$])([a-z]+):\w", body_of(query))}
    assert used <= set(declared)


def body_of(query: Query) -> str:
    """A query without its prefixes and texts."""
    return re.sub(r'"(?:[^"\\]|\\.)*"', '""', query.select[query.select.index("SELECT") :])


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_read_by_both_engines_and_gives_what_is_reported(name: str):
    query = QUERIES[name]
    prepareQuery(query.select)
    variables = {variable.value for variable in ox.Store().query(query.select).variables}
    assert {"this", "path"} <= variables
    assert set(re.findall(r"\{[?$](\w+)\}", query.message)) <= variables - {"this", "path"}
    read = {"this", "path", "value"}
    if RULES_OF_SHAPES[query.shape].grouped:
        read |= {"group", "stated", "words"}
    assert variables - read <= set(re.findall(r"\{\?(\w+)\}", query.message)), "nobody reads it"


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_may_be_run_with_its_focus_node_bound_beforehand(name: str):
    """SHACL, 5.3.1 and 5.3.2: what a query must not hold, since `$this` is bound before it runs."""
    body = body_of(QUERIES[name])
    assert not re.search(r"\b(MINUS|SERVICE|VALUES|FROM)\b", body)
    assert not re.search(r"\bAS\s+\?this\b", body)


# ---- no shape is dead


@pytest.fixture(scope="module")
def articles(root: Path) -> BuildResult:
    """The seeds, and an article with what they do not use."""
    counted = root / "tests" / "bad" / "KB323-in-words.md"
    return kbgraph.build(root / "seeds", counted, settings=Settings(jobs=1))


def test_every_target_occurs_in_articles(articles: BuildResult):
    store = articles.graph.store()
    for about in targeted(all_files().values()):
        for kind in about.get(SH.targetClass, ()):
            assert any(store.quads_for_pattern(None, RDF.type, kind, None)), kind
        for predicate in about.get(SH.targetObjectsOf, ()):
            assert any(store.quads_for_pattern(None, predicate, None, None)), predicate


def test_every_property_that_shapes_look_at_occurs_in_articles(articles: BuildResult):
    known = {quad.predicate.value for quad in (*articles.graph.quads(), *vocabulary().quads)}
    # The citations of the article with what the seeds do not use have no date.
    known.add("http://purl.org/dc/terms/date")
    assert paths_of(shipped_shapes()) - known == set()


def paths_of(shapes: Shapes) -> set[str]:
    """The IRIs of the properties in paths and queries."""
    of: dict[object, About] = defaultdict(lambda: defaultdict(list))
    for triple in shapes.triples:
        of[triple.subject][triple.predicate].append(triple.object)

    def steps(path: object) -> Iterator[str]:
        if isinstance(path, ox.NamedNode) and path != RDF.nil:
            yield path.value
        for predicate in (RDF.first, RDF.rest, SH.inversePath, SH.alternativePath):
            for inner in of[path].get(predicate, ()) if isinstance(path, ox.BlankNode) else ():
                yield from steps(inner)

    found = {iri for about in list(of.values()) for path in about.get(SH["path"], ()) for iri in steps(path)}
    for query in shapes.queries:
        for prefix, name in re.findall(r"(?<![\w<?$])([a-z]+):([a-z]\w*)\b", body_of(query)):
            if prefix not in {"xsd", "kbv"}:
                found.add(PREFIXES[prefix] + name)
    return found


# ---- reading shapes


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_shapes_that_are_no_regular_file_are_refused_and_not_waited_for(tmp_path: Path, make: Callable[[Path], None]):
    make(tmp_path / "own.ttl")
    with pytest.raises(WorldError, match=r"own\.ttl: .* not a regular file"):
        read_shapes([tmp_path / "own.ttl"])


def test_shapes_that_are_no_turtle_are_refused_with_their_place(tmp_path: Path):
    path = tmp_path / "own.ttl"
    path.write_text("<urn:x:a> a\n  <urn:x:b>", encoding="utf-8")
    with pytest.raises(WorldError) as caught:
        read_shapes([path])
    assert str(path) in str(caught.value)
    assert "line 2" in str(caught.value)


def test_shapes_that_are_not_there_are_refused_with_their_path(tmp_path: Path):
    path = tmp_path / "own.ttl"
    with pytest.raises(WorldError) as caught:
        read_shapes([path])
    assert str(path) in str(caught.value)


def test_blank_nodes_of_two_files_are_not_taken_for_one(tmp_path: Path):
    paths = [tmp_path / "a.ttl", tmp_path / "b.ttl"]
    for path in paths:
        path.write_text("_:x a <urn:x:Shape> .", encoding="utf-8")
    assert len({triple.subject for triple in read_shapes(paths).triples}) == 2


def test_no_files_are_no_shapes():
    shapes = read_shapes([])
    assert (shapes.triples, shapes.queries, shapes.rules) == ((), (), {})
