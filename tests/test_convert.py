"""What each field, and each decision of the data model, becomes: exact triples of small articles."""

from __future__ import annotations

import hashlib
import json

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode
from tests.small_articles import ARTICLE, BASE, Made, iri, made_of, shared_of, triples

from kbgraph.config import Settings
from kbgraph.errors import Severity
from kbgraph.terms import KB, KBV, RDF, SCHEMA


def says(front: str, turtle: str, body: str = "", **options: object) -> Made:
    """The article says this and no more; returns what it came to."""
    made = made_of(front, body, **options)  # type: ignore[arg-type]
    assert made.said == triples(turtle)
    return made


# ---- every article


def test_an_article_without_fields_has_its_classes_and_its_file() -> None:
    data = b"---\n\n---\n"
    made = made_of("")
    assert made.triples == triples(f"""
        <> a kb:Article, schema:Article, schema:WebPage ; schema:encoding <#_file> .
        <#_file> a schema:MediaObject, prov:Entity ;
            schema:name "ai/a.md" ; schema:encodingFormat "text/markdown" ;
            schema:contentSize "{len(data)} B" ; schema:sha256 "{hashlib.sha256(data).hexdigest()}" .
    """)


def test_all_of_an_article_lies_in_one_named_graph() -> None:
    made = made_of("title: x", "# y\n")
    assert {quad.graph_name for quad in made.statements.quads} == {NamedNode(f"{BASE}graph/article/ai/a")}


@pytest.mark.parametrize(
    ("path", "article"),
    [
        ("a.md", "article/a"),
        ("computer-science/c++-language.md", "article/computer-science/c++-language"),
        ("two words/naïve.md", "article/two%20words/na%C3%AFve"),
        ("人工智能/注意力.md", "article/%E4%BA%BA%E5%B7%A5%E6%99%BA%E8%83%BD/%E6%B3%A8%E6%84%8F%E5%8A%9B"),
        ("v1..md", "article/v1%2E"),
        ("a.md.md", "article/a.md"),
    ],
)
def test_an_articles_iri_is_its_path(path: str, article: str) -> None:
    made = made_of("id: x\natomic_facts: [{id: f}]", path=path)
    subjects = {quad.subject.value for quad in made.statements.quads if isinstance(quad.subject, NamedNode)}
    assert {subject.partition("#")[0] for subject in subjects} == {BASE + article}
    assert BASE + article + "#f" in subjects


def test_the_base_iri_can_be_chosen() -> None:
    made = made_of("category: ai\nai_models: [m]", settings=Settings(base="https://kb.test/x/"))
    ours = {term.value for each in made.triples | made.shared for term in each if isinstance(term, NamedNode)}
    assert not [value for value in ours if value.startswith(BASE)]
    assert "https://kb.test/x/article/ai/a" in ours


def test_the_keys_of_every_entry_are_kept_in_their_order() -> None:
    made = made_of("""
title: x
"two words": 1
"a/b%": 2
日本: 3
atomic_facts:
  - {statement: s, id: f}
primary_sources:
  - {year: 2000, title: t}
""")
    keys = {(each.subject.value, each.object.value) for each in made.triples if each.predicate == KB["keys"]}
    assert (ARTICLE, "title two%20words a%2Fb%25 日本 atomic_facts primary_sources") in keys
    assert (iri("#f"), "statement id") in keys
    assert (iri("#_ref-1"), "year title") in keys


def test_an_empty_list_is_declared_and_an_absent_one_is_not() -> None:
    says(
        "tags: []\ndisputed_statements: []\natomic_facts: []\nprimary_sources: []",
        '<> kb:declaredEmpty "tags", "disputed_statements", "atomic_facts", "primary_sources" .',
    )


# ---- identifiers and titles


def test_id_is_the_identifier() -> None:
    says("id: my article", '<> schema:identifier "my article" .')


def test_slug_is_the_other_name() -> None:
    says("slug: short", '<> schema:alternateName "short" .')


def test_title_is_name_and_headline_in_the_language_of_the_article() -> None:
    says(
        "title: Titel\nlanguage: de",
        '<> schema:name "Titel"@de ; schema:headline "Titel"@de ; schema:inLanguage "de" .',
    )


# ---- schema_type


@pytest.mark.parametrize(
    "name", ["TechArticle", "ScholarlyArticle", "NewsArticle", "BlogPosting", "Report", "APIReference"]
)
def test_schema_type_is_a_class(name: str) -> None:
    made = made_of(f"schema_type: {name}")
    assert made.about("") - triples('<> kb:keys "schema_type" .') == triples(
        f"<> a kb:Article, schema:WebPage, schema:{name} ; schema:encoding <#_file> ."
    )
    assert made.codes == []


def test_the_plain_article_is_a_class_too() -> None:
    assert says("schema_type: Article", "").codes == []


def test_a_schema_type_in_another_case_is_mapped_and_reported_and_kept() -> None:
    made = made_of("schema_type: techarticle")
    assert triples("<> a schema:TechArticle .") <= made.triples
    assert (
        triples(
            '<> kb:extra <#_extra-1> . <#_extra-1> a schema:PropertyValue ; schema:name "schema_type" ; schema:value "techarticle" .'
        )
        <= made.triples
    )
    (problem,) = made.problems
    assert (problem.code, problem.severity, problem.subject) == ("KB104", Severity.WARNING, ARTICLE)


@pytest.mark.parametrize("name", ["Person", "HowTo", "Essay", "schema:TechArticle", "https://schema.org/TechArticle"])
def test_an_unknown_schema_type_is_reported_and_falls_back_to_article(name: str) -> None:
    made = says(
        f'schema_type: "{name}"',
        f'<> kb:extra <#_extra-1> . <#_extra-1> a schema:PropertyValue ; schema:name "schema_type" ; schema:value "{name}" .',
    )
    assert made.codes == ["KB105"]


# ---- category


def test_a_category_is_a_concept_and_a_section() -> None:
    made = says("category: ai", '<> schema:about </category/ai> ; schema:articleSection "ai" .')
    assert made.shared == triples("""
        </category/> a skos:ConceptScheme, schema:DefinedTermSet ;
            schema:name "Categories"@en ; dcterms:title "Categories"@en ; skos:prefLabel "Categories"@en ;
            schema:hasDefinedTerm </category/ai> ; skos:hasTopConcept </category/ai> .
        </category/ai> a skos:Concept, schema:DefinedTerm ;
            skos:notation "ai" ; schema:termCode "ai" ;
            skos:prefLabel "Artificial intelligence"@en ; schema:name "Artificial intelligence"@en ;
            skos:inScheme </category/> ; schema:inDefinedTermSet </category/> ; skos:topConceptOf </category/> ;
            skos:exactMatch wd:Q11660 .
    """)


