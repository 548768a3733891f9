"""Problems for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kbgraph.errors import TOP, Mark, Place, Problem, Severity
from kbgraph.report import Report, human, statistics, to_json

LINE = "title: Überschrift"
VALUE = Mark(2, 8, 2, 19)


def problem(
    code: str = "KB301", severity: Severity = Severity.VIOLATION, mark: Mark = VALUE, **more: object
) -> Problem:
    """A problem in `a.md`."""
    return Problem(code, severity, Place("a.md", mark), "It is wrong.", **more)  # type: ignore[arg-type]


def report(*problems: Problem, text: str = f"---\n{LINE}\n---\n") -> Report:
    """A report of problems in a file with that text."""
    return Report.of(problems, {"a.md": text.encode()})


def shown(*problems: Problem, text: str = f"---\n{LINE}\n---\n", **options: object) -> list[str]:
    """The report for people."""
    return list(human(report(*problems, text=text), **{"colour": False, **options}))  # type: ignore[arg-type]


def test_problems_are_in_the_order_of_their_places_and_each_is_there_once() -> None:
    later, earlier = problem(mark=Mark(3, 1, 3, 2)), problem(mark=Mark(2, 1, 2, 2))
    worse, milder = problem(), problem(severity=Severity.INFO)
    assert list(report(later, earlier, later)) == [earlier, later]
    assert list(report(milder, worse)) == [worse, milder]
    other_file = Problem("KB301", Severity.VIOLATION, Place("b.md", TOP), "x")
    assert list(report(other_file, later)) == [later, other_file]


def test_a_report_conforms_without_violations() -> None:
    assert report().conforms
    assert report(problem(severity=Severity.WARNING), problem(severity=Severity.INFO)).conforms
    assert not report(problem()).conforms


def test_problems_are_counted_by_severity_and_code() -> None:
    made = report(problem("KB302"), problem("KB301"), problem("KB301", mark=TOP), problem("KB501", Severity.INFO))
    assert len(made) == 4
    assert [made.count(severity) for severity in Severity] == [3, 0, 1]
    assert list(made.codes().items()) == [("KB301", 2), ("KB302", 1), ("KB501", 1)]


# ---- for people


def test_a_problem_is_shown_with_its_line_a_caret_and_help() -> None:
    assert shown(problem(hint="Mend it.")) == [
        "a.md:2:8: violation KB301: It is wrong.",
        "    2 | title: Überschrift",
        "      |        ^^^^^^^^^^^",
        "        help: Mend it.",
    ]


def test_a_path_is_one_that_an_editor_can_open(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("---\nx\n")
    made = Report.of([problem(mark=Mark(2, 1, 2, 2))], {"a.md": file})
    assert next(iter(human(made, colour=False))) == f"{file}:2:1: violation KB301: It is wrong."


def test_a_line_is_never_read_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("---\nsecret\n")
    (tmp_path / "a.md").symlink_to("secret")
    made = Report.of([problem(mark=Mark(2, 1, 2, 2))], {"a.md": tmp_path / "a.md"})
    assert list(human(made, colour=False)) == [f"{tmp_path / 'a.md'}:2:1: violation KB301: It is wrong."]


def test_the_places_of_related_problems_are_shown_up_to_five() -> None:
    places = tuple(Place(f"{number}.md", Mark(number, 1, number, 2)) for number in range(1, 8))
    assert shown(problem(related=places[:2]))[3:] == ["        also at 1.md:1:1", "        also at 2.md:2:1"]
    assert shown(problem(related=places))[-1] == "        and at 2 more places"
    assert shown(problem(related=places[:6]))[-1] == "        and at 1 more place"


def test_wide_and_combining_characters_are_counted_in_columns() -> None:
    lines = shown(problem(mark=Mark(1, 4, 1, 6)), text="日本x é e\u0301\n")
    assert lines[1:] == ["    1 | 日本x é e\u0301", "      |      ^^"]


def test_a_long_line_is_cut_around_the_place() -> None:
    text = "x" * 300 + "WRONG" + "y" * 300
    _, line, caret = shown(problem(mark=Mark(1, 301, 1, 306)), text=text)
    assert "WRONG" in line
    assert line.startswith("    1 | …")
    assert line.endswith("…")
    assert len(line) < 130
    assert line[caret.index("^") :].startswith("WRONG")
    assert caret.count("^") == 5


@pytest.mark.parametrize("mark", [Mark(1, 1, 1, 1), Mark(2, 8, 3, 2), Mark(2, 19, 2, 19), Mark(4, 1, 4, 1)])
def test_there_is_always_a_caret_within_the_line(mark: Mark) -> None:
    _, line, caret = shown(problem(mark=mark))
    assert 8 <= caret.index("^") < max(len(line), 8) + 1


def test_a_place_beyond_the_file_or_in_none_is_shown_without_a_line() -> None:
    assert len(shown(problem(mark=Mark(99, 1, 99, 1)))) == 1
    (line,) = human(Report.of([Problem("KB411", Severity.WARNING, Place("", TOP), "m")], {}), colour=False)
    assert line == "the whole dataset: warning KB411: m"


def test_control_characters_are_never_sent_to_a_terminal() -> None:
    text = "---\n\x1b[31mred\x07\x9b\n"
    evil = Problem(
        "KB101", Severity.INFO, Place("e\x1b[0m.md", Mark(2, 1, 2, 2)), "'\x1b]0;x\x07' \x9b31m\nnext", hint="\x1b[2J"
    )
    related = Problem("KB008", Severity.INFO, Place("a.md", Mark(2, 1, 2, 2)), "m", related=(Place("\x1b.md", TOP),))
    lines = list(human(Report.of([evil, related], {"e\x1b[0m.md": text.encode(), "a.md": text.encode()}), colour=False))
    assert [line for line in lines if not line.isprintable()] == []


def test_colours_are_used_only_where_they_are_wanted() -> None:
    assert "\033[" not in "".join(shown(problem(hint="x")))
    assert "\033[31;1mviolation KB301\033[0m" in "".join(shown(problem(hint="x"), colour=True))


def test_the_least_severity_to_show_can_be_chosen() -> None:
    problems = [problem(severity=severity) for severity in Severity]
    lines = shown(*problems, lowest=Severity.WARNING)
    heads = [line for line in lines if line.startswith("a.md:")]
    assert [head.split(": ")[1] for head in heads] == ["violation KB301", "warning KB301"]
    assert lines[-2:] == ["violations: KB301 (1)", "warnings: KB301 (1)"]


def test_only_so_many_problems_of_each_code_are_shown() -> None:
    problems = [problem("KB301", mark=Mark(2, number, 2, number + 1)) for number in range(1, 6)]
    lines = shown(*problems, problem("KB302"), most=2)
    assert sum("violation KB301" in line for line in lines) == 2
    assert sum("violation KB302" in line for line in lines) == 1
    assert lines[-2:] == ["KB301: and 3 more", "violations: KB301 (5), KB302 (1)"]


def test_the_counts_fit_into_the_terminal() -> None:
    lines = shown(*[problem(f"KB3{number:02}") for number in range(30)], width=60)
    counts = [line for line in lines if "(1)" in line]
    assert counts[0].startswith("violations: KB300 (1), ")
    assert len(counts) > 5
    assert max(map(len, counts)) <= 60
    assert sum(line.count("(1)") for line in counts) == 30


def test_one_problem_needs_no_counts() -> None:
    assert "(1)" not in "".join(shown(problem()))


@pytest.mark.parametrize("width", [40, 60, 200])
@pytest.mark.parametrize("letter", ["x", "水", "é"])
def test_a_line_is_cut_to_the_terminal_whatever_its_letters(width: int, letter: str) -> None:
    def columns(text: str) -> int:
        return sum(2 if each == "水" else 1 for each in text)

    for start in (0, 1, 30, 99, 150, 299):
        text = letter * start + "W" + letter * (299 - start)
        _, line, caret = shown(problem(mark=Mark(1, start + 1, 1, start + 2)), text=text, width=width)
        assert columns(line) <= width
        assert columns(line[: line.index("W")]) == caret.index("^")


def test_statistics_are_a_table_with_titles_the_worst_first() -> None:
    made = report(
        *(problem("KB505", Severity.INFO, Mark(line, 1, line, 2)) for line in range(1, 1001)),
        problem("KB302"),
        problem("KB301"),
        problem("KB301", mark=TOP),
        problem("OWN", Severity.WARNING),
    )
    titles = {"KB301": "The article has no id.", "KB302": "No\x1btitle.", "KB505": "The source has no year."}
    assert list(statistics(made, titles, colour=False)) == [
        "    2  KB301  violation  The article has no id.",
        "    1  KB302  violation  No\\x1btitle.",
        "    1  OWN    warning",
        "1,000  KB505  info       The source has no year.",
    ]
    assert "\033[31;1m" in next(iter(statistics(made, titles, colour=True)))
    assert list(statistics(Report(), {}, colour=True)) == []


# ---- for programs


def test_a_report_is_json_with_every_place() -> None:
    made = json.loads(
        to_json(report(problem(hint="h", related=(Place("b.md", Mark(1, 2, 3, 4)),), subject="https://kb.example/x")))
    )
    assert made == {
        "conforms": False,
        "counts": {"violation": 1, "warning": 0, "info": 0},
        "problems": [
            {
                "code": "KB301",
                "severity": "violation",
                "path": "a.md",
                "line": 2,
                "column": 8,
                "end_line": 2,
                "end_column": 19,
                "message": "It is wrong.",
                "hint": "h",
                "subject": "https://kb.example/x",
                "related": [{"path": "b.md", "line": 1, "column": 2, "end_line": 3, "end_column": 4}],
            }
        ],
    }


def test_an_empty_report_is_json_too() -> None:
    assert json.loads(to_json(report())) == {
        "conforms": True,
        "counts": {"violation": 0, "warning": 0, "info": 0},
        "problems": [],
    }
    assert to_json(report()).endswith(b"}\n")
