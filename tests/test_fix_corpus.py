"""Repairs of real articles: those that cannot be read say what their writers meant, the others stay."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from kbgraph.config import Limits, Settings
from kbgraph.fix import mended
from kbgraph.fix.proof import leaves_of
from kbgraph.nodes import Scalar, Seed
from kbgraph.seeds import parse_seed

SETTINGS = Settings()


def seed_of(data: bytes) -> Seed | None:
    return parse_seed(data, "a.md", Limits())[0]


def is_front_matter(data: bytes) -> bool:
    return data.startswith(b"---")


@pytest.fixture(scope="module")
def broken(shared: Path) -> list[Path]:
    """The articles that cannot be read."""
    paths = sorted((shared / "corpus" / "dirty").rglob("*.md"))
    return [path for path in paths if is_front_matter(path.read_bytes()) and seed_of(path.read_bytes()) is None]


@pytest.fixture(scope="module")
def articles(shared: Path) -> dict[str, bytes]:
    """The articles that can be read, by their paths."""
    folder = shared / "corpus" / "articles"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.md"))}


_LINE = re.compile(r"\s*(?:- )?(?P<key>\w+):\s*(?P<value>\S.*)")


def said_by_line(front: str) -> list[tuple[str, str]]:
    """Keys and values line by line, as somebody reads them who knows no YAML; lists and their members apart."""
    found = [_LINE.fullmatch(line) for line in front.splitlines()]
    return [(each["key"], unquoted(each["value"])) for each in found if each and not each["value"].startswith("[")]


def unquoted(value: str) -> str:
    return value[1:-1].replace('\\"', '"') if value.startswith('"') else value


def said_by_seed(seed: Seed) -> list[tuple[str, str]]:
    found = [(path[-1], text) for path, text, _ in leaves_of(seed.front) if text not in {"[]", "{}"}]
    return [(key, text) for key, text in found if isinstance(key, str)]


def test_every_broken_article_can_be_read_and_says_what_its_lines_say(broken: list[Path]) -> None:
    assert len(broken) == 29
    for path in broken:
        data = path.read_bytes()
        made = mended(data, SETTINGS)
        seed = seed_of(made.data)
        assert seed is not None, path
        front = data.decode().split("\n---", 1)[0]
        assert said_by_seed(seed) == said_by_line(front), path
        assert len(said_by_line(front)) > 15


def test_a_repair_of_a_broken_article_only_adds_spaces_and_a_last_line_end(broken: list[Path]) -> None:
    for path in broken:
        before, after = path.read_text(encoding="utf-8"), mended(path.read_bytes(), SETTINGS).data.decode()
        body = before.split("\n---", 1)[1]
        assert after.rstrip("\n").endswith(body.rstrip("\n"))
        assert (
            re.sub(r"(?m)^(\s*(?:- )?\w+:) ", r"\1", after).split("\n---")[0]
            == re.sub(r"(?m)^(\s*(?:- )?\w+:) ", r"\1", before).split("\n---")[0]
        )


def test_what_later_versions_of_broken_articles_kept_is_what_they_are_mended_to(
    broken: list[Path], articles: dict[str, bytes], shared: Path
) -> None:
    compared = Counter[str]()
    for path in broken:
        name = path.relative_to(shared / "corpus" / "dirty").as_posix().split("/", 1)[1]
        if name not in articles:
            continue
        mine, later = scalars(mended(path.read_bytes(), SETTINGS).data), scalars(articles[name])
        for key in ("id", "title", "category", "language"):
            assert mine.get(key) == later.get(key), (path, key)
            compared[key] += 1
    assert compared["id"] > 15


def scalars(data: bytes) -> dict[str, str]:
    seed = seed_of(data)
    assert seed is not None
    return {key.text: value.text for key, value in seed.front.entries if isinstance(value, Scalar)}


def test_the_repairs_of_the_whole_corpus_are_the_intended_ones(articles: dict[str, bytes]) -> None:
    made: Counter[str] = Counter()
    for name, data in articles.items():
        fixed = mended(data, SETTINGS)
        after = fixed.data
        made.update({repair.noun: 1 for repair in fixed.repairs})
        before = seed_of(data)
        seed = seed_of(after)
        assert before is not None
        assert seed is not None
        changed = [
            (was[0][-1], was[1], now[1])
            for was, now in zip(leaves_of(before.front), leaves_of(seed.front), strict=True)
            if was != now
        ]
        for key, was, now in changed:
            assert (key, was, now) == ("schema_type", "article", "Article") or (
                now == was.replace("http://arxiv.org/", "https://arxiv.org/")
            ), name
        lines = data.decode().replace("\r\n", "\n").replace("\r", "\n").split("\n")
        assert len(after.decode().split("\n")) - len(lines) in {0, 1}
    assert made == {"schema_type": 123, "last line end": 89, "line end": 3, "trailing space": 3, "http link": 1}


def test_a_second_run_over_all_articles_changes_nothing(shared: Path) -> None:
    for path in sorted((shared / "corpus").rglob("*.md"))[::5]:
        once = mended(path.read_bytes(), SETTINGS).data
        assert mended(once, SETTINGS).repairs == {}


def test_the_seeds_need_no_repair(root: Path) -> None:
    assert [path.name for path in (root / "seeds").rglob("*.md") if mended(path.read_bytes(), SETTINGS).repairs] == []
