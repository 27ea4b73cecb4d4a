"""The plan in Microsoft Project's XML: as the plan has it, and text."""

import re
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest
from kits import PLAN
from project_files import (
    DAY,
    NAMESPACE,
    changed,
    dossier,
    invented,
    length,
    moment,
    read,
    said,
)

from rse_plan.documents.kit.forms.project import project
from rse_plan.language import languages
from rse_plan.organisation.model import Absence, Period
from rse_plan.plan.model import Gate, Lag, Phase, Site, Task

HOSTILE = [
    "<script>alert(1)</script> & ]]> &amp;",
    "=HYPERLINK(1)",
    "[role], one; other",
    "\u202ereversed",
    "emoji 👩🏽‍🚀 and é\u0301",
    "lines\r\nand\ttabs",
    "controls \x00 \x1b \ud800 \uffff \x85",
    "long " * 2000,
]
SHOWN = {
    HOSTILE[5]: "lines and tabs",
    HOSTILE[6]: r"controls \x00 \x1b \ud800 \uffff \x85",
    HOSTILE[7]: ("long " * 2000)[:254] + "…",
}


# ── What the plan says ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("code", languages())
def test_every_task_and_gate_is_there_with_its_dates(code: str) -> None:
    found, known = read(code=code), dossier(code=code)
    assert found.items.keys() == {*known.placed, *known.gates} == known.spans.keys()
    for name, span in known.spans.items():
        one, gate = found.items[name], name in known.gates
        start, finish = moment(one, "Start"), moment(one, "Finish")
        assert (start.date(), finish.date()) == (span.start, span.end)
        assert (said(one, "Milestone"), said(one, "Manual")) == (str(int(gate)), "1")
        assert (finish == start) == gate
        assert (moment(one, "ManualStart"), moment(one, "ManualFinish")) == (start, finish)
        assert (said(one, "ConstraintType"), moment(one, "ConstraintDate")) == ("4", start)
        title = known.gates[name].name if gate else known.placed[name].task.title
        assert said(one, "Name") == title
        why = known.gates[name].why if gate else known.placed[name].task.why
        assert why is None or why in said(one, "Notes")
    uids = [said(one, "UID") for one in found.lines.values()]
    assert len({*uids}) == len(found.all("Tasks/Task")) == len(uids)


def test_tasks_stand_under_their_phases_and_sites() -> None:
    found, known = invented(), dossier()
    (by_site,) = (phase.id for phase in PLAN.phases if phase.by_site)
    for site in PLAN.sites:
        assert found.above(site.id) == by_site
        assert {found.above(one.task.id) for one in known.tasks(site=site)} == {site.id}
    for phase in PLAN.phases:
        assert found.above(phase.id) == "plan"
        own = [one.task.id for one in known.tasks(phase=phase.id) if one.site is None]
        own += [phase.gate.id] if phase.gate else []
        assert {found.above(name) for name in own} == {phase.id}
    rows = [int(said(one, "ID")) for one in found.all("Tasks/Task")]
    assert rows == [*range(len(rows))]


def test_groups_sum_up_what_is_below() -> None:
    found = invented()
    below = defaultdict(list)
    for name, one in found.items.items():
        while name != "plan":
            below[name := found.above(name)].append(one)
    assert below.keys() == found.lines.keys() - found.items.keys()
    for name, parts in below.items():
        group = found.lines[name]
        assert said(group, "Manual") == "0"
        assert moment(group, "Start") == min(moment(one, "Start") for one in parts)
        assert moment(group, "Finish") == max(moment(one, "Finish") for one in parts)


def test_links_are_those_of_the_plan() -> None:
    lags = {(lag.id, one.task.id): lag.least_days for one in PLAN.placed for lag in one.task.lags}
    stated = {
        (other, name, lags.get((other, name), 0))
        for name, others in PLAN.waits.items()
        for other in others
    }
    linked = [*invented().links()]
    assert len({(start, end) for start, end, _ in linked}) == len(linked)
    assert any(lag for *_, lag in linked)
    assert stated <= {*linked}
    launches = {one.task.id: one.site for one in PLAN.placed if one.task.launches}
    for start, end, lag in {*linked} - stated:
        # Sites open after the headquarters, which is a setting of the plan.
        assert (launches[start], lag) == (PLAN.headquarters, 0)
        assert end in launches


