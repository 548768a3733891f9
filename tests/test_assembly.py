from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbgraph.assembly import Assembled, Layout, Torn, assemble
from kbgraph.errors import WorldError
from kbgraph.output import Older, OutputFolder, Written
from kbgraph.parts import Chunk, Piece, loaded

#: Longer than what is hashed and written at once, so that buffers are cut everywhere.
LONG = 1024 * 1024 + 7


def piece(name: str, data: bytes) -> Piece:
    return Piece(name, lambda: data)


def known(name: str) -> Piece:
    """A piece that must not be made again."""
    return Piece(name, lambda: pytest.fail(f"{name} was made again"))


def written(
    chunks: Iterable[Chunk], older: Path | None = None, layout: Layout | None = None
) -> tuple[bytes, Assembled]:
    file = io.BytesIO()
    if older is None:
        made = assemble(chunks, file)
    else:
        with older.open("rb", buffering=0) as before:
            made = assemble(chunks, file, before, layout)
    return file.getvalue(), made


def test_a_document_is_its_chunks_in_order_with_its_size_and_digest() -> None:
    data, made = written([b"head ", piece("a", b"one "), b"", piece("b", b"two"), b"\n"])
    assert data == b"head one two\n"
    assert (made.size, made.sha256) == (13, hashlib.sha256(data).hexdigest())
    assert made.layout == Layout(("", "a", "", "b", ""), (5, 4, 0, 3, 1))
    assert made.layout.places() == {"a": (5, 4), "b": (9, 3)}


def test_pieces_of_an_older_document_are_copied_and_not_made(tmp_path: Path) -> None:
    older = tmp_path / "older"
    first, made = written([b"head ", piece("a", b"one "), piece("b", b"two "), piece("c", b"three")])
    older.write_bytes(first)
    data, again = written([known("c"), b" - ", known("a"), known("b"), piece("d", b"four")], older, made.layout)
    assert data == b"three - one two four"
    assert again.sha256 == hashlib.sha256(data).hexdigest()


def test_a_layout_is_read_back_from_its_bytes() -> None:
    layout = Layout(("", "a/ä", "b"), (1, 2, 3))
    assert Layout.of(bytes(layout)) == layout
    with pytest.raises(ValueError, match="unpack"):
        Layout.of(b"[1]")


def test_an_older_document_that_is_too_short_is_torn(tmp_path: Path) -> None:
    older = tmp_path / "older"
    older.write_bytes(b"on")
    with pytest.raises(Torn):
        written([known("a")], older, Layout(("a",), (3,)))


NAMES = st.sampled_from("abcdefgh")
#: Names, and how long the piece of that name is: some are longer than a buffer, many are empty.
LENGTHS = dict(zip("abcdefgh", (0, 1, 3, 1000, LONG, 5, 2 * LONG, 64), strict=True))


def bytes_of(name: str) -> bytes:
    return (name.encode() + b"-0123456789")[: LENGTHS[name]].ljust(LENGTHS[name], name.encode())


@settings(max_examples=60, deadline=None)
@given(st.lists(NAMES, unique=True, max_size=6), st.lists(NAMES | st.binary(max_size=4), max_size=8))
def test_a_document_is_the_same_whatever_an_older_one_holds(before: list[str], after: list[str | bytes]) -> None:
    chunks = [piece(each, bytes_of(each)) if isinstance(each, str) else each for each in after]
    expected = b"".join(loaded(chunks))
    first, made = written([piece(name, bytes_of(name)) for name in before])
    with io.BytesIO(first) as older:
        file = io.BytesIO()
        again = assemble(chunks, file, older, made.layout)  # type: ignore[arg-type]  # it reads as a raw file does
    assert file.getvalue() == expected
    assert (again.size, again.sha256) == (len(expected), hashlib.sha256(expected).hexdigest())


# ---- in the output folder


def older_of(path: Path, layout: Layout) -> Older:
    about = path.lstat()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Older(Written(about.st_size, about.st_mtime_ns, digest, ""), layout)


@pytest.fixture
def folder(tmp_path: Path) -> OutputFolder:
    return OutputFolder(tmp_path)


def test_pieces_come_from_what_lies_in_the_place(folder: OutputFolder) -> None:
    (folder.path / "a.txt").write_bytes(b"one two")
    older = older_of(folder.path / "a.txt", Layout(("a", "b"), (4, 3)))
    staged = folder.stage("a.txt", [known("b"), b"!"], older=older)
    assert Path(staged.temporary).read_bytes() == b"two!"
    assert Layout.of(staged.layout) == Layout(("b", ""), (3, 1))


def test_nothing_comes_from_a_file_that_somebody_changed(folder: OutputFolder) -> None:
    path = folder.path / "a.txt"
    path.write_bytes(b"one two")
    older = older_of(path, Layout(("a", "b"), (4, 3)))
    path.write_bytes(b"ONE TWO")
    os.utime(path, ns=(0, older.written.changed + 1))
    staged = folder.stage("a.txt", [piece("b", b"two")], older=older)
    assert Path(staged.temporary).read_bytes() == b"two"


def test_a_file_that_is_changed_while_it_is_copied_from_is_torn(folder: OutputFolder) -> None:
    path = folder.path / "a.txt"
    path.write_bytes(b"one two")
    older = older_of(path, Layout(("a", "b"), (4, 3)))

    def chunks() -> Iterable[Chunk]:
        yield known("a")
        path.write_bytes(b"something else, and longer")
        yield known("b")

    with pytest.raises(Torn):
        folder.stage("a.txt", chunks(), older=older)


def test_the_same_bytes_are_not_written_twice(folder: OutputFolder) -> None:
    (folder.path / "a.txt").write_bytes(b"one two")
    older = older_of(folder.path / "a.txt", Layout(("a", "b"), (4, 3)))
    assert folder.stage("a.txt", [known("a"), known("b")], older=older).temporary == ""
    assert folder.stage("a.txt", [b"one two"]).temporary == ""


def test_what_cannot_be_written_is_said(folder: OutputFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> Assembled:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kbgraph.output.assemble", full)
    with pytest.raises(WorldError, match="No space left"):
        folder.stage("a.txt", [b"x"])
