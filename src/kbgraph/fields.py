"""The table of front-matter fields: names, kinds, aliases, meanings and properties.

Reading, converting, the template of `kbgraph new` and the documentation come from this table. What a
field is, is in `kinds`.
"""

from __future__ import annotations

from kbgraph.kinds import Field, Kind, Table

__all__ = ["ARTICLE", "tables"]


def _source_fields() -> tuple[Field, ...]:
    """What an entry may say of its source in one line each; `_of_source` says where it goes."""
    return (
        Field(
            "source_ref", Kind.STRING, "kb:reference", "The id of an entry of the article's source lists.", direct=False
        ),
        Field(
            "source_title",
            Kind.STRING,
            "dcterms:title",
            "Title of the source, as its entry has it.",
            "Attention Is All You Need",
            direct=False,
        ),
        Field(
            "source_url",
            Kind.URL,
            "schema:url",
            "URL of the source, as its entry has it.",
            "https://arxiv.org/abs/1706.03762",
            direct=False,
        ),
        Field("source_doi", Kind.STRING, "kb:doi", "DOI of the source.", "10.1038/171737a0", direct=False),
        Field("source_isbn", Kind.STRING, "kb:isbn", "ISBN of the source.", "978-0-262-51087-5", direct=False),
        Field(
            "source_type", Kind.CONCEPT, "dcterms:type", "Kind of source.", "book", scheme="source-type", direct=False
        ),
        Field("source_year", Kind.YEAR, "dcterms:issued", "Year of publication.", "2017", direct=False),
        Field(
            "source_institution",
            Kind.STRING,
            "kb:institution",
            "Publisher, journal or body behind the source.",
            "NeurIPS",
            direct=False,
        ),
        Field("source_page", Kind.STRING, "kb:sourcePage", "Where in the source.", "p. 379"),
    )


FACT = Table(
    Field(
        "id",
        Kind.STRING,
        "schema:identifier",
        "Name of the fact, unique in the article.",
        "fact-attention-001",
        required=True,
    ),
    Field("statement", Kind.TEXT, "schema:text", "The fact: one sentence.", required=True),
    Field(
        "confidence",
        Kind.CONCEPT,
        "kb:confidence",
        "How sure you are: low, medium or high.",
        "medium",
        scheme="confidence",
    ),
    Field("confidence_rationale", Kind.TEXT, "kb:confidenceRationale", "Why you are that sure."),
    *_source_fields(),
    Field("last_verified", Kind.DAY, "kb:lastVerified", "Day on which the fact was last checked.", "2026-06-01"),
    Field("note", Kind.TEXT, "skos:note", "A remark."),
)

DISPUTE = Table(
    Field("statement", Kind.TEXT, "schema:text", "The statement that is contested.", required=True),
    Field("confidence", Kind.CONCEPT, "kb:confidence", "How sure you are of it.", scheme="confidence"),
    *_source_fields(),
    Field("note", Kind.TEXT, "skos:note", "A remark."),
)

SOURCE = Table(
    Field("id", Kind.STRING, "schema:identifier", "Name of the entry, for a fact's source_ref.", "vaswani-2017"),
    Field("title", Kind.STRING, "dcterms:title", "Title of the work.", "Attention Is All You Need", required=True),
    Field(
        "authors",
        Kind.TEXTS,
        "kb:authorship",
        "Authors in order, with full names.",
        '["Ashish Vaswani", "Noam Shazeer"]',
        ordered=True,
    ),
    Field(
        "type", Kind.CONCEPT, "dcterms:type", "Kind of source.", "academic_paper", scheme="source-type", required=True
    ),
    Field("year", Kind.YEAR, "dcterms:issued", "Year of publication; negative before Christ.", "2017"),
    Field(
        "url",
        Kind.URL,
        "schema:url",
        "Where it can be read. A URL, a DOI or an ISBN is needed.",
        "https://arxiv.org/abs/1706.03762",
    ),
    Field("doi", Kind.STRING, "kb:doi", "Its DOI.", "10.1038/171737a0"),
    Field("isbn", Kind.STRING, "kb:isbn", "Its ISBN, of 10 or 13 digits.", "978-0-262-51087-5"),
    Field("institution", Kind.STRING, "kb:institution", "Publisher, journal or body behind it.", "NeurIPS"),
    Field("note", Kind.TEXT, "skos:note", "A remark."),
)

_KNOWS_A_SOURCE = ("id", "doi", "isbn", "url", "title")

CONTRIBUTOR = Table(
    Field("name", Kind.STRING, "schema:name", "Full name.", "Ada Example", required=True),
    Field("role", Kind.STRING, "dcat:hadRole", "What they did: author, editor, translator …", "editor", direct=False),
)

VERIFIER = Table(
    Field("name", Kind.STRING, "schema:name", "Name of who checked the article.", "Ada Example", required=True),
    Field("type", Kind.STRING, "rdf:type", "person, organization or software.", "person", direct=False),
)

AI_CITATIONS = Table(
    Field("count", Kind.INTEGER, "schema:userInteractionCount", "How often AI systems cited the article.", "3"),
    Field("last_citation_check", Kind.DAY, "dcterms:date", "Day of the last count.", "2026-05-22"),
)