def test_the_order_of_waves_adds_no_link_to_what_is_no_task() -> None:
    settings = PLAN.settings.model_copy(update={"order": "zones"})
    found = read(PLAN.changed(settings=settings))
    assert {(start, end) for start, end, _ in found.links()} >= {
        (other, name) for name, others in PLAN.waits.items() for other in others
    }


def test_durations_are_working_days_of_the_place() -> None:
    found, known = invented(), dossier()
    off = {one.id: {*one.days_off} for one in PLAN.calendars}
    for name, one in known.placed.items():
        task, days = found.items[name], found.days[said(found.items[name], "CalendarUID")]
        span = known.spans[name]
        worked = days.count(span.start, span.end)
        assert length(task, "Duration") == length(task, "ManualDuration") == worked * DAY
        asked = one.task.elapsed_days or one.task.duration_days
        assert asked is None or worked == asked
        if one.site:
            closed = off[one.site.calendar] | {
                day.start + timedelta(number)
                for day in one.site.blackouts
                for number in range((day.end - day.start).days + 1)
            }
            assert not [day for day in closed if known.span.start <= day and days.worked(day)]


def test_weekends_that_are_worked_and_days_off_are_exceptions() -> None:
    saturday = PLAN.settings.start + timedelta(days=5)
    calendars = tuple(one.model_copy(update={"days_worked": (saturday,)}) for one in PLAN.calendars)
    found = read(PLAN.changed(calendars=calendars))
    team = found.days[said(found.root, "CalendarUID")]
    assert team.worked(saturday)
    assert not team.worked(saturday + timedelta(days=7))
    closed = Period(start=saturday + timedelta(days=2), end=saturday + timedelta(days=13))
    found = read(PLAN.changed(closures=(closed,)))
    team = found.days[said(found.root, "CalendarUID")]
    assert not team.count(closed.start, closed.end)
    assert team.worked(closed.start - timedelta(days=3))


def test_roles_are_resources_and_effort_is_work() -> None:
    found, known = invented(), dossier()
    assert found.resources.keys() == known.roles.keys()
    roles = {said(one, "UID"): name for name, one in found.resources.items()}
    held = {}
    for one in found.all("Assignments/Assignment"):
        name, task = found.ids[said(one, "TaskUID")], found.items[found.ids[said(one, "TaskUID")]]
        held[name] = (roles[said(one, "ResourceUID")], length(one, "Work"))
        assert [moment(one, end) for end in ("Start", "Finish")] == [
            moment(task, end) for end in ("Start", "Finish")
        ]
        if duration := length(task, "Duration"):
            units = length(one, "Work") / duration
            assert float(said(one, "Units")) == pytest.approx(units, abs=1e-4)
    gates = {gate.id: (gate.role, timedelta()) for gate in PLAN.gates}
    efforts = {
        name: (one.task.role, one.task.effort_days * DAY) for name, one in known.placed.items()
    }
    for name, (who, work) in (efforts | gates).items():
        assert held[name][0] == who
        assert abs(held[name][1] - work) <= timedelta(seconds=30)
    for role in PLAN.roles:
        most = float(said(found.resources[role.id], "MaxUnits"))
        if role.people is None:
            assert most == int(most) >= 1
        else:
            assert most == pytest.approx(role.people * (role.days_per_week or 5) / 5)


def test_the_head_says_whose_plan_it_is_and_how_long_a_day_is() -> None:
    found = invented()
    assert PLAN.organisation in said(found.root, "Title")
    assert said(found.root, "CurrencyCode") == "EUR"
    minutes = [int(said(found.root, f"MinutesPer{name}")) for name in ("Day", "Week")]
    assert minutes == [420, 2100]
    assert moment(found.root, "CreationDate").date() == PLAN.made_from.organisation_as_of
    assert moment(found.root, "StartDate").date() == dossier().span.start
    assert moment(found.root, "FinishDate").date() == dossier().span.end
    assert "inventée" in said(found.lines["plan"], "Notes")
    assert "7 heures" in said(found.lines["plan"], "Notes")


