"""Writes a synthetic corpus of articles that has the statistics of a real one.

    python benchmarks/corpus.py FOLDER -n 1000 [--seed 1]

Shares and lengths are those of a public knowledge base of 1,086 articles: three facts and three
sources to an article, one source in ten cited by others too, a few by one article in thirty, one or
two gaps, four or five sections, 1.4 kB of body. The text means nothing. Article number `i` is made
from the seed and `i` alone and links to earlier ones only, so the first 1,000 articles of a corpus
of 16,000 are the corpus of 1,000. The same bytes on every run and every machine.

The articles have no violations; they draw the same warnings as real ones do, at about the same rate.
"""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import TypeVar

__all__ = ["Topic", "article", "topic", "write_corpus"]

T = TypeVar("T")


def _read_words() -> dict[str, list[str]]:
    """The lists of `words.txt` by name."""
    text = Path(__file__).with_name("words.txt").read_text(encoding="utf-8")
    _, *paragraphs = text.split("\n\n")
    return {name: words.split() for name, _, words in (each.partition(":") for each in paragraphs)}


_WORDS = _read_words()

#: Folders, by the number of articles in 1,086.
_CATEGORIES = {
    "ai": 444,
    "computer-science": 361,
    "science": 62,
    "game-development": 36,
    "history": 34,
    "business": 32,
    "geography": 27,
    "self-improvement": 25,
    "sports": 25,
    "health": 22,
    "arts": 18,
}
#: Types of sources, by the number of references in 3,137.
_SOURCE_TYPES = {
    "documentation": 1182,
    "academic_paper": 493,
    "standard": 184,
    "blog_post": 126,
    "textbook": 120,
    "book": 118,
    "survey_paper": 108,
    "repository": 86,
    "reference": 67,
    "journal_article": 61,
    "government_report": 59,
    "conference_paper": 54,
    "technical_documentation": 46,
    "rfc": 35,
    "report": 29,
    "specification": 25,
    "encyclopedia": 24,
    "course_material": 23,
    "official_report": 19,
}
_PAPERS = {"academic_paper", "survey_paper", "journal_article", "conference_paper"}
#: How many of a thing an article has, by the number of articles.
_FACTS = {0: 119, 2: 55, 3: 767, 4: 74, 5: 65, 6: 6}
_PRIMARY = {1: 174, 2: 165, 3: 701, 4: 34, 5: 12}
_SECONDARY = {0: 956, 1: 36, 2: 20, 3: 42, 4: 28, 5: 4}
_GAPS = {0: 10, 1: 735, 2: 336, 3: 5}
_LINKS = {0: 611, 1: 21, 2: 37, 3: 417}
_AUTHORS = {1: 189, 2: 63, 3: 57, 4: 77, 5: 23, 6: 14, 8: 12, 10: 20}

#: Sources that an article may bring in, and its chance to cite one of another article instead.
_OWN_SOURCES, _CITED_BEFORE = 10, 0.1
#: The chance that what is cited again is one of a few famous sources.
_FAMOUS, _FAMOUS_SOURCES = 0.3, 4
#: Chances of a paper to be on arXiv and to name its authors, and of a page to be a bare homepage.
_ON_ARXIV, _AUTHORS_GIVEN, _HOMEPAGES = 0.55, 0.63, 0.04
_NAMES = ("<given names> <family names>", "<given names> <family names>", "<initials>. <family names>")
_FIRST_DAY = date(2026, 5, 1)


def write_corpus(folder: Path, count: int, seed: int = 1) -> None:
    """Write the articles 0 to `count` - 1, each into the folder of its category."""
    for number in range(count):
        path = folder / f"{topic(seed, number).key}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(article(seed, number), encoding="utf-8", newline="\n")


# ---- what articles are about, and what they cite


@dataclass(frozen=True, slots=True)
class Topic:
    """What an article is called and where it lies."""

    number: int
    title: str
    category: str

    @property
    def slug(self) -> str:
        """The name of its file, without the ending."""
        return self.title.lower().replace(" ", "-")

    @property
    def key(self) -> str:
        """Its path below the corpus, without the ending."""
        return f"{self.category}/{self.slug}"


@dataclass(frozen=True, slots=True)
class Source:
    """A work as an article lists it."""

    title: str
    type: str
    year: int
    url: str
    institution: str
    doi: str | None
    authors: tuple[str, ...]

    @property
    def lines(self) -> list[str]:
        """The entry of a source list."""
        lines = [
            f"  - title: {_quoted(self.title)}",
            f"    type: {self.type}",
            f"    year: {self.year}",
            f"    url: {self.url}",
            f"    institution: {_quoted(self.institution)}",
        ]
        if self.doi:
            lines.append(f"    doi: {self.doi}")
        if self.authors:
            lines.append(f"    authors: {json.dumps(self.authors, ensure_ascii=False)}")
        return lines


