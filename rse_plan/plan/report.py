"""What is to be seen of a plan: figures, loads, why each start is where it is, what a person buys.

All of it follows from the plan and its scheduling problem; nothing here is written in the file.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property, partial

from rse_plan.plan.generation import FIRST, Generated, best_schedule, wanted
from rse_plan.plan.given import WEEK
from rse_plan.plan.model import Goal, Phase, Plan, RoleOnTeam, Task, Wish
from rse_plan.plan.timetable import END, QUARTERS, Span, Timetable, quarters, stated_spans
from rse_plan.plan.update import Updated
from rse_plan.playbook import Playbook
from rse_plan.scheduling import (
    Reason,
    Schedule,
    Unmet,
    bound,
    critical,
    critical_mass,
    reach,
    reasons,
    slack,
    staffed,
    unmet,
)

Spans = Mapping[str, Span]

# More people than this of one role are not tried to keep a date.
MOST_MORE = 3


@dataclass(frozen=True)
class Figures:
    """The mean day on which staff are reached, the day by which half of them are, the last day."""

    reach: date
    critical_mass: date
    end: date

    @classmethod
    def of(cls, table: Timetable, schedule: Schedule) -> "Figures":
        """Take the figures of a schedule."""
        problem = table.problem
        spans = table.spans(schedule)
        return cls(
            table.day(round(reach(problem, schedule))),
            table.day(round(critical_mass(problem, schedule))),
            max((spans[name].end for name in table.names if name != END), default=table.first),
        )


# The figures of a plan made with other people, and when everything is.
Variant = tuple[Figures, Spans]


@dataclass(frozen=True)
class Line:
    """One task or gate with its dates, how long it may slip, and what keeps it where it is."""

    id: str
    title: str
    phase: str | None
    site: str | None
    role: str | None
    span: Span
    slack_days: int
    is_critical: bool
    reason: Reason
    task: Task | None


@dataclass(frozen=True)
class WeekLoad:
    """Person-days of one role that the tasks of a week hold, and that it has."""

    monday: date
    asked: float
    available: float


@dataclass(frozen=True)
class Staffing:
    """What one more person of a role would buy, in days."""

    role: str
    reach_days: int
    end_days: int


@dataclass(frozen=True)
class Mend:
    """More people of one role with whom a wish would be kept."""

    role: str
    people: int


@dataclass(frozen=True)
class Missed:
    """A wish that the plan does not keep: by how much, and the smallest mends that would do.

    `chain` holds the ids of what leads to it, each waiting for the one before. A longer search may
    give up a date that the plan found at once keeps.
    """

    wish: Wish
    days: int
    reason: Reason | None
    mends: tuple[Mend, ...]
    chain: tuple[str, ...] = ()
    is_kept_at_once: bool = False


@dataclass(frozen=True)
class Search:
    """What a longer search was worth: the plan found at once, and what is left.

    `missed` counts the announced dates that the plan found at once does not keep.

    `gap` is by how much the best plan possible may be better at most, as a share of its own
    `figure`, the one that counts most, counted from the first day: 0.05 is 5 %. None where nothing
    is proven, such as for a plan that does not keep its longest waits, and so may be ahead of all
    that do.
    """

    at_once: Figures
    missed: int
    figure: Goal
    gap: float | None


@dataclass(frozen=True)
class PlanReport:
    """A plan that has been generated, and what is to be seen of it."""

    made: Generated
    playbook: Playbook

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.made.plan

    @cached_property
    def figures(self) -> Figures:
        """The figures of the plan."""
        return Figures.of(self.made.table, self.made.schedule)

    @cached_property
    def search(self) -> Search | None:
        """What a longer search was worth, where there was one."""
        made = self.made
        if made.effort == FIRST:
            return None
        goal, problem = wanted(made.plan), made.table.problem
        figure = made.plan.settings.objective[0]
        least = bound(problem, figure)
        is_proven = least > 0 and not any(one.kind == "within" for one in self.unmet)
        gap = goal(problem, made.schedule)[0] / least - 1 if is_proven else None
        first = made.at_once
        spans = made.table.spans(first)
        missed = sum(not _keeps(wish, made.plan, spans) for wish in made.plan.wishes)
        return Search(Figures.of(made.table, first), missed, figure, gap)

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """What keeps each activity of the scheduling problem where it is."""
        return reasons(self.made.table.problem, self.made.schedule)

    @cached_property
    def _chain(self) -> tuple[int, ...]:
        return critical(self.made.table.problem, self.made.schedule)

    @cached_property
    def with_more(self) -> Callable[[str, int], Variant]:
        """Plan again with more people of a role, each variant once."""
        return cache(partial(with_more, self.made))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every task and gate, in the order of the plan."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[Line]:
        table, schedule = self.made.table, self.made.schedule
        spans = table.spans(schedule)
        left = slack(table.problem, schedule)
        placed = {one.task.id: one for one in self.plan.placed}
        gates = {phase.gate.id: phase for phase in self.plan.phases if phase.gate}
        for name, index in table.index.items():
            if name in table.own_milestones:
                continue
            one, gate = placed.get(name), gates.get(name)
            yield Line(
                id=name,
                title=one.task.title if one else _gate_name(gate),
                phase=one.phase if one else gate.id if gate else None,
                site=one.site.name if one and one.site else None,
                role=one.task.role if one else gate.gate.role if gate and gate.gate else None,
                span=spans[name],
                slack_days=left[index],
                is_critical=index in self._chain,
                reason=self.reasons[index],
                task=one.task if one else None,
            )

    @cached_property
    def critical_chain(self) -> tuple[Line, ...]:
        """What leads to the end, each waiting for the one before it."""
        found = {line.id: line for line in self.lines}
        names = self.made.table.names
        return tuple(found[names[index]] for index in self._chain if names[index] in found)

    @cached_property
    def roles(self) -> tuple[RoleOnTeam, ...]:
        """The roles that hold only so much."""
        return limited(self.plan)

    @cached_property
    def load(self) -> Mapping[str, tuple[WeekLoad, ...]]:
        """The load of each role, week by week from the first to the last that asks for some."""
        return {role.id: weekly_load(role, self.plan) for role in self.roles}

    @cached_property
    def staffing(self) -> tuple[Staffing, ...]:
        """What one more person of each role would buy, the most first."""
        return staffing(self.made, self.with_more)

    @cached_property
    def unmet(self) -> tuple[Unmet, ...]:
        """What the schedule itself does not keep: latest dates, longest waits, dates people set.

        A missed deadline is among the wishes.
        """
        table = self.made.table
        found = unmet(table.problem, self.made.schedule)
        return tuple(one for one in found if one.activity != table.index[END])

    @cached_property
    def missed(self) -> tuple[Missed, ...]:
        """The announced dates that are not kept, each with the smallest mends that would do."""
        at_once = self.made.table.spans(self.made.at_once)
        return tuple(self._missed(wish, at_once) for wish in self.plan.missed_wishes)

    def _missed(self, wish: Wish, at_once: Spans) -> Missed:
        table, schedule = self.made.table, self.made.schedule
        is_kept_at_once = _keeps(wish, self.plan, at_once)
        first = _what_starts(wish, self.plan, table.spans(schedule))
        index = None if first is None else table.index.get(first)
        reason: Reason | None = None
        chain: tuple[int, ...] = ()
        if index is not None:
            reason = self.reasons[index]
            chain = critical(table.problem, schedule, index)
        days = (wish.planned - wish.wanted).days if wish.planned else 0
        return Missed(
            wish,
            days,
            reason,
            () if is_kept_at_once else self._mends(wish),
            tuple(table.names[one] for one in chain),
            is_kept_at_once,
        )

    def _mends(self, wish: Wish) -> tuple[Mend, ...]:
        """Find the fewest more people of one role with whom a wish is kept."""
        for people in range(1, MOST_MORE + 1):
            found = tuple(
                Mend(role.id, people)
                for role in self.roles
                if _keeps(wish, self.plan, self.with_more(role.id, people)[1])
            )
            if found:
                return found
        return ()


def limited(plan: Plan) -> tuple[RoleOnTeam, ...]:
    """Return the roles that hold only so much."""
    return tuple(role for role in plan.roles if role.people is not None)


def staffing(made: Generated, more: Callable[[str, int], Variant]) -> tuple[Staffing, ...]:
    """Say what one more person of each role would buy, the most first."""
    now = Figures.of(made.table, made.at_once)
    found = []
    for role in limited(made.plan):
        then = more(role.id, 1)[0]
        found.append(Staffing(role.id, (now.reach - then.reach).days, (now.end - then.end).days))
    return tuple(sorted(found, key=lambda one: (-one.reach_days - one.end_days, one.role)))


def with_more(made: Generated, role: str, people: int) -> Variant:
    """Plan again, at once, with more people of a role, who need not be used."""
    index = [one.name for one in made.table.problem.resources].index(role)
    problem, goal = staffed(made.table.problem, index, people * QUARTERS), wanted(made.plan)
    plans = (best_schedule(problem, goal, made.plan.settings.seed), made.at_once)
    again = min(plans, key=lambda plan: goal.rank(problem, plan))
    larger = replace(made.table, problem=problem)
    return Figures.of(larger, again), larger.spans(again)


def _gate_name(phase: Phase | None) -> str:
    return phase.gate.name if phase and phase.gate else ""


def _keeps(wish: Wish, plan: Plan, spans: Spans) -> bool:
    start = _start(wish, plan, spans)
    return start is not None and start <= wish.wanted


def _start(wish: Wish, plan: Plan, spans: Spans) -> date | None:
    """Return when what a wish is about starts, a task, a gate or a wave, or when all is over."""
    if wish.about == END:
        return max((span.end for name, span in spans.items() if name != END), default=None)
    name = _what_starts(wish, plan, spans)
    return None if name is None else spans[name].start


def _what_starts(wish: Wish, plan: Plan, spans: Spans) -> str | None:
    """Return what has to start for a wish: its task or gate, or the first launch of its wave."""
    if wish.about in spans:
        return wish.about
    sites = {name for wave in plan.waves if wave.id == wish.about for name in wave.sites}
    launches = [
        one.task.id
        for one in plan.placed
        if one.site and one.site.id in sites and one.task.launches and one.task.id in spans
    ]
    return min(launches, key=lambda name: spans[name].start, default=None)


def weekly_load(role: RoleOnTeam, plan: Plan) -> tuple[WeekLoad, ...]:
    """Add up what tasks hold of the people of a role, from the first day of each to its last."""
    spans = stated_spans(plan)
    asked: dict[date, float] = {}
    for one in plan.placed:
        if one.task.role == role.id and one.task.effort_days and one.task.id in spans:
            held = quarters(one.task, role) / QUARTERS * _per_day(role)
            for day in _weekdays(spans[one.task.id]):
                monday = day - timedelta(days=day.weekday())
                asked[monday] = asked.get(monday, 0.0) + held
    if not asked:
        return ()
    weeks = (max(asked) - min(asked)).days // 7
    return tuple(
        WeekLoad(monday, asked.get(monday, 0.0), _available(role, monday))
        for monday in (min(asked) + timedelta(weeks=week) for week in range(weeks + 1))
    )


def _weekdays(span: Span) -> Iterator[date]:
    """Go through the days from Monday to Friday."""
    for number in range((span.end - span.start).days + 1):
        day = span.start + timedelta(days=number)
        if day.weekday() < WEEK:
            yield day


def _per_day(role: RoleOnTeam) -> float:
    """Return the part of a working day that a person of a role has for the project."""
    return (role.days_per_week or WEEK) / WEEK


def _available(role: RoleOnTeam, monday: date) -> float:
    """Return the person-days that a role has in a week, without those who are absent."""
    days = [monday + timedelta(days=number) for number in range(WEEK)]
    there = [(role.people or 0.0) - _absent(role, day) for day in days]
    return sum(max(0.0, people) for people in there) * _per_day(role)


def _absent(role: RoleOnTeam, day: date) -> float:
    return sum(one.people for one in role.absences if one.start <= day <= one.end)


@dataclass(frozen=True)
class Move:
    """Something whose dates an update changes, or that differ from the baseline."""

    id: str
    title: str
    before: Span | None
    after: Span | None


@dataclass(frozen=True)
class PlanChanges:
    """What an update changes in a plan, and how far it is from its baseline."""

    before: Plan
    updated: Updated
    baseline: Mapping[str, Span]
    playbook: Playbook

    @property
    def report(self) -> PlanReport:
        """The plan as it comes to be."""
        return PlanReport(self.updated.generated, self.playbook)

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """What is added, gone, or at other dates than before, in the order of the plan."""
        return _moves(stated_spans(self.before), self.updated.generated.plan, self.before)

    @cached_property
    def deviations(self) -> tuple[Move, ...]:
        """What is at other dates than in the baseline."""
        after = self.updated.generated.plan
        return tuple(
            move for move in _moves(self.baseline, after, after) if move.before and move.after
        )


def _moves(was: Mapping[str, Span], plan: Plan, before: Plan) -> tuple[Move, ...]:
    spans = stated_spans(plan)
    titles = _titles(before) | _titles(plan)
    return tuple(
        Move(name, titles.get(name, name), was.get(name), spans.get(name))
        for name in [*spans, *(name for name in was if name not in spans)]
        if was.get(name) != spans.get(name)
    )


def _titles(plan: Plan) -> dict[str, str]:
    titles = {
        one.task.id: f"{one.task.title} ({one.site.name})" if one.site else one.task.title
        for one in plan.placed
    }
    return titles | {gate.id: gate.name for gate in plan.gates}


@dataclass(frozen=True)
class Scenarios:
    """One organisation planned several ways; the first, under an empty name, as it is."""

    made: Mapping[str, Generated]

    @cached_property
    def figures(self) -> Mapping[str, Figures]:
        """The figures of each."""
        return {name: Figures.of(one.table, one.schedule) for name, one in self.made.items()}

    @cached_property
    def staffing(self) -> Mapping[str, tuple[Staffing, ...]]:
        """What one more person of each role would buy in each, the most first."""
        return {name: staffing(one, partial(with_more, one)) for name, one in self.made.items()}
