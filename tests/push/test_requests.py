"""Requests as they are made: endpoints, credentials, pieces; without a server."""

from __future__ import annotations

import pickle
from pathlib import Path

import httpx
import pytest
from tests.push.servers import Asked

from kbgraph.config import Limits
from kbgraph.errors import UsageError, WorldError
from kbgraph.push.credentials import Credentials, checked_url, find_credentials, shown_url
from kbgraph.push.http import Client, HttpError, Request
from kbgraph.push.profiles import PROFILES, addresses_of, guessed
from kbgraph.push.store import Store, pieces_of

GRAPH = "https://kb.example/graph/agents"
LINES = [f"<https://kb.example/{n}> <https://kb.example/p> <https://kb.example/o> .\n".encode() for n in range(5)]


class Recorder:
    """A transport that keeps what it is asked, and answers what it is told to."""

    def __init__(self, *answers: httpx.Response) -> None:
        self.asked: list[Asked] = []
        self.answers = list(answers)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = f"{request.url.host}{request.url.raw_path.decode()}"
        self.asked.append(Asked(request.method, path, dict(request.headers), request.read()))
        return self.answers.pop(0) if self.answers else httpx.Response(204)


def client(recorder: Recorder, **environ: str) -> Client:
    given = {"HOME": "/nowhere", **environ}
    return Client(Limits(attempts=2), environ=given, transport=httpx.MockTransport(recorder))


@pytest.mark.parametrize(("size", "requests"), [(10_000, 1), (100, 5)])
def test_what_one_request_holds_is_bounded_in_bytes(size: int, requests: int) -> None:
    recorder = Recorder()
    with client(recorder) as asking:
        addresses = addresses_of(PROFILES["oxigraph"], "http://h:7878")
        Store(asking, addresses, Limits(request_bytes=size)).replace(GRAPH, LINES)
    assert [each.method for each in recorder.asked] == ["PUT"] + ["POST"] * (requests - 1)


def test_a_request_has_so_many_seconds_as_the_limit_says() -> None:
    waits: list[object] = []

    def keep(request: httpx.Request) -> httpx.Response:
        waits.append(request.extensions["timeout"])
        return httpx.Response(204)

    with Client(Limits(request_seconds=7), environ={"HOME": "/nowhere"}, transport=httpx.MockTransport(keep)) as asking:
        Store(asking, addresses_of(PROFILES["oxigraph"], "http://h:7878"), Limits()).replace(GRAPH, LINES)
    assert all(each["read"] == 7 for each in waits)


def written(name: str, url: str, *, quads: int = 2) -> list[tuple[str, str]]:
    """Method and address of each request that puts a graph of five triples in its place."""
    recorder = Recorder()
    with client(recorder) as asking:
        Store(asking, addresses_of(PROFILES[name], url), Limits(request_quads=quads)).replace(GRAPH, LINES)
    bodies = b"".join(
        each.body for each in recorder.asked if each.method in {"PUT", "POST"} and "update" not in each.path
    )
    if b"INSERT" not in bodies:
        assert bodies == b"".join(LINES)
    return [(each.method, each.path) for each in recorder.asked]


G = "https%3A%2F%2Fkb.example%2Fgraph%2Fagents"


