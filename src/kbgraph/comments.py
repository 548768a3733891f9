"""The comments of an article in which somebody speaks to kbgraph, and where they stand.

In the front matter they are YAML's, in the body HTML's. libyaml does not give comments, so they
are looked for in the text, outside of the scalars that it did give: what stands in quotes, in a
block of text or in code is no comment. What a comment asks for is in `ignores`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kbgraph.errors import Mark
from kbgraph.nodes import Mapping, Node, Scalar, Seed, Sequence

__all__ = ["Comment", "body_comments", "front_comments"]


class Comment(NamedTuple):
    """What a comment says behind `kbgraph:`, and where it stands; `alone` if nothing else is in its lines."""

    said: str
    mark: Mark
    alone: bool


_IN_YAML = re.compile(r"(?:(?<=\s)|\A)#[ \t]*kbgraph:[ \t]*([^\r\n]*)")
_IN_HTML = re.compile(r"<!--[ \t]*kbgraph:([^\r\n<]*)-->")
#: How a block of text begins: what stands behind that in its line may be a comment.
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*[ \t]+\Z")
_COMMONMARK = MarkdownIt("commonmark")


def front_comments(seed: Seed) -> Iterator[Comment]:
    """The comments of the front matter, in order."""
    lines = seed.lines
    if _IN_YAML.search(lines.text, 0, seed.body_offset) is None:
        return
    texts = sorted(_spans(seed.front, seed))
    for found in _IN_YAML.finditer(lines.text, 0, seed.body_offset):
        # Scalars do not overlap: the last that begins before the comment is the one it might stand in.
        start, end = texts[max(0, bisect_right(texts, (found.start(), 0)) - 1)] if texts else (0, 0)
        if start <= found.start() < end and not _heads_a_block(seed, start, found):
            continue
        said = found[1].rstrip()
        mark = lines.mark(found.start(), found.start(1) + len(said))
        before = lines.line(mark.line)[: mark.column - 1]
        # The hyphen of an entry that begins in the next line says nothing by itself.
        yield Comment(said, mark, not before.strip(" \t-"))


def _spans(node: Node, seed: Seed) -> Iterator[tuple[int, int]]:
    """Where each scalar begins and ends, keys too."""
    if isinstance(node, Scalar):
        yield seed.lines.span(node.mark)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _spans(item, seed)
    elif isinstance(node, Mapping):
        for key, value in node.entries:
            yield from _spans(key, seed)
            yield from _spans(value, seed)


def _heads_a_block(seed: Seed, start: int, found: re.Match[str]) -> bool:
    """True for a comment behind the `|` or `>` with which a text begins."""
    return _BLOCK_HEADER.fullmatch(seed.lines.text, start, found.start()) is not None


def body_comments(seed: Seed) -> Iterator[Comment]:
    """The comments of the body, in order.

    Source: CommonMark 0.31.2, HTML blocks and raw HTML.
    """
    if _IN_HTML.search(seed.body) is None:
        return
    first, _ = seed.lines.position(seed.body_offset)
    for token in _COMMONMARK.parse(seed.body):
        if token.map and token.type in {"html_block", "inline"}:
            begin, end = (_start(seed, first + line) for line in token.map)
            for start, stop in _html_of(token, seed.lines.text, begin, end):
                for found in _IN_HTML.finditer(seed.lines.text, start, stop):
                    yield _html_comment(seed, found)


def _start(seed: Seed, line: int) -> int:
    """Where a line begins; the end of the text for those behind it."""
    last, _ = seed.lines.position(len(seed.lines.text))
    return seed.lines.start(line) if line <= last else len(seed.lines.text)


def _html_of(block: Token, text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Where HTML stands in a block: all of it, or those of its parts that are no text and no code."""
    if block.type == "html_block":
        yield begin, end
        return
    for part in block.children or ():
        if part.type in {"html_inline", "code_inline"}:
            found = text.find(part.content, begin, end)
            if found >= 0:
                begin = found + len(part.content)
                if part.type == "html_inline":
                    yield found, begin


def _html_comment(seed: Seed, found: re.Match[str]) -> Comment:
    mark = seed.lines.mark(found.start(), found.end())
    before = seed.lines.line(mark.line)[: mark.column - 1]
    after = seed.lines.line(mark.end_line)[mark.end_column - 1 :]
    return Comment(found[1].strip(), mark, not before.strip(" \t>") and not after.strip())
