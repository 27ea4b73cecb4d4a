"""Dates from a schedule, for tasks and for all that follows from theirs."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import ceil

from rse_plan.plan.calendars import USUAL, closed_days, worked_days
from rse_plan.plan.model import (
    Calendar,
    Decision,
    Forecast,
    Gate,
    LegalStep,
    Phase,
    Plan,
    Task,
    Wave,
)
from rse_plan.plan.timetable import END, Span, Timetable, stated_spans
from rse_plan.scheduling import Schedule, simulate

# Draws of uncertain durations: enough for the eighth decile to move by a few days at most.
RUNS = 300
# In large plans fewer: their ends vary less, and so many activities are enough to wait for.
_FEWEST_RUNS, _ACTIVITIES_DRAWN = 40, 400_000
_QUANTILES = {"p50": 0.5, "p80": 0.8}
# No place is closed for longer.
_YEAR = 366


def dated(table: Timetable, schedule: Schedule) -> Plan:
    """Return the plan with the dates of a schedule."""
    spans = table.spans(schedule)
    plan = table.plan
    phases = tuple(
        phase.model_copy(
            update={
                "tasks": tuple(_dated_task(task, spans) for task in phase.tasks),
                "gate": _dated_gate(phase.gate, spans),
            }
        )
        for phase in plan.phases
    )
    sites = tuple(
        site.model_copy(update={"tasks": tuple(_dated_task(task, spans) for task in site.tasks)})
        for site in plan.sites
    )
    found = with_derived(plan.changed(phases=phases, sites=sites))
    return trimmed(found, found)


def with_derived(plan: Plan) -> Plan:
    """Return the plan with the dates that follow from those of its tasks and gates."""
    spans = stated_spans(plan)
    waves = tuple(_dated_wave(wave, plan, spans) for wave in plan.waves)
    opened = {wave.id: wave.start for wave in waves} | {n: one.start for n, one in spans.items()}
    opened[END] = max((span.end for span in spans.values()), default=None)
    return plan.changed(
        wishes=tuple(
            wish.model_copy(update={"planned": opened.get(wish.about)}) for wish in plan.wishes
        ),
        phases=tuple(_dated_phase(phase, plan, spans) for phase in plan.phases),
        waves=waves,
        decisions=tuple(
            one.model_copy(update={"due": decision_due(one, plan, spans)}) for one in plan.decisions
        ),
        legal_steps=tuple(_due_step(one, plan, spans) for one in plan.legal_steps),
    )


def trimmed(plan: Plan, dates: Plan) -> Plan:
    """Return a plan with calendars up to the year after the last of some dates."""
    spans = stated_spans(dates)
    last = max((span.end for span in spans.values()), default=plan.settings.start)
    return plan.changed(calendars=tuple(_trimmed(one, last) for one in plan.calendars))


def _dated_task(task: Task, spans: Mapping[str, Span]) -> Task:
    """Date a task that is still to do; what is done keeps the dates it was planned for.

    So does what has begun, unless it ends before it was to begin.
    """
    if task.status in {"done", "cancelled"} or task.id not in spans:
        return task
    start, end = spans[task.id].start, spans[task.id].end
    if task.status == "started" and task.start and task.start <= end:
        start = task.start
    return task.model_copy(update={"start": start, "end": end})


def _dated_gate(gate: Gate | None, spans: Mapping[str, Span]) -> Gate | None:
    if gate is None or gate.decided_on:
        return gate
    return gate.model_copy(update={"date": spans[gate.id].start})


def _dated_phase(phase: Phase, plan: Plan, spans: Mapping[str, Span]) -> Phase:
    names = [one.task.id for one in plan.placed if one.phase == phase.id]
    names += [phase.gate.id] if phase.gate else []
    return phase.model_copy(update=_around(names, spans))


def _dated_wave(wave: Wave, plan: Plan, spans: Mapping[str, Span]) -> Wave:
    names = [
        one.task.id
        for one in plan.placed
        if one.site and one.site.id in wave.sites and one.task.launches
    ]
    return wave.model_copy(update=_around(names, spans))


def _around(names: Iterable[str], spans: Mapping[str, Span]) -> dict[str, date | None]:
    found = [spans[name] for name in names if name in spans]
    return {
        "start": min((span.start for span in found), default=None),
        "end": max((span.end for span in found), default=None),
    }


def decision_due(decision: Decision, plan: Plan, spans: Mapping[str, Span]) -> date | None:
    """Ask for a decision by the last working day before the task or gate that it opens."""
    span = spans.get(decision.before or "")
    return None if span is None else working_day_before(span.start, plan)


def step_due(step: LegalStep, plan: Plan, spans: Mapping[str, Span]) -> date | None:
    """Ask for a legal step by the first day on which one of its tasks is due."""
    tasks = _tasks_of(step, plan, spans)
    return min((_due_task(name, plan, spans) for name in tasks), default=None)


def _due_step(step: LegalStep, plan: Plan, spans: Mapping[str, Span]) -> LegalStep:
    due = step_due(step, plan, spans)
    return step if due is None else step.model_copy(update={"due": due})


def _tasks_of(step: LegalStep, plan: Plan, spans: Mapping[str, Span]) -> list[str]:
    """List the tasks of a step, those of the sites still to do where each has its own."""
    if step.task is not None:
        return [step.task] if step.task in spans else []
    repeated = [one.task for one in plan.placed if one.task.id.endswith(f".{step.id}")]
    left = [task for task in repeated if task.status != "done"]
    return [task.id for task in left or repeated if task.id in spans]


def _due_task(name: str, plan: Plan, spans: Mapping[str, Span]) -> date:
    """Return the last working day before what waits for a task, else the task's own end.

    A period that the law counts in calendar days may end after that day, and still be in time.
    """
    end = spans[name].end
    waiting = [
        spans[other].start
        for other, after in plan.waits.items()
        if name in after and other in spans
    ]
    if not waiting:
        return end
    first = min(waiting)
    due = working_day_before(first, plan)
    return end if due < end < first else due


def working_day_before(day: date, plan: Plan) -> date:
    """Return the last day before another on which the headquarters work."""
    site = plan.headquarters
    calendar = next((one for one in plan.calendars if site and one.id == site.calendar), USUAL)
    closed = [*plan.closures, *(site.blackouts if site else ())]
    first = day - timedelta(days=_YEAR)
    days = worked_days(calendar, first, _YEAR) & (1 << _YEAR) - 1 & ~closed_days(closed, first)
    return first + timedelta(days=days.bit_length() - 1) if days else day - timedelta(days=1)


def _trimmed(calendar: Calendar, last: date) -> Calendar:
    """Leave out the days after the year that follows the end of the plan."""
    until = date(last.year + 1, 12, 31)
    return calendar.model_copy(
        update={
            name: tuple(day for day in getattr(calendar, name) if day <= until)
            for name in ("days_off", "days_worked")
        }
    )


def forecast(table: Timetable, schedule: Schedule, runs: int = RUNS) -> Plan:
    """Return the plan with the days by which half, and four fifths, of uncertain runs end."""
    plan = table.plan
    spread, seed = plan.settings.spread, plan.settings.seed
    runs = min(runs, max(_FEWEST_RUNS, _ACTIVITIES_DRAWN // len(table.names)))
    drawn = simulate(table.problem, schedule, runs, seed, spread.least, spread.likely, spread.most)
    members = {phase.id: _members(phase, plan, table) for phase in plan.phases}
    phases = tuple(
        phase.model_copy(update={"forecast": _forecast(members[phase.id], drawn, table)})
        for phase in plan.phases
    )
    whole = _forecast(range(table.index[END]), drawn, table)
    return plan.changed(phases=phases, forecast=whole)


def _members(phase: Phase, plan: Plan, table: Timetable) -> list[int]:
    """List the activities of a phase, its gate among them."""
    names = [one.task.id for one in plan.placed if one.phase == phase.id]
    names += [phase.gate.id] if phase.gate else []
    return [table.index[name] for name in names]


def _forecast(
    activities: Sequence[int], drawn: Sequence[Schedule], table: Timetable
) -> Forecast | None:
    if not activities or not drawn:
        return None
    ends = sorted(
        max(max(run.starts[one], run.ends[one] - 1) for one in activities) for run in drawn
    )
    days = {
        name: table.day(ends[ceil(share * len(ends)) - 1]) for name, share in _QUANTILES.items()
    }
    return Forecast(**days)
