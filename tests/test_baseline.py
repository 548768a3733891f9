"""The baseline: known problems are not shown, new ones are, and those that are mended are told."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import kbgraph
from kbgraph.baseline import Known, compared, read_baseline, write_baseline
from kbgraph.errors import UsageError, WorldError

CLEAN = (Path(__file__).parent / "bad" / "clean.md").read_text(encoding="utf-8")
BAD_YEAR = CLEAN.replace("year: 2001", "year: MMI")
SETTINGS = kbgraph.Settings(jobs=1)


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def report_of(*paths: Path) -> kbgraph.Report:
    return kbgraph.build(*paths, settings=SETTINGS).report


def codes(report: kbgraph.Report) -> list[str]:
    return [each.code for each in report]


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder with an article that has a known mistake; the baseline is written beside the folder."""
    write(tmp_path / "articles", "a.md", BAD_YEAR)
    assert write_baseline(tmp_path / "known.json", report_of(tmp_path / "articles")) == 1
    return tmp_path / "articles"


def again(articles: Path, *given: Path, whole: bool = True) -> tuple[list[str], int, list[str]]:
    """What is new, how many are known, and which codes are mended."""
    baseline = articles.parent / "known.json"
    found = compared(report_of(*(given or (articles,))), read_baseline(baseline), baseline.parent, whole=whole)
    return codes(found.report), found.known, [each.code for each in found.mended]


def test_what_is_known_is_not_new(articles: Path) -> None:
    assert again(articles) == ([], 1, [])


def test_what_is_new_is_shown_beside_what_is_known(articles: Path) -> None:
    write(articles, "a.md", BAD_YEAR.replace("category:", "mood: good\ncategory:"))
    assert again(articles) == (["KB101"], 1, [])


def test_a_known_problem_stays_known_when_lines_move_and_while_others_are_mended(articles: Path) -> None:
    write(articles, "a.md", BAD_YEAR.replace("category:", "# moved\n\ncategory:") + "\n[A](b.md)\n")
    assert again(articles) == (["KB107"], 1, [])


def test_one_more_of_equal_problems_is_new(articles: Path) -> None:
    link = "\n[A](b.md)\n"
    write(articles, "a.md", CLEAN + link)
    write_baseline(articles.parent / "known.json", report_of(articles))
    write(articles, "a.md", CLEAN + link + link)
    assert again(articles) == (["KB107"], 1, [])


def test_the_same_problem_in_another_file_is_new(articles: Path) -> None:
    write(articles, "b/a.md", BAD_YEAR.replace("boiling-water", "milk"))
    new, known, _ = again(articles)
    assert "KB347" in new
    assert known == 1


def test_a_problem_is_known_whichever_path_is_given(articles: Path) -> None:
    assert again(articles, articles / "a.md", whole=False) == ([], 1, [])
    assert again(articles, articles.parent) == ([], 1, [])


def test_a_baseline_may_lie_beside_or_below_the_articles(articles: Path) -> None:
    folder = articles.parent / "baselines"
    folder.mkdir()
    write_baseline(folder / "known.json", report_of(articles))
    (known,) = read_baseline(folder / "known.json")
    assert known.path == "../articles/a.md"
    for given in (articles, articles / "a.md"):
        found = compared(report_of(given), [known], folder)
        assert (len(found.report), found.known, found.mended) == (0, 1, ())


def test_a_mended_problem_and_a_deleted_file_are_told(articles: Path) -> None:
    write(articles, "a.md", CLEAN)
    assert again(articles) == ([], 0, ["KB347"])
    assert again(articles, articles / "a.md", whole=False) == ([], 0, [])
    write(articles, "b.md", CLEAN)
    (articles / "a.md").unlink()
    assert again(articles) == ([], 0, ["KB347"])


def test_an_entry_for_a_file_that_was_not_checked_is_not_mended_and_stays(articles: Path) -> None:
    write(articles, "other/b.md", CLEAN)
    assert again(articles, articles / "other") == ([], 0, [])
    path = articles.parent / "known.json"
    old = read_baseline(path)
    write_baseline(path, report_of(articles / "other"), old)
    assert read_baseline(path) == old


def test_nothing_is_called_mended_where_only_a_part_of_what_the_baseline_knows_is_checked(articles: Path) -> None:
    write(articles, "part/b.md", BAD_YEAR.replace("boiling-water", "milk"))
    path = articles.parent / "known.json"
    write_baseline(path, report_of(articles))
    write(articles, "part/b.md", CLEAN.replace("boiling-water", "milk"))
    assert again(articles, articles / "part")[2] == []
    assert "KB347" in again(articles)[2]


def test_the_file_is_sorted_and_the_same_every_time(articles: Path) -> None:
    write(articles, "b.md", BAD_YEAR.replace("boiling-water", "milk") + "\n[Ä](ö.md)\n[Z](a.md#x)\n")
    path = articles.parent / "known.json"
    report = report_of(articles)
    write_baseline(path, report)
    first = path.read_bytes()
    assert write_baseline(path, report, read_baseline(path)) == len(report)
    assert path.read_bytes() == first
    lines = first.decode("utf-8").splitlines()
    assert len(lines) == len(report) + 2
    assert lines[1:-1] == sorted(lines[1:-1])
    assert "ö.md" in first.decode("utf-8")
    assert json.loads(first)["version"] == 1


