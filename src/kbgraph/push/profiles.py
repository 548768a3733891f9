"""The stores that are known: where their endpoints are, who may use them, and what they cannot do.

A profile says what differs between stores; what is sent to them is the same. The table of
docs/publishing.md is made from the one here.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from kbgraph.errors import UsageError
from kbgraph.push.credentials import checked_url
from kbgraph.push.http import Client, Request

__all__ = ["GENERIC", "PROFILES", "Addresses", "Profile", "addresses_of", "guessed", "profile_of"]


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a store. Endpoints are what is put behind its address; None where there is none."""

    name: str
    title: str
    #: The form of its address.
    address: str
    query: str
    update: str
    #: The Graph Store Protocol, with one named graph in each request.
    graphs: str | None
    #: Where N-Quads are added to whatever graphs they name.
    quads: str | None = None
    #: How a request to `graphs` names its graph; `<>` stands around the IRI where it is in N-Triples form.
    parameter: str = "graph"
    brackets: bool = False
    #: Requests at a time that it bears.
    jobs: int = 4
    #: IRIs in one question or update; of more, some take time with the square of their number.
    page: int = 500
    #: How it wants credentials, in words; what is sent goes by what it asks for.
    credentials: str = ""
    #: What its users have to know.
    notes: str = ""


PROFILES: dict[str, Profile] = {
    each.name: each
    for each in (
        Profile(
            "oxigraph",
            "Oxigraph",
            "http://localhost:7878",
            "/query",
            "/update",
            "/store",
            quads="/store",
            credentials="none of its own; Basic or a token of a proxy before it",
        ),
        Profile(
            "fuseki",
            "Apache Jena Fuseki",
            "http://localhost:3030/DATASET",
            "/query",
            "/update",
            "/data",
            quads="/data",
            credentials="Basic or Digest",
        ),
        Profile(
            "graphdb",
            "GraphDB",
            "http://localhost:7200/repositories/REPOSITORY",
            "",
            "/statements",
            "/rdf-graphs/service",
            quads="/statements",
            credentials="Basic, or a token",
            notes="queries without a dataset see all graphs, also those of others",
        ),
        Profile(
            "rdf4j",
            "RDF4J Server",
            "http://localhost:8080/rdf4j-server/repositories/REPOSITORY",
            "",
            "/statements",
            "/rdf-graphs/service",
            quads="/statements",
            credentials="Basic",
            notes="queries without a dataset see all graphs, also those of others",
        ),
        Profile(
            "virtuoso",
            "Virtuoso",
            "http://localhost:8890",
            "/sparql",
            "/sparql-auth",
            "/sparql-graph-crud-auth",
            jobs=1,
            page=100,
            credentials="Digest, of a user with the role SPARQL_UPDATE",
            notes="some literals come back changed, so that only counts can be compared; one request at a time",
        ),
        Profile(
            "stardog",
            "Stardog",
            "http://localhost:5820/DATABASE",
            "/query",
            "/update",
            "",
            credentials="Basic, or a token",
        ),
        Profile(
            "qlever",
            "QLever",
            "http://localhost:7019",
            "",
            "",
            None,
            jobs=1,
            credentials="its access token, as KBGRAPH_TOKEN",
            notes="updates must be switched on; queries without a dataset see all graphs",
        ),
        Profile(
            "neptune",
            "Amazon Neptune",
            "https://CLUSTER:8182",
            "/sparql",
            "/sparql",
            "/sparql/gsp/",
            jobs=1,
            credentials="none, or what a signing proxy before it wants: requests are not signed",
            notes="large graphs are better loaded from object storage",
        ),
        Profile(
            "allegrograph",
            "AllegroGraph",
            "http://localhost:10035/repositories/REPOSITORY",
            "",
            "",
            "/statements",
            quads="/statements",
            parameter="context",
            brackets=True,
            credentials="Basic, or a token",
        ),
        Profile(
            "generic",
            "any other",
            "the address of its SPARQL endpoint",
            "",
            "",
            None,
            credentials="Basic, Digest, or a token",
            notes="all is sent as SPARQL Update, unless --graph-store is given",
        ),
    )
}

GENERIC = PROFILES["generic"]

#: What the header Server of a store begins with, or holds.
_SERVERS = {
    "oxigraph": "oxigraph",
    "virtuoso": "virtuoso",
    "fuseki": "fuseki",
    "stardog": "stardog",
    "allegroserve": "allegrograph",
    "graphdb": "graphdb",
    "qlever": "qlever",
}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a store is spoken to; None where it has no such endpoint."""

    profile: Profile
    query: str
    update: str
    graphs: str | None
    quads: str | None


def profile_of(name: str) -> Profile:
    """The profile of a name.

    Raises:
        UsageError: there is none.
    """
    if name not in PROFILES:
        raise UsageError(f"there is no store {name!r}; there are {', '.join(PROFILES)}")
    return PROFILES[name]


def addresses_of(
    profile: Profile,
    url: str,
    *,
    query: str | None = None,
    update: str | None = None,
    graphs: str | None = None,
) -> Addresses:
    """The endpoints of a store at an address; those that are given come before those of its profile.

    >>> addresses_of(PROFILES["fuseki"], "http://localhost:3030/kb/query").update
    'http://localhost:3030/kb/update'

    Raises:
        UsageError: an address is none.
    """
    for each in (url, query, update, graphs):
        if each is not None:
            checked_url(each)
    root = url.rstrip("/")
    ends = [end.rstrip("/") for end in (profile.query, profile.update, profile.graphs) if end]
    if _depth(root) > _depth(profile.address) and (end := next(filter(root.endswith, ends), "")):
        root = url = root.removesuffix(end)  # the address of an endpoint was given instead
    own = [None if end is None else (root + end if end else url) for end in (profile.graphs, profile.quads)]
    if graphs is not None:
        own = [graphs, graphs if profile.quads is not None and profile.quads == profile.graphs else None]
    return Addresses(
        profile,
        query or (root + profile.query if profile.query else url),
        update or (root + profile.update if profile.update else url),
        *own,
    )


def _depth(url: str) -> int:
    """The number of steps of a path."""
    return urlsplit(url).path.strip("/").count("/") + bool(urlsplit(url).path.strip("/"))


def guessed(client: Client, url: str) -> Profile:
    """The profile of the store at an address by what it says of itself; the generic one where it says nothing.

    It is asked one harmless question, a GET of its address.
    """
    parts = urlsplit(checked_url(url))
    if (parts.hostname or "").endswith(".neptune.amazonaws.com"):
        return PROFILES["neptune"]
    answer = client.ask(
        Request("GET", url, headers={"Accept": "text/html, */*;q=0.5"}), allowed=range(300, 600), attempts=1
    )
    server = answer.headers.get("server", "").lower()
    for mark, name in _SERVERS.items():
        if mark in server:
            return PROFILES[name]
    if "sd-connection-string" in answer.headers:
        return PROFILES["stardog"]
    return PROFILES["rdf4j"] if "/repositories/" in parts.path else GENERIC
