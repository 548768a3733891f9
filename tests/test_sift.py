"""What comments and settings hide from a report, and what is said of those that hide nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import kbgraph
from kbgraph.config import find_settings
from kbgraph.errors import UsageError
from kbgraph.report import to_json

CLEAN = (Path(__file__).parent / "bad" / "clean.md").read_text(encoding="utf-8")
BAD_YEAR = CLEAN.replace("year: 2001", "year: MMI")


def build_of(folder: Path, files: dict[str, str], toml: str = "", *given: str) -> kbgraph.BuildResult:
    """The build of the files of a project, or of those of them that are given."""
    for name, text in files.items():
        path = folder / "articles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "kbgraph.toml").write_text("jobs = 1\n" + toml, encoding="utf-8")
    paths = [folder / "articles" / name for name in given] or [folder / "articles"]
    return kbgraph.build(*paths, settings=find_settings(paths[0]))


def found(report: kbgraph.Report) -> list[tuple[str, str, int]]:
    return [(each.code, each.place.path, each.place.line) for each in report.problems]


@pytest.fixture
def check(tmp_path: Path):
    """What is found in files of a project."""

    def run(files: dict[str, str], toml: str = "", *given: str) -> list[tuple[str, str, int]]:
        return found(build_of(tmp_path, files, toml, *given).report)

    return run


def other(text: str, name: str) -> str:
    """The same article under another name, with facts and an address of its own."""
    return text.replace("boiling-water", name).replace("Boiling Water", name).replace("water boils", f"{name} boils")


def test_a_comment_hides_the_problem_of_its_line_and_no_other(check) -> None:
    mistakes = BAD_YEAR.replace("category:", "mood: good\ncategory:")
    assert [code for code, *_ in check({"a.md": mistakes})] == ["KB101", "KB347"]
    hidden = mistakes.replace("year: MMI", "year: MMI  # kbgraph: ignore[KB347]")
    assert [code for code, *_ in check({"a.md": hidden})] == ["KB101"]


def test_the_beginning_of_a_code_hides_all_that_begin_so(check) -> None:
    assert check({"a.md": BAD_YEAR.replace("year: MMI", "year: MMI  # kbgraph: ignore[KB34]")}) == []


def test_the_result_of_a_shape_on_the_union_is_hidden_in_one_file_and_shown_in_the_other(check) -> None:
    twins = {"a.md": CLEAN, "b.md": CLEAN.replace("Boiling Water", "Water")}
    both = check(twins)
    assert {path for code, path, _ in both if code == "KB322"} == {"a.md", "b.md"}
    twins["a.md"] = twins["a.md"].replace("id: boiling-water", "id: boiling-water  # kbgraph: ignore[KB322]")
    assert check(twins) == [each for each in both if each[:2] != ("KB322", "a.md")]


def test_the_raw_results_keep_what_is_hidden(tmp_path: Path) -> None:
    hidden = build_of(tmp_path, {"a.md": BAD_YEAR.replace("year: MMI", "year: MMI  # kbgraph: ignore[KB347]")})
    assert hidden.report.conforms
    assert len(hidden.results) == 1
    assert b'"conforms": true' in to_json(hidden.report)


def test_a_link_in_the_body_is_hidden_by_a_comment_above_it(check) -> None:
    link = "\n[Nothing](nothing.md)\n"
    assert [code for code, *_ in check({"a.md": CLEAN + link})] == ["KB107"]
    assert check({"a.md": f"{CLEAN}\n<!-- kbgraph: ignore[KB107] -->{link}"}) == []


def test_a_code_that_hides_nothing_is_said_at_its_comment(check) -> None:
    text = BAD_YEAR.replace("year: MMI", "year: MMI  # kbgraph: ignore[KB347, KB348]")
    assert check({"a.md": text}) == [("KB017", "a.md", 38)]
    assert check({"a.md": CLEAN.replace("---\n", "---\n# kbgraph: ignore-file[KB5]\n", 1)}) == [("KB017", "a.md", 2)]


def test_an_article_that_is_checked_alone_is_not_told_what_its_neighbours_might_show(check) -> None:
    files = {"a.md": CLEAN.replace("---\n", "---\n# kbgraph: ignore-file[KB322]\n", 1)}
    assert check(files, "", "a.md") == []
    assert check(files) == [("KB017", "a.md", 2)]


# ---- settings


def test_an_entry_of_the_settings_hides_problems_of_its_files(check) -> None:
    files = {"a.md": BAD_YEAR, "old/b.md": other(BAD_YEAR, "milk")}
    assert [each[:2] for each in check(files)] == [("KB347", "a.md"), ("KB347", "old/b.md")]
    for pattern in ("old/", "/articles/old/", "b.md", "articles/**/b.md"):
        assert [each[:2] for each in check(files, f'[per-file-ignores]\n"{pattern}" = ["KB34"]\n')] == [
            ("KB347", "a.md")
        ]


def test_an_entry_means_the_same_files_whichever_folder_is_given(check) -> None:
    toml = '[per-file-ignores]\n"articles/old/b.md" = ["KB347"]\n'
    files = {"old/b.md": BAD_YEAR}
    assert check(files, toml) == check(files, toml, "old") == check(files, toml, "old/b.md") == []


def test_an_entry_hides_files_that_cannot_be_read(check) -> None:
    files = {"a.md": "No front matter.\n"}
    assert [code for code, *_ in check(files)] == ["KB004"]
    assert check(files, '[per-file-ignores]\n"a.md" = ["KB004"]\n') == []


def test_an_entry_that_hides_nothing_is_said_at_its_line(check, tmp_path: Path) -> None:
    toml = '[per-file-ignores]\n"a.md" = [\n  "KB347",\n  "KB349",\n]\n'
    assert check({"a.md": BAD_YEAR}, toml) == [("KB017", "kbgraph.toml", 5)]
    assert check({"a.md": BAD_YEAR}, toml, "a.md") == []
    mark = build_of(tmp_path, {}, toml).report.problems[0].place.mark
    assert (mark.column, mark.end_column) == (3, 10)


def test_an_entry_that_names_no_article_of_the_project_is_said(check) -> None:
    toml = '[per-file-ignores]\n"articles/gone.md" = ["KB5"]\n"gone.md" = ["KB5"]\n"articles/*/" = ["KB5"]\n'
    said = [("KB017", "kbgraph.toml", line) for line in (3, 4, 5)]
    assert check({"a.md": CLEAN}, toml) == check({"a.md": CLEAN}, toml, "a.md") == said


def test_an_entry_for_articles_that_are_not_checked_now_is_not_said(check) -> None:
    files = {"a.md": CLEAN, "old/b.md": other(BAD_YEAR, "milk")}
    assert check(files, '[per-file-ignores]\n"old/" = ["KB347"]\n"articles/*/b.md" = ["KB347"]\n', "a.md") == []


def test_the_settings_file_is_shown_with_its_line(tmp_path: Path) -> None:
    report = build_of(tmp_path, {"a.md": CLEAN}, '[per-file-ignores]\n"a.md" = ["KB347"]\n').report
    shown = list(kbgraph.report.human(report, colour=False))
    assert shown[0].startswith(f"{tmp_path / 'kbgraph.toml'}:3:11: warning KB017")
    assert '"a.md" = ["KB347"]' in shown[1]


def test_settings_in_pyproject_are_found_there(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(CLEAN, encoding="utf-8")
    toml = '[tool.other]\nx = ["a.md"]\n[tool.kbgraph]\njobs = 1\nper-file-ignores = { "a.md" = ["KB347"] }\n'
    (tmp_path / "pyproject.toml").write_text(toml, encoding="utf-8")
    report = kbgraph.build(tmp_path, settings=find_settings(tmp_path)).report
    assert found(report) == [("KB017", "pyproject.toml", 5)]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('"a.md" = "KB5"', "must be a table of lists of codes"),
        ('"a.md" = []', "names no code for 'a.md'"),
        ('"a.md" = ["KB"]', "'KB' is not a code"),
        ('"a.md" = [5]', "5 is not a code"),
        ('"!" = ["KB5"]', "'!' is not a .gitignore pattern"),
    ],
)
def test_an_entry_that_is_wrong_is_wrong_usage(check, entry: str, message: str) -> None:
    with pytest.raises(UsageError, match="per-file-ignores") as raised:
        check({"a.md": CLEAN}, f"[per-file-ignores]\n{entry}\n")
    assert message in str(raised.value)


def test_a_build_from_what_was_kept_hides_the_same_and_obeys_new_settings(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    hidden = BAD_YEAR.replace("year: MMI", "year: MMI  # kbgraph: ignore[KB347, KB348]") + "\n[A](b.md)\n"
    (tmp_path / "seeds" / "a.md").write_text(hidden, encoding="utf-8")

    def codes() -> list[str]:
        command = [sys.executable, "-m", "kbgraph", "build", "--jobs", "1", "-f", "nq"]
        assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
        report = json.loads((tmp_path / "out" / "report.json").read_bytes())
        return [each["code"] for each in report["problems"]]

    assert codes() == codes() == ["KB017", "KB107"]
    (tmp_path / "kbgraph.toml").write_text('[per-file-ignores]\n"seeds/" = ["KB107"]\n', encoding="utf-8")
    assert codes() == codes() == ["KB017"]
