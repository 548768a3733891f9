"""`kbgraph.export.networks`: what networkx reads back, hostile texts, bytes that never change."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from xml.etree import ElementTree as ET
from xml.parsers.expat import ExpatError

import networkx as nx
import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kbgraph.export import FORMATS, networks
from kbgraph.graph import KnowledgeGraph, sorted_lines
from kbgraph.network import to_networkx
from kbgraph.terms import KB, RDF, SCHEMA

BASE = "https://kb.example/"
WRITERS = {name: FORMATS[name].write for name in ("graphml", "gexf", "node-link", "cytoscape")}

#: Texts that break what writes or reads them carelessly.
HOSTILE = [
    "</node>",
    "]]>",
    "a & b &amp; &#7;",
    "\"quoted\" and 'quoted'",
    "<!-- comment --><!DOCTYPE x>",
    "\ufeff emoji 🧠 and \U0001f469\u200d\U0001f52c",
    "\u202eright to left\u202c עברית",
    "line\nline\r\nline\rtab\t  spaces ",
    "\u0085\u2028\u2029\u00a0",
    " ",
    "",
    '["a","b"]',
    "{'a': 1}",
    "1e400",
    "nan",
    "None",
    "true",
    "0012",
]
#: Texts that XML cannot hold, and what is left of them.
FORBIDDEN = {
    "bell\x07\x00\x0b\x1f": "bell",
    "not\ufffe a\uffff character": "not a character",
    "\x08": "",
}


def graph_with(texts: list[str]) -> KnowledgeGraph:
    """Articles with these names, and links between them with every kind of IRI."""
    quads = []
    for number, text in enumerate(texts):
        article = NamedNode(f"{BASE}article/a%20b/{number}")
        quads += [
            Quad(article, RDF.type, KB.Article),
            Quad(article, SCHEMA.name, Literal(text, language="en")),
            Quad(article, SCHEMA.relatedLink, NamedNode(f"{BASE}article/a%20b/{(number + 1) % len(texts)}")),
            Quad(article, SCHEMA.relatedLink, article),
            Quad(article, SCHEMA.mentions, NamedNode(f"{BASE}article/a%20b/{(number + 1) % len(texts)}")),
            Quad(article, SCHEMA.url, NamedNode(f"https://example.org/?a=1&b='{number}'#x~(é)")),
        ]
    quads += [Quad(NamedNode(f"{BASE}all"), SCHEMA.text, Literal(text)) for text in texts]
    return KnowledgeGraph(BASE, {f"{BASE}graph/x": sorted_lines(quads)})


def read_back(name: str, data: bytes) -> nx.MultiDiGraph[str]:
    """What networkx reads, without what its readers add."""
    if name == "graphml":
        return nx.read_graphml(io.BytesIO(data), force_multigraph=True)
    if name == "gexf":
        made = nx.read_gexf(io.BytesIO(data))
        added_to_nodes, added_to_edges = (), ("id",)
    elif name == "node-link":
        return nx.node_link_graph(json.loads(data), edges="edges")
    else:
        made = nx.cytoscape_graph(json.loads(data))
        added_to_nodes, added_to_edges = ("id", "name", "value"), ("source", "target", "key")
    for _, values in made.nodes(data=True):
        for each in added_to_nodes:
            del values[each]
    for *_, values in made.edges(data=True):
        for each in added_to_edges:
            del values[each]
    return made


def assert_same(made: nx.MultiDiGraph[str], expected: nx.MultiDiGraph[str]) -> None:
    assert made.is_directed()
    assert list(made.nodes(data=True)) == list(expected.nodes(data=True))
    assert list(made.edges(keys=True, data=True)) == list(expected.edges(keys=True, data=True))


@pytest.mark.parametrize("name", WRITERS)
def test_networkx_reads_the_seeds_back_as_they_were(name: str, seeds_graph: KnowledgeGraph) -> None:
    assert_same(read_back(name, WRITERS[name](seeds_graph)), to_networkx(seeds_graph))


@pytest.mark.parametrize("name", WRITERS)
def test_networkx_reads_hostile_texts_back_as_they_were(name: str) -> None:
    graph = graph_with(HOSTILE)
    assert_same(read_back(name, WRITERS[name](graph)), to_networkx(graph))


@pytest.mark.parametrize("name", ["graphml", "gexf"])
def test_xml_leaves_out_what_it_cannot_hold_and_nothing_else(name: str) -> None:
    made = read_back(name, WRITERS[name](graph_with(list(FORBIDDEN))))
    for number, expected in enumerate(FORBIDDEN.values()):
        assert made.nodes[f"{BASE}article/a%20b/{number}"]["schema_name"] == expected


@pytest.mark.parametrize("name", ["node-link", "cytoscape"])
def test_json_keeps_what_xml_cannot_hold(name: str) -> None:
    graph = graph_with(list(FORBIDDEN))
    assert_same(read_back(name, WRITERS[name](graph)), to_networkx(graph))


def test_a_lone_surrogate_is_left_out_of_xml() -> None:
    assert networks._xml("<a>x\ud800y</a>") == b"<a>xy</a>"


def test_what_is_not_well_formed_is_never_returned() -> None:
    with pytest.raises(ExpatError):
        networks._assert_well_formed(b"<a><b></a>")


@pytest.mark.parametrize("name", WRITERS)
def test_an_empty_graph_can_be_written(name: str) -> None:
    data = WRITERS[name](KnowledgeGraph(BASE, {}))
    if name in {"graphml", "gexf"}:
        assert ET.fromstring(data) is not None
    else:
        assert json.loads(data)["directed"] is True


def test_ids_of_edges_are_unique_in_the_file(seeds_graph: KnowledgeGraph) -> None:
    for write in (WRITERS["graphml"], WRITERS["gexf"]):
        edges = [each for each in ET.fromstring(write(seeds_graph)).iter() if each.tag.endswith("}edge")]
        assert edges
        assert len({each.get("id") for each in edges}) == len(edges)
        assert not any("type" in each.attrib for each in edges)


def test_cytoscape_has_the_iri_as_id_and_the_label_as_name(seeds_graph: KnowledgeGraph) -> None:
    nodes = json.loads(WRITERS["cytoscape"](seeds_graph))["elements"]["nodes"]
    for node in (each["data"] for each in nodes):
        assert node["id"] == node["value"]
        assert node["name"] == node["label"]


@pytest.mark.parametrize("name", ["node-link", "cytoscape"])
def test_json_has_sorted_keys_and_ends_in_a_line_end(name: str, seeds_graph: KnowledgeGraph) -> None:
    data = WRITERS[name](seeds_graph)
    assert data.endswith(b"}\n")
    assert json.dumps(json.loads(data), sort_keys=True) == json.dumps(json.loads(data))


#: Reads N-Quads, writes the digest of every format.
SCRIPT = """
import sys, hashlib
from kbgraph.graph import KnowledgeGraph
from kbgraph.export import FORMATS
graph = KnowledgeGraph("https://kb.example/", {"https://kb.example/graph/x": sys.stdin.buffer.read()})
for name in ("graphml", "gexf", "node-link", "cytoscape"):
    print(hashlib.sha256(FORMATS[name].write(graph)).hexdigest())
"""


def test_bytes_depend_on_no_hash_seed_locale_or_time_zone() -> None:
    lines = graph_with(HOSTILE).n_quads()
    digests = set()
    for seed, locale, zone in (("1", "C", "UTC"), ("2", "tr_TR.UTF-8", "Pacific/Kiritimati")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": zone, "PYTHONUTF8": "0"}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT], input=lines, env=environment, capture_output=True, check=True
        )
        digests.add(done.stdout)
    assert len(digests) == 1


def test_no_day_is_written_that_the_graph_does_not_state() -> None:
    assert b"date" not in WRITERS["gexf"](graph_with(["x"]))
