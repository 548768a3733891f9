"""The body of an article: headings, sections and links, by CommonMark.

Sections are verbatim slices: put together in order they are the body again, byte for byte.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kbgraph.errors import Mark
from kbgraph.model import Link, Section
from kbgraph.nodes import Seed

__all__ = ["excess_of", "sections_of"]

_COMMONMARK = MarkdownIt("commonmark")
_LINE_END = re.compile(r"\r\n|\n|\r")
#: What costs the parser time: where a line ends, and what may be markup.
_MARKUP = "\n\r!#&*+-<>=[]\\_`~"


def excess_of(seed: Seed, most: int) -> Mark | None:
    """Where a body has more line ends and characters of markup than it may; None where it has not.

    The parser needs up to 60 µs for each: their number bounds the time, as no number of bytes does.
    """
    if sum(map(seed.body.count, _MARKUP)) <= most:
        return None
    found = next(islice(re.finditer(f"[{re.escape(_MARKUP)}]", seed.body), most, None))
    offset = seed.body_offset + found.start()
    return seed.lines.mark(offset, offset + 1)


def sections_of(seed: Seed) -> tuple[Section, ...]:
    """The sections of a body, in order; what stands before the first heading is number 0.

    Source: CommonMark 0.31.2. Headings in quotations, lists and code do not begin a section.
    """
    body = seed.body
    if not body:
        return ()
    starts = [0, *(found.end() for found in _LINE_END.finditer(body)), len(body)]
    tokens = _COMMONMARK.parse(body)
    headings = [_Heading(0, 0, 0, "")]
    headings += [
        _Heading(starts[token.map[0]], starts[token.map[1]], int(token.tag[1:]), _plain(tokens[place + 1]))
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]
    found = [link for token in tokens if token.type == "inline" for link in _links_of(token, starts, seed)]
    found.sort(key=lambda link: link[0])
    offsets = [offset for offset, _ in found]
    sections: list[Section] = []
    for position, heading in enumerate(headings):
        end = headings[position + 1].start if position + 1 < len(headings) else len(body)
        if end == heading.start:  # nothing stands before the first heading
            continue
        inside = found[bisect_left(offsets, heading.start) : bisect_left(offsets, end)]
        here = seed.body_offset + heading.start
        line = seed.lines.line(seed.lines.position(here)[0])
        sections.append(
            Section(
                position=position,
                level=heading.level,
                title=heading.title,
                text=body[heading.start : end],
                content=body[heading.end : end],
                mark=seed.lines.mark(here, here + len(line)),
                links=tuple(link for _, link in inside),
            )
        )
    return tuple(sections)


class _Heading(NamedTuple):
    """Where a heading begins and ends in the body, its level and its text."""

    start: int
    end: int
    level: int
    title: str


def _plain(inline: Token) -> str:
    """The text of a heading without its markup."""
    return "".join(_texts_of(inline.children or ())).strip()


def _texts_of(tokens: Iterable[Token]) -> Iterable[str]:
    for token in tokens:
        if token.type in {"text", "code_inline"}:
            yield token.content
        elif token.type in {"softbreak", "hardbreak"}:
            yield " "
        elif token.type == "image":
            yield from _texts_of(token.children or ())


def _links_of(inline: Token, starts: list[int], seed: Seed) -> Iterable[tuple[int, Link]]:
    """The links of a block with the offset in the body at which each stands."""
    opened = [token for token in inline.children or () if token.type == "link_open"]
    if not opened or not inline.map:
        return
    begin = starts[inline.map[0]]
    end = starts[inline.map[1]] if inline.map[1] < len(starts) else len(seed.body)
    written: dict[str, deque[int]] = defaultdict(deque)
    for found in _DESTINATION.finditer(seed.body, begin, end):
        written[found[1]].append(found.start(1))
    for token in opened:
        target = str(token.attrs.get("href", ""))
        found_at = _where(target, written)
        start, text = found_at if found_at is not None else (begin, target)
        end_of_mark = start + (len(text) if found_at is not None else 1)
        # As written, unless that could be no part of a URL.
        as_written = target if re.search(r"\s", text) else text
        yield start, Link(as_written, seed.lines.mark(seed.body_offset + start, seed.body_offset + end_of_mark))


#: Where the destination of a link begins, up to a character that need not belong to it.
_DESTINATION = re.compile(r"(?:\]\(\s*<?|<)([^\s()<>]*)")


def _where(target: str, written: dict[str, deque[int]]) -> tuple[int, str] | None:
    """Where a target stands next in a block, and how; None where it stands elsewhere.

    The parser escapes what a URL may not hold, so that it is looked for as people write it, too.
    """
    for text in (target, _COMMONMARK.normalizeLinkText(target)):
        places = written.get(re.split(r"[\s()<>]", text, maxsplit=1)[0])
        if text and places:
            return places.popleft(), text
    return None
