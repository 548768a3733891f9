"""The difference between two versions of a file, as `diff -u` writes it."""

from __future__ import annotations

import difflib
import json

__all__ = ["difference"]


def difference(before: bytes, after: bytes, name: str) -> bytes:
    r"""A unified diff that `patch -p0` and `git apply -p0` take; empty where nothing differs.

    Lines end with LF here, so that a CR that was deleted is seen.

    >>> print(difference(b"a\nb\n", b"a\nc\n", "x.md").decode(), end="")
    --- x.md
    +++ x.md
    @@ -1,2 +1,2 @@
     a
    -b
    +c
    """
    shown = name if name.isprintable() else json.dumps(name)
    label = (shown + "\t" if " " in shown else shown).encode("utf-8", "surrogateescape")
    lines = difflib.diff_bytes(difflib.unified_diff, _lines(before), _lines(after), label, label)
    return b"".join(line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in lines)


def _lines(data: bytes) -> list[bytes]:
    """The lines of a file with their ends: what CR separates is one line."""
    lines = [line + b"\n" for line in data.split(b"\n")]
    last = lines.pop().removesuffix(b"\n")
    return [*lines, last] if last else lines
