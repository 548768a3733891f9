"""Many files put in the place of others at once, wherever it is cut off."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kbgraph import switch as room
from kbgraph.switch import finish, switch

OLD = {"a.nq": "old a", "sub/deep/b.ttl": "old b", "gone.gexf": "old gone", "same.json": "same"}
NEW = {"a.nq": "new a", "sub/deep/b.ttl": "new b", "sub/added.nt": "added", "same.json": "same"}
CHANGED = ("a.nq", "sub/deep/b.ttl", "sub/added.nt")
#: What a switch does to the disk, one call at a time.
CALLS = ("mkdir", "link", "rename", "symlink", "replace", "unlink", "rmdir")


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def seen(root: Path) -> dict[str, str]:
    """What a reader finds, at the places that it knows."""
    return {name: (root / name).read_text() for name in sorted({*OLD, *NEW}) if (root / name).exists()}


@pytest.fixture
def begin(tmp_path: Path) -> Callable[[], Path]:
    def begin() -> Path:
        """A folder with the old files, and the new ones beside it."""
        root = tmp_path / f"out{len(list(tmp_path.iterdir()))}"
        for name, text in OLD.items():
            put(root, name, text)
        for name in CHANGED:
            put(root, f"{name}.part", NEW[name])
        put(root, "mine.txt", "mine")
        return root

    return begin


def run(root: Path) -> None:
    switch(root, {name: str(root / f"{name}.part") for name in CHANGED}, ["gone.gexf", "never-there"])


def only_files(root: Path) -> bool:
    return not any(path.is_symlink() or path.name.startswith(".") for path in root.rglob("*"))


def test_new_files_take_the_place_of_old_ones_and_stale_ones_are_gone(begin: Callable[[], Path]) -> None:
    root = begin()
    run(root)
    assert seen(root) == NEW
    assert (root / "mine.txt").read_text() == "mine"
    assert only_files(root)


class Cut(BaseException):
    """The process is gone: nothing of it runs any more."""


def cut_off(monkeypatch: pytest.MonkeyPatch, number: int, error: BaseException) -> list[int]:
    """Let everything fail from the n-th call on; gives the count of calls."""
    count = [0]

    def counted(original: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            count[0] += 1
            if count[0] >= number > 0:
                raise error
            return original(*arguments, **options)

        return call

    for name in CALLS:
        monkeypatch.setattr(os, name, counted(getattr(os, name)))
    return count


def test_whenever_it_is_cut_off_all_files_are_old_or_all_are_new(
    begin: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = begin()
    with monkeypatch.context() as patched:
        count = cut_off(patched, 0, Cut())
        run(root)
    outcomes = []
    for number in range(1, count[0] + 1):
        root = begin()
        with monkeypatch.context() as patched:
            cut_off(patched, number, Cut())
            with pytest.raises(Cut):
                run(root)
        found = seen(root)
        outcomes.append(found == NEW)
        assert found in (OLD, NEW), number
        finish(root)
        assert seen(root) == found, number
        assert only_files(root), number
        assert (root / "mine.txt").read_text() == "mine"
    assert outcomes == sorted(outcomes)  # once new, always new
    assert set(outcomes) == {False, True}


def test_a_call_that_fails_leaves_all_old_files_or_all_new_ones(
    begin: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = begin()
    with monkeypatch.context() as patched:
        count = cut_off(patched, 0, Cut())
        run(root)
    for number in range(1, count[0] + 1):
        root = begin()
        with monkeypatch.context() as patched:
            cut_off(patched, number, OSError(errno.ENOSPC, "No space left on device"))
            with pytest.raises(OSError, match="No space"):
                run(root)
        assert seen(root) in (OLD, NEW), number


def test_a_disk_without_hard_links_gets_the_files_one_by_one(
    begin: Callable[[], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    root = begin()
    run(root)
    assert seen(root) == NEW
    assert only_files(root)


def test_a_folder_in_the_place_of_a_file_stops_it_before_anything_is_changed(begin: Callable[[], Path]) -> None:
    root = begin()
    (root / "a.nq").unlink()
    (root / "a.nq").mkdir()
    with pytest.raises(IsADirectoryError):
        run(root)
    assert (root / "sub/deep/b.ttl").read_text() == "old b"


def test_a_link_of_somebody_else_is_replaced_and_not_followed(begin: Callable[[], Path], tmp_path: Path) -> None:
    root = begin()
    victim = put(tmp_path, "victim/a.nq", "victim")
    (root / "a.nq").unlink()
    (root / "a.nq").symlink_to(victim)
    run(root)
    assert victim.read_text() == "victim"
    assert (root / "a.nq").read_text() == "new a"
    assert not (root / "a.nq").is_symlink()


@pytest.mark.parametrize("target", ["../victim", "/etc", "new/../../victim"])
def test_a_switch_that_somebody_else_pretends_to_have_begun_moves_nothing(
    begin: Callable[[], Path], tmp_path: Path, target: str
) -> None:
    root = begin()
    put(tmp_path, "victim/a.nq", "victim")
    aside = root / room._ASIDE
    (aside / "old").mkdir(parents=True)
    (aside / "now").symlink_to(target)
    (root / "a.nq").unlink()
    (root / "a.nq").symlink_to(f"{room._ASIDE}/now/a.nq")
    finish(root)
    assert (tmp_path / "victim" / "a.nq").read_text() == "victim"
    assert not aside.exists()


def test_what_lies_where_a_switch_keeps_its_files_and_is_no_folder_is_removed(
    begin: Callable[[], Path], tmp_path: Path
) -> None:
    root = begin()
    victim = put(tmp_path, "victim/new/a.nq", "victim")
    (root / room._ASIDE).symlink_to(victim.parents[1])
    run(root)
    assert seen(root) == NEW
    assert victim.read_text() == "victim"
