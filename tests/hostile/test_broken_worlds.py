"""A build that is killed, stopped, or fails in the middle: what was there before is whole, or what comes after.

`whole` is what a reader may rely on: each file that the manifest names is there with the size and the
digest that it names. The next build makes what a build into an empty folder makes, and leaves no
temporary file behind.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.hostile.articles import article
from tests.hostile.guarded import Answer, Breaker, breaker

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and forks as POSIX has them")

FORMATS = "nq,turtle,search"
Files = dict[str, str]


@pytest.fixture(scope="module", name="breaker")
def _breaker() -> Breaker:
    return breaker()


class World(NamedTuple):
    """Two states of a project, what a build makes of each in an empty folder, and the seconds from one to the other."""

    folder: Path
    states: tuple[Path, Path]
    fresh: tuple[Files, Files]
    seconds: float

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def build(self, state: int) -> tuple[object, ...]:
        """The command that builds a state."""
        return ("build", self.states[state], "--out", self.out, "-f", FORMATS, "--jobs", 1)


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory, breaker: Breaker) -> World:
    """A project before and after some work on it: one article changed, one more, one less."""
    folder = tmp_path_factory.mktemp("states")
    names = (("one", "two", "three"), ("one", "two", "four"))
    fresh = []
    for number, some in enumerate(names):
        (folder / str(number)).mkdir()
        for name in some:
            data = article(name, "\nMore.\n" if number and name == "two" else "")
            (folder / str(number) / f"{name}.md").write_bytes(data)
        world = World(folder, (folder / "0", folder / "1"), ({}, {}), 0)
        answer = breaker(*world.build(number))
        assert answer["code"] == 0, answer["err"]
        assert whole(world.out)
        fresh.append(files_of(world.out))
        shutil.rmtree(world.out)
    world = World(folder, (folder / "0", folder / "1"), (fresh[0], fresh[1]), 0)
    took = [breaker(*world.build(turn % 2))["took"] for turn in range(6)]
    return world._replace(seconds=min(took[2:]))


@pytest.fixture
def world(states: World, tmp_path: Path, breaker: Breaker) -> World:
    """A folder with the build of the first state in it."""
    made = states._replace(folder=tmp_path)
    assert breaker(*made.build(0))["code"] == 0
    return made


def files_of(out: Path) -> Files:
    """The digests of everything in a folder but what is the program's own business."""
    found = (
        path for path in sorted(out.rglob("*")) if path.is_file() and not path.relative_to(out).parts[0].startswith(".")
    )
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def whole(out: Path) -> bool:
    """Whether all that the manifest names is there as it says."""
    manifest = out / "manifest.json"
    if not manifest.exists():
        return True  # nothing is claimed
    listed = json.loads(manifest.read_bytes())["files"]
    found = files_of(out)
    return all(found.get(each["path"]) == each["sha256"] for each in listed)


def strays(out: Path) -> list[str]:
    """Temporary files in a folder, but for those of the cache, which is nobody's to read."""
    names = (path.relative_to(out) for path in out.rglob("*") if path.name.endswith((".part", ".tmp", ".new", ".old")))
    return [name.as_posix() for name in names if name.parts[0] != ".cache"]


def mended(world: World, breaker: Breaker, state: int) -> bool:
    """Build again: whether that makes what a build into an empty folder makes, and leaves no more."""
    answer = breaker(*world.build(state))
    assert answer["code"] == 0, answer["err"]
    if files_of(world.out) == world.fresh[state] and not strays(world.out):
        return True
    shutil.rmtree(world.out)
    assert breaker(*world.build(state))["code"] == 0
    return False


# ---- kill -9, Ctrl-C, SIGTERM


class Stopped(NamedTuple):
    """What a build came to that was stopped after some seconds, and whether the next one mends it."""

    after: float
    answer: Answer
    whole: bool
    mended: bool


