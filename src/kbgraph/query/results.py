"""Rows and truths in the formats of the W3C: SPARQL 1.1 Query Results JSON, CSV and TSV, and XML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from kbgraph.errors import UsageError, WorldError
from kbgraph.query.answers import Answer, Row
from kbgraph.query.bindings import Value

__all__ = ["csv_results", "json_results", "parse_json_results", "tsv_results", "xml_results"]

_KINDS = {"iri": "uri", "blank": "bnode", "literal": "literal"}
_STRING = "http://www.w3.org/2001/XMLSchema#string"


def json_results(answer: Answer) -> str:
    """The answer in JSON; where it was cut, a member `cut` says after how many rows."""
    if answer.rows is None:
        return json.dumps({"head": {}, "boolean": answer.truth}) + "\n"
    bindings = ",\n".join(_bindings(answer.variables, row) for row in answer.rows)
    cut = f', "cut": {answer.cut}' if answer.cut is not None else ""
    head = json.dumps({"vars": list(answer.variables)}, ensure_ascii=False)
    return f'{{"head": {head}, "results": {{"bindings": [\n{bindings}\n]}}{cut}}}\n'


def _bindings(variables: tuple[str, ...], row: Row) -> str:
    named = {name: _json_value(value) for name, value in zip(variables, row, strict=True) if value is not None}
    return json.dumps(named, ensure_ascii=False)


def _json_value(value: Value) -> dict[str, str]:
    made = {"type": _kind(value), "value": value.text}
    if value.language:
        made["xml:lang"] = value.language
    elif value.datatype:
        made["datatype"] = value.datatype
    return made


def _kind(value: Value) -> str:
    if value.kind not in _KINDS:
        raise UsageError(f"this format has no triples as values; {value.text[:100]} is one")
    return _KINDS[value.kind]


def parse_json_results(data: bytes) -> Answer:
    """The answer that JSON of this format holds.

    Raises:
        WorldError: it is not of this format.
    """
    try:
        given = json.loads(data)
        if "boolean" in given:
            return Answer(truth=bool(given["boolean"]))
        variables = tuple(str(name) for name in given["head"]["vars"])
        found = given["results"]["bindings"]
        rows = tuple(tuple(_parsed(each[name]) if name in each else None for name in variables) for each in found)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise WorldError("the answer is not in the JSON format of SPARQL results") from None
    return Answer(variables, rows)


def _parsed(given: dict[str, str]) -> Value:
    kind = {"uri": "iri", "bnode": "blank", "literal": "literal", "typed-literal": "literal"}[given["type"]]
    datatype = str(given.get("datatype", ""))
    language = str(given.get("xml:lang", ""))
    return Value(kind, str(given["value"]), "" if language or datatype == _STRING else datatype, language)


_NEEDS_QUOTES = re.compile(r'[",\r\n]')


def csv_results(answer: Answer) -> str:
    """Rows in CSV: values as they are, without their types."""
    return "".join(f"{line}\r\n" for line in _csv_lines(answer))


def _csv_lines(answer: Answer) -> Iterator[str]:
    yield ",".join(answer.variables)
    for row in answer.rows or ():
        yield ",".join("" if value is None else _csv_cell(value) for value in row)


def _csv_cell(value: Value) -> str:
    text = f"_:{value.text}" if value.kind == "blank" else value.text
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text


def tsv_results(answer: Answer) -> str:
    """Rows in TSV: terms as Turtle writes them."""
    lines = ["\t".join(f"?{name}" for name in answer.variables)]
    lines += ["\t".join("" if value is None else _turtle(value) for value in row) for row in answer.rows or ()]
    return "".join(f"{line}\n" for line in lines)


def _turtle(value: Value) -> str:
    return value.text if value.kind == "triple" else value.written()


_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def xml_results(answer: Answer) -> str:
    """The answer in XML; where it was cut, a comment says after how many rows."""
    return "".join(f"{line}\n" for line in _xml_lines(answer))


def _xml_lines(answer: Answer) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<sparql xmlns="http://www.w3.org/2005/sparql-results#">'
    yield "<head>" + "".join(f"<variable name={quoteattr(name)}/>" for name in answer.variables) + "</head>"
    if answer.rows is None:
        yield f"<boolean>{'true' if answer.truth else 'false'}</boolean>"
    else:
        yield "<results>"
        for row in answer.rows:
            named = zip(answer.variables, row, strict=True)
            yield "<result>" + "".join(_xml_binding(name, value) for name, value in named if value) + "</result>"
        yield "</results>"
        if answer.cut is not None:
            yield f"<!-- cut after {answer.cut} -->"
    yield "</sparql>"


def _xml_binding(name: str, value: Value) -> str:
    kind = _kind(value)
    attribute = ""
    if value.language:
        attribute = f" xml:lang={quoteattr(value.language)}"
    elif value.datatype:
        attribute = f" datatype={quoteattr(value.datatype)}"
    if _NOT_IN_XML.search(value.text):
        raise UsageError(f"XML cannot hold a character of {value.text[:60]!r}; the format json can")
    text = escape(value.text, {"\r": "&#13;"})
    return f"<binding name={quoteattr(name)}><{kind}{attribute}>{text}</{kind}></binding>"
