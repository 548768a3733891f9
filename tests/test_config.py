"""Settings: where they are found, what they may hold, and what is said about those that may not."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from kbgraph.config import DEFAULT_BASE, DEFAULT_EXCLUDE, Limits, Settings, checked_base, find_settings
from kbgraph.errors import UsageError
from kbgraph.project import check_settings

EVERYTHING = """
base = "https://kb.test/"
out = "graph"
cache-dir = "kept"
formats = ["nq", "turtle"]
jobs = 3
exclude = ["drafts/"]
shapes = ["own.ttl", "/abs/own.ttl"]
engine = "pyshacl"
select = ["KB3", "OWN1"]
ignore = ["KB347"]
fail-level = "info"
title = "T"
description = "D"
license = "https://creativecommons.org/licenses/by/4.0/"
publisher = "P"
shard-quads = 7

[aliases]
date = "created_date"

[per-file-ignores]
"drafts/" = ["KB301", "KB5"]

[limits]
articles = 5
"""


def project(folder: Path, toml: str, name: str = "kbgraph.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(toml, encoding="utf-8")
    return folder


def test_without_a_file_every_setting_has_its_default(tmp_path: Path) -> None:
    assert find_settings(tmp_path) == Settings()
    assert Settings().base == DEFAULT_BASE


def test_every_setting_can_be_set(tmp_path: Path) -> None:
    found = find_settings(project(tmp_path, EVERYTHING))
    assert found == Settings(
        base="https://kb.test/",
        out=str(tmp_path / "graph"),
        cache_dir=str(tmp_path / "kept"),
        formats=("nq", "turtle"),
        jobs=3,
        exclude=(*DEFAULT_EXCLUDE, "drafts/"),
        aliases={"date": "created_date"},
        shapes=(str(tmp_path / "own.ttl"), "/abs/own.ttl"),
        engine="pyshacl",
        title="T",
        description="D",
        license="https://creativecommons.org/licenses/by/4.0/",
        publisher="P",
        select=("KB3", "OWN1"),
        ignore=("KB347",),
        fail_level="info",
        per_file_ignores={"drafts/": ("KB301", "KB5")},
        limits=Limits(articles=5),
        shard_quads=7,
    )
    assert found.file == str(tmp_path / "kbgraph.toml")
    changed = {
        field.name for field in fields(Settings) if getattr(found, field.name) != getattr(Settings(), field.name)
    }
    assert changed == {field.name for field in fields(Settings)}


def test_settings_are_those_of_the_nearest_folder_above(tmp_path: Path) -> None:
    project(tmp_path, 'title = "outer"')
    inner = project(tmp_path / "a" / "b", 'title = "inner"')
    (inner / "x.md").write_text("x")
    assert find_settings(inner / "c" / "none.md").title == "inner"
    assert find_settings(inner / "x.md").title == "inner"
    assert find_settings(tmp_path / "a").title == "outer"


def test_settings_may_stand_in_a_pyproject_and_kbgraph_toml_comes_first(tmp_path: Path) -> None:
    project(tmp_path, '[tool.kbgraph]\ntitle = "shared"\nout = "x"\n', "pyproject.toml")
    assert find_settings(tmp_path).title == "shared"
    assert find_settings(tmp_path).out == str(tmp_path / "x")
    project(tmp_path, 'title = "own"')
    assert find_settings(tmp_path) == Settings(title="own")


def test_a_pyproject_of_something_else_is_passed_by(tmp_path: Path) -> None:
    project(tmp_path, 'title = "outer"')
    project(tmp_path / "a", "[tool.ruff]\nline-length = 100\n", "pyproject.toml")
    assert find_settings(tmp_path / "a").title == "outer"


def test_a_relative_start_is_looked_up_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path, 'title = "found"')
    (tmp_path / "seeds").mkdir()
    monkeypatch.chdir(tmp_path / "seeds")
    assert find_settings(Path("none.md")).title == "found"


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("bass = 'x'", "no setting 'bass'; there are base, out"),
        ("base = 3", "'base' must be a text"),
        ("formats = 'nq'", "'formats' must be a list of texts"),
        ("formats = [1]", "'formats' must be a list of texts"),
        ("jobs = 1.5", "'jobs' must be a number"),
        ("jobs = true", "'jobs' must be a number"),
        ("aliases = ['x']", "'aliases' must be a table of texts"),
        ("[aliases]\nx = 1", "'aliases' must be a table of texts"),
        ("[limits]\narticles = 'x'", "'limits' must be a table of numbers"),
        ("[limits]\narticles = true", "'limits' must be a table of numbers"),
        ("[limits]\narticles = 0", "'articles' must be at least 1"),
        ("[limits]\nbytes = 1", "no limit 'bytes'; there are "),
        ("base = 'kb.example'", "not an absolute"),
        ("base = 'https://kb.example'", "must end in '/'"),
        ("title = ", "not valid TOML"),
    ],
)
def test_a_setting_that_is_wrong_is_named_with_its_file(tmp_path: Path, toml: str, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        find_settings(project(tmp_path, toml))
    assert message in str(raised.value)


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "kbgraph.toml").write_bytes(b"title = '\xff'")
    with pytest.raises(UsageError, match=r"kbgraph\.toml"):
        find_settings(tmp_path)


@pytest.mark.parametrize("pattern", ["!", "\\\\"])
def test_a_pattern_that_gitignore_does_not_know_is_wrong_usage(tmp_path: Path, pattern: str) -> None:
    from kbgraph.inputs import discover

    with pytest.raises(UsageError):
        discover([tmp_path], find_settings(project(tmp_path, f'exclude = ["{pattern}"]')).exclude, Limits())


@pytest.mark.parametrize("base", ["https://kb.example/", "http://localhost:8080/x/", "https://bücher.example/ä/"])
def test_a_base_is_an_absolute_iri_that_ends_in_a_slash(base: str) -> None:
    assert checked_base(base) == base


@pytest.mark.parametrize(
    "base",
    [
        *(
            "",
            "/",
            "kb.example/",
            "urn:x:",
            "ftp://kb.example/",
            "https://",
            "https:///",
            "https://kb.example",
            "https://kb.example/x",
        ),
        *(
            "https://kb.example/?q/",
            "https://kb.example/#/",
            "https://kb.example/a b/",
            "https://kb.example/<x>/",
            "https://[/",
        ),
        *("https://kb.example/\x00/", "https://kb.example/\n/", 'https://kb.example/"/'),
    ],
)
def test_another_base_is_wrong_usage(base: str) -> None:
    with pytest.raises(UsageError, match="base"):
        check_settings(Settings(base=base))


def test_changes_that_are_none_change_nothing() -> None:
    assert Settings(title="x").changed(title=None, jobs=2, formats=()) == Settings(title="x", jobs=2)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (Settings(base="https://kb.example"), "must end in '/'"),
        (Settings(jobs=-1), "'jobs'"),
        (Settings(engine="slow"), "'engine' must be fast or pyshacl, not 'slow'"),
        (Settings(license="CC BY"), "'license'"),
        (Settings(license="https://[/"), "'license'"),
        (Settings(aliases={"date": "creation_day"}), "'creation_day'"),
        (Settings(aliases={"title": "summary"}), "'title' is the name of a field itself"),
    ],
)
def test_settings_that_mean_nothing_are_wrong_usage(settings: Settings, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        check_settings(settings)
    assert message in str(raised.value)


def test_settings_that_mean_something_are_accepted() -> None:
    check_settings(Settings())
    check_settings(
        Settings(jobs=2, license="https://creativecommons.org/licenses/by/4.0/", aliases={"quelle": "source_title"})
    )
