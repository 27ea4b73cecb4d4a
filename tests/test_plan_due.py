"""By when the steps and decisions of a plan are due, and what begins at a gate."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from planning import EXAMPLES, FRENCH, START, example, planned, tasks

from rse_plan.plan.model import Plan


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
