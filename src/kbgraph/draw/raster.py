"""A scene as PNG, drawn from its SVG by resvg, with our fonts; another font only draws what ours do not have."""

from __future__ import annotations

from kbgraph.draw.fonts import font_file, has
from kbgraph.draw.scene import Scene
from kbgraph.draw.svg import svg_of
from kbgraph.errors import WorldError

__all__ = ["png_of"]


def png_of(scene: Scene, zoom: float = 3.0) -> bytes:
    """The picture as PNG, with so many pixels to the point of CSS.

    Raises:
        WorldError: the library is not installed, or could not draw it.
    """
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise WorldError("a PNG needs resvg: pip install 'kbgraph[draw]'; SVG needs nothing") from None
    ours = all(has(each) for text in scene.texts() for each in text.text)
    try:
        drawn = svg_to_bytes(
            svg_string=svg_of(scene).decode(),
            zoom=zoom,
            background="#ffffff",
            skip_system_fonts=ours,
            font_files=[str(font_file()), str(font_file(bold=True))],
        )
    except ValueError as error:
        raise WorldError(f"the picture could not be made a PNG: {error}; try SVG") from error
    return bytes(drawn)
