"""`kbgraph explain`."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

import click

from kbgraph.cli.exits import CONFORMS
from kbgraph.cli.talk import colour_on
from kbgraph.errors import Severity, UsageError

if TYPE_CHECKING:
    from kbgraph.explanations import Explanation

__all__ = ["explain"]

_STYLES = {Severity.VIOLATION: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


@click.command()
@click.argument("codes", nargs=-1, metavar="[CODE]...")
def explain(codes: tuple[str, ...]) -> int:
    """Say what codes of problems mean, why they matter, and how it is done right.

    A CODE may be the name or the IRI of a shape, too. Without any, all codes are listed.

    \b
    Examples:
      kbgraph explain KB301
      kbgraph explain kb007 kb106
      kbgraph explain kbs:ArticleId
      kbgraph explain | grep date
    """
    from kbgraph.explanations import explanations, find_explanation, nearest

    found: list[Explanation] = []
    for code in codes:
        explained = find_explanation(code)
        if explained is None:
            near = nearest(code)
            raise UsageError(f"there is no code {code!r}" + (f"; did you mean {near}?" if near else ""))
        found.append(explained)
    lines = _list(explanations().values()) if not codes else _pages(found)
    colour = colour_on(sys.stdout)
    for line in lines:
        click.echo(line if colour else click.unstyle(line))
    return CONFORMS


def _list(table: Iterable[Explanation]) -> Iterator[str]:
    """Every code with its title, by group."""
    for number, (group, members) in enumerate(groupby(table, key=lambda each: each.group)):
        if number:
            yield ""
        yield click.style(group, bold=True)
        for each in members:
            yield f"  {click.style(each.code, fg=_STYLES[each.severity])}  {each.severity.value:<9}  {each.title}"


def _pages(found: Iterable[Explanation]) -> Iterator[str]:
    for number, each in enumerate(found):
        if number:
            yield ""
        yield from _page(each)


def _page(each: Explanation) -> Iterator[str]:
    """One code: what it says, what it means, why it matters, and an example."""
    from kbgraph.explanations import FORMS

    head = click.style(f"{each.code} {each.severity.value}", fg=_STYLES[each.severity], bold=True)
    yield f"{head}: {each.title}"
    for paragraph in (each.means, each.why, f"What to do: {each.hint}" if each.hint else ""):
        if paragraph:
            yield ""
            yield from textwrap.wrap(paragraph, _width())
    for title, text in (("Given these shapes", each.given), ("Wrong", each.wrong), ("Right", each.right)):
        if text:
            form = "" if text == each.given else f" ({FORMS[each.form][0].lower()}{FORMS[each.form][1:]})"
            yield ""
            yield click.style(f"{title}{form}:", bold=True)
            yield from ("    " + line if line else "" for line in text.rstrip().split("\n"))
    if each.shape:
        yield ""
        yield f"Shape: {each.shape}"


def _width() -> int:
    return max(40, min(100, shutil.get_terminal_size().columns))
