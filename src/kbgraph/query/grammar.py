"""Where the mistake in a query is: the grammar of SPARQL 1.1 queries (19.8), read over tokens.

Oxigraph says whether a query is well formed. Where it is not, its place is often one of a longer
keyword that might have stood there; so the first token that fits nowhere is looked for here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from kbgraph.query.tokens import Token, pointed, prologue_end

__all__ = ["first_mistake"]

#: Rules by name. "…" is a keyword or a sign, %kind a token of that kind, a name another rule; ? * + | ( ) as usual.
#: The first alternative that fits is taken.
_RULES = """
Query = Prologue ( Select | Construct | Describe | Ask ) Values?
Prologue = ( "BASE" %iri | "PREFIX" %name %iri )*
Select = SelectClause Dataset* Where Modifiers
SubSelect = SelectClause Where Modifiers Values?
SelectClause = "SELECT" ( "DISTINCT" | "REDUCED" )? ( "*" | Projected+ )
Projected = %variable | "(" Expression "AS" %variable ")"
Construct = "CONSTRUCT" ( Template Dataset* Where Modifiers | Dataset* "WHERE" Template Modifiers )
Template = "{" Triples? "}"
Describe = "DESCRIBE" ( "*" | VarOrIri+ ) Dataset* Where? Modifiers
Ask = "ASK" Dataset* Where Modifiers
Dataset = "FROM" "NAMED"? Iri
Where = "WHERE"? Group
Modifiers = GroupBy? Having? OrderBy? Slice?
GroupBy = "GROUP" "BY" ( %variable | BuiltIn | Call | "(" Expression ( "AS" %variable )? ")" )+
Having = "HAVING" Constraint+
OrderBy = "ORDER" "BY" ( %variable | ( "ASC" | "DESC" ) "(" Expression ")" | Constraint )+
Slice = "LIMIT" %number ( "OFFSET" %number )? | "OFFSET" %number ( "LIMIT" %number )?
Values = "VALUES" Data
Data = %variable "{" Datum* "}" | "(" %variable* ")" "{" ( "(" Datum* ")" )* "}"
Datum = Iri | Literal | "UNDEF"
Group = "{" ( SubSelect | Patterns ) "}"
Patterns = Triples? ( Pattern "."? Triples? )*
Triples = Subject ( "." Subject )* "."?
Pattern = Group ( "UNION" Group )* | Keyword
Keyword = ( "OPTIONAL" | "MINUS" | "LATERAL" ) Group | "GRAPH" VarOrIri Group | Named
Named = "FILTER" Constraint | "BIND" "(" Expression "AS" %variable ")" | Values | "SERVICE" "SILENT"? VarOrIri Group
Constraint = "(" Expression ")" | BuiltIn | Call
Call = Iri Arguments
Arguments = "(" ( "DISTINCT"? Expression ( "," Expression )* )? ")"
Subject = Node Properties? | Term Properties
Properties = Verb Objects ( ";" ( Verb Objects )? )*
Verb = %variable | Path
Objects = Object ( "," Object )*
Object = Node | Term
Node = "[" Properties "]" | "(" Object+ ")"
Term = %variable | Iri | Literal | %blank | "[" "]" | "(" ")"
VarOrIri = %variable | Iri
Path = Steps ( "|" Steps )*
Steps = Step ( "/" Step )*
Step = "^"? ( Iri | "A" | "!" Negated | "(" Path ")" ) ( "?" | "*" | "+" )?
Negated = One | "(" ( One ( "|" One )* )? ")"
One = "^"? ( Iri | "A" )
Expression = And ( "||" And )*
And = Relation ( "&&" Relation )*
Relation = Sum ( Compared Sum | "NOT"? "IN" List )?
Compared = "=" | "!=" | "<" | ">" | "<=" | ">="
Sum = Product ( ( "+" | "-" ) Product )*
Product = Unary ( ( "*" | "/" ) Unary )*
Unary = ( "!" | "+" | "-" )? Primary
Primary = %variable | "(" Expression ")" | BuiltIn | Iri Arguments? | Literal
List = "(" ( Expression ( "," Expression )* )? ")"
Literal = %string ( %language | "^^" Iri )? | ( "+" | "-" )? %number | "TRUE" | "FALSE"
Iri = %iri | %name
BuiltIn = Counted | Joined | Exists | "BOUND" "(" %variable ")" | %function List
Counted = "COUNT" "(" "DISTINCT"? ( "*" | Expression ) ")" | Aggregate "(" "DISTINCT"? Expression ")"
Aggregate = "SUM" | "MIN" | "MAX" | "AVG" | "SAMPLE"
Joined = "GROUP_CONCAT" "(" "DISTINCT"? Expression ( ";" "SEPARATOR" "=" %string )? ")"
Exists = "NOT"? "EXISTS" Group
"""

_FUNCTIONS = """
STR LANG LANGMATCHES DATATYPE IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE ENCODE_FOR_URI
CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ NOW UUID STRUUID
MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRDT SAMETERM ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC REGEX
SUBSTR REPLACE ADJUST TRIPLE SUBJECT PREDICATE OBJECT ISTRIPLE
"""

_SAID = {
    "iri": "an IRI",
    "name": "a name such as schema:name",
    "variable": "a variable",
    "number": "a number",
    "string": "a text",
    "blank": "a blank node",
    "language": "a language",
    "function": "a function",
}
#: How many things that might have stood there are named.
_NAMED = 4

# An expression is a tuple: what it is, and what of.
_Expression = tuple[str, object]


@cache
def _grammar() -> dict[str, _Expression]:
    return {
        name.strip(): _alternatives(re.findall(r'"[^"]+"|%\w+|\w+|[?*+|()]', body))
        for name, _, body in (line.partition("=") for line in _RULES.strip().splitlines())
    }


def _alternatives(symbols: list[str]) -> _Expression:
    """An expression, up to the closing bracket; what is read is taken away."""
    found: list[list[_Expression]] = [[]]
    while symbols and symbols[0] != ")":
        symbol = symbols.pop(0)
        if symbol == "|":
            found.append([])
        elif symbol in {"?", "*", "+"}:
            found[-1][-1] = (symbol, found[-1][-1])
        elif symbol == "(":
            found[-1].append(_alternatives(symbols))
            symbols.pop(0)
        else:
            kind = "token" if symbol.startswith('"') else "kind" if symbol.startswith("%") else "rule"
            found[-1].append((kind, symbol.strip('"%')))
    return ("any", tuple(("all", tuple(each)) for each in found))


class _Reader:
    """Reads tokens by the grammar; `furthest` is the first token that fitted nowhere, `wanted` what would have."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._known: dict[tuple[str, int], int | None] = {}
        self.furthest = 0
        self.wanted: set[str] = set()

    def read(self, expression: _Expression, at: int) -> int | None:
        """Where the expression ends that begins at a token; None where it does not."""
        kind, inner = expression
        match kind:
            case "token" | "kind":
                return self._one(kind, str(inner), at)
            case "rule":
                key = (str(inner), at)
                if key not in self._known:
                    self._known[key] = self.read(_grammar()[key[0]], at)
                return self._known[key]
            case "any":
                return next((end for each in _parts(inner) if (end := self.read(each, at)) is not None), None)
            case "all":
                place: int | None = at
                for each in _parts(inner):
                    place = None if place is None else self.read(each, place)
                return place
        return self._repeated(kind, _part(inner), at)

    def _repeated(self, kind: str, inner: _Expression, at: int) -> int | None:
        end = self.read(inner, at)
        if kind == "?":
            return at if end is None else end
        if end is None:
            return at if kind == "*" else None
        while end is not None and end > at:
            at, end = end, self.read(inner, end)
        return at

    def _one(self, kind: str, wanted: str, at: int) -> int | None:
        token = self._tokens[at] if at < len(self._tokens) else None
        if token is not None:
            found = token.upper if kind == "token" else token.kind
            if found == wanted or (wanted == "function" and token.kind == "word" and token.upper in _FUNCTIONS.split()):
                return at + 1
        if at > self.furthest:
            self.furthest, self.wanted = at, set()
        if at == self.furthest:
            self.wanted.add(_SAID[wanted] if kind == "kind" else "a" if wanted == "A" else wanted)
        return None


