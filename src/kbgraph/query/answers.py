"""Answers to queries as values: rows, a truth or triples, whoever gave them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kbgraph.errors import LimitError
from kbgraph.query.bindings import Value

if TYPE_CHECKING:
    from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Triple

__all__ = ["Answer", "Row", "answer_of", "triples_of", "value_of_term"]

#: The values of the variables of one solution; None where one has none.
Row = tuple[Value | None, ...]

_STRING = "http://www.w3.org/2001/XMLSchema#string"
#: What a row takes besides its texts.
_OF_A_ROW, _OF_A_VALUE = 8, 24


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave.

    Exactly one of these is there: `rows` under `variables`, a `truth`, or `triples`. `cut` is how many
    of them there may be where there were more.
    """

    variables: tuple[str, ...] = ()
    rows: tuple[Row, ...] | None = None
    truth: bool | None = None
    triples: tuple[Row, ...] | None = None
    cut: int | None = None

    @property
    def kind(self) -> str:
        """`rows`, `truth` or `triples`."""
        return "rows" if self.rows is not None else "truth" if self.truth is not None else "triples"

    @property
    def size(self) -> int:
        """How many rows or triples."""
        return len(self.rows or self.triples or ())


def answer_of(
    result: QuerySolutions | QueryBoolean | QueryTriples, most: int | None, largest: int, order: Sequence[str] = ()
) -> Answer:
    """The answer that Oxigraph gives, read to its end.

    Args:
        result: what `Store.query` returned.
        most: how many rows or triples to take; all of them for None.
        largest: how many bytes of them.
        order: the names of variables in the order of their columns, where it is not that of Oxigraph.

    Raises:
        LimitError: they are more bytes.
    """
    from pyoxigraph import QueryBoolean, QuerySolutions

    if isinstance(result, QueryBoolean):
        return Answer(truth=bool(result))
    if isinstance(result, QuerySolutions):
        found = [variable.value for variable in result.variables]
        places = sorted(range(len(found)), key=lambda at: order.index(found[at]) if found[at] in order else at)
        names = tuple(found[at] for at in places)
        in_order = result if names == tuple(found) else ((row[at] for at in places) for row in result)
        rows, cut = _taken(in_order, most, largest)
        return Answer(names, rows, cut=cut)
    return triples_of(result, most, largest)


def triples_of(triples: Iterable[Triple], most: int | None, largest: int) -> Answer:
    """An answer of triples, each once and sorted; the bounds are those of `answer_of`.

    Raises:
        LimitError: they are more bytes.
    """
    rows, cut = _taken(((each.subject, each.predicate, each.object) for each in _distinct(triples)), most, largest)
    return Answer(triples=tuple(sorted(rows, key=_order)), cut=cut)


def _distinct(triples: Iterable[Triple]) -> Iterator[Triple]:
    seen: set[Triple] = set()
    for triple in triples:
        if triple not in seen:
            seen.add(triple)
            yield triple


def _order(row: Row) -> tuple[str, ...]:
    return tuple(value.written() for value in row if value is not None)


def _taken(rows: Iterable[Iterable[Any]], most: int | None, largest: int) -> tuple[tuple[Row, ...], int | None]:
    taken: list[Row] = []
    size = 0
    for row in rows:
        if len(taken) == most:
            return tuple(taken), most
        made = tuple([None if term is None else value_of_term(term) for term in row])
        size += _OF_A_ROW + sum([_OF_A_VALUE + len(value.text) for value in made if value is not None])
        if size > largest:
            raise LimitError(
                f"the answer is too large: more than {largest:,} bytes (limit result_bytes); "
                f"{len(taken):,} rows fit, LIMIT or --limit takes fewer"
            )
        taken.append(made)
    return tuple(taken), None


def value_of_term(term: Any) -> Value:
    """A term of pyoxigraph as a value."""
    match type(term).__name__:  # importing the types here would take longer than all else
        case "NamedNode":
            return Value("iri", term.value)
        case "Literal":
            if (language := term.language) is not None:
                return Value("literal", term.value, "", language)
            datatype = term.datatype.value
            return Value("literal", term.value, "" if datatype == _STRING else datatype)
        case "BlankNode":
            return Value("blank", term.value)
        case _:
            return Value("triple", str(term))
