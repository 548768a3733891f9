"""What several tests need: the seeds as a graph, the corpus where there is one, no network."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

import kbgraph

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # In the background of a shell, Ctrl-C is ignored, by all processes that tests start, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that is tested may reach beyond this machine."""

    def refuse(self: socket.socket, address: object) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            raise AssertionError(f"a test tried to reach {address!r}")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(autouse=True)
def _own_privileges() -> Iterator[None]:
    """A test that went on as nobody ends as who it began."""
    yield
    if os.name == "posix" and os.getuid() == 0:
        os.seteuid(0)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def seeds_result() -> kbgraph.BuildResult:
    """The build of seeds/."""
    return kbgraph.build(ROOT / "seeds", settings=kbgraph.Settings(jobs=1))


@pytest.fixture(scope="session")
def seeds_graph(seeds_result: kbgraph.BuildResult) -> kbgraph.KnowledgeGraph:
    """The graph of seeds/."""
    return seeds_result.graph


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of test data beside the project; tests that need it are skipped where there is none."""
    if not SHARED.is_dir():
        pytest.skip("there is no folder 'shared' beside the project")
    return SHARED


@pytest.fixture(scope="session")
def corpus_result(shared: Path) -> kbgraph.BuildResult:
    """The build of the real corpus."""
    return kbgraph.build(shared / "corpus" / "articles", settings=kbgraph.Settings())
