"""The merge of what articles share."""

from __future__ import annotations

from itertools import permutations

from pyoxigraph import NamedNode
from tests.small_articles import Made, iri, made_of, shared_of, triples

from kbgraph.config import Settings
from kbgraph.terms import SCHEMA


def articles(*fronts: str) -> list[Made]:
    """Articles of those front matters, each in a file of its own."""
    return [made_of(front, path=f"{number}.md") for number, front in enumerate(fronts)]


def about(relative: str, *made: Made) -> set[object]:
    """What the shared graphs of some articles say about a node."""
    return {each for each in shared_of(*made) if each.subject == NamedNode(iri(relative))}


def test_the_order_of_the_articles_does_not_matter() -> None:
    made = articles(
        "category: x\nprimary_sources: [{title: B, doi: 10.1000/x, institution: I, authors: [Ada Example]}]",
        "category: x/y\nprimary_sources: [{title: A, doi: 10.1000/x, institution: i, authors: [Example Ada]}]",
        "ai_models: [m]\nprimary_sources: [{type: odd, doi: 10.1000/x, year: 2000}]",
    )
    merged = {frozenset(shared_of(*each)) for each in permutations(made)}
    assert len(merged) == 1


def test_among_values_stated_equally_often_the_first_by_code_point_wins() -> None:
    made = articles(*(f'primary_sources: [{{title: "{title}", doi: 10.1000/x}}]' for title in ("b", "B", "ä", "a")))
    assert triples('</source/doi/10.1000/x> schema:name "B" ; schema:alternateName "a", "b", "ä" .') <= about(
        "/source/doi/10.1000/x", *made
    )


def test_what_nobody_states_is_not_said() -> None:
    (made,) = articles("primary_sources: [{doi: 10.1000/x}]")
    assert about("/source/doi/10.1000/x", made) == triples("""
        </source/doi/10.1000/x> a kb:Source, schema:CreativeWork ; schema:identifier "doi:10.1000/x" ; schema:sameAs <https://doi.org/10.1000/x> .
    """)


def test_a_year_that_is_none_and_a_url_that_is_none_do_not_count() -> None:
    made = articles(
        "primary_sources: [{doi: 10.1000/x, year: c. 1850, url: see below}]",
        "primary_sources: [{doi: 10.1000/x, year: c. 1850, url: see below}]",
        'primary_sources: [{doi: 10.1000/x, year: 1850, url: "https://example.org/x"}]',
    )
    found = about("/source/doi/10.1000/x", *made)
    assert (
        triples('</source/doi/10.1000/x> schema:datePublished "1850"^^xsd:gYear ; schema:url <https://example.org/x> .')
        <= found
    )
    assert sum(each.predicate in {SCHEMA.datePublished, SCHEMA.url} for each in found) == 2


def test_the_authors_of_a_source_are_those_of_one_reference_and_never_a_mixture() -> None:
    made = articles(
        "primary_sources: [{doi: 10.1000/x, authors: [Ada Example, Bob Example]}]",
        "primary_sources: [{doi: 10.1000/x, authors: [Ada Example]}]",
        "primary_sources: [{doi: 10.1000/x, authors: [Ada Example]}]",
        "primary_sources: [{doi: 10.1000/x}]",
    )
    authors = {each for each in about("/source/doi/10.1000/x", *made) if each.predicate == SCHEMA.author}
    assert authors == triples("</source/doi/10.1000/x> schema:author </agent/person/ada_example> .")


def test_the_class_of_a_source_is_that_of_the_type_stated_most_often() -> None:
    made = articles(*(f"primary_sources: [{{doi: 10.1000/x, type: {kind}}}]" for kind in ("book", "report", "book")))
    assert triples("</source/doi/10.1000/x> a schema:Book, fabio:Book .") <= about("/source/doi/10.1000/x", *made)
    assert not triples("</source/doi/10.1000/x> a schema:Report .") & about("/source/doi/10.1000/x", *made)


def test_a_source_that_only_a_fact_names_is_a_source() -> None:
    (made,) = articles("atomic_facts: [{id: f, source_title: T, source_doi: 10.1000/x}]")
    assert triples('</source/doi/10.1000/x> a kb:Source ; schema:name "T" .') <= about("/source/doi/10.1000/x", made)


