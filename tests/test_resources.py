"""A digest of the program knows its libraries, and does not load them."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from kbgraph import resources

LIBRARIES = resources._LIBRARIES


@pytest.mark.parametrize(("library", "project"), LIBRARIES.items())
def test_the_version_is_the_one_that_a_library_says(library: str, project: str) -> None:
    assert resources._version(library, project) == import_module(library).__version__


def test_a_library_that_nothing_is_told_of_is_asked_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "yaml").mkdir()
    spec = ModuleSpec("yaml", None, origin=str(tmp_path / "yaml" / "__init__.py"))
    monkeypatch.setattr(resources, "find_spec", lambda _: spec)
    assert resources._version("yaml", "pyyaml") == import_module("yaml").__version__
    (tmp_path / "PyYAML-5.0.dist-info").mkdir()
    assert resources._version("yaml", "pyyaml") == "5.0"
    (tmp_path / "pyyaml-6.0.dist-info").mkdir()  # one of them was left behind
    assert resources._version("yaml", "pyyaml") == import_module("yaml").__version__


def test_a_library_that_is_not_there_has_no_version() -> None:
    assert resources._version("kbgraph_no_such_library", "kbgraph_no_such_library") == ""


def test_no_library_is_loaded_for_it() -> None:
    code = "import sys; from kbgraph.resources import program_digest; program_digest(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert set(LIBRARIES).isdisjoint(loaded)


def test_a_build_in_which_nothing_is_to_be_read_loads_no_reader(root: Path, tmp_path: Path) -> None:
    command = f"kbgraph.cli.main(['build', {str(root / 'seeds')!r}, '-o', {str(tmp_path)!r}, '-f', 'nq'])"
    code = f"import sys, kbgraph.cli\ntry: {command}\nfinally: print(*sys.modules, file=sys.stderr)"
    for is_again in (False, True):
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert ("kbgraph.making" in ran.stderr.split()) is not is_again
        assert ("yaml" in ran.stderr.split()) is not is_again
