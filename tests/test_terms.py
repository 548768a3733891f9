"""IRIs and literals: how they are made, and what they can never be."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode

from kbgraph import terms
from kbgraph.terms import KB, PREFIXES, SCHEMA, XSD, Space, curie_of, expanded, http_iri, is_language_tag

SPACE = Space("https://kb.example/")


def local(term: NamedNode) -> str:
    """An IRI below the base."""
    return term.value.removeprefix("https://kb.example/")


# ---- namespaces


def test_every_namespace_is_the_one_that_was_decided() -> None:
    assert PREFIXES["schema"] == "https://schema.org/"
    assert PREFIXES["kb"] == "https://w3id.org/kbgraph/ns#"
    assert PREFIXES["kbv"] == "https://w3id.org/kbgraph/vocab/"


def test_a_term_of_a_namespace_is_an_attribute_or_an_item() -> None:
    assert SCHEMA.name == SCHEMA["name"] == NamedNode("https://schema.org/name")


def test_a_namespace_has_no_terms_that_python_asks_for() -> None:
    assert not hasattr(SCHEMA, "__wrapped__")


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_curie_and_its_iri_lead_to_each_other(prefix: str) -> None:
    assert curie_of(expanded(f"{prefix}:word").value) == f"{prefix}:word"


def test_an_iri_of_no_known_prefix_stays_as_it_is() -> None:
    assert curie_of("https://example.org/x") == "https://example.org/x"
    assert curie_of(KB.iri) == KB.iri


# ---- the IRIs of a knowledge base


def test_the_iris_of_a_knowledge_base_are_those_of_the_model() -> None:
    article = SPACE.article("ai/instruction-tuning")
    assert local(article) == "article/ai/instruction-tuning"
    assert local(SPACE.article_graph("ai/instruction-tuning")) == "graph/article/ai/instruction-tuning"
    assert local(SPACE.fact(article, "fact-1")) == "article/ai/instruction-tuning#fact-1"
    assert local(SPACE.fact(article, "fact-1", 2)) == "article/ai/instruction-tuning#fact-1~2"
    assert local(SPACE.part(article, "ref-1")) == "article/ai/instruction-tuning#_ref-1"
    assert (
        local(SPACE.part(SPACE.part(article, "ref-1"), "author-2")) == "article/ai/instruction-tuning#_ref-1-author-2"
    )
    assert (
        local(SPACE.part(SPACE.fact(article, "fact-1", 2), "extra-1"))
        == "article/ai/instruction-tuning#_fact-1~2~extra-1"
    )
    assert local(SPACE.source("arxiv", "2109.01652")) == "source/arxiv/2109.01652"
    assert local(SPACE.source("doi", "10.1038/171737a0")) == "source/doi/10.1038/171737a0"
    assert local(SPACE.organisation("openai")) == "org/openai"
    assert local(SPACE.person("sam newman")) == "agent/person/sam_newman"
    assert local(SPACE.model("claude-opus")) == "agent/model/claude-opus"
    assert local(SPACE.category("technology/ai")) == "category/technology/ai"
    assert local(SPACE.concept("source-type", "blog novel")) == "concept/source-type/blog_novel"
    assert [
        local(each) for each in (SPACE.dataset, SPACE.sources, SPACE.agents, SPACE.categories, SPACE.vocabulary)
    ] == [
        "dataset",
        "graph/sources",
        "graph/agents",
        "graph/categories",
        "graph/vocabulary",
    ]


@pytest.mark.parametrize(
    ("path", "escaped"),
    [
        ("computer-science/c++-language", "computer-science/c++-language"),
        ("a b/c d", "a%20b/c%20d"),
        ("künste/malerei", "k%C3%BCnste/malerei"),
        ("人工智能/注意力", "%E4%BA%BA%E5%B7%A5%E6%99%BA%E8%83%BD/%E6%B3%A8%E6%84%8F%E5%8A%9B"),
        ("100%", "100%25"),
        ("a#b?c", "a%23b%3Fc"),
        ("a.", "a%2E"),
        ("v1.2", "v1.2"),
        ("a~b_c", "a~b_c"),
        ("(x)[y]{z}", "%28x%29%5By%5D%7Bz%7D"),
        ("a'b\"c", "a%27b%22c"),
    ],
)
def test_an_articles_path_is_percent_encoded(path: str, escaped: str) -> None:
    assert local(SPACE.article(path)) == f"article/{escaped}"
    assert local(SPACE.article_graph(path)) == f"graph/article/{escaped}"


@pytest.mark.parametrize(
    ("identifier", "escaped"),
    [
        ("_ref-1", "%5Fref-1"),
        ("_", "%5F"),
        ("a_b", "a_b"),
        ("a~2", "a%7E2"),
        ("~", "%7E"),
        ("fact 1", "fact%201"),
        ("fact/1", "fact%2F1"),
        ("fact#1", "fact%231"),
        ("fact.", "fact%2E"),
        ("1.2.3", "1.2.3"),
        ("事实", "%E4%BA%8B%E5%AE%9E"),
        ("%7E", "%257E"),
    ],
)
def test_a_fact_never_begins_with_an_underscore_and_never_holds_a_tilde(identifier: str, escaped: str) -> None:
    article = SPACE.article("a")
    assert local(SPACE.fact(article, identifier)) == f"article/a#{escaped}"
    assert local(SPACE.fact(article, identifier, 2)) == f"article/a#{escaped}~2"


def test_the_parts_of_two_nodes_are_never_one_node() -> None:
    article = SPACE.article("a")
    facts = [
        SPACE.fact(article, name, repeat) for name in ("f", "_f", "f~2", "ref-1", "_ref-1", "f-1") for repeat in (1, 2)
    ]
    owners = [article, *facts, *(SPACE.part(article, name) for name in ("f", "ref-1", "f-1", "fact-1"))]
    parts = [SPACE.part(owner, name) for owner in owners for name in ("extra-1", "extra-2", "reference")]
    assert len({*owners, *parts}) == len(owners) + len(parts)


def test_names_that_differ_have_iris_that_differ() -> None:
    names = ["a b", "a_b", "a%20b", "a%5Fb", "a+b", "a/b", "a.b", "a b.", "a b%2E", "A b", "a\tb", "a%00b"]
    assert len({SPACE.organisation(name) for name in names}) == len(names)
    article = SPACE.article("a")
    assert len({SPACE.fact(article, name, repeat) for name in names for repeat in (1, 2)}) == 2 * len(names)


@pytest.mark.parametrize("name", ["a.", "a..", ".", "...", "Inc.", "a b."])
def test_no_iri_ends_in_a_full_stop(name: str) -> None:
    article = SPACE.article(name)
    made = [
        article,
        SPACE.article_graph(name),
        SPACE.fact(article, name),
        SPACE.source("doi", name),
        SPACE.organisation(name),
        SPACE.person(name),
        SPACE.model(name),
        SPACE.category(name),
        SPACE.concept("source-type", name),
        SPACE.entity(name),
    ]
    assert [term.value for term in made if term.value.endswith(".")] == []


# ---- literals


@pytest.mark.parametrize("tag", ["en", "de", "pt-BR", "zh-Hant-TW", "gsw", "EN", "sr-Latn", "es-419", "en-x-own"])
def test_a_bcp_47_tag_is_a_language_tag(tag: str) -> None:
    assert is_language_tag(tag)


@pytest.mark.parametrize(
    "tag", ["", "zh_CN", "abcdefghi", "e", "en-", "-en", "en--us", "de DE", "en\n", "日本", "en-überlang"]
)
def test_what_is_no_bcp_47_tag_is_not(tag: str) -> None:
    assert not is_language_tag(tag)


def test_a_text_carries_its_language_if_there_is_one() -> None:
    assert terms.text("x", "de") == Literal("x", language="de")
    assert terms.text("x", None) == Literal("x")


def test_a_literal_has_its_datatype() -> None:
    assert terms.literal("x") == Literal("x")
    assert terms.literal("true", XSD.boolean) == Literal("true", datatype=XSD.boolean)
    assert terms.integer(-7) == Literal("-7", datatype=XSD.integer)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://example.org/a?b=c&d#e",
        "HTTPS://Example.ORG/Path",
        "https://example.org/ä/日本",
        "https://example.org/a%20b",
        "https://example.org:8080/x",
        "https://example.org/wiki/Rust_(programming_language)",
        "https://example.org/Inc.",
    ],
)
def test_an_address_of_the_web_is_an_iri_exactly_as_written(url: str) -> None:
    assert http_iri(url) == NamedNode(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "ftp://example.org/",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://example.org/a b",
        "https://example.org/<x>",
        'https://example.org/"x"',
        "https://example.org/{x}",
        "https://example.org/a|b",
        "https://example.org/a\\b",
        "https://example.org/a^b",
        "https://example.org/a`b",
        "https://example.org/a\nb",
        "https://example.org/a\x00b",
        "https://example.org/a\x85b",
        " https://example.org/",
        "https://[::1",
    ],
)
def test_what_is_no_address_of_the_web_is_no_iri(url: str) -> None:
    assert http_iri(url) is None


@pytest.mark.parametrize("port", ["x", "99999999999999999999", "65536", "0", "-1"])
def test_an_address_with_a_port_that_there_cannot_be_is_no_iri(port: str) -> None:
    assert http_iri(f"https://example.org:{port}/") is None
    assert http_iri("https://example.org:8080/") is not None


def test_no_path_of_ours_changes_when_a_reader_resolves_it() -> None:
    space = Space("https://kb.example/")
    paths = [
        "../../x",
        "a/../b",
        "./a",
        "a/./b",
        "..",
        ".",
        "a/..",
        "//",
        "///",
        "a//b",
        "/a",
        "...",
        "a/.../b",
        "a..b/c.",
    ]
    made = [space.category(path).value for path in paths]
    assert len(set(made)) == len(paths)
    for iri in made:
        segments = iri.removeprefix("https://kb.example/category/").split("/")
        assert not {"", ".", ".."} & set(segments[:-1])
        assert segments[-1] not in {".", ".."}
    assert space.category("a/.../b..c").value == "https://kb.example/category/a/.../b..c"
