"""Any article: whatever is written of it is well-formed, the RDF formats say one thing, and it can be restored."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml
from hypothesis import example, given, settings
from tests.hostile.texts import TEXTS
from tests.hostile.well_formed import faults
from tests.properties.as_written import comparable, written
from tests.properties.front_matters import front_matters
from tests.properties.test_any_input import _MARKDOWN, ANY
from tests.test_build import by_pyoxigraph

import kbgraph
from kbgraph import Settings
from kbgraph.dataset import read_dataset
from kbgraph.export import FORMATS
from kbgraph.restore import restored_articles

_FORMATS = {"nq": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG, "jsonld": ox.RdfFormat.JSON_LD}


def built(folder: Path, text: str) -> Path:
    """The output of an article in every format."""
    (folder / "seeds").mkdir()
    (folder / "seeds" / "a.md").write_bytes(text.encode())
    kbgraph.build(folder / "seeds", out=folder / "out", settings=Settings(jobs=1, formats=tuple(FORMATS)))
    return folder / "out"


@given(front_matters(), _MARKDOWN | ANY)
@settings(max_examples=15)
@example(
    "".join(f"{name}: {name}\n" for name in ("id", "title", "category")), "\n".join(TEXTS.values()).replace("\0", "")
)
def test_any_article_is_well_formed_in_every_format_and_restored_from_each(front: str, body: str) -> None:
    body = body.encode("utf-8", "ignore").decode().replace("\0", "")
    text = f"---\n{front}---\n{body}"
    with tempfile.TemporaryDirectory() as name:
        out = built(Path(name), text)
        assert list(faults(out)) == []
        files = {each: out / FORMATS[each].file for each in FORMATS}
        said = by_pyoxigraph(files["nq"].read_bytes(), _FORMATS["nq"], named=True)
        union = {row[:3] for row in said}
        for each, syntax in _FORMATS.items():
            assert by_pyoxigraph(files[each].read_bytes(), syntax, named=True) == said, each
        for each, syntax in (("turtle", ox.RdfFormat.TURTLE), ("nt", ox.RdfFormat.N_TRIPLES)):
            assert by_pyoxigraph(files[each].read_bytes(), syntax, named=False) == union, each
        for each in _FORMATS:
            (restored,) = restored_articles(read_dataset(files[each]))
            assert restored.losses == (), each
            (Path(name) / "again.md").write_bytes(restored.data)
            again, rest = written(Path(name) / "again.md")
            assert rest == body, each
            assert comparable(again or {}) == comparable(yaml.load(front, yaml.CBaseLoader)), each


@pytest.mark.parametrize("name", _FORMATS)
def test_a_graph_that_lost_a_statement_is_not_restored_without_a_word(tmp_path: Path, name: str) -> None:
    """What the property above relies on: a loss is a loss."""
    out = built(tmp_path, "---\ntitle: Rain\n---\nIt rains.\n")
    data = (out / FORMATS["nq"].file).read_text()
    (tmp_path / "less.nq").write_text("".join(line for line in data.splitlines(True) if "It rains" not in line))
    quads = list(ox.parse(path=str(tmp_path / "less.nq")))
    path = tmp_path / f"less.{_FORMATS[name].file_extension}"
    ox.serialize(quads, str(path), format=_FORMATS[name])
    (restored,) = restored_articles(read_dataset(path))
    assert restored.losses
