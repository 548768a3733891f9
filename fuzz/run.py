"""Fuzzes kbgraph with atheris: `python fuzz/run.py --seconds 60`.

Each target gets its share of the time, in a process of its own, and begins with its folder in
`corpus/`. What is new lies in `found/` afterwards; `--keep` merges what reaches more code into the corpus.
atheris is no dependency of kbgraph: `pip install atheris`.
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Fuzz the targets; 1 where one of them failed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=int, default=60, help="for all targets together")
    options.add_argument("--target", help="one of them alone")
    options.add_argument("--keep", action="store_true", help="merge what was found into the corpus")
    options.add_argument("--inside", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.inside is not None:
        return _inside(chosen.target, chosen.inside)
    sys.path.insert(0, str(HERE))
    from targets import TARGETS

    names = [chosen.target] if chosen.target else list(TARGETS)
    failed = [name for name in names if not _fuzz(name, chosen.seconds // len(names), keep=chosen.keep)]
    print("failed:", ", ".join(failed) if failed else "none")
    return 1 if failed else 0


def _fuzz(name: str, seconds: int, *, keep: bool) -> bool:
    kept, found = HERE / "corpus" / name, HERE / "found" / name
    for folder in (kept, found):
        folder.mkdir(parents=True, exist_ok=True)
    print(f"== {name}", flush=True)
    bounds = [f"-max_total_time={seconds}", "-max_len=4096", "-timeout=5", "-rss_limit_mb=2000", "-print_final_stats=1"]
    ended = _libfuzzer(name, [*bounds, "-verbosity=0", f"-artifact_prefix={found}/crash-", str(found), str(kept)])
    if keep:
        with tempfile.TemporaryDirectory() as merged:
            _libfuzzer(name, ["-set_cover_merge=1", "-max_len=800", merged, str(kept), str(found)])
            shutil.rmtree(kept)
            shutil.copytree(merged, kept)
    return ended == 0


def _libfuzzer(name: str, arguments: list[str]) -> int:
    command = [sys.executable, __file__, "--target", name, "--inside", *arguments]
    return subprocess.run(command, check=False).returncode


def _inside(name: str, arguments: list[str]) -> int:
    import atheris  # type: ignore[import-not-found,unused-ignore]

    with atheris.instrument_imports(include=["kbgraph", "markdown_it", "targets"]):
        sys.path.insert(0, str(HERE))
        from targets import TARGETS
    with tempfile.TemporaryDirectory() as folder:
        # To merge, libFuzzer runs its own program again, and takes the first argument for it.
        again = Path(folder) / "again"
        words = shlex.join([sys.executable, __file__, "--target", name, "--inside"])
        again.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
        again.chmod(0o700)
        atheris.Setup([str(again), *arguments], TARGETS[name])
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
