"""Where a change stands in the file of an article.

A graph does not know lines; where the articles themselves are at hand, their files do.
"""

from __future__ import annotations

from collections.abc import Mapping as Dict
from collections.abc import Sequence as List

from kbgraph.body import sections_of
from kbgraph.config import Limits
from kbgraph.diff.changes import Change, SectionChange, Step
from kbgraph.diff.comparison import ArticleChange
from kbgraph.errors import Mark
from kbgraph.inputs import Input, read_bounded
from kbgraph.model import Section
from kbgraph.nodes import Mapping, Node, Scalar, Seed, Sequence
from kbgraph.seeds import parse_seed

__all__ = ["Marks"]


class Marks:
    """Finds marks in some files; one file is held at a time, since changes come file by file.

    Args:
        inputs: the new articles' files by their paths; empty where there are none.
        limits: how much is read.
    """

    def __init__(self, inputs: Dict[str, Input], limits: Limits) -> None:
        self._inputs, self._limits = inputs, limits
        self._path = ""
        self._seed: Seed | None = None
        self._sections: List[Section] = ()

    def __call__(self, article: ArticleChange, change: Change | SectionChange) -> Mark | None:
        """The mark of what a change led to; None for what was removed, or where there is no file."""
        if article.path not in self._inputs:
            return None
        self._read(article.path)
        if isinstance(change, SectionChange):
            position = change.position
            return None if position is None or position >= len(self._sections) else self._sections[position].mark
        return _mark_at(self._seed.front, change.path) if self._seed is not None and change.new is not None else None

    def _read(self, path: str) -> None:
        if path == self._path:
            return
        data = read_bounded(self._inputs[path], self._limits.file_bytes)
        self._path, self._seed, self._sections = path, None, ()
        if isinstance(data, bytes):
            self._seed, _ = parse_seed(data, path, self._limits)
            self._sections = sections_of(self._seed) if self._seed is not None else ()


def _mark_at(node: Node, path: List[Step]) -> Mark | None:
    """The mark of the node that a path leads to, or of its key where it is empty."""
    mark = node.mark
    for step in path:
        if isinstance(node, Mapping) and isinstance(step, str):
            found = next(((key, value) for key, value in node.entries if key.text == step), None)
            if found is None:
                return None
            key, node = found
            mark = node.mark if isinstance(node, Scalar) and node.text else key.mark
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            mark = node.mark
        else:
            return None
    return mark
