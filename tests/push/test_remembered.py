"""What is kept of a build that was pushed, so that a push of the same reads nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import kbgraph.dataset
from kbgraph.dataset import read_dataset
from kbgraph.errors import WorldError
from kbgraph.files import digest_of
from kbgraph.push import sending
from kbgraph.push.ledger import Entry, Ledger
from kbgraph.push.plan import contents_of
from kbgraph.push.remembered import remember, remembered
from kbgraph.push.sending import survey

BASE = "https://kb.example/"
ENTRIES = {f"{BASE}graph/a": Entry("a" * 64, 3), f"{BASE}graph/b": Entry("b" * 64, 1)}


@pytest.fixture
def out(seeds_out: Path, tmp_path: Path) -> Path:
    out = tmp_path / "out"
    out.mkdir()
    for name in ("graph.nq", "manifest.json"):
        shutil.copy(seeds_out / name, out)
    return out


def test_entries_are_kept_as_long_as_the_dataset_is_the_same(out: Path) -> None:
    assert remembered(out) is None
    remember(out, digest_of(out / "graph.nq"), BASE, ENTRIES)
    assert remembered(out) == (BASE, ENTRIES)
    with (out / "graph.nq").open("ab") as file:
        file.write(b"<a:a> <a:b> <a:c> <https://kb.example/graph/a> .\n")
    assert remembered(out) is None


@pytest.mark.parametrize("kept", [b"", b"[]", b"{}", b'{"version": 1}', b"\xff", b"[" * 100_000])
def test_what_cannot_be_understood_is_as_good_as_nothing(out: Path, kept: bytes) -> None:
    (out / ".push.json").write_bytes(kept)
    assert remembered(out) is None


def test_another_version_of_it_is_as_good_as_nothing(out: Path) -> None:
    remember(out, digest_of(out / "graph.nq"), BASE, ENTRIES)
    kept = json.loads((out / ".push.json").read_bytes())
    (out / ".push.json").write_text(json.dumps({**kept, "version": 0}))
    assert remembered(out) is None


def test_a_folder_that_cannot_be_written_to_is_no_mistake(out: Path) -> None:
    (out / ".push.json").mkdir()
    remember(out, digest_of(out / "graph.nq"), BASE, ENTRIES)
    assert remembered(out) is None


class Held:
    """A store that holds a dataset, as far as a survey asks."""

    def __init__(self, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        entries = {name: each.entry for name, each in contents_of(read_dataset(out))[1].items()}
        self.ledger, self.counts = dict(entries), {name: each.size for name, each in entries.items()}
        monkeypatch.setattr(Ledger, "read", lambda _: self.ledger)
        monkeypatch.setattr(sending, "counts_in", lambda *_: self.counts)


def test_a_push_of_the_same_reads_nothing(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store: Any = Held(out, monkeypatch)
    first = survey(out, store)
    monkeypatch.setattr(kbgraph.dataset, "read_dataset", None)  # would fail if it were called
    second = survey(out, store)
    assert second.plan == first.plan
    assert second.entries == first.entries
    assert (second.plan.put, second.contents) == ((), {})


def test_a_graph_that_the_store_has_lost_is_read_again(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store: Any = Held(out, monkeypatch)
    survey(out, store)
    store.counts[f"{BASE}graph/agents"] = 0
    found = survey(out, store)
    assert found.plan.put == (f"{BASE}graph/agents",)
    assert found.contents[f"{BASE}graph/agents"].entry == found.entries[f"{BASE}graph/agents"]


def test_a_build_that_ends_while_a_store_is_asked_is_not_pushed_by_halves(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store: Any = Held(out, monkeypatch)
    survey(out, store)
    store.counts.clear()
    monkeypatch.setattr(sending, "remembered", lambda _: (BASE, ENTRIES))
    with pytest.raises(WorldError, match="is being built"):
        survey(out, store)
