"""What several articles say of one thing: who is told what, with which places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

import kbgraph
from kbgraph import Report, Settings, Severity
from kbgraph.errors import Mark, Place
from kbgraph.fingerprints import fingerprints
from kbgraph.groups import Groups, Member, compared
from kbgraph.shapes import ShapeRule
from kbgraph.validation import Result

CLEAN = (Path(__file__).parent / "bad" / "clean.md").read_text(encoding="utf-8")
SETTINGS = Settings(jobs=1)


def article(name: str, **changes: str) -> str:
    """The clean article under another name; each change is a field of its source, or a statement."""
    text = CLEAN
    for words in ("id: boiling-water", "At sea level", "On a mountain", "Salt"):
        text = text.replace(words, f"{words} {name}")
    for field, value in changes.items():
        if field == "statement":
            text = re.sub(r'statement: "At.*', lambda _, value=value: f"statement: {value}", text)
        else:
            text = re.sub(rf"\n    {field}: (?!At|On|Salt).*", f"\n    {field}: {value}", text)
    return text


def checked(folder: Path, articles: Iterable[str]) -> Report:
    """The report of some articles: a.md, b.md and so on."""
    folder.mkdir(exist_ok=True)
    for number, text in enumerate(articles):
        (folder / f"{chr(97 + number)}.md").write_text(text, encoding="utf-8")
    return kbgraph.build(folder, settings=SETTINGS).report


def stated(folder: Path, *statements: str) -> Report:
    """The report of one article for each statement."""
    return checked(folder, (article(f"x{chr(97 + n)}", statement=f"'{each}'") for n, each in enumerate(statements)))


def paths(places: Iterable[Place]) -> list[str]:
    return [place.path for place in places]


# ---- statements that differ in a number

ALIKE = [
    ("Apple was founded in 1976.", "Apple was founded in 1977."),
    ("In 1998, Larry Page founded Google.", "In 1999 Larry Page founded Google"),
    ("It was signed on May 5, 1998 in Rome.", "It was signed on May 5, 1999 in Rome."),
    ("It was signed on 5 May 1998 in Rome.", "It was signed on 6 May 1998 in Rome."),
    ("The Moon is 384,400 km away from here.", "The Moon is 384500 km away from here."),
    ("The blast was heard 4,800 km away.", "The blast was heard 3,000 km away."),
    ("About 30% of adults are affected.", "About 35 % of adults are affected."),
    ("It needs 100GB of memory to run.", "It needs 80GB of memory to run."),
    ("Einstein (1879-1955) was a physicist.", "Einstein (1879–1956) was a physicist."),
    ("GPT-4 has 1.8 trillion parameters.", "GPT-4 has 1.7 trillion parameters."),
    ("Revenue in 2020 was 5 million euros.", "Revenue in 2020 was 7 million euros."),
    ("该定律发现于1998年。", "该定律发现于1999年。"),
    ("It costs $5 to make one of them.", "It costs $7 to make one of them."),
    ("It rose by ten to 25 degrees.", "IT rose by ten to -25 degrees"),
    ("It has 3.5 billion users today.", "It has 4 billion users today."),
]

APART = [
    ("The Moon is 384,400 km away from here.", "The Moon is 384400 km away from here."),
    ("GPT-3 is a model of language.", "GPT-4 is a model of language."),
    ("Llama 2 is a model of language.", "Llama 3 is a model of language."),
    ("BERT-110M is a model of language.", "BERT-340M is a model of language."),
    ("Many people have type 1 diabetes.", "Many people have type 2 diabetes."),
    ("RFC 768 describes a protocol well.", "RFC 793 describes a protocol well."),
    ("Revenue in 2020 was 5 million euros.", "Revenue in 2021 was 7 million euros."),
    ("C# 7 was released with 5 features.", "C++ 7 was released with 5 features."),
    ("It is stored as a 32-bit integer.", "It is stored as a 64-bit integer."),
    ("The H100 is a card for graphics.", "The A100 is a card for graphics."),
    ("Water boils at 100 degrees here.", "Water freezes at 0 degrees here."),
    ("There are two of them in Rome.", "There are two of them in Paris."),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_statements_that_differ_in_a_number_are_both_reported(one: str, other: str, tmp_path: Path):
    report = stated(tmp_path, one, other)
    # Chinese in an English article is a problem of its own.
    assert [(each.code, each.place.path, paths(each.related)) for each in report if each.code != "KB410"] == [
        ("KB419", "a.md", ["b.md"]),
        ("KB419", "b.md", ["a.md"]),
    ]


@pytest.mark.parametrize(("one", "other"), APART)
def test_statements_about_different_things_are_not_taken_for_contradictions(one: str, other: str, tmp_path: Path):
    assert not stated(tmp_path, one, other).problems


def test_a_contradiction_names_the_numbers(tmp_path: Path):
    report = stated(tmp_path, "It weighs 5.4 tons and has 2 doors.", "It weighs 5 tons and has 2 doors.")
    assert [each.message for each in report] == [
        "Another fact says the same with another number: 5.4, 2 here; 5, 2 in 1 other place.",
        "Another fact says the same with another number: 5, 2 here; 5.4, 2 in 1 other place.",
    ]


# ---- the same statement


@pytest.mark.parametrize("other", ["Tea   is made  of leaves.", "TEA is made of leaves", "“Tea” is made, of leaves!"])
def test_case_spaces_and_punctuation_do_not_make_another_statement(other: str, tmp_path: Path):
    report = stated(tmp_path, "Tea is made of leaves.", other, "Tea is made of water.")
    assert [(each.code, each.place.path, paths(each.related)) for each in report] == [
        ("KB411", "a.md", ["b.md"]),
        ("KB411", "b.md", ["a.md"]),
    ]


def test_statements_of_punctuation_alone_are_not_the_same(tmp_path: Path):
    assert "KB411" not in stated(tmp_path, "...!", "?!").codes()


# ---- sources on which articles disagree


def test_two_against_one_is_a_problem_of_the_one_with_the_places_of_the_others(tmp_path: Path):
    (problem,) = checked(tmp_path, [article("x", year="2017"), article("y", year="2018"), article("z", year="2017")])
    assert (problem.place.path, paths(problem.related)) == ("b.md", ["a.md", "c.md"])
    assert problem.message == "The year of this source is 2018 here, but 2017 in 2 other places."


def test_without_a_majority_it_is_a_problem_of_all(tmp_path: Path):
    years = ["2017", "2018", "2017", "2018", "2019"]
    report = checked(tmp_path, [article(chr(120 + n), year=year) for n, year in enumerate(years)])
    assert [(each.place.path, paths(each.related)) for each in report] == [
        ("a.md", ["b.md", "d.md", "e.md"]),
        ("b.md", ["a.md", "c.md", "e.md"]),
        ("c.md", ["b.md", "d.md", "e.md"]),
        ("d.md", ["a.md", "c.md", "e.md"]),
        ("e.md", ["a.md", "b.md", "c.md", "d.md"]),
    ]
    assert report.problems[4].message == (
        "The year of this source is 2019 here, but 2017 in 2 other places, 2018 in 2 other places."
    )


def test_articles_that_agree_have_no_problem(tmp_path: Path):
    assert not checked(tmp_path, [article("x"), article("y"), article("z")]).problems


def test_a_title_in_other_case_or_punctuation_is_the_same_title(tmp_path: Path):
    assert not checked(tmp_path, [article("x"), article("y", title="A handbook of  boiling.")]).problems


def test_a_title_that_nobody_filled_in_disagrees_with_none(tmp_path: Path):
    report = checked(tmp_path, [article("x"), article("y", title="TBD"), article("z", title="Source 1")])
    assert set(report.codes()) == {"KB415"}


def test_two_words_for_one_type_of_source_do_not_disagree(tmp_path: Path):
    report = checked(tmp_path, [article("x"), article("y", type="monograph")])
    assert set(report.codes()) <= {"KB507"}


@pytest.mark.parametrize(("field", "value", "code"), [("type", "report", "KB512"), ("institution", "Else", "KB509")])
def test_another_type_or_institution_is_shown_in_both_articles(field: str, value: str, code: str, tmp_path: Path):
    report = checked(tmp_path, [article("x"), article("y", **{field: value})])
    assert [(each.code, each.place.path, paths(each.related)) for each in report] == [
        (code, "a.md", ["b.md"]),
        (code, "b.md", ["a.md"]),
    ]
    assert f"'{value}'" in report.problems[0].message


def test_a_new_voice_for_the_majority_does_not_make_another_problem(tmp_path: Path):
    articles = [
        article("x", year="2017"),
        article("y", year="2018"),
        article("z", year="2017"),
        article("w", year="2017"),
    ]
    few, many = checked(tmp_path / "few", articles[:3]), checked(tmp_path / "many", articles)
    assert few.problems[0].message != many.problems[0].message
    assert fingerprints(few) == fingerprints(many)


# ---- sources that nobody uses

ALMANAC = """
  - id: almanac
    title: "An Almanac of Steam"
    type: book
    year: 1999
    url: https://example.org/almanac
