"""Settings and limits: what a project chooses, and every number that bounds something.

Settings are read from `kbgraph.toml`, or from `[tool.kbgraph]` of a `pyproject.toml`, in the
folder of the first input or the nearest folder above it. The command line and the environment
come before them; that order is decided in `cli`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kbgraph.errors import Severity, UsageError
from kbgraph.rules import is_code

__all__ = ["DEFAULT_BASE", "DEFAULT_EXCLUDE", "ENGINES", "Limits", "Settings", "checked_base", "find_settings"]

DEFAULT_BASE = "https://kb.example/"

#: What runs our shapes: `fast` engines with the results of pySHACL, or all by pySHACL itself, which is slow.
ENGINES = ("fast", "pyshacl")

#: gitignore patterns of files in a given folder that are not articles.
DEFAULT_EXCLUDE = ("README.md", "NOTICE.md", "LICENSE.md", "CONTRIBUTING.md", ".*")


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds on what is accepted; a message that says "too …" names one of these."""

    #: Bytes of one article.
    file_bytes: int = 8 * 1024 * 1024
    #: Bytes of one front matter.
    front_matter_bytes: int = 1024 * 1024
    #: Bytes of one body, in which each fact of the article is looked for.
    body_bytes: int = 2 * 1024 * 1024
    #: Texts, lists and mappings in one front matter.
    values: int = 50_000
    #: Levels of nesting in a front matter.
    depth: int = 32
    #: Members of lists, unknown fields, sections and links of one article.
    parts: int = 2_500
    #: Characters of the paths to the keys of one nested value that no field holds.
    key_paths: int = 1_000_000
    #: Line ends and characters of markup, such as `[` and `*`, in one body.
    markup: int = 30_000
    #: Problems of reading one article.
    problems: int = 1_000
    #: Codes that the comments of one article ask to ignore.
    ignores: int = 1_000
    #: Articles of one build.
    articles: int = 1_000_000
    #: Levels of folders below a given one, and of a category.
    folder_depth: int = 64
    #: Bytes of a file of RDF that is read into memory to be asked, unpacked.
    graph_bytes: int = 1024 * 1024 * 1024
    #: Characters of one query.
    query_chars: int = 262_144
    #: Brackets within brackets of one query.
    query_depth: int = 100
    #: Seconds that a query may take.
    query_seconds: int = 30
    #: Bytes of memory that a query may take.
    query_memory: int = 1536 * 1024 * 1024
    #: Words that a search looks for.
    search_words: int = 64
    #: Bytes of the answer to a query, as it is written.
    result_bytes: int = 256 * 1024 * 1024
    #: Bytes of one answer of a store, and of one request to it.
    answer_bytes: int = 1024 * 1024 * 1024
    request_bytes: int = 8 * 1024 * 1024
    #: Statements of one request that writes to a store.
    request_quads: int = 5_000
    #: Seconds that a store may take for one answer, and how often it is asked.
    request_seconds: int = 120
    attempts: int = 6
    #: Queries that a server answers at once, or lets wait; and bytes of memory of all of them together.
    serve_queries: int = 64
    serve_memory: int = 2048 * 1024 * 1024
    #: Rows or triples of an answer of a server, which says where it cut one; and bytes.
    serve_rows: int = 100_000
    serve_bytes: int = 64 * 1024 * 1024
    #: Queries and searches that a server answers to one client in a minute.
    serve_rate: int = 600


