"""The JSON Schema of the front matter, for editors and other programs, from the table of fields.

It says what one article can say by itself: names, kinds, words, and what must be there. What must
hold between articles, and what values mean, only `kbgraph check` says. The schema never refuses
what reading and the shapes accept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import combinations

from kbgraph.config import Limits
from kbgraph.fields import ARTICLE
from kbgraph.kinds import Field, Kind, Table
from kbgraph.nodes import Node, Scalar, Sequence
from kbgraph.seeds import parse_seed
from kbgraph.vocabulary import vocabulary

__all__ = ["DRAFTS", "schema_of", "to_json"]

Json = dict[str, object]

#: The drafts of JSON Schema that the schema can claim to be of: it uses what they have in common.
DRAFTS = {
    "2020-12": "https://json-schema.org/draft/2020-12/schema",
    "7": "http://json-schema.org/draft-07/schema#",
}

#: Schemes whose words are all there are; with others, a word of one's own is kept. The shapes say so.
_CLOSED = frozenset({"confidence", "generation"})

_SCALAR = ["string", "number", "boolean"]
_SAYS_SOMETHING = r"\S"


def schema_of(aliases: Mapping[str, str] | None = None, draft: str = "2020-12") -> Json:
    """The schema of an article's front matter.

    Args:
        aliases: the project's own names of fields.
        draft: one of `DRAFTS`.

    >>> schema_of()["required"][:3]
    ['id', 'title', 'category']
    """
    names = aliases or {}
    return {
        "$schema": DRAFTS[draft],
        "title": "Front matter of a kbgraph article",
        "description": "Other fields are kept in the graph as they are.",
        **_object(ARTICLE, names),
        "$defs": {name: {"title": f"An entry of {name}", **_object(each, names)} for each, name in _inner().items()},
    }


def to_json(schema: Json) -> bytes:
    """The schema as JSON text."""
    return json.dumps(schema, ensure_ascii=False, indent=2).encode() + b"\n"


def _inner() -> dict[Table, str]:
    """The tables of entries, each by the name of the first field that holds it."""
    found: dict[Table, str] = {}
    for field in ARTICLE.fields:
        if field.members is not None:
            found.setdefault(field.members, field.name)
    return found


def _object(table: Table, aliases: Mapping[str, str]) -> Json:
    """The schema of a mapping whose keys are fields of a table."""
    properties: Json = {}
    conditions: list[Json] = []
    for field in table.fields:
        names = list(_names(field, table, aliases))
        properties[field.name] = _property(field)
        for name in names[1:]:
            properties[name] = {**_property(field), "description": f"Another name of {field.name}. {field.description}"}
        if field.required and len(names) > 1:
            conditions.append({"anyOf": [{"required": [name]} for name in names]})
        conditions += [{"not": {"required": list(pair)}} for pair in combinations(names, 2)]
    required = [each.name for each in table.fields if each.required and len(list(_names(each, table, aliases))) == 1]
    made: Json = {"type": "object", "properties": properties, "required": required}
    if conditions:
        made["allOf"] = conditions
    return {**made, "additionalProperties": True}


def _names(field: Field, table: Table, aliases: Mapping[str, str]) -> Iterator[str]:
    """All names that a key may have for a field, its own first."""
    yield field.name
    yield from field.aliases
    for alias in sorted(aliases):
        if table.find(alias) is None and table.find(aliases[alias]) is field:
            yield alias


def _property(field: Field) -> Json:
    made: Json = {"description": field.description}
    if field.example:
        made["examples"] = [_example(field)]
    return {**made, **_value(field)}


# ---- what a value may be


def _value(field: Field) -> Json:
    if field.kind.is_scalar:
        return _scalar(field)
    if field.kind is Kind.DATA:
        return {}
    entry: Json = {"$ref": f"#/$defs/{_inner()[field.members]}"} if field.members is not None else {}
    if field.kind is Kind.ENTRY:
        return _or_nothing([entry], field)
    texts = field.kind in {Kind.TEXTS, Kind.MIXED}
    items = ([_text()] if texts else []) + ([entry] if entry else [])
    many: Json = {"type": "array", "items": items[0] if len(items) == 1 else {"anyOf": items}}
    if field.required:
        many["minItems"] = 1
    return _or_nothing([many, *([_text()] if texts else [])], field)


def _text() -> Json:
    """A scalar that says something, whatever YAML takes it for: each is read as a text."""
    return {"type": _SCALAR, "pattern": _SAYS_SOMETHING}


def _or_nothing(choices: list[Json], field: Field) -> Json:
    """One of several, or, unless the field is needed, no value."""
    if not field.required:
        choices = [*choices, {"type": ["string", "null"], "pattern": r"^\s*$"}]
    return choices[0] if len(choices) == 1 else {"anyOf": choices}


def _scalar(field: Field) -> Json:
    if field.kind in {Kind.STRING, Kind.TEXT}:
        return _text() if field.required else {"type": [*_SCALAR, "null"]}
    return _or_nothing(_concept(field) if field.kind is Kind.CONCEPT else _FORMS[field.kind], field)


#: What a value of each kind looks like: as YAML reads it without quotes, and with quotes.
_FORMS: dict[Kind, list[Json]] = {
    Kind.DATE: [
        {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:"},
    ],
    Kind.BOOLEAN: [{"type": ["boolean", "string"], "pattern": r"^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$"}],
    Kind.INTEGER: [{"type": ["integer", "string"], "pattern": r"^[+-]?[0-9]+$"}],
    Kind.DECIMAL: [{"type": ["number", "string"], "pattern": r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$"}],
    Kind.YEAR: [
        {
            "type": ["integer", "string"],
            "pattern": r"^-?[0-9]{1,9}$",
            "minimum": -999_999_999,
            "maximum": 999_999_999,
            "not": {"const": 0},
        }
    ],
    Kind.URL: [{"type": "string", "pattern": r"^[Hh][Tt][Tt][Pp][Ss]?://\S+$"}],
}
_FORMS[Kind.DAY] = _FORMS[Kind.DATE]


def _concept(field: Field) -> list[Json]:
    """The words of the field's scheme; others, too, unless the scheme is closed."""
    words = list(vocabulary()[field.scheme].by_notation)
    if field.scheme not in _CLOSED:
        return [{"enum": words}, _text()]
    either_case = ("".join(_either_case(letter) for letter in word) for word in words)
    return [{"enum": words}, {"type": "string", "pattern": rf"^\s*({'|'.join(either_case)})\s*$"}]


def _either_case(letter: str) -> str:
    return f"[{letter.upper()}{letter}]" if letter.isalpha() else letter


# ---- examples


def _example(field: Field) -> object:
    """The example of a field as data; the table has it as YAML."""
    seed, _ = parse_seed(f"---\nexample: {field.example}\n---\n".encode(), "example", Limits())
    assert seed is not None, field.example  # our own table, which tests read
    return _data_of(seed.front.entries[0][1], field.kind)


def _data_of(node: Node, kind: Kind) -> object:
    if isinstance(node, Scalar):
        if kind is Kind.BOOLEAN:
            return node.text == "true"
        if kind in {Kind.INTEGER, Kind.YEAR}:
            return int(node.text)
        return float(node.text) if kind is Kind.DECIMAL else node.text
    if isinstance(node, Sequence):
        return [_data_of(item, Kind.STRING) for item in node.items]
    return {key.text: _data_of(value, Kind.STRING) for key, value in node.entries}
