"""A comparison as JSON, for programs."""

from __future__ import annotations

import json
from typing import Any

from kbgraph.diff.comparison import ArticleChange, Comparison
from kbgraph.diff.excerpts import text_difference
from kbgraph.diff.terminal import Placer, counts_of
from kbgraph.errors import Mark

__all__ = ["to_json"]


def to_json(comparison: Comparison, place: Placer) -> bytes:
    """The whole comparison as JSON: counts, articles, works."""
    data = {
        "same": comparison.is_same,
        "base": {"old": comparison.bases[0], "new": comparison.bases[1]},
        "counts": {**counts_of(comparison), "quads": {"added": comparison.added, "removed": comparison.removed}},
        "articles": [_article_json(each, place) for each in comparison.articles],
        "sources": [
            {
                "change": each.kind,
                "iri": each.iri,
                "name": each.name,
                "properties": [{"property": name, "old": old, "new": new} for name, old, new in each.properties],
            }
            for each in comparison.sources
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n"


def _article_json(article: ArticleChange, place: Placer) -> dict[str, Any]:
    made: dict[str, Any] = {"change": article.kind, "path": article.path, "iri": article.iri}
    if article.kind == "moved":
        made["old_path"] = article.old_path
    if article.entries is not None:
        made["entries"] = article.entries
    made["changes"] = [
        {
            "change": each.kind,
            "of": each.of,
            "name": each.name,
            "field": each.field,
            "old": each.old,
            "new": each.new,
            **_place_json(place(article, each)),
        }
        for each in article.changes
    ]
    made["sections"] = [
        {
            "change": each.kind,
            "title": each.title,
            **({"old_title": each.old_title} if each.kind == "renamed" else {}),
            "difference": text_difference(each.old, each.new),
            **_place_json(place(article, each)),
        }
        for each in article.sections
    ]
    if article.derived:
        made["derived"] = [
            {"change": "added" if sign == "+" else "removed", "property": name, "value": value}
            for sign, name, value in article.derived
        ]
    return made


def _place_json(mark: Mark | None) -> dict[str, Any]:
    return {} if mark is None else {"line": mark.line, "column": mark.column}
