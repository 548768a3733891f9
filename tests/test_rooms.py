"""Which module may import which, and which libraries: the rooms of the house only look down."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import kbgraph.cli

PACKAGE = Path(kbgraph.__file__).parent

#: The modules of ours that a module may import, in the order in which data flows. What is not here
#: may import nothing of ours.
ROOMS: dict[str, str] = {
    # what everybody may look at
    "errors": "",
    "version": "",
    "resources": "",
    "terms": "",
    "jcs": "",
    "workers": "errors",
    "kinds": "",
    "fields": "kinds",
    "model": "errors",
    "config": "errors rules",
    "project": "config errors fields per_file_ignores",
    "rules": "errors",
    "identity": "",
    "vocabulary": "resources terms",
    # files to articles
    "exchange": "",
    "files": "errors",
    "patterns": "",
    "inputs": "errors config patterns rules",
    "nodes": "errors",
    "missing_spaces": "",
    "seeds": "errors config missing_spaces nodes rules",
    "body": "errors model nodes",
    "reader": "errors config rules fields kinds inputs jcs model nodes seeds body",
    "comments": "errors nodes",
    "ignores": "comments config errors rules nodes seeds",
    "per_file_ignores": "config errors inputs patterns",
    # articles to quads
    "links": "",
    "literals": "kinds terms",
    "citations": "identity model",
    "shared": "identity parts terms vocabulary",
    "statements": "errors kinds identity jcs literals model rules shared terms vocabulary",
    "bibliography": "citations fields identity literals model shared statements terms",
    "convert": "bibliography fields identity links literals model statements terms vocabulary",
    "catalogue": "config identity shared terms",
    # the dataset and its forms
    "parts": "terms",
    "graph": "parts terms",
    "interop": "terms",
    "entities": "terms",
    "columns": "entities terms",
    "network": "entities graph",
    "export": "config errors graph parts export.sections",
    "export.sections": "graph parts",
    "export.rdf": "graph parts terms export.sections",
    "export.jsonld": "graph parts terms export.sections",
    "export.networks": "entities graph parts export.sections",
    "export.shards": "config graph parts version",
    "export.places": "graph parts place_file places terms",
    "export.tables": "columns entities graph parts export.sections",
    "export.neo4j": "columns config graph parts export.tables",
    "export.analysis": "columns export.tables parts",
    "export.parquet": "columns config graph export.analysis export.tables parts",
    "export.search": "graph parts terms export.sections",
    # the checks
    "places": "errors",
    "place_file": "errors files",
    "shapes": "errors resources terms",
    "validation": "export.rdf parts terms",
    "engines": "errors graph shapes terms validation",
    "groups": "errors shapes validation",
    "check": "engines errors graph groups places shapes terms validation vocabulary",
    "explanations": "errors resources rules shapes terms",
    "report": "report.json report.terminal report.value",
    "report.value": "errors",
    "report.lines": "errors inputs",
    "report.json": "errors report.value",
    "report.terminal": "errors report.lines report.value",
    "report.github": "errors report.lines report.value",
    "report.junit": "errors report.lines report.value",
    "report.sarif": "errors explanations fingerprints report.lines report.value terms version",
    "report.turtle": "errors explanations export.rdf inputs report.lines report.value terms validation",
    "fingerprints": "report.lines report.value",
    "baseline": "errors files inputs fingerprints report",
    "sift": "config errors per_file_ignores report rules",
    # everything together
    "switch": "",
    "assembly": "parts",
    "output": "assembly errors files parts switch",
    "across": "parts shapes terms vocabulary",
    "records": "errors identity shared validation",
    "cache": "errors files",
    "compiled": "across cache catalogue errors export graph inputs parts records shared validation",
    "making": (
        "across cache check compiled config convert errors export graph ignores inputs parts places reader records shapes "
        "terms validation vocabulary"
    ),
    "compiling": "errors config inputs resources shapes cache compiled workers",
    "last": "assembly errors config files inputs cache output records per_file_ignores",
    "publishing": "assembly errors config parts place_file terms version graph export export.places export.sections validation report output last workers",
    "together": (
        "config parts graph records shared catalogue across cache check compiled shapes terms validation vocabulary "
        "workers compiling"
    ),
    "building": (
        "errors config files inputs graph places shapes check validation report sift cache compiling export last "
        "output publishing project records vocabulary together compiled workers"
    ),
    "template": "errors config fields kinds terms",
    "schema": "config fields kinds nodes seeds vocabulary",
    # the dataset back to articles
    "dataset": "errors files inputs terms",
    "front_data": "",
    "recovery": "fields kinds terms front_data",
    "front_text": "kinds front_data",
    "tree": "errors files",
    "restore": ("errors config fields inputs reader convert terms vocabulary dataset recovery front_text tree"),
    # two datasets compared
    "diff": "diff.comparison",
    "diff.changes": "kinds front_data recovery",
    "diff.excerpts": "",
    "diff.comparison": "dataset diff.changes fields front_data recovery terms vocabulary",
    "diff.marks": "body config diff.changes diff.comparison errors inputs model nodes seeds",
    "diff.terminal": "diff.changes diff.comparison diff.excerpts errors front_data report.lines",
    "diff.json": "diff.comparison diff.excerpts diff.terminal errors",
    "diff.patch": "",
    # questions
    "store": "errors exchange files place_file",
    "query": "",
    "query.tokens": "errors",
    "query.functions": "query.tokens terms",
    "query.guard": "errors query.tokens",
    "query.grammar": "query.tokens",
    "query.bindings": "errors query.tokens",
    "query.answers": "errors query.bindings",
    "query.tables": "query.answers query.bindings",
    "query.results": "errors query.answers query.bindings",
    "query.triples": "query.answers",
    "query.parquet": "errors query.answers query.bindings",
    "query.formats": "errors query.answers",
    "query.evaluation": (
        "errors query.answers query.bindings query.functions query.grammar query.guard query.ordering query.tokens terms"
    ),
    "query.ordering": "query.answers query.bindings query.tokens",
    "query.rows": "config errors query.answers query.bindings query.evaluation query.parquet store",
    "query.named": "config errors files resources",
    "query.wall": "",
    "query.worker": "query.wall",
    "query.asking": "",
    "query.remote": (
        "config errors push.credentials push.http query.answers query.asking query.bindings query.evaluation "
        "query.formats query.functions query.guard query.results query.tokens"
    ),
    # full-text search
    "search": "",
    "search.words": "",
    "search.wanted": "errors search.words",
    "search.entries": "dataset search.words terms",
    "search.making": "errors search.words",
    "search.excerpts": "search.wanted search.words",
    "search.showing": "query.tables search.excerpts search.index",
    "search.index": "config errors files search.excerpts search.making search.wanted store",
    # repairs of text
    "fix": "fix.mending fix.patch fix.repairs fix.writing",
    "fix.repairs": "",
    "fix.proof": "config errors nodes seeds fix.repairs",
    "fix.layout": "fields nodes fix.repairs",
    "fix.syntax": "config fields kinds nodes missing_spaces fix.proof fix.repairs",
    "fix.dates": "",
    "fix.values": "fields kinds identity literals nodes terms vocabulary fix.dates fix.repairs",
    "fix.mending": "config ignores fix.layout fix.proof fix.repairs fix.syntax fix.values",
    "fix.patch": "",
    "fix.writing": "errors files",
    # to stores and back
    "push": "",
    "push.credentials": "errors",
    "push.authorization": "errors push.credentials",
    "push.refusals": "errors push.credentials",
    "push.http": "config errors push.authorization push.credentials push.refusals version",
    "push.abreast": "",
    "push.profiles": "errors push.credentials push.http",
    "push.store": "config errors push.credentials push.http push.profiles",
    "push.ledger": "errors push.store terms",
    "push.plan": "errors push.ledger terms",
    "push.verifying": "errors push.store",
    "push.remembered": "errors files push.ledger",
    "push.sending": ("errors files push.abreast push.ledger push.plan push.remembered push.store push.verifying"),
    "push.pulling": "dataset errors push.abreast push.ledger push.store terms",
    "ontology": "resources terms",
    # the explorer
    "page": "",
    "page.statements": "terms",
    "page.nodes": "page.statements",
    "page.details": "page.nodes page.statements terms",
    "page.layout": "page.nodes",
    "page.data": "config dataset page.details page.layout page.nodes page.statements",
    "page.document": "resources",
    # still pictures
    "palette": "",
    "draw": "",
    "draw.fonts": "resources",
    "draw.labels": "draw.fonts",
    "draw.scene": "",
    "draw.subject": "page.nodes",
    "draw.terms_of": "draw.subject resources terms",
    "draw.finding": "errors page.nodes terms",
    "draw.drawing": "config dataset draw.finding draw.subject errors page.nodes page.statements",
    "draw.layout": "draw.fonts draw.labels draw.scene draw.subject palette",
    "draw.svg": "draw.fonts draw.scene",
    "draw.raster": "draw.fonts draw.scene draw.svg errors",
    "draw.pdf": "draw.fonts draw.scene errors",
    "notebook": "dataset draw.drawing draw.finding draw.layout draw.subject draw.svg errors files page.data page.document page.nodes page.statements",
    # the server and the site
    "serve": "",
    "serve.addresses": "",
    "serve.app": (
        "config errors query.named search.index serve.addresses serve.editing serve.endpoint serve.exploring "
        "serve.finding serve.forms serve.headers serve.lanes serve.negotiation serve.overviews serve.packing "
        "serve.protocol serve.rate serve.rendering serve.serving"
    ),
    "serve.articles": "links serve.addresses serve.body serve.known terms",
    "serve.body": "",
    "serve.catalogues": "serve.forms terms",
    "serve.documents": "terms",
    "serve.editing": "errors query.bindings query.evaluation query.named terms",
    "serve.endpoint": (
        "errors query.guard query.tokens serve.catalogues serve.documents serve.forms serve.lanes "
        "serve.negotiation serve.protocol serve.serving"
    ),
    "serve.exploring": "dataset page.data page.details page.nodes page.statements",
    "serve.folder": "errors exchange files",
    "serve.forking": "query.wall",
    "serve.forms": "",
    "serve.headers": "",
    "serve.home": "serve.addresses serve.articles serve.known terms",
    "serve.known": "terms",
    "serve.turns": "",
    "serve.workers": "query.wall serve.forking",
    "serve.copies": "config errors serve.forking serve.workers",
    "serve.lanes": "config errors query.wall serve.copies serve.turns serve.workers",
    "serve.negotiation": "",
    "serve.overviews": ("serve.catalogues serve.documents serve.forms serve.home serve.protocol serve.serving"),
    "serve.packing": "serve.serving",
    "serve.protocol": "serve.forms serve.negotiation",
    "serve.rate": "",
    "serve.rendering": (
        "export.search resources serve.addresses serve.articles serve.documents serve.forms serve.home serve.things"
    ),
    "serve.connections": "",
    "serve.running": "errors serve.app serve.connections",
    "serve.finding": "search.entries serve.addresses",
    "serve.serving": "config errors files serve.known serve.lanes store version",
    "serve.site": (
        "config dataset errors files page.data page.document serve.addresses serve.catalogues serve.documents "
        "serve.folder serve.forms serve.finding serve.home serve.known serve.rendering store workers"
    ),
    "serve.things": "serve.addresses serve.articles serve.known terms",
    "cli": "errors version cli.exits cli.talk",
    "cli.exits": "",
    "cli.graphs": "",
    "cli.talk": "errors",
    "cli.options": "errors config inputs project report building cli.talk",
    "cli.building": (
        "errors config export files inputs output report building cli.choosing cli.exits cli.baseline cli.options cli.reporting cli.talk"
    ),
    "cli.checking": (
        "errors config building cli.choosing cli.exits cli.baseline cli.options cli.reporting cli.talk publishing report"
    ),
    "cli.choosing": "errors config report cli.exits",
    "cli.explaining": "errors cli.exits cli.talk",
    "cli.reporting": "errors config report building cli.talk",
    "cli.fixing": "config errors inputs fix per_file_ignores report cli.exits cli.options cli.talk",
    "cli.comparing": "config errors inputs cli.exits cli.options cli.talk",
    "cli.restoring": "config cli.exits cli.talk",
    "cli.querying": "cli.graphs errors cli.exits cli.talk",
    "cli.pushing": "cli.graphs config errors cli.exits cli.talk",
    "cli.searching": "cli.graphs errors cli.exits cli.talk",
    "cli.paging": "cli.graphs config errors cli.exits cli.talk",
    "cli.drawing": "cli.graphs config errors cli.exits cli.talk",
    "cli.serving": "cli.graphs config errors cli.exits cli.talk",
    "cli.describing": "config project schema cli.exits cli.talk",
    "cli.baseline": "baseline errors cli.talk report",
    "cli.starting": "errors files template cli.exits cli.talk",
    "cli.watching": "errors building publishing report cli.exits cli.options cli.reporting cli.talk",
    "__main__": "cli",
    "__init__": "version",
}

#: What may be imported inside functions, or for annotations only, besides.
LATE: dict[str, str] = {
    "compiling": "making",
    "notebook": "graph",
    "__init__": "errors config graph report building",
    "cli": (
        "cli.building cli.checking cli.comparing cli.describing cli.drawing cli.explaining cli.paging cli.pushing cli.querying cli.restoring cli.searching cli.serving cli.starting"
    ),
    "cli.building": "store",
    "cli.talk": "report",
    "cli.comparing": "dataset diff diff.json diff.marks diff.patch diff.terminal",
    "cli.restoring": "dataset restore",
    "cli.paging": "dataset files page.data page.document",
    "cli.drawing": "dataset draw.drawing draw.layout draw.pdf draw.raster draw.scene draw.svg draw.terms_of files",
    "cli.querying": "config files query.asking query.named query.remote",
    "query.formats": "query.parquet query.results query.tables query.triples",
    "query.asking": "config errors",
    "query.rows": "graph query.tables",
    "search.index": "dataset graph search.entries",
    "search.making": "search.entries",
    "query.evaluation": "config store",
    "query.functions": "errors",
    "store": "config",
    "query.worker": "errors query.bindings query.evaluation query.formats query.tokens store",
    "push.plan": "dataset",
    "push.sending": "dataset",
    "cli.pushing": ("dataset files push.credentials push.http push.profiles push.pulling push.sending push.store"),
    "cli.searching": "config search.index search.showing search.wanted",
    "cli.serving": "files serve.app serve.running serve.site",
    "cli.checking": "cli.fixing cli.watching fix",
    "cli.choosing": "explanations shapes",
    "cli.explaining": "explanations",
    "cli.reporting": "explanations report.github report.junit report.sarif report.turtle terms",
    "serve.catalogues": "serve.addresses serve.known",
    "serve.documents": "serve.known",
    "serve.editing": "serve.known",
    "serve.known": "store",
    "serve.endpoint": "config",
    "serve.exploring": "serve.known",
    "serve.finding": "dataset search.excerpts search.index",
    "serve.forking": (
        "errors query.evaluation query.formats serve.addresses serve.documents serve.known serve.rendering store"
    ),
    "serve.overviews": "serve.rendering",
    "serve.rendering": "query.named serve.editing serve.finding serve.known",
    "graph": "errors export export.places interop network notebook place_file query.rows search.index",
    "interop": "graph",
    "engines": "interop",
    "check": "interop",
}

#: The modules that may import a library, and those that may do so inside functions or for annotations only.
LIBRARIES: dict[str, tuple[str, str]] = {
    "click": (
        (
            "cli cli.talk cli.options cli.building cli.checking cli.choosing cli.comparing cli.describing cli.graphs "
            "cli.drawing cli.explaining cli.baseline cli.paging cli.pushing cli.querying cli.reporting cli.restoring cli.searching cli.serving cli.starting cli.watching"
        ),
        "",
    ),
    "filelock": ("", "output store"),
    "httpx": ("", "push.authorization push.http push.refusals query.remote"),
    "markdown_it": ("body comments serve.body", ""),
    "jinja2": ("serve.rendering", ""),
    "starlette": ("serve.app serve.endpoint serve.headers", ""),
    "uvicorn": ("serve.connections serve.running", ""),
    "uvloop": ("serve.running", ""),
    "markupsafe": ("serve.body serve.rendering", ""),
    "networkx": ("network", "graph"),
    "orjson": (
        (
            "across assembly cache columns entities export.jsonld export.networks export.places export.search "
            "export.tables last page.document places publishing records serve.app serve.exploring serve.forking serve.site serve.workers together"
        ),
        "place_file",
    ),
    "pathspec": ("", "patterns"),
    "pandas": ("", "query.rows"),
    "polars": ("", "query.rows"),
    "pyarrow": ("", "export.parquet query.parquet"),
    "pyshacl": ("", "engines"),
    "rdflib": ("interop", "engines graph"),
    "reportlab": ("", "draw.pdf"),
    "resvg_py": ("", "draw.raster"),
    "shacl": ("", "engines"),
    "watchfiles": ("cli.watching", ""),
    "yaml": ("seeds", ""),
    "pyoxigraph": (
        (
            "project terms vocabulary literals fix.values shared statements bibliography convert catalogue graph interop entities columns "
            "records making together export export.sections export.networks shapes validation engines check building ontology export.rdf export.jsonld export.search export.tables dataset recovery restore diff.comparison search.entries "
            "report.turtle push.pulling page.statements draw.terms_of serve.catalogues serve.documents serve.home serve.known"
        ),
        "store query.answers query.evaluation query.functions query.remote query.rows query.triples serve.editing serve.forking serve.rendering",
    ),
}


class Import(NamedTuple):
    """An import: who, what, and whether it waits until a function runs or is for annotations only."""

    module: str
    imported: str
    late: bool
    line: int


def name_of(path: Path) -> str:
    """The name of a module below the package; a package goes by its own name."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


