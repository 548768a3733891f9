"""Front matters that are bombs, mazes, or no front matters at all."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.articles import Hostile, article, family

_MEGABYTE = 1_000_000


def _numbered(pattern: str, count: int) -> str:
    return "".join(pattern.replace("#", str(number)) for number in range(count))


def _laughs() -> str:
    levels = "".join(f"b{level}: &b{level} [{', '.join([f'*b{level - 1}'] * 9)}]\n" for level in range(1, 10))
    return "b0: &b0 [lol]\n" + levels


#: Whole front matters that are large, or that an editor would mend.
_WHOLE = {
    "billion-laughs": _laughs(),
    "anchors": _numbered("a#: &x# y\n", 2_000),
    "merge-keys": "<<: {a: 1}\n" * 2_000,
    "tag-long": "a: !<" + "x" * 100_000 + "> y\n",
    "directive-yaml-many": "%YAML 1.1\n" * 50_000,
    "directive-tag-many": _numbered("%TAG !a#! b\n", 60_000),
    "directive-tag-behind-comments": "# a\n\n\ufeff%TAG ! b\n",
    "directive-tag-behind-nel": "#\x85#\u2028%TAG ! b\n--- a\n",
    "directive-unknown": "%EVIL " + "x" * 1_000 + "\na: 1\n",
    "documents": "--- {a: 1}\n" * 1_000,
    "flow-lists": "[" * 100_000,
    "flow-lists-closed": "a: " + "[" * 32 + "]" * 32 + "\n",
    "flow-mappings": "{" * 100_000,
    "flow-mappings-with-keys": "a: " + "{a: " * 10_000,
    "flow-open": "a: [" + "b, " * 10_000,
    "flow-close": "a: " + "]" * 10_000,
    "flow-commas": "a: [" + "," * 100_000 + "]\n",
    "flow-empty-mappings": "a: [" + "{}," * 300_000 + "]\n",
    "block-lists": "- " * 100_000 + "a\n",
    "block-lists-just-deep-enough": "a:\n" + "".join(" " * level + "-\n" for level in range(30)),
    "block-mappings": "".join(" " * level + "a:\n" for level in range(1_000)),
    "block-questions": "? " * 100_000,
    "block-question-lines": "?\n" * 100_000,
    "key-long": "? " + "k" * 100_000 + "\n: 1\n",
    "key-long-plain": "k" * 2_000 + ": 1\n",
    "key-long-above-many": "x: {? " + "k" * 100_000 + "\n : {" + _numbered("b#: 1, ", 2_000) + "}}\n",
    "keys-deep-above-many": "x: "
    + ("{" + "k" * 1_000 + ": ") * 28
    + "{"
    + _numbered("b#: 1, ", 9_000)
    + "}"
    + "}" * 28
    + "\n",
    "keys-unsorted": "x: {" + _numbered("z#: 1, ", 500) + "a: 1}\n",
    "keys-many": _numbered("k#: 1\n", 30_000),
    "keys-nearly-known": _numbered("titl#: 1\n", 2_400),
    "keys-too-many-parts": _numbered("k#: 1\n", 2_501),
    "keys-one": "a: 1\n" * 5_000,
    "keys-one-too-often": "a: 1\n" * 50_000,
    "values-many": "tags: [" + _numbered("t#, ", 49_000) + "]\n",
    "values-too-many": "tags: [" + "a," * 60_000 + "]\n",
    "facts-many": "atomic_facts: [" + "{}," * 2_499 + "]\n",
    "facts-too-many": "atomic_facts: [" + "{}," * 2_500 + "]\n",
    "facts-of-one-source": "atomic_facts: ["
    + "{source_title: a}," * 1_200
    + "]\nprimary_sources: ["
    + "{title: b}," * 1_200
    + "]\n",
    "facts-as-texts": "atomic_facts: [" + "a," * 10_000 + "]\n",
    "fact-id-long": "atomic_facts: [{id: '" + "é" * 100_000 + "'}]\n",
    "scalar-long": "title: " + "a " * 400_000 + "\n",
    "scalar-escapes": 'title: "' + "\\x41" * 200_000 + '"\n',
    "scalar-quotes": "title: '" + "''" * 400_000 + "'\n",
    "scalar-literal": "title: |\n" + "  a\n" * 200_000,
    "scalar-folded": "title: >\n" + "  a\n\n" * 100_000,
    "scalar-folds": 'title: "' + "a\n " * 200_000 + '"\n',
    "scalar-plain-lines": "title: a\n" + "  b\n" * 200_000,
    "scalar-blank-lines": "title: a\n" + "\n" * 500_000 + "  b\n",
    "scalar-indented": "title: |\n" + " " * 500_000 + "a\n",
    "scalar-open-quote": 'title: "' + "a\n" * 200_000,
    "scalar-many-quotes": 'title: "' + '""' * 100_000 + "\n",
    "scalar-colons": "a" + ":b" * 400_000 + ": c\n",
    "comments": "#\n" * 400_000,
    "comment-long": "#" * _MEGABYTE + "\n",
    "blank": "\n" * 500_000,
    "spaces": " " * 500_000 + "\n",
    "tabs": "\t" * 500_000 + "\n",
    "no-space": 'a:"b"\n' * 50_000,
    "no-space-deep": "- " * 30 + 'a:"b"\n',
    "no-space-one-line": 'a:"b" ' * 50_000,
    "too-large": "a: " + "b" * 1_048_600 + "\n",
    "cr-in-value": "title: a\rb: c\r",
    "nel-as-line": "title: a\x85b: c\x85",
    "separators-as-lines": "title: a\u2028b: c\u2029d: e\n",
    "bom-lines": "\ufefftitle: a\n\ufeffid: b\n",
}


@family
def whole() -> Iterator[Hostile]:
    """Nothing but the attack."""
    for name, front in _WHOLE.items():
        yield Hostile(f"yaml-{name}", f"---\n{front.rstrip(chr(10))}\n---\n\nBody.\n".encode())


@family
def in_an_article() -> Iterator[Hostile]:
    """Sizes beyond every limit, in an article that is good otherwise."""
    yield Hostile("size-file", article("size-file") + b"x" * (8 * 1024 * 1024))
    yield Hostile("size-never-closed", b"---\n" + b"a: 1\n" * 500_000)
    yield Hostile("size-one-nul-at-the-end", article("size-nul") + b"x" * _MEGABYTE + b"\0")
    yield Hostile("size-bad-byte-at-the-end", article("size-bad") + b"x\n" * _MEGABYTE + b"\xff")
    yield Hostile("size-dashes", b"---\n" + b"-" * _MEGABYTE)
    yield Hostile("size-dash-lines", b"---\n" * 500_000)
