"""Pages, data and catalogues: which address gives what, in which form, and with which headers."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from tests.serve.asking import Client
from tests.serve.conftest import client_of

BASE = "https://kb.example/"
ARTICLE = "/article/ai/attention"
SOURCE = "/source/arxiv/1706.03762"
FORMATS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
}


class Page(HTMLParser):
    """What a page holds: its tags with their attributes, and the text of its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] == "script" and data.strip():
            self.scripts.append(data)

    def of(self, tag: str, attribute: str) -> list[str]:
        return [attributes[attribute] for name, attributes in self.tags if name == tag and attribute in attributes]

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]


def test_an_article_has_a_page_with_facts_and_their_sources_as_footnotes(client: Client) -> None:
    answer = client.page(ARTICLE)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    page = Page(answer.text)
    assert "fact-attention-001" in page.ids
    assert {"#_ref-1", "#_ref-2", "#fact-attention-002"} <= set(page.of("a", "href"))
    assert len(page.ids) == len(set(page.ids))
    fragments = {href[1:] for href in page.of("a", "href") if href.startswith("#")}
    assert fragments <= set(page.ids)
    for wanted in ("Sparse, linear and other", "Attention weights explain", "ai/attention.md", "48c995701cc45e55"):
        assert wanted in answer.text


def test_facts_and_references_are_shown_with_file_and_line(client: Client, root: Path) -> None:
    lines = (root / "seeds/ai/attention.md").read_text(encoding="utf-8").splitlines()
    fact = next(number for number, line in enumerate(lines, 1) if "fact-attention-003" in line)
    reference = lines.index("primary_sources:") + 2
    page = client.page(ARTICLE).text
    shown = re.findall(r'<code class="place">(.*?)</code>', page)
    assert {f"ai/attention.md:{fact}", f"ai/attention.md:{reference}"} <= set(shown)
    assert len(shown) == len(set(shown))
    assert f"ai/attention.md:{fact}</code>" in client.page("/source/arxiv/1706.03762.html").text


def test_headings_skip_no_level(client: Client) -> None:
    for path in ("/", ARTICLE, f"{SOURCE}.html", "/articles.html", "/sparql"):
        levels = [int(level) for level in re.findall(r"<h([1-6])", client.page(path).text)]
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_page_holds_the_article_for_search_engines(client: Client) -> None:
    page = Page(client.page(ARTICLE).text)
    (document,) = (json.loads(script) for script in page.scripts)
    assert document["@id"] == BASE + ARTICLE[1:]
    assert document["headline"] == "Attention in Neural Networks"
    assert {work["name"] for work in document["citation"]} >= {"Attention Is All You Need"}


@pytest.mark.parametrize("media", FORMATS)
def test_a_program_gets_the_data_of_an_article_in_the_form_it_asks_for(client: Client, media: str) -> None:
    answer = client.get(ARTICLE, media)
    assert answer.headers["content-type"].partition(";")[0] == media
    assert answer.headers["vary"] == "Accept"
    triples = {quad.triple for quad in parse(answer.content, format=FORMATS[media])}
    assert any(triple.predicate == NamedNode("https://schema.org/headline") for triple in triples)
    plain = client.get(f"{ARTICLE}.nt")
    assert {quad.triple for quad in parse(plain.content, format=RdfFormat.N_TRIPLES)} == triples


def test_quality_values_decide(client: Client) -> None:
    assert client.get(ARTICLE, "text/html;q=0.3, text/turtle;q=0.9").headers["content-type"].startswith("text/turtle")
    assert client.get(ARTICLE, "text/turtle;q=0, */*;q=0.1").headers["content-type"].startswith("text/html")
    answer = client.get(ARTICLE, "image/png")
    assert answer.status_code == 406
    assert "text/turtle" in answer.text


def test_what_is_no_document_leads_on_to_its_page_or_its_data(client: Client) -> None:
    page = client.page(SOURCE)
    assert (page.status_code, page.headers["location"]) == (303, "./1706.03762.html")
    data = client.get(SOURCE, "application/ld+json")
    assert (data.status_code, data.headers["location"]) == (303, "./1706.03762.jsonld")
    assert "Attention Is All You Need" in client.page(f"{SOURCE}.html").text
    assert data.headers["vary"] == "Accept"


