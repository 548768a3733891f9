"""The files that ship beside the code: `ontology/`, `shapes/` and `explanations/`.

In the wheel they lie inside the package; in a checkout at its top level.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
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
        for name, path in sorted(_texts_below(str(folder))):
            digest.update(name.encode() + b"\0" + Path(path).read_bytes())
    for library, project in _LIBRARIES.items():
        digest.update(f"{library} {_version(library, project)}".encode())
    return digest.hexdigest()


#: Libraries that decide what an article comes to, and what their projects are called.
_LIBRARIES = {
    "pyoxigraph": "pyoxigraph",
    "yaml": "pyyaml",
    "markdown_it": "markdown_it_py",
    "orjson": "orjson",
    "shacl": "shacl",
}


def _texts_below(folder: str) -> Iterator[tuple[str, str]]:
    """The modules, ontologies and settings below a folder: their paths from there on, with `/`, and as they are."""
    for place, _, names in os.walk(folder):
        for path in (f"{place}{os.sep}{name}" for name in names if name.endswith((".py", ".ttl", ".toml"))):
            yield path[len(folder) + 1 :].replace(os.sep, "/"), path


def _version(library: str, project: str) -> str:
    """The version of a library, "" without it.

    It is read from the name of the folder beside it that tells what was installed: to load a library, or
    `importlib.metadata`, takes as long as the rest of a build in which nothing was changed.
    """
    spec = find_spec(library)
    if spec is None or spec.origin is None:
        return ""
    named = re.compile(rf"{project}-(.+)\.dist-info", re.IGNORECASE)
    found = [match[1] for each in os.scandir(Path(spec.origin).parents[1]) if (match := named.fullmatch(each.name))]
    return found[0] if len(found) == 1 else str(import_module(library).__version__)


def resource_bytes(folder: str, name: str) -> bytes:
    """The bytes of a file in such a folder."""
    return (resource_folder(folder) / name).read_bytes()


def resource_text(folder: str, name: str) -> str:
    """The text of a file in such a folder."""
    return (resource_folder(folder) / name).read_text(encoding="utf-8")
