"""What each code means, why it matters, and how it is done right: one table for all codes.

Code, severity, title and hint come from `rules` and from the shapes, which are the truth of them;
the rest is in `explanations/*.toml`. The page docs/problems.md, `kbgraph explain` and the rules of
a SARIF report are made from this table.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from kbgraph.errors import Severity
from kbgraph.resources import resource_text
from kbgraph.rules import RULES
from kbgraph.shapes import shipped_shapes
from kbgraph.terms import curie_of

__all__ = ["FORMS", "GROUPS", "Explanation", "explanations", "find_explanation", "nearest", "plain_title"]

#: The groups of codes, by what they begin with.
GROUPS = {
    "KB0": "Reading the file",
    "KB1": "Reading the fields",
    "KB3": "What must hold",
    "KB4": "What should hold",
    "KB5": "What is worth knowing",
    "KB9": "Shapes of the project's own",
}

#: What an example is, and what is said of it.
FORMS = {
    "fields": "In the front matter",
    "article": "The whole file",
    "bytes": "The whole file, in which \\xHH stands for one byte",
    "body": "Below the front matter",
    "settings": "In kbgraph.toml",
    "shell": "In a shell",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that there is to say about a code.

    `shape` is the IRI of the shape that has the code, empty where reading finds the problem; `form`
    is one of `FORMS`; `given` is a file of shapes that the examples need.
    """

    code: str
    severity: Severity
    title: str
    hint: str
    shape: str = ""
    means: str = ""
    why: str = ""
    wrong: str = ""
    right: str = ""
    form: str = "fields"
    given: str = ""

    @property
    def group(self) -> str:
        """The group of codes that it belongs to."""
        return next((title for head, title in GROUPS.items() if self.code.startswith(head)), "Others")

    @property
    def name(self) -> str:
        """The name of the shape, without its namespace; empty where there is none."""
        return re.split(r"[#/]", self.shape)[-1]


@cache
def explanations() -> dict[str, Explanation]:
    """Everything about every code, sorted by code.

    >>> explanations()["KB301"].title
    'The article has no id.'
    """
    said = {code: entry for group in GROUPS for code, entry in tomllib.loads(_text_of(group)).items()}
    made = [Explanation(r.code, r.severity, r.title, r.hint, **said.get(r.code, {})) for r in RULES.values()]
    made += [
        Explanation(r.code, r.severity, plain_title(r.message), r.hint, r.shape, **said.get(r.code, {}))
        for r in shipped_shapes().rules.values()
    ]
    unknown = said.keys() - {each.code for each in made}
    if unknown:
        raise ValueError(f"explained, but no code of ours: {', '.join(sorted(unknown))}")
    return {each.code: each for each in sorted(made, key=lambda each: each.code)}


def _text_of(group: str) -> str:
    return resource_text("explanations", f"{group}.toml")


def plain_title(message: str) -> str:
    """A message without the names of what a query binds.

    >>> plain_title("The institution '{?value}' names nobody.")
    "The institution '…' names nobody."
    """
    return re.sub(r"\{[?$]\w+\}", "…", message)


def find_explanation(name: str) -> Explanation | None:
    """The explanation of a code in any case, or of a shape by its name, CURIE or IRI; None for anything else.

    >>> found = find_explanation("kbs:ArticleId")
    >>> found.code if found else None
    'KB301'
    """
    wanted = name.strip().strip("<>").casefold()
    for each in explanations().values():
        if wanted == each.code.casefold():
            return each
        if each.shape and wanted in {each.shape.casefold(), curie_of(each.shape).casefold(), each.name.casefold()}:
            return each
    return None


#: Letters that are taken for digits.
_LOOKALIKES = str.maketrans("OIL", "011")


def nearest(name: str, others: Iterable[str] = ()) -> str:
    """The code or name of a shape that is most like a text; empty where none is.

    >>> nearest("KB3O1")
    'KB301'
    """
    lookalike = name.upper().translate(_LOOKALIKES)
    if lookalike in explanations():
        return lookalike
    table = explanations().values()
    names = {each.casefold(): each for each in (*others, *(e.name for e in table if e.name), *(e.code for e in table))}
    found = get_close_matches(name.casefold(), names, n=1, cutoff=0.5)
    return names[found[0]] if found else ""