def test_graphs_the_dataset_and_the_scheme_of_categories_resolve(client: Client) -> None:
    graph = client.page("/graph/article/ai/attention")
    assert graph.status_code == 200
    assert set(parse(client.get("/graph/sources", "text/turtle").content, format=RdfFormat.TURTLE))
    for path, where in (("/dataset", "./"), ("/category/", "../categories.html")):
        page = client.page(path)
        assert (page.status_code, page.headers["location"]) == (303, where)
        assert client.page(str(page.url.join(where))).status_code == 200
        data = client.get(path, "application/n-triples")
        assert data.status_code == 200
        subjects = {quad.subject for quad in parse(data.content, format=RdfFormat.N_TRIPLES)}
        assert NamedNode(BASE + path[1:]) in subjects


def test_every_page_under_the_base_resolves_and_its_links_lead_somewhere(client: Client) -> None:
    sitemap = ET.fromstring(client.get("/sitemap.xml").content)
    paths = [
        str(each.text).removeprefix(BASE) for each in sitemap.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]
    assert {"", "articles.html", ARTICLE[1:]} <= set(paths)
    known: set[str] = set()
    for path in paths:
        answer = client.page(f"/{path}")
        assert answer.status_code == 200, path
        links = [*Page(answer.text).of("a", "href"), *Page(answer.text).of("link", "href")]
        for link in links:
            if not re.match(r"[a-z]+:|#", link):
                known.add(str(answer.url.join(link)).partition("#")[0])
    for url in sorted(known):
        if "/explore" not in url:
            assert client.page(url).status_code == 200, url


def test_a_page_names_its_other_forms(client: Client) -> None:
    links = client.page(ARTICLE).headers["link"]
    assert '<https://kb.example/article/ai/attention>; rel="canonical"' in links
    assert '<../../article/ai/attention.ttl>; rel="describedby"; type="text/turtle"' in links


def test_what_a_client_has_is_not_sent_again(client: Client) -> None:
    for path in (ARTICLE, f"{ARTICLE}.ttl", "/", "/_static/pages.css", "/llms.txt"):
        first = client.page(path)
        tag = first.headers["etag"]
        assert tag.startswith('"')
        again = client.page(path, headers={"if-none-match": f'"other", {tag}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    tags = {client.get(ARTICLE, media).headers["etag"] for media in ("text/html", *FORMATS)}
    assert len(tags) == 5


def test_every_answer_keeps_browsers_from_running_anything_else(client: Client) -> None:
    for path in ("/", ARTICLE, "/nothing", "/sparql?query=ASK{}", "/search?q=x", f"{ARTICLE}.ttl", "/explore"):
        headers = client.page(path).headers
        policy = dict(each.strip().partition(" ")[::2] for each in headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["/", ARTICLE, f"{SOURCE}.html", "/sparql", "/search?q=rdf", "/explore"])
def test_no_page_has_an_inline_script_or_style_or_fetches_from_others(client: Client, path: str) -> None:
    page = Page(client.page(path).text)
    for name, attributes in page.tags:
        assert "style" not in attributes
        assert not any(each.startswith("on") for each in attributes)
        assert name != "style"
        if name == "script":
            assert "src" in attributes or attributes["type"] in {"application/ld+json", "application/json"}
    for each in (*page.of("script", "src"), *page.of("img", "src"), *page.of("link", "href")):
        assert not each.startswith(("http://", "//")) or "kb.example" in each


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/article/none", "/article/ai/attention.exe", "/_static/none.js", "/articles-9.html", "/category/x"],
)
def test_what_is_not_there_is_said(client: Client, path: str) -> None:
    assert client.page(path).status_code == 404
    assert "<h1>Not found</h1>" in client.page(path).text
    assert client.get(path).headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "path",
    [
        "/_static/../../../../etc/passwd",
        "/_static/..%2f..%2fapp.py",
        "/article/..%2f..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/.//example.org/",
        "/article/%00",
        "/article/%ff%fe",
        "/article/ai/attention%0d%0aX-Injected:%201",
        "/article/" + "a" * 3000,
        "/article/ai/attention.ttl.ttl",
    ],
)
def test_games_with_paths_lead_nowhere(client: Client, path: str) -> None:
    answer = client.page(path)
    assert answer.status_code in {400, 404}
    assert "x-injected" not in answer.headers
    assert "root:" not in answer.text


