"""``# rse-plan: ignore[code] reason``: what it lets stand, and what it does not."""

import re
import shutil
from pathlib import Path

import pytest

from rse_plan.checks.catalogue import check_catalogue
from rse_plan.checks.validation import check_content
from rse_plan.cli.app import main
from rse_plan.files import Diagnostic
from rse_plan.language import Language, languages

INVALID = Path(__file__).parent / "invalid_playbooks"
HEAD = "kind: organisation\nname: Essai\nheadcount: 100\n"
IGNORE = "# rse-plan: ignore[part-above-whole]"
USERS = "pilot: {users: 200}"
COUNT = "ambassadors: {count: 300}"


def findings(text: str) -> list[Diagnostic]:
    return check_content(text.encode(), "org.yaml", lambda _: "core", "en").diagnostics


def placed(text: str) -> list[tuple[int, str]]:
    return [(one.span.line, one.code) for one in findings(text)]


def test_what_no_comment_ignores_is_found() -> None:
    assert placed(f"{HEAD}{USERS}\n{COUNT}\n") == [(4, "part-above-whole"), (5, "part-above-whole")]


COMMENTED = {
    "at the end of the line": f"{USERS} {IGNORE} partners\n",
    "at the end of the file": f"{USERS} {IGNORE} partners",
    "without blanks": f"{USERS} #rse-plan: ignore[part-above-whole]partners\n",
    "with more blanks": f"{USERS}\t #  rse-plan: ignore[ part-above-whole ]  partners\n",
    "alone on the line above": f"{IGNORE} partners\n{USERS}\n",
    "above other comments": f"{IGNORE} partners\n\n# More.\n  \n{USERS}\n",
    "indented on the line above": f"pilot:\n  start: 2026-01-05\n  {IGNORE} why\n  users: 200\n",
    "between braces": f"pilot: {{\n  users: 200, {IGNORE} partners\n  }}\n",
    "behind a value below its key": f"pilot:\n  users:\n    200 {IGNORE} partners\n",
    "in a file of Windows": f"{USERS} {IGNORE} partners\r\n",
    "below a text of several lines": f"sector: |\n  a\n  b\n{IGNORE} partners\n{USERS}\n",
    "behind a text with a hash": f'pilot: {{users: {{value: 200, source: " #"}}}} {IGNORE} why\n',
    "behind a text with quotes": f"pilot: {{users: {{value: 200, source: l'# a}}}} {IGNORE} why\n",
}


@pytest.mark.parametrize("text", COMMENTED.values(), ids=COMMENTED)
def test_a_comment_with_a_reason_lets_its_code_stand(text: str) -> None:
    assert placed(HEAD + text) == []


def test_a_comment_speaks_of_one_line_only() -> None:
    assert placed(f"{HEAD}{USERS} {IGNORE} partners\n{COUNT}\n") == [(5, "part-above-whole")]
    assert placed(f"{HEAD}{IGNORE} partners\n{USERS}\n{COUNT}\n") == [(6, "part-above-whole")]


def test_a_comment_may_name_several_codes() -> None:
    line = "pilot: {users: {value: 200, source: NO}}"
    assert {code for _, code in placed(f"{HEAD}{line}\n")} == {"part-above-whole", "read-otherwise"}
    several = "# rse-plan: ignore[read-otherwise, part-above-whole] Norway"
    assert placed(f"{HEAD}{line} {several}\n") == []
    assert placed(f"{HEAD}{line} {IGNORE} Norway\n") == [(4, "read-otherwise")]


@pytest.mark.parametrize(
    "text",
    [
        f'sector: "{IGNORE} a"\n{USERS}\n',
        f"sector: '\n  {IGNORE} a'\n{USERS}\n",
        f"sector: |\n  a\n  {IGNORE} a\n{USERS}\n",
        f"sector: >-\n  {IGNORE} a\n{USERS}\n",
    ],
)
def test_what_stands_in_a_text_is_no_comment(text: str) -> None:
    assert [code for _, code in placed(HEAD + text)] == ["part-above-whole"]


