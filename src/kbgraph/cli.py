"""The command line: options in, one call, exit code out. The only file that prints.

Data goes to standard output, talk to standard error. Exit codes: 0 the data conforms, 1 it has
violations, 2 wrong usage, 3 could not run, 4 stopped by a limit, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import click
from click.shell_completion import get_completion_class

from kbgraph import template
from kbgraph.build import BuildResult, compile_inputs, counts_of, publish
from kbgraph.config import Settings, find_settings
from kbgraph.errors import KbgraphError, LimitError, Severity, UsageError, WorldError
from kbgraph.export import FORMATS, format_of
from kbgraph.files import Found, Input, add_line, discover, read_json, write_new
from kbgraph.output import MANIFEST
from kbgraph.project import check_settings
from kbgraph.report import human, to_json
from kbgraph.version import VERSION

__all__ = ["cli", "main"]

CONFORMS, VIOLATIONS, USAGE, FAILED, LIMITED, INTERRUPTED = 0, 1, 2, 3, 4, 130

_PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
_BASE = click.option("--base", envvar="KBGRAPH_BASE", metavar="IRI", help="IRI under which the data lies.")
_JOBS = click.option(
    "--jobs", "-j", type=click.IntRange(min=1), envvar="KBGRAPH_JOBS", metavar="N", help="Processes to work with."
)
_SHAPES = click.option(
    "--shapes",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Turtle file with SHACL shapes of your own; may be given several times.",
)


class _Commands(click.Group):
    """Commands whose reader may go away."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; where the pipe that it writes to is closed, say nothing and end."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Keep Python from saying it at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 128 + signal.SIGPIPE


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="kbgraph")
def cli() -> None:
    """Turn folders of Markdown articles into a validated knowledge graph.

    \b
    Examples:
      kbgraph init my-project         make a small project
      kbgraph build                   build seeds/ into out/
      kbgraph build notes -o graph    build another folder
      kbgraph check notes             say what is wrong, and write nothing
      kbgraph convert a.md -t turtle  one article to standard output
    """


@cli.command()
@_PATHS
@click.option("--out", "-o", envvar="KBGRAPH_OUT", metavar="DIR", help="Folder to write to.  [default: out]")
@click.option(
    "--format",
    "-f",
    "formats",
    envvar="KBGRAPH_FORMATS",
    metavar="FORMAT,...",
    help=f"What to write: {', '.join(FORMATS)}.  [default: all but nt]",
)
@_BASE
@_JOBS
@_SHAPES
def build(
    paths: tuple[Path, ...],
    out: str | None,
    formats: str | None,
    base: str | None,
    jobs: int | None,
    shapes: tuple[Path, ...],
) -> int:
    """Read articles, check them, and write the graph.

    PATHs are files and folders; without any, seeds/ is read.

    \b
    Examples:
      kbgraph build
      kbgraph build articles extra/note.md -o graph -f turtle,jsonld
      kbgraph build --base https://kb.example.org/ --jobs 4
    """
    names = tuple(name for name in formats.split(",") if name.strip()) if formats is not None else None
    settings = _settings(paths, base=base, jobs=jobs, shapes=shapes, out=out, formats=names)
    for name in settings.formats:
        format_of(name)  # wrong usage should not wait for the end of the build
    started = time.perf_counter()
    result = publish(_compile(paths, settings), Path(settings.out), settings)
    for line in human(result.report, colour=_colour(sys.stderr), lowest=Severity.VIOLATION, most=5):
        _say(line)
    _summary(result, more="; kbgraph check shows them all")
    where = os.path.relpath(settings.out) if Path(settings.out).is_relative_to(Path.cwd()) else settings.out
    _say(f"{_counted(len(result.files), 'file')} in {Path(where)}{os.sep}, {time.perf_counter() - started:.1f} s")
    return CONFORMS if result.report.conforms else VIOLATIONS