def test_a_category_may_be_a_path_of_concepts() -> None:
    made = says(
        "category: pottery/glazes",
        '<> schema:about </category/pottery/glazes> ; schema:articleSection "pottery/glazes" .',
    )
    assert made.shared_about("/category/pottery/glazes") == triples("""
        </category/pottery/glazes> a skos:Concept, schema:DefinedTerm ;
            skos:notation "pottery/glazes" ; schema:termCode "pottery/glazes" ;
            skos:prefLabel "Glazes" ; schema:name "Glazes" ;
            skos:inScheme </category/> ; schema:inDefinedTermSet </category/> ; skos:broader </category/pottery> .
    """)
    assert (
        triples('</category/> skos:hasTopConcept </category/pottery> . </category/pottery> skos:prefLabel "Pottery" .')
        <= made.shared
    )


def test_an_unknown_category_lies_under_the_base_of_the_data() -> None:
    made = made_of("category: Early Music")
    assert triples('</category/Early%20Music> skos:prefLabel "Early Music" .') <= made.shared
    assert not [each for each in made.shared if each.subject.value.startswith("https://w3id.org/")]


# ---- language


@pytest.mark.parametrize(
    ("tag", "lower"), [("en", "en"), ("pt-BR", "pt-br"), ("DE", "de"), ("zh-Hant-TW", "zh-hant-tw")]
)
def test_text_carries_the_language_in_lower_case_and_the_article_has_it_as_written(tag: str, lower: str) -> None:
    says(f"language: {tag}\nsummary: x", f'<> schema:inLanguage "{tag}" ; schema:description "x"@{lower} .')


@pytest.mark.parametrize("tag", ["zh_CN", "de DE", "x", "en-"])
def test_what_is_no_language_tag_leaves_the_text_untagged(tag: str) -> None:
    says(f"language: {tag}\nsummary: x", f'<> schema:inLanguage "{tag}" ; schema:description "x" .')


def test_without_a_language_the_text_is_untagged() -> None:
    says("summary: x", '<> schema:description "x" .')


def test_every_text_of_an_article_carries_its_language_and_the_titles_of_sources_none() -> None:
    made = made_of(
        """
title: x
language: fr
confidence_rationale: x
summary: x
tags: [x]
known_gaps: [x]
disputed_statements: [x, {statement: x, note: x}]
atomic_facts: [{id: f, statement: x, note: x, confidence_rationale: x}]
primary_sources: [{title: x, institution: x, note: x, authors: [x]}]
contributors: [x]
""",
        "before\n\n## TL;DR\nx\n",
    )
    tagged = {
        each.predicate.value for each in made.triples if isinstance(each.object, Literal) and each.object.language
    }
    untagged = {
        each.predicate.value
        for each in made.triples
        if isinstance(each.object, Literal) and not each.object.language and each.object.value == "x"
    }
    assert {each.removeprefix(SCHEMA.iri).removeprefix(KB.iri).rpartition("#")[2] for each in tagged} == {
        *("name", "headline", "description", "confidenceRationale", "keywords", "text", "note", "abstract"),
    }
    assert untagged == {SCHEMA.name.value, "http://purl.org/dc/terms/title", KB.institution.value}


# ---- confidence


@pytest.mark.parametrize("level", ["low", "medium", "high"])
def test_confidence_is_a_concept(level: str) -> None:
    assert says(f"confidence: {level}", f"<> kb:confidence kbv:confidence-{level} .").shared == triples(CATEGORIES)


CATEGORIES = """
    </category/> a skos:ConceptScheme, schema:DefinedTermSet ;
        schema:name "Categories"@en ; dcterms:title "Categories"@en ; skos:prefLabel "Categories"@en .
"""


def test_a_concept_in_another_case_is_mapped_and_kept_as_written() -> None:
    says(
        "confidence: High",
        """<> kb:confidence kbv:confidence-high ; kb:extra <#_extra-1> .
        <#_extra-1> a schema:PropertyValue ; schema:name "confidence" ; schema:value "High" .""",
    )


def test_an_unknown_concept_is_one_of_the_data() -> None:
    made = says("confidence: very high", "<> kb:confidence </concept/confidence/very_high> .")
    assert made.shared_about("/concept/confidence/very_high") == triples(
        '</concept/confidence/very_high> a skos:Concept ; skos:notation "very high" ; skos:prefLabel "Very high" .'
    )


def test_a_confidence_has_no_invented_number() -> None:
    made = made_of("confidence: high\natomic_facts: [{id: f, confidence: low}]")
    numbers = [
        each
        for each in made.triples
        if isinstance(each.object, Literal) and each.object.datatype.value.endswith(("decimal", "double", "float"))
    ]
    assert numbers == []


def test_confidence_rationale_is_a_text() -> None:
    says("confidence_rationale: because", '<> kb:confidenceRationale "because" .')


# ---- dates


@pytest.mark.parametrize(
    ("field", "predicate"),
    [
        ("last_verified", "lastReviewed"),
        ("created_date", "dateCreated"),
        ("created", "dateCreated"),
        ("date_created", "dateCreated"),
        ("updated", "dateModified"),
        ("date_modified", "dateModified"),
    ],
)
def test_a_date_is_a_date_under_every_name_of_its_field(field: str, predicate: str) -> None:
    says(f'{field}: "2026-06-01"', f'<> schema:{predicate} "2026-06-01"^^xsd:date .')


def test_a_date_with_a_time_is_a_moment() -> None:
    says("updated: 2026-06-01T10:30:00Z", '<> schema:dateModified "2026-06-01T10:30:00Z"^^xsd:dateTime .')


def test_a_moment_in_another_form_is_put_right_and_kept_as_written() -> None:
    says(
        "date_modified: 2026-06-01 10:30",
        """<> schema:dateModified "2026-06-01T10:30:00"^^xsd:dateTime ; kb:extra <#_extra-1> .
        <#_extra-1> a schema:PropertyValue ; schema:name "date_modified" ; schema:value "2026-06-01 10:30" .""",
    )


def test_what_is_no_date_stays_as_written() -> None:
    says("last_verified: last week", '<> schema:lastReviewed "last week" .')


def test_a_missing_date_stays_missing() -> None:
    predicates = {each.predicate for each in made_of("id: x", "# y\n").triples}
    assert not {SCHEMA.dateCreated, SCHEMA.dateModified, SCHEMA.lastReviewed, SCHEMA.datePublished} & predicates


# ---- how it was written


def test_generation_is_an_activity_with_its_models() -> None:
    made = says(
        "generation_method: ai_structured\nai_models: [claude-opus, gpt 4]",
        """<> prov:wasGeneratedBy <#_generation> ; schema:digitalSourceType schema:TrainedAlgorithmicMediaDigitalSource .
        <#_generation> a prov:Activity, schema:CreateAction ; dcterms:type kbv:generation-ai_structured ; schema:result <> ;
            schema:instrument </agent/model/claude-opus>, </agent/model/gpt_4> ;
            prov:wasAssociatedWith </agent/model/claude-opus>, </agent/model/gpt_4> .""",
    )
    assert made.shared_about("/agent/model/gpt_4") == triples(
        '</agent/model/gpt_4> a schema:SoftwareApplication, prov:SoftwareAgent ; schema:name "gpt 4" ; schema:identifier "gpt 4" .'
    )


