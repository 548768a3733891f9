"""Bytes to front-matter nodes with marks, and body.

Front matter is read from libyaml's events, so that depth, aliases, tags and duplicate keys are
seen before anything is built. Every scalar stays the text that was written: `no` is not False
and `1.10` not 1.1. What a field means is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from kbgraph.config import Limits
from kbgraph.errors import TOP, Mark, Place, Problem
from kbgraph.missing_spaces import certain, inserted, likely
from kbgraph.nodes import Lines, Mapping, Node, Scalar, Seed, Sequence
from kbgraph.rules import problem

__all__ = ["parse_seed"]


_OPENING = re.compile(r"---[ \t]*(?:\r\n|\n|\r|\Z)")
_CLOSING = re.compile(r"(?:^|(?<=\r))(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)", re.MULTILINE)
#: What YAML 1.1 does not call printable (section 5.1), NUL apart.
_UNPRINTABLE = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


class _Refused(Exception):
    """Ends the reading of one file with the problem that was found; never leaves this module."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.message)
        self.problem = found


def parse_seed(data: bytes, path: str, limits: Limits) -> tuple[Seed | None, list[Problem]]:
    """Take a file apart. None where it cannot be read, and the problems say why."""
    problems: list[Problem] = []
    try:
        return _parse(data, path, limits, problems), problems
    except _Refused as refused:
        return None, [*problems, refused.problem]


def _parse(data: bytes, path: str, limits: Limits, problems: list[Problem]) -> Seed:
    def refuse(code: str, mark: Mark, message: str) -> _Refused:
        return _Refused(problem(code, path, mark, message))

    if len(data) > limits.file_bytes:
        # No more of it than that was read: its size is not known.
        raise refuse("KB003", TOP, f"The file has more than {limits.file_bytes:,} bytes (the limit file_bytes).")
    text, lines = _decoded(data, path)
    nul = text.find("\0")
    if nul >= 0:
        raise refuse("KB015", lines.mark(nul, nul + 1), "The file holds a NUL character; it is not a text.")
    opening = _OPENING.match(text)
    if opening is None:
        raise refuse("KB004", TOP, "The file has no front matter: its first line is not '---'.")
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        raise refuse("KB005", lines.mark(0, 3), "The front matter that begins here is never closed.")
    front = text[opening.end() : closing.start()]
    size = len(front.encode())
    if size > limits.front_matter_bytes:
        message = f"The front matter has {size:,} bytes; the limit front_matter_bytes is {limits.front_matter_bytes:,}."
        raise refuse("KB003", lines.mark(0, 3), message)
    size = len(data) - len(text[: closing.end()].encode())
    if size > limits.body_bytes:
        message = f"The body has {size:,} bytes; the limit body_bytes is {limits.body_bytes:,}."
        raise refuse("KB003", lines.mark(closing.end(), closing.end()), message)
    bad = _UNPRINTABLE.search(front)
    if bad is not None:
        mark = lines.mark(opening.end() + bad.start(), opening.end() + bad.end())
        raise refuse("KB002", mark, f"The control character U+{ord(bad.group()):04X} may not stand in a front matter.")
    for bad in _CONTROL.finditer(text, closing.end()):
        mark = lines.mark(bad.start(), bad.end())
        problems.append(problem("KB016", path, mark, f"The body holds the control character U+{ord(bad.group()):04X}."))
        break  # one line says it for the whole body
    composer = _Composer(front, opening.end(), lines, path, limits, problems)
    return Seed(composer.front_matter(), text[closing.end() :], lines, closing.end())


def _decoded(data: bytes, path: str) -> tuple[str, Lines]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = Lines(data[: error.start].decode("utf-8"))
        mark = before.mark(len(before.text), len(before.text) + 1)
        message = f"The byte 0x{data[error.start]:02X} is not UTF-8."
        raise _Refused(problem("KB001", path, mark, message)) from None
    text = text.removeprefix("\ufeff")
    return text, Lines(text)


