"""Problems in every form that somebody reads: people, programs, build servers, SHACL's own report.

`Report` is the value; each form has a module of its own, and is pure: none prints, none exits.
"""

from __future__ import annotations

from kbgraph.report.json import to_json
from kbgraph.report.terminal import human, statistics
from kbgraph.report.value import Report, is_chosen, selected

__all__ = ["Report", "human", "is_chosen", "selected", "statistics", "to_json"]
