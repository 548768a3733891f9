"""The kinds of repairs, the problems that they mend, and edits: a stretch of text and its repair."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

__all__ = ["REPAIRS", "Edit", "Leaf", "Path", "Repair", "applied", "fixable", "moved"]


class Repair(Enum):
    """A kind of repair: its noun, the codes of problems that it mends, and what it does."""

    BYTE_ORDER_MARK = "byte order mark", "", "A byte order mark at the beginning is deleted."
    BEGINNING = "blank beginning", "KB004", "Blank lines above the front matter are deleted."
    LINE_END = "line end", "", "CRLF and CR become LF, in the body too."
    LAST_LINE_END = "last line end", "", "The last line gets its end."
    TRAILING_SPACE = "trailing space", "", "Spaces and tabs at the end of a line of the front matter are deleted."
    COLON = "missing space", "KB007 KB103", "A colon between a field and its value gets its space."
    WIDE_COLON = "fullwidth colon", "KB006", "A fullwidth colon behind the name of a field becomes a colon."
    TAB = "tab", "KB006", "Tabs that indent a line of the front matter become spaces."
    REPEATED_LINE = "repeated line", "KB008", "A line that repeats an earlier field, value and all, is deleted."
    QUOTES = (
        "typographic quote",
        "KB105 KB304 KB307 KB309 KB311 KB312 KB316 KB318 KB320 KB321 KB323 KB324 KB337 KB344 KB347 KB507 KB511",
        "Typographic quotes round a date, number, link or word of a list become plain ones.",
    )
    SCHEMA_TYPE = "schema_type", "KB104", "The schema_type is written as schema.org writes it."
    LANGUAGE = "language tag", "KB304", "zh_CN becomes zh-CN."
    DATE = (
        "date",
        "KB309 KB311 KB312 KB324 KB337",
        "2026/6/1, 13/06/2026, June 1, 2026, 1 June 2026 and the like become 2026-06-01 and so on.",
    )
    TRUTH = "truth value", "KB320 KB321", "yes and no, on and off become true and false."
    SHARE = "share", "KB318", "A completeness of 80 % or 0,8 becomes 0.8."
    YEAR = "year", "KB347", "350 BC becomes -350."
    ISBN = "ISBN", "KB346", "Typographic dashes and spaces in an ISBN become hyphens and spaces."
    URL = "URL", "KB344", "Spaces and angle brackets round a URL are deleted."
    HTTPS = (
        "http link",
        "",
        "Links to doi.org and arXiv in the front matter begin with https, and dx.doi.org is doi.org.",
    )

    @property
    def noun(self) -> str:
        """What one such repair is called; its plural ends in s."""
        return self.value[0]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the problems that it mends; none where nobody complains."""
        return tuple(self.value[1].split())

    @property
    def description(self) -> str:
        """What it does, in a sentence."""
        return self.value[2]


REPAIRS: tuple[Repair, ...] = tuple(Repair)
_FIXABLE = frozenset(code for repair in REPAIRS for code in repair.codes)


def fixable(code: str) -> bool:
    """True where problems of a code are mended, provided that it is certain what was meant.

    >>> fixable("KB007"), fixable("KB301")
    (True, False)
    """
    return code in _FIXABLE


#: The keys and places that lead to a value, and a value: where it lies, its text, whether it is null.
Path = tuple[str | int, ...]
Leaf = tuple[Path, str, bool]


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of text and what is to stand there; `code` is that of the problem that it mends, if any.

    `path` and `meant` say which value changes, and to what: one value, or the values of the entry
    that the text turns out to be. Without them no value may change.
    """

    repair: Repair
    start: int
    end: int
    new: str
    code: str = ""
    path: Path | None = None
    meant: tuple[Leaf, ...] = ()


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with its edits, which do not overlap."""
    pieces: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda each: each.start):
        pieces += [text[done : edit.start], edit.new]
        done = edit.end
    return "".join([*pieces, text[done:]])


def moved(edits: Iterable[Edit]) -> list[tuple[Edit, int]]:
    """Each edit with the offset at which its new text begins once all of them are made."""
    made: list[tuple[Edit, int]] = []
    shift = 0
    for edit in sorted(edits, key=lambda each: each.start):
        made.append((edit, edit.start + shift))
        shift += len(edit.new) - (edit.end - edit.start)
    return made
