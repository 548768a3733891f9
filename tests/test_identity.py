"""The keys that make two mentions one work, one organisation or one person."""

from __future__ import annotations

import pytest

from kbgraph.identity import (
    SourceKey,
    arxiv_of,
    doi_of,
    is_placeholder,
    isbn_of,
    name_key,
    organisation_key,
    person_key,
    rfc_of,
    source_keys,
    web_key_of,
)

# ---- DOI


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("10.1038/171737a0", "10.1038/171737a0"),
        ("10.1103/PhysRevLett.116.061102", "10.1103/physrevlett.116.061102"),
        ("https://doi.org/10.1037/0003-066X.54.7.493", "10.1037/0003-066x.54.7.493"),
        ("http://dx.doi.org/10.1000/ABC", "10.1000/abc"),
        ("https://www.doi.org/10.1000/abc", "10.1000/abc"),
        ("HTTPS://DOI.ORG/10.1000/ABC", "10.1000/abc"),
        ("doi:10.1000/abc", "10.1000/abc"),
        ("DOI: 10.1000/abc", "10.1000/abc"),
        ("https://doi.org/10.1000/abc/", "10.1000/abc"),
        ("https://doi.org/10.1000/abc?ref=feed#top", "10.1000/abc"),
        ("10.1016/S0140-6736(97)11096-0", "10.1016/s0140-6736(97)11096-0"),
        ("https://doi.org/10.1016/S0140-6736%2897%2911096-0", "10.1016/s0140-6736(97)11096-0"),
        ("10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O", None),
        ("10.1000.10/123456", "10.1000.10/123456"),
    ],
)
def test_a_doi_is_found_however_it_is_written_and_is_lower_case(written: str, doi: str | None) -> None:
    expected = written.lower() if doi is None else doi
    assert doi_of(written) == expected


@pytest.mark.parametrize(
    "written",
    ["", "10.1038", "10.1038/", "11.1038/x", "10.12/x", "10.1038/a b", "https://example.org/10.1038/171737a0", "n/a"],
)
def test_what_has_not_the_form_of_a_doi_is_none(written: str) -> None:
    assert doi_of(written) is None


def test_digits_of_other_scripts_make_no_doi() -> None:
    assert doi_of("10.١٢٣٤/x") is None


# ---- arXiv


@pytest.mark.parametrize(
    ("written", "identifier"),
    [
        ("https://arxiv.org/abs/2109.01652", "2109.01652"),
        ("https://arxiv.org/abs/2109.01652v5", "2109.01652"),
        ("http://www.arxiv.org/pdf/1706.03762v7.pdf", "1706.03762"),
        ("https://export.arxiv.org/abs/0704.0001", "0704.0001"),
        ("https://arxiv.org/html/2109.01652/", "2109.01652"),
        ("https://arxiv.org/abs/hep-th/9901001v3", "hep-th/9901001"),
        ("https://arxiv.org/abs/math.GT/0309136", "math.gt/0309136"),
        ("10.48550/arXiv.1706.03762", "1706.03762"),
        ("https://doi.org/10.48550/ARXIV.1706.03762", "1706.03762"),
        ("https://doi.org/10.48550/arXiv.1706.03762v2", "1706.03762"),
    ],
)
def test_an_arxiv_identifier_is_found_in_urls_and_dois_without_its_version(written: str, identifier: str) -> None:
    assert arxiv_of(written) == identifier


@pytest.mark.parametrize(
    "written",
    [
        "https://arxiv.org/",
        "https://arxiv.org/abs/1706",
        "https://arxiv.org/list/cs.CL/2109",
        "https://example.org/abs/2109.01652",
        "10.1038/171737a0",
        "2109.01652",
        "",
    ],
)
def test_what_does_not_lead_to_one_arxiv_paper_has_no_arxiv_identifier(written: str) -> None:
    assert arxiv_of(written) is None


# ---- RFC


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://www.rfc-editor.org/rfc/rfc9110.html", "9110"),
        ("https://www.rfc-editor.org/rfc/rfc9110", "9110"),
        ("https://www.rfc-editor.org/info/rfc9110", "9110"),
        ("https://datatracker.ietf.org/doc/html/rfc9110#section-9.2.2", "9110"),
        ("https://datatracker.ietf.org/doc/rfc3629/", "3629"),
        ("http://tools.ietf.org/html/rfc0791", "791"),
        ("https://www.ietf.org/rfc/rfc2119.txt", "2119"),
        ("https://tools.ietf.org/html/RFC2119", "2119"),
    ],
)
def test_an_rfc_is_found_wherever_the_ietf_shows_it(url: str, number: str) -> None:
    assert rfc_of(url) == number


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/rfc9110",
        "https://datatracker.ietf.org/doc/draft-ietf-httpbis-semantics/",
        "https://www.rfc-editor.org/",
        "rfc9110",
    ],
)
def test_other_pages_are_no_rfc(url: str) -> None:
    assert rfc_of(url) is None


