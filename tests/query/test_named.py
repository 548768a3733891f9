"""Queries that have names: how their files begin, and where they are looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbgraph.config import Settings
from kbgraph.errors import UsageError
from kbgraph.query.named import Parameter, find_query, has_header, named_queries, parse_query, values_for

GOOD = """# title: Sources of a year
# answers: Which works appeared in a year?
# parameter: ?year (number) = 2024 -- the year
# parameter: ?kind (iri) = -- only works of this class
SELECT ?s { ?s ?p ?year ; a ?kind }  # parameter: not one
"""


def test_a_header_says_what_a_query_is() -> None:
    found = parse_query("years", GOOD, "years.rq")
    assert (found.title, found.answers) == ("Sources of a year", "Which works appeared in a year?")
    assert found.parameters == (
        Parameter("year", "number", "2024", "the year"),
        Parameter("kind", "iri", None, "only works of this class"),
    )
    assert found.text == GOOD
    assert has_header(GOOD)
    assert not has_header("# just a comment\nASK {}")


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("ASK {}", "bad.rq:1: there is no '# title: …'"),
        ("# title: A\nASK {}", "bad.rq:1: there is no '# answers: …'"),
        ("# title: A\n# answers: B?\n# note: C\nASK {}", "bad.rq:3: a query begins with"),
        ("# title: A\n# title: B\n", "bad.rq:2: 'title' is there twice"),
        ("# title:\n", "bad.rq:1: there is nothing behind 'title:'"),
        ("# title: A\n# answers: B?\n# parameter: x (text) = -- y\n", "bad.rq:3: a parameter is written"),
        ("# title: A\n# answers: B?\n# parameter: ?x (colour) = -- y\n", "bad.rq:3: a parameter is written"),
        ("# title: A\n# answers: B?\n# parameter: ?x (text) = y\n", "bad.rq:3: a parameter is written"),
        ("# title: A\n# parameter: ?x (text) = -- y\n# parameter: ?x (text) = -- y\n", r"bad.rq:3: \?x is there twice"),
    ],
)
def test_a_header_that_is_wrong_names_file_and_line(header: str, message: str) -> None:
    with pytest.raises(UsageError, match=f"^{message}"):
        parse_query("bad", header, "bad.rq")


def test_defaults_hold_where_nothing_is_given() -> None:
    parameters = parse_query("years", GOOD, "years.rq").parameters
    assert values_for({}, parameters, "years") == {"year": ("number", "2024")}
    assert values_for({"kind": "kb:Source", "year": "1"}, parameters, "years") == {
        "year": ("number", "1"),
        "kind": ("iri", "kb:Source"),
    }
    with pytest.raises(UsageError, match="the query 'years' has no parameter 'yeer'; it has year, kind"):
        values_for({"yeer": "1"}, parameters, "years")


def test_a_projects_own_query_comes_first(tmp_path: Path) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "most-cited-sources.rq").write_text(GOOD)
    (tmp_path / "queries" / "mine.rq").write_text(GOOD)
    settings = Settings(file=str(tmp_path / "kbgraph.toml"))
    assert find_query("most-cited-sources", settings).title == "Sources of a year"
    assert find_query("mine", settings).name == "mine"
    assert {"mine", "most-cited-sources", "orphans"} <= set(named_queries(settings))
    assert find_query("most-cited-sources", Settings()).title != "Sources of a year"


def test_an_unknown_name_gets_a_hint() -> None:
    with pytest.raises(UsageError, match="no query of the name 'most-cited-source'; is it most-cited-sources"):
        find_query("most-cited-source", Settings())
    with pytest.raises(UsageError, match="no query of the name"):
        find_query("../../etc/passwd", Settings())


def test_every_query_that_ships_has_a_good_header() -> None:
    assert len(named_queries(Settings())) >= 20
