"""Exit codes: what the end of a command says to a script."""

from __future__ import annotations

__all__ = ["CONFORMS", "FAILED", "INTERRUPTED", "USAGE", "VIOLATIONS"]

#: The data conforms; it has violations; wrong usage; it could not run; stopped by Ctrl-C.
CONFORMS, VIOLATIONS, USAGE, FAILED, INTERRUPTED = 0, 1, 2, 3, 130
