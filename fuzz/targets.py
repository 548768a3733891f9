"""What is fuzzed: functions of bytes that raise where kbgraph does what it must not.

They need no fuzzer: tests run the kept corpus through them. `run.py` looks for more.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from kbgraph import identity
from kbgraph.body import sections_of
from kbgraph.config import Limits, Settings, find_settings
from kbgraph.convert import convert
from kbgraph.errors import Problem, UsageError
from kbgraph.graph import sorted_lines
from kbgraph.links import target_of
from kbgraph.literals import LITERALS, period_of
from kbgraph.reader import read_article
from kbgraph.seeds import parse_seed
from kbgraph.terms import Space, http_iri, is_language_tag, text

__all__ = ["TARGETS"]

_SPACE = Space("https://kb.example/")
_FRAME = b"---\na: 1\n---\n"


class Fault(Exception):
    """What was promised does not hold."""


def _expect(holds: object, what: str) -> None:
    if not holds:
        raise Fault(what)


def article(data: bytes) -> None:
    """A file is read and written as N-Quads that can be read, or refused at a place in it."""
    found, problems = read_article(data, "ai/a.md", Settings())
    _expect(found is not None or problems, "refused without a reason")
    if found is not None:
        made = convert(found, _SPACE, frozenset({"ai/a", "ai/b"}))
        problems = [*problems, *made.problems]
        lines = sorted_lines(made.quads)
        _expect(len(list(parse(lines, format=RdfFormat.N_QUADS))) == len(set(made.quads)), "quads are lost")
        _expect(sum(map(len, (section.text for section in found.sections))) <= len(data), "text is invented")
    _check(problems, data)


def _check(problems: list[Problem], data: bytes) -> None:
    lines = data.count(b"\n") + data.count(b"\r") + 1
    for each in problems:
        mark = each.place.mark
        _expect(1 <= mark.line <= mark.end_line <= lines, f"{each.code} lies outside of the file")
        _expect(mark.column >= 1 and mark.end_column >= 1, f"{each.code} has no column")
        _expect(each.message.endswith("."), f"{each.code} is no sentence: {each.message}")


def body(data: bytes) -> None:
    """The sections of a body, put together, are the body."""
    seed, _ = parse_seed(_FRAME + data, "a.md", Limits())
    if seed is not None:
        sections = sections_of(seed)
        _expect("".join(section.text for section in sections) == seed.body, "the body has changed")
        for link in (link for section in sections for link in section.links):
            target_of(link.target, "ai/a", {"ai/b"})


def keys(data: bytes) -> None:
    """Any text is compared, linked and typed, or plainly is none of what it should be."""
    word = data.decode("utf-8", "ignore")
    for key in identity.source_keys(title=word, kind=word, year=word, url=word, doi=word, isbn=word):
        iri = _SPACE.source(key.kind, key.value).value
        _expect(http_iri(iri) is not None, f"{iri!r} is no IRI")
    doi = identity.doi_of(word)
    _expect(doi is None or identity.doi_of(doi) == doi, "a DOI is not its own DOI")
    isbn = identity.isbn_of(word)
    _expect(isbn is None or identity.isbn_of(isbn) == isbn, "an ISBN is not its own ISBN")
    for key_of in (identity.name_key, identity.organisation_key, identity.person_key, identity.without_others):
        key_of(word)
    for term_of in LITERALS.values():
        term_of(word)
    for iri in (_SPACE.article(word), _SPACE.category(word), _SPACE.organisation(word), _SPACE.entity(word)):
        _expect(http_iri(iri.value) is not None, f"{iri.value!r} is no IRI")
        _expect(not iri.value.endswith("."), f"{iri.value!r} ends in a full stop")
    if is_language_tag(word):
        text("x", word.lower())
    period_of(word)
    target_of(word, "ai/a", {"ai/b"})


def settings(data: bytes) -> None:
    """A settings file gives settings, or wrong usage that names it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kbgraph.toml"
        path.write_bytes(data)
        try:
            find_settings(path)
        except UsageError as error:
            _expect(str(path) in str(error) or "base" in str(error), f"which file is wrong? {error}")


#: The targets by the name of their folder in `corpus/`.
TARGETS: dict[str, Callable[[bytes], None]] = {"article": article, "body": body, "keys": keys, "settings": settings}
