"""The folder that a build writes: whole files, nothing foreign touched, nothing outside."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from pathlib import Path

import pytest

from kbgraph.errors import WorldError
from kbgraph.output import MANIFEST, OutputFolder

posix = pytest.mark.skipif(os.name != "posix", reason="needs what only POSIX systems have")


def write(folder: Path, **files: bytes) -> None:
    """One build: files whose names are given with `__` for `/` and `_` for `.`, and their manifest."""
    named = {name.replace("__", "/").replace("_", "."): data for name, data in files.items()}
    with OutputFolder(folder).locked() as output:
        staged = [output.stage(name, [data]) for name, data in named.items()]
        listing = json.dumps({"files": [{"path": each.path} for each in staged]}).encode()
        output.commit(staged, output.stage(MANIFEST, [listing]))


def files(folder: Path) -> dict[str, bytes]:
    """What is in a folder, apart from the manifest and the lock."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: data for name, data in sorted(found.items()) if name not in {MANIFEST, ".lock"}}


def test_a_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    write(tmp_path / "a" / "b", x_nq=b"1", sub__y_nq=b"2")
    assert files(tmp_path / "a" / "b") == {"sub/y.nq": b"2", "x.nq": b"1"}


def test_a_staged_file_knows_its_size_and_digest(tmp_path: Path) -> None:
    with OutputFolder(tmp_path).locked() as output:
        staged = output.stage("x.nq", [b"data"])
    assert (staged.path, staged.size, staged.sha256) == ("x.nq", 4, hashlib.sha256(b"data").hexdigest())


def test_nothing_is_in_place_before_everything_is_written(tmp_path: Path) -> None:
    write(tmp_path, x_nq=b"old")
    with OutputFolder(tmp_path).locked() as output:
        output.stage("x.nq", [b"new"])
        assert (tmp_path / "x.nq").read_bytes() == b"old"
    assert files(tmp_path) == {"x.nq": b"old"}


def test_a_build_that_fails_leaves_the_old_files_and_no_others(tmp_path: Path) -> None:
    write(tmp_path, x_nq=b"old")
    before = (tmp_path / MANIFEST).read_bytes()

    class Failed(Exception):
        """What goes wrong."""

    def fail() -> None:
        with OutputFolder(tmp_path).locked() as output:
            output.stage("x.nq", [b"new"])
            output.stage("y.nq", [b"new"])
            raise Failed

    with pytest.raises(Failed):
        fail()
    assert files(tmp_path) == {"x.nq": b"old"}
    assert (tmp_path / MANIFEST).read_bytes() == before


def test_what_a_killed_build_left_behind_is_removed(tmp_path: Path) -> None:
    with OutputFolder(tmp_path).locked() as output:
        temporary = Path(output.stage("articles/x.nq", [b"new"]).temporary)
        left = temporary.read_bytes()
    temporary.parent.mkdir(exist_ok=True)
    temporary.write_bytes(left)
    write(tmp_path, y_nq=b"1")
    assert files(tmp_path) == {"y.nq": b"1"}


def test_a_file_that_has_its_bytes_already_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, x_nq=b"same", y_nq=b"old")
    before = (tmp_path / "x.nq").stat()
    write(tmp_path, x_nq=b"same", y_nq=b"new")
    after = (tmp_path / "x.nq").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    assert (tmp_path / "y.nq").read_bytes() == b"new"


def test_what_the_old_manifest_lists_and_the_new_build_does_not_make_is_removed(tmp_path: Path) -> None:
    write(tmp_path, x_nq=b"1", sub__deep__y_nq=b"2", sub__z_nq=b"3")
    write(tmp_path, x_nq=b"1")
    assert files(tmp_path) == {"x.nq": b"1"}
    assert not (tmp_path / "sub").exists()


def test_a_file_that_no_manifest_lists_survives(tmp_path: Path) -> None:
    write(tmp_path, x_nq=b"1", sub__y_nq=b"2")
    (tmp_path / "notes.txt").write_bytes(b"mine")
    (tmp_path / "sub" / "mine.nq").write_bytes(b"mine")
    write(tmp_path, z_nq=b"3")
    assert files(tmp_path) == {"notes.txt": b"mine", "sub/mine.nq": b"mine", "z.nq": b"3"}


