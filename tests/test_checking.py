"""`kbgraph check` and `explain` as a user meets them: formats, codes that are chosen, exit codes."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.command_line import Ran, Run, runner

from kbgraph.cli.reporting import OUTPUT_FORMATS
from kbgraph.explanations import explanations

BAD = Path(__file__).parent / "bad"


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in a folder with a violation (KB347), a warning (KB405) and a note (KB501)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    (tmp_path / "seeds").mkdir()
    for name, case in (("v", "KB347-in-words"), ("w", "KB405-no-declaration"), ("n", "KB501-long-title")):
        text = (BAD / f"{case}.md").read_text(encoding="utf-8")
        for word in ("boiling-water", "At sea level", "On a mountain", "Salt makes"):
            text = text.replace(word, f"{name} {word}")
        (tmp_path / "seeds" / f"{name}.md").write_text(text.replace("978-3-16-148410-0", ""), encoding="utf-8")
    for name in ("w", "n"):
        (tmp_path / "seeds" / f"{name}.md").write_text(
            (tmp_path / "seeds" / f"{name}.md").read_text(encoding="utf-8").replace("handbook", f"{name}-book"),
            encoding="utf-8",
        )

    return runner(capfd)


def codes(ran: Ran) -> list[str]:
    """The codes of a report in JSON."""
    return sorted(each["code"] for each in json.loads(ran.out)["problems"])


def check(run: Run, *arguments: str) -> Ran:
    return run("check", "--output-format", "json", "--jobs", "1", *arguments)


def test_the_folder_of_these_tests_has_one_problem_of_each_severity(run: Run) -> None:
    assert codes(check(run)) == ["KB347", "KB405", "KB501"]


# ---- which problems count


@pytest.mark.parametrize(
    ("options", "left", "code"),
    [
        (["--select", "KB3"], ["KB347"], 1),
        (["--select", "KB4,KB5"], ["KB405", "KB501"], 0),
        (["--ignore", "KB3"], ["KB405", "KB501"], 0),
        (["--ignore", "KB347, KB405"], ["KB501"], 0),
        (["--select", "KB347", "--ignore", "KB3"], ["KB347"], 1),
        (["--select", "KB4", "--fail-level", "warning"], ["KB405"], 1),
        (["--select", "KB5", "--fail-level", "warning"], ["KB501"], 0),
        (["--select", "KB5", "--fail-level", "info"], ["KB501"], 1),
        (["--exit-zero"], ["KB347", "KB405", "KB501"], 0),
        (["--ignore", "KB"], [], 0),
    ],
)
def test_options_choose_what_is_reported_and_what_fails(
    run: Run, options: list[str], left: list[str], code: int
) -> None:
    ran = check(run, *options)
    assert (codes(ran), ran.code) == (left, code)


def test_settings_choose_too_and_options_come_before_them(run: Run) -> None:
    Path("kbgraph.toml").write_text('ignore = ["KB3"]\nfail-level = "warning"\n')
    assert (codes(check(run)), check(run).code) == (["KB405", "KB501"], 1)
    assert codes(check(run, "--ignore", "KB4")) == ["KB347", "KB501"]
    assert check(run, "--fail-level", "violation").code == 0
    Path("kbgraph.toml").write_text('select = ["KB5"]\n')
    assert codes(check(run)) == ["KB501"]


def test_a_build_goes_by_the_same_settings(run: Run) -> None:
    Path("kbgraph.toml").write_text('ignore = ["KB3"]\nfail-level = "warning"\n')
    ran = run("build", "-f", "nq", "--jobs", "1")
    assert ran.code == 1
    assert "warning KB405" in ran.err
    assert "note KB501" not in ran.err
    assert codes(Ran(0, Path("out/report.json").read_text(encoding="utf-8"), "")) == ["KB405", "KB501"]


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_a_code_that_there_is_not_is_wrong_usage_with_the_nearest_one(run: Run, option: str) -> None:
    ran = check(run, option, "KB3,KB34O")
    assert ran.code == 2
    assert f"{option[2:]}: no code begins with 'KB34O'" in ran.err
    assert "did you mean KB3?" in check(run, option, "kb3").err
    assert ran.out == ""


def test_codes_of_the_projects_own_shapes_can_be_chosen(run: Run) -> None:
    Path("own.ttl").write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix kbs: <https://w3id.org/kbgraph/shapes#> .
        @prefix kb: <https://w3id.org/kbgraph/ns#> . @prefix schema: <https://schema.org/> .
        <urn:x:S> a sh:PropertyShape ; sh:targetClass kb:Article ; sh:path schema:alternateName ; sh:minCount 1 ;
            sh:message "It has no other name." ; kbs:code "OWN7" ."""
    )
    assert codes(check(run, "--shapes", "own.ttl", "--select", "OWN")) == ["OWN7"] * 3
    assert check(run, "--select", "OWN").code == 2
    for name in OUTPUT_FORMATS:
        ran = run("check", "--shapes", "own.ttl", "--select", "OWN", "--output-format", name, "--jobs", "1")
        assert (ran.code, "OWN7" in ran.out) == (1, True), ran.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('select = "KB3"', "'select' must be a list of codes"),
        ('ignore = ["all"]', "ignore: 'all' is not a code"),
        ('fail-level = "error"', "'fail-level' must be violation, warning or info"),
    ],
)
def test_a_wrong_setting_is_wrong_usage(run: Run, text: str, words: str) -> None:
    Path("kbgraph.toml").write_text(text)
    ran = check(run)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert "kbgraph.toml" in ran.err


# ---- formats


