"""Full-text search: what articles, facts, sections and sources say, found by words.

`words` cuts texts into words, `wanted` reads what somebody looks for, `entries` are what can be found
in a dataset, `making` puts them into an index (SQLite FTS5), `index` keeps it and asks it, `excerpts`
shows where the words stand. What search engines of the web are given is in `export.search`.
"""

from __future__ import annotations

__all__: list[str] = []
