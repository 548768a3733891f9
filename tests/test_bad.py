"""One bad article for each thing that can be wrong: it gives its problem, at its place, and no other.

`bad/clean.md` has no problem at all. Each other article in `bad/` is that one with a single mistake,
and bears the code and the mistake as its name; a folder does where it takes several articles. The
JSON file beside it lists what must be reported: code, path, line and column, the text that stands
`at` that place, and the `related` places. What git cannot keep as text, and what only a file system
or a setting can bring about, is made here.
"""

from __future__ import annotations

import difflib
import json
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.permissions import without_privileges

import kbgraph
from kbgraph import Limits, Report, Settings
from kbgraph.convert import convert
from kbgraph.reader import read_article
from kbgraph.rules import RULES
from kbgraph.shapes import shipped_shapes
from kbgraph.terms import Space

BAD = Path(__file__).parent / "bad"
CLEAN = BAD / "clean.md"
CASES = sorted(path.stem for path in BAD.glob("*.json"))
ARTICLES = [name for name in CASES if (BAD / f"{name}.md").exists()]
SETTINGS = Settings(jobs=1)


class Spot(NamedTuple):
    """A place as an editor shows it."""

    path: str
    line: int
    column: int


class Expected(NamedTuple):
    """A problem without its words."""

    code: str
    spot: Spot
    related: tuple[Spot, ...] = ()


def article_of(case: str) -> Path:
    """The bad article of a case, or the folder of its articles."""
    file = BAD / f"{case}.md"
    return file if file.exists() else BAD / case


def listed(case: str) -> list[dict]:
    """What the JSON file of a case says."""
    return json.loads((BAD / f"{case}.json").read_text(encoding="utf-8"))


def spot_of(place: dict) -> Spot:
    return Spot(place["path"], place["line"], place["column"])


def found(report: Report) -> list[Expected]:
    """The problems of a report, in the order of their places."""
    return sorted(
        Expected(
            each.code,
            Spot(each.place.path, each.place.line, each.place.column),
            tuple(Spot(other.path, other.line, other.column) for other in each.related),
        )
        for each in report
    )


def described(report: Report) -> str:
    """For a person who looks at a failed test."""
    return "\n".join(f"{each.place}: {each.code}: {each.message}" for each in report)


# ---- what is kept in bad/


def test_the_clean_article_has_no_problem():
    report = kbgraph.build(CLEAN, settings=SETTINGS).report
    assert not report.problems, described(report)


@pytest.mark.parametrize("case", CASES)
def test_a_bad_article_gives_its_problem_and_no_other(case: str):
    expected = sorted(
        Expected(each["code"], spot_of(each), tuple(map(spot_of, each.get("related", ())))) for each in listed(case)
    )
    report = kbgraph.build(article_of(case), settings=SETTINGS).report
    assert found(report) == expected, described(report)
    for problem in report:
        assert problem.message.endswith(".")
        assert problem.hint.endswith(".")


@pytest.mark.parametrize("case", CASES)
def test_the_text_to_blame_stands_at_the_place(case: str):
    article = article_of(case)
    for place in (place for each in listed(case) for place in (each, *each.get("related", ()))):
        file = article if article.is_file() else article / place["path"]
        assert file.is_file()
        assert file.name == Path(place["path"]).name
        line = file.read_text(encoding="utf-8").split("\n")[place["line"] - 1]
        assert line[place["column"] - 1 :].startswith(place["at"])
        assert place["at"] or (place["line"], place["column"]) == (1, 1)


@pytest.mark.parametrize("case", CASES)
def test_a_bad_article_is_named_after_the_one_code_it_gives(case: str):
    assert {each["code"] for each in listed(case)} == {case.partition("-")[0]}


@pytest.mark.parametrize("case", ARTICLES)
def test_a_bad_article_differs_from_the_clean_one_in_one_place(case: str):
    clean, bad = (path.read_text(encoding="utf-8").splitlines() for path in (CLEAN, article_of(case)))
    changes = [
        change
        for change in difflib.SequenceMatcher(None, clean, bad, autojunk=False).get_opcodes()
        if change[0] != "equal"
    ]
    assert len(changes) == 1 or len(bad) < 5


def test_each_bad_article_has_its_problems_beside_it():
    articles = {path.name.removesuffix(".md") for path in BAD.iterdir() if path.suffix != ".json"}
    assert articles - {"clean"} == set(CASES)


# ---- what is made here


class Made(NamedTuple):
    """A bad input: what is given to kbgraph, with which settings, and what must be reported."""

    given: Path
    expected: list[Expected]
    settings: Settings = SETTINGS


