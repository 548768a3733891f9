"""Which page an IRI has, and how one page links to another: relative links alone, which work under any path.

On a server the page of an article is its IRI, since an article is a document. Any other thing is none:
its IRI leads on to its page, whose address ends in `.html`. In a folder every page is a file that ends so.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from urllib.parse import quote, unquote

__all__ = ["KINDS", "Addresses", "kind_of", "root_of"]

#: What lies under the base IRI and is shown, by the beginning of its path: how one and many are called.
KINDS: dict[str, tuple[str, str]] = {
    "article": ("Article", "articles"),
    "source": ("Source", "sources"),
    "category": ("Category", "categories"),
    "agent/person": ("Person", "people"),
    "org": ("Organisation", "organisations"),
    "agent/model": ("Language model", "models"),
    "entity": ("Topic", "topics"),
    "concept": ("Concept", "concepts"),
    "graph": ("Named graph", "graphs"),
}

#: What a file can be called on any system.
_PLAIN = re.compile(r"[\w .+()',~@&=!$;-]+", re.ASCII)
_LONGEST = 120


def kind_of(iri: str, base: str) -> str:
    """The key in `KINDS` of what an IRI names; "" for anything else."""
    if not base or not iri.startswith(base):
        return ""
    path = iri.removeprefix(base)
    return next((kind for kind in KINDS if path.startswith(f"{kind}/") and path != f"{kind}/"), "")


class Addresses:
    """Where pages are, below the root of a site."""

    def __init__(self, base: str, *, is_site: bool) -> None:
        self.base = base
        self.is_site = is_site

    def path_of(self, iri: str, suffix: str = "html") -> str | None:
        """The path below the root of the page of an IRI, or of its data, as in a URL; None where it has none."""
        thing, _, fragment = iri.partition("#")
        mark = f"#{fragment}" if fragment else ""
        if self.base and thing == f"{self.base}dataset" and suffix == "html":
            return self.home + mark
        if self.base and thing == f"{self.base}category/":
            return "categories.html" + mark
        kind = kind_of(thing, self.base)
        if not kind:
            return None
        path = thing.removeprefix(self.base)
        if self.is_site:
            if suffix != "html":  # the data of an article are those of its graph, and need not lie there twice
                path = path.removeprefix("graph/") if path.startswith("graph/article/") else path
            return _quoted(f"{self.file_of(path)}.{suffix}") + mark
        return (path if kind == "article" and suffix == "html" else f"{path}.{suffix}") + mark

    @property
    def home(self) -> str:
        """The path of the first page."""
        return "index.html" if self.is_site else "./"

    def file_of(self, path: str) -> str:
        """The name of the file of a path: what every system and every web host takes."""
        return "/".join(_file_name(each) for each in path.split("/"))

    def link(self, iri: str, root: str) -> str:
        """A relative link from a page to that of an IRI; "" where there is none.

        Args:
            iri: what is linked to.
            root: the way from the page to the root: "", `../`, …
        """
        path = self.path_of(iri)
        if path is None:
            return ""
        return root or "./" if path == "./" else root + path


@lru_cache(maxsize=1 << 16)
def _quoted(path: str) -> str:
    return quote(path, safe="/~!$&'()*+,;=:@")


@lru_cache(maxsize=1 << 16)
def _file_name(segment: str) -> str:
    name = unquote(segment)
    if not _PLAIN.fullmatch(name) or name.startswith(".") or name != name.strip(" ."):
        name = segment.replace("%", "~")
    if len(name) > _LONGEST:
        name = f"{name[:_LONGEST]}~{hashlib.sha256(segment.encode()).hexdigest()[:12]}"
    return name


def root_of(path: str) -> str:
    """The way from a page, by its path below the root, to the root."""
    return "../" * path.partition("#")[0].count("/")
