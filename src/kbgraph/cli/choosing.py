"""Which problems count: the options and settings that choose codes, and the exit code they lead to."""

from __future__ import annotations

from pathlib import Path

import click

from kbgraph.cli.exits import CONFORMS, VIOLATIONS
from kbgraph.config import Settings
from kbgraph.errors import Severity, UsageError
from kbgraph.report import Report, selected

__all__ = ["EXIT_ZERO", "FAIL_LEVEL", "IGNORE", "SELECT", "chosen", "chosen_settings", "exit_code"]

SELECT = click.option(
    "--select", metavar="CODE,...", help="Codes to report, or beginnings of codes such as KB3, instead of all."
)
IGNORE = click.option(
    "--ignore", metavar="CODE,...", help="Codes not to report; KB3 leaves out all but what --select names longer."
)
FAIL_LEVEL = click.option(
    "--fail-level",
    type=click.Choice([each.value for each in Severity]),
    help="The least severity that makes exit code 1.  [default: violation]",
)
EXIT_ZERO = click.option("--exit-zero", is_flag=True, help="Leave with 0 whatever the problems are.")


def chosen_settings(settings: Settings, *, select: str | None, ignore: str | None, fail_level: str | None) -> Settings:
    """The settings with what the options say instead; `chosen` and `exit_code` go by them.

    Raises:
        UsageError: no code begins so.
    """
    changed = settings.changed(select=_codes(select), ignore=_codes(ignore), fail_level=fail_level)
    if changed.select or changed.ignore:
        _check_codes(changed)
    return changed


def chosen(report: Report, settings: Settings) -> Report:
    """The report of the codes alone that the settings choose."""
    return selected(report, settings.select, settings.ignore)


def exit_code(report: Report, settings: Settings) -> int:
    """0, or 1 where a problem is as bad as `fail-level`, or worse."""
    return VIOLATIONS if report.fails(Severity(settings.fail_level)) else CONFORMS


def _codes(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(code.strip() for code in text.split(",") if code.strip())


def _check_codes(settings: Settings) -> None:
    """Refuse what selects or ignores nothing: it is a slip of the keyboard."""
    from kbgraph.explanations import explanations, nearest
    from kbgraph.shapes import read_shapes

    own = read_shapes([Path(path) for path in settings.shapes]).rules.values() if settings.shapes else ()
    codes = {*explanations(), *(rule.code for rule in own)}
    for name, given in (("select", settings.select), ("ignore", settings.ignore)):
        for code in given:
            if not any(each.startswith(code) for each in codes):
                small = any(each.startswith(code.upper()) for each in codes)
                near = code.upper() if small else nearest(code, codes)
                raise UsageError(f"{name}: no code begins with {code!r}" + (f"; did you mean {near}?" if near else ""))
