"""What kinds of entities look like in pictures: colours that people with any colour vision tell apart, and shapes.

The explorer has the same ones; a test compares the colours with `web/src/draw/theme.js`.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["INK", "LINE", "LOOKS", "PAPER", "SOFT", "Look", "mixed"]

PAPER = "#ffffff"
INK = "#1b2430"
SOFT = "#56616f"
LINE = "#bcc7d2"


@dataclass(frozen=True, slots=True)
class Look:
    """A colour, and a shape: `circle`, or the corners of a polygon in a square from -1 to 1."""

    colour: str
    corners: tuple[tuple[float, float], ...] = ()


#: By kind, after Okabe and Ito; darkened where a mark on white would be too faint.
LOOKS = {
    "category": Look("#4a5563", ((-1.15, -0.75), (1.15, -0.75), (1.15, 0.75), (-1.15, 0.75))),
    "article": Look("#0072b2"),
    "fact": Look("#56b4e9", ((0.0, -1.15), (1.15, 0.0), (0.0, 1.15), (-1.15, 0.0))),
    "source": Look("#d55e00", ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9))),
    "organisation": Look("#b0609a", ((-0.55, -1.0), (0.55, -1.0), (1.1, 0.0), (0.55, 1.0), (-0.55, 1.0), (-1.1, 0.0))),
    "person": Look("#009e73", ((0.0, -1.1), (1.05, 0.85), (-1.05, 0.85))),
    "software": Look(
        "#8a7400",
        (
            *((-0.38, -1.05), (0.38, -1.05), (0.38, -0.38), (1.05, -0.38), (1.05, 0.38), (0.38, 0.38)),
            *((0.38, 1.05), (-0.38, 1.05), (-0.38, 0.38), (-1.05, 0.38), (-1.05, -0.38), (-0.38, -0.38)),
        ),
    ),
    "entity": Look("#e69f00", ((-1.05, -0.85), (1.05, -0.85), (0.0, 1.1))),
}


def mixed(colour: str, share: float, other: str = PAPER) -> str:
    """A colour of which a share is in another one.

    >>> mixed("#000000", 0.5)
    '#808080'
    """
    one, two = ([int(each[at : at + 2], 16) for at in (1, 3, 5)] for each in (colour, other))
    return "#" + "".join(f"{int(a * share + b * (1 - share) + 0.5):02x}" for a, b in zip(one, two, strict=True))