@pytest.mark.parametrize(
    ("method", "source"),
    [
        ("ai_assisted", "schema:CompositeWithTrainedAlgorithmicMediaDigitalSource"),
        ("ai_generated", "schema:TrainedAlgorithmicMediaDigitalSource"),
    ],
)
def test_methods_with_ai_say_what_kind_of_digital_source_it_is(method: str, source: str) -> None:
    made = made_of(f"generation_method: {method}")
    assert triples(f"<> schema:digitalSourceType {source} .") <= made.triples


@pytest.mark.parametrize("method", ["human_only", "imported"])
def test_methods_without_ai_name_no_digital_source_type(method: str) -> None:
    says(
        f"generation_method: {method}",
        f"""<> prov:wasGeneratedBy <#_generation> .
        <#_generation> a prov:Activity, schema:CreateAction ; dcterms:type kbv:generation-{method} ; schema:result <> .""",
    )


def test_models_without_a_method_are_an_activity_without_a_type() -> None:
    says(
        "ai_models: [m]",
        """<> prov:wasGeneratedBy <#_generation> . <#_generation> a prov:Activity, schema:CreateAction ; schema:result <> ;
        schema:instrument </agent/model/m> ; prov:wasAssociatedWith </agent/model/m> .""",
    )


def test_the_order_of_a_list_of_values_is_kept_beside_them() -> None:
    made = made_of("ai_models: [b, a, b]")
    assert triples(
        '<#_extra-1> a schema:PropertyValue ; schema:name "ai_models" ; kb:jsonValue "[\\"b\\",\\"a\\",\\"b\\"]"^^rdf:JSON .'
    ) == made.about("#_extra-1")


# ---- declarations


@pytest.mark.parametrize(
    ("field", "predicate"),
    [("derived_from_human_seed", "derivedFromHumanSeed"), ("is_live_document", "isLiveDocument")],
)
@pytest.mark.parametrize("value", ["true", "false"])
def test_a_truth_value_is_a_boolean(field: str, predicate: str, value: str) -> None:
    says(f"{field}: {value}", f"<> kb:{predicate} {value} .")


def test_what_is_no_truth_value_stays_as_written() -> None:
    says("is_live_document: sometimes", '<> kb:isLiveDocument "sometimes" .')


def test_conflict_of_interest_is_a_concept() -> None:
    says("conflict_of_interest: none_declared", "<> kb:conflictOfInterest kbv:conflict-none_declared .")
    says("conflict_of_interest: shares in X", "<> kb:conflictOfInterest </concept/conflict/shares_in_X> .")


def test_data_period_is_kept_as_written_and_covers_a_time_where_it_is_a_period() -> None:
    says("data_period: static", '<> kb:dataPeriod "static" .')
    says("data_period: 2024-2026", '<> kb:dataPeriod "2024-2026" ; schema:temporalCoverage "2024/2026" .')


# ---- quality


def test_completeness_is_a_measurement() -> None:
    says(
        "completeness: 0.820",
        """<> dqv:hasQualityMeasurement <#_completeness> . <#_completeness> a dqv:QualityMeasurement ;
        dqv:isMeasurementOf kbv:metric-completeness ; dqv:computedOn <> ; dqv:value "0.820"^^xsd:decimal .""",
    )


def test_what_is_no_number_is_a_measurement_as_written() -> None:
    assert triples('<#_completeness> dqv:value "82%" .') <= made_of("completeness: 82%").triples


def test_known_gaps_are_comments_in_their_order() -> None:
    says(
        "known_gaps: [b, a]\nlanguage: en",
        """<> schema:inLanguage "en" ; schema:comment <#_gap-1>, <#_gap-2> .
        <#_gap-1> a kb:KnownGap, schema:Comment ; schema:position 1 ; schema:text "b"@en .
        <#_gap-2> a kb:KnownGap, schema:Comment ; schema:position 2 ; schema:text "a"@en .""",
    )


def test_disputed_statements_are_claims_and_no_facts() -> None:
    says(
        'disputed_statements: [one, {statement: two, confidence: low, note: n, source_url: "https://example.org/x"}]',
        """<> schema:mentions <#_dispute-1>, <#_dispute-2> .
        <#_dispute-1> a kb:DisputedStatement, schema:Claim ; schema:position 1 ; schema:text "one" .
        <#_dispute-2> a kb:DisputedStatement, schema:Claim ; schema:position 2 ; schema:text "two" ; skos:note "n" ;
            kb:confidence kbv:confidence-low ; kb:keys "statement confidence note source_url" ;
            kb:reference <#_dispute-2-reference> ;
            schema:citation </source/web/example.org/6fabb83c852415a7> ; prov:wasDerivedFrom </source/web/example.org/6fabb83c852415a7> .
        <#_dispute-2-reference> a kb:SourceReference, schema:ListItem ; schema:url <https://example.org/x> ;
            schema:item </source/web/example.org/6fabb83c852415a7> ; biro:references </source/web/example.org/6fabb83c852415a7> .""",
    )


# ---- facts

PAPER = 'title: T, type: academic_paper, url: "https://arxiv.org/abs/1706.03762"'


def test_a_fact_is_a_claim_that_leads_to_its_reference_and_its_source() -> None:
    made = made_of(f"""
language: en
atomic_facts:
  - id: f
    statement: A fact.
    confidence: high
    confidence_rationale: sure
    source_title: T
    source_url: https://arxiv.org/abs/1706.03762
    source_page: p. 3
    last_verified: 2026-06-01
    note: n
primary_sources:
  - {{{PAPER}}}
""")
    assert made.about("#f") == triples("""
        <#f> a kb:Fact, schema:Claim ; schema:identifier "f" ; schema:text "A fact."@en ; schema:position 1 ;
            schema:appearance <> ; kb:confidence kbv:confidence-high ; kb:confidenceRationale "sure"@en ;
            kb:reference <#_ref-1> ; schema:citation </source/arxiv/1706.03762> ; prov:wasDerivedFrom </source/arxiv/1706.03762> ;
            kb:sourcePage "p. 3" ; kb:lastVerified "2026-06-01"^^xsd:date ; skos:note "n"@en ;
            kb:keys "id statement confidence confidence_rationale source_title source_url source_page last_verified note" .
    """)
    assert triples("<> schema:hasPart <#f> .") <= made.triples
    assert not made.about("#_fact-1-reference")
    assert made.codes == []


def test_a_repeated_fact_id_is_a_violation_and_every_fact_is_kept() -> None:
    made = made_of("atomic_facts: [{id: f, statement: a}, {id: g}, {id: f, statement: b}, {id: f, statement: c}]")
    facts = {each.subject.value.removeprefix(ARTICLE) for each in made.triples if each.object == KB.Fact}
    assert facts == {"#f", "#g", "#f~2", "#f~3"}
    assert (
        triples(
            '<#f> schema:text "a" ; schema:position 1 . <#f~2> schema:text "b" ; schema:position 3 ; schema:identifier "f" .'
        )
        <= made.triples
    )
    assert made.codes == ["KB106", "KB106"]


