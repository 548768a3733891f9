"""What makes two mentions one thing: the keys of sources, organisations and persons.

A key is computed from one entry alone. Nothing is merged that differs: what is not the same by
the rules below stays two things.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

__all__ = [
    "SourceKey",
    "arxiv_of",
    "doi_of",
    "has_isbn_form",
    "is_placeholder",
    "isbn_of",
    "organisation_key",
    "person_key",
    "rfc_of",
    "source_keys",
    "web_key_of",
    "without_others",
]


class SourceKey(NamedTuple):
    """What identifies a work: a kind (`doi`, `arxiv`, `isbn`, `rfc`, `web`, `work`) and a value."""

    kind: str
    value: str

    @property
    def identifier(self) -> str:
        """The compact form that `schema:identifier` carries: `arxiv:2109.01652`."""
        if self.kind == "web":
            return "url:" + self.value.rsplit("/", 1)[-1]
        return f"{self.kind}:{self.value}"

    @property
    def url(self) -> str | None:
        """Where the world knows the work under this key; None for the keys that only we make."""
        pattern = _KEY_URLS.get(self.kind)
        return pattern.format(self.value) if pattern else None


_KEY_URLS = {
    "doi": "https://doi.org/{}",
    "arxiv": "https://doi.org/10.48550/arXiv.{}",
    "rfc": "https://www.rfc-editor.org/info/rfc{}",
    "isbn": "urn:isbn:{}",
}

_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+")
_DOI_PREFIX = re.compile(r"^(?:doi:\s*|https?://(?:dx\.|www\.)?doi\.org/)", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
_ARXIV_ID = re.compile(r"([0-9]{4}\.[0-9]{4,5}|[a-z][a-z-]*(?:\.[a-z]{2})?/[0-9]{7})(?:v[0-9]+)?", re.IGNORECASE)
_ARXIV_PATH = re.compile(r"/(?:abs|pdf|html|format|ps)/(.+?)(?:\.pdf)?/?")
_RFC_HOSTS = {"rfc-editor.org", "datatracker.ietf.org", "tools.ietf.org", "ietf.org"}
_RFC_PATH = re.compile(r"/(?:[a-z]+/)*rfc0*([0-9]{1,5})(?:\.(?:html|txt|pdf|json|xml))?/?", re.IGNORECASE)
_TRACKING = re.compile(r"utm_.*|gclid|fbclid|msclkid|mc_[ce]id|igshid|yclid|_ga", re.IGNORECASE)


def doi_of(text: str) -> str | None:
    """The DOI, in lower case, in a `doi` field or a doi.org URL; None where there is none.

    Source: DOI Handbook, 2.4 (case does not count).

    >>> doi_of("https://doi.org/10.1037/0003-066X.54.7.493")
    '10.1037/0003-066x.54.7.493'
    """
    bare = text.strip()
    found = _DOI_PREFIX.match(bare)
    if found:
        rest = bare[found.end() :]
        bare = unquote(re.split(r"[?#]", rest, maxsplit=1)[0]) if "doi.org" in found.group().lower() else rest
    bare = bare.rstrip("/")
    return bare.lower() if _DOI.fullmatch(bare) else None


def arxiv_of(text: str) -> str | None:
    """The arXiv identifier, without its version, in a URL or an arXiv DOI.

    >>> arxiv_of("https://arxiv.org/pdf/1706.03762v7.pdf")
    '1706.03762'
    """
    doi = doi_of(text)
    if doi is not None:
        found = _ARXIV_DOI.fullmatch(doi)
        name = found.group(1) if found else ""
    else:
        host, path = _host_and_path(text)
        found = _ARXIV_PATH.fullmatch(path) if host in {"arxiv.org", "export.arxiv.org"} else None
        name = found.group(1) if found else ""
    identifier = _ARXIV_ID.fullmatch(name)
    return identifier.group(1).lower() if identifier else None


def rfc_of(url: str) -> str | None:
    """The number of the RFC that a URL of the IETF leads to.

    >>> rfc_of("https://datatracker.ietf.org/doc/html/rfc9110#section-9.2.2")
    '9110'
    """
    host, path = _host_and_path(url)
    found = _RFC_PATH.fullmatch(path) if host in _RFC_HOSTS else None
    return found.group(1) if found else None


def isbn_of(text: str) -> str | None:
    """The ISBN as 13 digits; None where the length or the check digit is wrong.

    Source: ISO 2108; an ISBN-10 and its ISBN-13 are one book.

    >>> isbn_of("0-262-51087-1")
    '9780262510875'
    """
    digits = _isbn_digits(text)
    if _ISBN_10.fullmatch(digits):
        values = [10 if digit == "X" else int(digit) for digit in digits]
        if sum(value * (10 - place) for place, value in enumerate(values)) % 11:
            return None
        digits = "978" + digits[:9]
        return digits + str(-_isbn_sum(digits) % 10)
    if _ISBN_13.fullmatch(digits) and _isbn_sum(digits) % 10 == 0:
        return digits
    return None


def has_isbn_form(text: str) -> bool:
    """True where only a wrong check digit can keep a text from being an ISBN."""
    digits = _isbn_digits(text)
    return bool(_ISBN_10.fullmatch(digits) or _ISBN_13.fullmatch(digits))


_ISBN_10 = re.compile(r"[0-9]{9}[0-9X]")
_ISBN_13 = re.compile(r"97[89][0-9]{10}")


def _isbn_digits(text: str) -> str:
    return re.sub(r"^(?:urn:)?isbn[:\s]*|[\s-]", "", text.strip(), flags=re.IGNORECASE).upper()


def _isbn_sum(digits: str) -> int:
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))


def _host_and_path(url: str) -> tuple[str, str]:
    """Host in lower case without `www.`, and path; two empty texts for what is no URL."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return "", ""
    if parts.scheme.lower() not in {"http", "https"}:
        return "", ""
    return host.lower().removeprefix("www.").rstrip("."), parts.path


