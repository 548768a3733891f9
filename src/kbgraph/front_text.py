"""Front matter as YAML that people like to read: block style, quotes only where they are needed.

What is written here reads back as the same texts, with `seeds` as with any other YAML reader, be
it of version 1.1 or 1.2. Which quotes an author chose is not known; a text that YAML would take
for something else is quoted, unless its field holds just that: a number, a year, true or false. Prose is quoted
as well, as people do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from kbgraph.front_data import Data, Null
from kbgraph.kinds import Field, Kind, Table

__all__ = ["front_text", "scalar_text"]

#: A text of several words is quoted from this length on: somebody may add a `: ` to it.
_LONG = 80
#: A key of more characters needs a `?` before it (YAML 1.2.2, 7.4.2, allows 1024 with its quotes).
_LONGEST_KEY = 250

_PRINTABLE = "\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_UNPRINTABLE = re.compile(f"[^{_PRINTABLE}]")
#: No indicator at the beginning, no space at either end, no `: ` or ` #` within.
_PLAIN = re.compile(
    rf"""(?: -(?=[0-9A-Za-z]) | \.(?!\.) | (?![-?:,\[\]{{}}\#&*!|>'"%@`.\ ])[{_PRINTABLE}] )
         (?: (?! :(?:\ |$) | \ \# ) [{_PRINTABLE}] )*""",
    re.VERBOSE,
)
#: What a reader of YAML 1.1 or 1.2 would not take for a text.
_WORD = re.compile(r"y|n|yes|no|on|off|true|false|null|~|=|<<|[-+]?\.inf|\.nan", re.IGNORECASE)
_NUMBER = re.compile(
    r"""[-+]?(?: 0b[01_]+ | 0o[0-7_]+ | 0x[0-9a-f_]+
            | [0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?
            | (?:[0-9][0-9_]*\.?[0-9_]* | \.[0-9_]+)(?:e[-+]?[0-9]+)? )""",
    re.VERBOSE | re.IGNORECASE,
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:t|[ \t]+)[0-9].*)?", re.IGNORECASE)

#: By kind of field: the texts that are written without quotes although YAML takes them for more.
_NATURAL = {
    Kind.BOOLEAN: re.compile(r"true|false|yes|no|on|off", re.IGNORECASE),
    Kind.INTEGER: re.compile(r"[-+]?[0-9]+"),
    Kind.DECIMAL: re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?"),
    Kind.YEAR: re.compile(r"-?[0-9]+"),
}
#: Under an unknown key: what another reader's number or boolean would be written as again.
_CANONICAL = re.compile(r"0|-?[1-9][0-9]{0,14}|-?(?:0|[1-9][0-9]{0,5})\.[0-9]{0,3}[1-9]|true|false")


def front_text(data: Mapping[str, Data], table: Table, aliases: Mapping[str, str] | None = None) -> str:
    r"""The lines between the two `---`, each with its `\n`.

    Args:
        data: keys and values in order.
        table: says of what kind the fields are.
        aliases: the project's own names of fields.

    >>> from kbgraph.fields import SOURCE
    >>> print(front_text({"title": "Elements: Book I", "year": "-300", "authors": ["Euclid"]}, SOURCE), end="")
    title: "Elements: Book I"
    year: -300
    authors:
      - Euclid
    """
    return "".join(f"{line}\n" for line in _mapping(data, table, aliases or {}))


def _mapping(data: Mapping[str, Data], table: Table | None, aliases: Mapping[str, str]) -> list[str]:
    lines: list[str] = []
    for key, value in data.items():
        field = table.find(key, aliases) if table is not None else None
        name = scalar_text(key, Kind.STRING)
        if len(name) > _LONGEST_KEY:
            lines.append(f"? {name}")
            name = ""
        if isinstance(value, str):
            written = scalar_text(value, field.kind if field is not None else None) if value else ""
            lines.append(f"{name}: {written}" if written else f"{name}:")
        elif not value:
            lines.append(f"{name}: {'[]' if isinstance(value, list) else '{}'}")
        else:
            lines.append(f"{name}:")
            lines += (f"  {line}" for line in _inner(value, field, aliases))
    return lines


def _inner(value: Data, field: Field | None, aliases: Mapping[str, str]) -> list[str]:
    """The lines of a list or a mapping that has members."""
    table = field.members if field is not None else None
    if isinstance(value, dict):
        return _mapping(value, table, aliases)
    return [line for item in value for line in _item(item, field, table, aliases)]


def _item(item: Data, field: Field | None, table: Table | None, aliases: Mapping[str, str]) -> list[str]:
    """The lines of one member of a list."""
    if isinstance(item, str):
        return [f"- {scalar_text(item, Kind.STRING if field is not None else None)}"]
    if not item:
        return ["- []" if isinstance(item, list) else "- {}"]
    inner = _mapping(item, table, aliases) if isinstance(item, dict) else _inner(item, None, aliases)
    return [f"- {inner[0]}", *(f"  {line}" for line in inner[1:])]


def scalar_text(text: str, kind: Kind | None) -> str:
    """A text as a YAML scalar on one line; `kind` is that of its field, None where it has none.

    >>> scalar_text("no", Kind.STRING), scalar_text("no", Kind.BOOLEAN), scalar_text("2017", None)
    ('"no"', 'no', '2017')
    """
    if isinstance(text, Null) or _is_plain(text, kind):
        return text
    if _UNPRINTABLE.search(text):
        return '"' + _UNPRINTABLE.sub(_escape, text.replace("\\", "\\\\").replace('"', '\\"')) + '"'
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def _is_plain(text: str, kind: Kind | None) -> bool:
    if _WORD.fullmatch(text) or _NUMBER.fullmatch(text) or _DAY.fullmatch(text):
        natural = _CANONICAL if kind is None or kind is Kind.DATA else _NATURAL.get(kind)
        return natural is not None and natural.fullmatch(text) is not None
    if text.endswith(" ") or (" " in text and (kind is Kind.TEXT or len(text) > _LONG)):
        return False
    return _PLAIN.fullmatch(text) is not None


_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escape(found: re.Match[str]) -> str:
    """A character by its number, as all versions of YAML have it."""
    character = found.group()
    code = ord(character)
    if character in _ESCAPES:
        return _ESCAPES[character]
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
