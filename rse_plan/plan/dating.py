"""Dates from a schedule, for tasks and for all that follows from theirs."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import ceil

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
_QUANTILES = {"p50": 0.5, "p80": 0.8}


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
        decisions=tuple(_due_decision(one, spans) for one in plan.decisions),
        legal_steps=tuple(_due_step(one, plan, spans) for one in plan.legal_steps),
    )


def trimmed(plan: Plan, dates: Plan) -> Plan:
    """Return a plan with calendars up to the year after the last of some dates."""
    spans = stated_spans(dates)
    last = max((span.end for span in spans.values()), default=plan.settings.start)
    return plan.changed(calendars=tuple(_trimmed(one, last) for one in plan.calendars))


def _dated_task(task: Task, spans: Mapping[str, Span]) -> Task:
    """Date a task that is still to do; what is done keeps the dates it was planned for."""
    if task.status in {"done", "cancelled"} or task.id not in spans:
        return task
    span = spans[task.id]
    start = task.start if task.status == "started" and task.start else span.start
    return task.model_copy(update={"start": start, "end": span.end})


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


def _due_decision(decision: Decision, spans: Mapping[str, Span]) -> Decision:
    """Ask for a decision by the day before the task that it opens."""
    span = spans.get(decision.before or "")
    due = None if span is None else span.start - timedelta(days=1)
    return decision.model_copy(update={"due": due})


def _due_step(step: LegalStep, plan: Plan, spans: Mapping[str, Span]) -> LegalStep:
    """Ask for a legal step by the day before what waits for it, else by its own end."""
    if step.task is None or step.task not in spans:
        return step
    waiting = [name for name, after in plan.waits.items() if step.task in after and name in spans]
    due = min(
        (spans[name].start - timedelta(days=1) for name in waiting),
        default=spans[step.task].end,
    )
    return step.model_copy(update={"due": due})


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