SOURCES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imports_of(module: str, path: Path) -> Iterator[Import]:
    """Every import statement of a module, each module that it names by itself."""

    def visit(node: ast.AST, late: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            inner = late or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            inner = inner or (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test))
            if isinstance(child, ast.Import):
                yield from (Import(module, alias.name, late, child.lineno) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{module}: relative imports are not used"
                assert child.module is not None
                for alias in child.names:
                    whole = f"{child.module}.{alias.name}"
                    is_module = whole.removeprefix("kbgraph.") in SOURCES
                    yield Import(module, whole if is_module else child.module, late, child.lineno)
            yield from visit(child, inner)

    yield from visit(ast.parse(path.read_text(encoding="utf-8")), late=False)


IMPORTS = [each for module, path in SOURCES.items() for each in imports_of(module, path)]
IMPORTS += [Import("cli", f"kbgraph.cli.{module}", late=True, line=0) for module in kbgraph.cli.COMMANDS.values()]


def test_every_module_has_its_place() -> None:
    assert sorted(SOURCES) == sorted(ROOMS)


def test_modules_import_only_what_lies_below_them() -> None:
    wrong = []
    for each in IMPORTS:
        if not each.imported.startswith("kbgraph"):
            continue
        allowed = ROOMS[each.module].split() + (LATE.get(each.module, "").split() if each.late else [])
        if each.imported.removeprefix("kbgraph.") not in allowed:
            wrong.append(f"{each.module}:{each.line} imports {each.imported}")
    assert wrong == []


def test_the_rooms_have_an_order_in_which_nobody_looks_up() -> None:
    done: set[str] = set()
    waiting = {module: set(allowed.split()) for module, allowed in ROOMS.items()}
    while waiting:
        ready = {module for module, allowed in waiting.items() if allowed <= done}
        assert ready, f"these look at each other: {sorted(waiting)}"
        done |= ready
        waiting = {module: allowed for module, allowed in waiting.items() if module not in ready}
    assert done == set(ROOMS)


def test_no_permission_is_left_over() -> None:
    used = {(each.module, each.imported.removeprefix("kbgraph.")) for each in IMPORTS}
    granted = {
        (module, other) for table in (ROOMS, LATE) for module, others in table.items() for other in others.split()
    }
    assert granted - used == set()


def test_libraries_are_imported_only_in_the_rooms_that_own_them() -> None:
    wrong = []
    for each in IMPORTS:
        library = each.imported.partition(".")[0]
        if library in sys.stdlib_module_names or library == "kbgraph":
            continue
        always, late = LIBRARIES[library]
        if each.module not in always.split() and not (each.late and each.module in late.split()):
            wrong.append(f"{each.module}:{each.line} imports {each.imported}")
    assert wrong == []


#: `os._exit` ends a process of ours that has lost its parent, and is no answer to anybody.
_TALK = {"print", "exit", "quit", "sys.exit", "click.echo", "sys.stdout.write", "sys.stderr.write"}


def test_only_the_command_line_prints_and_exits() -> None:
    wrong = []
    for module, path in SOURCES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            call = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if call in _TALK and module.split(".")[0] not in {"cli", "ontology"}:
                wrong.append(f"{module}:{node.lineno} calls {call}")
    assert wrong == []


def test_the_ontology_prints_only_when_it_is_run_by_itself() -> None:
    tree = ast.parse(SOURCES["ontology"].read_text(encoding="utf-8"))
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"print", "sys.stdout.write"}
    ]
    guarded = [
        node
        for part in tree.body
        if isinstance(part, ast.If) and "__name__" in ast.unparse(part.test)
        for node in ast.walk(part)
    ]
    assert [ast.unparse(call) for call in calls if call not in guarded] == []


