"""Plans as a whole: what they say of real and invented organisations, judged by `judge`."""

import os
import subprocess
import sys
from collections.abc import Mapping
from copy import deepcopy
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judge import missed, violations

from rse_plan.assessment import assess
from rse_plan.files import read_file
from rse_plan.language import Language
from rse_plan.organisation import Organisation
from rse_plan.plan.draft import draft
from rse_plan.plan.generation import Generated, default_settings, scheduled
from rse_plan.plan.model import Plan, Task
from rse_plan.plan.record import plain
from rse_plan.plan.report import Figures, PlanReport
from rse_plan.plan.text import plan_text
from rse_plan.plan.timetable import timetable
from rse_plan.playbook import Playbook, playbook_folder, read_playbook
from rse_plan.scheduling import UnschedulableError

EXAMPLES = Path(__file__).parents[1] / "examples"
START = date(2026, 10, 19)
AS_OF = date(2026, 10, 12)

Data = dict[str, Any]


@cache
def playbook(folder: Path, language: str) -> Playbook:
    return read_playbook(folder, language)


@cache
def _said(name: str) -> Data:
    found = read_file(EXAMPLES / name / "org.yaml").data
    assert isinstance(found, dict)
    return found


def example(name: str) -> Data:
    return deepcopy(_said(name))


def small(**facts: Any) -> Data:
    return {"kind": "organisation", "name": "Small", **facts}


def planned(
    data: Data,
    language: str = "en",
    start: date = START,
    folder: Path | None = None,
    **wishes: Any,
) -> Generated:
    """Plan an organisation, without the draws of uncertain durations."""
    book = playbook(folder or playbook_folder("core"), language)
    organisation = Organisation.model_validate(data)
    assessment = assess(organisation, book, organisation.as_of or AS_OF)
    chosen = default_settings(book, start).model_copy(update=wishes)
    plan = draft(organisation, assessment.standing, chosen, Language(language), assessment.as_of)
    return scheduled(timetable(plan), runs=0)


def tasks(plan: Plan) -> Mapping[str, Task]:
    return {one.task.id: one.task for one in plan.placed}


def judged(made: Generated) -> list[str]:
    return violations(plain(made.plan))


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


_TEAM = ("project-manager", "community-animator", "trainer", "communication-officer", "it")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_neovia_says_what_it_assumes_and_asks_for_it(language: str) -> None:
    made = planned(example("neovia"), language)
    assumed = {one.id: one for one in made.plan.assumptions}
    team = {name for name in assumed if name.startswith("team.")}
    assert team == {f"team.{role}" for role in _TEAM}
    assert {"sites", "no-country", "pilot", "spread", "efforts"} <= assumed.keys()
    for one in assumed.values():
        assert one.text
        assert one.question
        assert one.question.rstrip().endswith("?")
    # Twenty-eight countries are published, their list is not; the staff is.
    assert len(made.plan.sites) == 28
    assert sum(site.headcount or 0 for site in made.plan.sites) == 8300
    assert [site.id for site in made.plan.sites if site.headquarters] == ["site-1"]
    assert not {site.country for site in made.plan.sites} - {None}


def test_what_is_told_is_not_assumed() -> None:
    assumed = {one.id for one in planned(example("invented-28-sites")).plan.assumptions}
    assert not {"sites", "no-country", "pilot", "headcount"} & assumed
    assert not [name for name in assumed if name.startswith("team.")]


def test_an_organisation_of_which_nothing_is_known_gets_a_plan() -> None:
    made = planned(small())
    assert judged(made) == []
    assert [site.headcount for site in made.plan.sites] == [None]
    assert made.plan.ambassadors is None


# ── What is in place, and what the law asks for ───────────────────────────────────────────────────


def test_what_a_site_has_in_place_does_not_appear() -> None:
    data = example("invented-28-sites")
    found = tasks(planned(data).plan)
    seen = set()
    for site in data["sites"]:
        for fact, task in (
            ("director_met", "meet-director"),
            ("business_leads_met", "meet-business-leads"),
            ("hr_met", "meet-hr"),
        ):
            is_done = site.get(fact) is True
            assert (f"{site['id']}.{task}" in found) == (not is_done), (site["id"], task)
            seen.add((task, is_done))
    assert len(seen) == 6