# ---- ISBN


@pytest.mark.parametrize(
    ("written", "isbn"),
    [
        ("978-0-262-51087-5", "9780262510875"),
        ("9780262510875", "9780262510875"),
        ("0-262-51087-1", "9780262510875"),
        ("0262510871", "9780262510875"),
        ("0-8044-2957-X", "9780804429573"),
        ("080442957x", "9780804429573"),
        ("ISBN 978-0-262-51087-5", "9780262510875"),
        ("urn:isbn:9780262510875", "9780262510875"),
        ("979-10-90636-07-1", "9791090636071"),
    ],
)
def test_an_isbn_of_ten_or_thirteen_digits_is_one_number_of_thirteen(written: str, isbn: str) -> None:
    assert isbn_of(written) == isbn


@pytest.mark.parametrize(
    "written", ["", "978-0-262-51087-6", "0-262-51087-2", "12345", "9770262510875", "97802625108755", "X262510871"]
)
def test_an_isbn_with_a_wrong_length_or_check_digit_is_none(written: str) -> None:
    assert isbn_of(written) is None


# ---- web pages


@pytest.mark.parametrize(
    "other",
    [
        "http://example.org/page",
        "https://EXAMPLE.org/page",
        "https://www.example.org/page",
        "https://example.org/page/",
        "https://example.org/page#part",
        "https://example.org:443/page",
        "http://example.org:80/page",
        "https://example.org/page?utm_source=x&utm_medium=y",
        "https://example.org/page?fbclid=1&gclid=2",
        "  https://example.org/page  ",
        "https://example.org./page",
    ],
)
def test_what_does_not_change_the_page_does_not_change_its_key(other: str) -> None:
    assert web_key_of(other, "one title") == web_key_of("https://example.org/page", "another title")


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/Page",
        "https://example.org/page2",
        "https://example.org/page?id=1",
        "https://example.org:8080/page",
        "https://docs.example.org/page",
        "https://example.com/page",
    ],
)
def test_another_page_has_another_key(other: str) -> None:
    assert web_key_of(other, "") != web_key_of("https://example.org/page", "")


def test_a_query_is_kept_apart_from_its_tracking_parameters() -> None:
    tracked = web_key_of("https://example.org/page?id=1&utm_source=x", "")
    assert tracked == web_key_of("https://example.org/page?id=1", "")
    assert tracked != web_key_of("https://example.org/page?id=2", "")


def test_a_bare_homepage_is_a_work_only_together_with_its_title() -> None:
    one, other = (web_key_of("https://dl.acm.org/", title) for title in ("One Paper", "Another Paper"))
    assert one != other
    assert one == web_key_of("https://dl.acm.org", "one  PAPER")


def test_the_key_of_a_page_names_its_host() -> None:
    key = web_key_of("https://www.example.org/page", "")
    assert key is not None
    host, _, digest = key.value.partition("/")
    assert (key.kind, host, len(digest)) == ("web", "example.org", 16)
    assert int(digest, 16) >= 0


@pytest.mark.parametrize(
    "text", ["", "ftp://example.org/x", "javascript:alert(1)", "example.org/page", "http://", "http://[x/"]
)
def test_what_is_no_address_of_the_web_has_no_web_key(text: str) -> None:
    assert web_key_of(text, "") is None


# ---- the keys of one entry


def keys(**said: str) -> list[str]:
    """The keys of an entry in their compact form, the one that counts first."""
    defaults = {"title": "T", "kind": "book", "year": "2020", "url": "", "doi": "", "isbn": ""}
    return [key.identifier for key in source_keys(**{**defaults, **said})]


def test_a_doi_counts_before_arxiv_and_isbn_and_rfc_and_url() -> None:
    arxiv, isbn, rfc = "https://arxiv.org/abs/1706.03762", "0262510871", "https://www.rfc-editor.org/rfc/rfc9110"
    assert keys(doi="10.1000/x", url=arxiv, isbn=isbn) == ["doi:10.1000/x", "arxiv:1706.03762", "isbn:9780262510875"]
    assert keys(url=arxiv, isbn=isbn) == ["arxiv:1706.03762", "isbn:9780262510875"]
    assert keys(url=rfc, isbn=isbn) == ["isbn:9780262510875", "rfc:9110"]
    assert keys(url=rfc) == ["rfc:9110"]


def test_an_arxiv_doi_is_an_arxiv_key() -> None:
    assert keys(doi="10.48550/arXiv.1706.03762") == ["arxiv:1706.03762"]
    assert keys(url="https://doi.org/10.48550/arXiv.1706.03762") == ["arxiv:1706.03762"]


def test_the_doi_of_the_url_is_a_second_key_where_it_differs_from_the_field() -> None:
    assert keys(doi="10.1000/x", url="https://doi.org/10.1000/X") == ["doi:10.1000/x"]
    assert keys(doi="10.1000/x", url="https://doi.org/10.1000/y") == ["doi:10.1000/x", "doi:10.1000/y"]


