"""Texts that mean something to somebody else, in every place where an article may have a text."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.articles import Hostile, article, family, quoted

TEXTS = {
    "climbing": "../../../etc/passwd",
    "absolute": "/etc/passwd",
    "drive": "C:\\Windows\\x",
    "share": "\\\\server\\share",
    "device": "con",
    "dot": ".",
    "dots": "..",
    "trailing-dot": "name.",
    "trailing-space": " name ",
    "encoded-climbing": "..%2f..%2fx",
    "encoded-nul": "x%00.md",
    "long-name": "n" * 300,
    "newline": "two\nlines",
    "tab": "a\tb",
    "breaking-out": "> <https://evil.example/> <x",
    "space": "a b",
    "quote": 'a"b',
    "triple-quote": '"""@en . <x> <y> """',
    "backslash": "a\\",
    "escape": "\\u0041\\n",
    "braces": "{a}|^`",
    "hash": "#_section-1",
    "tilde": "x~2",
    "underscore": "_ref-1",
    "script": "</script><script>alert(1)</script>",
    "image": "<img src=x onerror=alert(1)>",
    "cdata": "]]>",
    "comment": "--><!--",
    "entity": "&lt;&xxe;&#0;",
    "instruction": "<?xml version='1.0'?>",
    "doctype": "<!DOCTYPE x [<!ENTITY a 'b'>]>",
    "formula": "=cmd|' /C calc'!A0",
    "formula-at": "@SUM(1+1)",
    "formula-plus": "+1+1",
    "formula-minus": "-1+1",
    "bell": "a\x07b",
    "colours": "\x1b[31mred\x1b]8;;https://evil.example\x07link",
    "nul": "a\0b",
    "noncharacter": "a\ufffeb",
    "surrogate": "a\ud800b",
    "bidi": "user\u202etxt.exe",
    "jsonld-context": "@context",
    "jsonld-id": "@id",
    "jsonld-keyword": "@unknown",
    "prefix": "schema:name",
    "blank-node": "_:b0",
    "javascript": "javascript:alert(1)",
    "data": "data:text/html,<script>alert(1)</script>",
    "file": "file:///etc/passwd",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "unclosed-ipv6": "http://[::1",
    "empty-host": "http:///x",
    "huge-port": "http://example.org:99999999999999999999/",
    "letters-as-port": "http://example.org:x/",
    "userinfo": "https://user:pass@example.org/",
    "idn": "https://пример.example/ы",
    "fullwidth-host": "https://example。org/",
    "scheme-relative": "//evil.example/x",
    "upper-scheme": "HTTPS://EXAMPLE.ORG/UPPER",
    "bad-percent": "https://example.org/%zz%",
    "two-schemes": "https://https://example.org/",
    "template": "{{7*7}}${7*7}<%= 7 %>",
    "sparql": "' } ; DROP ALL ; SELECT * { ?s ?p '",
    "format": "%s%n{0}",
    "true": "true",
    "null": "null",
    "nan": "NaN",
    "infinity": "-.inf",
    "octal": "0o17",
    "sexagesimal": "12:30:45",
    "huge-number": "1e999999999",
    "many-digits": "9" * 400,
    "minus-zero": "-0",
    "far-year": "-99999999",
    "composed": "caf\u00e9",
    "decomposed": "cafe\u0301",
    "turkish": "\u0130I\u0131i",
    "sharp-s": "\u1e9ess",
    "spaces": "\u2003\u00a0",
    "prototype": "__proto__",
    "dunder": "__class__",
    "json": '{"@id": "x"}',
    "yaml": "a: [b",
    "merge": "<<",
    "rtl": "\u05e9\u05dc\u05d5\u05dd",
    "emoji": "\U0001f469\u200d\U0001f52c",
}


@family
def everywhere() -> Iterator[Hostile]:
    """Each text as a name, as prose, as an address, as a key and in the body."""
    for name, text in TEXTS.items():
        value = quoted(text)
        yield Hostile(
            f"name-{name}", article(f"name-{name}", id=value, category=value, fact=f"id: {value}", slug=value)
        )
        prose = article(
            f"prose-{name}",
            fact=f"statement: {value}",
            source=f"institution: {value}",
            title=value,
            summary=value,
            **dict.fromkeys(("tags", "contributors", "ai_models"), f"[{value}]"),
        )
        yield Hostile(f"prose-{name}", prose)
        addresses = article(f"address-{name}", source=f"url: {value}", related_articles=f"[{value}]")
        yield Hostile(f"address-{name}", addresses)
        yield Hostile(f"field-{name}", article(f"field-{name}", more=f"{value}: {{{value}: {value}}}"))
        yield Hostile(f"typed-{name}", _typed(name, value))
        body = f"\n## {text}\n\n[link]({text}) [angle](<{text}>) <{text}> {text}\n\n[ref]: <{text}>\n[ref]\n"
        yield Hostile(f"markdown-{name}", article(f"markdown-{name}", body))


def _typed(name: str, value: str) -> bytes:
    """The text where a date, a number, a truth value, a language or a concept should stand."""
    return article(
        f"typed-{name}",
        last_verified=value,
        completeness=value,
        is_live_document=value,
        language=value,
        confidence=value,
        schema_type=value,
        data_period=value,
        source=f"year: {value}",
        fact=f"confidence: {value}",
    )
