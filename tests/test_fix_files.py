"""`kbgraph check --fix` and `--diff`: files, what is said, exit codes."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.permissions import without_privileges

from kbgraph.cli import cli
from kbgraph.errors import UsageError, WorldError
from kbgraph.fix import difference, replace_file, writing

BROKEN = b'---\nid:"a"\ntitle:"A"\nlast_verified: 03/04/2026\n---\nText'
MENDED = b'---\nid: "a"\ntitle: "A"\nlast_verified: 03/04/2026\n---\nText\n'


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["check", "--jobs", "1", *map(str, arguments)], standalone_mode=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    (made / "a.md").write_bytes(BROKEN)
    return made


# ---- --fix


def test_fix_mends_says_what_it_mended_and_reports_what_is_left(folder: Path) -> None:
    result = run("--fix", folder)
    assert (folder / "a.md").read_bytes() == MENDED
    assert "mended 1 file: 1 last line end, 2 missing spaces\n" in result.stderr
    assert "KB311" in result.stdout
    assert "KB007" not in result.stdout
    assert result.return_value == 1


def test_fix_of_an_article_that_conforms_then_leaves_with_0(root: Path, tmp_path: Path) -> None:
    data = (root / "tests" / "bad" / "clean.md").read_bytes()
    (tmp_path / "a.md").write_bytes(data.replace(b"\n", b"\r\n").replace(b"title: ", b"title:"))
    result = run("--fix", tmp_path)
    assert result.return_value == 0
    assert (tmp_path / "a.md").read_bytes() == data


def test_a_second_fix_writes_nothing(folder: Path) -> None:
    run("--fix", folder)
    before = (folder / "a.md").stat()
    result = run("--fix", folder)
    after = (folder / "a.md").stat()
    assert "there is nothing to mend" in result.stderr
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_check_alone_writes_nothing(folder: Path) -> None:
    run(folder)
    assert (folder / "a.md").read_bytes() == BROKEN


def test_excluded_files_and_other_files_are_not_mended(folder: Path) -> None:
    for name in ("README.md", "notes.txt", "drafts.md"):
        (folder / name).write_bytes(BROKEN)
    (folder / "kbgraph.toml").write_text('exclude = ["drafts.md"]', encoding="utf-8")
    run("--fix", folder)
    assert {path.name for path in folder.iterdir() if path.read_bytes() == MENDED} == {"a.md"}


def test_what_per_file_ignores_names_is_not_mended(folder: Path) -> None:
    (folder / "kbgraph.toml").write_text('[per-file-ignores]\n"a.md" = ["KB007"]\n', encoding="utf-8")
    run("--fix", folder)
    assert (folder / "a.md").read_bytes() == BROKEN


@pytest.mark.skipif(os.name != "posix", reason="there are no such permissions here")
def test_permissions_stay(folder: Path) -> None:
    (folder / "a.md").chmod(0o640)
    run("--fix", folder)
    assert (folder / "a.md").read_bytes() == MENDED
    assert stat.S_IMODE((folder / "a.md").stat().st_mode) == 0o640


def test_a_read_only_file_is_said_and_the_others_are_mended(folder: Path) -> None:
    (folder / "b.md").write_bytes(BROKEN)
    without_privileges(folder)
    (folder / "a.md").chmod(0o444)
    result = run("--fix", folder)
    assert result.return_value == 3
    assert f"kbgraph: cannot write '{folder / 'a.md'}': Permission denied" in result.stderr
    assert "mended 1 file:" in result.stderr
    assert ((folder / "a.md").read_bytes(), (folder / "b.md").read_bytes()) == (BROKEN, MENDED)
    assert "KB007" in result.stdout


def test_a_file_in_a_folder_that_may_not_be_written_is_said(folder: Path) -> None:
    without_privileges(folder)
    folder.chmod(0o555)
    result = run("--fix", folder)
    folder.chmod(0o755)
    assert result.return_value == 3
    assert "Permission denied" in result.stderr
    assert [path.name for path in folder.iterdir()] == ["a.md"]


def test_a_symbolic_link_is_never_written_through(folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.md"
    link.symlink_to(folder / "a.md")
    result = run("--fix", link)
    assert result.return_value == 3
    assert "is a symbolic link" in result.stderr
    assert link.is_symlink()
    assert (folder / "a.md").read_bytes() == BROKEN


# ---- replacing a file


def test_a_file_that_vanished_or_changed_meanwhile_is_left_alone(folder: Path) -> None:
    file = folder / "a.md"
    with pytest.raises(WorldError, match="changed meanwhile"):
        replace_file(file, BROKEN[:-1], MENDED)
    with pytest.raises(WorldError, match="changed meanwhile"):
        replace_file(file, BROKEN + b"x", MENDED)
    assert file.read_bytes() == BROKEN
    file.unlink()
    with pytest.raises(WorldError, match="No such file"):
        replace_file(file, BROKEN, MENDED)
    assert list(folder.iterdir()) == []


def test_what_is_no_regular_file_is_never_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "b.md")
    with pytest.raises(WorldError):
        replace_file(folder / "b.md", BROKEN, MENDED)


@pytest.mark.parametrize("when", ["fsync", "replace", "chmod"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing.os, when, fail)
    with pytest.raises(WorldError, match="No space left"):
        replace_file(folder / "a.md", BROKEN, MENDED)
    monkeypatch.undo()
    assert [path.name for path in folder.iterdir()] == ["a.md"]
    assert (folder / "a.md").read_bytes() == BROKEN


# ---- --diff


def test_diff_shows_what_fix_would_change_and_writes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    result = run("--diff", "articles")
    assert result.return_value == 1
    assert result.stdout == (
        "--- articles/a.md\n+++ articles/a.md\n@@ -1,6 +1,6 @@\n ---\n"
        '-id:"a"\n-title:"A"\n+id: "a"\n+title: "A"\n last_verified: 03/04/2026\n ---\n'
        "-Text\n\\ No newline at end of file\n+Text\n"
    )
    assert "would mend 1 file" in result.stderr
    assert (folder / "a.md").read_bytes() == BROKEN


def test_diff_leaves_with_0_where_nothing_would_change(folder: Path) -> None:
    (folder / "a.md").write_bytes(MENDED)
    result = run("--diff", folder)
    assert (result.return_value, result.stdout) == (0, "")


def test_only_selected_problems_are_mended(folder: Path) -> None:
    result = run("--fix", "--select", "KB007", folder)
    assert "mended 1 file: 2 missing spaces\n" in result.stderr
    assert (folder / "a.md").read_bytes() == MENDED.removesuffix(b"\n")
    (folder / "a.md").write_bytes(BROKEN)
    assert "nothing to mend" in run("--fix", "--ignore", "KB0", folder).stderr


def test_standard_input_has_a_difference_but_no_place_to_be_mended(tmp_path: Path) -> None:
    arguments = ["check", "--diff", "-", "--stdin-filename", "ai/x.md"]
    result = CliRunner().invoke(cli, arguments, input=MENDED[:-1], standalone_mode=False)
    assert result.stdout.startswith("--- ai/x.md\n+++ ai/x.md\n@@")
    assert result.return_value == 1
    assert isinstance(run("--fix", "-").exception, UsageError)


def test_diff_says_what_cannot_be_read(folder: Path) -> None:
    without_privileges(folder)
    (folder / "a.md").chmod(0)
    result = run("--diff", folder)
    assert result.return_value == 3
    assert "a.md': The file cannot be read: Permission denied." in result.stderr


@pytest.mark.parametrize("other", ["--fix", "--write-baseline"])
def test_diff_goes_with_nothing_that_writes(folder: Path, other: str) -> None:
    result = run("--diff", other, folder)
    assert isinstance(result.exception, UsageError)
    assert (folder / "a.md").read_bytes() == BROKEN


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a\r\nb\rc\n", b"a\nb\nc\n"),
        (b"a", b"a\n"),
        (b"", b"a\n"),
        (b"a\x0cb\xe2\x80\xa8c\n", b"a\x0cb\n"),
        (b"1\n" * 50 + b"x\n" + b"2\n" * 50 + b"y", b"1\n" * 50 + b"X\n" + b"2\n" * 50 + b"Y"),
    ],
)
@pytest.mark.parametrize("name", ["a.md", "an article.md", "文.md"])
def test_git_applies_a_difference(tmp_path: Path, before: bytes, after: bytes, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(before)
    patch = difference(before, after, name)
    command = ["git", "apply", "-p0", "--whitespace=nowarn", "-"]
    subprocess.run(command, input=patch, cwd=tmp_path, check=True, env={**os.environ, "GIT_DIR": str(tmp_path)})
    assert file.read_bytes() == after


def test_a_name_cannot_begin_a_line_of_its_own() -> None:
    assert difference(b"a\n", b"b\n", "x\n+++ y.md").splitlines()[:2] == [
        b'--- "x\\n+++ y.md"\t',
        b'+++ "x\\n+++ y.md"\t',
    ]
