"""A project's settings against the model: what is of the right type may still mean nothing."""

from __future__ import annotations

from pyoxigraph import NamedNode

from kbgraph.config import ENGINES, Settings, checked_base
from kbgraph.errors import UsageError
from kbgraph.fields import ARTICLE, tables
from kbgraph.per_file_ignores import check_patterns

__all__ = ["check_settings"]


def check_settings(settings: Settings) -> None:
    """Refuse settings that are of the right type and still mean nothing.

    Raises:
        UsageError: it names the setting.
    """
    if not _is_iri(checked_base(settings.base)):
        raise UsageError(f"base {settings.base!r} is not an IRI: some character in it must be percent-encoded")
    if settings.jobs < 0:
        raise UsageError(f"the setting 'jobs' must be a number of processes, not {settings.jobs}")
    if settings.engine not in ENGINES:
        raise UsageError(f"the setting 'engine' must be {' or '.join(ENGINES)}, not {settings.engine!r}")
    if settings.license and not _is_iri(settings.license):
        raise UsageError(f"the setting 'license' must be an IRI, not {settings.license!r}")
    check_patterns(settings)
    for alias, name in settings.aliases.items():
        if ARTICLE.find(alias) is not None:
            raise UsageError(f"the alias {alias!r} is the name of a field itself")
        if not any(table.find(name) for table in tables()):
            raise UsageError(f"the alias {alias!r} stands for {name!r}, and there is no such field")


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True