@pytest.mark.parametrize("name", ["../victim", "sub/../../victim", "/etc/victim", "", ".", "..", "\0", "sub"])
def test_a_manifest_that_somebody_edited_removes_nothing_outside_and_no_folder(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    write(out, x_nq=b"1", sub__y_nq=b"2")
    (tmp_path / "victim").write_bytes(b"mine")
    absolute = str(tmp_path / "victim") if name.startswith("/") else name
    (out / MANIFEST).write_text(json.dumps({"files": [{"path": absolute}]}))
    write(out, x_nq=b"3")
    assert (tmp_path / "victim").read_bytes() == b"mine"
    assert files(out) == {"sub/y.nq": b"2", "x.nq": b"3"}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"files": 1}', '{"files": [1]}', '{"files": [{"path": 3}]}', '{"files": [{}]}', "\udcff"]
)
def test_a_manifest_that_is_none_removes_nothing(tmp_path: Path, text: str) -> None:
    write(tmp_path, x_nq=b"1")
    (tmp_path / MANIFEST).write_bytes(text.encode("utf-8", "surrogateescape"))
    write(tmp_path, y_nq=b"2")
    assert files(tmp_path) == {"x.nq": b"1", "y.nq": b"2"}


@posix
def test_nothing_is_written_or_removed_through_a_symbolic_link(tmp_path: Path) -> None:
    outside, out = tmp_path / "outside", tmp_path / "out"
    outside.mkdir()
    (outside / "y.nq").write_bytes(b"mine")
    out.mkdir()
    (out / "sub").symlink_to(outside)
    (out / MANIFEST).write_text('{"files": [{"path": "sub/y.nq"}]}')
    write(out, x_nq=b"1")
    assert (outside / "y.nq").read_bytes() == b"mine"
    with pytest.raises(WorldError, match="does not lie"):
        write(out, sub__y_nq=b"2")
    assert (outside / "y.nq").read_bytes() == b"mine"


@posix
def test_a_symbolic_link_in_the_place_of_a_file_is_replaced_and_not_followed(tmp_path: Path) -> None:
    victim, out = tmp_path / "victim", tmp_path / "out"
    victim.write_bytes(b"mine")
    out.mkdir()
    (out / "x.nq").symlink_to(victim)
    write(out, x_nq=b"1")
    assert victim.read_bytes() == b"mine"
    assert not (out / "x.nq").is_symlink()


@pytest.mark.parametrize("name", ["", "../x", "/x", "a/../../x", "\0"])
def test_a_name_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    with OutputFolder(tmp_path / "out").locked() as output, pytest.raises(WorldError, match="does not lie"):
        output.stage(name, [b"x"])


def test_one_build_at_a_time_holds_the_folder(tmp_path: Path) -> None:
    with (
        OutputFolder(tmp_path).locked(),
        pytest.raises(WorldError, match="another build"),
        OutputFolder(tmp_path).locked(),
    ):
        pass
    write(tmp_path, x_nq=b"1")
    assert files(tmp_path) == {"x.nq": b"1"}


def test_a_folder_that_cannot_be_made_is_an_error_of_the_world(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    for path in (tmp_path / "file", tmp_path / "file" / "out"):
        with pytest.raises(WorldError), OutputFolder(path).locked():
            pass
    assert (tmp_path / "file").read_bytes() == b"x"


def test_a_folder_in_the_place_of_a_file_is_an_error_of_the_world(tmp_path: Path) -> None:
    (tmp_path / "x.nq").mkdir()
    with pytest.raises(WorldError):
        write(tmp_path, x_nq=b"1")


@posix
def test_files_have_the_permissions_that_the_umask_leaves(tmp_path: Path) -> None:
    write(tmp_path, x_nq=b"1")
    (tmp_path / "plain").write_bytes(b"")
    assert stat.S_IMODE((tmp_path / "x.nq").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)
