"""The JSON Schema of the front matter: every field is in it, and it refuses nothing that is accepted."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from jsonschema.protocols import Validator

import kbgraph
from kbgraph.config import Limits
from kbgraph.errors import Mark
from kbgraph.fields import ARTICLE, tables
from kbgraph.inputs import discover
from kbgraph.kinds import Field, Kind, Table
from kbgraph.nodes import Mapping, Node, Seed, Sequence
from kbgraph.schema import DRAFTS, schema_of, to_json
from kbgraph.seeds import parse_seed

BAD = Path(__file__).parent / "bad"
CLEAN = (BAD / "clean.md").read_text(encoding="utf-8")

VALIDATORS: dict[str, type[Validator]] = {
    "2020-12": jsonschema.Draft202012Validator,
    "7": jsonschema.Draft7Validator,
}


def validator(aliases: dict[str, str] | None = None, draft: str = "2020-12") -> Validator:
    kind = VALIDATORS[draft]
    return kind(schema_of(aliases, draft), format_checker=kind.FORMAT_CHECKER)


# ---- front matter as an editor reads it: YAML 1.2, core schema


def data_of(node: Node) -> object:
    """A node as JSON data, plain scalars by the core schema of YAML 1.2 (section 10.3.2)."""
    if isinstance(node, Sequence):
        return [data_of(item) for item in node.items]
    if isinstance(node, Mapping):
        return {key.text: data_of(value) for key, value in node.entries}
    text = node.text
    if not node.plain:
        return text
    if re.fullmatch("null|Null|NULL|~|", text):
        return None
    if re.fullmatch("true|True|TRUE|false|False|FALSE", text):
        return text.lower() == "true"
    if re.fullmatch("[-+]?[0-9]+", text):
        return int(text)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text):
        return float(text)
    return text


def seed_of(text: str | bytes) -> Seed | None:
    data = text.encode() if isinstance(text, str) else text
    return parse_seed(data, "a.md", Limits())[0]


Refused = list[tuple[int, int, str]]


def refused(seed: Seed, by: Validator) -> Refused:
    """First and last line of each value that a schema refuses, and why."""
    found = []
    for error in by.iter_errors(data_of(seed.front)):
        mark = mark_of(seed.front, list(error.absolute_path))
        found.append((mark.line, mark.end_line, error.message[:200]))
    return found


def mark_of(node: Node, path: list[str | int]) -> Mark:
    for step in path:
        if isinstance(node, Mapping):
            node = next(value for key, value in node.entries if key.text == step)
        elif isinstance(node, Sequence):
            node = node.items[int(step)]
    return node.mark


# ---- the table


def field_paths() -> Iterator[tuple[str, Table, Field]]:
    """Each field with the name under which the schema has its table; "" for the article's own."""
    names = {ARTICLE: ""}
    for field in ARTICLE.fields:
        if field.members is not None:
            names.setdefault(field.members, field.name)
    for table in tables():
        for field in table.fields:
            yield names[table], table, field


@pytest.mark.parametrize(
    ("of", "table", "field"), [pytest.param(*each, id=f"{each[0]}-{each[2].name}") for each in field_paths()]
)
def test_each_field_of_the_table_is_in_the_schema(of: str, table: Table, field: Field) -> None:
    schema = schema_of()
    entry = schema["$defs"][of] if of else schema
    for name in (field.name, *field.aliases):
        assert field.description in entry["properties"][name]["description"]
    demanded = field.name in entry["required"] or any(
        {"required": [field.name]} in each.get("anyOf", []) for each in entry.get("allOf", [])
    )
    assert demanded == field.required
    assert entry["additionalProperties"] is True


@pytest.mark.parametrize("draft", DRAFTS)
def test_the_schema_is_a_schema_and_its_examples_are_valid(draft: str) -> None:
    schema = schema_of(draft=draft)
    VALIDATORS[draft].check_schema(schema)
    assert schema["$schema"] == DRAFTS[draft] == VALIDATORS[draft].META_SCHEMA["$schema"]
    for of, _, field in field_paths():
        entry = schema["$defs"][of] if of else schema
        value = entry["properties"][field.name]
        for example in value.get("examples", []):
            alone = {"$defs": schema["$defs"], **value}
            assert list(validator().evolve(schema=alone).iter_errors(example)) == [], field.name
        assert ("examples" in value) == bool(field.example)


