"""A picture as values: what formats write down, in the order in which it is painted.

Units are points of CSS, the origin is at the top left.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Box", "Curve", "Mark", "Scene", "Shape", "Text"]

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, maybe with round corners."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    stroke: str = ""
    radius: float = 0.0
    thickness: float = 1.0


@dataclass(frozen=True, slots=True)
class Curve:
    """A line of cubic pieces: a start, and of each piece two control points and its end."""

    start: Point
    pieces: tuple[tuple[Point, Point, Point], ...]
    stroke: str
    dashes: tuple[float, ...] = ()
    thickness: float = 1.1


@dataclass(frozen=True, slots=True)
class Mark:
    """A filled polygon, or a circle where it has no corners."""

    x: float
    y: float
    radius: float
    fill: str
    corners: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A text of one line that begins at x, on a baseline, and is as wide as it says."""

    x: float
    y: float
    text: str
    size: float
    width: float
    fill: str
    bold: bool = False


Shape = Box | Curve | Mark | Text


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture: its size, what it is called, what it tells in words, and what is in it."""

    width: float
    height: float
    title: str
    description: str
    shapes: tuple[Shape, ...]

    def texts(self) -> tuple[Text, ...]:
        """The texts in it."""
        return tuple(each for each in self.shapes if isinstance(each, Text))
