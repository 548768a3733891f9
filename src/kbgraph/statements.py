"""What the conversion of one article collects: quads, the places they come from, mentions, problems.

What is common to every mapping of the front matter is stated here, by the table of fields; what
is particular to a kind of entity is in `convert`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad

from kbgraph import terms
from kbgraph.errors import Mark, Problem
from kbgraph.identity import name_key, organisation_key, person_key, without_others
from kbgraph.jcs import json_text
from kbgraph.kinds import Field, Kind, Table
from kbgraph.literals import LITERALS, Term
from kbgraph.model import Entry, Extra, Value
from kbgraph.rules import problem
from kbgraph.shared import AgentMention, ConceptMention, Mentions
from kbgraph.terms import KB, RDF, SCHEMA, Space
from kbgraph.vocabulary import Vocabulary

__all__ = ["Places", "Statements", "texts_of", "values_of"]

#: Where statements were written: subject IRI → property IRI → mark; "" is the entity itself.
Places = dict[str, dict[str, Mark]]


@dataclass(slots=True)
class Statements:
    """The statements of one article, in the making."""

    path: str
    graph: NamedNode
    space: Space
    words: Vocabulary
    language: str | None
    quads: list[Quad] = field(default_factory=list)
    places: Places = field(default_factory=dict)
    mentions: Mentions = field(default_factory=Mentions)
    problems: list[Problem] = field(default_factory=list)
    _extras: dict[NamedNode, int] = field(default_factory=dict)

    def add(self, subject: NamedNode, predicate: NamedNode, *values: Term, mark: Mark | None = None) -> None:
        """State the values of a property; `mark` is where they were written."""
        for value in values:
            self.quads.append(Quad(subject, predicate, value, self.graph))
        if mark is not None:
            self.locate(subject, predicate, mark)

    def locate(self, subject: NamedNode, predicate: NamedNode, mark: Mark) -> None:
        """Say where a property was written, whether it got a value or not; the first place counts."""
        self.places.setdefault(subject.value, {}).setdefault(predicate.value, mark)

    def node(self, subject: NamedNode, mark: Mark | None, *types: NamedNode) -> NamedNode:
        """An entity with its classes."""
        self.add(subject, RDF.type, *types)
        if mark is not None:
            self.places.setdefault(subject.value, {}).setdefault("", mark)
        return subject

    def say(self, code: str, mark: Mark, message: str, subject: NamedNode) -> None:
        """Report a problem of reading that shows only here."""
        self.problems.append(problem(code, self.path, mark, message, subject=subject.value))

    def text(self, text: str) -> Literal:
        """A text that the article wrote, in its language."""
        return terms.text(text, self.language)

    def entity(self, subject: NamedNode, entry: Entry, table: Table, *types: NamedNode) -> None:
        """State a mapping: its classes, keys and scalars, and what no field holds.

        A field without a `property` in the table's sense (its value lies on another node, or is
        made of more than one statement) is left to `convert`, but its place is kept.
        """
        self.node(subject, entry.mark, *types)
        if entry.keys:
            self.add(subject, KB["keys"], Literal(written_keys(entry.keys)))
        self.add(subject, KB.declaredEmpty, *map(Literal, entry.empty))
        for extra in entry.extras:
            self.extra(subject, extra)
        for spec in table.fields:
            mark = (entry.marks or {}).get(spec.name)
            if mark is None:
                continue
            predicate = terms.expanded(spec.property)
            self.locate(subject, predicate, mark)
            value = entry.value(spec.name)
            if value is not None and spec.direct:
                self.add(subject, predicate, self.term(subject, entry, spec, value))
            elif spec.kind is Kind.TEXTS:
                self.keep_order(subject, entry, spec)

    def term(self, subject: NamedNode, entry: Entry, spec: Field, value: Value) -> Term:
        """The term of a scalar; what it does not say is kept as written."""
        exact = True
        term: Term
        if spec.kind is Kind.TEXT:
            term = self.text(value.text)
        elif spec.kind is Kind.CONCEPT:
            term, exact = self.concept(spec.scheme, value.text)
        else:
            term, exact = LITERALS[spec.kind](value.text)
        if not exact:
            self.keep(subject, entry, spec.name)
        return term

    def concept(self, scheme: str, word: str) -> tuple[NamedNode, bool]:
        """The concept of a word, of the data's own where the vocabulary has none; whether exact."""
        known = self.words[scheme]
        concept = known.find(word)
        if concept is not None:
            return concept, word in known.by_notation
        concept = self.space.concept(scheme, word)
        broader = known.by_hidden_label.get(word.strip().casefold().replace(" ", "_"))
        mention = ConceptMention(concept.value, scheme, word, broader.value if broader else None)
        self.mentions.concepts.append(mention)
        return concept, True

    def agent(self, kind: str, agent: NamedNode, name: str) -> NamedNode:
        """An organisation, person or piece of software that the article names."""
        self.mentions.agents.append(AgentMention(agent.value, kind, name))
        return agent

    def organisation(self, name: str) -> NamedNode:
        """The organisation of a name."""
        return self.agent("organisation", self.space.organisation(organisation_key(name)), name)

    def person(self, name: str, owner: NamedNode) -> NamedNode:
        """A full name is one person everywhere; initials mean somebody of their owner alone."""
        key = person_key(name)
        if key is not None:
            return self.agent("person", self.space.person(key), name)
        named = without_others(name)
        local = quote(name_key(named).replace(" ", "_"), safe="").replace(".", "%2E")
        return self.agent("person", self.space.part(owner, f"person-{local}"), named)

    def extra(self, subject: NamedNode, extra: Extra) -> None:
        """Keep a value that no statement of the model carries."""
        number = self._extras[subject] = self._extras.get(subject, 0) + 1
        node = self.node(self.space.part(subject, f"extra-{number}"), extra.mark, SCHEMA.PropertyValue)
        self.add(subject, KB.extra, node)
        self.add(node, SCHEMA.name, Literal(extra.name))
        if extra.text is not None:
            self.add(node, SCHEMA.value, Literal(extra.text))
        if extra.json is not None:
            self.add(node, KB.jsonValue, Literal(extra.json, datatype=RDF.JSON))
        if extra.order is not None:
            self.add(node, KB["keys"], Literal(extra.order))

    def keep(self, subject: NamedNode, entry: Entry, name: str) -> None:
        """Keep a scalar field as written, beside what was made of it."""
        value = entry.value(name)
        if value is not None:
            self.extra(subject, Extra((entry.written or {}).get(name, name), value.mark, text=value.text))

    def keep_order(self, subject: NamedNode, entry: Entry, spec: Field) -> None:
        """Keep a list of texts as written where its values are a set, and would lose their order."""
        texts = texts_of(entry, spec.name)
        if spec.ordered or (not spec.loose and texts == sorted(set(texts))):
            return
        mark = (entry.marks or {})[spec.name]
        self.extra(subject, Extra((entry.written or {}).get(spec.name, spec.name), mark, json=json_text(texts)))


def values_of(entry: Entry, name: str) -> list[Value]:
    """The texts of a list field with their places, in order."""
    return [item for item in entry.items(name) if isinstance(item, Value)]


def texts_of(entry: Entry, name: str) -> list[str]:
    """The texts of a list field, in order."""
    return [item.text for item in values_of(entry, name)]


def written_keys(keys: Iterable[str]) -> str:
    """Keys in one text, separated by spaces; a space, `%` or `/` in a key is percent-encoded."""
    return " ".join(quote(key, safe=_KEY_SAFE) if not key.isidentifier() else key for key in keys)


_KEY_SAFE = "!\"#$&'()*+,:;<=>?@[\\]^`{|}~"
