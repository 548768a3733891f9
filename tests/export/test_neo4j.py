"""`kbgraph.export.neo4j`: read as Neo4j reads CSV, it is the network that `kbgraph.network` has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse
from tests.hostile.together import hostile_graph

from kbgraph import Settings
from kbgraph.columns import relationship_type
from kbgraph.export.neo4j import write_neo4j
from kbgraph.graph import KnowledgeGraph, sorted_lines
from kbgraph.network import to_networkx, values_of
from kbgraph.parts import loaded
from kbgraph.terms import KB, RDF, SCHEMA, SKOS, XSD

BASE = "https://kb.example/"
A = NamedNode(f"{BASE}article/a")


@dataclass
class Imported:
    """What an import makes of the files: nodes by IRI with labels and properties, and relationships."""

    labels: dict[str, list[str]]
    nodes: dict[str, dict[str, object]]
    types: dict[str, set[str]]
    edges: set[tuple[str, str, str, str, str]]


def fields_of(text: str) -> Iterator[list[str | None]]:
    """The rows of CSV; None for what is empty and not quoted."""
    row: list[str | None] = []
    for found in re.finditer(r'(?:"((?:[^"]|"")*)"|([^",\n]*))([,\n])', text):
        quoted, plain, end = found.groups()
        row.append(quoted.replace('""', '"') if quoted is not None else plain or None)
        if end == "\n":
            yield row
            row = []
    assert row == []


#: Reads the fields of each type, and fails where the import would.
READERS = {
    "string": str,
    "string[]": lambda text: text.split("\x1f"),
    "long": lambda text: int(re.fullmatch(r"-?\d+", text)[0]),  # type: ignore[index]
    "double": float,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": date.fromisoformat,
}


def files_of(graph: KnowledgeGraph) -> dict[str, bytes]:
    return {name: b"".join(loaded(chunks)) for name, chunks in write_neo4j(graph, Settings())}


def imported(graph: KnowledgeGraph) -> Imported:
    """The graph as `neo4j-admin database import full` reads the files that the arguments name."""
    files = files_of(graph)
    arguments = files.pop("import.args").decode().splitlines()
    assert {"--multiline-fields=true", "--array-delimiter=U+001F", "--id-type=string"} <= set(arguments)
    named = {each.partition("=")[2]: each.partition("=")[0] for each in arguments if each.endswith(".csv")}
    assert named.keys() == files.keys()
    made = Imported({}, {}, {}, set())
    for name, data in files.items():
        header, *rows = fields_of(data.decode())
        assert all(len(row) == len(header) for row in rows), name
        if named[name] == "--relationships":
            assert header == [":START_ID", ":END_ID", ":TYPE", "relation:string", "key:string"]
            made.edges.update(tuple(map(str, row)) for row in rows)  # type: ignore[misc]
            assert len(made.edges) == len(rows)
            continue
        assert header[:4] == ["iri:ID", ":LABEL", "label:string", "classes:string[]"]
        columns = [str(each).partition(":")[::2] for each in header]
        for column, kind in columns:
            made.types.setdefault(column, set()).add(kind)
        for row in rows:
            iri, labels = str(row[0]), str(row[1]).split("\x1f")
            assert iri not in made.nodes
            made.labels[iri] = labels
            made.nodes[iri] = {
                column: READERS[kind](value)
                for (column, kind), value in zip(columns, row, strict=True)
                if value is not None and kind in READERS
            }
    ends = {iri for edge in made.edges for iri in edge[:2]}
    assert ends <= made.nodes.keys(), "the import stops at a relationship of nobody"
    assert all(len(kinds) == 1 for kinds in made.types.values())
    return made


def texts_of(value: object) -> list[str]:
    """A value as the lexical forms of RDF."""
    if isinstance(value, list):
        return value
    return [str(value).lower() if isinstance(value, bool) else str(value)]


def literal_values(column: object) -> list[str]:
    """The values of a column of N-Triples."""
    assert isinstance(column, list)
    lines = "".join(f"<x:x> <x:x> {each} .\n" for each in column)
    return [quad.object.value for quad in parse(lines, format=RdfFormat.N_TRIPLES)]  # type: ignore[union-attr]


def own_name(attribute: str) -> str:
    """What an attribute of the network is called here."""
    name = {"dcterms_issued": "year", "schema_datePublished": "year"}.get(attribute, attribute)
    return re.sub("^(schema|kb)_", "", name)


def assert_nothing_is_lost(graph: KnowledgeGraph) -> None:
    network, made = to_networkx(graph), imported(graph)
    assert made.nodes.keys() == set(network)
    for iri, attributes in network.nodes(data=True):
        node = made.nodes[iri]
        assert made.labels[iri][0] == re.sub(r"\W", "_", attributes["type"], flags=re.ASCII)
        assert node["label"] == attributes["label"]
        assert node.get("classes", []) == [each for each in values_of(attributes["classes"]) if each != "[]"]
        for attribute, value in attributes.items():
            if attribute in {"type", "label", "classes"} or attribute.endswith("_lang"):
                continue
            name = own_name(attribute)
            name = "identifiers" if (name, attributes["type"]) == ("identifier", "Source") else name
            found = [*texts_of(node[name])] if name in node else []
            found += literal_values(node.get(f"{name}_other", []))
            for each in values_of(value):
                same = each.replace("\x1f", "\u241f") in found or _number(each) in map(_number, found)
                assert same, (iri, attribute, each, found)
    assert {edge[3:] for edge in made.edges} == {
        (data["relation"], key) for *_, key, data in network.edges(keys=True, data=True)
    }
    assert {(edge[0], edge[1], edge[2]) for edge in made.edges} == {
        (start, end, relationship_type(data["relation"])) for start, end, data in network.edges(data=True)
    }


def _number(text: str) -> Decimal | str:
    return Decimal(text) if re.fullmatch(r"[+-]?\d+(\.\d+)?", text) else text


def test_the_seeds_are_imported_as_the_network_is(seeds_graph: KnowledgeGraph) -> None:
    assert_nothing_is_lost(seeds_graph)


def test_hostile_and_wrong_articles_are_imported_as_the_network_is() -> None:
    assert hostile_graph().count(KB.Article) > 100
    assert_nothing_is_lost(hostile_graph())


def graph_of(*quads: Quad) -> KnowledgeGraph:
    return KnowledgeGraph(BASE, {"": sorted_lines(quads)})


def test_values_have_types() -> None:
    made = imported(
        graph_of(
            Quad(A, RDF.type, KB.Article),
            Quad(A, SCHEMA.position, Literal("12", datatype=XSD.integer)),
            Quad(A, SCHEMA.datePublished, Literal("-0350", datatype=XSD.gYear)),
            Quad(A, SCHEMA.dateCreated, Literal("2026-01-02", datatype=XSD.date)),
            Quad(A, KB.isLiveDocument, Literal("true", datatype=XSD.boolean)),
            Quad(A, SCHEMA.keywords, Literal("a;b,c")),
            Quad(A, SCHEMA.keywords, Literal('"d"\r\ne', language="en")),
            Quad(A, SCHEMA.name, Literal("=1+1")),
            Quad(A, SCHEMA.description, Literal("")),
            Quad(A, SKOS.notation, Literal("n")),
        )
    )
    assert made.labels[A.value] == ["Article"]
    assert made.nodes[A.value] == {
        "label": "=1+1",
        "classes": ["kb:Article"],
        "position": 12,
        "year": -350,
        "dateCreated": date(2026, 1, 2),
        "isLiveDocument": True,
        "keywords": ['"d"\r\ne', "a;b,c"],
        "keywords_lang": ["en", ""],
        "name": "=1+1",
        "description": "",
        "skos_notation": "n",
    }
    assert {name: kinds for name, kinds in made.types.items() if name in {"position", "year", "name", "keywords"}} == {
        "position": {"long"},
        "year": {"long"},
        "name": {"string"},
        "keywords": {"string[]"},
    }


def test_what_does_not_fit_its_column_stands_beside_it() -> None:
    made = imported(
        graph_of(
            Quad(A, SCHEMA.position, Literal("first")),
            Quad(A, SCHEMA.dateCreated, Literal("2026-01-02T03:04:05Z", datatype=XSD.dateTime)),
            Quad(A, SCHEMA.dateModified, Literal("soon", language="en")),
            Quad(A, SCHEMA.name, Literal("a")),
            Quad(A, SCHEMA.name, Literal("b", language="de")),
        )
    )
    node = made.nodes[A.value]
    assert node["position_other"] == ['"first"']
    assert (node["dateCreated"], node["dateCreated_other"]) == (
        date(2026, 1, 2),
        [f'"2026-01-02T03:04:05Z"^^{XSD.dateTime}'],
    )
    assert node["dateModified_other"] == ['"soon"@en']
    assert (node["name"], node["name_other"]) == ("a", ['"b"@de'])
    assert "position" not in node


def test_a_separator_in_a_list_becomes_its_picture() -> None:
    made = imported(graph_of(Quad(A, SCHEMA.keywords, Literal("a\x1fb")), Quad(A, SCHEMA.keywords, Literal("c"))))
    assert made.nodes[A.value]["keywords"] == ["a\u241fb", "c"]


def test_labels_and_types_are_words_that_cypher_takes_as_they_are() -> None:
    made = imported(hostile_graph())
    words = {
        *(each for labels in made.labels.values() for each in labels),
        *(edge[2] for edge in made.edges),
        *made.types,
    }
    assert {each for each in words if not re.fullmatch(r"[A-Za-z]\w*", each)} - {""} == set()


def test_confidence_is_a_property_as_well_as_a_relationship(seeds_graph: KnowledgeGraph) -> None:
    made = imported(seeds_graph)
    levels = {(start, end.rsplit("confidence-")[-1]) for start, end, kind, *_ in made.edges if kind == "CONFIDENCE"}
    assert levels
    assert levels == {(iri, str(node["confidence"])) for iri, node in made.nodes.items() if "confidence" in node}


def test_a_graph_becomes_the_same_files_however_often(seeds_graph: KnowledgeGraph) -> None:
    again = KnowledgeGraph(
        BASE, {name: sorted_lines(seeds_graph.quads(name)) for name in reversed(seeds_graph.graph_names)}
    )
    assert files_of(seeds_graph) == files_of(again)


def test_this_reader_of_csv_tells_missing_from_empty() -> None:
    """What the tests above rely on."""
    assert list(fields_of('"a, ""b""\n",,""\n1,"x",\n')) == [['a, "b"\n', None, ""], ["1", "x", None]]
