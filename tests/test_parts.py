"""Parts: however lines are cut, they are put together as if they had been sorted whole."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kbgraph
from kbgraph.parts import Part, classes_of, cut, loaded, merged, runs_of, undescribed

#: IRIs that begin alike: one article below another, one with more letters, a part of it, a whole IRI in another.
_NAMES = ["a", "a-b", "a#x", "a#x#y", "a/b", "a/b#x", "a!", "a#", "b", "ä", "a%23", "aa", "b#1"]
_SUBJECTS = st.sampled_from([f"<https://e.example/{name}>" for name in _NAMES] + ["_:a", "_:a1", "<urn:x>"])
_OBJECTS = st.sampled_from(
    ["<https://e.example/a#x>", '"text"', '"a <https://e.example/a> \\n."', '"é"@de', "<https://e.example/b>", "_:a"]
)
_PREDICATES = st.sampled_from(
    ["<https://schema.org/name>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "<a:b>"]
)
_STATEMENTS = st.builds(lambda *terms: " ".join(terms), _SUBJECTS, _PREDICATES, _OBJECTS)
_GRAPHS = st.sampled_from(["", "https://e.example/g", "https://e.example/g2"])


def sorted_lines(lines: Iterable[bytes]) -> bytes:
    return b"".join(sorted(set(lines)))


def part_of(graph: str, statements: Iterable[str]) -> Part:
    end = f" <{graph}> .\n" if graph else " .\n"
    return Part.of(graph, sorted_lines((each + end).encode() for each in statements))


PARTS = st.lists(st.builds(part_of, _GRAPHS, st.lists(_STATEMENTS, max_size=12)), max_size=6)


@settings(max_examples=300)
@given(PARTS)
def test_parts_are_merged_as_if_their_lines_were_sorted(parts: list[Part]) -> None:
    assert b"".join(loaded(merged(parts))) == sorted_lines(
        line for part in parts for line in part.lines.splitlines(True)
    )


@settings(max_examples=300)
@given(PARTS)
def test_as_triples_each_statement_is_there_once(parts: list[Part]) -> None:
    expected = set()
    for part in parts:
        end = f" <{part.graph}> .".encode() if part.graph else b" ."
        expected |= {line.removesuffix(end) + b" .\n" for line in part.lines.splitlines()}
    assert b"".join(loaded(merged(parts, as_triples=True))) == b"".join(sorted(expected))


@settings(max_examples=300)
@given(st.lists(_STATEMENTS, max_size=60))
def test_runs_cover_all_lines_in_order_and_none_is_the_beginning_of_another(statements: list[str]) -> None:
    lines = part_of("https://e.example/g", statements).lines
    runs = list(runs_of(lines))
    assert b"".join(lines[start : start + length] for _, start, length, _ in runs) == lines
    names = [run.name for run in runs]
    assert names == sorted(names, key=str.encode)
    assert not [(one, other) for one in names for other in names if one != other and other.startswith(one)]


@settings(max_examples=200)
@given(st.lists(st.integers(0, 100_000), max_size=400))
def test_a_cut_is_never_inside_of_a_subject_and_loses_nothing(numbers: list[int]) -> None:
    lines = part_of("", (f'<urn:{number % 5000}> <a:b> "{number}"' for number in numbers)).lines
    pieces = list(cut(lines))
    assert b"".join(pieces) == lines
    assert all(pieces)
    subjects = [{line.split(b" ")[0] for line in piece.splitlines()} for piece in pieces]
    assert sum(map(len, subjects)) == len(set().union(*subjects))


def test_a_change_moves_no_cut_but_those_beside_it() -> None:
    subjects = [f'<urn:{number:05}> <a:b> "1"' for number in range(5000)]
    whole = set(cut(part_of("", subjects).lines))
    assert 30 < len(whole) < 200
    for change in (subjects[:2500] + subjects[2501:], [*subjects, '<urn:02500x> <a:b> "1"']):
        assert len(set(cut(part_of("", change).lines)) - whole) <= 2


@settings(max_examples=200)
@given(PARTS, st.lists(_SUBJECTS))
def test_what_no_part_describes_is_found(parts: list[Part], subjects: list[str]) -> None:
    iris = [each.strip("<>") for each in subjects if each.startswith("<")]
    described = {line.split(b" ")[0].decode().strip("<>") for part in parts for line in part.lines.splitlines()}
    assert undescribed(iris, parts) == set(iris) - described


def test_classes_are_counted_by_their_curies() -> None:
    lines = part_of("", [f"<urn:{each}> <{kbgraph.terms.RDF.type.value}> <https://schema.org/Book>" for each in "ab"])
    assert classes_of(lines.lines) == {"schema:Book": 2} == dict(lines.classes)
    assert lines.size == 2


@pytest.mark.parametrize("format", ["nq", "nt"])
def test_the_seeds_in_parts_are_the_seeds_sorted(seeds_graph: kbgraph.KnowledgeGraph, format: str) -> None:
    lines = seeds_graph.serialize(format).encode().splitlines()
    assert lines == sorted(set(lines))
    assert len(seeds_graph.parts) > 14
