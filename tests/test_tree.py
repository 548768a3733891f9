"""A folder that is written into: nothing outside, nothing through links, nothing in part."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbgraph.errors import WorldError
from kbgraph.tree import Tree, why_unsafe

UNSAFE = [
    "",
    "/etc/x.md",
    "../x.md",
    "a/../../x.md",
    "a/./x.md",
    "a//x.md",
    "a/",
    ".git/hooks/x",
    ".x.md",
    "a\0.md",
    "a\n.md",
]


@pytest.mark.parametrize("name", UNSAFE)
def test_a_path_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    assert why_unsafe(name)
    with pytest.raises(WorldError):
        Tree(tmp_path / "tree").write(name, b"x", replace=True)
    assert list(tmp_path.rglob("*")) in ([], [tmp_path / "tree"])


def test_a_file_is_written_with_the_folders_above_it(tmp_path: Path) -> None:
    tree = Tree(tmp_path / "new" / "tree")
    tree.write("a/b c/é.md", b"x")
    assert (tmp_path / "new" / "tree" / "a" / "b c" / "é.md").read_bytes() == b"x"
    assert tree.read("a/b c/é.md") == b"x"
    assert tree.holds("a/b c/é.md")
    assert tree.read("a/other.md") is None


def test_a_file_that_exists_is_replaced_only_if_that_is_wanted(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.write("a.md", b"old")
    with pytest.raises(WorldError, match="exists already"):
        tree.write("a.md", b"new")
    assert (tmp_path / "a.md").read_bytes() == b"old"
    tree.write("a.md", b"new", replace=True)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.md", b"new")]


def test_a_folder_that_a_link_stands_in_for_is_not_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    root = tmp_path / "tree"
    root.mkdir()
    (root / "a").symlink_to(outside)
    with pytest.raises(WorldError, match="symbolic link"):
        Tree(root).write("a/b/c.md", b"x", replace=True)
    assert list(outside.iterdir()) == []


def test_a_link_at_the_place_of_a_file_is_replaced_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_bytes(b"theirs")
    root = tmp_path / "tree"
    root.mkdir()
    (root / "a.md").symlink_to(outside)
    (root / "b.md").symlink_to(tmp_path / "nowhere.md")
    tree = Tree(root)
    assert tree.holds("b.md")
    assert tree.read("a.md") is None
    with pytest.raises(WorldError, match="exists already"):
        tree.write("b.md", b"ours")
    tree.write("a.md", b"ours", replace=True)
    assert (outside.read_bytes(), (root / "a.md").read_bytes()) == (b"theirs", b"ours")
    assert not (tmp_path / "nowhere.md").exists()


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a.md").mkdir()
    (tmp_path / "b").write_bytes(b"a file")
    with pytest.raises(WorldError):
        Tree(tmp_path).write("a.md", b"x", replace=True)
    with pytest.raises(WorldError):
        Tree(tmp_path).write("b/c.md", b"x")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.md", "b"]


def test_a_file_system_without_hard_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)
    tree = Tree(tmp_path)
    tree.write("a.md", b"one")
    with pytest.raises(WorldError, match="exists already"):
        tree.write("a.md", b"two")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.md", b"one")]