UNUSED = {
    "of another line": f"{IGNORE} partners\nsector: a\n",
    "of another code": "pilot: {users: 20} # rse-plan: ignore[sum-differs] partners\n",
    "of no code": "pilot: {users: 20} # rse-plan: ignore partners\n",
    "of an empty code": "pilot: {users: 20} # rse-plan: ignore[] partners\n",
    "at the end of the file": f"{IGNORE} partners",
}


@pytest.mark.parametrize("text", UNUSED.values(), ids=UNUSED)
def test_a_comment_that_ignores_nothing_is_a_warning(text: str) -> None:
    (found,) = findings(HEAD + text)
    assert (found.span.line, found.code, found.severity) == (4, "unused-ignore", "warning")


def test_each_code_that_ignores_nothing_is_said() -> None:
    text = f"{HEAD}{USERS} # rse-plan: ignore[part-above-whole, sum-differs, cycle] partners\n"
    assert [one.values["ignored"] for one in findings(text)] == ["sum-differs", "cycle"]


def test_a_misspelt_code_ignores_nothing_and_the_right_one_is_suggested() -> None:
    found = findings(f"{HEAD}{USERS} # rse-plan: ignore[part-above-hole] partners\n")
    assert [one.code for one in found] == ["part-above-whole", "unused-ignore"]
    for code in languages():
        assert "part-above-whole" in str(Language(code).hint(found[1]))
    (unlike,) = findings(f"{HEAD}{USERS} {IGNORE} why\n{COUNT} # rse-plan: ignore[cycle] why\n")[1:]
    assert unlike.suggestion is None


@pytest.mark.parametrize("comment", [IGNORE, f"{IGNORE}   ", f"{IGNORE}\t\r"])
def test_a_comment_without_a_reason_ignores_and_is_a_warning(comment: str) -> None:
    (found,) = findings(f"{HEAD}{USERS} {comment}\n")
    assert (found.span.line, found.code) == (4, "ignore-without-reason")
    assert (found.severity, found.values["ignored"]) == ("warning", "part-above-whole")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("headcont: 3", "unknown-key"),
        ("sites: many", "expected-list"),
        ("sector: a: b", "yaml-syntax"),
        ("name: twice", "duplicate-key"),
    ],
)
def test_what_makes_a_file_unusable_cannot_be_ignored(line: str, code: str) -> None:
    assert placed(f"{HEAD}{line} # rse-plan: ignore[{code}] why\n") == [(4, code)]


def test_a_doubtful_fact_is_ignored_like_an_impossible_one() -> None:
    doubtful = "legal: {works_council: {consultation_end: 2026-02-01}}"
    text = f"{HEAD}pilot: {{start: 2026-01-05}}\n{doubtful}"
    assert (5, "consultation-after-pilot") in placed(f"{text}\n")
    ignored = placed(f"{text} # rse-plan: ignore[consultation-after-pilot] agreed\n")
    assert ignored == [one for one in placed(f"{text}\n") if one[0] != 5]


def assessed(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main(["assess", str(path), "--as-of", "2026-10-12", "--language", "en"])
    return int(ended.value.code or 0), capsys.readouterr().err


def test_what_validate_ignores_is_assessed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "org.yaml"
    path.write_text(f"{HEAD}{USERS}\n", encoding="utf-8")
    code, said = assessed(path, capsys)
    assert code == 1
    assert "part-above-whole" in said
    path.write_text(f"{HEAD}{USERS} {IGNORE} partners\n", encoding="utf-8")
    assert assessed(path, capsys) == (0, "")
    path.write_text(f"{HEAD}pilot: {{users: 20}} {IGNORE} partners\n", encoding="utf-8")
    code, said = assessed(path, capsys)
    assert code == 0
    assert "unused-ignore" in said


@pytest.mark.parametrize("name", ["unused-source", "gate-never-passes"])
def test_a_playbook_ignores_what_is_doubtful_in_it(tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(INVALID / name, tmp_path / name))
    assert name in {one.code for one in check_catalogue(folder)}
    for path in folder.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"# expect: (\S+)", r"# rse-plan: ignore[\1] why", text), "utf-8")
    assert check_catalogue(folder) == []
