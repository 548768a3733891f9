"""What somebody looks for: words, phrases in quotes, words that must not be there.

Whatever is typed has a meaning: there are no mistakes to be made, and nothing of it reaches the
index but words in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kbgraph.errors import LimitError
from kbgraph.search.words import BEGIN, END, words_of

__all__ = ["Phrase", "Wanted", "expression_of", "wanted_of"]

#: A minus sign, then a text between quotes (the last may be missing) or anything up to a space or a quote.
_ITEM = re.compile(r"(-?)(?:[\"“”„«»]([^\"“”„«»]*)([\"“”„«»]?)|([^\s\"“”„«»]+))")

#: Letters of the last word from which on it may be the beginning of one: a single one is one of nearly all texts.
_LEAST = 2

#: Columns of the index whose words are an entry's own, and not those of its article.
_OWN = "{title name statement body list}"
_TITLES = "{title name}"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side; where `open`, the last one may go on."""

    words: tuple[str, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What must be there, and what must not; `typed` are the words that must be there, as one phrase."""

    phrases: tuple[Phrase, ...]
    without: tuple[Phrase, ...]
    typed: Phrase


def wanted_of(text: str, most: int) -> Wanted:
    """What a text asks for; the word that it ends with may be the beginning of one.

    Args:
        text: words, `"a phrase"`, `-without`, `begin*`.
        most: how many words it may have.

    Raises:
        LimitError: it has more.
    """
    phrases: list[Phrase] = []
    without: list[Phrase] = []
    for found in _ITEM.finditer(text):
        minus, quoted, closed, bare = found.groups()
        words = tuple(words_of(quoted if bare is None else bare))
        if not words:
            continue
        # A minus sign behind something, as in GPT-4, belongs to no word.
        is_minus = bool(minus) and (found.start() == 0 or text[found.start() - 1].isspace())
        is_last = not closed and found.end() == len(text.rstrip())
        goes_on = (bare or "").endswith("*") or (is_last and not is_minus and len(words[-1]) >= _LEAST)
        (without if is_minus else phrases).append(Phrase(words, goes_on))
    if sum(len(each.words) for each in (*phrases, *without)) > most:
        raise LimitError(f"too many words: a search takes {most:,} (limit search_words)")
    typed = Phrase(tuple(word for each in phrases for word in each.words), bool(phrases) and phrases[-1].open)
    return Wanted(tuple(dict.fromkeys(phrases)), tuple(dict.fromkeys(without)), typed)


def expression_of(wanted: Wanted, any_of: Sequence[Sequence[str]] = (), columns: str | None = None) -> str:
    """The expression of FTS5 for what is looked for.

    Args:
        wanted: something, at least one phrase of it.
        any_of: groups of facets; of each, one must be there.
        columns: where all of the words must be, such as `{title name}`; None for anywhere, one of them in the
            entry's own words.
    """
    each = [_either(phrase) for phrase in wanted.phrases]
    # What adds nothing to the rows that are found adds to their scores: titles that begin so, and whole titles.
    begins = Phrase((BEGIN, *wanted.typed.words), wanted.typed.open)
    titles = f"{_TITLES} : ({_phrase(begins)} OR {_phrase(Phrase((*begins.words, END)))})"
    if columns is None:
        must = [*(each if len(each) > 1 else ()), f"({_OWN} : ({' OR '.join(each)}) OR {titles})"]
    else:
        must = [f"({columns} : ({' AND '.join(each)}) OR {titles})"]
    facets = (f"facet : ({' OR '.join(map(_quoted, group))})" for group in any_of)
    found = " AND ".join([*must, *facets])
    if not wanted.without:
        return found
    return f"({found}) NOT ({' OR '.join(map(_phrase, wanted.without))})"


def _either(phrase: Phrase) -> str:
    """A phrase; one that may go on counts more where it does not."""
    if not phrase.open:
        return _phrase(phrase)
    return f"({_phrase(Phrase(phrase.words))} OR {_phrase(phrase)})"


def _phrase(phrase: Phrase) -> str:
    return _quoted(" ".join(phrase.words)) + ("*" if phrase.open else "")


def _quoted(words: str) -> str:
    return f'"{words}"'
