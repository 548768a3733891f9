"""What differs between two texts, in few words: changed lines, and long texts cut around a change."""

from __future__ import annotations

import difflib

__all__ = ["shortened", "text_difference"]

#: Lines of a text from which on they are only counted: comparing them takes their square.
_MANY_LINES = 4_000


def text_difference(old: str, new: str) -> list[str]:
    r"""The lines that differ between two texts, each after `-` or `+`, or a sentence where those say nothing.

    >>> text_difference("a\nb\n", "a\nc\n")
    ['-b', '+c']
    """
    before, after = old.splitlines(), new.splitlines()
    if before == after:
        return ["the line ends are others"] if old != new else []
    if max(len(before), len(after)) > _MANY_LINES:
        return [f"{len(before):,} lines are now {len(after):,} lines"]
    found = difflib.unified_diff(before, after, n=0, lineterm="")
    return [line for line in list(found)[2:] if not line.startswith("@@")]


def shortened(old: str, new: str, width: int) -> tuple[str, str]:
    """Two texts, cut to about a width around what differs.

    >>> shortened("the quick brown fox jumps", "the quick red fox jumps", 12)
    ('…quick brown fox…', '…quick red fox…')
    """
    if max(len(old), len(new)) <= width:
        return old, new
    start = _common(old, new)
    end = min(_common(old[::-1], new[::-1]), len(old) - start, len(new) - start)
    around = max(4, width // 3)
    return _cut(old, start, len(old) - end, around, width), _cut(new, start, len(new) - end, around, width)


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _cut(text: str, start: int, end: int, around: int, width: int) -> str:
    """The stretch of a text with some characters around it, from word to word."""
    first = max(0, text.rfind(" ", 0, max(0, start - around)) + 1) if start > around else 0
    last = text.find(" ", min(len(text), min(end, start + width) + around))
    shown = text[first : last if last >= 0 else len(text)]
    return ("…" if first else "") + shown + ("…" if last >= 0 else "")
