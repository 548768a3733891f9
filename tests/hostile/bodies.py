"""Bodies that cost a Markdown parser, or whoever shows them, more than they weigh.

Each pattern is repeated up to just below the limit on markup, where it must be read in time, and
far beyond it, where it must be refused at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.hostile.articles import Hostile, article, family

from kbgraph.config import Limits

#: What one body may have, less what the frame of the article has.
_MOST = Limits().markup - 20
_MARKUP = set("\n\r!#&*+-<>=[]\\_`~")
_FAR = 1_500_000
_BYTES = Limits().body_bytes - 1_000


def _up_to(pattern: str, most: int) -> str:
    """A pattern again and again, with at most so many characters of markup."""
    each = sum(letter in _MARKUP for letter in pattern)
    times = min(_FAR // len(pattern), _BYTES // len(pattern.encode()))
    return pattern * (min(most // each, times) if each else times)


#: Repeated patterns; the slowest of each kind that we know, and those known to be slow elsewhere.
_PATTERNS = {
    "lines": "a\n",
    "blank-lines": "\n",
    "paragraphs": "a\n\n",
    "prose": "word ",
    "brackets": "[",
    "closing-brackets": "]",
    "pairs-of-brackets": "[]",
    "images": "![",
    "nested-images": "![a](",
    "open-links": "[a](",
    "open-destinations": "[a](<b",
    "open-titles": '[a](b "',
    "emphasis": "*a **b ",
    "emphasis-alternating": "*a_",
    "emphasis-open": "a**bc* ",
    "stars": "*",
    "underscores": "_",
    "backticks": "`a",
    "backslashes": "\\",
    "quotes": "> a\n",
    "deep-quotes": ">",
    "deep-quote-lines": "> > > > > > > > > > a\n",
    "lists": "- a\n",
    "deep-lists": "- ",
    "mixed-lists": "* - + 1. ",
    "numbered-lists": "1. a\n",
    "quoted-lists": ">- a\n",
    "less-than": "<",
    "open-tags": "<a ",
    "open-attributes": '<a b="',
    "comments": "a <!-- ",
    "instructions": "a <?",
    "cdata": "a <![CDATA[",
    "declarations": "a <!A ",
    "closing-tags": "</",
    "html-blocks": "<div>\n",
    "entities": "&amp;",
    "ampersands": "&",
    "zero-entities": "&#0;",
    "huge-entities": "&#x110000;",
    "definitions": "[a]: b\n",
    "open-definitions": "[a\n",
    "tables": "|a|b|\n",
    "setext": "a\n",
    "rules": "---\n",
    "fences": "```\na\n",
    "indented": "    a\n",
    "tabs": "\t",
    "spaces": " ",
    "hard-breaks": "a  \n",
    "carriage-returns": "\r",
    "parentheses": "(",
    "tildes": "~",
    "combining": "\u0301",
    "separators": "a\u2028",
    "strikes": "~~a",
}

#: What is not the same thing again and again.
_MADE: dict[str, Callable[[], str]] = {
    "headings-many": lambda: "# a\n" * 2_400,
    "headings-too-many": lambda: "# a\n" * 3_000,
    "setext-many": lambda: "a\n=\n" * 2_400,
    "links-many": lambda: "[a](b)\n" * 2_400,
    "links-too-many": lambda: "[a](b)\n" * 3_000,
    "links-of-one-line": lambda: "[a](b)" * 2_400,
    "links-to-one-definition": lambda: "[a]: b\n\n" + "[a][a]" * 2_400,
    "links-to-the-web": lambda: "".join(f"<https://example.org/{number}> " for number in range(2_400)),
    "links-climbing": lambda: f"[a]({'../' * 10_000}x)\n",
    "links-long": lambda: f"[a](https://example.org/{'b' * 500_000})\n",
    "links-nested": lambda: "[" * 1_000 + "a" + "](b)" * 1_000,
    "definitions-many": lambda: "".join(f"[a{number}]: b\n" for number in range(8_000)),
    "backticks-growing": lambda: "".join("`" * number + " " for number in range(240)),
    "backticks-differing": lambda: "".join("e" + "`" * (number % 400) + " " for number in range(220)),
    "emphasis-mod-three": lambda: "a**b" + "c* " * 25_000,
    "staircase": lambda: "".join("  " * number + "- a\n" for number in range(600)),
    "setext-behind-lines": lambda: "a\n" * 20_000 + "===\n",
    "fence-open": lambda: "```\n" + "a\n" * 28_000,
    "html-open": lambda: "<pre>\n" + "a\n" * 28_000,
    "title-of-heading-long": lambda: "# " + "a" * 500_000 + "\n",
    "heading-of-emphasis": lambda: "# " + "*a* " * 13_000 + "\n",
    "front-matter-again": lambda: "\n---\nid: x\n---\n" * 100,
    "script": lambda: "<script>fetch('https://evil.example')</script>\n",
    "front-matter-fences": lambda: "---\n" * 1_000,
    "one-line": lambda: "a" * 2_000_000,
    "one-line-too-long": lambda: "a" * 2_100_000,
    "statement-everywhere": lambda: "It is so that body-statement-everywhere. " * 9_000,
}


@family
def below_the_limit() -> Iterator[Hostile]:
    """As much of a pattern as is read."""
    for name, pattern in _PATTERNS.items():
        yield Hostile(f"body-most-{name}", article(f"body-most-{name}", "\n" + _up_to(pattern, _MOST)))
    for name, make in _MADE.items():
        yield Hostile(f"body-{name}", article(f"body-{name}", "\n" + make()))


@family
def beyond_the_limit() -> Iterator[Hostile]:
    """Far more of a pattern than is read."""
    for name, pattern in _PATTERNS.items():
        if _MARKUP & set(pattern):
            body = pattern * (_FAR // len(pattern))
            yield Hostile(f"body-beyond-{name}", article(f"body-beyond-{name}", "\n" + body))