@dataclass(frozen=True, slots=True)
class Settings:
    """What a project may choose. Every field has a default that works."""

    #: IRI under which the data lies; ends in `/`.
    base: str = DEFAULT_BASE
    #: Folder that a build writes.
    out: str = "out"
    #: Names of the formats to write; empty for all of them.
    formats: tuple[str, ...] = ()
    #: Processes to work with; 0 for one per processor.
    jobs: int = 0
    #: gitignore patterns of files in a given folder that are not articles.
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    #: Other people's names of our front-matter fields: `{"date": "created_date"}`.
    aliases: Mapping[str, str] = field(default_factory=dict)
    #: Turtle files with further shapes.
    shapes: tuple[str, ...] = ()
    #: What runs our shapes: one of `ENGINES`.
    engine: str = "fast"
    #: Codes of problems, or beginnings of codes, to report; empty for all of them.
    select: tuple[str, ...] = ()
    #: Codes of problems, or beginnings of codes, that are not to be reported.
    ignore: tuple[str, ...] = ()
    #: The least severity that fails a check: violation, warning or info.
    fail_level: str = Severity.VIOLATION.value
    #: gitignore patterns of articles, and the codes of the problems that are not to be heard of there.
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: The file that the settings were read from; empty where there is none.
    file: str = field(default="", compare=False)
    #: Title and description of the dataset, in English.
    title: str = "kbgraph export"
    description: str = "Articles, facts and sources as one RDF dataset, one named graph per article."
    #: IRI of the licence of the dataset.
    license: str = ""
    #: Name of the dataset's publisher.
    publisher: str = ""
    limits: Limits = field(default_factory=Limits)
    #: Folder of what a build keeps to be quicker next time; empty for `.cache` in `out`.
    cache_dir: str = ""
    #: Quads in one shard, at most.
    shard_quads: int = 250_000

    def of_dataset(self) -> tuple[object, ...]:
        """The settings that the catalogue is made from."""
        return self.title, self.description, self.license, self.publisher, sorted(self.aliases.items())

    def of_content(self) -> tuple[tuple[str, Any], ...]:
        """The settings that say what is written, without those that say where and how."""
        return tuple((each.name, getattr(self, each.name)) for each in fields(self) if each.name not in _NOT_CONTENT)

    def changed(self, **changes: Any) -> Settings:
        """The settings with those changes that are not None."""
        return replace(self, **{name: value for name, value in changes.items() if value is not None})


_NOT_CONTENT = {"out", "jobs", "cache_dir"}


