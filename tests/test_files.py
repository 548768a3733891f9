"""The small files of a project."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbgraph.errors import UsageError, WorldError
from kbgraph.files import add_line, read_json, write_new


def test_a_new_file_is_written_with_its_folders_and_never_over_another(tmp_path: Path) -> None:
    path = tmp_path / "x" / "y.md"
    write_new(path, "ä\n")
    assert path.read_bytes() == "ä\n".encode()
    with pytest.raises(UsageError, match="exists already"):
        write_new(path, "other")
    assert path.read_bytes() == "ä\n".encode()


def test_a_text_that_cannot_be_written_leaves_no_file_behind(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    with pytest.raises((UsageError, WorldError, UnicodeEncodeError)):
        write_new(path, "\udcff")
    assert not path.exists()


@pytest.mark.parametrize(
    ("before", "after"), [(None, "/out/\n"), ("", "/out/\n"), ("x\n", "x\n/out/\n"), ("x", "x\n/out/\n")]
)
def test_a_line_is_added_once(tmp_path: Path, before: str | None, after: str) -> None:
    path = tmp_path / ".gitignore"
    if before is not None:
        path.write_text(before)
    assert add_line(path, "/out/")
    assert path.read_text() == after
    assert not add_line(path, "/out/")
    assert path.read_text() == after


def test_a_line_is_added_to_a_text_of_any_encoding(tmp_path: Path) -> None:
    path = tmp_path / ".gitignore"
    path.write_bytes(b"gr\xfc\xdfe\n")
    assert add_line(path, "/out/")
    assert path.read_bytes() == b"gr\xfc\xdfe\n/out/\n"


def test_json_that_is_not_there_or_is_none_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        read_json(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(UsageError, match="not JSON"):
        read_json(tmp_path / "bad.json")
    (tmp_path / "good.json").write_text('{"a": [1]}')
    assert read_json(tmp_path / "good.json") == {"a": [1]}


def test_json_that_cannot_be_read_is_an_error_of_the_world(tmp_path: Path) -> None:
    with pytest.raises(WorldError):
        read_json(tmp_path)
