"""Mechanical repairs of the text of an article, where it is certain what the writer meant.

A repair replaces a stretch of characters; everything else stays byte for byte. After each step
the text is read again, and a repair is dropped unless it gave the value that was meant and left
every other value as it was. What is repaired is listed in `repairs`; `layout`, `syntax` and
`values` find it, `proof` holds it against what was read before, and `mending` puts it together;
`patch` writes what changes as a diff, `writing` replaces a file. Nothing here prints.
"""

from __future__ import annotations

from kbgraph.fix.mending import Mended, mended
from kbgraph.fix.patch import difference
from kbgraph.fix.repairs import REPAIRS, Repair, fixable
from kbgraph.fix.writing import replace_file

__all__ = ["REPAIRS", "Mended", "Repair", "difference", "fixable", "mended", "replace_file"]
