"""The examples' outputs, as they stand beside them; `pytest --golden` writes them anew."""

from pathlib import Path

import pytest

from rse_plan.cli.app import main
from rse_plan.files import read_file

EXAMPLES = Path(__file__).parents[1] / "examples"
ASSESSED = sorted(path.parent.name for path in EXAMPLES.glob("*/org.yaml"))
WHOLE = ("neovia", "invented-28-sites")
SUFFIXES = {"text": "txt", "markdown": "md", "json": "json"}
# The day on which an undated file is assessed.
DAY = "2026-10-12"
# The day on which the plans of the examples begin.
START = "2026-10-19"


def outputs() -> list[tuple[str, str, str]]:
    """List each golden output: example, language, form."""
    return [
        (name, language, form)
        for name in ASSESSED
        for language in ("fr", "en")
        for form in SUFFIXES
        if form != "json" or name in WHOLE
    ]


def arguments(name: str, language: str, form: str) -> list[str]:
    folder = EXAMPLES / name
    given = ["assess", str(folder / "org.yaml"), "--language", language, "--output-format", form]
    if "as_of" not in read_file(folder / "org.yaml").data:
        given += ["--as-of", DAY]
    if (folder / "playbook.yaml").exists():
        given += ["--playbook", str(folder)]
    return given


def plan_arguments(name: str, language: str) -> list[str]:
    file = EXAMPLES / name / "org.yaml"
    given = ["plan", str(file), "--start", START, "--language", language]
    return given if "as_of" in read_file(file).data else [*given, "--as-of", DAY]


def printed(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    found = capsys.readouterr()
    assert (ended.value.code or 0, found.err) == (0, "")
    return str(found.out)


def compare(found: str, path: Path, *, golden: bool) -> None:
    if golden:
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "language", "form"), outputs())
def test_an_example_is_assessed_as_its_golden_file_says(
    name: str, language: str, form: str, golden: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    found = printed(arguments(name, language, form), capsys)
    path = EXAMPLES / name / "expected" / f"assess.{language}.{SUFFIXES[form]}"
    compare(found, path, golden=golden)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", WHOLE)
def test_an_example_is_planned_as_its_golden_file_says(
    name: str, language: str, golden: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    found = printed(plan_arguments(name, language), capsys)
    compare(found, EXAMPLES / name / "expected" / f"plan.{language}.txt", golden=golden)


def test_the_plan_beside_an_example_is_current(
    golden: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = EXAMPLES / "invented-28-sites"
    given = [*plan_arguments(folder.name, "fr"), "-o", str(folder / "plan.yaml")]
    if golden:
        printed([*given, "--update"], capsys)
    assert printed([*given, "--check"], capsys) == ""


@pytest.mark.parametrize("language", ["fr", "en"])
def test_two_dates_of_one_organisation_differ_as_the_golden_file_says(
    language: str, golden: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = EXAMPLES / "invented-28-sites"
    files = [str(folder / name) for name in ("org.yaml", "org-2027-04.yaml")]
    found = printed(["compare", *files, "--language", language], capsys)
    compare(found, folder / "expected" / f"compare.{language}.txt", golden=golden)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_published_cases_side_by_side_are_as_the_golden_file_says(
    language: str, golden: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("neovia", "air-france-klm", "klm", "solocal")
    files = [str(EXAMPLES / name / "org.yaml") for name in names]
    found = printed(["compare", *files, "--language", language, "--as-of", DAY], capsys)
    compare(found, EXAMPLES / "neovia" / "expected" / f"compare.{language}.txt", golden=golden)


def test_no_expected_file_is_left_without_its_test() -> None:
    kept = {
        f"{name}/expected/assess.{language}.{SUFFIXES[form]}" for name, language, form in outputs()
    }
    kept |= {
        f"{name}/expected/{kind}.{language}.txt"
        for name in WHOLE
        for kind in ("compare", "plan")
        for language in ("fr", "en")
    }
    assert {str(p.relative_to(EXAMPLES)) for p in EXAMPLES.glob("*/expected/*")} == kept


@pytest.mark.parametrize("form", SUFFIXES)
def test_the_same_input_gives_the_same_bytes(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = arguments("invented-28-sites", "fr", form)
    assert printed(given, capsys) == printed(given, capsys)