def stopped(world: World, breaker: Breaker, number: int, times: int) -> list[Stopped]:
    """Builds of the two states by turns, each stopped at a random moment of its time."""
    moments = random.Random(7)
    made = []
    for turn in range(times):
        after = world.seconds * (moments.uniform(0.7, 1.05) if turn % 2 else moments.uniform(0, 1))
        answer = breaker(*world.build(turn % 2), signal=number, after=after)
        is_whole = whole(world.out)
        made.append(Stopped(after, answer, is_whole, turn % 4 != 3 or mended(world, breaker, turn // 4 % 2)))
    return made


@pytest.fixture(scope="module")
def killed(states: World, tmp_path_factory: pytest.TempPathFactory, breaker: Breaker) -> list[Stopped]:
    """A hundred builds that were killed."""
    world = states._replace(folder=tmp_path_factory.mktemp("killed"))
    return stopped(world, breaker, signal.SIGKILL, 100)


def test_a_build_that_is_killed_leaves_no_process_behind_and_the_next_one_runs(killed: list[Stopped]) -> None:
    assert sum(each.answer["code"] == -signal.SIGKILL for each in killed) > 20
    assert not any(each.answer["orphans"] for each in killed)


def test_a_build_that_is_killed_at_any_moment_leaves_whole_files(killed: list[Stopped]) -> None:
    assert [each.after for each in killed if not each.whole] == []
    assert [each.after for each in killed if not each.mended] == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["Ctrl-C", "SIGTERM"])
def test_a_build_that_is_stopped_says_so_and_leaves_nothing_behind(
    world: World, breaker: Breaker, number: int, code: int
) -> None:
    made = stopped(world, breaker, number, 20)
    codes = {each.answer["code"] for each in made}
    assert codes <= {code, 0}
    assert code in codes
    assert [each.answer["err"] for each in made if "Traceback" in each.answer["err"]] == []
    assert not any(each.answer["orphans"] for each in made)
    assert strays(world.out) == []


_LOST = """
import os, time
import kbgraph.cli

class Busy:
    def __del__(self):
        os.kill(os.getpid(), {number})
        time.sleep(0.01)

def main(**_):
    Busy()
    time.sleep(60)
    return 0

kbgraph.cli.cli.main = main
kbgraph.cli.main()
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["Ctrl-C", "SIGTERM"])
def test_a_signal_that_comes_while_an_object_is_taken_down_is_not_lost(number: int, code: int) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _LOST.format(number=int(number))], capture_output=True, timeout=40, check=False
    )
    assert ran.returncode == code
    assert b"Traceback" not in ran.stderr


# ---- a write that fails


class Failed(NamedTuple):
    """What a build came to in which the call of a number failed."""

    number: int
    answer: Answer
    files: Files
    mended: bool


@pytest.fixture(scope="module")
def failed(states: World, tmp_path_factory: pytest.TempPathFactory, breaker: Breaker) -> list[Failed]:
    """A build for each call that writes, in which that call failed, over the build of the other state."""
    world = states._replace(folder=tmp_path_factory.mktemp("failed"))
    assert breaker(*world.build(0))["code"] == 0
    before = world.folder / "before"
    shutil.copytree(world.out, before, symlinks=True)
    calls = breaker(*world.build(1), fail=0)["calls"]
    assert 10 < calls < 1_000
    made = []
    for number in range(1, calls + 1):
        shutil.rmtree(world.out)
        shutil.copytree(before, world.out, symlinks=True)  # with the cache, which would know the new state by now
        answer = breaker(*world.build(1), fail=number)
        assert answer["calls"] >= number
        made.append(Failed(number, answer, files_of(world.out), mended(world, breaker, 0)))
    return made


def test_any_write_that_fails_is_one_clear_line_or_can_be_done_without(failed: list[Failed], states: World) -> None:
    for each in failed:
        lines = each.answer["err"].splitlines()
        if each.answer["code"] == 0:
            assert each.files == states.fresh[1], each
            continue
        assert each.answer["code"] == 3, each
        assert len(lines) == 1, each
        assert lines[0].startswith("kbgraph: "), each
        assert "internal error" not in lines[0], each
    assert sum(each.answer["code"] == 3 for each in failed) > 10


def test_any_write_that_fails_leaves_all_the_old_files_or_all_the_new_ones(failed: list[Failed], states: World) -> None:
    assert [each.number for each in failed if each.files not in states.fresh] == []
    assert [each.number for each in failed if not each.mended] == []


def test_a_full_disk_is_one_clear_line_and_leaves_whole_files(states: World, breaker: Breaker, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        world = states._replace(folder=disk)
        assert breaker(*world.build(0))["code"] == 0
        before = files_of(world.out)
        free = shutil.disk_usage(disk).free
        (disk / "fill").write_bytes(b"x" * max(0, free - 8192))
        answer = breaker(*world.build(1))
        assert answer["code"] == 3, answer["err"]
        assert "No space left" in answer["err"]
        assert len(answer["err"].splitlines()) == 1
        assert files_of(world.out) == before
        (disk / "fill").unlink()
        assert mended(world, breaker, 1)
    finally:
        subprocess.run(["umount", disk], check=True)


# ---- two at once


def test_two_builds_into_one_folder_are_never_mixed(world: World) -> None:
    command = [sys.executable, "-m", "kbgraph"]
    both = [
        subprocess.Popen([*command, *map(str, world.build(state))], stderr=subprocess.PIPE, text=True)
        for state in (0, 1)
    ]
    said = [process.communicate(timeout=60)[1] for process in both]
    assert whole(world.out)
    assert files_of(world.out) in world.fresh
    assert strays(world.out) == []
    for process, err in zip(both, said, strict=True):
        assert process.returncode in {0, 3}, err
        if process.returncode == 3:
            assert "another build is writing to" in err
            assert len(err.splitlines()) == 1
    assert 0 in {process.returncode for process in both}


# ---- inputs that change while they are read


def test_a_file_that_grows_vanishes_or_changes_while_it_is_read_is_read_or_reported(tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number}.md").write_bytes(article(f"moving-{number}"))
    command = [
        sys.executable,
        "-m",
        "kbgraph",
        "build",
        str(folder),
        "--out",
        str(tmp_path / "out"),
        "-f",
        "nq",
        "-j",
        "1",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        moves: list[Callable[[Path], object]] = [
            lambda path: path.unlink(missing_ok=True),
            lambda path: path.write_bytes(path.read_bytes() + b"more\n" * 1_000) if path.exists() else None,
            lambda path: path.write_bytes(b""),
        ]
        turn = 0
        while process.poll() is None:
            moves[turn % 3](folder / f"{turn % 60}.md")
            turn += 1
            time.sleep(0.002)
        assert process.stderr is not None
        err = process.stderr.read()
    assert process.returncode in {0, 1}, err
    assert "Traceback" not in err
    assert whole(tmp_path / "out")


# ---- folders that are not what they should be


def test_an_output_folder_that_cannot_be_one_is_one_clear_line(breaker: Breaker, tmp_path: Path) -> None:
    source = tmp_path / "a.md"
    source.write_bytes(article("a"))
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe")
    places = ("file", "file/out", "loop", "pipe", "/dev/null", "/proc/out", "n" * 300, "a\nb/" + "n" * 300)
    for place in places:
        answer = breaker("build", source, "--out", tmp_path / place, "-f", "nq")
        assert answer["code"] in {2, 3}, (place, answer)
        assert len([line for line in answer["err"].splitlines() if line.startswith("kbgraph: ")]) == 1, answer
        assert "Traceback" not in answer["err"]
    assert (tmp_path / "file").read_bytes() == b"mine"
    assert not (tmp_path / "nowhere").exists() or (tmp_path / "nowhere").is_dir()
