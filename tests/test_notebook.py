"""What notebooks show, and the tutorial: it runs, and its outputs are those of this version."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from kbgraph import KnowledgeGraph, Report, UsageError
from kbgraph.errors import TOP, Place, Problem, Severity


def problem(message: str) -> Problem:
    return Problem("KB301", Severity.VIOLATION, Place("a.md", TOP), message, "Add <one>.")


def test_a_graph_shows_its_classes_and_categories(seeds_graph: KnowledgeGraph) -> None:
    shown = seeds_graph._repr_html_()
    assert "<td>kb:Article</td><td style='text-align:right'>14</td>" in shown
    assert "<th>category (the first 8 of 9)</th><th>articles</th>" in shown
    assert "<td>ai</td><td style='text-align:right'>2</td>" in shown
    assert "<td>knowledge</td><td style='text-align:right'>5</td>" in shown


def test_a_report_shows_its_problems_escaped_and_not_too_many() -> None:
    shown = Report((problem("<b>no</b> id"),))._repr_html_()
    assert "<b>" not in shown
    assert "&lt;b&gt;no&lt;/b&gt; id" in shown
    assert "KB301" in shown
    assert "a.md" in shown
    assert "Add &lt;one&gt;." in shown
    assert "1 problem: the data does not conform" in shown
    many = Report(tuple(problem(str(number)) for number in range(60)))._repr_html_()
    assert "60 problems, the first 50" in many
    assert many.count("<tr>") == 51
    assert "0 problems: the data conforms" in Report()._repr_html_()


def test_a_graph_draws_itself_and_the_picture_is_saved(seeds_graph: KnowledgeGraph, tmp_path: Path) -> None:
    picture = seeds_graph.draw("ai/attention")
    assert picture._repr_svg_().startswith("<svg ")
    picture.save(tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_bytes() == picture.svg
    with pytest.raises(UsageError, match=r"should end with \.svg"):
        picture.save(tmp_path / "a.png")
    assert "Most cited sources" in seeds_graph.draw()._repr_svg_()


def test_an_explorer_is_shut_off_from_the_notebook_and_has_the_neighbourhood_alone(seeds_graph: KnowledgeGraph) -> None:
    shown = seeds_graph.page("ai/attention")._repr_html_()
    frame = re.fullmatch(
        r'<iframe sandbox="allow-scripts" title="[^"]*" srcdoc="([^"]*)" style="[^"]*"></iframe>', shown
    )
    assert frame is not None
    document = html.unescape(frame[1])
    assert "connect-src" not in document
    assert "default-src 'none'" in document
    assert '"focus":"article/ai/attention"' in document
    assert "article/ai/attention" in document
    whole = seeds_graph.page().document.decode()
    assert '"article/science/double-helix"' in whole
    near = seeds_graph.page("science/double-helix").document.decode()
    assert '"article/science/double-helix"' in near
    assert '"article/computer-science/yaml"' not in near
    with pytest.raises(UsageError, match="near it are"):
        seeds_graph.page("ai/atention")


@pytest.fixture(scope="module")
def tutorial(root: Path) -> Path:
    return root / "docs" / "tutorial.ipynb"


def test_the_tutorial_runs_and_gives_what_is_kept(root: Path, tutorial: Path) -> None:
    """In a process of its own, whose kernel listens on the loopback alone."""
    code = "import sys; sys.path.insert(0, 'docs'); import execute; sys.stdout.write(execute.executed())"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=120, check=False
    )
    if "NoSuchKernel" in ran.stderr:
        pytest.skip("there is no Jupyter kernel 'python3' here")
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert ran.stdout == tutorial.read_text(encoding="utf-8"), "run python docs/execute.py"


def test_the_tutorial_is_sound_and_names_no_machine(tutorial: Path) -> None:
    text = tutorial.read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert not re.search(r"/(?:home|root|tmp|work|usr)/|[A-Z]:\\\\", text)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [bool(cell.outputs) for cell in cells] == ["unkept" not in cell.metadata.get("tags", ()) for cell in cells]
    assert "image/svg+xml" in text
