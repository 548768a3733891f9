"""The files that ship beside the code: `ontology/`, `shapes/` and `explanations/`.

In the wheel they lie inside the package; in a checkout at its top level.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["resource_folder", "resource_text"]

_PACKAGE = Path(__file__).resolve().parent


def resource_folder(name: str) -> Path:
    """The folder `ontology`, `shapes` or `explanations`."""
    shipped = _PACKAGE / name
    return shipped if shipped.is_dir() else _PACKAGE.parents[1] / name


def resource_text(folder: str, name: str) -> str:
    """The text of a file in such a folder."""
    return (resource_folder(folder) / name).read_text(encoding="utf-8")
