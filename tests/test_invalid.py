"""Bad files say what they expect: each fault stands, with its code, on the line that causes it.

A file of ``invalid/`` is an organisation or a plan, a folder of ``invalid_playbooks/`` a playbook.
A line that ends in ``# expect: code`` (or several codes, separated by commas) must be reported
there. Dropping a file in either folder is the test; whatever else is reported fails it too.
"""

import ast
import json
import re
import string
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from rse_plan.checks.catalogue import check_catalogue
from rse_plan.checks.organisation import check_organisation
from rse_plan.checks.validation import check_content
from rse_plan.files import Diagnostic, InvalidFileError, load, read_file, read_text
from rse_plan.files.resources import shipped
from rse_plan.language import Language, languages
from rse_plan.organisation import read_organisation
from rse_plan.playbook import read_playbook

HERE = Path(__file__).parent
FILES = sorted((HERE / "invalid").iterdir())
FOLDERS = sorted(path for path in (HERE / "invalid_playbooks").iterdir() if path.is_dir())
PACKAGE = HERE.parent / "rse_plan"

# What no file kept in this repository can cause, and the test that causes it.
TESTED_ELSEWHERE = {
    "file-not-found": "test_reader: the file is not there",
    "file-is-folder": "test_reader: the path is a folder",
    "file-unreadable": "test_reader: the path goes through a file",
    "file-too-large": "test_reader: five megabytes",
    "not-utf8": "test_reader: other tools read these files as UTF-8",
    "ignore-without-reason": "test_codes: a comment that expects it would be a reason",
    "record-broken": "test_plan_checks: a record that was edited",
    "invalid-value": "below: no model here has a fault without a code of its own",
}

# Functions whose first argument is a code.
RAISING = {"PydanticCustomError", "conflict", "fault", "refuse", "warning"}

Found = list[tuple[str, int, str]]


def expected(folder: Path, *paths: Path) -> Found:
    wanted: Found = []
    for path in paths:
        name = path.relative_to(folder).as_posix()
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
            if marked := re.search(r"# expect: (.+)$", line):
                wanted += [(name, number, code) for code in marked[1].split(", ")]
    return sorted(wanted)


def placed(folder: Path, diagnostics: list[Diagnostic]) -> Found:
    return sorted((d.path.removeprefix(f"{folder}/"), d.span.line, d.code) for d in diagnostics)


@cache
def faults_of_file(path: Path) -> list[Diagnostic]:
    return check_content(path.read_bytes(), str(path), lambda _: "core", "fr").diagnostics


@cache
def faults_of_folder(folder: Path) -> list[Diagnostic]:
    try:
        read_playbook(folder, "fr")
    except InvalidFileError as invalid:
        return invalid.diagnostics
    return check_catalogue(folder)


