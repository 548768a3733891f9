"""A scene as SVG 1.1: texts stay texts, and each says how wide it is, so that no other font makes two overlap."""

from __future__ import annotations

import re

from kbgraph.draw.fonts import FAMILY
from kbgraph.draw.scene import Box, Curve, Mark, Scene, Shape, Text

__all__ = ["svg_of"]

#: What XML does not have, however it is escaped.
_IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg_of(scene: Scene) -> bytes:
    """The picture as an SVG document in UTF-8; the same bytes for the same scene."""
    width, height = _number(scene.width), _number(scene.height)
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img" aria-labelledby="kg-title kg-description" '
            f"font-family=\"'{FAMILY}', 'Arial', 'Liberation Sans', 'DejaVu Sans', sans-serif\">"
        ),
        f'<title id="kg-title">{_escaped(scene.title)}</title>',
        f'<desc id="kg-description">{_escaped(scene.description)}</desc>',
        *map(_element, scene.shapes),
        "</svg>",
        "",
    ]
    return "\n".join(lines).encode()


def _element(shape: Shape) -> str:
    match shape:
        case Box():
            stroke = f' stroke="{shape.stroke}" stroke-width="{_number(shape.thickness)}"' if shape.stroke else ""
            radius = f' rx="{_number(shape.radius)}"' if shape.radius else ""
            size = f'width="{_number(shape.width)}" height="{_number(shape.height)}"'
            return f'<rect x="{_number(shape.x)}" y="{_number(shape.y)}" {size}{radius} fill="{shape.fill}"{stroke}/>'
        case Curve():
            path = f"M{_point(shape.start)}" + "".join(f"C{' '.join(map(_point, piece))}" for piece in shape.pieces)
            dashes = f' stroke-dasharray="{" ".join(map(_number, shape.dashes))}"' if shape.dashes else ""
            style = f'fill="none" stroke="{shape.stroke}" stroke-width="{_number(shape.thickness)}"{dashes}'
            return f'<path d="{path}" {style}/>'
        case Mark():
            if not shape.corners:
                place = f'cx="{_number(shape.x)}" cy="{_number(shape.y)}" r="{_number(shape.radius)}"'
                return f'<circle {place} fill="{shape.fill}"/>'
            corners = " ".join(
                _point((shape.x + x * shape.radius, shape.y + y * shape.radius)) for x, y in shape.corners
            )
            return f'<polygon points="{corners}" fill="{shape.fill}"/>'
        case Text():
            weight = ' font-weight="700"' if shape.bold else ""
            length = f'textLength="{_number(shape.width)}" lengthAdjust="spacingAndGlyphs"'
            place = f'x="{_number(shape.x)}" y="{_number(shape.y)}" font-size="{_number(shape.size)}"'
            return f'<text {place}{weight} fill="{shape.fill}" {length}>{_escaped(shape.text)}</text>'


def _point(point: tuple[float, float]) -> str:
    return f"{_number(point[0])},{_number(point[1])}"


def _number(value: float) -> str:
    """A number with at most two decimals, and no sign on zero."""
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


def _escaped(text: str) -> str:
    known = _IMPOSSIBLE.sub("\ufffd", text)
    return known.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
