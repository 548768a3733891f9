"""The formats of answers: one table, and what can be written in which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kbgraph.errors import UsageError
from kbgraph.query.answers import Answer

__all__ = ["FORMATS", "Look", "checked_format", "rendered"]

_BOTH = ("SELECT", "ASK")
_GRAPHS = ("CONSTRUCT", "DESCRIBE")

#: By name: the forms of query whose answers can be written so.
FORMATS: dict[str, tuple[str, ...]] = {
    "table": _BOTH,
    "json": _BOTH,
    "csv": ("SELECT",),
    "tsv": ("SELECT",),
    "xml": _BOTH,
    "markdown": _BOTH,
    "parquet": ("SELECT",),
    "turtle": _GRAPHS,
    "nt": _GRAPHS,
    "jsonld": _GRAPHS,
}


def checked_format(name: str | None, form: str) -> str:
    """The format for the answer to a form of query: the one asked for, or `table` or `turtle`.

    Raises:
        UsageError: answers of this form are not written so.
    """
    if name is None:
        return "turtle" if form in _GRAPHS else "table"
    if form not in FORMATS[name]:
        fit = ", ".join(each for each, forms in FORMATS.items() if form in forms)
        raise UsageError(f"the answer to {form} cannot be written as {name}; it can as {fit}")
    return name


class Look(NamedTuple):
    """How a table looks: the places of a line, None for as many as it takes; and how IRIs are shortened."""

    width: int | None
    prefixes: Mapping[str, str]
    base: str


def rendered(answer: Answer, format: str, look: Look) -> bytes:
    """The answer in a format that it can be written in."""
    if format in {"table", "markdown"}:
        from kbgraph.query.tables import Names, markdown, table

        names = Names(look.prefixes, look.base)
        text = table(answer, names, look.width) if format == "table" else markdown(answer, names)
        return text.encode("utf-8", "backslashreplace")
    if format == "parquet":
        from kbgraph.query.parquet import parquet_results

        return parquet_results(answer)
    if format in {"turtle", "nt", "jsonld"}:
        from kbgraph.query.triples import graph_results

        return graph_results(answer, format, look.prefixes)
    from kbgraph.query import results

    writers = {
        "json": results.json_results,
        "csv": results.csv_results,
        "tsv": results.tsv_results,
        "xml": results.xml_results,
    }
    return writers[format](answer).encode()
