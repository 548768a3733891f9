"""GraphML, GEXF, node-link JSON and Cytoscape JSON: the network of `kbgraph.network` as a file.

networkx reads all four back. GraphML and GEXF are XML, which cannot hold every character: control
characters, lone surrogates, U+FFFE and U+FFFF are left out there, and only there. Each node and
each edge is one element on a line of its own, in sorted order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.parsers import expat
from xml.sax.saxutils import escape

import networkx as nx
import orjson

from kbgraph.graph import KnowledgeGraph
from kbgraph.network import shared_network

__all__ = ["write_cytoscape", "write_gexf", "write_graphml", "write_node_link"]

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_GRAPHML = "http://graphml.graphdrawing.org/xmlns"
_GEXF = "http://www.gexf.net/1.2draft"

#: XML 1.0, 2.2: what no document may hold, not even escaped. Surrogates have no UTF-8 at all.
_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\r"})
_NONCHARACTERS = re.compile(b"\xef\xbf[\xbe\xbf]")

#: What a reader would normalise away (XML 1.0, 2.11 and 3.3.3).
_IN_TEXT = {"\r": "&#13;"}
_IN_ATTRIBUTE = {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;", '"': "&quot;"}

_EDGE_ATTRIBUTES = ("relation", "iri")


def write_graphml(graph: KnowledgeGraph) -> bytes:
    """The network as GraphML 1.0.

    The writer of networkx takes four times as long, loses carriage returns, and lets through what
    is not well-formed; `networkx.read_graphml(…, force_multigraph=True)` reads this one.
    """
    return _xml_document("".join(_graphml(shared_network(graph))))


def write_gexf(graph: KnowledgeGraph) -> bytes:
    """The network as GEXF 1.2.

    The writer of networkx takes four times as long, puts in today's date and numbers the edges
    anew each time; `networkx.read_gexf` reads this one.
    """
    return _xml_document("".join(_gexf(shared_network(graph))))


def write_node_link(graph: KnowledgeGraph) -> bytes:
    """The network as the node-link JSON of D3 and networkx (`networkx.node_link_graph`)."""
    return _json_document(nx.node_link_data(shared_network(graph), edges="edges"))


def write_cytoscape(graph: KnowledgeGraph) -> bytes:
    """The network as Cytoscape JSON: `id` and `value` are the IRI, `name` is the label."""
    # No attribute of a node is called "id", which would take the place of the IRI.
    return _json_document(nx.cytoscape_data(shared_network(graph), name="label"))


# ---- XML


def _graphml(network: nx.MultiDiGraph[str]) -> Iterator[str]:
    names = _node_attributes(network)
    opening = {name: f"<data key={_quoted(name)}>" for name in (*names, *_EDGE_ATTRIBUTES)}

    def written(data: dict[str, str]) -> str:
        return "".join([f"{opening[name]}{escape(value, _IN_TEXT)}</data>" for name, value in data.items()])

    yield f'{_XML}<graphml xmlns="{_GRAPHML}">\n'
    for scope, each in (("node", names), ("edge", _EDGE_ATTRIBUTES)):
        for name in map(_quoted, each):
            yield f'<key id={name} for="{scope}" attr.name={name} attr.type="string"/>\n'
    yield '<graph edgedefault="directed">\n'
    for node, data in network.nodes(data=True):
        yield f"<node id={_quoted(node)}>{written(data)}</node>\n"
    yield from _edges(network, written)
    yield "</graph>\n</graphml>\n"


def _gexf(network: nx.MultiDiGraph[str]) -> Iterator[str]:
    # GEXF has the label in an attribute of its own.
    names = [name for name in _node_attributes(network) if name != "label"]
    opening = {name: f"<attvalue for={_quoted(name)} value=" for name in (*names, *_EDGE_ATTRIBUTES)}

    def written(data: dict[str, str]) -> str:
        values = [f"{opening[name]}{_quoted(value)}/>" for name, value in data.items() if name in opening]
        return f"<attvalues>{''.join(values)}</attvalues>"

    yield f'{_XML}<gexf xmlns="{_GEXF}" version="1.2">\n<meta><creator>kbgraph</creator></meta>\n'
    yield '<graph defaultedgetype="directed" mode="static">\n'
    for scope, each in (("node", names), ("edge", _EDGE_ATTRIBUTES)):
        yield f'<attributes class="{scope}" mode="static">\n'
        for name in map(_quoted, each):
            yield f'<attribute id={name} title={name} type="string"/>\n'
        yield "</attributes>\n"
    yield "<nodes>\n"
    for node, data in network.nodes(data=True):
        yield f"<node id={_quoted(node)} label={_quoted(data['label'])}>{written(data)}</node>\n"
    yield "</nodes>\n<edges>\n"
    yield from _edges(network, written)
    yield "</edges>\n</graph>\n</gexf>\n"


def _edges(network: nx.MultiDiGraph[str], written: Callable[[dict[str, str]], str]) -> Iterator[str]:
    """The elements of edges, which GraphML and GEXF have alike."""
    ids = {node: _quoted(node) for node in network}
    # All edges of one property have the same attributes.
    attributes: dict[str, str] = {}
    for source, target, key, data in network.edges(keys=True, data=True):
        values = attributes.get(data["iri"]) or attributes.setdefault(data["iri"], written(data))
        yield f'<edge id="{key}" source={ids[source]} target={ids[target]}>{values}</edge>\n'


def _node_attributes(network: nx.MultiDiGraph[str]) -> list[str]:
    """The names of all attributes of nodes, sorted."""
    return sorted({name for _, data in network.nodes(data=True) for name in data})


def _quoted(text: str) -> str:
    return f'"{escape(text, _IN_ATTRIBUTE)}"'


def _xml_document(text: str) -> bytes:
    """A document in UTF-8 without the characters that XML cannot hold, parsed to be sure of it.

    Raises:
        xml.parsers.expat.ExpatError: it is not well-formed, which would be a fault of this module.
    """
    data = text.encode("utf-8", "ignore").translate(None, _CONTROLS)
    data = _NONCHARACTERS.sub(b"", data)
    expat.ParserCreate().Parse(data, True)
    return data


# ---- JSON


def _json_document(data: dict[str, object]) -> bytes:
    """JSON with sorted keys. All values are text, so that there is no NaN to keep out."""
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
