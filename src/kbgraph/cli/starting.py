"""`kbgraph init`, `new` and `completion`: what one needs to begin."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from kbgraph import template
from kbgraph.cli.exits import CONFORMS
from kbgraph.cli.talk import say
from kbgraph.errors import UsageError
from kbgraph.files import add_line, write_new

__all__ = ["completion", "init", "new"]


@click.command()
@click.argument("folder", default=".", type=click.Path(path_type=Path))
def init(folder: Path) -> int:
    """Make a small project: settings, one article that builds, what git should ignore.

    \b
    Examples:
      kbgraph init
      kbgraph init my-project
    """
    files = template.project_files(date.today())
    ignored = files.pop(".gitignore")
    for name in files:
        if (folder / name).exists():
            raise UsageError(f"'{folder / name}' exists already; nothing was changed")
    for name, text in files.items():
        write_new(folder / name, text)
        say(f"made {folder / name}")
    if add_line(folder / ".gitignore", ignored.strip()):
        say(f"made {folder / '.gitignore'}")
    say("next: kbgraph build" if folder == Path() else f"next: cd {folder} && kbgraph build")
    return CONFORMS


@click.command()
@click.argument("title")
@click.option("--category", default="general", show_default=True, help="Its subject, and the folder it is put into.")
@click.option("--language", default="en", show_default=True, metavar="TAG", help="The language it will be written in.")
@click.option(
    "--in", "folder", default="seeds", show_default=True, type=click.Path(path_type=Path), help="Where to put it."
)
def new(title: str, category: str, language: str, folder: Path) -> int:
    """Make an article with every field explained.

    \b
    Example:
      kbgraph new "Word Embeddings" --category ai
    """
    steps = [template.slug_of(step) for step in category.split("/") if step.strip()]
    path = folder.joinpath(*steps, template.slug_of(title) + ".md")
    write_new(path, template.new_article(title, "/".join(steps), language, date.today()))
    click.echo(path)
    say("fill in atomic_facts and primary_sources; kbgraph check says what is missing")
    return CONFORMS


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print the completion script of a shell.

    \b
    Examples:
      kbgraph completion bash >> ~/.bashrc
      kbgraph completion fish > ~/.config/fish/completions/kbgraph.fish
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise UsageError(f"there is no completion for {shell}")
    click.echo(kind(click.get_current_context().find_root().command, {}, "kbgraph", "_KBGRAPH_COMPLETE").source())
    return CONFORMS
