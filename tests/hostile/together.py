"""What is hostile, wrong or odd in the tests, as the graph of one build: what every writer has to get right."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.hostile.articles import every_article
from tests.test_build import HARD

from kbgraph import KnowledgeGraph, Settings
from kbgraph.building import compile_inputs
from kbgraph.inputs import Input

#: Bytes of the hostile articles that are taken: the others are odd in the same ways, and take long.
_MOST = 800
_BAD = Path(__file__).parents[1] / "bad"


def hostile_inputs() -> list[Input]:
    """The articles."""
    inputs = [Input("a b/c++ (1)..md", Path("x.md"), HARD.encode())]
    inputs += [
        Input(f"hostile/{each.name}.md", Path("x.md"), each.data) for each in every_article() if len(each.data) <= _MOST
    ]
    return inputs + [Input(f"bad/{path.name}", path, path.read_bytes()) for path in sorted(_BAD.glob("*.md"))[::2]]


@cache
def hostile_graph() -> KnowledgeGraph:
    """The graph that those that can be read become."""
    return compile_inputs(hostile_inputs(), Settings()).graph
