"""Finding articles, and reading them within bounds."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from tests.permissions import without_privileges

from kbgraph.config import DEFAULT_EXCLUDE, Limits
from kbgraph.errors import LimitError, Problem, UsageError
from kbgraph.inputs import Found, Input, discover, key_of, read_bounded

posix = pytest.mark.skipif(os.name != "posix", reason="needs what only POSIX systems have")


def tree(folder: Path, *names: str) -> Path:
    """A folder with files of those names, each with its name as text."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
    return folder


def found(*paths: Path, exclude: tuple[str, ...] = DEFAULT_EXCLUDE, limits: Limits | None = None) -> Found:
    return discover(paths, exclude, limits or Limits())


def names(*paths: Path, exclude: tuple[str, ...] = DEFAULT_EXCLUDE) -> list[str]:
    """The paths of what is found, without any problem."""
    result = found(*paths, exclude=exclude)
    assert result.problems == ()
    return [each.path for each in result.inputs]


def refused(*paths: Path) -> list[tuple[str, str]]:
    """Code and path of each problem."""
    return sorted((each.code, each.place.path) for each in found(*paths).problems)


# ---- finding


def test_a_folder_gives_its_markdown_files_in_the_order_of_their_paths(tmp_path: Path) -> None:
    tree(tmp_path, "b.md", "a/z.md", "a/y/x.md", "a.txt", "a.md.bak", "a b/ü.md")
    assert names(tmp_path) == ["a b/ü.md", "a/y/x.md", "a/z.md", "b.md"]


def test_a_file_given_by_itself_lies_in_its_own_folder(tmp_path: Path) -> None:
    tree(tmp_path, "a/b.md", "a/note.txt")
    assert names(tmp_path / "a" / "b.md", tmp_path / "a" / "note.txt") == ["b.md", "note.txt"]


def test_what_is_not_an_article_is_left_out(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "README.md",
        "a/LICENSE.md",
        "NOTICE.md",
        "CONTRIBUTING.md",
        ".git/x.md",
        ".hidden.md",
        "a/readme.md",
        "a.md",
    )
    assert names(tmp_path) == ["a.md", "a/readme.md"]


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        (("drafts/",), ["a.md", "b/c.md", "draft-1.md"]),
        (("draft*",), ["a.md", "b/c.md"]),
        (("/a.md", "c.md"), ["b/drafts/d.md", "draft-1.md", "drafts/e.md"]),
        (("*.md", "!a.md"), ["a.md"]),
        ((), ["a.md", "b/c.md", "b/drafts/d.md", "draft-1.md", "drafts/e.md"]),
    ],
)
def test_files_are_excluded_as_in_a_gitignore(tmp_path: Path, pattern: tuple[str, ...], left: list[str]) -> None:
    tree(tmp_path, "a.md", "b/c.md", "b/drafts/d.md", "drafts/e.md", "draft-1.md")
    assert names(tmp_path, exclude=pattern) == left


def test_a_file_given_by_itself_is_read_whatever_is_excluded(tmp_path: Path) -> None:
    tree(tmp_path, "README.md")
    assert names(tmp_path / "README.md") == ["README.md"]


def test_the_order_of_the_paths_does_not_matter(tmp_path: Path) -> None:
    one, two = tree(tmp_path / "one", "a.md", "c.md"), tree(tmp_path / "two", "b.md")
    assert found(one, two) == found(two, one)


def test_one_file_given_twice_is_one_input(tmp_path: Path) -> None:
    tree(tmp_path, "a.md")
    assert names(tmp_path, tmp_path, tmp_path / "a.md") == ["a.md"]


def test_two_files_of_one_relative_path_are_wrong_usage_that_names_both(tmp_path: Path) -> None:
    one, two = tree(tmp_path / "one", "x/a.md"), tree(tmp_path / "two", "x/a.md")
    with pytest.raises(UsageError, match=r"one.*a\.md.*two.*a\.md"):
        found(one, two)


def test_a_path_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        found(tmp_path / "none")


def test_too_many_articles_are_a_limit(tmp_path: Path) -> None:
    tree(tmp_path, "a.md", "b.md", "c.md")
    with pytest.raises(LimitError, match="limit articles"):
        found(tmp_path, limits=Limits(articles=2))


def test_folders_that_are_too_deep_are_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    tree(tmp_path, "a/b/c/d.md", "a/b/e.md")
    result = found(tmp_path, limits=Limits(folder_depth=2))
    assert [each.path for each in result.inputs] == ["a/b/e.md"]
    assert [(each.code, each.place.path) for each in result.problems] == [("KB003", "a/b/c")]


@posix
def test_symbolic_links_in_a_folder_are_reported_and_not_followed(tmp_path: Path) -> None:
    outside = tree(tmp_path / "outside", "secret.md", "text.txt")
    folder = tree(tmp_path / "in", "a.md")
    (folder / "link.md").symlink_to(outside / "secret.md")
    (folder / "folder").symlink_to(outside)
    (folder / "text.txt").symlink_to(outside / "text.txt")
    (folder / "loop.md").symlink_to(folder / "loop.md")
    (folder / "up").symlink_to(folder)
    assert [each.path for each in found(folder).inputs] == ["a.md"]
    assert refused(folder) == [("KB012", name) for name in ("folder", "link.md", "loop.md", "up")]


