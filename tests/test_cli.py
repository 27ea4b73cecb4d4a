"""The command line: what it prints, where, and with which exit code."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command import Run

from rse_plan.cli.app import COMMANDS, command, explain_options
from rse_plan.language import Language, languages

EXAMPLES = Path(__file__).parents[1] / "examples"
NEOVIA = str(EXAMPLES / "neovia" / "org.yaml")
INVENTED = str(EXAMPLES / "invented-28-sites" / "org.yaml")
LATER = str(EXAMPLES / "invented-28-sites" / "org-2027-04.yaml")
OWN = str(EXAMPLES / "own-playbook")


def org(folder: Path, text: str) -> str:
    path = folder / "org.yaml"
    path.write_text(f"kind: organisation\nname: Essai\n{text}", encoding="utf-8")
    return str(path)


def test_one_file_is_one_json_object_and_several_are_a_list(run: Run) -> None:
    one = json.loads(run("assess", NEOVIA, "--output-format", "json").out)
    two = json.loads(run("assess", NEOVIA, INVENTED, "--output-format", "json").out)
    assert one == two[0]
    assert two[0]["organisation"] == "Neovia"


def test_the_json_has_what_the_contract_says(run: Run) -> None:
    found: dict[str, Any] = json.loads(run("assess", NEOVIA, "--output-format", "json").out)
    assert found["schema"] == "rse-plan/assessment/1"
    assert found["playbook"]["name"] == "core"
    assert set(found["score"]) == set(found["verdict"]) == {"low", "high"}
    assert {"id", "weight", "score", "coverage", "loss_share", "indicators"} <= set(
        found["factors"][0]
    )
    assert {"id", "state", "raw", "value", "basis", "sources"} <= set(
        found["factors"][0]["indicators"][0]
    )
    assert {"id", "state", "caps_at"} == set(found["gates"][0])
    assert {"share", "kappa", "draws", "seed"} == set(found["stability"])
    assert {"indicator", "width", "question"} == set(found["next_questions"][0])
    assert {"id", "gain", "effort_days", "requires", "unlocks"} == set(found["next_actions"][0])


def indicator(found: dict[str, Any], name: str) -> dict[str, Any]:
    return next(i for f in found["factors"] for i in f["indicators"] if i["id"] == name)


def test_neovias_pilot_is_in_the_documented_band_as_a_lower_bound(run: Run) -> None:
    found = json.loads(run("assess", NEOVIA, "--output-format", "json").out)
    pilot = indicator(found, "pilot-share")
    assert pilot["state"] == "partial"
    assert pilot["raw"]["low"] == pytest.approx(0.12, abs=0.001)
    assert pilot["raw"]["high"] is None
    assert pilot["value"] == {"low": 1.0, "high": 1.0}
    assert pilot["basis"] == "documented"
    assert found["coverage"] < 0.5
    assert found["score"]["low"] < found["score"]["high"]


@pytest.mark.parametrize("name", ["fiafec", "nexity"])
def test_a_selection_panel_is_neither_pilot_nor_ambassadors(run: Run, name: str) -> None:
    path = str(EXAMPLES / name / "org.yaml")
    found = json.loads(run("assess", path, "--output-format", "json").out)
    for share in ("pilot-share", "ambassador-share"):
        assert indicator(found, share)["state"] == "unknown"
        assert indicator(found, share)["value"] == {"low": 0.0, "high": 1.0}


def test_a_portfolio_is_a_csv_with_one_row_for_each_organisation(run: Run) -> None:
    ran = run("assess", NEOVIA, INVENTED, "--output-format", "csv", "--language", "en")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert rows[0]["organisation"] == "Neovia"
    assert float(rows[0]["score_low"]) < float(rows[0]["score_high"])


def test_a_name_that_a_spreadsheet_would_run_stays_text(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "org.yaml"
    path.write_text('kind: organisation\nname: "=1+1"\n', encoding="utf-8")
    rows = list(csv.reader(io.StringIO(run("assess", str(path), "--output-format", "csv").out)))
    assert rows[1][0] == "'=1+1"


def test_a_score_or_a_coverage_below_what_is_wanted_is_a_finding(run: Run) -> None:
    assert run("assess", INVENTED, "--fail-under", "50%").code == 0
    ran = run("assess", INVENTED, "--fail-under", "0.9", "--language", "en")
    assert ran.code == 1
    assert "90%" in ran.err
    assert run("assess", NEOVIA, "--min-coverage", "30%").code == 1
    assert run("assess", INVENTED, "--min-coverage", "99%").code == 0


def test_a_missing_file_is_wrong_use(run: Run) -> None:
    ran = run("assess", "nowhere.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert "file-not-found" in ran.err


def test_all_errors_of_all_files_are_given_at_once(run: Run, tmp_path: Path) -> None:
    first = tmp_path / "first.yaml"
    first.write_text("kind: organisation\nname: A\nheadcont: 3\npilot: {users: many}\n")
    second = tmp_path / "second.yaml"
    second.write_text("kind: organisation\nname: B\ndirectory: {rich_profiles: 15}\n")
    ran = run("assess", str(first), str(second), "--language", "en")
    assert (ran.code, ran.out) == (1, "")
    assert f"{first}:3:1: unknown-key " in ran.err
    assert "did you mean “headcount”" in ran.err
    assert f"{first}:4:16: expected-integer " in ran.err
    assert f"{second}:3:28: share-out-of-range " in ran.err
    assert "15%" in ran.err


def test_a_contradiction_names_both_lines(run: Run, tmp_path: Path) -> None:
    path = org(tmp_path, "headcount: 100\npilot: {users: 200}\n")
    ran = run("assess", path)
    assert ran.code == 1
    assert f"{path}:4:16: part-above-whole " in ran.err
    assert "    4 | pilot: {users: 200}\n" in ran.err
    assert "    3 | headcount: 100\n" in ran.err


def test_a_doubtful_fact_is_warned_of_and_assessed(run: Run, tmp_path: Path) -> None:
    path = org(
        tmp_path,
        "pilot: {start: 2026-01-05}\nlegal: {works_council: {consultation_end: 2026-02-01}}\n",
    )
    ran = run("assess", path, "--as-of", "2026-10-12")
    assert ran.code == 0
    assert "consultation-after-pilot" in ran.err
    assert "Essai" in ran.out


def test_answers_given_to_another_playbook_are_never_scored_in_silence(
    run: Run, tmp_path: Path
) -> None:
    path = org(tmp_path, "playbook: {name: core, version: 0.9.0}\n")
    ran = run("assess", path, "--as-of", "2026-10-12")
    assert ran.code == 0
    assert "playbook-changed" in ran.err


def test_assessments_of_different_playbooks_are_not_compared(run: Run, tmp_path: Path) -> None:
    saved = tmp_path / "before.json"
    assert run("assess", INVENTED, "--output-format", "json", "-o", str(saved)).code == 0
    assert run("compare", str(saved), LATER).code == 0
    ran = run("compare", str(saved), LATER, "--playbook", OWN)
    assert (ran.code, ran.out) == (2, "")
    assert "own-playbook" in ran.err


def test_a_saved_assessment_compares_like_its_file(run: Run, tmp_path: Path) -> None:
    saved = tmp_path / "before.json"
    run("assess", INVENTED, "--output-format", "json", "-o", str(saved))
    assert run("compare", str(saved), LATER).out == run("compare", INVENTED, LATER).out


def test_the_parts_of_a_difference_add_up(run: Run) -> None:
    ran = run("compare", INVENTED, LATER, "--output-format", "json")
    (found,) = json.loads(ran.out)["differences"]
    for end in ("low", "high"):
        parts = sum(change["part"][end] for change in found["changes"]) + found["rest"][end]
        assert parts == pytest.approx(found["score"][end])


def test_whatif_leaves_the_file_as_it_was(run: Run) -> None:
    before = Path(INVENTED).read_bytes()
    ran = run("whatif", INVENTED, "--set", "legal.disconnection=true", "--output-format", "json")
    found = json.loads(ran.out)
    states = [
        {gate["id"]: gate["state"] for gate in found[when]["gates"]}["disconnection-agreed"]
        for when in ("before", "after")
    ]
    assert states == ["failed", "passed"]
    (change,) = found["difference"]["changes"]
    assert change["indicator"] == "disconnection-right"
    assert Path(INVENTED).read_bytes() == before


def test_whatif_changes_an_item_of_a_list_by_its_id(run: Run) -> None:
    ran = run("whatif", INVENTED, "--set", "sites.nowhere.relays=0")
    assert (ran.code, ran.out) == (2, "")
    first = next(
        line.split()[-1] for line in Path(INVENTED).read_text().splitlines() if "- id:" in line
    )
    assert run("whatif", INVENTED, "--set", f"sites.{first}.relays=0").code == 0


@pytest.mark.parametrize("change", ["pilot.users", "=3", "pilot.users.deeper.still=3"])
def test_whatif_refuses_what_it_cannot_set(run: Run, change: str) -> None:
    assert run("whatif", NEOVIA, "--set", change).code in {1, 2}


def test_an_existing_file_is_not_overwritten_unless_forced(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    path.write_text("a person's own words")
    given = ("assess", NEOVIA, "--output-format", "markdown", "-o", str(path))
    assert run(*given).code == 2
    assert path.read_text() == "a person's own words"
    assert run(*given, "--force").code == 0
    assert path.read_text().startswith("# Neovia")
    assert [kept.name for kept in tmp_path.iterdir()] == ["report.md"]


def test_a_result_for_a_folder_that_does_not_exist_is_wrong_use(run: Run, tmp_path: Path) -> None:
    assert run("assess", NEOVIA, "-o", str(tmp_path / "none" / "a.txt")).code == 2


def test_a_fault_of_ours_exits_with_3(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("rse_plan.cli.assess.read_settings", broken)
    ran = run("assess", NEOVIA)
    assert ran.code == 3
    assert "broken on purpose" in ran.err


@pytest.mark.parametrize("wrong", [("--language", "de"), ("--as-of", "x"), ("--fail-under", "7")])
def test_a_wrong_option_is_wrong_use(run: Run, wrong: tuple[str, str]) -> None:
    assert run("assess", NEOVIA, *wrong).code == 2


@pytest.mark.parametrize("code", languages())
def test_every_command_and_option_has_help_in_every_language(code: str) -> None:
    tree = command()
    explain_options(tree, Language(code))
    assert tuple(tree.commands) == COMMANDS
    for one in tree.commands.values():
        assert one.help
        assert one.short_help
        for parameter in one.params:
            assert parameter.help, parameter.name


def test_help_follows_the_language(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def shown(*arguments: str) -> str:
        return " ".join(run(*arguments, "--help").out.split())

    french, english = (
        Language(code).table("commands")["commands"]["assess"]["short"] for code in ("fr", "en")
    )
    assert french in shown()
    assert english not in shown()
    assert "--language" in shown("assess", "--language=en")
    assert shown("assess", "--language=en") == shown("assess", "--language", "en")
    assert shown("assess", "--language=en") != shown("assess")
    monkeypatch.setenv("RSE_PLAN_LANGUAGE", "en")
    assert english in shown()


def test_the_version_is_printed(run: Run) -> None:
    assert run("--version").out.strip().count(".") == 2


@pytest.mark.parametrize(
    ("form", "absent"),
    [
        ("text", ("pandas", "numpy", "jinja2")),
        ("json", ("pandas", "numpy", "jinja2", "rich.table")),
        ("markdown", ("pandas", "numpy")),
    ],
)
def test_heavy_libraries_are_imported_only_when_asked_for(
    form: str, absent: tuple[str, ...]
) -> None:
    script = (
        "import sys\n"
        "from rse_plan.cli.app import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", script, "assess", NEOVIA, "--output-format", form],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONUTF8": "1"},
    )
    assert not set(absent) & set(ran.stderr.split())


def test_a_reader_that_stops_early_is_no_error() -> None:
    ran = subprocess.run(  # noqa: S602 - a shell's own pipe is what is tested
        f"{sys.executable} -m rse_plan assess {INVENTED} --output-format json | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (ran.stdout, ran.stderr) == ("{\n", "")


def test_a_playbook_of_ones_own_adds_its_factor(run: Run) -> None:
    path = str(EXAMPLES / "own-playbook" / "org.yaml")
    ran = run("assess", path, "--playbook", OWN, "--output-format", "json")
    found = json.loads(ran.out)
    assert indicator(found, "ideas-followed-up")["value"] == {"low": 0.55, "high": 0.55}
    assert found["playbook"]["extends"] == ["core 1.1.0"]
    # The rse-plan.toml beside the file says the same.
    assert run("assess", path, "--output-format", "json").out == ran.out
    assert "unknown-answer" in run("assess", path, "--playbook", "core").err


def test_too_much_not_applicable_is_a_finding_when_a_score_is_wanted(
    run: Run, tmp_path: Path
) -> None:
    nothing = "{not_applicable: not here}"
    blocks = "\n".join(
        f"{block}: {{{', '.join(f'{name}: {nothing}' for name in names)}}}"
        for block, names in {
            "managers": ("briefed_as_relays", "team_leads_active", "trained_in_new_posture"),
            "sponsorship": ("level", "messages_per_month", "top_managers_active"),
            "culture": ("freedom_to_speak_stated", "use_voluntary"),
        }.items()
    )
    path = org(tmp_path, f"use_cases: {nothing}\nheadcount: {nothing}\n{blocks}\n")
    ran = run("assess", path, "--as-of", "2026-10-12", "--fail-under", "0%", "--language", "en")
    assert ran.code == 1
    assert "not assessable" in ran.out
    assert "weight draws" not in ran.out


def test_a_console_that_lacks_the_characters_is_no_fault() -> None:
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "rse_plan", "assess", NEOVIA],
        capture_output=True,
        check=True,
        env={"PYTHONIOENCODING": "ascii"},
    )
    assert "« Cadrer »".replace(" ", "\u00a0") in ran.stdout.decode("utf-8")


def test_a_folder_is_no_place_to_write_to(run: Run, tmp_path: Path) -> None:
    ran = run("assess", NEOVIA, "-o", str(tmp_path), "--force")
    assert (ran.code, ran.out) == (2, "")
    assert list(tmp_path.iterdir()) == []


def test_a_result_is_readable_by_others_as_any_new_file(run: Run, tmp_path: Path) -> None:
    beside, path = tmp_path / "beside", tmp_path / "result.txt"
    beside.touch()
    assert run("assess", NEOVIA, "-o", str(path)).code == 0
    assert path.stat().st_mode == beside.stat().st_mode
    path.chmod(0o640)
    assert run("assess", NEOVIA, "-o", str(path), "--force").code == 0
    assert path.stat().st_mode & 0o777 == 0o640


def test_saved_portfolios_compare_too(run: Run, tmp_path: Path) -> None:
    saved = tmp_path / "both.json"
    run("assess", INVENTED, LATER, "--output-format", "json", "-o", str(saved))
    assert run("compare", str(saved)).out == run("compare", INVENTED, LATER).out


def test_a_record_of_another_playbook_says_which_one_to_give(run: Run, tmp_path: Path) -> None:
    saved = tmp_path / "own.json"
    own = str(EXAMPLES / "own-playbook" / "org.yaml")
    run("assess", own, "--playbook", OWN, "--output-format", "json", "-o", str(saved))
    ran = run("compare", str(saved))
    assert (ran.code, ran.out) == (2, "")
    assert "own-playbook 1.0.0 + core 1.1.0" in ran.err
    assert run("compare", str(saved), "--playbook", OWN).code == 0
    assert run("compare", str(tmp_path)).code == 2


def test_a_name_cannot_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "org.yaml"
    path.write_text('kind: organisation\nname: "a\\e[31mb"\n', encoding="utf-8")
    for form in ("text", "markdown"):
        ran = run("assess", str(path), "--output-format", form)
        assert "\x1b" not in ran.out
        assert "31mb" in ran.out


def test_what_an_alias_shares_is_changed_in_one_place_only(run: Run, tmp_path: Path) -> None:
    path = org(
        tmp_path,
        "use_cases:\n"
        "  - {id: a, title: A, kpi: &k {name: minutes}}\n"
        "  - {id: b, title: B, kpi: *k}\n",
    )
    given = ("--set", "use_cases.a.kpi.baseline=3", "--output-format", "json")
    found = json.loads(run("whatif", path, *given).out)["after"]
    assert indicator(found, "baselines-known")["raw"] == {"low": 0.5, "high": 1.0}


def test_the_playbooks_file_names_its_folder(run: Run) -> None:
    path = str(EXAMPLES / "own-playbook" / "org.yaml")
    by_file = run("assess", path, "--playbook", f"{OWN}/playbook.yaml")
    assert by_file.out == run("assess", path, "--playbook", OWN).out


@pytest.mark.parametrize("answer", ["30", "160%", "-5%", "true", "often"])
def test_an_answer_out_of_its_unit_is_refused(run: Run, tmp_path: Path, answer: str) -> None:
    path = org(tmp_path, f"answers:\n  ideas-followed-up: {answer}\n")
    ran = run("assess", path, "--playbook", OWN)
    assert ran.code == 1
    assert f"{path}:4:22: wrong-answer " in ran.err


def test_an_answer_is_explained_by_its_question(run: Run) -> None:
    ran = run("explain", "answers.ideas-followed-up", "--playbook", OWN)
    assert "ideas-followed-up" in ran.out
