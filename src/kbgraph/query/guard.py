"""What a query may not ask for: to write, and to have other machines asked.

The words of a query are judged, not its letters: `SERVICE` in a text, a comment, an IRI or a name
such as `ex:service` is none. Where Oxigraph is more lenient than SPARQL's tokens, as in
`trueSERVICE<…>`, what could be meant is refused. A second wall is in `wall`.
"""

from __future__ import annotations

from collections.abc import Sequence

from kbgraph.errors import UsageError
from kbgraph.query.tokens import FORMS, Token, form_of, pointed, prologue_end

__all__ = ["dataset_names", "refuse_service", "refuse_writing"]

_WRITING = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}


def refuse_writing(text: str, tokens: Sequence[Token]) -> None:
    """Refuse what is not a query.

    Raises:
        UsageError: it is an update, or nothing at all.
    """
    at = prologue_end(tokens)
    if at >= len(tokens):
        raise UsageError("there is no query: it begins with SELECT, ASK, CONSTRUCT or DESCRIBE")
    first, form = tokens[at], form_of(tokens)
    if form in _WRITING:
        message = f"{first.text} would write, and a query never writes; what is in the graph comes from the articles"
        raise UsageError(pointed(text, first.start, message, len(first.text)))
    if form not in FORMS:
        message = f"a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, not with {first.text[:40]!r}"
        raise UsageError(pointed(text, first.start, message, len(first.text)))


def refuse_service(text: str, tokens: Sequence[Token]) -> None:
    """Refuse what would ask another machine.

    Raises:
        UsageError: it has SERVICE, which is pointed at.
    """
    for at, token in enumerate(tokens):
        if token.kind == "word" and "SERVICE" in token.upper:
            raise UsageError(_asks_others(text, token))
        # `SERVICEex:there {`: two tokens for Oxigraph, one for SPARQL, which has no use for it before a brace.
        is_service = token.kind == "name" and "SERVICE" in token.text.partition(":")[0].upper()
        if is_service and at + 1 < len(tokens) and tokens[at + 1].text == "{" and tokens[at - 1].upper != "GRAPH":
            raise UsageError(_asks_others(text, token))


def _asks_others(text: str, token: Token) -> str:
    message = "SERVICE would ask another machine, and a query never reaches the network; --endpoint asks that one"
    return pointed(text, token.start, message, len(token.text))


def dataset_names(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The names behind FROM and FROM NAMED: the graphs of the dataset that the query names, if it names one."""
    found = []
    for at, token in enumerate(tokens):
        if token.upper == "FROM":
            after = at + 2 if at + 1 < len(tokens) and tokens[at + 1].upper == "NAMED" else at + 1
            found += [each for each in tokens[after : after + 1] if each.kind in {"iri", "name"}]
    return tuple(found)