@posix
def test_a_folder_given_as_a_symbolic_link_is_read(tmp_path: Path) -> None:
    tree(tmp_path / "real", "a.md")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert names(tmp_path / "link") == ["a.md"]


@posix
def test_a_loop_of_symbolic_links_does_not_exist(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    with pytest.raises(UsageError):
        found(tmp_path / "one")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not take such names")
def test_a_name_that_is_not_utf_8_is_reported(tmp_path: Path) -> None:
    for name in (b"\xff.md", b"\xfe.txt"):
        (tmp_path / os.fsdecode(name)).write_text("x")
    (tmp_path / os.fsdecode(b"\xfd")).mkdir()
    assert found(tmp_path).inputs == ()
    assert refused(tmp_path) == [("KB013", "\\xfd"), ("KB013", "\\xff.md")]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not take such names")
def test_a_file_given_by_itself_with_a_name_that_is_not_utf_8_is_reported(tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"\xff.md")
    file.write_text("x")
    assert found(file).inputs == ()
    assert refused(file) == [("KB013", "\\xff.md")]


def test_a_folder_that_may_not_be_read_is_reported(tmp_path: Path) -> None:
    tree(tmp_path, "a.md", "closed/b.md")
    (tmp_path / "closed").chmod(0)
    without_privileges(tmp_path)
    try:
        assert [each.path for each in found(tmp_path).inputs] == ["a.md"]
        assert refused(tmp_path) == [("KB012", "closed/")]
    finally:
        (tmp_path / "closed").chmod(0o700)


@pytest.mark.parametrize(
    ("path", "key"), [("a.md", "a"), ("a/b.c.md", "a/b.c"), ("a.md.md", "a.md"), ("a.txt", "a.txt"), ("md", "md")]
)
def test_the_key_of_an_article_is_its_path_without_its_ending(path: str, key: str) -> None:
    assert key_of(path) == key


# ---- reading


def read(path: Path, limit: int = 100) -> bytes | Problem:
    return read_bounded(Input("a.md", path), limit)


def test_a_file_is_read_up_to_one_byte_more_than_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"x" * 1000)
    assert read(file, 10) == b"x" * 11
    assert read(file, 5000) == b"x" * 1000


def test_standard_input_lies_nowhere_and_has_its_bytes() -> None:
    assert read_bounded(Input("a.md", Path("none.md"), b"data"), 100) == b"data"


@posix
@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "zero", "nothing", "loop"])
def test_what_is_no_regular_file_is_a_problem_and_never_waited_for(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.md"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind in {"device", "zero"}:
        path.symlink_to("/dev/null" if kind == "device" else "/dev/zero")
    elif kind == "loop":
        path.symlink_to(path)
    started = time.perf_counter()
    problem = read(path)
    assert time.perf_counter() - started < 15
    assert isinstance(problem, Problem)
    assert (problem.code, problem.place.path) == ("KB012", "a.md")


# ---- a file by itself


def test_a_link_of_a_file_alone_may_lead_to_a_neighbour_that_was_not_given(tmp_path: Path) -> None:
    tree(tmp_path, "ai/a.md", "ai/b.md", "science/c.md")
    (alone,) = found(tmp_path / "ai" / "a.md").inputs
    assert alone.leads_to_a_file("b.md")
    assert alone.leads_to_a_file("b")
    assert alone.leads_to_a_file("../science/c.md#part")
    assert alone.leads_to_a_file("../../science/c.md")  # as pages on a site link each other
    assert not alone.leads_to_a_file("none.md")
    assert not alone.leads_to_a_file("")
    assert not alone.leads_to_a_file("\0")


def test_a_link_of_a_file_in_a_folder_leads_only_to_what_is_in_the_folder(tmp_path: Path) -> None:
    tree(tmp_path, "in/a.md", "b.md")
    (given,) = found(tmp_path / "in").inputs
    assert not given.leads_to_a_file("../b.md")


def test_files_that_are_named_as_other_programs_name_markdown_are_said_and_not_read(tmp_path: Path) -> None:
    for name in ("a.md", "B.MD", "c.markdown", "d.Mdx", "README.MD", "notes.txt", "page.md.html"):
        (tmp_path / name).write_text("x")
    (tmp_path / "folder.markdown").mkdir()
    (tmp_path / "folder.markdown" / "e.md").write_text("x")
    found = discover([tmp_path], DEFAULT_EXCLUDE, Limits())
    assert [each.path for each in found.inputs] == ["a.md", "folder.markdown/e.md"]
    assert [(each.code, each.place.path) for each in found.problems] == [
        ("KB019", "B.MD"),
        ("KB019", "c.markdown"),
        ("KB019", "d.Mdx"),
    ]
    assert "ends in .MD" in found.problems[0].message