@pytest.mark.parametrize(
    ("name", "url", "query", "update", "put"),
    [
        ("oxigraph", "http://h:7878", "/query", "/update", f"h/store?graph={G}"),
        ("oxigraph", "http://h:7878/", "/query", "/update", f"h/store?graph={G}"),
        ("oxigraph", "http://h:7878/query", "/query", "/update", f"h/store?graph={G}"),
        ("fuseki", "http://h:3030/kb", "/kb/query", "/kb/update", f"h/kb/data?graph={G}"),
        ("fuseki", "http://h:3030/kb/data", "/kb/query", "/kb/update", f"h/kb/data?graph={G}"),
        ("fuseki", "http://h:3030/query", "/query/query", "/query/update", f"h/query/data?graph={G}"),
        ("graphdb", "http://h:7200/repositories/r", "/repositories/r", "/repositories/r/statements", f"h/repositories/r/rdf-graphs/service?graph={G}"),
        ("rdf4j", "http://h/rdf4j-server/repositories/r", "/rdf4j-server/repositories/r", "/rdf4j-server/repositories/r/statements", f"h/rdf4j-server/repositories/r/rdf-graphs/service?graph={G}"),
        ("virtuoso", "http://h:8890", "/sparql", "/sparql-auth", f"h/sparql-graph-crud-auth?graph={G}"),
        ("virtuoso", "http://h:8890/sparql", "/sparql", "/sparql-auth", f"h/sparql-graph-crud-auth?graph={G}"),
        ("stardog", "http://h:5820/db", "/db/query", "/db/update", f"h/db?graph={G}"),
        ("neptune", "https://h:8182", "/sparql", "/sparql", f"h/sparql/gsp/?graph={G}"),
        ("allegrograph", "http://h/repositories/r", "/repositories/r", "/repositories/r", f"h/repositories/r/statements?context=%3C{G}%3E"),
    ],
)  # fmt: skip
def test_the_endpoints_of_a_store(name: str, url: str, query: str, update: str, put: str) -> None:
    addresses = addresses_of(PROFILES[name], url)
    root = "/".join(url.split("/")[:3])
    assert addresses.query == root + query
    assert addresses.update == root + update
    assert written(name, url) == [("PUT", put), ("POST", put), ("POST", put)]


@pytest.mark.parametrize("name", ["generic", "qlever"])
def test_a_store_without_a_graph_store_is_updated(name: str) -> None:
    recorder = Recorder()
    with client(recorder) as asking:
        store = Store(asking, addresses_of(PROFILES[name], "http://h/sparql/"), Limits(request_quads=3))
        store.replace(GRAPH, LINES)
    assert [each.path for each in recorder.asked] == ["h/sparql/"] * 2
    first, second = (httpx.QueryParams(each.body.decode())["update"] for each in recorder.asked)
    assert (
        first
        == f"DROP SILENT GRAPH <{GRAPH}> ;\nINSERT DATA {{ GRAPH <{GRAPH}> {{\n{b''.join(LINES[:3]).decode()}}} }}"
    )
    assert second == f"INSERT DATA {{ GRAPH <{GRAPH}> {{\n{b''.join(LINES[3:]).decode()}}} }}"


def test_given_endpoints_come_before_those_of_the_profile() -> None:
    given = addresses_of(PROFILES["oxigraph"], "http://h", query="http://q/a", update="http://u/b", graphs="http://g/c")
    assert (given.query, given.update, given.graphs, given.quads) == (
        "http://q/a",
        "http://u/b",
        "http://g/c",
        "http://g/c",
    )
    assert addresses_of(PROFILES["graphdb"], "http://h/r", graphs="http://g/c").quads is None


def test_an_empty_graph_is_put_all_the_same() -> None:
    assert list(pieces_of([], 5, 5)) == [[]]
    assert [list(each) for each in pieces_of(LINES, 100, len(LINES[0]) * 2)] == [LINES[:2], LINES[2:4], LINES[4:]]


@pytest.mark.parametrize(
    ("headers", "url", "name"),
    [
        ({"Server": "Oxigraph/0.5.13"}, "http://h/", "oxigraph"),
        ({"Server": "Virtuoso/07.20.3229 (Linux)"}, "http://h/", "virtuoso"),
        ({"Server": "Apache Jena Fuseki (5.1.0)"}, "http://h/ds", "fuseki"),
        ({"Server": "nginx"}, "http://h/repositories/r", "rdf4j"),
        ({"Server": "nginx"}, "http://h/sparql", "generic"),
        ({}, "https://x.neptune.amazonaws.com:8182", "neptune"),
    ],
)
def test_a_store_is_known_by_what_it_says_of_itself(headers: dict[str, str], url: str, name: str) -> None:
    recorder = Recorder(httpx.Response(404, headers=headers))
    with client(recorder) as asking:
        assert guessed(asking, url).name == name
    assert [each.method for each in recorder.asked] in ([], ["GET"])


def test_a_password_waits_until_it_is_asked_for() -> None:
    refused = httpx.Response(401, headers={"WWW-Authenticate": 'Basic realm="kb"'})
    recorder = Recorder(httpx.Response(200), refused)
    with client(recorder, KBGRAPH_USER="me", KBGRAPH_PASSWORD="pa:ss") as asking:
        for _ in range(3):
            asking.ask(Request("GET", "https://h/"))
    sent = [each.headers.get("authorization") for each in recorder.asked]
    assert sent == [None, None, "Basic bWU6cGE6c3M=", "Basic bWU6cGE6c3M="]


