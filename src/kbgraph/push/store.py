"""A store, spoken to in SPARQL 1.1 Protocol and Graph Store Protocol, in the forms that all of them know.

Queries and updates go as forms, data as N-Triples or N-Quads, always to named graphs. What is said
here is believed by nobody: `verifying` counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kbgraph.config import Limits
from kbgraph.errors import WorldError
from kbgraph.push.credentials import shown_url
from kbgraph.push.http import Client, Request
from kbgraph.push.profiles import Addresses

__all__ = ["Row", "Store", "pieces_of", "values_of"]

#: A solution: the texts of its variables, those that are bound.
Row = dict[str, str]

_JSON = "application/sparql-results+json"
#: What may be answered to a query for a graph; some stores say the old names of N-Triples.
_TRIPLES = ("application/n-triples", "text/turtle", "text/plain", "application/x-turtle", "text/rdf+n3", "text/n3")


class Store:
    """A store at its addresses.

    Args:
        client: what carries the requests.
        addresses: its endpoints.
        limits: bounds of one request.
    """

    def __init__(self, client: Client, addresses: Addresses, limits: Limits) -> None:
        self.addresses = addresses
        self.profile = addresses.profile
        self.client = client
        self.limits = limits

    def select(self, query: str, *, part: bool = False) -> list[Row]:
        """The solutions of a SELECT query; `part` for a query whose rest will be asked for.

        Raises:
            WorldError: they are no results, or only some of them.
        """
        headers = {"Accept": _JSON}
        request = Request("POST", self.addresses.query, form={"query": query}, headers=headers)
        answer = self.client.ask(request, expect=(_JSON, "application/json"))
        where = shown_url(self.addresses.query)
        if "x-sql-state" in answer.headers:  # Virtuoso, where its time was up
            raise WorldError(f"{where} answered a query in part only; raise its limit of time for queries")
        try:
            found: list[dict[str, Any]] = json.loads(answer.body)["results"]["bindings"]
            rows = [{name: str(each["value"]) for name, each in row.items()} for row in found]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise WorldError(f"{where} answered a query with what are no SPARQL results") from None
        most = answer.headers.get("x-sparql-maxrows", "")
        if not part and most.isdigit() and len(rows) >= int(most):
            raise WorldError(f"{where} cuts results at {most} rows; raise ResultSetMaxRows in its settings")
        return rows

    def update(self, text: str) -> None:
        """Carry out an update."""
        self.client.ask(Request("POST", self.addresses.update, form={"update": text}))

    def replace(self, graph: str, triples: Sequence[bytes]) -> None:
        """Put lines of N-Triples in the place of whatever a named graph holds, in bounded pieces."""
        pieces = list(pieces_of(triples, self.limits.request_quads, self.limits.request_bytes))
        for number, piece in enumerate(pieces):
            body = b"".join(piece)
            if self.addresses.graphs is None:
                clear = f"DROP SILENT GRAPH <{graph}> ;\n" if number == 0 else ""
                self.update(f"{clear}INSERT DATA {{ GRAPH <{graph}> {{\n{body.decode()}}} }}")
            else:
                self.client.ask(self._to_graph("POST" if number else "PUT", graph, body))

    def add(self, quads: bytes) -> None:
        """Add N-Quads to the graphs that they name."""
        assert self.addresses.quads is not None
        headers = {"Content-Type": "application/n-quads"}
        self.client.ask(Request("POST", self.addresses.quads, content=quads, headers=headers))

    def drop(self, graphs: Iterable[str]) -> None:
        """Delete named graphs, whether they are there or not."""
        statements = [f"DROP SILENT GRAPH <{graph}>" for graph in graphs]
        if statements:
            self.update(" ;\n".join(statements))

    def fetch(self, graph: str) -> tuple[bytes, str]:
        """All triples of a named graph, and the content type that they come in."""
        if self.addresses.graphs is None:
            return self.construct(graph)
        request = self._to_graph("GET", graph, None)
        answer = self.client.ask(request, allowed=(404,), expect=_TRIPLES)
        return (b"", _TRIPLES[0]) if answer.status == 404 else (answer.body, answer.kind)

    def construct(self, graph: str, first: str = "", page: str = "") -> tuple[bytes, str]:
        """Triples of a named graph from a subject on, by a query; `page` is its ORDER BY, LIMIT and OFFSET."""
        later = f'FILTER(STR(?s) >= "{first}")' if first else ""
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} {later} }} {page}"
        headers = {"Accept": "application/n-triples, text/turtle;q=0.8"}
        request = Request("POST", self.addresses.query, form={"query": query}, headers=headers)
        answer = self.client.ask(request, expect=_TRIPLES)
        return answer.body, answer.kind

    def _to_graph(self, method: str, graph: str, content: bytes | None) -> Request:
        assert self.addresses.graphs is not None
        params = {self.profile.parameter: f"<{graph}>" if self.profile.brackets else graph}
        kind = "Accept" if content is None else "Content-Type"
        value = "application/n-triples, text/turtle;q=0.8" if content is None else "application/n-triples"
        return Request(method, self.addresses.graphs, params=params, content=content, headers={kind: value})


def pieces_of(lines: Sequence[bytes], most: int, size: int) -> Iterator[Sequence[bytes]]:
    """Lines in pieces of at most so many, and so many bytes where one line has not more by itself; one at least."""
    start = held = 0
    for number, line in enumerate(lines):
        if number > start and (number - start >= most or held + len(line) > size):
            yield lines[start:number]
            start, held = number, 0
        held += len(line)
    yield lines[start:]


def values_of(graphs: Iterable[str]) -> str:
    """IRIs as the members of a VALUES clause."""
    return " ".join(f"<{graph}>" for graph in graphs)
