"""`kbgraph.page.layout`: every node has a place of its own, near what it belongs to."""

from __future__ import annotations

import math
import time
from collections import Counter

import pytest
from tests.page.test_data import dataset

import kbgraph
from kbgraph.page.layout import Layout, layout_of
from kbgraph.page.nodes import Link, Network, Node, network_of
from kbgraph.page.statements import statements_of


@pytest.fixture(scope="module")
def network(seeds_graph: kbgraph.KnowledgeGraph) -> Network:
    return network_of(statements_of(dataset(seeds_graph).graphs.values()))


def made_up(articles: int, categories: int = 12) -> Network:
    """A network like a real one: facts of articles, sources that some share, an organisation behind each third."""
    nodes = [Node(f"category/{n:03}", "category", f"Category {n}", (n,)) for n in range(categories)]
    links = []
    for n in range(articles):
        home = (n * n) % categories
        article = len(nodes)
        nodes.append(Node(f"article/{n:05}", "article", f"Article {n}", (home,)))
        links.append(Link(article, home, "about"))
        for k in range(3):
            links += [Link(article, len(nodes), "states"), Link(len(nodes), len(nodes) + 1, "rests on")]
            nodes += [
                Node(f"fact/{n:05}-{k}", "fact", "A fact", (home,)),
                Node(f"source/{n:05}-{k}", "source", "A source", (home,)),
            ]
    return Network(tuple(nodes), tuple(sorted(links)), {node.iri: n for n, node in enumerate(nodes)})


def closest(layout: Layout) -> float:
    """The least distance between two nodes, by cells of a grid."""
    cells: dict[tuple[int, int], list[tuple[float, float]]] = {}
    least = math.inf
    for x, y in layout.places:
        column, row = int(x // 4), int(y // 4)
        for near in ((column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
            least = min([least, *(math.hypot(x - a, y - b) for a, b in cells.get(near, ()))])
        cells.setdefault((column, row), []).append((x, y))
    return least


def test_no_node_lies_on_another(network: Network) -> None:
    assert closest(layout_of(network)) > 1.99


def test_islands_do_not_overlap_and_hold_their_articles(network: Network) -> None:
    layout = layout_of(network)
    islands = {each.category: each for each in layout.islands}
    for one in layout.islands:
        for other in layout.islands:
            if one is not other:
                assert math.hypot(one.x - other.x, one.y - other.y) > one.radius + other.radius
    for (x, y), node in zip(layout.places, network.nodes, strict=True):
        if node.kind == "article":
            island = islands[node.categories[0]]
            assert math.hypot(x - island.x, y - island.y) <= island.radius


def test_an_island_counts_the_articles_that_are_at_home_on_it(network: Network) -> None:
    at_home = Counter(node.categories[0] for node in network.nodes if node.kind == "article")
    assert {each.category: each.articles for each in layout_of(network).islands if each.articles} == dict(at_home)


def test_a_source_lies_nearer_to_the_articles_that_cite_it_than_to_others(network: Network) -> None:
    places = layout_of(network).places
    articles = [number for number, node in enumerate(network.nodes) if node.kind == "article"]
    citing = {(link.target, link.source) for link in network.links if link.relation == "cites"}

    def mean(pairs: list[tuple[int, int]]) -> float:
        return sum(math.dist(places[a], places[b]) for a, b in pairs) / len(pairs)

    sources = {source for source, _ in citing}
    others = [
        (source, article) for source in sorted(sources) for article in articles if (source, article) not in citing
    ]
    assert mean(sorted(citing)) < mean(others) / 2


def test_the_layout_is_the_same_every_time(network: Network) -> None:
    assert layout_of(network) == layout_of(network)


def test_ten_thousand_nodes_are_laid_out_in_a_moment_without_a_pile() -> None:
    network = made_up(1430)
    assert len(network.nodes) > 10_000
    before = time.process_time()
    layout = layout_of(network)
    assert time.process_time() - before < 10
    assert closest(layout) > 1.99


def test_a_network_without_categories_has_one_island() -> None:
    nodes = (Node("a", "article", "A"), Node("b", "source", "B"))
    layout = layout_of(Network(nodes, (Link(0, 1, "cites"),), {"a": 0, "b": 1}))
    (island,) = layout.islands
    assert island.category is None
    assert island.articles == 1
