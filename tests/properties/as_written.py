"""What an author wrote, read without kbgraph: the measure of "nothing is lost"."""

from __future__ import annotations

from pathlib import Path

import yaml

from kbgraph.front_data import Data


def written(file: Path) -> tuple[Data, str]:
    """Front matter with every scalar as text, and body: what stands between two lines `---`, and behind."""
    text = file.read_bytes().decode().removeprefix("\ufeff")
    lines = text.splitlines(keepends=True)
    end = next(number for number, line in enumerate(lines) if number and line.rstrip() == "---")
    return yaml.load("".join(lines[1:end]), yaml.CBaseLoader), "".join(lines[end + 1 :])


def comparable(data: Data) -> object:
    """Data in which mappings have an order, and numbers of one value are equal."""
    if isinstance(data, dict):
        return [(key, comparable(value)) for key, value in data.items()]
    if isinstance(data, list):
        return [comparable(item) for item in data]
    try:
        return str(int(data)) if data.isascii() else str(data)
    except ValueError:
        return str(data)
