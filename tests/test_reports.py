"""Reports: every form says the same, keeps to its format, and lets no file steer it."""

import io
import json
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from rich.cells import cell_len

from rse_plan.checks.validation import check_content
from rse_plan.cli import output
from rse_plan.documents.reports import FORMATS, Format, Report, write
from rse_plan.files import Diagnostic, Related, Span, lines_of
from rse_plan.language import Language, languages

PUBLISHED = Path(__file__).parent / "published"
GITLAB_SEVERITIES = {"info", "minor", "major", "critical", "blocker"}

FAULTY = """\
kind: organisation
name: Essai
headcount: 100
pilot: {users: 200, start: 2026-01-05}
legal: {works_council: {consultation_end: 2026-02-01}}
"""

Place = tuple[int, int, str]


@cache
def sarif_schema() -> Draft4Validator:
    return Draft4Validator(json.loads((PUBLISHED / "sarif-schema-2.1.0.json").read_text()))


@cache
def junit_schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(PUBLISHED / "junit-10.xsd"))


def report(content: str | bytes, name: str = "org.yaml", language: str = "en") -> Report:
    """Check a file that is not there, and show its lines all the same."""
    content = content.encode() if isinstance(content, str) else content
    checked = check_content(content, name, lambda _: "core", language)
    lines = lines_of(content.decode("utf-8-sig", errors="replace"))
    shown = {name: lines}
    return Report(
        checked.diagnostics, checked.paths, Language(language), lambda path: shown.get(path, [])
    )


def reported(*found: Diagnostic, text: str = "", language: str = "en") -> Report:
    """Report findings of our own making."""
    paths = sorted({one.path for one in found})
    return Report(found, paths, Language(language), lambda _: lines_of(text))


def sarif_results(text: str) -> list[dict[str, Any]]:
    (run,) = json.loads(text)["runs"]
    results: list[dict[str, Any]] = run["results"]
    return results


def in_sarif(text: str) -> Iterable[Place]:
    for result in sarif_results(text):
        region = result["locations"][0]["physicalLocation"]["region"]
        yield region["startLine"], region["startColumn"], result["ruleId"]


def in_json(text: str) -> Iterable[Place]:
    for one in json.loads(text)["diagnostics"]:
        yield one["line"], one["column"], one["code"]


def in_gitlab(text: str) -> Iterable[Place]:
    for one in json.loads(text):
        begin = one["location"]["positions"]["begin"]
        yield begin["line"], begin["column"], one["check_name"]


def in_github(text: str) -> Iterable[Place]:
    for line in text.splitlines():
        named = properties(line)
        yield int(named["line"]), int(named["col"]), named["title"]


def in_junit(text: str) -> Iterable[Place]:
    names = [case.attrib["name"] for case in ET.fromstring(text).iter("testcase")]  # noqa: S314
    yield from places(names)


def in_lines(text: str) -> Iterable[Place]:
    yield from places(text.splitlines())


def places(lines: Iterable[str]) -> Iterable[Place]:
    for line in lines:
        if found := re.match(r".*?:(\d+):(\d+): ([a-z0-9-]+)(?= |$)", line):
            yield int(found[1]), int(found[2]), found[3]


def properties(command: str) -> dict[str, str]:
    """Read the properties of a workflow command as GitHub does."""
    found = re.fullmatch(r"::(?:error|warning) ([^:\r\n]+)::[^\r\n]+", command)
    assert found, command
    pairs = (one.partition("=") for one in found[1].split(","))
    return {name: unquote(value) for name, _, value in pairs}


