"""Runs the command line in a process of its own, with bounds and without a network; the world below it may break."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

Answer = dict[str, Any]


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


class Breaker:
    """The process of `breaking.py`."""

    def __init__(self) -> None:
        program = Path(__file__).with_name("breaking.py")
        pipe = subprocess.PIPE
        self.process = subprocess.Popen([sys.executable, program], stdin=pipe, stdout=pipe, text=True)

    def __call__(self, *arguments: object, **request: object) -> Answer:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        asked = {"cwd": str(Path.cwd()), "user": os.geteuid(), "seconds": 60, **request}
        print(json.dumps({"arguments": [*map(str, arguments)], **asked}), file=self.process.stdin, flush=True)
        answer: Answer = json.loads(self.process.stdout.readline())
        return answer

    def end(self) -> None:
        """Let it end."""
        with self.process:
            assert self.process.stdin is not None
            self.process.stdin.close()


@cache
def breaker() -> Breaker:
    """The one of these tests."""
    made = Breaker()
    atexit.register(made.end)
    return made


def kbgraph(*arguments: object, cwd: Path, seconds: int) -> Ran:
    """Run a command, which is killed where it takes longer."""
    answer = breaker()(*arguments, cwd=str(cwd), seconds=seconds)
    return Ran(answer["code"], answer["out"], answer["err"])
