"""What documents ask of a plan and of an organisation: lookups and counts, not yet in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

from rse_plan.assessment import Assessment, IndicatorScore
from rse_plan.assessment.gaps import Gap, proven_gaps, secured
from rse_plan.language import Language
from rse_plan.organisation import Fact
from rse_plan.organisation.model import Period, UseCase
from rse_plan.organisation.model import Site as DescribedSite
from rse_plan.plan.model import (
    Decision,
    Gate,
    Kpi,
    LegalStep,
    Placed,
    Plan,
    Site,
    Wave,
)
from rse_plan.plan.timetable import Span, stated_spans, whole_span
from rse_plan.playbook import Playbook


@dataclass(frozen=True)
class Queries:
    """A plan, its playbook, and the assessment of the organisation if there is one."""

    plan: Plan
    playbook: Playbook
    say: Language
    assessment: Assessment | None = None

    @cached_property
    def spans(self) -> dict[str, Span]:
        """When every task and gate is."""
        return stated_spans(self.plan)

    @cached_property
    def placed(self) -> dict[str, Placed]:
        """Every task that is not cancelled."""
        return {one.task.id: one for one in self.plan.placed}

    @cached_property
    def gates(self) -> dict[str, Gate]:
        """Every gate."""
        return {gate.id: gate for gate in self.plan.gates}

    @cached_property
    def kpis(self) -> dict[str, Kpi]:
        """Every measure."""
        return {kpi.id: kpi for kpi in self.plan.kpis}

    @cached_property
    def use_cases(self) -> tuple[UseCase, ...]:
        """The use cases that the organisation describes, when it is there."""
        if self.assessment is None:
            return ()
        return self.assessment.organisation.use_cases.low or ()

    @cached_property
    def described_sites(self) -> tuple[DescribedSite, ...]:
        """The sites as the organisation describes them, when it is there."""
        if self.assessment is None:
            return ()
        return self.assessment.organisation.sites.low or ()

    @cached_property
    def headcount(self) -> int | None:
        """The staff of all sites, where every one says it."""
        return self.staff(self.plan.sites) if self.plan.sites else None

    @cached_property
    def gaps(self) -> list[Gap]:
        """What is surely lacking, what costs most first."""
        return [] if self.assessment is None else proven_gaps(self.assessment)

    @cached_property
    def secured(self) -> list[IndicatorScore]:
        """What is surely there, what counts most first."""
        return [] if self.assessment is None else secured(self.assessment)

    @cached_property
    def next_gate(self) -> Gate | None:
        """The first gate that is still to be decided."""
        return next((gate for gate in self.plan.gates if gate.decision == "pending"), None)

    @cached_property
    def opening(self) -> date | None:
        """The day on which the headquarters open, or the first site."""
        first = self.plan.headquarters
        return None if first is None else self.launch(first)

    @cached_property
    def span(self) -> Span:
        """The first and the last day of the plan."""
        return whole_span(self.plan)

    def fact(self, path: str) -> object:
        """Return what the organisation says; None when it does not, or is not there."""
        return None if self.assessment is None else said(self.assessment.organisation.fact(path))

    def said(self, fact: Fact[Any]) -> object:
        """Return what a fact of a use case or a site says; None when it does not."""
        return said(fact)

    def due(self, name: str) -> date | None:
        """Return the last day of a task, or the day of a gate, if the plan has it."""
        span = self.spans.get(name)
        return span.end if span else None

    def begins(self, name: str) -> date | None:
        """Return the first day of a task or gate; None when the plan does not have it."""
        span = self.spans.get(name)
        return None if span is None else span.start

    def weeks_after(self, day: date | None, weeks: int) -> date | None:
        """Return the same day of the week, some weeks later; None when there is no day."""
        return None if day is None else day + timedelta(weeks=weeks)

    def tasks(
        self, *, phase: str | None = None, site: Site | None = None, document: str | None = None
    ) -> list[Placed]:
        """List the tasks of a phase, of a site or for a document, the first to start first."""
        found = (
            one
            for one in self.placed.values()
            if (phase is None or one.phase == phase)
            and (site is None or one.site == site)
            and (document is None or one.task.document == document)
        )
        return sorted(found, key=self._start)

    def among(self, *names: str) -> list[Placed]:
        """List the tasks of these names that the plan has, the first to start first."""
        return sorted((self.placed[name] for name in names if name in self.placed), key=self._start)

    @cached_property
    def budget_years(self) -> tuple[Span, ...]:
        """The years that the budget is for, from the first day of the plan."""
        if self.plan.budget is None:
            return ()
        first = self.plan.settings.start
        years = range(first.year, first.year + round(self.plan.budget.months / 12) + 1)
        day = 28 if (first.month, first.day) == (2, 29) else first.day
        days = [date(year, first.month, day) for year in years]
        return tuple(Span(start, end - timedelta(days=1)) for start, end in pairwise(days))

    def people_reached(self, day: date) -> int | None:
        """Count the staff of the sites that are open on a day; None if a headcount is not known."""
        return self.staff(self.opened(day))

    def _start(self, one: Placed) -> date:
        span = self.spans.get(one.task.id)
        return span.start if span else date.max

    def wave(self, site: Site) -> Wave | None:
        """Return the wave in which a site opens."""
        return next((wave for wave in self.plan.waves if site.id in wave.sites), None)

    def launch(self, site: Site) -> date | None:
        """Return the day on which a site opens."""
        return next((self._start(one) for one in self.tasks(site=site) if one.task.launches), None)

    def decision(self, name: str) -> Decision | None:
        """Return what somebody has to decide, if the plan has it."""
        return next((one for one in self.plan.decisions if one.id == name), None)

    def legal_step(self, name: str) -> LegalStep | None:
        """Return a step that the law asks for, if the plan has it."""
        return next((one for one in self.plan.legal_steps if one.id == name), None)

    def carrying_out(self, action: str) -> Placed | None:
        """Return the first task of the plan that carries out an action."""
        named = {task.id for task in self.playbook.tasks.values() if action in task.carries_out}
        return next(
            (one for one in self.tasks() if one.task.id.rpartition(".")[2] in {action, *named}),
            None,
        )

    def opened(self, day: date | None, days: int = 0) -> list[Site]:
        """List the sites that have been open for so many days on a given day."""
        launches = ((site, self.launch(site)) for site in self.plan.sites)
        return [
            site
            for site, launch in launches
            if day and launch and launch + timedelta(days=days) <= day
        ]

    def staff(self, sites: Iterable[Site]) -> int | None:
        """Return the staff of some sites, where every one says it."""
        counts = [site.headcount for site in sites]
        return None if None in counts else sum(count or 0 for count in counts)

    def together(self, kind: str) -> tuple[int, date | None]:
        """Return how many tasks of a kind go on at once at most, and from when."""
        names = (name for name in self.placed if name.rpartition(".")[2] == kind)
        spans = [self.spans[name] for name in names if name in self.spans]
        busy = ((sum(s.start <= one.start <= s.end for s in spans), one.start) for one in spans)
        return max(busy, key=lambda found: (found[0], -found[1].toordinal()), default=(0, None))

    def closed(self, start: date | None, end: date | None) -> list[tuple[Period, list[str]]]:
        """List the periods in which sites are closed between two days, and the sites."""
        found: dict[Period, list[str]] = {}
        for period in self.plan.closures:
            found[period] = [site.name for site in self.plan.sites]
        for site in self.plan.sites:
            for period in site.blackouts:
                found.setdefault(period, []).append(site.name)
        between = (
            (period, names)
            for period, names in found.items()
            if start and end and period.end >= start and period.start <= end
        )
        return sorted(between, key=lambda one: (one[0].start, one[0].end))

    def months(self, day: date | None, number: int) -> list[Span]:
        """List so many months from the one of a day on."""
        found: list[Span] = []
        first = day and day.replace(day=1)
        while first and len(found) < number:
            following = (first + timedelta(days=31)).replace(day=1)
            found.append(Span(first, following - timedelta(days=1)))
            first = following
        return found


def said(fact: Fact[Any]) -> object:
    """Return the value of a fact; None when it is not known, or is that there is none."""
    return None if fact.value is None or fact.value == "none" else fact.value
