"""Results that belong together: what several articles say of one thing, and who is outvoted.

A shape that is `grouped` finds what is wrong between articles: an id used twice, a source with two
years. Which results make a group is told by its query; how a group is told to a writer is here.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kbgraph.errors import Place
from kbgraph.shapes import ShapeRule
from kbgraph.validation import Result

__all__ = ["Groups", "Member", "compared"]

#: Places that a problem lists. A group may be larger; each of its members is reported anyway.
_MOST_RELATED = 100
#: Different statements that a message tells.
_MOST_TOLD = 3


class Member(NamedTuple):
    """A result, the group that it belongs to, what it states there, and that in a writer's words."""

    result: Result
    group: str
    stated: str
    words: str


def compared(members: Iterable[Member], rule: ShapeRule) -> Iterator[Result]:
    """The results, each with what the others of its group state, in the words of the rule's `comparison`.

    A statement that has several words is told by the first of them.
    """
    first: dict[tuple[str, str, str], Member] = {}
    for member in members:
        key = (member.result.focus, member.result.value, member.group)
        if key not in first or member.words < first[key].words:
            first[key] = member
    groups: dict[str, list[Member]] = defaultdict(list)
    for member in first.values():
        groups[member.group].append(member)
    for name, group in groups.items():
        counts = Counter(member.stated for member in group)
        words = {stated: _most_said(group, stated) for stated in counts} if len(counts) > 1 else {}
        for member in group:
            message = member.result.message
            if rule.comparison and len(group) > 1:
                told = {
                    "count": f"{len(group):,}",
                    "own": _quoted(member.words),
                    "others": _others(counts, words, member.stated),
                }
                message = _filled(rule.comparison, told)
            yield member.result._replace(message=message, group=name, stated=member.stated)


def _filled(text: str, told: dict[str, str]) -> str:
    """The text with what is told in place of the names in braces."""
    return re.sub(r"\{(count|own|others)\}", lambda found: told[found[1]], text)


def _most_said(group: list[Member], stated: str) -> str:
    counts = Counter(member.words for member in group if member.stated == stated)
    return min(counts, key=lambda words: (-counts[words], words))


def _others(counts: Counter[str], words: dict[str, str], own: str) -> str:
    """What the others state, the most frequent first: `2017 in 3 other places, 2016 in 1 other place`."""
    ranked = sorted((-count, words[stated]) for stated, count in counts.items() if stated != own and words)
    told = [f"{_quoted(said)} in {-n:,} other place{'s' if n < -1 else ''}" for n, said in ranked[:_MOST_TOLD]]
    return ", ".join([*told, "and something else again in others"] if len(ranked) > _MOST_TOLD else told)


def _quoted(words: str) -> str:
    """Numbers as they are, anything else in quotes."""
    return ", ".join(words.split()) if re.fullmatch(r"[-\d.,:/% ]+", words) else f"'{words}'"


class Groups:
    """The groups of all results, for the places of the others.

    Args:
        placed: each result of a grouped shape, with its place.
        rules: the rule of each shape by its IRI.
    """

    def __init__(self, placed: Iterable[tuple[Result, Place]], rules: dict[str, ShapeRule]) -> None:
        self._rules = rules
        self._places: dict[tuple[str, str], list[tuple[Place, str]]] = defaultdict(list)
        self._counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for result, place in placed:
            if result.shape in rules and rules[result.shape].grouped:
                self._places[_key(result)].append((place, result.stated))
                self._counts[_key(result)][result.stated] += 1
        for places in self._places.values():
            places.sort()

    def related(self, result: Result, place: Place) -> tuple[Place, ...]:
        """The places of the others: all, or where a majority counts, those that state something else."""
        rule = self._rules.get(result.shape)
        found: dict[Place, None] = {}
        if rule is None or not rule.grouped:
            return ()
        for other, stated in self._places[_key(result)]:
            if other != place and not (rule.majority and stated == result.stated):
                found[other] = None
                if len(found) == _MOST_RELATED:
                    break
        return tuple(found)

    def agrees(self, result: Result) -> bool:
        """True where a majority counts, and more than half of the group state what this result does."""
        rule = self._rules.get(result.shape)
        if rule is None or not rule.majority:
            return False
        counts = self._counts[_key(result)]
        return len(counts) > 1 and counts[result.stated] * 2 > counts.total()


def _key(result: Result) -> tuple[str, str]:
    return result.shape, result.group or result.value
