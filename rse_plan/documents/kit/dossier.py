"""What documents are filled from, and the words in which they say it.

What nobody knows is a visible blank with the role that fills it, never an invented fact.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from rse_plan.assessment import Assessment, IndicatorScore
from rse_plan.assessment.gaps import Gap, proven_gaps, secured
from rse_plan.documents.render import markdown_text
from rse_plan.documents.wording import Wording
from rse_plan.language import NO_BREAK, Language
from rse_plan.organisation import Fact
from rse_plan.organisation.model import Period, UseCase
from rse_plan.organisation.model import Site as DescribedSite
from rse_plan.plan.model import (
    Decision,
    Gate,
    Kpi,
    LegalStep,
    Phase,
    Placed,
    Plan,
    Site,
    Wave,
    Wish,
)
from rse_plan.plan.timetable import Span, stated_spans
from rse_plan.playbook import Playbook


@dataclass(frozen=True)
class Dossier:
    """A plan, the playbook it comes from, and the assessment of the organisation if there is one.

    Templates see it as ``it``.
    """

    plan: Plan
    playbook: Playbook
    say: Language
    assessment: Assessment | None = None

    @cached_property
    def roles(self) -> dict[str, str]:
        """The names of the roles."""
        return {role.id: role.name for role in self.plan.roles}

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
    def missed_wishes(self) -> tuple[Wish, ...]:
        """The announced dates that the plan does not keep."""
        return tuple(one for one in self.plan.wishes if one.planned and one.planned > one.wanted)

    @cached_property
    def headcount(self) -> int | None:
        """The staff of all sites, where every one says it."""
        counts = [site.headcount for site in self.plan.sites]
        return None if None in counts or not counts else sum(count or 0 for count in counts)

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
    def words(self) -> Wording:
        """The words for what an assessment found."""
        return Wording(self.say, self.playbook)

    @cached_property
    def span(self) -> Span:
        """The first and the last day of the plan."""
        start = min((span.start for span in self.spans.values()), default=self.plan.settings.start)
        return Span(start, max((span.end for span in self.spans.values()), default=start))

    def fact(self, path: str) -> object:
        """Return what the organisation says; None when it does not, or is not there."""
        return None if self.assessment is None else said(self.assessment.organisation.fact(path))

    def said(self, fact: Fact[Any]) -> object:
        """Return what a fact of a use case or a site says; None when it does not."""
        return said(fact)

    def blank(self, role: str | None = None) -> Markup:
        """Leave something to be filled in, by somebody."""
        if role is None:
            said = self.say("kit.blank")
        else:
            said = self.say("kit.blank_for", role=self.role(role))
        return Markup(f"**\\[{markdown_text(said)}\\]**")  # noqa: S704 - escaped here

    def origin(self, path: str) -> str | None:
        """Say who says a fact of the organisation, and as of when; None when nobody does."""
        if self.assessment is None:
            return None
        fact = self.assessment.organisation.fact(path)
        when = None if fact.as_of is None else str(self.in_figures(fact.as_of))
        return self.say.listed(filter(None, (fact.source, when))) or None

    def yes_no(self, value: object, role: str | None = None) -> object:
        """Say whether something is so, or leave it to be filled in."""
        return self.blank(role) if value is None else self.say("yes" if value else "no")

    def due(self, name: str) -> date | None:
        """Return the last day of a task, or the day of a gate, if the plan has it."""
        span = self.spans.get(name)
        return span.end if span else None

    def measured(self, number: float | None, unit: str | None) -> object:
        """Write a value of a measure in its unit."""
        if number is None:
            return self.blank()
        if unit == "share":
            return self.say.percent(number)
        if unit == "months":
            return self.say("units.months", count=number, number=self.say.number(number, 1))
        if unit == "%":
            return self.say.percent(number / 100, 1)
        written = self.say.number(number, 1)
        return written if unit in {None, "count", "number"} else f"{written}{NO_BREAK}{unit}"

    def choice(self, kind: str, name: str) -> str:
        """Say in words one of a plan's choices, such as the ``high`` of a ``Grade``."""
        return str(self.say.table("plan")["choices"][kind][name])

    def or_blank(self, value: object, role: str | None = None) -> object:
        """Return what is known, or leave it to be filled in."""
        return self.blank(role) if value is None or value in ("", ()) else value

    def role(self, name: str | None) -> str:
        """Return the name of a role."""
        return self.roles.get(name or "", name or "")

    def who(self, role: str | None, owner: str | None = None) -> str:
        """Say who does something: the person who was named, else the role."""
        return owner or self.role(role)

    def day(self, day: date | None) -> object:
        """Write a day in full."""
        return self.blank() if day is None else self.say.date(day)

    def in_figures(self, day: date | None) -> object:
        """Write a day in figures, for a table."""
        if day is None:
            return self.blank()
        from babel.dates import format_date  # noqa: PLC0415 - slow to import

        form = self.say("plan_view.day")
        return str(format_date(day, format=form, locale=self.say.locale))

    def begins(self, name: str) -> date | None:
        """Return the first day of a task or gate; None when the plan does not have it."""
        span = self.spans.get(name)
        return None if span is None else span.start

    def weeks_after(self, day: date | None, weeks: int) -> date | None:
        """Return the same day of the week, some weeks later; None when there is no day."""
        return None if day is None else day + timedelta(weeks=weeks)

    def across(self, task: str, places: Iterable[str] | None = None) -> object:
        """Write when a task that is repeated is, over all or some of its sites or use cases."""
        found = [
            span
            for name, span in self.spans.items()
            if name.endswith(f".{task}")
            and (places is None or name.removesuffix(f".{task}") in places)
        ]
        if not found:
            return self.blank()
        first = self.in_figures(min(span.start for span in found))
        last = self.in_figures(max(span.end for span in found))
        return first if first == last else f"{first} → {last}"

    def period(self, name: str) -> object:
        """Write when a task or gate is, in figures."""
        span = self.spans.get(name)
        if span is None:
            return self.blank()
        start, end = self.in_figures(span.start), self.in_figures(span.end)
        return start if start == end else f"{start} → {end}"

    def country(self, code: str | None) -> object:
        """Name a country."""
        return self.blank() if code is None else self.say.locale.territories.get(code, code)

    def tongue(self, code: str | None) -> object:
        """Name a language."""
        return self.blank() if code is None else self.say.locale.languages.get(code, code)

    def count(self, name: str, number: int) -> str:
        """Write how many there are of something: sites, waves, people, tasks, steps."""
        return self.say(f"plan_view.counts.{name}", count=number, number=self.say.number(number))

    def share(self, share: float | None) -> object:
        """Write a share as a percentage."""
        return self.blank() if share is None else self.say.percent(share)

    def number(self, number: float | None, decimals: int = 0) -> object:
        """Write a number."""
        return self.blank() if number is None else self.say.number(number, decimals)

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
        open_by = [site for site in self.plan.sites if (self.launch(site) or date.max) <= day]
        counts = [site.headcount for site in open_by]
        return None if None in counts else sum(count or 0 for count in counts)

    def _start(self, one: Placed) -> date:
        span = self.spans.get(one.task.id)
        return span.start if span else date.max

    def phase(self, name: str) -> Phase | None:
        """Return a phase, if the plan has it."""
        return next((phase for phase in self.plan.phases if phase.id == name), None)

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

    def month(self, day: date) -> str:
        """Write the month of a day."""
        return self.say.partial_date(f"{day:%Y-%m}")

    def citations(self, names: Iterable[str]) -> Iterator[str]:
        """Name sources of the playbook: author, title, publisher, date."""
        for name in names:
            yield self.words.citation(name)


def said(fact: Fact[Any]) -> object:
    """Return the value of a fact; None when it is not known, or is that there is none."""
    return None if fact.value is None or fact.value == "none" else fact.value
