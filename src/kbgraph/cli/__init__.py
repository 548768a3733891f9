"""The command line: options in, one call, exit code out. The only room that prints.

Data goes to standard output, talk to standard error. Exit codes: 0 the data conforms, 1 it has
violations, 2 wrong usage, 3 could not run, 4 stopped by a limit, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
import threading
import traceback
from importlib import import_module
from typing import Any

import click

from kbgraph.cli.exits import CONFORMS, FAILED, INTERRUPTED, USAGE
from kbgraph.cli.talk import say
from kbgraph.errors import KbgraphError, LimitError
from kbgraph.version import VERSION

__all__ = ["COMMANDS", "cli", "main"]

#: The commands, and the module of each.
COMMANDS = {
    "build": "building",
    "check": "checking",
    "completion": "starting",
    "convert": "building",
    "diff": "comparing",
    "draw": "drawing",
    "explain": "explaining",
    "init": "starting",
    "new": "starting",
    "page": "paging",
    "pull": "pushing",
    "push": "pushing",
    "query": "querying",
    "restore": "restoring",
    "schema": "describing",
    "search": "searching",
    "serve": "serving",
    "site": "serving",
    "stats": "building",
}


class _Commands(click.Group):
    """Commands whose reader may go away; each is imported when it is asked for, since that takes most of the time."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Their names, sorted."""
        return sorted(COMMANDS)

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"kbgraph.cli.{COMMANDS[cmd_name]}"), cmd_name)
        return command

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


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that cannot show a character shows its number
            stream.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    sys.unraisablehook = _send_again
    gc.set_threshold(*_COLLECTING)
    code = _run(arguments)
    gc.freeze()  # who leaves need not look for garbage first: that took a build 60 ms
    sys.exit(code)


#: What a command makes it mostly needs to its end: to look for garbage as often as Python does costs a build 8 %.
_COLLECTING = (50_000, 20, 20)


def _send_again(lost: Any) -> None:
    """Send a signal once more that came while an object was taken down, where Python drops what it raises."""
    if isinstance(lost.exc_value, KeyboardInterrupt | SystemExit):
        number = signal.SIGINT if isinstance(lost.exc_value, KeyboardInterrupt) else signal.SIGTERM
        threading.Timer(0.01, os.kill, (os.getpid(), number)).start()
    else:
        sys.__unraisablehook__(lost)


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
        say("stopped")
        return INTERRUPTED
    except KbgraphError as error:
        say(f"kbgraph: {error}")
        return error.exit_code
    except MemoryError:
        say("kbgraph: there is not enough memory")
        return LimitError.exit_code
    except OSError as error:
        say(f"kbgraph: {error.strerror or error}" + (f": '{error.filename}'" if error.filename else ""))
        return FAILED
    except Exception as error:
        say(f"kbgraph: internal error: {error!r}; this is a bug, please report it")
        if os.environ.get("KBGRAPH_DEBUG"):
            traceback.print_exc()
        return FAILED


if __name__ == "__main__":
    main()
