"""Single files, written wholly or not at all, and what the operating system refuses.

Articles are found and read in `inputs`; the many files of a build are written in `output`.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from kbgraph.errors import LimitError, UsageError, WorldError

__all__ = [
    "PART",
    "PARTS",
    "add_line",
    "digest_of",
    "files_in",
    "folder_aside",
    "part_for",
    "read_json",
    "read_proved",
    "read_text",
    "world_error",
    "write_new",
    "write_whole",
]


def world_error(error: OSError, doing: str) -> WorldError:
    """What the operating system refused, as an error with exit code 3."""
    return WorldError(f"cannot {doing}: {error.strerror or error}")


def read_json(path: Path) -> Any:
    """The JSON data in a file that should be there.

    Raises:
        UsageError: there is no such file, or it is not JSON.
    """
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        raise UsageError(f"'{path}' does not exist; kbgraph build makes it") from None
    except (ValueError, RecursionError):
        raise UsageError(f"'{path}' is not JSON") from None
    except OSError as error:
        raise world_error(error, f"read '{path}'") from None


def read_text(path: Path, most: int) -> str:
    """The text of a file that should be there.

    Args:
        path: the file.
        most: how many bytes it may have.

    Raises:
        UsageError: there is no such file, it is no regular file or not UTF-8.
        LimitError: it is larger.
        WorldError: it cannot be read.
    """
    if not path.exists():
        raise UsageError(f"'{path}' does not exist")
    if not path.is_file():  # a pipe would be waited for, a device read without end
        raise UsageError(f"'{path}' is not a regular file")
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise world_error(error, f"read '{path}'") from None
    if len(data) > most:
        raise LimitError(f"'{path}' is too large: more than {most:,} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{path}:{line}: this is not UTF-8") from None


def read_proved(path: Path, digest: str) -> bytes:
    """The bytes of a file, if they have this digest (SHA-256); none otherwise, and none where they cannot be read."""
    import hashlib

    try:
        data = path.read_bytes()
    except OSError:
        return b""
    return data if hashlib.sha256(data).hexdigest() == digest else b""


def files_in(folder: Path, suffix: str) -> tuple[Path, ...]:
    """The files of a folder whose names end like this, by name; none where there is no folder."""
    try:
        return tuple(sorted(path for path in folder.glob(f"*{suffix}") if path.is_file()))
    except OSError as error:
        raise world_error(error, f"read '{folder}'") from None


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's bytes.

    Raises:
        UsageError: there is no such file.
        WorldError: it cannot be read.
    """
    import hashlib

    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise UsageError(f"'{path}' does not exist; kbgraph build makes it") from None
    except OSError as error:
        raise world_error(error, f"read '{path}'") from None


def add_line(path: Path, line: str) -> bool:
    """Add a line to a text file that may not exist yet; False where the line is there already."""
    try:
        data = path.read_bytes() if path.exists() else b""
        wanted = line.encode()
        if wanted in data.splitlines():
            return False
        gap = b"" if not data or data.endswith((b"\n", b"\r")) else b"\n"
        with path.open("ab") as file:
            file.write(gap + wanted + b"\n")
    except OSError as error:
        raise world_error(error, f"write '{path}'") from None
    return True


#: What files are called until they are whole, and all those that were never ended.
PART = ".kbgraph-"
PARTS = f"{PART}*.part"


@contextmanager
def folder_aside(where: Path | None = None) -> Iterator[Path]:
    """A folder that is gone afterwards, in another one or where the system has such folders.

    Raises:
        WorldError: it cannot be made.
    """
    import tempfile

    try:
        folder = tempfile.mkdtemp(dir=where, prefix=PART, suffix=".part")
    except OSError as error:
        raise world_error(error, f"write to '{where or tempfile.gettempdir()}'") from None
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def part_for(target: Path, data: bytes, *, lasting: bool = True) -> Iterator[str]:
    """The path of a new file beside the place that it is for; gone where it cannot be put there.

    Args:
        target: the place.
        data: all of its bytes.
        lasting: whether to wait until they are safe on disk.
    """
    import tempfile

    descriptor, part = tempfile.mkstemp(dir=target.parent, prefix=PART, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        yield part
    except BaseException:
        with suppress(OSError):
            os.unlink(part)
        raise


def write_whole(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Write a file, or put it in the place of another, wholly or not at all.

    Args:
        path: where to; folders above it are made.
        data: all of its bytes.
        lasting: whether to wait until they are safe on disk.

    Raises:
        WorldError: it cannot be written.
    """
    target = Path(os.path.realpath(path))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part_for(target, data, lasting=lasting) as part:
            os.chmod(part, stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o644)
            os.replace(part, target)
    except OSError as error:
        raise world_error(error, f"write '{path}'") from None


def write_new(path: Path, text: str) -> None:
    """Write a file that must not exist yet.

    Raises:
        UsageError: it exists.
        WorldError: it cannot be written.
    """
    try:
        data = text.encode()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
    except UnicodeEncodeError:
        raise UsageError(f"{text[:60]!r} cannot be written as UTF-8") from None
    except FileExistsError:
        raise UsageError(f"'{path}' exists already") from None
    except OSError as error:
        raise world_error(error, f"write '{path}'") from None
