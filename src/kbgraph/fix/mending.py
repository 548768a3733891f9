"""The repairs of one article, step by step: each is proved before the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from kbgraph.config import Settings
from kbgraph.fix.layout import outer_edits, repeated_lines, trailing_spaces
from kbgraph.fix.proof import Text, proved, read_text
from kbgraph.fix.repairs import Edit, Repair, applied
from kbgraph.fix.syntax import readable
from kbgraph.fix.values import value_edits
from kbgraph.ignores import ignores_of

__all__ = ["Mended", "mended"]

#: Codes of problems, or beginnings of codes.
Codes = tuple[str, ...]
#: A repair may bring another to light, as a date two lines that are now the same.
_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Mended:
    """The bytes of a file after its repairs, and how many of each kind were made."""

    data: bytes
    repairs: Mapping[Repair, int]


def mended(data: bytes, settings: Settings, ignored: Codes = ()) -> Mended:
    r"""The repairs of one file; none where it is not certain that it is an article.

    A file that cannot be read even with its repairs stays as it is. So does what a problem is about
    that nobody is to hear of.

    Args:
        data: the whole file.
        settings: for its limits and aliases.
        ignored: codes, or beginnings of codes, that are ignored in this file; those that its own
            comments name come to them.

    >>> made = mended(b'---\nid:"a"\nlanguage: zh_CN\n---\n', Settings())
    >>> made.data
    b'---\nid: "a"\nlanguage: zh-CN\n---\n'
    """
    unchanged = Mended(data, {})
    if len(data) > settings.limits.file_bytes:
        return unchanged
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return unchanged
    made: Counter[Repair] = Counter()
    now = _begun(text, settings, ignored, made)
    if now is None:
        return unchanged
    for _ in range(_ROUNDS):
        before = now.text
        for step in (_trailing, _repeated, _values):
            edits = _heard_of(step(now, settings), now, settings, ignored)
            now, edits = proved(now, edits, settings.limits)
            made.update(edit.repair for edit in edits)
        if now.text == before:
            break
    return Mended(now.text.encode(), made) if made else unchanged


def _begun(text: str, settings: Settings, ignored: Codes, made: Counter[Repair]) -> Text | None:
    """The text with the repairs that need no values, and those without which it cannot be read."""
    before = read_text(text, settings.limits)
    edits = outer_edits(text)
    if before.seed is not None:
        now, kept = proved(before, edits, settings.limits)
        if len(kept) < len(edits):  # line ends decide here what is read: nothing is certain
            return None
    else:
        now = read_text(applied(text, edits), settings.limits) if edits else before
        if now.seed is None:
            again = readable(now, settings)
            if again is None:
                return None
            now, more = again
            edits = [*edits, *more]
        if any(_names(edit.repair, ignored) for edit in edits):
            return None
    made.update(edit.repair for edit in edits)
    return now


def _heard_of(edits: list[Edit], now: Text, settings: Settings, ignored: Codes) -> list[Edit]:
    """The edits but for those of problems that are ignored in the file or at their place."""
    if now.seed is None or not any(edit.repair.codes for edit in edits):
        return edits
    comments, _ = ignores_of(now.text.encode(), "", settings.limits)
    kept = []
    for edit in edits:
        line, _ = now.seed.lines.position(edit.start)
        here = [code for each in comments if each.first <= line <= each.last for code in each.codes]
        if not _names(edit.repair, (*ignored, *here)):
            kept.append(edit)
    return kept


def _names(repair: Repair, codes: Codes) -> bool:
    """True where a code, or the beginning of one, is among those of a repair."""
    return any(each.startswith(code) for code in codes for each in repair.codes)


def _trailing(now: Text, settings: Settings) -> list[Edit]:
    del settings
    return trailing_spaces(now.seed) if now.seed is not None else []


def _repeated(now: Text, settings: Settings) -> list[Edit]:
    """Lines that a problem of duplicate keys names, each with an earlier one."""
    del settings
    if now.seed is None:
        return []
    pairs = [
        (each.related[0].line, each.place.line)
        for each in now.problems
        if each.code == "KB008" and each.related[0].line < each.place.line
    ]
    return repeated_lines(now.seed, pairs)


def _values(now: Text, settings: Settings) -> list[Edit]:
    return value_edits(now.seed, settings.aliases) if now.seed is not None else []
