"""Answers in their formats, each read back by somebody else."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET

import pyarrow.parquet as pq
import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results

from kbgraph.errors import UsageError
from kbgraph.query.answers import Answer
from kbgraph.query.bindings import XSD, Value
from kbgraph.query.evaluation import USUAL_PREFIXES
from kbgraph.query.formats import FORMATS, Look, checked_format, rendered
from kbgraph.query.results import parse_json_results

A = Value("iri", "https://kb.example/article/a")
NASTY = "</script>\"',\t\r\n=cmd()|`*é日本\\"
ROWS = Answer(
    ("s", "v"),
    (
        (A, Value("literal", NASTY, "", "en")),
        (Value("blank", "b0"), Value("literal", "3", f"{XSD}integer")),
        (Value("iri", "https://schema.org/name"), None),
    ),
)
LOOK = Look(None, USUAL_PREFIXES, "https://kb.example/")


def text_of(answer: Answer, format: str, look: Look = LOOK) -> str:
    return rendered(answer, format, look).decode()


@pytest.mark.parametrize(
    ("name", "format"),
    [("json", QueryResultsFormat.JSON), ("xml", QueryResultsFormat.XML), ("tsv", QueryResultsFormat.TSV)],
)
def test_oxigraph_reads_the_rows_back(name: str, format: QueryResultsFormat) -> None:
    found = list(parse_query_results(rendered(ROWS, name, LOOK), format=format))  # type: ignore[arg-type]
    assert [str(row["s"]) for row in found] == [value[0].written() for value in ROWS.rows or () if value[0]]
    assert found[0]["v"].value == NASTY
    assert found[0]["v"].language == "en"
    assert found[1]["v"].datatype.value == f"{XSD}integer"
    assert found[2]["v"] is None


@pytest.mark.parametrize("name", ["json", "xml"])
@pytest.mark.parametrize("truth", [True, False])
def test_oxigraph_reads_a_truth_back(name: str, truth: bool) -> None:
    kind = {"json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML}[name]
    assert bool(parse_query_results(rendered(Answer(truth=truth), name, LOOK), format=kind)) is truth


def test_our_json_is_read_back_by_ourselves() -> None:
    assert parse_json_results(rendered(ROWS, "json", LOOK)) == ROWS


def test_csv_holds_values_as_they_are() -> None:
    data = rendered(ROWS, "csv", LOOK).decode()
    assert list(csv.reader(io.StringIO(data, newline=""))) == [
        ["s", "v"],
        [A.text, NASTY],
        ["_:b0", "3"],
        ["https://schema.org/name", ""],
    ]
    assert data.startswith("s,v\r\n")


def test_a_cut_answer_says_so_wherever_it_can() -> None:
    cut = Answer(ROWS.variables, ROWS.rows, cut=3)
    assert json.loads(text_of(cut, "json"))["cut"] == 3
    assert "<!-- cut after 3 -->" in text_of(cut, "xml")
    ET.fromstring(text_of(cut, "xml"))
    assert text_of(cut, "table").endswith("… cut after 3\n")
    assert text_of(cut, "markdown").endswith("\n\n… cut after 3\n")
    triples = Answer(triples=((A, A, A),), cut=1)
    assert text_of(triples, "nt").endswith("# cut after 1\n")
    assert text_of(triples, "turtle").endswith("# cut after 1\n")


def test_xml_refuses_what_it_cannot_hold() -> None:
    with pytest.raises(UsageError, match="the format json can"):
        rendered(Answer(("s",), ((Value("literal", "a\x07"),),)), "xml", LOOK)


def test_a_table_shortens_iris_and_puts_numbers_to_the_right() -> None:
    answer = Answer(
        ("what", "n"),
        (
            (A, Value("literal", "7", f"{XSD}integer")),
            (Value("iri", f"{XSD}date"), Value("literal", "10", f"{XSD}integer")),
        ),
    )
    assert text_of(answer, "table").splitlines() == [
        "what        n",
        "─────────  ──",
        "article/a   7",
        "xsd:date   10",
    ]


@pytest.mark.parametrize("width", [20, 33, 80])
def test_a_table_fits_its_width(width: int) -> None:
    answer = Answer(("a", "b", "c"), tuple((Value("literal", char * 50),) * 3 for char in ("x", "日", "é")))
    lines = text_of(answer, "table", Look(width, {}, "")).splitlines()
    assert all(sum(2 if char == "日" else 1 for char in line) <= width for line in lines)
    assert all("…" in line for line in lines[2:])


def test_wide_characters_keep_columns_straight() -> None:
    answer = Answer(
        ("a", "b"),
        ((Value("literal", "日本"), Value("literal", "x")), (Value("literal", "e\u0301"), Value("literal", "y"))),
    )
    assert text_of(answer, "table").splitlines()[2:] == ["日本  x", "e\u0301     y"]


@pytest.mark.parametrize("format", ["table", "markdown"])
def test_data_does_nothing_to_a_terminal(format: str) -> None:
    nasty = "\x1b]0;title\x07\x1b[31mred\x9b2J\u202eabc\nnext\u2028"
    text = text_of(Answer(("v",), ((Value("literal", nasty),),)), format)
    assert all(char.isprintable() for line in text.splitlines() for char in line)
    assert "x1b" in text


def test_markdown_keeps_its_columns_whatever_data_holds() -> None:
    text = text_of(Answer(("v",), ((Value("literal", "a|b\n<b>*x*"),),)), "markdown")
    assert text.splitlines()[2] == "| a\\|b\\\\n&lt;b>\\*x\\* |"


def test_triples_are_sorted_and_read_back() -> None:
    triples = tuple((A, Value("iri", f"https://schema.org/{name}"), Value("literal", NASTY)) for name in "abc")
    answer = Answer(triples=triples)
    formats = {"turtle": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "jsonld": RdfFormat.JSON_LD}
    read = {
        name: {q.triple for q in parse(rendered(answer, name, LOOK), format=kind)} for name, kind in formats.items()
    }
    assert read["turtle"] == read["nt"] == read["jsonld"]
    assert len(read["nt"]) == 3
    assert "@prefix schema:" in text_of(answer, "turtle")
    assert "@prefix dcterms:" not in text_of(answer, "turtle")


def test_parquet_types_a_column_whose_values_are_of_one_kind() -> None:
    kinds = {"integer": "5", "decimal": "1.25", "double": "1e3", "boolean": "true", "date": "2026-01-31"}
    values = [Value("literal", text, XSD + kind) for kind, text in kinds.items()]
    other = Value("literal", "x")
    rows = ((*values, A, values[0]), (*([None] * 5), A, other))
    table = pq.read_table(io.BytesIO(rendered(Answer((*kinds, "iri", "mixed"), rows), "parquet", LOOK)))
    assert [str(each) for each in table.schema.types] == [
        "int64",
        "decimal128(3, 2)",
        "double",
        "bool",
        "date32[day]",
        "string",
        "string",
    ]
    assert table.column("mixed").to_pylist() == ["5", "x"]
    assert table.column("integer").to_pylist() == [5, None]


def test_parquet_keeps_as_text_what_its_types_cannot_hold() -> None:
    big = Value("literal", str(2**70), f"{XSD}integer")
    table = pq.read_table(io.BytesIO(rendered(Answer(("n",), ((big,),)), "parquet", LOOK)))
    assert table.column("n").to_pylist() == [str(2**70)]


@pytest.mark.parametrize(
    ("form", "name"), [("SELECT", "turtle"), ("ASK", "csv"), ("CONSTRUCT", "table"), ("DESCRIBE", "parquet")]
)
def test_a_format_that_cannot_hold_the_answer_is_refused(form: str, name: str) -> None:
    with pytest.raises(UsageError, match=f"the answer to {form} cannot be written as {name}; it can as "):
        checked_format(name, form)


def test_each_form_has_a_format_when_none_is_asked_for() -> None:
    assert [checked_format(None, form) for form in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")] == ["table"] * 2 + [
        "turtle"
    ] * 2
    assert all(FORMATS.values())