def web_key_of(url: str, title: str) -> SourceKey | None:
    """The key of a web page; None for what is not an http(s) URL.

    Scheme, `www.`, default port, fragment, trailing slash and tracking parameters do not count.
    A bare homepage identifies no work: there the title joins the key.
    """
    host, path = _host_and_path(url)
    if not host:
        return None
    parts = urlsplit(url.strip())
    try:
        port = parts.port
    except ValueError:
        return None
    if port not in {None, 80, 443}:
        host = f"{host}:{port}"
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if any(_TRACKING.fullmatch(name) for name, _ in pairs):
        query = urlencode([(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)])
    else:
        query = parts.query
    path = path.rstrip("/")
    plain = host + path + (f"?{query}" if query else "")
    if not path and not query:
        plain += "\n" + name_key(title)
    return SourceKey("web", f"{host}/{_digest(plain)}")


def _digest(text: str) -> str:
    """16 hexadecimal digits: a collision among a million keys has a chance of 1 in 10 million."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def source_keys(*, title: str, kind: str, year: str, url: str, doi: str, isbn: str) -> tuple[SourceKey, ...]:
    """Every key that one entry gives to its work, the one that counts first.

    DOI, arXiv, ISBN, RFC, web page, and for what has none of them a hash of title, type and year.
    An arXiv DOI is an arXiv key.

    >>> source_keys(title="T", kind="book", year="", url="", doi="10.48550/arXiv.1706.03762", isbn="")[0]
    SourceKey(kind='arxiv', value='1706.03762')
    """
    found: list[SourceKey] = []
    for text in (doi, url):
        value = doi_of(text) if text else None
        if value is not None and not _ARXIV_DOI.fullmatch(value):
            found.append(SourceKey("doi", value))
    arxiv = (arxiv_of(doi) if doi else None) or (arxiv_of(url) if url else None)
    if arxiv is not None:
        found.append(SourceKey("arxiv", arxiv))
    book = isbn_of(isbn) if isbn else None
    if book is not None:
        found.append(SourceKey("isbn", book))
    number = rfc_of(url) if url else None
    if number is not None:
        found.append(SourceKey("rfc", number))
    if not found and url:
        page = web_key_of(url, title)
        if page is not None:
            found.append(page)
    if not found:
        found.append(SourceKey("work", _digest("\n".join((name_key(title), kind.casefold(), year)))))
    return tuple(dict.fromkeys(found))


#: What people write where they know no name.
_PLACEHOLDER = re.compile(
    r"(?:tbd|tba|todo|n/?a|none|null|unknown|various|multiple|anonymous|-+|\?+|\.+|…)\.?"
    r"|(?:to be|not) (?:determined|confirmed|added|specified|available|filled)",
    re.IGNORECASE,
)
_ET_AL = re.compile(r"(?:et\.? al\.?|and others|u\. ?a\.|others)", re.IGNORECASE)


def is_placeholder(name: str) -> bool:
    """True where a name names nobody: `TBD`, `unknown`, `N/A`, `et al.`.

    >>> is_placeholder("TBD"), is_placeholder("Tabula Rasa Press")
    (True, False)
    """
    plain = " ".join(name.split())
    return not plain or bool(_PLACEHOLDER.fullmatch(plain) or _ET_AL.fullmatch(plain))


def name_key(name: str) -> str:
    """A name without what typography adds to it: NFKC, case folded, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


