"""The texts of scalars as typed terms.

What does not have the form of its kind becomes a plain literal, exactly as written: the shapes
then say at its place what is wrong with it. Each function gives the term and whether it says all
that was written (`True` does not say `TRUE`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

from pyoxigraph import Literal, NamedNode

from kbgraph.kinds import Kind
from kbgraph.terms import XSD, http_iri

__all__ = ["LITERALS", "Term", "decimal_of", "period_of", "year_of"]

Term = NamedNode | Literal

#: How a date or a time begins: weeks and basic forms are ISO 8601, but not XML Schema.
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:$|[T ]\d{2}:)", re.ASCII)
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_YEAR = re.compile(r"(-?)(\d{1,9})", re.ASCII)
_DAY = r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)"
_PERIOD = re.compile(rf"{_DAY}(?:\s*(?:-|–|/|to)\s*{_DAY})?", re.ASCII)


def _date_of(text: str) -> tuple[Literal, bool]:
    """xsd:date, or xsd:dateTime where a time is given."""
    if not _DATE.match(text):
        return Literal(text), True
    try:
        if len(text) == 10:
            date.fromisoformat(text)
            return Literal(text, datatype=XSD.date), True
        moment = datetime.fromisoformat(text)
    except ValueError:
        return Literal(text), True
    exact = _DATE_TIME.fullmatch(text) is not None
    return Literal(text if exact else moment.isoformat(), datatype=XSD.dateTime), exact


def _day_of(text: str) -> tuple[Literal, bool]:
    """xsd:date; of a time, its day."""
    moment, exact = _date_of(text)
    if moment.datatype != XSD.dateTime:
        return moment, exact
    return Literal(moment.value[:10], datatype=XSD.date), False


def _boolean_of(text: str) -> tuple[Literal, bool]:
    lower = text.lower()
    if lower not in {"true", "false"}:
        return Literal(text), True
    return Literal(lower, datatype=XSD.boolean), text == lower


def decimal_of(text: str) -> tuple[Literal, bool]:
    """xsd:decimal, with the digits as written."""
    return (Literal(text, datatype=XSD.decimal) if _DECIMAL.fullmatch(text) else Literal(text)), True


def _integer_of(text: str) -> tuple[Literal, bool]:
    return (Literal(text, datatype=XSD.integer) if _INTEGER.fullmatch(text) else Literal(text)), True


def year_of(text: str) -> tuple[Literal, bool]:
    """xsd:gYear, which has four digits at least and no year 0; -350 is 350 BC.

    >>> year_of("-350")[0].value
    '-0350'
    """
    found = _YEAR.fullmatch(text)
    if found is None or not int(text):
        return Literal(text), True
    return Literal(found[1] + found[2].lstrip("0").zfill(4), datatype=XSD.gYear), True


def _url_of(text: str) -> tuple[Term, bool]:
    return http_iri(text) or Literal(text), True


#: How the text of each kind of scalar becomes a term, apart from texts and concepts.
LITERALS: dict[Kind, Callable[[str], tuple[Term, bool]]] = {
    Kind.STRING: lambda text: (Literal(text), True),
    Kind.DATE: _date_of,
    Kind.DAY: _day_of,
    Kind.BOOLEAN: _boolean_of,
    Kind.INTEGER: _integer_of,
    Kind.DECIMAL: decimal_of,
    Kind.YEAR: year_of,
    Kind.URL: _url_of,
}


def period_of(text: str) -> str | None:
    """The ISO 8601 form of a period as people write it; None for what is none.

    >>> period_of("2024-2026"), period_of("static")
    ('2024/2026', None)
    """
    found = _PERIOD.fullmatch(text.strip())
    if found is None:
        return None
    return f"{found[1]}/{found[2]}" if found[2] else found[1]
