"""Hits as text: for a terminal, as JSON, TSV and Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from kbgraph.query.tables import escaped, harmless, width_of
from kbgraph.search.excerpts import Marked
from kbgraph.search.index import Hit

__all__ = ["FORMATS", "shown"]

#: The names of the formats.
FORMATS = ("table", "json", "tsv", "markdown")

_INDENT = "    "
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_COLUMNS = ("kind", "title", "within", "path", "line", "iri", "snippet", "score")


def shown(hits: Sequence[Hit], format: str, width: int | None = None, *, bold: bool = False) -> str:
    """Hits in one of `FORMATS`.

    Args:
        hits: what was found, the best first.
        format: the name of the format.
        width: the places of a line of a table; None for as many as it takes.
        bold: whether a table shows what was looked for in bold.
    """
    if format == "json":
        return json.dumps([_data(hit) for hit in hits], ensure_ascii=False, indent=1) + "\n"
    if format == "tsv":
        rows = [_COLUMNS, *(_cells(hit) for hit in hits)]
        return "".join("\t".join(" ".join(harmless(cell).split()) for cell in row) + "\n" for row in rows)
    if format == "markdown":
        return "".join(_markdown(hits))
    return "\n".join("".join(f"{line}\n" for line in _lines(hit, width, bold=bold)) for hit in hits)


def place_of(hit: Hit) -> str:
    """Where a hit is to be found: the article's file, with line and the id of a fact; the IRI of what is in none."""
    if not hit.path or hit.kind == "article":
        return hit.path or hit.iri
    place = hit.path if hit.line is None else f"{hit.path}:{hit.line}"
    return f"{place} #{hit.iri.partition('#')[2]}" if hit.kind == "fact" else place


def _data(hit: Hit) -> dict[str, object]:
    return {
        "kind": hit.kind,
        "iri": hit.iri,
        "title": hit.title.text,
        "titleMarks": hit.title.marks,
        "within": hit.within,
        "path": hit.path,
        "line": hit.line,
        "snippet": hit.snippet.text,
        "marks": hit.snippet.marks,
        "score": hit.score,
    }


def _cells(hit: Hit) -> tuple[str, ...]:
    line = "" if hit.line is None else str(hit.line)
    return (hit.kind, hit.title.text, hit.within, hit.path, line, hit.iri, hit.snippet.text, f"{hit.score:.3f}")


def _markdown(hits: Iterable[Hit]) -> Iterator[str]:
    yield "| kind | title | where | text |\n| --- | --- | --- | --- |\n"
    for hit in hits:
        title, snippet = (
            "".join(f"**{escaped(piece)}**" if is_hit else escaped(piece) for piece, is_hit in _tame(text).pieces())
            for text in (_titled(hit), hit.snippet)
        )
        yield f"| {hit.kind} | {title} | {escaped(harmless(place_of(hit)))} | {snippet} |\n"


def _titled(hit: Hit) -> Marked:
    """The title of a hit; that of a section behind the one of its article."""
    if hit.kind != "section" or not hit.within or hit.title.text == hit.within:
        return hit.title
    before = f"{hit.within} › "
    return Marked(before + hit.title.text, tuple((a + len(before), b + len(before)) for a, b in hit.title.marks))


def _lines(hit: Hit, width: int | None, *, bold: bool) -> Iterator[str]:
    about = f"{hit.kind}  {harmless(place_of(hit))}"
    yield _painted(_tame(_titled(hit)), bold=bold)
    yield f"{_INDENT}{_DIM}{about}{_PLAIN}" if bold else f"{_INDENT}{about}"
    snippet = _tame(hit.snippet)
    for begin, end in _broken(snippet.text, width and max(20, width - len(_INDENT))):
        marks = ((max(a, begin) - begin, min(b, end) - begin) for a, b in snippet.marks if a < end and b > begin)
        yield _INDENT + _painted(Marked(snippet.text[begin:end], tuple(marks)), bold=bold)


def _painted(text: Marked, *, bold: bool) -> str:
    return "".join(f"{_BOLD}{piece}{_PLAIN}" if bold and is_hit else piece for piece, is_hit in text.pieces())


def _tame(text: Marked) -> Marked:
    """The same as text that does nothing to a terminal; its marks are moved along."""
    if text.text.isprintable():
        return text
    pieces, marks, at = [], [], 0
    for piece, is_hit in text.pieces():
        tame = harmless(piece)
        if is_hit:
            marks.append((at, at + len(tame)))
        pieces.append(tame)
        at += len(tame)
    return Marked("".join(pieces), tuple(marks))


def _broken(text: str, width: int | None) -> Iterator[tuple[int, int]]:
    """Where the lines of a text begin and end, broken at spaces where there are some."""
    if width is None:
        if text:
            yield 0, len(text)
        return
    begin = 0
    while begin < len(text):
        end, places = begin, 0
        while end < len(text) and places + width_of(text[end]) <= width:
            places += width_of(text[end])
            end += 1
        if end < len(text) and text[end] != " ":
            space = text.rfind(" ", begin, end)
            end = space if space > begin else end
        yield begin, end
        begin = end + 1 if text[end : end + 1] == " " else end
