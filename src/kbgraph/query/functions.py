"""What kbgraph adds to SPARQL: `kb:line(?entity)`, the line at which an article, fact, reference, … was written.

It is a function, since no graph holds lines. Other stores do not know it, and most refuse a query that
names what they do not know, so it is taken out of what they are asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kbgraph.query.tokens import Token, prologue_end, variables_of
from kbgraph.terms import KB, PREFIXES

if TYPE_CHECKING:
    from kbgraph.errors import Place

__all__ = ["PlaceOf", "functions", "without_functions"]

#: Says where the entity of an IRI was written; None where it is not known.
PlaceOf = Callable[[str], "Place | None"]


def functions(place_of: PlaceOf) -> dict[Any, Callable[..., Any]]:
    """The functions by their IRIs, as Oxigraph takes them; what gives None leaves its variable without a value."""
    from pyoxigraph import Literal, NamedNode

    def line(*terms: object) -> Literal | None:
        place = place_of(terms[0].value) if len(terms) == 1 and isinstance(terms[0], NamedNode) else None
        return None if place is None else Literal(place.line)

    return {KB.line: line}


def without_functions(text: str, tokens: Sequence[Token]) -> str:
    """A query with a variable that has no value wherever it asks one of the functions.

    >>> from kbgraph.query.tokens import tokens_of
    >>> asked = "SELECT ?line { ?fact a kb:Fact BIND(kb:line(?fact) AS ?line) }"
    >>> without_functions(asked, tokens_of(asked))
    'SELECT ?line { ?fact a kb:Fact BIND(?none AS ?line) }'
    """
    none = "none"
    while none in variables_of(tokens):
        none += "_"
    pieces, at = [], 0
    for start, end in _calls(tokens):
        pieces += [text[at:start], f"?{none}"]
        at = end
    return "".join((*pieces, text[at:]))


def _calls(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Where each call begins and ends, in characters; one within another is part of it."""
    prefixes = {f"{name}:": iri for name, iri in PREFIXES.items()} | _declared(tokens)
    begin: Token | None = None
    depth = 0
    for token, following in pairwise(tokens):
        if begin is None and following.text == "(" and _iri(token, prefixes) == KB.line.value:
            begin = token
        elif begin is not None:
            depth += (token.text == "(") - (token.text == ")")
            if depth == 0:
                yield begin.start, token.end
                begin = None


def _declared(tokens: Sequence[Token]) -> dict[str, str]:
    """The prefixes that a query declares, with their colons."""
    pairs = pairwise(tokens[: prologue_end(tokens)])
    return {name.text: iri.text[1:-1] for name, iri in pairs if name.kind == "name"}


def _iri(token: Token, prefixes: dict[str, str]) -> str:
    """What a token names; "" where it is no name."""
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, _, local = token.text.partition(":")
    return prefixes.get(f"{prefix}:", "") + local if token.kind == "name" else ""
