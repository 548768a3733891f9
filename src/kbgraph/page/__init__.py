"""The explorer: a graph as one page that works from disk, without a network.

    statements   what a dataset says of each entity, to be looked up
    nodes        which entities the page shows, what they are called, how they are related
    details      what its panel tells of an entity
    layout       where each node lies on the map
    document     all of it in one HTML document, with the bundle in `assets/`

The bundle is made from `web/` in the checkout; nothing here needs Node.
"""

from __future__ import annotations

__all__: list[str] = []
