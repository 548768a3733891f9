"""The command line as a user meets it: exit codes, streams, settings, and what is left behind."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from tests.command_line import Ran, Run, runner

import kbgraph
from kbgraph.cli import COMMANDS, cli
from kbgraph.export import FORMATS
from kbgraph.output import OutputFolder
from kbgraph.terms import SCHEMA

posix = pytest.mark.skipif(os.name != "posix", reason="needs what only POSIX systems have")
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs what only Linux has")

GOOD = """---
id: {name}
title: "Good {name}"
category: ai
language: en
confidence: medium
last_verified: "2026-06-01"
created_date: "2026-05-01"
generation_method: human_only
conflict_of_interest: none_declared
completeness: 1.0
atomic_facts:
  - {{id: f, statement: "The {name} article states one fact.", source_title: T, source_url: "https://example.org/{name}", confidence: medium}}
primary_sources:
  - {{title: T, type: book, year: 2020, url: "https://example.org/{name}", institution: Example Press}}
---

# {name}

Text.
"""
BAD = "---\ntitle: Bad\n---\n"


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("KBGRAPH")]:
        monkeypatch.delenv(name)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two good articles in `seeds/`, which is the current folder."""
    for name in ("one", "two"):
        file = tmp_path / "seeds" / "ai" / f"{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(GOOD.format(name=name))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process."""
    return runner(capfd)


def process(*arguments: str | Path, **options: object) -> subprocess.Popen[bytes]:
    """A command in a process of its own."""
    command = [sys.executable, "-m", "kbgraph", *map(str, arguments)]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, **{**pipes, **options})  # type: ignore[call-overload, no-any-return]


def ended(started: subprocess.Popen[bytes], timeout: float = 60) -> Ran:
    """What a process left behind; killed, and a failure, where it does not end."""
    try:
        out, err = started.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        started.kill()
        started.communicate()
        pytest.fail(f"it did not end within {timeout} s")
    return Ran(started.returncode, (out or b"").decode(), (err or b"").decode())


