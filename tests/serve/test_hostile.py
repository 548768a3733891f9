"""Hostile articles on pages: everything is shown as text, nothing of it runs or is fetched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.hostile.articles import every_article
from tests.serve.asking import Client
from tests.serve.conftest import client_of
from tests.serve.test_app import Page

from kbgraph.building import build_into
from kbgraph.config import Limits, Settings
from kbgraph.inputs import discover

#: Tags that our pages have, and what Markdown may add.
_OURS = {
    "html",
    "head",
    "meta",
    "title",
    "link",
    "script",
    "body",
    "a",
    "header",
    "div",
    "nav",
    "ul",
    "li",
    "form",
    "label",
    "input",
    "button",
    "main",
    "ol",
    "h1",
    "h2",
    "h3",
}
_OURS |= {
    "h4",
    "h5",
    "h6",
    "p",
    "section",
    "article",
    "sup",
    "span",
    "dl",
    "dt",
    "dd",
    "code",
    "pre",
    "em",
    "strong",
    "br",
    "hr",
    "blockquote",
    "table",
    "thead",
    "tbody",
}
_OURS |= {"tr", "th", "td", "s", "time", "footer"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("hostile")
    for number, each in enumerate(every_article()):
        if len(each.data) < 20_000 and number % 6 == 0:
            (folder / f"{number:03}.md").write_bytes(each.data)
    out = tmp_path_factory.mktemp("hostile-out") / "out"
    build_into(out, discover([folder], (), Limits()), Settings(jobs=1, formats=("nq",)))
    with client_of(out, tmp_path_factory.mktemp("aside")) as made:
        yield made


def test_no_page_of_a_hostile_article_holds_what_we_did_not_write(client: Client) -> None:
    lines = client.get("/llms.txt").text.splitlines()
    paths = [line.partition("](https://kb.example/")[2].partition(")")[0] for line in lines if line.startswith("- [")]
    assert len(paths) > 8
    for path in paths:
        answer = client.page(f"/{path}")
        assert answer.status_code == 200, path
        page = Page(answer.text)
        assert {tag for tag, _ in page.tags} <= _OURS, path
        assert len([tag for tag, _ in page.tags if tag == "script"]) == 2
        for _, attributes in page.tags:
            assert not [name for name in attributes if name.startswith("on") or name in {"style", "srcdoc"}], path
        for link in page.of("a", "href"):
            scheme = link.partition(":")[0].lower() if ":" in link.partition("/")[0] else ""
            assert scheme in {"", "http", "https"}, (path, link)
        for form in ("ttl", "jsonld", "nt", "rdf"):
            assert client.get(f"/{path}.{form}").status_code == 200, f"{path}.{form}"
