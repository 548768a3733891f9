"""Faults put into articles that hypothesis makes up are mended, and no text at all is damaged."""

from __future__ import annotations

import re
from collections.abc import Callable

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.properties.front_matters import front_matters

from kbgraph.config import Limits, Settings
from kbgraph.fix import REPAIRS, Repair, mended
from kbgraph.fix.proof import leaves_of
from kbgraph.nodes import Seed
from kbgraph.seeds import parse_seed

SETTINGS = Settings()
WORD = st.text("abcdefghijklmnopqrstuvwxyzäé文-", min_size=1, max_size=8).filter(lambda text: text.strip("-") == text)
SENTENCE = st.lists(WORD, min_size=1, max_size=6).map(" ".join)
DAY = st.dates().map(str)
BODY = st.text("ab#*`- \n文", max_size=30).map(lambda text: text.rstrip() + "x\n")


def seed_of(data: bytes) -> Seed | None:
    return parse_seed(data, "a.md", Limits())[0]


@st.composite
def articles(draw: st.DrawFn) -> str:
    """Articles without a fault, each value in quotes or on a line where a space can be missing."""
    lines = [
        "---",
        f'id: "{draw(WORD)}"',
        f'title: "{draw(SENTENCE)}"',
        f"schema_type: {draw(st.sampled_from(['Article', 'TechArticle', 'Report']))}",
        f"language: {draw(st.sampled_from(['zh-CN', 'pt-BR', 'zh-Hant-TW']))}",
        f'last_verified: "{draw(DAY)}"',
        f'created_date: "{draw(DAY)}"',
        f"is_live_document: {draw(st.sampled_from(['true', 'false']))}",
        "primary_sources:",
    ]
    for number in draw(st.lists(st.integers(1000, 9999), max_size=3)):
        lines += [f'  - title: "{draw(SENTENCE)}"', f"    year: {number}", "    url: https://doi.org/10.1000/x"]
    return "\n".join([*lines, "tags: [a, b]", "---", "", f"# {draw(WORD)}", draw(BODY)])


def _without_spaces(text: str) -> str:
    front, rest = text.split("\n---\n", 1)
    return re.sub(r'(?m)^(\s*(?:- )?\w+): (?=["\[\d]|true|false)', r"\1:", front) + "\n---\n" + rest


def _other_dates(text: str) -> str:
    def written(found: re.Match[str]) -> str:
        year, month, day = found[1], found[2], found[3]
        return f'"{day}/{month}/{year}"' if int(day) > 12 or day == month else f'"{year}/{month}/{day}"'

    return re.sub(r'"(\d{4})-(\d\d)-(\d\d)"', written, text)


FAULTS: dict[str, Callable[[str], str]] = {
    "mark": lambda text: "\ufeff" + text,
    "blank": lambda text: "\n \n" + text,
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "no end": lambda text: text.removesuffix("\n"),
    "trailing": lambda text: re.sub(r'(?m)(?<=")$', "  ", text),
    "spaces": _without_spaces,
    "wide": lambda text: re.sub(r"(?m)^(id|title): ", r"\1：", text),
    "case": lambda text: re.sub(r"(?m)^schema_type: \w+", lambda found: found.group().lower(), text),
    "tag": lambda text: re.sub(r"(?m)^language: .*", lambda found: found.group().replace("-", "_"), text),
    "dates": _other_dates,
    "truth": lambda text: text.replace("t: true\n", "t: yes\n").replace("t: false\n", "t: No\n"),
    "http": lambda text: text.replace("https://doi.org/", "http://dx.doi.org/"),
    "twice": lambda text: (
        text.replace("tags: [a, b]\n", "tags: [a, b]\nlanguage: zh-CN\n").replace(
            "language: zh-CN\n", "language: zh-CN\n", 1
        )
        if "language: zh-CN\nlast" in text
        else text
    ),
}
#: The order in which faults are put in, so that none hides a line from a later one.
ORDER = [
    "case",
    "tag",
    "dates",
    "truth",
    "http",
    "twice",
    "spaces",
    "wide",
    "trailing",
    "no end",
    "blank",
    "crlf",
    "mark",
]


