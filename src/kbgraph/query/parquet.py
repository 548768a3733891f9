"""Rows as a Parquet file, each column typed where all its values are of one datatype."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kbgraph.errors import UsageError
from kbgraph.query.answers import Answer
from kbgraph.query.bindings import XSD, Value

__all__ = ["column_of", "native", "parquet_results"]


def parquet_results(answer: Answer) -> bytes:
    """Rows in Parquet; where they were cut, its metadata say after how many.

    Raises:
        UsageError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise UsageError("Parquet needs pyarrow: pip install 'kbgraph[parquet]'") from None
    columns, fields = [], []
    for at, name in enumerate(answer.variables):
        kind, values = column_of([row[at] for row in answer.rows or ()])
        column = _array(pa, kind, values)
        columns.append(column)
        fields.append(pa.field(name, column.type, metadata={"datatype": kind} if kind else None))
    metadata = {"cut": str(answer.cut)} if answer.cut is not None else None
    file = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata=metadata)), file)
    return file.getvalue()


def _array(pa: Any, kind: str, values: list[Any]) -> Any:
    types = {
        "integer": pa.int64(),
        "double": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "": pa.string(),
        "iri": pa.string(),
    }
    name = kind.removeprefix(XSD)
    if name == "dateTime":
        return pa.array(values, pa.timestamp("us", tz="UTC" if _has_zone(values) else None))
    return pa.array(values, types[name]) if name in types else pa.array(values)


def _has_zone(values: list[Any]) -> bool:
    return any(value is not None and value.tzinfo is not None for value in values)


def column_of(values: list[Value | None]) -> tuple[str, list[Any]]:
    """The datatype that all values have, `iri`, or "" for text; and the values in Python.

    Values of several kinds, and those that Python cannot hold, stay text.
    """
    kinds = {_kind(value) for value in values if value is not None}
    texts = [None if value is None else value.text for value in values]
    if len(kinds) != 1:
        return "", texts
    kind = kinds.pop()
    read = _READERS.get(kind)
    if read is None:
        return (kind if kind == "iri" else ""), texts
    try:
        made = [None if text is None else read(text) for text in texts]
    except (ValueError, ArithmeticError):
        return "", texts
    if kind == f"{XSD}dateTime" and len({value.tzinfo is None for value in made if value is not None}) > 1:
        return "", texts
    return ({f"{XSD}float": f"{XSD}double"}.get(kind, kind)), made


def _kind(value: Value) -> str:
    return value.datatype if value.kind == "literal" else value.kind


def _integer(text: str) -> int:
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise ValueError(text)
    return number


def _boolean(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text]


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if len(number.as_tuple().digits) > 38:
        raise ValueError(text)
    return number


def _date(text: str) -> date:
    return date.fromisoformat(text)


_READERS: Mapping[str, Callable[[str], Any]] = {
    f"{XSD}integer": _integer,
    f"{XSD}int": _integer,
    f"{XSD}long": _integer,
    f"{XSD}nonNegativeInteger": _integer,
    f"{XSD}decimal": _decimal,
    f"{XSD}double": float,
    f"{XSD}float": float,
    f"{XSD}boolean": _boolean,
    f"{XSD}date": _date,
    f"{XSD}dateTime": datetime.fromisoformat,
}


def native(datatype: str) -> Callable[[str], Any] | None:
    """What makes a value of Python of the text of a literal; None where it stays text."""
    return _READERS.get(datatype)