READ: dict[Format, Callable[[str], Iterable[Place]]] = {
    "text": in_lines, "concise": in_lines, "json": in_json, "github": in_github,
    "gitlab": in_gitlab, "sarif": in_sarif, "junit": in_junit,
}  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_gives_the_same_findings_in_the_order_of_the_file(form: Format) -> None:
    said = report(FAULTY)
    found = list(READ[form](write(said, form)))
    assert found == [(one.span.line, one.span.column, one.code) for one in said.diagnostics]
    assert (4, 16, "part-above-whole") in found
    assert found == sorted(set(found))


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_without_a_finding_is_an_empty_report_of_its_form(form: Format) -> None:
    written = write(Report((), ("org.yaml",), Language("fr"), lambda _: []), form)
    assert list(READ[form](written)) == []
    if form in {"text", "concise", "github"}:
        assert written == ""


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("text", ["", "kind", "\n" * 50])
def test_a_file_that_changed_since_it_was_read_is_still_reported(form: Format, text: str) -> None:
    found = report(FAULTY).diagnostics
    written = write(reported(*found, text=text), form)
    assert len(list(READ[form](written))) == len(found)


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_that_is_gone_is_still_reported(form: Format) -> None:
    found = report(FAULTY).diagnostics
    written = write(Report(found, ("org.yaml",), Language("en"), lambda _: []), form)
    assert len(list(READ[form](written))) == len(found)


# What a terminal, a reader of XML or JSON, or GitHub would act upon.
FRAGMENTS = st.sampled_from([
    "\n", "\r\n", "\x1b[2J\x1b[31m", "\x9b31m", "\x07", "\x00", "\x7f", "\u202e", "\u2028",
    "\u200b", "\ufeff", "\ufffe", "\t", " ", "\xa0", "é", "漢字", "🎉", "e\u0301", "'", '"', "\\",
    ",", ":", "%", "%0A", "::error::", "::stop-commands::x", "##[error]", "<failure>", "]]>",
    "</testsuites>", "<![CDATA[", "&lt;", "&", "{field}", "{0}", "[a](b)", "# rse-plan: ignore",
])  # fmt: skip
HOSTILE = st.lists(FRAGMENTS | st.text(max_size=5) | st.just("\ud83d"), max_size=8).map("".join)
# A path may hold bytes that are no text, and anything but a NUL.
PATHS = st.lists(
    FRAGMENTS | st.sampled_from(["\udc80", "\udcff", "..", "-"]), min_size=1, max_size=6
).map(lambda parts: f"p{''.join(parts)}".replace("\x00", "").replace("/", ""))
WRONG = st.tuples(HOSTILE, HOSTILE)


def unseen(text: str) -> str:
    return "".join(c for c in text if c not in "\n\xa0\u202f" and not c.isprintable())


def check_form(said: Report, form: Format) -> None:
    """Say that a report keeps to its format, with as many findings as there are."""
    written, count = write(said, form), len(said.diagnostics)
    written.encode()
    assert unseen(written) == ""
    if form == "text":
        assert len([one for one in written.split("\n") if one and one[0] != " "]) == count
    elif form in {"concise", "github"}:
        lines = written.splitlines()
        assert len(lines) == count
        assert all(properties(line) for line in lines if form == "github")
    elif form == "junit":
        junit_schema().validate(written)
        assert len(list(ET.fromstring(written).iter("testcase"))) == count  # noqa: S314
    else:
        read = json.loads(written)
        # A reader stricter than Python's refuses halves of characters.
        json.dumps(read, ensure_ascii=False).encode()
        assert len(list(READ[form](written))) == count
        if form == "sarif":
            sarif_schema().validate(read)


@pytest.mark.parametrize("form", FORMATS)
@given(path=PATHS, wrong=WRONG)
def test_no_text_of_a_file_and_no_name_of_it_breaks_a_form(
    form: Format, path: str, wrong: tuple[str, str]
) -> None:
    key, value = wrong
    data = {"kind": "organisation", f"x{key}": 1, "headcount": f"x{value}", "sites": {key: value}}
    said = report(json.dumps(data), f"{path}.json", languages()[0])
    assert said.diagnostics
    check_form(said, form)


@pytest.mark.parametrize("form", FORMATS)
@given(path=PATHS, content=HOSTILE)
def test_no_line_of_a_file_breaks_a_form(form: Format, path: str, content: str) -> None:
    text = f"kind: organisation\nname: x\nheadcont: {content}\n".encode(errors="surrogatepass")
    said = report(text, path)
    assert said.diagnostics
    check_form(said, form)


