"""Settings and shapes from strangers: wrong usage or an error that names the file, and never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.hostile.articles import article
from tests.hostile.guarded import Ran, kbgraph

#: Settings that nobody should write, and what the error says; None where a build goes on.
SETTINGS: dict[str, tuple[bytes, str | None]] = {
    "empty": (b"", None),
    "nul": (b"\0", "not valid TOML"),
    "binary": (b"\x89PNG\r\n\x1a\n", "not valid TOML"),
    "utf-16": ("title = 'x'".encode("utf-16"), "not valid TOML"),
    "bom": (b"\xef\xbb\xbftitle = 'x'\n", "not valid TOML"),
    "deep list": (b"formats = " + b"[" * 100_000, "not valid TOML"),
    "deep table": (b"a" + b".a" * 100_000 + b" = 1", "not valid TOML"),
    "deep tables": (b"[a" + b".a" * 5_000 + b"]\n", ""),
    "huge number": (b"jobs = " + b"9" * 5_000, "not valid TOML"),
    "negative jobs": (b"jobs = -1", "jobs"),
    "many jobs": (b"jobs = 9223372036854775808", None),
    "huge limit": (b"[limits]\nvalues = 9223372036854775808", "must be at most"),
    "high limits": (b"[limits]\nvalues = 2147483646\nfile_bytes = 2147483646", None),
    "too long": (b"#" * 300_000, "not valid TOML"),
    "no limit": (b"[limits]\nvalues = 0", "at least 1"),
    "infinite limit": (b"[limits]\nvalues = inf", "numbers"),
    "keyword": (b"__class__ = 'x'", "no setting"),
    "twice": (b"title = 'a'\ntitle = 'b'", "not valid TOML"),
    "base script": (b"base = 'javascript:alert(1)/'", "base"),
    "base space": (b"base = 'https://a b/'", "base"),
    "base breaking out": (b"base = 'https://x.y/><script>/'", "base"),
    "base newline": (b'base = "https://x.y/\\n/"', "base"),
    "base userinfo": (b"base = 'https://u:p@x.y/'", None),
    "base ipv6": (b"base = 'https://[::1/'", "base"),
    "base port": (b"base = 'https://x.y:99999999/'", ""),
    "base unicode": ("base = 'https://пример.example/ы/'".encode(), None),
    "base long": (b"base = 'https://x.y/" + b"a" * 100_000 + b"/'", None),
    "base percent": (b"base = 'https://x.y/%zz/'", ""),
    "out climbing": (b"out = '../../../../../../../../../../../../proc/out'", "out"),
    "out nul": (b'out = "a\\u0000b"', ""),
    "out empty": (b"out = ''", ""),
    "out surrogate": (b'out = "\\uD800"', "not valid TOML"),
    "formats unknown": (b"formats = ['docx']", "no format"),
    "formats many": (b"formats = [" + b"'nq', " * 10_000 + b"]", None),
    "exclude bomb": (b"exclude = ['" + b"**/" * 10_000 + b"x']", ""),
    "exclude stars": (b"exclude = ['" + b"*a" * 1_000 + b"']", ""),
    "exclude brackets": (b"exclude = ['" + b"[" * 10_000 + b"']", ""),
    "exclude many": (b"exclude = [" + b"'x', " * 10_000 + b"]", None),
    "alias of nothing": (b"[aliases]\na = 'nothing'", "nothing"),
    "alias odd": (b"[aliases]\n'' = 'title'\n'@id' = 'title'\n'a b' = 'id'", None),
    "alias of a field": (b"[aliases]\ntitle = 'id'\nid = 'title'", ""),
    "shapes none": (b"shapes = ['none.ttl']", "none.ttl"),
    "shapes folder": (b"shapes = ['.']", "shapes"),
    "shapes device": (b"shapes = ['/dev/full']", "shapes"),
    "title control": (b'title = "\\u0007\\u001b[31m\\uFFFE"', None),
    "title script": (b"title = '</script>]]>'", None),
    "licence script": (b"license = 'javascript:alert(1)'", ""),
    "publisher climbing": (b"publisher = '../../x'", None),
}


def built(folder: Path, *more: object) -> Ran:
    (folder / "a.md").write_bytes(article("a"))
    return kbgraph(
        "build", folder / "a.md", "--out", folder / "out", "-f", "nq,turtle,jsonld", *more, cwd=folder, seconds=30
    )


@pytest.mark.parametrize("name", SETTINGS)
def test_hostile_settings_are_wrong_usage_or_do_no_harm(tmp_path: Path, name: str) -> None:
    text, message = SETTINGS[name]
    (tmp_path / "kbgraph.toml").write_bytes(text)
    arguments = (
        ("check", "a.md") if name.startswith(("many jobs", "exclude")) else ("build", "a.md", "-f", "nq,turtle,jsonld")
    )
    if not text.startswith((b"out", b"formats")):
        arguments = (*arguments, *(("--out", "out") if arguments[0] == "build" else ()))
    elif name.startswith("formats"):
        arguments = ("build", "a.md", "--out", "out")
    (tmp_path / "a.md").write_bytes(article("a"))
    ran = kbgraph(*arguments, cwd=tmp_path, seconds=30)
    assert "Traceback" not in ran.err
    assert "internal error" not in ran.err
    if message is None:
        assert ran.code == 0, ran.err
    elif message:
        assert ran.code in {2, 3}, ran.err
        assert message in ran.err
    else:
        assert ran.code in {0, 1, 2, 3}
    assert {path.name for path in tmp_path.parent.iterdir() if path.name == "out"} == set()


_HEAD = b"@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix kb: <https://w3id.org/kbgraph/ns#> .\n"

#: Shapes of somebody's own, and whether they can be run.
SHAPES: dict[str, tuple[bytes, bool | None]] = {
    "empty": (b"", True),
    "no turtle": (b"<<<", False),
    "deep": (b"<x:a> <x:b> " + b"[ <x:b> " * 50_000, False),
    "deep lists": (b"<x:a> <x:b> " + b"(" * 50_000, False),
    "import": (b"<x:a> <http://www.w3.org/2002/07/owl#imports> <http://169.254.169.254/> .", True),
    "path to itself": (
        _HEAD
        + b"<x:s> a sh:PropertyShape ; sh:targetClass kb:Article ; sh:path _:p ; sh:minCount 1 . _:p sh:inversePath _:p .",
        None,
    ),
    "shape of itself": (_HEAD + b"<x:s> a sh:NodeShape ; sh:targetClass kb:Article ; sh:node <x:s> .", None),
    "not itself": (_HEAD + b"<x:s> a sh:NodeShape ; sh:targetClass kb:Article ; sh:not <x:s> .", None),
    "bad pattern": (_HEAD + b"<x:s> a sh:NodeShape ; sh:targetClass kb:Article ; sh:pattern '(((' .", None),
    "bad query": (
        _HEAD + b"<x:s> a sh:NodeShape ; sh:targetClass kb:Article ; sh:sparql [ sh:select 'DROP ALL' ] .",
        None,
    ),
    "service": (
        _HEAD
        + b"<x:s> a sh:NodeShape ; sh:targetClass kb:Article ; sh:sparql [ sh:select 'SELECT $this { SERVICE <http://169.254.169.254/> { $this ?p ?o } }' ] .",
        False,
    ),
    "js": (_HEAD + b"<x:s> a sh:NodeShape ; sh:targetClass kb:Article ; sh:js [ sh:jsFunctionName 'x' ] .", None),
    "circular list": (
        _HEAD
        + b"<x:s> a sh:NodeShape ; sh:targetClass kb:Article ; sh:in _:l . _:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> 1 ; <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:l .",
        None,
    ),
    "html": (b"<!doctype html>", False),
    "nul": (b"\0\0\0", False),
}


@pytest.mark.parametrize("name", SHAPES)
def test_hostile_shapes_are_run_or_refused_by_their_name(tmp_path: Path, name: str) -> None:
    data, runs = SHAPES[name]
    (tmp_path / "own.ttl").write_bytes(data)
    ran = built(tmp_path, "--shapes", tmp_path / "own.ttl")
    assert "Traceback" not in ran.err
    assert "internal error" not in ran.err
    assert "reach the network\n" not in ran.err.replace("would reach the network\n", "")
    assert ran.code in ({0, 1} if runs else {0, 1, 3} if runs is None else {3}), ran.err
    if ran.code == 3:
        assert "own.ttl" in ran.err
        assert not (tmp_path / "out" / "manifest.json").exists()
