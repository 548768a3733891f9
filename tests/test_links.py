"""Where a link leads."""

from __future__ import annotations

import pytest

from kbgraph.links import Target, target_of

KEYS = {
    "top",
    "ai/attention",
    "ai/rdf",
    "ai/deep/nets",
    "ai",
    "science/rdf",
    "computer-science/c++-language",
    "künste/maler ei",
    "versions/gpt-4.5",
}


def leads(link: str, key: str = "ai/attention") -> Target:
    return target_of(link, key, KEYS)


@pytest.mark.parametrize(
    ("link", "article"),
    [
        # relative to the file
        ("rdf.md", "ai/rdf"),
        ("./rdf.md", "ai/rdf"),
        ("deep/nets.md", "ai/deep/nets"),
        ("../science/rdf.md", "science/rdf"),
        ("../top.md", "top"),
        # relative to the article as if it were a folder
        ("../rdf.md", "ai/rdf"),
        ("../rdf/", "ai/rdf"),
        ("../../science/rdf.md", "science/rdf"),
        # from the root
        ("/ai/rdf/", "ai/rdf"),
        ("/ai/rdf", "ai/rdf"),
        ("/ai/rdf.md", "ai/rdf"),
        # a bare path from the root
        ("science/rdf", "science/rdf"),
        ("science/rdf.md", "science/rdf"),
        ("top", "top"),
        # endings, queries, fragments, escapes
        ("rdf", "ai/rdf"),
        ("rdf.html", "ai/rdf"),
        ("rdf.MD", "ai/rdf"),
        ("rdf.md#facts", "ai/rdf"),
        ("rdf.md?plain=1", "ai/rdf"),
        ("/computer-science/c++-language.md", "computer-science/c++-language"),
        ("/k%C3%BCnste/maler%20ei.md", "künste/maler ei"),
        ("/künste/maler ei.md", "künste/maler ei"),
        ("/versions/gpt-4.5", "versions/gpt-4.5"),
        ("/versions/gpt-4.5.md", "versions/gpt-4.5"),
        (" rdf.md ", "ai/rdf"),
    ],
)
def test_the_ways_of_writing_a_link_lead_to_the_article(link: str, article: str) -> None:
    assert leads(link) == Target(article=article)


def test_a_link_is_relative_to_the_file_first_and_to_the_article_as_a_folder_next_and_to_the_root_last() -> None:
    assert target_of("../rdf.md", "ai/attention", {"rdf", "ai/rdf"}).article == "rdf"
    assert target_of("rdf", "ai/attention", {"ai/rdf", "ai/attention/rdf", "rdf"}).article == "ai/rdf"
    assert target_of("rdf", "ai/attention", {"ai/attention/rdf", "rdf"}).article == "ai/attention/rdf"
    assert target_of("rdf", "ai/attention", {"rdf"}).article == "rdf"


def test_the_nearest_article_of_a_name_is_meant() -> None:
    assert leads("rdf.md", "ai/attention").article == "ai/rdf"
    assert leads("rdf.md", "science/physics").article == "science/rdf"


@pytest.mark.parametrize(
    "link", ["https://example.org/x.md", "http://example.org", "HTTPS://example.org/", " https://example.org/ "]
)
def test_an_address_of_the_web_leads_to_the_web(link: str) -> None:
    assert leads(link) == Target(url=link.strip())


@pytest.mark.parametrize(
    "link", ["none.md", "../none/", "/ai/none", "science/none", "none", "../../../../etc/passwd.md", "//[x"]
)
def test_what_looks_like_an_article_and_is_none_is_broken(link: str) -> None:
    assert leads(link) == Target(broken=True)


@pytest.mark.parametrize(
    "link",
    [
        "#facts",
        "?q=1",
        "",
        "mailto:ada@example.org",
        "javascript:alert(1)",
        "//example.org/x",
        "image.png",
        "../data/table.csv",
        "tel:+1",
        "entity:x",
    ],
)
def test_other_links_lead_nowhere_and_are_not_broken(link: str) -> None:
    assert leads(link) == Target()


def test_no_link_climbs_out_of_the_given_folder() -> None:
    assert target_of("../../x.md", "a", {"../x", "../../x"}) == Target(broken=True)
