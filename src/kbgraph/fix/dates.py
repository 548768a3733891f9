"""Days that people write in other ways than 2026-06-01, where only one day can be meant."""

from __future__ import annotations

import re
from datetime import date

__all__ = ["iso_day"]

#: Characters that a day may take.
_LONGEST = 40
_DASH = r"[-/.‐‑‒–—−]"
_YEAR_FIRST = re.compile(rf"(\d{{4}})({_DASH})(\d{{1,2}})\2(\d{{1,2}})", re.ASCII)
_YEAR_LAST = re.compile(rf"(\d{{1,2}})({_DASH})(\d{{1,2}})\2(\d{{4}})", re.ASCII)
_CHINESE = re.compile(r"(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]", re.ASCII)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_MONTH, _DAY = r"([A-Za-z]{3,9})\.?", r"(\d{1,2})(?:st|nd|rd|th)?"
_MONTH_FIRST = re.compile(rf"{_MONTH} +{_DAY}(?:, *| +)(\d{{4}})", re.ASCII)
_DAY_FIRST = re.compile(rf"{_DAY} +(?:of +)?{_MONTH},? +(\d{{4}})", re.ASCII)


def iso_day(text: str) -> str | None:
    """The day that a text can only mean, as 2026-06-01; None where there are two, or none.

    >>> iso_day("13/06/2026"), iso_day("June 1, 2026"), iso_day("03/04/2026")
    ('2026-06-13', '2026-06-01', None)
    """
    if len(text) > _LONGEST:
        return None
    if found := _YEAR_FIRST.fullmatch(text):
        return _only(_day(found[1], found[3], found[4]))
    if found := _CHINESE.fullmatch(text):
        return _only(_day(found[1], found[2], found[3]))
    if found := _YEAR_LAST.fullmatch(text):
        return _only(_day(found[4], found[3], found[1]), _day(found[4], found[1], found[3]))
    if found := _MONTH_FIRST.fullmatch(text):
        return _only(_day(found[3], _MONTHS.get(found[1].lower(), 0), found[2]))
    if found := _DAY_FIRST.fullmatch(text):
        return _only(_day(found[3], _MONTHS.get(found[2].lower(), 0), found[1]))
    return None


def _day(year: str, month: str | int, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _only(*days: str | None) -> str | None:
    """The one day among some readings, of which each may be none."""
    found = {day for day in days if day is not None}
    return found.pop() if len(found) == 1 else None
