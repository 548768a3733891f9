"""The repairs of one article, step by step: each is proved before the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kbgraph.config import Settings
from kbgraph.fix.layout import outer_edits, repeated_lines, trailing_spaces
from kbgraph.fix.proof import Text, proved, read_text
from kbgraph.fix.repairs import Edit, Repair, applied
from kbgraph.fix.syntax import readable
from kbgraph.fix.values import value_edits
from kbgraph.ignores import ignores_of

__all__ = ["Mended", "mended"]

#: A repair may bring another to light, as a date two lines that are now the same.
_ROUNDS = 8
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Mended:
    """The bytes of a file after its repairs, and how many of each kind were made."""

    data: bytes
    repairs: Mapping[Repair, int]


def mended(data: bytes, settings: Settings, wanted: Callable[[str], bool] = lambda _: True) -> Mended:
    r"""The repairs of one file; none where it is not certain that it is an article.

    A file that cannot be read even with its repairs stays as it is. So does what a comment in the
    file says to ignore.

    Args:
        data: the whole file.
        settings: for its limits and aliases.
        wanted: says of the code of a problem whether it is to be mended; an empty code stands for
            repairs of what is no problem, such as line ends.

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
    bare = text.lstrip(_MARK)
    mark = text[: len(text) - len(bare)]
    if mark and wanted(""):
        made[Repair.BYTE_ORDER_MARK], mark = 1, ""
    now = _begun(bare, settings, wanted, made)
    if now is None or len(mark) > 1:
        return unchanged
    for _ in range(_ROUNDS):
        before = now.text
        for step in (_trailing, _repeated, _values):
            edits = _not_ignored([edit for edit in step(now, settings) if wanted(edit.code)], now, settings)
            now, edits = proved(now, edits, settings.limits)
            made.update(edit.repair for edit in edits)
        if now.text == before:
            break
    return Mended((mark + now.text).encode(), made) if made else unchanged


def _begun(text: str, settings: Settings, wanted: Callable[[str], bool], made: Counter[Repair]) -> Text | None:
    """The text with the repairs that need no values, and those without which it cannot be read."""
    before = read_text(text, settings.limits)
    edits = [edit for edit in outer_edits(text) if wanted(edit.code)]
    if before.seed is not None:
        now, kept = proved(before, edits, settings.limits)
        if len(kept) < len(edits):  # line ends decide here what is read: nothing is certain
            return None
    else:
        now = read_text(applied(text, edits), settings.limits) if edits else before
        if now.seed is None:
            again = readable(now, settings)
            if again is None or not all(wanted(edit.code) for edit in again[1]):
                return None
            now, more = again
            edits = [*edits, *more]
    made.update(edit.repair for edit in edits)
    return now


def _not_ignored(edits: list[Edit], now: Text, settings: Settings) -> list[Edit]:
    """The edits but for those of problems that a comment says to ignore at their place."""
    if now.seed is None or not any(edit.code for edit in edits):
        return edits
    comments, _ = ignores_of(now.text.encode(), "", settings.limits)
    kept = []
    for edit in edits:
        line, _ = now.seed.lines.position(edit.start)
        here = [code for each in comments if each.first <= line <= each.last for code in each.codes]
        if not edit.code.startswith(tuple(here)):
            kept.append(edit)
    return kept


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
