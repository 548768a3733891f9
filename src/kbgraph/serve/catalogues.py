"""What programs look for first: VoID and service description, sitemap, robots.txt, llms.txt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kbgraph.serve.forms import BOOLEANS, GRAPHS, ROWS
from kbgraph.terms import DCTERMS, KB, RDF, SD, VOID, integer

if TYPE_CHECKING:
    from kbgraph.serve.addresses import Addresses
    from kbgraph.serve.known import Known

__all__ = ["dated", "llms_text", "robots_text", "service_triples", "sitemaps", "void_triples"]

_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
}
_DATA = {"turtle": "Turtle", "nt": "N-Triples", "jsonld": "JSON-LD", "rdfxml": "RDF_XML"}
#: Addresses in one sitemap (sitemaps.org).
_IN_SITEMAP = 50_000


def service_triples(known: Known, endpoint: str) -> list[Triple]:
    """What the endpoint can do (SPARQL 1.1 Service Description)."""
    service, dataset, graph = BlankNode("service"), _dataset(known), BlankNode("graph")
    names = {*_RESULTS.items(), *_DATA.items()}
    forms = {form.name for form in (*ROWS, *BOOLEANS, *GRAPHS)}
    return [
        Triple(service, RDF.type, SD.Service),
        Triple(service, SD.endpoint, NamedNode(endpoint)),
        Triple(service, SD.supportedLanguage, SD.SPARQL11Query),
        Triple(service, SD.feature, SD.UnionDefaultGraph),
        Triple(service, SD.extensionFunction, KB.line),
        *(Triple(service, SD.resultFormat, NamedNode(_FORMATS + iri)) for name, iri in sorted(names) if name in forms),
        Triple(service, SD.defaultDataset, dataset),
        Triple(dataset, RDF.type, SD.Dataset),
        Triple(dataset, SD.defaultGraph, graph),
        Triple(graph, RDF.type, SD.Graph),
        Triple(graph, VOID.triples, integer(len(known.store))),
    ]


def _dataset(known: Known) -> NamedNode | BlankNode:
    return NamedNode(f"{known.base}dataset") if known.base else BlankNode("dataset")


def void_triples(known: Known, root: str, *, is_site: bool = False) -> list[Triple]:
    """What the dataset is and where it can be had (VoID); `root` is where this lies, and a site has no endpoint."""
    dataset = _dataset(known)
    counts = {curie: len(known.of_class(curie)) for curie in ("kb:Article", "kb:Fact", "kb:Source")}
    triples = [
        Triple(dataset, RDF.type, VOID.Dataset),
        *(() if is_site else (Triple(dataset, VOID.sparqlEndpoint, NamedNode(f"{root}sparql")),)),
        Triple(dataset, VOID.triples, integer(len(known.store))),
        *(Triple(dataset, VOID.feature, NamedNode(_FORMATS + iri)) for iri in sorted(_DATA.values())),
    ]
    if known.base:
        triples += [
            Triple(dataset, VOID.uriSpace, Literal(known.base)),
            *(Triple(dataset, VOID.exampleResource, NamedNode(iri)) for iri in known.of_class("kb:Article")[:3]),
        ]
        for each in ("dcterms:title", "dcterms:description"):
            triples += [
                Triple(dataset, DCTERMS[each.removeprefix("dcterms:")], value)
                for value in known.literals(f"{known.base}dataset", each)
            ]
        triples += [
            Triple(dataset, DCTERMS.license, NamedNode(iri))
            for iri in known.links(f"{known.base}dataset", "dcterms:license")
        ]
    for curie, count in counts.items():
        part = BlankNode(curie.partition(":")[2])
        triples += [
            Triple(dataset, VOID.classPartition, part),
            Triple(part, VOID["class"], NamedNode(f"https://w3id.org/kbgraph/ns#{curie.partition(':')[2]}")),
            Triple(part, VOID.entities, integer(count)),
        ]
    return triples


def sitemaps(pages: Sequence[tuple[str, str]], root: str) -> dict[str, bytes]:
    """Files by name: `sitemap.xml`, and where there are too many pages for one, those that it lists.

    Args:
        pages: the path of each page below the root, percent-encoded, and its date; "" for no date.
        root: the URL that all of them lie under.
    """
    chunks = [pages[at : at + _IN_SITEMAP] for at in range(0, max(len(pages), 1), _IN_SITEMAP)]
    if len(chunks) == 1:
        return {"sitemap.xml": _urls(chunks[0], root)}
    files = {f"sitemap-{number}.xml": _urls(each, root) for number, each in enumerate(chunks, 1)}
    entries = "".join(f"<sitemap><loc>{escape(root + name)}</loc></sitemap>\n" for name in files)
    index = f'{_XML}<sitemapindex xmlns="{_SITEMAP}">\n{entries}</sitemapindex>\n'
    return {"sitemap.xml": index.encode(), **files}


def dated(known: Known, addresses: Addresses, iris: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The paths of the pages of some IRIs, each with the day of its last change; "" for what is no article."""
    for iri in iris:
        is_article = iri.startswith(f"{known.base}article/")
        day = known.text(iri, "schema:dateModified", "schema:dateCreated") if is_article else ""
        yield str(addresses.path_of(iri)), day[:10]


_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _urls(pages: Iterable[tuple[str, str]], root: str) -> bytes:
    entries = "".join(
        f"<url><loc>{escape(root + path)}</loc>{f'<lastmod>{escape(day)}</lastmod>' if day else ''}</url>\n"
        for path, day in pages
    )
    return f'{_XML}<urlset xmlns="{_SITEMAP}">\n{entries}</urlset>\n'.encode()


def robots_text(root: str) -> str:
    """What crawlers may fetch: all but what is made anew for every question."""
    return f"User-agent: *\nDisallow: /sparql\nDisallow: /search\nDisallow: /suggest\nSitemap: {root}sitemap.xml\n"


def llms_text(
    title: str, description: str, articles: Sequence[tuple[str, str, str]], root: str, *, is_site: bool = False
) -> str:
    """What a language model is told of the site: `llms.txt`, with each article's title, address and summary."""
    lines = [f"# {_line(title)}", "", f"> {_line(description)}", ""]
    lines += [
        "Each article states facts, each fact cites a source. Every page is there as data, too: its address ends in",
        "`.ttl` or `.jsonld` then.",
        *(() if is_site else (f"The whole can be asked in SPARQL at {root}sparql.",)),
        "",
        "## Articles",
        "",
        *(f"- [{_line(name)}]({root}{path}){f': {_line(about)}' if about else ''}" for name, path, about in articles),
    ]
    return "\n".join(lines) + "\n"


def _line(text: str) -> str:
    """A text as one line that no bracket ends."""
    return " ".join(text.replace("[", "(").replace("]", ")").split())[:300]