def test_a_prompt_is_asked_once_and_only_where_nothing_was_found() -> None:
    asked = []

    def prompt(host: str) -> tuple[str, str]:
        asked.append(host)
        return "me", "wrong"

    recorder = Recorder(*(httpx.Response(401) for _ in range(4)))
    given = {"HOME": "/nowhere"}
    with Client(environ=given, prompt=prompt, transport=httpx.MockTransport(recorder)) as asking:
        for _ in range(2):
            with pytest.raises(HttpError, match="does not accept the credentials of the prompt"):
                asking.ask(Request("GET", "https://h:8/"))
    assert asked == ["h:8"]


def test_what_a_server_repeats_of_a_password_is_not_shown() -> None:
    said = "user me with correct-horse (bWU6Y29ycmVjdC1ob3JzZQ==) is unknown"
    recorder = Recorder(httpx.Response(401), httpx.Response(403, text=said))
    with (
        client(recorder, KBGRAPH_USER="me", KBGRAPH_PASSWORD="correct-horse") as asking,
        pytest.raises(WorldError) as error,
    ):
        asking.ask(Request("GET", "https://h/"))
    assert "user me with *** (***) is unknown" in str(error.value)


def test_credentials_are_shown_by_nothing() -> None:
    found = find_credentials("http://h/", {"KBGRAPH_USER": "me", "KBGRAPH_PASSWORD": "correct-horse"})
    assert found is not None
    assert found.reveal() == "correct-horse"
    assert "correct-horse" not in repr(found) + str(found) + f"{found!r:>5}"
    with pytest.raises(TypeError):
        pickle.dumps(found)


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"KBGRAPH_TOKEN": "sesame", "KBGRAPH_USER": "me"}, "both set"),
        ({"KBGRAPH_USER": "me"}, "KBGRAPH_PASSWORD is not set"),
        ({"KBGRAPH_PASSWORD": "sesame"}, "KBGRAPH_USER is not set"),
        ({"KBGRAPH_TOKEN": "sesame\nX: y"}, "cannot send"),
        ({"KBGRAPH_USER": "a:b", "KBGRAPH_PASSWORD": "sesame"}, "colon"),
        ({"NETRC": "/no/such/file"}, "is not a file"),
    ],
)
def test_half_or_unfit_credentials_are_refused(environ: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said) as error:
        find_credentials("http://h/", environ)
    assert "sesame" not in str(error.value)


def test_a_netrc_file_is_for_one_host_and_for_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "netrc"
    file.write_text("machine h login me password sesame\ndefault login all password everywhere\n")
    file.chmod(0o600)
    environ = {"NETRC": str(file)}
    found = find_credentials("http://h:80/", environ)
    assert found is not None
    assert (found.user, found.reveal()) == ("me", "sesame")
    file.chmod(0o644)
    with pytest.raises(UsageError, match="can be read by others"):
        find_credentials("http://h/", environ)
    assert find_credentials("http://other/", environ) is None
    file.chmod(0o600)
    file.write_text("machine h login me password sesame\nsesame sesame")
    with pytest.raises(UsageError, match="line 2") as error:
        find_credentials("http://h/", environ)
    assert "sesame" not in str(error.value)


def test_what_netrc_says_of_any_host_is_sent_to_none(tmp_path: Path) -> None:
    file = tmp_path / "netrc"
    file.write_text("default login all password everywhere\n")
    file.chmod(0o600)
    assert find_credentials("http://other/", {"NETRC": str(file)}) is None


@pytest.mark.parametrize(
    "url", ["ftp://h/", "h:7878", "http://", "http://h/#x", "http://h/ x", "http://h:port/", "/out"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="is not the address of a store"):
        checked_url(url)


def test_an_address_is_shown_without_what_may_be_secret() -> None:
    assert shown_url("https://me:sesame@h:1/sparql?token=sesame#x") == "https://h:1/sparql"


def test_a_user_needs_a_name_that_a_header_can_carry() -> None:
    with pytest.raises(UsageError):
        Credentials("", "", "a test")