def test_words_of_the_vocabulary_are_listed() -> None:
    of_type = schema_of()["$defs"]["primary_sources"]["properties"]["type"]["anyOf"]
    assert "academic_paper" in of_type[0]["enum"]
    assert schema_of()["properties"]["confidence"]["anyOf"][0] == {"enum": ["low", "medium", "high"]}


def test_the_projects_aliases_are_in_the_schema() -> None:
    check = validator({"date": "created_date", "writer": "name"})
    text = CLEAN.replace("created_date:", "date:")
    assert refused(seed_of(text), check) == []
    assert refused(seed_of(text), validator()) != []
    assert refused(seed_of(text.replace("date:", "created: 2026-05-24\ndate:", 1)), check) != []
    assert "writer" in check.schema["$defs"]["contributors"]["properties"]
    assert "writer" not in check.schema["properties"]


def test_both_drafts_say_the_same() -> None:
    for path in sorted(BAD.glob("*.md")):
        seed = seed_of(path.read_bytes())
        if seed is not None:
            assert refused(seed, validator()) == refused(seed, validator(draft="7")), path.name


# ---- the schema and `check`


def all_refused(files: dict[str, bytes]) -> dict[str, Refused]:
    """What the schema refuses, by file."""
    check, seeds = validator(), {path: seed_of(data) for path, data in files.items()}
    return {path: refused(seed, check) for path, seed in seeds.items() if seed is not None}


def unexplained(found: dict[str, Refused], report: kbgraph.Report) -> list[str]:
    """What the schema refuses at lines at which `check` reports nothing but unknown fields.

    For each value that the schema refuses, in an article that can be read, there must be a problem
    of the reader (KB1) or of the shapes (KB3) whose place is in the lines of that value; for a
    field that is missing, in the lines of the entry that lacks it.
    """
    places: dict[str, set[int]] = {}
    for each in report:
        if each.code.startswith(("KB1", "KB3")) and each.code != "KB101":
            places.setdefault(each.place.path, set()).add(each.place.line)
    return [
        f"{path}:{first}-{last}: {message}"
        for path, values in found.items()
        for first, last, message in values
        if not places.get(path, set()) & set(range(first, last + 1))
    ]


def read_all(folder: Path) -> dict[str, bytes]:
    return {each.path: each.location.read_bytes() for each in discover([folder], (), Limits()).inputs}


def test_the_schema_accepts_the_seeds(root: Path) -> None:
    check = validator()
    for path, data in read_all(root / "seeds").items():
        assert refused(seed_of(data), check) == [], path


def test_what_the_schema_refuses_in_the_corpus_check_reports(shared: Path, corpus_result: kbgraph.BuildResult) -> None:
    assert unexplained(all_refused(read_all(shared / "corpus" / "articles")), corpus_result.report) == []


def test_what_the_schema_refuses_in_broken_articles_check_reports(shared: Path) -> None:
    folder = shared / "corpus" / "dirty"
    report = kbgraph.build(folder, settings=kbgraph.Settings(jobs=1)).report
    assert unexplained(all_refused(read_all(folder)), report) == []


@pytest.mark.parametrize("path", sorted(BAD.glob("KB1*.md")) + sorted(BAD.glob("KB3*.md")), ids=lambda path: path.stem)
def test_what_the_schema_refuses_in_an_article_with_one_mistake_check_reports(path: Path) -> None:
    report = kbgraph.build(path, settings=kbgraph.Settings(jobs=1)).report
    assert unexplained(all_refused({path.name: path.read_bytes()}), report) == []


#: The codes of the kind of a value, of a value that is missing, and of one that is no word of a closed list.
CODES_OF_FORM = re.findall(
    r"\w+",
    """KB102 KB103 KB301 KB302 KB303 KB305 KB306 KB307 KB308 KB309 KB310 KB311 KB312 KB315 KB316 KB318
    KB320 KB321 KB323 KB324 KB325 KB326 KB331 KB332 KB341 KB342 KB344 KB347""",
)


