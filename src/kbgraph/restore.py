"""The graph back to articles: the bytes of each file, and the proof that they say the same.

Each article that is written is read and converted again, and must come to the very statements it
was made from. What a field is and where its value lies is said in `fields` and `recovery`; the
files are written by `tree`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, Quad

from kbgraph.config import Settings
from kbgraph.convert import convert
from kbgraph.dataset import Dataset, Stated, quads_of
from kbgraph.errors import UsageError
from kbgraph.fields import ARTICLE
from kbgraph.front_text import front_text
from kbgraph.inputs import key_of
from kbgraph.reader import read_article
from kbgraph.recovery import Recovery, names_of
from kbgraph.terms import SCHEMA, Space, curie_of
from kbgraph.tree import Tree, why_unsafe
from kbgraph.vocabulary import vocabulary

__all__ = ["Restored", "recovery_of", "restore", "restored_articles"]

#: How many statements that differ are named.
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Restored:
    """An article as a file.

    `path` is relative, with `/`; "" where the graph names none. `losses` say what the graph does
    not have, or has otherwise than the file says it. `identical` is True where the bytes are
    those of the file that the graph was built from, `written` where `restore` has written it.
    """

    article: str
    path: str
    data: bytes
    losses: tuple[str, ...]
    identical: bool
    written: bool = False


def restore(
    dataset: Dataset, folder: Path, *, force: bool = False, settings: Settings | None = None
) -> Iterator[Restored]:
    """Write every article of a dataset into a folder, and yield each as it is done.

    Nothing is written outside of the folder, whatever paths the graph names.

    Args:
        dataset: a graph that kbgraph built.
        folder: where to; it need not exist.
        force: replace files that exist.
        settings: for its limits; base and aliases are those of the graph.

    Raises:
        UsageError: there are no articles, or files exist already; nothing was written.
        WorldError: a file cannot be written.
    """
    tree = Tree(folder)
    paths = [each.path for each in dataset.articles()]
    if not paths:
        raise UsageError("the graph holds no articles")
    there = sorted({path for path in paths if not why_unsafe(path) and tree.holds(path)})
    if there and not force:
        raise UsageError(
            f"{len(there):,} of the files exist already, such as '{folder / there[0]}'; --force replaces them"
        )
    taken: set[str] = set()
    for each in restored_articles(dataset, settings):
        why = why_unsafe(each.path) if each.path else "the graph names no file"
        if each.path in taken:
            why = "another article has this path"
        if why:
            yield replace(each, losses=(*each.losses, f"it is not written: {why}"))
            continue
        taken.add(each.path)
        if tree.read(each.path) != each.data:
            tree.write(each.path, each.data, replace=force)
        yield replace(each, written=True)


def restored_articles(dataset: Dataset, settings: Settings | None = None) -> Iterator[Restored]:
    """Restore every article of a dataset, by path.

    Args:
        dataset: a graph that kbgraph built.
        settings: for its limits; base and aliases are those of the graph.

    >>> from pathlib import Path
    >>> import kbgraph, tempfile
    >>> from kbgraph.dataset import read_dataset
    >>> with tempfile.TemporaryDirectory() as out:
    ...     _ = kbgraph.build("seeds", out=out, settings=kbgraph.Settings(formats=("nq",)))
    ...     restored = list(restored_articles(read_dataset(Path(out))))
    >>> restored[0].path, restored[0].losses
    ('ai/attention.md', ())
    """
    aliases = dataset.aliases()
    names = names_of((*vocabulary().quads, *quads_of(dataset.naming)))
    articles = dataset.articles()
    keys = frozenset(key_of(each.path) for each in articles)
    chosen = replace(settings or Settings(), aliases=aliases)
    for stated in sorted(articles, key=lambda each: (each.path, each.iri)):
        yield _restored(stated, names, keys, chosen, named=dataset.named)


def recovery_of(stated: Stated, names: Mapping[str, str], aliases: Mapping[str, str]) -> Recovery:
    """What can be recovered of an article."""
    return Recovery(stated.iri, quads_of(stated.lines), names, aliases)


def _restored(
    stated: Stated, names: Mapping[str, str], keys: frozenset[str], settings: Settings, *, named: bool
) -> Restored:
    recovery = recovery_of(stated, names, settings.aliases)
    body = recovery.body()
    data = _file_of(front_text(recovery.front(), ARTICLE, settings.aliases), body)
    losses = list(recovery.losses)
    if stated.path:
        losses += _differences(stated, data, keys, settings, named=named)
    digest = f'<{stated.iri}#_file> {SCHEMA.sha256} "{hashlib.sha256(data).hexdigest()}"'.encode()
    identical = any(line.startswith(digest) for line in stated.lines)
    return Restored(stated.iri, stated.path, data, tuple(losses), identical)


def _file_of(front: str, body: str) -> bytes:
    """A whole file; its front matter has the line ends of its body."""
    first = body.find("\n")
    text = f"---\n{front}---\n"
    if first > 0 and body[first - 1] == "\r":
        text = text.replace("\n", "\r\n")
    return (text + body).encode()


# ---- the proof


def _differences(
    stated: Stated, data: bytes, keys: frozenset[str], settings: Settings, *, named: bool
) -> Iterator[str]:
    """What the file, read and converted again, says otherwise than the graph."""
    base = _base_of(stated)
    if base is None:
        yield f"its IRI {stated.iri} is not that of an article at this path"
        return
    article, problems = read_article(data, stated.path, settings)
    if article is None:
        yield f"it cannot be read again: {problems[-1].message}"
        return
    space = Space(base)
    graph = set(quads_of(stated.lines))
    made = convert(article, space, keys | _linked(graph, base))
    own = set(made.quads)
    if not named or stated.graph != made.graph.value:
        # Without named graphs, others may speak of the article's parts: what only they name is theirs.
        subjects = {quad.subject for quad in own}
        graph = {_triple(quad) for quad in graph if quad.subject in subjects}
        own = {_triple(quad) for quad in own}
    file = space.part(space.article(article.key), "file")
    for sign, some in (
        ("the graph says, and the file does not", graph - own),
        ("the file says, and the graph does not", own - graph),
    ):
        told = sorted(_told(quad, stated.iri) for quad in some if not _is_about_bytes(quad, file))
        for line in told[:_SHOWN]:
            yield f"{sign}: {line}"
        if len(told) > _SHOWN:
            yield f"{sign}: {len(told) - _SHOWN:,} more statements"


def _base_of(stated: Stated) -> str | None:
    """The base IRI under which a path has the article's IRI."""
    relative = Space("x:").article(key_of(stated.path)).value.removeprefix("x:")
    return stated.iri.removesuffix(relative) if stated.iri.endswith(relative) else None


def _linked(quads: Iterable[Quad], base: str) -> frozenset[str]:
    """The keys of the articles that an article links, whether they are in the graph or not."""
    prefix = f"{base}article/"
    return frozenset(
        unquote(quad.object.value.removeprefix(prefix))
        for quad in quads
        if quad.predicate in {SCHEMA.relatedLink, SCHEMA.workTranslation}
        and isinstance(quad.object, NamedNode)
        and quad.object.value.startswith(prefix)
    )


def _is_about_bytes(quad: Quad, file: NamedNode) -> bool:
    """True for size and digest of a file: they depend on how its scalars are quoted."""
    return quad.subject == file and quad.predicate in {SCHEMA.contentSize, SCHEMA.sha256}


def _triple(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object)


def _told(quad: Quad, article: str) -> str:
    """A statement in a line for people."""
    subject = quad.subject.value if isinstance(quad.subject, NamedNode) else str(quad.subject)
    value = quad.object.value if isinstance(quad.object, NamedNode | Literal) else str(quad.object)
    shown = value if len(value) <= 80 else f"{value[:79]}…"
    return f"{subject.removeprefix(article) or 'the article'} {curie_of(quad.predicate.value)} {shown!r}"
