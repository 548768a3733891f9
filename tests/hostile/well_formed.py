"""What every file of an output folder must be, whatever went in."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

import pyarrow.parquet as pq
from pyoxigraph import RdfFormat, parse

csv.field_size_limit(2**30)

_RDF = {".nq": RdfFormat.N_QUADS, ".nt": RdfFormat.N_TRIPLES, ".trig": RdfFormat.TRIG, ".ttl": RdfFormat.TURTLE}


def faults(out: Path) -> Iterator[str]:
    """Files of a folder that are no files, are not well-formed, or are not what the manifest says."""
    listed = {each["path"]: each for each in json.loads((out / "manifest.json").read_bytes())["files"]}
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            yield f"{name} is no regular file"
        elif path.is_file() and not name.startswith(".") and name != "manifest.json":
            yield from _faults_of(path, name, listed)
    for name in listed:
        if not (out / name).resolve().is_relative_to(out.resolve()):
            yield f"{name} lies elsewhere"
        if not (out / name).is_file():
            yield f"{name} is missing"


def _faults_of(path: Path, name: str, listed: dict[str, Any]) -> Iterator[str]:
    data = path.read_bytes()
    if name not in listed:
        yield f"{name} is not in the manifest"
    elif (hashlib.sha256(data).hexdigest(), len(data)) != (listed[name]["sha256"], listed[name]["bytes"]):
        yield f"{name} is not what the manifest says"
    try:
        _read(path.suffix, data)
    except (ValueError, SyntaxError, expat.ExpatError) as error:
        yield f"{name}: {error}"


def _read(suffix: str, data: bytes) -> None:
    """Raises where the bytes are not well-formed."""
    if suffix in _RDF:
        for _ in parse(data, format=_RDF[suffix]):
            pass
    elif suffix in {".json", ".jsonld", ".sarif"}:
        _strict(json.loads(data.decode("utf-8"), parse_constant=_no_constant))
    elif suffix in {".graphml", ".gexf", ".xml"}:
        expat.ParserCreate().Parse(data, True)
    elif suffix == ".gz":
        _read(".nq", gzip.decompress(data))
    elif suffix == ".parquet":
        pq.read_table(io.BytesIO(data)).validate(full=True)
    elif suffix == ".csv":
        rows = list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
        if len({len(row) for row in rows}) != 1:
            raise ValueError("rows of a CSV file differ in length")
    else:
        data.decode("utf-8")


def _strict(value: object) -> None:
    """Raises UnicodeEncodeError, a ValueError, where JSON holds half a character."""
    json.dumps(value, ensure_ascii=False).encode("utf-8")


def _no_constant(name: str) -> None:
    raise ValueError(f"JSON knows no {name}")