def test_the_host_header_is_believed_nowhere(client: Client) -> None:
    for path in ("/sitemap.xml", "/robots.txt", "/llms.txt", "/void", ARTICLE, "/sparql"):
        answer = client.get(path, "text/turtle, text/html;q=0.5, */*;q=0.1", headers={"host": "evil.example"})
        assert "evil.example" not in answer.text
        assert "evil.example" not in str(answer.headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(client: Client, method: str) -> None:
    answer = client.request(method, ARTICLE)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_head_and_options_are_answered(client: Client) -> None:
    head = client.request("HEAD", ARTICLE, headers={"accept": "text/turtle"})
    assert (head.status_code, head.headers["content-type"]) == (200, "text/turtle; charset=utf-8")
    for path in (ARTICLE, "/sparql"):
        answer = client.request("OPTIONS", path, headers={"origin": "https://other.example"})
        assert answer.status_code == 204
        assert "GET" in answer.headers["access-control-allow-methods"]


def test_programs_find_what_they_look_for_first(client: Client) -> None:
    assert f"Sitemap: {BASE}sitemap.xml" in client.get("/robots.txt").text
    assert f"]({BASE}article/ai/attention): Attention lets" in client.get("/llms.txt").text
    for path in ("/void", "/.well-known/void"):
        quads = list(parse(client.get(path, "text/turtle").content, format=RdfFormat.TURTLE))
        said = {quad.predicate.value.rpartition("#")[2]: quad.object for quad in quads}
        assert said["sparqlEndpoint"] == NamedNode(f"{BASE}sparql")


def test_search_finds_words_wherever_they_stand(client: Client) -> None:
    found = client.get("/suggest?q=atten").json()["suggestions"]
    assert found[0] == {"kind": "Article", "label": "Attention in Neural Networks", "path": "article/ai/attention"}
    shown = client.page("/search?q=heads+attention").text
    assert "<mark>attention</mark> <mark>heads</mark>" in shown
    assert "The base Transformer runs eight attention heads" in re.sub("</?mark>", "", shown)
    assert "imprimerie" in client.page("/search?q=ELEMENTS+euclide").text
    kinds = {each["kind"] for each in client.get("/suggest?q=a").json()["suggestions"]}
    assert kinds <= {"Article", "Source", "Category", "Person", "Organisation"}
    assert client.get("/search?q=" + "a+" * 90).status_code == 400
    assert "0 found for “qqq”" in client.page("/search?q=qqq").text
    assert "&lt;script&gt;alert(1)" in client.page("/search?q=<script>alert(1)</script>").text


def test_a_source_page_says_who_cites_it_and_where_they_disagree(client: Client, tmp_path: Path) -> None:
    text = client.page(f"{SOURCE}.html").text
    assert "Facts that rest on it" in text
    assert "The base Transformer runs eight attention heads in parallel." in text
    assert '<a href="../../article/ai/attention#fact-attention-004">Attention in Neural Networks</a>' in text


def test_one_client_may_not_ask_without_end(built: Path, tmp_path: Path) -> None:
    with client_of(built, tmp_path, serve_rate=60) as client:
        statuses = [client.get("/sparql?query=ASK{}").status_code for _ in range(25)]
        assert statuses[:20] == [200] * 20
        assert statuses[-1] == 429
        assert int(client.get("/sparql?query=ASK{}").headers["retry-after"]) >= 1
        assert client.get("/sparql?query=ASK{}", client="192.0.2.2").status_code == 200
        assert client.page(ARTICLE).status_code == 200


def test_a_new_build_is_gone_on_with(built: Path, tmp_path: Path, root: Path) -> None:
    import shutil
    import time

    from kbgraph.building import build_into
    from kbgraph.config import Limits, Settings
    from kbgraph.inputs import discover

    out = tmp_path / "out"
    shutil.copytree(built, out)
    with client_of(out, tmp_path / "aside") as client:
        assert client.page(ARTICLE).status_code == 200
        tag = client.page("/").headers["etag"]
        build_into(out, discover([root / "seeds" / "history"], (), Limits()), Settings(jobs=1, formats=("nq",)))
        end = time.monotonic() + 20
        while client.page("/").headers["etag"] == tag:
            assert time.monotonic() < end
            time.sleep(0.2)
        count = "SELECT (COUNT(*) AS ?n) { ?a a kb:Article }"
        asked: Any = client.get("/sparql", params={"query": count}).json()
        assert asked["results"]["bindings"][0]["n"]["value"] == "1"