@cli.command()
@_PATHS
@_BASE
@_JOBS
@_SHAPES
@click.option("--output-format", type=click.Choice(["human", "json"]), default="human", show_default=True)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    metavar="N",
    help="Problems to show of each code; 0 for all.",
)
def check(
    paths: tuple[Path, ...],
    base: str | None,
    jobs: int | None,
    shapes: tuple[Path, ...],
    output_format: str,
    limit: int,
) -> int:
    """Say what is wrong with articles, and write nothing.

    \b
    Examples:
      kbgraph check
      kbgraph check articles/ai/attention.md --limit 0
      kbgraph check --output-format json | jq '.problems[].code'
    """
    settings = _settings(paths, base=base, jobs=jobs, shapes=shapes)
    result = _compile(paths, settings)
    if output_format == "json":
        _write_bytes(to_json(result.report))
    else:
        for line in human(result.report, colour=_colour(sys.stdout), most=limit or None):
            click.echo(line)
    _summary(result)
    return CONFORMS if result.report.conforms else VIOLATIONS


@cli.command()
@click.argument("file", type=click.Path(allow_dash=True, path_type=Path), metavar="FILE|-")
@click.option(
    "--to",
    "-t",
    "name",
    required=True,
    metavar="FORMAT",
    help=f"One of {', '.join(name for name, each in FORMATS.items() if not each.many)}.",
)
@click.option(
    "--stdin-filename", default="stdin.md", show_default=True, metavar="PATH", help="What to call standard input."
)
@_BASE
def convert(file: Path, name: str, stdin_filename: str, base: str | None) -> int:
    """Write one article in one format to standard output.

    \b
    Examples:
      kbgraph convert seeds/ai/attention.md -t turtle
      cat note.md | kbgraph convert - -t jsonld --stdin-filename notes/note.md
    """
    chosen = format_of(name)
    settings = _settings((file,) if str(file) != "-" else (), base=base, jobs=1)
    if str(file) == "-":
        path = _relative(stdin_filename)
        data = sys.stdin.buffer.read(settings.limits.file_bytes + 1)
        found = Found((Input(path, Path(path), data),), ())
    elif file.is_dir():
        raise UsageError(f"'{file}' is a folder; convert takes one file, build takes folders")
    else:
        found = discover([file], (), settings.limits)
    result = compile_inputs(found.inputs, settings, problems=found.problems)
    _write_bytes(chosen.write(result.graph))
    for line in human(result.report, colour=_colour(sys.stderr), lowest=Severity.WARNING):
        _say(line)
    return CONFORMS if result.report.conforms else VIOLATIONS


@cli.command()
@click.argument("out", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The manifest's figures as JSON.")
def stats(out: Path | None, as_json: bool) -> int:
    """Show what a build wrote: counts, problems, files.

    OUT is the folder of a build; without it, the project's.

    \b
    Examples:
      kbgraph stats
      kbgraph stats graph --json
    """
    folder = out or Path(find_settings(Path.cwd()).out)
    manifest = read_json(folder / MANIFEST)
    try:
        figures = {key: manifest[key] for key in ("base", "counts", "classes", "problems")}
        counts = {title: {str(key): int(n) for key, n in figures[title].items()} for title in list(figures)[1:]}
        rows = [(str(each["path"]), int(each["bytes"])) for each in manifest["files"]]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UsageError(f"'{folder / MANIFEST}' is not the manifest of a build") from None
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False, indent=1))
        return CONFORMS
    for title in ("counts", "problems", "classes"):
        click.echo(f"{title}:")
        for key, count in counts[title].items():
            click.echo(f"  {key:<40} {count:>12,}")
    pages = [size for path, size in rows if "/" in path]
    click.echo("files:")
    for path, size in [(path, size) for path, size in rows if "/" not in path]:
        click.echo(f"  {path:<40} {size:>12,} bytes")
    if pages:
        click.echo(f"  {f'articles/ ({len(pages):,} files)':<40} {sum(pages):>12,} bytes")
    return CONFORMS


