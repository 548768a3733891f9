"""The files that ship beside the code: `ontology/`, `shapes/` and `explanations/`.

In the wheel they lie inside the package; in a checkout at its top level.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from pathlib import Path

__all__ = ["program_digest", "resource_bytes", "resource_folder", "resource_text"]

_PACKAGE = Path(__file__).resolve().parent


def resource_folder(name: str) -> Path:
    """The folder `ontology`, `shapes` or `explanations`; of the explorer `page/assets`, of pictures `draw/fonts`."""
    shipped = _PACKAGE / name
    return shipped if shipped.is_dir() else _PACKAGE.parents[1] / name


@cache
def program_digest() -> str:
    """A digest of kbgraph itself, its shapes, its ontology, and of the libraries that it reads with."""
    import hashlib
    import unicodedata

    digest = hashlib.blake2b(f"{sys.version_info[:2]} {unicodedata.unidata_version}".encode())
    for folder in (_PACKAGE, resource_folder("ontology"), resource_folder("shapes")):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".ttl", ".toml"}:
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    for library in ("pyoxigraph", "yaml", "markdown_it", "orjson", "shacl"):
        digest.update(f"{library} {_version(library)}".encode())
    return digest.hexdigest()


def _version(library: str) -> str:
    """The version of a library as it says itself: `importlib.metadata` takes as long as all of them; "" without it."""
    try:
        return str(import_module(library).__version__)
    except ImportError:
        return ""


def resource_bytes(folder: str, name: str) -> bytes:
    """The bytes of a file in such a folder."""
    return (resource_folder(folder) / name).read_bytes()


def resource_text(folder: str, name: str) -> str:
    """The text of a file in such a folder."""
    return (resource_folder(folder) / name).read_text(encoding="utf-8")
