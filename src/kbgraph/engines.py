"""The engines that run core constraints: pySHACL, and a fast one that gives the same results.

`fast_results` hands N-Quads to `shacl`, an engine in Rust. The two differ at the edges: at dates
and numbers of rare forms, at line ends and classes of characters in patterns, at the words of
messages that a shape does not bring. Here is known where; `fast_results` gives None for shapes
and statements that come near, and the caller asks pySHACL, which is the measure. What the results
mean for an article is in `check`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kbgraph.errors import WorldError
from kbgraph.graph import serialized
from kbgraph.shapes import Shapes
from kbgraph.terms import RDF, SH, XSD
from kbgraph.validation import Result, ShaclPath, path_of

if TYPE_CHECKING:
    import rdflib
    import shacl
    from rdflib.term import Node

__all__ = ["fast_results", "pyshacl_results", "results_in"]


# ---- the fast engine

#: The parts of SHACL at which both engines were compared, see tests/test_engines.py.
_COMPARED = frozenset(
    {
        *(SH.targetClass, SH.targetObjectsOf, SH.path, SH.property, SH.node, SH["class"], SH.nodeKind, SH.hasValue),
        *(SH.minCount, SH.datatype, SH.minLength, SH.maxLength, SH.pattern, SH.flags, SH["or"]),
        *(SH.message, SH.severity, SH.declare, SH["prefix"], SH.namespace),
    }
)
_DAY = rb"(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}"
_ZONE = rb"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])?"
#: The forms of the literals of a datatype that both engines take for well-formed, or both do not.
_PLAIN_FORMS = {
    XSD.boolean: rb"true|false|[01]",
    XSD.integer: rb"[+-]?[0-9]{1,18}",
    XSD.decimal: rb"[+-]?(?:[0-9]{1,17}(?:\.[0-9]{0,17})?|\.[0-9]{1,17})",
    XSD.date: _DAY,
    XSD.gYear: rb"-?[0-9]{4,9}",
    XSD.dateTime: _DAY + rb"T(?!24)[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?" + _ZONE,
}
#: Escapes in a pattern that do not stand for a class of characters, which each engine knows its own of.
_PLAIN_ESCAPES = re.compile(r"\\[nrt.^$*+?()\[\]{}|\\-]")
#: No limit on the results; but where one is given, `shacl` starts no threads, whose locks a process
#: that is forked later would wait for in vain.
_ALL = sys.maxsize


@dataclass(frozen=True, slots=True, eq=False)
class _Prepared:
    """Shapes as the fast engine runs them.

    `predicates` are those that a core constraint can see, in N-Quads syntax. `doubtful` finds
    statements of which the engines may think differently. `messages` are the messages by shape.
    """

    compiled: shacl.Shapes
    predicates: frozenset[bytes]
    doubtful: re.Pattern[bytes]
    messages: dict[str, str]


def fast_results(lines: bytes, shapes: Shapes) -> list[Result] | None:
    """The results of the core constraints over N-Quads, the names of whose graphs are left out.

    None where they might not be those of pySHACL, or where the fast engine is not installed.

    Raises:
        WorldError: the engine failed.
    """
    prepared = _prepared(shapes)
    if prepared is None:
        return None
    seen = prepared.predicates
    data = b"".join(line for line in lines.splitlines(keepends=True) if line.split(b" ", 2)[1] in seen)
    if prepared.doubtful.search(data):
        return None
    results = []
    for found in _validated(prepared.compiled, data.decode()):
        message = prepared.messages.get(found.source_shape or "")
        if message is None:
            return None  # each engine has words of its own
        results.append(
            Result(
                focus=found.focus_node,
                path=path_of(found.path) if found.path else None,
                value=found.value or "",
                component=found.component_iri,
                shape=(found.source_shape or "").strip("<>"),
                severity=found.severity_iri,
                message=message,
            )
        )
    return results


def _validated(compiled: shacl.Shapes, data: str) -> list[shacl.Result]:
    try:
        return compiled.validate_text(data, format="nquads", max_results=_ALL).results
    except Exception as error:  # noqa: BLE001 - the statements are well-formed: whatever it says, it is at fault
        failure = str(error)
    except BaseException as error:
        # A panic of Rust is none of Python's exceptions, so as not to be caught by accident.
        if type(error).__name__ != "PanicException":
            raise
        failure = str(error)
    raise WorldError(f"the shapes cannot be run: the engine failed: {failure} (try --engine pyshacl)")


@cache
def _prepared(shapes: Shapes) -> _Prepared | None:
    """The shapes for the fast engine, once in each process; None where it is not known to do what pySHACL does."""
    try:
        import shacl
    except ImportError:
        return None  # there is no wheel of it for this machine
    about: dict[ox.NamedNode, list[ox.Triple]] = {}
    for triple in shapes.core:
        about.setdefault(triple.predicate, []).append(triple)
    terms = {each for each in about if each.value.startswith(SH.iri)}
    datatypes = {each.object for each in about.get(SH.datatype, ())}
    if not (terms <= _COMPARED and datatypes <= _PLAIN_FORMS.keys()):
        return None
    if any(each.object != ox.Literal("i") for each in about.get(SH.flags, ())):
        return None
    try:
        triples = [_with_python_pattern(each) if each.predicate == SH.pattern else each for each in shapes.core]
        text = serialized(triples, ox.RdfFormat.N_TRIPLES)
        compiled = shacl.Shapes.from_text(text.decode(), format="ntriples")
    except ValueError:
        return None  # let pySHACL say what is wrong with them
    return _Prepared(
        compiled, frozenset(f"<{iri}>".encode() for iri in shapes.predicates), _doubtful(about), _messages(about)
    )


#: A pattern without groups of special kinds, without operators within classes, and with no `$` but at its end.
_PLAIN_PATTERN = re.compile(r"((?:\\.|\[\^?(?:\\.|(?!--)[^\]\\\[&~])+\]|\((?!\?)|[^\\\[$(])*)(\$?)", re.DOTALL)


def _with_python_pattern(triple: ox.Triple) -> ox.Triple:
    r"""A pattern by which Rust finds what Python finds: to Python, `$` stands before a last `\n`, too.

    Raises:
        ValueError: the two may take it for different things.
    """
    pattern = triple.object
    found = _PLAIN_PATTERN.fullmatch(pattern.value) if isinstance(pattern, ox.Literal) else None
    if found is None:
        raise ValueError("not a pattern that both engines read alike")
    return ox.Triple(triple.subject, triple.predicate, ox.Literal(f"{found[1]}\\n?$" if found[2] else found[1]))


def _messages(about: dict[ox.NamedNode, list[ox.Triple]]) -> dict[str, str]:
    """The message of each shape that has one and no more, by its name in N-Triples."""
    found: dict[str, list[str]] = {}
    for triple in about.get(SH.message, ()):
        if isinstance(triple.object, ox.Literal) and isinstance(triple.subject, ox.NamedNode):
            found.setdefault(str(triple.subject), []).append(triple.object.value)
    return {shape: texts[0] for shape, texts in found.items() if len(texts) == 1}


def _doubtful(about: dict[ox.NamedNode, list[ox.Triple]]) -> re.Pattern[bytes]:
    r"""What finds a statement of which the engines may think differently, in N-Quads.

    In patterns, `\s` and letters of any case are to each what its own tables say, which agree on ASCII;
    blank nodes have other names in each. A literal begins at a quote after a space: within it, quotes
    are escaped.
    """
    doubtful = [rb"^_:", rb"> _:"]
    datatypes = {each.object for each in about.get(SH.datatype, ())}
    forms = {re.escape(str(each).encode()): form for each, form in _PLAIN_FORMS.items() if each in datatypes}
    if forms:
        plain = b"|".join(rb'(?:%s)"\^\^%s' % (form, name) for name, form in forms.items())
        names = b"|".join(forms)
        doubtful.append(rb' "(?!%s)[^"\\\n]*(?:\\.[^"\\\n]*)*"\^\^(?:%s)' % (plain, names))
    paths = {triple.subject: triple.object for triple in about.get(SH.path, ())}
    with_flags = {triple.subject for triple in about.get(SH.flags, ())}
    for shape, _, pattern in about.get(SH.pattern, ()):
        path = re.escape(str(paths.get(shape)).encode())
        if shape in with_flags or "\\" in _PLAIN_ESCAPES.sub("", str(getattr(pattern, "value", pattern))):
            doubtful.append(rb' %s [<"][^">\n]*[\x80-\xff\\]' % path)
    return re.compile(b"|".join(dict.fromkeys(doubtful)), re.MULTILINE)


# ---- pySHACL


def pyshacl_results(data: rdflib.Graph, constraints: rdflib.Graph, files: Iterable[str] = ()) -> list[Result]:
    """All results of all constraints, by pySHACL. `files` are those of the shapes, for messages.

    Raises:
        WorldError: the shapes are not well-formed.
    """
    import pyshacl
    import rdflib

    where = "".join(f"{each}: " for each in [", ".join(files)] if each)
    try:
        _, report, text = pyshacl.validate(
            data, shacl_graph=constraints, inference="none", advanced=False, do_owl_imports=False, meta_shacl=False
        )
    except Exception as error:  # noqa: BLE001 - shapes are input: whatever a library makes of broken ones
        message = getattr(error, "message", None) or str(error)
        raise WorldError(f"{where}the shapes cannot be run: {message}") from None
    if not isinstance(report, rdflib.Graph):
        raise WorldError(f"{where}the shapes cannot be run: {text}")
    return results_in(report)


def results_in(report: rdflib.Graph) -> list[Result]:
    """The results in a validation report, those that are details of others left out.

    Raises:
        WorldError: a property path in it is not well-formed.
    """
    import rdflib
    from rdflib.namespace import SH as SHACL

    from kbgraph.interop import from_rdflib

    results = []
    for result in report.objects(None, SHACL.result):
        about = dict(report.predicate_objects(result))
        path, value, shape = about.get(SHACL.resultPath), about.get(SHACL.value), about[SHACL.sourceShape]
        results.append(
            Result(
                focus=str(from_rdflib(about[SHACL.focusNode])),
                path=_path_in(report, path) if path is not None else None,
                value=str(from_rdflib(value)) if value is not None else "",
                component=str(about[SHACL.sourceConstraintComponent]),
                # The name of a blank node is another one on each run.
                shape=str(shape) if isinstance(shape, rdflib.URIRef) else "",
                severity=str(about[SHACL.resultSeverity]),
                message=_message(report.objects(result, SHACL.resultMessage)),
            )
        )
    return results


def _message(messages: Iterable[Node]) -> str:
    """The message of a result: the English one, or one without a language, where there are several."""
    ranked = sorted((getattr(each, "language", None) not in {None, "en"}, str(each)) for each in messages)
    return ranked[0][1] if ranked else ""


_OPERATORS = ("inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")


def _path_in(graph: rdflib.Graph, path: Node) -> ShaclPath:
    """A SHACL path read from RDF."""
    import rdflib

    if isinstance(path, rdflib.URIRef):
        return ShaclPath("", iri=str(path))
    about = {str(predicate): value for predicate, value in graph.predicate_objects(path)}
    if RDF.first.value in about:
        return ShaclPath("sequence", tuple(_path_in(graph, step) for step in graph.items(path)))
    if SH.alternativePath.value in about:
        steps = graph.items(about[SH.alternativePath.value])
        return ShaclPath("alternativePath", tuple(_path_in(graph, step) for step in steps))
    for operator in _OPERATORS:
        if SH[operator].value in about:
            return ShaclPath(operator, (_path_in(graph, about[SH[operator].value]),))
    raise WorldError("the shapes cannot be run: a property path is not well-formed")
