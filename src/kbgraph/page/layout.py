"""Where each node lies on the map: each category an island, articles in its middle, what they rest on around them.

Everything is computed from the graph alone and the same every time. Nodes are seated on the places
of a honeycomb, one on each, so that none covers another; an article has more room than a fact.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kbgraph.page.nodes import Network

__all__ = ["Island", "Layout", "layout_of"]

#: Half of the distance between two places.
_ROOM = 1.0
#: How many places an island has for each that is taken, and what lies between two islands.
_SPARE = 1.9
_STRAIT = 7.0
_GOLDEN = math.pi * (3 - math.sqrt(5))

_Seat = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Island:
    """A category on the map: its number (None for what belongs to none), its middle, its radius, and its articles."""

    category: int | None
    x: float
    y: float
    radius: float
    articles: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The place of each node, in their order, and the islands, the largest first."""

    places: tuple[tuple[float, float], ...]
    islands: tuple[Island, ...]


def layout_of(network: Network) -> Layout:
    """The map of a network."""
    homes = [node.categories[0] if node.categories else None for node in network.nodes]
    islands = _islands(network, homes)
    seats = _Seats()
    degrees = network.degrees()
    near: defaultdict[int, list[int]] = defaultdict(list)
    for link in network.links:
        near[link.source].append(link.target)
        near[link.target].append(link.source)
    by_home = {island.category: island for island in islands}
    placed: dict[int, tuple[float, float]] = {}
    for number, node in enumerate(network.nodes):
        if node.kind == "category":
            home = by_home[homes[number]]
            placed[number] = seats.take(home.x, home.y)
    by_kind: defaultdict[str, list[int]] = defaultdict(list)
    for number, node in enumerate(network.nodes):
        by_kind[node.kind].append(number)
    _settle_articles(by_kind["article"], homes, by_home, degrees, seats, placed)
    for kind in ("source", "fact", "organisation", "person", "software", "entity"):
        for number in sorted(by_kind[kind], key=lambda each: (-degrees[each], each)):
            around = [
                placed[each] for each in near[number] if each in placed and network.nodes[each].kind != "category"
            ]
            home = by_home[homes[number]]
            x, y = _middle(around) if around else (home.x, home.y)
            placed[number] = seats.take(x, y)
    return Layout(tuple(placed[number] for number in range(len(network.nodes))), islands)


# ---- islands


def _islands(network: Network, homes: list[int | None]) -> tuple[Island, ...]:
    """A circle for each category, large enough for all that belongs to it, none over another."""
    sizes = Counter(homes)
    articles = Counter(home for home, node in zip(homes, network.nodes, strict=True) if node.kind == "article")
    order = sorted(sizes, key=lambda each: (-sizes[each], -1 if each is None else each))
    made: list[Island] = []
    for each in order:
        radius = _ROOM * math.sqrt(sizes[each] * _SPARE) * 1.05 + 2.5
        x, y = _free(made, radius)
        made.append(Island(each, x, y, radius, articles[each]))
    return tuple(made)


def _free(made: list[Island], radius: float) -> tuple[float, float]:
    """The place nearest to the largest island where a circle covers none."""
    if not made:
        return 0.0, 0.0
    distance = made[0].radius + radius + _STRAIT
    weight = sum(one.radius**2 for one in made)
    middle_x = sum(one.x * one.radius**2 for one in made) / weight
    middle_y = sum(one.y * one.radius**2 for one in made) / weight
    while True:
        turns = max(24, int(distance))
        around = [
            (distance * math.cos(angle), distance * math.sin(angle))
            for angle in (2 * math.pi * turn / turns + 0.6 for turn in range(turns))
        ]
        free = [
            (x, y)
            for x, y in around
            if all(math.hypot(x - one.x, y - one.y) >= radius + one.radius + _STRAIT for one in made)
        ]
        if free:
            # Of those on one circle the one that keeps the whole in balance.
            return min(free, key=lambda place: round(math.hypot(place[0] - middle_x, place[1] - middle_y), 3))
        distance += 2.0


def _settle_articles(
    articles: list[int],
    homes: list[int | None],
    by_home: dict[int | None, Island],
    degrees: list[int],
    seats: _Seats,
    placed: dict[int, tuple[float, float]],
) -> None:
    """Seat the articles of each category like the seeds of a sunflower, the most connected in the middle."""
    members: defaultdict[int | None, list[int]] = defaultdict(list)
    for number in sorted(articles, key=lambda each: (-degrees[each], each)):
        members[homes[number]].append(number)
    for home, numbers in members.items():
        island = by_home[home]
        for rank, number in enumerate(numbers):
            away = (island.radius - 2.0) * 0.94 * math.sqrt((rank + 0.7) / len(numbers))
            angle = rank * _GOLDEN
            placed[number] = seats.take(island.x + away * math.cos(angle), island.y + away * math.sin(angle))


def _middle(places: Iterable[tuple[float, float]]) -> tuple[float, float]:
    all_places = list(places)
    return (
        sum(x for x, _ in all_places) / len(all_places),
        sum(y for _, y in all_places) / len(all_places),
    )


# ---- places


class _Seats:
    """The places of a honeycomb, and which of them are taken."""

    def __init__(self) -> None:
        self._taken: set[_Seat] = set()
        #: From which ring on there may be a free place around a place.
        self._rings: dict[_Seat, int] = {}

    def take(self, x: float, y: float) -> tuple[float, float]:
        """Take the free place nearest to a point, nearly; where it lies."""
        row = round(y / (_ROOM * math.sqrt(3)))
        start = (round(x / (2 * _ROOM) - (row % 2) / 2), row)
        ring = self._rings.get(start, 0)
        while True:
            free = [each for each in _ring(start, ring) if each not in self._taken]
            if free:
                seat = min(free, key=lambda each: (_distance(each, x, y), each))
                self._taken.add(seat)
                self._rings[start] = ring
                return _place(seat)
            ring += 1


def _place(seat: _Seat) -> tuple[float, float]:
    column, row = seat
    return round(2 * _ROOM * (column + (row % 2) / 2), 2), round(_ROOM * math.sqrt(3) * row, 2)


def _distance(seat: _Seat, x: float, y: float) -> float:
    there_x, there_y = _place(seat)
    return round(math.hypot(there_x - x, there_y - y), 6)


def _ring(middle: _Seat, ring: int) -> Iterable[_Seat]:
    column, row = middle
    if ring == 0:
        yield middle
        return
    for step in range(-ring, ring + 1):
        yield column + step, row - ring
        yield column + step, row + ring
    for step in range(-ring + 1, ring):
        yield column - ring, row + step
        yield column + ring, row + step