def outputs(folder: Path) -> list[str]:
    """The files in an output folder, without the lock."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not {".lock", ".cache"} & set(path.relative_to(folder).parts)
    )


# ---- exit codes


def test_a_build_without_violations_leaves_with_0(project: Path, run: Run) -> None:
    ran = run("build", "-f", "nq,turtle")
    assert ran.code == 0, ran.err
    assert ran.out == ""
    assert "2 articles, 2 facts, 2 sources" in ran.err
    assert outputs(project / "out") == [
        "graph.nq",
        "graph.ttl",
        "manifest.json",
        "places.json",
        "report.json",
        "report.ttl",
    ]


def test_a_build_with_violations_writes_everything_and_leaves_with_1(project: Path, run: Run) -> None:
    (project / "seeds" / "bad.md").write_text(BAD)
    ran = run("build", "-f", "nq")
    assert ran.code == 1
    assert re.search(r"bad\.md:\d+:\d+: violation KB301: The article has no id\.", ran.err)
    assert "graph.nq" in outputs(project / "out")


@pytest.mark.parametrize("command", ["build", "check"])
def test_warnings_alone_leave_with_0(project: Path, run: Run, command: str) -> None:
    (project / "seeds" / "three.md").write_text(
        GOOD.format(name="three").replace("conflict_of_interest: none_declared\n", "")
    )
    ran = run(command, *(["-f", "nq"] if command == "build" else []))
    assert ran.code == 0
    assert "1 warning" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("build", "nowhere"),
        ("check", "nowhere"),
        ("convert", "nowhere.md", "-t", "nq"),
        ("build", "-f", "word"),
        ("convert", "seeds/ai/one.md", "-t", "word"),
        ("convert", "seeds/ai/one.md"),
        ("convert", "seeds", "-t", "nq"),
        ("convert", "seeds/ai/one.md", "-t", "search"),
        ("build", "--no-such-option"),
        ("no-such-command",),
        ("build", "--jobs", "0"),
        ("build", "--jobs", "many"),
        ("build", "--base", "kb.example"),
        ("check", "--base", "https://kb.example"),
        ("check", "--limit", "-1"),
        ("check", "--output-format", "xml"),
        ("build", "seeds/ai", "copy"),
        ("stats", "nowhere"),
        ("completion", "tcsh"),
        ("new", "!!!"),
        ("convert", "-", "-t", "nq", "--stdin-filename", "../x.md"),
        ("convert", "-", "-t", "nq", "--stdin-filename", "/x.md"),
    ],
    ids=" ".join,
)
def test_wrong_usage_leaves_with_2_and_a_reason_and_no_trace(
    project: Path, run: Run, arguments: tuple[str, ...]
) -> None:
    shutil.copytree(project / "seeds" / "ai", project / "copy")
    before = sorted(project.rglob("*"))
    ran = run(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.strip()
    assert "Traceback" not in ran.err
    assert "internal error" not in ran.err
    assert sorted(project.rglob("*")) == before


def test_two_inputs_of_one_relative_path_are_both_named(project: Path, run: Run) -> None:
    shutil.copytree(project / "seeds" / "ai", project / "copy")
    ran = run("build", "seeds/ai", "copy")
    assert "seeds/ai/one.md" in ran.err
    assert "copy/one.md" in ran.err


@pytest.mark.parametrize(
    "out", ["file", "file/out", pytest.param("/dev/null/out", marks=posix), pytest.param("/proc/out", marks=linux)]
)
def test_a_folder_that_cannot_be_written_leaves_with_3(project: Path, run: Run, out: str) -> None:
    (project / "file").write_text("mine")
    ran = run("build", "-f", "nq", "-o", out)
    assert ran.code == 3
    assert "cannot write" in ran.err
    assert (project / "file").read_text() == "mine"


def test_broken_shapes_leave_with_3(project: Path, run: Run) -> None:
    (project / "own.ttl").write_text("no Turtle")
    assert run("check", "--shapes", "own.ttl").code == 3
    assert run("check", "--shapes", "none.ttl").code == 3
    assert "own.ttl" in run("build", "--shapes", "own.ttl").err


@linux
@pytest.mark.parametrize(
    "arguments",
    [
        ("convert", "seeds/ai/one.md", "-t", "nq"),
        ("check", "--output-format", "json"),
        ("completion", "bash"),
        ("--help",),
    ],
    ids=" ".join,
)
def test_a_full_disk_leaves_with_3_and_one_line(project: Path, arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        ran = ended(process(*arguments, stdout=full, cwd=project))
    assert ran.code == 3
    assert "No space left" in ran.err
    assert "Traceback" not in ran.err


def test_too_many_articles_leave_with_4(project: Path, run: Run) -> None:
    (project / "kbgraph.toml").write_text("[limits]\narticles = 1\n")
    ran = run("build", "-f", "nq")
    assert ran.code == 4
    assert "limit articles" in ran.err


def test_an_error_of_our_own_is_one_line_that_asks_for_a_report(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("kbgraph.cli.options.compile_inputs", fail)
    ran = run("check")
    assert ran.code == 3
    assert "internal error: RuntimeError('boom')" in ran.err
    assert "Traceback" not in ran.err
    monkeypatch.setenv("KBGRAPH_DEBUG", "1")
    assert "Traceback" in run("check").err


# ---- files that are none, and names that are none


@posix
@pytest.mark.parametrize("command", [("check",), ("build", "-f", "nq")], ids=" ".join)
def test_a_pipe_among_the_articles_is_reported_and_never_waited_for(project: Path, command: tuple[str, ...]) -> None:
    os.mkfifo(project / "seeds" / "pipe.md")
    started = time.perf_counter()
    ran = ended(process(*command, cwd=project), timeout=30)
    assert time.perf_counter() - started < 20
    assert ran.code == 1
    assert "KB012" in ran.out + ran.err
    assert "2 articles" in ran.err


@posix
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/tty"])
def test_a_device_given_as_an_article_is_reported_and_never_read(project: Path, device: str) -> None:
    (project / "x.md").symlink_to(device)
    ran = ended(process("check", "x.md", cwd=project), timeout=30)
    assert ran.code == 1
    assert "KB012" in ran.out


@posix
def test_a_symbolic_link_among_the_articles_is_reported_and_its_target_is_not_shown(project: Path, run: Run) -> None:
    (project / "secret.txt").write_text("the secret line\n")
    (project / "seeds" / "link.md").symlink_to(project / "secret.txt")
    ran = run("check")
    assert ran.code == 1
    assert "KB012" in ran.out
    assert "secret line" not in ran.out


@linux
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", b"\xff.md"),
        ("build", b"\xff.md", "-f", "nq"),
        ("convert", b"\xff.md", "-t", "nq"),
        ("new", b"a \xff"),
        ("convert", "-", "-t", "nq", "--stdin-filename", b"\xff.md"),
    ],
    ids=str,
)
def test_a_name_that_is_not_utf_8_is_a_clear_answer(project: Path, arguments: tuple[str | bytes, ...]) -> None:
    (project / os.fsdecode(b"\xff.md")).write_text(GOOD.format(name="x"))
    ran = ended(process(*(os.fsdecode(each) for each in arguments), cwd=project))
    assert ran.code in {1, 2}, ran.err
    assert "internal error" not in ran.err
    assert not (project / "seeds" / "general" / "a.md").exists()


# ---- streams


@posix
@pytest.mark.parametrize(
    "arguments",
    [
        ("convert", "seeds/ai/one.md", "-t", "nq"),
        ("check", "--output-format", "json"),
        ("check", "--limit", "0"),
        ("--help",),
    ],
    ids=" ".join,
)
def test_a_closed_pipe_is_quiet(project: Path, arguments: tuple[str, ...]) -> None:
    for number in range(300):
        (project / "seeds" / f"{number}.md").write_text(f"---\nx{number}: 1\n")
    reader, writer = os.pipe()
    os.close(reader)
    ran = ended(process(*arguments, stdout=writer, cwd=project))
    os.close(writer)
    assert ran.err == ""
    assert ran.code not in {0, 3}


@posix
def test_the_first_line_of_a_long_answer_can_be_asked_for_alone(project: Path) -> None:
    command = f"{sys.executable} -m kbgraph convert seeds/ai/one.md -t nq | head -1"
    ran = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False, cwd=project)
    assert ran.stdout.count("\n") == 1
    assert ran.stderr == ""


def test_data_goes_to_standard_output_and_talk_to_standard_error(project: Path, run: Run) -> None:
    ran = run("convert", "seeds/ai/one.md", "-t", "nq")
    assert ran.code == 0
    assert ran.err == ""
    assert ran.out.encode() == kbgraph.build("seeds/ai/one.md").graph.n_quads()
    ran = run("check", "--output-format", "json")
    assert json.loads(ran.out)["conforms"] is True
    assert "2 articles" in ran.err


@pytest.mark.parametrize("name", [name for name, each in FORMATS.items() if not each.many])
def test_an_article_is_converted_to_every_format_of_one_file(project: Path, run: Run, name: str) -> None:
    ran = run("convert", "seeds/ai/one.md", "-t", name)
    assert ran.code == 0
    assert ran.out == kbgraph.build("seeds/ai/one.md").graph.serialize(name)


def test_an_article_is_converted_from_standard_input(project: Path) -> None:
    data = GOOD.format(name="two").encode()
    command = [sys.executable, "-m", "kbgraph", "convert", "-", "-t", "nq", "--stdin-filename", "ai/two.md"]
    ran = subprocess.run(command, input=data, capture_output=True, check=False, cwd=project)
    assert ran.returncode == 0
    made, built = (
        {line for line in data.splitlines() if line.endswith(b"<https://kb.example/graph/article/ai/two> .")}
        for data in (ran.stdout, kbgraph.build("seeds").graph.n_quads())
    )
    assert made == built != set()


def test_standard_input_has_a_name_by_default_and_its_problems_are_shown(project: Path) -> None:
    command = [sys.executable, "-m", "kbgraph", "convert", "-", "-t", "turtle"]
    ran = subprocess.run(command, input=BAD, capture_output=True, text=True, check=False, cwd=project)
    assert ran.returncode == 1
    assert "<https://kb.example/article/stdin> a " in ran.stdout
    assert "stdin.md:2:1: violation KB301" in ran.stderr
    assert "title: Bad" in ran.stderr


def test_standard_input_is_bounded(project: Path) -> None:
    (project / "kbgraph.toml").write_text("[limits]\nfile_bytes = 1000\n")
    command = [sys.executable, "-m", "kbgraph", "convert", "-", "-t", "nq"]
    ran = subprocess.run(command, input=b"x" * 3000, capture_output=True, check=False, cwd=project)
    assert ran.returncode == 1
    assert b"KB003" in ran.stderr


# ---- terminals


@pytest.fixture
def terminal(project: Path) -> Callable[..., tuple[int, str]]:
    """Runs a command whose output and talk go to a terminal."""
    pty = pytest.importorskip("pty", reason="there are no terminals")

    def run(*arguments: str, **environment: str) -> tuple[int, str]:
        ours, theirs = pty.openpty()
        started = process(
            *arguments, stdout=theirs, stderr=theirs, cwd=project, env={**os.environ, "TERM": "xterm", **environment}
        )
        os.close(theirs)
        seen = b""
        with suppress(OSError):
            while piece := os.read(ours, 65536):
                seen += piece
        os.close(ours)
        return started.wait(60), seen.decode()

    return run


def test_a_terminal_gets_colours_and_a_progress_bar(project: Path, terminal: Callable[..., tuple[int, str]]) -> None:
    (project / "seeds" / "bad.md").write_text(BAD)
    code, seen = terminal("check")
    assert code == 1
    assert "\x1b[31;1mviolation KB301\x1b[0m" in seen
    assert "articles" in seen
    assert "100%" in seen


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_can_be_declined(
    project: Path, terminal: Callable[..., tuple[int, str]], environment: dict[str, str]
) -> None:
    (project / "seeds" / "bad.md").write_text(BAD)
    code, seen = terminal("check", **environment)
    assert code == 1
    assert "violation KB301" in seen
    assert "\x1b[3" not in seen


def test_without_a_terminal_there_are_no_colours_and_no_progress_bar(project: Path, run: Run) -> None:
    (project / "seeds" / "bad.md").write_text(BAD)
    for command in (("check",), ("build", "-f", "nq")):
        ran = run(*command)
        assert "\x1b" not in ran.out + ran.err
        assert "%" not in ran.out + ran.err


def test_a_terminal_of_another_encoding_gets_what_it_can_show(project: Path) -> None:
    (project / "seeds" / "bad.md").write_text("---\ntitle: 注意力 — …\n---\n", encoding="utf-8")
    for command in (("check",), ("build", "-f", "nq")):
        ran = ended(process(*command, cwd=project, env={**os.environ, "PYTHONIOENCODING": "latin-1"}))
        assert ran.code == 1
        assert "internal error" not in ran.err


# ---- settings


def base_of(folder: Path) -> str:
    return str(json.loads((folder / "manifest.json").read_bytes())["base"])


def test_options_come_before_the_environment_and_that_before_the_settings(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "pyproject.toml").write_text('[tool.kbgraph]\nbase = "https://pyproject.test/"\nformats = ["nq"]\n')
    assert run("build").code == 0
    assert base_of(project / "out") == "https://pyproject.test/"
    (project / "kbgraph.toml").write_text(
        'base = "https://settings.test/"\nformats = ["nq"]\nout = "from-settings"\njobs = 1\n'
    )
    assert run("build").code == 0
    assert base_of(project / "from-settings") == "https://settings.test/"
    monkeypatch.setenv("KBGRAPH_BASE", "https://environment.test/")
    monkeypatch.setenv("KBGRAPH_OUT", "from-environment")
    monkeypatch.setenv("KBGRAPH_FORMATS", "turtle")
    monkeypatch.setenv("KBGRAPH_JOBS", "2")
    assert run("build").code == 0
    assert base_of(project / "from-environment") == "https://environment.test/"
    assert "graph.ttl" in outputs(project / "from-environment")
    assert run("build", "--base", "https://option.test/", "-o", "from-option", "-f", "nt", "-j", "1").code == 0
    assert base_of(project / "from-option") == "https://option.test/"
    assert "graph.nt" in outputs(project / "from-option")


def test_the_settings_are_found_upwards_from_the_first_path(
    project: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "kbgraph.toml").write_text('base = "https://settings.test/"\nformats = ["nq"]\n')
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kbgraph.toml").write_text('base = "https://elsewhere.test/"\n')
    monkeypatch.chdir(elsewhere)
    assert run("build", project / "seeds", "-o", "out").code == 0
    assert base_of(elsewhere / "out") == "https://settings.test/"


def test_a_setting_that_is_wrong_leaves_with_2_and_names_its_file(project: Path, run: Run) -> None:
    (project / "kbgraph.toml").write_text("bass = 1\n")
    for command in ("build", "check", "stats"):
        ran = run(command)
        assert ran.code == 2
        assert "kbgraph.toml: there is no setting 'bass'" in ran.err


@pytest.mark.parametrize("pattern", ["!", "\\\\"])
def test_a_pattern_that_is_none_leaves_with_2(project: Path, run: Run, pattern: str) -> None:
    (project / "kbgraph.toml").write_text(f'exclude = ["{pattern}"]\n')
    ran = run("check")
    assert ran.code == 2
    assert "internal error" not in ran.err


def test_aliases_are_read_and_excluded_files_are_not(project: Path, run: Run) -> None:
    (project / "kbgraph.toml").write_text('exclude = ["drafts/", "two.md"]\n[aliases]\nborn = "created_date"\n')
    (project / "seeds" / "drafts").mkdir()
    (project / "seeds" / "drafts" / "x.md").write_text(BAD)
    one = project / "seeds" / "ai" / "one.md"
    one.write_text(one.read_text().replace("created_date:", "born:"))
    ran = run("check")
    assert ran.code == 0, ran.out
    assert "1 article," in ran.err


def test_one_file_or_several_folders_can_be_given(project: Path, run: Run) -> None:
    (project / "more").mkdir()
    (project / "more" / "three.md").write_text(GOOD.format(name="three"))
    ran = run("check", "seeds/ai", "more/three.md")
    assert ran.code == 0
    assert "3 articles" in ran.err


# ---- what is left behind


def test_files_of_the_last_build_that_this_one_does_not_make_are_removed_and_no_others(project: Path, run: Run) -> None:
    run("build", "-f", "nq,turtle,search")
    assert "articles/ai/two.jsonld" in outputs(project / "out")
    (project / "out" / "notes.txt").write_text("mine")
    (project / "out" / "articles" / "mine.txt").write_text("mine")
    (project / "seeds" / "ai" / "two.md").unlink()
    run("build", "-f", "nq,search")
    assert outputs(project / "out") == [
        "articles/ai/one.jsonld",
        "articles/mine.txt",
        "graph.nq",
        "manifest.json",
        "notes.txt",
        "places.json",
        "report.json",
        "report.ttl",
    ]
    run("build", "-f", "nq")
    assert not (project / "out" / "articles" / "ai").exists()
    assert (project / "out" / "articles" / "mine.txt").read_text() == "mine"


def test_a_manifest_with_paths_outside_removes_nothing_there(project: Path, run: Run) -> None:
    run("build", "-f", "nq")
    (project / "victim").write_text("mine")
    manifest = json.loads((project / "out" / "manifest.json").read_bytes())
    manifest["files"] += [{"path": "../victim"}, {"path": str(project / "victim")}, {"path": "x/../../victim"}]
    (project / "out" / "manifest.json").write_text(json.dumps(manifest))
    assert run("build", "-f", "turtle").code == 0
    assert (project / "victim").read_text() == "mine"
    assert "graph.nq" not in outputs(project / "out")


@posix
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_leaves_with_130_and_the_old_outputs_whole(project: Path, run: Run, jobs: str) -> None:
    begun = time.monotonic()
    ended(process("build", "-f", "nq", cwd=project), timeout=60)
    took = time.monotonic() - begun
    before = {name: (project / "out" / name).read_bytes() for name in outputs(project / "out")}
    body = "\n".join(f"# {number}\n\ntext\n" for number in range(5))
    for number in range(1_500):
        (project / "seeds" / f"{number}.md").write_text(GOOD.format(name=number) + body)
    started = process("build", "-f", "nq", "-j", jobs, cwd=project, start_new_session=True)
    time.sleep(max(2, 2 * took))  # it is beyond its beginning, on slow machines as well
    assert started.poll() is None, "it was over before it could be stopped"
    os.killpg(started.pid, signal.SIGINT)
    ran = ended(started, timeout=30)
    assert ran.code == 130, ran.err
    assert "stopped" in ran.err
    assert "Traceback" not in ran.err
    assert {name: (project / "out" / name).read_bytes() for name in outputs(project / "out")} == before
    assert run("check", "seeds/ai").code == 0


def test_two_builds_do_not_write_one_folder_at_once(project: Path, run: Run) -> None:
    with OutputFolder(project / "out").locked():
        ran = run("build", "-f", "nq")
    assert ran.code == 3
    assert "another build" in ran.err


# ---- check


def test_check_writes_nothing(project: Path, run: Run) -> None:
    before = sorted(project.rglob("*"))
    assert run("check").code == 0
    assert sorted(project.rglob("*")) == before


def test_check_shows_so_many_problems_of_each_code(project: Path, run: Run) -> None:
    for number in range(4):
        (project / "seeds" / f"{number}.md").write_text(BAD)
    some, every = run("check", "--limit", "2"), run("check", "--limit", "0")
    assert some.code == every.code == 1
    assert some.out.count("violation KB301") == 2
    assert "KB301: and 2 more" in some.out
    assert every.out.count("violation KB301") == 4


def test_check_as_json_has_every_problem_whatever_the_limit(project: Path, run: Run) -> None:
    for number in range(4):
        (project / "seeds" / f"{number}.md").write_text(BAD)
    found = json.loads(run("check", "--output-format", "json", "--limit", "1").out)
    assert sum(problem["code"] == "KB301" for problem in found["problems"]) == 4


# ---- stats


def test_stats_shows_what_was_built(project: Path, run: Run) -> None:
    run("build", "-f", "nq,search")
    ran = run("stats")
    assert ran.code == 0
    assert re.search(r"articles +2\n", ran.out)
    assert "kb:Fact" in ran.out
    assert re.search(r"graph\.nq +[\d,]+ bytes", ran.out)
    assert "articles/ (2 files)" in ran.out
    assert json.loads(run("stats", "out", "--json").out)["counts"]["articles"] == 2


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        '{"base": 1, "counts": [], "classes": {}, "problems": {}, "files": 3}',
        '{"base": 1, "counts": {"a": "b"}, "classes": {}, "problems": {}, "files": []}',
    ],
)
def test_stats_of_something_else_is_wrong_usage(project: Path, run: Run, text: str) -> None:
    (project / "out").mkdir()
    (project / "out" / "manifest.json").write_text(text)
    ran = run("stats")
    assert ran.code == 2
    assert "internal error" not in ran.err


# ---- init and new


def test_init_makes_a_project_that_builds_without_a_violation_and_changes_nothing_twice(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("init", tmp_path / "mine").code == 0
    monkeypatch.chdir(tmp_path / "mine")
    ran = run("build")
    assert ran.code == 0, ran.err
    assert "no problems" in ran.err
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    again = run("init")
    assert again.code == 2
    assert "exists already" in again.err
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


def test_init_overwrites_nothing_of_ones_own(tmp_path: Path, run: Run) -> None:
    (tmp_path / "kbgraph.toml").write_text("title = 'mine'\n")
    (tmp_path / ".gitignore").write_text("*.tmp")
    ran = run("init", tmp_path)
    assert ran.code == 2
    assert (tmp_path / "kbgraph.toml").read_text() == "title = 'mine'\n"
    assert (tmp_path / ".gitignore").read_text() == "*.tmp"
    assert not (tmp_path / "seeds").exists()
    (tmp_path / "kbgraph.toml").unlink()
    assert run("init", tmp_path).code == 0
    assert (tmp_path / ".gitignore").read_text() == "*.tmp\n/out/\n"


@pytest.mark.parametrize(
    ("title", "options", "path"),
    [
        ("Word Embeddings", ["--category", "ai"], "seeds/ai/word-embeddings.md"),
        ('A "quoted": #title', [], "seeds/general/a-quoted-title.md"),
        ("Null", ["--category", "null"], "seeds/null/null.md"),
        (
            "注意力",
            ["--language", "zh-Hans", "--category", "Machine Learning/NLP"],
            "seeds/machine-learning/nlp/注意力.md",
        ),
        ("../../escape", ["--category", "../.."], None),
        ("../../escape", ["--in", "notes"], "notes/general/escape.md"),
    ],
)
def test_new_makes_an_article_that_only_lacks_its_facts_and_sources(
    project: Path, run: Run, title: str, options: list[str], path: str | None
) -> None:
    ran = run("new", title, *options)
    if path is None:
        assert ran.code == 2
        return
    assert ran.code == 0, ran.err
    assert Path(ran.out.strip()) == Path(path)
    codes = {problem["code"] for problem in json.loads(run("check", path, "--output-format", "json").out)["problems"]}
    assert codes == {"KB317", "KB404"}
    names = {quad.object.value for quad in kbgraph.build(path).graph if quad.predicate == SCHEMA.headline}
    assert names == {title}


def test_new_does_not_overwrite_an_article(project: Path, run: Run) -> None:
    file = project / "seeds" / "ai" / "one.md"
    before = file.read_bytes()
    assert run("new", "One", "--category", "ai").code == 2
    assert file.read_bytes() == before


@pytest.mark.parametrize("language", ["en: x", "zh_CN", "[x", ""])
def test_new_refuses_a_language_that_is_none(project: Path, run: Run, language: str) -> None:
    ran = run("new", "Fresh", "--language", language)
    assert ran.code == 2
    assert not (project / "seeds" / "general").exists()


# ---- help


@pytest.mark.parametrize("name", ["", *COMMANDS], ids=lambda name: name or "kbgraph")
def test_every_command_has_help_with_an_example_that_can_be_parsed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(cli, [*([name] if name else []), "--help"], prog_name="kbgraph")
    assert shown.exit_code == 0
    examples = re.findall(
        r"^ +(?:[^|\n]*\| )?kbgraph ((?:NAMES)\b.*)$".replace("NAMES", "|".join(COMMANDS)),
        shown.output,
        re.MULTILINE,
    )
    assert examples, "there is no example"
    for example in examples:
        words = re.split(r" \||  +| >", example)[0]
        first, *rest = shlex.split(words)
        for path in (Path(word) for word in rest if not word.startswith("-") and not Path(word).is_absolute()):
            path.mkdir(parents=True, exist_ok=True)  # some commands want their paths to exist
        command = cli.get_command(click.Context(cli), first)
        assert command is not None
        assert command.make_context(first, rest, resilient_parsing=False).command is command


def test_help_is_help_in_its_short_form_too() -> None:
    assert CliRunner().invoke(cli, ["-h"]).output == CliRunner().invoke(cli, ["--help"]).output


def test_help_and_version_leave_with_0(run: Run) -> None:
    assert run("--help").code == 0
    ran = run("--version")
    assert (ran.code, ran.out) == (0, f"kbgraph, version {kbgraph.__version__}\n")


def test_without_a_command_help_is_shown_as_wrong_usage(run: Run) -> None:
    ran = run()
    assert ran.code == 2
    assert "Commands:" in ran.out + ran.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_of_a_shell_completes_kbgraph(run: Run, shell: str) -> None:
    ran = run("completion", shell)
    assert ran.code == 0
    assert "_KBGRAPH_COMPLETE" in ran.out


def test_the_completion_script_of_bash_is_good_bash(run: Run, tmp_path: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash")
    script = tmp_path / "completion.bash"
    script.write_text(run("completion", "bash").out)
    assert subprocess.run([bash, "-n", str(script)], check=False).returncode == 0