def test_a_fact_id_never_takes_the_name_of_another_node() -> None:
    made = made_of(
        'atomic_facts: [{id: _ref-1}, {id: "f~2"}, {id: f}, {id: f}, {id: _file}, {id: "a b/c#d."}]\nprimary_sources: [{title: t}]'
    )
    facts = {each.subject.value.removeprefix(ARTICLE) for each in made.triples if each.object == KB.Fact}
    assert facts == {"#%5Fref-1", "#f%7E2", "#f", "#f~2", "#%5Ffile", "#a%20b%2Fc%23d%2E"}
    assert len(facts) == 6


@pytest.mark.parametrize("fact", ["{statement: s}", '{id: "", statement: s}', "{id: ~, statement: s}"])
def test_a_fact_without_an_id_is_kept_by_its_place(fact: str) -> None:
    made = made_of(f"atomic_facts: [{{id: f}}, {fact}]")
    assert triples('<#_fact-2> a kb:Fact ; schema:text "s" ; schema:position 2 .') <= made.triples


def test_a_fact_finds_its_source_by_source_ref() -> None:
    made = made_of(f"atomic_facts: [{{id: f, source_ref: v}}]\nprimary_sources: [{{title: other}}, {{id: v, {PAPER}}}]")
    assert triples("<#f> kb:reference <#_ref-2> ; prov:wasDerivedFrom </source/arxiv/1706.03762> .") <= made.triples
    assert made.about("#_fact-1-reference") == set()


def test_a_source_ref_that_names_nothing_is_a_violation_and_is_kept() -> None:
    made = made_of("atomic_facts: [{id: f, source_ref: nobody}]")
    assert made.codes == ["KB108"]
    assert triples("<#f> kb:extra <#_f~extra-1> .") <= made.triples
    assert made.about("#_f~extra-1") == triples(
        '<#_f~extra-1> a schema:PropertyValue ; schema:name "source_ref" ; schema:value "nobody" .'
    )


def test_a_fact_without_a_listed_source_gets_a_reference_of_its_own() -> None:
    made = made_of(
        'atomic_facts: [{id: f, source_title: U, source_url: "https://arxiv.org/abs/2109.01652", source_year: 2021, source_type: preprint, source_institution: ICLR, source_doi: 10.1000/U, source_isbn: 0262510871}]'
    )
    assert (
        triples(
            "<#f> kb:reference <#_fact-1-reference> ; schema:citation </source/doi/10.1000/u> ; prov:wasDerivedFrom </source/doi/10.1000/u> ."
        )
        <= made.triples
    )
    assert made.about("#_fact-1-reference") == triples("""
        <#_fact-1-reference> a kb:SourceReference, schema:ListItem ; schema:item </source/doi/10.1000/u> ; biro:references </source/doi/10.1000/u> ;
            dcterms:title "U" ; dcterms:type kbv:source-type-preprint ; dcterms:issued "2021"^^xsd:gYear ; schema:url <https://arxiv.org/abs/2109.01652> ;
            kb:institution "ICLR" ; dcterms:publisher </org/iclr> ; kb:doi "10.1000/U" ; kb:isbn "0262510871" .
    """)
    assert not [each for each in made.triples if each.predicate in {KB.primaryReference, KB.secondaryReference}]


def test_a_fact_that_differs_from_its_reference_has_one_of_its_own_to_the_same_source() -> None:
    made = made_of(
        f'atomic_facts: [{{id: f, source_url: "https://arxiv.org/abs/1706.03762", source_title: Another Title}}]\nprimary_sources: [{{{PAPER}}}]'
    )
    assert (
        triples("<#f> kb:reference <#_ref-1>, <#_fact-1-reference> ; prov:wasDerivedFrom </source/arxiv/1706.03762> .")
        <= made.triples
    )
    assert made.about("#_fact-1-reference") == triples("""
        <#_fact-1-reference> a kb:SourceReference, schema:ListItem ; dcterms:title "Another Title" ; schema:url <https://arxiv.org/abs/1706.03762> ;
            schema:item </source/arxiv/1706.03762> ; biro:references </source/arxiv/1706.03762> .
    """)


def test_a_fact_without_any_source_has_none() -> None:
    made = made_of("atomic_facts: [{id: f, statement: s}]")
    assert made.about("#f") == triples(
        '<#f> a kb:Fact, schema:Claim ; schema:identifier "f" ; schema:text "s" ; schema:position 1 ; schema:appearance <> ; kb:keys "id statement" .'
    )


# ---- references


def test_a_reference_is_what_the_article_states_about_a_source() -> None:
    made = made_of("""
primary_sources:
  - id: v
    title: Attention Is All You Need
    authors: ["Ashish Vaswani", "N. Shazeer"]
    type: conference_paper
    year: 2017
    url: https://arxiv.org/abs/1706.03762v7
    doi: 10.48550/ARXIV.1706.03762
    isbn: 978-0-262-51087-5
    institution: NeurIPS
    note: n
""")
    assert made.about("#_ref-1") == triples("""
        <#_ref-1> a kb:SourceReference, schema:ListItem ; schema:position 1 ;
            schema:item </source/arxiv/1706.03762> ; biro:references </source/arxiv/1706.03762> ;
            schema:identifier "v" ; dcterms:title "Attention Is All You Need" ; dcterms:type kbv:source-type-conference_paper ;
            dcterms:issued "2017"^^xsd:gYear ; schema:url <https://arxiv.org/abs/1706.03762v7> ;
            kb:doi "10.48550/ARXIV.1706.03762" ; kb:isbn "978-0-262-51087-5" ;
            kb:institution "NeurIPS" ; dcterms:publisher </org/neurips> ; skos:note "n" ;
            kb:authorship <#_ref-1-author-1>, <#_ref-1-author-2> ;
            kb:keys "id title authors type year url doi isbn institution note" .
    """)
    assert made.about("#_ref-1-author-1") == triples("""
        <#_ref-1-author-1> a kb:Authorship, schema:ListItem ; schema:position 1 ; schema:name "Ashish Vaswani" ;
            schema:item </agent/person/ashish_vaswani> .
    """)
    assert made.about("#_ref-1-author-2") == triples("""
        <#_ref-1-author-2> a kb:Authorship, schema:ListItem ; schema:position 2 ; schema:name "N. Shazeer" ;
            schema:item </source/arxiv/1706.03762#_person-n%2E_shazeer> .
    """)


