"""Plans as a whole: what they say of real and invented organisations, judged by `judge`."""

import os
import subprocess
import sys
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from judge import missed
from planning import AS_OF, EXAMPLES, START, example, judged, planned, playbook, small, tasks

from rse_plan.assessment import assess
from rse_plan.files import read_file
from rse_plan.language import Language
from rse_plan.organisation import Organisation
from rse_plan.plan.draft import draft
from rse_plan.plan.generation import default_settings, scheduled
from rse_plan.plan.model import Plan
from rse_plan.plan.record import plain
from rse_plan.plan.report import Figures, PlanReport
from rse_plan.plan.text import plan_text
from rse_plan.plan.timetable import timetable
from rse_plan.playbook import playbook_folder
from rse_plan.scheduling import UnschedulableError

# ── The invented organisation ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("order", ["headquarters-first", "zones"])
@pytest.mark.parametrize(
    ("language", "start", "share"),
    [
        ("fr", date(2026, 10, 19), 0.1),
        ("en", date(2026, 10, 19), 0.2),
        # Days on which nobody works.
        ("fr", date(2026, 12, 25), 0.2),
        ("en", date(2027, 8, 7), 0.1),
    ],
)
def test_the_invented_organisation_gets_a_plan_that_holds(
    language: str, start: date, share: float, order: str
) -> None:
    made = planned(
        example("invented-28-sites"), language, start, ambassador_share=share, order=order
    )
    plan = made.plan
    assert judged(made) == []
    assert len(plan.sites) == 28
    assert sum(task.launches for task in tasks(plan).values()) == 28
    assert plan.ambassadors
    assert plan.ambassadors.target == round(8300 * share)
    assert plan.language == language


@pytest.mark.parametrize("people", [0.5, 1, 2.3, 9])
@pytest.mark.parametrize("role", ["project-lead", "community-manager", "trainer"])
def test_more_or_fewer_people_get_a_plan_that_holds(role: str, people: float) -> None:
    data = example("invented-28-sites")
    for member in data["means"]["team"]:
        if member["role"] == role:
            member["people"] = people
    assert judged(planned(data)) == []


def test_a_role_that_nobody_fills_is_named() -> None:
    data = example("invented-28-sites")
    for member in data["means"]["team"]:
        if member["role"] == "trainer":
            member["people"] = 0
    with pytest.raises(UnschedulableError) as found:
        planned(data)
    assert "trainer" in str(found.value)


def test_more_people_of_each_role_never_end_later() -> None:
    data = example("invented-28-sites")
    few = planned(data)
    for member in data["means"]["team"]:
        member["people"] *= 3
    many = planned(data)
    last = [max(task.end for task in tasks(made.plan).values() if task.end) for made in (few, many)]
    assert last[1] <= last[0]


def test_a_pilot_that_is_shorter_than_its_work_gets_a_plan() -> None:
    # Three weeks, and one person: less than the playbook's effort for four months.
    pilot = {"start": date(2027, 9, 6), "end": date(2027, 9, 24)}
    made = planned(small(pilot=pilot))
    found = tasks(made.plan)["run-pilot"]
    assert (found.start, found.end) >= (pilot["start"], pilot["end"])


def test_a_later_start_reaches_nobody_earlier() -> None:
    # The pilot is announced for 2 November: it has not begun because the plan starts later.
    data = example("invented-28-sites")
    found = [planned(data, start=START + timedelta(weeks=weeks)) for weeks in (0, 4, 10)]
    days = [Figures.of(made.table, made.schedule).reach for made in found]
    assert days == sorted(days)
    for made in found:
        assert tasks(made.plan)["run-pilot"].status == "planned"
        assert judged(made) == []


def test_of_a_pilot_that_has_begun_only_the_pilot_itself_has() -> None:
    begun = date(2026, 9, 14)
    found = tasks(planned(small(pilot={"start": begun, "end": date(2027, 1, 29)})).plan)
    assert [name for name, task in found.items() if task.status != "planned"] == ["run-pilot"]
    assert found["run-pilot"].actual_start == begun
    assert found["collect-and-answer-feedback"].start == START
    waiting = tasks(planned(small()).plan)["collect-and-answer-feedback"]
    assert waiting.after


def test_absent_people_are_not_planned() -> None:
    data = example("invented-28-sites")
    away = [{"start": "2027-03-01", "end": "2027-06-30", "people": 2}]
    for member in data["means"]["team"]:
        if member["role"] == "trainer":
            member["absences"] = away
    made = planned(data)
    assert judged(made) == []
    there = [task for task in tasks(made.plan).values() if task.role == "trainer"]
    first, last = date(2027, 3, 1), date(2027, 6, 30)
    assert all(task.end and task.start for task in there)
    assert not [t.id for t in there if t.end and t.start and t.start <= last and t.end >= first]