@pytest.mark.parametrize(
    "path", [path for code in CODES_OF_FORM for path in sorted(BAD.glob(f"{code}-*.md"))], ids=lambda path: path.stem
)
def test_the_schema_refuses_a_value_of_the_wrong_kind_and_one_that_is_missing(path: Path) -> None:
    seed = seed_of(path.read_bytes())
    assert seed is not None
    assert refused(seed, validator()) != []


#: Values as they are written, good for some kinds and bad for others.
VALUES = [
    "",
    "~",
    '""',
    '" "',
    "Tea",
    "1984",
    "0",
    "-350",
    "0.82",
    "'0.82'",
    "1e3",
    "true",
    "TRUE",
    "'false'",
    "yes",
    "2026-06-01",
    "2026-06-01 10:00",
    "2026-06-31",
    "2026-6-1",
    "https://example.org/x",
    "'HTTPS://example.org/x'",
    "ftp://example.org/x",
    "Medium",
    "medium ",
    "own_word",
    "[]",
    "[Tea]",
    "[2001, true]",
    "[~]",
    "[[Tea]]",
    "[{name: Tea}]",
    "{}",
    "{name: Tea}",
]


def variants() -> dict[str, str]:
    """The clean article with one field of one table set to one of the values, by a file name."""
    made = {}
    heads = {
        "": "",
        "atomic_facts": "  - id: fact-1\n",
        "disputed_statements": "  - statement: ",
        "primary_sources": "  - id: handbook\n",
    }
    lines = CLEAN.replace("    isbn: 978-3-16-148410-0\n", "").splitlines()
    for of, _, field in field_paths():
        if of not in heads:
            continue
        head = heads[of].rstrip("\n")
        start = 1 if not of else next(n for n, line in enumerate(lines) if line.startswith(head)) + 1
        if of and field.name == head.removeprefix("  - ").partition(":")[0]:
            continue  # the first line of the entry
        indent = "    " if of else ""
        for number, value in enumerate(VALUES):
            if field.kind in {Kind.STRING, Kind.TEXT} and number % 3:
                continue  # these kinds hold all texts alike
            key = f"{of or 'article'}-{field.name}-{number}"
            # What articles share would be compared by each with each other.
            own = [re.sub("(?i)boiling|water|handbook", key, line) for line in lines]
            made[f"{key}.md"] = with_field(own, start, f"{indent}{field.name}", value)
    return made


def with_field(lines: list[str], start: int, name: str, value: str) -> str:
    """The article with a field set at a line, and taken out where it stood."""
    indent = len(name) - len(name.lstrip())
    kept = list(lines[:start])
    inside, dropping = True, False
    for line in lines[start:]:
        deep = len(line) - len(line.lstrip())
        inside = inside and line != "---" and deep >= indent
        dropping = inside and (line.startswith(f"{name}:") or (dropping and deep > indent))
        if not dropping:
            kept.append(line)
    kept.insert(start, f"{name}: {value}")
    return "\n".join(kept) + "\n"


def test_whatever_a_field_holds_the_schema_refuses_only_what_check_reports(tmp_path: Path) -> None:
    files = {name: text.encode() for name, text in variants().items()}
    assert len(files) > 900
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    report = kbgraph.build(tmp_path, settings=kbgraph.Settings(jobs=2)).report
    unread = [each for each in report if each.code.startswith("KB0")]
    assert unread == []
    found = all_refused(files)
    assert sum(map(bool, found.values())) > 400
    assert unexplained(found, report) == []


# ---- the command


def test_the_command_writes_the_schema_with_the_projects_aliases(tmp_path: Path) -> None:
    (tmp_path / "kbgraph.toml").write_text('[aliases]\ndate = "created_date"\n', encoding="utf-8")
    command = [sys.executable, "-m", "kbgraph", "schema"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout == to_json(schema_of({"date": "created_date"}))
    assert done.stderr == b""
    done = subprocess.run([*command, "--draft", "7"], cwd=tmp_path, capture_output=True, check=True)
    assert json.loads(done.stdout)["$schema"] == DRAFTS["7"]