def test_primary_and_secondary_references_are_told_apart_and_cited() -> None:
    made = made_of("primary_sources: [{title: a, doi: 10.1000/a}]\nsecondary_sources: [{title: b, doi: 10.1000/b}]")
    assert made.about("") == triples("""
        <> a kb:Article, schema:Article, schema:WebPage ; schema:encoding <#_file> ; kb:keys "primary_sources secondary_sources" ;
            kb:primaryReference <#_ref-1> ; kb:secondaryReference <#_ref-2> ;
            schema:citation </source/doi/10.1000/a>, </source/doi/10.1000/b> ; prov:hadPrimarySource </source/doi/10.1000/a> .
    """)


def test_two_references_to_one_source_stay_two() -> None:
    made = made_of("primary_sources: [{title: a, doi: 10.1000/x}, {title: b, doi: 10.1000/X}]")
    assert (
        triples("<#_ref-1> schema:item </source/doi/10.1000/x> . <#_ref-2> schema:item </source/doi/10.1000/x> .")
        <= made.triples
    )


@pytest.mark.parametrize(
    ("year", "literal"),
    [
        ("-350", '"-0350"^^xsd:gYear'),
        ("868", '"0868"^^xsd:gYear'),
        ("2022", '"2022"^^xsd:gYear'),
        ('"c. 1850"', '"c. 1850"'),
    ],
)
def test_a_year_is_a_year_and_may_be_negative(year: str, literal: str) -> None:
    assert triples(f"<#_ref-1> dcterms:issued {literal} .") <= made_of(f"primary_sources: [{{year: {year}}}]").triples


@pytest.mark.parametrize("url", ["see below", "www.example.org", "javascript:alert(1)", "https://example.org/a b"])
def test_a_url_that_is_none_stays_as_written(url: str) -> None:
    made = made_of(f'primary_sources: [{{url: "{url}"}}]')
    assert triples(f'<#_ref-1> schema:url "{url}" .') <= made.triples


@pytest.mark.parametrize("name", ["TBD", "tbd", "unknown", "N/A", "n/a.", "Various"])
def test_a_placeholder_is_kept_on_the_reference_and_mints_no_organisation(name: str) -> None:
    made = made_of(f'primary_sources: [{{title: "Source 1 — …", institution: "{name}", doi: 10.1000/x}}]')
    assert triples(f'<#_ref-1> kb:institution "{name}" ; dcterms:title "Source 1 — …" .') <= made.triples
    assert not [each for each in made.triples | made.shared if each.predicate.value.endswith("publisher")]
    assert not [each for each in made.shared if each.object == SCHEMA.Organization]


def test_a_wrong_check_digit_of_an_isbn_is_a_violation_and_the_number_is_kept() -> None:
    made = made_of("primary_sources: [{title: t, isbn: 978-0-262-51087-6}]")
    assert made.codes == ["KB109"]
    assert triples('<#_ref-1> kb:isbn "978-0-262-51087-6" .') <= made.triples
    assert "source/work/" in next(each.object.value for each in made.triples if each.predicate == SCHEMA.item)


# ---- authors, institutions


@pytest.mark.parametrize("name", ["et al.", "et al", "and others", "Et. al."])
def test_et_al_is_nobody(name: str) -> None:
    made = made_of(f'primary_sources: [{{title: t, doi: 10.1000/x, authors: [Ada Example, "{name}"]}}]')
    assert made.about("#_ref-1-author-2") == triples(
        f'<#_ref-1-author-2> a kb:Authorship, schema:ListItem ; schema:position 2 ; schema:name "{name}" .'
    )
    people = {each.subject.value for each in made.shared if each.object == SCHEMA.Person}
    assert people == {iri("/agent/person/ada_example")}


def test_a_name_with_et_al_is_kept_as_written_and_no_person_has_it() -> None:
    made = made_of('primary_sources: [{title: t, doi: 10.1000/x, authors: ["Ada Example et al."]}]')
    assert triples('<#_ref-1-author-1> schema:name "Ada Example et al." .') <= made.triples
    assert not [each for each in made.shared if each.predicate == SCHEMA.name and "et al" in each.object.value]


def test_a_full_name_is_one_person_in_all_articles_and_initials_are_of_one_source_alone() -> None:
    one = made_of('primary_sources: [{doi: 10.1000/x, authors: ["Ada Example", "A. Example"]}]', path="one.md")
    two = made_of('primary_sources: [{doi: 10.1000/y, authors: ["Example, Ada", "A. Example"]}]', path="two.md")
    people = {each.subject.value for each in shared_of(one, two) if each.object == SCHEMA.Person}
    assert people == {
        iri("/agent/person/ada_example"),
        iri("/source/doi/10.1000/x#_person-a%2E_example"),
        iri("/source/doi/10.1000/y#_person-a%2E_example"),
    }


def test_an_author_that_is_the_institution_is_an_organisation() -> None:
    made = made_of(
        'primary_sources: [{doi: 10.1000/x, institution: W3C, authors: ["World Wide Web Consortium", "Ada Example"]}]'
    )
    assert (
        triples(
            "<#_ref-1-author-1> schema:item </org/w3c> . <#_ref-1-author-2> schema:item </agent/person/ada_example> ."
        )
        <= made.triples
    )


def test_the_spellings_of_an_organisation_are_one_node_with_the_name_used_most() -> None:
    made = made_of(
        "primary_sources: [{title: a, institution: IETF}, {title: b, institution: Internet Engineering Task Force}, {title: c, institution: IETF}, {title: d, institution: ietf}]"
    )
    assert made.shared_about("/org/ietf") == triples(
        '</org/ietf> a schema:Organization, prov:Organization ; schema:name "IETF" ; schema:alternateName "Internet Engineering Task Force", "ietf" .'
    )


# ---- sources


def test_a_source_is_one_node_with_the_class_of_its_type() -> None:
    made = made_of(
        'primary_sources: [{title: T, type: academic_paper, year: 2022, url: "https://arxiv.org/abs/2109.01652", institution: ICLR, authors: [Ada Example]}]'
    )
    assert made.shared_about("/source/arxiv/2109.01652") == triples("""
        </source/arxiv/2109.01652> a kb:Source, schema:ScholarlyArticle, fabio:ResearchPaper ; schema:name "T" ;
            schema:identifier "arxiv:2109.01652" ; schema:url <https://arxiv.org/abs/2109.01652> ;
            schema:sameAs <https://doi.org/10.48550/arXiv.2109.01652> ; schema:datePublished "2022"^^xsd:gYear ;
            schema:publisher </org/iclr> ; schema:author </agent/person/ada_example> .
    """)


@pytest.mark.parametrize(
    ("entry", "source"),
    [
        ("doi: 10.1000/ABC", "doi/10.1000/abc"),
        ("doi: 10.1016/S0140-6736(97)11096-0", "doi/10.1016/s0140-6736%2897%2911096-0"),
        ("doi: 10.1000/abc.", "doi/10.1000/abc%2E"),
        ("url: https://doi.org/10.1000/ABC", "doi/10.1000/abc"),
        ("url: https://arxiv.org/abs/1706.03762v3", "arxiv/1706.03762"),
        ("doi: 10.48550/arXiv.1706.03762", "arxiv/1706.03762"),
        ("isbn: 0-262-51087-1", "isbn/9780262510875"),
        ("url: https://datatracker.ietf.org/doc/html/rfc9110", "rfc/9110"),
    ],
)
def test_the_iri_of_a_source_is_its_key(entry: str, source: str) -> None:
    made = made_of(f"primary_sources:\n  - {entry}")
    assert triples(f"<#_ref-1> schema:item </source/{source}> .") <= made.triples