def all_faults() -> list[Diagnostic]:
    found = [fault for path in FILES for fault in faults_of_file(path)]
    return found + [fault for folder in FOLDERS for fault in faults_of_folder(folder)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_has_the_faults_it_says_and_no_others(path: Path) -> None:
    wanted = expected(path.parent, path)
    assert wanted, "the file expects nothing"
    assert placed(path.parent, faults_of_file(path)) == wanted


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_playbook_has_the_faults_it_says_and_no_others(folder: Path) -> None:
    wanted = expected(folder, *folder.rglob("*.yaml"))
    assert wanted, "the playbook expects nothing"
    assert placed(folder, faults_of_folder(folder)) == wanted


def table(language: str) -> dict[str, dict[str, str]]:
    codes: dict[str, dict[str, str]] = Language(language).table("diagnostics")["codes"]
    return codes


@pytest.mark.parametrize("code", sorted(table("fr")))
def test_every_code_is_caused_by_some_test(code: str) -> None:
    expectations = [
        *expected(HERE, *FILES),
        *expected(HERE, *(path for folder in FOLDERS for path in folder.rglob("*.yaml"))),
    ]
    caused = {expectation for _, _, expectation in expectations}
    assert code in caused | TESTED_ELSEWHERE.keys()


def codes_raised(path: Path) -> set[str]:
    """Return the codes that a module writes out: as an argument, or as the value of `code`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            called = node.func.id if isinstance(node.func, ast.Name) else called
            found |= texts_in(node.args[1:2] if called == "Diagnostic" else [])
            found |= texts_in(node.args[:1] if called in RAISING else [])
        elif isinstance(node, ast.Assign) and "code" in ast.unparse(node.targets[0]):
            value = node.value.elts[:1] if isinstance(node.value, ast.Tuple) else [node.value]
            found |= texts_in(value)
    return found


def texts_in(nodes: list[ast.expr]) -> set[str]:
    return {
        str(node.value)
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize("language", languages())
def test_every_code_that_is_raised_has_words(language: str) -> None:
    raised: set[str] = set().union(*(codes_raised(path) for path in PACKAGE.rglob("*.py")))
    assert len(raised) > 40, "the search no longer finds the codes"
    assert raised - table(language).keys() == set()


def placeholders(entry: dict[str, str]) -> set[str]:
    text = entry["message"] + entry.get("hint", "")
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", languages())
def test_every_language_has_the_same_codes_with_the_same_values(language: str) -> None:
    french = {code: placeholders(entry) for code, entry in table("fr").items()}
    assert {code: placeholders(entry) for code, entry in table(language).items()} == french


@pytest.mark.parametrize("language", languages())
def test_every_code_says_why_it_is_a_fault(language: str) -> None:
    assert [code for code, entry in table(language).items() if not entry.get("why")] == []


@pytest.mark.parametrize("language", languages())
def test_every_diagnostic_can_be_said_in_full(language: str) -> None:
    say = Language(language)
    for fault in all_faults():
        for said in (say.message(fault), say.hint(fault)):
            if said is not None:
                assert said.strip() == said
                assert said.isprintable() or "\u00a0" in said or "\u202f" in said
                assert not re.search(r"\{\w+\}", said), "a placeholder was not filled"


@pytest.mark.parametrize("language", languages())
def test_no_code_of_pydantic_reaches_the_user(language: str) -> None:
    assert {fault.code for fault in all_faults()} - table(language).keys() == set()


@pytest.mark.parametrize("language", languages())
def test_control_characters_of_a_value_are_shown_and_not_sent_to_the_terminal(
    language: str,
) -> None:
    text = 'kind: organisation\nname: X\nheadcount: "\\e[31mred\\a\\u202e\\n"\n"\\e[2J": 1\n'
    with pytest.raises(InvalidFileError) as refused:
        read_organisation(read_text(text, "org.yaml"))
    say = Language(language)
    wrong_kind, unknown_key = (say.message(fault) for fault in refused.value.diagnostics)
    assert "\\x1b[31mred\\x07\\u202e\\n" in wrong_kind
    assert "\\x1b[2J" in unknown_key


def test_a_long_value_is_shortened_in_its_message() -> None:
    text = f"kind: organisation\nname: X\nheadcount: {'very ' * 1000}\n"
    with pytest.raises(InvalidFileError) as refused:
        read_organisation(read_text(text, "org.yaml"))
    message = Language("fr").message(refused.value.diagnostics[0])
    assert len(message) < 300
    assert message.endswith("…")


@pytest.mark.parametrize(
    ("name", "here", "there"),
    [
        ("parts-above-the-whole", 8, 3),
        ("parts-above-the-whole", 12, 11),
        ("periods", 5, 4),
        ("pilot-before-consultation-ends", 5, 3),
        ("ids-used-twice", 8, 5),
    ],
)
def test_a_contradiction_shows_both_places(name: str, here: int, there: int) -> None:
    path = HERE / "invalid" / f"{name}.yaml"
    fault = next(fault for fault in faults_of_file(path) if fault.span.line == here)
    assert [related.span.line for related in fault.related] == [there]


def test_only_what_could_be_meant_is_a_warning() -> None:
    warnings = {fault.code for fault in all_faults() if fault.severity == "warning"}
    assert warnings == {
        "read-otherwise", "unused-ignore",
        "consultation-after-pilot", "unknown-answer", "playbook-changed",
        "site-without-wave", "unknown-zone", "language-not-listed", "several-headquarters",
        "staff-outside-sites", "sponsor-not-in-committee", "use-case-without-owner",
        "use-case-without-kpi", "kpi-without-baseline", "kpi-without-target",
        "wave-before-pilot-end", "lengths-differ", "share-differs", "blackout-outside-roadmap",
        "later-than-the-report",
        "undated", "too-late", "starts-too-late", "actual-date-missing", "predecessor-not-done",
        "should-have-ended",
        "go-without-evidence", "half-decided", "opened-without-go", "legal-step-open",
        "legal-step-overtaken", "outside-the-band", "ambassador-share-differs", "sponsor-absent",
        "without-owner", "share-without-denominator", "measure-without-target",
        "measure-without-source", "derived-date-differs",
        "gate-always-passes", "gate-without-effect", "same-value", "no-full-value",
        "action-without-effect", "indicator-without-action", "unused-source",
        "only-interested-sources", "dominant-weight", "left-out", "low-contrast",
    }  # fmt: skip


SOUND: list[tuple[str, dict[str, Any]]] = [
    ("a part may be the whole", {"headcount": 100, "pilot": {"users": 100}}),
    ("a bound may leave room", {"headcount": {"at_most": 9}, "pilot": {"users": {"at_most": 50}}}),
    ("a period may last a day", {"pilot": {"start": "2026-10-12", "end": "2026-10-12"}}),
    ("the unknown contradicts nothing", {"pilot": {"users": 100}, "headcount": "unknown"}),
    (
        "the pilot may start the day after the consultation",
        {
            "pilot": {"start": "2026-06-02"},
            "legal": {"works_council": {"consultation_end": "2026-06-01"}},
        },
    ),
]


@pytest.mark.parametrize(("name", "facts"), SOUND, ids=[name for name, _ in SOUND])
def test_what_may_be_right_is_not_reported(name: str, facts: dict[str, Any]) -> None:
    text = json.dumps({"kind": "organisation", "name": name, **facts})
    document = read_text(text, "org.yaml")
    assert check_organisation(read_organisation(document), document) == []


def test_the_examples_have_no_fault() -> None:
    examples = sorted((HERE.parent / "examples").glob("*/org*.yaml"))
    assert len(examples) > 5
    for path in examples:
        document = read_file(path)
        assert check_organisation(read_organisation(document), document) == []


def test_the_shipped_files_are_those_of_the_checkout() -> None:
    assert shipped("templates").samefile(HERE.parent / "templates")


def test_a_fault_without_a_code_of_its_own_is_still_said_in_ours() -> None:
    class Priced(BaseModel):
        price: Decimal

    with pytest.raises(InvalidFileError) as refused:
        load(Priced, read_text("price: cheap", "priced.yaml"))
    (fault,) = refused.value.diagnostics
    assert fault.code == "invalid-value"
    assert "cheap" in Language("fr").message(fault)
