"""What differs between two graphs, for people and for programs.

`Comparison` is the value; each form has a module of its own, and is pure: none prints, none exits.
"""

from __future__ import annotations

from kbgraph.diff.comparison import ArticleChange, Comparison, SourceChange, compare, quad_changes

__all__ = ["ArticleChange", "Comparison", "SourceChange", "compare", "quad_changes"]
