"""A SPARQL query as tokens with their places (SPARQL 1.1, 19.8), and what of it can be said from them alone.

Nothing is evaluated here. What may be asked at all is decided in `guard`, whether it is well formed
in `grammar`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kbgraph.errors import UsageError

__all__ = ["FORMS", "Token", "form_of", "pointed", "position_of", "prologue_end", "tokens_of", "variables_of"]

#: What a query begins with, and what is used of its result.
FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")

# Names may hold most letters of the world. Which ones is Oxigraph's to say; here whatever is not ASCII is
# one, since classes of so many characters take longer to compile than a query to answer.
_START = r"\x00-@\[-`{-\x7f"
_MORE = r"\x00-/:-@\[-^`{-\x7f"
# A prefix that is longer is none: where no colon comes, each of its characters is a beginning again.
_PREFIX = rf"(?:[^{_START}](?:[^{_MORE}]|[.-]){{0,200}}+(?<!\.))?"
_ESCAPE = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = rf"(?:[^{_MORE}]|:|{_ESCAPE})(?:(?:[^{_MORE}]|[:.-]|{_ESCAPE})*(?:[^{_MORE}]|[:-]|{_ESCAPE}))?"

_PATTERN = re.compile(
    "|".join(
        f"(?P<{kind}>{pattern})"
        for kind, pattern in (
            ("space", r"[ \t\r\n]+|#[^\r\n]*"),
            ("iri", r"<[^<>\"{}|^`\x00-\x20]*>"),
            ("string", r'"""(?:"{0,2}(?:[^"\\]|\\.))*"""|' + r"'''(?:'{0,2}(?:[^'\\]|\\.))*'''"),
            ("short", r'"(?:[^"\\\n\r]|\\.)*"|' + r"'(?:[^'\\\n\r]|\\.)*'"),
            ("variable", rf"[?$][^{_MORE}]+"),
            ("blank", rf"_:[^{_MORE}](?:(?:[^{_MORE}]|[.-])*(?:[^{_MORE}]|-))?"),
            ("name", rf"{_PREFIX}:(?:{_LOCAL})?"),
            ("language", r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*"),
            ("number", r"(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+"),
            ("word", r"[A-Za-z_][A-Za-z0-9_]*"),
            ("sign", r"\^\^|\|\||&&|!=|<=|>=|[{}()\[\].,;*/+\-^|!=<>?@&]"),
        )
    ),
    re.DOTALL,
)


class Token(NamedTuple):
    """A token: its kind, its text, and where it begins, in characters from 0.

    Kinds are `iri`, `string`, `variable`, `blank`, `name`, `language`, `number`, `word` and `sign`.
    """

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    @property
    def upper(self) -> str:
        """A word or a sign as keywords are compared: in capitals; "" for any other token."""
        return self.text.upper() if self.kind in {"word", "sign"} else ""


def tokens_of(text: str) -> tuple[Token, ...]:
    """The tokens of a query, without spaces and comments.

    Raises:
        UsageError: a character begins no token; it is pointed at.
    """
    return tuple(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        found = _PATTERN.match(text, at)
        if found is None:
            unclosed = text[at] in "\"'"
            raise UsageError(
                pointed(text, at, "this text has no closing quote" if unclosed else f"{text[at]!r} has no place here")
            )
        kind = str(found.lastgroup)
        if kind != "space":
            yield Token("string" if kind == "short" else kind, found[0], at)
        at = found.end()


def position_of(text: str, at: int) -> tuple[int, int]:
    r"""Line and column, from 1, of a character.

    >>> position_of("SELECT *\n{ }", 9)
    (2, 1)
    """
    lines = text[:at].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(lines), len(lines[-1]) + 1


def pointed(text: str, at: int, message: str, length: int = 1) -> str:
    """A message with line and column, the line of the query, and carets under what is meant."""
    line, column = position_of(text, at)
    shown = re.split(r"\r\n|\r|\n", text)[line - 1]
    start = max(0, column - 1 - _BEFORE)
    piece = "".join(char if char.isprintable() else " " for char in shown[start : start + _BEFORE + _AFTER])
    gap = " " * (column - 1 - start)
    carets = "^" * max(1, min(length, len(piece) - len(gap)))
    return f"query:{line}:{column}: {message}\n{line:>5} | {piece}\n      | {gap}{carets}"


#: Characters of a line that are shown before and after the place.
_BEFORE, _AFTER = 60, 60


def prologue_end(tokens: Sequence[Token]) -> int:
    """The number of tokens of the prologue: of the BASE and PREFIX declarations that a query begins with."""
    at = 0
    while at < len(tokens) and tokens[at].upper in {"BASE", "PREFIX"}:
        at += 2 if tokens[at].upper == "BASE" else 3
    return min(at, len(tokens))


def form_of(tokens: Sequence[Token]) -> str:
    """The first keyword after the prologue, in capitals: SELECT, ASK, …; "" where there is none."""
    at = prologue_end(tokens)
    return tokens[at].upper if at < len(tokens) and tokens[at].kind == "word" else ""


def variables_of(tokens: Sequence[Token]) -> frozenset[str]:
    """The names of the variables of a query."""
    return frozenset(token.text[1:] for token in tokens if token.kind == "variable")