def test_a_page_is_a_key_only_where_nothing_better_is_known() -> None:
    (page,) = keys(url="https://example.org/page")
    assert page.startswith("url:")
    assert keys(url="https://example.org/page", isbn="0262510871") == ["isbn:9780262510875"]


def test_without_any_address_title_and_type_and_year_are_the_key() -> None:
    (plain,) = source_keys(title="On Stones", kind="book", year="-315", url="", doi="", isbn="")
    assert plain.kind == "work"
    assert keys(title="ON  stones", kind="BOOK", year="-315") == [plain.identifier]
    for other in ({"title": "On Winds"}, {"kind": "report"}, {"year": "-314"}):
        assert keys(**{"title": "On Stones", "year": "-315", **other}) != [plain.identifier]


def test_a_broken_doi_or_isbn_is_no_key() -> None:
    assert keys(doi="see below", isbn="123", url="https://arxiv.org/abs/1706.03762") == ["arxiv:1706.03762"]


@pytest.mark.parametrize(
    ("key", "url"),
    [
        (SourceKey("doi", "10.1000/x"), "https://doi.org/10.1000/x"),
        (SourceKey("arxiv", "1706.03762"), "https://doi.org/10.48550/arXiv.1706.03762"),
        (SourceKey("rfc", "9110"), "https://www.rfc-editor.org/info/rfc9110"),
        (SourceKey("isbn", "9780262510875"), "urn:isbn:9780262510875"),
        (SourceKey("web", "example.org/00"), None),
        (SourceKey("work", "00"), None),
    ],
)
def test_a_key_that_the_world_knows_has_an_address(key: SourceKey, url: str | None) -> None:
    assert key.url == url


# ---- names


@pytest.mark.parametrize(
    "name",
    [
        *(
            "TBD",
            "tbd.",
            "TBA",
            "todo",
            "unknown",
            "Unknown",
            "N/A",
            "n/a",
            "NA",
            "none",
            "null",
            "Various",
            "multiple",
        ),
        *("anonymous", "-", "---", "?", "???", "...", "…", "", "   ", "to be determined", "Not specified"),
        *("et al.", "et al", "et. al.", "and others", "others"),
    ],
)
def test_a_placeholder_names_nobody(name: str) -> None:
    assert is_placeholder(name)


@pytest.mark.parametrize(
    "name", ["Tabula Rasa Press", "NASA", "Unknown Worlds", "Nonesuch", "TBD Press", "Otherside", "X"]
)
def test_a_name_that_only_resembles_a_placeholder_is_a_name(name: str) -> None:
    assert not is_placeholder(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("IETF", "Internet Engineering Task Force"),
        ("IETF", "Internet Engineering Task Force (IETF)"),
        ("ACM", "Association for Computing Machinery"),
        ("W3C", "World Wide Web  Consortium"),
        ("Encyclopædia Britannica", "Encyclopaedia Britannica"),
        ("OpenAI", "OPENAI"),
        ("Straße", "STRASSE"),
        ("ＩＥＥＥ", "Institute of Electrical and Electronics Engineers"),
    ],
)
def test_the_spellings_of_one_organisation_are_one(one: str, other: str) -> None:
    assert organisation_key(one) == organisation_key(other)


def test_organisations_that_differ_stay_apart() -> None:
    names = ["MIT", "MIT Press", "Oxford University", "Oxford University Press", "Google", "Google Research"]
    assert len({organisation_key(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Ashish Vaswani", "ashish vaswani"),
        ("Newman, Sam", "sam newman"),
        ("Aidan N. Gomez", "aidan n. gomez"),
        ("Łukasz Kaiser", "łukasz kaiser"),
        ("Plato", "plato"),
        ("Martin Luther King, Jr.", "martin luther king, jr."),
        ("Li Wei", "li wei"),
        ("李 伟", "李 伟"),
        ("李伟", "李伟"),
    ],
)
def test_a_full_name_is_one_person_everywhere(name: str, key: str) -> None:
    assert person_key(name) == key


@pytest.mark.parametrize(
    "name", ["J. D. Watson", "Watson, J. D.", "J.D. Watson", "Watson JD", "D. Watson", "J.-P. Serre", "E. W. D."]
)
def test_initials_leave_open_who_is_meant(name: str) -> None:
    assert person_key(name) is None


@pytest.mark.parametrize(
    "name", ["Ashish Vaswani et al.", "Ashish Vaswani et al", "Ashish Vaswani, et. al.", "Vaswani Et Al."]
)
def test_a_name_that_stands_for_several_people_is_no_person_everywhere(name: str) -> None:
    assert person_key(name) is None


def test_a_name_key_drops_what_typography_adds() -> None:
    assert name_key("  ﬁne\u00a0 PRINT ") == "fine print"