def test_who_waits_for_what_is_in_place_waits_for_what_that_waited_for() -> None:
    data = small(sites=[{"id": "here", "name": "Here"}])
    whole = tasks(planned(data).plan)
    assert "here.meet-director" in whole["here.meet-hr"].after
    data["sites"][0] |= {"director_met": True, "hr_met": True, "business_leads_met": True}
    after = tasks(planned(data).plan)["here.prepare-site"].after
    assert set(whole["here.meet-director"].after) <= set(after)


@pytest.mark.parametrize(
    ("fact", "task"),
    [
        ({"legal": {"usage_charter": True}}, "draft-usage-charter"),
        ({"legal": {"disconnection": True}}, "settle-disconnection"),
        ({"communication": {"plan": True}}, "plan-communication"),
        ({"tools": {"network": "Some"}}, "sign-contract"),
        ({"pilot": {"start": date(2026, 1, 5), "end": date(2026, 5, 5)}}, "run-pilot"),
        (
            {"legal": {"works_council": {"consultation_end": date(2026, 5, 5)}}},
            "write-works-council-file",
        ),
    ],
)
def test_what_is_in_place_does_not_appear(fact: Data, task: str) -> None:
    base = small(
        headcount=400,
        employer={"type": "private"},
        sites=[{"id": "here", "name": "Here", "country": "FR", "headcount": 400}],
    )
    assert task in tasks(planned(base).plan)
    made = planned(base | fact)
    assert task not in tasks(made.plan)
    assert judged(made) == []


LEGAL = {
    "write-works-council-file",
    "consult-cse",
    "consult-public-staff-body",
    "settle-disconnection",
    "review-workload-risks",
    "complete-personal-data-file",
    "screen-for-impact-assessment",
    "check-french-version",
    "here.local-legal-check",
}
IN_EUROPE = {"complete-personal-data-file", "screen-for-impact-assessment"}
IN_FRANCE = IN_EUROPE | {"review-workload-risks", "check-french-version"}


@pytest.mark.parametrize(
    ("employer", "country", "headcount", "expected"),
    [
        (
            "private", "FR", 50,
            IN_FRANCE | {"write-works-council-file", "consult-cse", "settle-disconnection"},
        ),
        ("private", "FR", 49, IN_FRANCE),
        (
            "association", "FR", 50,
            IN_FRANCE | {"write-works-council-file", "consult-cse", "settle-disconnection"},
        ),
        ("association", "FR", 49, IN_FRANCE),
        (
            "public", "FR", 49,
            IN_FRANCE | {"write-works-council-file", "consult-public-staff-body"},
        ),
        ("private", "DE", 5000, IN_EUROPE | {"here.local-legal-check"}),
        ("public", "NO", 5000, IN_EUROPE | {"here.local-legal-check"}),
        ("private", "US", 5000, {"here.local-legal-check"}),
        ("public", "CH", 40, {"here.local-legal-check"}),
    ],
)  # fmt: skip
def test_legal_steps_depend_on_employer_country_and_staff(
    employer: str, country: str, headcount: int, expected: set[str]
) -> None:
    made = planned(
        small(
            headcount=headcount,
            countries=[country],
            employer={"type": employer},
            sites=[{"id": "here", "name": "Here", "country": country, "headcount": headcount}],
        )
    )
    assert judged(made) == []
    assert LEGAL & tasks(made.plan).keys() == expected
    # What is not called for says so, what is to be done has a task or a reason.
    steps = {step.id: step for step in made.plan.legal_steps}
    for name in LEGAL - {"here.local-legal-check"}:
        assert (steps[name].not_applicable is None) == (name in expected)
        assert (steps[name].task is not None) == (name in expected)


def test_the_consultation_ends_before_the_contract_and_the_pilot() -> None:
    made = planned(
        small(
            headcount=400,
            countries=["FR"],
            employer={"type": "private"},
            legal={"works_council": {"expert": True}},
        )
    )
    found = tasks(made.plan)
    ends = [found[name].end for name in ("consult-cse", "consult-cse-with-expert")]
    pilot, contract = found["run-pilot"].start, found["sign-contract"].start
    assert pilot
    assert contract
    for end in ends:
        assert end
        assert end < contract
        assert end < pilot


def test_what_may_be_called_for_asks_whether_it_is() -> None:
    found = tasks(planned(small(headcount=400)).plan)
    assert found["consult-cse"].confirm
    assert found["complete-personal-data-file"].confirm


# ── Waves that the roadmap says, and sites that it does not ───────────────────────────────────────


def with_sites(*added: Data) -> Data:
    data = example("invented-28-sites")
    data["sites"] += added
    return data