def _parts(inner: object) -> tuple[_Expression, ...]:
    assert isinstance(inner, tuple)
    return inner


def _part(inner: object) -> _Expression:
    assert isinstance(inner, tuple)
    return inner


def first_mistake(text: str, tokens: Sequence[Token], prefixes: Mapping[str, str], said: str) -> str:
    """What is wrong with a query that Oxigraph refuses, and where.

    Args:
        text: the query.
        tokens: its tokens.
        prefixes: those that need no declaration.
        said: what Oxigraph says.
    """
    reader = _Reader(tokens)
    try:
        end = reader.read(("rule", "Query"), 0)
    except RecursionError:
        return "the query is too deeply nested"
    if end != len(tokens):
        at = reader.furthest if end is None else max(reader.furthest, end)
        return _misplaced(text, tokens, at, reader.wanted)
    unknown = _undeclared(tokens, prefixes)
    if unknown is not None:
        prefix = unknown.text.partition(":")[0]
        return pointed(text, unknown.start, f"the prefix {prefix}: is not declared", len(prefix) + 1)
    return _as_said(text, said)


def _misplaced(text: str, tokens: Sequence[Token], at: int, wanted: set[str]) -> str:
    named = sorted(wanted - {"."} if len(wanted) > _NAMED else wanted)
    more = f"; {' or '.join(named)} is expected" if 0 < len(named) <= _NAMED else ""
    if at >= len(tokens):
        return pointed(text, tokens[-1].end, f"the query ends too early{more}")
    token = tokens[at]
    shown = token.text if len(token.text) < 30 else f"{token.text[:30]}…"
    shown = "".join(char if char.isprintable() else " " for char in shown)
    first_line = re.split(r"[\r\n]", token.text)[0]
    return pointed(text, token.start, f"{shown} has no place here{more}", len(first_line))


def _undeclared(tokens: Sequence[Token], prefixes: Mapping[str, str]) -> Token | None:
    end = prologue_end(tokens)
    known = {token.text[:-1] for token in tokens[:end] if token.kind == "name"} | set(prefixes)
    names = (token for token in tokens[end:] if token.kind == "name")
    return next((token for token in names if token.text.partition(":")[0] not in known), None)


def _as_said(text: str, said: str) -> str:
    """What Oxigraph says of a query that has the right form, such as of a variable that is not grouped."""
    place = re.match(r"error at (\d+):(\d+): expected (?:one of )?(.*)", said, re.DOTALL)
    if place is None:
        return f"the query is not well formed: {said}"
    sentences = [each.strip() for each in place[3].split(",") if re.match(r"\s*[A-Z][a-z]+ \w", each)]
    message = "; ".join(sentences) or "Oxigraph finds this not well formed"
    lines = text.splitlines(keepends=True)[: int(place[1]) - 1]
    at = min(sum(map(len, lines)) + int(place[2]) - 1, len(text))
    return pointed(text, at, message)
