"""What a picture shows: cards in columns from left to right, and ties between them.

Columns follow the way a statement goes: category, article, fact, source, and who made the source.
Where it all lies is for `layout`. What a picture leaves out, its headings count.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kbgraph.page.nodes import Link, Network, Node

__all__ = ["PLURALS", "Card", "Diagram", "Group", "Tie", "near", "neighbourhood", "overview"]

PLURALS = {
    "category": "Categories",
    "article": "Articles",
    "fact": "Facts",
    "source": "Sources",
    "organisation": "Organisations",
    "person": "People",
    "software": "Software",
    "entity": "Entities",
}
#: In which column a kind is: what one rests on is to the right of it.
_STAGES = {"category": 0, "article": 1, "fact": 2, "source": 3}
_LAST_STAGE = 4


@dataclass(frozen=True, slots=True)
class Card:
    """An entity in a picture: a title, a line below it, and a bar of a length from 0 to 1 where there is one."""

    key: str
    kind: str
    title: str
    note: str = ""
    share: float | None = None
    is_centre: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Cards below a heading, and how many more there are."""

    heading: str
    cards: tuple[Card, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation between two cards, by their keys."""

    source: str
    target: str
    relation: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """All that a picture shows; `names` is what its legend calls kinds that it uses for something else."""

    title: str
    subtitle: str
    columns: tuple[tuple[Group, ...], ...]
    ties: tuple[Tie, ...]
    names: Mapping[str, str] = field(default_factory=dict)

    def cards(self) -> tuple[Card, ...]:
        """The cards, column by column."""
        return tuple(card for column in self.columns for group in column for card in group.cards)


def neighbourhood(network: Network, centre: int, *, depth: int = 1, most: int = 12) -> Diagram:
    """An entity and what it is related to.

    Args:
        network: the entities and relations.
        centre: the number of the entity.
        depth: how many relations away the others may be.
        most: how many others of a kind are shown: those related to the most that is shown, and facts in their order.
    """
    within_reach = near(network, centre, depth)
    middle = _stage(network.nodes[centre].kind)
    by_kind: defaultdict[str, list[int]] = defaultdict(list)
    for number in sorted(within_reach - {centre}):
        by_kind[network.nodes[number].kind].append(number)
    within = [link for link in network.links if {link.source, link.target} <= within_reach]
    shown, left_out = {centre}, {}
    for kind in PLURALS:
        chosen = _chosen(by_kind[kind], kind, [link for link in within if _touches(link, shown)], most)
        shown.update(chosen)
        left_out[kind] = len(by_kind[kind]) - len(chosen)
        by_kind[kind] = chosen
    stages: defaultdict[int, list[str]] = defaultdict(list)
    for kind, numbers in by_kind.items():
        if numbers:
            stage = _stage(kind)
            stages[max(stage - 1, -1) if stage == middle else stage].append(kind)
    if middle not in stages:
        stages[middle] = []
    degrees = network.degrees()
    columns: list[tuple[Group, ...]] = []
    places: dict[int, float] = {centre: 0.5}
    for stage in sorted(stages):
        groups: list[Group] = []
        if stage == middle:
            node = network.nodes[centre]
            groups.append(Group(node.kind.capitalize(), (_card(node, degrees[centre], is_centre=True),)))
        for kind in sorted(stages[stage], key=list(PLURALS).index):
            numbers = by_kind[kind] if kind == "fact" else _ordered(by_kind[kind], within, places)
            places.update({number: (at + 1) / (len(numbers) + 1) for at, number in enumerate(numbers)})
            heading = f"Other {PLURALS[kind].lower()}" if stage != middle and _stage(kind) == middle else PLURALS[kind]
            cards = tuple(_card(network.nodes[each], degrees[each]) for each in numbers)
            groups.append(Group(heading, cards, left_out[kind]))
        columns.append(tuple(groups))
    at = {number: stage for stage, kinds in stages.items() for kind in kinds for number in by_kind[kind]}
    at[centre] = middle
    drawn = [link for link in within if {link.source, link.target} <= shown]
    if depth == 1 and network.nodes[centre].kind == "article":  # what other articles rest on is for their own pictures
        drawn = [each for each in drawn if centre in (each.source, each.target) or at[each.source] >= middle]
    ties = _ties(network, drawn, at, centre)
    further = f"up to {depth} relations away" if depth > 1 else "what it is directly related to"
    return Diagram(
        network.nodes[centre].label, f"{network.nodes[centre].kind.capitalize()}, and {further}", tuple(columns), ties
    )


def near(network: Network, centre: int, depth: int) -> set[int]:
    """The numbers of what is at most so many relations away, itself among them.

    The way does not go on through categories and software, which half of a graph may have in common.
    """
    beside: defaultdict[int, set[int]] = defaultdict(set)
    for link in network.links:
        beside[link.source].add(link.target)
        beside[link.target].add(link.source)
    found, edge = {centre}, {centre}
    for _ in range(depth):
        ways = [each for each in edge if each == centre or network.nodes[each].kind not in {"category", "software"}]
        edge = {other for each in ways for other in beside[each]} - found
        found |= edge
    return found


def _touches(link: Link, shown: set[int]) -> bool:
    return link.source in shown or link.target in shown


def _stage(kind: str) -> int:
    return _STAGES.get(kind, _LAST_STAGE)


def _chosen(numbers: list[int], kind: str, links: Iterable[Link], most: int) -> list[int]:
    if kind == "fact" or len(numbers) <= most:
        return numbers[:most]
    counted = Counter(number for link in links for number in (link.source, link.target))
    return sorted(sorted(numbers, key=lambda each: (-counted[each], each))[:most])


def _ordered(numbers: Iterable[int], links: Iterable[Link], places: dict[int, float]) -> list[int]:
    """Numbers so that ties to the column before cross little: by the mean place of what they are tied to."""
    tied: defaultdict[int, list[float]] = defaultdict(list)
    for link in links:
        for one, other in ((link.source, link.target), (link.target, link.source)):
            if other in places:
                tied[one].append(places[other])
    return sorted(numbers, key=lambda each: (sum(tied[each]) / len(tied[each]) if tied[each] else 0.5, each))


def _ties(network: Network, links: Iterable[Link], at: dict[int, int], centre: int) -> tuple[Tie, ...]:
    """The ties between columns, one for two cards; a tie that another way through a shown fact says is left out."""
    links = list(links)
    stated = {
        (one.source, two.target)
        for one in links
        if one.relation == "states"
        for two in links
        if two.source == one.target
    }
    pairs: dict[tuple[int, int], Tie] = {}
    for link in links:
        ends = (link.source, link.target)
        if at[link.source] == at[link.target] or (link.relation == "cites" and ends in stated):
            continue
        if link.relation == "links to" and centre not in ends:
            continue
        nodes = network.nodes
        pairs.setdefault(ends, Tie(nodes[link.source].iri, nodes[link.target].iri, link.relation))
    return tuple(pairs.values())


def _card(node: Node, degree: int, *, is_centre: bool = False) -> Card:
    notes: list[str] = []
    if node.kind in {"source", "article"} and node.year is not None:
        notes.append(str(node.year) if node.year > 0 else f"{-node.year} BC")
    if node.confidence:
        notes.append(f"{node.confidence} confidence")
    if not notes or is_centre:
        notes.append(_counted(degree, "relation"))
    return Card(node.iri, node.kind, node.label, " · ".join(notes), is_centre=is_centre)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def overview(network: Network, title: str, *, most: int = 12) -> Diagram:
    """The categories with the most articles, the most connected articles, and the most cited sources."""
    nodes, links = network.nodes, network.links
    degrees = network.degrees()
    about = Counter(link.target for link in links if link.relation == "about")
    citing: defaultdict[int, set[int]] = defaultdict(set)
    for link in links:
        if link.relation == "cites":
            citing[link.target].add(link.source)
    cited = Counter({number: len(each) for number, each in citing.items()})
    of_kind: defaultdict[str, list[int]] = defaultdict(list)
    for number, node in enumerate(nodes):
        of_kind[node.kind].append(number)
    columns: list[tuple[Group, ...]] = []
    for heading, kind, counts, noun in (
        ("Categories", "category", about, "article"),
        ("Most connected articles", "article", Counter(dict(enumerate(degrees))), "relation"),
        ("Most cited sources", "source", cited, "citing article"),
    ):
        numbers = sorted(of_kind[kind], key=lambda each: (-counts[each], each))[:most]
        if numbers:
            longest = max(1, counts[numbers[0]])
            cards = tuple(_weighed(nodes[each], counts[each], longest, noun) for each in numbers)
            columns.append((Group(heading, cards, len(of_kind[kind]) - len(numbers)),))
    shown = {card.key for (group,) in columns for card in group.cards}
    ties = tuple(
        Tie(nodes[each.source].iri, nodes[each.target].iri, each.relation)
        for each in links
        if each.relation in {"about", "cites"} and {nodes[each.source].iri, nodes[each.target].iri} <= shown
    )
    totals = ", ".join(f"{len(of_kind[kind]):,} {PLURALS[kind].lower()}" for kind in PLURALS if of_kind[kind])
    return Diagram(title, totals, tuple(columns), ties)


def _weighed(node: Node, count: int, most: int, noun: str) -> Card:
    return Card(node.iri, node.kind, node.label, _counted(count, noun), share=count / most)
