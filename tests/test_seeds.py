"""Front matter and body of a file: what is read, where it was written, and what is refused."""

from __future__ import annotations

import time

import pytest

from kbgraph.config import Limits
from kbgraph.errors import Mark, Problem, Severity
from kbgraph.missing_spaces import with_spaces
from kbgraph.nodes import Lines, Mapping, Scalar, Seed, Sequence
from kbgraph.seeds import parse_seed


def parsed(data: bytes | str, limits: Limits | None = None) -> tuple[Seed | None, list[Problem]]:
    """A file taken apart."""
    return parse_seed(data.encode() if isinstance(data, str) else data, "a.md", limits or Limits())


def read(data: bytes | str, limits: Limits | None = None) -> Seed:
    """A file that can be read without a problem."""
    seed, problems = parsed(data, limits)
    assert seed is not None, problems
    assert problems == []
    return seed


def refused(data: bytes | str, limits: Limits | None = None) -> Problem:
    """The one problem of a file that cannot be read."""
    seed, problems = parsed(data, limits)
    assert seed is None
    (problem,) = problems
    assert problem.severity is Severity.VIOLATION
    return problem


def values(seed: Seed) -> dict[str, object]:
    """The front matter as plain data."""
    return {key.text: plain(node) for key, node in seed.front.entries}


def plain(node: Scalar | Sequence | Mapping) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.entries}


# ---- what is read


@pytest.mark.parametrize(
    "written", ["no", "Yes", "0123", "12:30:45", "1.10", "1e3", "2026-06-01", "0x1F", ".inf", "null", "~"]
)
def test_every_scalar_stays_the_text_that_was_written(written: str) -> None:
    assert values(read(f"---\na: {written}\n---\n")) == {"a": written}


def test_lists_and_mappings_are_read_in_their_order() -> None:
    seed = read("---\nb: [x, {d: 1, c: 2}]\na:\n  - y\n---\n")
    assert list(values(seed).items()) == [("b", ["x", {"d": "1", "c": "2"}]), ("a", ["y"])]
    (_, first), _ = seed.front.entries
    assert isinstance(first, Sequence)
    assert list(values(seed)) == ["b", "a"]
    assert list(plain(first.items[1])) == ["d", "c"]


def test_quotes_and_blocks_and_folds_are_read_as_yaml_says() -> None:
    seed = read("---\na: 'it''s'\nb: \"\\u00e9\\n\"\nc: |\n  x\n  y\nd: >-\n  x\n  y\n---\n")
    assert values(seed) == {"a": "it's", "b": "é\n", "c": "x\ny\n", "d": "x y"}


@pytest.mark.parametrize("written", ["", "~", "null", "Null", "NULL"])
def test_nothing_is_null(written: str) -> None:
    ((_, node),) = read(f"---\na: {written}\n---\n").front.entries
    assert isinstance(node, Scalar)
    assert node.is_null


@pytest.mark.parametrize("written", ['"null"', "'~'", "nil", "none"])
def test_a_quoted_null_is_a_text(written: str) -> None:
    ((_, node),) = read(f"---\na: {written}\n---\n").front.entries
    assert isinstance(node, Scalar)
    assert not node.is_null


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(end: str) -> None:
    seed = read(f"---{end}a: 1{end}b: 2{end}---{end}x{end}y")
    assert values(seed) == {"a": "1", "b": "2"}
    assert seed.body == f"x{end}y"


@pytest.mark.parametrize("closing", ["---", "...", "--- ", "...\t"])
def test_three_hyphens_or_three_full_stops_close_a_front_matter(closing: str) -> None:
    assert read(f"---\na: 1\n{closing}\nbody").body == "body"


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    seed = read(b"\xef\xbb\xbf---\na: 1\n---\nbody")
    assert values(seed) == {"a": "1"}
    assert seed.front.entries[0][0].mark == Mark(2, 1, 2, 2)


def test_an_empty_front_matter_is_a_mapping_without_keys() -> None:
    assert read("---\n---\nbody").front.entries == ()
    assert read("---\n# nothing yet\n---\n").front.entries == ()


@pytest.mark.parametrize("body", ["", "\n", "x", "\r\n\r\nx", "---\n", "\ufeffx", "# x\n\n---\n\ny\n"])
def test_the_body_is_what_follows_to_the_byte(body: str) -> None:
    seed = read(f"---\na: 1\n---\n{body}")
    assert seed.body == body
    assert seed.lines.text[seed.body_offset :] == body


