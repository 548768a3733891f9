"""`Article` to quads: the only file that knows which property means what.

One article gives one named graph, which depends on its file alone and, for its links, on the set
of article keys. What articles share (works, agents, categories) is only *mentioned* here and
merged in `shared`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator

from pyoxigraph import Literal, NamedNode

from kbgraph import terms
from kbgraph.bibliography import Bibliography
from kbgraph.fields import AI_CITATIONS, ARTICLE, CONTRIBUTOR, DISPUTE, FACT, VERIFIER
from kbgraph.identity import is_placeholder
from kbgraph.links import target_of
from kbgraph.literals import decimal_of, period_of
from kbgraph.model import Article, Entry, Link, Section, Value
from kbgraph.statements import Statements, texts_of, values_of
from kbgraph.terms import DCAT, DCTERMS, DOCO, DQV, KB, KBV, PROV, SCHEMA, Space
from kbgraph.vocabulary import ARTICLE_TYPES, vocabulary

__all__ = ["convert"]

_SOFTWARE = {"software", "ai", "model", "llm", "bot", "agent"}
_ORGANISATION = {"organization", "organisation", "company", "institution"}


def convert(
    article: Article, space: Space, keys: Container[str], leads_elsewhere: Callable[[str], bool] = lambda _: False
) -> Statements:
    """The statements of an article.

    Args:
        article: what was read.
        space: makes the IRIs.
        keys: the keys of all articles, for links.
        leads_elsewhere: says of a link that leads to no article whether it is not broken all the same.
    """
    tag = article.entry.text("language")
    language = tag.lower() if terms.is_language_tag(tag) else None
    graph = space.article_graph(article.key)
    made = Statements(article.file.path, graph, space, vocabulary(), language)
    _Converter(article, made, keys, leads_elsewhere).run()
    made.quads = list(dict.fromkeys(made.quads))
    return made


class _Converter:
    """Converts one article: each method one kind of entity."""

    def __init__(
        self, article: Article, made: Statements, keys: Container[str], leads_elsewhere: Callable[[str], bool]
    ) -> None:
        self.article, self.made, self.keys, self.leads_elsewhere = article, made, keys, leads_elsewhere
        self.space, self.subject = made.space, made.space.article(article.key)
        self.bibliography = Bibliography(article, made)

    def run(self) -> None:
        entry = self.article.entry
        self.made.entity(self.subject, entry, ARTICLE, KB.Article, SCHEMA.WebPage)
        self.type(entry)
        self.subject_matter(entry)
        self.generation(entry)
        self.quality(entry)
        self.file()
        self.bibliography.state()
        facts = [self.fact(*numbered) for numbered in self.facts(entry)]
        self.gaps(entry)
        self.disputes(entry)
        self.related(entry)
        self.contributors(entry)
        self.verifiers(entry)
        self.ai_citations(entry)
        for section in self.article.sections:
            self.section(section, facts)

    # ---- the article

    def type(self, entry: Entry) -> None:
        title, written = entry.value("title"), entry.value("schema_type")
        if entry.marks and "title" in entry.marks:
            self.made.locate(self.subject, SCHEMA.headline, entry.marks["title"])
        if title is not None:
            self.made.add(self.subject, SCHEMA.headline, self.made.text(title.text))
        name = ARTICLE_TYPES.get(written.text.strip().lower(), "Article") if written else "Article"
        self.made.add(self.subject, terms.RDF.type, SCHEMA[name])
        if written is None or written.text == name:
            return
        self.made.keep(self.subject, entry, "schema_type")
        if written.text.strip().lower() == name.lower():
            self.made.say("KB104", written.mark, f"schema_type '{written.text}' is written '{name}'.", self.subject)
        else:
            message = f"schema_type '{written.text}' is no kind of schema.org Article; it is read as Article."
            self.made.say("KB105", written.mark, message, self.subject)

    def subject_matter(self, entry: Entry) -> None:
        category = entry.value("category")
        if category is not None:
            path = "/".join(step for step in category.text.split("/") if step.strip()) or category.text
            self.made.add(self.subject, SCHEMA.about, self.space.category(path), mark=category.mark)
            self.made.add(self.subject, SCHEMA.articleSection, Literal(category.text))
            self.made.mentions.categories.append(path)
        for tag in texts_of(entry, "tags"):
            self.made.add(self.subject, SCHEMA.keywords, self.made.text(tag))
        period = period_of(entry.text("data_period"))
        if period is not None:
            self.made.add(self.subject, SCHEMA.temporalCoverage, Literal(period))

    def generation(self, entry: Entry) -> None:
        method, models = entry.value("generation_method"), values_of(entry, "ai_models")
        if method is None and not models:
            return
        mark = method.mark if method else models[0].mark
        node = self.made.node(self.space.part(self.subject, "generation"), mark, PROV.Activity, SCHEMA.CreateAction)
        self.made.add(self.subject, PROV.wasGeneratedBy, node)
        self.made.add(node, SCHEMA.result, self.subject)
        if method is not None:
            concept, exact = self.made.concept("generation", method.text)
            self.made.add(node, DCTERMS.type, concept, mark=method.mark)
            if not exact:
                self.made.keep(self.subject, entry, "generation_method")
            digital = self.made.words.digital_source_types.get(concept)
            if digital is not None:
                self.made.add(self.subject, SCHEMA.digitalSourceType, digital)
        for model in models:
            agent = self.made.agent("software", self.space.model(model.text), model.text)
            self.made.add(node, SCHEMA.instrument, agent)
            self.made.add(node, PROV.wasAssociatedWith, agent, mark=model.mark)

    def quality(self, entry: Entry) -> None:
        value = entry.value("completeness")
        if value is None:
            return
        node = self.made.node(self.space.part(self.subject, "completeness"), value.mark, DQV.QualityMeasurement)
        self.made.add(self.subject, DQV.hasQualityMeasurement, node)
        self.made.add(node, DQV.isMeasurementOf, KBV["metric-completeness"])
        self.made.add(node, DQV.computedOn, self.subject)
        self.made.add(node, DQV.value, decimal_of(value.text)[0], mark=value.mark)

    def file(self) -> None:
        file = self.article.file
        node = self.made.node(self.space.part(self.subject, "file"), None, SCHEMA.MediaObject, PROV.Entity)
        self.made.add(self.subject, SCHEMA.encoding, node)
        self.made.add(node, SCHEMA.name, Literal(file.path))
        self.made.add(node, SCHEMA.encodingFormat, Literal("text/markdown"))
        self.made.add(node, SCHEMA.contentSize, Literal(f"{file.size} B"))
        self.made.add(node, SCHEMA.sha256, Literal(file.sha256))

    # ---- facts, gaps, disputes

    def facts(self, entry: Entry) -> Iterator[tuple[int, NamedNode, Entry]]:
        """Position, node and entry of each fact; a repeated id gives a node of its own."""
        repeats: dict[str, int] = {}
        for position, fact in enumerate(entry.entries("atomic_facts"), start=1):
            identifier = fact.text("id")
            if not identifier:
                yield position, self.space.part(self.subject, f"fact-{position}"), fact
                continue
            repeats[identifier] = repeats.get(identifier, 0) + 1
            yield position, self.space.fact(self.subject, identifier, repeats[identifier]), fact

    def fact(self, position: int, node: NamedNode, entry: Entry) -> tuple[NamedNode, str, NamedNode | None]:
        """State a fact: its node, its statement and its source."""
        self.made.add(self.subject, SCHEMA.hasPart, node)
        self.made.entity(node, entry, FACT, KB.Fact, SCHEMA.Claim)
        self.made.add(node, SCHEMA.position, terms.integer(position))
        self.made.add(node, SCHEMA.appearance, self.subject)
        own = self.space.part(self.subject, f"fact-{position}-reference")
        return node, entry.text("statement").strip(), self.bibliography.cite(node, entry, own)

    def gaps(self, entry: Entry) -> None:
        for position, gap in enumerate(values_of(entry, "known_gaps"), start=1):
            node = self.made.node(
                self.space.part(self.subject, f"gap-{position}"), gap.mark, KB.KnownGap, SCHEMA.Comment
            )
            self.made.add(self.subject, SCHEMA.comment, node)
            self.made.add(node, SCHEMA.position, terms.integer(position))
            self.made.add(node, SCHEMA.text, self.made.text(gap.text), mark=gap.mark)

    def disputes(self, entry: Entry) -> None:
        for position, item in enumerate(entry.items("disputed_statements"), start=1):
            node = self.space.part(self.subject, f"dispute-{position}")
            self.made.add(self.subject, SCHEMA.mentions, node)
            if isinstance(item, Value):
                self.made.node(node, item.mark, KB.DisputedStatement, SCHEMA.Claim)
                self.made.add(node, SCHEMA.text, self.made.text(item.text), mark=item.mark)
            else:
                self.made.entity(node, item, DISPUTE, KB.DisputedStatement, SCHEMA.Claim)
                self.bibliography.cite(node, item, self.space.part(node, "reference"))
            self.made.add(node, SCHEMA.position, terms.integer(position))

    # ---- other articles, entities, people

    def related(self, entry: Entry) -> None:
        for name in ("related_articles", "translations"):
            predicate = SCHEMA.relatedLink if name == "related_articles" else SCHEMA.workTranslation
            for value in values_of(entry, name):
                self.lead(predicate, Link(value.text, value.mark), SCHEMA.relatedLink)
        for value in values_of(entry, "related_entities"):
            entity = terms.http_iri(value.text)
            if entity is None:
                name = value.text.removeprefix("entity:").strip() or value.text
                entity = self.space.entity(name)
                self.made.mentions.entities.append((entity.value, name))
            self.made.add(self.subject, SCHEMA.mentions, entity, mark=value.mark)

    def lead(self, to_article: NamedNode, link: Link, to_web: NamedNode) -> NamedNode | None:
        """State where a link leads; a broken one is reported. The web address, if it leads there."""
        target = target_of(link.target, self.article.key, self.keys)
        if target.article is not None and target.article != self.article.key:
            self.made.add(self.subject, to_article, self.space.article(target.article), mark=link.mark)
        elif target.url is not None:
            url = terms.http_iri(target.url)
            if url is not None:
                self.made.add(self.subject, to_web, url, mark=link.mark)
            return url
        elif target.broken and not self.leads_elsewhere(link.target):
            self.made.say("KB107", link.mark, f"'{link.target}' leads to no article.", self.subject)
        return None

    def contributors(self, entry: Entry) -> None:
        for position, item in enumerate(entry.items("contributors"), start=1):
            name = item if isinstance(item, Value) else item.value("name")
            node = self.attribution(f"contributor-{position}", position, item)
            if isinstance(item, Entry) and (role := item.value("role")) is not None:
                concept, exact = self.made.concept("role", role.text)
                self.made.add(node, DCAT.hadRole, concept, mark=role.mark)
                if not exact:
                    self.made.keep(node, item, "role")
            if name is None or is_placeholder(name.text):
                continue
            agent = self.made.person(name.text, self.subject)
            self.made.add(node, PROV.agent, agent)
            self.made.add(self.subject, SCHEMA.contributor, agent, mark=name.mark)

    def verifiers(self, entry: Entry) -> None:
        models = set(texts_of(entry, "ai_models"))
        for position, item in enumerate(entry.items("verified_by"), start=1):
            name = item if isinstance(item, Value) else item.value("name")
            node = self.attribution(f"verifier-{position}", position, item)
            if isinstance(item, Entry):
                self.made.keep(node, item, "type")
            if name is None or is_placeholder(name.text):
                continue
            written = item.value("type") if isinstance(item, Entry) else None
            kind = written.text.strip().lower() if written is not None else ""
            if written is not None and kind not in {"person", "human", *_SOFTWARE, *_ORGANISATION}:
                self.made.say("KB110", written.mark, f"The type of verifier '{written.text}' is not known.", node)
                continue
            if kind in _SOFTWARE or (not kind and name.text in models):
                agent = self.made.agent("software", self.space.model(name.text), name.text)
                self.made.add(self.subject, PROV.wasAttributedTo, agent, mark=name.mark)
            else:
                organised = kind in _ORGANISATION
                agent = self.made.organisation(name.text) if organised else self.made.person(name.text, self.subject)
                self.made.add(self.subject, SCHEMA.reviewedBy, agent, mark=name.mark)
            self.made.add(node, PROV.agent, agent)
            self.made.add(node, DCAT.hadRole, KBV["role-reviewer"])

    def attribution(self, name: str, position: int, item: Value | Entry) -> NamedNode:
        """An entry of `contributors` or `verified_by`: who, in which place, as written."""
        node = self.space.part(self.subject, name)
        self.made.add(self.subject, PROV.qualifiedAttribution, node)
        if isinstance(item, Value):
            self.made.node(node, item.mark, PROV.Attribution, SCHEMA.ListItem)
            self.made.add(node, SCHEMA.name, Literal(item.text), mark=item.mark)
        else:
            table = CONTRIBUTOR if name.startswith("contributor") else VERIFIER
            self.made.entity(node, item, table, PROV.Attribution, SCHEMA.ListItem)
        self.made.add(node, SCHEMA.position, terms.integer(position))
        return node

    def ai_citations(self, entry: Entry) -> None:
        for counter in entry.entries("ai_citations"):
            node = self.space.part(self.subject, "ai-citations")
            self.made.add(self.subject, SCHEMA.interactionStatistic, node)
            self.made.entity(node, counter, AI_CITATIONS, SCHEMA.InteractionCounter)

    # ---- the body

    def section(self, section: Section, facts: list[tuple[NamedNode, str, NamedNode | None]]) -> None:
        """A slice of the body, and which facts it states and which works it links."""
        node = self.space.part(self.subject, f"section-{section.position}")
        self.made.node(node, section.mark, KB.Section, SCHEMA.WebPageElement, DOCO.Section)
        self.made.add(self.subject, SCHEMA.hasPart, node)
        self.made.add(node, SCHEMA.position, terms.integer(section.position))
        self.made.add(node, SCHEMA.text, self.made.text(section.text))
        role = self.role(section)
        if role is not None:
            self.made.add(node, KB.sectionRole, role)
        if section.level:
            self.made.add(node, KB.headingLevel, terms.integer(section.level))
        if section.title:
            self.made.add(node, SCHEMA.name, self.made.text(section.title))
        stated = [(fact, source) for fact, statement, source in facts if statement and statement in section.text]
        said = {source for _, source in stated}
        self.made.add(node, SCHEMA.mentions, *(fact for fact, _ in stated))
        for link in section.links:
            self.lead(SCHEMA.relatedLink, link, SCHEMA.significantLink)
            work = self.bibliography.works.get(link.target)
            if work is not None and work not in said:
                self.made.add(node, SCHEMA.mentions, work)
        if role == KBV["section-tldr"]:
            abstract = section.content.strip()
            if abstract:
                self.made.add(self.subject, SCHEMA.abstract, self.made.text(abstract))

    def role(self, section: Section) -> NamedNode | None:
        """The standard section that a heading names."""
        if not section.level:
            return KBV["section-preamble"]
        return self.made.words["section"].by_label.get(section.title.casefold().rstrip(":："))
