"""Whatever happened before, a build gives byte for byte what a cold one gives, and says the same.

A small project is changed step by step: articles, settings, shapes, the baseline, what lies in the
cache and in the output. After each step it is built into the folder that it was always built into,
and into an empty one without a cache.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import shutil
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kbgraph.cli import main

# ---- articles

NAMES = st.sampled_from(["ai/a", "ai/b", "x/b", "c", "x/ä ö", "ai/a/d"])
LINKS = st.sampled_from(["b.md", "../x/b.md", "/ai/a", "x/b", "c", "a/d", "d", "../c.md#part", "nowhere.md"])
#: The same works in other words: what is stated most often is merged, what disagrees is said.
SOURCES = st.sampled_from(
    [
        '{id: rfc, title: "One Work", type: book, year: 2020, url: "https://example.org/w", institution: "Press"}',
        '{id: rfc, title: "One Other", type: book, year: 2021, url: "https://example.org/w", institution: "Press"}',
        '{title: "One Work", type: paper, year: 2020, doi: 10.1000/x, authors: ["Ada Example", "B. Other"]}',
        '{title: "Another", type: standard, year: MMXX, url: "https://example.org/a", doi: 10.1000/x}',
        '{title: "", type: own-word, isbn: 978-3-16-148410-0, institution: "Ada Example"}',
    ]
)
FACTS = st.sampled_from(
    [
        '{id: f1, statement: "Water boils at a hundred degrees.", source_ref: rfc, confidence: medium}',
        '{id: f1, statement: "water boils at a hundred degrees", source_url: "https://example.org/w"}',
        '{id: f2, statement: "Tea is made with water that boils.", source_title: "One Work", confidence: high}',
        '{id: f2, statement: "", source_ref: none}',
    ]
)
COMMENTS = st.sampled_from(
    ["", "  # kbgraph: ignore[KB411]", "  # kbgraph: ignore[KB107, KB3]", "\n# kbgraph: ignore-file[KB5]"]
)
BROKEN = st.sampled_from([b"", b"no front matter", b"---\ntitle: x\n", b"---\na: [\n---\n", b"---\nid: \xff\n---\n"])


def _list(name: str, entries: list[str]) -> str:
    return f"{name}:\n" + "".join(f"  - {each}\n" for each in entries) if entries else ""


@st.composite
def articles(draw: st.DrawFn) -> bytes:
    """An article, most of them readable."""
    if draw(st.integers(0, 9)) == 0:
        return draw(BROKEN)
    lines = [
        "---",
        f"id: {draw(st.sampled_from(['one', 'two', 'three']))}{draw(COMMENTS)}",
        f'title: "{draw(st.sampled_from(["A Title", "Ein Titel", "Ünïcode → 中文"]))}"',
        f"category: {draw(st.sampled_from(['ai', 'ai/own', 'physics']))}",
        "language: en",
        f"confidence: {draw(st.sampled_from(['low', 'medium', '1.5']))}",
        'last_verified: "2026-06-01"',
        f'{draw(st.sampled_from(["created_date", "date"]))}: "2026-05-0{draw(st.integers(1, 9))}"',
        f'updated: "2026-05-1{draw(st.integers(0, 9))}"',
        "generation_method: human_only",
        f"tags: [{draw(st.sampled_from(['water', 'tea, water', '']))}]",
    ]
    text = "\n".join(lines) + "\n"
    text += _list("atomic_facts", draw(st.lists(FACTS, max_size=2)))
    text += _list("primary_sources", draw(st.lists(SOURCES, max_size=3)))
    text += _list("related_articles", draw(st.lists(LINKS, max_size=2)))
    body = "".join(f"See [it]({link}).\n\n" for link in draw(st.lists(LINKS, max_size=2)))
    return (text + f"---\n\n# Part {draw(st.integers(0, 3))}\n\n{body}").encode()


# ---- settings

SETTINGS: dict[str, st.SearchStrategy[str]] = {
    "base": st.sampled_from(['"https://kb.example/"', '"https://other.example/kb/"']),
    "title": st.sampled_from(['"One"', '"Two"']),
    "license": st.just('"https://example.org/licence"'),
    "publisher": st.sampled_from(['"Press"', '"Our Institute"']),
    "aliases": st.just('{ date = "created_date" }'),
    "exclude": st.sampled_from(['["x/"]', '["c.md"]']),
    "ignore": st.sampled_from(['["KB5"]', '["KB411", "KB3"]']),
    "select": st.sampled_from(['["KB3"]', '["KB"]']),
    "fail-level": st.sampled_from(['"warning"', '"info"']),
    "formats": st.sampled_from(['["nq"]', '["turtle", "search"]', '["graphml", "jsonld"]']),
    "per-file-ignores": st.sampled_from(
        ['{ "articles/x/" = ["KB5", "KB107"] }', '{ "gone/file.md" = ["KB4"], "articles/ai/" = ["KB3"] }']
    ),
    "shapes": st.just('["own.ttl"]'),
}
SHAPE = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix kb: <https://w3id.org/kbgraph/ns#> .
[] a sh:NodeShape ; sh:targetClass kb:Fact ; sh:message "{message}" ;
   sh:property [ sh:path <https://schema.org/text> ; sh:minLength {least} ] .
"""


