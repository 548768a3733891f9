"""A comparison as text for people, and its counts.

What differs is found in `comparison`; nothing here prints.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator

from kbgraph.diff.changes import Change, SectionChange, Step
from kbgraph.diff.comparison import ArticleChange, Comparison, SourceChange
from kbgraph.diff.excerpts import shortened, text_difference
from kbgraph.errors import Mark
from kbgraph.front_data import Data
from kbgraph.report.lines import visible

__all__ = ["Placer", "counts_of", "human", "stat", "summary"]

#: Finds the place of a change in the new articles' files, where there are any.
Placer = Callable[[ArticleChange, Change | SectionChange], Mark | None]

_SIGNS = {
    "added": "+",
    "removed": "-",
    "changed": "~",
    "moved": ">",
    "rewritten": "=",
    "affected": "=",
    "renamed": "~",
    "reordered": "~",
}
_COLOURS = {"+": "32", "-": "31", "~": "33", ">": "36"}
#: Lines of a section's difference that are shown.
_SHOWN = 12


def human(comparison: Comparison, place: Placer, *, colour: bool = False, width: int = 100) -> Iterator[str]:
    """The lines of a comparison for people: articles and what changed in them, works, counts.

    Args:
        comparison: what differs.
        place: finds where a change stands.
        colour: whether to use ANSI colours.
        width: about how many characters of a text are shown.
    """
    if comparison.is_same:
        return
    painter = _Painter(colour=colour)
    for article in comparison.articles:
        yield from _article_lines(article, place, painter, width)
    for source in comparison.sources:
        yield from _source_lines(source, painter, width)
    if comparison.articles or comparison.sources:
        yield ""
    yield from summary(comparison)


def stat(comparison: Comparison) -> Iterator[str]:
    """One line for each article, and the counts."""
    wide = max((len(visible(each.path)) for each in comparison.articles), default=0)
    for each in comparison.articles:
        whole = each.entries is not None
        parts = [_counted(n, noun, "" if whole else kind) for (noun, kind), n in sorted(_tally(each).items()) if n]
        yield f"{_SIGNS[each.kind]} {visible(each.path):<{wide}}  {each.kind:<9}  {', '.join(parts)}".rstrip()
    yield from summary(comparison)


def summary(comparison: Comparison) -> Iterator[str]:
    """What there is of each kind of difference, in counts."""
    counts = counts_of(comparison)
    for noun, of_kind in counts.items():
        parts = [f"{n:,} {kind}" for kind, n in of_kind.items() if n]
        if parts:
            yield f"{noun}: {', '.join(parts)}"
    yield f"quads: {comparison.added:,} added, {comparison.removed:,} removed"
    if not comparison.articles and not comparison.sources:
        yield "no article and no source differs; --quads shows what does"
    if comparison.bases[0] != comparison.bases[1]:
        yield f"base IRI: {comparison.bases[0] or 'none'} → {comparison.bases[1] or 'none'}"


def counts_of(comparison: Comparison) -> dict[str, dict[str, int]]:
    """How many of each noun were added, removed and changed."""
    kinds = ("added", "removed", "changed")
    made = {noun: dict.fromkeys(kinds, 0) for noun in ("articles", "facts", "references", "sections", "sources")}
    made["articles"] |= dict.fromkeys(("moved", "rewritten", "affected"), 0)
    for article in comparison.articles:
        made["articles"][article.kind] += 1
        for (noun, kind), count in _tally(article).items():
            if f"{noun}s" in made:
                made[f"{noun}s"][kind] += count
    for source in comparison.sources:
        made["sources"][source.kind] += 1
    return made


def _tally(article: ArticleChange) -> Counter[tuple[str, str]]:
    """How many fields, entries and sections of an article were added, removed and changed, by noun and kind."""
    if article.entries is not None:
        return Counter({(noun, article.kind): count for noun, count in article.entries.items()})
    tally: Counter[tuple[str, str]] = Counter()
    changed: set[tuple[str, tuple[Step, ...]]] = set()
    for each in article.changes:
        if each.of == "article":
            tally["field", each.kind] += 1
        elif each.field or each.kind == "changed":
            changed.add((each.of, each.path[:2]))
        else:
            tally[each.of, each.kind] += 1
    tally.update((noun, "changed") for noun, _ in changed)
    tally.update(
        ("section", each.kind if each.kind in {"added", "removed"} else "changed") for each in article.sections
    )
    return tally


def _counted(count: int, noun: str, kind: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}" + (f" {kind}" if kind else "")


# ---- for people


class _Painter:
    """Writes signs and headings in colour, where that is wanted."""

    def __init__(self, *, colour: bool) -> None:
        self._colour = colour

    def signed(self, sign: str, text: str) -> str:
        """A line after its sign."""
        return self._painted(_COLOURS.get(sign, ""), f"{sign} {text}")

    def bold(self, text: str) -> str:
        """A heading."""
        return self._painted("1", text)

    def _painted(self, style: str, text: str) -> str:
        return f"\033[{style}m{text}\033[0m" if self._colour and style else text


def _article_lines(article: ArticleChange, place: Placer, painter: _Painter, width: int) -> Iterator[str]:
    path = visible(article.path or article.iri)
    if article.entries is not None:
        counts = [_counted(n, noun, "") for noun, n in article.entries.items() if n]
        yield painter.signed(
            _SIGNS[article.kind], f"{path}  {article.kind}" + (f": {', '.join(counts)}" if counts else "")
        )
        return
    if article.kind == "rewritten":
        yield f"= {path}  says the same in other quotes, comments or spaces"
        return
    if article.kind == "affected":
        signed = [f"{sign}{name} {value.rsplit('/article/', 1)[-1]}" for sign, name, value in article.derived]
        yield f"= {path}  says the same; what follows from it differs: {visible(_short(', '.join(signed), width))}"
        return
    moved = f"  moved from {visible(article.old_path)}" if article.kind == "moved" else ""
    yield painter.bold(f"{_SIGNS[article.kind]} {path}{moved}")
    for change in article.changes:
        yield from _change_lines(change, place(article, change), painter, width)
    for section in article.sections:
        yield from _section_lines(section, place(article, section), painter, width)


def _change_lines(change: Change, mark: Mark | None, painter: _Painter, width: int) -> Iterator[str]:
    whose = "" if change.of == "article" else f"{change.of} {visible(_short(change.name, width // 2))}"
    what = " ".join(part for part in (whose, visible(change.field)) if part)
    at = f" (line {mark.line})" if mark is not None else ""
    sign = _SIGNS[change.kind]
    if change.old is not None and change.new is not None:
        if isinstance(change.old, list) and isinstance(change.new, list) and (items := _items(change.old, change.new)):
            yield f"    {painter.signed(sign, what + at)}"
            yield from (f"        {painter.signed(mark, visible(_short(text, width)))}" for mark, text in items)
            return
        old, new = shortened(_text(change.old), _text(change.new), width)
        if len(old) + len(new) + len(what) <= width:
            yield f"    {painter.signed(sign, f'{what}{at}: {visible(old)} → {visible(new)}')}"
            return
        yield f"    {painter.signed(sign, what + at)}"
        yield f"        {painter.signed('-', visible(old))}"
        yield f"        {painter.signed('+', visible(new))}"
        return
    value = change.new if change.new is not None else change.old
    shown = _gist(value, change.name) if not change.field and isinstance(value, dict) else _text(value)
    shown = "" if shown == change.name else visible(_short(shown, width))
    yield f"    {painter.signed(sign, what + at)}" + (f": {shown}" if shown else "")


def _items(old: list[Data], new: list[Data]) -> list[tuple[str, str]]:
    """The texts of a list that went, and those that came; nothing where only their order is another."""
    before, after = Counter(map(_text, old)), Counter(map(_text, new))
    gone, come = before - after, after - before
    return [*(("-", text) for text in gone.elements()), *(("+", text) for text in come.elements())]


def _gist(entry: dict[str, Data], name: str) -> str:
    """What a whole entry says, beyond its name, in a line: its longest text, a link only for want of words."""
    texts = [value for value in entry.values() if isinstance(value, str) and value != name]
    return max(texts, key=lambda text: (" " in text, len(text)), default="")


def _section_lines(section: SectionChange, mark: Mark | None, painter: _Painter, width: int) -> Iterator[str]:
    title = visible(section.title) or "before the first heading"
    at = f" (line {mark.line})" if mark is not None else ""
    if section.kind == "reordered":
        yield f"    {painter.signed('~', 'the sections stand in another order')}"
        return
    lines = text_difference(section.old, section.new)
    counts = Counter(line[:1] for line in lines)
    if section.kind in {"added", "removed"}:
        yield f"    {painter.signed(_SIGNS[section.kind], f'section {title}{at}')}: {_counted(len(lines), 'line', '')}"
        return
    renamed = f" renamed from {visible(section.old_title)}" if section.kind == "renamed" else ""
    yield f"    {painter.signed('~', f'section {title}{at}{renamed}')}: +{counts['+']} -{counts['-']} lines"
    yield from (f"        {line}" for line in _excerpt(lines, painter, width))


def _excerpt(lines: list[str], painter: _Painter, width: int) -> Iterator[str]:
    """The first lines of a difference, each cut around what differs from its neighbour."""
    shown = lines[:_SHOWN]
    gone = [line[1:] for line in shown if line.startswith("-")]
    come = [line[1:] for line in shown if line.startswith("+")]
    if len(gone) == len(come) == 1:
        gone[0], come[0] = shortened(gone[0], come[0], width)
        shown = [f"-{gone[0]}", f"+{come[0]}"]
    for line in shown:
        sign = line[:1]
        yield painter.signed(sign, visible(_short(line[1:], 2 * width))) if sign in "+-" else line
    if len(lines) > _SHOWN:
        yield f"… {len(lines) - _SHOWN:,} more lines"


def _source_lines(source: SourceChange, painter: _Painter, width: int) -> Iterator[str]:
    name = f" {visible(_short(source.name, width // 2))}" if source.name else ""
    yield painter.signed(_SIGNS[source.kind], f"source{name} <{source.iri}>")
    for prop, old, new in source.properties:
        if len(old) == len(new) == 1:
            before, after = shortened(old[0], new[0], width)
            yield f"    {painter.signed('~', f'{prop}: {visible(before)} → {visible(after)}')}"
            continue
        yield from (f"    {painter.signed('-', f'{prop}: {visible(_short(value, width))}')}" for value in old)
        yield from (f"    {painter.signed('+', f'{prop}: {visible(_short(value, width))}')}" for value in new)


def _text(value: Data | None) -> str:
    """A value in one line."""
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"
