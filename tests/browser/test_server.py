"""The pages of a server and of a site in a real browser: nothing complains, nothing runs, nothing is fetched from others."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import Page
from tests.hostile.articles import every_article

from kbgraph.building import build_into
from kbgraph.config import Limits, Settings
from kbgraph.inputs import discover
from kbgraph.serve.site import write_site

ARTICLE = "article/ai/attention"


def served(out: Path) -> Iterator[str]:
    """The address of a server of a build, which ends afterwards as it should."""
    command = [sys.executable, "-m", "kbgraph", "serve", str(out), "--port", "0", "--quiet"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "200"})
    assert process.stderr is not None
    address = ""
    for line in process.stderr:
        found = re.search(r"at (http://127\.0\.0\.1:\d+/)", line)
        if found:
            address = found[1]
            break
    assert address
    yield address
    process.send_signal(signal.SIGTERM)
    process.stderr.close()
    assert process.wait(20) in {0, 128 + signal.SIGTERM, -signal.SIGTERM}


def built_of(folder: Path, out: Path) -> Path:
    build_into(out, discover([folder], (), Limits()), Settings(jobs=1, formats=("nq",)))
    return out


@pytest.fixture(scope="module")
def seeds_out(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_of(root / "seeds", tmp_path_factory.mktemp("seeds") / "out")


@pytest.fixture(scope="module")
def address(seeds_out: Path) -> Iterator[str]:
    yield from served(seeds_out)


class Browser(Page):
    """A browser that goes from address to address."""

    def go(self, url: str) -> Browser:
        self.driver.get(url)
        return self

    def path(self) -> str:
        return re.sub(r"^https?://[^/]+/", "", str(self.driver.current_url))


@pytest.fixture
def browser(_driver: tuple[Any, Path], root: Path) -> Iterator[Browser]:
    driver, downloads = _driver
    made = Browser(driver, Path(), downloads, root / "out" / "screenshots")
    made.go("about:blank")
    made.size(1200, 900).prefer(prefers_color_scheme="light", prefers_reduced_motion="reduce")
    made.complaints()
    made.requests()
    yield made
    assert made.complaints() == []
    others = [url for url in made.requests() if not url.startswith(("http://127.0.0.1:", "file:"))]
    assert others == []


def test_an_article_is_read_and_its_footnotes_lead_to_sources(browser: Browser, address: str) -> None:
    browser.go(address + ARTICLE)
    assert browser.text("h1") == "Attention in Neural Networks"
    browser.find('.facts sup a[href="#_ref-1"]').click()
    assert browser.path() == f"{ARTICLE}#_ref-1"
    browser.picture("served-article")
    browser.find("#_ref-1 .work a").click()
    assert browser.path() == "source/arxiv/1706.03762.html"
    assert "eight attention heads" in browser.text("main")
    browser.picture("served-source")


def test_search_suggests_and_is_used_with_the_keyboard_alone(browser: Browser, address: str) -> None:
    from selenium.webdriver.common.keys import Keys

    browser.go(address)
    browser.picture("served-home")
    browser.press(Keys.TAB)
    assert browser.script("return document.activeElement.className") == "skip"
    for _ in range(7):
        browser.press(Keys.TAB)
    assert browser.script("return document.activeElement.id") == "_q"
    browser.press("atten")
    browser.until(lambda: browser.texts("#_suggestions li"), "suggestions")
    browser.press(Keys.ARROW_DOWN)
    assert browser.script("return document.activeElement.getAttribute('aria-activedescendant')") == "_suggestion-0"
    browser.press(Keys.ENTER)
    browser.until(lambda: browser.path() == ARTICLE, "the article")


def test_the_theme_is_switched_and_remembered(browser: Browser, address: str) -> None:
    def paper() -> str:
        return str(browser.script("return getComputedStyle(document.body).backgroundColor"))

    browser.go(address + ARTICLE)
    light = paper()
    browser.find("#_theme").click()
    dark = paper()
    assert dark != light
    browser.go(address)
    assert paper() == dark
    browser.picture("served-dark")
    browser.find("#_theme").click()
    assert paper() == light


@pytest.mark.parametrize(
    "path", ["", ARTICLE, "source/arxiv/1706.03762.html", "sparql", "search?q=rdf", "articles.html"]
)
def test_pages_fit_a_phone(browser: Browser, address: str, path: str) -> None:
    browser.size(375, 720).go(address + path)
    assert browser.script("return document.documentElement.scrollWidth") <= 375


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Browser, address: str, root: Path, theme: str) -> None:
    axe = root / "web" / "node_modules" / "axe-core" / "axe.min.js"
    if not axe.is_file():
        pytest.skip("needs axe-core: run `npm ci` in web/")
    browser.prefer(prefers_color_scheme=theme)
    for path in ("", ARTICLE, "source/arxiv/1706.03762.html", "category/ai.html", "sparql", "search?q=rdf", "nothing"):
        browser.go(address + path)
        browser.script(axe.read_text(encoding="utf-8"))
        run = (
            "const done = arguments[0]; axe.run().then((found) => done(found.violations"
            ".filter((v) => ['serious', 'critical'].includes(v.impact))"
            ".map((v) => [v.id, v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + n.failureSummary)])))"
        )
        assert browser.driver.execute_async_script(run) == [], path
    assert all("404 (Not Found)" in each for each in browser.complaints())


def test_a_site_works_from_disk_with_its_search(browser: Browser, seeds_out: Path, tmp_path: Path) -> None:
    write_site(seeds_out, tmp_path / "site", "", Settings(), 1, lambda _: None)
    browser.go((tmp_path / "site" / "index.html").as_uri())
    browser.find('a[href="article/ai/attention.html"]').click()
    assert browser.text("h1") == "Attention in Neural Networks"
    browser.go((tmp_path / "site" / "search.html").as_uri() + "?q=attention")
    assert browser.text("#_results li a") == "Attention in Neural Networks"


def test_hostile_articles_do_nothing_in_a_browser(browser: Browser, tmp_path: Path) -> None:
    folder = tmp_path / "hostile"
    folder.mkdir()
    for number, each in enumerate(every_article()):
        if len(each.data) < 20_000 and any(
            sign in each.data for sign in (b"<script", b"javascript:", b"onerror", b"<img")
        ):
            (folder / f"{number:03}.md").write_bytes(each.data)
    for address in served(built_of(folder, tmp_path / "out")):
        browser.go(f"{address}articles.html")
        links = browser.script("return [...document.querySelectorAll('main li a')].map((a) => a.href)")
        assert len(links) >= 3
        for link in links:
            browser.go(link)
            assert browser.text("h1")
            assert browser.script("return document.querySelectorAll('img, iframe, object, embed').length") == 0
            assert browser.script("return [...document.links].every((a) => /^(https?|file):/.test(a.href))")
            assert browser.complaints() == []
