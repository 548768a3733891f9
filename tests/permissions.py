"""What is forbidden to others is not forbidden to the superuser, as whom tests may run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

NOBODY = 65534


def without_privileges(folder: Path) -> None:
    """Go on as nobody, who owns the folder, until the test is over (see `conftest.py`)."""
    if os.name != "posix":
        pytest.skip("there are no such permissions here")
    if os.geteuid() == 0:
        for each in (folder, *folder.rglob("*")):
            os.chown(each, NOBODY, NOBODY)
        for parent in folder.parents:
            if parent.stat().st_uid == 0 and not parent.stat().st_mode & 0o001:
                parent.chmod(parent.stat().st_mode | 0o011)
        os.seteuid(NOBODY)