def test_a_bare_homepage_joins_the_title() -> None:
    made = made_of(
        'primary_sources: [{title: a, url: "https://dl.acm.org/"}, {title: b, url: "https://dl.acm.org/"}, {title: A, url: "http://dl.acm.org"}]'
    )
    items = [
        next(each.object.value for each in made.about(f"#_ref-{n}") if each.predicate == SCHEMA.item) for n in (1, 2, 3)
    ]
    assert items[0] == items[2] != items[1]
    assert all(item.startswith(iri("/source/web/dl.acm.org/")) for item in items)


def test_two_keys_of_one_work_are_the_same_as_each_other() -> None:
    one = made_of(
        'primary_sources: [{title: T, doi: 10.1000/x, url: "https://arxiv.org/abs/1706.03762"}]', path="one.md"
    )
    two = made_of('primary_sources: [{title: T, url: "https://arxiv.org/abs/1706.03762"}]', path="two.md")
    shared = shared_of(one, two)
    assert triples("</source/doi/10.1000/x> schema:sameAs </source/arxiv/1706.03762> .") <= shared
    assert triples('</source/doi/10.1000/x> schema:identifier "doi:10.1000/x", "arxiv:1706.03762" .') <= shared
    alone = shared_of(one)
    assert not [each for each in alone if each.object == NamedNode(iri("/source/arxiv/1706.03762"))]


def test_the_value_stated_most_often_wins_and_the_other_titles_are_kept() -> None:
    front = 'primary_sources: [{{title: "{}", year: {}, institution: {}, doi: 10.1000/x}}]'
    made = [
        made_of(front.format(*said), path=f"{n}.md")
        for n, said in enumerate([("B", 2001, "Y"), ("A", 2002, "X"), ("B", 2002, "X"), ("C", 2001, "Y")])
    ]
    assert {each for each in shared_of(*made) if each.subject == NamedNode(iri("/source/doi/10.1000/x"))} == triples("""
        </source/doi/10.1000/x> a kb:Source, schema:CreativeWork ; schema:name "B" ; schema:alternateName "A", "C" ;
            schema:identifier "doi:10.1000/x" ; schema:sameAs <https://doi.org/10.1000/x> ;
            schema:datePublished "2001"^^xsd:gYear ; schema:publisher </org/x> .
    """)


@pytest.mark.parametrize(
    ("kind", "classes"),
    [
        ("academic_paper", "schema:ScholarlyArticle, fabio:ResearchPaper"),
        ("book", "schema:Book, fabio:Book"),
        ("report", "schema:Report, fabio:ReportDocument"),
        ("standard", "schema:TechArticle, fabio:TechnicalStandard"),
        ("thesis", "schema:Thesis, fabio:Thesis"),
        ("Book", "schema:Book, fabio:Book"),
        ("monograph", "schema:Book, fabio:Book"),
        ("something else", "schema:CreativeWork"),
    ],
)
def test_the_type_of_a_source_is_its_class(kind: str, classes: str) -> None:
    made = made_of(f"primary_sources: [{{type: {kind}, doi: 10.1000/x}}]")
    types = {each for each in made.shared_about("/source/doi/10.1000/x") if each.predicate == RDF.type}
    assert types == triples(f"</source/doi/10.1000/x> a kb:Source, {classes} .")


def test_an_unknown_type_is_a_concept_of_the_data_below_a_common_one_where_the_table_knows_it() -> None:
    made = made_of(
        "primary_sources: [{type: monograph, doi: 10.1000/x}, {type: Phd Thesis, doi: 10.1000/y}, {type: papyrus, doi: 10.1000/z}]"
    )
    assert made.shared_about("/concept/source-type/monograph") == triples(
        '</concept/source-type/monograph> a skos:Concept ; skos:notation "monograph" ; skos:prefLabel "Monograph" ; skos:broader kbv:source-type-book .'
    )
    assert triples("</concept/source-type/Phd_Thesis> skos:broader kbv:source-type-thesis .") <= made.shared
    assert made.shared_about("/concept/source-type/papyrus") == triples(
        '</concept/source-type/papyrus> a skos:Concept ; skos:notation "papyrus" ; skos:prefLabel "Papyrus" .'
    )


def test_a_source_without_any_address_is_a_work_by_title_type_and_year() -> None:
    made = made_of("primary_sources: [{title: On Stones, type: book, year: -315}]")
    (item,) = (each.object.value for each in made.triples if each.predicate == SCHEMA.item)
    key = item.removeprefix(iri("/source/work/"))
    assert len(key) == 16
    assert (
        triples(f'<{item}> schema:identifier "work:{key}" ; schema:datePublished "-0315"^^xsd:gYear .') <= made.shared
    )


def test_owl_same_as_is_never_said() -> None:
    made = made_of(
        'primary_sources: [{title: T, doi: 10.1000/x, url: "https://arxiv.org/abs/1706.03762"}, {url: "https://arxiv.org/abs/1706.03762"}]'
    )
    assert not [each for each in made.triples | made.shared if "owl#sameAs" in each.predicate.value]


# ---- other articles, entities, people


def test_related_articles_are_links_to_articles_and_to_the_web_and_kept_as_written() -> None:
    made = made_of("related_articles: [b.md, ai/c, https://example.org/x, ai/none]", others=["ai/b", "ai/c"])
    assert made.said == triples("""
        <> schema:relatedLink </article/ai/b>, </article/ai/c>, <https://example.org/x> ; kb:extra <#_extra-1> .
        <#_extra-1> a schema:PropertyValue ; schema:name "related_articles" ;
            kb:jsonValue "[\\"b.md\\",\\"ai/c\\",\\"https://example.org/x\\",\\"ai/none\\"]"^^rdf:JSON .
    """)
    (problem,) = made.problems
    assert (problem.code, problem.severity, problem.place.column) == ("KB107", Severity.WARNING, 55)


def test_links_in_the_body_lead_to_articles_and_to_the_web() -> None:
    body = "[a](b.md) [b](../c.md) [c](/d/) [d](https://example.org/x) [e](mailto:x@example.org) [f](none.md)\n"
    made = made_of("", body, others=["ai/b", "ai/c", "d"])
    links = {each for each in made.triples if each.predicate in {SCHEMA.relatedLink, SCHEMA.significantLink}}
    assert links == triples(
        "<> schema:relatedLink </article/ai/b>, </article/ai/c>, </article/d> ; schema:significantLink <https://example.org/x> ."
    )
    (problem,) = made.problems
    assert (problem.code, problem.place.line, problem.place.column) == ("KB107", 4, body.index("none.md") + 1)