def test_a_site_that_no_wave_names_joins_its_zone_or_its_country_or_opens_last() -> None:
    data = with_sites(
        {"id": "oslo", "name": "Oslo", "country": "NO", "zone": "Europe", "headcount": 40},
        {"id": "boston", "name": "Boston", "country": "US", "headcount": 30},
        {"id": "kyoto", "name": "Kyoto", "country": "JP", "zone": "Japan", "headcount": 20},
    )
    plan = planned(data).plan
    said = data["roadmap"]["waves"]
    *kept, last = plan.waves
    assert [(wave.id, wave.name) for wave in kept] == [(one["id"], one["name"]) for one in said]
    more = {"vague-europe": ("oslo",), "vague-ameriques": ("boston",)}
    for wave, one in zip(kept, said, strict=True):
        assert wave.sites == (*one["sites"], *more.get(wave.id, ()))
    assert (last.id, last.name, last.sites) == ("wave-7", "Other sites", ("kyoto",))
    wanted = {wish.about: wish.wanted for wish in plan.wishes}
    assert {one["id"]: one["start"] for one in said}.items() <= {
        name: day.isoformat() for name, day in wanted.items()
    }.items()
    (assumed,) = (one for one in plan.assumptions if one.id == "waves")
    assert "Oslo (Europe), Boston (Amériques), Kyoto (Other sites)" in assumed.text
    assert assumed.question == "In which wave does each of these sites open: Oslo, Boston, Kyoto?"


def test_waves_of_which_every_site_is_named_ask_nothing() -> None:
    plan = planned(example("invented-28-sites")).plan
    assert "waves" not in {one.id for one in plan.assumptions}


def test_a_wave_keeps_the_sites_that_are_known() -> None:
    data = example("invented-28-sites")
    data["roadmap"]["waves"][1]["sites"].append("atlantis")
    assert planned(data).plan.waves[1].sites == ("lyon", "nantes", "lille")


# ── Why a legal step does not apply, and by when the others are due ───────────────────────────────

FRENCH = small(
    headcount=400,
    countries=["FR"],
    employer={"type": "private"},
    sites=[{"id": "here", "name": "Here", "country": "FR", "headcount": 400}],
)
NO_RULES = {"not_applicable": "the charter holds no disciplinary rule"}
BY_EMPLOYER = "Does not apply, going by the employer and the staff as stated."


@pytest.mark.parametrize(
    ("step", "facts", "reason"),
    [
        (
            "file-charter",
            {"legal": {"charter_disciplinary": False, "charter_filed": NO_RULES}},
            "the charter holds no disciplinary rule",
        ),
        (
            "file-charter",
            {"legal": {"charter_filed": NO_RULES}},
            "the charter holds no disciplinary rule",
        ),
        (
            "file-charter",
            {"legal": {"charter_disciplinary": NO_RULES}},
            "the charter holds no disciplinary rule",
        ),
        (
            "file-charter",
            {"legal": {"charter_disciplinary": False}},
            "Does not apply, going by what is stated under legal.charter_disciplinary.",
        ),
        (
            "consult-cse-with-expert",
            {"legal": {"works_council": {"expert": False}}},
            "Does not apply: another step stands in for it, “Consult the CSE (one month)”.",
        ),
        ("consult-public-staff-body", {}, BY_EMPLOYER),
        (
            "consult-cse-with-expert",
            {"employer": {"type": "public"}, "legal": {"works_council": {"expert": False}}},
            BY_EMPLOYER,
        ),
        ("local-legal-check", {}, "Concerns no site, going by the countries as stated."),
    ],
)
def test_a_legal_step_says_why_it_does_not_apply(step: str, facts: Data, reason: str) -> None:
    plan = planned(FRENCH | facts).plan
    (found,) = (one for one in plan.legal_steps if one.id == step)
    assert (found.not_applicable, found.evidence, found.task, found.due) == (
        reason, None, None, None,
    )  # fmt: skip
    assert not [name for name in tasks(plan) if name.endswith(step)]


def test_a_step_that_each_site_does_is_due_when_the_first_of_them_is() -> None:
    plan = planned(example("invented-28-sites")).plan
    (step,) = (one for one in plan.legal_steps if one.id == "local-legal-check")
    assert step.title == "Check local law (24 sites)"
    checked = {site.id for site in plan.sites if site.country != "FR"}
    first = min(start for name, start in starts(plan).items() if name in launches(checked))
    assert step.due
    assert step.due < first
    assert not any(works(plan, step.due + timedelta(days=n)) for n in gap(step.due, first))


