"""The plan command: what it writes and where, what it leaves alone, and with which exit code."""

import errno
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from command import Ran, Run
from jsonschema import Draft7Validator

from rse_plan.cli import inputs
from rse_plan.cli import plan as plan_command
from rse_plan.files import read_file
from rse_plan.files.splice import SpliceError
from rse_plan.plan import dating
from rse_plan.plan.generation import Effort
from rse_plan.scheduling import Problem, Schedule, SolverMissingError, simulate

ORG = """\
kind: organisation
name: Essai
as_of: 2026-10-14
means:
  team:
  - {role: project-lead, people: 1}
  - {role: community-manager, people: 2}
  - {role: trainer, people: 1}
sites:
- {id: hq, name: Siège, country: FR, headcount: 300, headquarters: true}
- {id: lyon, name: Lyon, country: FR, headcount: 200}
"""

Make = Callable[..., Ran]


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw few runs: forecasts are not what is tried here."""

    def drawn(problem: Problem, schedule: Schedule, _: int, *how: Any) -> list[Schedule]:
        return simulate(problem, schedule, 5, *how)

    monkeypatch.setattr(dating, "simulate", drawn)


@pytest.fixture
def make(run: Run, here: Path) -> Make:
    """Run the command on a small organisation."""
    (here / "org.yaml").write_text(ORG, encoding="utf-8")

    def made(*arguments: str, org: str = "org.yaml") -> Ran:
        return run("plan", org, "--language", "en", *arguments)

    return made


# What the command writes, once it was run.
_WRITTEN: dict[str, bytes] = {}


@pytest.fixture
def there(make: Make, here: Path) -> Make:
    """Run the command where there is a plan already."""
    if not _WRITTEN:
        assert make("-o", "plan.yaml").code == 0
        for name in ("plan.yaml", "plan.record.json"):
            _WRITTEN[name] = (here / name).read_bytes()
    for name, content in _WRITTEN.items():
        (here / name).write_bytes(content)
    return make


def plan(path: Path) -> dict[str, Any]:
    found = read_file(path).data
    assert isinstance(found, dict)
    return found


def edit(path: Path, was: str, now: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, now, 1), encoding="utf-8")


def tasks(data: dict[str, Any]) -> list[dict[str, Any]]:
    groups = [*data["phases"], *data["sites"]]
    return [one for group in groups for one in group.get("tasks", ())]


def task(data: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in tasks(data) if one["id"] == name)


def first_after(name: str, data: dict[str, Any]) -> str:
    """Return the first day of all that waits for a task."""
    return min(str(one["start"]) for one in tasks(data) if name in one.get("after", ()))


# ── A new plan ────────────────────────────────────────────────────────────────────────────────────


def test_a_plan_is_shown_and_nothing_is_written_unless_a_file_is_named(
    make: Make, here: Path
) -> None:
    found = make()
    assert (found.code, found.err) == (0, "")
    assert "Essai" in found.out
    assert [path.name for path in here.iterdir()] == ["org.yaml"]


def test_the_schema_that_a_plan_names_stands_beside_it(make: Make, here: Path) -> None:
    assert make("-o", "plan.yaml").code == 0
    first = (here / "plan.yaml").read_text(encoding="utf-8").splitlines()[0]
    schema = json.loads((here / first.partition("$schema=")[2]).read_text(encoding="utf-8"))
    Draft7Validator(schema).validate(plan(here / "plan.yaml"))


def test_a_better_plan_says_what_it_is_worth(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ortools")
    monkeypatch.setattr(plan_command, "BETTER", Effort(evaluations=30, windows=1))
    found = make("--optimise")
    assert (found.code, found.err) == (0, "")
    assert "of the best plan possible" in found.out
    assert make("--optimise").out == found.out


def test_a_plan_starts_on_the_first_monday_on_or_after_its_day(there: Make, here: Path) -> None:
    # 14 October 2026 is a Wednesday.
    assert plan(here / "plan.yaml")["settings"]["start"] == "2026-10-19"
    assert there("-o", "monday.yaml", "--as-of", "2026-10-12").code == 0
    assert plan(here / "monday.yaml")["settings"]["start"] == "2026-10-12"


def test_wishes_are_written_in_the_plan(make: Make, here: Path) -> None:
    found = make(
        "-o", "plan.yaml", "--start", "2027-01-11", "--deadline", "2029-01-01", "--order", "zones",
        "--objective", "end", "--ambassadors", "15%", "--seed", "7",
    )  # fmt: skip
    assert found.code == 0
    settings = plan(here / "plan.yaml")["settings"]
    assert settings.pop("spread")
    assert settings == {
        "start": "2027-01-11", "deadline": "2029-01-01", "order": "zones",
        "objective": ["end", "reach", "critical-mass"], "ambassador_share": 0.15, "seed": 7,
    }  # fmt: skip


def test_a_plan_that_exists_is_overwritten_only_when_forced(there: Make, here: Path) -> None:
    edit(here / "plan.yaml", "kind: plan\n", "kind: plan  # ours\n")
    found = there("-o", "plan.yaml")
    assert (found.code, found.out) == (2, "")
    assert "--update" in found.err
    assert "--force" in found.err
    assert "# ours" in (here / "plan.yaml").read_text(encoding="utf-8")
    assert there("-o", "plan.yaml", "--force").code == 0
    assert (here / "plan.yaml").read_bytes() == _WRITTEN["plan.yaml"]
    (here / "folder").mkdir()
    assert there("-o", "folder").code == 2
    assert there("-o", "folder", "--force").code == 2
    assert there("-o", "x" * 300).code == 2


def test_a_broken_record_does_not_keep_a_plan_from_being_made_anew(there: Make, here: Path) -> None:
    (here / "plan.record.json").write_text("{", encoding="utf-8")
    assert there("-o", "plan.yaml", "--force").code == 0
    assert there("--check").code == 0


def test_a_playbook_without_phases_gives_no_plan(make: Make, here: Path) -> None:
    book = here / "book"
    (book / "factors").mkdir(parents=True)
    source = Path(__file__).parent / "example_playbook"
    for path in source.rglob("*"):
        part = path.relative_to(source)
        if path.is_file() and not {"phases", "rollout.yaml"} & set(part.parts):
            (book / part).parent.mkdir(parents=True, exist_ok=True)
            (book / part).write_bytes(path.read_bytes())
    for arguments in ((), ("--update",), ("--set", "headcount=9")):
        found = make("--playbook", str(book), *arguments)
        assert (found.code, found.out) == (2, "")
        assert "phases" in found.err


def test_a_role_of_nobody_is_named_with_its_task(make: Make, here: Path) -> None:
    edit(here / "org.yaml", "{role: trainer, people: 1}", "{role: trainer, people: 0}")
    found = make()
    assert (found.code, found.out) == (2, "")
    assert re.search("The task “[a-z.-]+” asks for more people than the role “trainer”", found.err)
    assert "raise people or days_per_week" in found.err


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


# ── Scenarios ─────────────────────────────────────────────────────────────────────────────────────


def test_scenarios_are_compared_and_nothing_is_written(there: Make, here: Path) -> None:
    found = there(
        "--set", "means.team.community-manager.people=6; means.team.trainer.people=3",
        "--set", "plan.start=2027-01-04", "--set", "plan.ambassador_share=20%",
        "--start", "2026-11-02", "--output-format", "json",
    )  # fmt: skip
    assert (found.code, found.err) == (0, "")
    base, people, start, share = json.loads(found.out)["scenarios"]
    assert base["set"] == ""
    assert people["figures"]["reach"] <= base["figures"]["reach"]
    assert start["figures"]["end"] > base["figures"]["end"]
    assert share["figures"] == base["figures"]
    assert (here / "plan.yaml").read_bytes() == _WRITTEN["plan.yaml"]
    assert "Essai" in there("--set", "plan.order=zones").out


@pytest.mark.parametrize(
    ("scenario", "code", "said"),
    [
        ("means.team.nobody.people=6", 2, "nobody"),
        ("plan.order", 2, "PATH=VALUE"),
        ("plan.order=sideways", 1, "sideways"),
        ("plan.colour=red", 1, "colour"),
        ("plan.start=soon", 1, "soon"),
        ("headcount=-1", 1, "headcount"),
    ],
)
def test_a_scenario_that_cannot_be_is_refused(
    scenario: str, code: int, said: str, make: Make
) -> None:
    found = make("--set", scenario)
    assert (found.code, found.out) == (code, "")
    assert said in found.err


# ── Options that mean nothing together ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--now", "2027-01-04"), "--now goes with --update, --check or --diff only"),
        (("--replan",), "--replan goes with --update, --check or --diff only"),
        (("--set", "headcount=9", "--replan"), "does not go with --replan"),
        (("--baseline",), "--baseline goes with --update only"),
        (("--check", "--baseline"), "--baseline goes with --update only"),
        (("--update", "--diff", "--baseline"), "--baseline goes with --update only"),
        (("--set", "headcount=9", "--update"), "does not go with --update"),
        (("--set", "headcount=9", "--check"), "does not go with --check"),
        (("--set", "headcount=9", "--diff"), "does not go with --diff"),
        (("--set", "headcount=9", "-o", "plan.yaml"), "does not go with -o"),
        (("--deadline", "2026-10-18"), "The deadline, 18 October 2026, lies before the start"),
        (("--set", "headcount=9", "--deadline", "2026-01-01"), "19 October 2026"),
        (("--update", "--deadline", "2026-10-18"), "lies before the start"),
        (("--update", "--now", "2026-10-18"), "the plan does not start before 19 October 2026"),
        (("--check", "--start", "2026-12-07", "--now", "2026-12-06"), "7 December 2026"),
    ],
)
def test_what_means_nothing_is_refused(
    arguments: tuple[str, ...], said: str, there: Make, here: Path
) -> None:
    found = there(*arguments)
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert (here / "plan.yaml").read_bytes() == _WRITTEN["plan.yaml"]


def test_no_update_goes_back_before_the_last(there: Make, here: Path) -> None:
    assert there("--update", "--now", "2027-02-01").code == 0
    before = (here / "plan.yaml").read_bytes()
    found = there("--update", "--now", "2027-01-31")
    assert (found.code, found.out) == (2, "")
    assert "brought up to date on 1 February 2027" in found.err
    assert (here / "plan.yaml").read_bytes() == before
    assert there("--update", "--now", "2027-02-01").code == 0
    assert there("--check", "--replan", "--now", "2027-02-02").code == 1


def test_what_a_project_sets_for_its_updates_is_in_nobody_s_way(make: Make, here: Path) -> None:
    (here / "rse-plan.toml").write_text("[plan]\nreplan = true\nbaseline = true\n", "utf-8")
    assert make().code == 0


@pytest.mark.parametrize(
    ("option", "given", "said"),
    [
        ("--ambassadors", "250%", "«\u00a0250%\u00a0» n'est pas une part de 0 à 100\u00a0%"),
        ("--ambassadors", "beaucoup", "«\u00a0beaucoup\u00a0» n'est pas une part"),
        ("--start", "demain", "«\u00a0demain\u00a0» n'est pas un jour"),
        ("--deadline", "2026-02-30", "écrivez AAAA-MM-JJ"),
    ],
)
def test_a_wrong_value_is_named_with_what_to_write(
    option: str, given: str, said: str, make: Make
) -> None:
    found = make(option, given)
    assert found.code == 2
    words = re.sub(r"[│\s]+", " ", found.err).replace("\u00a0", " ")
    assert " ".join(said.replace("\u00a0", " ").split()) in words


# ── Files ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_link_to_a_plan_stays_one_and_the_record_stands_by_the_plan(
    there: Make, here: Path
) -> None:
    (here / "real").mkdir()
    for name in ("plan.yaml", "plan.record.json"):
        (here / name).rename(here / "real" / name)
    (here / "link.yaml").symlink_to(here / "real" / "plan.yaml")
    edit(here / "org.yaml", "headcount: 200", "headcount: 250")
    found = there("--update", "-o", "link.yaml")
    assert (found.code, found.err) == (0, "")
    assert (here / "link.yaml").is_symlink()
    assert sorted(path.name for path in here.iterdir()) == ["link.yaml", "org.yaml", "real"]
    assert there("--check", "-o", "real/plan.yaml").code == 0


def test_line_ends_and_modes_of_a_file_are_kept(there: Make, here: Path) -> None:
    path = here / "plan.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    path.chmod(0o640)
    edit_bytes = (here / "org.yaml").read_bytes().replace(b"headcount: 200", b"headcount: 250")
    (here / "org.yaml").write_bytes(edit_bytes)
    assert there("--update").code == 0
    content = path.read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n")
    assert b"headcount: 250\r\n" in content
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("to", "said"),
    [
        (
            "missing/plan.yaml",
            "missing/plan.yaml ne peut pas être écrit : son dossier n'existe pas",
        ),
        ("org.yaml/plan.yaml", "org.yaml/plan.yaml ne peut pas être écrit : son dossier n'existe"),
        ("folder", "folder ne peut pas être écrit : c'est un dossier"),
        (f"{'x' * 300}.yaml", "x.yaml ne peut pas être écrit : le nom est trop long"),
    ],
)
def test_a_file_that_cannot_be_written_is_the_one_that_was_asked_for(
    to: str, said: str, make: Make, here: Path
) -> None:
    (here / "folder").mkdir()
    found = make("-o", to, "--force", "--language", "fr")
    assert (found.code, found.out) == (2, "")
    assert said in found.err.replace("\u00a0", " ")
    assert sorted(path.name for path in here.iterdir()) == ["folder", "org.yaml"]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EACCES, "vous n'en avez pas le droit"),
        (errno.ENOSPC, "le disque est plein"),
        (errno.EROFS, "le disque est en lecture seule"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_why_a_file_cannot_be_written_is_said_in_the_user_s_words(
    number: int, said: str, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def touch(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "touch", touch)
    found = make("-o", "plan.yaml", "--language", "fr")
    assert found.code == 2
    assert f"plan.yaml ne peut pas être écrit\u00a0: {said}" in found.err


# Goes to where the files are written, kills a child before each line of it, and says what is left.
_KILLED = """
import hashlib, json, os, shutil, signal, sys
from pathlib import Path

