"""Where the links of an article lead: to another article, to the web, or nowhere."""

from __future__ import annotations

import posixpath
from collections.abc import Container
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

__all__ = ["Target", "target_of"]

#: Endings that an article's address may carry.
_ENDINGS = (".md", ".markdown", ".html", ".htm")


class Target(NamedTuple):
    """What a link leads to: the key of an article, a URL of the web, or neither.

    `broken` is True where it looks like an article's address and there is no such article.
    """

    article: str | None = None
    url: str | None = None
    broken: bool = False


def target_of(link: str, key: str, keys: Container[str]) -> Target:
    """Find out where a link in the article `key` leads.

    Links are written in four ways, tried in this order: relative to the file; relative to the
    article as if it were a folder, as its page on a site is; from the root; and as a bare path
    from the root.

    Args:
        link: the target as written.
        key: the article that it stands in.
        keys: the keys of all articles.

    >>> target_of("../rdf.md", "ai/attention", {"ai/rdf", "ai/attention"}).article
    'ai/rdf'
    """
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return Target(broken=True)
    if parts.scheme.lower() in {"http", "https"}:
        return Target(url=link.strip())
    if parts.scheme or parts.netloc or not parts.path:
        return Target()
    path = unquote(parts.path)
    for candidate in _candidates(path, key):
        if candidate in keys:
            return Target(article=candidate)
    _, ending = posixpath.splitext(path.rstrip("/"))
    return Target(broken=not ending or ending.lower() in _ENDINGS or not ending[1:].isalnum())


def _candidates(path: str, key: str) -> list[str]:
    names = [path.strip("/") if path.startswith("/") else path.rstrip("/")]
    for ending in _ENDINGS:
        if names[0].lower().endswith(ending):
            names.append(names[0][: -len(ending)])
    folders = [""] if path.startswith("/") else [posixpath.dirname(key), key, ""]
    found = [posixpath.normpath(posixpath.join(folder, name)) for folder in folders for name in reversed(names)]
    return [each for each in found if each != "." and not each.startswith("../")]
