"""Places, problems, requests to ignore some, and exceptions.

What is wrong with the *data* is a `Problem` in a report, never an exception. What is wrong with
a *call* or with the *world* is raised:

    KbgraphError            exit code
    ├── UsageError          2   the call itself is wrong: an unknown path, a clash of names
    ├── WorldError          3   the call is right, but it cannot run: no permission, a full disk
    └── LimitError          4   stopped by a limit of `config.Limits`
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

__all__ = [
    "LAST_LINE",
    "Ignore",
    "KbgraphError",
    "LimitError",
    "Mark",
    "Place",
    "Problem",
    "Severity",
    "UsageError",
    "WorldError",
]


class KbgraphError(Exception):
    """Anything that kbgraph raises on purpose; `exit_code` is what the command line returns."""

    exit_code = 3


class UsageError(KbgraphError):
    """The call is wrong: a path that does not exist, two inputs of one name, a bad setting."""

    exit_code = 2


class WorldError(KbgraphError):
    """The call is right and cannot be carried out: a full disk, broken shapes, no permission."""

    exit_code = 3


class LimitError(KbgraphError):
    """A limit was reached; the message names it."""

    exit_code = 4


class Severity(Enum):
    """How bad a problem is, worst first; the names are those of SHACL."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for a violation, 1 for a warning, 2 for an info: sorts the worst first."""
        return _RANKS[self]


_RANKS = {Severity.VIOLATION: 0, Severity.WARNING: 1, Severity.INFO: 2}


class Mark(NamedTuple):
    """A stretch of text in a file: lines and columns count from 1, in characters.

    The end is exclusive: the column after the last character.
    """

    line: int
    column: int
    end_line: int
    end_column: int


class Place(NamedTuple):
    """Where in which file; `path` is relative to the folder that was given, with `/`."""

    path: str
    mark: Mark

    @property
    def line(self) -> int:
        """The first line, from 1."""
        return self.mark.line

    @property
    def column(self) -> int:
        """The first column, from 1."""
        return self.mark.column

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


#: The place of a whole file.
TOP = Mark(1, 1, 1, 1)


class Problem(NamedTuple):
    """One thing that is wrong, where, and what to do about it.

    `related` are further places that belong to it, `subject` is the IRI of the entity concerned.
    """

    code: str
    severity: Severity
    place: Place
    message: str
    hint: str = ""
    related: tuple[Place, ...] = ()
    subject: str = ""

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Orders problems by file, place, severity, code and message: the same on every run."""
        return (self.place, self.severity.rank, self.code, self.message, self.subject)


#: The last line of what is for a whole file, however long.
LAST_LINE = 2**31 - 1


class Ignore(NamedTuple):
    """The codes, or beginnings of codes, that a comment asks to ignore, in which lines, and where it stands."""

    codes: tuple[str, ...]
    first: int
    last: int
    mark: Mark

    @property
    def is_for_the_file(self) -> bool:
        """True for `ignore-file`."""
        return self.last == LAST_LINE
