"""Writes the pages of docs/ that are made from the program: run it after a change, `make docs`.

Tests compare these pages with what this file makes, so that they cannot lie.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import click

from kbgraph.cli import cli
from kbgraph.config import Settings
from kbgraph.explanations import FORMS, Explanation, explanations
from kbgraph.fields import ARTICLE
from kbgraph.kinds import Field, Table
from kbgraph.push.profiles import PROFILES
from kbgraph.query.named import Parameter, named_queries

__all__ = ["pages"]

DOCS = Path(__file__).resolve().parent


def pages() -> dict[str, str]:
    """Every generated page by its file name."""
    return {
        "cli.md": _page(_cli()),
        "problems.md": _page(_problems()),
        "fields.md": _page(_fields()),
        "queries.md": _page(_queries()),
        "publishing.md": _with_stores((DOCS / "publishing.md").read_text(encoding="utf-8")),
    }


def _with_stores(text: str) -> str:
    """The page about publishing, with the table of stores as the program has it."""
    before, mark, rest = text.partition("docs/generate.py -->\n")
    return f"{before}{mark}{_page(_stores())}{rest[rest.index('<!-- end -->') :]}"


def _stores() -> Iterator[str]:
    yield "| `--store` | store | URL | query | update | graph store | credentials | to know |"
    yield "|---|---|---|---|---|---|---|---|"
    for each in PROFILES.values():
        ends = ("URL" if not end else f"`{end}`" for end in (each.query, each.update))
        graphs = "" if each.graphs is None else f"`{each.graphs or '/'}?{each.parameter}=`"
        cells = (f"`{each.name}`", each.title, each.address, *ends, graphs, each.credentials, each.notes)
        yield "| " + " | ".join(cells) + " |"


def _page(lines: Iterator[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


def _cli() -> Iterator[str]:
    yield "# Command line\n\nMade from `kbgraph --help`; do not edit.\n"
    yield "Exit codes: 0 the data conforms; 1 it has violations (everything is still written);"
    yield "2 wrong usage; 3 could not run; 4 stopped by a limit; 130 stopped by Ctrl-C.\n"
    context = click.Context(cli, info_name="kbgraph", terminal_width=100, **cli.context_settings)
    yield f"```\n{cli.get_help(context)}\n```\n"
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context, terminal_width=100)
        yield f"## kbgraph {name}\n\n```\n{command.get_help(inner)}\n```\n"


def _problems() -> Iterator[str]:
    yield "# Problems\n\nMade from the table of rules, the shapes and explanations/; do not edit.\n"
    yield "`kbgraph explain CODE` shows the same. An example is a part of an article in which all else is"
    yield "well; a test proves that the wrong one gives its code, and that the right one does not.\n"
    groups = {group: list(each) for group, each in groupby(explanations().values(), key=lambda each: each.group)}
    for group, members in groups.items():
        yield f"## {group}\n\n| code | severity | what it says | what to do |\n|---|---|---|---|"
        for each in members:
            cells = (f"[{each.code}](#{each.code})", each.severity.value, each.title, each.hint)
            yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
        yield ""
    for each in explanations().values():
        yield from _problem(each)


def _problem(each: Explanation) -> Iterator[str]:
    """A code with an anchor of its own, which links in reports lead to."""
    yield f'### <a id="{each.code}"></a>{each.code}: {each.title}\n'
    shape = f" It is the shape `kbs:{each.name}`." if each.name else ""
    yield f"{each.severity.value.capitalize()}. {each.means} {each.why} {each.hint}{shape}\n"
    form = FORMS[each.form][0].lower() + FORMS[each.form][1:]
    given = f"Given these shapes:\n\n```turtle\n{each.given}```\n" if each.given else ""
    yield f"{given}\nWrong ({form}):\n\n```\n{each.wrong}```\n\nRight:\n\n```\n{each.right}```\n".lstrip("\n")


def _fields() -> Iterator[str]:
    yield "# Front matter\n\nMade from the table of fields; do not edit.\n"
    yield "A field in **bold** is needed. Any other key is kept in the graph as `kb:extra`, and said.\n"
    yield from _table(ARTICLE)
    shown: list[Table] = []
    for field in ARTICLE.fields:
        if field.members is not None and field.members not in shown:
            shown.append(field.members)
            yield f"\n## An entry of `{field.name}`\n"
            yield from _table(field.members)


def _table(table: Table) -> Iterator[str]:
    yield "| field | what it is | kind | property | example |\n|---|---|---|---|---|"
    for field in table.fields:
        yield f"| {_name(field)} | {field.description} | {field.kind.value} | `{field.property}` | {_example(field)} |"


def _name(field: Field) -> str:
    names = f"`{field.name}`" + "".join(f", also `{alias}`" for alias in field.aliases)
    return f"**{names}**" if field.required else names


def _example(field: Field) -> str:
    return f"`{field.example}`" if field.example else ""


def _queries() -> Iterator[str]:
    """The queries with names, from their first lines."""
    queries = named_queries(Settings()).values()
    yield "# Queries with names\n\nMade from queries/*.rq; do not edit.\n"
    yield "`kbgraph query NAME` asks one of them, with `-p name=value` for each parameter. They are plain SPARQL 1.1"
    yield "with all prefixes declared, and every parameter can be left out: they run as they are on any endpoint whose"
    yield "default graph is the union of all graphs, as that of kbgraph is; elsewhere, name the graphs with `FROM`."
    yield "Rows have a fixed order. The column `line` comes from [`kb:line`](places.md#in-queries), a function of"
    yield "kbgraph's: `--endpoint` leaves it empty; whoever asks another store by other means takes it out.\n"
    yield "| name | what it answers | parameters |\n|---|---|---|"
    for each in queries:
        names = ", ".join(f"`{parameter.name}`" for parameter in each.parameters)
        yield f"| [{each.name}](#{each.name}) | {each.answers} | {names} |"
    for each in queries:
        yield f"\n## {each.name}\n\n{each.title}: {each.answers[0].lower()}{each.answers[1:]}\n"
        yield from map(_parameter, each.parameters)
        text = "\n".join(line for line in each.text.splitlines() if not line.startswith("#")).strip()
        yield f"{chr(10) if each.parameters else ''}```sparql\n{text}\n```"


def _parameter(each: Parameter) -> str:
    default = f" Without it, {each.default}." if each.default is not None else ""
    return f"- `{each.name}`, {each.kind}: {each.about}.{default}"


if __name__ == "__main__":
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")
