"""What an article states about its sources, and how its facts come to them.

Each entry of the source lists is a reference of its own, as written; the works behind them are
mentioned here and merged in `shared`.
"""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from kbgraph import terms
from kbgraph.citations import References, keys_of
from kbgraph.fields import SOURCE
from kbgraph.identity import has_isbn_form, is_placeholder, isbn_of, organisation_key
from kbgraph.literals import year_of
from kbgraph.model import Article, Entry, Reference, Value
from kbgraph.shared import SourceMention
from kbgraph.statements import Statements, values_of
from kbgraph.terms import BIRO, DCTERMS, KB, PROV, SCHEMA, XSD

__all__ = ["Bibliography"]

#: The fields by which a fact names its source, the one to be shown first.
_SOURCE_FIELDS = ("source_url", "source_ref", "source_doi", "source_isbn", "source_title")


class Bibliography:
    """The references of one article.

    `works` has the work behind each URL of the source lists.
    """

    def __init__(self, article: Article, made: Statements) -> None:
        self.article, self.made = article, made
        self.space, self.subject = made.space, made.space.article(article.key)
        self.works: dict[str, NamedNode] = {}
        self._references = References(article.references)
        #: By position: the node of each listed reference, and its work.
        self._listed: dict[int, tuple[NamedNode, NamedNode]] = {}

    def state(self) -> None:
        """State the source lists."""
        for reference in self.article.references:
            self._list(reference)

    def _list(self, reference: Reference) -> None:
        node = self.space.part(self.subject, f"ref-{reference.position}")
        key = keys_of(reference.entry)[0]
        source = self.space.source(key.kind, key.value)
        role = KB.primaryReference if reference.role == "primary" else KB.secondaryReference
        self.made.add(self.subject, role, node)
        self.made.add(self.subject, SCHEMA.citation, source)
        if reference.role == "primary":
            self.made.add(self.subject, PROV.hadPrimarySource, source)
        self._reference(node, reference.entry, source)
        self.made.add(node, SCHEMA.position, terms.integer(reference.position))
        self._listed[reference.position] = (node, source)
        if url := reference.entry.text("url"):
            self.works.setdefault(url, source)

    def _reference(self, node: NamedNode, entry: Entry, source: NamedNode) -> None:
        """What is stated about a source, and its mention for the merge."""
        self.made.entity(node, entry, SOURCE, KB.SourceReference, SCHEMA.ListItem)
        self.made.add(node, SCHEMA.item, source)
        self.made.add(node, BIRO.references, source)
        publisher = self._publisher(node, entry)
        self._isbn(node, entry)
        numbered = enumerate(values_of(entry, "authors"), start=1)
        authors = [self._author(node, source, entry, place, author) for place, author in numbered]
        kind, year, url = entry.value("type"), year_of(entry.text("year"))[0], terms.http_iri(entry.text("url"))
        keys = keys_of(entry)
        mention = SourceMention(
            source=source.value,
            # A fact that contradicts the list must not make two works one: its own keys do not count.
            keys=keys if source in {self.space.source(key.kind, key.value) for key in keys} else (),
            title=entry.text("title"),
            type=self.made.concept("source-type", kind.text)[0].value if kind else None,
            year=year.value if year.datatype == XSD.gYear else None,
            url=url.value if url else None,
            publisher=publisher.value if publisher else None,
            authors=tuple(author for author in authors if author is not None),
        )
        self.made.mentions.sources.append(mention)

    def _publisher(self, node: NamedNode, entry: Entry) -> NamedNode | None:
        name = entry.value("institution")
        if name is None or is_placeholder(name.text):
            return None
        agent = self.made.organisation(name.text)
        self.made.add(node, DCTERMS.publisher, agent, mark=name.mark)
        return agent

    def _isbn(self, node: NamedNode, entry: Entry) -> None:
        value = entry.value("isbn")
        if value is not None and has_isbn_form(value.text) and isbn_of(value.text) is None:
            self.made.say("KB109", value.mark, f"The check digit of the ISBN '{value.text}' is wrong.", node)

    def _author(self, node: NamedNode, source: NamedNode, entry: Entry, place: int, author: Value) -> str | None:
        """One author of a reference: the name as written, and the agent where it names one."""
        part = self.made.node(self.space.part(node, f"author-{place}"), author.mark, KB.Authorship, SCHEMA.ListItem)
        self.made.add(node, KB.authorship, part)
        self.made.add(part, SCHEMA.position, terms.integer(place))
        self.made.add(part, SCHEMA.name, Literal(author.text), mark=author.mark)
        if is_placeholder(author.text):
            return None
        if organisation_key(author.text) == organisation_key(entry.text("institution")):
            agent = self.made.organisation(author.text)
        else:
            agent = self.made.person(author.text, source)
        self.made.add(part, SCHEMA.item, agent)
        return agent.value

    def cite(self, node: NamedNode, entry: Entry, own_node: NamedNode) -> NamedNode | None:
        """Lead a fact or a dispute to its source, if it has one."""
        citation = self._references.cited_by(entry)
        mark = next((entry.marks[name] for name in _SOURCE_FIELDS if entry.marks and name in entry.marks), None)
        if mark is not None:
            for predicate in (KB.reference, SCHEMA.citation, PROV.wasDerivedFrom):
                self.made.locate(node, predicate, mark)
        if citation.dangling is not None:
            message = f"No source of this article has the id '{citation.dangling.text}'."
            self.made.say("KB108", citation.dangling.mark, message, node)
            self.made.keep(node, entry, "source_ref")
        page = entry.value("source_page")
        if page is not None:
            self.made.add(node, KB.sourcePage, Literal(page.text), mark=page.mark)
        source: NamedNode | None = None
        if citation.reference is not None:
            reference, source = self._listed[citation.reference.position]
            self.made.add(node, KB.reference, reference)
        if citation.own is not None:
            if source is None:
                key = keys_of(citation.own)[0]
                source = self.space.source(key.kind, key.value)
            self._reference(own_node, citation.own, source)
            self.made.add(node, KB.reference, own_node)
        if source is not None:
            self.made.add(node, SCHEMA.citation, source)
            self.made.add(node, PROV.wasDerivedFrom, source)
        return source