# Each line holds the wrong key `bad`; what stands before it takes other columns than it has
# characters.
BEFORE = {
    "letters": "abc",
    "tabs": "\ta\t",
    "wide characters": "漢字カナ",
    "half-width characters": "ｶﾅ",
    "full-width letters": "Ａｂ",
    "combining accents": "e\u0301a\u0300\u0323",
    "vowel signs": "नमस्ते",
    "emoji": "🎉🙂",
    "a flag": "🇫🇷",
    "what would turn the line around": "\u202eabc\u200b",
    "no-break spaces": "a\xa0:\u202fb\u3000",
    "a long text": "x" * 20_000,
    "a long wide text": "漢" * 20_000,
}


def carets(lines: list[str]) -> str:
    """Return what stands above the carets, by the columns of a terminal."""
    shown, marks = (line.partition("| ")[2] for line in lines)
    start = len(marks) - len(marks.lstrip())
    assert set(marks.strip()) == {"^"}
    first = next(i for i in range(len(shown)) if cell_len(shown[:i]) == start)
    last = next(i for i in range(len(shown) + 1) if cell_len(shown[:i]) == len(marks))
    return shown[first:last]


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
@pytest.mark.parametrize("bad", ["bad", "mal-écrit", "漢字", "🎉"])
def test_carets_stand_under_exactly_what_is_wrong(before: str, bad: str) -> None:
    line = f'sites: [{{id: a, name: "{before}", {bad}: 1}}] # {"y" * 20_000}'
    said = report(f"kind: organisation\nname: x\n{line}\n")
    lines = write(said, "text").splitlines()
    assert lines[0].startswith(f"org.yaml:3:{line.index(f'{bad}: 1') + 1}: unknown-key ")
    assert carets(lines[1:3]) == bad
    assert all(len(one) < 400 for one in lines)


def test_of_a_long_fault_as_much_is_marked_as_is_shown() -> None:
    lines = write(report(f"kind: organisation\nname: x\n{'漢' * 900}: 1\n"), "text").splitlines()
    shown = lines[1].partition("| ")[2]
    assert set(shown) == {"漢"}
    assert lines[2].partition("| ")[2] == "^" * cell_len(shown)


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffkind: organisation\nname: x\nbad: 1\n",
        "kind: organisation\r\nname: x\r\nbad: 1\r\n",
        "kind: organisation\nname: x\u2028bad: 1\n",
        '{"kind": "organisation",\n"name": "é",\n"bad": 1}',
    ],
    ids=["byte order mark", "lines of Windows", "line separator", "JSON"],
)
def test_the_line_that_is_shown_is_the_one_that_is_counted(content: str) -> None:
    name = "org.json" if content[0] == "{" else "org.yaml"
    lines = write(report(content, name), "text").splitlines()
    assert lines[0].startswith(f"{name}:3:1: unknown-key ")
    assert carets(lines[1:3]).strip('"') == "bad"


def test_a_person_sees_both_places_of_a_contradiction_and_how_to_mend_it() -> None:
    said = report(FAULTY)
    text, say = write(said, "text"), said.say
    assert text.split("\n\n")[0].splitlines() == [
        f"org.yaml:4:16: part-above-whole {say.message(said.diagnostics[0])}",
        "    4 | pilot: {users: 200, start: 2026-01-05}",
        "      |                ^^^",
        "    3 | headcount: 100",
        f"      |            --- {say('related', field='headcount')}",
    ]
    mild = next(part for part in text.split("\n\n") if "consultation-after-pilot" in part)
    assert "consultation-after-pilot (warning) " in mild
    assert mild.splitlines()[-1].startswith("    = ")


