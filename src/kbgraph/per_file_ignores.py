"""The entries of `per-file-ignores` in a project's settings: which files they name, where they stand.

Patterns are those of `.gitignore`, from the folder of the settings file on. What entries hide is
decided in `sift`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kbgraph.config import Settings
from kbgraph.errors import TOP, KbgraphError, Mark, Place, Problem, UsageError
from kbgraph.inputs import Input, discover, path_below, read_bounded
from kbgraph.patterns import matcher

__all__ = ["Entry", "check_patterns", "entries_of", "place_of"]

_LONGEST_SETTINGS = 1024 * 1024


class Entry(NamedTuple):
    """A pattern, the codes that it hides, and the files that it names; `is_gone` if those are no more."""

    pattern: str
    codes: tuple[str, ...]
    paths: frozenset[str]
    is_gone: bool


def entries_of(settings: Settings, files: Mapping[str, Path | bytes | None]) -> list[Entry]:
    """The entries, and which of the files each names.

    Args:
        settings: those of the project.
        files: paths as the report has them, and where they lie, if anywhere.
    """
    folder = Path(settings.file).parent if settings.file else Path()
    articles = cache(lambda: _articles_below(folder, settings))
    below = {path: path_below(folder, path, where) for path, where in files.items()}
    made = []
    for pattern, codes in settings.per_file_ignores.items():
        is_named = matcher([pattern])
        paths = frozenset(path for path, name in below.items() if name and is_named(name))
        is_gone = not paths and _is_gone(is_named, pattern, folder, articles)
        made.append(Entry(pattern, tuple(codes), paths, is_gone))
    return made


def check_patterns(settings: Settings) -> None:
    """Refuse a pattern that is none.

    Raises:
        UsageError: it names the pattern.
    """
    for pattern in settings.per_file_ignores:
        try:
            matcher([pattern])
        except ValueError as error:
            raise UsageError(f"per-file-ignores: {pattern!r} is not a .gitignore pattern: {error}") from None


def _is_gone(
    is_named: Callable[[str], bool], pattern: str, folder: Path, articles: Callable[[], Sequence[str] | None]
) -> bool:
    """True where a pattern names no article of the project, whether it is checked now or not, and nothing else."""
    known = articles()
    if known is None or os.path.lexists(folder / pattern.strip("/")):
        return False
    return not any(map(is_named, known))


def _articles_below(folder: Path, settings: Settings) -> list[str] | None:
    """The paths of all articles below the folder of the settings; None where they cannot be told."""
    if not settings.file:
        return None
    try:
        found = discover([folder], (), settings.limits)
    except KbgraphError:
        return None
    return [*(each.path for each in found.inputs), *(each.place.path for each in found.problems)]


def place_of(settings: Settings, pattern: str = "", code: str = "") -> Place:
    """Where a code of a pattern, or the pattern, is written; the top of the file if that cannot be told."""
    path = Path(settings.file).name if settings.file else "settings"
    if not pattern or not settings.file:
        return Place(path, TOP)
    data = read_bounded(Input(path, Path(settings.file)), _LONGEST_SETTINGS)
    text = "" if isinstance(data, Problem) else data.decode("utf-8", "replace").replace("\r\n", "\n")
    table = max(0, text.find("per-file-ignores"))
    start, length = _quoted(pattern, text, table, len(text))
    if start < 0:
        return Place(path, TOP)
    end = text.find("]", start + length)
    inner, inner_length = _quoted(code, text, start + length, end) if code and end > 0 else (-1, 0)
    if inner >= 0:
        start, length = inner, inner_length
    line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
    return Place(path, Mark(line, column, line, column + length))


def _quoted(word: str, text: str, begin: int, end: int) -> tuple[int, int]:
    """Where a word stands in quotes, and its length with them; -1 where it does not."""
    found = [text.find(f"{quote}{word}{quote}", begin, end) for quote in ('"', "'")]
    return min((at for at in found if at >= 0), default=-1), len(word) + 2
