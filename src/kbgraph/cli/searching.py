"""`kbgraph search`."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import click

from kbgraph.cli.exits import CONFORMS
from kbgraph.cli.graphs import GRAPH
from kbgraph.cli.talk import colour_on, counted, say, write_bytes
from kbgraph.errors import UsageError

__all__ = ["search"]

#: Those of `kbgraph.search.showing` and `kbgraph.search.index`; a test compares them.
_FORMATS = ("table", "json", "tsv", "markdown")
_KINDS = ("article", "fact", "dispute", "source", "gap", "section", "category", "person", "organisation")

#: An argument that is a word with a minus sign, and not an option with its value, such as `-n5` and `-fjson`.
_WITHOUT = re.compile(rf"(?!-f(?:{'|'.join(_FORMATS)})$|-t(?:{'|'.join(_KINDS)})$)-(?:[^\W\d_]\w|\").*", re.DOTALL)


class _Search(click.Command):
    """A command whose words may begin with a minus sign."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The words and options; what is kept from being an option has a space before it."""
        end = args.index("--") if "--" in args else len(args)
        before = [f" {each}" if _WITHOUT.fullmatch(each) else each for each in args[:end]]
        return super().parse_args(ctx, [*before, *args[end:]])


@click.command(cls=_Search)
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@GRAPH
@click.option(
    "--type",
    "-t",
    "kinds",
    multiple=True,
    type=click.Choice(_KINDS),
    metavar="KIND",
    help=f"Only such: {', '.join(_KINDS)}; may be given several times.",
)
@click.option(
    "--category", "-c", metavar="NAME", help="Only what belongs to articles of a category, or is cited there."
)
@click.option(
    "--limit", "-n", type=click.IntRange(min=1), default=10, show_default=True, metavar="N", help="Hits to show."
)
@click.option(
    "--format",
    "-f",
    type=click.Choice(_FORMATS),
    default="table",
    metavar="FORMAT",
    show_default=True,
    help=f"How to write them: {', '.join(_FORMATS)}.",
)
@click.option(
    "--cache-dir",
    envvar="KBGRAPH_CACHE_DIR",
    metavar="DIR",
    help="Folder to keep the index in.  [default: .cache in the folder of the build]",
)
def search(
    words: tuple[str, ...],
    graph: Path | None,
    kinds: tuple[str, ...],
    category: str | None,
    limit: int,
    format: str,
    cache_dir: str | None,
) -> int:
    """Find articles, facts, sections, sources, gaps and disputes by what they say, and people and topics by name.

    All the words must be there, in any form of case and accents; the last may be the beginning of one.
    '"two words"' (mind the quotes of your shell) stand side by side, -word must not be there, begin*
    begins one. Titles count more than facts, and these more than sections.

    \b
    Examples:
      kbgraph search attention
      kbgraph search knowledge graph -reasoning --type fact
      kbgraph search '"error correction"' --category science -f json
    """
    from kbgraph.config import find_settings
    from kbgraph.search.index import Index
    from kbgraph.search.showing import shown
    from kbgraph.search.wanted import wanted_of

    settings = find_settings(Path.cwd())
    text = " ".join(words)
    if not wanted_of(text, settings.limits.search_words).phrases:
        raise UsageError(f"there is no word to look for in {text.strip()[:60]!r}")
    folder = cache_dir or settings.cache_dir
    path = graph if graph is not None else Path(settings.out)
    with Index.open(path, Path(folder) if folder else None, settings.limits, say) as index:
        found = index.search(text, limit + 1, kinds=kinds, category=category)
        missing = () if found else index.missing(text)
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if is_terminal else None
    write_bytes(shown(found[:limit], format, width, bold=is_terminal and colour_on(sys.stdout)).encode())
    if not found:
        say("nothing found" + (f": no text holds {', '.join(map(repr, missing))}" if missing else ""))
    elif len(found) > limit:
        say(f"there are more than {counted(limit, 'hit')} (--limit)")
    return CONFORMS