# ---- where it was written


def test_places_count_lines_and_columns_from_one_in_characters() -> None:
    seed = read("---\ntitle: Überschrift\nfacts:\n  - id: 日本 x\n---\n")
    title, facts = seed.front.entries
    assert title[0].mark == Mark(2, 1, 2, 6)
    assert title[1].mark == Mark(2, 8, 2, 19)
    assert isinstance(facts[1], Sequence)
    assert facts[1].mark.line == 4
    (fact,) = facts[1].items
    assert isinstance(fact, Mapping)
    assert fact.entries[0][1].mark == Mark(4, 9, 4, 13)


def test_the_mark_of_a_block_ends_with_its_text() -> None:
    seed = read("---\na: |\n  x\n  y\n\n\nb: 1\n---\n")
    assert seed.front.entries[0][1].mark == Mark(2, 4, 4, 4)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_told_apart_by_every_kind_of_line_end(end: str) -> None:
    lines = Lines(f"ab{end}{end}c")
    assert [lines.line(number) for number in range(5)] == ["", "ab", "", "c", ""]
    assert lines.position(lines.start(3)) == (3, 1)
    assert lines.mark(0, 2) == Mark(1, 1, 1, 3)


# ---- what is refused or reported


def test_a_file_that_is_not_utf_8_is_refused_at_the_byte() -> None:
    problem = refused("---\ntitle: Größe".encode("latin-1"))
    assert (problem.code, problem.place.mark) == ("KB001", Mark(2, 10, 2, 11))
    assert "0xF6" in problem.message


@pytest.mark.parametrize("character", ["\x01", "\x07", "\x1b", "\x7f", "\x80", "\ufffe"])
def test_a_control_character_in_a_front_matter_is_refused_at_its_place(character: str) -> None:
    problem = refused(f"---\na: x{character}y\n---\n")
    assert (problem.code, problem.place.mark) == ("KB002", Mark(2, 5, 2, 6))
    assert f"U+{ord(character):04X}" in problem.message


def test_a_control_character_in_a_body_is_a_warning_and_the_body_is_kept() -> None:
    seed, (problem,) = parsed("---\na: 1\n---\nx\x07y\n\x08")
    assert (problem.code, problem.severity) == ("KB016", Severity.WARNING)
    assert problem.place.mark == Mark(4, 2, 4, 3)
    assert seed is not None
    assert seed.body == "x\x07y\n\x08"


def test_a_control_character_that_an_escape_makes_is_a_warning() -> None:
    seed, (problem,) = parsed('---\na: "x\\x07y"\n---\n')
    assert (problem.code, problem.place.line) == ("KB016", 2)
    assert seed is not None
    assert values(seed) == {"a": "x\x07y"}


@pytest.mark.parametrize(
    "data", [b"---\na: x\0y\n---\n", b"---\na: 1\n---\nx\0y", b'---\na: "\\0"\n---\n', b"\0" * 100]
)
def test_a_nul_character_is_refused(data: bytes) -> None:
    assert refused(data).code == "KB015"


def test_a_file_that_is_too_large_is_refused_with_the_name_of_the_limit() -> None:
    problem = refused("---\na: 1\n---\n" + "x" * 100, Limits(file_bytes=100))
    assert problem.code == "KB003"
    assert problem.message == "The file has more than 100 bytes (the limit file_bytes)."


def test_a_front_matter_that_is_too_large_is_refused_with_the_name_of_the_limit() -> None:
    problem = refused(f"---\na: {'x' * 100}\n---\n", Limits(front_matter_bytes=100))
    assert problem.code == "KB003"
    assert "front_matter_bytes" in problem.message


@pytest.mark.parametrize(
    "text", ["", "# A title\n", "\n---\na: 1\n---\n", " ---\na: 1\n---\n", "----\na: 1\n---\n", "+++\na = 1\n+++\n"]
)
def test_a_file_without_front_matter_is_refused(text: str) -> None:
    assert refused(text).code == "KB004"


@pytest.mark.parametrize("text", ["---", "---\n", "---\na: 1\n", "---\na: 1\n----\n", "---\na: 1\n ---\n"])
def test_a_front_matter_that_never_ends_is_refused_at_its_beginning(text: str) -> None:
    problem = refused(text)
    assert (problem.code, problem.place.mark) == ("KB005", Mark(1, 1, 1, 4))


