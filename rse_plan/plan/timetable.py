"""A plan as the scheduler sees it: activities on whole days, and the way back to dates.

A role of the team is a resource of quarters of people. A task holds its part of a person, effort
over the time that the person has for the project, from its first day to its last. Work of the
team goes on when both the place and the headquarters work; calendar days pass for everybody.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from math import ceil

from rse_plan.plan.calendars import USUAL, closed_days, worked_days
from rse_plan.plan.given import WEEK
from rse_plan.plan.model import Gate, Placed, Plan, RoleOnTeam, Site, Task
from rse_plan.scheduling import Absence, Activity, Calendar, Link, Problem, Resource, Schedule

# People are planned by quarters of their time for the project.
QUARTERS = 4
# Calendars are known so far ahead; beyond, every day counts as worked.
HORIZON_DAYS = 4000
_WEEK_OF_CALENDAR = 7
# What comes after everything, so that a deadline has something to be about.
END = "end"


@dataclass(frozen=True)
class Span:
    """The first and the last day of something, both included."""

    start: date
    end: date


@dataclass(frozen=True)
class Chosen:
    """The days that somebody chose for something, of which the other may follow."""

    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Timetable:
    """The scheduling problem of a plan, with the days that somebody chose.

    `names` are the ids of its activities, in order.

    Names that are no task's and no gate's belong to milestones of the timetable's own.
    """

    plan: Plan
    first: date
    names: tuple[str, ...]
    problem: Problem
    kept: Mapping[str, Chosen] = field(default_factory=dict)

    @cached_property
    def index(self) -> dict[str, int]:
        """The place of every activity, by the id of its task or gate."""
        return {name: index for index, name in enumerate(self.names)}

    def day(self, number: int) -> date:
        """Return the date of a day."""
        return self.first + timedelta(days=number)

    def number(self, day: date) -> int:
        """Return the number of a date."""
        return (day - self.first).days

    def spans(self, schedule: Schedule) -> dict[str, Span]:
        """Return when everything is; a milestone ends on the day it starts."""
        return {
            name: Span(self.day(start), self.day(max(start, end - 1)))
            for name, start, end in zip(self.names, schedule.starts, schedule.ends, strict=True)
        }

    def schedule(self) -> Schedule | None:
        """Return the schedule that the plan's own dates make; None when some are missing."""
        starts, ends = [], []
        spans = stated_spans(self.plan)
        for name, activity in zip(self.names, self.problem.activities, strict=True):
            if name in spans:
                starts.append(self.number(spans[name].start))
                ends.append(starts[-1] + (spans[name].end - spans[name].start).days + 1)
                if activity.duration == 0 and activity.fixed_end is None:
                    ends[-1] = starts[-1]
            elif name in self.own_milestones:
                reached = max(
                    (ends[link.activity] + link.lag for link in activity.links), default=0
                )
                starts.append(max(0, reached))
                ends.append(starts[-1])
            else:
                return None
        return Schedule(tuple(starts), tuple(ends))

    @cached_property
    def own_milestones(self) -> set[str]:
        """The activities that are no task and no gate."""
        return set(self.names) - {name for name, _ in _items(self.plan)}


def stated_spans(plan: Plan) -> dict[str, Span]:
    """Return when everything is by the plan's own dates: what happened, else what is planned."""
    found = {}
    for placed in plan.placed:
        task = placed.task
        start = task.actual_start or task.start
        end = task.actual_end or task.end
        if start and end:
            found[task.id] = Span(start, end)
    for gate in plan.gates:
        if day := gate.decided_on or gate.date:
            found[gate.id] = Span(day, day)
    return found


def whole_span(plan: Plan) -> Span:
    """Return the first and the last day of a plan by its own dates."""
    spans = stated_spans(plan).values()
    start = min((span.start for span in spans), default=plan.settings.start)
    return Span(start, max((span.end for span in spans), default=start))


def timetable(
    plan: Plan,
    kept: Mapping[str, Chosen] | None = None,
    not_before: Mapping[str, date] | None = None,
) -> Timetable:
    """Set out the scheduling problem of a plan.

    `kept` are days that somebody chose, which the schedule goes by; `not_before` are days before
    which something is not moved.
    """
    return _Builder(plan, kept or {}, not_before or {}).timetable()


def _items(plan: Plan) -> Iterable[tuple[str, Placed | Gate]]:
    """List the tasks and gates of a plan by their ids."""
    for placed in plan.placed:
        yield placed.task.id, placed
    for gate in plan.gates:
        yield gate.id, gate


