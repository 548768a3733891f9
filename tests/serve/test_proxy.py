"""Behind a proxy, below a path: every link leads on below it, and who asks is whom the proxy names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx
import pytest
from tests.loopback import only_this_machine
from tests.serve.process import served
from tests.serve.proxy import proxied
from tests.serve.test_app import Page

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    only_this_machine(monkeypatch)


@pytest.fixture(params=[True, False], ids=["stripped", "kept"])
def site(request: pytest.FixtureRequest, built: Path) -> Iterator[httpx.Client]:
    options = ("--root-path", "/kb", "--base-url", "https://example.org/kb/", "--rate", "0", "--quiet")
    with (
        served(built, *options) as (_, port),
        proxied(port, "/kb", strips=request.param) as proxy,
        httpx.Client(base_url=f"http://127.0.0.1:{proxy}/kb/", timeout=30) as client,
    ):
        yield client


def links_of(page: Page) -> list[str]:
    pairs = (("a", "href"), ("link", "href"), ("script", "src"), ("img", "src"), ("form", "action"))
    return [link for tag, attribute in pairs for link in page.of(tag, attribute)]


def test_all_that_can_be_reached_lies_below_the_path(site: httpx.Client) -> None:
    root = str(site.base_url)
    waiting, seen = [root, f"{root}explore", f"{root}sparql", f"{root}search?q=attention"], set[str]()
    while waiting and len(seen) < 150:
        url = waiting.pop(0)
        if url in seen:
            continue
        seen.add(url)
        answer = site.get(url, headers=BROWSER, follow_redirects=True)
        assert answer.status_code == 200, url
        assert str(answer.url).startswith(root), url
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        for link in links_of(Page(answer.text)):
            found = urldefrag(urljoin(str(answer.url), link)).url
            if urlsplit(found).netloc != urlsplit(root).netloc:
                assert urlsplit(link).netloc, f"{url}: {link}"
                continue
            assert found.startswith(root), f"{url}: {link} leads out of the path"
            waiting.append(found)
    assert len(seen) == 150


def test_headers_lead_on_below_the_path(site: httpx.Client) -> None:
    moved = site.get("source/arxiv/1706.03762", headers={"Accept": "text/turtle"})
    assert moved.status_code == 303
    where = urljoin(str(moved.url), moved.headers["location"])
    assert where == f"{site.base_url}source/arxiv/1706.03762.ttl"
    article = site.get("article/ai/attention", headers=BROWSER)
    linked = re.findall(r"<([^>]*)>; rel=\"(?:alternate|describedby)\"", article.headers["link"])
    assert len(linked) > 4
    for each in linked:
        found = urljoin(str(article.url), each)
        assert found.startswith(str(site.base_url))
        assert site.get(found).status_code == 200


def test_forms_and_questions_work_below_the_path(site: httpx.Client) -> None:
    asked = site.post("sparql", data={"query": "ASK { ?s ?p ?o }"})
    assert asked.json()["boolean"] is True
    assert site.get("suggest", params={"q": "atten"}).json()["suggestions"][0]["label"].startswith("Attention")


def test_maps_name_the_address_outside(site: httpx.Client) -> None:
    assert "<loc>https://example.org/kb/article/ai/attention</loc>" in site.get("sitemap.xml").text
    assert "https://example.org/kb/sparql" in site.get("void", headers={"Accept": "text/turtle"}).text


@pytest.mark.parametrize("trusts", [True, False])
def test_who_asks_is_believed_of_a_trusted_proxy_alone(built: Path, trusts: bool) -> None:
    options = ["--trust-proxy"] if trusts else []
    with (
        served(built, "--rate", "60", *options) as (process, port),
        httpx.Client(base_url=f"http://127.0.0.1:{port}/") as client,
    ):
        statuses = [
            client.get(f"sparql?query=ASK{{}}%23{number}", headers={"X-Forwarded-For": f"203.0.113.{number}"})
            for number in range(30)
        ]
        assert (429 in {each.status_code for each in statuses}) is not trusts
        assert process.stderr is not None
        assert process.stderr.readline().startswith("203.0.113.0 " if trusts else "127.0.0.1 ")


def test_what_a_client_says_before_the_proxy_does_not_count(built: Path) -> None:
    with (
        served(built, "--rate", "60", "--trust-proxy") as (_, port),
        proxied(port, "/kb", strips=True) as proxy,
        httpx.Client(base_url=f"http://127.0.0.1:{proxy}/kb/", timeout=30) as client,
    ):
        answers = [
            client.get(f"sparql?query=ASK{{}}%23{number}", headers={"X-Forwarded-For": f"203.0.113.{number}"})
            for number in range(30)
        ]
        assert 429 in {each.status_code for each in answers}


def test_forged_headers_change_no_link(built: Path) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "evil", "X-Forwarded-Prefix": "/evil"}
    with (
        served(built, "--trust-proxy", "--quiet") as (_, port),
        httpx.Client(base_url=f"http://127.0.0.1:{port}/") as client,
    ):
        for path in ("", "article/ai/attention", "sitemap.xml", "void", "sparql", "source/arxiv/1706.03762"):
            answer = client.get(path, headers=forged)
            assert "evil" not in answer.text + str(answer.headers), path