def test_only_the_file_rooms_open_files() -> None:
    openers = {"open", "os.open", "os.fdopen", "os.replace", "os.unlink", "os.scandir", "os.walk", "tempfile.mkstemp"}
    methods = {
        "read_text",
        "read_bytes",
        "write_text",
        "write_bytes",
        "unlink",
        "rmdir",
        "mkdir",
        "rglob",
        "glob",
        "rename",
    }
    found = set()
    for module, path in SOURCES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                call = ast.unparse(node.func)
                if call in openers or (isinstance(node.func, ast.Attribute) and node.func.attr in methods):
                    found.add(module)
    # what ships with us is read by `resources`, and a closed pipe is replaced by the null device
    assert found == {
        "files",
        "inputs",
        "output",
        "switch",
        "cache",
        "cli",
        "exchange",
        "fix.writing",
        "resources",
        "store",
        "tree",
        "query.wall",
        "serve.folder",
        "serve.serving",
    }


@pytest.mark.parametrize(
    ("first", "library"),
    [
        *(("import kbgraph", library) for library in ("click", "pyoxigraph")),
        *(("import kbgraph; kbgraph.build", library) for library in ("networkx", "pyshacl", "rdflib", "click")),
        *(("import kbgraph.cli", module) for module in ("pyoxigraph", "kbgraph.building")),
    ],
)
def test_nothing_is_imported_before_it_is_used(first: str, library: str) -> None:
    code = f"{first}; import sys; sys.exit({library!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_porch_has_no_other_names() -> None:
    assert not hasattr(kbgraph, "compile_inputs")
    assert set(kbgraph.__all__) <= set(dir(kbgraph))


