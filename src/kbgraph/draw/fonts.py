"""How wide characters are, read from the fonts that ship beside this module.

No font of the system is looked at, so that a picture is the same on every machine. Shaping is not
done here: texts of scripts that join letters get the width of their letters apart, which is enough.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from struct import unpack_from

from kbgraph.resources import resource_bytes, resource_folder

__all__ = ["FAMILY", "font_file", "has", "width_of"]

FAMILY = "DejaVu Sans Condensed"


def font_file(*, bold: bool = False) -> Path:
    """The font for texts, or for headings."""
    return resource_folder("draw/fonts") / f"DejaVuSansCondensed{'-Bold' if bold else ''}.ttf"


@cache
def _widths(*, bold: bool) -> Mapping[int, float]:
    """The advance of each character as a share of the font's size: `cmap` format 4 and `hmtx` of OpenType."""
    data = resource_bytes("draw/fonts", font_file(bold=bold).name)
    count = unpack_from(">H", data, 4)[0]
    tables = {data[at : at + 4]: unpack_from(">I", data, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}
    units = unpack_from(">H", data, tables[b"head"] + 18)[0]
    metrics = unpack_from(">H", data, tables[b"hhea"] + 34)[0]

    def advance(glyph: int) -> float:
        return float(unpack_from(">H", data, tables[b"hmtx"] + 4 * min(glyph, metrics - 1))[0]) / float(units)

    return {code: advance(glyph) for code, glyph in _glyphs(data, tables[b"cmap"]).items()}


def _glyphs(data: bytes, start: int) -> dict[int, int]:
    for number in range(unpack_from(">H", data, start + 2)[0]):
        at = start + unpack_from(">I", data, start + 4 + 8 * number + 4)[0]
        if unpack_from(">H", data, at)[0] == 4:
            break
    else:  # pragma: no cover - the fonts that ship have one
        return {}
    segments = unpack_from(">H", data, at + 6)[0] // 2
    ends, starts, deltas, offsets = (at + 14 + 2 * segments * n + (2 if n else 0) for n in range(4))
    found: dict[int, int] = {}
    for each in range(segments):
        last, first, delta, offset = (
            unpack_from(">H", data, table + 2 * each)[0] for table in (ends, starts, deltas, offsets)
        )
        for code in range(first, min(last, 0xFFFE) + 1):
            if offset == 0:
                glyph = (code + delta) & 0xFFFF
            else:
                raw = unpack_from(">H", data, offsets + 2 * each + offset + 2 * (code - first))[0]
                glyph = (raw + delta) & 0xFFFF if raw else 0
            if glyph:
                found[code] = glyph
    return found


def has(character: str) -> bool:
    """Whether the fonts know a character."""
    return ord(character) in _widths(bold=False)


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is, in the unit of its size.

    >>> round(width_of("graph", 10), 2)
    26.34
    """
    known = _widths(bold=bold)
    return size * sum(known[ord(each)] if ord(each) in known else _foreign(each) for each in text)


def _foreign(character: str) -> float:
    """What to allow for a character that another font draws."""
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Cf"}:
        return 0.0
    return 1.0 if unicodedata.east_asian_width(character) in {"W", "F"} else 0.7
