"""Mechanical repairs: what is mended, what is left as it is, and that nothing else changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import kbgraph
from kbgraph.config import Limits, Settings
from kbgraph.fix import REPAIRS, Repair, fixable, mended
from kbgraph.fix.dates import iso_day
from kbgraph.fix.proof import leaves_of, proved, read_text
from kbgraph.fix.repairs import Edit, applied
from kbgraph.rules import RULES
from kbgraph.seeds import parse_seed
from kbgraph.shapes import shipped_shapes

SETTINGS = Settings()


def fixed(text: str | bytes, settings: Settings = SETTINGS) -> str:
    """A text after its repairs, which a second run leaves alone."""
    made = mended(text.encode() if isinstance(text, str) else text, settings)
    assert mended(made.data, settings).repairs == {}
    return made.data.decode()


def article(*lines: str, body: str = "Text.\n") -> str:
    return "\n".join(["---", "id: a", *lines, "---", body])


def repairs_of(text: str) -> dict[str, int]:
    return {repair.noun: count for repair, count in mended(text.encode(), SETTINGS).repairs.items()}


# ---- values


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("schema_type: article", "schema_type: Article"),
        ('schema_type: "techarticle"', 'schema_type: "TechArticle"'),
        ("schema_type: “TechArticle”  # ours", 'schema_type: "TechArticle"  # ours'),
        ("language: zh_CN", "language: zh-CN"),
        ("language: 'zh_Hant_TW'", "language: 'zh-Hant-TW'"),
        ("last_verified: 13/06/2026", "last_verified: 2026-06-13"),
        ('created_date: "June 1, 2026"', 'created_date: "2026-06-01"'),
        ("created: 2026.6.1", "created: 2026-06-01"),
        ("updated: 2026年6月1日", "updated: 2026-06-01"),
        ("updated: “1 June 2026”", 'updated: "2026-06-01"'),
        ('updated: " 2026-06-01 "', 'updated: "2026-06-01"'),
        ("is_live_document: No", "is_live_document: false"),
        ("derived_from_human_seed: 'on'", "derived_from_human_seed: 'true'"),
        ("confidence: “high”", 'confidence: "high"'),
        ("confidence: '„high“'", "confidence: 'high'"),
        ("completeness: 80 %", "completeness: 0.8"),
        ("completeness: 100%", "completeness: 1"),
        ("completeness: 87.5%", "completeness: 0.875"),
        ("completeness: 5%", "completeness: 0.05"),
        ("completeness: 0,85", "completeness: 0.85"),
    ],
)
def test_a_value_is_written_as_its_field_takes_it(written: str, mended: str) -> None:
    assert fixed(article(written)) == article(mended)


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("url: http://doi.org/10.1000/x", "url: https://doi.org/10.1000/x"),
        ("url: 'http://dx.doi.org/10.1000/X_y(1)'", "url: 'https://doi.org/10.1000/X_y(1)'"),
        ("url: http://arxiv.org/abs/1706.03762v2", "url: https://arxiv.org/abs/1706.03762v2"),
        ("doi: http://dx.doi.org/10.1000/x", "doi: https://doi.org/10.1000/x"),
        ("url: <https://example.org/a>", "url: https://example.org/a"),
        ('url: " https://example.org/a"', 'url: "https://example.org/a"'),
        ("url: “https://example.org/a”", 'url: "https://example.org/a"'),
        ("year: 350 BC", "year: -350"),
        ("isbn: 978–0–262–51087–5", "isbn: 978-0-262-51087-5"),
    ],
)
def test_a_value_of_a_source_is_written_as_its_field_takes_it(written: str, mended: str) -> None:
    def source(line: str) -> str:
        return article("primary_sources:", "  - title: A", f"    {line}", "    note: n")

    assert fixed(source(written)) == source(mended)


@pytest.mark.parametrize(
    "line",
    [
        "schema_type: Articel",
        "schema_type: [article]",
        "language: English",
        "language: _en",
        "last_verified: 03/04/2026",
        "last_verified: 03.04.2026",
        "last_verified: 1/6/26",
        "last_verified: 31/02/2026",
        "last_verified: June 2026",
        "last_verified: Juno 1, 2026",
        "last_verified: 2026/06-01",
        "last_verified: 2026-06-01",
        "updated: 2026-06-01T10:00:00Z",
        "title: “Attention”",
        "summary: June 1, 2026",
        "id: 2026/06/01",
        "tags: [13/06/2026, yes, “a”]",
        "confidence: High",
        "is_live_document: maybe",
        "completeness: 80",
        "completeness: 0.8%",
        "completeness: 120%",
        "completeness: 1,5,0",
        "slug: http://doi.org/10.1000/x",
        "summary: see http://doi.org/10.1000/x",
        "related_entities: [http://www.wikidata.org/entity/Q1, http://doi.org/about]",
        "data_period: 80%",
        "released: 13/06/2026",
        "created_date: &a 13/06/2026",
    ],
)
def test_what_may_be_meant_otherwise_is_left_as_it_is(line: str) -> None:
    assert fixed(article(line)) == article(line)


def test_links_are_mended_in_values_that_no_field_holds_and_in_lists() -> None:
    text = article(
        "sources:\n  - http://arxiv.org/abs/2605.22821v1\n  - {where: http://doi.org/10.1/x}",
        'related_entities: [http://dx.doi.org/10.1000/x, "http://arxiv.org/pdf/1706.03762"]',
    )
    assert repairs_of(text) == {"http link": 3}
    assert "http://doi.org/10.1/x" in fixed(text)  # which is no DOI


def test_the_name_of_a_project_of_its_own_for_a_field_counts() -> None:
    settings = Settings(aliases={"date": "created_date"})
    assert fixed(article("date: 1 June 2026"), settings) == article("date: 2026-06-01")
    assert fixed(article("date: 1 June 2026")) == article("date: 1 June 2026")


def test_links_in_the_body_stay_as_they_are() -> None:
    text = article(body="See http://doi.org/10.1000/x, `schema_type: article`, 13/06/2026.  \n   \nEnd.\n")
    assert fixed(text) == text


@pytest.mark.parametrize(
    "value",
    ["|\n  13/06/2026", ">-\n  13/06/2026", '"13\\/06/2026"', '"13/06\n  /2026"', "'13/06/2026''s'", "! 13/06/2026"],
)
def test_a_value_that_is_not_written_as_it_reads_is_left_alone(value: str) -> None:
    assert fixed(article(f"updated: {value}")) == article(f"updated: {value}")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        *((text, "2026-06-13") for text in ("13/06/2026", "06/13/2026", "13.6.2026", "6-13-2026", "13–06–2026")),
        *((text, "2026-06-01") for text in ("2026/06/01", "2026.6.1", "2026-6-1", "2026年6月1日", "2026 年 6 月 1 号")),
        *((text, "2026-06-01") for text in ("June 1, 2026", "JUNE 1 2026", "Jun. 1st, 2026", "june 01,2026")),
        *((text, "2026-06-01") for text in ("1 June 2026", "1st of June 2026", "01 Jun 2026", "1 jun, 2026")),
        *((text, "2026-09-30") for text in ("30 Sept. 2026", "Sep 30, 2026", "30 September 2026")),
        ("06/06/2026", "2026-06-06"),
        ("29/02/2024", "2024-02-29"),
        *((text, None) for text in ("29/02/2026", "03/04/2026", "13/13/2026", "0/6/2026", "2026/13/01", "2026/06/31")),
        *((text, None) for text in ("", "2026", "June 2026", "1 June", "1June2026", "June 31, 2026", "May, 2026")),
        *((text, None) for text in ("13/06-2026", "1 Junio 2026", "1. Juni 2026", "１３/06/2026", "on 1 June 2026")),
        ("June 1," + " " * 50 + "2026", None),
    ],
)
def test_a_day_is_read_only_where_it_can_be_no_other(written: str, day: str | None) -> None:
    assert iso_day(written) == day


# ---- colons, tabs, and what else keeps a front matter from being read


def test_every_colon_gets_its_space() -> None:
    text = (
        '---\nid:"a"\ntitle:"A: b"\nlive:true\nai_models:["x"]\nprimary_sources:\n  - title:"T"\n    year:2017\n'
        '    url:"https://example.org/a"\ndisputed_statements:\n  - statement:"None"\n---\nkey:"value"\n'
    )
    assert fixed(text) == (
        '---\nid: "a"\ntitle: "A: b"\nlive: true\nai_models: ["x"]\nprimary_sources:\n  - title: "T"\n    year: 2017\n'
        '    url: "https://example.org/a"\ndisputed_statements:\n  - statement: "None"\n---\nkey:"value"\n'
    )
    assert repairs_of(text) == {"missing space": 8}


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ('summary: |\n  key:"value"\ntitle:"T"', 'summary: |\n  key:"value"\ntitle: "T"'),
        ('summary: "a\n  key:true\n  b"\ntitle:"T"', 'summary: "a\n  key:true\n  b"\ntitle: "T"'),
        ('# key:"value"\ntitle:"T"', '# key:"value"\ntitle: "T"'),
        ('tags:\n  - port:80\n  - entity:x\ntitle:"T"', 'tags:\n  - port:80\n  - entity:x\ntitle: "T"'),
        ('mine:\n  - port:80\ntitle:"T"', 'mine:\n  - port:80\ntitle: "T"'),
        ('mine:\n  - a:1\n    b:2\ntitle:"T"', 'mine:\n  - a: 1\n    b: 2\ntitle: "T"'),
        ("title:Rain falls\nlanguage: en", "title: Rain falls\nlanguage: en"),
        ("tags:\n  - title:Rain falls\ntitle:Rain falls", "tags:\n  - title:Rain falls\ntitle: Rain falls"),
        (
            "primary_sources:\n  - id:a\n    url:https://a.example/\n    title:A (B)\n    year: 2017",
            "primary_sources:\n  - id: a\n    url: https://a.example/\n    title: A (B)\n    year: 2017",
        ),
        (
            "atomic_facts:\n  - id:a\n    statement:>-\n      note:x y\n      z\n    note: b",
            "atomic_facts:\n  - id: a\n    statement: >-\n      note:x y\n      z\n    note: b",
        ),
        ('title："T"\nlanguage：en', 'title: "T"\nlanguage: en'),
        ('title：\n  "T"\nlanguage： en', 'title:\n  "T"\nlanguage: en'),
    ],
)
def test_only_the_colon_behind_a_field_is_mended(written: str, mended: str) -> None:
    assert fixed(article(written)) == article(mended)


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ('primary_sources:\n  - title:"T"', 'primary_sources:\n  - title: "T"'),
        ("disputed_statements:\n  - statement:'It is flat.'", "disputed_statements:\n  - statement: 'It is flat.'"),
        ("title:'RDF: an \"introduction\"'  # c", "title: 'RDF: an \"introduction\"'  # c"),
        (
            'primary_sources:\n  - title:"A: B: C"\n    year: 2017',
            'primary_sources:\n  - title: "A: B: C"\n    year: 2017',
        ),
    ],
)
def test_a_field_gets_its_space_in_a_front_matter_that_can_be_read(written: str, mended: str) -> None:
    assert fixed(article(written)) == article(mended)


@pytest.mark.parametrize(
    "front",
    [
        "disputed_statements:\n  - statement:maybe",
        'disputed_statements:\n  - remark:"It is flat."',
        'tags:\n  - title:"T"',
        "title: Ratio\n  year:2017",
        'title: "T\nyear:2017',
        'statement: foo\n   bar:baz\nyear:"2017"',
        'title:"T"\nnote: a: b',
        'title：这是："一"： b: c',
        "title: [\nid:1",
        'a: *x\ntitle:"T"',
        'title:"A: B" C',
        'title:"A: B\\tC"',
        "title:'A: B''s'",
        'remark:"A: B"',
        'title: "T"\ntitle:"A: B"',
        "title:# A\nlanguage: en",
        "title:&A b\nlanguage: en",
    ],
)
def test_a_colon_is_left_alone_where_it_is_not_certain_or_not_the_cause(front: str) -> None:
    assert fixed(article(front)) == article(front)


def test_tabs_that_indent_become_spaces() -> None:
    written = article("primary_sources:", "\t- title: T\n\t  year: 2017\n\t\t\t# x", "summary: |", "\ta\tb")
    assert fixed(written) == article(
        "primary_sources:", "  - title: T\n    year: 2017\n      # x", "summary: |", "  a\tb"
    )


def test_tabs_are_left_alone_where_their_width_decides_what_is_read() -> None:
    written = article("known_gaps:", "  - |\n    one\n\t two")
    assert fixed(written) == written


# ---- what no value shows


def test_line_ends_become_lf_in_the_front_matter_and_in_the_body() -> None:
    text = '---\r\nid: a\r\nsummary: "one\r \r ### two"\r\ntitle: |\r\n  x\r  y\r\n---\r\n# B\r\n\rb  \r\n'
    assert fixed(text) == '---\nid: a\nsummary: "one\n\n ### two"\ntitle: |\n  x\n  y\n---\n# B\n\nb  \n'
    assert list(leaves_of(read_text(text, Limits()).seed.front)) == list(  # type: ignore[union-attr]
        leaves_of(read_text(fixed(text), Limits()).seed.front)  # type: ignore[union-attr]
    )


def test_a_byte_order_mark_and_blank_lines_above_the_front_matter_are_deleted() -> None:
    assert fixed("\ufeff\ufeff" + article("title: T", "language: en")) == article("title: T", "language: en")
    assert fixed("\r\n \n" + article("title: T", "language: en")) == article("title: T", "language: en")


def test_a_rule_below_blank_lines_is_no_front_matter() -> None:
    text = "\n---\nid: a\n---\nText\n"
    assert fixed(text) == text


def test_spaces_at_the_end_of_a_line_are_deleted_where_they_are_no_text() -> None:
    text = "---  \nid: a \t\ntags: \n  - x  \nsummary: |  \n  one  \n\n  two \ntitle: >\n  a  \n  b\n--- \nbody  \n  \n"
    assert fixed(text) == (
        "---\nid: a\ntags:\n  - x\nsummary: |\n  one  \n\n  two \ntitle: >\n  a  \n  b\n---\nbody  \n  \n"
    )


def test_a_long_text_with_spaces_does_not_keep_the_others_from_being_deleted() -> None:
    block = "summary: |\n" + "  line  \n" * 200
    assert fixed(f"---\n{block}id: a  \n---\n") == f"---\n{block}id: a\n---\n"


def test_spaces_below_a_text_that_keeps_its_line_ends_stay() -> None:
    text = "---\nsummary: |+\n  one\n    \nid: a\n---\n"
    assert fixed(text) == text
    assert fixed(text.replace("|+", "|-")) == text.replace("|+", "|-")
    assert fixed("---\nsummary: |+\n  \n---\n") == "---\nsummary: |+\n  \n---\n"


def test_the_last_line_gets_its_end() -> None:
    assert fixed(article(body="Text.\n\nEnd")) == article(body="Text.\n\nEnd\n")
    assert fixed("---\nid: a\n---") == "---\nid: a\n---\n"
    assert fixed(article(body="Text.\n\n\n")) == article(body="Text.\n\n\n")


def test_a_line_that_says_the_same_again_is_deleted() -> None:
    assert fixed(article("title: T", "language: en", "title: T  ")) == article("title: T", "language: en")
    assert fixed(article("language: zh-CN", "title: T", "language: zh_CN")) == article("language: zh-CN", "title: T")


@pytest.mark.parametrize(
    "front",
    [
        "title: T\nlanguage: en\ntitle: U",
        "title: T\ntitle: T # really",
        "tags:\n  - x\ntitle: T\ntags:\n  - x",
        "tags:\n  - x\ntitle: T\ntags:\n  - y",
        "{title: T, title: T}",
        "tags: [a,\n  b]\ntags: [a,\n  c]",
    ],
)
def test_a_key_that_is_written_twice_otherwise_is_left_to_the_writer(front: str) -> None:
    text = f"---\n{front}\n---\n"
    assert fixed(text) == text


# ---- what is not touched at all


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b'\xff---\nid:"a"\n---\n',
        b'---\nid:"a"\x00\n---\n',
        b"# A page\r\n\r\nwithout front matter",
        b'---\r\nid:"a"\r\ntitle: "b\r\n---\r\n',
        b"---\r\n- a list\r\n---\r\n",
        b'---\nid:"a"\nnever: closed',
    ],
)
def test_a_file_that_cannot_be_read_with_its_repairs_stays_as_it_is(data: bytes) -> None:
    made = mended(data, SETTINGS)
    assert made.data == data
    assert made.repairs == {}


def test_a_file_that_is_too_large_is_not_looked_at() -> None:
    data = article("schema_type: article").encode()
    assert mended(data, Settings(limits=Limits(file_bytes=len(data) - 1))).data == data
    assert mended(data, Settings(limits=Limits(file_bytes=len(data)))).data != data


def test_comments_order_quotes_and_odd_spaces_stay_byte_for_byte() -> None:
    text = article(
        "# schema_type: article\nb:   'x'   # y\n\nA: {k: [1,2 , 3], \"q\": 'r'}",
        "schema_type:    article\t# article",
        body="\n\n\tTabs\u00a0and \u2028 such\x0c\n```\nschema_type: article\n```\n",
    )
    assert fixed(text) == text.replace("    article\t#", "    Article\t#")


def test_what_is_ignored_is_not_mended() -> None:
    text = article(
        "schema_type: article  # kbgraph: ignore[KB104]",
        "# kbgraph: ignore[KB3]",
        "updated: 1 June 2026",
        "language: zh_CN",
        "title: T  # kbgraph: ignore[KB104]",
    )
    assert fixed(text) == text.replace("zh_CN", "zh-CN")
    assert mended(text.encode(), SETTINGS, lambda code: code != "KB304").repairs == {}
    assert mended(b'---\nid:"a"\n---\n', SETTINGS, lambda code: code != "KB007").repairs == {}


def test_only_what_is_wanted_is_mended() -> None:
    text = '\ufeff---\r\nid:"a"  \r\nlanguage: zh_CN\r\n---\r\nText'
    wanted = mended(text.encode(), SETTINGS, {"KB007", "KB304"}.__contains__)
    assert wanted.data.decode() == text.replace(":", ": ").replace(":  ", ": ").replace("_", "-")
    twice = mended(b"\xef\xbb\xbf" + text.encode(), SETTINGS, {"KB007"}.__contains__)
    assert twice.repairs == {}


#: A wrong value of each field that has a code of its own.
WRONG = {
    "schema_type": "article",
    "language": "zh_CN",
    "confidence": "“high”",
    "created_date": "1 June 2026",
    "last_verified": "1 June 2026",
    "updated": "1 June 2026",
    "generation_method": "“human_only”",
    "completeness": "80 %",
    "is_live_document": "yes",
    "derived_from_human_seed": "yes",
    "conflict_of_interest": "“none_declared”",
}


@pytest.mark.parametrize("field", sorted(WRONG))
def test_a_repair_mends_the_problem_whose_code_it_names(field: str, tmp_path: Path, root: Path) -> None:
    clean = (root / "tests" / "bad" / "clean.md").read_text(encoding="utf-8")
    wrong = re.sub(rf"(?m)^{field}: .*\n", "", clean).replace("---\n", f"---\n{field}: {WRONG[field]}\n", 1)
    asked: set[str] = set()
    made = mended(wrong.encode(), SETTINGS, lambda code: not asked.add(code))  # type: ignore[func-returns-value]
    (repair,) = made.repairs
    assert asked - {""} <= set(repair.codes)
    (tmp_path / "a.md").write_text(wrong, encoding="utf-8")
    said = kbgraph.build(tmp_path, settings=Settings(jobs=1)).report.codes()
    (tmp_path / "a.md").write_bytes(made.data)
    left = kbgraph.build(tmp_path, settings=Settings(jobs=1)).report.codes()
    assert said.keys() - left.keys() == asked - {""}


# ---- the proof


def test_a_repair_that_does_not_do_what_was_meant_is_dropped_and_the_others_are_kept() -> None:
    before = read_text("---\na: 1\nb: 2\nc: 3\n---\n", Limits())
    good = Edit(Repair.YEAR, 7, 8, "9", "", ("a",), ((("a",), "9", False),))
    wrong = Edit(Repair.YEAR, 12, 13, "9", "", ("b",), ((("b",), "8", False),))
    breaks = Edit(Repair.YEAR, 17, 18, "[", "", ("c",), ((("c",), "[", False),))
    silent = Edit(Repair.TAB, 16, 17, "  ")
    after, kept = proved(before, [good, wrong, breaks, silent], Limits())
    assert kept == [good, silent]
    assert after.text == "---\na: 9\nb: 2\nc:  3\n---\n"


def test_a_repair_that_touches_the_body_is_dropped() -> None:
    before = read_text("---\na: 1\n---\nText", Limits())
    assert proved(before, [Edit(Repair.TAB, 13, 14, "t")], Limits()) == (before, [])
    _, kept = proved(before, [Edit(Repair.LAST_LINE_END, 17, 17, "\n")], Limits())
    assert len(kept) == 1


def test_a_repair_that_makes_a_new_problem_is_dropped() -> None:
    before = read_text("---\na: 1\nb: 1\n---\n", Limits())
    twice = Edit(Repair.TAB, 4, 4, "a: 1\n")
    assert proved(before, [twice], Limits()) == (before, [])


def test_edits_are_made_wherever_they_stand() -> None:
    edits = [Edit(Repair.TAB, 3, 4, ""), Edit(Repair.TAB, 0, 1, "xyz")]
    assert applied("abcd", edits) == "xyzbc"


# ---- the table of repairs


def test_every_code_that_a_repair_names_is_a_code() -> None:
    known = {*RULES, *(rule.code for rule in shipped_shapes().rules.values())}
    assert {code for repair in REPAIRS for code in repair.codes} <= known


def test_a_problem_is_fixable_where_a_repair_names_its_code() -> None:
    assert [code for code in ("KB007", "KB104", "KB309", "KB301", "KB107") if fixable(code)] == [
        "KB007",
        "KB104",
        "KB309",
    ]


def test_every_repair_is_described_in_the_documentation(root: Path) -> None:
    page = (root / "docs" / "fixing.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+?) \| (.+?) \| ([^|]*?) \|$", page, re.MULTILINE)
    described = {noun: (description, codes) for noun, description, codes in rows}
    for repair in REPAIRS:
        assert described[repair.noun] == (repair.description, ", ".join(repair.codes))


BAD = sorted((Path(__file__).parent / "bad").glob("KB*.md"))


@pytest.mark.parametrize("path", BAD, ids=[path.stem for path in BAD])
def test_a_bad_article_is_mended_only_of_what_can_be_mended(path: Path) -> None:
    data = path.read_bytes()
    made = mended(data, SETTINGS)
    code = path.name[:5]
    _, before = parse_seed(data, "", Limits())
    seed, after = parse_seed(made.data, "", Limits())
    said = {each.code for each in after}
    assert said <= {each.code for each in before}
    codes = {each for repair in made.repairs for each in repair.codes}
    if codes:
        assert seed is not None
        assert code in codes
        assert code not in said