def launches(sites: set[str]) -> set[str]:
    return {f"{site}.launch-site" for site in sites}


def starts(plan: Plan) -> Mapping[str, date]:
    dated = {name: task.start for name, task in tasks(plan).items()}
    dated |= {gate.id: gate.date for gate in plan.gates}
    return {name: day for name, day in dated.items() if day}


def gap(due: date, start: date) -> range:
    return range(1, (start - due).days)


def works(plan: Plan, day: date) -> bool:
    """Say whether the headquarters work on a day."""
    site = plan.headquarters
    assert site
    (calendar,) = (one for one in plan.calendars if one.id == site.calendar)
    closed = any(one.start <= day <= one.end for one in (*plan.closures, *site.blackouts))
    off = day in calendar.days_off or f"{day:%A}".lower() in calendar.weekend
    return not closed and (not off or day in calendar.days_worked)


@pytest.mark.parametrize("start", [START, date(2026, 10, 25), date(2027, 4, 6)])
@pytest.mark.parametrize("name", ["invented-28-sites", "neovia"])
def test_what_is_due_is_due_on_the_last_working_day_before(name: str, start: date) -> None:
    plan = planned(example(name), start=start).plan
    found = starts(plan)
    decided = [(one.due, found[one.before]) for one in plan.decisions if one.before]
    assert decided
    for due, first in decided:
        assert due
        assert due < first
        assert works(plan, due)
        assert not any(works(plan, due + timedelta(days=n)) for n in gap(due, first))
    for step in plan.legal_steps:
        # A period that the law counts in calendar days may end on any of them.
        if step.due and step.task and not tasks(plan)[step.task].elapsed_days:
            assert works(plan, step.due)


def test_nothing_is_due_while_the_headquarters_are_closed() -> None:
    # The pilot is to start on the day after.
    closed = {"start": date(2027, 12, 20), "end": date(2028, 1, 7)}
    pilot = {"start": date(2028, 1, 10), "end": date(2028, 6, 30)}
    plan = planned(FRENCH | {"closures": [closed], "pilot": pilot}).plan
    (decision,) = (one for one in plan.decisions if one.id == "decide-pilot-length")
    assert tasks(plan)["run-pilot"].start == pilot["start"]
    assert decision.due == date(2027, 12, 17)


def test_whether_to_go_on_is_decided_before_the_gate_that_says_so() -> None:
    plan = planned(example("invented-28-sites")).plan
    (decision,) = (one for one in plan.decisions if one.id == "decide-pilot-outcome")
    (gate,) = (one for one in plan.gates if one.id == "pilot-go")
    assert decision.before == gate.id
    assert decision.due
    assert gate.date
    assert decision.due < gate.date


@pytest.mark.parametrize("name", sorted(path.parent.name for path in EXAMPLES.glob("*/org.yaml")))
def test_phases_that_a_gate_opens_do_not_begin_before_it(name: str) -> None:
    plan = planned(example(name)).plan
    gates = {gate.id: gate.date for gate in plan.gates}
    phases = {phase.id: phase.start for phase in plan.phases}
    opened = {"generalisation": "generalisation-decided", "community-life": "pilot-may-start"}
    for phase, gate in opened.items():
        start, day = phases.get(phase), gates.get(gate)
        assert start is None or day is None or start >= day


# ── What is assumed, in words ─────────────────────────────────────────────────────────────────────


def test_people_and_days_are_counted_in_the_singular_and_the_plural() -> None:
    french, english = (planned(small(), language).plan.assumptions for language in ("fr", "en"))
    texts = {one.id: (one.text, other.text) for one, other in zip(french, english, strict=True)}
    assert texts["team.trainer"] == (
        "Rôle «\u00a0Formateur\u00a0»\u00a0: le plan suppose 1 personne, 4 jours par semaine.",
        "Role “Trainer”: the plan assumes 1 person, 4 days a week.",
    )
    assert Language("fr")("plan.assume.people", count=2.0, number="2") == "2 personnes"
    assert Language("en")("plan.assume.days", count=0.5, number="0.5") == "0.5 days"


def test_days_off_that_are_not_counted_come_before_lesser_assumptions() -> None:
    found = [one.id for one in planned(example("neovia")).plan.assumptions]
    assert found.index("no-country") < found.index("pilot") < found.index("team.trainer")
    assert found.index("sites") == 0


