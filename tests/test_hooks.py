"""The hooks for pre-commit and the GitHub Action: well-formed, and their commands do what they say."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import kbgraph
from kbgraph.baseline import write_baseline

CLEAN = (Path(__file__).parent / "bad" / "clean.md").read_text(encoding="utf-8")
BAD_YEAR = CLEAN.replace("year: 2001", "year: MMI")
#: Mended by `--fix`: the space behind the colon is missing.
NO_SPACE = CLEAN.replace('title: "', 'title:"')

bash = pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a folder of articles, one of them with a mistake."""
    (tmp_path / "my articles").mkdir()
    (tmp_path / "my articles" / "a.md").write_text(BAD_YEAR, encoding="utf-8")
    return tmp_path


# ---- pre-commit


def hooks(root: Path) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}


def run_hook(hook: dict[str, Any], folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a hook as pre-commit does: its entry, then what `args` says."""
    program, *rest = shlex.split(hook["entry"])
    assert program == "kbgraph"
    command = [sys.executable, "-m", "kbgraph", *rest, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_each_hook_says_what_pre_commit_needs(root: Path) -> None:
    found = hooks(root)
    assert sorted(found) == ["kbgraph-check", "kbgraph-fix"]
    for hook in found.values():
        assert {"id", "name", "description", "entry", "language"} <= set(hook)
        assert hook["language"] == "python"
        assert hook["types"] == ["markdown"]
        assert hook["pass_filenames"] is False  # two files of one name would be one article


def test_the_hook_fails_for_a_mistake_and_passes_without(root: Path, project: Path) -> None:
    done = run_hook(hooks(root)["kbgraph-check"], project, "my articles")
    assert done.returncode == 1
    assert "KB347" in done.stdout
    (project / "my articles" / "a.md").write_text(CLEAN, encoding="utf-8")
    assert run_hook(hooks(root)["kbgraph-check"], project, "my articles/a.md").returncode == 0


def test_the_hook_takes_a_baseline(root: Path, project: Path) -> None:
    write_baseline(project / "known.json", kbgraph.build(project / "my articles").report)
    done = run_hook(hooks(root)["kbgraph-check"], project, "my articles", "--baseline", "known.json")
    assert done.returncode == 0


def test_the_hook_that_fixes_mends_the_file(root: Path, project: Path) -> None:
    (project / "my articles" / "a.md").write_text(NO_SPACE, encoding="utf-8")
    done = run_hook(hooks(root)["kbgraph-fix"], project, "my articles")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (project / "my articles" / "a.md").read_text(encoding="utf-8") == CLEAN


# ---- the action


def action(root: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((root / "action.yml").read_text(encoding="utf-8"))
    return loaded


def step_of(root: Path, name: str) -> dict[str, Any]:
    return next(each for each in action(root)["runs"]["steps"] if each["name"] == name)


def test_the_action_is_well_formed(root: Path) -> None:
    loaded = action(root)
    assert loaded["runs"]["using"] == "composite"
    identifiers = {each.get("id") for each in loaded["runs"]["steps"]}
    for each in (*loaded["inputs"].values(), *loaded["outputs"].values()):
        assert each["description"]
    for step in loaded["runs"]["steps"]:
        assert ("uses" in step) != ("run" in step)
        assert "run" not in step or step["shell"] == "bash"
        assert "uses" not in step or re.fullmatch(r"[\w-]+/[\w-]+@\S+", step["uses"])
    text = json.dumps(loaded)
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(loaded["inputs"])
    assert set(re.findall(r"steps\.([\w-]+)", text)) <= identifiers


def test_no_input_is_put_into_a_script(root: Path) -> None:
    scripts = [step["run"] for step in action(root)["runs"]["steps"] if "run" in step]
    assert len(scripts) == 2
    assert [script for script in scripts if "${{" in script] == []


@bash
def test_every_script_of_the_action_is_valid_and_knows_its_variables(root: Path) -> None:
    for step in action(root)["runs"]["steps"]:
        if "run" in step:
            subprocess.run(["bash", "-n", "-c", step["run"]], check=True)
            used = set(re.findall(r"\$\{?([A-Z_]+)", step["run"]))
            assert used <= {*step["env"], "RUNNER_TEMP", "GITHUB_OUTPUT"}
            assert set(step["env"]) <= used


def run_check(root: Path, folder: Path, **inputs: str) -> tuple[int, str, str, str]:
    """Run the action's check with inputs; exit code, output, talk, and the outputs of the step."""
    loaded, step = action(root), step_of(root, "Check")
    runner = folder / "runner"
    (runner / "kbgraph" / "bin").mkdir(parents=True, exist_ok=True)
    program = runner / "kbgraph" / "bin" / "kbgraph"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kbgraph "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    outputs = runner / "outputs"
    outputs.write_text("", encoding="utf-8")
    values = {name: each["default"] for name, each in loaded["inputs"].items()} | inputs
    environment = {name: values[re.findall(r"inputs\.([\w-]+)", text)[0]] for name, text in step["env"].items()}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder,
        env={**os.environ, **environment, "RUNNER_TEMP": str(runner), "GITHUB_OUTPUT": str(outputs)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr, outputs.read_text(encoding="utf-8")


@bash
def test_the_action_annotates_mistakes_and_fails(root: Path, project: Path) -> None:
    code, out, _, outputs = run_check(root, project, paths="my articles")
    assert code == 1
    assert "::error" in out
    assert "KB347" in out
    assert outputs == ""


@bash
def test_the_action_writes_a_sarif_file_even_if_it_fails(root: Path, project: Path) -> None:
    inputs = {"output-format": "sarif", "sarif-file": "my report.sarif"}
    code, out, _, outputs = run_check(root, project, paths="my articles\n", **inputs)
    assert (code, out) == (1, "")
    assert outputs == "sarif-file=my report.sarif\n"
    report = json.loads((project / "my report.sarif").read_bytes())
    assert [each["ruleId"] for each in report["runs"][0]["results"]] == ["KB347"]


@bash
def test_the_action_takes_several_paths_a_level_and_a_baseline(root: Path, project: Path) -> None:
    (project / "b.md").write_text(CLEAN.replace("category:", "mood: good\ncategory:"), encoding="utf-8")
    paths = "my articles\n\nb.md"
    write_baseline(project / "known.json", kbgraph.build(project / "my articles", project / "b.md").report)
    assert run_check(root, project, paths=paths)[0] == 1
    assert run_check(root, project, paths=paths, baseline="known.json")[0] == 0
    assert run_check(root, project, paths="b.md")[0] == 0
    assert run_check(root, project, paths="b.md", **{"fail-level": "info"})[0] == 1


@bash
@pytest.mark.parametrize(
    "inputs",
    [
        {"paths": '"; touch owned; "'},
        {"paths": "$(touch owned)"},
        {"paths": "--help\n`touch owned`"},
        {"fail-level": "violation; touch owned"},
        {"baseline": "x'$(touch owned)'"},
        {"output-format": "sarif\ntouch owned"},
        {"output-format": "sarif", "sarif-file": "a$(touch owned)\nother=1", "paths": "my articles"},
    ],
)
def test_no_input_is_run_by_the_shell(root: Path, project: Path, inputs: dict[str, str]) -> None:
    code, _, _, outputs = run_check(root, project, **inputs)
    assert code != 0
    assert not (project / "owned").exists()
    assert outputs.count("\n") <= 1


@bash
def test_a_wrong_input_is_wrong_usage(root: Path, project: Path) -> None:
    assert run_check(root, project, paths="no such folder")[0] == 2
    assert run_check(root, project, paths="--help")[0] == 2
    assert run_check(root, project, paths="my articles", **{"fail-level": "never"})[0] == 2
    assert run_check(root, project, paths="my articles", **{"output-format": "human"})[0] == 2