@lru_cache(maxsize=65_536)
def topic(seed: int, number: int) -> Topic:
    """What an article is about; no two numbers have one title."""
    random = Random(f"{seed} topic {number}")
    # A step that shares no factor with the number of titles visits each of them once.
    kinds, subjects, fields = _WORDS["kinds"], _WORDS["subjects"], _WORDS["fields"]
    titles = len(kinds) * len(subjects) * len(fields)
    turn, place = divmod(number, titles)
    rest, field = divmod((place * 104_729 + seed) % titles, len(fields))
    kind, subject = divmod(rest, len(subjects))
    title = f"{kinds[kind]} {subjects[subject]} {fields[field]}"
    return Topic(number, f"{title} {turn + 1}" if turn else title, _drawn(random, _CATEGORIES))


@lru_cache(maxsize=65_536)
def source(seed: int, number: int) -> Source:
    """A source; everybody who cites this number says the same of it."""
    random = Random(f"{seed} source {number}")
    kind = _drawn(random, _SOURCE_TYPES)
    paper = kind in _PAPERS
    title = _filled(random, "<kinds> <subjects> <fields>: ") + _filled(random, "a <qualities> <things>")
    institution = _filled(random, "<places> <fields> Institute" if paper else "<places> <subjects> Office")
    host, doi = _filled(random, "<places>-<subjects>.example").lower(), None
    url = f"https://www.{host}/{number}"
    if paper and random.random() < _ON_ARXIV:
        # No month of arXiv is called 13 or more.
        url = f"https://arxiv.org/abs/99{13 + number // 100_000:02}.{number % 100_000:05}"
    elif paper:
        doi = f"10.5555/{host}.{number}"  # the prefix is for tests
        url = f"https://doi.org/{doi}"
    elif random.random() < _HOMEPAGES:
        url = f"https://www.{host}/"
    count = _drawn(random, _AUTHORS) if paper and random.random() < _AUTHORS_GIVEN else 0
    names = [_filled(random, random.choice(_NAMES)) for _ in range(count)]
    return Source(title, kind, random.randint(1975, 2025), url, institution, doi, tuple(dict.fromkeys(names)))


def _sources(random: Random, seed: int, number: int, count: int) -> list[Source]:
    """The sources of an article: its own, those of earlier articles, a few that many cite."""
    cited: dict[Source, None] = {}
    for own in range(count):
        chosen = number * _OWN_SOURCES + own
        if number and random.random() < _CITED_BEFORE:
            famous = random.random() < _FAMOUS
            chosen = random.randrange(_FAMOUS_SOURCES) if famous else random.randrange(number) * _OWN_SOURCES
        cited[source(seed, chosen)] = None
    return list(cited)


# ---- one article


def article(seed: int, number: int) -> str:
    """The text of an article."""
    random = Random(f"{seed} article {number}")
    about = topic(seed, number)
    primary_count, secondary_count = _drawn(random, _PRIMARY), _drawn(random, _SECONDARY)
    sources = _sources(random, seed, number, primary_count + secondary_count)
    primary, secondary = sources[:primary_count], sources[primary_count:]
    confidence = _drawn(random, {"medium": 932, "high": 130, "low": 24})
    statements = [_statement(random, about) for _ in range(_drawn(random, _FACTS))]
    facts = [(statement, primary[place % len(primary)]) for place, statement in enumerate(statements)]
    gaps = [_gap(random, about) for _ in range(_drawn(random, _GAPS))]
    lines = ["---", *_header(random, about, confidence)]
    lines += _listed(
        "atomic_facts", [_fact_lines(about, place, *fact, confidence) for place, fact in enumerate(facts, 1)]
    )
    lines.append(f"completeness: {_drawn(random, {'0.82': 5, '0.88': 4, '0.83': 3, '0.84': 3, '0.85': 3, '0.5': 2})}")
    lines += _listed("known_gaps", [[f"  - {_quoted(gap)}"] for gap in gaps])
    disputed = [_dispute_lines(random, about, primary[0])] if random.random() < 78 / 1086 else []
    lines += _listed("disputed_statements", disputed)
    lines += _listed("primary_sources", [each.lines for each in primary])
    lines += _listed("secondary_sources", [each.lines for each in secondary])
    lines += ["---", "", *_body(random, about, facts, sources, _links(random, seed, number))]
    return "\n".join(lines) + "\n"