def test_a_baseline_without_problems_can_be_read(tmp_path: Path) -> None:
    write_baseline(tmp_path / "known.json", kbgraph.Report())
    assert read_baseline(tmp_path / "known.json") == []


ENTRY = {"path": "a.md", "code": "KB347", "message": "No year.", "fingerprint": "0123"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "known.json:1:1: not JSON"),
        ('{"version": 1,\n "problems": [}', "known.json:2:15: not JSON"),
        ("[]", "known.json:1:1: this is not a baseline"),
        ('{"version": 1}', "known.json:1:1: this is not a baseline"),
        ('{"version": 2, "problems": []}', "version 2 is not read"),
        ('{"version": 1, "problems": [7]}', "problem 1 is not an object"),
        (json.dumps({"version": 1, "problems": [ENTRY, {**ENTRY, "path": 7}]}), "problem 2 has no 'path'"),
        (json.dumps({"version": 1, "problems": [{"path": "a.md"}]}), "problem 1 has no 'code'"),
        ("[" * 200_000, "known.json:1:1: nested too deeply"),
        ("\udcff", "byte 1 is not UTF-8"),
    ],
)
def test_a_broken_baseline_is_wrong_usage_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "known.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError) as raised:
        read_baseline(tmp_path / "known.json")
    assert message in str(raised.value)
    assert "known.json" in str(raised.value)


def test_a_baseline_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        read_baseline(tmp_path / "known.json")


def test_a_folder_is_no_baseline(tmp_path: Path) -> None:
    with pytest.raises(WorldError):
        read_baseline(tmp_path)


def test_a_baseline_that_cannot_be_written_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(WorldError):
        write_baseline(Path(__file__) / "known.json", kbgraph.Report())
    (tmp_path / "known.json").mkdir()
    with pytest.raises(WorldError):
        write_baseline(tmp_path / "known.json", kbgraph.Report())
    assert [each.name for each in tmp_path.iterdir()] == ["known.json"]


def test_known_problems_are_plain_texts() -> None:
    assert Known(**ENTRY)._asdict() == ENTRY


# ---- the command line


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    command = [sys.executable, "-m", "kbgraph", *arguments, "--jobs", "1"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_the_command_line_writes_a_baseline_and_then_fails_for_what_is_new(articles: Path) -> None:
    folder = articles.parent
    assert run(folder, "check", "articles")[0] == 1
    code, out, err = run(folder, "check", "articles", "--baseline", "new.json", "--write-baseline")
    assert (code, out, err) == (0, "", "1 known problem in new.json\n")
    code, out, err = run(folder, "check", "articles", "--baseline", "new.json")
    assert (code, out) == (0, "")
    assert "1 known problem of the baseline not shown\n" in err
    write(articles, "b.md", CLEAN.replace("id: boiling-water\n", ""))
    code, out, _ = run(folder, "check", "articles", "--baseline", "new.json", "--output-format", "json")
    assert code == 1
    assert "KB301" in out
    assert "KB347" not in out


def test_a_build_with_a_baseline_fails_for_what_is_new_and_keeps_the_raw_results(articles: Path) -> None:
    folder = articles.parent
    assert run(folder, "build", "articles", "-f", "nq", "--baseline", "known.json")[0] == 0
    assert json.loads((folder / "out" / "report.json").read_bytes())["problems"] == []
    assert "MMI" in (folder / "out" / "report.ttl").read_text(encoding="utf-8")


def test_the_command_line_tells_what_is_mended(articles: Path) -> None:
    write(articles, "a.md", CLEAN)
    code, _, err = run(articles.parent, "check", "articles", "--baseline", "known.json")
    assert code == 0
    assert "1 entry of the baseline is mended; write it anew with --write-baseline\n" in err
    assert run(articles.parent, "check", "articles", "--baseline", "known.json", "--write-baseline")[0] == 0
    assert "mended" not in run(articles.parent, "check", "articles", "--baseline", "known.json")[2]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--write-baseline"], "--write-baseline needs a file"),
        (["--baseline", "k.json", "--write-baseline", "--select", "KB3"], "--write-baseline keeps all problems"),
        (["--baseline", "no.json"], "'no.json' does not exist"),
        (["--baseline", "articles/a.md"], "articles/a.md:1:1: not JSON"),
        (["--baseline", "articles/a.md", "--write-baseline"], "articles/a.md:1:1: not JSON"),
    ],
)
def test_a_wrong_baseline_is_wrong_usage_before_anything_is_checked(
    articles: Path, options: list[str], message: str
) -> None:
    before = (articles / "a.md").read_bytes()
    code, out, err = run(articles.parent, "check", "articles", *options)
    assert (code, out) == (2, "")
    assert err.startswith(f"kbgraph: {message}")
    assert err.count("\n") == 1
    assert (articles / "a.md").read_bytes() == before
