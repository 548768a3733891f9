"""Front matter as data, every scalar a text: how it is kept in the graph, and read from there again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

__all__ = ["NULLS", "Data", "Null", "aligned", "data_of", "with_nulls"]

Data = str | list["Data"] | dict[str, "Data"]

#: Words that say nothing where they stand without quotes.
NULLS = frozenset({"~", "null", "Null", "NULL"})


class Null(str):
    """Such a word that said nothing, as it must not be quoted."""

    __slots__ = ()


def data_of(text: str, order: str | None = None) -> Data:
    """The data in a JSON text.

    Args:
        text: JSON.
        order: pointers to all keys, in their order, where sorting has lost it.

    Raises:
        ValueError: it is not JSON, its order is not that of its keys, or it is nested too deep.

    >>> data_of('{"a":"1","b":["2"]}', "b a")
    {'b': ['2'], 'a': '1'}
    """
    try:
        data = _texts(json.loads(text, parse_int=str, parse_float=str))
        return data if order is None else _ordered(data, _tree(order))
    except (KeyError, RecursionError):
        raise ValueError("the order is not that of the keys, or the data is nested too deep") from None


def _texts(data: Any) -> Data:
    """JSON data with every scalar as text; kbgraph writes no others."""
    if isinstance(data, dict):
        return {name: _texts(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_texts(item) for item in data]
    return data if isinstance(data, str) else json.dumps(data)


def _tree(pointers: str) -> dict[str, Any]:
    """Pointers to keys as a tree, in their order."""
    tree: dict[str, Any] = {}
    for pointer in pointers.split(" "):
        here = tree
        for step in pointer.split("/"):
            here = here.setdefault(step, {})
    return tree


def _ordered(data: Data, order: Mapping[str, Any]) -> Data:
    """JSON data with the keys of its objects in an order."""
    if isinstance(data, list):
        return [_ordered(item, order.get(str(place), {})) for place, item in enumerate(data)]
    if isinstance(data, dict):
        if len(order) != len(data):
            raise KeyError
        return {unquote(name): _ordered(data[unquote(name)], inner) for name, inner in order.items()}
    return data


def with_nulls(kept: Data, stated: list[Data]) -> Data:
    """What was kept, with each `~` that is not among what is stated marked as nothing."""
    if isinstance(kept, str):
        return Null(kept) if kept in NULLS and kept not in stated else kept
    if isinstance(kept, list):
        return [with_nulls(item, stated) if isinstance(item, str) else item for item in kept]
    return kept


def aligned(kept: list[Data], stated: list[Data]) -> list[Data]:
    """The same for a list with an order: the members of it that are stated come in that order."""
    made: list[Data] = []
    waiting = [item for item in stated if isinstance(item, dict) or item in NULLS]
    for item in kept:
        if waiting and item == waiting[0]:
            made.append(waiting.pop(0))
        else:
            made.append(with_nulls(item, []) if isinstance(item, str) else item)
    return made
