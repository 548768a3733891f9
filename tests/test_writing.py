"""The page on writing: its examples are what the program reads."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from kbgraph.cli import cli
from kbgraph.config import Limits, find_settings
from kbgraph.ignores import ignores_of


@pytest.fixture
def page(root: Path) -> str:
    """The page."""
    return (root / "docs" / "writing.md").read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    """The code blocks of a language, without their indentation."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", page, re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", text, flags=re.MULTILINE) for indent, text in found]


def test_the_example_of_comments_is_read_as_the_page_says(page: str) -> None:
    example = blocks(page, "yaml")[0]
    ignores, problems = ignores_of(f"---\n{example}---\n".encode(), "a.md", Limits())
    assert problems == []
    assert [(each.codes, each.first, each.last) for each in ignores] == [
        (("KB347",), 5, 5),
        (("KB505", "KB343"), 7, 8),
    ]


def test_every_comment_on_the_page_is_one(page: str) -> None:
    said = re.findall(r"kbgraph: (ignore[\w-]*\[.*?\])", page)
    assert len(said) >= 4
    for each in said:
        ignores, problems = ignores_of(f"---\nid: a  # kbgraph: {each}\n---\n".encode(), "a.md", Limits())
        assert len(ignores) == 1
        assert problems == []


def test_the_settings_on_the_page_are_settings(page: str, tmp_path: Path) -> None:
    (example,) = blocks(page, "toml")
    (tmp_path / "kbgraph.toml").write_text(example, encoding="utf-8")
    assert dict(find_settings(tmp_path).per_file_ignores) == {
        pattern: tuple(codes) for pattern, codes in tomllib.loads(example)["per-file-ignores"].items()
    }


def test_hooks_and_inputs_on_the_page_exist(page: str, root: Path) -> None:
    hooks = {each["id"] for each in yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    action = yaml.safe_load((root / "action.yml").read_text(encoding="utf-8"))
    loaded = [yaml.safe_load(text) for text in blocks(page, "yaml")]
    assert {
        hook["id"]
        for each in loaded
        if isinstance(each, dict)
        for repo in each.get("repos", ())
        for hook in repo["hooks"]
    } <= hooks
    steps = [
        step
        for each in loaded
        if isinstance(each, dict)
        for job in each.get("jobs", {}).values()
        for step in job["steps"]
    ]
    steps += [step for each in loaded if isinstance(each, list) for step in each]
    used = {name for step in steps if step["uses"].startswith("OWNER/") for name in step["with"]}
    assert used <= set(action["inputs"])
    assert "paths" in used
    rows = dict(re.findall(r"^\| `([\w-]+)` \|[^|]*\| (?:`([^`]*)`)? ?\|$", page, re.MULTILINE))
    assert rows == {name: each["default"] for name, each in action["inputs"].items()}


def test_commands_and_options_on_the_page_exist(page: str) -> None:
    for name, rest in re.findall(r"kbgraph (check|schema|build)\b([^\n|`]*)", page):
        shown = CliRunner().invoke(cli, [name, "--help"]).output
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in shown, f"kbgraph {name} {option}"
