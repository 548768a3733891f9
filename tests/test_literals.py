"""The texts of scalars as typed terms."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode

from kbgraph.kinds import Kind
from kbgraph.literals import LITERALS, period_of, year_of
from kbgraph.terms import XSD


def written(text: str) -> tuple[Literal, bool]:
    """What a text becomes that has not the form of its kind: itself, and all of itself."""
    return Literal(text), True


@pytest.mark.parametrize("text", ["2026-06-01", "0001-01-01", "2024-02-29"])
def test_a_day_is_a_date(text: str) -> None:
    assert LITERALS[Kind.DATE](text) == (Literal(text, datatype=XSD.date), True)


@pytest.mark.parametrize("text", ["2026-06-01T10:30:00", "2026-06-01T10:30:00Z", "2026-06-01T10:30:00.25+02:00"])
def test_a_day_with_a_time_is_a_moment(text: str) -> None:
    assert LITERALS[Kind.DATE](text) == (Literal(text, datatype=XSD.dateTime), True)


@pytest.mark.parametrize(
    ("text", "moment"),
    [("2026-06-01 10:30", "2026-06-01T10:30:00"), ("2026-06-01T10:30Z", "2026-06-01T10:30:00+00:00")],
)
def test_a_moment_in_another_form_is_put_right_and_is_said_to_be_inexact(text: str, moment: str) -> None:
    assert LITERALS[Kind.DATE](text) == (Literal(moment, datatype=XSD.dateTime), False)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "yesterday",
            "2026-6-1",
            "2026-02-30",
            "01.06.2026",
            "20260601",
            "2026-06",
            "2026",
            "0000-01-01",
            "-0044-03-15",
        ),
        *("2026-W01-1", "2026W011", "2026-W01", "٢٠٢٦-٠٦-٠١", "2026-06-01T25:00:00", "2026-06-01T10", "2026-06-01 "),
    ],
)
def test_what_is_no_date_stays_as_written(text: str) -> None:
    assert LITERALS[Kind.DATE](text) == written(text)


def test_true_and_false_are_booleans_whatever_their_case() -> None:
    assert LITERALS[Kind.BOOLEAN]("true") == (Literal("true", datatype=XSD.boolean), True)
    assert LITERALS[Kind.BOOLEAN]("False") == (Literal("false", datatype=XSD.boolean), False)


@pytest.mark.parametrize("text", ["yes", "no", "1", "0", "on", "tru"])
def test_other_words_are_no_booleans(text: str) -> None:
    assert LITERALS[Kind.BOOLEAN](text) == written(text)


@pytest.mark.parametrize("text", ["0.82", "1", "-0.5", "+1.10", "00.10", ".5", "1."])
def test_a_decimal_keeps_its_digits(text: str) -> None:
    assert LITERALS[Kind.DECIMAL](text) == (Literal(text, datatype=XSD.decimal), True)


@pytest.mark.parametrize("text", ["82%", "0,82", "1e-3", ".", "", "half", "٠.٨", "½", "NaN", "1_000", "0.8\n"])
def test_what_is_no_decimal_stays_as_written(text: str) -> None:
    assert LITERALS[Kind.DECIMAL](text) == written(text)


def test_a_whole_number_is_an_integer() -> None:
    assert LITERALS[Kind.INTEGER]("42") == (Literal("42", datatype=XSD.integer), True)
    assert LITERALS[Kind.INTEGER]("-7") == (Literal("-7", datatype=XSD.integer), True)


@pytest.mark.parametrize("text", ["4.2", "1e3", "٤٢", "many", "0x1F", "1 000", "²"])
def test_what_is_no_whole_number_stays_as_written(text: str) -> None:
    assert LITERALS[Kind.INTEGER](text) == written(text)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2022", "2022"),
        ("868", "0868"),
        ("0868", "0868"),
        ("-350", "-0350"),
        ("-0350", "-0350"),
        ("-1", "-0001"),
        ("12026", "12026"),
        ("002022", "2022"),
    ],
)
def test_a_year_has_four_digits_at_least_and_may_be_before_christ(text: str, year: str) -> None:
    assert year_of(text) == (Literal(year, datatype=XSD.gYear), True)
    assert LITERALS[Kind.YEAR] is year_of


@pytest.mark.parametrize(
    "text", ["0", "-0", "0000", "c. 1850", "1850-1860", "+2022", "2022.0", "٢٠٢٢", "MMXXII", "350 BC", "1234567890"]
)
def test_what_is_no_year_stays_as_written(text: str) -> None:
    assert year_of(text) == written(text)


def test_an_address_of_the_web_is_an_iri_and_anything_else_stays_as_written() -> None:
    assert LITERALS[Kind.URL]("https://example.org/x") == (NamedNode("https://example.org/x"), True)
    assert LITERALS[Kind.URL]("example.org/x") == written("example.org/x")
    assert LITERALS[Kind.URL]("javascript:alert(1)") == written("javascript:alert(1)")


def test_every_scalar_kind_but_texts_and_concepts_has_its_literal() -> None:
    assert set(LITERALS) == {kind for kind in Kind if kind.is_scalar} - {Kind.TEXT, Kind.CONCEPT}


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2024-2026", "2024/2026"),
        ("2024–2026", "2024/2026"),
        ("2024 - 2026", "2024/2026"),
        ("2024/2026", "2024/2026"),
        ("2024 to 2026", "2024/2026"),
        ("2024", "2024"),
        ("2024-05", "2024-05"),
        ("2024-05-01/2024-06-30", "2024-05-01/2024-06-30"),
        ("2024-05-01 – 2024-06-30", "2024-05-01/2024-06-30"),
    ],
)
def test_a_period_is_written_as_iso_8601_has_it(text: str, period: str) -> None:
    assert period_of(text) == period


@pytest.mark.parametrize(
    "text", ["", "static", "ongoing", "since 2024", "2024-", "-2024", "19th century", "٢٠٢٤-٢٠٢٦", "2024-2025-2026"]
)
def test_what_is_no_period_has_no_iso_form(text: str) -> None:
    assert period_of(text) is None
