"""A small build, and a server of it that needs no network: requests go straight to the application."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.serve.asking import Client

from kbgraph.building import build_into
from kbgraph.config import Limits, Settings
from kbgraph.inputs import discover
from kbgraph.serve.app import App, Options


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    out = tmp_path_factory.mktemp("served") / "out"
    build_into(out, discover([root / "seeds"], (), Limits()), Settings(jobs=1, formats=("nq",)))
    return out


def client_of(path: Path, aside: Path, **limits: int) -> Client:
    told: list[str] = []
    settings = Settings(limits=replace(Limits(), **{"serve_rate": 0, **limits}))
    options = Options(path, settings, root_path="", base_url="", aside=aside, told=told.append)
    return Client(App(options))


@pytest.fixture(scope="session")
def client(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with client_of(built, tmp_path_factory.mktemp("aside")) as made:
        yield made
