"""`kbgraph schema`."""

from __future__ import annotations

from pathlib import Path

import click

from kbgraph.cli.exits import CONFORMS
from kbgraph.cli.talk import write_bytes
from kbgraph.config import find_settings
from kbgraph.project import check_settings
from kbgraph.schema import DRAFTS, schema_of, to_json

__all__ = ["schema"]


@click.command()
@click.option(
    "--draft",
    type=click.Choice(list(DRAFTS)),
    default="2020-12",
    show_default=True,
    help="Draft of JSON Schema to name; the rest is the same.",
)
def schema(draft: str) -> int:
    """Write the JSON Schema of the front matter, for editors.

    The project's own aliases are in it. docs/writing.md says how to use it.

    \b
    Examples:
      kbgraph schema > front-matter.schema.json
      kbgraph schema --draft 7 > front-matter.schema.json
    """
    settings = find_settings(Path.cwd())
    check_settings(settings)
    write_bytes(to_json(schema_of(settings.aliases, draft)))
    return CONFORMS