def test_broken_yaml_is_refused_at_its_place_with_the_parsers_reason() -> None:
    problem = refused("---\na: 1\nb: [1, 2\nc: 3\n---\n")
    assert (problem.code, problem.place.line) == ("KB006", 4)
    assert "expected" in problem.message


@pytest.mark.parametrize("front", ["- a\n- b", "just a text", "[]", '"x"', "42"])
def test_a_front_matter_that_is_no_mapping_is_refused(front: str) -> None:
    assert refused(f"---\n{front}\n---\n").code == "KB011"


@pytest.mark.parametrize("front", ["a: 1\n--- {b: 2}", "a: 1\n--- x", "%YAML 1.1\n--- {a: 1}\n--- {b: 2}"])
def test_a_second_document_is_refused_and_nothing_of_the_first_is_dropped_in_silence(front: str) -> None:
    seed, problems = parsed(f"---\n{front}\n---\n")
    assert seed is None
    assert problems


def test_a_duplicate_key_is_a_violation_at_both_places_and_the_last_value_wins() -> None:
    seed, problems = parsed("---\na: 1\nb: 2\na: 3\n---\n")
    assert seed is not None
    assert list(values(seed).items()) == [("a", "3"), ("b", "2")]
    assert [(each.code, each.place.line, each.related[0].line) for each in problems] == [
        ("KB008", 2, 4),
        ("KB008", 4, 2),
    ]


def test_a_duplicate_key_is_found_in_entries_of_lists_too() -> None:
    _, problems = parsed("---\nfacts:\n  - {id: x, id: y}\n  - id: x\n---\n")
    assert [(each.code, each.place.line) for each in problems] == [("KB008", 3), ("KB008", 3)]


def test_nesting_is_bounded() -> None:
    deep = "a: " + "[" * 40 + "]" * 40
    assert refused(f"---\n{deep}\n---\n").code == "KB009"
    assert read(f"---\n{deep}\n---\n", Limits(depth=50)).front.entries


def test_the_number_of_values_is_bounded() -> None:
    front = f"---\na: [{','.join('x' * 50)}]\n---\n"
    problem = refused(front, Limits(values=40))
    assert problem.code == "KB003"
    assert "limit values" in problem.message
    assert read(front, Limits(values=60)).front.entries


@pytest.mark.parametrize(
    "front",
    [
        "a: &x [1]\nb: *x",
        "a: &x {k: 1}\nb: {<<: *x}",
        "a: !!python/object/apply:os.system [ls]",
        "a: !own x",
        "a: !!str 1",
        "!!map {a: 1}",
        "a: &a [&b [*a, *a], *b]",
    ],
)
def test_aliases_and_tags_are_refused(front: str) -> None:
    assert refused(f"---\n{front}\n---\n").code == "KB010"


@pytest.mark.parametrize("front", ["? [a, b]\n: 1", "? {a: 1}\n: 2", "{[a]: 1}"])
def test_a_key_that_is_no_text_is_refused(front: str) -> None:
    assert refused(f"---\n{front}\n---\n").code == "KB014"


# ---- a missing space after a colon


def test_a_missing_space_after_a_colon_is_named_at_the_first_such_line() -> None:
    problem = refused('---\nid: x\ntitle:"A title"\nyear:2017\nlanguage: en\n---\n')
    assert (problem.code, problem.place.mark) == ("KB007", Mark(3, 1, 3, 7))
    assert "1 more line" in problem.message


@pytest.mark.parametrize(
    "line", ['a:"b"', "a:'b'", "a:[1]", "a:12", "a:-12", "a:true", "a:false", 'a-b:"c"', '"a":"b"', "a:word"]
)
def test_a_field_without_its_space_is_recognised(line: str) -> None:
    problem = refused(f"---\n{line}\nlast: 1\n---\n")
    assert (problem.code, problem.place.line) == ("KB007", 2)


def test_a_missing_space_in_an_entry_of_a_list_is_found() -> None:
    problem = refused('---\nfacts:\n  - id: x\n    statement:"y"\n    note: z\n---\n')
    assert (problem.code, problem.place.mark) == ("KB007", Mark(4, 5, 4, 15))


