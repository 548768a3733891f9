"""Entities as rows of tables: the same nodes and edges as `kbgraph.entities`, with typed values.

A property is a column of one type, whatever the articles say: `position` is a whole number in every
build. What does not fit is in a column beside it, `position_other`, as N-Triples writes it: a second
value where the model has one, a year that is no year, a time of day behind a date.

Columns are called as the property is in schema.org and in our own vocabulary (`name`, `keys`), and
with the prefix in all others (`dcterms_title`). The language of texts is in `name_lang`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from hashlib import blake2b
from typing import NamedTuple

import orjson
from pyoxigraph import Literal, NamedNode, Quad

from kbgraph.entities import Edge, entities_of
from kbgraph.terms import PREFIXES, curie_of

__all__ = ["Kind", "Row", "Tables", "Value", "column_of", "kind_of", "labels_of", "relationship_type", "tables_of"]

Value = str | int | float | bool | list[str]
#: A node: `iri`, `type`, `label`, `classes`, and what is said of it, by column.
Row = dict[str, Value]
#: What a column holds: text, texts (a list), int, number, truth, or date (as YYYY-MM-DD).
Kind = str


class Tables(NamedTuple):
    """What quads describe: nodes, sorted by IRI, edges, and the IRIs that edges lead to and no quad describes."""

    rows: list[Row]
    edges: list[Edge]
    outside: set[str]


#: The columns that are no text, by property.
_KINDS: dict[str, Kind] = {
    "dcterms:issued": "int",
    "dcterms:modified": "date",
    "dqv:value": "number",
    "kb:declaredEmpty": "texts",
    "kb:derivedFromHumanSeed": "truth",
    "kb:fieldAlias": "texts",
    "kb:headingLevel": "int",
    "kb:isLiveDocument": "truth",
    "kb:lastVerified": "date",
    "kb:rank": "int",
    "schema:alternateName": "texts",
    "schema:dateCreated": "date",
    "schema:dateModified": "date",
    "schema:datePublished": "int",
    "schema:keywords": "texts",
    "schema:lastReviewed": "date",
    "schema:position": "int",
    "schema:userInteractionCount": "int",
    "skos:altLabel": "texts",
    "skos:hiddenLabel": "texts",
}
#: Columns with names of their own.
_NAMES = {"dcterms:issued": "year", "schema:datePublished": "year"}
#: A work may have several identifiers, other things have one: by the type of the node.
_LISTS = {("Source", "schema:identifier"): "identifiers"}
#: The vocabularies whose terms are called by their names alone.
_OWN = ("kb:", "schema:")
#: What a node is besides what is said of it.
_FIXED: dict[str, Kind] = {"iri": "text", "type": "text", "label": "text", "classes": "texts"}
_OTHER, _LANGUAGE = "_other", "_lang"


def column_of(property: str, node_type: str = "") -> str:
    """The column of a property, given as CURIE or IRI, for nodes of a type.

    >>> column_of("schema:name"), column_of("skos:prefLabel"), column_of("schema:datePublished")
    ('name', 'skos_prefLabel', 'year')
    """
    special = _LISTS.get((node_type, property)) or _NAMES.get(property)
    return special or _word(property.partition(":")[2] if property.startswith(_OWN) else property)


def _word(text: str) -> str:
    """A name of letters, digits and `_`; what is no CURIE has a digest, so that no two are alike."""
    word = re.sub(r"\W", "_", text, flags=re.ASCII)
    known = word == text or text.partition(":")[0] in PREFIXES
    return word if known else f"{word.strip('_')}_{blake2b(text.encode(), digest_size=4).hexdigest()}"


#: The kinds of columns that do not hold text.
_KIND_OF: dict[str, Kind] = (
    _FIXED | {column_of(name): kind for name, kind in _KINDS.items()} | dict.fromkeys(_LISTS.values(), "texts")
)


def kind_of(column: str) -> Kind:
    """What a column holds.

    >>> kind_of("position"), kind_of("name"), kind_of("name_lang"), kind_of("keywords_lang")
    ('int', 'text', 'text', 'texts')
    """
    if column.endswith(_OTHER):
        return "texts"
    return _KIND_OF.get(column.removesuffix(_LANGUAGE), "text")


@cache
def relationship_type(relation: str) -> str:
    """The type of a relation, as those of property graphs are written.

    >>> relationship_type("schema:hasPart"), relationship_type("prov:wasDerivedFrom")
    ('HAS_PART', 'PROV_WAS_DERIVED_FROM')
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column_of(relation, "relation")).upper()


