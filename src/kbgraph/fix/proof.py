"""What keeps a repair honest: the front matter before and after it, value by value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kbgraph.config import Limits
from kbgraph.errors import Problem
from kbgraph.fix.repairs import Edit, Leaf, Path, applied
from kbgraph.nodes import Node, Scalar, Seed
from kbgraph.nodes import Sequence as List
from kbgraph.seeds import parse_seed

__all__ = ["Text", "leaves_of", "proved", "read_text"]

#: How often a text is read again to find the repairs that must be dropped.
_TRIALS = 40


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it was read: its seed, None where it cannot be read, and the problems."""

    text: str
    seed: Seed | None
    problems: tuple[Problem, ...]

    @property
    def leaves(self) -> list[Leaf]:
        """The values of the front matter in order; none where it cannot be read."""
        return list(leaves_of(self.seed.front)) if self.seed is not None else []


def read_text(text: str, limits: Limits) -> Text:
    """Read the text of a whole file."""
    seed, problems = parse_seed(text.encode(), "", limits)
    return Text(text, seed, tuple(problems))


def leaves_of(node: Node, path: Path = ()) -> Iterator[Leaf]:
    """Every value of a node, where it lies; lists and mappings count as values without a text."""
    if isinstance(node, Scalar):
        yield path, node.text, node.is_null
        return
    is_list = isinstance(node, List)
    yield path, "[]" if is_list else "{}", False
    if isinstance(node, List):
        for place, item in enumerate(node.items):
            yield from leaves_of(item, (*path, place))
    else:
        for key, value in node.entries:
            yield from leaves_of(value, (*path, key.text))


def proved(before: Text, edits: Sequence[Edit], limits: Limits) -> tuple[Text, list[Edit]]:
    """The text with those edits that do what they should and nothing else, and these edits.

    Where all of them together do not, halves are tried, and halves of those.
    """
    leaves = before.leaves
    kept: list[Edit] = []
    best = before

    def good(some: list[Edit]) -> Text | None:
        after = read_text(applied(before.text, some), limits)
        return after if _as_meant(before, leaves, after, some) else None

    waiting = [list(edits)] if edits else []
    for _ in range(_TRIALS):
        if not waiting:
            break
        group = waiting.pop()
        after = good([*kept, *group])
        if after is not None:
            kept, best = [*kept, *group], after
        elif len(group) > 1:
            half = len(group) // 2
            waiting += [group[half:], group[:half]]
    return best, kept


def _as_meant(before: Text, leaves: list[Leaf], after: Text, edits: list[Edit]) -> bool:
    """True where the values are the old ones, apart from those that were meant to change."""
    if before.seed is None or after.seed is None:
        return False
    if Counter(each.code for each in after.problems) - Counter(each.code for each in before.problems):
        return False
    if _lines(before.seed.body) != _lines(after.seed.body):
        return False
    meant = {edit.path: edit.meant for edit in edits if edit.path is not None}
    wanted: list[Leaf] = []
    for leaf in leaves:
        wanted += meant.get(leaf[0], (leaf,))
    return wanted == after.leaves


def _lines(body: str) -> str:
    """A body apart from how its lines end, and whether the last one does."""
    plain = body.replace("\r\n", "\n").replace("\r", "\n")
    return plain.removesuffix("\n")
