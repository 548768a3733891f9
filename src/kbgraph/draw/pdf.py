"""A scene as PDF of one page that is as large as the picture, with our fonts in it; its texts can be selected."""

from __future__ import annotations

import io
from typing import Any

from kbgraph.draw.fonts import font_file, has
from kbgraph.draw.scene import Box, Curve, Mark, Scene, Shape, Text
from kbgraph.errors import WorldError

__all__ = ["missing_in", "pdf_of"]

#: Points of CSS in a point of PDF.
_SCALE = 0.75
_FONTS = {False: "kbgraph-text", True: "kbgraph-heading"}


def missing_in(scene: Scene) -> str:
    """The characters that the fonts do not have, each once: a PDF shows boxes for them."""
    return "".join(sorted({each for text in scene.texts() for each in text.text if not has(each)}))


def pdf_of(scene: Scene) -> bytes:
    """The picture as PDF; the same bytes for the same scene and the same library.

    Raises:
        WorldError: the library is not installed.
    """
    try:
        from reportlab.pdfbase.pdfmetrics import registerFont
        from reportlab.pdfbase.ttfonts import TTFont
        from reportlab.pdfgen.canvas import Canvas
    except ImportError:
        raise WorldError("a PDF needs ReportLab: pip install 'kbgraph[draw]'; SVG needs nothing") from None
    for bold, name in _FONTS.items():
        registerFont(TTFont(name, str(font_file(bold=bold))))
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=(scene.width * _SCALE, scene.height * _SCALE), invariant=1)
    canvas.setTitle(scene.title)
    canvas.setSubject(scene.description)
    canvas.setCreator("kbgraph")
    canvas.scale(_SCALE, _SCALE)
    canvas.translate(0, scene.height)
    for shape in scene.shapes:
        _paint(canvas, shape)
    canvas.showPage()
    canvas.save()
    return written.getvalue()


def _paint(canvas: Any, shape: Shape) -> None:
    from reportlab.lib.colors import HexColor

    match shape:
        case Box():
            canvas.setFillColor(HexColor(shape.fill))
            if shape.stroke:
                canvas.setStrokeColor(HexColor(shape.stroke))
                canvas.setLineWidth(shape.thickness)
            place = (shape.x, -shape.y - shape.height, shape.width, shape.height)
            if shape.radius:
                canvas.roundRect(*place, shape.radius, stroke=bool(shape.stroke), fill=1)
            else:
                canvas.rect(*place, stroke=bool(shape.stroke), fill=1)
        case Curve():
            canvas.setStrokeColor(HexColor(shape.stroke))
            canvas.setLineWidth(shape.thickness)
            canvas.setDash(list(shape.dashes) or [])
            path = canvas.beginPath()
            path.moveTo(shape.start[0], -shape.start[1])
            for one, two, end in shape.pieces:
                path.curveTo(one[0], -one[1], two[0], -two[1], end[0], -end[1])
            canvas.drawPath(path, stroke=1, fill=0)
            canvas.setDash([])
        case Mark():
            canvas.setFillColor(HexColor(shape.fill))
            if not shape.corners:
                canvas.circle(shape.x, -shape.y, shape.radius, stroke=0, fill=1)
                return
            path = canvas.beginPath()
            places = [(shape.x + x * shape.radius, -shape.y - y * shape.radius) for x, y in shape.corners]
            path.moveTo(*places[0])
            for corner in places[1:]:
                path.lineTo(*corner)
            path.close()
            canvas.drawPath(path, stroke=0, fill=1)
        case Text():
            canvas.setFillColor(HexColor(shape.fill))
            canvas.setFont(_FONTS[shape.bold], shape.size)
            canvas.drawString(shape.x, -shape.y, shape.text)
