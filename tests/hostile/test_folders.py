"""Folders in which there is more than articles: pipes, devices, links, names and folders of every kind."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.hostile.articles import article
from tests.hostile.guarded import Ran, kbgraph
from tests.hostile.well_formed import faults
from tests.permissions import without_privileges

pytestmark = pytest.mark.skipif(os.name != "posix", reason="files as POSIX has them")

Maker = Callable[[Path], object]


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        here = Path.cwd()
        os.chdir(path.parent)  # a socket's path may have 108 bytes only
        try:
            made.bind(path.name)
        finally:
            os.chdir(here)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


def _device(path: Path) -> None:
    try:
        os.mknod(path, 0o600 | 0o020000, os.makedev(1, 5))  # /dev/zero
    except PermissionError:
        pytest.skip("devices cannot be made here")


#: What is named like an article, and the code that says why it is none; "" for what is passed over in silence.
KINDS: dict[str, tuple[Maker, str]] = {
    "pipe": (os.mkfifo, "KB012"),
    "socket": (_socket, "KB012"),
    "device": (_device, "KB012"),
    "folder": (Path.mkdir, ""),
    "sparse file": (_sparse, "KB003"),
    "loop of links": (lambda path: path.symlink_to(path), "KB012"),
    "dangling link": (lambda path: path.symlink_to("nowhere"), "KB012"),
    "link to a file": (lambda path: path.symlink_to("/etc/hostname"), "KB012"),
    "link to a device": (lambda path: path.symlink_to("/dev/zero"), "KB012"),
    "link to /proc": (lambda path: path.symlink_to("/proc/self/environ"), "KB012"),
    "link to the folder": (lambda path: path.symlink_to("."), "KB012"),
    "link to the root": (lambda path: path.symlink_to("/"), "KB012"),
    "empty file": (Path.touch, "KB004"),
}


def built(folder: Path) -> Ran:
    """A build of a folder into `out` beside it."""
    return kbgraph("build", folder, "--out", folder.parent / "out", "-j", 1, cwd=folder.parent, seconds=30)


def reported(folder: Path) -> dict[str, set[str]]:
    """The codes of the problems of the last build, by path."""
    found: dict[str, set[str]] = {}
    for each in json.loads((folder.parent / "out" / "report.json").read_bytes())["problems"]:
        found.setdefault(each["path"], set()).add(each["code"])
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_article_is_reported_and_the_others_are_built(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "good.md").write_bytes(article("good"))
    make, code = KINDS[kind]
    make(folder / "x.md")
    ran = built(folder)
    assert ran.code == (1 if code else 0), ran.err
    assert reported(folder).get("x.md", set()) == ({code} if code else set())
    assert json.loads((tmp_path / "out" / "manifest.json").read_bytes())["counts"]["articles"] == 1


@pytest.mark.parametrize(
    "kind", sorted(set(KINDS) - {"folder", "link to a file", "link to the folder", "link to the root"})
)
def test_what_is_no_article_is_reported_as_well_where_it_is_given_by_itself(tmp_path: Path, kind: str) -> None:
    make, _ = KINDS[kind]
    make(tmp_path / "x.md")
    ran = kbgraph("check", tmp_path / "x.md", cwd=tmp_path, seconds=30)
    assert ran.code in {1, 2}, ran.err
    assert "Traceback" not in ran.err + ran.out


@pytest.mark.parametrize(
    "path", ["/proc/self/mem", "/proc/self/maps", "/dev/zero", "/dev/stdin", "/etc/shadow", "/proc/kmsg"]
)
def test_files_of_the_system_are_refused_or_read_and_never_waited_for(tmp_path: Path, path: str) -> None:
    if not Path(path).exists():
        pytest.skip("there is no such file here")
    ran = kbgraph("check", path, cwd=tmp_path, seconds=30)
    assert ran.code in {1, 2, 3}
    assert "Traceback" not in ran.err


NAMES = [
    *("con.md", "nul.md", "a b.md", " .md", "..md", "...md", "-rf.md", "--help.md", "~.md", "*.md", "?.md", "a\\b.md"),
    *("a\nb.md", "\x1b[31m.md", "\x07.md", "\u202egnp.md", "a%2Fb.md", "%00.md", "#.md", "a#b.md", "a?b.md", "'\".md"),
    *("<script>.md", "&amp;.md", "caf\u00e9.md", "cafe\u0301.md", "CON.MD.md", "Case.md", "case.md", "n" * 252 + ".md"),
    *(
        "\u2028.md",
        "\ufeff.md",
        "{x}.md",
        "a|b.md",
        "a:b.md",
        "C:.md",
        "x.md.md",
        "@context.md",
        "_.md",
        "a~2.md",
        "é" * 126 + ".md",
    ),
    *("d/con.md", "d./x.md", "d /x.md", "#/x.md", "a?/x.md", "\u0301/x.md", "d.md/x.md"),
]


def test_files_of_any_name_are_built_and_everything_lies_in_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    for number, name in enumerate(NAMES):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(article(f"name-{number}", f"\n[x]({NAMES[number - 1]})\n"))
    ran = built(folder)
    assert ran.code == 0, ran.err
    assert [each for each in ran.err if not each.isprintable() and each != "\n"] == []
    assert json.loads((tmp_path / "out" / "manifest.json").read_bytes())["counts"]["articles"] == len(
        [name for name in NAMES if not name.startswith(".")]  # those are left out by default
    )
    assert list(faults(tmp_path / "out")) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "seeds"]


def test_a_name_that_is_not_utf_8_is_reported(tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.md")).write_bytes(article("x"))
    assert built(folder).code == 1
    assert reported(folder) == {"\\xff.md": {"KB013"}}


def test_a_file_or_folder_that_may_not_be_read_is_reported(tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    (folder / "closed").mkdir(parents=True)
    (folder / "closed" / "a.md").write_bytes(article("a"))
    (folder / "secret.md").write_bytes(article("b"))
    without_privileges(tmp_path)
    (folder / "closed").chmod(0)
    (folder / "secret.md").chmod(0)
    import kbgraph

    report = kbgraph.build(folder, settings=kbgraph.Settings(jobs=1)).report
    (folder / "closed").chmod(0o700)
    assert {(each.code, each.place.path) for each in report} == {("KB012", "closed/"), ("KB012", "secret.md")}


# ---- the folder that is written


def test_links_in_the_output_folder_are_replaced_and_not_followed(tmp_path: Path) -> None:
    folder, out, outside = tmp_path / "seeds", tmp_path / "out", tmp_path / "outside"
    for each in (folder, out, outside):
        each.mkdir()
    (folder / "a.md").write_bytes(article("a"))
    for name in ("graph.nq", "report.json", "manifest.json", ".lock"):
        (outside / name).write_bytes(b"mine")
        (out / name).symlink_to(outside / name)
    (out / "articles").symlink_to(outside)
    ran = built(folder)
    assert ran.code in {0, 3}, ran.err
    assert {path.name: path.read_bytes() for path in outside.iterdir()} == dict.fromkeys(
        ("graph.nq", "report.json", "manifest.json", ".lock"), b"mine"
    )


@pytest.mark.parametrize(
    "manifest",
    [
        b'{"files": [{"path": "../mine"}, {"path": "/etc/passwd"}, {"path": ""}, {"path": "."}, {"path": "a\\u0000b"}]}',
        b'{"files": [{"path": "articles"}, {"path": "articles/../../mine"}, {"path": 3}, 4]}',
        b'{"files": {"path": "../mine"}}',
        b"[" * 100_000,
        b"\xff\xfe",
        b"null",
        b"",
    ],
)
def test_a_manifest_that_somebody_edited_leads_nowhere(tmp_path: Path, manifest: bytes) -> None:
    folder = tmp_path / "seeds"
    (tmp_path / "out").mkdir()
    folder.mkdir()
    (folder / "a.md").write_bytes(article("a"))
    (tmp_path / "mine").write_bytes(b"mine")
    (tmp_path / "out" / "manifest.json").write_bytes(manifest)
    ran = built(folder)
    assert ran.code == 0, ran.err
    assert (tmp_path / "mine").read_bytes() == b"mine"
    assert list(faults(tmp_path / "out")) == []
