"""What fuzzing has found worth keeping goes through the targets of `fuzz/`, without a fuzzer."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from pathlib import Path

import pytest

FUZZ = Path(__file__).resolve().parents[2] / "fuzz"


def targets() -> dict[str, Callable[[bytes], None]]:
    spec = importlib.util.spec_from_file_location("fuzz_targets", FUZZ / "targets.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, Callable[[bytes], None]] = module.TARGETS
    return found


TARGETS = targets()


@pytest.mark.parametrize("name", TARGETS)
def test_the_kept_inputs_of_a_target_do_no_harm(name: str) -> None:
    files = sorted((FUZZ / "corpus" / name).iterdir())
    assert len(files) >= 5
    for file in files:
        started = time.process_time()
        TARGETS[name](file.read_bytes())
        assert time.process_time() - started < 5, file.name


def test_the_kept_corpus_is_small_and_has_no_folder_without_a_target() -> None:
    files = [path for path in (FUZZ / "corpus").rglob("*") if path.is_file()]
    assert len(files) < 1_000
    assert sum(path.stat().st_size for path in files) < 1_000_000
    assert {path.name for path in (FUZZ / "corpus").iterdir()} == set(TARGETS)


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_is_a_test_that_can_fail(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that lost a letter, a key that is no IRI and so on are noticed."""
    module = TARGETS[name].__globals__
    broken: dict[str, tuple[str, object]] = {
        "article": ("read_article", lambda *_: (None, [])),
        "body": ("sections_of", lambda _: ()),
        "keys": ("http_iri", lambda _: None),
        "settings": ("find_settings", lambda _: 1 / 0),
    }
    monkeypatch.setitem(module, *broken[name])
    with pytest.raises(Exception, match=r"reason|changed|no IRI|zero"):
        TARGETS[name](b"text\n")
