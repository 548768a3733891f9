"""An article written back from its graph: the front matter as data, and the body.

This is the measure of "nothing is lost". It knows the table of fields and the model, and nothing of
the reader or the converter.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, Quad

from kbgraph.fields import AI_CITATIONS, ARTICLE, CONTRIBUTOR, DISPUTE, FACT, SOURCE, VERIFIER, Field, Kind, Table
from kbgraph.terms import DCAT, DCTERMS, DQV, KB, PROV, RDF, SCHEMA, SKOS, expanded
from kbgraph.vocabulary import vocabulary

Data = str | list["Data"] | dict[str, "Data"]
Term = NamedNode | Literal

_NUMBERED = {"contributors": ("contributor", CONTRIBUTOR), "verified_by": ("verifier", VERIFIER)}


class WrittenBack:
    """A dataset, by subject and predicate, from which articles are written back.

    Args:
        quads: the dataset.
        aliases: the project's own names of fields.
    """

    def __init__(self, quads: Iterable[Quad], aliases: dict[str, str] | None = None) -> None:
        self.aliases = aliases or {}
        self.about: dict[Term, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for quad in (*vocabulary().quads, *quads):
            self.about[quad.subject][quad.predicate].append(quad.object)

    def body(self, article: NamedNode) -> str:
        """The sections in their order."""
        sections = [part for part in self.about[article][SCHEMA.hasPart] if KB.Section in self.about[part][RDF.type]]
        return "".join(self._text(section, SCHEMA.text) or "" for section in sorted(sections, key=self._position))

    def front(self, article: NamedNode) -> Data:
        """The front matter."""
        return self._entry(article, ARTICLE)

    # ---- entries

    def _entry(self, node: Term, table: Table) -> Data:
        extras = self._extras(node)
        empty = {value.value for value in self.about[node][KB.declaredEmpty]}
        made: dict[str, Data] = {}
        for key in map(unquote, self._keys(node)):
            if extras.get(key):
                made[key] = extras[key].pop(0)
            elif key in empty:
                made[key] = []
            else:
                field = table.find(key, self.aliases)
                assert field is not None, f"no field holds {key!r} and no extra does"
                made[key] = self._field(node, field)
        return made

    def _keys(self, node: Term) -> list[str]:
        found = self._text(node, KB["keys"])
        return found.split(" ") if found is not None else []

    def _extras(self, node: Term) -> dict[str, list[Data]]:
        """What no field holds, by key; of one key in the order in which it was kept."""
        found: dict[str, list[Data]] = defaultdict(list)
        for extra in sorted(self.about[node][KB.extra], key=lambda each: int(each.value.rsplit("-", 1)[1])):
            name, text = self._text(extra, SCHEMA.name), self._text(extra, SCHEMA.value)
            assert name is not None
            if text is not None:
                found[name].append(text)
                continue
            value = self._text(extra, KB.jsonValue)
            assert value is not None
            order = self._text(extra, KB["keys"])
            data: Data = json.loads(value)
            found[name].append(_ordered(data, order.split(" "), "") if order is not None else data)
        return found

    def _field(self, node: Term, field: Field) -> Data:
        special = getattr(self, f"_{field.name}", None)
        if special is not None:
            return special(node)  # type: ignore[no-any-return]
        if field.name.startswith("source_") and field.name != "source_page":
            return self._of_source(node, field)
        if field.kind is Kind.TEXTS:
            return sorted(self._words(value) for value in self.about[node][expanded(field.property)])
        (value,) = self.about[node][expanded(field.property)]
        return self._words(value)

    def _words(self, value: Term) -> str:
        """What was written for a term: the notation of a concept, the text of a literal, the IRI."""
        if isinstance(value, NamedNode) and self.about[value][SKOS.notation]:
            return self.about[value][SKOS.notation][0].value
        return value.value

    # ---- the fields whose values lie elsewhere

    def _schema_type(self, article: Term) -> Data:
        (kind,) = {kind.value for kind in self.about[article][RDF.type]} - {KB.Article.value, SCHEMA.WebPage.value}
        return kind.removeprefix(SCHEMA.iri)

    def _category(self, article: Term) -> Data:
        return self._one(article, SCHEMA.articleSection)

    def _generation_method(self, article: Term) -> Data:
        (activity,) = self.about[article][PROV.wasGeneratedBy]
        (concept,) = self.about[activity][DCTERMS.type]
        return self._words(concept)

    def _ai_models(self, article: Term) -> Data:
        (activity,) = self.about[article][PROV.wasGeneratedBy]
        return sorted(self._one(model, SCHEMA.name) for model in self.about[activity][SCHEMA.instrument])

    def _completeness(self, article: Term) -> Data:
        (measurement,) = self.about[article][DQV.hasQualityMeasurement]
        return self._one(measurement, DQV.value)

    def _known_gaps(self, article: Term) -> Data:
        return [self._one(gap, SCHEMA.text) for gap in self._numbered(article, SCHEMA.comment, KB.KnownGap)]

    def _atomic_facts(self, article: Term) -> Data:
        return [self._entry(fact, FACT) for fact in self._numbered(article, SCHEMA.hasPart, KB.Fact)]

    def _disputed_statements(self, article: Term) -> Data:
        disputes = self._numbered(article, SCHEMA.mentions, KB.DisputedStatement)
        return [self._text_or_entry(each, SCHEMA.text, DISPUTE) for each in disputes]

    def _primary_sources(self, article: Term) -> Data:
        return [self._entry(each, SOURCE) for each in self._numbered(article, KB.primaryReference, KB.SourceReference)]

    def _secondary_sources(self, article: Term) -> Data:
        return [
            self._entry(each, SOURCE) for each in self._numbered(article, KB.secondaryReference, KB.SourceReference)
        ]

    def _authors(self, reference: Term) -> Data:
        return [self._one(each, SCHEMA.name) for each in self._numbered(reference, KB.authorship, KB.Authorship)]

    def _contributors(self, article: Term) -> Data:
        return self._attributions(article, "contributors")

    def _verified_by(self, article: Term) -> Data:
        return self._attributions(article, "verified_by")

    def _attributions(self, article: Term, field: str) -> Data:
        word, table = _NUMBERED[field]
        nodes = [each for each in self.about[article][PROV.qualifiedAttribution] if f"#_{word}-" in each.value]
        return [self._text_or_entry(each, SCHEMA.name, table) for each in sorted(nodes, key=self._position)]

    def _role(self, attribution: Term) -> Data:
        (role,) = self.about[attribution][DCAT.hadRole]
        return self._words(role)

    def _ai_citations(self, article: Term) -> Data:
        (counter,) = self.about[article][SCHEMA.interactionStatistic]
        return self._entry(counter, AI_CITATIONS)

    def _of_source(self, fact: Term, field: Field) -> Data:
        """What a fact says of its source: on its own reference, or else on the one it shares."""
        references = self.about[fact][KB.reference]
        own = [each for each in references if each.value.endswith("-reference")]
        listed = [each for each in references if not each.value.endswith("-reference")]
        if field.name == "source_ref":
            return self._one(listed[0], SCHEMA.identifier)
        name = field.name.removeprefix("source_")
        kept = self._extras((own or listed)[0])[name] if own else []
        return kept[0] if kept else self._field((own or listed)[0], SOURCE[name])

    # ---- single values

    def _text_or_entry(self, node: Term, predicate: NamedNode, table: Table) -> Data:
        if self.about[node][KB["keys"]] or not self.about[node][predicate]:
            return self._entry(node, table)
        return self._one(node, predicate)

    def _numbered(self, owner: Term, predicate: NamedNode, kind: NamedNode) -> list[Term]:
        nodes = [each for each in self.about[owner][predicate] if kind in self.about[each][RDF.type]]
        return sorted(nodes, key=self._position)

    def _position(self, node: Term) -> int:
        return int(self._one(node, SCHEMA.position))

    def _one(self, node: Term, predicate: NamedNode) -> str:
        (value,) = self.about[node][predicate]
        return value.value

    def _text(self, node: Term, predicate: NamedNode) -> str | None:
        return self._one(node, predicate) if self.about[node][predicate] else None


def _ordered(data: Data, pointers: list[str], here: str) -> Data:
    """JSON data with the keys of its objects in the order of some pointers."""
    if isinstance(data, list):
        return [_ordered(item, pointers, f"{here}{place}/") for place, item in enumerate(data)]
    if isinstance(data, dict):
        below = (pointer.removeprefix(here) for pointer in pointers if pointer.startswith(here))
        names = [name for name in below if "/" not in name]
        return {unquote(name): _ordered(data[unquote(name)], pointers, f"{here}{name}/") for name in names}
    return data
