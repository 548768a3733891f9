"""The problems that a project knows already: only what is new is shown and fails.

A baseline is a JSON file with one line for each known problem, sorted, so that it can be read and
compared. It knows a problem by its file, from the folder of the baseline on, and its fingerprint,
not by its line number. What is no mistake at all is said in `ignores`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from kbgraph.errors import Problem, UsageError, WorldError
from kbgraph.files import write_whole
from kbgraph.fingerprints import fingerprints
from kbgraph.inputs import Input, path_from, read_bounded
from kbgraph.report import Report

__all__ = ["Compared", "Known", "compared", "read_baseline", "write_baseline"]

_VERSION = 1
#: Bytes of a baseline: some 800,000 problems.
_LARGEST = 256 * 1024 * 1024


class Known(NamedTuple):
    """A known problem; code and message are for whoever reads the file."""

    path: str
    code: str
    message: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A report and a baseline: what is new, how many problems are known, and which are mended."""

    report: Report
    known: int
    mended: tuple[Known, ...]


def _known_of(report: Report, folder: Path) -> list[Known]:
    """Each problem of a report, in its order, as a baseline in a folder knows it."""
    below = {path: path_from(folder, path, where) for path, where in report.files.items()}
    return [
        Known(below.get(each.place.path, each.place.path), each.code, each.message, mark)
        for each, mark in zip(report.problems, fingerprints(report), strict=True)
    ]


def compared(report: Report, baseline: Iterable[Known], folder: Path, *, whole: bool = True) -> Compared:
    """Take the known problems out of a report.

    Args:
        report: all problems.
        baseline: the known ones.
        folder: the folder that the baseline lies in.
        whole: False where single files were checked, without their neighbours. What only these
            bring to light is missing there, and not mended; so it is where the baseline knows
            articles that were not checked.
    """
    known = {(each.path, each.fingerprint): each for each in baseline}
    found = _known_of(report, folder)
    new = [
        problem
        for problem, each in zip(report.problems, found, strict=True)
        if (each.path, each.fingerprint) not in known
    ]
    present = {(each.path, each.fingerprint) for each in found}
    missing = sorted(each for key, each in known.items() if key not in present)
    gone = {path for path in {each.path for each in known.values()} if _is_gone(path, folder)}
    whole = whole and {each.path for each in known.values()} <= gone | _checked(report, folder)
    mended = tuple(each for each in missing if whole or each.path in gone)
    return Compared(Report.of(new, report.files), len(report) - len(new), mended)


def _checked(report: Report, folder: Path) -> set[str]:
    """The paths of the inputs from a folder on; "" for problems of the whole."""
    return {"", *(path_from(folder, path, where) for path, where in report.files.items())}


def _is_gone(path: str, folder: Path) -> bool:
    """True for a file that was deleted or renamed."""
    return bool(path) and not os.path.lexists(folder / path)


def read_baseline(path: Path) -> list[Known]:
    """The problems of a baseline.

    Raises:
        UsageError: there is no such file, or it is no baseline; it names the place.
        WorldError: it cannot be read.
    """
    if not os.path.lexists(path):
        raise UsageError(f"'{path}' does not exist; --write-baseline makes it")
    written = read_bounded(Input(path.name, path), _LARGEST)
    if isinstance(written, Problem):
        raise WorldError(f"'{path}': {written.message}")
    if len(written) > _LARGEST:
        raise UsageError(f"'{path}' has more than {_LARGEST:,} bytes, and is no baseline")
    try:
        data = json.loads(written.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: byte {error.start + 1} is not UTF-8; write the baseline anew") from None
    except json.JSONDecodeError as error:
        raise UsageError(f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from None
    except RecursionError:
        raise UsageError(f"{path}:1:1: nested too deeply for a baseline") from None
    if not isinstance(data, dict) or not isinstance(data.get("problems"), list):
        raise UsageError(f"{path}:1:1: this is not a baseline; --write-baseline makes one")
    if data.get("version") != _VERSION:
        raise UsageError(f"{path}:1:1: a baseline of version {data.get('version')!r} is not read; write it anew")
    return [_known(each, number, path) for number, each in enumerate(data["problems"], start=1)]


def _known(entry: object, number: int, path: Path) -> Known:
    if not isinstance(entry, dict):
        raise UsageError(f"{path}: problem {number} is not an object; write the baseline anew")
    for name in Known._fields:
        if not isinstance(entry.get(name), str):
            raise UsageError(f"{path}: problem {number} has no {name!r}; write the baseline anew")
    return Known(*(entry[name] for name in Known._fields))


def write_baseline(path: Path, report: Report, old: Iterable[Known] = ()) -> int:
    """Write the problems of a report as a baseline, and return how many it has.

    What an old baseline says of files that are there and were not checked stays.

    Raises:
        WorldError: it cannot be written.
    """
    folder = path.parent
    checked = _checked(report, folder)
    kept = [each for each in old if each.path not in checked and not _is_gone(each.path, folder)]
    entries = sorted({*kept, *_known_of(report, folder)})
    lines = [json.dumps(each._asdict(), ensure_ascii=False) for each in entries]
    inside = "\n" + ",\n".join(lines) + "\n" if lines else ""
    text = f'{{"version": {_VERSION}, "problems": [{inside}]}}\n'
    write_whole(path, text.encode("utf-8", "backslashreplace"))
    return len(entries)
