"""Articles in other encodings than they should be, and with characters that should not be."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.articles import Hostile, article, family

_TEXT = article("encoded", "Grüße.\n").decode()

_WHOLE = {
    "utf-16": _TEXT.encode("utf-16"),
    "utf-16-le": _TEXT.encode("utf-16-le"),
    "utf-16-be": _TEXT.encode("utf-16-be"),
    "utf-32": _TEXT.encode("utf-32"),
    "utf-32-be": _TEXT.encode("utf-32-be"),
    "utf-7": _TEXT.encode("utf-7"),
    "latin-1": _TEXT.encode("latin-1"),
    "cp1252": article("windows", "“Quoted” – and so on.\n").decode().encode("cp1252"),
    "ebcdic": _TEXT.encode("cp500"),
    "shift-jis": article("sjis", "日本語\n").decode().encode("shift-jis"),
    "gb18030": article("gb", "中文\n").decode().encode("gb18030"),
    "bom": b"\xef\xbb\xbf" + article("bom"),
    "two-boms": b"\xef\xbb\xbf\xef\xbb\xbf" + article("two-boms"),
    "bom-only": b"\xef\xbb\xbf",
    "empty": b"",
    "one-nul": b"\0",
    "nuls": b"\0" * 10_000,
    "only-dashes": b"---",
    "only-two-lines": b"---\n---",
    "nothing-but-front-matter": article("nothing").partition(b"\n---\n")[0] + b"\n---",
    "newline-only": b"\n",
    "gzip": b"\x1f\x8b\x08" + b"\0" * 30,
    "png": b"\x89PNG\r\n\x1a\n" + b"\0" * 30,
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "elf": b"\x7fELF\x02\x01\x01" + b"\0" * 30,
    "html": b"<!doctype html><script>alert(1)</script>",
    "cr-only": article("cr-only", "One.\n\n## Two\n").replace(b"\n", b"\r"),
    "crlf": article("crlf", "One.\n\n## Two\n").replace(b"\n", b"\r\n"),
    "mixed-ends": article("mixed-ends", "One.\r\n\r## Two\n\r").replace(
        b"confidence: medium\n", b"confidence: medium\r\n", 1
    ),
    "no-newline-at-end": article("no-end", "No end").rstrip(b"\n"),
    "spaces-behind-dashes": article("spaces-behind").replace(b"---\n", b"---  \t\n"),
    "dots-as-end": article("dots").replace(b"\n---\n", b"\n...\n"),
}

#: Bytes that are no UTF-8, and characters that are no text, put into a title, a body and a key.
_PIECES = {
    "overlong-slash": b"\xc0\xaf",
    "overlong-nul": b"\xc0\x80",
    "overlong-three": b"\xe0\x80\xaf",
    "surrogate": b"\xed\xa0\x80",
    "surrogate-pair": b"\xed\xa0\xbd\xed\xb8\x80",
    "beyond-unicode": b"\xf4\x90\x80\x80",
    "five-bytes": b"\xf8\x88\x80\x80\x80",
    "lone-continuation": b"\x80",
    "cut-off": b"\xe2\x82",
    "byte-ff": b"\xff",
    "nul": b"\0",
    "bell": b"\x07",
    "escape": b"\x1b[2J\x1b]0;owned\x07",
    "backspace": b"\x08\x08",
    "form-feed": b"\x0c",
    "vertical-tab": b"\x0b",
    "separators": b"\x1c\x1d\x1e\x1f",
    "delete": b"\x7f",
    "c1": "\x80\x9f".encode(),
    "nel": "\x85".encode(),
    "line-separator": "\u2028".encode(),
    "paragraph-separator": "\u2029".encode(),
    "noncharacter": "\ufffe\uffff".encode(),
    "noncharacter-beyond": "\U0001fffe\U0010ffff".encode(),
    "arabic-noncharacter": "\ufdd0".encode(),
    "replacement": "\ufffd".encode(),
    "bom-inside": "\ufeff".encode(),
    "bidi-override": "\u202egnp.exe\u202c".encode(),
    "bidi-isolates": "\u2066\u2067\u2068\u2069".encode(),
    "zero-width": "\u200b\u200c\u200d\u2060".encode(),
    "tags": "\U000e0041\U000e007f".encode(),
    "variation": "\ufe0f\U000e0100".encode(),
    "combining-flood": ("a" + "\u0301" * 5_000).encode(),
    "ligature": "\ufdfa".encode(),
    "private": "\ue000\U000f0000".encode(),
    "hangul-filler": "\u3164\uffa0".encode(),
    "unassigned": "\U000e1000".encode(),
}


@family
def whole_files() -> Iterator[Hostile]:
    """Files that are in no encoding of ours, or are hardly files."""
    for name, data in _WHOLE.items():
        yield Hostile(f"file-{name}", data)


@family
def pieces() -> Iterator[Hostile]:
    """One bad piece in a title, a body or a key."""
    for name, piece in _PIECES.items():
        yield Hostile(f"title-{name}", article(f"title-{name}").replace(b'"Of ', b'"Of ' + piece, 1))
        yield Hostile(f"body-{name}", article(f"body-{name}") + b"A " + piece + b" z.\n")
        yield Hostile(f"key-{name}", article(f"key-{name}").replace(b"title:", b"a" + piece + b"b: 1\ntitle:", 1))
