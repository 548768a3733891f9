"""The editor in a real browser: writing, asking, and looking at answers as tables, charts and graphs."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select
from tests.browser.conftest import Browser, built_of, served

LENGTHS = "SELECT ?a ?title (STRLEN(?title) AS ?length) { ?a a kb:Article ; schema:headline ?title } ORDER BY ?title"
CITATIONS = (
    "CONSTRUCT { ?a schema:citation ?s . ?a schema:headline ?t . ?s schema:name ?n } "
    "{ ?a a kb:Article ; schema:headline ?t ; schema:citation ?s . ?s schema:name ?n }"
)


class Editor(Browser):
    """A browser on the page for questions."""

    def began(self) -> Editor:
        self.until(lambda: self.script("return Boolean(globalThis.kbgraphEditor)"), "the editor")
        return self

    def at(self, address: str, query: str = "", view: str = "table") -> Editor:
        """The page in the state of a link."""
        self.go("about:blank")
        state = f"#query={quote(query)}&view={view}" if query else ""
        self.go(f"{address}sparql{state}")
        self.began()
        return self.answered() if query else self

    def write(self, query: str) -> Editor:
        self.script("kbgraphEditor.write(arguments[0])", query)
        return self

    def written(self) -> str:
        return str(self.script("return kbgraphEditor.text()"))

    def run(self) -> Editor:
        self.find("#_ask button").click()
        return self.answered()

    def answered(self) -> Editor:
        self.until(lambda: self.text("#_status") not in {"", "Asking …"}, "an answer")
        return self

    def hold(self, key: str, other: str) -> None:
        ActionChains(self.driver).key_down(key).send_keys(other).key_up(key).perform()

    def look(self, view: str) -> Editor:
        self.find(f"[data-view={view}]").click()
        return self

    def click_node(self, node: str) -> None:
        place = self.until(
            lambda: self.script("return kbgraphEditor.graph()?.placeOf(arguments[0]) ?? null", node), "a node"
        )
        self.find(".drawing").location_once_scrolled_into_view  # noqa: B018 - it scrolls
        box = self.script(
            "const box = document.querySelector('.drawing').getBoundingClientRect(); return [box.x, box.y]"
        )
        self.click_at(box[0] + place[0], box[1] + place[1])

    def column(self, number: int) -> list[str]:
        return self.texts(f"#_answer tbody td:nth-child({number})")


@pytest.fixture
def editor(browser: Browser, address: str) -> Editor:
    made = Editor(**{name: getattr(browser, name) for name in ("driver", "file", "downloads", "screenshots")})
    made.go(address).script("localStorage.clear()")
    return made


# ---- writing


def test_without_javascript_it_is_a_form_that_asks(editor: Editor, address: str) -> None:
    editor.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        editor.go(f"{address}sparql?example=most-cited-sources")
        editor.find("#_with-least").clear()
        editor.find("#_with-least").send_keys("3")
        editor.find("#_examples button").click()
        editor.until(lambda: '"3"^^' in editor.driver.page_source, "the example with its value")
        Select(editor.find("#_ask select")).select_by_value("json")
        editor.find("#_ask button").click()
        editor.until(lambda: "Attention Is All You Need" in editor.driver.page_source, "the answer")
    finally:
        editor.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert all("favicon.ico" in each for each in editor.complaints())


def test_what_cannot_stand_where_it_is_is_marked_while_one_writes(editor: Editor, address: str) -> None:
    editor.at(address)
    assert not editor.all(".mistake")
    editor.write("SELECT * {\n  ?a kb:confidence ) .\n}")
    editor.until(lambda: editor.text("#_status") == "Line 2, column 20: “)” cannot stand here", "the mistake")
    assert editor.texts(".mistake") == [")"]
    editor.write("SELECT * {\n  ?a other:name ?n .\n}")
    editor.until(lambda: "Prefix 'other' is not defined" in editor.text("#_status"), "the prefix")
    editor.write("SELECT * {\n  ?a schema:name ?n .\n}")
    assert not editor.all(".mistake")
    assert editor.text("#_status") == ""


def test_what_the_server_finds_wrong_is_marked_at_its_place(editor: Editor, address: str) -> None:
    editor.at(address).write("SELECT * {\n  SERVICE <http://x.example/> { ?s ?p ?o }\n}").run()
    assert editor.text("#_status").startswith("Line 2, column 3: ")
    assert editor.texts(".mistake") == ["SERVICE"]
    editor.picture("editor-mistake")
    assert all("400 (Bad Request)" in each for each in editor.complaints())


def test_names_of_the_graph_are_offered_and_classes_behind_a(editor: Editor, address: str, root: Path) -> None:
    editor.at(address).write("SELECT * { ?a a kb: }")
    editor.script("kbgraphEditor.focus(); kbgraphEditor.yasqe.getDoc().setCursor(0, 19)")
    editor.press("A")
    editor.until(lambda: editor.texts(".CodeMirror-hint"), "names")
    assert any(each.startswith("kb:Article") and "class, 14×" in each for each in editor.texts(".CodeMirror-hint"))
    assert all("class" in each for each in editor.texts(".CodeMirror-hint"))
    assert editor.serious(root) == []
    editor.press("rt")
    editor.until(lambda: all(each.startswith("kb:Art") for each in editor.texts(".CodeMirror-hint")), "fewer names")
    editor.press(Keys.ENTER)
    editor.until(lambda: editor.written() == "SELECT * { ?a a kb:Article }", "the name")


def test_an_example_has_fields_that_change_the_query(editor: Editor, address: str) -> None:
    editor.at(address)
    Select(editor.find("#_example")).select_by_value("most-cited-sources")
    editor.until(lambda: "?facts" in editor.written(), "the example")
    field = editor.find("#_with-least")
    assert field.get_attribute("value") == "2"
    field.clear()
    field.send_keys("3", Keys.TAB)
    editor.until(lambda: '"3"^^' in editor.written(), "the number")
    editor.run()
    assert min(int(each) for each in editor.column(3)) == 3
    editor.find("#_with-least").send_keys("x", Keys.TAB)
    editor.until(lambda: "is not a number" in editor.text("#_parameters"), "what is wrong")


# ---- looking


def test_a_table_is_sorted_and_links_to_the_pages_of_this_server(editor: Editor, address: str) -> None:
    editor.at(address, LENGTHS)
    assert editor.text("#_status").startswith("14 rows in ")
    link = editor.find("#_answer tbody a")
    assert link.get_attribute("href").startswith(f"{address}article/")
    assert link.text.startswith("article/")
    editor.all("#_answer .sort")[2].click()
    lengths = [int(each) for each in editor.column(3)]
    assert lengths == sorted(lengths, reverse=True)
    assert editor.find("#_answer th:nth-child(3)").get_attribute("aria-sort") == "descending"
    editor.picture("editor-table")


def test_many_rows_are_shown_page_by_page(editor: Editor, address: str) -> None:
    editor.at(address, "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p LIMIT 120")
    assert len(editor.column(1)) == 50
    assert "1 to 50 of 120" in editor.text(".turning")
    next(each for each in editor.all(".turning button") if each.text == "Last").click()
    assert len(editor.column(1)) == 20


def test_numbers_are_drawn_as_bars(editor: Editor, address: str) -> None:
    editor.at(address, LENGTHS).look("chart")
    editor.until(lambda: editor.all("#_answer rect"), "bars")
    assert len(editor.all("#_answer rect")) == 14
    longest = editor.script(
        "const bars = [...document.querySelectorAll('#_answer rect')]; const wide = (bar) => Number(bar.getAttribute('width'));"
        "return bars.reduce((a, b) => (wide(a) < wide(b) ? b : a)).textContent"
    )
    assert "Attention in Neural Networks: 28" in editor.texts("#_answer rect title")
    assert int(longest.rsplit(" ", 1)[1]) == max(
        int(each.rsplit(" ", 1)[1]) for each in editor.texts("#_answer rect title")
    )
    editor.picture("editor-chart")


def test_triples_are_drawn_as_a_graph_and_a_click_says_what_a_node_is(editor: Editor, address: str) -> None:
    editor.at(address, CITATIONS, "graph")
    editor.click_node("https://kb.example/article/ai/attention")
    editor.until(lambda: "Attention in Neural Networks" in editor.text(".about"), "the node")
    assert editor.find(".about a").get_attribute("href") == f"{address}article/ai/attention"
    assert set(editor.texts(".legend span")) >= {" Article", " Source"}
    editor.picture("editor-graph")


def test_rows_with_two_columns_of_iris_are_drawn_too_and_others_are_not(editor: Editor, address: str) -> None:
    editor.at(address, "SELECT ?a ?b { ?a schema:relatedLink ?b }")
    assert [each.text for each in editor.all("[data-view]")] == ["Table", "Graph", "As it came"]
    editor.look("graph")
    editor.click_node("https://kb.example/article/ai/attention")
    editor.until(lambda: "Attention in Neural Networks" in editor.text(".about"), "its name, which the answer has not")
    editor.at(address, "SELECT ?title { ?a schema:headline ?title }")
    assert [each.text for each in editor.all("[data-view]")] == ["Table", "As it came"]
    editor.at(address, "ASK { ?a a kb:Article }")
    assert editor.text("#_status").startswith("Yes, ")


def test_answers_can_be_had_as_files(editor: Editor, address: str) -> None:
    for each in editor.downloads.iterdir():
        each.unlink()
    editor.at(address, "SELECT ?title { ?a schema:headline ?title } ORDER BY ?title LIMIT 3")
    for name, ending in (("CSV", "csv"), ("JSON", "json")):
        editor.find(f"[aria-label='Download as {name}']").click()
        file = editor.downloads / f"answer.{ending}"
        editor.until(file.is_file, name)
    assert (editor.downloads / "answer.csv").read_text(encoding="utf-8").splitlines()[0] == "title"
    assert json.loads((editor.downloads / "answer.json").read_bytes())["head"] == {"vars": ["title"]}
    editor.at(address, "DESCRIBE <https://kb.example/category/ai>")
    assert [each.text for each in editor.all(".files button")] == ["Turtle", "JSON-LD", "N-Triples", "RDF/XML"]


# ---- the state


def test_the_address_holds_query_and_view_and_going_back_goes_back(editor: Editor, address: str) -> None:
    editor.at(address, LENGTHS).look("chart")
    assert editor.address().endswith("&view=chart")
    editor.write("ASK { ?a a kb:Article }").run()
    editor.driver.back()
    editor.until(lambda: editor.all("#_answer rect"), "the chart")
    assert editor.written() == LENGTHS


def test_what_was_written_last_is_there_again(editor: Editor, address: str) -> None:
    editor.at(address).write("ASK { ?mine a kb:Article }")
    editor.at(address)
    assert editor.written() == "ASK { ?mine a kb:Article }"
    assert editor.script("return Object.keys(localStorage)") == ["kbgraph-query"]


# ---- for everybody


def test_with_the_keyboard_alone_one_writes_asks_and_leaves_the_field(editor: Editor, address: str) -> None:
    editor.at(address)
    inside = "return Boolean(document.activeElement.closest('.CodeMirror'))"
    for _ in range(20):
        editor.press(Keys.TAB)
        if editor.script(inside):
            break
    assert editor.script(inside)
    editor.hold(Keys.CONTROL, "a")
    editor.press("ASK { ?a a kb:Article }")
    editor.hold(Keys.CONTROL, Keys.ENTER)
    editor.answered()
    assert editor.text("#_status").startswith("Yes, ")
    editor.press(Keys.TAB)
    assert editor.script("return document.activeElement.textContent") == "Run"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", ["table", "chart", "graph"])
def test_axe_finds_nothing_serious(editor: Editor, address: str, root: Path, view: str, theme: str) -> None:
    editor.prefer(prefers_color_scheme=theme, prefers_reduced_motion="reduce")
    editor.at(address, CITATIONS if view == "graph" else LENGTHS, view)
    assert editor.serious(root) == []
    if theme == "dark":
        editor.picture(f"editor-{view}-dark")


@pytest.mark.parametrize("view", ["table", "chart", "graph"])
def test_it_fits_a_phone(editor: Editor, address: str, view: str) -> None:
    editor.size(390, 844).at(address, CITATIONS if view == "graph" else LENGTHS, view)
    assert editor.script("return document.documentElement.scrollWidth") <= 390
    editor.picture(f"editor-{view}-phone")


def test_the_graph_follows_the_theme(editor: Editor, address: str) -> None:
    editor.at(address, CITATIONS, "graph")
    pixel = (
        "const c = document.querySelector('.kg-words'); return c && c.width > 300 ? "
        "[...c.getContext('2d').getImageData(0, 0, c.width, c.height).data.filter((v, n) => n % 4 === 0)].reduce((a, b) => a + b, 0) : 0"
    )
    light = editor.until(lambda: editor.script(pixel), "names")
    editor.find("#_theme").click()
    editor.until(lambda: editor.script(pixel) not in {0, light}, "other colours")
    assert all("readback" in each for each in editor.complaints())


def test_hostile_data_are_shown_as_text(editor: Editor, tmp_path: Path) -> None:
    titles = [
        "<img src=x onerror=window.hurt=1>",
        "</script><script>window.hurt=1</script>",
        "\u202eabc \U0001f680 " + "x" * 5000,
    ]
    for number, title in enumerate(titles):
        text = f"---\nid: a{number}\ntitle: {json.dumps(title)}\ncategory: ai\nrelated: [a{(number + 1) % 3}]\n---\n\n# x\n"
        (tmp_path / f"a{number}.md").write_text(text, encoding="utf-8")
    query = "SELECT ?a ?aTitle ?kind (STRLEN(?aTitle) AS ?n) { ?a schema:headline ?aTitle ; a ?kind }"
    for address in served(built_of(tmp_path, tmp_path / "out")):
        for view in ("table", "chart", "graph", "raw"):
            editor.at(address, query, view)
            assert editor.script("return window.hurt ?? null") is None
            assert editor.script("return document.querySelectorAll('main img, main script').length") == 0
            assert editor.script("return document.documentElement.scrollWidth <= innerWidth")
