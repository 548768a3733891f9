"""Values for the variables of a query, and how they get there: as terms, never as pieces of text.

A value is read by its form, or as what a named query says that it is. It is put into the query as a
`VALUES` block in each group that uses the variable, written by the rules of N-Triples: whatever a
value holds, it stays one term. So it holds in subqueries too, and for any endpoint.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from kbgraph.errors import UsageError
from kbgraph.query.tokens import Token, form_of, pointed, prologue_end, tokens_of

__all__ = ["XSD", "Value", "bound", "value_of"]

XSD = "http://www.w3.org/2001/XMLSchema#"

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")
_NOT_IN_IRI = re.compile(r"[\x00-\x20<>\"{}|\\^`\ud800-\udfff]")
_CURIE = re.compile(r"([A-Za-z][\w-]*):([^\s<>\"{}|\\^`]*)")
_QUOTED = re.compile(r'"(.*)"(?:@([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)|\^\^(\S+))?', re.DOTALL)
_NUMBERS = (
    (re.compile(r"[+-]?[0-9]+"), "integer"),
    (re.compile(r"[+-]?[0-9]*\.[0-9]+"), "decimal"),
    (re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+"), "double"),
)
_DATES = (
    (re.compile(r"-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2})?"), "dateTime"),
    (re.compile(r"-?[0-9]{4,}-[0-9]{2}-[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})?"), "date"),
)


class Value(NamedTuple):
    """A term of RDF: an `iri`, a `blank` node or a `literal`; datatype "" is that of plain text."""

    kind: str
    text: str
    datatype: str = ""
    language: str = ""

    def written(self) -> str:
        """The term in N-Triples."""
        if self.kind == "iri":
            return f"<{self.text}>"
        if self.kind == "blank":
            return f"_:{self.text}"
        quoted = '"' + self.text.translate(_ESCAPES) + '"'
        if self.language:
            return f"{quoted}@{self.language}"
        return f"{quoted}^^<{self.datatype}>" if self.datatype else quoted


_ESCAPES = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)}
_ESCAPES |= {ord("\\"): "\\\\", ord('"'): '\\"', ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t"}


def value_of(text: str, prefixes: Mapping[str, str], *, kind: str = "", base: str = "") -> Value:
    """The value that is written like this.

    Args:
        text: `<https://…>`, `schema:Person`, `https://…`, `"text"`, `"text"@en`, `"x"^^xsd:gYear`, `12`, `0.5`,
            `true`, `2026-01-31`; anything else is text as it stands.
        prefixes: what CURIEs may begin with.
        kind: `iri`, `text`, `number` or `date` where it is known what the value is: then text needs no quotes.
        base: what a relative IRI lies under.

    Raises:
        UsageError: it is not what it should be, or no term.
    """
    if any(0xD800 <= ord(char) <= 0xDFFF for char in text):
        raise UsageError(f"the value {text!r} is not UTF-8")
    if kind == "text":
        return _quoted(text, prefixes) or Value("literal", text)
    if kind == "iri":
        return _known_iri(text, prefixes, base)
    if kind:
        forms = _NUMBERS if kind == "number" else _DATES
        return _typed(text, forms) or _refused(text, kind)
    if text.startswith("<"):
        return _iri(text[1:-1], base) if text.endswith(">") else _refused(text, "iri")
    quoted = _quoted(text, prefixes)
    if quoted is not None:
        return quoted
    if text in {"true", "false"}:
        return Value("literal", text, f"{XSD}boolean")
    typed = _typed(text, (*_NUMBERS, *_DATES))
    return typed or _named(text, prefixes) or Value("literal", text)


def _refused(text: str, kind: str) -> Value:
    example = {"iri": "<https://schema.org/name> or schema:name", "number": "12 or 0.5", "date": "2026-01-31"}[kind]
    raise UsageError(f"{text!r} is not {'an IRI' if kind == 'iri' else f'a {kind}'}, such as {example}")


def _iri(iri: str, base: str) -> Value:
    if _NOT_IN_IRI.search(iri) or not (base or _IRI.fullmatch(iri)):
        return _refused(iri, "iri")
    return Value("iri", iri if _IRI.fullmatch(iri) else base + iri)


def _known_iri(text: str, prefixes: Mapping[str, str], base: str) -> Value:
    if text.startswith("<") and text.endswith(">"):
        return _iri(text[1:-1], base)
    return _named(text, prefixes) or _iri(text, base)


def _named(text: str, prefixes: Mapping[str, str]) -> Value | None:
    """An IRI by a prefix that we know, or an absolute one of the web."""
    curie = _CURIE.fullmatch(text)
    if curie and curie[1] in prefixes:
        return _iri(prefixes[curie[1]] + curie[2], "")
    return Value("iri", text) if text.startswith(("http://", "https://", "urn:")) and _IRI.fullmatch(text) else None


def _quoted(text: str, prefixes: Mapping[str, str]) -> Value | None:
    """A literal in quotes; what stands between the first and the last is meant as it is."""
    found = _QUOTED.fullmatch(text)
    if found is None:
        return None
    content, language, datatype = found.groups()
    if not datatype:
        return Value("literal", content, "", language or "")
    named = _iri(datatype[1:-1], "") if datatype.startswith("<") else _named(datatype, prefixes)
    return Value("literal", content, (named or _refused(datatype, "iri")).text)


def _typed(text: str, forms: Sequence[tuple[re.Pattern[str], str]]) -> Value | None:
    return next((Value("literal", text, XSD + name) for form, name in forms if form.fullmatch(text)), None)


# ---- into the query


def bound(text: str, values: Mapping[str, Value]) -> str:
    """The query in which variables have values.

    >>> bound("ASK { ?s a ?kind }", {"kind": Value("iri", "https://schema.org/Person")})
    'ASK { VALUES ?kind { <https://schema.org/Person> } ?s a ?kind }'

    Raises:
        UsageError: the query does not use such a variable, or gives it a value itself.
    """
    if not values:
        return text
    tokens = tokens_of(text)
    _check(text, tokens, values)
    inserts: list[tuple[int, str]] = []
    for start, end in _groups(tokens):
        used = {token.text[1:] for token in tokens[start:end] if token.kind == "variable"} & set(values)
        blocks = "".join(f" VALUES ?{name} {{ {values[name].written()} }}" for name in sorted(used))
        inserts.append((tokens[start].end, blocks))
    if form_of(tokens) == "DESCRIBE" and not inserts:
        blocks = "".join(f" VALUES ?{name} {{ {value.written()} }}" for name, value in sorted(values.items()))
        inserts.append((tokens[-1].end, f" WHERE {{{blocks} }}"))
    for at, blocks in sorted(inserts, reverse=True):
        text = text[:at] + blocks + text[at:]
    return text


def _check(text: str, tokens: Sequence[Token], values: Mapping[str, Value]) -> None:
    used = {token.text[1:] for token in tokens if token.kind == "variable"}
    for name in values:
        if name not in used:
            have = f"it has {', '.join(f'?{each}' for each in sorted(used))}" if used else "it has none"
            raise UsageError(f"the query has no variable ?{name}; {have}")
    for before, token in pairwise(tokens):
        if before.upper == "AS" and token.kind == "variable" and token.text[1:] in values:
            message = f"the query gives {token.text} a value itself, so that -p cannot"
            raise UsageError(pointed(text, token.start, message, len(token.text)))
    at = prologue_end(tokens)
    if form_of(tokens) == "CONSTRUCT" and tokens[at + 1 : at + 2] and tokens[at + 1].text != "{":
        message = "values need the long form of CONSTRUCT: CONSTRUCT { … } WHERE { … }"
        raise UsageError(pointed(text, tokens[at].start, message, len("CONSTRUCT")))


def _groups(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """The groups of patterns, from the opening brace to behind the closing one: not templates, data or subqueries."""
    opened: list[int] = []
    template = prologue_end(tokens) + 1 if form_of(tokens) == "CONSTRUCT" else -1
    for at, token in enumerate(tokens):
        if token.text == "{" and token.kind == "sign":
            opened.append(at)
        elif token.text == "}" and token.kind == "sign" and opened:
            start = opened.pop()
            is_subquery = tokens[start + 1].upper == "SELECT"
            if start != template and not is_subquery and not _is_data(tokens, start):
                yield start, at + 1


def _is_data(tokens: Sequence[Token], brace: int) -> bool:
    """Whether a brace opens the data of VALUES: `VALUES ?a {`, `VALUES (?a ?b) {`."""
    at = brace - 1
    if tokens[at].kind == "variable":
        return tokens[at - 1].upper == "VALUES"
    if tokens[at].text != ")":
        return False
    while at > 0 and tokens[at].text != "(":
        at -= 1
    return tokens[at - 1].upper == "VALUES"