class _Composer:
    """Builds nodes from the events of one front matter."""

    def __init__(
        self, front: str, offset: int, lines: Lines, path: str, limits: Limits, problems: list[Problem]
    ) -> None:
        self.front, self.offset, self.lines = front, offset, lines
        self.path, self.limits, self.problems = path, limits, problems
        self.values = 0

    def front_matter(self) -> Mapping:
        """The mapping that the front matter is; raises `_Refused` with the first real cause."""
        try:
            node = self._document(self.front)
        except yaml.YAMLError as error:
            self._explain(error)
            raise _Refused(self._broken(error, self.front)) from None
        if node is None:
            return Mapping((), self.lines.mark(0, 3))
        if not isinstance(node, Mapping):
            self._explain(None)
            raise self._refuse("KB011", node.mark, "The front matter is not made of 'field: value' lines.")
        return node

    def _document(self, front: str) -> Node | None:
        self._refuse_directive(front)
        events = yaml.parse(front, Loader=yaml.CSafeLoader)
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentEndEvent):
                continue
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    message = "A second YAML document begins here."
                    raise _Refused(
                        problem(
                            "KB006", self.path, self._mark(event), message, hint=_YAML_HINTS["second YAML document"]
                        )
                    )
                root = self._node(next(events), events, 1)
        return root

    def _refuse_directive(self, front: str) -> None:
        """Refuse %TAG before libyaml sees it, which compares each such line with all before it."""
        offset = 0
        for line in front.splitlines(keepends=True):
            start = line.lstrip("\ufeff")
            if start.startswith("%TAG"):
                mark = self.lines.mark(self.offset + offset, self.offset + offset + len(line.rstrip()))
                raise self._refuse("KB010", mark, "A YAML directive (%TAG) stands here; tags are not read.")
            if start.strip() and not start.lstrip().startswith(("#", "%")):
                return
            offset += len(line)

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        self._guard(event, depth)
        if isinstance(event, yaml.ScalarEvent):
            mark = self._mark(event)
            self._check_text(event.value, mark)
            return Scalar(event.value, mark, plain=not event.style)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(inner := next(events), yaml.SequenceEndEvent):
                items.append(self._node(inner, events, depth + 1))
            return Sequence(tuple(items), self._mark(event, inner))
        entries: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(inner := next(events), yaml.MappingEndEvent):
            key = self._node(inner, events, depth + 1)
            if not isinstance(key, Scalar):
                raise self._refuse("KB014", key.mark, "A key must be a text, not a list or a mapping.")
            value = self._node(next(events), events, depth + 1)
            if key.text in entries:
                self._say_duplicate(entries[key.text][0], key)
            entries[key.text] = (key, value)  # the first place, the last value: as YAML readers have it
        return Mapping(tuple(entries.values()), self._mark(event, inner))

    def _guard(self, event: yaml.Event, depth: int) -> None:
        """Refuse what is not read: aliases, tags, and more values or levels than the limits."""
        if isinstance(event, yaml.AliasEvent):
            raise self._refuse("KB010", self._mark(event), "A YAML alias (*name) stands here; aliases are not read.")
        self.values += 1
        if self.values > self.limits.values:
            message = f"The front matter has more than {self.limits.values:,} values (the limit values)."
            raise self._refuse("KB003", self._mark(event), message)
        if depth > self.limits.depth:
            message = f"The front matter is nested more than {self.limits.depth} levels deep (the limit depth)."
            raise self._refuse("KB009", self._mark(event), message)
        tag = getattr(event, "tag", None)
        if tag not in {None, "!"}:
            raise self._refuse("KB010", self._mark(event), f"A YAML tag ({tag}) stands here; tags are not read.")

    def _say_duplicate(self, first: Scalar, second: Scalar) -> None:
        for here, there in ((first, second), (second, first)):
            message = f"The key '{here.text}' is written twice, here and in line {there.mark.line}."
            places = (Place(self.path, there.mark),)
            self.problems.append(problem("KB008", self.path, here.mark, message, related=places))

    def _check_text(self, text: str, mark: Mark) -> None:
        """An escape in quotes can make any character: refuse NUL, report the other controls."""
        if "\0" in text:
            raise self._refuse("KB015", mark, "This text holds a NUL character.")
        bad = _CONTROL.search(text)
        if bad is not None:
            message = f"This text holds the control character U+{ord(bad.group()):04X}."
            self.problems.append(problem("KB016", self.path, mark, message))

    def _mark(self, first: yaml.Event, last: yaml.Event | None = None) -> Mark:
        """From the beginning of one event to the end of another, without the space behind it."""
        begin, finish = first.start_mark, (last or first).end_mark
        start = self.offset + (begin.index if begin is not None else 0)
        end = self.offset + (finish.index if finish is not None else 0)
        while end > start and self.lines.text[end - 1].isspace():
            end -= 1
        return self.lines.mark(start, end)

    def _refuse(self, code: str, mark: Mark, message: str) -> _Refused:
        return _Refused(problem(code, self.path, mark, message))

    def _broken(self, error: yaml.YAMLError, front: str) -> Problem:
        """What libyaml says, where, and what people mostly did who read that."""
        where = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        index = min(where.index, len(front)) if where is not None else 0
        line = front.count("\n", 0, index)
        # Where spaces were put in to look further, columns moved: the line is sure, its start is shown.
        start = (
            self.offset + index if front == self.front else self.lines.start(self.lines.position(self.offset)[0] + line)
        )
        hint = next((hint for words, hint in _YAML_HINTS.items() if words in what), "")
        mark = self.lines.mark(start, start + 1)
        return problem("KB006", self.path, mark, f"The front matter is not valid YAML: {what}.", hint=hint)

    def _explain(self, error: yaml.YAMLError | None) -> None:
        """Name a missing space after a colon as the cause, where it is one.

        libyaml stumbles over a later line. The cause is sure when the YAML reads, or at least
        reads further, once the spaces are there.
        """
        offsets, rest = self._lacking(error)
        if not offsets:
            return
        start = self.offset + offsets[0]
        number, _ = self.lines.position(start)
        others = len({self.lines.position(self.offset + offset)[0] for offset in offsets}) - 1
        message = "There is no space after this colon, so YAML does not see a field here"
        message += f" (nor in {others} more line{'s' if others > 1 else ''})." if others else "."
        begin = self.lines.start(number)
        begin += len(self.lines.line(number)) - len(self.lines.line(number).lstrip())
        if rest is not None:
            self.problems.append(rest)
        raise self._refuse("KB007", self.lines.mark(begin, start), message)

    def _lacking(self, error: yaml.YAMLError | None) -> tuple[list[int], Problem | None]:
        """Where spaces are missing without doubt, and what is wrong with the YAML once they are there.

        Before a text, as in `title:Rain`, one is missing without doubt only at or above the line that
        libyaml stumbles over, and if the YAML reads further with it.
        """
        offsets = certain(self.front)
        good, later = self._trial(offsets) if offsets else (True, error)
        if not good or (offsets and later is not None and error is not None and self._line(later) <= self._line(error)):
            offsets, later = [], error
        for _ in range(_MORE_SPACES if len(self.front) <= _MORE_BELOW else 0):
            if later is None:
                break
            stuck = self._line(later)
            for offset in likely(self.front, stuck, offsets):
                good, then = self._trial([*offsets, offset])
                if good and (then is None or self._line(then) > stuck):
                    offsets, later = sorted([*offsets, offset]), then
                    break
            else:
                break
        rest = self._broken(later, inserted(self.front, offsets)) if later is not None and offsets else None
        return offsets, rest

    def _trial(self, offsets: list[int]) -> tuple[bool, yaml.YAMLError | None]:
        """Whether the front matter may be one with spaces there, and the error that is left."""
        text = inserted(self.front, offsets)
        trial = _Composer(text, 0, Lines(text), self.path, self.limits, [])
        try:
            return isinstance(trial._document(text), Mapping), None
        except _Refused:
            return True, None  # it reads as YAML; what else is wrong comes to light once the spaces are there
        except yaml.YAMLError as later:
            return True, later

    @staticmethod
    def _line(error: yaml.YAMLError) -> int:
        """The number of the line that libyaml stumbles over, from 0 on; the same with more spaces in the lines."""
        where = getattr(error, "problem_mark", None)
        return where.line if where is not None else -1


#: What helps against a message of libyaml.
_YAML_HINTS = {
    "mapping values are not allowed": "Put a text that holds ': ' in quotes.",
    "could not find expected ':'": "Write 'field: value', and indent what goes on in the next line.",
    "did not find expected key": "Look for a quote that is not closed here or above, or for the indentation.",
    "did not find expected ',' or": "Close the bracket, or put a text that begins with [ or { in quotes.",
    "did not find expected '-'": "Indent the entries of a list alike.",
    "did not find expected alphabetic": "Put a text that begins with *, & or ! in quotes.",
    "cannot start any token": "Put the text in quotes, and indent with spaces, not with tabs.",
    "unknown escape": "Double the backslash, or use single quotes.",
    "unexpected end of stream": "Close the quote that this text begins with.",
    "second YAML document": "Delete this line, or what stands above it.",
}

#: How many spaces are looked for in texts, each by reading the front matter again, which must not be longer.
_MORE_SPACES, _MORE_BELOW = 5, 65_536
