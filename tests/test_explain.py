"""Everything that advice names can be explained, down to a source."""

import io
import re
from pathlib import Path
from shutil import copytree

import pytest
from rich.console import Console

from rse_plan.cli import explain as command
from rse_plan.cli.app import main
from rse_plan.documents.explanation import Explainer, Explanation, code_explanation
from rse_plan.language import Language, languages
from rse_plan.playbook import playbook_folder, read_playbook
from rse_plan.views.explanation import explanation_view

EXPECTED = sorted((Path(__file__).parents[1] / "examples").glob("*/expected/assess.*.txt"))
ASSUMED = "If the organisation does not tell, the plan assumes 1 person, 2.5 d a week."
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


def listed(page: Explanation) -> dict[str, list[str]]:
    return {label: [name for name, _ in entries] for label, entries in page.lists}


@pytest.mark.parametrize("code", languages())
def test_a_task_says_why_who_how_long_and_what_comes_before_and_after(code: str) -> None:
    explain, say = explainer(code), Language(code)
    book = explain.playbook
    for task in book.tasks.values():
        page = explain(task.id)
        phase = book.phase_of[task.id]
        assert page.title == book.task_texts(task.id).title
        assert page.paragraphs[0] == (say("explain.why"), book.task_texts(task.id).why)
        assert {name for name, _ in page.sources} == set(task.sources)
        named = listed(page)
        assert named[say("rollout_explained.lists.role")] == [task.role]
        assert named[say("rollout_explained.lists.phase")] == [phase.id]
        before = [link.task for link in phase.after(task)]
        assert named.get(say("rollout_explained.lists.before"), []) == before
        for name in before:
            then = listed(explain(name))[say("rollout_explained.lists.after")]
            assert task.id in then or (phase.id in then and not task.after)


@pytest.mark.parametrize("code", languages())
def test_a_gate_between_phases_shows_every_criterion_with_its_sources(code: str) -> None:
    explain = explainer(code)
    for phase in explain.playbook.phases:
        if phase.gate:
            page = explain(phase.gate.id)
            assert len(page.paragraphs) == 1 + len(phase.gate.criteria)
            cited = {source for one in phase.gate.criteria for source in one.sources}
            assert {name for name, _ in page.sources} == cited


@pytest.mark.parametrize("code", languages())
def test_measures_and_risks_say_how_they_are_counted_and_met(code: str) -> None:
    explain = explainer(code)
    book = explain.playbook
    for kpi in book.kpis:
        texts = book.rollout_texts.kpis[kpi.id]
        said = [text for _, text in explain(kpi.id).paragraphs]
        assert {texts.why, texts.numerator, texts.denominator, texts.source} <= set(said)
    for risk in book.risks:
        page, words = explain(risk.id), book.rollout_texts.risks[risk.id]
        assert {words.why, words.trigger, words.response} <= {text for _, text in page.paragraphs}
        assert {name for name, _ in page.sources} == set(risk.sources)


def test_an_action_leads_to_the_tasks_that_carry_it_out_or_to_its_phase() -> None:
    explain = explainer("en")
    book = explain.playbook
    for action in book.actions.values():
        named = listed(explain(action.id))
        tasks = [one.id for one in book.tasks.values() if action.id in one.carries_out]
        assert named.get("Tasks", []) == tasks
        assert bool(tasks) != bool(named.get("Phase"))
        assert bool(tasks) != bool(named.get("Who"))


def test_a_source_leads_to_the_rollout_that_cites_it() -> None:
    explain = explainer("en")
    for task in explain.playbook.tasks.values():
        for source in task.sources:
            assert task.id in listed(explain(source))["Tasks"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("{id: lead}", "Their days are not counted in the plan."),
        ("{id: lead, team: trainer}", "A role of the project team: trainer."),
        (
            "{id: lead, team: trainer, people: 1, days_per_week: 2.5}",
            f"A role of the project team: trainer. {ASSUMED}",
        ),
    ],
)
def test_a_role_says_whose_days_are_counted(tmp_path: Path, said: str, shown: str) -> None:
    folder = tmp_path / "mine"
    copytree(Path(__file__).parent / "example_playbook", folder)
    path = folder / "rollout.yaml"
    text = path.read_text(encoding="utf-8").replace("{id: lead}", said)
    path.write_text(text, encoding="utf-8")
    assert dict(explainer("en", folder)("lead").paragraphs) == {"Who is counted": shown}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("effort_days: 2.5", "2.5 days of work"),
        ("elapsed_days: 60", "lasts 60 calendar days"),
        ("{effort_days: 1, duration_days: 1}", "1 day of work, lasts 1 working day"),
        (
            "{per: site, effort_per_100_people: 2, effort_at_most: 10}",
            "2 days more for 100 people, 10 days of work at most",
        ),
    ],
)
def test_the_length_of_a_task_is_said_in_the_days_it_counts(
    tmp_path: Path, said: str, shown: str
) -> None:
    folder = tmp_path / "mine"
    copytree(Path(__file__).parent / "example_playbook", folder)
    path = folder / "phases/preparation.yaml"
    lines = "\n    ".join(said.strip("{}").split(", "))
    text = path.read_text(encoding="utf-8").replace("effort_days: 1", lines)
    path.write_text(text, encoding="utf-8")
    assert shown in dict(explainer("en", folder)("write-charter").paragraphs).values()


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
