"""What of a plan is shown, and in which order: the same on a terminal and in a document."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from rse_plan.plan.model import Decision, LegalStep, Phase, Plan, Wave
from rse_plan.plan.report import Line, Missed, PlanReport, Staffing, WeekLoad
from rse_plan.plan.timetable import Span, whole_span
from rse_plan.scheduling import Unmet

# Of a longer run of steps from site to site, the first and the last few are shown.
_FIRST, _LAST = 2, 1


@dataclass(frozen=True)
class Skipped:
    """Steps of a chain that are counted, not shown."""

    steps: int
    span: Span


@dataclass(frozen=True)
class Step:
    """A step of a chain, with the id of the one before."""

    line: Line
    before: str | None


@dataclass(frozen=True)
class Opening:
    """A wave with its launches, and the share of the staff reached by its last one."""

    wave: Wave
    launches: tuple[date, ...]
    reached: float | None


@dataclass(frozen=True)
class RoleLoad:
    """The load of a role, at its peak and on average, as shares of the time that it has."""

    role: str
    weeks: tuple[WeekLoad, ...]
    peak: float
    mean: float


@dataclass(frozen=True)
class Row:
    """A phase, or the gate of one, with its dates."""

    name: str
    is_gate: bool
    start: date | None
    end: date | None
    p50: date | None = None
    p80: date | None = None


class Selection:
    """Choose what to show of one plan."""

    def __init__(self, report: PlanReport) -> None:
        """Choose from one report."""
        self.report = report
        self.plan: Plan = report.plan

    @cached_property
    def span(self) -> Span:
        """The first and the last day of the plan."""
        return whole_span(self.plan)

    @cached_property
    def headcount(self) -> int:
        """The staff of all sites."""
        return sum(site.headcount or 0 for site in self.plan.sites)

    @cached_property
    def unmet(self) -> tuple[Unmet, ...]:
        """What the schedule does not keep and that is no announced date."""
        wished = {one.wish.about for one in self.report.missed}
        names = self.report.made.table.names
        return tuple(
            one
            for one in self.report.unmet
            if one.kind != "not-after" or names[one.activity] not in wished
        )

    @cached_property
    def beyond_mending(self) -> tuple[Missed, ...]:
        """The missed dates that no more people mend, where they are several: said once for all."""
        found = (one for one in self.report.missed if not one.mends and not one.is_kept_at_once)
        listed = tuple(found)
        return listed if len(listed) > 1 else ()

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every phase, each with its gate below."""
        return tuple(_rows(self.plan.phases))

    @cached_property
    def openings(self) -> tuple[Opening, ...]:
        """Every wave, the first that is all open first."""
        found = {
            one.site.id: (one.task.actual_start or one.task.start, one.site.headcount or 1)
            for one in self.plan.placed
            if one.site and one.task.launches
        }
        total = sum(people for _, people in found.values())
        launched = [(day, people) for day, people in found.values() if day]
        waves = sorted(self.plan.waves, key=lambda wave: wave.end or date.max)
        return tuple(
            Opening(
                wave,
                tuple(day for name in wave.sites for day in [found.get(name, (None, 0))[0]] if day),
                _reached(wave.end, launched, total),
            )
            for wave in waves
        )

    @cached_property
    def loads(self) -> tuple[RoleLoad, ...]:
        """The load of every role of the team that has something to do."""
        found = self.report.load
        return tuple(_load(role.id, found[role.id]) for role in self.report.roles if found[role.id])

    @cached_property
    def bottleneck(self) -> Staffing | None:
        """The role in which one more person would gain the most, if one would."""
        return bottleneck(self.report.staffing)

    @cached_property
    def others(self) -> tuple[Staffing, ...]:
        """The other roles, in which one more person would gain less."""
        return tuple(one for one in self.report.staffing if one != self.bottleneck)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """What leads to the end, step by step."""
        lines = self.report.critical_chain
        before = [None, *(line.id for line in lines)]
        return tuple(Step(line, name) for line, name in zip(lines, before, strict=False))

    @cached_property
    def chain(self) -> tuple[Step | Skipped, ...]:
        """What leads to the end, long runs from site to site cut short."""
        return tuple(_cut(self.steps))

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """What is still to decide, the most pressing first."""
        pending = (one for one in self.plan.decisions if not one.decided_on and not one.choice)
        return tuple(sorted(pending, key=_due))

    @cached_property
    def legal_steps(self) -> tuple[LegalStep, ...]:
        """What the law asks for and nobody has proved yet, the most pressing first."""
        pending = (
            one for one in self.plan.legal_steps if not one.evidence and not one.not_applicable
        )
        return tuple(sorted(pending, key=_due))

    @cached_property
    def legal_done(self) -> int:
        """How many legal steps are done."""
        return sum(bool(one.evidence and not one.not_applicable) for one in self.plan.legal_steps)

    @cached_property
    def legal_not_due(self) -> int:
        """How many legal steps are not called for."""
        return sum(bool(one.not_applicable) for one in self.plan.legal_steps)

    @cached_property
    def to_confirm(self) -> dict[str, tuple[str, ...]]:
        """The tasks that may not be needed, by the question that settles most of them first."""
        found: dict[str, list[str]] = {}
        for one in self.plan.placed:
            if one.task.confirm:
                found.setdefault(one.task.confirm, []).append(one.task.id)
        return {one: tuple(found[one]) for one in sorted(found, key=lambda one: -len(found[one]))}

    @cached_property
    def unconfirmed(self) -> int:
        """How many tasks may not be needed."""
        return sum(map(len, self.to_confirm.values()))


def bottleneck(staffing: Sequence[Staffing]) -> Staffing | None:
    """Return where one more person would gain the most, if it gains anything at all."""
    return next((one for one in staffing if one.reach_days + one.end_days > 0), None)


def _rows(phases: Iterable[Phase]) -> Iterator[Row]:
    for phase in phases:
        p50, p80 = (phase.forecast.p50, phase.forecast.p80) if phase.forecast else (None, None)
        yield Row(phase.name, False, phase.start, phase.end, p50, p80)
        if gate := phase.gate:
            yield Row(gate.name, True, None, gate.decided_on or gate.date)


def _reached(day: date | None, launched: Sequence[tuple[date, int]], total: int) -> float | None:
    if day is None or not total:
        return None
    return sum(people for start, people in launched if start <= day) / total


def _load(role: str, weeks: tuple[WeekLoad, ...]) -> RoleLoad:
    available = sum(week.available for week in weeks)
    return RoleLoad(
        role,
        weeks,
        max((week.asked / week.available for week in weeks if week.available), default=0.0),
        sum(week.asked for week in weeks) / available if available else 0.0,
    )


def _cut(steps: Iterable[Step]) -> Iterator[Step | Skipped]:
    for at_sites, run in groupby(steps, key=lambda step: step.line.site is not None):
        listed = [*run]
        if not at_sites or len(listed) <= _FIRST + _LAST + 1:
            yield from listed
            continue
        cut = [step.line.span for step in listed[_FIRST:-_LAST]]
        yield from listed[:_FIRST]
        yield Skipped(len(cut), Span(min(one.start for one in cut), max(one.end for one in cut)))
        yield from listed[-_LAST:]


def _due(one: Decision | LegalStep) -> date:
    return one.due or date.max