"""


def with_almanac(role: str) -> str:
    head, _, tail = CLEAN.partition("---\n\n## TL;DR")
    head = head + "secondary_sources:" + ALMANAC if role == "secondary" else head.rstrip("\n") + ALMANAC
    return f"{head}---\n\n## TL;DR{tail}"


def test_a_primary_source_of_a_disputed_statement_is_used(tmp_path: Path):
    text = with_almanac("primary")
    assert checked(tmp_path, [text]).codes() == {"KB506": 1}
    used = re.sub(r"(sooner\.\"\n    source_ref: )handbook", r"\1almanac", text)
    assert used != text
    assert not checked(tmp_path, [used]).problems


def test_a_secondary_source_that_the_text_links_is_used(tmp_path: Path):
    text = with_almanac("secondary")
    assert checked(tmp_path, [text]).codes() == {"KB513": 1}
    assert not checked(tmp_path, [f"{text}\nSee [the almanac](https://example.org/almanac).\n"]).problems


def test_a_secondary_source_that_a_disputed_statement_uses_is_used(tmp_path: Path):
    text = with_almanac("secondary")
    used = re.sub(r"(sooner\.\"\n    source_ref: )handbook", r"\1almanac", text)
    assert used != text
    assert not checked(tmp_path, [used]).problems


# ---- groups by themselves

RULE = ShapeRule(
    "urn:x:S",
    "X1",
    Severity.INFO,
    "No.",
    "Help.",
    grouped=True,
    comparison="{own} of {count}, but {others}.",
    majority=True,
)


def result(number: int, group: str = "g", stated: str = "") -> Result:
    return Result(f"<urn:x:{number}>", None, "v", "urn:c", RULE.shape, "urn:s", "No.", group, stated)


def test_a_group_of_one_keeps_its_message():
    (only,) = compared([Member(result(1), "g", "a", "A")], RULE)
    assert (only.message, only.group, only.stated) == ("No.", "g", "a")


def test_of_several_words_for_a_statement_the_first_is_told():
    members = [
        Member(result(n), "g", stated, words) for n, stated, words in [(1, "a", "Z"), (1, "a", "B"), (2, "b", "C")]
    ]
    assert [each.message for each in compared(members, RULE)] == [
        "'B' of 2, but 'C' in 1 other place.",
        "'C' of 2, but 'B' in 1 other place.",
    ]


def test_words_that_look_like_a_place_for_words_are_left_alone():
    members = [Member(result(1), "g", "a", "{count}"), Member(result(2), "g", "b", "{own}")]
    assert [each.message for each in compared(members, RULE)] == [
        "'{count}' of 2, but '{own}' in 1 other place.",
        "'{own}' of 2, but '{count}' in 1 other place.",
    ]


def test_no_more_than_three_other_statements_are_told():
    members = [Member(result(n), "g", str(n), str(n)) for n in range(1, 6)]
    assert next(compared(members, RULE)).message == (
        "1 of 5, but 2 in 1 other place, 3 in 1 other place, 4 in 1 other place, and something else again in others."
    )


def test_a_large_group_lists_a_hundred_places():
    rule = RULE._replace(majority=False)
    placed = [(result(n), Place("a.md", Mark(n, 1, n, 2))) for n in range(1, 2001)]
    related = Groups(placed, {RULE.shape: rule}).related(*placed[0])
    assert [place.line for place in related] == list(range(2, 102))


def test_a_result_of_a_shape_that_is_not_grouped_has_no_related_places():
    placed = [(result(n), Place("a.md", Mark(n, 1, n, 2))) for n in (1, 2)]
    groups = Groups(placed, {RULE.shape: RULE._replace(grouped=False, majority=False)})
    assert groups.related(*placed[0]) == ()
    assert not groups.agrees(placed[0][0])
