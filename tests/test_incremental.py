"""Builds that use what builds before left: how little they make, and what may happen to the cache.

That they give what a cold build gives, whatever was changed, is in `properties/test_incremental.py`.
"""

from __future__ import annotations

import importlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from tests.command_line import Run, runner
from tests.permissions import without_privileges
from tests.properties.test_incremental import files_of

from kbgraph.building import build_into
from kbgraph.config import Settings
from kbgraph.inputs import discover
from kbgraph.last import Last
from kbgraph.publishing import Published

MAKING = importlib.import_module("kbgraph.making")
posix = pytest.mark.skipif(os.name != "posix", reason="needs what only POSIX systems have")


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


@pytest.fixture
def articles(tmp_path: Path, root: Path) -> Path:
    """The example articles, to be changed."""
    return shutil.copytree(root / "seeds", tmp_path / "articles")


@pytest.fixture(scope="module")
def cold(tmp_path_factory: pytest.TempPathFactory, root: Path) -> dict[str, bytes]:
    """What a cold build of them gives."""
    out = tmp_path_factory.mktemp("cold")
    build(root / "seeds", out, use_cache=False)
    return files_of(out)


def build(articles: Path, out: Path, *, use_cache: bool = True, **settings: object) -> Published:
    chosen = Settings(jobs=1).changed(**settings)
    return build_into(out, discover([articles], chosen.exclude, chosen.limits), chosen, use_cache=use_cache)


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the articles that are compiled, as they are compiled."""
    made: list[str] = []
    plain = MAKING._article

    def remembered(each: object, *rest: object) -> object:
        made.append(each.path)  # type: ignore[attr-defined]  # an `Input`
        return plain(each, *rest)

    monkeypatch.setattr(MAKING, "_article", remembered)
    return made


def change(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")


# ---- how little is made


def test_only_what_was_changed_is_compiled(articles: Path, tmp_path: Path, compilations: list[str]) -> None:
    out = tmp_path / "out"
    build(articles, out)
    assert len(compilations) == len(list(articles.rglob("*.md")))
    compilations.clear()
    change(articles / "ai" / "attention.md")
    build(articles, out)
    assert compilations == ["ai/attention.md"]
    build(articles, tmp_path / "fresh", use_cache=False)
    assert files_of(out) == files_of(tmp_path / "fresh")


def test_where_nothing_was_changed_nothing_is_written(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = build(articles, out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    for path in articles.rglob("*.md"):
        path.touch()
    assert build(articles, out) == first
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


def test_files_that_stay_the_same_are_not_written_again(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(articles, out)
    before = {path: path.stat().st_mtime_ns for path in (out / "articles").rglob("*.jsonld")}
    change(articles / "ai" / "attention.md")
    build(articles, out)
    changed = {path.stem for path, then in before.items() if path.stat().st_mtime_ns != then}
    assert changed == {"attention"}


def test_of_a_file_that_is_kept_it_stays_known_where_its_pieces_lie(articles: Path, tmp_path: Path) -> None:
    (articles / "bad.md").write_text("---\nid: bad\n---\n", encoding="utf-8")
    for change_first in (False, True):
        if change_first:
            change(articles / "ai/attention.md")
        build(articles, tmp_path / "out")
        [remembered] = (tmp_path / "out" / ".cache").glob("last-*")
        known = Last.read(remembered).older("report.ttl")
        assert known is not None
        assert any(name.startswith("result/") for name in known.layout.names)


@pytest.mark.parametrize("change", [{"title": "Another"}, {"publisher": "Press"}, {"formats": ("nq",)}])
def test_settings_of_the_whole_compile_no_article(
    articles: Path, tmp_path: Path, compilations: list[str], change: dict[str, object]
) -> None:
    build(articles, tmp_path / "out")
    compilations.clear()
    build(articles, tmp_path / "out", **change)
    assert compilations == []
    build(articles, tmp_path / "fresh", use_cache=False, **change)
    assert files_of(tmp_path / "out") == files_of(tmp_path / "fresh")


def test_an_article_that_moves_changes_those_that_link_to_it(
    articles: Path, tmp_path: Path, compilations: list[str]
) -> None:
    (articles / "one.md").write_text("---\nid: one\n---\n\nSee [two](two.md).\n", encoding="utf-8")
    (articles / "two.md").write_text("---\nid: two\n---\n\nText.\n", encoding="utf-8")
    build(articles, tmp_path / "out")
    compilations.clear()
    (articles / "two.md").rename(articles / "three.md")
    problems = build(articles, tmp_path / "out").report
    assert sorted(compilations) == ["one.md", "three.md"]
    assert [each.place.path for each in problems if each.code == "KB107"] == ["one.md"]


def test_a_file_is_taken_for_what_was_written_if_its_size_and_time_are(articles: Path, tmp_path: Path) -> None:
    """That is the one thing that a build believes; --no-cache believes nothing."""
    out = tmp_path / "out"
    build(articles, out)
    path = out / "graph.nq"
    about, data = path.stat(), path.read_bytes()
    path.write_bytes(b"#" + data[1:])
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    build(articles, out)
    assert path.read_bytes() != data
    path.touch()
    build(articles, out)
    assert path.read_bytes() == data


def test_what_a_lost_manifest_listed_is_removed_when_it_is_stale(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(articles, out)
    (out / "manifest.json").unlink()
    (articles / "ai" / "attention.md").rename(articles / "ai" / "elsewhere.md")
    build(articles, out)
    assert not (out / "articles" / "ai" / "attention.jsonld").exists()


# ---- what is said


def test_what_is_said_of_settings_is_shown_at_its_line_also_when_nothing_is_built(tmp_path: Path, run: Run) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.md").write_text("---\nid: a\n---\n", encoding="utf-8")
    text = '[per-file-ignores]\n"articles/" = ["KB999", "KB411"]\n'
    for before in ("", "# a comment\n", "fail-level = 'info'\n"):
        (tmp_path / "kbgraph.toml").write_text(before + text, encoding="utf-8")
        out = tmp_path / "out"
        said = [run("build", tmp_path / "articles", "-o", each).err for each in (out, out, tmp_path / "new")]
        shown = [each.partition(" in ")[0].rpartition("\n")[0] for each in said]
        assert shown[0] == shown[1] == shown[2]
        shutil.rmtree(tmp_path / "new")
    assert '"KB411"' in said[1], "its line is shown"


def test_a_pattern_is_said_as_long_as_no_article_of_the_project_has_its_name(tmp_path: Path, run: Run) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.md").write_text("---\nid: a\n---\n", encoding="utf-8")
    (tmp_path / "kbgraph.toml").write_text('[per-file-ignores]\n"drafts/*.md" = ["KB411"]\n', encoding="utf-8")
    build_it = ("build", tmp_path / "articles", "-o", tmp_path / "out")
    report = tmp_path / "out" / "report.json"
    assert run(*build_it).code == 1
    assert "KB017" in report.read_text(encoding="utf-8")
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "b.md").write_text("---\nid: b\n---\n", encoding="utf-8")
    run(*build_it)  # none of the articles that are built has changed
    assert "KB017" not in report.read_text(encoding="utf-8")


def test_a_damaged_entry_is_made_again_and_not_spoken_of(articles: Path, tmp_path: Path, run: Run) -> None:
    known = tmp_path / "known.json"
    run("check", articles, "--baseline", known, "--write-baseline", "--no-cache")
    build_it = ("build", articles, "-o", tmp_path / "out", "--baseline", known, "--jobs", "1")
    first = run(*build_it)
    for path in (tmp_path / "out" / ".cache").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:-1] + b"?")
    again = run(*build_it)
    assert (again.code, again.err.splitlines()[:-1]) == (first.code, first.err.splitlines()[:-1])


# ---- where the cache lies


def test_two_outputs_share_one_cache(articles: Path, tmp_path: Path, compilations: list[str]) -> None:
    build(articles, tmp_path / "one", cache_dir=str(tmp_path / "cache"))
    compilations.clear()
    build(articles, tmp_path / "two", cache_dir=str(tmp_path / "cache"))
    assert compilations == []
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")
    assert not (tmp_path / "one" / ".cache").exists()


def test_a_cache_is_of_use_on_another_machine(
    articles: Path, tmp_path: Path, compilations: list[str], cold: dict[str, bytes]
) -> None:
    build(articles, tmp_path / "out")
    there = tmp_path / "another" / "machine"
    shutil.copytree(tmp_path / "out" / ".cache", there / "cache")
    shutil.move(articles, there / "articles")
    compilations.clear()
    build(there / "articles", there / "out", cache_dir=str(there / "cache"))
    assert compilations == []
    assert files_of(there / "out") == cold


def test_a_cache_that_is_no_folder_is_done_without_and_said(
    articles: Path, tmp_path: Path, run: Run, cold: dict[str, bytes]
) -> None:
    (tmp_path / "cache").write_text("a file")
    ran = run("build", articles, "-o", tmp_path / "out", "--cache-dir", tmp_path / "cache", "--jobs", "1")
    assert ran.code == 0
    assert f"the cache in {tmp_path / 'cache'} cannot be written" in ran.err
    assert files_of(tmp_path / "out") == cold
    assert (tmp_path / "cache").read_text() == "a file"


@posix
def test_a_cache_that_may_only_be_read_is_read(
    articles: Path, tmp_path: Path, run: Run, compilations: list[str]
) -> None:
    cache = tmp_path / "cache"
    build(articles, tmp_path / "first", cache_dir=str(cache))
    change(articles / "ai" / "attention.md")
    compilations.clear()
    without_privileges(tmp_path)
    folders = [cache, *(each for each in cache.rglob("*") if each.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    ran = run("build", articles, "-o", tmp_path / "out", "--cache-dir", cache, "--jobs", "1")
    for folder in folders:
        folder.chmod(0o755)
    assert ran.code == 0
    assert "cannot be written" in ran.err
    assert compilations == ["ai/attention.md"]
    build(articles, tmp_path / "fresh", use_cache=False)
    assert files_of(tmp_path / "out") == files_of(tmp_path / "fresh")


def test_a_damaged_cache_that_may_only_be_read_is_no_obstacle(
    articles: Path, tmp_path: Path, cold: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    build(articles, tmp_path / "first", cache_dir=str(cache))
    chance = Random(1)
    for path in sorted(each for each in cache.rglob("*") if each.is_file()):
        data = bytearray(path.read_bytes())
        data[chance.randrange(len(data) // 2, len(data))] ^= 1
        path.write_bytes(data)

    plain = os.unlink

    def refuse(path: object, **options: object) -> None:
        if str(cache) in str(path):
            raise PermissionError(13, "it may only be read", path)
        plain(path, **options)  # type: ignore[arg-type]  # whatever it was given

    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", refuse)
        assert build(articles, tmp_path / "out", cache_dir=str(cache)).is_kept
    assert files_of(tmp_path / "out") == cold


def test_what_was_remembered_of_a_build_is_forgotten_where_it_makes_no_sense(tmp_path: Path) -> None:
    for data in (b"", b"{}", b"null", b'{"source": 1, "files": []}', b"\xff" * 100):
        (tmp_path / "last").write_bytes(data)
        assert Last.read(tmp_path / "last") == Last()
    assert Last.read(tmp_path / "none") == Last()
    last = Last("source", {"articles": 1})
    last.write(tmp_path / "last")
    assert Last.read(tmp_path / "last") == last


# ---- several at once, and ends that come too early


def command(articles: Path, out: Path, cache: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "kbgraph", "build", str(articles), "-o", str(out)),
        *("--cache-dir", str(cache), "--jobs", "2", "-f", "nq,turtle,search"),
    ]


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory, root: Path) -> tuple[Path, dict[str, bytes]]:
    """The example articles and their cold build in three formats."""
    folder = tmp_path_factory.mktemp("few")
    build(root / "seeds", folder / "out", use_cache=False, formats=("nq", "turtle", "search"))
    return root / "seeds", files_of(folder / "out")


def test_builds_at_the_same_time_share_a_cache(
    few: tuple[Path, dict[str, bytes]], articles: Path, tmp_path: Path
) -> None:
    seeds, expected = few
    shutil.rmtree(articles / "ai")
    given = [seeds, seeds, articles]
    running = [
        subprocess.Popen(command(each, tmp_path / f"out{number}", tmp_path / "cache"), stderr=subprocess.PIPE)
        for number, each in enumerate(given)
    ]
    ended = [each.communicate()[1] for each in running]
    assert [each.returncode for each in running] == [0, 0, 0], ended
    assert files_of(tmp_path / "out0") == files_of(tmp_path / "out1") == expected
    build(articles, tmp_path / "fresh", use_cache=False, formats=("nq", "turtle", "search"))
    assert files_of(tmp_path / "out2") == files_of(tmp_path / "fresh")


def test_builds_of_different_articles_leave_each_other_their_entries(
    articles: Path, tmp_path: Path, compilations: list[str]
) -> None:
    """An article whose links are resolved in another way in another build is another entry."""
    fewer = shutil.copytree(articles, tmp_path / "fewer")
    shutil.rmtree(fewer / "ai")
    cache = str(tmp_path / "cache")
    build(articles, tmp_path / "out", cache_dir=cache)
    build(fewer, tmp_path / "out", cache_dir=cache)
    build(fewer, tmp_path / "out", cache_dir=cache, formats=("nq",))
    compilations.clear()
    for number, (each, formats) in enumerate([(articles, ()), (fewer, ("turtle", "nq")), (articles, ()), (fewer, ())]):
        build(each, tmp_path / "out", cache_dir=cache, formats=formats)
        build(each, tmp_path / f"fresh{number}", use_cache=False, formats=formats)
        assert files_of(tmp_path / "out") == files_of(tmp_path / f"fresh{number}")
        assert len(compilations) == len(list(each.rglob("*.md"))), "those of the fresh build alone"
        compilations.clear()


def test_entries_are_the_same_bytes_whatever_the_hash_seed(articles: Path, tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):
        cache = tmp_path / seed
        subprocess.run(
            command(articles, tmp_path / "out", cache),
            env={**os.environ, "PYTHONHASHSEED": seed},
            stderr=subprocess.DEVNULL,
            check=True,
        )
        shutil.rmtree(tmp_path / "out")
        made.append({path.name: path.read_bytes() for path in cache.glob("*/*/*-*")})
    assert made[0] == made[1]
    assert len(made[0]) == len(list(articles.rglob("*.md")))


@posix
def test_a_build_after_one_that_was_killed_gives_what_a_cold_one_gives(
    few: tuple[Path, dict[str, bytes]], tmp_path: Path
) -> None:
    seeds, expected = few
    chance, out, cache = Random(1), tmp_path / "out", tmp_path / "cache"
    changed = shutil.copytree(seeds, tmp_path / "changed")
    for path in sorted(changed.rglob("*.md"))[::2]:
        change(path)
    started = time.monotonic()
    subprocess.run(command(changed, out, cache), check=True, stderr=subprocess.DEVNULL)
    took = time.monotonic() - started
    for number in range(6):
        killed = subprocess.Popen(
            command(seeds if number % 2 else changed, out, cache), stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(chance.uniform(0.2, 0.9) * took)
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait()
        for folder in [each for each in cache.glob("*/*") if each.is_dir()][: number % 3]:
            shutil.rmtree(folder)
    subprocess.run(command(seeds, out, cache), check=True, stderr=subprocess.DEVNULL)
    assert files_of(out) == expected