class _Builder:
    """The parts of one problem, each built once."""

    def __init__(
        self, plan: Plan, kept: Mapping[str, Chosen], not_before: Mapping[str, date]
    ) -> None:
        self.plan = plan
        self.kept = kept
        self.not_before = not_before
        self.items = dict(_items(plan))
        self.first = min([plan.settings.start, *_days(kept, plan), *_past(plan)])
        self.roles = {role.id: role for role in plan.roles if role.people is not None}
        self.resources = {name: number for number, name in enumerate(self.roles)}
        self.calendars: dict[int, int] = {}
        self.worked = {
            calendar.id: worked_days(calendar, self.first, HORIZON_DAYS)
            for calendar in plan.calendars
        }
        self.closed = closed_days(plan.closures, self.first)
        self.always = self.calendar((1 << HORIZON_DAYS) - 1)
        self.team = self.days_of(plan.headquarters)
        self.groups = {site.id: number for number, site in enumerate(plan.sites)}
        self.names = list(self.items)

    def number(self, day: date) -> int:
        return (day - self.first).days

    def days_of(self, site: Site | None) -> int:
        """Return the days on which a place works, as bits."""
        if site is None or site.calendar not in self.worked:
            usual = worked_days(USUAL, self.first, HORIZON_DAYS)
            return usual & ~self.closed
        closed = self.closed | closed_days(site.blackouts, self.first)
        return self.worked[site.calendar] & ~closed

    def calendar(self, days: int) -> int:
        """Return the index of the calendar that works on some days."""
        return self.calendars.setdefault(days, len(self.calendars))

    def timetable(self) -> Timetable:
        order = _order_links(self.plan)
        extra = [name for name in order if name not in self.items]
        self.names += [*extra, END]
        self.index = {name: number for number, name in enumerate(self.names)}
        activities = [self.activity(name, order.get(name, ())) for name in self.names[:-1]]
        activities.append(self.end())
        problem = Problem(
            tuple(activities),
            tuple(self.resource(role) for role in self.roles.values()),
            tuple(Calendar(days, HORIZON_DAYS) for days in self.calendars),
        )
        return Timetable(self.plan, self.first, tuple(self.names), problem, self.kept)

    def activity(self, name: str, order: Iterable[str]) -> Activity:
        item = self.items.get(name)
        more = tuple(Link(self.index[other]) for other in order)
        if item is None:
            return Activity(name, 0, self.always, links=more)
        if isinstance(item, Gate):
            return self.gate(item, more)
        return self.task(item, more)

    def gate(self, gate: Gate, more: tuple[Link, ...]) -> Activity:
        fixed = gate.decided_on or self.chosen(gate.id)
        return Activity(
            gate.id,
            0,
            self.calendar(self.team),
            links=(*self.links(gate), *more),
            not_before=self.earliest(gate.id, None, started=False),
            fixed=None if fixed is None else self.number(fixed),
        )

    def task(self, placed: Placed, more: tuple[Link, ...]) -> Activity:
        task, site = placed.task, placed.site
        fixed, fixed_end = self.fixed(task, site)
        return Activity(
            task.id,
            task.elapsed_days or task.duration_days or 0,
            self.calendar_of(task, site),
            self.demands(task),
            (*self.links(task), *more),
            self.earliest(task.id, task.not_before, started=task.status == "started"),
            None if task.not_after is None else self.number(task.not_after) + 1,
            fixed,
            fixed_end,
            float(site.headcount or 1) if task.launches and site else 0.0,
            self.groups[site.id] if site else None,
        )

    def chosen(self, name: str) -> date | None:
        return self.kept[name].start if name in self.kept else None

    def fixed(self, task: Task, site: Site | None) -> tuple[int | None, int | None]:
        """Return where a task lies and ends when nothing may move it."""
        start, end = task.actual_start, task.actual_end
        chosen = self.kept.get(task.id, Chosen())
        if task.status in {"done", "started"}:
            start = start or task.start or self.plan.settings.start
        if task.status == "done":
            end = end or task.end
        start, end = start or chosen.start, end or chosen.end
        last = None if end is None else self.number(end) + 1
        if start is None:
            return None if last is None else self.start_before(last, task, site), last
        first = self.number(start)
        if task.status == "started" and task.actual_end is None:
            last = self.going_on(first, last, task, site)
        return first, last

    def going_on(self, start: int, end: int | None, task: Task, site: Site | None) -> int | None:
        """Return the end of work that goes on: no day before the status date has come true."""
        today = self.number(self.plan.settings.status_date or self.first)
        if start >= today:
            return end
        days = self.calendar_days(task, site)
        length = task.elapsed_days or task.duration_days or 0
        done = (days >> max(start, 0) & (1 << today - max(start, 0)) - 1).bit_count()
        if done < length if end is None else end > today:
            return end
        left = days >> today
        return today + max(1, (left & -left).bit_length())

    def start_before(self, end: int, task: Task, site: Site | None) -> int:
        """Return the last day on which a task can start to end in time."""
        days = self.calendar_days(task, site)
        left, start = task.elapsed_days or task.duration_days or 0, end
        while left and start > 0:
            start -= 1
            left -= days >> start & 1
        return start

    def earliest(self, name: str, not_before: date | None, *, started: bool) -> int:
        settings = self.plan.settings
        days = [settings.start, not_before, self.not_before.get(name)]
        if not started:
            days.append(settings.status_date)
        return max(self.number(day) for day in days if day is not None)

    def links(self, waiting: Task | Gate) -> tuple[Link, ...]:
        lags = {lag.id: lag for lag in waiting.lags}
        known = [name for name in waiting.after if name in self.index]
        return tuple(
            Link(self.index[name], lags[name].least_days, lags[name].most_days)
            if name in lags
            else Link(self.index[name])
            for name in known
        )

    def calendar_of(self, task: Task, site: Site | None) -> int:
        if task.elapsed_days:
            return self.always
        if site is None:
            return self.calendar(self.team)
        together = self.team if task.role in self.roles else -1
        return self.calendar(self.days_of(site) & together)

    def calendar_days(self, task: Task, site: Site | None) -> int:
        """Return the days on which a task can go on, as bits."""
        number = self.calendar_of(task, site)
        return list(self.calendars)[number]

    def demands(self, task: Task) -> tuple[tuple[int, int], ...]:
        role = self.roles.get(task.role or "")
        if role is None or not task.effort_days:
            return ()
        return ((self.resources[role.id], quarters(task, role)),)

    def resource(self, role: RoleOnTeam) -> Resource:
        absences = tuple(
            Absence(self.number(one.start), self.number(one.end) + 1, ceil(one.people * QUARTERS))
            for one in role.absences
        )
        return Resource(role.id, int((role.people or 0) * QUARTERS), absences)

    def end(self) -> Activity:
        deadline = self.plan.settings.deadline
        return Activity(
            END,
            0,
            self.always,
            links=tuple(Link(number) for number in range(len(self.names) - 1)),
            not_after=None if deadline is None else self.number(deadline) + 1,
        )