def checked_base(text: str) -> str:
    """The base IRI, if it is one.

    Raises:
        UsageError: it is not an absolute http(s) IRI that ends in `/`.
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    bad = parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment
    if bad or "?" in text or "#" in text or "/../" in text or "/./" in text:
        raise UsageError(f"base {text!r} is not an absolute http(s) IRI, such as {DEFAULT_BASE}")
    if not text.endswith("/"):
        raise UsageError(f"base {text!r} must end in '/', since paths are put behind it")
    return text


def find_settings(start: Path) -> Settings:
    """The settings of the project that `start` lies in; the defaults where there is no file.

    Raises:
        UsageError: a settings file is not TOML, or names a setting that does not exist.
    """
    folder = start if start.is_dir() else start.parent
    folder = folder.absolute()
    for place in (folder, *folder.parents):
        own = place / "kbgraph.toml"
        if own.is_file():
            return _settings_of(_read_toml(own), own)
        shared = place / "pyproject.toml"
        if shared.is_file():
            table = _read_toml(shared).get("tool", {})
            if isinstance(table, dict) and isinstance(table.get("kbgraph"), dict):
                return _settings_of(table["kbgraph"], shared)
    return Settings()


#: Bytes of a settings file, and keys in one key: tomllib's time grows with the square of the latter.
_LONGEST_FILE = 256 * 1024
_DEEP_KEY = re.compile(r"(?:\.[ \t]*[\w\"'-]+[ \t]*){100}")


def _read_toml(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        data = file.read(_LONGEST_FILE + 1)
    if len(data) > _LONGEST_FILE:
        raise UsageError(f"{path}: not valid TOML for settings: it has more than {_LONGEST_FILE:,} bytes")
    import tomllib

    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
        if _DEEP_KEY.search(text):
            raise UsageError(f"{path}: not valid TOML for settings: a key has more than 100 parts")
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # among them what is not UTF-8 and what is not TOML
        raise UsageError(f"{path}: not valid TOML: {error}") from None


_TYPES: dict[str, tuple[type, str]] = {
    "base": (str, "a text"),
    "out": (str, "a text"),
    "cache-dir": (str, "a text"),
    "formats": (list, "a list of texts"),
    "jobs": (int, "a number"),
    "shard-quads": (int, "a number"),
    "exclude": (list, "a list of texts"),
    "aliases": (dict, "a table of texts"),
    "shapes": (list, "a list of texts"),
    "engine": (str, "fast or pyshacl"),
    "select": (list, "a list of codes such as KB347 or KB5"),
    "ignore": (list, "a list of codes such as KB347 or KB5"),
    "fail-level": (str, "violation, warning or info"),
    "per-file-ignores": (dict, "a table of lists of codes such as KB347 or KB5"),
    "title": (str, "a text"),
    "description": (str, "a text"),
    "license": (str, "a text"),
    "publisher": (str, "a text"),
    "limits": (dict, "a table of numbers"),
}


def _settings_of(table: dict[str, Any], path: Path) -> Settings:
    values = _typed(table, path)
    if "exclude" in values:
        values["exclude"] = (*DEFAULT_EXCLUDE, *values["exclude"])
    read: dict[str, Callable[[Any, Path], object]] = {
        "limits": _limits_of,
        "per-file-ignores": _ignores_of,
        "fail-level": _fail_level,
        "shard-quads": _quads_of,
    }
    for name in [each for each in read if each in values]:
        values[name.replace("-", "_")] = read[name](values.pop(name), path)
    for name in ("select", "ignore"):
        _check_codes(name, values.get(name, ()), path)
    if "base" in values:
        checked_base(values["base"])
    # Paths in a settings file are relative to that file, wherever the command is run.
    for name in ("out", "cache-dir"):
        if name in values:
            values[name.replace("-", "_")] = str(path.parent / values.pop(name))
    if "shapes" in values:
        values["shapes"] = tuple(str(path.parent / each) for each in values["shapes"])
    return Settings(**values, file=str(path))


def _typed(table: dict[str, Any], path: Path) -> dict[str, Any]:
    """The values of a table, each of the type of its setting; lists as tuples."""
    values: dict[str, Any] = {}
    for name, value in table.items():
        kind, wanted = _TYPES.get(name, (None, ""))
        if kind is None:
            raise UsageError(f"{path}: there is no setting {name!r}; there are {', '.join(_TYPES)}")
        members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        member = {"limits": int, "per-file-ignores": list}.get(name, str)
        good = isinstance(value, kind) and not isinstance(value, bool)
        if not good or not all(isinstance(each, member) and not isinstance(each, bool) for each in members):
            raise UsageError(f"{path}: the setting {name!r} must be {wanted}")
        values[name] = tuple(value) if isinstance(value, list) else value
    for name in ("out", "cache-dir", "shapes"):
        if "\0" in "".join(values.get(name, "")):
            raise UsageError(f"{path}: the setting {name!r} holds a NUL character")
    return values


def _fail_level(name: str, path: Path) -> str:
    if name not in {each.value for each in Severity}:
        raise UsageError(f"{path}: the setting 'fail-level' must be {_TYPES['fail-level'][1]}")
    return name


def _quads_of(value: int, path: Path) -> int:
    if not 1 <= value <= _HIGHEST:
        raise UsageError(f"{path}: the setting 'shard-quads' must be between 1 and {_HIGHEST:,}")
    return value


def _check_codes(name: str, codes: Iterable[object], path: Path) -> None:
    for code in codes:
        if not is_code(code):
            raise UsageError(f"{path}: {name}: {code!r} is not a code such as KB347 or KB5")


def _ignores_of(table: dict[str, list[Any]], path: Path) -> dict[str, tuple[str, ...]]:
    for pattern, codes in table.items():
        if not codes:
            raise UsageError(f"{path}: per-file-ignores names no code for {pattern!r}")
        _check_codes("per-file-ignores", codes, path)
    return {pattern: tuple(codes) for pattern, codes in table.items()}


#: What fits into an index on every machine.
_HIGHEST = 2**31 - 2


def _limits_of(table: dict[str, int], path: Path) -> Limits:
    known = {each.name for each in fields(Limits)}
    for name, value in table.items():
        if name not in known:
            raise UsageError(f"{path}: there is no limit {name!r}; there are {', '.join(sorted(known))}")
        if value < 1:
            raise UsageError(f"{path}: the limit {name!r} must be at least 1")
        if value > _HIGHEST:
            raise UsageError(f"{path}: the limit {name!r} must be at most {_HIGHEST:,}")
    return Limits(**table)
