"""The plan command on a plan that exists: what it writes, what it refuses, with which exit code."""

import json
import re
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from command import Run
from plan_files import _WRITTEN, ORG, Make, edit, first_after, plan, task

from rse_plan.cli import inputs
from rse_plan.cli import plan as plan_command
from rse_plan.files.splice import SpliceError
from rse_plan.scheduling import SolverMissingError

pytestmark = pytest.mark.usefixtures("few_draws")


# ── An update ─────────────────────────────────────────────────────────────────────────────────────


def test_an_update_with_nothing_changed_writes_nothing(there: Make, here: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in here.iterdir()}
    for arguments in (("--update",), ("--check",), ("--diff",), ("--update", "-o", "plan.yaml")):
        found = there(*arguments)
        assert (found.code, found.err) == (0, "")
    assert not there("--check").out
    assert not there("--diff").out
    assert {path.name: path.stat().st_mtime_ns for path in here.iterdir()} == before


def test_a_check_finds_drift_and_a_diff_shows_it(there: Make, here: Path) -> None:
    edit(here / "org.yaml", "headcount: 200", "headcount: 250")
    found = there("--check")
    assert (found.code, found.err) == (1, "")
    assert found.out
    shown = there("--diff")
    assert shown.code == 0
    assert {"-  headcount: 200", "+  headcount: 250"} <= {*shown.out.splitlines()}
    both = there("--check", "--diff")
    assert (both.code, both.out) == (1, shown.out)
    assert (here / "plan.yaml").read_bytes() == _WRITTEN["plan.yaml"]
    assert there("--update").code == 0
    assert there("--check").code == 0
    assert plan(here / "plan.yaml")["sites"][1]["headcount"] == 250


def test_a_patch_says_when_the_last_line_does_not_end(there: Make, here: Path) -> None:
    path = here / "plan.yaml"
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + "  # end", encoding="utf-8")
    edit(here / "org.yaml", "headcount: 200", "headcount: 250")
    found = there("--diff").out
    path.with_suffix(".patch").write_text(found, encoding="utf-8")
    subprocess.run(["git", "apply", "plan.patch"], check=True, cwd=here)  # noqa: S607
    assert there("--check").out
    assert "headcount: 250" in path.read_text(encoding="utf-8")


def test_conflicts_are_listed_with_both_values_and_exit_1(there: Make, here: Path) -> None:
    edit(here / "plan.yaml", "  headcount: 200\n  amb", "  headcount: 210\n  amb")
    edit(here / "org.yaml", "headcount: 200", "headcount: 250")
    found = there("--update", "--output-format", "json")
    assert found.code == 1
    paths = {"sites.lyon.headcount": (200, 210, 250)}
    conflicts = {
        ".".join(one["path"]): (one["base"], one["ours"], one["theirs"])
        for one in json.loads(found.out)["conflicts"]
    }
    assert conflicts == paths
    assert plan(here / "plan.yaml")["sites"][1]["headcount"] == 210
    # It is listed once.
    again = there("--update", "--output-format", "json")
    assert json.loads(again.out)["conflicts"] == []


def test_what_is_asked_for_wins_over_what_the_plan_says(there: Make, here: Path) -> None:
    edit(here / "plan.yaml", "  start: 2026-10-19", "  start: 2026-11-02  # ours")
    assert there("--update", "--start", "2026-12-07", "--now", "2027-03-01").code == 0
    data = plan(here / "plan.yaml")
    assert data["settings"]["start"] == "2026-12-07"
    assert data["settings"]["status_date"] == "2027-03-01"
    assert "# ours" in (here / "plan.yaml").read_text(encoding="utf-8")
    assert min(one["start"] for one in data["phases"][0]["tasks"]) >= "2027-03-01"


def test_what_waits_for_work_that_goes_on_waits_beyond_the_status_date(
    there: Make, here: Path, run: Run
) -> None:
    begun = "  - id: find-top-sponsor\n    status: started\n    actual_start: 2026-10-19\n"
    edit(here / "plan.yaml", "  - id: find-top-sponsor\n", begun)
    assert there("--update", "--now", "2027-03-01").code == 0
    data = plan(here / "plan.yaml")
    assert task(data, "find-top-sponsor")["end"] == "2027-03-01"
    assert first_after("find-top-sponsor", data) > "2027-03-01"
    found = run("validate", "plan.yaml", "--language", "en")
    assert found.code == 0
    assert "“find-top-sponsor” goes on, and should have ended" in found.out
    # What goes on may take longer than was thought.
    edit(here / "plan.yaml", "    end: 2027-03-01\n", "    end: 2027-03-11\n")
    assert there("--update").code == 0
    assert first_after("find-top-sponsor", plan(here / "plan.yaml")) > "2027-03-11"
    assert "find-top-sponsor" not in run("validate", "plan.yaml").out


