"""Answers in Python: rows of values as Python has them, for notebooks, pandas and polars."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, overload
from weakref import WeakKeyDictionary

from kbgraph.config import Limits
from kbgraph.errors import UsageError
from kbgraph.query.answers import Answer
from kbgraph.query.bindings import Value, value_of
from kbgraph.query.evaluation import USUAL_PREFIXES, evaluate
from kbgraph.query.parquet import column_of, native
from kbgraph.store import Opened

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    from pyoxigraph import Store

    from kbgraph.graph import KnowledgeGraph

__all__ = ["Iri", "Row", "Rows", "query"]

#: Rows that a notebook shows.
_SHOWN = 50


class Iri(str):
    """An IRI: a text like any other, which `repr` shows in angle brackets.

    >>> Iri("https://schema.org/name")
    <https://schema.org/name>
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{self}>"


class Row(Sequence[Any]):
    """One solution: `row.name`, `row["name"]` and `row[0]` are values in Python, None where there is none."""

    __slots__ = ("_names", "_values")

    def __init__(self, names: tuple[str, ...], values: tuple[Any, ...]) -> None:
        self._names = names
        self._values = values

    def __getitem__(self, key: int | slice | str) -> Any:
        if not isinstance(key, str):
            return self._values[key]
        if key not in self._names:
            raise KeyError(key)
        return self._values[self._names.index(key)]

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"there is no variable ?{name}; there are {', '.join(self._names)}") from None

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        return (self._names, self._values) == (other._names, other._values) if isinstance(other, Row) else False

    def __hash__(self) -> int:
        return hash(self._values)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._names]

    def __repr__(self) -> str:
        return f"Row({', '.join(f'{name}={value!r}' for name, value in self.to_dict().items())})"

    def to_dict(self) -> dict[str, Any]:
        """The values by the names of their variables."""
        return dict(zip(self._names, self._values, strict=True))


class Rows(Sequence[Row]):
    """The solutions of a query, in its order; `variables` are their names."""

    def __init__(self, answer: Answer) -> None:
        self.variables = answer.variables
        self._answer = answer
        rows = answer.rows or answer.triples or ()
        self._rows = tuple(Row(self.variables, tuple(_python(value) for value in row)) for row in rows)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        return self._rows[at]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __eq__(self, other: object) -> bool:
        return self._rows == other._rows if isinstance(other, Rows) else False

    def __hash__(self) -> int:
        return hash(self._rows)

    def __repr__(self) -> str:
        return f"<Rows: {len(self):,} of {', '.join(self.variables)}>"

    def to_dicts(self) -> list[dict[str, Any]]:
        """Each row as a dictionary."""
        return [row.to_dict() for row in self._rows]

    def to_dataframe(self) -> pd.DataFrame:
        """The rows as a pandas DataFrame, a column for each variable.

        Raises:
            UsageError: pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError:
            raise UsageError("this needs pandas: pip install 'kbgraph[frames]'") from None
        return pd.DataFrame(
            {name: pd.Series(column, dtype=None if column else object) for name, column in self._columns()}
        )

    def to_polars(self) -> pl.DataFrame:
        """The rows as a polars DataFrame, a column for each variable.

        Raises:
            UsageError: polars is not installed.
        """
        try:
            import polars as pl
        except ImportError:
            raise UsageError("this needs polars: pip install 'kbgraph[frames]'") from None
        return pl.DataFrame([pl.Series(name, column, strict=True) for name, column in self._columns()])

    def _columns(self) -> Iterator[tuple[str, list[Any]]]:
        rows = self._answer.rows or self._answer.triples or ()
        for at, name in enumerate(self.variables):
            yield name, column_of([row[at] for row in rows])[1]

    def _repr_html_(self) -> str:
        """A table for notebooks; of many rows the first."""
        from kbgraph.query.tables import Names

        names = Names(USUAL_PREFIXES, "")
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self.variables)
        rows = (self._answer.rows or self._answer.triples or ())[:_SHOWN]
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(names.cell(value))}</td>" for value in row) + "</tr>" for row in rows
        )
        more = f", the first {_SHOWN}" if len(self) > _SHOWN else ""
        return f"<table><caption>{len(self):,} rows{more}</caption><tr>{head}</tr>{body}</table>"


def _python(value: Value | None) -> Any:
    if value is None:
        return None
    if value.kind != "literal":
        return Iri(value.text) if value.kind == "iri" else value.written() if value.kind == "blank" else value.text
    read = native(value.datatype)
    if read is not None:
        with suppress(ValueError, KeyError, ArithmeticError):  # such as a date that is none: as written
            return read(value.text)
    return value.text


_STORES: WeakKeyDictionary[KnowledgeGraph, Store] = WeakKeyDictionary()


def query(graph: KnowledgeGraph, text: str, params: Mapping[str, Any]) -> Rows | bool:
    """The answer of a graph; see `KnowledgeGraph.query`.

    Raises:
        UsageError: it is no query, or may not be asked.
        LimitError: the answer is too large.
    """
    if graph not in _STORES:
        _STORES[graph] = graph.store()
    values = {name: _value(given, graph.base) for name, given in params.items() if given is not None}
    answer = evaluate(Opened(_STORES[graph], graph.base, graph.place), text, values=values, limits=Limits())
    if answer.truth is not None:
        return answer.truth
    if answer.triples is not None:
        answer = Answer(("subject", "predicate", "object"), answer.triples)
    return Rows(answer)


def _value(given: Any, base: str) -> Value:
    """A value of Python as a term: a text by its form, as on the command line."""
    if isinstance(given, Iri):
        return value_of(f"<{given}>", USUAL_PREFIXES, base=base)
    if isinstance(given, bool):
        return value_of("true" if given else "false", {})
    if isinstance(given, datetime | date):
        return value_of(given.isoformat(), {}, kind="date")
    if isinstance(given, int | Decimal):
        return value_of(format(given, "f") if isinstance(given, Decimal) else str(given), {}, kind="number")
    if isinstance(given, float):
        return value_of(f"{given!r}e0" if "e" not in repr(given) else repr(given), {}, kind="number")
    if hasattr(given, "value") and type(given).__name__ == "NamedNode":
        return value_of(f"<{given.value}>", {})
    if not isinstance(given, str):
        raise UsageError(f"a value of a query cannot be a {type(given).__name__}")
    return value_of(given, USUAL_PREFIXES, base=base)