ARTICLE = Table(
    Field(
        "id",
        Kind.STRING,
        "schema:identifier",
        "Name of the article, unique in the knowledge base.",
        "attention",
        required=True,
    ),
    Field("title", Kind.TEXT, "schema:name", "Title.", '"Attention"', required=True),
    Field("slug", Kind.STRING, "schema:alternateName", "Short name for addresses.", "attention"),
    Field("schema_type", Kind.STRING, "rdf:type", "Kind of schema.org Article.", "TechArticle", direct=False),
    Field(
        "category",
        Kind.STRING,
        "schema:about",
        "Subject; may be a path such as technology/ai.",
        "ai",
        required=True,
        direct=False,
    ),
    Field(
        "language",
        Kind.STRING,
        "schema:inLanguage",
        "BCP 47 tag of the language it is written in.",
        "en",
        required=True,
    ),
    Field(
        "confidence",
        Kind.CONCEPT,
        "kb:confidence",
        "How sure you are: low, medium or high.",
        "medium",
        scheme="confidence",
        required=True,
    ),
    Field("confidence_rationale", Kind.TEXT, "kb:confidenceRationale", "Why you are that sure."),
    Field(
        "last_verified",
        Kind.DAY,
        "schema:lastReviewed",
        "Day on which it was last checked.",
        '"2026-06-01"',
        required=True,
    ),
    Field(
        "created_date",
        Kind.DATE,
        "schema:dateCreated",
        "Day on which it was written.",
        '"2026-05-24"',
        ("created", "date_created"),
        required=True,
    ),
    Field("updated", Kind.DATE, "schema:dateModified", "Day of the last change.", '"2026-06-01"', ("date_modified",)),
    Field(
        "generation_method",
        Kind.CONCEPT,
        "prov:wasGeneratedBy",
        "human_only, ai_assisted, ai_structured or ai_generated.",
        "human_only",
        scheme="generation",
        required=True,
        direct=False,
    ),
    Field("ai_models", Kind.TEXTS, "schema:instrument", "Language models that took part.", '["claude-opus"]'),
    Field(
        "derived_from_human_seed",
        Kind.BOOLEAN,
        "kb:derivedFromHumanSeed",
        "Whether a person wrote what it grew from.",
        "true",
    ),
    Field(
        "conflict_of_interest",
        Kind.CONCEPT,
        "kb:conflictOfInterest",
        "none_declared, or the interest.",
        "none_declared",
        scheme="conflict",
    ),
    Field("is_live_document", Kind.BOOLEAN, "kb:isLiveDocument", "Whether it follows something that changes.", "false"),
    Field("data_period", Kind.STRING, "kb:dataPeriod", "Time that its data covers: static, 2020, 2024-2026.", "static"),
    Field("summary", Kind.TEXT, "schema:description", "What it is about, in a sentence."),
    Field("tags", Kind.TEXTS, "schema:keywords", "Keywords.", "[transformers, sequence models]"),
    Field(
        "atomic_facts",
        Kind.ENTRIES,
        "schema:hasPart",
        "Its facts, one sentence and one source each.",
        members=FACT,
        noun="fact",
        known_by=("id", "statement"),
    ),
    Field(
        "completeness",
        Kind.DECIMAL,
        "dqv:hasQualityMeasurement",
        "Share of the subject it covers, 0 to 1.",
        "0.8",
        direct=False,
    ),
    Field(
        "known_gaps", Kind.TEXTS, "schema:comment", "What it does not cover.", '["Hardware is left out."]', ordered=True
    ),
    Field(
        "disputed_statements",
        Kind.MIXED,
        "schema:mentions",
        "What is contested; [] for nothing.",
        "[]",
        members=DISPUTE,
        noun="disputed statement",
        known_by=("statement",),
    ),
    Field(
        "primary_sources",
        Kind.ENTRIES,
        "kb:primaryReference",
        "The sources that its facts rest on.",
        members=SOURCE,
        required=True,
        noun="reference",
        known_by=_KNOWS_A_SOURCE,
    ),
    Field(
        "secondary_sources",
        Kind.ENTRIES,
        "kb:secondaryReference",
        "Further sources.",
        "[]",
        members=SOURCE,
        noun="reference",
        known_by=_KNOWS_A_SOURCE,
    ),
    Field(
        "related_articles",
        Kind.TEXTS,
        "schema:relatedLink",
        "Paths of other articles.",
        "[ai/transformers]",
        loose=True,
    ),
    Field(
        "related_entities",
        Kind.TEXTS,
        "schema:mentions",
        "Things it speaks of, by name or URL.",
        '["entity:neural-machine-translation"]',
        loose=True,
    ),
    Field(
        "translations",
        Kind.DATA,
        "schema:workTranslation",
        "The article in other languages, by language.",
        "{de: ai/aufmerksamkeit}",
    ),
    Field(
        "contributors",
        Kind.MIXED,
        "schema:contributor",
        "Who took part.",
        members=CONTRIBUTOR,
        noun="contributor",
        known_by=("name",),
    ),
    Field(
        "verified_by",
        Kind.MIXED,
        "schema:reviewedBy",
        "Who checked it.",
        members=VERIFIER,
        noun="verifier",
        known_by=("name",),
    ),
    Field(
        "ai_citations", Kind.ENTRY, "schema:interactionStatistic", "How often AI systems cite it.", members=AI_CITATIONS
    ),
)


def tables() -> tuple[Table, ...]:
    """The table of articles, and those of the entries that its fields hold."""
    inner = dict.fromkeys(field.members for field in ARTICLE.fields if field.members is not None)
    return (ARTICLE, *inner)