def test_no_module_takes_the_place_of_a_public_name() -> None:
    assert set(kbgraph.__all__).isdisjoint(SOURCES)


def test_all_is_every_public_name_in_order() -> None:
    tree = ast.parse(SOURCES["__init__"].read_text(encoding="utf-8"))
    typed = [
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module != "__future__" and str(node.module).startswith("kbgraph")
        for alias in node.names
    ]
    assert sorted(typed) == sorted(kbgraph.__all__)
    assert list(kbgraph.__all__) == sorted(kbgraph.__all__)


@pytest.mark.parametrize("name", sorted(set(kbgraph.__all__) - {"__version__"}))
def test_every_public_name_is_documented(name: str) -> None:
    value = getattr(kbgraph, name)
    assert (inspect.getdoc(value) or "").strip()
    signature = f"{name}("
    assert not (value.__doc__ or "").startswith(signature), "a docstring that dataclasses made up"


@pytest.mark.parametrize("module", sorted(SOURCES))
def test_every_module_says_what_it_is_and_lists_what_it_gives(module: str) -> None:
    if module == "__main__":
        return
    name = "kbgraph" if module == "__init__" else f"kbgraph.{module}"
    loaded = importlib.import_module(name)
    assert (loaded.__doc__ or "").strip()
    if module == "version":
        return
    missing = [each for each in loaded.__all__ if not hasattr(loaded, each)]
    assert missing == []


def test_every_public_function_and_class_has_a_docstring() -> None:
    definitions = [
        (f"{module}.{node.name}", ast.get_docstring(node))
        for module, path in SOURCES.items()
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    assert [name for name, docstring in definitions if not docstring] == []
