"""The cache: what is not whole is not there, and what is not ours is left alone."""

from __future__ import annotations

import os
import time
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.permissions import without_privileges

from kbgraph.cache import Cache, Damaged, entry_of, head_of, packed

KIND = "0" * 32
SECTIONS = {"lines": b"abc\n" * 20_000, "empty": b"", "bytes": bytes(range(256))}
HEADER = {"path": "ä.md", "numbers": [1, 2]}

DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache", KIND, tmp_path / "aside")


def only_file(cache: Cache) -> Path:
    (path,) = (each for each in cache.folder.parent.rglob("*") if each.is_file())
    return path


@given(DATA, st.dictionaries(st.text(max_size=10), st.binary(max_size=1000), max_size=5))
def test_an_entry_is_read_as_it_was_written(header: object, sections: dict[str, bytes]) -> None:
    data = packed(header, sections)
    for head in (data, head_of(data)):
        entry = entry_of(data, head)
        assert entry.header == header
        assert dict(entry.sections) == sections
        assert len(entry.sections) == len(sections)


@given(st.binary(max_size=100) | st.binary(max_size=40).map(lambda data: b"kbgraph2" + data))
def test_bytes_of_any_kind_are_no_entry(data: bytes) -> None:
    with pytest.raises(ValueError, match="not an entry"):
        entry_of(data, data)


def test_what_was_kept_is_found_by_its_name_alone(cache: Cache) -> None:
    cache.write("abc", packed(HEADER, SECTIONS))
    entry = cache.read("abc")
    assert entry is not None
    assert entry.header == HEADER
    assert dict(entry.sections) == SECTIONS
    assert cache.read("abd") is None
    assert cache.is_kept


def test_names_are_listed_by_how_they_begin(cache: Cache) -> None:
    for name in ("abc-1", "abc-2", "abd-1", "ff"):
        cache.write(name, packed(None, {}))
    (cache.folder / "no folder").write_text("")
    assert cache.names() == {"abc": ["abc-1", "abc-2"], "abd": ["abd-1"], "ff": ["ff"]}


def test_a_header_longer_than_one_read_is_read_to_its_end(cache: Cache) -> None:
    header = ["x" * 100_000, "y" * 100_000]
    cache.write("abc", packed(header, SECTIONS))
    entry = cache.read("abc")
    assert entry is not None
    assert entry.header == header
    assert dict(entry.sections) == SECTIONS


def test_an_entry_in_the_place_of_another_is_not_taken_for_it(cache: Cache, tmp_path: Path) -> None:
    cache.write("abc", packed(HEADER, SECTIONS))
    data = only_file(cache).read_bytes()
    for other, name in ((cache, "abd"), (Cache(tmp_path / "cache", "1" * 32, tmp_path / "aside"), "abc")):
        place = Path(other.write(name, packed({}, {})))
        assert other.read(name) is not None
        place.write_bytes(data)
        assert other.read(name) is None


def test_no_damage_goes_unseen(cache: Cache) -> None:
    cache.write("abc", packed(HEADER, SECTIONS))
    path = only_file(cache)
    whole = path.read_bytes()
    chance = Random(1)
    places = [*range(60), *(chance.randrange(len(whole)) for _ in range(100))]
    broken = [bytes((*whole[:at], whole[at] ^ 1, *whole[at + 1 :])) for at in places]
    broken += [whole[:at] for at in places]
    for data in broken:
        path.write_bytes(data)
        entry = cache.read("abc")
        if entry is not None:
            with pytest.raises(Damaged):
                dict(entry.sections)
            assert not path.exists()


def test_a_thorough_cache_takes_what_is_damaged_for_what_is_not_there(cache: Cache) -> None:
    cache.write("abc", packed(HEADER, SECTIONS))
    path = only_file(cache)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert cache.read("abc") is not None
    cache.thorough = True
    assert cache.read("abc") is None


@pytest.mark.skipif(os.name != "posix", reason="there are no pipes of such a kind")
def test_a_pipe_or_a_folder_in_the_place_of_an_entry_is_none_and_never_waited_for(cache: Cache) -> None:
    path = Path(cache.write("abc", packed(HEADER, {})))
    path.unlink()
    path.mkdir()
    assert cache.read("abc") is None
    path.rmdir()
    os.mkfifo(path)
    assert cache.read("abc") is None


def test_what_cannot_be_kept_is_put_aside_and_found_there(cache: Cache) -> None:
    cache.folder.parent.write_text("no folder")
    cache.write("abc", packed(HEADER, SECTIONS))
    assert not cache.is_kept
    entry = cache.read("abc")
    assert entry is not None
    assert dict(entry.sections) == SECTIONS
    cache.tidy(["abc"])


def test_a_cache_that_may_only_be_read_is_read(cache: Cache, tmp_path: Path) -> None:
    cache.write("abc", packed(HEADER, SECTIONS))
    without_privileges(tmp_path)
    for folder in (cache.folder.parent, cache.folder, cache.folder / "ab"):
        folder.chmod(0o555)
    cache.write("abd", packed([2], {}))
    assert not cache.is_kept
    assert [entry and entry.header for entry in map(cache.read, ("abc", "abd"))] == [HEADER, [2]]
    cache.tidy(["abc", "abd"])
    for folder in (cache.folder.parent, cache.folder, cache.folder / "ab"):
        folder.chmod(0o755)


# ---- tidying


def aged(path: Path, days: float) -> None:
    then = time.time() - days * 24 * 3600
    os.utime(path, (then, then))


def test_tidying_keeps_what_was_used_and_drops_what_is_old(cache: Cache) -> None:
    paths = {name: Path(cache.write(name, packed(name, {}))) for name in ("used", "unused", "new")}
    left = cache.folder / "us" / ".kbgraph-x.part"
    left.write_text("of a build that was killed")
    aged(paths["used"], 20)
    aged(paths["unused"], 20)
    aged(left, 20)
    cache.tidy(["missing", "used"])
    assert {name for name, path in paths.items() if path.exists()} == {"used", "new"}
    assert not left.exists()
    assert time.time() - paths["used"].stat().st_mtime < 3600


def test_tidying_keeps_three_kinds_and_whatever_is_not_ours(tmp_path: Path) -> None:
    own = tmp_path / "cache"
    (own / "my articles").mkdir(parents=True)
    (own / "my articles" / "a.md").write_text("precious")
    (own / "note.txt").write_text("precious")
    aged(own / "my articles", 1000)
    for number in range(5):
        cache = Cache(own, f"{number:032}", tmp_path / "aside")
        cache.write("abc", packed(number, {}))
        aged(cache.folder, 10 - number)
        cache.tidy(["abc"]) if number == 4 else None
    kept = sorted(each.name for each in own.iterdir())
    assert kept == [*(f"{number:032}" for number in (2, 3, 4)), "my articles", "note.txt"]
    assert (own / "my articles" / "a.md").read_text() == "precious"