#: Names of one organisation that no rule would bring together, by `name_key`.
_ALIASES = {
    "association for computing machinery": "acm",
    "encyclopedia britannica": "encyclopaedia britannica",
    "encyclopædia britannica": "encyclopaedia britannica",
    "google llc": "google",
    "ietf (internet engineering task force)": "ietf",
    "institute of electrical and electronics engineers": "ieee",
    "internet engineering task force": "ietf",
    "internet engineering task force (ietf)": "ietf",
    "microsoft corporation": "microsoft",
    "national institute of standards and technology": "nist",
    "national institute of standards and technology (nist)": "nist",
    "world health organization": "who",
    "world health organization (who)": "who",
    "world wide web consortium": "w3c",
    "world wide web consortium (w3c)": "w3c",
}


def organisation_key(name: str) -> str:
    """What the spellings of one organisation share.

    >>> organisation_key("Internet Engineering Task Force") == organisation_key("IETF")
    True
    """
    key = name_key(name)
    return _ALIASES.get(key, key)


_SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "phd", "md", "inc", "ltd", "llc", "gmbh"}


def person_key(name: str) -> str | None:
    """What identifies a person everywhere; None where initials leave it open who is meant.

    `Newman, Sam` is `Sam Newman`.

    >>> person_key("Newman, Sam"), person_key("J. D. Watson")
    ('sam newman', None)
    """
    if without_others(name) != name:
        return None
    words = name.split()
    if len(words) > 1 and sum(not _is_initial(word) for word in words) < 2:
        return None
    plain = name_key(name)
    parts = [part.strip() for part in plain.split(",")]
    if len(parts) == 2 and all(parts) and parts[1].rstrip(".") not in _SUFFIXES:
        return f"{parts[1]} {parts[0]}"
    return plain


#: What stands before it is looked at once: where a run of commas begins, not at each of them.
_AND_OTHERS = re.compile(r"(?<![,\s])[,\s]*\bet\.? al\b.*$", re.IGNORECASE | re.DOTALL)


def without_others(name: str) -> str:
    """A name without the "et al." behind it.

    >>> without_others("Ada Example et al.")
    'Ada Example'
    """
    return _AND_OTHERS.sub("", name) or name


def _is_initial(word: str) -> bool:
    letters = re.sub(r"[.,-]", "", word)
    if letters.lower() == letters.upper():  # a script without case has no initials
        return False
    short = len(letters) <= 3 and ("." in word or "-" in word or letters.isupper())
    return len(letters) == 1 or short
