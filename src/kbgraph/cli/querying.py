"""`kbgraph query`."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kbgraph.cli.exits import CONFORMS
from kbgraph.cli.graphs import GRAPH
from kbgraph.cli.talk import counted, say, write_bytes
from kbgraph.errors import UsageError

if TYPE_CHECKING:
    from kbgraph.config import Limits, Settings
    from kbgraph.query.asking import Request

__all__ = ["query"]

#: Those of `kbgraph.query.formats`; a test compares them, since importing that one takes its time.
_FORMATS = ("table", "json", "csv", "tsv", "xml", "markdown", "parquet", "turtle", "nt", "jsonld")


@click.command()
@click.argument("text", required=False, metavar="QUERY")
@GRAPH
@click.option("--endpoint", metavar="URL", help="A SPARQL endpoint to ask instead.")
@click.option(
    "--format",
    "-f",
    type=click.Choice(_FORMATS),
    metavar="FORMAT",
    help=f"How to write the answer: {', '.join(_FORMATS)}.  [default: table; turtle for a graph]",
)
@click.option("--param", "-p", "params", multiple=True, metavar="NAME=VALUE", help="The value of a variable.")
@click.option("--limit", "-n", type=click.IntRange(min=0), metavar="N", help="Rows or triples to show.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=1e6),
    metavar="SECONDS",
    help="How long the query may take.  [default: 30]",
)
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="FILE", help="File to write the answer to.")
@click.option("--list", "as_list", is_flag=True, help="The queries that have names.")
def query(
    text: str | None,
    graph: Path | None,
    endpoint: str | None,
    format: str | None,
    params: tuple[str, ...],
    limit: int | None,
    timeout: float | None,
    output: Path | None,
    as_list: bool,
) -> int:
    """Ask the graph a question in SPARQL.

    QUERY is SPARQL, @FILE, the name of a query (see --list), or - for standard input. The usual
    prefixes need no declaration; all graphs are asked as one, unless the query names a dataset.
    A VALUE is <IRI>, schema:Person, https://…, "text", "text"@en, 12, 0.5, true or 2026-01-31; anything
    else is text.

    \b
    Examples:
      kbgraph query 'SELECT ?name WHERE { ?a a kb:Article ; schema:name ?name }'
      kbgraph query @facts.rq -p since=2026-01-01 -f csv -o facts.csv
      kbgraph query 'DESCRIBE <article/ai/attention>'
      kbgraph query --list
    """
    if as_list:
        return _list(as_json=format == "json")
    if text is None:
        raise UsageError("there is no query: give SPARQL, @FILE, a name (see --list), or - for standard input")
    if endpoint is not None and graph is not None:
        raise UsageError("--graph and --endpoint both say what to ask; give one of them")
    if format == "parquet" and output is None and sys.stdout is not None and sys.stdout.isatty():
        raise UsageError("a terminal cannot show Parquet; write it with -o FILE")
    width = _columns() if output is None else None
    if endpoint is not None:
        from kbgraph.query.remote import ask_endpoint

        reply = ask_endpoint(endpoint, _request(text, params, graph, format, limit, timeout, width))
    else:
        from kbgraph.query.asking import ask, started

        with started() as process:  # it needs as long to start as what follows
            reply = ask(process, _request(text, params, graph, format, limit, timeout, width), say)
    if output is None:
        write_bytes(reply.data)
    else:
        from kbgraph.files import write_whole

        write_whole(output, reply.data)
    if reply.cut is not None:
        noun = "row" if reply.kind == "rows" else "triple"
        say(f"cut after {counted(reply.cut, noun)}: there are more (--limit)")
    elif output is not None and reply.kind != "truth":
        say(f"{counted(reply.size, 'row' if reply.kind == 'rows' else 'triple')} in {output}")
    return CONFORMS


def _columns() -> int | None:
    """The width of the terminal that standard output is; None where it is none."""
    if sys.stdout is None or not sys.stdout.isatty():
        return None
    return shutil.get_terminal_size().columns


def _request(
    text: str,
    params: tuple[str, ...],
    graph: Path | None,
    format: str | None,
    limit: int | None,
    timeout: float | None,
    width: int | None,
) -> Request:
    from kbgraph.config import find_settings
    from kbgraph.query.asking import Request

    settings = find_settings(Path.cwd())
    wanted, values = _wanted(text, _given(params), settings)
    seconds = float(settings.limits.query_seconds) if timeout is None else timeout
    path = graph if graph is not None else Path(settings.out)
    return Request(path, wanted, values, format, limit, seconds, width, settings.limits)


def _given(params: tuple[str, ...]) -> dict[str, str]:
    """The values of -p, by name."""
    given: dict[str, str] = {}
    for each in params:
        name, equals, value = each.partition("=")
        name = name.strip().removeprefix("?").removeprefix("$")
        if not equals or not re.fullmatch(r"\w+", name):
            raise UsageError(f"-p {each!r} is not NAME=VALUE, such as category=ai")
        if name in given:
            raise UsageError(f"-p gives {name!r} twice")
        given[name] = value
    return given


def _wanted(text: str, given: Mapping[str, str], settings: Settings) -> tuple[str, dict[str, tuple[str, str]]]:
    """The text of the query, and the values of its variables with their kinds."""
    from kbgraph.query.named import find_query, has_header, is_name, parse_query, values_for

    if is_name(text):
        named = find_query(text, settings)
        return named.text, values_for(given, named.parameters, named.name)
    where = "query"
    if text == "-":
        text = _standard_input(settings.limits)
    elif text.startswith("@"):
        from kbgraph.files import read_text

        where = text[1:]
        text = read_text(Path(where), 4 * settings.limits.query_chars)
    if has_header(text):
        named = parse_query(where, text, where)
        return named.text, values_for(given, named.parameters, named.name)
    return text, {name: ("", value) for name, value in given.items()}


def _standard_input(limits: Limits) -> str:
    if sys.stdin is None:
        raise UsageError("standard input is closed")
    data = sys.stdin.buffer.read(4 * limits.query_chars + 1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("the query in standard input is not UTF-8") from None


def _list(*, as_json: bool) -> int:
    from kbgraph.config import find_settings
    from kbgraph.query.named import named_queries

    found = named_queries(find_settings(Path.cwd())).values()
    if as_json:
        listed = [
            {
                "name": each.name,
                "title": each.title,
                "answers": each.answers,
                "parameters": [
                    {"name": one.name, "kind": one.kind, "default": one.default, "about": one.about}
                    for one in each.parameters
                ],
            }
            for each in found
        ]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=1))
        return CONFORMS
    for each in found:
        click.echo(f"{each.name}: {each.title}\n    {each.answers}")
        for one in each.parameters:
            default = f" [{one.default}]" if one.default is not None else ""
            click.echo(f"    -p {one.name}=… ({one.kind}){default}: {one.about}")
    return CONFORMS
