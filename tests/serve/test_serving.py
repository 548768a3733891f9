"""What is kept of answers: the newest, and no more than may be."""

from __future__ import annotations

from typing import Any, cast

import pytest

from kbgraph.serve import serving
from kbgraph.serve.serving import Made, Served


@pytest.fixture
def served() -> Served:
    return Served(cast("Any", None), cast("Any", None), "digest")


def made(size: int) -> Made:
    return Made(b"x" * size, "text/plain", '"tag"')


def test_what_nobody_has_asked_for_longest_is_dropped(served: Served) -> None:
    most = serving._KEPT_BYTES // 100_000
    for number in range(most + 20):
        served.keep(made(100_000), "page", str(number))
        assert served.kept("page", "0") is not None
    assert served.kept("page", "1") is None
    assert served.kept("page", str(most + 19)) is not None


def test_long_questions_with_short_answers_count(served: Served) -> None:
    for number in range(3000):
        served.keep(made(5), "query", f"{number} " + "x" * 60_000)
    assert served.kept("query", "0 " + "x" * 60_000) is None
    assert sum(len(name) for of in served._made for name in of) < serving._KEPT_BYTES


def test_what_is_too_large_is_not_kept(served: Served) -> None:
    served.keep(made(serving._KEPT_BYTES // 16), "page", "large")
    assert served.kept("page", "large") is None
