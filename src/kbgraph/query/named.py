"""Queries that have names: those that ship with kbgraph, and a project's own.

Each is a file `NAME.rq` that begins with comments which say what it is:

    # title: Sources of a year
    # answers: Which works appeared in a year?
    # parameter: ?year (number) = 2024 -- the year
    # parameter: ?kind (iri) = -- only works of this class

A parameter without a value between `=` and `--` is optional: the query must do without it. What the
queries ask is in `queries/`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kbgraph.config import Limits, Settings
from kbgraph.errors import UsageError
from kbgraph.files import files_in, read_text
from kbgraph.resources import resource_folder

__all__ = [
    "KINDS",
    "NamedQuery",
    "Parameter",
    "find_query",
    "has_header",
    "is_name",
    "named_queries",
    "parse_query",
    "values_for",
]

#: What a parameter may be said to be.
KINDS = ("iri", "text", "number", "date")

_FOLDER = "queries"
_SUFFIX = ".rq"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_ENTRY = re.compile(r"#\s*(title|answers|parameter):\s*(.*?)\s*")
_PARAMETER = re.compile(rf"\?([A-Za-z_]\w*)\s+\(({'|'.join(KINDS)})\)\s*=\s*(?:(.*?)\s+)??--\s+(.+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A variable that may be given a value: its name, kind, default (None where it has none), and what it is."""

    name: str
    kind: str
    default: str | None
    about: str


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query with its name, its title, the question that it answers, and its parameters."""

    name: str
    title: str
    answers: str
    parameters: tuple[Parameter, ...]
    text: str


def named_queries(settings: Settings) -> dict[str, NamedQuery]:
    """All queries with names, sorted; one of a project comes before one of kbgraph.

    Raises:
        UsageError: a file does not begin as it should.
    """
    folders = [resource_folder(_FOLDER)]
    if settings.file:
        folders.append(Path(settings.file).parent / _FOLDER)
    found = {path.stem: path for folder in folders for path in files_in(folder, _SUFFIX)}
    return {name: _read(path, settings.limits) for name, path in sorted(found.items())}


def _read(path: Path, limits: Limits) -> NamedQuery:
    return parse_query(path.stem, read_text(path, 4 * limits.query_chars), str(path))


def find_query(name: str, settings: Settings) -> NamedQuery:
    """The query of a name.

    Raises:
        UsageError: there is none, or its file does not begin as it should.
    """
    folders = [Path(settings.file).parent / _FOLDER] if settings.file else []
    for folder in (*folders, resource_folder(_FOLDER)):
        path = folder / f"{name}{_SUFFIX}"
        if _NAME.fullmatch(name) and path.is_file():
            return _read(path, settings.limits)
    from difflib import get_close_matches

    near = get_close_matches(name, named_queries(settings), n=1)
    hint = f"; is it {near[0]}?" if near else ""
    raise UsageError(f"there is no query of the name {name!r}{hint} (kbgraph query --list shows all)")


def is_name(text: str) -> bool:
    """True for what can only be the name of a query."""
    return _NAME.fullmatch(text) is not None


def has_header(text: str) -> bool:
    """Whether a query says what it is, as one with a name does."""
    return _ENTRY.match(text) is not None


def parse_query(name: str, text: str, path: str) -> NamedQuery:
    """The query that a text is, with what its first lines say.

    Raises:
        UsageError: they do not say what they should; file and line are named.
    """
    said: dict[str, str] = {}
    parameters: dict[str, Parameter] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#"):
            break
        entry = _ENTRY.fullmatch(line)
        if entry is None:
            raise UsageError(f"{path}:{number}: a query begins with '# title: …', '# answers: …', '# parameter: …'")
        key, value = entry.groups()
        if not value:
            raise UsageError(f"{path}:{number}: there is nothing behind '{key}:'")
        if key == "parameter":
            parameter = _parameter(value, f"{path}:{number}")
            if parameter.name in parameters:
                raise UsageError(f"{path}:{number}: ?{parameter.name} is there twice")
            parameters[parameter.name] = parameter
        elif key in said:
            raise UsageError(f"{path}:{number}: '{key}' is there twice")
        else:
            said[key] = value
    for key in ("title", "answers"):
        if key not in said:
            raise UsageError(f"{path}:1: there is no '# {key}: …' in the first lines")
    return NamedQuery(name, said["title"], said["answers"], tuple(parameters.values()), text)


def _parameter(text: str, where: str) -> Parameter:
    found = _PARAMETER.fullmatch(text)
    if found is None:
        kinds = "|".join(KINDS)
        raise UsageError(f"{where}: a parameter is written '?name ({kinds}) = DEFAULT -- what it is'")
    name, kind, default, about = found.groups()
    return Parameter(name, kind, default or None, about)


def values_for(given: Mapping[str, str], parameters: Sequence[Parameter], name: str) -> dict[str, tuple[str, str]]:
    """What the parameters of a query with a name are: by name the kind and what was given, or the default.

    Raises:
        UsageError: the query has no such parameter.
    """
    kinds = {parameter.name: parameter.kind for parameter in parameters}
    for each in given:
        if each not in kinds:
            have = f"it has {', '.join(kinds)}" if kinds else "it has none"
            raise UsageError(f"the query {name!r} has no parameter {each!r}; {have}")
    texts = {parameter.name: parameter.default for parameter in parameters} | dict(given)
    return {each: (kinds[each], text) for each, text in texts.items() if text is not None}
