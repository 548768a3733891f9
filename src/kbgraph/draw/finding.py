"""Which entity somebody means: by IRI, CURIE, path of an article, or what follows the base IRI."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from kbgraph.errors import UsageError
from kbgraph.page.nodes import Network
from kbgraph.terms import expanded

__all__ = ["number_of"]

#: How many names are offered where there is none of that one.
_OFFERED = 3


def number_of(network: Network, base: str, name: str) -> int:
    """The number of the entity that is meant.

    Raises:
        UsageError: there is none; the message names some that come near.
    """
    wanted = name.strip().strip("<>")
    bare = wanted.removesuffix(".md")
    for iri in (wanted, f"{base}{wanted}", f"{base}article/{bare}", f"{base}category/{wanted}", _of_curie(wanted)):
        if iri in network.numbers:
            return network.numbers[iri]
    near = _near(network, base, bare)
    offered = f"; near it are {', '.join(near)}" if near else ""
    raise UsageError(
        f"there is nothing to draw that is called '{name}'{offered}; "
        "it takes an IRI, a CURIE, or a path such as 'ai/attention' or 'ai/attention#fact-1'"
    )


def _of_curie(name: str) -> str:
    try:
        return expanded(name).value
    except (KeyError, ValueError):
        return ""


def _near(network: Network, base: str, name: str) -> Sequence[str]:
    known = {iri.removeprefix(base).removeprefix("article/"): node for iri, node in _named(network)}
    folded = name.casefold()
    by_label = [path for path, label in known.items() if folded and folded in label.casefold()]
    if "#" not in name:
        known = {path: label for path, label in known.items() if "#" not in path} or known
    close = get_close_matches(name, known, n=_OFFERED, cutoff=0.5)
    return [f"'{each}'" for each in dict.fromkeys([*close, *sorted(by_label, key=len)])][:_OFFERED]


def _named(network: Network) -> list[tuple[str, str]]:
    return [(node.iri, node.label) for node in network.nodes]
