"""The files that ship beside the code: `ontology/` and `shapes/`.

In the wheel they lie inside the package; in a checkout at its top level.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["resource_folder"]

_PACKAGE = Path(__file__).resolve().parent


def resource_folder(name: str) -> Path:
    """The folder `ontology` or `shapes`."""
    shipped = _PACKAGE / name
    return shipped if shipped.is_dir() else _PACKAGE.parents[1] / name