def test_zones_open_one_after_the_other_when_that_is_asked_for() -> None:
    data = example("invented-28-sites")
    waves = planned(data, order="zones").plan.waves
    for before, after in pairwise(waves):
        assert before.end
        assert after.start
        assert before.end < after.start
    # And they do not when it is not: what is planned is what reaches people early.
    free = planned(data).plan.waves
    assert any(
        before.end and after.start and after.start <= before.end for before, after in pairwise(free)
    )


def test_what_was_announced_is_listed_and_what_is_missed_is_known() -> None:
    data = example("invented-28-sites")
    data["sites"][1]["latest_launch"] = "2026-12-01"
    made = planned(data, deadline=date(2027, 1, 1))
    wishes = {wish.about: wish.wanted.isoformat() for wish in made.plan.wishes}
    for wave in data["roadmap"]["waves"]:
        assert wishes[wave["id"]] == wave["start"]
    assert wishes["run-pilot"] == data["pilot"]["start"]["value"]
    assert wishes[f"{data['sites'][1]['id']}.launch-site"] == "2026-12-01"
    assert wishes["end"] == "2027-01-01"
    found = PlanReport(made, playbook(playbook_folder("core"), "en")).missed
    late = [one.wish.about for one in found]
    assert {"end", "run-pilot"} <= set(late)
    assert sorted(late) == sorted(missed(plain(made.plan)))


def test_a_launch_keeps_to_the_days_that_its_site_gave() -> None:
    data = example("invented-28-sites")
    sites = {site["id"]: site for site in data["sites"]}
    sites["lyon"]["earliest_launch"] = date(2028, 3, 1)
    sites["nantes"]["latest_launch"] = date(2026, 12, 1)
    made = planned(data)
    assert judged(made) == []
    found = tasks(made.plan)
    start = found["lyon.launch-site"].start
    assert start
    assert start >= date(2028, 3, 1)
    assert found["nantes.launch-site"].not_after == date(2026, 12, 1)
    assert "nantes.launch-site" in missed(plain(made.plan))


# ── The other examples ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", sorted(path.parent.name for path in EXAMPLES.glob("*/org.yaml")))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_example_gets_a_plan_that_holds_and_reads_back(
    name: str, language: str, tmp_path: Path
) -> None:
    own = EXAMPLES / name
    made = planned(
        example(name), language, folder=own if (own / "playbook.yaml").exists() else None
    )
    assert judged(made) == []
    assert tasks(made.plan)
    read = read_back(made.plan, language, tmp_path)
    assert plain(read) == plain(made.plan)
    assert read.changed(made_from=made.plan.made_from) == made.plan
    # The file alone gives the same scheduling problem, and its dates are those of the schedule.
    table = timetable(read)
    assert table.problem == made.table.problem
    assert table.schedule() == made.schedule


def read_back(plan: Plan, language: str, folder: Path) -> Plan:
    path = folder / "plan.yaml"
    path.write_text(
        plan_text(plain(plan), "plan.schema.json", Language(language)), encoding="utf-8"
    )
    return Plan.model_validate(read_file(path).data)


def test_an_organisation_of_which_nothing_is_known_gets_a_plan() -> None:
    made = planned(small())
    assert judged(made) == []
    assert [site.headcount for site in made.plan.sites] == [None]
    assert made.plan.ambassadors is None


# ── The same again ────────────────────────────────────────────────────────────────────────────────


SCRIPT = """
import sys
sys.path.insert(0, {tests!r})
from test_plan import twin
sys.stdout.buffer.write(twin().encode())
"""


def twin() -> str:
    """Write the plan of the invented organisation with everything that is drawn in it."""
    book = playbook(playbook_folder("core"), "fr")
    organisation = Organisation.model_validate(example("invented-28-sites"))
    standing = assess(organisation, book, AS_OF).standing
    chosen = default_settings(book, START)
    plan = draft(organisation, standing, chosen, Language("fr"), AS_OF)
    made = scheduled(timetable(plan))
    return plan_text(plain(made.plan), "plan.schema.json", Language("fr"))


def test_the_same_seed_gives_the_same_bytes_in_any_process() -> None:
    script = SCRIPT.format(tests=str(Path(__file__).parent))
    texts = {
        subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", script],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1
    assert texts.pop().decode().startswith("# yaml-language-server")
