"""Repairs of values: what a field holds, and the form in which it means the same.

A value is repaired only where its field cannot take it as it is, and can afterwards; links to
doi.org and arXiv over http apart, which say more than they need.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Dict

from pyoxigraph import Literal

from kbgraph.fields import ARTICLE
from kbgraph.fix.dates import iso_day
from kbgraph.fix.repairs import Edit, Path, Repair
from kbgraph.identity import isbn_of
from kbgraph.kinds import Field, Kind, Table
from kbgraph.literals import LITERALS
from kbgraph.nodes import Lines, Mapping, Node, Scalar, Seed
from kbgraph.nodes import Sequence as List
from kbgraph.terms import XSD, is_language_tag
from kbgraph.vocabulary import ARTICLE_TYPES

__all__ = ["value_edits"]

_QUOTED = re.compile(r"""[“”„«»‘’「『＂](?P<inner>[^“”„«»‘’「」『』＂"'\\]+)[“”„«»‘’」』＂]""")
_WORD = re.compile(r"[\w.-]+")
_TRUTH = {"yes": "true", "on": "true", "no": "false", "off": "false"}
_PER_CENT = re.compile(r"(100|[1-9]\d?)(?:\.(\d+))? ?[%％]", re.ASCII)
_COMMA = re.compile(r"([01]),(\d+)", re.ASCII)
_BEFORE_CHRIST = re.compile(r"([1-9]\d{0,3}) ?(?:BCE?|B\. ?C\.(?: ?E\.)?)", re.ASCII)
_DASHES = re.compile(r"[‐‑‒–—−]")
_SPACES = re.compile(r"[\u00a0\u2007\u2009\u202f]")
_HTTP = re.compile(
    r"http://(?:(?:dx\.|www\.)?(?P<doi>doi\.org/10\.\d{4,9}/\S+)"
    r"|(?P<arxiv>(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/\S+))",
    re.ASCII | re.IGNORECASE,
)
#: An entry of one field in a list, which lacks the space that would make it one.
_ENTRY = re.compile(r"""(?P<name>[A-Za-z_]\w*):(?P<value>"[^"\\\r\n]*"|'[^'\r\n]*')""")

#: The beginning of `title:"RDF: An Introduction"` as YAML reads it: the key is `title:"RDF`.
_QUOTED_TOO_SOON = re.compile(r"""(?P<name>[A-Za-z_]\w*):["']""")
#: A text in quotes in one line, which holds what is written.
_IN_QUOTES = re.compile(r"""'([^'\r\n]+)'|"([^"\\\r\n]+)\"""")


def value_edits(seed: Seed, aliases: Dict[str, str]) -> list[Edit]:
    """The edits of single values of a front matter."""
    return list(_of_mapping(seed.front, ARTICLE, aliases, seed.lines, ()))


def _of_mapping(mapping: Mapping, table: Table, aliases: Dict[str, str], lines: Lines, path: Path) -> Iterator[Edit]:
    for key, node in mapping.entries:
        field = table.find(key.text, aliases)
        here = (*path, key.text)
        if field is None:
            yield from _of_key(key, node, table, lines, here)
        yield from _links(node, lines, here) if field is None else _of_field(field, node, aliases, lines, here)


def _of_key(key: Scalar, node: Node, table: Table, lines: Lines, path: Path) -> Iterator[Edit]:
    """The space that a field with a text in quotes lacks, whose `: ` YAML took for the end of the key."""
    found = _QUOTED_TOO_SOON.match(key.text) if key.plain and isinstance(node, Scalar) else None
    if found is None or table.find(found["name"], {}) is None:
        return
    start, end = (
        _offset(lines, key.mark.line, key.mark.column),
        _offset(lines, node.mark.end_line, node.mark.end_column),
    )
    written = lines.text[start + found.end() - 1 : end]
    if whole := _IN_QUOTES.fullmatch(written):
        colon = start + found.end("name") + 1
        value = ((*path[:-1], found["name"]), whole[1] or whole[2], False)
        yield Edit(Repair.COLON, colon, colon, " ", "KB101", path, (value,))


def _offset(lines: Lines, line: int, column: int) -> int:
    return lines.start(line) + column - 1


def _links(node: Node, lines: Lines, path: Path) -> Iterator[Edit]:
    """The links in a value of which nothing else is known."""
    if isinstance(node, Mapping):
        for key, value in node.entries:
            yield from _links(value, lines, (*path, key.text))
    elif isinstance(node, List):
        for place, item in enumerate(node.items):
            yield from _links(item, lines, (*path, place))
    elif (link := _https(node.text)) and (span := _span(node, lines)):
        yield Edit(Repair.HTTPS, *span, link, "", path, ((path, link, False),))


def _of_field(field: Field, node: Node, aliases: Dict[str, str], lines: Lines, path: Path) -> Iterator[Edit]:
    if isinstance(node, Mapping):
        if field.kind is Kind.ENTRY and field.members is not None:
            yield from _of_mapping(node, field.members, aliases, lines, path)
    elif isinstance(node, List):
        for place, item in enumerate(node.items):
            here = (*path, place)
            if isinstance(item, Mapping) and field.members is not None:
                yield from _of_mapping(item, field.members, aliases, lines, here)
            elif isinstance(item, Scalar):
                yield from _of_item(field, item, lines, here)
    elif field.kind.is_scalar and not node.is_null:
        yield from _of_scalar(field, node, lines, path)


def _of_item(field: Field, item: Scalar, lines: Lines, path: Path) -> Iterator[Edit]:
    """A member of a list that is a text: a link, or an entry that lacks its space."""
    yield from _links(item, lines, path)
    span, found = _span(item, lines), _ENTRY.fullmatch(item.text)
    if span and field.members is not None and item.plain and found and field.members.find(found["name"]):
        value = found["value"][1:-1]
        colon = span[0] + found.end("name") + 1
        entry = ((path, "{}", False), ((*path, found["name"]), value, not value.strip()))
        yield Edit(Repair.COLON, colon, colon, " ", "KB103", path, entry)


def _of_scalar(field: Field, node: Scalar, lines: Lines, path: Path) -> Iterator[Edit]:
    span = _span(node, lines)
    meant = _meant(field, node.text) if span is not None else None
    if span is None or meant is None:
        return
    new, repair = meant
    written = f'"{new}"' if node.plain and repair is Repair.QUOTES else new
    yield Edit(repair, *span, written, _code(field, repair, path), path, ((path, new, False),))


#: What the shapes say of a value that has not the form of its field, by the name of the field.
_CODES = {
    "schema_type": "KB105",
    "language": "KB304",
    "confidence": "KB307",
    "created_date": "KB309",
    "last_verified": "KB311",
    "updated": "KB312",
    "generation_method": "KB316",
    "completeness": "KB318",
    "is_live_document": "KB320",
    "derived_from_human_seed": "KB321",
    "count": "KB323",
    "last_citation_check": "KB324",
    "url": "KB344",
    "source_url": "KB344",
    "isbn": "KB346",
    "source_isbn": "KB346",
    "year": "KB347",
    "source_year": "KB347",
    "type": "KB507",
    "source_type": "KB507",
    "conflict_of_interest": "KB511",
}


def _code(field: Field, repair: Repair, path: Path) -> str:
    """The code of the problem that a repaired value was; empty where nobody complains."""
    if repair is Repair.HTTPS:
        return ""
    if repair is Repair.SCHEMA_TYPE:
        return "KB104"
    if field.name == "last_verified" and len(path) > 1:  # that of a fact
        return "KB337"
    return _CODES[field.name]


def _span(node: Scalar, lines: Lines) -> tuple[int, int] | None:
    """Where the text of a scalar stands; None where it is not written as it reads."""
    start, end = lines.span(node.mark)
    if not node.plain:
        start, end = start + 1, end - 1
    return (start, end) if lines.text[start:end] == node.text else None


def _meant(field: Field, text: str) -> tuple[str, Repair] | None:
    """What a value means in the form that its field takes, and what is repaired; None for no repair."""
    if made := _repaired(field, text):
        return made
    quoted = _QUOTED.fullmatch(text.strip())
    if quoted is None or field.kind is Kind.TEXT or (field.kind is Kind.STRING and field.name not in _WORDS):
        return None
    inner = quoted["inner"].strip()
    made = _repaired(field, inner)
    if made:
        return made[0], Repair.QUOTES
    return (inner, Repair.QUOTES) if _is_right(field, inner) else None


#: Texts that are words of a list, though the list is not a vocabulary.
_WORDS = {"schema_type", "language"}


def _is_right(field: Field, text: str) -> bool:
    """True where a text has the form of its field."""
    if field.name == "language":
        return is_language_tag(text)
    if field.name == "schema_type":
        return text in ARTICLE_TYPES.values()
    if field.kind is Kind.CONCEPT:
        return _WORD.fullmatch(text) is not None
    term, _ = LITERALS[field.kind](text)
    return not (isinstance(term, Literal) and term.datatype == XSD.string)


def _repaired(field: Field, text: str) -> tuple[str, Repair] | None:
    """The first reading of a text that differs from it and has the form of its field."""
    if (field.kind is Kind.URL or field.name in {"doi", "source_doi"}) and (link := _https(text.strip())):
        return link, Repair.HTTPS
    if field.name in {"isbn", "source_isbn"}:
        plain = _SPACES.sub(" ", _DASHES.sub("-", text))
        return (plain, Repair.ISBN) if plain != text and isbn_of(plain) else None
    if field.name not in _WORDS and (field.kind not in LITERALS or field.kind is Kind.STRING):
        return None
    if _is_right(field, text):
        return None
    for new, repair in _readings(field, text.strip()):
        if new is not None and new != text and _is_right(field, new):
            return new, repair
    return None


def _readings(field: Field, text: str) -> Iterator[tuple[str | None, Repair]]:
    """What a wrong value of a field may mean."""
    if field.name == "schema_type":
        yield ARTICLE_TYPES.get(text.lower()), Repair.SCHEMA_TYPE
    elif field.name == "language":
        yield text.replace("_", "-"), Repair.LANGUAGE
    elif field.kind in {Kind.DATE, Kind.DAY}:
        yield iso_day(text) or text, Repair.DATE
    elif field.kind is Kind.BOOLEAN:
        yield _TRUTH.get(text.lower()), Repair.TRUTH
    elif field.name == "completeness":
        yield _share(text), Repair.SHARE
    elif field.kind is Kind.YEAR and (found := _BEFORE_CHRIST.fullmatch(text)):
        yield f"-{found[1]}", Repair.YEAR
    elif field.kind is Kind.URL:
        bracketed = text.startswith("<") and text.endswith(">")
        yield text[1:-1].strip() if bracketed else text, Repair.URL


def _share(text: str) -> str | None:
    """A share between 0 and 1 that was written in per cent or with a decimal comma."""
    if found := _PER_CENT.fullmatch(text):
        digits = found[1].zfill(3) + (found[2] or "")
        return f"{digits[0]}.{digits[1:].rstrip('0')}".rstrip(".")
    found = _COMMA.fullmatch(text)
    return f"{found[1]}.{found[2]}" if found else None


def _https(text: str) -> str | None:
    """A link to doi.org or arXiv with https, where it had http."""
    found = _HTTP.fullmatch(text)
    return "https://" + (found["doi"] or found["arxiv"]) if found else None
