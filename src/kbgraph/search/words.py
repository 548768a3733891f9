"""Words: a text cut into what is compared, without case and accents.

A word is a run of letters and digits. Scripts that put no spaces between words (Chinese, Japanese,
Thai, …), and Korean, whose words carry endings, are cut into single characters; whoever looks for
several of them looks for them side by side.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

__all__ = ["BEGIN", "END", "LONGEST", "joined", "normal", "places_of", "words_of"]

#: Characters of a word that are compared.
LONGEST = 64

#: What stands in an index before and behind a title: no text is cut into such words, and nobody can look for them.
BEGIN, END = "\ue000", "\ue001"

#: Scripts without spaces between words, and Hangul.
_SINGLE = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u3098\u309b-\u30fa\u30fc-\u312f\u3130-\u318f"
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9d\uffa0-\uffdc"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
#: Marks that belong to the letter before them.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06e4\u06e7-\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962-\u0963\u0981-\u0983"
    "\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a51\u0a70-\u0a71\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57\u0b82\u0bbe-\u0bcd"
    "\u0c00-\u0c04\u0c3e-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d4d\u0dca-\u0ddf\u0f71-\u0f84\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u200c-\u200d\u20d0-\u20ff\u3099-\u309a\ufe00-\ufe0f\ufe20-\ufe2f\uff9e-\uff9f"
)
_WORD = re.compile(rf"[{_SINGLE}][{_MARKS}]*|[^\W_{_SINGLE}]+(?:[{_MARKS}]+[^\W_{_SINGLE}]*)*")
_PLAIN = re.compile("[a-z0-9]+")

#: Accents and vowel signs that do not count: of Latin, Greek, Cyrillic, Hebrew and Arabic; and joiners.
_DROPPED = dict.fromkeys(
    code
    for first, last in (
        (0x300, 0x36F),
        (0x483, 0x489),
        (0x591, 0x5C7),
        (0x610, 0x61A),
        (0x640, 0x640),
        (0x64B, 0x65F),
        (0x670, 0x670),
        (0x200C, 0x200D),
        (0xFE00, 0xFE0F),
    )
    for code in range(first, last + 1)
)
#: Letters that Unicode takes for letters of their own, and that keyboards lack.
_LIKE = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ŀ": "l"}
)


def normal(text: str) -> str:
    """A text with its characters composed, as places in it are counted."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def words_of(text: str) -> list[str]:
    """The words of a text, in their order."""
    if text.isascii():
        return [word[:LONGEST] for word in _PLAIN.findall(text.lower())]
    return [word for piece in _WORD.findall(normal(text)) for word in _folded(piece)]


def joined(text: str) -> str:
    """The words of a text with spaces between them."""
    return " ".join(words_of(text))


def places_of(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a normal text, with where each begins and ends in it."""
    for found in _WORD.finditer(text):
        for word in _folded(found[0]):
            yield word, found.start(), found.end()


@lru_cache(maxsize=65536)
def _folded(piece: str) -> tuple[str, ...]:
    """What a piece is compared as: mostly one word; `½` is two."""
    if piece.isascii():
        return (piece.lower()[:LONGEST],)
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", piece).casefold())
    bare = unicodedata.normalize("NFC", apart.translate(_DROPPED)).translate(_LIKE)
    return tuple(word[:LONGEST] for word in _WORD.findall(bare))