def test_only_a_new_plan_moves_what_was_announced_to_earlier(there: Make, here: Path) -> None:
    edit(here / "org.yaml", "{role: trainer, people: 1}", "{role: trainer, people: 9}")
    assert there("--update").code == 0
    kept = task(plan(here / "plan.yaml"), "lyon.launch-site")["start"]
    (here / "plan.yaml").write_bytes(_WRITTEN["plan.yaml"])
    assert kept == task(plan(here / "plan.yaml"), "lyon.launch-site")["start"]
    assert there("--update", "--replan", "--start", "2026-10-14").code == 0
    assert task(plan(here / "plan.yaml"), "find-top-sponsor")["start"] < "2026-10-19"


def test_the_first_dates_are_the_baseline_until_others_are_taken(there: Make, here: Path) -> None:
    def deviations(*arguments: str) -> list[Any]:
        found = json.loads(there("--update", "--output-format", "json", *arguments).out)
        assert isinstance(found["baseline"]["deviations"], list)
        return found["baseline"]["deviations"]

    assert deviations() == []
    late = deviations("--now", "2027-02-01")
    assert late
    assert late == deviations()
    assert deviations("--baseline") == []
    assert deviations() == []
    record = json.loads((here / "plan.record.json").read_text(encoding="utf-8"))
    assert record["baseline_of"] == plan(here / "plan.yaml")["made_from"]["generation"]


def test_a_plan_keeps_its_own_language(there: Make, here: Path) -> None:
    edit(here / "org.yaml", "headcount: 200", "headcount: 250")
    found = there("--update", "--language", "fr")
    assert found.code == 0
    assert "ce que change la mise à jour" in found.out
    data = plan(here / "plan.yaml")
    assert data["language"] == "en"
    assert task(data, "lyon.launch-site")["title"] == "Open the network to the site"
    edit(here / "plan.yaml", "language: en", "language: xx")
    assert there("--update").code == 2


def test_a_day_that_nobody_said_makes_no_drift(
    make: Make, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(here / "org.yaml", "as_of: 2026-10-14\n", "")
    monkeypatch.setattr(inputs, "today", lambda: date(2026, 10, 14))
    assert make("-o", "plan.yaml").code == 0
    monkeypatch.setattr(inputs, "today", lambda: date(2026, 11, 30))
    assert make("--check").code == 0
    edit(here / "org.yaml", "headcount: 200", "headcount: 250")
    assert make("--update").code == 0
    assert plan(here / "plan.yaml")["made_from"]["organisation_as_of"] == "2026-11-30"


def test_a_plan_of_another_organisation_is_left_alone(there: Make, here: Path) -> None:
    (here / "other.yaml").write_text(
        ORG.replace("Essai", "Autre").replace("lyon", "lille").replace("hq", "paris"),
        encoding="utf-8",
    )
    found = there("--update", org="other.yaml")
    assert (found.code, found.out) == (2, "")
    assert "Essai" in found.err
    assert "Autre" in found.err
    assert (here / "plan.yaml").read_bytes() == _WRITTEN["plan.yaml"]


def test_an_organisation_may_take_another_name(there: Make, here: Path) -> None:
    edit(here / "org.yaml", "name: Essai", "name: Essai & Co")
    found = there("--update")
    assert found.code == 0
    assert "Essai & Co" in found.err
    assert plan(here / "plan.yaml")["organisation"] == "Essai & Co"
    assert there("--check").err == ""
    # A title of one's own is not another organisation.
    edit(here / "plan.yaml", "organisation: Essai & Co", "organisation: Our rollout")
    assert there("--update").err == ""


# ── Errors that an update leaves ──────────────────────────────────────────────────────────────────


def test_errors_that_an_update_leaves_are_reported_and_exit_1(there: Make, here: Path) -> None:
    decided = "    id: framing-decided\n    decision: go\n    decided_on: 2026-11-30\n"
    edit(here / "plan.yaml", "    id: framing-decided\n", decided)
    edit(here / "org.yaml", "headcount: 200", "headcount: 250")
    checked = there("--check")
    shown = there("--diff")
    assert (checked.code, shown.code, shown.err) == (1, 0, "")
    found = there("--update")
    assert found.code == 1
    assert re.search(r"plan\.yaml:\d+:\d+: decided-too-early", found.err)
    assert "measure-without-target" not in found.err
    # Before it was written, the lines were those that came to be.
    assert checked.err == found.err
    assert " |     decided_on: 2026-11-30\n" in found.err
    assert "headcount: 250" in (here / "plan.yaml").read_text(encoding="utf-8")
    again = there("--check")
    assert (again.code, again.out, again.err) == (1, "", found.err)


# ── What stops an update ──────────────────────────────────────────────────────────────────────────


def test_a_deleted_task_stops_nothing(there: Make, here: Path) -> None:
    text = (here / "plan.yaml").read_text(encoding="utf-8")
    text, count = re.subn(r"  - id: map-stakeholders\n(?:    .*\n)+\n?", "", text)
    assert count == 1
    assert "map-stakeholders" in text
    (here / "plan.yaml").write_text(text, encoding="utf-8")
    assert there("--update").code == 0
    assert "map-stakeholders" not in (here / "plan.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        ("  - id: map-stakeholders\n", "  - id: find-top-sponsor\n", "repeated-id"),
        ("after: [find-top-sponsor]", "after: [find-top-sponsr]", "unknown-reference"),
        (
            "  - id: find-top-sponsor\n",
            "  - id: find-top-sponsor\n    after: [share-out-roles]\n",
            "cycle",
        ),
        ("kind: plan\n", "kind: plan\nmine: 1\n", "unknown-key"),
    ],
)
def test_what_cannot_be_planned_stops_an_update_with_its_line(
    was: str, now: str, code: str, there: Make, here: Path
) -> None:
    edit(here / "plan.yaml", was, now)
    before = (here / "plan.yaml").read_bytes()
    found = there("--update")
    assert (found.code, found.out) == (1, "")
    assert re.search(rf"plan\.yaml:\d+:\d+:? .*{code}", found.err), found.err
    assert (here / "plan.yaml").read_bytes() == before


