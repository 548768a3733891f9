"""The order of rows, made here where it is beyond doubt.

Oxigraph reads both texts from its store for each comparison of two rows, which takes ten times as long
as the rest of many a query; here each is read once. What SPARQL leaves open, or takes more than a
glance at the terms, is left to Oxigraph: `order_of` and `rows_in_order` say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from kbgraph.query.answers import Row
from kbgraph.query.bindings import XSD, Value
from kbgraph.query.tokens import Token, form_of

__all__ = ["Condition", "Order", "order_of", "rows_in_order"]


class Condition(NamedTuple):
    """A variable to order by: its value, or what a function makes of it (`STR`, `LANG`; "" for none)."""

    name: str
    function: str
    is_descending: bool


class Order(NamedTuple):
    """What a query is ordered by; and where its ORDER BY, the last of it, begins, in characters from 0."""

    conditions: tuple[Condition, ...]
    start: int


_CONDITION = re.compile(r" (?:(ASC|DESC) \( )?(?:(STR|LANG) \( )?[?$](\w+)(?(2) \))(?(1) \))(?= |$)")


def order_of(tokens: Sequence[Token]) -> Order | None:
    """The ORDER BY that a SELECT ends with; None where it has none, or one by more than variables.

    >>> from kbgraph.query.tokens import tokens_of
    >>> order_of(tokens_of("SELECT * { ?s ?p ?o } ORDER BY DESC(STR(?o)) ?s"))
    Order(conditions=(Condition(name='o', function='STR', is_descending=True), \
Condition(name='s', function='', is_descending=False)), start=22)
    """
    behind = max((at + 1 for at, token in enumerate(tokens) if token.text == "}"), default=0)
    at = next((at for at in range(behind, len(tokens)) if tokens[at].upper == "ORDER"), None)
    if at is None or form_of(tokens) != "SELECT":
        return None
    words = " ".join(token.upper or token.text for token in tokens[at:])
    conditions = []
    end = len("ORDER BY")
    while end < len(words):
        found = _CONDITION.match(words, end)
        if found is None:
            return None
        conditions.append(Condition(found[3], found[2] or "", found[1] == "DESC"))
        end = found.end()
    return Order(tuple(conditions), tokens[at].start) if conditions else None


def rows_in_order(names: Sequence[str], rows: Sequence[Row], order: Order) -> tuple[Row, ...] | None:
    """The rows in an order, those that are equal as they came.

    None where it is not ours to say: a condition is on what is no column, or on values that are neither IRIs nor
    literals of one kind.
    """
    ordered = list(rows)
    for condition in reversed(order.conditions):
        if condition.name not in names:
            return None
        place = names.index(condition.name)
        key = _BY_FUNCTION.get(condition.function) or _key_of([row[place] for row in rows])
        if key is None:
            return None
        keys = [key(row[place]) for row in ordered]
        places = sorted(range(len(keys)), key=keys.__getitem__, reverse=condition.is_descending)
        ordered = [ordered[at] for at in places]
    return tuple(ordered)


_Key = Callable[[Value | None], tuple[Any, ...]]

_NUMBERS = {f"{XSD}integer", f"{XSD}decimal"}
#: Literals that are ordered as their texts are, where all of these have one form.
_AS_TEXT = {
    "": re.compile(r".*", re.DOTALL),
    f"{XSD}boolean": re.compile("true|false"),
    f"{XSD}date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    f"{XSD}gYear": re.compile("[0-9]{4}"),
}


def _key_of(column: Sequence[Value | None]) -> _Key | None:
    """What the values of a column are compared by: unbound ones come first, then IRIs, then literals."""
    values = [value for value in column if value is not None and value.kind != "iri"]
    if any(value.kind != "literal" for value in values):
        return None
    kinds = {(value.datatype, value.language) for value in values}
    if {datatype for datatype, _ in kinds} <= _NUMBERS:
        return lambda value: _ranked(value, Decimal)
    if len(kinds) > 1:
        return None
    form = _AS_TEXT.get(values[0].datatype)
    if form is None or not all(form.fullmatch(value.text) for value in values):
        return None
    return lambda value: _ranked(value, str)


def _ranked(value: Value | None, read: Callable[[str], Any]) -> tuple[Any, ...]:
    if value is None:
        return (0,)
    return (1, value.text) if value.kind == "iri" else (2, read(value.text))


_BY_FUNCTION: dict[str, _Key] = {
    "STR": lambda value: (0,) if value is None or value.kind not in {"iri", "literal"} else (1, value.text),
    "LANG": lambda value: (0,) if value is None or value.kind != "literal" else (1, value.language),
}
