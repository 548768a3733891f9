"""JSON in its canonical form (RFC 8785), for data whose scalars are texts."""

from __future__ import annotations

import json

__all__ = ["json_text", "key_order"]


def key_order(name: str) -> bytes:
    """Sorts the keys of an object: by their UTF-16 code units (RFC 8785, 3.2.3)."""
    return name.encode("utf-16-be")


def json_text(data: object) -> str:
    """The canonical text of lists, objects and texts.

    >>> json_text({"b": ["1"], "a": "x"})
    '{"a":"x","b":["1"]}'
    """
    if isinstance(data, dict):
        pairs = (f"{json_text(name)}:{json_text(data[name])}" for name in sorted(data, key=key_order))
        return "{" + ",".join(pairs) + "}"
    if isinstance(data, list):
        return "[" + ",".join(map(json_text, data)) + "]"
    return json.dumps(data, ensure_ascii=False)
