"""Values of monstrous form: identifiers, years, dates, numbers and languages that nearly are ones."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.articles import Hostile, article, family, quoted

_SOURCES = {
    "doi-upper": "doi: 10.1000/ABC",
    "doi-url-of-url": "doi: https://doi.org/https://doi.org/10.1000/x",
    "doi-sici": "doi: 10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O",
    "doi-quote": "doi: '10.1000/\"><script>'",
    "doi-climbing": "doi: 10.1000/../../x",
    "doi-query": "doi: 10.1000/x?y#z",
    "doi-percent": "doi: https://doi.org/10.1000/%2e%2e%2f%00",
    "doi-bad-percent": "doi: https://doi.org/10.1000/%zz%f",
    "doi-only-prefix": "doi: '10.1000/'",
    "doi-long": "doi: 10.1000/" + "a" * 5_000,
    "doi-unicode": "doi: 10.1000/日本",
    "doi-dot": "doi: 10.1000/x.",
    "doi-space": "doi: '10.1000/a b'",
    "doi-many-parts": "doi: 10.1000" + ".1" * 5_000,
    "isbn-wrong": "isbn: 978-3-16-148410-1",
    "isbn-letters": "isbn: ISBN-SAYS-NO",
    "isbn-x-inside": "isbn: 0X62510871",
    "isbn-arabic-digits": "isbn: ٩٧٨٣١٦١٤٨٤١٠٠",
    "isbn-hyphens": "isbn: '" + "-" * 5_000 + "'",
    "isbn-10": "isbn: 0-262-51087-1",
    "arxiv-old": "url: https://arxiv.org/abs/hep-th/9901001v99999",
    "arxiv-climbing": "url: https://arxiv.org/abs/../../x",
    "arxiv-double": "url: https://arxiv.org/pdf/1706.03762.pdf.pdf",
    "arxiv-other-host": "url: https://arxiv.org.evil.example/abs/1706.03762",
    "rfc-zero": "url: https://www.rfc-editor.org/rfc/rfc0",
    "rfc-zeros": "url: https://www.rfc-editor.org/rfc/rfc" + "0" * 5_000 + "1",
    "rfc-long": "url: https://www.rfc-editor.org/rfc/rfc123456789",
    "rfc-deep": "url: https://ietf.org/" + "a/" * 5_000 + "rfc1x",
    "url-long": "url: https://example.org/" + "a" * 100_000,
    "url-query": "url: https://example.org/?" + "a=1&" * 5_000,
    "url-semicolons": "url: https://example.org/?" + "utm_source=1;" * 5_000,
    "url-at": "url: https://" + "a@" * 1_000 + "example.org/",
    "url-dots": "url: https://" + "." * 1_000 + "/",
    "url-labels": "url: https://" + "a." * 1_000 + "example/x",
    "url-brackets": "url: 'https://[::1]:80/[x]'",
    "url-bad-brackets": "url: 'https://a]b/'",
    "url-zone": "url: 'https://[fe80::1%25eth0]/'",
    "url-number-host": "url: http://2130706433/",
    "url-nfkc": "url: https://ℂ/℀",
    "url-control": 'url: "https://example.org/\\x01"',
    "url-newline": 'url: "https://example.org/\\nx"',
    "year-zero": "year: 0",
    "year-zeros": "year: 0000000",
    "year-roman": "year: MMXX",
    "year-far": "year: -99999999",
    "year-farther": "year: " + "9" * 400,
    "year-plus": "year: +2001",
    "year-float": "year: 2001.0",
    "year-range": "year: 2001-2003",
    "year-arabic": "year: ٢٠٠١",
    "year-circled": "year: ②⓪⓪①",
    "authors-commas": 'authors: ["' + "," * 100_000 + 'x"]',
    "authors-spaces": 'authors: ["x' + " " * 100_000 + 'x"]',
    "authors-many": "authors: [" + "Ada Example, " * 1_000 + "]",
    "authors-et-al": 'authors: ["et al., et al."]',
    "authors-initials": 'authors: ["' + "A. " * 1_000 + '"]',
    "type-invented": "type: a/b#c?d e<f",
    "institution-placeholder": "institution: '?????????'",
    "institution-combining": "institution: 'a" + "\u0301" * 1_000 + "'",
}

_FIELDS = {
    "date-february": {"last_verified": "2026-02-30"},
    "date-zero": {"last_verified": "0000-00-00"},
    "date-far": {"created_date": "99999-01-01"},
    "date-negative": {"created_date": "-0044-03-15"},
    "date-week": {"created_date": "2026-W01-1"},
    "date-basic": {"created_date": "20260101"},
    "date-arabic": {"created_date": "٢٠٢٦-٠١-٠١"},
    "date-leap-second": {"updated": "2026-06-30T23:59:60Z"},
    "date-midnight": {"updated": "2026-06-30T24:00:00"},
    "date-offset": {"updated": "2026-06-30T12:00:00+99:99"},
    "date-fraction": {"updated": "2026-06-30T12:00:00." + "9" * 1_000},
    "date-american": {"created_date": "06/01/2026"},
    "number-exponent": {"completeness": "1e-1"},
    "number-huge": {"completeness": "1e999999999"},
    "number-long": {"completeness": "0." + "3" * 10_000},
    "number-comma": {"completeness": "0,8"},
    "number-nan": {"completeness": ".nan"},
    "number-above": {"completeness": "1.0000000000000000000001"},
    "number-minus-zero": {"completeness": "-0"},
    "number-hex": {"completeness": "0x1"},
    "number-arabic": {"completeness": "٠.٨"},
    "language-underscore": {"language": "zh_CN"},
    "language-long": {"language": "en" + "-abcde" * 1_000},
    "language-private": {"language": "x-private"},
    "language-grandfathered": {"language": "i-klingon"},
    "language-newline": {"language": '"en\\n"'},
    "language-turkish": {"language": "\u0130t"},
    "language-kelvin": {"language": "\u212ao"},
    "language-empty": {"language": '""'},
    "boolean-yes": {"is_live_document": "yes"},
    "boolean-number": {"is_live_document": "1"},
    "boolean-turkish": {"is_live_document": "FALSE\u0307"},
    "category-slashes": {"category": "///"},
    "category-climbing": {"category": "../../x"},
    "category-levels": {"category": "a/" * 64 + "b"},
    "category-many-levels": {"category": "a/" * 500_000},
    "category-dots": {"category": "a/./../."},
    "type-of-schema": {"schema_type": "Person"},
    "type-iri": {"schema_type": "https://schema.org/Article"},
    "period-backwards": {"data_period": "2026-2020"},
    "period-spaces": {"data_period": "2024" + " " * 10_000 + "x"},
    "related-self": {"related_articles": "[value-related-self]"},
    "related-climbing": {"related_articles": "[" + "../" * 10_000 + "x]"},
    "related-many": {"related_articles": "[" + "a, " * 1_000 + "b]"},
    "entities-odd": {"related_entities": "['entity:', 'entity: ', '', 'https://a b/']"},
    "translations-odd": {"translations": "{en: value-translations-odd, '': x, en_GB: '../..'}"},
    "citations-odd": {"ai_citations": "{citation_count: -1, last_citation_check: never, '@id': x}"},
    "verifier-odd": {"verified_by": "[{name: A B, type: robot}, {name: TBD}, {}, {type: []}]"},
    "contributors-many": {"contributors": '["' + "," * 100_000 + 'et al"]'},
    "disputes-odd": {"disputed_statements": "[{}, {statement: []}, null, [], ~, {statement: x, source_ref: nobody}]"},
    "all-lists": dict.fromkeys(("id", "title", "category", "language", "confidence", "completeness"), "[]"),
    "all-mappings": dict.fromkeys(("id", "title", "category", "language", "confidence", "completeness"), "{}"),
    "all-null": dict.fromkeys(("id", "title", "category", "language", "confidence", "completeness"), "~"),
    "all-empty": dict.fromkeys(("id", "title", "category", "language", "confidence", "completeness"), '""'),
}

#: Facts whose ids are one after they are normalised, cased or decoded, but not before.
_TWINS = ["caf\u00e9", "cafe\u0301", "FACT", "fact", "a b", "a_b", "a%20b", "a~2", "a", "_a", "%5Fa", "a.", "a%2E"]


@family
def identifiers() -> Iterator[Hostile]:
    """Values of a source."""
    for name, source in _SOURCES.items():
        yield Hostile(f"source-{name}", article(f"source-{name}", source=source))


@family
def fields() -> Iterator[Hostile]:
    """Values of an article."""
    for name, values in _FIELDS.items():
        yield Hostile(f"value-{name}", article(f"value-{name}", **values))


@family
def twins() -> Iterator[Hostile]:
    """Facts and sources that are nearly one."""
    facts = [f"{{id: {quoted(each)}, statement: 'No. {place}', source_ref: work}}" for place, each in enumerate(_TWINS)]
    yield Hostile(
        "twins-facts",
        article("twins-facts").replace(
            b"atomic_facts:\n", f"zzz: 1\natomic_facts: [{', '.join(facts)}]\nrest:\n".encode()
        ),
    )
    same = ", ".join("{id: same, statement: x}" for _ in range(500))
    yield Hostile(
        "twins-ids", article("twins-ids").replace(b"atomic_facts:\n", f"atomic_facts: [{same}]\nrest:\n".encode())
    )
    urls = (
        "http://EXAMPLE.org/t",
        "https://www.example.org:443/t/",
        "https://example.org/t#x",
        "https://example.org/t?utm_source=x",
    )
    sources = ", ".join(f"{{title: 'No. {place}', url: {quoted(url)}, type: book}}" for place, url in enumerate(urls))
    yield Hostile("twins-sources", article("twins-sources", more=f"secondary_sources: [{sources}]"))
