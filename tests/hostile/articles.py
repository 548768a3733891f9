"""Hostile articles: what a stranger, or a bad day, may put into a folder.

Small ones that are texts lie in `articles/`. Those that are large, not UTF-8, or one of a family are
made here and in `texts`. What becomes of each is in `expected.txt`: `refused`, or `converts`, with
the codes of its problems, all of them and no other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent

_FRONT = {
    "id": '"{name}"',
    "title": '"Of {name}"',
    "schema_type": "TechArticle",
    "category": "physics",
    "language": "en",
    "confidence": "medium",
    "last_verified": '"2026-06-01"',
    "created_date": '"2026-05-24"',
    "generation_method": "human_only",
    "conflict_of_interest": "none_declared",
    "completeness": "0.8",
    "known_gaps": '["What {name} leaves out."]',
}
_FACT = {
    "id": "fact-1",
    "statement": '"It is so that {name}."',
    "source_ref": "work",
    "confidence": "medium",
    "last_verified": '"2026-06-01"',
}
_SOURCE = {
    "id": "work",
    "title": '"The Work on {name}"',
    "type": "book",
    "year": "2001",
    "url": "https://example.org/{name}",
    "institution": "Example Press",
    "authors": '["Ada Example"]',
}
#: Bytes from which on an input is tried by itself only, not with the others in one build.
LARGE = 300_000


class Hostile(NamedTuple):
    """An article to be afraid of. `name` is unique, and that of its file without `.md`."""

    name: str
    data: bytes

    @property
    def large(self) -> bool:
        """Whether it is too much for a build with all the others."""
        return len(self.data) > LARGE


def article(name: str, body: str = "", *, fact: str = "", source: str = "", more: str = "", **fields: str) -> bytes:
    """An article without a fault, but for what is given: values as YAML, of `fact` and `source` as `key: value`."""
    front = _lines({**_FRONT, **fields}, name)
    front += f"{more}\n" if more else ""
    front += (
        "atomic_facts:\n  - " + _entry(_FACT, fact, name) + "primary_sources:\n  - " + _entry(_SOURCE, source, name)
    )
    return f"---\n{front}---\n\n## TL;DR\n\nAll about {name}.\n{body}".encode("utf-8", "surrogatepass")


def _lines(fields: dict[str, str], name: str) -> str:
    return "".join(f"{key}: {value.replace('{name}', name)}\n" for key, value in fields.items() if value != "-")


def _entry(fields: dict[str, str], change: str, name: str) -> str:
    key, _, value = change.partition(": ")
    return _lines({**fields, key: value} if key else fields, name).replace("\n", "\n    ").rstrip(" ")


def quoted(text: str) -> str:
    """A text as YAML in double quotes."""
    return json.dumps(text, ensure_ascii=all(ord(letter) < 0x10000 for letter in text))


MAKERS: list[Callable[[], Iterator[Hostile]]] = []


def family(maker: Callable[[], Iterator[Hostile]]) -> Callable[[], Iterator[Hostile]]:
    """Register a function that makes hostile articles."""
    MAKERS.append(maker)
    return maker


def every_article() -> list[Hostile]:
    """All hostile articles, by name."""
    from tests.hostile import bodies, encodings, front_matters, texts, values  # noqa: F401

    kept = [Hostile(path.stem, path.read_bytes()) for path in (HERE / "articles").glob("*.md")]
    made = [each for maker in MAKERS for each in maker()]
    found = sorted(kept + made)
    assert len({each.name for each in found}) == len(found), "two hostile articles have one name"
    return found


def expectations() -> dict[str, tuple[str, frozenset[str]]]:
    """What becomes of each article: `converts` or `refused`, and the codes."""
    found = {}
    for line in (HERE / "expected.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, what, *codes = line.split()
            found[name] = (what, frozenset(codes))
    return found
