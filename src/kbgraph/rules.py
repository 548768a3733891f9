"""The rules that reading an article can break: one code each, with what it means.

What must hold in the graph is not here but in `shapes/`, where each shape carries its own code.
Codes are stable: KB0 the file, KB1 its fields; KB3, KB4 and KB5 are the shapes' violations,
warnings and notes.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kbgraph.errors import Mark, Place, Problem, Severity

__all__ = ["RULES", "Rule", "is_code", "problem"]


class Rule(NamedTuple):
    """A code, how bad breaking it is, what it says, and what to do about it."""

    code: str
    severity: Severity
    title: str
    hint: str


_V, _W, _I = Severity.VIOLATION, Severity.WARNING, Severity.INFO

RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule("KB001", _V, "The file is not UTF-8.", "Save the file as UTF-8."),
        Rule("KB002", _V, "The front matter holds a control character.", "Delete the character."),
        Rule("KB003", _V, "The file or its front matter is too large.", "Split the article, or raise the limit."),
        Rule("KB004", _V, "The file has no front matter.", "Begin the file with a line '---', the fields, and '---'."),
        Rule("KB005", _V, "The front matter is not closed.", "End the front matter with a line '---'."),
        Rule("KB006", _V, "The front matter is not valid YAML.", "Mend the YAML at this place."),
        Rule("KB007", _V, "There is no space after a colon.", "Put a space after the colon."),
        Rule("KB008", _V, "A key is written twice.", "Keep one of the two; the last one counts."),
        Rule("KB009", _V, "The front matter is nested too deeply.", "Write the data with fewer levels."),
        Rule(
            "KB010",
            _V,
            "YAML aliases and tags are not read.",
            "Write the value itself, and put a text that begins with * or ! in quotes.",
        ),
        Rule("KB011", _V, "The front matter is not a list of fields.", "Write one 'field: value' on each line."),
        Rule("KB012", _V, "The file cannot be read.", "Put a regular, readable file here, or exclude it."),
        Rule("KB013", _V, "The file's name is not UTF-8.", "Rename the file."),
        Rule("KB014", _V, "A key is not a text.", "Use a plain word as key."),
        Rule("KB015", _V, "The file holds a NUL character.", "Delete the character."),
        Rule("KB016", _W, "A text holds a control character.", "Delete it; XML formats leave it out."),
        Rule("KB017", _W, "Nothing is there to be ignored.", "Delete the code, or the whole comment or entry."),
        Rule("KB018", _W, "What to ignore is not said.", "Name the codes: ignore[KB347] or ignore-file[KB347, KB505]."),
        Rule("KB019", _W, "The file is not read, since its name does not end in .md.", "Rename it, or exclude it."),
        Rule("KB101", _I, "The field is not known.", "It is kept as it is; check the spelling."),
        Rule("KB102", _V, "One field is written under two names.", "Keep one of the two."),
        Rule("KB103", _V, "The value is of the wrong kind.", "Write the value as the message says."),
        Rule("KB104", _W, "The schema_type is in the wrong case.", "Write it as schema.org does."),
        Rule("KB105", _W, "The schema_type is not a kind of schema.org Article.", "Use Article or one of its kinds."),
        Rule("KB106", _V, "A fact id is used twice in one article.", "Give each fact an id of its own."),
        Rule("KB107", _W, "A link leads to no article.", "Mend the target, or delete the link."),
        Rule("KB108", _V, "A source_ref names no source of the article.", "Use the id of a listed source."),
        Rule("KB109", _V, "The ISBN is not valid.", "Check the number against the book: its check digit is wrong."),
        Rule("KB110", _W, "The type of verifier is not known.", "Write person, organization or software."),
        Rule("KB900", _V, "A shape of the project's own is not met.", "See the shape, which --shapes named."),
    )
}


_CODE = re.compile(r"[A-Za-z][A-Za-z_-]*[0-9][A-Za-z0-9_-]*", re.ASCII)


def is_code(text: object) -> bool:
    """True for what may be a code, ours or of a project's own shapes, or the beginning of several.

    It has a digit at least, so that no word hides everything.

    >>> is_code("KB301"), is_code("KB3"), is_code("KB"), is_code("*")
    (True, True, False, False)
    """
    return isinstance(text, str) and _CODE.fullmatch(text) is not None


def problem(
    code: str,
    path: str,
    mark: Mark,
    message: str,
    *,
    hint: str = "",
    related: tuple[Place, ...] = (),
    subject: str = "",
) -> Problem:
    """A problem of a rule, at a place; the rule's own hint unless there is a better one."""
    rule = RULES[code]
    return Problem(code, rule.severity, Place(path, mark), message, hint or rule.hint, related, subject)