def test_of_a_fault_of_several_lines_the_first_is_shown() -> None:
    found = Diagnostic("org.yaml", "duplicate-key", Span(1, 3, 4, 1), values={"key": "a"})
    lines = write(reported(found, text="a: [1,\n2,\n3]\n"), "text").splitlines()
    assert lines[1:3] == ["    1 | a: [1,", "      |   ^^^^"]


def test_a_file_that_cannot_be_opened_has_no_place() -> None:
    found = Diagnostic("none.yaml", "file-not-found")
    said = Language("en").message(found)
    for form in ("text", "concise"):
        assert write(reported(found), form) == f"none.yaml: file-not-found {said}\n"


@pytest.mark.parametrize("form", ["text", "concise"])
def test_a_line_for_a_person_says_place_code_and_message(form: Format) -> None:
    said = report("kind: organisation\nname: x\nbad: 1\n")
    (fault,) = said.diagnostics
    line = write(said, form).splitlines()[0]
    assert line == f"org.yaml:3:1: unknown-key {said.say.message(fault)}"
    assert "“bad”" in line


def test_colour_adds_to_the_text_and_changes_none_of_it() -> None:
    plain = report(FAULTY)
    coloured = Report(plain.diagnostics, plain.paths, plain.say, plain.lines, colour=True)
    text = write(coloured, "text")
    assert "\x1b[1;31mpart-above-whole\x1b[0m" in text
    assert re.sub(r"\x1b\[[0-9;]*m", "", text) == write(plain, "text")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "expected"),
    [
        (Terminal, {}, True),
        (io.StringIO, {}, False),
        (Terminal, {"NO_COLOR": "1"}, False),
        (Terminal, {"NO_COLOR": ""}, True),
        (Terminal, {"TERM": "dumb"}, False),
    ],
)
def test_only_a_terminal_that_can_and_may_is_coloured(
    monkeypatch: pytest.MonkeyPatch,
    stream: type[io.StringIO],
    environment: dict[str, str],
    expected: bool,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert output.coloured(stream()) is expected


def test_json_has_what_the_contract_says() -> None:
    said = report("kind: organisation\nname: x\nheadcont: 1\n")
    assert json.loads(write(said, "json")) == {
        "diagnostics": [
            {
                "path": "org.yaml",
                "line": 3,
                "column": 1,
                "end_line": 3,
                "end_column": 9,
                "severity": "error",
                "code": "unknown-key",
                "message": said.say.message(said.diagnostics[0]),
                "hint": said.say("did_you_mean", word="headcount"),
            }
        ],
        "files": 1,
    }


ANY_FAULTS = {
    "contradictions": report(FAULTY),
    "a syntax error": report("kind: [\n"),
    "nothing at all": report(""),
    "a file that is not there": reported(Diagnostic("none.yaml", "file-not-found")),
    "no finding": report("kind: organisation\nname: x\n"),
}


@pytest.mark.parametrize("said", ANY_FAULTS.values(), ids=ANY_FAULTS)
@pytest.mark.parametrize("language", languages())
def test_sarif_keeps_to_its_schema(said: Report, language: str) -> None:
    said = Report(said.diagnostics, said.paths, Language(language), said.lines)
    written = json.loads(write(said, "sarif"))
    sarif_schema().validate(written)
    (run,) = written["runs"]
    assert len(run["results"]) == len(said.diagnostics)
    assert run["language"] == language


def test_sarif_lists_the_rule_of_each_result_and_its_level() -> None:
    (run,) = json.loads(write(report(FAULTY), "sarif"))["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    levels = {result["ruleId"]: result["level"] for result in run["results"]}
    assert levels["part-above-whole"] == "error"
    assert levels["consultation-after-pilot"] == "warning"
    assert all(rule["help"]["text"] and rule["shortDescription"]["text"] for rule in rules)
    assert len(rules) == len(levels)


def test_sarif_points_to_both_places_of_a_contradiction() -> None:
    result = next(
        one
        for one in sarif_results(write(report(FAULTY), "sarif"))
        if one["ruleId"] == "part-above-whole"
    )
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["region"]["startLine"] == 3
    assert related["message"]["text"] == Language("en")("related", field="headcount")


@pytest.mark.parametrize("said", ANY_FAULTS.values(), ids=ANY_FAULTS)
def test_sarif_counts_lines_and_columns_from_one(said: Report) -> None:
    for result in sarif_results(write(said, "sarif")):
        for location in (*result["locations"], *result.get("relatedLocations", ())):
            region = location["physicalLocation"]["region"]
            assert all(number >= 1 for number in region.values())


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("plans/org.yaml", "plans/org.yaml"),
        ("my plans/100%.yaml", "my%20plans/100%25.yaml"),
        ("a#b?c:d.yaml", "a%23b%3Fc%3Ad.yaml"),
        ("réseau.yaml", "r%C3%A9seau.yaml"),
        ("a\nb.yaml", "a%0Ab.yaml"),
        ("not-text-\udcff.yaml", "not-text-%FF.yaml"),
        ("/plans/my org.yaml", "file:///plans/my%20org.yaml"),
        ("<stdin>", "%3Cstdin%3E"),
    ],
)
def test_sarif_writes_a_path_as_an_address(path: str, uri: str) -> None:
    (result,) = sarif_results(write(reported(Diagnostic(path, "not-utf8")), "sarif"))
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": uri}


