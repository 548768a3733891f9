"""Patterns of `.gitignore`: which paths they name.

Source: gitignore(5), as pathspec reads it. That library takes its time to be loaded: patterns that
are nothing but names, as those are that every project has, do without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

__all__ = ["matcher"]

#: A name, or all names that begin like this: it is looked for at any depth.
_NAME = re.compile(r"[\w.-]+\*?", re.ASCII)


def matcher(patterns: Sequence[str]) -> Callable[[str], bool]:
    """What says whether patterns name a path, given with `/`; that of a folder ends in it.

    Raises:
        ValueError: one of them is no pattern.

    >>> is_excluded = matcher(["README.md", ".*"])
    >>> is_excluded("docs/README.md"), is_excluded(".github/notes.md"), is_excluded("readme.md")
    (True, True, False)
    """
    if not all(map(_NAME.fullmatch, patterns)):
        from pathspec import GitIgnoreSpec

        return GitIgnoreSpec.from_lines(patterns).match_file
    names = {each for each in patterns if not each.endswith("*")}
    beginnings = tuple(each[:-1] for each in patterns if each.endswith("*"))

    def is_named(path: str) -> bool:
        return any(name in names or name.startswith(beginnings) for name in path.split("/") if name)

    return is_named