def test_the_same_plan_gives_the_same_bytes_and_a_moved_task_keeps_its_number() -> None:
    assert project(dossier()) == project(dossier())
    name, span = next(iter(dossier().spans.items()))
    moved = read(changed(name, start=span.start + timedelta(365), end=span.end + timedelta(365)))
    assert moved.ids == invented().ids
    assert moment(moved.items[name], "Start").date() == span.start + timedelta(365)


# ── Work that has begun, and plans that say less ──────────────────────────────────────────────────

TASK = next(one for phase in PLAN.phases for one in phase.tasks if (one.duration_days or 0) > 2)


def test_work_that_is_done_says_when() -> None:
    assert TASK.start
    end = TASK.start + timedelta(days=3)
    plan = changed(TASK.id, status="done", actual_start=TASK.start, actual_end=end)
    found = read(plan)
    one = found.items[TASK.id]
    assert said(one, "PercentComplete") == "100"
    assert moment(one, "ActualStart") == moment(one, "Start")
    assert moment(one, "ActualFinish") == moment(one, "Finish")
    assert moment(one, "ActualFinish").date() == end
    assert length(one, "ActualDuration") == length(one, "Duration") == 4 * DAY
    assert length(one, "RemainingDuration") == timedelta()
    phase = found.lines[found.above(TASK.id)]
    assert 0 < int(said(phase, "PercentComplete")) < 100
    assert timedelta() < length(phase, "ActualDuration") < length(phase, "Duration")


def test_work_that_goes_on_is_as_far_as_its_days() -> None:
    assert TASK.start
    plan = changed(TASK.id, status="started")
    assert said(read(plan).items[TASK.id], "PercentComplete") == "0"
    today = TASK.start + timedelta(days=2)
    settings = PLAN.settings.model_copy(update={"status_date": today})
    found = read(plan.changed(settings=settings))
    one = found.items[TASK.id]
    assert moment(found.root, "StatusDate").date() == today
    assert moment(one, "ActualStart").date() == TASK.start
    assert one.find(f"{NAMESPACE}ActualFinish") is None
    assert length(one, "ActualDuration") == 2 * DAY
    assert length(one, "RemainingDuration") == length(one, "Duration") - 2 * DAY
    late = PLAN.settings.model_copy(update={"status_date": dossier().span.end})
    one = read(plan.changed(settings=late)).items[TASK.id]
    assert length(one, "RemainingDuration") == DAY


@pytest.mark.parametrize(("decision", "passed"), [("go", True), ("no-go", False)])
def test_a_gate_is_passed_when_it_opens(decision: str, passed: bool) -> None:
    number = next(number for number, phase in enumerate(PLAN.phases) if phase.gate)
    phase = PLAN.phases[number]
    assert phase.gate
    sunday = date(2026, 12, 6)
    gate = phase.gate.model_copy(update={"decision": decision, "decided_on": sunday})
    phases = [*PLAN.phases]
    phases[number] = phase.model_copy(update={"gate": gate})
    found = read(PLAN.changed(phases=tuple(phases)))
    one = found.items[gate.id]
    assert moment(one, "Start").date() == sunday
    assert (one.find(f"{NAMESPACE}ActualFinish") is not None) == passed
    assert said(one, "PercentComplete") == ("100" if passed else "0")
    assert found.days[said(one, "CalendarUID")].worked(sunday)
    assert dossier().choice("Gate.decision", decision) in said(one, "Notes")


