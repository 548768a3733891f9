"""An article as it was read: frozen values, no parsing and no RDF.

An `Entry` is one mapping of the front matter (the whole of it, a fact, a source, a disputed
statement) with its values sorted by field. What a field means is said in `fields`, what becomes
of it in `convert`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kbgraph.errors import Mark

__all__ = ["Article", "Entry", "Extra", "File", "Link", "Reference", "Section", "Value"]


class Value(NamedTuple):
    """A scalar exactly as written, and where."""

    text: str
    mark: Mark


class Extra(NamedTuple):
    """A value that no field holds: its key, and its text, or its JSON (RFC 8785) if it is nested.

    `order` lists the JSON pointers of all keys as written, where sorting would lose their order.
    """

    name: str
    mark: Mark
    text: str | None = None
    json: str | None = None
    order: str | None = None


class Entry(NamedTuple):
    """One mapping: its keys as written and in order, its values by field name.

    `marks` has the place of every field that was written, read or not, and `written` the key it
    was written under; `empty` names the lists that were written as empty.
    """

    mark: Mark
    keys: tuple[str, ...] = ()
    scalars: Mapping[str, Value] | None = None
    lists: Mapping[str, tuple[Value | Entry, ...]] | None = None
    marks: Mapping[str, Mark] | None = None
    written: Mapping[str, str] | None = None
    empty: tuple[str, ...] = ()
    extras: tuple[Extra, ...] = ()

    def value(self, field: str) -> Value | None:
        """The scalar of a field."""
        return self.scalars.get(field) if self.scalars else None

    def text(self, field: str) -> str:
        """The text of a scalar field; empty where there is none."""
        value = self.value(field)
        return value.text if value is not None else ""

    def items(self, field: str) -> tuple[Value | Entry, ...]:
        """The members of a list field, in order."""
        return self.lists.get(field, ()) if self.lists else ()

    def entries(self, field: str) -> tuple[Entry, ...]:
        """Those members of a list field that are mappings."""
        return tuple(item for item in self.items(field) if isinstance(item, Entry))


class Reference(NamedTuple):
    """What an article states about a source: an entry of `primary_sources` (1, 2, …) and so on.

    `role` is `primary` or `secondary`.
    """

    position: int
    role: str
    entry: Entry


class Link(NamedTuple):
    """A link in the body: its target as written, and where."""

    target: str
    mark: Mark


class Section(NamedTuple):
    """A slice of the body from one heading to the next.

    `position` is 0 for what stands before the first heading, which has level 0 and no title.
    `text` is the slice, `content` the slice without its heading.
    """

    position: int
    level: int
    title: str
    text: str
    content: str
    mark: Mark
    links: tuple[Link, ...] = ()


class File(NamedTuple):
    """The file that an article was read from: path below the given folder, bytes, sha256 in hex."""

    path: str
    size: int
    sha256: str


class Article(NamedTuple):
    """One article. `key` is the path of its file without `.md`."""

    key: str
    file: File
    entry: Entry
    references: tuple[Reference, ...]
    sections: tuple[Section, ...]