def test_sarif_makes_no_link_of_a_text_that_looks_like_one() -> None:
    said = report('kind: organisation\nname: x\n"[mend](https://example.org)": 1\n')
    (result,) = sarif_results(write(said, "sarif"))
    assert "https://example.org" in result["message"]["text"]
    assert "](" not in result["message"]["text"]


def fingerprints(said: Report, form: Format) -> list[str]:
    if form == "gitlab":
        return [one["fingerprint"] for one in json.loads(write(said, form))]
    results = sarif_results(write(said, form))
    return [name for one in results for name in one["partialFingerprints"].values()]


@pytest.mark.parametrize("form", ["gitlab", "sarif"])
def test_a_finding_keeps_its_fingerprint_in_another_language_and_on_another_line(
    form: Format,
) -> None:
    names = fingerprints(report(FAULTY), form)
    head, rest = FAULTY.split("\n", 1)
    moved = f"# A comment.\n\n{head}\nsector: industry\n{rest.replace('  ', ' ')}"
    assert fingerprints(report(FAULTY, language="fr"), form) == names
    assert fingerprints(report(moved), form) == names
    assert len(set(names)) == len(names) > 1


@pytest.mark.parametrize("form", ["gitlab", "sarif"])
def test_the_same_fault_twice_has_two_fingerprints(form: Format) -> None:
    sites = "".join(f"- id: {name}\n  name: x\n  bad: 1\n" for name in "abc")
    names = fingerprints(report(f"kind: organisation\nname: x\nsites:\n{sites}"), form)
    assert len(set(names)) == len(names) == 3


@pytest.mark.parametrize("form", ["gitlab", "sarif"])
def test_a_fingerprint_does_not_tell_where_the_project_lies(form: Format) -> None:
    here = str(Path.cwd() / "plans" / "org.yaml")
    assert fingerprints(report(FAULTY, here), form) == fingerprints(
        report(FAULTY, "plans/org.yaml"), form
    )


@pytest.mark.parametrize("said", ANY_FAULTS.values(), ids=ANY_FAULTS)
def test_gitlab_is_given_what_it_asks_for(said: Report) -> None:
    written = write(said, "gitlab")
    assert written[0] == "["
    issues = json.loads(written)
    assert len(issues) == len(said.diagnostics)
    for one in issues:
        assert all(isinstance(one[name], str) for name in ("description", "check_name"))
        assert re.fullmatch("[0-9a-f]{64}", one["fingerprint"])
        assert one["severity"] in GITLAB_SEVERITIES
        assert type(one["location"]["positions"]["begin"]["line"]) is int
    assert len({one["fingerprint"] for one in issues}) == len(issues)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("plans/org.yaml", "plans/org.yaml"),
        ("./plans/org.yaml", "plans/org.yaml"),
        (str(Path.cwd() / "plans" / "org.yaml"), "plans/org.yaml"),
        ("/elsewhere/org.yaml", None),
    ],
)
def test_gitlab_is_given_relative_paths(path: str, shown: str | None) -> None:
    (issue,) = json.loads(write(reported(Diagnostic(path, "not-utf8")), "gitlab"))
    found = issue["location"]["path"]
    assert not found.startswith(("/", "./"))
    assert shown in {found, None}