MAKERS: dict[str, Callable[[Path], Made]] = {}


def maker(function: Callable[[Path], Made]) -> Callable[[Path], Made]:
    """Register a function that makes a bad input in a folder; its name begins with the code."""
    code, _, what = function.__name__.partition("_")
    MAKERS[f"{code.upper()}-{what.replace('_', '-')}"] = function
    return function


def written(folder: Path, data: bytes, name: str = "bad.md") -> Path:
    """A file with these bytes, in folders that are made for it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def refused(folder: Path, data: bytes, code: str, line: int, column: int) -> Made:
    """A file with one problem."""
    return Made(written(folder, data), [Expected(code, Spot("bad.md", line, column))])


def after_the_clean_article(line: bytes) -> bytes:
    return CLEAN.read_bytes() + line + b"\n"


LAST = len(CLEAN.read_text(encoding="utf-8").splitlines()) + 1


@maker
def kb001_latin_1_in_the_front_matter(folder: Path) -> Made:
    return refused(folder, b"---\ntitle: caf\xe9\n---\n", "KB001", 2, 11)


@maker
def kb001_latin_1_in_the_body(folder: Path) -> Made:
    return refused(folder, after_the_clean_article(b"A caf\xe9."), "KB001", LAST, 6)


@maker
def kb001_behind_other_letters(folder: Path) -> Made:
    return refused(folder, "---\ntitle: тея🍵".encode() + b"\xff\n---\n", "KB001", 2, 12)


@maker
def kb001_cut_off(folder: Path) -> Made:
    return refused(folder, after_the_clean_article("水".encode()[:2])[:-1], "KB001", LAST, 1)


@maker
def kb001_utf_16(folder: Path) -> Made:
    return refused(folder, CLEAN.read_text(encoding="utf-8").encode("utf-16"), "KB001", 1, 1)


@maker
def kb002_bell(folder: Path) -> Made:
    return refused(folder, b'---\nid: tea\ntitle: "Te\x07a"\n---\n', "KB002", 3, 11)


@maker
def kb002_delete(folder: Path) -> Made:
    return refused(folder, b"---\nid: tea\x7f\n---\n", "KB002", 2, 8)


@maker
def kb002_of_latin_1(folder: Path) -> Made:
    return refused(folder, "---\nid: tea\ntitle: \x93Tea\x94\n---\n".encode(), "KB002", 3, 8)


@maker
def kb002_no_character(folder: Path) -> Made:
    return refused(folder, "---\nid: tea\uffff\n---\n".encode(), "KB002", 2, 8)


@maker
def kb003_file(folder: Path) -> Made:
    made = refused(folder, CLEAN.read_bytes(), "KB003", 1, 1)
    return made._replace(settings=Settings(jobs=1, limits=Limits(file_bytes=len(CLEAN.read_bytes()) - 1)))


@maker
def kb003_file_beyond_the_default(folder: Path) -> Made:
    return refused(folder, b"x" * (Limits().file_bytes + 1), "KB003", 1, 1)


@maker
def kb003_front_matter(folder: Path) -> Made:
    made = refused(folder, CLEAN.read_bytes(), "KB003", 1, 1)
    return made._replace(settings=Settings(jobs=1, limits=Limits(front_matter_bytes=500)))


@maker
def kb003_folders(folder: Path) -> Made:
    written(folder, CLEAN.read_bytes(), "a/b/c/tea.md")
    return Made(folder, [Expected("KB003", Spot("a/b/c", 1, 1))], Settings(jobs=1, limits=Limits(folder_depth=2)))


@maker
def kb012_pipe(folder: Path) -> Made:
    os.mkfifo(folder / "pipe.md")
    return Made(folder, [Expected("KB012", Spot("pipe.md", 1, 1))])


@maker
def kb012_pipe_given_by_itself(folder: Path) -> Made:
    os.mkfifo(folder / "pipe.md")
    return Made(folder / "pipe.md", [Expected("KB012", Spot("pipe.md", 1, 1))])


@maker
def kb012_socket(folder: Path) -> Made:
    here = Path.cwd()
    os.chdir(folder)  # a socket's path may have no more than about 100 bytes
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("socket.md")
    finally:
        os.chdir(here)
    return Made(folder, [Expected("KB012", Spot("socket.md", 1, 1))])


@maker
def kb012_link_to_an_article(folder: Path) -> Made:
    (folder / "link.md").symlink_to(CLEAN)
    return Made(folder, [Expected("KB012", Spot("link.md", 1, 1))])


@maker
def kb012_link_to_nothing(folder: Path) -> Made:
    (folder / "link.md").symlink_to(folder / "nothing")
    return Made(folder, [Expected("KB012", Spot("link.md", 1, 1))])


@maker
def kb012_link_to_a_folder(folder: Path) -> Made:
    (folder / "here").symlink_to(folder)
    return Made(folder, [Expected("KB012", Spot("here", 1, 1))])


@maker
def kb012_file_without_permission(folder: Path) -> Made:
    written(folder, CLEAN.read_bytes()).chmod(0)
    without_privileges(folder)
    return Made(folder, [Expected("KB012", Spot("bad.md", 1, 1))])


@maker
def kb012_folder_without_permission(folder: Path) -> Made:
    written(folder, CLEAN.read_bytes(), "shut/bad.md").parent.chmod(0)
    without_privileges(folder)
    return Made(folder, [Expected("KB012", Spot("shut/", 1, 1))])


def with_name(folder: Path, name: bytes) -> Path:
    """A file whose name need not be text."""
    path = Path(os.fsdecode(os.fsencode(folder) + b"/" + name))
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(CLEAN.read_bytes())
    except OSError:
        pytest.skip("this file system takes no such name")
    return folder


@maker
def kb013_name_of_a_file(folder: Path) -> Made:
    return Made(with_name(folder, b"caf\xe9.md"), [Expected("KB013", Spot("caf\\xe9.md", 1, 1))])


@maker
def kb013_name_of_a_folder(folder: Path) -> Made:
    return Made(with_name(folder, b"caf\xe9/tea.md"), [Expected("KB013", Spot("caf\\xe9", 1, 1))])


@maker
def kb019_another_ending(folder: Path) -> Made:
    return Made(with_name(folder, b"tea.markdown"), [Expected("KB019", Spot("tea.markdown", 1, 1))])


@maker
def kb015_in_the_front_matter(folder: Path) -> Made:
    return refused(folder, b"---\nid: tea\0\n---\n", "KB015", 2, 8)


@maker
def kb015_in_the_body(folder: Path) -> Made:
    return refused(folder, after_the_clean_article(b"Tea.\0"), "KB015", LAST, 5)


@maker
def kb016_in_the_body(folder: Path) -> Made:
    return refused(folder, after_the_clean_article(b"\x1b[1mTea\x1b[0m"), "KB016", LAST, 1)


@maker
def kb900_shape_of_the_projects_own(folder: Path) -> Made:
    shapes = written(
        folder,
        b"""
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix kb: <https://w3id.org/kbgraph/ns#> .
        @prefix schema: <https://schema.org/> .
        <urn:x:Slug> a sh:PropertyShape ; sh:targetClass kb:Article ; sh:path schema:alternateName ; sh:minCount 1 .
        """,
        "own.ttl",
    )
    made = refused(folder, CLEAN.read_bytes(), "KB900", 2, 1)
    return made._replace(settings=Settings(jobs=1, shapes=(str(shapes),)))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="these inputs need a Unix")
@pytest.mark.parametrize("case", MAKERS)
def test_a_bad_input_gives_its_problem_and_no_other(case: str, tmp_path: Path):
    made = MAKERS[case](tmp_path)
    try:
        report = kbgraph.build(made.given, settings=made.settings).report
    finally:
        for folder in tmp_path.glob("shut"):
            folder.chmod(0o700)
    assert found(report) == made.expected, described(report)
    assert {each.code for each in made.expected} == {case.partition("-")[0]}


# ---- all of them together


def test_each_code_has_a_bad_article():
    codes = {*RULES, *(rule.code for rule in shipped_shapes().rules.values())}
    assert {case.partition("-")[0] for case in (*CASES, *MAKERS)} == codes


def variants(text: str) -> Iterator[bytes]:
    """The same text as other editors write it."""
    yield text.replace("\n", "\r\n").encode()
    yield text.replace("\n", "\r").encode()
    yield b"\xef\xbb\xbf" + text.encode()


@pytest.mark.parametrize("case", ["clean", *ARTICLES])
def test_line_ends_and_a_byte_order_mark_move_no_place(case: str):
    def read(data: bytes) -> tuple[object, ...]:
        article, problems = read_article(data, "bad.md", SETTINGS)
        if article is None:
            return [(each.code, each.place) for each in problems], {}
        made = convert(article, Space(SETTINGS.base), frozenset({"bad"}))
        return [(each.code, each.place) for each in (*problems, *made.problems)], made.places

    text = (BAD / f"{case}.md").read_text(encoding="utf-8")
    for data in variants(text):
        assert read(data) == read(text.encode())
