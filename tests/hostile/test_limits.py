"""Every limit of the settings is hit by something, and the message names it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest
from tests.hostile.articles import article
from tests.hostile.guarded import kbgraph as run

import kbgraph
from kbgraph import Limits, Settings
from kbgraph.errors import LimitError

#: An article of which there is one too many of something, and the limit it is too many for.
_ARTICLES: dict[str, tuple[int, bytes]] = {
    "file_bytes": (2_000, article("x", "x" * 2_000)),
    "front_matter_bytes": (900, article("x", summary="x" * 900)),
    "body_bytes": (900, article("x", "x" * 900)),
    "values": (100, article("x", more=f"other: [{'a, ' * 100}]")),
    "depth": (10, article("x", more=f"other: {'[' * 10}{']' * 10}")),
    "parts": (20, article("x", tags=f"[{', '.join(map(str, range(20)))}]")),
    "key_paths": (100, article("x", more=f"other: {{{'k' * 60}: {{a: 1, b: 2}}}}")),
    "markup": (50, article("x", "*a* " * 50)),
    "problems": (5, article("x", more="".join(f"other{number}: 1\n" for number in range(6)).rstrip())),
    "ignores": (3, article("x", "\n<!-- kbgraph-ignore KB107 -->\n" * 4)),
}


def _hit(tmp_path: Path, limits: Limits) -> list[str]:
    """The messages of a build with some limits that name one."""
    report = kbgraph.build(tmp_path, settings=Settings(jobs=1, limits=limits)).report
    return [
        each.message for each in report if ("limit" in each.message and each.code == "KB003") or each.code == "KB009"
    ]


@pytest.mark.parametrize("name", sorted(set(_ARTICLES) - {"ignores"}))
def test_an_article_that_passes_a_limit_is_refused_by_its_name(tmp_path: Path, name: str) -> None:
    most, data = _ARTICLES[name]
    (tmp_path / "a.md").write_bytes(data)
    assert _hit(tmp_path, Limits()) == []
    (message,) = _hit(tmp_path, replace(Limits(), **{name: most}))
    assert name in message
    assert f"{most:,}" in message


@pytest.mark.parametrize("path", ["a/b/c/d.md", "a.md"])
def test_folders_and_categories_that_are_too_deep_are_reported(tmp_path: Path, path: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(article("x", category="a/b/c/d"))
    assert _hit(tmp_path, Limits()) == []
    (message,) = _hit(tmp_path, Limits(folder_depth=2))
    assert "2" in message
    assert "folder_depth" in message


def test_too_many_articles_stop_a_build_with_exit_code_4(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.md").write_bytes(article(name))
    with pytest.raises(LimitError, match="articles"):
        kbgraph.build(tmp_path, settings=Settings(jobs=1, limits=Limits(articles=2)))
    (tmp_path / "kbgraph.toml").write_text("[limits]\narticles = 2\n")
    ran = run("check", ".", cwd=tmp_path, seconds=30)
    assert ran.code == 4
    assert "the limit articles" in ran.err


def test_every_limit_has_a_test_that_hits_it() -> None:
    others = {each.name for each in fields(Limits)} - {*_ARTICLES, "articles", "folder_depth"}
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parents[1].rglob("test_*.py"))
    assert {name for name in others if not re.search(rf"\b{name}\b", tests)} == set()


@pytest.mark.parametrize("name", sorted(_ARTICLES))
def test_a_limit_can_be_raised_in_the_settings(tmp_path: Path, name: str, read: Callable[[Path], Settings]) -> None:
    (tmp_path / "kbgraph.toml").write_text(f"[limits]\n{name} = 123456789\n")
    assert getattr(read(tmp_path).limits, name) == 123_456_789


@pytest.fixture
def read() -> Callable[[Path], Settings]:
    from kbgraph.config import find_settings

    return find_settings
