"""Where a front matter lacks the space after a colon, without which YAML sees no field.

Whether it reads with that space, `seeds` tries.
"""

from __future__ import annotations

import re
from itertools import pairwise

__all__ = ["certain", "inserted", "likely", "with_spaces"]

#: `key:"value"`, `year:2017`, `live:true`: a key, a colon, and at once what can only be a value.
#: A word counts, too, but not in a list: `- entity:x` is a text.
_NO_SPACE = re.compile(
    r"""(?:^|(?<=\r))(?P<before>
            [ \t]*(?:-[ \t]+)*(?:"[^"\r\n]*"|[A-Za-z_][\w-]*):(?=["'\[{]|-?\d|(?:true|false)[ \t]*(?:\r|$))
          | [ \t]*[A-Za-z_][\w-]*:(?=[A-Za-z][\w-]*[ \t]*(?:\r|$))
        )""",
    re.MULTILINE | re.VERBOSE,
)

#: `title:Rain falls`, `url:https://…`, `statement:>-`: it may be a field, or part of a text.
_MAYBE_NO_SPACE = re.compile(r"(?:^|(?<=\r))[ \t]*(?:-[ \t]+)*[A-Za-z_][\w-]*:(?=[^\s:/#&*!])", re.MULTILINE)
#: In how many lines above the one that cannot be read.
_MORE_LINES = 40


def certain(front: str) -> list[int]:
    """Where a space is missing before what can only be a value."""
    return [found.end() for found in _NO_SPACE.finditer(front)]


def likely(front: str, number: int, known: list[int]) -> list[int]:
    """Where a space may be missing in a line or a few above it: the nearest two, from below."""
    lines = front.splitlines(keepends=True)[: number + 1]
    start = sum(len(line) for line in lines[:-_MORE_LINES])
    found = _MAYBE_NO_SPACE.finditer(front, start, start + sum(len(line) for line in lines[-_MORE_LINES:]))
    return [each for each in (match.end() for match in found) if each not in known][:-3:-1]


def with_spaces(front: str) -> tuple[str, list[int]]:
    """The front matter with a space after each colon that lacks one, and where they lacked.

    >>> with_spaces('year:2017')
    ('year: 2017', [5])
    """
    offsets = certain(front)
    return inserted(front, offsets), offsets


def inserted(text: str, offsets: list[int]) -> str:
    """The text with a space at each offset; offsets are of the text as it was."""
    ends = [0, *sorted(offsets), len(text)]
    return " ".join(text[start:end] for start, end in pairwise(ends))
