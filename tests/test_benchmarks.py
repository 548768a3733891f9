"""The benchmarks still know the program that they measure."""

from __future__ import annotations

import importlib.util
from importlib import import_module
from pathlib import Path


def test_every_stage_that_is_timed_is_a_function_of_kbgraph(root: Path) -> None:
    spec = importlib.util.spec_from_file_location("stages", root / "benchmarks" / "stages.py")
    assert spec is not None
    assert spec.loader is not None
    stages = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(stages)
    assert stages.STAGES
    assert [(place, name) for place, name, _ in stages.STAGES if not hasattr(import_module(place), name)] == []
