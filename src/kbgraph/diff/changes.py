"""What was changed between two states of an article: fields, entries and sections.

Articles are compared as data and text, as their authors know them; no RDF here. Which articles
and which works there are is compared in `comparison`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kbgraph.front_data import Data
from kbgraph.kinds import Field, Table
from kbgraph.recovery import Part

__all__ = ["Change", "SectionChange", "Step", "field_changes", "section_changes"]

Step = str | int


@dataclass(frozen=True, slots=True)
class Change:
    """A value that was added (`old` is None), removed (`new` is None) or changed.

    `of` is the noun of the entry it belongs to (`article`, `fact`, `reference`) and `name` tells
    which one; `field` is "" where the whole entry was added or removed, and the values are all of
    it. `path` leads to the value in the new front matter, or in the old one if it was removed.
    """

    of: str
    name: str
    field: str
    old: Data | None
    new: Data | None
    path: tuple[Step, ...]

    @property
    def kind(self) -> str:
        """`added`, `removed` or `changed`."""
        return "added" if self.old is None else "removed" if self.new is None else "changed"


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section that was added, removed, changed or renamed; `position` is its place in the new body."""

    kind: str
    title: str
    old_title: str
    old: str
    new: str
    position: int | None


# ---- the front matter


def field_changes(
    old: Mapping[str, Data], new: Mapping[str, Data], table: Table, aliases: Mapping[str, str]
) -> Iterator[Change]:
    """What differs between two front matters, in the order of the new one.

    >>> from kbgraph.fields import ARTICLE
    >>> [change] = field_changes({"title": "A"}, {"title": "B"}, ARTICLE, {})
    >>> change.field, change.old, change.new
    ('title', 'A', 'B')
    """
    for key in _keys(old, new):
        before, after = old.get(key), new.get(key)
        field = table.find(key, aliases)
        if field is not None and field.noun:
            yield from _entry_changes(key, field, before, after)
        elif _differ(before, after):
            yield Change("article", "", key, before, after, (key,))
    yield from _reordered("article", "", old, new, ())


def _keys(old: Mapping[str, Data], new: Mapping[str, Data]) -> list[str]:
    """All keys, those of the new side first."""
    return [*new, *(key for key in old if key not in new)]


def _differ(old: Data | None, new: Data | None) -> bool:
    return old != new or list(_orders(old)) != list(_orders(new))


def _orders(data: Data | None) -> Iterator[list[str]]:
    """The orders of the keys in nested data, which equality does not see."""
    if isinstance(data, dict):
        yield list(data)
    for inner in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _orders(inner)


def _reordered(
    of: str, name: str, old: Mapping[str, Data], new: Mapping[str, Data], path: tuple[Step, ...]
) -> Iterator[Change]:
    """A change where the keys that both sides have stand in another order."""
    before, after = [key for key in old if key in new], [key for key in new if key in old]
    if before != after:
        yield Change(of, name, "the order of the fields", [*before], [*after], path)


def _entry_changes(key: str, field: Field, old: Data | None, new: Data | None) -> Iterator[Change]:
    """What differs between two lists of entries: each is matched by what it is known by."""
    if not isinstance(old, list | None) or not isinstance(new, list | None):
        if _differ(old, new):
            yield Change("article", "", key, old, new, (key,))
        return
    before, after = old or [], new or []
    pairs = _paired(before, after, field.known_by)
    partner = {there: here for here, there in pairs}
    for place, entry in enumerate(after):
        earlier = before[partner[place]] if place in partner else None
        yield from _entry_change(field, earlier, entry, (key, place))
    kept = {here for here, _ in pairs}
    for place, entry in enumerate(before):
        if place not in kept:
            yield Change(field.noun, _name(entry, field), "", entry, None, (key, place))
    if [here for here, _ in sorted(pairs, key=lambda pair: pair[1])] != sorted(kept):
        names = [[_name(entry, field) for entry in entries] for entries in (before, after)]
        yield Change("article", "", f"the order of {key}", [*names[0]], [*names[1]], (key,))
    if (old is None) is not (new is None) and not before and not after:
        yield Change("article", "", key, old, new, (key,))


