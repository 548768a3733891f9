"""GraphML, GEXF, node-link JSON and Cytoscape JSON: the network of `kbgraph.network` as a file.

networkx reads all four back. GraphML and GEXF are XML, which cannot hold every character: control
characters, lone surrogates, U+FFFE and U+FFFF are left out there, and only there. Each node and
each edge stands on a line of its own, part by part; nodes that no part describes come last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from hashlib import blake2b
from itertools import starmap
from typing import Any
from weakref import WeakKeyDictionary
from xml.parsers import expat

import orjson
from pyoxigraph import Quad

from kbgraph.entities import Edge, entities_of, outside
from kbgraph.export.sections import piece, section
from kbgraph.graph import KnowledgeGraph
from kbgraph.parts import Chunk, Part, Piece, loaded, stretches, undescribed

__all__ = ["sections", "write_cytoscape", "write_gexf", "write_graphml", "write_node_link"]

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_GRAPHML = "http://graphml.graphdrawing.org/xmlns"
_GEXF = "http://www.gexf.net/1.2draft"

#: XML 1.0, 2.2: what no document may hold, not even escaped. Surrogates have no UTF-8 at all.
_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\r"})
_NONCHARACTERS = re.compile(b"\xef\xbf[\xbe\xbf]")

#: What is markup, and what a reader would normalise away (XML 1.0, 2.11 and 3.3.3).
_IN_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_IN_ATTRIBUTE = {**_IN_TEXT, "\n": "&#10;", "\t": "&#9;", '"': "&quot;"}

_EDGE_ATTRIBUTES = ("relation", "iri")


def write_graphml(graph: KnowledgeGraph) -> Iterator[Chunk]:
    """The network as GraphML 1.0.

    The writer of networkx takes four times as long, loses carriage returns, and lets through what
    is not well-formed; `networkx.read_graphml(…, force_multigraph=True)` reads this one.
    """
    network = _network(graph)
    yield f'{_XML}<graphml xmlns="{_GRAPHML}">\n'.encode()
    for scope, names in (("node", network.attributes), ("edge", _EDGE_ATTRIBUTES)):
        for name in map(_quoted, names):
            yield f'<key id={name} for="{scope}" attr.name={name} attr.type="string"/>\n'.encode()
    yield b'<graph edgedefault="directed">\n'
    yield from network.nodes("graphml")
    yield from network.edges("graphml")
    yield b"</graph>\n</graphml>\n"


def write_gexf(graph: KnowledgeGraph) -> Iterator[Chunk]:
    """The network as GEXF 1.2.

    The writer of networkx takes four times as long, puts in today's date and numbers the edges
    anew each time; `networkx.read_gexf` reads this one.
    """
    network = _network(graph)
    yield f'{_XML}<gexf xmlns="{_GEXF}" version="1.2">\n<meta><creator>kbgraph</creator></meta>\n'.encode()
    yield b'<graph defaultedgetype="directed" mode="static">\n'
    # GEXF has the label in an attribute of its own.
    own = [name for name in network.attributes if name != "label"]
    for scope, names in (("node", own), ("edge", _EDGE_ATTRIBUTES)):
        yield f'<attributes class="{scope}" mode="static">\n'.encode()
        for name in map(_quoted, names):
            yield f'<attribute id={name} title={name} type="string"/>\n'.encode()
        yield b"</attributes>\n"
    yield b"<nodes>\n"
    yield from network.nodes("gexf")
    yield b"</nodes>\n<edges>\n"
    yield from network.edges("gexf")
    yield b"</edges>\n</graph>\n</gexf>\n"


def write_node_link(graph: KnowledgeGraph) -> Iterator[Chunk]:
    """The network as the node-link JSON of D3 and networkx (`networkx.node_link_graph`)."""
    network = _network(graph)
    yield b'{\n  "directed": true,\n  "edges": [\n'
    yield from _with_commas(network.edges("node-link"))
    yield b'\n  ],\n  "graph": {},\n  "multigraph": true,\n  "nodes": [\n'
    yield from _with_commas(network.nodes("node-link"))
    yield b"\n  ]\n}\n"


def write_cytoscape(graph: KnowledgeGraph) -> Iterator[Chunk]:
    """The network as Cytoscape JSON: `id` and `value` are the IRI, `name` is the label."""
    network = _network(graph)
    yield b'{\n  "data": [],\n  "directed": true,\n  "elements": {\n    "edges": [\n'
    yield from _with_commas(network.edges("cytoscape"))
    yield b'\n    ],\n    "nodes": [\n'
    yield from _with_commas(network.nodes("cytoscape"))
    yield b'\n    ]\n  },\n  "multigraph": true\n}\n'


# ---- the parts together


class _Network:
    """What a document needs to know of all parts: attributes of nodes, and nodes of no part."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.parts, self.base = graph.union, graph.base
        attributes: set[str] = set()
        mentioned: set[str] = set()
        for part in self.parts:
            index = orjson.loads(section(part, "network", sections, graph.base))
            attributes.update(index["attributes"])
            mentioned.update(index["outside"])
        beyond = sorted(undescribed(mentioned, self.parts))
        self.outside = {_digest(iris): iris for iris in stretches(beyond, str.encode)}
        for iris in self.outside.values():
            attributes.update(outside(iris[0]))  # which are the same for all
        self.attributes = sorted(attributes)

    def nodes(self, name: str) -> Iterator[Chunk]:
        """The nodes in one format, those of no part at the end."""
        for part in self.parts:
            yield piece(part, f"{name}.nodes", sections, self.base)
        for digest, iris in self.outside.items():
            yield Piece(f"{name}.outside/{digest}", partial(_outside_nodes, name, iris))

    def edges(self, name: str) -> Iterator[Chunk]:
        """The edges in one format."""
        for part in self.parts:
            yield piece(part, f"{name}.edges", sections, self.base)


