"""Repairs of a front matter that cannot be read as YAML: colons without a space, tabs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Dict

from kbgraph.config import Settings
from kbgraph.fields import ARTICLE, tables
from kbgraph.fix.proof import Text, read_text
from kbgraph.fix.repairs import Edit, Repair, applied, moved
from kbgraph.kinds import Field, Kind, Table
from kbgraph.missing_spaces import with_spaces
from kbgraph.nodes import Mapping, Node, Seed
from kbgraph.nodes import Sequence as List

__all__ = ["readable"]

_FRONT = re.compile(r"---[ \t]*(?:\r\n?|\n)(?P<front>.*?)^(?:---|\.\.\.)[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_NAMES = "|".join(sorted({re.escape(name) for table in tables() for name in table.names}))
#: Behind the name of a field any text may stand, but for what YAML would not take for one.
_COLON = re.compile(rf"^[ \t]*(?:-[ \t]+)*(?:{_NAMES}):(?=[^\s:#&*!])", re.MULTILINE)
_WIDE_COLON = re.compile(rf"^[ \t]*(?:-[ \t]+)*(?:{_NAMES})(?P<colon>：[ \t]*)(?P<more>\S?)", re.MULTILINE)
_TABS = re.compile(r"^\t++(?= *+\S)", re.MULTILINE)
#: How many columns a tab may stand for; where several can be read, they must mean the same.
_WIDTHS = (2, 4, 8)


def readable(broken: Text, settings: Settings) -> tuple[Text, list[Edit]] | None:
    """A text that could not be read, with the edits after which it can; None where none are certain."""
    found = _FRONT.match(broken.text)
    if found is None:
        return None
    start, front = found.start("front"), found["front"]
    _, offsets = with_spaces(front)
    edits = [Edit(Repair.COLON, start + each, start + each, " ", "KB007") for each in offsets]
    edits += _wide_colons(front, start)
    if edits and (made := _certain(broken.text, edits, settings)):
        return made
    more = sorted({found.end() for found in _COLON.finditer(front)} - set(offsets))
    edits += [Edit(Repair.COLON, start + each, start + each, " ", "KB007") for each in more]
    if more and (made := _certain(broken.text, edits, settings)):
        return made
    readings = []
    for width in _WIDTHS:
        tabs = [
            Edit(Repair.TAB, start + each.start(), start + each.end(), " " * width * len(each.group()), "KB006")
            for each in _TABS.finditer(front)
        ]
        if tabs and (made := _certain(broken.text, [*edits, *tabs], settings)):
            readings.append(made)
    if not readings or any(text.leaves != readings[0][0].leaves for text, _ in readings):
        return None
    return readings[0]


def _wide_colons(front: str, start: int) -> list[Edit]:
    return [
        Edit(
            Repair.WIDE_COLON,
            start + each.start("colon"),
            start + each.end("colon"),
            ": " if each["more"] else ":",
            "KB006",
        )
        for each in _WIDE_COLON.finditer(front)
    ]


def _certain(text: str, edits: list[Edit], settings: Settings) -> tuple[Text, list[Edit]] | None:
    """The text with the edits that make a field where one may stand; None where it cannot be read then."""
    for _ in range(2):  # without the others it must be readable, too
        after = read_text(applied(text, edits), settings.limits)
        if after.seed is None:
            return None
        ends = set(_ends_of_keys(after.seed, settings.aliases))
        kept = [edit for edit, offset in moved(edits) if _is_key(edit, offset, ends)]
        if len(kept) == len(edits):
            return after, edits
        edits = kept
    return None


def _is_key(edit: Edit, offset: int, ends: set[int]) -> bool:
    """True where a colon that was edited ends a key; a space stands behind its colon."""
    if edit.repair is Repair.TAB:
        return True
    return (offset if edit.repair is Repair.WIDE_COLON else offset - 1) in ends


def _ends_of_keys(seed: Seed, aliases: Dict[str, str]) -> Iterator[int]:
    """The offsets at which keys end, where the table of fields allows for keys."""
    waiting: list[tuple[Mapping, Table | None]] = [(seed.front, ARTICLE)]
    while waiting:
        mapping, table = waiting.pop()
        for key, node in mapping.entries:
            yield seed.lines.span(key.mark)[1]
            field = table.find(key.text, aliases) if table is not None else None
            waiting += [(inner, field.members if field is not None else None) for inner in _entries(field, node)]


def _entries(field: Field | None, node: Node) -> list[Mapping]:
    """The mappings that a value holds and may hold; of an unknown list, those with several keys."""
    if isinstance(node, Mapping):
        return [node] if field is None or field.kind in {Kind.ENTRY, Kind.DATA} else []
    if not isinstance(node, List) or (field is not None and field.members is None):
        return []
    found = [item for item in node.items if isinstance(item, Mapping)]
    return [item for item in found if field is not None or len(item.entries) > 1]