@pytest.mark.parametrize(("countries", "sites"), [(["FR"], "one site"), (["FR", "BE"], "2 sites")])
def test_without_sites_the_efforts_say_how_many_they_are_for(
    countries: list[str], sites: str
) -> None:
    texts = {one.id: one.text for one in planned(small(countries=countries)).plan.assumptions}
    assert f"Efforts are therefore those of {sites}" in texts["sites"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_name_of_a_wave_is_not_quoted_inside_a_quotation(language: str) -> None:
    opened = Language(language)("plan_view.wave_opened", name="Nord")
    assert opened.endswith("Nord")
    assert not set(opened) & set("«»“”")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_text_of_the_playbook_is_from_memory(language: str) -> None:
    folder = playbook_folder("core") / "texts" / language
    found = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.yaml"))]
    assert found
    assert not [text for text in found if "de mémoire" in text or "from memory" in text]


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


# ── Random small organisations ────────────────────────────────────────────────────────────────────

COUNTRIES = ("FR", "DE", "EG", "CN", "IN", "US", "AE", "CH")
_DAYS = st.integers(0, 500).map(lambda days: START + timedelta(days=days))


@st.composite
def periods(
    draw: st.DrawFn, /, longest: int = 60, shortest: int = 0, **more: st.SearchStrategy[Any]
) -> Data:
    start = draw(_DAYS)
    end = start + timedelta(days=draw(st.integers(shortest, longest)))
    return {"start": start, "end": end} | {key: draw(value) for key, value in more.items()}


def maybe(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.just("unknown"), value)


@st.composite
def organisations(draw: st.DrawFn) -> Data:
    """Draw an organisation of a few sites, a team that may be small, and dates that are set."""
    count = draw(st.integers(0, 5))
    first = draw(st.integers(0, 5))
    sites = [
        {
            "id": f"s{number}",
            "name": f"Site {number}",
            "country": draw(maybe(st.sampled_from(COUNTRIES))),
            "headcount": draw(maybe(st.sampled_from([0, 3, 40, 120, 999]))),
            "headquarters": number == first,
            "zone": draw(maybe(st.sampled_from(["North", "South"]))),
            "connected_share": draw(maybe(st.sampled_from([0.0, 0.3, 1.0]))),
            "director_met": draw(maybe(st.booleans())),
            "relays": draw(maybe(st.integers(0, 1))),
            "blackouts": draw(st.lists(periods(), max_size=2)),
        }
        for number in range(count)
    ]
    for site in sites:
        if draw(st.integers(0, 4)) == 0:
            site["earliest_launch"] = draw(_DAYS)
        if draw(st.integers(0, 4)) == 0:
            site["latest_launch"] = draw(_DAYS) + timedelta(days=500)
    absence = periods(200, people=st.sampled_from([0.5, 1.0, 2.0]))
    team = [
        {
            "role": role,
            "people": draw(maybe(st.sampled_from([1.0, 1.3, 4.0]))),
            "days_per_week": draw(maybe(st.sampled_from([2.5, 3.0, 5.0]))),
            "absences": draw(st.lists(absence, max_size=2)),
        }
        for role in ("project-lead", "community-manager", "trainer")
        if draw(st.booleans())
    ]
    pilot = draw(st.one_of(st.none(), periods(250, 120)))
    return small(
        as_of=AS_OF,
        sites=sites,
        headcount=draw(maybe(st.just(5000))),
        closures=draw(st.lists(periods(30), max_size=1)),
        employer={"type": draw(maybe(st.sampled_from(["private", "public"])))},
        means={"team": team},
        **({"pilot": {key: pilot[key] for key in ("start", "end")}} if pilot else {}),
        working_days=[
            {
                "country": "FR",
                "weekend": draw(st.sampled_from([["sunday"], ["friday", "saturday"]])),
                "days_off": draw(st.lists(_DAYS, max_size=3)),
                "days_worked": [],
            }
        ]
        if draw(st.booleans())
        else [],
    )


@given(
    organisations(),
    st.integers(0, 400).map(lambda days: START + timedelta(days=days - 100)),
    st.sampled_from(["headquarters-first", "zones"]),
    st.sampled_from([0.05, 0.1, 0.2]),
)
def test_random_organisations_get_plans_that_hold(
    data: Data, start: date, order: str, share: float
) -> None:
    made = planned(data, start=start, order=order, ambassador_share=share)
    assert judged(made) == []
    assert set(missed(plain(made.plan))) == {
        wish.about for wish in made.plan.wishes if wish.planned and wish.planned > wish.wanted
    }
