"""`kbgraph serve` and `kbgraph site`."""

from __future__ import annotations

from pathlib import Path

import click

from kbgraph.cli.exits import CONFORMS
from kbgraph.cli.graphs import GRAPH
from kbgraph.cli.talk import counted, say
from kbgraph.config import checked_base, find_settings
from kbgraph.errors import UsageError

__all__ = ["serve", "site"]


@click.command()
@click.argument("out", required=False, type=click.Path(path_type=Path), metavar="[OUT|FILE]")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 for a free one.")
@click.option("--root-path", default="", metavar="PATH", help="Path under which a proxy serves this, such as /kb.")
@click.option("--base-url", default="", metavar="URL", help="Where this is reached from outside, for the sitemap.")
@click.option("--timeout", type=click.IntRange(1, 3600), metavar="SECONDS", help="Seconds that a query may take.")
@click.option(
    "--rate", type=click.IntRange(0), metavar="N", help="Queries of one client in a minute; 0 for any number."
)
@click.option("--trust-proxy", is_flag=True, help="Believe what a proxy says of who asks (X-Forwarded-For).")
@click.option("--quiet", "-q", is_flag=True, help="Keep no log of requests.")
def serve(
    out: Path | None,
    host: str,
    port: int,
    root_path: str,
    base_url: str,
    timeout: int | None,
    rate: int | None,
    trust_proxy: bool,
    quiet: bool,
) -> int:
    """Serve a graph: a page for every IRI, its data, search, and a SPARQL endpoint; read-only.

    OUT is the folder of a build (by default the project's output folder); a newer build in it is
    gone on with. The log of requests goes to standard error. Needs the extra 'serve'.

    \b
    Examples:
      kbgraph serve
      kbgraph serve out --port 8080
      kbgraph serve out --root-path /kb --base-url https://example.org/kb/ --trust-proxy
    """
    from dataclasses import replace

    from kbgraph.files import folder_aside

    settings = find_settings(Path.cwd())
    limits = settings.limits
    if timeout is not None:
        limits = replace(limits, query_seconds=timeout)
    if rate is not None:
        limits = replace(limits, serve_rate=rate)
    if root_path and (not root_path.startswith("/") or root_path.endswith("/") or "?" in root_path):
        raise UsageError(f"--root-path {root_path!r} must begin with '/' and not end in it, such as /kb")
    try:
        from kbgraph.serve.app import Options
        from kbgraph.serve.running import run
    except ModuleNotFoundError as error:
        raise UsageError(f"this needs {error.name}: pip install 'kbgraph[serve]'") from None
    with folder_aside() as aside:
        options = Options(
            path=out or Path(settings.out),
            settings=settings.changed(limits=limits),
            root_path=root_path,
            base_url=checked_base(base_url) if base_url else "",
            aside=aside,
            told=say,
            trust_proxy=trust_proxy,
            log=None if quiet else say,
        )
        run(options, host, port)
    return CONFORMS


@click.command()
@click.option("--out", "-o", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Folder to write.")
@GRAPH
@click.option("--base-url", default="", metavar="URL", help="Where the site will be, for the sitemap.")
@click.option("--jobs", "-j", type=click.IntRange(0), default=0, help="Processes to work with; 0 for all processors.")
def site(out: Path, graph: Path | None, base_url: str, jobs: int) -> int:
    """Write a graph as a site for any web host: pages, data, search and the graph, with relative links.

    DIR is replaced as a whole at the end; one that kbgraph did not write is refused. The pages work
    from disk, too. Needs the extra 'serve'.

    \b
    Examples:
      kbgraph site -o public
      kbgraph site -o public --graph out --base-url https://example.org/kb/
    """
    settings = find_settings(Path.cwd())
    try:
        from kbgraph.serve.site import write_site
    except ModuleNotFoundError as error:
        raise UsageError(f"this needs {error.name}: pip install 'kbgraph[serve]'") from None
    root = checked_base(base_url) if base_url else ""
    files, size = write_site(graph or Path(settings.out), out, root, settings, jobs, say)
    say(f"{counted(files, 'file')} in {out}, {size:,} bytes")
    return CONFORMS
