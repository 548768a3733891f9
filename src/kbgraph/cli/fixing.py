"""What `kbgraph check --fix` and `--diff` do before, or instead of, checking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kbgraph.cli.exits import CONFORMS, FAILED, VIOLATIONS
from kbgraph.cli.options import discovered
from kbgraph.cli.talk import counted, progress_bar, say, write_bytes
from kbgraph.config import Settings
from kbgraph.errors import UsageError, WorldError
from kbgraph.fix import REPAIRS, Mended, Repair, difference, mended, replace_file
from kbgraph.inputs import Found, Input, read_bounded
from kbgraph.per_file_ignores import entries_of
from kbgraph.report import is_chosen

__all__ = ["mend_files", "show_differences"]


@dataclass(slots=True)
class _Tally:
    """What was mended: files, repairs of each kind, and the files with which it could not be done."""

    files: int = 0
    repairs: Counter[Repair] = field(default_factory=Counter)
    failed: int = 0

    def add(self, made: Mended) -> None:
        self.files += 1
        self.repairs.update(made.repairs)

    def fail(self, message: str) -> None:
        self.failed += 1
        say(f"kbgraph: {message}")

    def sentence(self, verb: str) -> str:
        """Such as `mended 2 files: 3 dates, 1 tab`."""
        kinds = [counted(self.repairs[repair], repair.noun) for repair in REPAIRS if self.repairs[repair]]
        return f"{verb} {counted(self.files, 'file')}: {', '.join(kinds)}" if kinds else "there is nothing to mend"


def mend_files(paths: tuple[Path, ...], settings: Settings) -> bool:
    """Mend articles where they lie, and say what was done; False where a file could not be written.

    Raises:
        UsageError: standard input is to be mended, which lies nowhere.
    """
    if "-" in map(str, paths):
        raise UsageError("--fix mends files where they lie; for standard input there is --diff")
    found = discovered(paths, settings)
    tally = _Tally()
    for each, data, made in _repaired(found, settings):
        try:
            replace_file(each.location, data, made.data)
        except WorldError as error:
            tally.fail(f"{error}")
        else:
            tally.add(made)
    say(tally.sentence("mended"))
    return not tally.failed


def show_differences(paths: tuple[Path, ...], settings: Settings, stdin_filename: str) -> int:
    """Write what mending would change as a unified diff; the exit code, 1 where there is anything."""
    found = discovered(paths, settings, stdin_filename)
    tally = _Tally()
    for each, data, made in _repaired(found, settings, tally):
        write_bytes(difference(data, made.data, each.location.as_posix()))
        tally.add(made)
    say(tally.sentence("would mend"))
    if tally.failed:
        return FAILED
    return VIOLATIONS if tally.files else CONFORMS


def _repaired(found: Found, settings: Settings, tally: _Tally | None = None) -> Iterator[tuple[Input, bytes, Mended]]:
    """The articles that have repairs, with their bytes; `tally` hears of those that cannot be read."""
    entries = entries_of(settings, {each.path: each.location for each in found.inputs})
    with progress_bar(len(found.inputs)) as progress:
        for each in found.inputs:
            data = read_bounded(each, settings.limits.file_bytes)
            if isinstance(data, bytes):
                ignored = tuple(code for entry in entries if each.path in entry.paths for code in entry.codes)
                made = mended(data, settings, _wanted(settings, ignored))
                if made.repairs:
                    yield each, data, made
            elif tally is not None:  # the check that follows mending says so itself
                tally.fail(f"'{each.location}': {data.message}")
            if progress is not None:
                progress(1)


def _wanted(settings: Settings, ignored: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether a code is to be mended: where it is to be reported. Where codes are selected, nothing else is."""
    return lambda code: is_chosen(code, settings.select, settings.ignore) and not code.startswith(ignored)