def test_a_link_to_the_article_itself_is_no_related_link() -> None:
    made = made_of("", "[self](a.md#part) [top](#part)\n")
    assert not [each for each in made.triples if each.predicate == SCHEMA.relatedLink]
    assert made.codes == []


def test_related_entities_are_mentioned_by_name_or_address() -> None:
    made = made_of('related_entities: ["entity:machine translation", "https://www.wikidata.org/entity/Q79798"]')
    mentions = {each for each in made.triples if each.predicate == SCHEMA.mentions}
    assert mentions == triples(
        "<> schema:mentions </entity/machine_translation>, <https://www.wikidata.org/entity/Q79798> ."
    )
    assert made.shared_about("/entity/machine_translation") == triples(
        '</entity/machine_translation> a schema:Thing ; schema:name "machine translation" .'
    )


def test_tags_are_keywords_in_the_language_of_the_article() -> None:
    says("language: en\ntags: [a, b c]", '<> schema:inLanguage "en" ; schema:keywords "a"@en, "b c"@en .')


def test_a_summary_is_a_description() -> None:
    says("summary: >-\n  one\n  line", '<> schema:description "one line" .')


def test_translations_are_works() -> None:
    made = made_of("translations: {de: ai/b}", others=["ai/b"])
    assert triples("<> schema:workTranslation </article/ai/b> .") <= made.triples
    assert (
        triples('<#_extra-1> schema:name "translations" ; kb:jsonValue "{\\"de\\":\\"ai/b\\"}"^^rdf:JSON .')
        <= made.triples
    )


def test_contributors_are_attributed_with_their_role() -> None:
    made = says(
        "contributors: [Ada Example, {name: B. Example, role: editor}, {name: TBD, role: author}]",
        """<> schema:contributor </agent/person/ada_example>, <#_person-b%2E_example> ;
            prov:qualifiedAttribution <#_contributor-1>, <#_contributor-2>, <#_contributor-3> .
        <#_contributor-1> a prov:Attribution, schema:ListItem ; schema:position 1 ; schema:name "Ada Example" ; prov:agent </agent/person/ada_example> .
        <#_contributor-2> a prov:Attribution, schema:ListItem ; schema:position 2 ; schema:name "B. Example" ;
            prov:agent <#_person-b%2E_example> ; dcat:hadRole kbv:role-editor ; kb:keys "name role" .
        <#_contributor-3> a prov:Attribution, schema:ListItem ; schema:position 3 ; schema:name "TBD" ; dcat:hadRole kbv:role-author ; kb:keys "name role" .""",
    )
    assert (
        triples('</agent/person/ada_example> a schema:Person, prov:Person ; schema:name "Ada Example" .') <= made.shared
    )


def test_people_and_organisations_review_and_software_is_attributed() -> None:
    made = made_of(
        "ai_models: [m]\nverified_by: [Ada Example, {name: W3C, type: organization}, {name: checker, type: software}, m]"
    )
    assert {
        each
        for each in made.about("")
        if each.predicate in {SCHEMA.reviewedBy, NamedNode("http://www.w3.org/ns/prov#wasAttributedTo")}
    } == triples(
        "<> schema:reviewedBy </agent/person/ada_example>, </org/w3c> ; prov:wasAttributedTo </agent/model/checker>, </agent/model/m> ."
    )
    assert (
        triples("""
        <#_verifier-2> a prov:Attribution ; schema:position 2 ; schema:name "W3C" ; prov:agent </org/w3c> ; dcat:hadRole kbv:role-reviewer .
        <#_verifier-4> a prov:Attribution ; schema:position 4 ; schema:name "m" ; prov:agent </agent/model/m> ; dcat:hadRole kbv:role-reviewer .
        <> prov:qualifiedAttribution <#_verifier-1>, <#_verifier-2>, <#_verifier-3>, <#_verifier-4> .
    """)
        <= made.triples
    )


def test_a_verifier_of_an_unknown_type_is_reported_and_neither_person_nor_software() -> None:
    made = made_of("verified_by: [{name: R2, type: Robot}]")
    assert made.shared == triples(CATEGORIES)
    assert (
        triples('<#_verifier-1> a prov:Attribution ; schema:name "R2" ; kb:extra <#_verifier-1-extra-1> .')
        <= made.triples
    )
    assert triples('<#_verifier-1-extra-1> schema:name "type" ; schema:value "Robot" .') <= made.triples
    (problem,) = made.problems
    assert (problem.code, problem.severity, problem.place.column) == ("KB110", Severity.WARNING, 32)


def test_ai_citations_are_counted() -> None:
    says(
        'ai_citations: {count: 3, last_citation_check: "2026-05-22"}',
        """<> schema:interactionStatistic <#_ai-citations> . <#_ai-citations> a schema:InteractionCounter ;
        schema:userInteractionCount 3 ; dcterms:date "2026-05-22"^^xsd:date ; kb:keys "count last_citation_check" .""",
    )


# ---- any other key


def test_an_unknown_key_is_kept_as_a_property_value_and_reported() -> None:
    made = says(
        "audience: everybody",
        '<> kb:extra <#_extra-1> . <#_extra-1> a schema:PropertyValue ; schema:name "audience" ; schema:value "everybody" .',
    )
    (problem,) = made.problems
    assert (problem.code, problem.severity) == ("KB101", Severity.INFO)


def test_nested_data_is_kept_as_canonical_json() -> None:
    says(
        "x: {b: [1.10, no], a: {z: 1, ä: 2}}\nlist: [1, 2]",
        """<> kb:extra <#_extra-1>, <#_extra-2> .
        <#_extra-1> a schema:PropertyValue ; schema:name "x" ; kb:keys "b a a/z a/%C3%A4" ;
            kb:jsonValue "{\\"a\\":{\\"z\\":\\"1\\",\\"ä\\":\\"2\\"},\\"b\\":[\\"1.10\\",\\"no\\"]}"^^rdf:JSON .
        <#_extra-2> a schema:PropertyValue ; schema:name "list" ; kb:jsonValue "[\\"1\\",\\"2\\"]"^^rdf:JSON .""",
    )


def test_unknown_keys_of_entries_are_kept_on_the_entry() -> None:
    made = made_of("atomic_facts: [{id: f, weight: 3}]\nprimary_sources: [{title: t, pages: [1, 2]}]")
    kept = {
        each.object.value: each.subject.value
        for each in made.triples
        if each.predicate == SCHEMA.name and each.object.value in {"weight", "pages"}
    }
    owners = {each.object.value: each.subject.value for each in made.triples if each.predicate == KB.extra}
    assert owners[kept["weight"]] == iri("#f")
    assert owners[kept["pages"]] == iri("#_ref-1")


# ---- the body