@given(articles(), st.sets(st.sampled_from(sorted(FAULTS))))
@settings(max_examples=300)
def test_articles_with_faults_are_mended_to_what_they_were(text: str, faults: set[str]) -> None:
    assert mended(text.encode(), SETTINGS).repairs == {}
    faulty = text
    for fault in ORDER:
        if fault in faults:
            faulty = FAULTS[fault](faulty)
    assert mended(faulty.encode(), SETTINGS).data.decode() == text


def bare(data: bytes) -> str:
    """What must stay of any text where only layout is mended: all but spaces and byte order marks at its beginning."""
    return "".join(data.decode().lstrip("\ufeff").split())


LAYOUT = {
    Repair.BYTE_ORDER_MARK,
    Repair.BEGINNING,
    Repair.LINE_END,
    Repair.LAST_LINE_END,
    Repair.TRAILING_SPACE,
    Repair.COLON,
    Repair.TAB,
}
PIECES = st.sampled_from(
    [
        *(
            "---",
            "\n",
            "\r\n",
            "\r",
            "\t",
            "  ",
            " ",
            ":",
            ": ",
            "- ",
            "id",
            "title",
            "year",
            "updated",
            "tags",
            '"',
            "'",
        ),
        *("|", ">", "[", "]", "{", "}", "#", "a", "1", "true", "：", "“", "”", "\ufeff", "...", "\u2028", "\x85", "\0"),
        *("13/06/2026", "zh_CN", "language: ", "schema_type: article\n", "created: 1 June 2026\n", 'x:"y"\n', "---\n"),
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.lists(PIECES, max_size=40).map(
    lambda pieces: "---\n" + "".join(pieces) + "\n---\n"
)


@given(TEXTS)
@example('\ufeff\n---\nid:"a"\n---\n')
@example("---\nlanguage: zh_CN\nlanguage: zh-CN\n---\n")
@settings(max_examples=1500)
def test_no_text_is_damaged_and_a_second_run_changes_nothing(text: str) -> None:
    data = text.encode()
    made = mended(data, SETTINGS)
    assert (made.data == data) == (not made.repairs)
    assert mended(made.data, SETTINGS).data == made.data
    if set(made.repairs) <= LAYOUT:
        assert bare(made.data) == bare(data)
    before, after = seed_of(data), seed_of(made.data)
    if made.repairs:
        assert after is not None
    if before is not None:
        assert after is not None
        assert lines_of(after.body).removesuffix("\n") == lines_of(before.body).removesuffix("\n")


@given(TEXTS, st.sets(st.sampled_from(sorted({"", *(code for repair in REPAIRS for code in repair.codes)}))))
@settings(max_examples=300)
def test_whatever_is_wanted_the_rest_can_still_be_mended(text: str, wanted: set[str]) -> None:
    some = mended(text.encode(), SETTINGS, wanted.__contains__)
    codes = {code for repair in some.repairs for code in repair.codes or [""]}
    assert codes & wanted or not some.repairs
    assert mended(some.data, SETTINGS, wanted.__contains__).repairs == {}
    assert mended(some.data, SETTINGS).data == mended(text.encode(), SETTINGS).data


def lines_of(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(st.binary(max_size=200))
def test_no_bytes_are_too_odd(data: bytes) -> None:
    made = mended(b"---\n" + data + b"\n---\n", SETTINGS)
    assert mended(made.data, SETTINGS).data == made.data


@given(front_matters())
@settings(max_examples=200)
def test_of_any_front_matter_only_values_of_other_forms_change(front: str) -> None:
    data = f"---\n{front}\n---\nText\n".encode()
    made = mended(data, SETTINGS)
    before, after = seed_of(data), seed_of(made.data)
    if before is None or after is None:
        assert made.data == data
        return
    pairs = list(zip(leaves_of(before.front), leaves_of(after.front), strict=True))
    changed = [(was, now) for was, now in pairs if was != now]
    assert all(was[0] == now[0] for was, now in pairs)
    assert len(changed) <= sum(made.repairs.values())
    assert [key for key, _ in before.front.entries] != [] or changed == []
    assert yaml.safe_load(front) is None or set(made.repairs) <= set(Repair)