def test_a_doi_that_no_iri_can_hold_is_an_identifier_and_no_address() -> None:
    (made,) = articles('primary_sources: [{doi: "10.1002/(SICI)1097(199806)49:8<693::AID>3.0.CO;2-O"}]')
    sources = {each for each in shared_of(made) if each.predicate in {SCHEMA.identifier, SCHEMA.sameAs}}
    assert [each.object.value for each in sources] == ["doi:10.1002/(sici)1097(199806)49:8<693::aid>3.0.co;2-o"]


def test_an_isbn_is_known_to_the_world_by_its_urn() -> None:
    (made,) = articles("primary_sources: [{isbn: 0-262-51087-1}]")
    assert triples(
        '</source/isbn/9780262510875> schema:sameAs <urn:isbn:9780262510875> ; schema:identifier "isbn:9780262510875" .'
    ) <= shared_of(made)


def test_a_node_of_another_key_is_named_only_where_there_is_one() -> None:
    both = 'primary_sources: [{isbn: 0-262-51087-1, url: "https://www.rfc-editor.org/rfc/rfc9110"}]'
    alone, other = articles(both, 'primary_sources: [{url: "https://www.rfc-editor.org/rfc/rfc9110"}]')
    twin = triples("</source/isbn/9780262510875> schema:sameAs </source/rfc/9110> .")
    assert not twin & shared_of(alone)
    assert twin <= shared_of(alone, other)


def test_a_person_has_the_name_used_most_and_the_others_as_other_names() -> None:
    made = articles(
        *(f'contributors: ["{name}"]' for name in ("Example, Ada", "Ada Example", "ada example", "Ada Example"))
    )
    assert about("/agent/person/ada_example", *made) == triples("""
        </agent/person/ada_example> a schema:Person, prov:Person ; schema:name "Ada Example" ; schema:alternateName "Example, Ada", "ada example" .
    """)


def test_models_of_two_spellings_stay_two() -> None:
    made = articles("ai_models: [Claude Opus, claude-opus]")
    software = {each.subject.value for each in shared_of(*made) if each.object == SCHEMA.SoftwareApplication}
    assert software == {iri("/agent/model/Claude_Opus"), iri("/agent/model/claude-opus")}


def test_categories_are_one_tree_under_one_scheme() -> None:
    made = articles("category: a/b/c", "category: a/d", "category: e")
    shared = shared_of(*made)
    assert {each for each in shared if each.predicate.value.endswith("core#broader")} == triples("""
        </category/a/b/c> skos:broader </category/a/b> . </category/a/b> skos:broader </category/a> . </category/a/d> skos:broader </category/a> .
    """)
    assert {each for each in shared if each.predicate.value.endswith("hasTopConcept")} == triples(
        "</category/> skos:hasTopConcept </category/a>, </category/e> ."
    )
    assert sum(each.predicate == SCHEMA.hasDefinedTerm for each in shared) == 5


def test_a_category_whose_last_step_is_known_has_its_curated_label() -> None:
    (made,) = articles("category: technology/ai")
    assert triples(
        '</category/technology/ai> skos:prefLabel "Artificial intelligence"@en ; skos:exactMatch wd:Q11660 .'
    ) <= shared_of(made)


def test_slashes_that_mean_nothing_are_left_out_of_a_category() -> None:
    (made,) = articles("category: /a//b/")
    assert triples("</category/a/b> skos:broader </category/a> .") <= shared_of(made)
    assert triples('<> schema:articleSection "/a//b/" .', iri("/article/0")) <= made.triples


def test_everything_shared_lies_under_the_base_that_was_chosen() -> None:
    front = "category: x\nai_models: [m]\nprimary_sources: [{type: odd, doi: 10.1000/x, institution: I}]\nrelated_entities: [e]"
    made = made_of(front, settings=Settings(base="https://kb.test/"))
    assert {each.subject.value.split("/")[2] for each in made.shared} == {"kb.test"}


def test_a_fact_that_contradicts_its_reference_does_not_make_two_works_one() -> None:
    (made,) = articles("""
atomic_facts:
  - {id: f, source_ref: one, source_doi: 10.1000/other}
  - {id: g, source_title: T, source_doi: 10.1000/third, source_url: "https://example.org/third"}
primary_sources:
  - {id: one, title: T, doi: 10.1000/one}
  - {title: O, doi: 10.1000/other}
""")
    about_one = about("/source/doi/10.1000/one", made)
    assert {each for each in about_one if each.predicate in {SCHEMA.identifier, SCHEMA.sameAs}} == triples("""
        </source/doi/10.1000/one> schema:identifier "doi:10.1000/one" ; schema:sameAs <https://doi.org/10.1000/one> .
    """)