def quarters(task: Task, role: RoleOnTeam) -> int:
    """Return the quarters of people that a task holds."""
    days = task.duration_days or working_days_in(task.elapsed_days or 0)
    there = days_there(days, role)
    return ceil(round(QUARTERS * task.effort_days / there, 6)) if there else QUARTERS


def working_days_in(elapsed_days: int) -> int:
    """Return about how many working days there are in so many calendar days."""
    return round(elapsed_days * WEEK / _WEEK_OF_CALENDAR)


def days_there(working_days: int, role: RoleOnTeam) -> float:
    """Return the days that a person of a role has for the project out of so many working days."""
    weeks, rest = divmod(working_days, WEEK)
    per_week = min(role.days_per_week or WEEK, WEEK)
    return weeks * per_week + min(rest, per_week)


def working_days_for(effort_days: float, role: RoleOnTeam) -> int:
    """Return the least working days in which a person of a role has time for an effort."""
    per_week = min(role.days_per_week or WEEK, WEEK)
    weeks = ceil(round(effort_days / per_week, 6)) - 1
    return max(0, weeks) * WEEK + ceil(effort_days - max(0, weeks) * per_week)


def _past(plan: Plan) -> list[date]:
    """List the days on which work really began, or was decided on."""
    days = [one.task.actual_start for one in plan.placed]
    return [day for day in (*days, *(gate.decided_on for gate in plan.gates)) if day]


def _days(kept: Mapping[str, Chosen], plan: Plan) -> Iterator[date]:
    """Go through the days that somebody chose, with time for what has to end on one of them."""
    tasks = {one.task.id: one.task for one in plan.placed}
    for name, chosen in kept.items():
        if chosen.start:
            yield chosen.start
        elif chosen.end and name in tasks:
            days = tasks[name].elapsed_days or tasks[name].duration_days or 0
            yield chosen.end - timedelta(days=2 * days)


def _order_links(plan: Plan) -> dict[str, list[str]]:
    """Say what each launch waits for: the headquarters, or all of the wave before it."""
    launches = {
        placed.site.id: placed.task.id
        for placed in plan.placed
        if placed.task.launches and placed.site
    }
    headquarters = plan.headquarters
    first = launches.get(headquarters.id) if headquarters else None
    links = {name: [first] for name in launches.values() if first and name != first}
    if plan.settings.order == "zones":
        before: str | None = None
        for wave in plan.waves:
            opened = [launches[site] for site in wave.sites if site in launches]
            # The headquarters wait for no wave, whichever they are in.
            for name in opened:
                if name != first and before:
                    links.setdefault(name, []).append(before)
            if opened:
                before = f"{wave.id}.open"
                links[before] = opened
    return links
