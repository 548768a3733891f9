"""Patterns that are names are read without the library, and mean what they mean to it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from kbgraph.config import DEFAULT_EXCLUDE
from kbgraph.patterns import matcher

NAME = st.text("ab.-_A1", min_size=1, max_size=3).filter(lambda name: name not in {".", ".."})
PATTERN = st.builds(str.__add__, NAME, st.sampled_from(["", "*"]))
PATH = st.builds(
    lambda names, end: "/".join(names) + end, st.lists(NAME, min_size=1, max_size=4), st.sampled_from(["", "/"])
)


@given(st.lists(PATTERN, max_size=3), PATH)
def test_names_mean_what_they_mean_to_git(patterns: list[str], path: str) -> None:
    assert matcher(patterns)(path) is bool(GitIgnoreSpec.from_lines(patterns).match_file(path))


@pytest.mark.parametrize(
    ("pattern", "path", "is_named"),
    [
        ("drafts/", "drafts/a.md", True),
        ("drafts/", "drafts", False),
        ("/a.md", "b/a.md", False),
        ("*.txt", "a/b.txt", True),
        ("!a.md", "a.md", False),
        ("[ab].md", "b.md", True),
        ("# a.md", "# a.md", False),
        ("é.md", "x/é.md", True),
    ],
)
def test_all_other_patterns_are_those_of_git_too(pattern: str, path: str, is_named: bool) -> None:
    assert matcher([pattern])(path) is is_named


def test_the_last_of_several_patterns_decides() -> None:
    is_named = matcher(["*.md", "!a.md"])
    assert (is_named("b.md"), is_named("a.md")) == (True, False)


def test_what_is_no_pattern_is_refused() -> None:
    with pytest.raises(ValueError, match="!"):
        matcher(["a.md", "!"])


def test_the_library_is_not_loaded_for_what_every_project_excludes() -> None:
    code = f"import sys, kbgraph.patterns as p; p.matcher({DEFAULT_EXCLUDE!r})('a/b.md'); sys.exit('pathspec' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
