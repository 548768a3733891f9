"""What a field of the front matter is: its kind, its property, and tables of fields.

Which fields there are is in `fields`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

__all__ = ["Field", "Kind", "Table"]


class Kind(Enum):
    """What a value is. Those that `is_scalar` names are said by one text."""

    STRING = "a text"
    TEXT = "a text in the article's language"
    DATE = "a date such as 2026-06-01"
    DAY = "a day such as 2026-06-01"
    BOOLEAN = "true or false"
    INTEGER = "a whole number such as 3"
    DECIMAL = "a number such as 0.82"
    YEAR = "a year such as 2022, or -350 for 350 BC"
    URL = "an http(s) URL"
    CONCEPT = "one word of a list"
    TEXTS = "a list of texts"
    ENTRIES = "a list of entries, each with fields of its own"
    MIXED = "a list of texts or entries"
    ENTRY = "'name: value' lines"
    DATA = "a text, a list, or 'name: value' lines"

    @property
    def is_scalar(self) -> bool:
        """True for the kinds that one text says."""
        return self in _SCALARS


_SCALARS = {
    Kind.STRING,
    Kind.TEXT,
    Kind.DATE,
    Kind.DAY,
    Kind.BOOLEAN,
    Kind.INTEGER,
    Kind.DECIMAL,
    Kind.YEAR,
    Kind.URL,
    Kind.CONCEPT,
}


class Field(NamedTuple):
    """One field. `property` is a CURIE; `members` the table of a field that holds entries.

    `scheme` names the vocabulary scheme of a concept. A field is `direct` where its property, on
    the entity itself, takes its value; the others say more, or say it elsewhere. A list is
    `ordered` where its members become numbered nodes, so that their order is not lost, and
    `loose` where its statements do not tell what was written: it is kept as written, too. `noun`
    is what one of its entries is called, `known_by` the fields that tell which one it is, the
    surest first.
    """

    name: str
    kind: Kind
    property: str
    description: str
    example: str = ""
    aliases: tuple[str, ...] = ()
    scheme: str = ""
    members: Table | None = None
    required: bool = False
    direct: bool = True
    ordered: bool = False
    loose: bool = False
    noun: str = ""
    known_by: tuple[str, ...] = ()


class Table:
    """Fields by name and alias, in the order in which they are documented."""

    def __init__(self, *fields: Field) -> None:
        self.fields = fields
        self._by_name = {name: field for field in fields for name in (field.name, *field.aliases)}

    def find(self, name: str, aliases: Mapping[str, str] | None = None) -> Field | None:
        """The field that a key names; `aliases` are the project's own and come after ours."""
        field = self._by_name.get(name)
        if field is None and aliases and name in aliases:
            field = self._by_name.get(aliases[name])
        return field

    @property
    def names(self) -> tuple[str, ...]:
        """All names that a key may have."""
        return tuple(self._by_name)

    def __getitem__(self, name: str) -> Field:
        return self._by_name[name]
