"""What the explorer and the editor get from a server: the map, what is told of a node, names, examples."""

from __future__ import annotations

import gzip
import html
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from tests.serve.asking import Client

from kbgraph.dataset import read_dataset
from kbgraph.page.data import page_data

MAP, NODE, NAMES = "/_explorer/map.json", "/_explorer/node.json?id=", "/_editor/vocabulary.json"


@pytest.fixture(scope="module")
def page(built: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(page_data(read_dataset(built))))
    return made


def without_absence(value: Any) -> Any:
    """A value in which a text that is not there is the same as an empty one."""
    if isinstance(value, list):
        return [without_absence(each) for each in value]
    if isinstance(value, dict):
        return {key: without_absence(each) for key, each in value.items()}
    return "" if value is None else value


def in_ids(page: dict[str, Any], number: int) -> tuple[dict[str, Any], list[list[Any]]]:
    """What a page tells of a node, with others called as on a server."""
    ids: list[str] = page["nodes"]["iri"]
    about = dict(page["details"][number])
    is_fact = page["kinds"][page["nodes"]["kind"][number]] == "fact"
    of_it = [row for row in page["references"] if number in row[:2]]
    rows = [page["references"][each] for each in about.pop("references", [])] if is_fact else of_it
    if "disputes" in about:
        about["disputes"] = [
            {key: [ids[one] for one in value] if key == "sources" else value for key, value in each.items()}
            for each in about["disputes"]
        ]
    named = [[*(None if end is None else ids[end] for end in row[:2]), *row[2:]] for row in rows]
    return about, named


# ---- the explorer


def test_the_map_is_what_a_page_draws_without_what_is_told_of_nodes(client: Client, page: dict[str, Any]) -> None:
    told = {"details", "references"}
    assert client.get(MAP).json() == {key: value for key, value in page.items() if key not in told}


def test_every_node_is_told_of_as_in_a_page(client: Client, page: dict[str, Any]) -> None:
    assert len(page["nodes"]["iri"]) > 200
    for number, node in enumerate(page["nodes"]["iri"]):
        told = client.get(NODE + quote(node, safe="")).json()
        about, rows = in_ids(page, number)
        assert without_absence(told["about"]) == without_absence(about), node
        assert without_absence(told["descriptions"]) == without_absence(rows), node


def test_a_node_goes_by_its_whole_iri_too_and_one_that_is_not_there_is_said(client: Client) -> None:
    short, whole = (client.get(NODE + each).json() for each in ("category/ai", "https://kb.example/category/ai"))
    assert short == whole
    for nobody in ("article/none", "", "javascript:alert(1)", "%00", "category/ai%3E"):
        assert client.get(NODE + nobody).status_code == 404, nobody


def test_the_page_holds_none_of_the_data(client: Client) -> None:
    answer = client.page("/explore")
    assert answer.status_code == 200
    assert len(answer.content) < 2_000
    assert "_explorer/map.json" in answer.text


def test_data_have_a_tag_and_are_packed_for_those_who_can_unpack_them(client: Client) -> None:
    for path in (MAP, NAMES, "/_static/editor.js"):
        plain = client.get(path, headers={"accept-encoding": "identity"})
        packed = client.get(path, headers={"accept-encoding": "br, gzip;q=0.5"})
        refused = client.get(path, headers={"accept-encoding": "gzip;q=0"})
        assert "content-encoding" not in plain.headers
        assert "content-encoding" not in refused.headers
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.content == plain.content
        assert int(packed.headers["content-length"]) < len(gzip.compress(plain.content)) * 1.1
        assert plain.headers["etag"] != packed.headers["etag"]
        assert "Accept-Encoding" in packed.headers["vary"]
        tag = packed.headers["etag"]
        again = client.get(path, headers={"accept-encoding": "gzip", "if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")


# ---- the editor


def query_in(text: str) -> str:
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def rows_of(client: Client, query: str) -> Any:
    answer = client.request("POST", "/sparql", data={"query": query, "format": "json"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_names_are_those_that_the_graph_uses_with_how_often(client: Client) -> None:
    names = client.get(NAMES).json()
    assert dict(names["classes"])["kb:Article"] == 14
    assert names["properties"][0][1] >= names["properties"][-1][1] > 0
    assert names["prefixes"]["schema"] == "https://schema.org/"
    assert names["base"] == "https://kb.example/"


def test_every_example_can_be_run_as_it_is_shown(client: Client) -> None:
    names = re.findall(r'<option value="([^"]+)"', client.page("/sparql").text)
    assert len(names) > 20
    answers = [rows_of(client, query_in(client.page(f"/sparql?example={name}").text)) for name in names]
    assert sum(bool(each.get("boolean") or each["results"]["bindings"]) for each in answers) > 20


def test_a_parameter_is_a_field_and_put_into_the_query_as_a_term(client: Client) -> None:
    page = client.page("/sparql?example=most-cited-sources").text
    assert re.findall(r'<input id="_with-\w+" name="(with-\w+)" value="([^"]*)"', page) == [
        ("with-category", ""),
        ("with-least", "2"),
    ]
    given = quote('ai" } DROP ALL #')
    query = query_in(client.page(f"/sparql?example=most-cited-sources&with-least=1&with-category={given}").text)
    assert json.dumps('ai" } DROP ALL #') in query
    assert rows_of(client, query)["results"]["bindings"] == []
    some = query_in(client.page("/sparql?example=most-cited-sources&with-least=1&with-category=ai").text)
    assert rows_of(client, some)["results"]["bindings"]


def test_what_is_no_value_is_said_and_no_name_gives_no_example(client: Client) -> None:
    page = client.page("/sparql?example=most-cited-sources&with-least=many").text
    assert "&#39;many&#39; is not a number" in page
    assert 'role="alert"' in page
    assert "SELECT ?article ?title" in query_in(client.page("/sparql?example=none").text)
