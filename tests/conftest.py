"""What several tests need: the seeds as a graph, the corpus where there is one, no network; and in which order they run."""

from __future__ import annotations

import os
import pickle
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

import kbgraph

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # In the background of a shell, Ctrl-C is ignored, by all processes that tests start, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

#: The files that take longest. Where files are shared out among processes, those begin: the last file runs alone.
LONG = (
    "tests/test_check.py",
    "tests/hostile/test_articles.py",
    "tests/hostile/test_broken_worlds.py",
    "tests/properties/test_incremental.py",
    "tests/test_schema.py",
    "tests/test_wheel.py",
    "tests/hostile/test_settings.py",
    "tests/test_readers.py",
    "tests/test_incremental.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, the others as they come."""
    rank = {ROOT / name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))


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
def corpus_result(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> kbgraph.BuildResult:
    """The build of the real corpus, made by the first process of the tests that needs it."""
    folder = tmp_path_factory.getbasetemp()
    kept = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "corpus-result.pickle"
    with FileLock(kept.with_suffix(".lock")):
        if not kept.exists():
            result = kbgraph.build(shared / "corpus" / "articles", settings=kbgraph.Settings())
            kept.write_bytes(pickle.dumps(result))
    made: kbgraph.BuildResult = pickle.loads(kept.read_bytes())
    return made
