"""The explorer on a server in a real browser: what is drawn comes once, what is told of a node when it is opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.browser.conftest import Browser, served

ATTENTION = "article/ai/attention"


def opened(browser: Browser, address: str, hash: str = "") -> Browser:
    browser.go("about:blank").go(f"{address}explore{hash}")
    browser.settled()
    return browser


def test_it_shows_the_overview_and_asks_for_its_map_once(browser: Browser, address: str) -> None:
    opened(browser, address)
    assert browser.title() == "Overview"
    assert "14 articles · 71 facts · 33 sources" in browser.text(".kg-header")
    asked = [url.removeprefix(address) for url in browser.requests() if "_explorer" in url]
    assert asked == ["_explorer/map.json"]
    browser.picture("live-overview")


def test_a_node_is_asked_for_when_it_is_opened_and_not_again(browser: Browser, address: str) -> None:
    opened(browser, address)
    browser.requests()
    browser.after(lambda: browser.click_at(*browser.place_of(ATTENTION)))
    assert browser.title() == "Attention in Neural Networks"
    panel = browser.text(".kg-panel")
    for each in ("ai/attention.md", "60 %", "Known gaps", "Disputed", "Sources"):
        assert each in panel
    asked = [url.removeprefix(address) for url in browser.requests()]
    assert asked == ["_explorer/node.json?id=article%2Fai%2Fattention"]
    browser.after(browser.find(".kg-tab").click)
    browser.after(lambda: browser.click_at(*browser.place_of(ATTENTION)))
    assert [url for url in browser.requests() if "node.json" in url] == []


def test_it_leads_to_the_pages_of_the_server_and_back(browser: Browser, address: str) -> None:
    opened(browser, address, f"#node={ATTENTION}%23fact-attention-001")
    link = browser.find(".kg-actions a.kg-page")
    assert link.get_attribute("href") == f"{address}{ATTENTION}#fact-attention-001"
    link.click()
    assert browser.text("h1") == "Attention in Neural Networks"
    browser.find('nav[aria-label="Site"] a[href$="explore"]').click()
    browser.settled()
    browser.find(".kg-home").click()
    assert browser.path() == ""


def test_where_the_server_is_gone_that_is_said_and_the_picture_stays(browser: Browser, seeds_out: Path) -> None:
    for address in served(seeds_out):
        opened(browser, address)
        browser.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*node.json*"]})
        try:
            browser.after(lambda: browser.click_at(*browser.place_of(ATTENTION)))
            assert browser.title() == "Attention in Neural Networks"
            assert "cannot be had" in browser.text(".kg-panel")
            assert "Facts" in browser.text(".kg-panel")
        finally:
            browser.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
        assert all("node.json" in each for each in browser.complaints())


def test_under_a_path_of_a_proxy_everything_is_found(browser: Browser, seeds_out: Path) -> None:
    for root in served(seeds_out, "--root-path", "/kb"):
        address = f"{root.removesuffix('/').removesuffix('/kb')}/kb/"
        opened(browser, address, f"#node={ATTENTION}")
        assert browser.title() == "Attention in Neural Networks"
        assert browser.find(".kg-page").get_attribute("href") == f"{address}{ATTENTION}"
        for path in ("sparql", "sparql/"):
            browser.go("about:blank").go(f"{address}{path}?example=most-cited-sources")
            browser.until(lambda: browser.script("return Boolean(globalThis.kbgraphEditor)"), "the editor")
            browser.find("#_ask button").click()
            link = browser.until(lambda: browser.all("#_answer tbody a"), "rows")[0]
            assert link.get_attribute("href").startswith(f"{address}source/")
        assert all(url.startswith(address) for url in browser.requests())


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_axe_finds_nothing_serious(browser: Browser, address: str, root: Path, width: int, theme: str) -> None:
    browser.size(width, 844).prefer(prefers_color_scheme=theme, prefers_reduced_motion="reduce")
    for state in ("", f"#node={ATTENTION}"):
        opened(browser, address, state)
        assert browser.serious(root) == []


@pytest.mark.parametrize("hash", ["#view=all", "#node=no/such/node", "#from=a&to=b", "#table=1"])
def test_any_address_shows_something(browser: Browser, address: str, hash: str) -> None:
    opened(browser, address, hash)
    assert browser.title() or browser.texts("table caption")
