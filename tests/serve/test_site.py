"""The static site: the pages of the server as files that work from anywhere."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from pyoxigraph import RdfFormat, parse
from tests.serve.test_app import Page

from kbgraph.config import Settings
from kbgraph.errors import UsageError
from kbgraph.serve.site import write_site


def written(built: Path, out: Path) -> Path:
    write_site(built, out, "", Settings(), 1, lambda _: None)
    return out


@pytest.fixture(scope="module")
def site(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(built, tmp_path_factory.mktemp("site") / "public")


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_link_of_every_page_leads_to_a_file(site: Path) -> None:
    pages = [path for path in site.rglob("*.html") if path.name not in {"graph.html", "404.html"}]
    assert len(pages) > 100
    texts = {path.resolve(): path.read_text(encoding="utf-8") for path in pages}
    for path, text in texts.items():
        page = Page(text)
        for link in (
            *page.of("a", "href"),
            *page.of("link", "href"),
            *page.of("script", "src"),
            *page.of("form", "action"),
        ):
            if re.match(r"[a-z]+:", link):
                continue
            assert not link.startswith("/"), f"{path}: {link} works under one path only"
            parts = urlsplit(urljoin(path.as_uri(), link))
            target = Path(unquote(parts.path))
            assert target.is_file(), f"{path}: {link}"
            if parts.fragment and target.suffix == ".html":
                assert f'id="{parts.fragment}"' in texts[target.resolve()], f"{path}: {link}"


def test_pages_tell_where_facts_were_written(site: Path) -> None:
    assert "ai/attention.md:24</code>" in (site / "article/ai/attention.html").read_text(encoding="utf-8")


def test_of_a_file_of_rdf_no_lines_are_known(built: Path, tmp_path: Path) -> None:
    out = written(built / "graph.nq", tmp_path / "public")
    assert 'class="place"' not in (out / "article/ai/attention.html").read_text(encoding="utf-8")


def test_the_data_lie_beside_the_pages(site: Path) -> None:
    kinds = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "jsonld": RdfFormat.JSON_LD, "rdf": RdfFormat.RDF_XML}
    found = [
        {quad.triple for quad in parse(path=str(site / "article/ai" / f"attention.{suffix}"), format=kind)}
        for suffix, kind in kinds.items()
    ]
    assert len(found[0]) > 100
    assert all(each == found[0] for each in found)


def test_named_graphs_have_pages_and_data(site: Path) -> None:
    page = Page((site / "graph/article/ai/attention.html").read_text(encoding="utf-8"))
    assert "../../../article/ai/attention.ttl" in page.of("a", "href")
    sources = list(parse(path=str(site / "graph/sources.nt"), format=RdfFormat.N_TRIPLES))
    assert len(sources) > 100
    assert "sources" in (site / "graph/sources.html").read_text(encoding="utf-8")


def test_the_same_graph_gives_the_same_bytes(built: Path, site: Path, tmp_path: Path) -> None:
    assert digests(written(built, tmp_path / "again")) == digests(site)


def test_a_site_takes_the_place_of_an_older_one_and_of_nothing_else(built: Path, tmp_path: Path) -> None:
    out = written(built, tmp_path / "public")
    (out / "left-over.html").write_text("", encoding="utf-8")
    written(built, out)
    assert not (out / "left-over.html").exists()
    other = tmp_path / "mine"
    other.mkdir()
    (other / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="holds files that are not of a site"):
        written(built, other)
    assert (other / "thesis.txt").read_text(encoding="utf-8") == "mine"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["mine", "public"]


def test_the_site_has_what_programs_look_for(site: Path) -> None:
    for name in ("sitemap.xml", "robots.txt", "llms.txt", "void.ttl", ".well-known/void", "graph.html", "404.html"):
        assert (site / name).stat().st_size > 50
    assert "https://kb.example/article/ai/attention.html" in (site / "sitemap.xml").read_text(encoding="utf-8")
    assert (site / "_static/search-index.js").read_bytes().startswith(b'self.kbgraphIndex = [["Article","')
