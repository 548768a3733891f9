"""Servers for the tests of publishing; these tests may reach this machine, and nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.command_line import Run, runner
from tests.loopback import only_this_machine
from tests.push.servers import Oxigraph, Proxy, Virtuoso

import kbgraph


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    only_this_machine(monkeypatch)


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that commands run in; no credentials of whoever runs the tests are found there."""
    for name in [name for name in os.environ if name.startswith("KBGRAPH") or name == "NETRC"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


@pytest.fixture(scope="session")
def seeds_out(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of seeds/, its N-Quads alone."""
    out = tmp_path_factory.mktemp("seeds") / "out"
    kbgraph.build(root / "seeds", out=out, settings=kbgraph.Settings(jobs=1, formats=("nq",)))
    return out


@pytest.fixture
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oxigraph]:
    """An empty server of Oxigraph."""
    server = Oxigraph(tmp_path_factory.mktemp("oxigraph"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Virtuoso]:
    """A server of Virtuoso, which tests share, each with a base IRI of its own."""
    if shutil.which("virtuoso-t") is None:
        pytest.skip("virtuoso-t is not installed; Debian has it as virtuoso-opensource-7-bin")
    server = Virtuoso(tmp_path_factory.mktemp("virtuoso"))
    yield server
    server.stop()


@pytest.fixture
def proxy_to() -> Iterator[Callable[[str], Proxy]]:
    """Makes proxies that stand before a server."""
    made: list[Proxy] = []

    def make(url: str) -> Proxy:
        made.append(Proxy(url))
        return made[-1]

    yield make
    for each in made:
        each.close()
