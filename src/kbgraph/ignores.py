"""Comments that ask to ignore a problem, and the lines that they are for.

`# kbgraph: ignore[KB347]` in the front matter is for the field or the entry that begins in its
line, or, alone in its line, in the next; `<!-- kbgraph: ignore[KB107] -->` is for its line of the
body, or the next; `ignore-file` is for the whole file. Which problems they leave over is in `sift`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from kbgraph.comments import Comment, body_comments, front_comments
from kbgraph.config import Limits
from kbgraph.errors import LAST_LINE, Ignore, Problem
from kbgraph.nodes import Lines, Mapping, Node, Scalar, Seed, Sequence
from kbgraph.rules import is_code, problem
from kbgraph.seeds import parse_seed

__all__ = ["ignores_of"]


#: What a file must hold to be looked at; nearly none does.
_ASKS = re.compile(rb"kbgraph:\s*ignore")
#: Our codes in small letters; shapes of a project may have any.
_SMALL = re.compile(r"(?!KB)[Kk][Bb][0-9]+", re.ASCII)
_REQUEST = re.compile(r"(?P<word>ignore[\w-]*)\s*(?:\[(?P<codes>[^\]]*)\])?")


def ignores_of(data: bytes, path: str, limits: Limits) -> tuple[tuple[Ignore, ...], list[Problem]]:
    r"""What the comments of an article ask to ignore, and those that do not ask as they should.

    A file that cannot be read asks for nothing.

    >>> ignores_of(b"---\nyear: MM  # kbgraph: ignore[KB347, KB5]\n---\n", "a.md", Limits())[0][0].codes
    ('KB347', 'KB5')
    """
    if _ASKS.search(data) is None:
        return (), []
    seed, _ = parse_seed(data, path, limits)
    if seed is None:
        return (), []
    ignores: list[Ignore] = []
    problems: list[Problem] = []
    count = 0
    for comments, scopes in ((front_comments, _front_scopes), (body_comments, _body_scopes)):
        asking = [(each, found) for each in comments(seed) if (found := _REQUEST.match(each.said))]
        scope_of = scopes(seed) if asking else None
        for comment, found in asking:
            codes = tuple(code.strip() for code in (found["codes"] or "").split(","))
            count += len(codes)
            if count > limits.ignores:
                message = f"More than {limits.ignores:,} codes are named in this file (the limit ignores)."
                return tuple(ignores), [*problems, problem("KB018", path, comment.mark, message)]
            wrong = _wrong(found["word"], found["codes"], codes)
            if wrong:
                problems.append(problem("KB018", path, comment.mark, wrong))
            elif scope_of is not None:
                first, last = (1, LAST_LINE) if found["word"] == "ignore-file" else scope_of(comment)
                ignores.append(Ignore(tuple(dict.fromkeys(codes)), first, last, comment.mark))
    return tuple(ignores), problems


def _wrong(word: str, written: str | None, codes: tuple[str, ...]) -> str:
    """What is wrong with a request; empty where nothing is."""
    if word not in {"ignore", "ignore-file"}:
        return f"'{word}' is not known; there are ignore and ignore-file."
    if written is None or not written.strip():
        return f"This {word} names no code, and would hide whatever goes wrong later."
    for code in codes:
        if _SMALL.fullmatch(code):
            return f"'{code}' is not a code; codes are written in capitals."
        if not is_code(code):
            return f"'{code}' is not a code." if code else "A code is missing between the commas."
    return ""


# ---- the lines that a comment is for

_Scope = tuple[int, int]


def _front_scopes(seed: Seed) -> Callable[[Comment], _Scope]:
    """What gives the lines that a comment of the front matter is for.

    The field or the entry of a list that begins in its line, the outermost if there are several;
    else the one that goes on there, the innermost.
    """
    begins: dict[int, _Scope] = {}
    holds: dict[int, _Scope] = {}
    for first, last in _parts(seed.front):
        begins.setdefault(first, (first, last))
        holds.update(dict.fromkeys(range(first, last + 1), (first, last)))
    body, _ = seed.lines.position(seed.body_offset)
    next_line = _next_lines(seed.lines, 1, body, _says_nothing_in_yaml)

    def scope_of(comment: Comment) -> _Scope:
        line = comment.mark.line
        if comment.alone:
            line = next_line.get(line, line)
        return begins.get(line) or holds.get(line) or (line, line)

    return scope_of


def _parts(node: Node) -> Iterator[_Scope]:
    """First and last line of each field and each entry of a list, from the outside in."""
    if isinstance(node, Mapping):
        for key, value in node.entries:
            yield key.mark.line, max(key.mark.end_line, value.mark.end_line)
            yield from _parts(value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield item.mark.line, item.mark.end_line
            if not isinstance(item, Scalar):
                yield from _parts(item)


def _body_scopes(seed: Seed) -> Callable[[Comment], _Scope]:
    """What gives the lines that a comment of the body is for: its own, or the next if it stands alone."""
    body, _ = seed.lines.position(seed.body_offset)
    end, _ = seed.lines.position(len(seed.lines.text))
    next_line = _next_lines(seed.lines, body, end + 1, _says_nothing_in_markdown)

    def scope_of(comment: Comment) -> _Scope:
        line = comment.mark.line
        if comment.alone:
            line = next_line.get(line, line)
        return line, line

    return scope_of


def _next_lines(lines: Lines, begin: int, end: int, says_nothing: Callable[[str], bool]) -> dict[int, int]:
    """For each line from `begin` on the next one, before `end`, that says something."""
    following: dict[int, int] = {}
    there = 0
    for number in range(end - 1, begin - 1, -1):
        if there:
            following[number] = there
        if not says_nothing(lines.line(number)):
            there = number
    return following


def _says_nothing_in_yaml(line: str) -> bool:
    """True for an empty line, a comment, and the hyphen or the marks around a front matter."""
    text = line.strip(" \t-")
    return not text or text.startswith("#") or text == "..."


def _says_nothing_in_markdown(line: str) -> bool:
    """True for an empty line and one that is nothing but a comment."""
    text = line.rstrip().lstrip(" \t>")
    return not text or (text.startswith("<!--") and text.endswith("-->"))
