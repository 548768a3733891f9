"""Questions in SPARQL: what may be asked, how it is asked so that it can be stopped, and how answers are shown.

`tokens`, `guard`, `grammar` and `bindings` look at the text, `worker` asks a store in a process of its
own, `asking` starts and stops that process, `remote` asks an endpoint, `render` and its neighbours
write answers, `named` knows the questions that have names, `rows` are answers in Python.
"""

from __future__ import annotations

__all__: list[str] = []