@pytest.mark.parametrize("name", OUTPUT_FORMATS)
def test_every_format_says_every_problem_and_the_summary_is_talk(run: Run, name: str) -> None:
    ran = run("check", "--output-format", name, "--jobs", "1")
    assert ran.code == 1
    for code in ("KB347", "KB405", "KB501"):
        assert code in ran.out
    assert "1 violation, 1 warning, 1 note" in ran.err
    assert "1 violation, 1 warning" not in ran.out


def test_paths_are_those_of_the_current_folder_or_of_the_checkout(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def paths(name: str) -> str:
        return run("check", "--select", "KB347", "--output-format", name, "--jobs", "1", Path.cwd() / "seeds").out

    assert "file=seeds/v.md,line=38," in paths("github")
    assert '"uri": "seeds/v.md"' in paths("sarif")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(Path.cwd().parent))
    assert f"file={Path.cwd().name}/seeds/v.md," in paths("github")
    monkeypatch.setenv("GITHUB_WORKSPACE", "/somewhere/else")
    assert "file=seeds/v.md," in paths("github")


def test_what_cannot_be_an_article_is_named_by_a_path_that_leads_to_it(run: Run) -> None:
    Path("seeds/link.md").symlink_to("v.md")
    where = {
        name: run("check", "--select", "KB012", "--output-format", name, "--jobs", "1").out
        for name in ("human", "github", "sarif")
    }
    assert where["human"].startswith("seeds/link.md:1:1: violation KB012")
    assert "file=seeds/link.md," in where["github"]
    assert '"uri": "seeds/link.md"' in where["sarif"]


def test_junit_fails_at_the_level_that_was_asked_for(run: Run) -> None:
    def failures(level: str) -> str | None:
        ran = run("check", "--output-format", "junit", "--fail-level", level, "--jobs", "1")
        return ET.fromstring(ran.out.encode()).get("failures")

    assert [failures(level) for level in ("violation", "warning", "info")] == ["1", "2", "3"]


def test_sarif_says_the_exit_code(run: Run) -> None:
    def said(*options: str) -> int:
        ran = run("check", "--output-format", "sarif", "--jobs", "1", *options)
        code: int = json.loads(ran.out)["runs"][0]["invocations"][0]["exitCode"]
        assert code == ran.code
        return code

    assert [said(), said("--exit-zero"), said("--ignore", "KB3")] == [1, 0, 0]


def test_people_are_told_where_to_read_on_and_what_can_be_mended(run: Run) -> None:
    def last(*options: str) -> str:
        return run("check", "--jobs", "1", *options).err.splitlines()[-1]

    assert last("--select", "KB4") == "kbgraph explain CODE says what a code means"
    path = Path("seeds/v.md")
    path.write_text(path.read_text(encoding="utf-8").replace("category: physics", "category:physics"), encoding="utf-8")
    assert last("--select", "KB007,KB4").endswith("; kbgraph check --diff shows whether --fix can mend KB007")
    assert "explain CODE" not in last("--select", "KB9")
    assert "explain CODE" not in last("--output-format", "github")


def test_statistics_are_a_table_and_nothing_else(run: Run) -> None:
    ran = run("check", "--statistics", "--jobs", "1")
    assert ran.code == 1
    assert ran.out.splitlines() == [
        f"1  {code}  {explanations()[code].severity.value:<9}  {explanations()[code].title}"
        for code in ("KB347", "KB405", "KB501")
    ]
    assert run("check", "--statistics", "--output-format", "sarif").code == 2


# ---- standard input


def give(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_standard_input_is_checked_under_the_name_it_is_given(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, Path("seeds/v.md").read_bytes())
    ran = run("check", "-", "--stdin-filename", "notes/x.md")
    assert ran.code == 1
    assert ran.out.startswith("notes/x.md:38:11: violation KB347")
    assert "     year: in press" in ran.out.replace("|", "")
    give(monkeypatch, b"no front matter")
    ran = check(run, "-")
    assert [(each["code"], each["path"]) for each in json.loads(ran.out)["problems"]] == [("KB004", "stdin.md")]


def test_standard_input_goes_by_the_settings_of_its_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("seeds/kbgraph.toml").write_text('ignore = ["KB3"]\n')
    for name, code in (("seeds/v.md", 0), ("elsewhere/v.md", 1)):
        give(monkeypatch, Path("seeds/v.md").read_bytes())
        assert check(run, "-", "--stdin-filename", name).code == code


def test_standard_input_goes_with_no_other_path_and_stays_in_the_folder(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(monkeypatch, b"")
    assert run("check", "-", "seeds").code == 2
    assert run("check", "-", "--stdin-filename", "/etc/passwd.md").code == 2
    assert run("check", "-", "--stdin-filename", "../x.md").code == 2


# ---- explain


def test_explain_tells_the_meaning_the_reason_and_both_examples(run: Run) -> None:
    ran = run("explain", "kb347", "kbs:ArticleId")
    assert ran.code == 0
    assert ran.err == ""
    year, article_id = explanations()["KB347"], explanations()["KB301"]
    plain = " ".join(ran.out.split())
    for each in (year, article_id):
        for text in (each.title, each.means, each.why, each.hint, each.wrong, each.right, each.shape):
            assert " ".join(text.split()) in plain
    assert plain.index("KB347") < plain.index("KB301")
    assert "\x1b" not in ran.out


def test_explain_alone_lists_all_codes_by_group(run: Run) -> None:
    ran = run("explain")
    assert ran.code == 0
    listed = [line.split()[0] for line in ran.out.splitlines() if line.startswith("  ")]
    assert listed == list(explanations())
    assert "Reading the file\n  KB001" in ran.out


def test_explain_offers_the_nearest_code_for_one_that_there_is_not(run: Run) -> None:
    ran = run("explain", "KB301", "KB3O2")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no code 'KB3O2'; did you mean KB302?" in ran.err
