"""Still pictures of a graph, for papers and slides.

subject    what is drawn: cards in columns, and ties between them
finding    which entity somebody means
terms_of   the ontology as such cards
fonts      how wide characters are, from the fonts in `fonts/`
labels     texts that fit a width
scene      a picture as rectangles, curves, marks and texts
layout     where all of it lies
svg, pdf   the formats; `raster` makes a PNG of the SVG
"""

from __future__ import annotations

__all__: list[str] = []
