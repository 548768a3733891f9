"""`kbgraph restore`."""

from __future__ import annotations

from pathlib import Path

import click

from kbgraph.cli.exits import CONFORMS, VIOLATIONS
from kbgraph.cli.talk import counted, say
from kbgraph.config import find_settings

__all__ = ["restore"]

#: How many losses of one article are shown.
_SHOWN = 5


@click.command()
@click.argument("source", type=click.Path(path_type=Path), metavar="OUT|FILE")
@click.option(
    "--out", "-o", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Folder to write articles to."
)
@click.option("--force", is_flag=True, help="Replace files that exist.")
def restore(source: Path, out: Path, force: bool) -> int:
    """Write the articles of a graph back as Markdown.

    OUT is the folder of a build; FILE a graph in N-Quads, TriG, JSON-LD, Turtle or N-Triples. The
    body of each article comes back byte for byte, its front matter with the same keys, values
    and order; quotes, comments and line breaks in the front matter are not in the graph. Each
    article is read and converted again, and what differs from the graph is said (exit code 1).

    \b
    Examples:
      kbgraph restore out -o articles
      kbgraph restore graph.trig -o articles --force
    """
    from kbgraph.dataset import read_dataset
    from kbgraph.restore import restore as restore_articles

    settings = find_settings(Path.cwd())
    written = identical = lost = 0
    for article in restore_articles(read_dataset(source), out, force=force, settings=settings):
        written += article.written
        identical += article.written and article.identical
        lost += bool(article.losses)
        for loss in article.losses[:_SHOWN]:
            say(f"{article.path or article.article}: {loss}")
        if len(article.losses) > _SHOWN:
            say(f"{article.path or article.article}: and {len(article.losses) - _SHOWN:,} more")
    say(f"{counted(written, 'article')} in {out}, {identical:,} of them to the byte")
    if lost:
        say(f"{counted(lost, 'article')} could not be restored in full")
    return VIOLATIONS if lost else CONFORMS
