"""A graph as a site in a folder: every page, its data in every format, the search, the graph.

The pages are those of the server, from the same templates; links are relative, so that they work under
any path and from disk. The folder is made beside its place and put there as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import unquote

import orjson

from kbgraph.config import Settings
from kbgraph.dataset import Dataset, read_dataset
from kbgraph.errors import UsageError
from kbgraph.files import folder_aside
from kbgraph.page.data import page_data
from kbgraph.page.document import document_of as graph_document
from kbgraph.serve.addresses import KINDS, Addresses, kind_of
from kbgraph.serve.catalogues import dated, llms_text, robots_text, sitemaps, void_triples
from kbgraph.serve.documents import document_of, triples_about
from kbgraph.serve.finding import site_index
from kbgraph.serve.folder import SiteFolder, site_folder
from kbgraph.serve.forms import GRAPHS
from kbgraph.serve.home import LISTS, members_of, pages_of
from kbgraph.serve.known import Known
from kbgraph.serve.rendering import STATIC, Pages, static_file
from kbgraph.store import load_dataset
from kbgraph.workers import ahead, processors, shared_out

__all__ = ["write_site"]

#: Pages that one process makes before it takes more.
_PIECE = 100
#: The files of the server that a site has no use for.
_NOT_IN_SITES = {"editor.js", "editor.css", "explore.js", "explorer.js", "explorer.css"}


def write_site(
    graph: Path, out: Path, base_url: str, settings: Settings, jobs: int, told: Callable[[str], object]
) -> tuple[int, int]:
    """Write the site of a dataset; how many files, and how many bytes.

    Args:
        graph: the folder of a build, or a file of RDF.
        out: the folder, which is replaced as a whole.
        base_url: where the site will be; "" for the base IRI of the data.
        settings: their limits count.
        jobs: how many processes to use; 0 for one per processor.
        told: hears what takes long.

    Raises:
        UsageError: there is no dataset, or the folder is not one that kbgraph wrote.
        WorldError: it cannot be written.
    """
    with folder_aside() as aside, site_folder(out) as folder:
        known = Known(load_dataset(graph, lambda: aside / "store", settings.limits, told))
        if not known.base:
            raise UsageError(f"'{graph}' does not say under which base IRI its data lie: build it with kbgraph")
        pages = Pages(known, Addresses(known.base, is_site=True))
        iris = [iri for kind in KINDS for iri in members_of(known, kind)]
        jobs = jobs or processors()
        dataset = read_dataset(graph)
        with ahead(partial(_graph_page, dataset, pages.site_title), at_once=jobs > 1) as graph_page:
            _write_shared(folder, pages, dataset, base_url or known.base, iris)
            pieces = [iris[at : at + _PIECE] for at in range(0, len(iris), _PIECE)]
            for done in shared_out(partial(_write_pages, pages, folder.path), pieces, jobs):
                folder.written(*done)
            folder.write("graph.html", graph_page())
        return folder.files, folder.bytes


def _graph_page(dataset: Dataset, title: str) -> bytes:
    return graph_document(page_data(dataset, title))


def _write_pages(pages: Pages, place: Path, iris: list[str]) -> tuple[int, int]:
    folder = SiteFolder(place)
    for iri in iris:
        folder.write(_file(pages, iri, "html"), pages.of(iri).encode())
        if iri.startswith(f"{pages.known.base}graph/article/"):
            continue
        triples = triples_about(pages.known, iri)
        for form in GRAPHS:
            folder.write(_file(pages, iri, form.suffix), document_of(triples, form.name))
    return folder.files, folder.bytes


def _file(pages: Pages, iri: str, suffix: str) -> str:
    return unquote(str(pages.addresses.path_of(iri, suffix)))


# ---- what there is once


def _write_shared(folder: SiteFolder, pages: Pages, dataset: Dataset, root: str, iris: list[str]) -> None:
    known, addresses = pages.known, pages.addresses
    folder.write("index.html", pages.home().encode())
    lists = [name for many in LISTS for name in pages_of(known, many)]
    for name in lists:
        folder.write(name, str(pages.list(name)).encode())
    folder.write("search.html", pages.search("", (), 0).encode())
    folder.write("404.html", pages.error("Not found", "There is nothing at this address.", root).encode())
    for name in STATIC:
        if name not in _NOT_IN_SITES:
            folder.write(f"_static/{name}", static_file(name))
    index = orjson.dumps(site_index(dataset, addresses))
    folder.write("_static/search-index.js", b"self.kbgraphIndex = " + index + b";\n")
    addressed = [
        ("", ""),
        *((name, "") for name in lists),
        *dated(known, addresses, [iri for iri in iris if kind_of(iri, known.base) != "graph"]),
    ]
    for name, data in sitemaps(addressed, root).items():
        folder.write(name, data)
    folder.write("robots.txt", robots_text(root).encode())
    articles = [
        (known.label(each), str(addresses.path_of(each)), known.text(each, "schema:abstract"))
        for each in members_of(known, "article")
    ]
    folder.write("llms.txt", llms_text(pages.site_title, pages.description, articles, root, is_site=True).encode())
    void = document_of(void_triples(known, root, is_site=True), "turtle")
    folder.write("void.ttl", void)
    folder.write(".well-known/void", void)