class Said(NamedTuple):
    """What a command left: its exit code, and what it said, without seconds and folders."""

    code: object
    out: str
    err: str


def said(*arguments: str | Path) -> Said:
    """Run a command in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as left:
        main([str(each) for each in arguments])
    texts = [re.sub(r"in \S*(warm|cold)/, [\d.]+ s", "", each.buffer.getvalue().decode()) for each in (out, err)]
    return Said(left.value.code, *texts)


def files_of(folder: Path) -> dict[str, bytes]:
    """Everything in an output folder but the lock and the cache."""
    own = {".lock", ".cache"}
    found = (path for path in folder.rglob("*") if path.is_file() and own.isdisjoint(path.relative_to(folder).parts))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(found)}


# ---- damage


def _truncate(path: Path, chance: random.Random) -> None:
    os.truncate(path, chance.randrange(path.stat().st_size + 1))


def _flip(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)


def _fill(path: Path, chance: random.Random) -> None:
    path.write_bytes(chance.randbytes(chance.choice([0, 1, 100, 40_000])))


def _swap(path: Path, chance: random.Random) -> None:
    other = chance.choice(sorted(each for each in path.parents[1].rglob("*") if each.is_file()))
    path.write_bytes(other.read_bytes())


def _remove(path: Path, _: random.Random) -> None:
    path.unlink()


DAMAGE: list[Callable[[Path, random.Random], None]] = [_truncate, _flip, _fill, _swap, _remove]


# ---- the project


class Project(RuleBasedStateMachine):
    """A project that is changed and built."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="kbgraph-test-"))
        self.articles, self.warm, self.cold = (self.root / each for each in ("articles", "warm", "cold"))
        self.baseline = self.root / "known.json"
        self.settings: dict[str, str] = {}
        self.comment = ""
        (self.root / "own.ttl").write_text(SHAPE.format(message="Short.", least=10))

    def teardown(self) -> None:
        """Leave nothing."""
        shutil.rmtree(self.root)

    def path(self, name: str) -> Path:
        """Where an article lies."""
        return self.articles / f"{name}.md"

    @initialize(some=st.dictionaries(NAMES, articles(), min_size=1, max_size=4))
    def begin(self, some: dict[str, bytes]) -> None:
        """A few articles."""
        for name, data in some.items():
            self.write(name, data)

    @rule(name=NAMES, data=articles())
    def write(self, name: str, data: bytes) -> None:
        """A new article, or another in its place."""
        self.remove(name)
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_bytes(data)

    @rule(name=NAMES, more=st.sampled_from([b"\nMore.\n", b"\n# kbgraph\n", b"See [it](c.md).\n", b" "]))
    def write_on(self, name: str, more: bytes) -> None:
        """The body alone is changed."""
        if self.path(name).is_file():
            self.path(name).write_bytes(self.path(name).read_bytes() + more)

    @rule(old=NAMES, new=NAMES)
    def rename(self, old: str, new: str) -> None:
        """Links to the old place lead nowhere from now on, others may have found their end."""
        if self.path(old).is_file() and old != new:
            self.write(new, self.path(old).read_bytes())
            self.remove(old)

    @rule(name=NAMES)
    def remove(self, name: str) -> None:
        """An article is gone."""
        if self.path(name).is_dir():
            self.path(name).rmdir()
        self.path(name).unlink(missing_ok=True)

    @rule(name=NAMES)
    def touch(self, name: str) -> None:
        """Nothing is changed but the time."""
        if self.path(name).is_file():
            self.path(name).touch()

    @rule(name=NAMES, folder=st.booleans())
    def hide(self, name: str, folder: bool) -> None:
        """A file that cannot be read: a folder of such a name, or a link to nowhere."""
        self.remove(name)
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        if folder:
            self.path(name).mkdir()
        else:
            self.path(name).symlink_to("nowhere")

    @rule(data=st.data(), name=st.sampled_from(sorted(SETTINGS)))
    def choose(self, data: st.DataObject, name: str) -> None:
        """A setting is changed, or left to its default."""
        self.settings.pop(name, None)
        if data.draw(st.integers(0, 3)):
            self.settings[name] = data.draw(SETTINGS[name])

    @rule(lines=st.integers(0, 2))
    def comment_settings(self, lines: int) -> None:
        """What the settings say moves to other lines."""
        self.comment = "# a comment\n" * lines

    @rule(least=st.integers(0, 60), message=st.sampled_from(["Short.", "Too short."]))
    def edit_shapes(self, least: int, message: str) -> None:
        """Shapes of one's own say something else."""
        (self.root / "own.ttl").write_text(SHAPE.format(message=message, least=least))

    @rule(keep=st.integers(0, 3))
    def accept(self, keep: int) -> None:
        """All problems are known, or some of them, or none."""
        self.baseline.unlink(missing_ok=True)
        if keep:
            said("check", self.articles, "--baseline", self.baseline, "--write-baseline", "--no-cache", "--jobs", "1")
            known = json.loads(self.baseline.read_bytes())
            known["problems"] = known["problems"][:: 4 - keep]
            self.baseline.write_text(json.dumps(known))

    @rule(seed=st.integers(0, 10_000), damage=st.sampled_from(DAMAGE), many=st.booleans())
    def damage_cache(self, seed: int, damage: Callable[[Path, random.Random], None], many: bool) -> None:
        """Files of the cache are not what was written there."""
        chance = random.Random(seed)
        files = sorted(each for each in (self.warm / ".cache").rglob("*") if each.is_file())
        for path in chance.sample(files, min(len(files), len(files) if many else 1)):
            damage(path, chance)

    @rule()
    def forget(self) -> None:
        """The cache is gone."""
        shutil.rmtree(self.warm / ".cache", ignore_errors=True)

    @rule(seed=st.integers(0, 10_000), damage=st.sampled_from([_truncate, _flip, _fill, _remove]))
    def damage_output(self, seed: int, damage: Callable[[Path, random.Random], None]) -> None:
        """A file that was written is not what it was."""
        chance = random.Random(seed)
        files = sorted(files_of(self.warm))
        if files:
            damage(self.warm / chance.choice(files), chance)

    def build(self, out: Path, *options: str | Path) -> Said:
        """Build the project into a folder."""
        known = ("--baseline", self.baseline) if self.baseline.exists() else ()
        return said("build", self.articles, "-o", out, "--jobs", "1", *known, *options)

    @invariant()
    def built_as_if_for_the_first_time(self) -> None:
        """The same files, the same words, the same exit code."""
        self.articles.mkdir(exist_ok=True)
        text = self.comment + "".join(f"{name} = {value}\n" for name, value in self.settings.items())
        (self.root / "kbgraph.toml").write_text(text)
        shutil.rmtree(self.cold, ignore_errors=True)
        cold, warm = self.build(self.cold, "--no-cache"), self.build(self.warm)
        assert warm == cold
        if cold.code in {0, 1}:
            made, expected = files_of(self.warm), files_of(self.cold)
            assert sorted(made) == sorted(expected)
            assert [name for name in made if made[name] != expected[name]] == []
        assert self.build(self.warm) == cold  # and nothing is left to do


TestProject: Any = Project.TestCase
TestProject.settings = settings(max_examples=18, stateful_step_count=8)
