"""The explorer in a real browser: what a reader does, with a mouse, a keyboard, a phone."""

from __future__ import annotations

import json
import time
import unicodedata
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from selenium.webdriver.common.keys import Keys
from tests.browser.conftest import Page
from tests.page.test_data import dataset, page_of

import kbgraph
from kbgraph.page.data import page_data
from kbgraph.page.document import document_of

ATTENTION = "article/ai/attention"
TRANSFORMER = "source/arxiv/1706.03762"


def plain(text: str) -> str:
    """A text without case and accents."""
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each)).lower()


# ---- opening


def test_it_opens_on_an_overview_with_counts_categories_articles_and_sources(page: Page) -> None:
    page.open()
    assert page.title() == "Overview"
    assert "14 articles · 71 facts · 33 sources" in page.text(".kg-header")
    headings = page.texts(".kg-panel h3")
    assert [each.rsplit(" ", 1)[0] for each in headings] == [
        "Categories",
        "Most connected articles",
        "Most cited sources",
    ]
    assert "Knowledge Graph" in page.text(".kg-panel")
    assert page.script("return document.getElementById('kbgraph').dataset.renderer") == "webgl"
    page.picture("overview")


def test_the_overview_is_drawn_and_not_a_blank(page: Page) -> None:
    page.open()
    svg = page.script("return kbgraphExplorer.page.svg()")
    tree = ET.fromstring(svg)
    names = [each.text for each in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Knowledge", "Artificial intelligence", "5 articles"} <= set(names)
    assert len(list(tree.iter("{http://www.w3.org/2000/svg}circle"))) > 20


def test_a_page_with_a_focus_opens_there_and_can_go_to_the_overview(
    page: Page, seeds_graph: kbgraph.KnowledgeGraph, tmp_path: Path
) -> None:
    page.file = tmp_path / "focus.html"
    page.file.write_bytes(document_of(page_data(dataset(seeds_graph)), ATTENTION))
    page.open()
    assert page.title() == "Attention in Neural Networks"
    page.after(page.find(".kg-tab").click)
    assert page.title() == "Overview"


@pytest.mark.parametrize(
    "hash", ["#view=all", "#node=no/such/node", "#from=a&to=b", "#page=9&table=1", "#since=x&full=2"]
)
def test_any_address_shows_something_and_complains_of_nothing(page: Page, hash: str) -> None:
    page.open(hash)
    assert page.title() or page.texts("table caption")


# ---- searching


def test_search_suggests_and_enter_opens_the_neighbourhood(page: Page) -> None:
    page.open()
    field = page.find(".kg-search input")
    field.send_keys("attention is all")
    page.until(lambda: page.texts(".kg-search [role=option]"))
    assert "Attention Is All You Need" in page.texts(".kg-search [role=option]")[0]
    field.send_keys(Keys.ARROW_DOWN)
    assert field.get_attribute("aria-activedescendant") == page.find("[role=option][aria-selected=true]").get_attribute(
        "id"
    )
    page.after(lambda: field.send_keys(Keys.ENTER))
    assert page.title() == "Attention Is All You Need"
    assert page.address() == "#node=source%2Farxiv%2F1706.03762"


def test_search_ignores_accents_and_finds_people_and_organisations(page: Page) -> None:
    page.open()
    field = page.find(".kg-search input")
    field.send_keys("vrandecic")
    page.until(lambda: any("Denny Vrandečić" in each for each in page.texts(".kg-search [role=option]")))
    field.clear()
    field.send_keys("neurips")
    page.until(lambda: any("Organisation" in each for each in page.texts(".kg-search [role=option]")))
    field.send_keys(Keys.ESCAPE)
    assert field.get_attribute("aria-expanded") == "false"


def test_enter_without_a_choice_shows_all_that_matches(page: Page) -> None:
    page.open()
    field = page.find(".kg-search input")
    field.send_keys("graph")
    page.until(lambda: page.texts(".kg-search [role=option]"))
    page.after(lambda: field.send_keys(Keys.ENTER))
    assert page.address() == "#q=graph"
    assert "match the filters" in page.text(".kg-caption")


# ---- filtering


def test_filters_narrow_picture_counts_and_table_and_can_be_cleared(page: Page) -> None:
    page.open("#table=1")
    page.after(page.find(".kg-choice input[value=source]").click)
    assert set(page.texts("td.kg-column-kind")) == {"Source"}
    assert page.text("caption").startswith("33 nodes")
    page.after(lambda: page.find("input[aria-label='From year']").send_keys("2018"))
    years = [int(each) for each in page.texts("td.kg-column-year")]
    assert years
    assert min(years) >= 2018
    assert "kind=source" in page.address()
    assert "since=2018" in page.address()
    page.after(page.find(".kg-ends button").click)
    assert page.text("caption").startswith("214 nodes")


def test_facets_count_what_each_choice_would_leave(page: Page) -> None:
    page.open("#confidence=low")
    kinds = dict(
        zip(page.texts("[data-facet=kinds] .kg-choice-label"), page.texts("[data-facet=kinds] .kg-count"), strict=True)
    )
    assert kinds["Sources"] == "0"
    levels = dict(
        zip(
            page.texts("[data-facet=levels] .kg-choice-label"), page.texts("[data-facet=levels] .kg-count"), strict=True
        )
    )
    assert levels == {"high": "67", "medium": "17", "low": "1"}


def test_a_click_on_a_category_shows_all_of_it(page: Page) -> None:
    page.open()
    link = next(each for each in page.all(".kg-panel a.kg-node") if each.text.endswith("Artificial intelligence"))
    page.after(link.click)
    assert page.title() == "Artificial intelligence"
    assert "category=category%2Fai" in page.address()
    assert page.text(".kg-caption").startswith("47 nodes")


# ---- walking


def test_a_click_opens_a_neighbourhood_another_expands_and_back_goes_back(page: Page) -> None:
    page.open(f"#node={ATTENTION}")
    before = page.text(".kg-caption")
    page.after(lambda: page.click_at(*page.place_of(TRANSFORMER)))
    assert page.title() == "Attention Is All You Need"
    assert (
        page.address()
        == "#node=article%2Fai%2Fattention&open=source%2Farxiv%2F1706.03762&picked=source%2Farxiv%2F1706.03762"
    )
    assert page.place_of("agent/person/noam_shazeer")
    page.picture("neighbourhood")
    page.after(lambda: page.click_at(*page.place_of(TRANSFORMER)))
    assert page.text(".kg-caption") == before
    page.after(page.driver.back)
    page.after(page.driver.back)
    assert page.title() == "Attention in Neural Networks"


def test_a_click_in_the_overview_opens_what_lies_there(page: Page) -> None:
    page.open()
    page.after(lambda: page.click_at(*page.place_of(ATTENTION)))
    assert page.title() == "Attention in Neural Networks"


def test_the_panel_tells_all_of_an_article(page: Page) -> None:
    page.open(f"#node={ATTENTION}")
    panel = page.text(".kg-panel")
    for each in (
        "high confidence",
        "ai/attention.md",
        "2026-08-09",
        "60 %",
        "Structured by AI",
        "Disputed",
        "Known gaps",
    ):
        assert each in panel
    headings = {each.rsplit(" ", 1)[0] for each in page.texts(".kg-panel h3")}
    assert {"Facts", "Sources", "Links to", "Linked from", "Disputed", "Known gaps", "Category"} <= headings


def test_the_panel_tells_of_a_fact_and_a_source_what_belongs_to_them(page: Page) -> None:
    page.open(f"#node={ATTENTION}%23fact-attention-001")
    assert page.title().startswith("Bahdanau, Cho and Bengio")
    assert "Neural Machine Translation by Jointly Learning" in page.text(".kg-panel")
    assert "Stated in" in page.text(".kg-panel")
    page.open(f"#node={TRANSFORMER}")
    headings = {each.rsplit(" ", 1)[0] for each in page.texts(".kg-panel h3")}
    assert {"Facts that rest on it", "Cited by", "Authors", "Published by", "As articles describe it"} <= headings
    links = [
        (each.get_attribute("href"), each.get_attribute("rel"), each.get_attribute("target"))
        for each in page.all("a.kg-out")
    ]
    assert ("https://arxiv.org/abs/1706.03762", "noopener noreferrer", "_blank") in links


def test_a_path_is_drawn_and_said_in_words(page: Page) -> None:
    page.open()
    for label, text in (("Path from", "attention in neural"), ("Path to", "yaml")):
        field = page.find(f"input[aria-label='{label}']")
        field.send_keys(text)
        page.until(lambda field=field: field.get_attribute("aria-expanded") == "true")
        field.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    page.after(page.find(".kg-path-form [type=submit]").click)
    assert page.title() == "3 steps apart"
    assert page.text(".kg-path-words").startswith("“Attention in Neural Networks” is linked from “")
    assert page.text(".kg-path-words").endswith("links to “YAML”.")
    assert page.address().startswith("#from=")
    page.picture("path")


# ---- table, keyboard, theme, saving


def test_the_table_sorts_and_turns_pages(page: Page) -> None:
    page.open("#table=1")
    assert len(page.texts("tbody tr")) == 50
    page.after(page.find("[data-sort=label]").click)
    names = page.texts("tbody .kg-node span:last-child")
    assert names == sorted(names, key=plain)
    assert page.find("th.kg-column-label").get_attribute("aria-sort") == "ascending"
    page.after(next(each for each in page.all(".kg-pages button") if each.text == "Last").click)
    assert len(page.texts("tbody tr")) == 14
    assert "page=5" in page.address()
    page.picture("table")


def test_with_the_keyboard_alone_one_searches_reads_and_goes_back(page: Page) -> None:
    page.open()
    page.press("/")
    assert page.script("return document.activeElement.getAttribute('role')") == "combobox"
    page.press("instruction tun")
    page.until(lambda: page.texts(".kg-search [role=option]"))
    page.after(lambda: page.press(Keys.ARROW_DOWN, Keys.ENTER))
    assert page.title() == "Instruction Tuning"
    seen = set()
    for _ in range(80):
        page.press(Keys.TAB)
        seen.add(
            page.script("return document.activeElement.closest('header,aside,main')?.className.split(' ')[0] ?? ''")
        )
        if page.script("return document.activeElement.matches('.kg-panel a.kg-node')"):
            break
    wanted = page.script("return document.activeElement.getAttribute('href')")
    page.after(lambda: page.press(Keys.ENTER))
    assert page.address() == wanted
    assert {"kg-header", "kg-drawer", "kg-main", "kg-panel"} <= seen
    outline = page.script(
        "document.querySelector('.kg-mode').focus({focusVisible: true}); return getComputedStyle(document.activeElement).outlineStyle"
    )
    assert outline == "solid"


def test_arrows_and_signs_move_the_picture(page: Page) -> None:
    page.open()
    x, y = page.place_of(ATTENTION)
    page.script("document.querySelector('.kg-stage').focus()")
    page.press(Keys.ARROW_RIGHT)
    page.until(lambda: page.place_of(ATTENTION)[0] < x - 30)
    page.press("0")
    page.until(lambda: page.place_of(ATTENTION) == pytest.approx((x, y), abs=1))


def test_the_theme_follows_the_system_and_can_be_switched(page: Page) -> None:
    page.prefer(prefers_color_scheme="dark", prefers_reduced_motion="reduce").open()
    assert page.script("return document.getElementById('kbgraph').dataset.theme") == "dark"
    page.picture("overview-dark")
    page.after(page.find("[aria-label='Dark or light']").click)
    assert page.script("return document.getElementById('kbgraph').dataset.theme") == "light"
    page.open()
    assert page.script("return document.getElementById('kbgraph').dataset.theme") == "light"


@pytest.mark.parametrize("query", ["", "renderer=canvas"])
def test_the_picture_is_saved_as_png_and_svg(page: Page, query: str) -> None:
    for each in page.downloads.iterdir():
        each.unlink()
    page.open(f"#node={ATTENTION}", query)
    for name in ("PNG", "SVG"):
        page.find("[aria-label='Save the picture']").click()
        next(each for each in page.all(".kg-menu button") if name in each.text).click()
    wanted = {"graph.png", "graph.svg"}
    page.until(lambda: {path.name for path in page.downloads.iterdir()} == wanted)
    assert (page.downloads / "graph.png").read_bytes().startswith(b"\x89PNG")
    tree = ET.fromstring((page.downloads / "graph.svg").read_bytes())
    assert "Instruction Tuning" in [each.text for each in tree.iter("{http://www.w3.org/2000/svg}text")]


# ---- other windows, other browsers


def test_without_webgl_a_canvas_shows_the_same_and_can_be_clicked(page: Page) -> None:
    page.open(query="renderer=canvas")
    assert page.script("return document.getElementById('kbgraph').dataset.renderer") == "canvas"
    painted = "const c = document.querySelector('.kg-middle canvas'); return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v)"
    assert page.script(painted)
    page.after(lambda: page.click_at(*page.place_of(ATTENTION)))
    assert page.title() == "Attention in Neural Networks"


def test_where_webgl_cannot_be_had_it_falls_back_by_itself(page: Page) -> None:
    source = "HTMLCanvasElement.prototype.getContext = ((own) => function (kind, ...rest) { return /webgl/.test(kind) ? null : own.call(this, kind, ...rest); })(HTMLCanvasElement.prototype.getContext); delete window.WebGLRenderingContext; delete window.WebGL2RenderingContext;"
    made = page.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": source})
    try:
        page.open()
        assert page.script("return document.getElementById('kbgraph').dataset.renderer") == "canvas"
    finally:
        page.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", made)


def test_on_a_phone_nothing_is_wider_than_the_screen_and_filters_open(page: Page) -> None:
    page.size(390, 844).open()
    wide = "return [...document.querySelectorAll('header, main, aside, .kg-search')].filter((e) => e.offsetParent && e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.className)"
    assert page.script(wide) == []
    assert page.script("return document.documentElement.scrollWidth") <= 390
    page.picture("phone")
    page.find(".kg-tools [aria-label='Filters']").click()
    assert page.find(".kg-drawer").is_displayed()
    page.press(Keys.ESCAPE)
    assert not page.find(".kg-drawer").is_displayed()


def test_on_a_phone_the_picture_has_most_of_the_screen_until_there_is_something_to_tell(page: Page) -> None:
    def height(selector: str) -> int:
        return int(page.script("return document.querySelector(arguments[0]).clientHeight", selector))

    page.size(390, 844).open()
    assert height(".kg-stage") > 600
    assert not page.find(".kg-title").is_displayed()
    page.after(page.find(".kg-handle").click)
    assert page.find(".kg-title").is_displayed()
    assert height(".kg-stage") < 450
    page.after(page.find(".kg-handle").click)
    page.after(lambda: page.click_at(*page.place_of(ATTENTION)))
    assert page.find(".kg-title").is_displayed()
    assert page.title() == "Attention in Neural Networks"
    assert height(".kg-told") > 250
    page.picture("phone-neighbourhood")
    rows = [page.place_of(each) for each in (ATTENTION, TRANSFORMER)]
    assert rows[0][0] < rows[1][0] < 120
    page.open("#from=article/ai/attention&to=article/computer-science/yaml")
    assert page.place_of("article/computer-science/yaml")[0] < 200
    page.picture("phone-path")


# ---- hostile data


def test_hostile_titles_are_shown_as_text_and_run_nothing(page: Page, tmp_path: Path) -> None:
    titles = [
        "</script><script>window.hurt=1</script>",
        "<img src=x onerror=window.hurt=1>",
        "javascript:window.hurt=1",
        "\u202eright to left \u05e9\u05dc\u05d5\u05dd",
        "emoji \U0001f469\u200d\U0001f680 line\u2028separator",
        "long " + "x" * 10_000,
    ]
    for number, title in enumerate(titles):
        fact = f"  - {{id: f, statement: {json.dumps(title)}, source_title: {json.dumps(title)}, source_url: 'https://x.org/{number}'}}"
        source = f"  - {{title: {json.dumps(title)}, type: book, year: 2020, url: 'https://x.org/{number}'}}"
        text = f"---\nid: a{number}\ntitle: {json.dumps(title)}\ncategory: {json.dumps(title[:60])}\natomic_facts:\n{fact}\nprimary_sources:\n{source}\n---\n\n# x\n"
        (tmp_path / f"a{number}.md").write_text(text, encoding="utf-8")
    graph = kbgraph.build(tmp_path, settings=kbgraph.Settings(jobs=1)).graph
    page.file = tmp_path / "graph.html"
    page.file.write_bytes(document_of(page_data(dataset(graph))))
    for address in ("", "#view=all", "#table=1", "#node=article/a0", "#node=article/a3", "#node=article/a5"):
        page.open(address)
        assert page.script("return window.hurt ?? null") is None
        assert page.script("return document.querySelectorAll('img').length") == 0
        assert page.script("return document.querySelectorAll('script').length") == 2
        assert page.script("return [...document.links].filter((a) => !/^(file|https?):/.test(a.protocol)).length") == 0
    page.open("#node=article/a1")
    assert page.title() == titles[1]
    assert page.script("return document.documentElement.scrollWidth") <= 1440
    ET.fromstring(page.script("return kbgraphExplorer.page.svg()"))


# ---- for everybody, and in time


@pytest.mark.parametrize(
    ("theme", "hash"),
    [
        ("light", ""),
        ("dark", f"#node={ATTENTION}"),
        ("light", "#table=1"),
        ("dark", "#table=1"),
        ("light", "#from=article/ai/attention&to=article/computer-science/yaml"),
    ],
)
def test_axe_finds_nothing_serious(page: Page, root: Path, hash: str, theme: str) -> None:
    page.prefer(prefers_color_scheme=theme, prefers_reduced_motion="reduce").open(hash)
    assert page.serious(root) == []


def test_the_real_corpus_is_painted_soon_and_stays_usable(
    page: Page, corpus_result: kbgraph.BuildResult, tmp_path: Path
) -> None:
    page.file = tmp_path / "corpus.html"
    page.file.write_bytes(page_of(corpus_result.graph))
    page.open()
    first = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    painted = page.until(lambda: page.script(first), "the first paint")
    assert painted < 10_000  # 1.1 to 2.2 seconds on two cores with nothing else running
    page.picture("corpus")
    page.open("#view=all")
    page.picture("corpus-everything")
    before = time.monotonic()
    page.after(lambda: page.click_at(*page.place_of("category/ai")))
    assert page.title() == "Artificial intelligence"
    assert time.monotonic() - before < 10