def test_github_annotates_the_faulty_part_of_the_line() -> None:
    said = report("kind: organisation\nname: x\nheadcont: 1\n", "a b.yaml")
    text, (fault,) = write(said, "github"), said.diagnostics
    head, _, message = text.rstrip("\n").removeprefix("::").partition("::")
    severity, _, named = head.partition(" ")
    assert severity == "error"
    assert set(named.split(",")) == {
        "file=a b.yaml", "line=3", "endLine=3", "col=1", "endColumn=8", "title=unknown-key",
    }  # fmt: skip
    assert message == f"{said.say.message(fault)}%0A{said.say.hint(fault)}"


def test_github_is_told_no_columns_of_several_lines() -> None:
    found = Diagnostic("org.yaml", "duplicate-key", Span(1, 3, 4, 1), values={"key": "a"})
    named = properties(write(reported(found), "github").rstrip())
    assert (named["line"], named["endLine"]) == ("1", "4")
    assert not {"col", "endColumn"} & named.keys()


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("a:b,c.yaml", "file=a%3Ab%2Cc.yaml,"),
        ("100%0A.yaml", "file=100%250A.yaml,"),
        ("a::b\r\n::error::c", "file=a%3A%3Ab\\r\\n%3A%3Aerror%3A%3Ac,"),
    ],
)
def test_github_reads_a_path_as_one_property(path: str, written: str) -> None:
    assert written in write(reported(Diagnostic(path, "not-utf8")), "github")


def test_github_reads_a_message_as_it_is_meant() -> None:
    said = report('kind: organisation\nname: x\n"100%0A::error::": 1\n')
    assert "“100%250A::error::”" in write(said, "github")


@pytest.mark.parametrize("said", ANY_FAULTS.values(), ids=ANY_FAULTS)
@pytest.mark.parametrize("language", languages())
def test_junit_keeps_to_its_schema_and_its_counts_agree(said: Report, language: str) -> None:
    said = Report(said.diagnostics, said.paths, Language(language), said.lines)
    written = write(said, "junit")
    junit_schema().validate(written)
    suites = ET.fromstring(written)  # noqa: S314 - our own
    failures = sum(one.severity == "error" for one in said.diagnostics)
    assert len(list(suites.iter("failure"))) == failures
    for one in (suites, *suites.iter("testsuite")):
        assert int(one.attrib["tests"]) == len(list(one.iter("testcase")))
        assert int(one.attrib["failures"]) == len(list(one.iter("failure")))


def test_junit_has_a_suite_for_each_file_and_a_case_for_one_without_a_fault() -> None:
    found = report(FAULTY).diagnostics
    said = Report(found, ("ok.yaml", "org.yaml"), Language("en"), lambda _: [])
    suites = list(ET.fromstring(write(said, "junit")))  # noqa: S314 - our own
    assert [one.attrib["name"] for one in suites] == ["ok.yaml", "org.yaml"]
    assert [len(one) for one in suites] == [1, len(found)]
    assert not list(suites[0].iter("failure"))


def test_a_related_place_cannot_steer_the_terminal() -> None:
    found = Diagnostic(
        "org.yaml",
        "part-above-whole",
        Span(1, 1, 1, 2),
        values={"field": "a", "found": 1, "other": "b", "limit": 0},
        related=(Related(Span(1, 1, 1, 2), "b\x1b[2J"),),
    )
    for form in FORMATS:
        check_form(reported(found, text="a\x1b[2J"), form)
