"""Fingerprints: the same for the same mistake, whatever happens around it."""

from __future__ import annotations

from pathlib import Path

import kbgraph
from kbgraph.fingerprints import fingerprints

CLEAN = Path(__file__).parent / "bad" / "clean.md"
SETTINGS = kbgraph.Settings(jobs=1)


def fingerprints_of(folder: Path, text: str, name: str = "tea.md") -> list[str]:
    """The fingerprints of an article's problems."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return fingerprints(kbgraph.build(folder, settings=SETTINGS).report)


def with_mistakes(years: str = "MMXVII") -> str:
    """The clean article with an unknown field and a bad year in its source."""
    text = CLEAN.read_text(encoding="utf-8")
    lines = [f"    year: {years}" if line.startswith("    year:") else line for line in text.splitlines()]
    return "\n".join([lines[0], "mood: good", *lines[1:]]) + "\n"


def test_a_problem_keeps_its_fingerprint_when_its_line_moves(tmp_path: Path) -> None:
    before = fingerprints_of(tmp_path, with_mistakes())
    moved = with_mistakes().replace("mood: good\n", "# a comment\n\n  # and another\nmood: good\n")
    assert len(before) >= 2
    assert fingerprints_of(tmp_path, moved) == before


def test_another_mistake_in_the_same_line_has_another_fingerprint(tmp_path: Path) -> None:
    before, after = (set(fingerprints_of(tmp_path, with_mistakes(year))) for year in ("MMXVII", "MMXVIII"))
    assert len(before & after) == len(before) - 1 == len(after) - 1


def test_line_ends_and_the_folder_do_not_matter(tmp_path: Path) -> None:
    before = fingerprints_of(tmp_path / "one", with_mistakes())
    assert fingerprints_of(tmp_path / "two", with_mistakes().replace("\n", "\r\n")) == before
    alone = kbgraph.build(tmp_path / "one" / "tea.md", settings=kbgraph.Settings(jobs=1, base="https://other.example/"))
    assert fingerprints(alone.report) == before


def test_equal_problems_are_counted(tmp_path: Path) -> None:
    text = with_mistakes().replace("mood: good\n", "mood: good\nMood: good\n")
    twice = fingerprints_of(tmp_path, text + "\n[a](b.md)\n\n[a](b.md)\n\n[a](b.md)\n")
    assert len(set(twice)) == len(twice)
    assert [each.partition(":")[2] for each in twice if ":" in each] == ["2", "3"]


def test_a_message_that_names_a_line_keeps_its_fingerprint_when_that_line_moves(tmp_path: Path) -> None:
    text = with_mistakes().replace("mood: good\n", "mood: good\nmood: good\n")
    assert fingerprints_of(tmp_path, text.replace("---\n", "---\n# moved\n", 1)) == fingerprints_of(tmp_path, text)


def test_a_problem_of_no_file_has_a_fingerprint() -> None:
    from kbgraph.errors import TOP, Place, Problem, Severity

    report = kbgraph.Report.of([Problem("KB900", Severity.VIOLATION, Place("", TOP), "Nothing is there.")], {})
    assert len(fingerprints(report)) == 1
