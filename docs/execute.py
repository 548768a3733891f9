"""Run `tutorial.ipynb` and write it with its outputs: `python docs/execute.py`, from the checkout.

Outputs of cells with the tag `unkept` are dropped: they are large, or differ between versions of
libraries. What is kept is the same on every machine; a test compares it.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "docs" / "tutorial.ipynb"


def executed() -> str:
    """The notebook with the outputs of running it, as it is kept."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    # Pipes rather than ports: nothing listens on a network, and no other program can take the place.
    with TemporaryDirectory() as folder:
        manager = AsyncKernelManager(kernel_name="python3", transport="ipc", ip=f"{folder}/kernel")
        NotebookClient(notebook, km=manager, timeout=60, resources={"metadata": {"path": str(ROOT)}}).execute()
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code" and "unkept" in cell.metadata.get("tags", ()):
            cell.outputs = []
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return str(nbformat.writes(notebook)) + "\n"


if __name__ == "__main__":
    NOTEBOOK.write_text(executed(), encoding="utf-8")