from rse_plan.cli import output, plan
from rse_plan.cli.app import main
from rse_plan.plan import dating

simulate = dating.simulate
dating.simulate = lambda problem, schedule, _, *how: simulate(problem, schedule, 5, *how)
here, left = Path.cwd(), Path(sys.argv[1])
write = plan._write
names = ("plan.yaml", "plan.record.json")
old = {name: (here / name).read_bytes() for name in names}


def killed(count):
    def trace(frame, event, _):
        nonlocal count
        if frame.f_code.co_filename != output.__file__:
            return None
        count -= event == "line"
        if not count:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace
    return trace


def tried(*arguments):
    number = 0
    while True:
        number += 1
        child = os.fork()
        if not child:
            sys.settrace(killed(number))
            write(*arguments)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        shutil.copytree(here, left / str(number))
        for path in here.iterdir():
            if path.name in names:
                path.write_bytes(old[path.name])
            elif path.name.startswith("."):
                path.unlink()
        if not os.WIFSIGNALED(status):
            break


plan._write = tried
main(sys.argv[2:])
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are killed as on POSIX")
@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("is_new", [False, True])
@pytest.mark.usefixtures("there")
def test_who_is_killed_while_writing_leaves_a_whole_plan(
    is_new: bool, run: Run, here: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    edit(here / "org.yaml", "headcount: 200", "headcount: 250")
    edit(here / "org.yaml", "role: trainer, people: 1", "role: trainer, people: 0.5")
    how = ["--force"] if is_new else ["--update"]
    left = tmp_path_factory.mktemp("left")
    asked = ["plan", "org.yaml", "--language", "en", "-o", "plan.yaml"]
    subprocess.run(  # noqa: S603
        [sys.executable, "-c", _KILLED, str(left), *asked, *how],
        check=True, cwd=here, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    states = sorted(left.iterdir(), key=lambda path: int(path.name))
    whole = states.pop()
    old, new = _WRITTEN["plan.yaml"], (whole / "plan.yaml").read_bytes()
    assert len(states) > 10
    tried = set()
    for state in states:
        found = (state / "plan.yaml").read_bytes(), (state / "plan.record.json").read_bytes()
        assert found[0] in {old, new}
        if found not in tried:
            tried.add(found)
            os.chdir(state)
            after = run("plan", "org.yaml", "--language", "en", "--update")
            assert (after.code, after.err) == (0, "")
            if not is_new:
                assert (state / "plan.yaml").read_bytes() == new
    assert len(tried) == 3


def test_what_a_killed_process_left_is_in_nobody_s_way(there: Make, here: Path) -> None:
    (here / f".plan.yaml.{os.getpid()}").write_text("half", encoding="utf-8")
    edit(here / "org.yaml", "headcount: 200", "headcount: 250")
    assert there("--update").code == 0
    assert not [path for path in here.iterdir() if path.name.startswith(".")]
