"""`kbgraph push` and `kbgraph pull`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kbgraph.cli.exits import CONFORMS, VIOLATIONS
from kbgraph.cli.graphs import GRAPH
from kbgraph.cli.talk import counted, progress_bar, say, write_bytes
from kbgraph.config import Settings, checked_base, find_settings
from kbgraph.errors import UsageError

if TYPE_CHECKING:
    from kbgraph.push.store import Store

__all__ = ["pull", "push"]

#: Graphs, and statements of one, that are shown.
_SHOWN = 5


def _endpoints(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say how to speak to a store."""
    for option in (
        click.option("--plain-http", is_flag=True, help="Send passwords over http to other machines, for all to read."),
        click.option("--jobs", "-j", type=click.IntRange(1, 32), metavar="N", help="Requests at a time."),
        click.option("--graph-store", metavar="URL", help="Its endpoint for the Graph Store Protocol."),
        click.option("--update", metavar="URL", help="Its endpoint for updates."),
        click.option("--query", metavar="URL", help="Its endpoint for queries."),
        click.option("--store", metavar="NAME", help="What it is, see docs/publishing.md.  [default: asked of it]"),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("url", metavar="URL")
@GRAPH
@_endpoints
@click.option("--dry-run", is_flag=True, help="Say what would be sent and deleted, and only ask.")
@click.option(
    "--prune/--no-prune", default=True, help="Delete graphs of earlier pushes that are gone.  [default: prune]"
)
def push(url: str, graph: Path | None, dry_run: bool, prune: bool, jobs: int | None, **given: Any) -> int:
    """Publish a build to a triple store: only what changed travels, and is counted at the end.

    URL is the address of the store. User and password are those of KBGRAPH_USER and
    KBGRAPH_PASSWORD, a token that of KBGRAPH_TOKEN, or what netrc has for the host. A push that
    was interrupted is finished by the next one. Graphs that kbgraph did not write stay as they are.

    \b
    Examples:
      kbgraph push http://localhost:7878
      kbgraph push http://localhost:3030/kb --store fuseki --dry-run
      kbgraph push https://kb.example/sparql --update https://kb.example/update
    """
    from kbgraph.push.sending import push as send
    from kbgraph.push.sending import survey

    started = time.monotonic()
    settings = find_settings(Path.cwd())
    with _store(url, settings, given) as store:
        found = survey(graph or Path(settings.out), store, prune=prune)
        plan = found.plan
        if dry_run:
            lines = [f"put {name} {found.entries[name].size}\n" for name in plan.put]
            lines += [f"delete {name}\n" for name in plan.delete]
            write_bytes("".join(lines).encode())
            say(
                f"would send {counted(len(plan.put), 'graph')} of {counted(found.size, 'triple')}, "
                f"delete {len(plan.delete):,}; {len(plan.same):,} unchanged"
            )
            return CONFORMS
        with progress_bar(found.size, "triples") as bar:
            done = send(found, store, jobs or 0, bar)
    say(
        f"{counted(done.sent, 'graph')} sent, {done.deleted:,} deleted, {done.same:,} unchanged; "
        f"{counted(done.triples, 'triple')} sent, {done.counted:,} counted in the store; "
        f"{time.monotonic() - started:.1f} s"
    )
    return CONFORMS


@click.command()
@click.argument("url", metavar="URL")
@click.option("--out", "-o", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Folder of graph.nq.")
@click.option("--base", metavar="IRI", help="Which dataset, by the IRI that it lies under.  [default: the only one]")
@click.option("--against", type=click.Path(path_type=Path), metavar="PATH", help="A build to compare with, by value.")
@click.option("--force", is_flag=True, help="Replace a graph.nq that exists.")
@_endpoints
def pull(
    url: str, out: Path, base: str | None, against: Path | None, force: bool, jobs: int | None, **given: Any
) -> int:
    """Read what was pushed back from a store, as DIR/graph.nq.

    Each graph must have as many triples as were pushed. Where a store has changed literals, the
    graphs are named, and with --against also the statements that are not the same by value
    (exit code 1). Credentials are those of kbgraph push.

    \b
    Examples:
      kbgraph pull http://localhost:7878 -o pulled
      kbgraph pull http://localhost:8890 -o pulled --against out
    """
    from kbgraph.dataset import read_dataset
    from kbgraph.files import write_whole
    from kbgraph.push.pulling import base_in, differences
    from kbgraph.push.pulling import pull as fetch

    target = out / "graph.nq"
    if target.exists() and not force:
        raise UsageError(f"'{target}' exists already; --force replaces it")
    dataset = read_dataset(against) if against is not None else None
    with _store(url, find_settings(Path.cwd()), given) as store:
        fetched = fetch(store, base_in(store, checked_base(base) if base else ""), jobs or 0)
    write_whole(target, b"".join(fetched.lines))
    say(f"{counted(fetched.graphs, 'graph')} of {counted(len(fetched.lines), 'triple')} in {target}")
    if fetched.changed:
        _say_some(
            f"the store has changed the text of {counted(len(fetched.changed), 'graph')}",
            [f"<{name}>" if name else "the default graph" for name in fetched.changed],
        )
    if dataset is None:
        return VIOLATIONS if fetched.changed else CONFORMS
    found = differences(fetched.lines, dataset)
    for each in found[:_SHOWN]:
        name = f"<{each.graph}>" if each.graph else "the default graph"
        _say_some(
            f"{name}: {counted(len(each.missing), 'statement')} missing",
            [line.decode().strip() for line in each.missing],
        )
        _say_some(
            f"{name}: {counted(len(each.added), 'statement')} added", [line.decode().strip() for line in each.added]
        )
    say(f"{counted(len(found), 'graph')} with other statements" if found else f"the same as {against}, by value")
    return VIOLATIONS if found else CONFORMS


def _say_some(headline: str, members: list[str]) -> None:
    if members:
        more = [f"and {len(members) - _SHOWN:,} more"] if len(members) > _SHOWN else []
        say("\n  ".join([headline, *members[:_SHOWN], *more]))


@contextmanager
def _store(url: str, settings: Settings, given: dict[str, Any]) -> Iterator[Store]:
    """The store at an address, and what it was taken for."""
    from kbgraph.push.credentials import checked_url, shown_url
    from kbgraph.push.http import Client
    from kbgraph.push.profiles import GENERIC, addresses_of, guessed, profile_of
    from kbgraph.push.store import Store

    checked_url(url)
    profile = profile_of(given["store"]) if given["store"] else None
    with Client(settings.limits, prompt=_prompt if sys.stdin.isatty() else None, plain=given["plain_http"]) as client:
        if profile is None:
            profile = guessed(client, url)
            guess = "a store that does not say which" if profile is GENERIC else profile.title
            say(f"{shown_url(url)} is taken for {guess}; --store says otherwise")
        addresses = addresses_of(
            profile, url, query=given["query"], update=given["update"], graphs=given["graph_store"]
        )
        yield Store(client, addresses, settings.limits)


def _prompt(host: str) -> tuple[str, str] | None:
    user = click.prompt(f"User of {host}", err=True, default="", show_default=False)
    return (user, click.prompt("Password", err=True, hide_input=True)) if user else None
