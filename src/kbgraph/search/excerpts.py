"""Excerpts: the part of a text where the words stand that were looked for, and where in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kbgraph.search.wanted import Phrase
from kbgraph.search.words import places_of

__all__ = ["Marked", "excerpt_of", "marked"]

#: Characters of an excerpt, and of those before its first hit; a text that is little longer is shown whole.
_LENGTH, _BEFORE, _WHOLE = 220, 50, 300
#: Characters of a text in which hits are looked for.
_LOOKED_AT = 100_000


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and the places in it that were looked for, as pairs of begin and end."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()

    def __str__(self) -> str:
        return self.text

    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The text in pieces, each with whether it was looked for."""
        at = 0
        for begin, end in self.marks:
            if at < begin:
                yield self.text[at:begin], False
            yield self.text[begin:end], True
            at = end
        if at < len(self.text):
            yield self.text[at:], False


@dataclass(frozen=True, slots=True)
class _Hit:
    begin: int
    end: int
    phrase: int


def marked(text: str, phrases: Sequence[Phrase]) -> Marked:
    """A whole text with its hits."""
    return Marked(text, _marks(_hits(text, phrases), 0, len(text)))


def excerpt_of(text: str, phrases: Sequence[Phrase]) -> Marked:
    """The first part of a text that holds the most of the phrases; its beginning where it has none."""
    if len(text) <= _WHOLE:
        return marked(text, phrases)
    hits = _hits(text[:_LOOKED_AT], phrases)
    begin = max(0, _best(hits) - _BEFORE)
    begin = _word_begin(text, begin)
    end = _word_end(text, min(len(text), begin + _LENGTH))
    before, after = "…" if begin else "", "…" if end < len(text) else ""
    marks = _marks(hits, begin, end)
    shift = len(before) - begin
    return Marked(before + text[begin:end].rstrip() + after, tuple((one + shift, two + shift) for one, two in marks))


def _hits(text: str, phrases: Sequence[Phrase]) -> list[_Hit]:
    words = list(places_of(text))
    found = []
    firsts: dict[str, list[int]] = {}
    opens = []
    for number, phrase in enumerate(phrases):
        if phrase.open and len(phrase.words) == 1:
            opens.append(number)
        else:
            firsts.setdefault(phrase.words[0], []).append(number)
    for at, (word, begin, _) in enumerate(words):
        for number in (*firsts.get(word, ()), *opens):
            phrase = phrases[number]
            last = at + len(phrase.words) - 1
            if last < len(words) and _matches(phrase, [each[0] for each in words[at : last + 1]]):
                found.append(_Hit(begin, words[last][2], number))
    return found


def _matches(phrase: Phrase, words: Sequence[str]) -> bool:
    if phrase.open:
        return tuple(words[:-1]) == phrase.words[:-1] and words[-1].startswith(phrase.words[-1])
    return tuple(words) == phrase.words


def _best(hits: Sequence[_Hit]) -> int:
    """Where the part begins that holds the most phrases."""
    best, begins = 0, 0
    last = 0
    for first, hit in enumerate(hits):
        last = max(last, first)
        while last < len(hits) and hits[last].end <= hit.begin + _LENGTH - _BEFORE:
            last += 1
        count = len({each.phrase for each in hits[first:last]})
        if count > best:
            best, begins = count, hit.begin
    return begins


def _marks(hits: Sequence[_Hit], begin: int, end: int) -> tuple[tuple[int, int], ...]:
    """The hits in a part, where they overlap made one."""
    marks: list[tuple[int, int]] = []
    for hit in sorted(hits, key=lambda each: (each.begin, each.end)):
        if hit.begin < begin or hit.end > end:
            continue
        if marks and hit.begin < marks[-1][1]:
            marks[-1] = (marks[-1][0], max(marks[-1][1], hit.end))
        else:
            marks.append((hit.begin, hit.end))
    return tuple(marks)


#: How far a part is moved so that it does not cut a word; scripts without spaces have none to be moved to.
_NEAR = 24


def _word_begin(text: str, at: int) -> int:
    space = text.find(" ", at, at + _NEAR)
    return at if at == 0 or space < 0 else space + 1


def _word_end(text: str, at: int) -> int:
    space = text.rfind(" ", max(0, at - _NEAR), at)
    return at if at == len(text) or space < 0 else space
