"""Front matters that hypothesis makes up: what the table of fields allows, and a little more."""

from __future__ import annotations

import yaml
from hypothesis import strategies as st

from kbgraph.fields import ARTICLE
from kbgraph.kinds import Kind, Table

#: Texts that YAML can hold and does not change.
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff\u2028\u2029"), max_size=12
)
#: Texts that mean something to some field.
_LIKELY = st.sampled_from(
    [
        *(
            "high",
            "Book",
            "book",
            "monograph",
            "2022",
            "-350",
            "true",
            "0.5",
            "2026-06-01",
            "2026-06-01 10:30",
            "2024-2026",
        ),
        *("TBD", "et al.", "Ada Example", "A. Example", "W3C", "person", "software", "author", "x", "x.", "_x", "x~2"),
        *(
            "ai/a",
            "ai/b",
            "b.md",
            "entity:x",
            "10.1000/x",
            "10.1000/X.",
            "0262510871",
            "en",
            "pt-BR",
            "zh_CN",
            "techarticle",
        ),
        *(
            "https://example.org/x",
            "https://example.org/",
            "https://arxiv.org/abs/1706.03762v2",
            "https://doi.org/10.1000/x",
        ),
    ]
)
_SCALAR = TEXT | _LIKELY


def _values(kind: Kind, members: Table | None) -> st.SearchStrategy[object]:
    texts: st.SearchStrategy[object] = st.lists(_SCALAR, max_size=3)
    entries: st.SearchStrategy[object] = (
        st.lists(_mappings(members), max_size=3) if members is not None else st.nothing()
    )
    fitting = {
        Kind.TEXTS: texts,
        Kind.ENTRIES: entries,
        Kind.MIXED: texts | entries,
        Kind.DATA: st.dictionaries(TEXT, _SCALAR, max_size=3) | texts,
        Kind.ENTRY: _mappings(members) if members is not None else st.nothing(),
    }
    return fitting.get(kind, _SCALAR) | _SCALAR | texts


def _mappings(table: Table) -> st.SearchStrategy[dict[str, object]]:
    known = {
        name: _values(field.kind, field.members) for field in table.fields for name in (field.name, *field.aliases)
    }
    unknown = st.dictionaries(TEXT, _SCALAR | st.dictionaries(TEXT, _SCALAR, max_size=2), max_size=1)
    return st.builds(lambda some, more: {**more, **some}, st.fixed_dictionaries({}, optional=known), unknown)


class _WithoutAliases(yaml.SafeDumper):
    """Writes each value out."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def front_matters() -> st.SearchStrategy[str]:
    """Front matters as YAML."""
    return _mappings(ARTICLE).map(
        lambda data: yaml.dump(data, Dumper=_WithoutAliases, allow_unicode=True, sort_keys=False, width=10_000)
    )
