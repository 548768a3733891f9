"""What is said of each code is there, and its examples are true: wrong is wrong, right is right.

An example takes the place of the fields that it names in the clean article of `bad/`, or the place
of its body, or is a whole file; the wrong one must give its code, and no other, the right one none.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import kbgraph
from kbgraph.config import find_settings
from kbgraph.errors import Severity
from kbgraph.explanations import FORMS, GROUPS, Explanation, explanations, find_explanation, nearest
from kbgraph.rules import RULES
from kbgraph.shapes import shipped_shapes

CLEAN = (Path(__file__).parent / "bad" / "clean.md").read_text(encoding="utf-8")
CODES = sorted({*RULES, *(rule.code for rule in shipped_shapes().rules.values())})
#: Forms in which an example is less than an article, so that other things are missing in it.
PARTIAL = {"article"}
#: What a comment that cannot be read fails to hide.
NOT_HIDDEN = {"KB018": {"KB511"}}


def keys_of(text: str) -> set[str]:
    """The names of the fields at the left edge."""
    return set(re.findall(r'^"?(\w+)"?:', text, re.MULTILINE))


def with_fields(example: str, keys: set[str], stem: str) -> bytes:
    """The clean article with an example instead of the fields of those names; `stem` tells several apart."""
    front, body = CLEAN.removeprefix("---\n").split("\n---\n", 1)
    if stem:
        front = re.sub(r"(id: |title: \"|statement: \")(?=[a-zA-Z])(?!handbook|fact)", rf"\g<1>{stem} ", front, count=0)
        front = front.replace(f'title: "{stem} A Handbook', 'title: "A Handbook')
    fields = re.split(r"\n(?=\w)", front)
    kept = [field for field in fields if field.partition(":")[0] not in keys]
    return "\n".join(["---", *kept, example.rstrip("\n"), "---", body]).encode()


def files_of(example: str) -> dict[str, str]:
    """The files of an example: several where lines such as `# one.md` begin them."""
    parts = re.split(r"^# (\S+\.md)\n", example, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True)) if len(parts) > 1 else {"boiling-water.md": example}


def as_bytes(text: bytes) -> bytes:
    """A text in which \\xHH stands for one byte."""
    return re.sub(rb"\\x([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), text)


def laid_out(each: Explanation, example: str, folder: Path) -> Path:
    """An example as files; gives the path to check."""
    seeds = folder / "seeds"
    seeds.mkdir()
    keys = keys_of(each.wrong) | keys_of(each.right) if each.form in {"fields", "bytes"} else set()
    for name, text in files_of(example).items():
        several = name != "boiling-water.md"
        if each.form == "article":
            data = text.encode()
        elif each.form == "body":
            data = (CLEAN.split("\n---\n")[0] + "\n---\n\n" + text).encode()
        else:
            data = with_fields(text if keys else "", keys, name.removesuffix(".md") if several else "")
        (seeds / name).write_bytes(as_bytes(data) if each.form == "bytes" else data)
    if each.given:
        (folder / "shapes.ttl").write_text(each.given, encoding="utf-8")
        (folder / "kbgraph.toml").write_text('shapes = ["shapes.ttl"]\n', encoding="utf-8")
    if each.form == "settings":
        (folder / "kbgraph.toml").write_text(example, encoding="utf-8")
    if each.form == "shell":
        (folder / "drafts").mkdir()
        (seeds / "boiling-water.md").rename(folder / "drafts" / "boiling-water.md")
        if subprocess.run(["bash", "-c", example], cwd=folder, check=False, capture_output=True).returncode:
            pytest.skip("this file system takes no such name")
    return seeds


def codes_of(each: Explanation, example: str, folder: Path) -> set[str]:
    """The codes of the problems of an example."""
    seeds = laid_out(each, example, folder)
    report = kbgraph.build(seeds, settings=find_settings(seeds).changed(jobs=1)).report
    codes = set(report.codes())
    return codes & {each.code} if each.form in PARTIAL else codes


# ---- every code


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_explained_in_whole_sentences_and_with_examples(code: str) -> None:
    each = explanations()[code]
    for text in (each.title, each.hint, each.means, each.why):
        assert text.strip() == text
        assert text.endswith(".")
    assert each.wrong.strip() != each.right.strip()
    assert each.wrong.strip()
    assert each.right.strip()
    assert each.form in FORMS
    assert any(code.startswith(group) for group in GROUPS)


@pytest.mark.parametrize("code", CODES)
def test_the_wrong_example_gives_the_code_and_no_other(code: str, tmp_path: Path) -> None:
    each = explanations()[code]
    if each.form == "shell" and os.name != "posix":
        pytest.skip("needs a shell")
    assert codes_of(each, each.wrong, tmp_path) == {code} | NOT_HIDDEN.get(code, set())


@pytest.mark.parametrize("code", CODES)
def test_the_right_example_has_no_problem(code: str, tmp_path: Path) -> None:
    each = explanations()[code]
    if each.form == "shell" and (os.name != "posix" or sys.platform == "darwin"):
        pytest.skip("needs a shell, and a file system that keeps names as they are")
    assert codes_of(each, each.right, tmp_path) == set()


def test_nothing_is_explained_that_is_no_code() -> None:
    assert list(explanations()) == CODES


# ---- finding one


@pytest.mark.parametrize(
    "name", ["KB301", "kb301", " KB301 ", "ArticleId", "kbs:ArticleId", "https://w3id.org/kbgraph/shapes#ArticleId"]
)
def test_an_explanation_is_found_by_its_code_and_by_its_shape(name: str) -> None:
    found = find_explanation(name)
    assert found is not None
    assert (found.code, found.severity) == ("KB301", Severity.VIOLATION)


def test_a_rule_of_reading_has_no_shape() -> None:
    assert explanations()["KB001"].name == ""
    assert find_explanation("") is None


@pytest.mark.parametrize(("name", "near"), [("KB3O1", "KB301"), ("articelid", "ArticleId"), ("qwxyz", "")])
def test_the_nearest_name_is_offered(name: str, near: str) -> None:
    assert find_explanation(name) is None
    assert nearest(name) == near
