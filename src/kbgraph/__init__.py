"""kbgraph turns folders of Markdown articles into a validated knowledge graph.

>>> import kbgraph
>>> result = kbgraph.build("seeds")
>>> result.report.conforms
True

What is listed in `__all__` is imported when it is first used, and so is what needs more than RDF
(NetworkX, pySHACL, rdflib).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kbgraph.version import VERSION as __version__

if TYPE_CHECKING:
    from kbgraph.building import BuildResult, build
    from kbgraph.config import Limits, Settings
    from kbgraph.errors import KbgraphError, LimitError, Place, Problem, Severity, UsageError, WorldError
    from kbgraph.graph import KnowledgeGraph
    from kbgraph.report import Report

__all__ = [
    "BuildResult",
    "KbgraphError",
    "KnowledgeGraph",
    "LimitError",
    "Limits",
    "Place",
    "Problem",
    "Report",
    "Settings",
    "Severity",
    "UsageError",
    "WorldError",
    "__version__",
    "build",
]

_MODULES = {
    "building": ("BuildResult", "build"),
    "config": ("Limits", "Settings"),
    "errors": ("KbgraphError", "LimitError", "Place", "Problem", "Severity", "UsageError", "WorldError"),
    "graph": ("KnowledgeGraph",),
    "report": ("Report",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """A public name, imported from its module; most commands of the command line need few of them."""
    if name not in _HOMES:
        raise AttributeError(f"module 'kbgraph' has no attribute {name!r}")
    value = getattr(import_module(f"kbgraph.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, imported or not."""
    return sorted({*globals(), *__all__})
