"""Nodes to an `Article`, by the table of fields, and the problems found on the way.

Whatever does not fit its field is reported and kept as an `Extra`, so that nothing is lost.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from urllib.parse import quote

from kbgraph.body import excess_of, sections_of
from kbgraph.config import Settings
from kbgraph.errors import Mark, Place, Problem
from kbgraph.fields import ARTICLE
from kbgraph.inputs import key_of
from kbgraph.jcs import json_text, key_order
from kbgraph.kinds import Field, Kind, Table
from kbgraph.model import Article, Entry, Extra, File, Reference, Section, Value
from kbgraph.nodes import Mapping, Node, Scalar, Seed, Sequence
from kbgraph.rules import problem
from kbgraph.seeds import parse_seed

__all__ = ["read_article"]


def read_article(data: bytes, path: str, settings: Settings) -> tuple[Article | None, list[Problem]]:
    """Read one file; None where it cannot be read, and the problems say why.

    Args:
        data: the whole file.
        path: its path below the folder that was given, with `/`.
        settings: for its limits and aliases.
    """
    article, problems = _read(data, path, settings)
    most = settings.limits.problems
    if len(problems) <= most:
        return article, problems
    message = f"The article has more than {most:,} problems (the limit problems); these are the first."
    return None, [*problems[:most], problem("KB003", path, problems[most].place.mark, message)]


def _read(data: bytes, path: str, settings: Settings) -> tuple[Article | None, list[Problem]]:
    seed, problems = parse_seed(data, path, settings.limits)
    if seed is None:
        return None, problems
    try:
        entry, sections = _parts_of(seed, path, settings, problems)
    except _TooMuch as too_much:
        return None, [*problems, problem("KB003", path, too_much.mark, str(too_much))]
    problems += _repeated_facts(entry, path)
    references = tuple(
        Reference(position, role, source)
        for position, (role, source) in enumerate(
            ((role, source) for role in ("primary", "secondary") for source in entry.entries(f"{role}_sources")),
            start=1,
        )
    )
    file = File(path, len(data), hashlib.sha256(data).hexdigest())
    return Article(key_of(path), file, entry, references, sections), problems


class _TooMuch(Exception):
    """Ends the reading of an article at the place where a limit is passed; never leaves this module."""

    def __init__(self, mark: Mark, message: str) -> None:
        super().__init__(message)
        self.mark = mark


def _parts_of(seed: Seed, path: str, settings: Settings, problems: list[Problem]) -> tuple[Entry, tuple[Section, ...]]:
    """The front matter as an entry, and the sections of the body, within the limits.

    Raises:
        _TooMuch: they are beyond them.
    """
    limits = settings.limits
    reader = _EntryReader(path, settings, problems)
    entry = reader.read(seed.front, ARTICLE)
    category = entry.value("category")
    if category is not None and category.text.count("/") > limits.folder_depth:
        message = f"The category has more than {limits.folder_depth} levels (the limit folder_depth)."
        raise _TooMuch(category.mark, message)
    excess = excess_of(seed, limits.markup)
    if excess is not None:
        message = f"The body has more than {limits.markup:,} line ends and characters of markup (the limit markup)."
        raise _TooMuch(excess, message)
    sections = sections_of(seed)
    for section in sections:
        reader.count(section.mark)
        for link in section.links:
            reader.count(link.mark)
    return entry, sections


def _repeated_facts(entry: Entry, path: str) -> list[Problem]:
    """The facts whose id an earlier fact of the article has."""
    first: dict[str, Mark] = {}
    found: list[Problem] = []
    for value in (fact.value("id") for fact in entry.entries("atomic_facts")):
        if value is None:
            continue
        if value.text in first:
            there = first[value.text]
            message = f"The fact id '{value.text}' is used already in line {there.line}."
            found.append(problem("KB106", path, value.mark, message, related=(Place(path, there),)))
        else:
            first[value.text] = value.mark
    return found


class _EntryReader:
    """Sorts the keys of mappings into the fields of a table."""

    def __init__(self, path: str, settings: Settings, problems: list[Problem]) -> None:
        self.path, self.aliases, self.limits = path, settings.aliases, settings.limits
        self.problems = problems
        self.parts = 0

    def count(self, mark: Mark) -> None:
        """Count a part of the article.

        Raises:
            _TooMuch: it is one too many.
        """
        self.parts += 1
        if self.parts > self.limits.parts:
            message = f"The article has more than {self.limits.parts:,} entries, sections and links (the limit parts)."
            raise _TooMuch(mark, message)

    def read(self, mapping: Mapping, table: Table) -> Entry:
        scalars: dict[str, Value] = {}
        lists: dict[str, tuple[Value | Entry, ...]] = {}
        marks: dict[str, Mark] = {}
        written: dict[str, str] = {}
        empty: list[str] = []
        extras: list[Extra] = []
        for key, node in mapping.entries:
            field = table.find(key.text, self.aliases)
            if field is None:
                self._say("KB101", key.mark, f"The field '{key.text}' is not known.", _guess(key, table))
                extras.append(self._extra(key, node))
                continue
            if field.name in marks:
                line = marks[field.name].line
                self._say("KB102", key.mark, f"'{key.text}' is another name of a field that line {line} has already.")
                extras.append(self._extra(key, node))
                continue
            written[field.name] = key.text
            marks[field.name] = key.mark if isinstance(node, Scalar) and not node.text else node.mark
            if isinstance(node, Scalar) and node.is_null:
                extras.append(self._extra(key, node))
            elif field.kind.is_scalar:
                if isinstance(node, Scalar):
                    scalars[field.name] = Value(node.text, node.mark)
                else:
                    self._wrong(field, key, node, extras)
            else:
                lists[field.name] = self._members(field, key, node, extras)
                if isinstance(node, Sequence) and not node.items:
                    empty.append(key.text)
        keys = tuple(key.text for key, _ in mapping.entries)
        return Entry(mapping.mark, keys, scalars, lists, marks, written, tuple(empty), tuple(extras))

    def _members(self, field: Field, key: Scalar, node: Node, extras: list[Extra]) -> tuple[Value | Entry, ...]:
        """The members of a list field; what is no member is reported and kept."""
        kind = field.kind
        if kind is Kind.DATA:
            extras.append(self._extra(key, node))
            return tuple(_scalars_of(node))
        if kind is Kind.ENTRY:
            if isinstance(node, Mapping) and field.members is not None:
                return (self.read(node, field.members),)
            self._wrong(field, key, node, extras)
            return ()
        texts = kind in {Kind.TEXTS, Kind.MIXED}
        if isinstance(node, Scalar) and texts:  # `tags: one` is a list of one
            extras.append(self._extra(key, node))
            return (Value(node.text, node.mark),)
        if not isinstance(node, Sequence):
            self._wrong(field, key, node, extras)
            return ()
        members: list[Value | Entry] = []
        refused = False
        for item in node.items:
            self.count(item.mark)
            if isinstance(item, Mapping) and field.members is not None:
                members.append(self.read(item, field.members))
            elif isinstance(item, Scalar) and texts and not item.is_null:
                members.append(Value(item.text, item.mark))
            else:
                refused = True
                self._say(
                    "KB103", item.mark, f"'{key.text}' must be {kind.value}; here is {_kind_of(item)}.", _hint(item)
                )
        if refused:
            extras.append(self._extra(key, node))
        return tuple(members)

    def _extra(self, key: Scalar, node: Node) -> Extra:
        """A value that no field holds, as it is kept."""
        self.count(key.mark)
        if isinstance(node, Scalar):
            return Extra(key.text, node.mark if node.text else key.mark, text=node.text)
        written = _Pointers(key.mark, self.limits.key_paths)
        data = _json_of(node, (), written)
        sorted_keys: list[str] = []
        _pointers(data, (), sorted_keys)
        order = " ".join(written) if written != sorted_keys else None
        return Extra(key.text, node.mark, json=json_text(data), order=order)

    def _wrong(self, field: Field, key: Scalar, node: Node, extras: list[Extra]) -> None:
        message = f"'{key.text}' must be {field.kind.value}, but it is {_kind_of(node)}."
        self._say("KB103", node.mark, message, _hint(node))
        extras.append(self._extra(key, node))

    def _say(self, code: str, mark: Mark, message: str, hint: str = "") -> None:
        self.problems.append(problem(code, self.path, mark, message, hint=hint))


def _guess(key: Scalar, table: Table) -> str:
    """What an unknown key may have been meant to be."""
    if hint := _hint(key):
        return hint
    plain = re.sub(r"[\W_]+", "_", key.text.casefold()).strip("_")
    near = difflib.get_close_matches(plain, table.names, n=1, cutoff=0.8)
    return f"Did you mean '{near[0]}'? It is kept as it is." if near else ""


def _kind_of(node: Node) -> str:
    if isinstance(node, Scalar):
        return "nothing" if node.is_null else "a text"
    return "a list" if isinstance(node, Sequence) else "an entry of 'name: value' lines"


def _hint(node: Node) -> str:
    """A text such as `year:2017` is a field that lacks its space."""
    if isinstance(node, Scalar) and node.plain:
        name, colon, rest = node.text.partition(":")
        if colon and name.isidentifier() and rest and not rest.startswith((" ", "//")):
            return f"Put a space after the colon: '{name}: {rest}'."
    return ""


def _scalars_of(node: Node) -> list[Value]:
    """Every text in a node, in order, without the keys."""
    if isinstance(node, Scalar):
        return [] if node.is_null else [Value(node.text, node.mark)]
    inner = node.items if isinstance(node, Sequence) else tuple(value for _, value in node.entries)
    return [value for each in inner for value in _scalars_of(each)]


class _Pointers(list[str]):
    """JSON pointers, which together may have so many characters.

    Each holds all keys above it, so that they can be far longer than the file.
    """

    def __init__(self, mark: Mark, most: int) -> None:
        super().__init__()
        self.mark, self.most, self.left = mark, most, most

    def add(self, path: tuple[str, ...]) -> None:
        """Add one; raises `_TooMuch` where it is too much."""
        self.left -= sum(map(len, path)) + len(path)
        if self.left < 0:
            message = f"The paths to the keys have more than {self.most:,} characters (the limit key_paths)."
            raise _TooMuch(self.mark, message)
        self.append("/".join(path))


def _json_of(node: Node, path: tuple[str, ...], written: _Pointers) -> object:
    """The node as JSON data, all scalars as texts; `written` gets the pointers of the keys."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [_json_of(item, (*path, str(place)), written) for place, item in enumerate(node.items)]
    made: dict[str, object] = {}
    for key, value in node.entries:
        here = (*path, quote(key.text, safe=""))
        written.add(here)
        made[key.text] = _json_of(value, here, written)
    return made


def _pointers(data: object, path: tuple[str, ...], found: list[str]) -> None:
    """The pointers of all keys of JSON data in the order of RFC 8785."""
    if isinstance(data, list):
        for place, item in enumerate(data):
            _pointers(item, (*path, str(place)), found)
    elif isinstance(data, dict):
        for name in sorted(data, key=key_order):
            here = (*path, quote(name, safe=""))
            found.append("/".join(here))
            _pointers(data[name], here, found)