def _digest(iris: Iterable[str]) -> str:
    return blake2b(" ".join(iris).encode(), digest_size=16).hexdigest()


def _outside_nodes(name: str, iris: Iterable[str]) -> bytes:
    node, _ = _WRITERS[name]
    return b"".join(node(iri, outside(iri)) for iri in iris)


#: The network of each graph, for as long as the graph lives.
_SHARED: WeakKeyDictionary[KnowledgeGraph, _Network] = WeakKeyDictionary()


def _network(graph: KnowledgeGraph) -> _Network:
    if graph not in _SHARED:
        _SHARED[graph] = _Network(graph)
    return _SHARED[graph]


def _with_commas(members: Iterable[Chunk]) -> Iterator[Chunk]:
    """Members of a JSON array, each of which ends in a comma and a line end, but for the last."""
    chunks, last = list(members), b""
    while chunks and not last:
        last = b"".join(loaded([chunks.pop()]))
    yield from chunks
    yield last.removesuffix(b",\n")


# ---- the sections of a part


def sections(_part: Part, quads: Sequence[Quad], _base: str) -> dict[str, bytes]:
    """A part's nodes and edges in all four formats, and what documents need to know of them."""
    nodes, edges, outside = entities_of(quads)
    attributes = sorted({name for data in nodes.values() for name in data})
    index = {"attributes": attributes, "outside": sorted(outside)}
    made = {"network": orjson.dumps(index)}
    for name, (node, edge) in _WRITERS.items():
        made[f"{name}.nodes"] = b"".join(starmap(node, nodes.items()))
        made[f"{name}.edges"] = b"".join(map(edge, edges))
    for name in ("graphml", "gexf"):
        for kind in ("nodes", "edges"):
            _assert_well_formed(made[f"{name}.{kind}"])
    return made


def _graphml_node(iri: str, data: dict[str, str]) -> bytes:
    values = "".join([f"{_graphml_data(name)}{_escaped(value, _IN_TEXT)}</data>" for name, value in data.items()])
    return _xml(f"<node id={_quoted(iri)}>{values}</node>\n")