def _entry_change(field: Field, old: Data | None, new: Data, path: tuple[Step, ...]) -> Iterator[Change]:
    """What differs between an entry and the one that it was."""
    name = _name(new, field)
    if not isinstance(old, dict) or not isinstance(new, dict):
        if old != new:
            yield Change(field.noun, name, "", old, new, path)
        return
    for key in _keys(old, new):
        before, after = old.get(key), new.get(key)
        if _differ(before, after):
            yield Change(field.noun, name, key, before, after, (*path, key) if key in new else path)
    yield from _reordered(field.noun, name, old, new, path)


def _paired(old: Sequence[Data], new: Sequence[Data], known_by: tuple[str, ...]) -> list[tuple[int, int]]:
    """The places of entries that are one: equal ones first, then by each field they are known by."""
    pairs: list[tuple[int, int]] = []
    here, there = dict(enumerate(old)), dict(enumerate(new))
    for field in (None, *known_by):
        waiting: dict[str, list[int]] = {}
        for place, entry in here.items():
            if (name := _identity(entry, field)) is not None:
                waiting.setdefault(name, []).append(place)
        for place, entry in list(there.items()):
            name = _identity(entry, field)
            if name is not None and waiting.get(name):
                first = waiting[name].pop(0)
                pairs.append((first, place))
                del here[first], there[place]
    return pairs


def _identity(entry: Data, field: str | None) -> str | None:
    """What an entry is compared by: one of its fields, or the whole of it."""
    if field is None:
        return repr(entry)
    value = entry.get(field) if isinstance(entry, dict) else entry if isinstance(entry, str) else None
    return value if isinstance(value, str) and value.strip() else None


def _name(entry: Data, field: Field) -> str:
    """What an entry is called in a message: its id, or else its title or statement."""
    if isinstance(entry, dict):
        keys = (field.known_by[0], field.known_by[-1], *field.known_by)
        return next((value for key in keys if isinstance(value := entry.get(key), str) and value), "")
    return entry if isinstance(entry, str) else ""


# ---- the body


def section_changes(old: Sequence[Part], new: Sequence[Part]) -> Iterator[SectionChange]:
    """The sections that differ, matched by their headings; of one heading the first to the first."""
    before, after = _numbered(old), _numbered(new)
    gone = {key: place for key, place in before.items() if key not in after}
    unmatched = {key: place for key, place in after.items() if key not in before}
    by_content: dict[str, list[tuple[str, int]]] = {}
    for key, place in gone.items():
        by_content.setdefault(_content(old[place]), []).append(key)
    renamed: dict[int, int] = {}
    for place in unmatched.values():
        content = _content(new[place])
        if content.strip() and by_content.get(content):
            renamed[place] = gone.pop(by_content[content].pop(0))
    for key, place in after.items():
        text = new[place].text
        if place in renamed:
            earlier = old[renamed[place]]
            yield SectionChange("renamed", new[place].title, earlier.title, earlier.text, text, place)
        elif key in unmatched:
            yield SectionChange("added", new[place].title, "", "", text, place)
        elif old[before[key]].text != text:
            yield SectionChange("changed", new[place].title, "", old[before[key]].text, text, place)
    for place in gone.values():
        yield SectionChange("removed", old[place].title, "", old[place].text, "", None)
    common = [key for key in before if key in after]
    if common != [key for key in after if key in before]:
        titles = ["\n".join(f"{title}" for title, _ in keys) for keys in (before, after)]
        yield SectionChange("reordered", "", "", titles[0], titles[1], None)


def _numbered(parts: Sequence[Part]) -> dict[tuple[str, int], int]:
    """The place of each section by its title and how many had that title before."""
    seen: Counter[str] = Counter()
    places = {}
    for place, part in enumerate(parts):
        places[(part.title, seen[part.title])] = place
        seen[part.title] += 1
    return places


def _content(part: Part) -> str:
    """A section without its first line, the heading."""
    return part.text.partition("\n")[2] if part.title else part.text