def test_a_colon_inside_a_text_is_no_missing_space() -> None:
    seed = read("---\nurl: https://example.org/\nnote: a:b and 12:30\ntags:\n  - entity:x\n---\n")
    assert values(seed)["tags"] == ["entity:x"]
    assert with_spaces("url: https://example.org/\ntags:\n  - entity:x\n") == (
        "url: https://example.org/\ntags:\n  - entity:x\n",
        [],
    )


def test_another_error_is_not_blamed_on_a_missing_space() -> None:
    assert refused('---\nok: 1\nbad: [1\nx:"y"\n---\n').code == "KB006"


def test_an_error_behind_missing_spaces_is_reported_as_well() -> None:
    seed, problems = parsed('---\na:"b"\nc: 1\nd: [1\n---\n')
    assert seed is None
    assert sorted(each.code for each in problems) == ["KB006", "KB007"]


@pytest.mark.parametrize("count", [1, 2, 10, 1000])
def test_missing_spaces_are_reported_however_little_text_follows(count: int) -> None:
    seed, problems = parsed("---\n" + 'a:"b"\n' * count + "---\n")
    assert seed is None
    assert [each.code for each in problems] == ["KB007"]


def test_the_line_is_right_in_a_file_with_carriage_returns() -> None:
    problem = refused('---\r\nid: x\r\ntitle:"A"\r\nyear: 1\r\n---\r\n')
    assert (problem.code, problem.place.mark) == ("KB007", Mark(3, 1, 3, 7))


# ---- attacks

ATTACKS = {
    "brackets": (b"a: " + b"[" * 100_000, "KB009"),
    "braces": (b"a: " + b"{a: " * 100_000, "KB009"),
    "hyphens": (b"- " * 100_000, "KB009"),
    "question marks": (b"? " * 100_000, "KB009"),
    "an alias bomb": (
        b"a: &a [x,x]\n" + b"".join(b"%c: &%c [*%c,*%c]\n" % (n, n, n - 1, n - 1) for n in range(98, 122)),
        "KB010",
    ),
    "a python object": (b"a: !!python/object/apply:os.system ['true']", "KB010"),
    "half a character": (b'a: "\\ud800"', "KB006"),
    "a half of a pair": (b'a: "\\udc00\\ud83d"', "KB006"),
    "a surrogate in utf-8": (b"a: \xed\xa0\x80", "KB001"),
    "an overlong slash": (b"a: \xc0\xaf", "KB001"),
    "nul": (b"a: \0", "KB015"),
    "an escaped nul": (b'a: "\\x00"', "KB015"),
    "utf-16": ("---\na: 1\n---\n".encode("utf-16"), "KB001"),
    "a huge scalar": (b'a: "' + b"x" * 2_000_000 + b'"', "KB003"),
    "many quotes": (b'a: "' + b'""' * 100_000, "KB006"),
    "a quote that never ends": (b'a: "' + b"\n" * 400_000, "KB006"),
    "a long flow list": (b"[" + b"a," * 400_000 + b"]", "KB003"),
    "many colons": (b"a" + b":b" * 400_000 + b": c", "KB006"),
    "many missing spaces": (b'a:"b"\n' * 50_000, "KB007"),
    "many documents": (b"--- {a: 1}\n" * 50_000, "KB006"),
}


@pytest.mark.parametrize(("front", "code"), ATTACKS.values(), ids=ATTACKS)
def test_an_attack_is_a_clear_problem_at_once(front: bytes, code: str) -> None:
    started = time.process_time()
    seed, problems = parsed(b"---\n" + front + b"\n---\n")
    assert time.process_time() - started < 15
    assert seed is None
    assert code in {each.code for each in problems}


@pytest.mark.parametrize(
    "front",
    [
        b'a: "' + b"x" * 1_000_000 + b'"',
        b"".join(b"k%d: 1\n" % number for number in range(20_000)),
        b"a: 1\n" * 20_000,
        b"a: " + b"\n  " * 300_000 + b"b",
        b"#" * 1_000_000,
    ],
    ids=["a long scalar", "many keys", "one key many times", "many empty lines", "a long comment"],
)
def test_a_large_front_matter_is_read_at_once(front: bytes) -> None:
    started = time.process_time()
    seed, _ = parsed(b"---\n" + front + b"\n---\n")
    assert time.process_time() - started < 15
    assert seed is not None
