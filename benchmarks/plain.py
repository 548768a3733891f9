"""The plain pipeline: the same dataset with PyYAML, rdflib, pySHACL and networkx, and no more.

    python benchmarks/plain.py ARTICLES BUILT OUT

ARTICLES are the articles, BUILT is what `kbgraph build` made of them, OUT is written. The seconds
that each step keeps the processor busy go to standard output as JSON. Counted are

    read         `yaml.load` with `SafeLoader` of every front matter
    graph        rdflib terms of every quad, added to an rdflib `Dataset` and to the union that
                 Turtle and pySHACL need
    check        `pyshacl.validate` of the union with the shapes of kbgraph
    nq … jsonld  rdflib's serialisers: of the dataset, for Turtle of the union
    graphml …    networkx's writers

What would be open to dispute is given and not counted: reading fields and Markdown, deciding which
quads an article means, merging what articles share (the quads are read from `graph.nq`), making
the network out of the graph (it is read from `graph.node-link.json`), starting Python, importing the
libraries. Documents for search engines, the report with its lines, and checksums are not made at all.
Everything left out makes this pipeline faster and none of it slower.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import networkx as nx
import pyoxigraph
import pyshacl
import rdflib
import yaml
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

SHAPES = ("kbgraph.ttl", "violation.ttl", "warning.ttl", "info.ttl")
_FENCE = re.compile(r"^---[ \t]*\r?\n", re.MULTILINE)

#: Makes each IRI once: most are used many times.
_iri = cache(rdflib.URIRef)

_seconds: dict[str, float] = {}


@contextmanager
def _timed(step: str) -> Iterator[None]:
    start = time.process_time()  # nobody else's work is counted, nor waiting for the disk
    yield
    _seconds[step] = time.process_time() - start
    print(f"{step}: {_seconds[step]:.1f} s", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the dataset with plain libraries.")
    parser.add_argument("articles", type=Path, help="folder of articles")
    parser.add_argument("built", type=Path, help="folder that kbgraph built from them")
    parser.add_argument("out", type=Path, help="folder to write to")
    parser.add_argument("--shapes", type=Path, default=Path(__file__).parents[1] / "shapes", help="folder of shapes")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)

    with _timed("read"):
        read(sorted(given.articles.rglob("*.md")))
    write_rdf(*graphs(given.built / "graph.nq"), given.shapes, given.out)
    write_networks(given.built / "graph.node-link.json", given.out)
    print(json.dumps(_seconds))


def read(paths: Iterable[Path]) -> list[object]:
    """The front matters of articles."""
    texts = (_FENCE.split(path.read_text(encoding="utf-8"), maxsplit=2) for path in paths)
    return [yaml.load(text[1], Loader=yaml.SafeLoader) for text in texts if len(text) == 3]


def graphs(path: Path) -> tuple[rdflib.Dataset, rdflib.Graph]:
    """The dataset, and the union of its graphs."""
    quads = list(pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.N_QUADS))  # given
    with _timed("graph"):
        dataset, union = rdflib.Dataset(), rdflib.Graph()
        named: dict[str, rdflib.Graph] = {}
        for quad in quads:
            triple = (_term(quad.subject), _term(quad.predicate), _term(quad.object))
            is_named = isinstance(quad.graph_name, pyoxigraph.NamedNode)
            name = quad.graph_name.value if is_named else DATASET_DEFAULT_GRAPH_ID
            if name not in named:
                named[name] = dataset.graph(rdflib.URIRef(name))
            named[name].add(triple)
            union.add(triple)
    return dataset, union


def _term(term: object) -> rdflib.URIRef | rdflib.Literal:
    if isinstance(term, pyoxigraph.NamedNode):
        return _iri(term.value)
    assert isinstance(term, pyoxigraph.Literal)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype.value.endswith("#string"):
        return rdflib.Literal(term.value)
    return rdflib.Literal(term.value, datatype=_iri(term.datatype.value), normalize=False)


def write_rdf(dataset: rdflib.Dataset, union: rdflib.Graph, shapes: Path, out: Path) -> None:
    """Write the RDF formats, check the union, write the results."""
    for graph in (dataset, union):
        for prefix, namespace in _prefixes(shapes):
            graph.bind(prefix, namespace, replace=True)
    with _timed("nq"):
        dataset.serialize(out / "graph.nq", format="nquads")
    with _timed("trig"):
        dataset.serialize(out / "graph.trig", format="trig")
    with _timed("turtle"):
        union.serialize(out / "graph.ttl", format="turtle")
    with _timed("jsonld"):
        dataset.serialize(out / "graph.jsonld", format="json-ld")
    rules = rdflib.Graph()
    for name in SHAPES:
        rules.parse(shapes / name)
    with _timed("check"):
        _, report, _ = pyshacl.validate(union, shacl_graph=rules, inference="none", inplace=True)
    assert isinstance(report, rdflib.Graph)
    report.serialize(out / "report.nt", format="nt", encoding="utf-8")


def _prefixes(shapes: Path) -> Iterator[tuple[str, rdflib.URIRef]]:
    """The prefixes of the shapes."""
    for line in (shapes / "violation.ttl").read_text(encoding="utf-8").splitlines():
        found = re.match(r"@prefix (\w+):\s+<(.+)>", line)
        if found:
            yield found[1], rdflib.URIRef(found[2])


def write_networks(path: Path, out: Path) -> None:
    """Write the network in four formats."""
    network = nx.node_link_graph(json.loads(path.read_bytes()), edges="edges")  # given
    with _timed("graphml"):
        nx.write_graphml(network, out / "graph.graphml")
    with _timed("gexf"):
        nx.write_gexf(network, out / "graph.gexf")
    with _timed("node-link"):
        data = nx.node_link_data(network, edges="edges")
        (out / "graph.node-link.json").write_text(json.dumps(data), encoding="utf-8")
    with _timed("cytoscape"):
        data = nx.cytoscape_data(network, name="label")
        (out / "graph.cytoscape.json").write_text(json.dumps(data), encoding="utf-8")


if __name__ == "__main__":
    main()
