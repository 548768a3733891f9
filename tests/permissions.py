"""What is forbidden to others is not forbidden to the superuser, as whom tests may run."""

from __future__ import annotations

import concurrent.futures.process
import concurrent.futures.thread
import os
import pkgutil
from importlib import import_module
from pathlib import Path

import filelock
import pytest

import kbgraph

#: Imported before privileges are dropped: nobody may read where Python lies.
_LOADED = (concurrent.futures.process, concurrent.futures.thread, filelock)

NOBODY = 65534


def without_privileges(folder: Path) -> None:
    """Go on as nobody, who owns the folder, until the test is over (see `conftest.py`)."""
    if os.name != "posix":
        pytest.skip("there are no such permissions here")
    if os.geteuid() == 0:
        for module in pkgutil.walk_packages(kbgraph.__path__, "kbgraph."):
            if not module.name.endswith("__main__"):
                import_module(module.name)
        for each in (folder, *folder.rglob("*")):
            os.chown(each, NOBODY, NOBODY)
        for parent in folder.parents:
            if parent.stat().st_uid == 0 and not parent.stat().st_mode & 0o001:
                parent.chmod(parent.stat().st_mode | 0o011)
        os.seteuid(NOBODY)