@cli.command()
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
        _say(f"made {folder / name}")
    if add_line(folder / ".gitignore", ignored.strip()):
        _say(f"made {folder / '.gitignore'}")
    _say("next: kbgraph build" if folder == Path() else f"next: cd {folder} && kbgraph build")
    return CONFORMS


@cli.command()
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
    _say("fill in atomic_facts and primary_sources; kbgraph check says what is missing")
    return CONFORMS


@cli.command()
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
    click.echo(kind(cli, {}, "kbgraph", "_KBGRAPH_COMPLETE").source())
    return CONFORMS


# ---- what the commands share


def _settings(paths: tuple[Path, ...], *, shapes: tuple[Path, ...] = (), **options: Any) -> Settings:
    """The settings of the project, with what the command line or the environment says instead."""
    if options.get("out") == "":
        raise UsageError("--out names no folder")
    start = paths[0] if paths and paths[0].exists() else Path.cwd()
    settings = find_settings(start).changed(**options, shapes=tuple(map(str, shapes)) or None)
    check_settings(settings)
    return settings


def _relative(name: str) -> str:
    """A path that standard input is to have: relative, with `/`, and not climbing out."""
    path = Path(name)
    if not name.isprintable():
        raise UsageError(f"--stdin-filename {name!r} is not a plain text")
    if path.is_absolute() or ".." in path.parts or not path.name:
        raise UsageError(f"--stdin-filename must be a relative path, not {name!r}")
    return path.as_posix()


def _compile(paths: tuple[Path, ...], settings: Settings) -> BuildResult:
    given = paths or (Path("seeds"),)
    found = discover(given, settings.exclude, settings.limits)
    if not found.inputs and not found.problems:
        raise UsageError(f"there are no articles (.md files) in {', '.join(map(repr, map(str, given)))}")
    with _progress(len(found.inputs)) as progress:
        return compile_inputs(found.inputs, settings, problems=found.problems, progress=progress)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], object] | None]:
    """A bar on standard error, where that is a terminal."""
    if not sys.stderr.isatty() or not total:
        yield None
        return
    with click.progressbar(length=total, label="articles", file=sys.stderr) as bar:
        yield bar.update


def _summary(result: BuildResult, more: str = "") -> None:
    counts = counts_of(result)
    _say(", ".join(_counted(counts[f"{noun}s"], noun) for noun in ("article", "fact", "source", "quad")))
    severities = {Severity.VIOLATION: "violation", Severity.WARNING: "warning", Severity.INFO: "note"}
    found = [_counted(count, noun) for severity, noun in severities.items() if (count := result.report.count(severity))]
    _say(", ".join(found) + more if found else "no problems")


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _colour(stream: Any) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _say(line: str) -> None:
    """Talk; whether anybody listens changes nothing."""
    with suppress(OSError, ValueError, AttributeError):
        click.echo(line, err=True)


def _write_bytes(data: bytes) -> None:
    if sys.stdout is None:
        raise WorldError("standard output is closed")
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that cannot show a character shows its number
            stream.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    try:
        code = cli.main(args=arguments, prog_name="kbgraph", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code if isinstance(code, int) else CONFORMS
    except click.ClickException as error:
        error.show()
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        _say("stopped")
        return INTERRUPTED
    except KbgraphError as error:
        _say(f"kbgraph: {error}")
        return error.exit_code
    except MemoryError:
        _say("kbgraph: there is not enough memory")
        return LimitError.exit_code
    except OSError as error:
        _say(f"kbgraph: {error.strerror or error}" + (f": '{error.filename}'" if error.filename else ""))
        return FAILED
    except Exception as error:
        _say(f"kbgraph: internal error: {error!r}; this is a bug, please report it")
        if os.environ.get("KBGRAPH_DEBUG"):
            traceback.print_exc()
        return FAILED


if __name__ == "__main__":
    main()
