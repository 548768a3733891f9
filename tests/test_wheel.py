"""The wheel as a stranger gets it: installed in an empty environment, used elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from kbgraph.explanations import GROUPS


@pytest.fixture(scope="session")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(root)]
    subprocess.run(command, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


def test_the_wheel_holds_ontology_shapes_and_type_marker(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    needed = {"kbgraph.ttl", "vocabulary.ttl"}
    assert {f"kbgraph/ontology/{name}" for name in needed} <= names
    assert {f"kbgraph/shapes/{name}.ttl" for name in ("kbgraph", "violation", "warning", "info")} <= names
    assert {f"kbgraph/explanations/{group}.toml" for group in GROUPS} <= names
    assert {f"kbgraph/page/assets/{name}" for name in ("explorer.js", "style.css", "bundle.json")} <= names
    bundle = {"editor.js", "editor-style.css", "explore.js", "bundle.json"}
    assert {f"kbgraph/serve/bundle/{name}" for name in bundle} <= names
    assert {"kbgraph/draw/fonts/DejaVuSansCondensed.ttf", "kbgraph/draw/fonts/LICENSE"} <= names
    assert "kbgraph/py.typed" in names
    assert not [name for name in names if name.startswith(("tests", "benchmarks", "seeds"))]


def test_the_installed_wheel_builds_a_folder_elsewhere(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "environment"
    venv.create(home, with_pip=True)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "KBGRAPH"))}
    install = [scripts / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)]
    installed = subprocess.run(install, capture_output=True, text=True, env=environment, check=False)
    if installed.returncode and "No matching distribution" in installed.stderr:
        pytest.skip("the package index cannot be reached")
    assert installed.returncode == 0, installed.stderr
    project = tmp_path / "elsewhere"

    def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        command = [scripts / "kbgraph", *arguments]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, env=environment, check=False)

    assert run("init", str(project), cwd=tmp_path).returncode == 0
    built = run("build", cwd=project)
    assert built.returncode == 0, built.stderr
    manifest = json.loads((project / "out" / "manifest.json").read_bytes())
    assert manifest["counts"]["articles"] == 1
    assert manifest["problems"] == {"violation": 0, "warning": 0, "info": 0}
    explained = run("explain", "KB301", "KB001", cwd=project)
    assert "The article has no id." in explained.stdout
    assert {each["path"] for each in manifest["files"]} >= {"graph.ttl", "graph.jsonld", "graph.graphml"}