def _header(random: Random, about: Topic, confidence: str) -> list[str]:
    created = _FIRST_DAY + timedelta(days=random.randrange(40))
    updated = created + timedelta(days=random.randrange(20))
    method = _drawn(random, {"ai_structured": 860, "human_only": 140, "ai_assisted": 86})
    return [
        f"id: kb-{about.number:06}",
        f"title: {_quoted(about.title)}",
        f"schema_type: {_drawn(random, {'TechArticle': 928, 'Article': 158})}",
        f"category: {about.category}",
        "language: en",
        f"confidence: {confidence}",
        f'last_verified: "{updated}"',
        f'created_date: "{created}"',
        f'updated: "{updated}"',
        f"generation_method: {method}",
        *(["ai_models: [model-a, model-b]"] if method != "human_only" else []),
        "derived_from_human_seed: true",
        "conflict_of_interest: none_declared",
        "is_live_document: false",
        f"data_period: {'static' if random.random() < 0.98 else '2024-2026'}",
    ]


def _fact_lines(about: Topic, place: int, statement: str, cited: Source, confidence: str) -> list[str]:
    return [
        f"  - id: fact-{about.slug}-{place}",
        f"    statement: {_quoted(statement)}",
        f"    source_title: {_quoted(cited.title)}",
        f"    source_url: {cited.url}",
        f"    confidence: {confidence}",
    ]


def _dispute_lines(random: Random, about: Topic, cited: Source) -> list[str]:
    return [
        f"  - statement: {_quoted(_statement(random, about))}",
        f"    source_title: {_quoted(cited.title)}",
        f"    source_url: {cited.url}",
    ]


def _links(random: Random, seed: int, number: int) -> list[Topic]:
    """Earlier articles that this one leads to."""
    count = min(_drawn(random, _LINKS), number)
    return [topic(seed, other) for other in sorted(random.sample(range(number), count))]


def _body(
    random: Random, about: Topic, facts: list[tuple[str, Source]], sources: list[Source], links: list[Topic]
) -> list[str]:
    sections = {
        "TL;DR": [_paragraph(random, 2)],
        "Core Explanation": [_paragraph(random, 3)],
        "Detailed Analysis": [_paragraph(random, 4)],
    }
    if facts and random.random() < 0.4:
        sections["Source-Mapped Facts"] = [f"- {text} ([source]({cited.url}))" for text, cited in facts]
    if random.random() < 0.85:
        sections["Further Reading"] = [f"- [{each.title}]({each.url})" for each in sources]
    if links:
        here = about.category
        sections["Related Articles"] = [
            f"- [{each.title}](../{each.slug if each.category == here else f'../{each.key}'}.md)" for each in links
        ]
    return [line for title, lines in sections.items() for line in (f"## {title}", "", *lines, "")][:-1]


# ---- texts


def _statement(random: Random, about: Topic) -> str:
    """One sentence about a topic, of some 110 characters."""
    said = "the <qualities> <things> <verbs> the <things> of the <subjects> by {} <units> in {}."
    number, year = random.randint(2, 9_999), random.randint(1900, 2025)
    return f"In {about.title.lower()}, {_filled(random, said).lower().format(number, year)}"


def _gap(random: Random, about: Topic) -> str:
    asked = f"the <qualities> <things> of {about.title} and its <things> in other <fields> are not covered."
    return _filled(random, asked).lower().capitalize()


def _paragraph(random: Random, sentences: int) -> str:
    said = "Each <qualities> <things> <verbs> the <qualities> <things> of every <things>, and the <things> <verbs> it."
    return " ".join(_filled(random, said) for _ in range(sentences))


def _filled(random: Random, template: str) -> str:
    """A template with a word of the list in place of each `<list>`."""
    return re.sub(r"<(.+?)>", lambda found: random.choice(_WORDS[found[1]]), template)


def _drawn(random: Random, shares: dict[T, int]) -> T:
    """One of some things, each as often as its share says."""
    return random.choices(list(shares), list(shares.values()))[0]


def _listed(name: str, entries: list[list[str]]) -> list[str]:
    """A field that is a list, or explicitly empty."""
    return [f"{name}:", *(line for entry in entries for line in entry)] if entries else [f"{name}: []"]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a synthetic corpus of articles.")
    parser.add_argument("folder", type=Path, help="folder to write to")
    parser.add_argument("-n", "--count", type=int, default=1086, help="number of articles (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another corpus (%(default)s)")
    given = parser.parse_args()
    write_corpus(given.folder, given.count, given.seed)


if __name__ == "__main__":
    main()