def test_a_section_is_a_verbatim_slice_with_its_heading_and_role() -> None:
    made = made_of("language: en", "\n## TL;DR\n\nShort.\n\n### Own *words*\nx")
    assert made.about("#_section-0") == triples(
        '<#_section-0> a kb:Section, schema:WebPageElement, doco:Section ; schema:position 0 ; kb:sectionRole kbv:section-preamble ; schema:text "\\n"@en .'
    )
    assert made.about("#_section-1") == triples("""
        <#_section-1> a kb:Section, schema:WebPageElement, doco:Section ; schema:position 1 ; kb:sectionRole kbv:section-tldr ;
            kb:headingLevel 2 ; schema:name "TL;DR"@en ; schema:text "## TL;DR\\n\\nShort.\\n\\n"@en .
    """)
    assert made.about("#_section-2") == triples("""
        <#_section-2> a kb:Section, schema:WebPageElement, doco:Section ; schema:position 2 ;
            kb:headingLevel 3 ; schema:name "Own words"@en ; schema:text "### Own *words*\\nx"@en .
    """)
    assert (
        triples('<> schema:hasPart <#_section-0>, <#_section-1>, <#_section-2> ; schema:abstract "Short."@en .')
        <= made.triples
    )


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("TL;DR", "tldr"),
        ("tl;dr", "tldr"),
        ("Summary", "tldr"),
        ("Kurzfassung", "tldr"),
        ("摘要", "tldr"),
        ("Core Explanation", "core-explanation"),
        ("Explication", "core-explanation"),
        ("Detailed Analysis:", "detailed-analysis"),
        ("Source-Mapped Facts", "source-mapped-facts"),
        ("Belegte Fakten", "source-mapped-facts"),
        ("Related Articles", "related-articles"),
        ("Further Reading", "further-reading"),
        ("延伸阅读", "further-reading"),
    ],
)
def test_a_heading_names_the_role_of_its_section(heading: str, role: str) -> None:
    assert triples(f"<#_section-1> kb:sectionRole kbv:section-{role} .") <= made_of("", f"# {heading}\n").triples


def test_an_empty_summary_is_no_abstract() -> None:
    assert not [each for each in made_of("", "## TL;DR\n\n").triples if each.predicate == SCHEMA.abstract]


def test_a_section_mentions_the_facts_that_it_states_and_the_works_that_it_links() -> None:
    made = made_of(
        f"atomic_facts:\n  - {{id: f, statement: Stated here.}}\n  - {{id: g, statement: Not stated.}}\nprimary_sources: [{{{PAPER}}}]",
        "# One\n- Stated here.\n# Two\n[T](https://arxiv.org/abs/1706.03762)\n",
    )
    mentions = {each for each in made.triples if each.predicate == SCHEMA.mentions}
    assert mentions == triples(
        "<#_section-1> schema:mentions <#f> . <#_section-2> schema:mentions </source/arxiv/1706.03762> ."
    )


def test_an_empty_link_mentions_no_work() -> None:
    made = made_of("primary_sources: [{title: without a URL}]", "# One\n[x]()\n")
    assert not [each for each in made.triples if each.predicate == SCHEMA.mentions]


@pytest.mark.parametrize(
    "body", ["", "x", "\r\n# a\r\ntext\r", "# a\n## b\n\n\n# c", "a\u2028b\x0c\n# \u00a0\n", "---\n# a\n---\n"]
)
def test_the_sections_in_order_are_the_body(body: str) -> None:
    made = made_of("language: en", body)
    position = {each.subject: int(each.object.value) for each in made.triples if each.predicate == SCHEMA.position}
    texts = {each.subject: each.object.value for each in made.triples if each.predicate == SCHEMA.text}
    assert "".join(texts[section] for section in sorted(texts, key=position.__getitem__)) == body


# ---- what holds for everything

MANY = """
id: a.
title: x.
slug: "."
category: a./b.
language: en
confidence: sure.
generation_method: by hand.
ai_models: [m., "."]
conflict_of_interest: some.
known_gaps: [g]
disputed_statements: [{statement: d, source_title: t.}]
atomic_facts:
  - {id: f., statement: s., source_title: unlisted.}
  - {id: f., statement: s.}
  - {id: ".", source_url: "https://example.org/x."}
primary_sources:
  - {title: t., type: odd., institution: Inc., authors: ["Ada Example Jr.", "A. B.", "X."], url: "https://example.org/."}
  - {title: u., doi: 10.1000/x.}
related_entities: [e., "entity:."]
contributors: ["C. D.", {name: E F., role: helper.}]
verified_by: [{name: "v.", type: software}, {name: Ltd., type: company}]
extra.: {a.: 1}
"""


def test_no_node_is_blank_and_no_iri_of_ours_ends_in_a_full_stop() -> None:
    made = made_of(MANY, "# x.\n[y](z.)\n", path="a../b..md")
    everything = made.triples | made.shared
    assert len(everything) > 150
    nodes = [term for each in everything for term in (each.subject, each.predicate, each.object)]
    assert not [node for node in nodes if isinstance(node, BlankNode)]
    ours = [node.value for node in nodes if isinstance(node, NamedNode) and node.value.startswith(BASE)]
    assert not [value for value in ours if value.endswith(".")]


def test_what_is_minted_from_data_lies_under_the_base() -> None:
    made = made_of(MANY, path="a.md")
    known = (
        "https://w3id.org/kbgraph/",
        "https://schema.org/",
        "http://www.w3.org/",
        "http://purl.org/",
        BASE,
        "https://example.org/",
        "https://doi.org/",
    )
    subjects = {each.subject.value for each in made.triples | made.shared}
    assert not [subject for subject in subjects if not subject.startswith(BASE)]
    objects = {each.object.value for each in made.triples | made.shared if isinstance(each.object, NamedNode)}
    assert not [value for value in objects if not value.startswith(known)]
    assert {value for value in objects if value.startswith(KBV.iri)} == {KBV["role-reviewer"].value}


def test_no_literal_holds_the_whole_front_matter_or_the_whole_file() -> None:
    body = "\n# One\n\ntext\n\n# Two\n\ntext\n"
    made = made_of(MANY, body, path="a.md")
    longest = max((each.object.value for each in made.triples if isinstance(each.object, Literal)), key=len)
    assert len(longest) < len(MANY) / 2


def test_a_conversion_asks_neither_clock_nor_chance() -> None:
    one, two = (made_of(MANY, "# x\n", path="a.md") for _ in range(2))
    assert one.statements.quads == two.statements.quads
    assert one.problems == two.problems


def test_json_of_extras_is_json() -> None:
    made = made_of('x: {"quote\\"": "back\\\\slash", "line": "a\\nb", "sign": "\\u2028<"}')
    (value,) = (each.object.value for each in made.triples if each.predicate == KB.jsonValue)
    assert json.loads(value) == {'quote"': "back\\slash", "line": "a\nb", "sign": "\u2028<"}


def test_every_statement_that_a_problem_may_be_about_has_its_place() -> None:
    made = made_of(MANY, "# x\n", path="ai/a.md")
    subjects = {each.subject.value for each in made.triples}
    assert subjects - set(made.statements.places) == {iri("#_file")}
