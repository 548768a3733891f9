"""What a project has decided not to hear of: a report without what comments and settings ignore.

An ignore that hides nothing is said, so that none outlives its mistake. Where the comments of an
article are and which lines they are for is in `ignores`, the entries of the settings in `per_file_ignores`;
problems that are known and still to be mended are in `baseline`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from kbgraph.config import Settings
from kbgraph.errors import Ignore, Problem
from kbgraph.per_file_ignores import entries_of, place_of
from kbgraph.report import Report
from kbgraph.rules import problem

__all__ = ["files_shown", "sifted"]


def sifted(
    report: Report, ignores: Mapping[str, Sequence[Ignore]], settings: Settings, alone: Collection[str] = ()
) -> Report:
    """The report without the problems that comments or `per-file-ignores` hide.

    Args:
        report: all problems.
        ignores: the comments of each article, by its path in the report.
        settings: for `per_file_ignores`.
        alone: the articles that are checked without their neighbours; what only these bring to
            light is missing there, so that an ignore that hides nothing is not said.
    """
    if not ignores and not settings.per_file_ignores:
        return report
    kept = list(_past_comments(report.problems, ignores, alone))
    if not settings.per_file_ignores:
        return Report.of(kept, report.files)
    kept = list(_past_entries(kept, report.files, settings, alone))
    return Report.of(kept, files_shown(kept, report.files, settings))


def files_shown(
    problems: Iterable[Problem], files: Mapping[str, Path | bytes], settings: Settings
) -> Mapping[str, Path | bytes]:
    """The files that problems are in: articles, and that of the settings where one is about these."""
    own = place_of(settings).path
    about_settings = settings.per_file_ignores and any(each.place.path == own for each in problems)
    return {**files, own: Path(settings.file)} if about_settings else files


def _past_comments(
    problems: Sequence[Problem], ignores: Mapping[str, Sequence[Ignore]], alone: Collection[str]
) -> Iterator[Problem]:
    """The problems that no comment hides, and the codes of comments that hid nothing."""
    used: set[tuple[str, int, str]] = set()
    for each in problems:
        path, line = each.place.path, each.place.line
        hiding = [
            (path, number, code)
            for number, comment in enumerate(ignores.get(path, ()))
            if comment.first <= line <= comment.last
            for code in comment.codes
            if each.code.startswith(code)
        ]
        used.update(hiding)
        if not hiding:
            yield each
    for path, comments in ignores.items():
        for number, comment in enumerate(comments):
            for code in comment.codes:
                if (path, number, code) not in used and path not in alone:
                    where = "in this file" if comment.is_for_the_file else "in what this comment is for"
                    yield problem("KB017", path, comment.mark, f"There is no problem {code} {where}.")


def _past_entries(
    problems: Sequence[Problem], files: Mapping[str, Path | bytes], settings: Settings, alone: Collection[str]
) -> Iterator[Problem]:
    """The problems that no entry of the settings hides, and the codes of entries that hid nothing."""
    used: set[tuple[str, str]] = set()
    entries = entries_of(settings, {**dict.fromkeys(each.place.path for each in problems), **files})
    for each in problems:
        hiding = [
            (entry.pattern, code)
            for entry in entries
            if each.place.path in entry.paths
            for code in entry.codes
            if each.code.startswith(code)
        ]
        used.update(hiding)
        if not hiding:
            yield each
    for entry in entries:
        if entry.is_gone:
            message = f"There is no file '{entry.pattern}'."
            place = place_of(settings, entry.pattern)
            yield problem("KB017", place.path, place.mark, message)
        elif entry.paths and entry.paths.isdisjoint(alone):
            for code in entry.codes:
                if (entry.pattern, code) not in used:
                    place = place_of(settings, entry.pattern, code)
                    message = f"There is no problem {code} in the files '{entry.pattern}'."
                    yield problem("KB017", place.path, place.mark, message)
