"""`kbgraph check --watch`, as a writer has it in a terminal beside the editor."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import pytest
from tests.command_line import Run
from tests.test_cli import GOOD, project, run

__all__ = ["project", "run"]  # fixtures

_PATIENCE = 30
_WAITING = "waiting for the next save"


class Watching:
    """A check that goes on: what it says until it waits again."""

    def __init__(self, *options: str) -> None:
        command = [sys.executable, "-u", "-m", "kbgraph", "check", "--watch", *options]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        self.process = subprocess.Popen(command, **pipes, text=True)  # type: ignore[call-overload]
        self._lines: Queue[str] = Queue()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        with self.process.stdout:
            for line in self.process.stdout:
                self._lines.put(line)

    def said(self) -> str:
        """Everything until it waits for the next save."""
        found = []
        while True:
            try:
                line = self._lines.get(timeout=_PATIENCE)
            except Empty:
                pytest.fail(f"nothing was said for {_PATIENCE} s after {found}")
            found.append(line)
            if _WAITING in line or line.startswith("kbgraph: "):
                return "".join(found)

    def stop(self, how: int = signal.SIGINT) -> int:
        """End it, as Ctrl-C does; the exit code."""
        self.process.send_signal(how)
        code = self.process.wait(_PATIENCE)
        self._reader.join(_PATIENCE)
        return code


@pytest.fixture
def watching(project: Path) -> Iterator[Watching]:
    started = Watching()
    yield started
    started.stop(signal.SIGKILL)


def save(path: Path, text: str) -> None:
    """Save as careful editors do: aside, and put in place."""
    aside = path.with_suffix(".tmp")
    aside.write_text(text)
    os.replace(aside, path)


def test_a_saved_mistake_is_shown_and_is_gone_when_it_is_mended(project: Path, watching: Watching) -> None:
    file = project / "seeds" / "ai" / "one.md"
    assert "no problems" in watching.said()
    save(file, GOOD.format(name="one").replace("year: 2020", "year: MM"))
    said = watching.said()
    assert "one.md:" in said
    assert "KB347" in said
    assert "0 problems mended, 1 problem new" in said
    file.write_text(GOOD.format(name="one"))
    said = watching.said()
    assert "no problems" in said
    assert "1 problem mended, 0 problems new" in said
    assert watching.stop() == 130


def test_what_a_save_breaks_in_another_file_is_shown_there(project: Path, watching: Watching) -> None:
    watching.said()
    save(project / "seeds" / "ai" / "two.md", GOOD.format(name="two").replace("id: two", "id: one"))
    said = watching.said()
    assert "one.md:" in said
    assert "two.md:" in said
    assert "KB322" in said


def test_new_removed_and_unreadable_files_are_seen(project: Path, watching: Watching) -> None:
    watching.said()
    broken = project / "seeds" / "ai" / "three.md"
    broken.write_text("no front matter")
    assert "KB004" in watching.said()
    broken.unlink()
    assert "1 problem mended" in watching.said()


def test_changed_settings_count_at_once_and_a_mistake_in_them_ends_nothing(project: Path) -> None:
    settings = project / "kbgraph.toml"
    settings.write_text("jobs = 1\n")
    watching = Watching()
    try:
        watching.said()
        settings.write_text("jobs = many\n")
        assert "not valid TOML" in watching.said()
        settings.write_text('jobs = 1\nselect = ["KB3"]\n')
        assert "no problems" in watching.said()
    finally:
        watching.stop(signal.SIGKILL)


@pytest.mark.parametrize(
    "other", [["--fix"], ["--write-baseline", "--baseline", "known.json"], ["--output-format", "json"], ["-"]]
)
def test_watching_goes_with_nothing_that_writes_or_reads_something_else(
    project: Path, run: Run, other: list[str]
) -> None:
    ran = run("check", "--watch", *other)
    assert ran.code == 2
    assert "--watch" in ran.err
