"""`kbgraph.page.document`: one document that holds everything, fetches nothing and runs nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

import pytest

from kbgraph.dataset import Dataset
from kbgraph.page.data import page_data
from kbgraph.page.document import document_of
from kbgraph.resources import resource_folder

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "<img src=x onerror=alert(1)>",
    "line\u2028separator\u2029here",
    "\u202eright to left \u05e9\u05dc\u05d5\u05dd",
    "emoji \U0001f469\u200d\U0001f680 and \u0000-free",
    "x" * 10_000,
    "{policy} {data} %s ${alert(1)}",
    "]]> &amp; \"'`",
]


def with_title(title: str) -> dict[str, Any]:
    return {**page_data(Dataset([])), "title": title}


def held(document: bytes) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="kbgraph-data">(.*?)</script>', document.decode(), re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_text_comes_back_as_it_was_and_ends_no_script(title: str) -> None:
    document = document_of(with_title(title))
    assert held(document)["title"] == title
    text = document.decode()
    assert len(re.findall(r"</script", text, re.IGNORECASE)) == 2
    assert len(re.findall(r"<script", text, re.IGNORECASE)) == 2
    assert not set(text[text.index("kbgraph-data") :]) & {"\u2028", "\u2029"}


def test_the_policy_names_the_script_and_the_style_and_lets_nothing_be_fetched() -> None:
    text = document_of(with_title("A")).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in policy[1].split("; "))
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert script is not None
    assert style is not None
    for rule, found in (("script-src", script[1]), ("style-src", style[1])):
        digest = base64.b64encode(hashlib.sha256(found.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert rules["default-src"] == "'none'"
    assert rules["base-uri"] == rules["form-action"] == "'none'"
    assert set(rules) == {"default-src", "script-src", "style-src", "img-src", "base-uri", "form-action"}


def test_the_document_refers_to_nothing_outside() -> None:
    text = document_of(with_title("A")).decode()
    before = text[: text.index("<style>")]
    assert re.findall(r'(?:src|href)="([^"]*)"', before) == ["data:,"]
    script = (resource_folder("page/assets") / "explorer.js").read_text(encoding="utf-8")
    for word in (
        "fetch(",
        "XMLHttpRequest",
        "WebSocket",
        "EventSource",
        "sendBeacon",
        "innerHTML",
        "eval(",
        "new Function",
    ):
        assert word not in script, word
    style = (resource_folder("page/assets") / "style.css").read_text(encoding="utf-8")
    assert "url(" not in style
    assert "@import" not in style


def test_the_node_to_begin_with_is_in_the_data() -> None:
    assert held(document_of(with_title("A"), "article/a"))["focus"] == "article/a"
    assert "focus" not in held(document_of(with_title("A")))
