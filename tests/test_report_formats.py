"""Problems for machines: each format is what its public schema or its reader says it is."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import jsonschema
import pyoxigraph as ox
import pytest
import rdflib
import xmlschema
from rdflib.namespace import SH

import kbgraph
from kbgraph.errors import TOP, Mark, Place, Problem, Severity
from kbgraph.explanations import explanations
from kbgraph.report import Report, human, selected, to_json
from kbgraph.report.github import to_github
from kbgraph.report.junit import to_junit
from kbgraph.report.sarif import to_sarif
from kbgraph.report.turtle import to_turtle
from kbgraph.terms import Space

BAD = Path(__file__).parent / "bad"
SCHEMAS = Path(__file__).parent / "resources" / "schemas"
ROOT = Path("/project")
VALUE = Mark(2, 8, 2, 19)


def problem(code: str = "KB301", severity: Severity = Severity.VIOLATION, **more: object) -> Problem:
    """A problem in `a.md`."""
    given = {"place": Place("a.md", VALUE), "message": "It is wrong.", "hint": "Mend it.", **more}
    return Problem(code, severity, **given)  # type: ignore[arg-type]


def report(*problems: Problem, **files: bytes) -> Report:
    """A report about `a.md`, which lies nowhere."""
    return Report.of(problems, {"a.md": "---\ntitle: Überschrift\n---\n".encode(), **files})


@pytest.fixture(scope="session")
def bad_result() -> kbgraph.BuildResult:
    """The build of all bad articles, each in a folder of its own name."""
    return kbgraph.build(BAD, settings=kbgraph.Settings(jobs=1))


# ---- choosing


def test_codes_are_chosen_by_their_beginnings_and_the_longer_one_decides() -> None:
    made = report(problem("KB301"), problem("KB302"), problem("KB411"), problem("OWN1"))
    assert [*selected(made).codes()] == ["KB301", "KB302", "KB411", "OWN1"]
    assert [*selected(made, ["KB3"]).codes()] == ["KB301", "KB302"]
    assert [*selected(made, ["KB3", "OWN"], ["KB302"]).codes()] == ["KB301", "OWN1"]
    assert [*selected(made, ["KB302"], ["KB3"]).codes()] == ["KB302"]
    assert [*selected(made, [], ["KB3"]).codes()] == ["KB411", "OWN1"]
    assert selected(made, ["KB3"]).files is made.files


def test_a_report_fails_at_a_level_or_below_it() -> None:
    warned = report(problem("KB411", Severity.WARNING))
    assert [warned.fails(each) for each in Severity] == [False, True, True]
    assert warned.conforms
    assert not report().fails(Severity.INFO)


# ---- SARIF


def sarif_schema() -> dict[str, object]:
    schema: dict[str, object] = json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    return schema


def sarif(made: Report, root: Path = ROOT) -> dict:
    """The one run of a report."""
    return json.loads(to_sarif(made, root))["runs"][0]


def test_sarif_is_valid_for_every_code(bad_result: kbgraph.BuildResult) -> None:
    log = json.loads(to_sarif(bad_result.report, BAD, exit_code=1))
    run = log["runs"][0]
    kinds = {(each["ruleId"], *each): each for each in run["results"]}  # all are compared, each with each
    some = {**log, "runs": [{**run, "results": [*kinds.values()]}]}
    validator = jsonschema.Draft7Validator(sarif_schema(), format_checker=jsonschema.FormatChecker())
    assert [error.message for error in validator.iter_errors(some)] == []
    assert len(kinds) > 90
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 1}]
    assert len(run["results"]) == len(bad_result.report)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(explanations())
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    for rule in rules:
        assert rule["helpUri"].endswith(f"#{rule['id']}")
        assert "**Wrong**" in rule["help"]["markdown"]


def test_sarif_that_is_empty_or_has_codes_of_others_is_valid() -> None:
    others = report(problem("OWN-1"), problem("KB900", place=Place("", TOP)), problem("OWN-1", message="Again."))
    for each in (Report(), others):
        log = json.loads(to_sarif(each, ROOT))
        assert [*jsonschema.Draft7Validator(sarif_schema()).iter_errors(log)] == []
    rules = sarif(others)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules].count("OWN-1") == 1


def test_sarif_names_the_text_that_is_wrong_and_the_places_that_belong_to_it() -> None:
    other = Place("b c.md", Mark(1, 2, 3, 4))
    run = sarif(report(problem(related=(other,), subject="https://kb.example/x")))
    (result,) = run["results"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert result["level"] == "error"
    assert result["message"] == {"text": "It is wrong. Mend it."}
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "a.md", "uriBaseId": "ROOT"},
                "region": {"startLine": 2, "startColumn": 8, "endLine": 2, "endColumn": 19},
            },
            "logicalLocations": [{"fullyQualifiedName": "https://kb.example/x"}],
        }
    ]
    (related,) = result["relatedLocations"]
    assert related["id"] == 1
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "b%20c.md"


def test_sarif_paths_are_relative_and_lead_to_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a folder" / "100% ü #1.md"
    file.parent.mkdir()
    file.write_text("---\nx\n")
    made = Report.of([problem()], {"a.md": file})
    run = sarif(made, tmp_path)
    where = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert where == {"uri": "a%20folder/100%25%20%C3%BC%20%231.md", "uriBaseId": "ROOT"}
    base = run["originalUriBaseIds"]["ROOT"]["uri"]
    assert base.endswith("/")
    assert Path(unquote(urlsplit(base + where["uri"]).path)) == file
    outside = sarif(made, tmp_path / "elsewhere")["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert "uriBaseId" not in outside
    assert Path(unquote(urlsplit(outside["uri"]).path)) == file


def test_a_path_that_looks_like_a_scheme_stays_a_path() -> None:
    made = report(problem(place=Place("urn:x.md", VALUE)), problem(place=Place("", TOP)))
    uris = [each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in sarif(made)["results"]]
    assert uris == ["./", "urn%3Ax.md"]


def test_sarif_messages_hold_no_placeholder_and_no_link_by_chance() -> None:
    run = sarif(report(problem(message="The set {0} of [a](b) and [c].", hint="")))
    assert run["results"][0]["message"]["text"] == r"The set {{0}} of \[a](b) and [c]."


def test_sarif_fingerprints_stay_when_lines_move() -> None:
    def marks(text: str, line: int) -> list[str]:
        place = Place("a.md", Mark(line, 1, line, 6))
        made = Report.of([problem(place=place), problem(place=place, subject="u#_2")], {"a.md": text.encode()})
        return [each["partialFingerprints"]["kbgraph/v1"] for each in sarif(made)["results"]]

    before, after = marks("---\ntitle: x\n---\n", 2), marks("---\n\n# new\ntitle: x\n---\n", 4)
    assert before == after
    assert len(set(before)) == 2
    assert marks("---\ntitle: y\n---\n", 2) != before


# ---- GitHub


def test_github_gets_a_command_for_each_problem_the_worst_first() -> None:
    made = report(
        problem("KB501", Severity.INFO),
        problem("KB411", Severity.WARNING, place=Place("a.md", Mark(2, 1, 3, 2))),
        problem(place=Place("a.md", TOP)),
        problem("KB900", place=Place("", TOP)),
    )
    assert to_github(made, ROOT).decode().splitlines() == [
        "::error title=kbgraph KB900::It is wrong. Mend it.",
        "::error file=a.md,line=1,endLine=1,title=kbgraph KB301::It is wrong. Mend it.",
        "::warning file=a.md,line=2,endLine=3,title=kbgraph KB411::It is wrong. Mend it.",
        "::notice file=a.md,line=2,endLine=2,col=8,endColumn=19,title=kbgraph KB501::It is wrong. Mend it.",
    ]


def test_nothing_in_a_problem_ends_a_command_of_github_or_begins_one() -> None:
    evil = problem(place=Place("a,b:c%.md", TOP), message="100%\r\n::set-output name=x::y", hint="")
    (line,) = to_github(report(evil), ROOT).decode().splitlines()
    assert line.startswith("::error file=a%2Cb%3Ac%25.md,line=1,")
    assert line.endswith("::100%25%0D%0A::set-output name=x::y")


def test_github_and_junit_name_the_other_places_too() -> None:
    places = tuple(Place(f"{number}.md", Mark(number, 1, number, 2)) for number in range(1, 8))
    two, seven = (Report.of([problem(related=places[:count])], {"1.md": ROOT / "b/1.md"}) for count in (2, 7))
    assert b" Also at b/1.md:1, 2.md:2." in to_github(two, ROOT)
    assert f" Also at {ROOT / 'b/1.md'}:1, 2.md:2.".encode() in to_junit(two, Severity.VIOLATION)
    assert b", 5.md:5, 2 more places." in to_github(seven, ROOT)


def test_github_sees_paths_from_the_folder_that_it_runs_in(tmp_path: Path) -> None:
    file = tmp_path / "seeds" / "ai" / "a.md"
    made = Report.of([problem()], {"a.md": file})
    assert b"file=seeds/ai/a.md," in to_github(made, tmp_path)
    assert f"file={file}," in to_github(made, tmp_path / "other").decode()


# ---- JUnit


def suites(made: Report, level: Severity = Severity.VIOLATION) -> list[ET.Element]:
    """The suites, after the schema has accepted them."""
    data = to_junit(made, level)
    xmlschema.XMLSchema(SCHEMAS / "junit-10.xsd").validate(io.BytesIO(data))
    return list(ET.fromstring(data))


def test_junit_has_a_suite_for_each_file_and_a_test_for_each_problem() -> None:
    made = report(
        problem(), problem("KB411", Severity.WARNING), problem("KB900", place=Place("", TOP)), **{"b.md": b"fine"}
    )
    whole, first, second = suites(made)
    assert [each.get("name") for each in (whole, first, second)] == ["the whole dataset", "a.md", "b.md"]
    assert (first.get("tests"), first.get("failures")) == ("2", "1")
    assert [[child.tag for child in case] for case in first] == [["failure"], ["system-out"]]
    failure = first[0][0]
    assert failure.attrib == {"type": "KB301", "message": "It is wrong."}
    assert failure.text == "a.md:2:8: violation KB301: It is wrong. Mend it."
    assert (second.get("tests"), second.get("failures"), len(second)) == ("1", "0", 1)
    assert len(second[0]) == 0


def test_junit_fails_what_the_level_says() -> None:
    made = report(problem("KB411", Severity.WARNING), problem("KB501", Severity.INFO))
    assert [suites(made, level)[0].get("failures") for level in Severity] == ["0", "1", "2"]


def test_junit_is_xml_whatever_a_problem_says() -> None:
    (suite,) = suites(report(problem(message='\x00 <&"> \x1b[31m \ud800 ]]>', hint="")))
    assert suite[0][0].get("message") == '\\x00 <&"> \\x1b[31m \\xd800 ]]>'


def test_junit_is_accepted_for_every_code(bad_result: kbgraph.BuildResult) -> None:
    made = suites(bad_result.report)
    assert sum(int(each.get("failures", "")) for each in made) == bad_result.report.count(Severity.VIOLATION)
    assert "clean.md" in {Path(each.get("name", "")).name for each in made}


# ---- SHACL


def turtle(result: kbgraph.BuildResult) -> bytes:
    return to_turtle(result.report, result.results, Space("https://kb.example/"))


def test_the_turtle_report_is_a_validation_report_of_all_problems(bad_result: kbgraph.BuildResult) -> None:
    graph = rdflib.Graph().parse(data=turtle(bad_result), format="turtle")
    assert not [term for triple in graph for term in triple if isinstance(term, rdflib.BNode)]
    (node,) = graph.subjects(rdflib.RDF.type, SH.ValidationReport)
    assert graph.value(node, SH.conforms) == rdflib.Literal(False)
    results = list(graph.objects(node, SH.result))
    assert len(results) == len(bad_result.report)
    for result in results:
        for needed in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent, SH.resultMessage):
            assert len(list(graph.objects(result, needed))) == 1
        for at_most_one in (SH.value, SH.resultPath, SH.sourceShape):
            assert len(list(graph.objects(result, at_most_one))) < 2
        assert str(graph.value(result, SH.focusNode)).startswith("https://kb.example/")


def test_the_turtle_report_says_the_place_the_code_and_the_shape(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes((BAD / "KB347-in-words.md").read_bytes())
    (tmp_path / "b.md").write_text("---\ntitle:x\n---\n")
    result = kbgraph.build(tmp_path, settings=kbgraph.Settings(jobs=1))
    store = ox.Store()
    store.load(turtle(result), format=ox.RdfFormat.TURTLE)
    rows = store.query("""
        PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX kbs: <https://w3id.org/kbgraph/shapes#>
        SELECT ?code ?file ?line ?column ?end ?focus ?component ?shape ?value {
            ?r kbs:code ?code ; kbs:file ?file ; kbs:line ?line ; kbs:column ?column ; kbs:endColumn ?end ;
               sh:focusNode ?focus ; sh:sourceConstraintComponent ?component
            OPTIONAL { ?r sh:sourceShape ?shape ; sh:value ?value }
        } ORDER BY ?code""")
    reading, shape = [[None if term is None else term.value for term in row] for row in rows]  # type: ignore[union-attr]
    kbs, kb = "https://w3id.org/kbgraph/shapes#", "https://kb.example/article/"
    assert reading == ["KB007", "b.md", "2", "1", "7", f"{kb}b", f"{kbs}ReadingConstraintComponent", None, None]
    assert shape[:6] == ["KB347", "a.md", "38", "11", "19", f"{kb}a#_ref-1"]
    assert shape[7:] == [f"{kbs}ReferenceYear", "in press"]


def test_the_terms_of_the_turtle_report_are_documented(root: Path, bad_result: kbgraph.BuildResult) -> None:
    space = "https://w3id.org/kbgraph/shapes#"
    known = {quad.subject.value for quad in ox.parse(path=str(root / "shapes" / "kbgraph.ttl"))}
    known |= {each.shape for each in explanations().values()}
    made = ox.parse(turtle(bad_result), format=ox.RdfFormat.TURTLE)
    used = {term.value for quad in made for term in (quad.predicate, quad.object) if isinstance(term, ox.NamedNode)}
    assert {iri for iri in used if iri.startswith(space)} <= known


def test_an_empty_turtle_report_conforms() -> None:
    graph = rdflib.Graph().parse(data=to_turtle(Report(), (), Space("https://kb.example/")), format="turtle")
    assert list(graph.objects(None, SH.conforms)) == [rdflib.Literal(True)]
    assert len(graph) == 2


# ---- all of them


def test_every_format_is_the_same_on_every_run(bad_result: kbgraph.BuildResult) -> None:
    shuffled = Report.of(reversed(bad_result.report.problems), bad_result.report.files)
    for made in (
        lambda each: to_sarif(each, ROOT),
        lambda each: to_github(each, ROOT),
        lambda each: to_junit(each, Severity.INFO),
        lambda each: to_turtle(each, bad_result.results, Space("https://kb.example/")),
    ):
        assert made(shuffled) == made(bad_result.report)
    mixed = bad_result.results[::-1]
    space = Space("https://kb.example/")
    assert to_turtle(shuffled, mixed, space) == to_turtle(bad_result.report, bad_result.results, space)


def test_every_format_takes_characters_that_no_file_can_hold() -> None:
    odd = problem(place=Place("\udcff\x1b.md", VALUE), message="\ud800 \x07", hint="\udfff", subject="\ud800")
    made = report(odd)
    assert json.loads(to_json(made))["problems"][0]["message"] == "\ud800 \x07"
    assert sarif(made)["results"][0]["message"]["text"] == "\ud800 \x07 \udfff"
    assert to_github(made, ROOT).endswith(b"::\\ud800 \x07 \\udfff\n")
    assert len(suites(made)) == 2
    data = to_turtle(made, (), Space("https://kb.example/"))
    assert "\\xd800 \\x07" in {str(each) for each in rdflib.Graph().parse(data=data, format="turtle").objects()}
    assert all(line.isprintable() for line in human(made, colour=False))


def test_ten_thousand_problems_are_shown_within_a_second(tmp_path: Path) -> None:
    files = {}
    for number in range(100):
        files[f"{number}.md"] = tmp_path / f"{number}.md"
        files[f"{number}.md"].write_text("---\n" + "title: Überschrift 水 eins\n" * 200, encoding="utf-8")
    made = Report.of(
        [
            problem(f"KB3{line % 10:02}", place=Place(f"{number}.md", Mark(line + 2, 8, line + 2, 19)))
            for number in range(100)
            for line in range(100)
        ],
        files,
    )
    for colour in (False, True):
        started = time.process_time()
        assert sum(1 for _ in human(made, colour=colour)) > 40_000
        assert time.process_time() - started < 1
