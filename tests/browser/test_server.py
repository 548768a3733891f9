"""The pages of a server and of a site in a real browser: nothing complains, nothing runs, nothing is fetched from others."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.browser.conftest import Browser, built_of, served
from tests.hostile.articles import every_article

from kbgraph.config import Settings
from kbgraph.serve.site import write_site

ARTICLE = "article/ai/attention"


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
    browser.prefer(prefers_color_scheme=theme)
    for path in ("", ARTICLE, "source/arxiv/1706.03762.html", "category/ai.html", "search?q=rdf", "nothing"):
        browser.go(address + path)
        assert browser.serious(root) == [], path
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
