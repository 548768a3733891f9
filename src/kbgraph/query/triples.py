"""Triples that a query made, in Turtle, N-Triples and JSON-LD; sorted, so that the same give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping

from kbgraph.query.answers import Answer

__all__ = ["graph_results"]


def graph_results(answer: Answer, format: str, prefixes: Mapping[str, str]) -> bytes:
    """Triples in `turtle`, `nt` or `jsonld`; where they were cut, a comment says after how many, in the first two."""
    lines = "".join(
        " ".join(value.text if value.kind == "triple" else value.written() for value in row if value is not None)
        + " .\n"
        for row in answer.triples or ()
    )
    cut = f"# cut after {answer.cut}\n".encode() if answer.cut is not None else b""
    if format == "nt":
        return lines.encode() + cut
    from pyoxigraph import RdfFormat, parse, serialize

    triples = (quad.triple for quad in parse(lines.encode(), format=RdfFormat.N_TRIPLES))
    used = {prefix: namespace for prefix, namespace in prefixes.items() if f"<{namespace}" in lines}
    if format == "turtle":
        return (serialize(triples, format=RdfFormat.TURTLE, prefixes=used) or b"") + cut
    return (serialize(triples, format=RdfFormat.JSON_LD, prefixes=used) or b"") + b"\n"
