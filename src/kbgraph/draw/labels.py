"""Texts that fit: broken into lines of a width, and shortened where the lines are too many."""

from __future__ import annotations

import re
import unicodedata

from kbgraph.draw.fonts import width_of

__all__ = ["clean", "shortened", "wrapped"]

_ELLIPSIS = "…"
#: Where a line may end: at spaces, after hyphens and slashes.
_PIECES = re.compile(r"\S+?(?:[-/–—](?=\w)|(?=\s)|$)|\s+")


def clean(text: str) -> str:
    """A text on one line, without what is no character: controls, and marks that turn the direction."""
    shown = "".join(" " if unicodedata.category(each) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else each for each in text)
    return " ".join(shown.split())


def shortened(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """A text of one line, with an ellipsis where it would be wider."""
    if width_of(text, size, bold=bold) <= width:
        return text
    kept = text
    while kept and width_of(kept.rstrip() + _ELLIPSIS, size, bold=bold) > width:
        kept = kept[:-1]
    return kept.rstrip(" ,;:.–-") + _ELLIPSIS


def wrapped(text: str, width: float, size: float, *, bold: bool = False, most: int = 3) -> tuple[str, ...]:
    """The lines of a text, none wider than the width; the last one ends with an ellipsis where there are more.

    >>> wrapped("Attention is all you need", 60, 10)
    ('Attention is', 'all you need')
    """
    lines: list[str] = []
    rest = clean(text)
    while rest and len(lines) < most - 1:
        line = _first(rest, width, size, bold=bold)
        lines.append(line.rstrip())
        rest = rest[len(line) :].lstrip()
    if rest:
        lines.append(shortened(rest, width, size, bold=bold))
    return tuple(lines)


def _first(text: str, width: float, size: float, *, bold: bool) -> str:
    """The longest beginning that fits and ends between words; of a word that is too long, what fits."""
    line = ""
    for piece in _PIECES.findall(text):
        if width_of((line + piece).rstrip(), size, bold=bold) > width:
            break
        line += piece
    if not line:
        line = text[:1]
        while len(line) < len(text) and width_of(text[: len(line) + 1], size, bold=bold) <= width:
            line = text[: len(line) + 1]
    return line