def _gexf_node(iri: str, data: dict[str, str]) -> bytes:
    values = "".join([f"{_gexf_data(name)}{_quoted(text)}/>" for name, text in data.items() if name != "label"])
    return _xml(f"<node id={_quoted(iri)} label={_quoted(data['label'])}><attvalues>{values}</attvalues></node>\n")


def _graphml_edge(edge: Edge) -> bytes:
    return _xml(f"{_edge_element(edge)}{_graphml_relation(edge.relation, edge.predicate)}</edge>\n")


def _gexf_edge(edge: Edge) -> bytes:
    return _xml(f"{_edge_element(edge)}{_gexf_relation(edge.relation, edge.predicate)}</edge>\n")


def _edge_element(edge: Edge) -> str:
    return f'<edge id="{edge.key}" source={_quoted(edge.source)} target={_quoted(edge.target)}>'


@cache
def _graphml_relation(*values: str) -> str:
    named = zip(_EDGE_ATTRIBUTES, values, strict=True)
    return "".join(f"{_graphml_data(name)}{_escaped(value, _IN_TEXT)}</data>" for name, value in named)


@cache
def _gexf_relation(*values: str) -> str:
    named = zip(_EDGE_ATTRIBUTES, values, strict=True)
    return f"<attvalues>{''.join(f'{_gexf_data(name)}{_quoted(value)}/>' for name, value in named)}</attvalues>"


@cache
def _graphml_data(name: str) -> str:
    return f"<data key={_quoted(name)}>"


@cache
def _gexf_data(name: str) -> str:
    return f"<attvalue for={_quoted(name)} value="


def _node_link_node(iri: str, data: dict[str, str]) -> bytes:
    return _json({**data, "id": iri})


def _node_link_edge(edge: Edge) -> bytes:
    return _json(_edge_data(edge))


def _cytoscape_node(iri: str, data: dict[str, str]) -> bytes:
    # No attribute of a node is called "id", which would take the place of the IRI.
    return _json({"data": {**data, "id": iri, "name": data["label"], "value": iri}})


def _cytoscape_edge(edge: Edge) -> bytes:
    return _json({"data": _edge_data(edge)})


def _edge_data(edge: Edge) -> dict[str, str]:
    return {
        "source": edge.source,
        "target": edge.target,
        "key": edge.key,
        "relation": edge.relation,
        "iri": edge.predicate,
    }


#: How each format writes a node and an edge.
_WRITERS: dict[str, tuple[Callable[[str, dict[str, str]], bytes], Callable[[Edge], bytes]]] = {
    "graphml": (_graphml_node, _graphml_edge),
    "gexf": (_gexf_node, _gexf_edge),
    "node-link": (_node_link_node, _node_link_edge),
    "cytoscape": (_cytoscape_node, _cytoscape_edge),
}


# ---- XML and JSON


def _quoted(text: str) -> str:
    return f'"{_escaped(text, _IN_ATTRIBUTE)}"'


def _escaped(text: str, references: Mapping[str, str]) -> str:
    """A text with references for characters; the function of the standard library brings an HTTP client with it."""
    for character, reference in references.items():
        if character in text:
            text = text.replace(character, reference)
    return text


def _xml(text: str) -> bytes:
    """XML in UTF-8 without the characters that it cannot hold."""
    data = text.encode("utf-8", "ignore").translate(None, _CONTROLS)
    return _NONCHARACTERS.sub(b"", data)


def _assert_well_formed(elements: bytes) -> None:
    """Make sure of it.

    Raises:
        xml.parsers.expat.ExpatError: they are not, which would be a fault of this module.
    """
    expat.ParserCreate().Parse(b"<all>%b</all>" % elements, True)


def _json(data: dict[str, Any]) -> bytes:
    """A member of an array on a line of its own. All values are text: there is no NaN to keep out."""
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS) + b",\n"
