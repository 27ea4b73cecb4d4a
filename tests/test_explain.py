"""Everything that advice names can be explained, down to a source."""

import io
import re
from pathlib import Path
from shutil import copytree

import pytest
from rich.console import Console

from rse_plan.cli import explain as command
from rse_plan.cli.app import main
from rse_plan.documents.explanation import Explainer, code_explanation
from rse_plan.language import Language, languages
from rse_plan.playbook import playbook_folder, read_playbook
from rse_plan.views.explanation import explanation_view

EXPECTED = sorted((Path(__file__).parents[1] / "examples").glob("*/expected/assess.*.txt"))
NAMED = re.compile(r"\[([a-z0-9]+(?:-[a-z0-9]+)+|[a-z]+)\]")


def explainer(code: str, folder: Path | None = None) -> Explainer:
    return Explainer(read_playbook(folder or playbook_folder("core"), code), Language(code))


@pytest.mark.parametrize("code", languages())
def test_every_id_is_explained(code: str) -> None:
    explain = explainer(code)
    for identifier in explain.identifiers:
        found = explain(identifier)
        assert found.title
        assert all(text for _, text in found.paragraphs)


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: f"{path.parts[-3]}-{path.name}")
def test_every_id_that_an_assessment_shows_leads_to_a_factor_and_a_source(path: Path) -> None:
    folder = path.parents[1]
    own = (folder / "playbook.yaml").exists()
    explain = explainer(path.name.split(".")[1], folder if own else None)
    text = " ".join(path.read_text(encoding="utf-8").split())
    shown = set(NAMED.findall(text))
    assert len(shown) > 20
    book = explain.playbook
    for identifier in shown:
        found = explain(identifier)
        assert found.sources, identifier
        if identifier not in {gate.id for gate in book.gates}:
            assert identifier in book.factor_of


@pytest.mark.parametrize("code", languages())
def test_every_list_of_an_explanation_can_be_followed(code: str) -> None:
    explain = explainer(code)
    for identifier in explain.identifiers:
        for _, entries in explain(identifier).lists:
            assert {name for name, _ in entries} <= set(explain.identifiers)


def test_a_tension_shows_every_side_with_its_sources() -> None:
    explain = explainer("en")
    for tension in explain.playbook.tensions:
        found = explain(tension.id)
        assert len(found.paragraphs) == len(tension.sides) + 1
        assert {name for side in tension.sides for name in side} == {n for n, _ in found.sources}


def test_the_documented_band_says_its_rule_its_context_and_its_source(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["explain", "ambassador-share", "--language", "en"])
    shown = " ".join(capsys.readouterr().out.split())
    assert "between 10% and 20%" in shown
    assert "[talkspirit]" in shown
    assert "[collaboratif-ambassadors]" in shown


def test_without_an_id_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["explain"])
    listed = set(re.findall(r"\[([a-z0-9_.-]+)\]", " ".join(capsys.readouterr().out.split())))
    assert set(explainer("fr").identifiers) <= listed


@pytest.mark.parametrize("code", languages())
def test_every_fact_says_what_to_write(code: str) -> None:
    explain = explainer(code)
    for path in ("headcount", "use_cases.kpi.baseline", "legal.works_council.consultation_end"):
        assert explain(path).paragraphs
    assert "top-leader" in explain("sponsorship.level").paragraphs[1][1]


def explained(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["explain", *arguments, "--language", "en"])
    assert ended.value.code in (None, 0)
    return capsys.readouterr().out


@pytest.mark.parametrize("language", languages())
def test_examples_are_shown_line_by_line_in_eighty_columns(language: str) -> None:
    say = Language(language)
    for code in say.table("diagnostics")["codes"]:
        page = code_explanation(code, say)
        console = Console(file=io.StringIO(), width=80, record=True)
        console.print(explanation_view(page, say))
        shown = "\n".join(line.rstrip() for line in console.export_text().split("\n"))
        for label, text in page.examples:
            written = "\n".join(f"    {line}" for line in text.split("\n"))
            assert f"\n\n{label}\n{written}\n" in shown


def test_a_code_is_explained_without_a_playbook(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(command, "read_settings")
    shown = explained(capsys, "part-above-whole")
    assert "pilot: {users: 300}" in shown
    assert "pilot: {users: 30}" in shown


def test_a_code_is_explained_to_whoever_has_it_in_a_playbook(
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = Path(__file__).parent / "invalid_playbooks" / "cycle"
    assert "requires: [publish-ideas]" in explained(capsys, "cycle", "--playbook", str(folder))


def test_an_id_of_a_playbook_comes_before_a_code(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    copytree(Path(__file__).parent / "example_playbook", folder)
    for name in ("playbook.yaml", "texts/en/playbook.yaml"):
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8").replace("pilot", "tag"), encoding="utf-8")
    shown = explained(capsys, "tag", "--playbook", str(folder))
    assert "Verdict level" in shown
    assert "Diagnostic" not in shown
