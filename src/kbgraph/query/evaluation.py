"""A query evaluated on a store in this process: judged, given its values and prefixes, asked, and read to its end.

It cannot be stopped from here; `worker` does this in a process that can be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from kbgraph.errors import LimitError, UsageError, WorldError
from kbgraph.query.answers import Answer, answer_of
from kbgraph.query.bindings import Value, bound
from kbgraph.query.functions import functions
from kbgraph.query.grammar import first_mistake
from kbgraph.query.guard import dataset_names, refuse_service, refuse_writing
from kbgraph.query.ordering import Order, order_of, rows_in_order
from kbgraph.query.tokens import Token, pointed, prologue_end, tokens_of
from kbgraph.terms import PREFIXES

if TYPE_CHECKING:
    from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples

    from kbgraph.config import Limits
    from kbgraph.store import Opened

__all__ = ["USUAL_PREFIXES", "checked_query", "evaluate"]

#: The prefixes that a query need not declare.
USUAL_PREFIXES: dict[str, str] = {
    **PREFIXES,
    "dc": "http://purl.org/dc/elements/1.1/",
    "dct": PREFIXES["dcterms"],
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "void": "http://rdfs.org/ns/void#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}


def checked_query(text: str, limits: Limits) -> tuple[Token, ...]:
    """The tokens of a query that may be asked here.

    Raises:
        UsageError: it writes, or asks other machines; or it is no query at all.
        LimitError: it is too long, or too deeply nested.
    """
    if len(text) > limits.query_chars:
        raise LimitError(f"the query is too long: more than {limits.query_chars:,} characters (limit query_chars)")
    tokens = tokens_of(text)
    refuse_writing(text, tokens)
    refuse_service(text, tokens)
    depth = 0
    for token in tokens:
        depth += (token.text in {"{", "(", "["}) - (token.text in {"}", ")", "]"})
        if depth > limits.query_depth:
            message = f"the query is too deeply nested: more than {limits.query_depth:,} brackets (limit query_depth)"
            raise LimitError(pointed(text, token.start, message))
    return tokens


def evaluate(
    opened: Opened,
    text: str,
    *,
    values: Mapping[str, Value],
    limits: Limits,
    most: int | None = None,
    dataset: tuple[Sequence[str], Sequence[str]] | None = None,
) -> Answer:
    """The answer to a query.

    Args:
        opened: what is asked: the union of all its graphs, unless the query names a dataset. Relative IRIs lie under
            its base.
        text: the query.
        values: what its variables are, by name.
        limits: bound the answer.
        most: how many rows or triples to take; all for None.
        dataset: the default graphs and the named graphs to ask, whatever the query says of them.

    Raises:
        UsageError: it is no query, or may not be asked; its mistake is pointed at.
        WorldError: the store cannot be read.
        LimitError: the answer is too large.
    """
    tokens = checked_query(text, limits)
    names = dataset_names(tokens)
    # Its own FROM counts in Oxigraph only where it is not told to take the union.
    ask = partial(
        opened.store.query,
        base_iri=opened.base or None,
        prefixes=USUAL_PREFIXES,
        use_default_graph_as_union=dataset is None and "FROM" not in _words(tokens),
        custom_functions=functions(opened.place_of),
        **_graphs(dataset),
    )

    def answered(asked: str, most: int | None) -> Answer:
        result = _asked(ask, asked, text, tokens)
        for name in names if dataset is None else ():
            _refuse_unknown(opened, text, tokens, name)
        return _read(result, most, limits.result_bytes, _columns(tokens))

    asked = bound(text, values)
    order = order_of(tokens)
    if order is not None:
        with suppress(LimitError):  # fewer rows may fit
            unordered = answered(asked[: order.start - len(text)], _ORDERED)
            ordered = _ordered(unordered, order, most)
            if ordered is not None:
                return ordered
    return answered(asked, most)


#: How many rows are put in order here; Python takes more memory for them than Oxigraph.
_ORDERED = 100_000


def _ordered(answer: Answer, order: Order, most: int | None) -> Answer | None:
    """An answer with its rows in order; None where Oxigraph must order them."""
    rows = rows_in_order(answer.variables, answer.rows or (), order) if answer.cut is None else None
    if rows is None or most is None or len(rows) <= most:
        return rows if rows is None else replace(answer, rows=rows)
    return replace(answer, rows=rows[:most], cut=most)


def _read(
    result: QuerySolutions | QueryBoolean | QueryTriples, most: int | None, largest: int, columns: Sequence[str]
) -> Answer:
    try:
        return answer_of(result, most, largest, columns)
    except OSError as error:
        raise WorldError(f"the store cannot be read: {error.strerror or error}") from None
    except (RuntimeError, ValueError) as error:
        raise WorldError(f"the query cannot be evaluated: {error}") from None


def _graphs(dataset: tuple[Sequence[str], Sequence[str]] | None) -> dict[str, Any]:
    """The dataset as Oxigraph wants it, which comes before the one that a query names."""
    if dataset is None:
        return {}
    from pyoxigraph import NamedNode

    try:
        defaults, named = ([NamedNode(iri) for iri in graphs] for graphs in dataset)
    except ValueError as error:
        raise UsageError(f"the dataset names a graph by what is no IRI: {error}") from None
    return {"default_graph": defaults, "named_graphs": named}


def _columns(tokens: Sequence[Token]) -> tuple[str, ...]:
    """The variables of `SELECT *` in the order in which they appear; Oxigraph has them sorted."""
    at = prologue_end(tokens) + 1
    if [token.upper for token in tokens[at : at + 1]] in (["DISTINCT"], ["REDUCED"]):
        at += 1
    if [token.text for token in tokens[at : at + 1]] != ["*"]:
        return ()
    return tuple(dict.fromkeys(token.text[1:] for token in tokens if token.kind == "variable"))


def _words(tokens: Sequence[Token]) -> set[str]:
    return {token.upper for token in tokens}


def _asked(
    ask: Callable[[str], QuerySolutions | QueryBoolean | QueryTriples],
    asked: str,
    text: str,
    tokens: Sequence[Token],
) -> QuerySolutions | QueryBoolean | QueryTriples:
    try:
        return ask(asked)
    except SyntaxError as error:
        mistake = first_mistake(text, tokens, USUAL_PREFIXES, str(error))
        raise UsageError(mistake) from None
    except OSError as error:
        raise WorldError(f"the store cannot be read: {error.strerror or error}") from None
    except (RuntimeError, ValueError) as error:
        raise UsageError(f"the query cannot be evaluated: {error}") from None


def _refuse_unknown(opened: Opened, text: str, tokens: Sequence[Token], name: Token) -> None:
    """Refuse a graph that the dataset does not hold: elsewhere it might be fetched."""
    from pyoxigraph import NamedNode, RdfFormat, parse

    # Turtle knows BASE, PREFIX and the forms of an IRI as SPARQL does.
    end = tokens[prologue_end(tokens) - 1].end if prologue_end(tokens) else 0
    usual = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in USUAL_PREFIXES.items())
    line = f"{usual}{text[:end]}\n<x:x> <x:x> {name.text} ."
    try:
        iri = next(iter(parse(line, format=RdfFormat.TURTLE, base_iri=opened.base or None))).object
    except (SyntaxError, ValueError, StopIteration):
        iri = None
    if not isinstance(iri, NamedNode) or not opened.store.contains_named_graph(iri):
        message = "the dataset holds no such graph, and none is fetched"
        raise UsageError(pointed(text, name.start, message, len(name.text)))
