"""kbgraph turns folders of Markdown articles into a validated knowledge graph.

>>> import kbgraph
>>> result = kbgraph.build("seeds")
>>> result.report.conforms
True

What needs more than RDF (NetworkX, pySHACL, rdflib) is imported when it is first used.
"""

from __future__ import annotations

from kbgraph.build import BuildResult, build
from kbgraph.config import Limits, Settings
from kbgraph.errors import KbgraphError, LimitError, Place, Problem, Severity, UsageError, WorldError
from kbgraph.graph import KnowledgeGraph
from kbgraph.report import Report
from kbgraph.version import VERSION as __version__

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
