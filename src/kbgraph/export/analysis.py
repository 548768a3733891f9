"""Tables for analysis: articles, facts, references and sources, one row each, in words that need no ontology.

Each is made from the rows and edges of one part, and of what all parts share: names of people,
organisations and software, and the words for concepts. Columns are always all there, of one type
each; what nobody said is null, and a list that nobody gave is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kbgraph.columns import Kind, Row, Value
from kbgraph.export.tables import Together
from kbgraph.parts import Part

__all__ = ["COLUMNS", "Shared", "rows_of"]

#: A row of one of the tables; None where nobody said anything.
_Row = dict[str, Value | None]

#: The columns of each table, and what they hold.
COLUMNS: dict[str, dict[str, Kind]] = {
    "articles": {
        "iri": "text",
        "path": "text",
        "identifier": "text",
        "title": "text",
        "category": "text",
        "language": "text",
        "classes": "texts",
        "confidence": "text",
        "completeness": "number",
        "created": "date",
        "updated": "date",
        "last_verified": "date",
        "data_period": "text",
        "generation_method": "text",
        "ai_models": "texts",
        "contributors": "texts",
        "conflict_of_interest": "text",
        "derived_from_human_seed": "truth",
        "is_live_document": "truth",
        "keywords": "texts",
        "facts": "int",
        "references": "int",
        "sources": "texts",
        "related_articles": "texts",
        "known_gaps": "texts",
        "disputed_statements": "texts",
        "summary": "text",
        "body": "text",
    },
    "facts": {
        "iri": "text",
        "article": "text",
        "identifier": "text",
        "position": "int",
        "statement": "text",
        "language": "text",
        "confidence": "text",
        "last_verified": "date",
        "sources": "texts",
        "references": "texts",
    },
    "references": {
        "iri": "text",
        "article": "text",
        "position": "int",
        "list": "text",
        "source": "text",
        "title": "text",
        "type": "text",
        "year": "int",
        "institution": "text",
        "authors": "texts",
        "doi": "text",
        "urls": "texts",
    },
    "sources": {
        "iri": "text",
        "title": "text",
        "other_titles": "texts",
        "classes": "texts",
        "year": "int",
        "publisher": "text",
        "authors": "texts",
        "identifiers": "texts",
        "urls": "texts",
        "same_as": "texts",
    },
}


class Shared:
    """What rows say in words and articles only point to: labels of agents, notations of concepts."""

    def __init__(self, tables: Together) -> None:
        self.labels = {
            str(row["iri"]): str(row["label"])
            for name in ("Person", "Organization", "Model")
            for part in tables.parts_with(name)
            for row in tables.rows(part, name)
        }
        self.words = {
            str(row["iri"]): str(row.get("skos_notation", row["label"]))
            for part in tables.parts_with("Concept")
            for row in tables.rows(part, "Concept")
        }


def rows_of(name: str, tables: Together, shared: Shared) -> Iterator[_Row]:
    """The rows of one of the tables."""
    node_type, make = _MADE[name]
    for part in tables.parts_with(node_type):
        described = _Described(tables, part, shared)
        for row in tables.rows(part, node_type):
            yield make(described, row)


class _Described:
    """What a part describes, to be asked by IRI and relation."""

    def __init__(self, tables: Together, part: Part, shared: Shared) -> None:
        self.rows = {str(row["iri"]): row for row in tables.all_rows(part)}
        self.shared = shared
        self._targets: dict[tuple[str, str], list[str]] = {}
        #: Relations and where they lead to.
        self.into: set[tuple[str, str]] = set()
        for edge in tables.edges(part):
            self._targets.setdefault((edge.source, edge.relation), []).append(edge.target)
            self.into.add((edge.relation, edge.target))

    def targets(self, row: Row, *relations: str) -> list[str]:
        """The IRIs that relations of a node lead to, each once, sorted."""
        return sorted({each for relation in relations for each in self._targets.get((str(row["iri"]), relation), ())})

    def nodes(self, row: Row, *relations: str) -> list[Row]:
        """The nodes of the part that relations of a node lead to, in their order."""
        found = [self.rows[each] for each in self.targets(row, *relations) if each in self.rows]
        return sorted(found, key=lambda each: (_number(each.get("position")), str(each["iri"])))

    def first(self, row: Row, *relations: str) -> str | None:
        """The first of the IRIs that relations lead to."""
        return next(iter(self.targets(row, *relations)), None)

    def word(self, row: Row, relation: str) -> str | None:
        """The word for the concept that a relation leads to."""
        concept = self.first(row, relation)
        return None if concept is None else self.shared.words.get(concept, concept)

    def names(self, row: Row, *relations: str) -> list[str]:
        """The names of the agents that relations lead to."""
        return sorted(self.shared.labels.get(each, each) for each in self.targets(row, *relations))


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _of_type(rows: Sequence[Row], node_type: str) -> list[Row]:
    return [each for each in rows if each["type"] == node_type]


def _texts(rows: Sequence[Row], column: str = "text") -> list[str]:
    return [str(each[column]) for each in rows if column in each]


def _article(part: _Described, row: Row) -> _Row:
    parts = part.nodes(row, "schema:hasPart")
    measured = _only(part.nodes(row, "dqv:hasQualityMeasurement"))
    made = _only(part.nodes(row, "prov:wasGeneratedBy"))
    return {
        "iri": row["iri"],
        "path": _only(part.nodes(row, "schema:encoding")).get("name"),
        "identifier": row.get("identifier"),
        "title": row.get("name"),
        "category": row.get("articleSection"),
        "language": row.get("inLanguage"),
        "classes": row["classes"],
        "confidence": row.get("confidence"),
        "completeness": measured.get("dqv_value"),
        "created": row.get("dateCreated"),
        "updated": row.get("dateModified"),
        "last_verified": row.get("lastReviewed"),
        "data_period": row.get("dataPeriod"),
        "generation_method": part.word(made, "dcterms:type") if made else None,
        "ai_models": part.names(made, "schema:instrument") if made else [],
        "contributors": part.names(row, "schema:contributor"),
        "conflict_of_interest": part.word(row, "kb:conflictOfInterest"),
        "derived_from_human_seed": row.get("derivedFromHumanSeed"),
        "is_live_document": row.get("isLiveDocument"),
        "keywords": row.get("keywords", []),
        "facts": len(_of_type(parts, "Fact")),
        "references": len(part.targets(row, *_LISTED)),
        "sources": part.targets(row, "schema:citation"),
        "related_articles": part.targets(row, "schema:relatedLink"),
        "known_gaps": _texts(_of_type(part.nodes(row, "schema:comment"), "Gap")),
        "disputed_statements": _texts(_of_type(part.nodes(row, "schema:mentions"), "Dispute")),
        "summary": row.get("description"),
        "body": "".join(_texts(_of_type(parts, "Section"))),
    }


#: The relations to the references that an article lists, and the names of the lists.
_LISTED = {"kb:primaryReference": "primary", "kb:secondaryReference": "secondary"}


def _fact(part: _Described, row: Row) -> _Row:
    return {
        "iri": row["iri"],
        "article": part.first(row, "schema:appearance"),
        "identifier": row.get("identifier"),
        "position": row.get("position"),
        "statement": row.get("text"),
        "language": row.get("text_lang"),
        "confidence": row.get("confidence"),
        "last_verified": row.get("lastVerified"),
        "sources": part.targets(row, "schema:citation"),
        "references": part.targets(row, "kb:reference"),
    }


def _reference(part: _Described, row: Row) -> _Row:
    iri = str(row["iri"])
    listed = next((word for relation, word in _LISTED.items() if (relation, iri) in part.into), None)
    return {
        "iri": iri,
        "article": iri.partition("#")[0],
        "position": row.get("position"),
        "list": listed,
        "source": part.first(row, "schema:item"),
        "title": row.get("dcterms_title"),
        "type": part.word(row, "dcterms:type"),
        "year": row.get("year"),
        "institution": row.get("institution"),
        "authors": [str(each.get("name", each["label"])) for each in part.nodes(row, "kb:authorship")],
        "doi": row.get("doi"),
        "urls": part.targets(row, "schema:url"),
    }


def _source(part: _Described, row: Row) -> _Row:
    return {
        "iri": row["iri"],
        "title": row.get("name"),
        "other_titles": row.get("alternateName", []),
        "classes": row["classes"],
        "year": row.get("year"),
        "publisher": next(iter(part.names(row, "schema:publisher")), None),
        "authors": part.names(row, "schema:author"),
        "identifiers": row.get("identifiers", []),
        "urls": part.targets(row, "schema:url"),
        "same_as": part.targets(row, "schema:sameAs"),
    }


def _only(rows: Sequence[Row]) -> Row:
    return rows[0] if rows else {}


#: The type of node that has a row in each table, and what makes the row.
_MADE: dict[str, tuple[str, Callable[[_Described, Row], _Row]]] = {
    "articles": ("Article", _article),
    "facts": ("Fact", _fact),
    "references": ("Reference", _reference),
    "sources": ("Source", _source),
}