def labels_of(row: Row) -> list[str]:
    """The labels of a node in a property graph: its type, and its classes without their prefixes."""
    classes = row["classes"]
    assert isinstance(classes, list)
    names = (name.partition(":")[2] if name.partition(":")[0] in PREFIXES else name for name in classes)
    return list(dict.fromkeys(map(_word, (str(row["type"]), *names))))


def tables_of(quads: Sequence[Quad]) -> Tables:
    """The tables of some quads; what two graphs state alike is there once."""
    found = entities_of(quads)
    said: dict[str, dict[str, set[Literal]]] = defaultdict(lambda: defaultdict(set))
    for quad in quads:
        if isinstance(quad.object, Literal):
            assert isinstance(quad.subject, NamedNode)
            said[quad.subject.value][quad.predicate.value].add(quad.object)
    for edge in found.edges:
        if edge.relation == _CONFIDENCE:
            said[edge.source][edge.predicate].add(Literal(_level(edge.target)))
    rows: list[Row] = []
    for iri, data in found.nodes.items():
        kind = data["type"]
        row: Row = {"iri": iri, "type": kind, "label": data["label"], "classes": orjson.loads(data["classes"])}
        for predicate, values in sorted(said.get(iri, {}).items()):
            _put(row, column_of(_curie(predicate), kind), sorted(values, key=_order))
        rows.append(row)
    return Tables(rows, found.edges, found.outside)


_curie = cache(curie_of)

#: A relation that everybody asks for is a column, too.
_CONFIDENCE = "kb:confidence"


def _level(concept: str) -> str:
    """The word for a level of confidence."""
    return re.split("[:/#]", _curie(concept))[-1].removeprefix("confidence-")


def _order(value: Literal) -> tuple[str, str, str]:
    return value.value, value.language or "", value.datatype.value


def _put(row: Row, column: str, values: list[Literal]) -> None:
    """Put the values of one property into its column, and into the one beside it what does not fit there."""
    kind = kind_of(column)
    if kind == "texts":
        row[column] = [each.value for each in values]
        if any(each.language for each in values):
            row[column + _LANGUAGE] = [each.language or "" for each in values]
        return
    other: list[str] = []
    for each in values:
        value, whole = _READERS[kind](each)
        fits = value is not None and column not in row
        if value is not None and column not in row:
            row[column] = value
            if each.language:
                row[column + _LANGUAGE] = each.language
        if not (fits and whole):
            other.append(str(each))
    if other:
        row[column + _OTHER] = other


# ---- literals as values, and whether these say all that the literals say

_Read = tuple[str | int | float | bool | None, bool]
_NOTHING: _Read = (None, False)


def _text(literal: Literal) -> _Read:
    return literal.value, True


def _int(literal: Literal) -> _Read:
    good = re.fullmatch(r"[+-]?\d{1,18}", literal.value) and _type(literal) in {"xsd:integer", "xsd:gYear"}
    return (int(literal.value), True) if good else _NOTHING


def _number(literal: Literal) -> _Read:
    if _type(literal) not in {"xsd:decimal", "xsd:integer"}:
        return _NOTHING
    try:
        exact = Decimal(literal.value)
        number = float(exact)
        return number, Decimal(repr(number)) == exact
    except (InvalidOperation, OverflowError):
        return _NOTHING


def _truth(literal: Literal) -> _Read:
    known = {"true": True, "1": True, "false": False, "0": False}
    good = _type(literal) == "xsd:boolean" and literal.value in known
    return (known[literal.value], True) if good else _NOTHING


def _date(literal: Literal) -> _Read:
    day, rest = literal.value[:10], literal.value[10:]
    if _type(literal) not in {"xsd:date", "xsd:dateTime"} or not re.fullmatch(r"\d{4}-\d\d-\d\d", day, re.ASCII):
        return _NOTHING
    try:
        date.fromisoformat(day)
    except ValueError:
        return _NOTHING
    return day, not rest


def _type(literal: Literal) -> str:
    return _curie(literal.datatype.value)


_READERS: dict[Kind, Callable[[Literal], _Read]] = {
    "text": _text,
    "int": _int,
    "number": _number,
    "truth": _truth,
    "date": _date,
}