def test_a_task_without_dates_has_none() -> None:
    name = next(iter(PLAN.sites[0].tasks)).id
    found = read(changed(name, start=None, end=None, sources=("not-in-the-playbook",)))
    one = found.items[name]
    assert not [field for field in one if re.search("Start|Finish|Duration$|Date", field.tag)]
    assert name in {end for _, end, _ in found.links()} | {start for start, *_ in found.links()}
    assert "not-in-the-playbook" in said(one, "Notes")
    held = {said(one, "TaskUID") for one in found.all("Assignments/Assignment")}
    assert said(one, "UID") not in held


def test_limits_are_said_where_the_format_has_no_place_for_them() -> None:
    phase = PLAN.phases[0]
    assert phase.gate
    day = date(2029, 3, 1)
    lag = Lag(id=phase.gate.id, least_days=2, most_days=9)
    name = PLAN.phases[-1].tasks[0].id
    found = read(changed(name, after=(phase.gate.id,), lags=(lag,), not_after=day, owner="Ada"))
    one = found.items[name]
    assert (phase.gate.id, name, 2) in {*found.links()}
    assert re.search(rf"\b9\b.*{phase.gate.name}", said(one, "Notes"))
    assert moment(one, "Deadline").date() == day
    assert said(one, "Contact") == "Ada"


def test_absences_are_periods_with_fewer_people() -> None:
    role = next(one for one in PLAN.roles if one.people == 2)
    away = Absence(start=date(2027, 1, 4), end=date(2027, 1, 8), people=1)
    roles = (role.model_copy(update={"absences": (away,), "days_per_week": 2.5}),)
    found = read(PLAN.changed(roles=roles)).resources[role.id]
    path = f"{NAMESPACE}AvailabilityPeriods/{NAMESPACE}AvailabilityPeriod"
    periods = found.findall(path)
    assert [float(said(one, "AvailableUnits")) for one in periods] == [1, 0.5, 1]
    starts = [moment(one, "AvailableFrom").date() for one in periods[1:]]
    assert starts == [away.start, away.end + timedelta(days=1)]
    for one, after in pairwise(periods):
        gap = moment(after, "AvailableFrom") - moment(one, "AvailableTo")
        assert gap == timedelta(minutes=1)


def test_a_plan_with_nothing_in_it_is_a_file() -> None:
    empty = PLAN.changed(phases=(), sites=(), roles=(), calendars=())
    assert read(empty).lines.keys() == {"plan"}
    day = date(2027, 1, 4)
    gate = Gate(id="open", name="Open", date=day, decision="go")
    phase = Phase(id="only", name="Only", gate=gate)
    site = Site(id="lyon", name="Lyon", calendar="fr", tasks=(Task(id="go", title="Go"),))
    found = read(empty.changed(phases=(phase, Phase(id="none", name="None")), sites=(site,)))
    assert found.lines.keys() == {"plan", "only", "open", "lyon", "go"}
    assert (found.above("open"), found.above("go")) == ("only", "lyon")
    assert said(found.lines["only"], "PercentComplete") == "100"
    assert found.lines["lyon"].find(f"{NAMESPACE}Start") is None


# ── Text ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_a_person_wrote_arrives_as_text(hostile: str) -> None:
    shown = SHOWN.get(hostile, hostile)
    plan = changed(TASK.id, title=hostile, why=hostile, owner=hostile)
    site = PLAN.sites[0].model_copy(update={"name": hostile, "lead": hostile})
    role = PLAN.roles[0].model_copy(update={"name": hostile})
    found = read(
        plan.changed(
            sites=(site, *plan.sites[1:]), roles=(role, *plan.roles[1:]), organisation=hostile
        )
    )
    one, resource = found.items[TASK.id], found.resources[role.id]
    for element in (one, found.lines[site.id]):
        assert said(element, "Name") == said(element, "Contact") == shown
    assert said(resource, "Name") == shown.translate(str.maketrans("[],;", "()··"))
    for element in (one, resource):
        whole = hostile.replace("\r\n", "\n") if hostile != HOSTILE[6] else shown
        assert whole in said(element, "Notes") or said(element, "Name") == hostile
    assert len(said(found.root, "Title")) <= 255
    assert {len(element) for element in found.root.iter(f"{NAMESPACE}Name")} == {0}
