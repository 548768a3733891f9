"""What the page for questions offers: the names that the graph uses, and queries with names, filled in."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import dropwhile
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from kbgraph.errors import UsageError
from kbgraph.query.bindings import bound, value_of
from kbgraph.query.evaluation import USUAL_PREFIXES
from kbgraph.query.named import NamedQuery, values_for
from kbgraph.terms import RDF

if TYPE_CHECKING:
    from pyoxigraph import QuerySolutions

    from kbgraph.serve.known import Known

__all__ = ["Example", "example_of", "vocabulary_of"]

#: What the fields of parameters begin with, so that none is called as something that the endpoint knows.
FIELD = "with-"


def vocabulary_of(known: Known) -> dict[str, Any]:
    """The prefixes, and the classes and properties of a dataset, each with how often it is used."""
    return {
        "base": known.base,
        "prefixes": USUAL_PREFIXES,
        "classes": _counted(known, f"SELECT ?name (COUNT(*) AS ?times) {{ ?one {RDF.type} ?name }} GROUP BY ?name"),
        "properties": _counted(known, "SELECT ?name (COUNT(*) AS ?times) { ?one ?name ?other } GROUP BY ?name"),
    }


def _counted(known: Known, query: str) -> list[tuple[str, int]]:
    """Names that have a short form, the most frequent first."""
    found = []
    rows = cast("QuerySolutions", known.store.query(query, use_default_graph_as_union=True))
    for row in rows:
        iri, times = row["name"].value, int(row["times"].value)
        prefix = next((each for each, space in USUAL_PREFIXES.items() if iri.startswith(space)), None)
        if prefix is not None:
            found.append((f"{prefix}:{iri.removeprefix(USUAL_PREFIXES[prefix])}", times))
    return sorted(found, key=lambda each: (-each[1], each[0]))


class Example(NamedTuple):
    """A query with a name as the page shows it: its text, its fields, and what is wrong with what was given."""

    name: str
    text: str
    fields: list[dict[str, str]]
    mistake: str


def example_of(query: NamedQuery, given: Mapping[str, str], base: str) -> Example:
    """A query with a name, its parameters set to what is given, or to what they are unless somebody says otherwise.

    Args:
        query: the query.
        given: the fields of the page; an empty one is as good as none.
        base: what relative IRIs lie under.
    """
    texts = {each.name: given.get(FIELD + each.name, each.default or "").strip() for each in query.parameters}
    fields = [
        {"name": FIELD + each.name, "about": each.about, "kind": each.kind, "value": texts[each.name]}
        for each in query.parameters
    ]
    try:
        kinds = values_for({name: text for name, text in texts.items() if text}, query.parameters, query.name)
        values = {name: value_of(text, USUAL_PREFIXES, kind=kind, base=base) for name, (kind, text) in kinds.items()}
        text, mistake = bound(query.text, values), ""
    except UsageError as error:
        text, mistake = query.text, str(error)
    # what the first lines say is on the page already
    lines = dropwhile(lambda line: line.startswith("#"), text.splitlines(keepends=True))
    return Example(query.name, "".join(lines), fields, mistake)
