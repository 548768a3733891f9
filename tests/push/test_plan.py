"""What has to travel, and whether two datasets say the same."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from kbgraph.dataset import Dataset, read_dataset
from kbgraph.errors import UsageError, WorldError
from kbgraph.push.abreast import abreast
from kbgraph.push.ledger import Entry
from kbgraph.push.plan import Content, contents_of, parcels_of, plan_of
from kbgraph.push.pulling import differences
from kbgraph.push.verifying import check_counts

XSD = "http://www.w3.org/2001/XMLSchema#"


def content(name: str, size: int = 1) -> Content:
    return Content(name, [b"x" * 10] * size, Entry(f"digest of {name}", size))


def test_a_graph_stays_only_where_digest_and_count_are_right() -> None:
    entries = {name: content(name).entry for name in ("changed", "lost", "new", "same", "unclaimed")}
    ledger = {name: content(name).entry for name in ("gone", "lost", "same")}
    ledger |= {"changed": Entry("another", 1), "unclaimed": Entry()}
    counts = {"changed": 1, "same": 1, "unclaimed": 1}
    plan = plan_of(entries, ledger, counts)
    assert plan.put == ("changed", "lost", "new", "unclaimed")
    assert plan.delete == ("gone",)
    assert plan.same == ("same",)
    assert plan.held == {"changed", "unclaimed"}
    assert plan_of(entries, ledger, counts, prune=False).delete == ()


def test_parcels_are_bounded_in_bytes_and_in_graphs() -> None:
    contents = {
        name: content(name, size) for name, size in (("a", 1), ("b", 1), ("c", 9), ("d", 1), ("e", 1), ("f", 1))
    }
    plan = plan_of({name: each.entry for name, each in contents.items()}, {}, {})
    assert [each.graphs for each in parcels_of(plan, contents, 30, 2)] == [("a", "b"), ("c",), ("d", "e"), ("f",)]
    assert [each.size for each in parcels_of(plan, contents, 30, 2)] == [2, 9, 2, 1]


def test_the_default_graph_travels_under_a_name(seeds_out: Path) -> None:
    base, contents = contents_of(read_dataset(seeds_out))
    own = contents[f"{base}graph/catalogue"]
    assert own.own == ""
    assert own.triples() == list(own.lines)
    assert own.quads("urn:g").splitlines()[0] == own.lines[0].removesuffix(b" .\n") + b" <urn:g> ."
    agents = contents[f"{base}graph/agents"]
    assert agents.triples()[0] == agents.lines[0].replace(f" <{base}graph/agents> .".encode(), b" .")
    assert agents.quads("ignored") == b"".join(agents.lines)


def test_what_cannot_be_pushed_is_said(seeds_out: Path) -> None:
    lines = (seeds_out / "graph.nq").read_bytes().splitlines(keepends=True)
    elsewhere = b"<http://x/s> <http://x/p> <http://x/o> <http://elsewhere.example/g> .\n"
    reserved = b"<http://x/s> <http://x/p> <http://x/o> <https://kb.example/graph/_push> .\n"
    for dataset, said in (
        (Dataset(lines).union(), "without named graphs"),
        (Dataset([elsewhere]), "no catalogue"),
        (Dataset([*lines, elsewhere]), "does not lie below"),
        (Dataset([*lines, reserved]), "keeps for itself"),
    ):
        with pytest.raises(UsageError, match=said):
            contents_of(dataset)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (f'"01"^^<{XSD}integer>', f'"1"^^<{XSD}integer>', True),
        (f'"0.50"^^<{XSD}decimal>', f'"0.5"^^<{XSD}decimal>', True),
        (f'"0.5"^^<{XSD}decimal>', f'"0.6"^^<{XSD}decimal>', False),
        (f'"-0300"^^<{XSD}gYear>', f'"-300"^^<{XSD}gYear>', True),
        (f'"0300"^^<{XSD}gYear>', f'"-300"^^<{XSD}gYear>', False),
        (f'"true"^^<{XSD}boolean>', f'"1"^^<{XSD}boolean>', True),
        ('"a"@en-GB', '"a"@en-gb', True),
        ('"a"@en', '"a"@de', False),
        ('"a"@en', '"a"', False),
        ('"1"', f'"1"^^<{XSD}integer>', False),
        (f'"x"^^<{XSD}integer>', f'"y"^^<{XSD}integer>', False),
    ],
)
def test_literals_are_compared_by_value(one: str, other: str, equal: bool) -> None:
    first, second = ([f"<http://x/s> <http://x/p> {each} <http://x/g> .\n".encode()] for each in (one, other))
    found = differences(first, Dataset(second))
    assert (found == []) is equal
    if not equal:
        assert (found[0].graph, found[0].missing, found[0].added) == ("http://x/g", tuple(second), tuple(first))


def test_counts_that_differ_are_named_with_their_graphs() -> None:
    check_counts({"a": 1, "gone": 0}, {"a": 1})
    with pytest.raises(WorldError, match=r"<a> has 3 triples instead of 1,000; <gone> has 2 triples instead of 0\. "):
        check_counts({"a": 1_000, "b": 5, "gone": 0}, {"a": 3, "b": 5, "gone": 2})


def test_work_done_abreast_keeps_its_order_and_raises_the_first_error() -> None:
    barrier = threading.Barrier(3, timeout=10)

    def together(number: int) -> int:
        barrier.wait()  # passes only where three work at once
        return number * number

    told: list[int] = []
    assert abreast(together, range(6), 3, stop=lambda: None, done=told.append) == [0, 1, 4, 9, 16, 25]
    assert sorted(told) == [0, 1, 4, 9, 16, 25]
    stopped: list[bool] = []
    begun: list[int] = []

    def failing(number: int) -> int:
        begun.append(number)
        raise WorldError(f"number {number}")

    with pytest.raises(WorldError, match="number 0"):
        abreast(failing, range(50), 1, stop=lambda: stopped.append(True))
    assert stopped == [True]
    assert begun == [0]
    assert abreast(failing, [], 4, stop=lambda: None) == []
