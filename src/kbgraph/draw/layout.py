"""Where the cards of a diagram lie, and how ties run: between columns, and through gaps of the columns they pass.

Nothing overlaps by the way it is made: columns stand beside each other, cards below each other, and
texts are broken to the width of their card.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from kbgraph.draw.fonts import width_of
from kbgraph.draw.labels import clean, shortened, wrapped
from kbgraph.draw.scene import Box, Curve, Mark, Point, Scene, Shape, Text
from kbgraph.draw.subject import Card, Diagram, Group, Tie
from kbgraph.palette import INK, LOOKS, PAPER, SOFT, mixed

__all__ = ["scene_of"]

_MARGIN = 28.0
_CARD = 210.0
_CHANNEL = 84.0
_GAP = 9.0
_PAD = 8.0
_TEXT_LEFT = 26.0
_TITLE, _NOTE, _HEADING, _NAME, _LABEL = 11.5, 9.5, 11.5, 19.0, 9.5
_LINE = 14.0
#: How many lines a title may have, by kind; statements are longer than names.
_LINES = {"fact": 4}
_DASHED = {
    "links to": (5.0, 3.0),
    "same as": (1.5, 3.0),
    "within": (5.0, 3.0),
    "subclass of": (5.0, 3.0),
    "mentions": (1.5, 3.0),
}


@dataclass(frozen=True, slots=True)
class _Placed:
    """A card, its lines, and where it lies."""

    card: Card
    lines: tuple[str, ...]
    notes: tuple[str, ...]
    column: int
    x: float
    y: float
    height: float

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def scene_of(diagram: Diagram) -> Scene:
    """The picture of a diagram."""
    count = max(len(diagram.columns), 1)
    width = max(2 * _MARGIN + count * _CARD + (count - 1) * _CHANNEL, 480.0)
    inner = width - 2 * _MARGIN
    shapes: list[Shape] = []
    y = _MARGIN
    for line in wrapped(diagram.title, inner, _NAME, bold=True, most=2):
        y += 22
        shapes.append(_text(_MARGIN, y, line, _NAME, INK, bold=True))
    for line in wrapped(diagram.subtitle, inner, _TITLE, most=3):
        y += 17
        shapes.append(_text(_MARGIN, y, line, _TITLE, SOFT))
    labels = _labels(diagram)
    top = y + 30 + max((12 * len(each) for each in labels.values()), default=0)
    left = _MARGIN + (inner - count * _CARD - (count - 1) * _CHANNEL) / 2
    placed, headings, bottom = _columns(diagram, left, top)
    shapes += _channel_labels(labels, left, top)
    shapes += headings
    shapes += _ties(diagram.ties, placed, left)
    for each in placed:
        shapes += _card_shapes(each)
    legend, end = _legend(diagram, width, bottom + 30)
    shapes += legend
    height = end + _MARGIN - 8
    paper = Box(0, 0, width, height, PAPER)
    told = f"{diagram.subtitle}. {len(placed)} entities and {len(diagram.ties)} relations."
    return Scene(width, height, clean(diagram.title), clean(told), (paper, *shapes))


def _text(x: float, y: float, text: str, size: float, fill: str, *, bold: bool = False) -> Text:
    return Text(x, y, text, size, width_of(text, size, bold=bold), fill, bold)


# ---- columns


def _columns(diagram: Diagram, left: float, top: float) -> tuple[list[_Placed], list[Shape], float]:
    """The cards in their places, the headings, and where the longest column ends; others are centred beside it."""
    made = [list(_column(groups, number, left)) for number, groups in enumerate(diagram.columns)]
    tallest = max((column[-1][1] for column in made if column), default=0.0)
    placed: list[_Placed] = []
    headings: list[Shape] = []
    for column in made:
        is_middle = any(isinstance(each, _Placed) and each.card.is_centre for each, _ in column)
        down = top + ((tallest - column[-1][1]) / 2 if column and is_middle else 0.0)
        for each, _ in column:
            if isinstance(each, _Placed):
                placed.append(
                    _Placed(each.card, each.lines, each.notes, each.column, each.x, each.y + down, each.height)
                )
            else:
                headings.append(Text(each.x, each.y + down, each.text, each.size, each.width, each.fill, each.bold))
    return placed, headings, top + tallest


def _column(groups: Iterable[Group], number: int, left: float) -> Iterator[tuple[_Placed | Text, float]]:
    """What a column holds, from 0 downwards, and where each ends."""
    x, y = left + number * (_CARD + _CHANNEL), 0.0
    for at, group in enumerate(groups):
        y += 24 if at else 0
        if group.heading:
            more = f"{len(group.cards):,} of {len(group.cards) + group.left_out:,}" if group.left_out else ""
            room = _CARD - (width_of(more, _NOTE) + 8 if more else 0)
            heading = shortened(clean(group.heading), room, _HEADING, bold=True)
            yield _text(x, y + 12, heading, _HEADING, INK, bold=True), y + 12
            if more:
                yield _text(x + _CARD - width_of(more, _NOTE), y + 12, more, _NOTE, SOFT), y + 12
            y += 22
        for card in group.cards:
            room = _CARD - _TEXT_LEFT - _PAD
            most = _LINES.get(card.kind, 3)
            lines = wrapped(card.title, room, _TITLE, bold=card.is_centre, most=5 if card.is_centre else most) or ("–",)
            notes = wrapped(card.note, room, _NOTE, most=3)
            height = 2 * _PAD + _LINE * len(lines) - 2 + 13 * len(notes) + (6 if card.share is not None else 0)
            yield _Placed(card, lines, notes, number, x, y, height), y + height
            y += height + _GAP


def _card_shapes(placed: _Placed) -> Iterator[Shape]:
    card, look = placed.card, LOOKS[placed.card.kind]
    fill = mixed(look.colour, 0.14) if card.is_centre else mixed(look.colour, 0.05)
    stroke = look.colour if card.is_centre else mixed(look.colour, 0.45)
    yield Box(placed.x, placed.y, _CARD, placed.height, fill, stroke, 6, 2.0 if card.is_centre else 1.0)
    y = placed.y + _PAD + 9.5
    yield Mark(placed.x + 13.5, y - 4, 5.0, look.colour, look.corners)
    for line in placed.lines:
        yield _text(placed.x + _TEXT_LEFT, y, line, _TITLE, INK, bold=card.is_centre)
        y += _LINE
    for at, note in enumerate(placed.notes):
        yield _text(placed.x + _TEXT_LEFT, y - 0.5 + 13 * at, note, _NOTE, SOFT)
    if card.share is not None:
        room = _CARD - _TEXT_LEFT - _PAD
        bar = placed.y + placed.height - _PAD - 2
        yield Box(placed.x + _TEXT_LEFT, bar, room, 3, mixed(look.colour, 0.15), radius=1.5)
        yield Box(placed.x + _TEXT_LEFT, bar, room * card.share, 3, look.colour, radius=1.5)


# ---- ties


def _ties(ties: Iterable[Tie], placed: Iterable[_Placed], left: float) -> Iterator[Shape]:
    by_key = {each.card.key: each for each in placed}
    gaps: defaultdict[int, list[float]] = defaultdict(list)
    for column, cards in _by_column(by_key.values()).items():
        ends = [(card.y, card.y + card.height) for card in cards]
        gaps[column] = [
            ends[0][0] - 30,
            *((one[1] + two[0]) / 2 for one, two in pairwise(ends) if two[0] - one[1] < 2 * _GAP),
            ends[-1][1] + 8,
        ]
    marks: list[Shape] = []
    for tie in ties:
        one, other = by_key[tie.source], by_key[tie.target]
        begin, end = (one, other) if one.column < other.column else (other, one)
        colour = mixed(LOOKS[other.card.kind if one is begin else one.card.kind].colour, 0.6)
        yield Curve(
            (begin.x + _CARD, begin.middle),
            tuple(_pieces(begin, end, gaps, left)),
            colour,
            _DASHED.get(tie.relation, ()),
        )
        is_forward = other is end
        x = end.x if is_forward else begin.x + _CARD
        corners = ((0.0, 0.0), (-2.0, -0.9), (-2.0, 0.9)) if is_forward else ((0.0, 0.0), (2.0, -0.9), (2.0, 0.9))
        marks.append(Mark(x, other.middle, 3.4, colour, corners))
    yield from marks


def _pieces(
    begin: _Placed, end: _Placed, gaps: dict[int, list[float]], left: float
) -> Iterator[tuple[Point, Point, Point]]:
    """The way from one card to another: through the gap of each column between that is nearest to the straight line."""
    x, y = begin.x + _CARD, begin.middle
    for column in range(begin.column + 1, end.column + 1):
        start = left + column * (_CARD + _CHANNEL)
        if column == end.column:
            yield _bend(x, y, end.x, end.middle)
            return
        share = (column - begin.column) / (end.column - begin.column)
        straight = begin.middle + (end.middle - begin.middle) * share
        through = min(gaps[column], key=lambda each: (abs(each - straight), each)) if gaps[column] else straight
        yield _bend(x, y, start, through)
        yield _bend(start, through, start + _CARD, through)
        x, y = start + _CARD, through


def _bend(x: float, y: float, to_x: float, to_y: float) -> tuple[Point, Point, Point]:
    half = (to_x - x) * 0.5
    return (x + half, y), (to_x - half, to_y), (to_x, to_y)


def _by_column(placed: Iterable[_Placed]) -> dict[int, list[_Placed]]:
    made: defaultdict[int, list[_Placed]] = defaultdict(list)
    for each in placed:
        made[each.column].append(each)
    return {column: sorted(cards, key=lambda each: each.y) for column, cards in made.items()}


def _labels(diagram: Diagram) -> dict[int, list[str]]:
    """The relations that each channel between two columns carries to its right side, with arrows."""
    where = {card.key: at for at, column in enumerate(diagram.columns) for group in column for card in group.cards}
    made: defaultdict[int, list[str]] = defaultdict(list)
    for tie in diagram.ties:
        one, other = where[tie.source], where[tie.target]
        label = f"{tie.relation} →" if one < other else f"← {tie.relation}"
        channel = max(one, other) - 1
        if label not in made[channel]:
            made[channel].append(label)
    return made


def _channel_labels(labels: dict[int, list[str]], left: float, top: float) -> Iterator[Shape]:
    for channel, names in sorted(labels.items()):
        centre = left + (channel + 1) * _CARD + channel * _CHANNEL + _CHANNEL / 2
        for at, name in enumerate(sorted(names, reverse=True)):
            shown = shortened(name, _CHANNEL, _LABEL)
            yield _text(centre - width_of(shown, _LABEL) / 2, top + 8 - 12 * at, shown, _LABEL, SOFT)


# ---- legend


def _legend(diagram: Diagram, width: float, top: float) -> tuple[list[Shape], float]:
    """Which shape is what kind, and which dashes are which relation; where it ends."""
    kinds = {card.kind for card in diagram.cards()}
    relations = {tie.relation for tie in diagram.ties}
    # Those of an unbroken line share one entry: the channels between the columns name them.
    lines = [
        (", ".join(sorted(relations - set(_DASHED))), ()),
        *((each, _DASHED[each]) for each in sorted(relations & set(_DASHED))),
    ]
    shapes: list[Shape] = [Box(_MARGIN, top - 14, width - 2 * _MARGIN, 1, "#dde3ea")]
    x, y = _MARGIN, top + 8
    entries: list[tuple[str, str, tuple[float, ...]]] = [
        *((kind, diagram.names.get(kind, kind), ()) for kind in LOOKS if kind in kinds),
        *(("", name, dashes) for name, dashes in lines if name),
    ]
    for kind, name, dashes in entries:
        mark = 16.0 if kind else 30.0
        name = shortened(name, width - 2 * _MARGIN - mark, _NOTE)  # noqa: PLW2901 - what fits stands for it
        wide = mark + width_of(name, _NOTE) + 18
        if x + wide > width - _MARGIN + 18:
            x, y = _MARGIN, y + 17
        if kind:
            shapes.append(Mark(x + 5, y - 3.5, 4.5, LOOKS[kind].colour, LOOKS[kind].corners))
        else:
            bend = _bend(x, y - 3.5, x + 24, y - 3.5)
            shapes.append(Curve((x, y - 3.5), (bend,), SOFT, dashes))
        shapes.append(_text(x + mark, y, name, _NOTE, SOFT))
        x += wide
    return shapes, y + 6
