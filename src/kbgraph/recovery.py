"""An article recovered from its graph: its front matter as data, and its body.

The table of `fields` says where a field's value lies, as it does for `convert`; what the table
cannot say, because the value lies on other nodes, is in `Recovery._elsewhere`. Nothing here knows YAML.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, Quad

from kbgraph.fields import AI_CITATIONS, ARTICLE, CONTRIBUTOR, DISPUTE, FACT, SOURCE, VERIFIER
from kbgraph.front_data import NULLS, Data, aligned, data_of, with_nulls
from kbgraph.kinds import Field, Kind, Table
from kbgraph.terms import DCAT, DCTERMS, DQV, KB, PROV, RDF, SCHEMA, SKOS, XSD, curie_of, expanded

__all__ = ["Part", "Recovery", "names_of"]

Term = NamedNode | Literal


class Part(NamedTuple):
    """A slice of a body: the text of its heading ("" before the first), and the slice itself."""

    title: str
    text: str


class _Lost(Exception):
    """A piece is not in the graph; never leaves this module."""


def names_of(quads: Iterable[Quad]) -> dict[str, str]:
    """What each concept is written as, and what each agent is called, by IRI."""
    names: dict[str, str] = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            if quad.predicate == SKOS.notation:
                names[quad.subject.value] = quad.object.value
            elif quad.predicate == SCHEMA.name:
                names.setdefault(quad.subject.value, quad.object.value)
    return names


class Recovery:
    """One article.

    `losses` says which pieces the graph does not have.

    Args:
        article: its IRI.
        quads: those of its graph.
        names: what concepts and agents are called, see `names_of`.
        aliases: the project's own names of fields.
    """

    def __init__(
        self, article: str, quads: Iterable[Quad], names: Mapping[str, str], aliases: Mapping[str, str]
    ) -> None:
        self.article, self.names, self.aliases = NamedNode(article), names, aliases
        self.losses: list[str] = []
        self._about: dict[Term, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for quad in quads:
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                self._about[quad.subject][quad.predicate].append(quad.object)
        #: How a field is recovered whose value lies on other nodes: by its name where it has a
        #: table of its own, or else by its property.
        self._elsewhere: dict[str, Callable[[Term], Data]] = {
            "schema:about": lambda node: self._one(node, SCHEMA.articleSection),
            "prov:wasGeneratedBy": self._generation_method,
            "schema:instrument": self._ai_models,
            "dqv:hasQualityMeasurement": self._completeness,
            "schema:comment": self._known_gaps,
            "kb:authorship": self._authors,
            "dcat:hadRole": self._role,
            "rdf:type": self._schema_type,
            "atomic_facts": self._atomic_facts,
            "disputed_statements": self._disputed_statements,
            "primary_sources": lambda node: self._references(node, KB.primaryReference),
            "secondary_sources": lambda node: self._references(node, KB.secondaryReference),
            "contributors": lambda node: self._attributions(node, "contributor", CONTRIBUTOR),
            "verified_by": lambda node: self._attributions(node, "verifier", VERIFIER),
            "ai_citations": lambda node: self._entry(self._term(node, SCHEMA.interactionStatistic), AI_CITATIONS),
        }

    def body(self) -> str:
        """The sections in their order."""
        return "".join(section.text for section in self.sections())

    def sections(self) -> list[Part]:
        """The slices of the body, in their order."""
        parts = []
        for section in self._of_class(self.article, SCHEMA.hasPart, KB.Section):
            title = self._about[section][SCHEMA.name]
            try:
                parts.append(Part(title[0].value if title else "", self._one(section, SCHEMA.text)))
            except _Lost as lost:
                self.losses.append(f"the section {_local(section)}: {lost}")
        return parts

    def front(self) -> dict[str, Data]:
        """The front matter, its keys in the order in which they were written."""
        return self._entry(self.article, ARTICLE)

    # ---- entries

    def _entry(self, node: Term, table: Table) -> dict[str, Data]:
        extras = self._extras(node)
        empty = {value.value for value in self._about[node][KB.declaredEmpty]}
        made: dict[str, Data] = {}
        for key in self._keys(node):
            field = table.find(key, self.aliases)
            try:
                if extras.get(key):
                    made[key] = self._as_said(node, field, extras[key])
                elif key in empty:
                    made[key] = []
                else:
                    made[key] = self._field(node, field)
            except _Lost as lost:
                self.losses.append(f"'{key}'{_in(node, self.article)}: {lost}")
        return made

    def _keys(self, node: Term) -> list[str]:
        found = self._about[node][KB["keys"]]
        return [unquote(key) for key in found[0].value.split(" ")] if found else []

    def _extras(self, node: Term) -> dict[str, list[Data]]:
        """What no field holds, by key; of one key in the order in which it was kept."""
        found: dict[str, list[Data]] = defaultdict(list)
        for extra in sorted(self._about[node][KB.extra], key=_number):
            try:
                found[self._one(extra, SCHEMA.name)].append(self._extra(extra))
            except _Lost as lost:
                self.losses.append(f"the value {_local(extra)}: {lost}")
        return found

    def _extra(self, extra: Term) -> Data:
        if self._about[extra][SCHEMA.value]:
            return self._one(extra, SCHEMA.value)
        text = self._one(extra, KB.jsonValue)
        order = self._about[extra][KB["keys"]]
        try:
            return data_of(text, order[0].value if order else None)
        except ValueError:
            raise _Lost(f"{curie_of(KB.jsonValue.value)} cannot be read") from None

    def _as_said(self, node: Term, field: Field | None, kept: list[Data]) -> Data:
        """What was kept of a key, each `~` marked as nothing that the graph does not state as a text."""
        first = kept[0]
        if field is None:
            return with_nulls(first, [])
        if (isinstance(first, str) and first not in NULLS) or isinstance(first, dict):
            return first
        # What is no member of a list has the whole of it kept; its members are kept once more
        # where their order says something.
        again = kept[1] if len(kept) > 1 else None
        if field.loose and again is None:
            return first
        stated = again if isinstance(again, list) else self._stated(node, field)
        if isinstance(first, list) and (field.ordered or field.members is not None or again is not None):
            return aligned(first, stated)
        return with_nulls(first, stated)

    def _stated(self, node: Term, field: Field) -> list[Data]:
        """The members of a field that is stated, or its one value."""
        losses = len(self.losses)
        try:
            stated = self._field(node, field)
        except _Lost:
            return []
        finally:
            del self.losses[losses:]
        return stated if isinstance(stated, list) else [stated]

    def _field(self, node: Term, field: Field | None) -> Data:
        if field is None:
            raise _Lost("nothing holds its value")
        elsewhere = self._elsewhere.get(field.property if field.members is None else field.name)
        if elsewhere is not None:
            return elsewhere(node)
        if field.name.startswith("source_") and not field.direct:
            return self._of_source(node, field)
        predicate = expanded(field.property)
        if field.kind is Kind.TEXTS:
            return [*sorted(self._words(value) for value in self._about[node][predicate])]
        return self._words(self._term(node, predicate))

    def _words(self, value: Term) -> str:
        """What was written for a term: the notation of a concept, the text of a literal, the IRI."""
        if isinstance(value, NamedNode):
            return self.names.get(value.value, value.value)
        return str(int(value.value)) if value.datatype == XSD.gYear and _is_number(value.value) else value.value

    # ---- the fields whose values lie elsewhere

    def _schema_type(self, article: Term) -> Data:
        kinds = {kind.value for kind in self._about[article][RDF.type]} - {KB.Article.value, SCHEMA.WebPage.value}
        if len(kinds) != 1:
            raise _Lost(f"{len(kinds)} classes of article")
        return kinds.pop().removeprefix(SCHEMA.iri)

    def _generation_method(self, article: Term) -> Data:
        return self._words(self._term(self._term(article, PROV.wasGeneratedBy), DCTERMS.type))

    def _ai_models(self, article: Term) -> Data:
        activity = self._term(article, PROV.wasGeneratedBy)
        models = self._about[activity][SCHEMA.instrument]
        if unnamed := [model for model in models if model.value not in self.names]:
            raise _Lost(f"nothing names {unnamed[0].value}")
        return [*sorted(self.names[model.value] for model in models)]

    def _completeness(self, article: Term) -> Data:
        return self._one(self._term(article, DQV.hasQualityMeasurement), DQV.value)

    def _known_gaps(self, article: Term) -> Data:
        return [self._one(gap, SCHEMA.text) for gap in self._of_class(article, SCHEMA.comment, KB.KnownGap)]

    def _atomic_facts(self, article: Term) -> Data:
        return [self._entry(fact, FACT) for fact in self._of_class(article, SCHEMA.hasPart, KB.Fact)]

    def _disputed_statements(self, article: Term) -> Data:
        disputes = self._of_class(article, SCHEMA.mentions, KB.DisputedStatement)
        return [self._text_or_entry(each, SCHEMA.text, DISPUTE) for each in disputes]

    def _references(self, article: Term, predicate: NamedNode) -> Data:
        return [self._entry(each, SOURCE) for each in self._of_class(article, predicate, KB.SourceReference)]

    def _authors(self, reference: Term) -> Data:
        return [self._one(each, SCHEMA.name) for each in self._of_class(reference, KB.authorship, KB.Authorship)]

    def _attributions(self, article: Term, word: str, table: Table) -> Data:
        nodes = [each for each in self._about[article][PROV.qualifiedAttribution] if f"#_{word}-" in each.value]
        return [self._text_or_entry(each, SCHEMA.name, table) for each in sorted(nodes, key=self._position)]

    def _role(self, attribution: Term) -> Data:
        return self._words(self._term(attribution, DCAT.hadRole))

    def _of_source(self, fact: Term, field: Field) -> Data:
        """What a fact says of its source: on its own reference, or else on the one it shares."""
        references = self._about[fact][KB.reference]
        own = [each for each in references if each.value.endswith("-reference")]
        listed = [each for each in references if not each.value.endswith("-reference")]
        if not references or (field.name == "source_ref" and not listed):
            raise _Lost("no reference holds it")
        if field.name == "source_ref":
            return self._one(listed[0], SCHEMA.identifier)
        name = field.name.removeprefix("source_")
        kept = self._extras(own[0])[name] if own else []
        return kept[0] if kept else self._field((own or listed)[0], SOURCE[name])

    # ---- single values

    def _text_or_entry(self, node: Term, predicate: NamedNode, table: Table) -> Data:
        if self._about[node][KB["keys"]] or not self._about[node][predicate]:
            return self._entry(node, table)
        return self._one(node, predicate)

    def _of_class(self, owner: Term, predicate: NamedNode, kind: NamedNode) -> list[Term]:
        """The entities of a class that a property leads to, by their position."""
        nodes = [each for each in self._about[owner][predicate] if kind in self._about[each][RDF.type]]
        return sorted(nodes, key=self._position)

    def _position(self, node: Term) -> tuple[int, str]:
        found = self._about[node][SCHEMA.position]
        return int(found[0].value) if found and _is_number(found[0].value) else 0, node.value

    def _term(self, node: Term, predicate: NamedNode) -> Term:
        values = self._about[node][predicate]
        if len(values) != 1:
            raise _Lost(f"{_local(node)} has {len(values) or 'no'} {curie_of(predicate.value)}")
        return values[0]

    def _one(self, node: Term, predicate: NamedNode) -> str:
        return self._term(node, predicate).value


def _is_number(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdecimal() and len(text) < 20


def _number(extra: Term) -> tuple[int, str]:
    """The number at the end of an IRI such as `#_extra-2`."""
    last = extra.value.rsplit("-", 1)[-1]
    return int(last) if _is_number(last) else 0, extra.value


def _local(node: Term) -> str:
    return node.value.partition("#")[2] or "the article"


def _in(node: Term, article: NamedNode) -> str:
    return "" if node == article else f" of {_local(node)}"
