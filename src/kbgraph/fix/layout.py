"""Repairs of what no value shows: line ends, trailing spaces, lines that say nothing new."""

from __future__ import annotations

import re

from kbgraph.fields import ARTICLE
from kbgraph.fix.repairs import Edit, Repair
from kbgraph.nodes import Node, Scalar, Seed
from kbgraph.nodes import Sequence as List

__all__ = ["outer_edits", "repeated_lines", "trailing_spaces"]

_BLANK_LINES = re.compile(r"(?:[ \t]*+(?:\r\n|\n|\r))++(?=---[ \t]*[\r\n])")
_LINE_END = re.compile(r"\r\n?")
_TRAILING = re.compile(r"(?<![ \t])[ \t]++(?=\n)")
#: Names by which a front matter is known below blank lines, where `---` may be a mere rule.
_KNOWN = re.compile(rf"^(?:{'|'.join(field.name for field in ARTICLE.fields if field.required)})[ \t]*:", re.MULTILINE)


def outer_edits(text: str) -> list[Edit]:
    """What is wrong with a file whatever it holds."""
    edits: list[Edit] = []
    start = 0
    if (found := _BLANK_LINES.match(text)) and _is_front_matter(text, found.end()):
        edits.append(Edit(Repair.BEGINNING, 0, start := found.end(), "", "KB004"))
    edits += [Edit(Repair.LINE_END, each.start(), each.end(), "\n") for each in _LINE_END.finditer(text, start)]
    if text and not text.endswith(("\n", "\r")):
        edits.append(Edit(Repair.LAST_LINE_END, len(text), len(text), "\n"))
    return edits


def _is_front_matter(text: str, start: int) -> bool:
    """True where several needed fields stand between this `---` and the next."""
    lines = _LINE_END.sub("\n", text[start:])
    front, closing, _ = lines[3:].partition("\n---")
    return bool(closing) and len(_KNOWN.findall(front)) > 2


def trailing_spaces(seed: Seed) -> list[Edit]:
    """Spaces at the ends of the lines of the front matter, but for lines of block texts."""
    text, edits = seed.lines.text, []
    blocks = _block_lines(seed.front, text, seed)
    for found in _TRAILING.finditer(text, 0, seed.body_offset):
        line, _ = seed.lines.position(found.start())
        if line not in blocks:
            edits.append(Edit(Repair.TRAILING_SPACE, found.start(), found.end(), ""))
    return edits


def _block_lines(node: Node, text: str, seed: Seed) -> set[int]:
    """The numbers of lines on which spaces count: those of texts that `|` or `>` begins."""
    if isinstance(node, Scalar):
        start, _ = seed.lines.span(node.mark)
        if not node.plain and text[start : start + 1] in {"|", ">"}:
            end = node.mark.end_line + 1
            while seed.lines.start(end) < seed.body_offset and not seed.lines.line(end).strip():
                end += 1  # lines of spaces below a text may belong to it
            return set(range(node.mark.line + 1, end))
        return set()
    inner = node.items if isinstance(node, List) else [value for _, value in node.entries]
    return {line for each in inner for line in _block_lines(each, text, seed)}


def repeated_lines(seed: Seed, repeated: list[tuple[int, int]]) -> list[Edit]:
    """Later lines that say what an earlier one says.

    Args:
        seed: what was read.
        repeated: pairs of an earlier and a later line that begin with the same key.
    """
    edits: dict[int, Edit] = {}
    for earlier, later in repeated:
        first, second = seed.lines.line(earlier), seed.lines.line(later)
        if first.rstrip() == second.rstrip():
            start = seed.lines.start(later)
            edits[later] = Edit(Repair.REPEATED_LINE, start, seed.lines.start(later + 1), "", "KB008")
    return [edits[line] for line in sorted(edits)]
