"""Documentation that cannot lie: generated pages, and what the README shows."""

from __future__ import annotations

import doctest
import importlib.util
import re
import shlex
from pathlib import Path
from pkgutil import walk_packages

import pytest
from click.testing import CliRunner

import kbgraph
from kbgraph.cli import COMMANDS, cli
from kbgraph.config import Settings
from kbgraph.export import FORMATS


def _generated(root: Path) -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("generate", root / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    pages: dict[str, str] = module.pages()
    return pages


@pytest.mark.parametrize("name", ["cli.md", "fields.md", "queries.md", "problems.md"])
def test_a_generated_page_is_what_the_program_says(root: Path, name: str) -> None:
    assert (root / "docs" / name).read_text(encoding="utf-8") == _generated(root)[name], "run make docs"


def test_the_readme_names_every_command_and_every_file_of_a_build(root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"kbgraph {name}" in readme
    for each in FORMATS.values():
        assert not each.default or each.file in readme
    for name in ("places.json", "report.json", "report.ttl", "manifest.json", "make demo", "make test"):
        assert name in readme


def test_the_readme_names_only_settings_that_there_are(root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```toml\n(.*?)```", readme, re.DOTALL)
    assert block is not None
    names = re.findall(
        r"^(\w+) = |^\[(\w+)\]", block[1].partition("[aliases]")[0] + "[aliases]\n[limits]", re.MULTILINE
    )
    known = set(Settings.__dataclass_fields__)
    assert {first or second for first, second in names} <= known


def test_the_example_article_of_the_readme_has_no_problem(root: Path, tmp_path: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```markdown\n(.*?)```", readme, re.DOTALL)
    assert block is not None
    (tmp_path / "rdf-triples.md").write_text(block[1], encoding="utf-8")
    result = CliRunner().invoke(cli, ["check", str(tmp_path)], standalone_mode=False)
    assert result.return_value == 0
    assert "no problems" in result.output


def test_the_example_mistake_of_the_readme_is_shown_as_it_says(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```\n\$ (kbgraph check .*?)\n(.*?)```", readme, re.DOTALL)
    assert example is not None
    place = re.match(r"(.*?):(\d+):(\d+):", example[2])
    assert place is not None
    article = (root / "seeds" / "ai" / "attention.md").read_text(encoding="utf-8").split("\n")
    line = int(place[2]) - 1
    article[line] = example[2].split("\n")[1].split(" | ", 1)[1]
    target = tmp_path / place[1]
    target.parent.mkdir(parents=True)
    target.write_text("\n".join(article), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, shlex.split(example[1])[1:], standalone_mode=False)
    assert example[2].strip() in result.stdout


@pytest.mark.parametrize("page", ["README.md", "docs/fixing.md"])
def test_the_python_of_a_page_runs(
    root: Path, page: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    text = (root / page).read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    exec(compile(code, page, "exec"), {})
    assert capsys.readouterr().out


@pytest.mark.parametrize("name", ["kbgraph", *(each.name for each in walk_packages(kbgraph.__path__, "kbgraph."))])
def test_every_example_in_a_docstring_is_true(root: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if name.endswith("__main__"):
        return
    monkeypatch.chdir(root)
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_every_link_of_a_page_leads_to_a_file(root: Path) -> None:
    pages = [root / "README.md", *(root / "docs").rglob("*.md")]
    links = [
        (page, link.partition("#")[0])
        for page in pages
        for link in re.findall(
            r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        )
        if not link.startswith(("#", "http"))
    ]
    assert [(str(page), link) for page, link in links if not (page.parent / link).exists()] == []
    named = {(page.parent / link).resolve() for page, link in links}
    assert [page.name for page in pages if page.resolve() not in named and page.name != "README.md"] == []