def test_a_circle_that_comes_about_by_the_update_is_shown(make: Make, here: Path) -> None:
    (here / "org.yaml").write_text(
        f"{ORG}- {{id: madrid, name: Madrid, country: ES, headcount: 90, zone: Iberia}}\n",
        encoding="utf-8",
    )
    assert make("-o", "plan.yaml").code == 0
    text = (here / "plan.yaml").read_text(encoding="utf-8")
    found = re.search(r"- id: lyon.prepare-site\n(?:    .*\n)*?    after: \[", text)
    assert found
    edit(here / "plan.yaml", found[0], f"{found[0]}madrid.launch-site, ")
    assert make("--update").code == 0
    refused = make("--update", "--order", "zones")
    assert (refused.code, refused.out) == (1, "")
    assert "plan.yaml" in refused.err
    assert re.search(
        "lyon.launch-site .* madrid.launch-site|madrid.launch-site .* lyon", refused.err
    )


def test_what_lacks_or_cannot_be_rewritten_is_said(
    there: Make, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(error: Exception) -> Callable[..., Any]:
        def fail(*_: object, **__: object) -> None:
            raise error

        return fail

    edit(here / "org.yaml", "headcount: 200", "headcount: 250")
    monkeypatch.setattr(plan_command, "spliced", failing(SpliceError("plan.yaml", ("sites", 1))))
    found = there("--update")
    assert (found.code, found.out) == (2, "")
    assert "plan.yaml, sites.1" in found.err
    monkeypatch.setattr(plan_command, "scheduled", failing(SolverMissingError()))
    found = there("--optimise")
    assert (found.code, found.out) == (2, "")
    assert "rse-plan[optimise]" in found.err


def test_another_playbook_than_the_plan_s_is_said(there: Make) -> None:
    own = Path(__file__).parents[1] / "examples" / "own-playbook"
    found = there("--check", "--playbook", str(own))
    assert found.code == 1
    assert "made with the playbook core" in found.err


def test_files_that_cannot_be_read_are_told(there: Make, here: Path) -> None:
    assert there("--update", "-o", "missing.yaml").code == 2
    assert there("--update", org="missing.yaml").code == 2
    (here / "folder").mkdir()
    assert there("--update", "-o", "folder").code == 2
    (here / "plan.record.json").write_text("[1]", encoding="utf-8")
    found = there("--update")
    assert (found.code, found.out) == (1, "")
    assert "plan.record.json" in found.err
    (here / "plan.record.json").unlink()
    (here / "plan.record.json").mkdir()
    assert there("--update").code == 2
    (here / "plan.record.json").rmdir()
    (here / "plan.yaml").write_text("kind: organisation\nname: X\n", encoding="utf-8")
    assert there("--update").code == 1


@pytest.mark.parametrize(
    "record", [None, '{"baseline": {}, "baseline_of": null, "generations": {}}']
)
def test_a_plan_without_its_record_is_not_overwritten(
    record: str | None, there: Make, here: Path
) -> None:
    edit(here / "plan.yaml", "  headcount: 200\n  amb", "  headcount: 210\n  amb")
    (here / "plan.record.json").unlink()
    if record:
        (here / "plan.record.json").write_text(record, encoding="utf-8")
    found = there("--update")
    assert found.code == 1
    assert "plan.record.json" in found.err
    assert plan(here / "plan.yaml")["sites"][1]["headcount"] == 210
    again = there("--update")
    assert "plan.record.json" not in again.err
    assert "DISAGREEMENTS" not in again.out
