"""When sites open, in which waves, and how many people that reaches."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

from rse_plan.documents.kit.queries import Queries
from rse_plan.organisation.model import Period
from rse_plan.organisation.model import Site as DescribedSite
from rse_plan.plan.model import Site, Wave
from rse_plan.plan.timetable import Span, whole_span


@dataclass(frozen=True)
class Openings(Queries):
    """What documents ask about sites, waves and months."""

    @cached_property
    def described_sites(self) -> tuple[DescribedSite, ...]:
        """The sites as the organisation describes them, when it is there."""
        if self.assessment is None:
            return ()
        return self.assessment.organisation.sites.low or ()

    @cached_property
    def span(self) -> Span:
        """The first and the last day of the plan."""
        return whole_span(self.plan)

    @cached_property
    def opening(self) -> date | None:
        """The day on which the headquarters open, or the first site."""
        first = self.plan.headquarters
        return None if first is None else self.launch(first)

    @cached_property
    def unled(self) -> list[Site]:
        """The sites that nobody was named to lead."""
        return [site for site in self.plan.sites if not site.lead]

    @cached_property
    def first_opening(self) -> date | None:
        """The day on which the first site of a wave opens."""
        return min((wave.start for wave in self.plan.waves if wave.start), default=None)

    @cached_property
    def last_opening(self) -> date | None:
        """The day on which the last site of a wave opens."""
        return max((wave.end for wave in self.plan.waves if wave.end), default=None)

    @cached_property
    def waves_overlap(self) -> bool:
        """Whether a wave begins before the one before it has ended."""
        dated = [wave for wave in self.plan.waves if wave.start and wave.end]
        return any(
            before.end and after.start and after.start < before.end
            for before, after in pairwise(dated)
        )

    @cached_property
    def late_waves(self) -> list[Wave]:
        """The waves that open later than was announced."""
        late = {wish.about for wish in self.plan.missed_wishes}
        return [wave for wave in self.plan.waves if wave.id in late]

    @cached_property
    def headcount(self) -> int | None:
        """The staff of all sites where every one says it, else that of the organisation."""
        found = self.staff(self.plan.sites) if self.plan.sites else None
        return self.told("headcount").value if found is None else found

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

    def staff(self, sites: Iterable[Site]) -> int | None:
        """Return the staff of some sites, where every one says it."""
        counts = [site.headcount for site in sites]
        return None if None in counts else sum(count or 0 for count in counts)

    def people_reached(self, day: date) -> int | None:
        """Count the staff of the sites that are open on a day; None if a headcount is not known."""
        return self.staff(self.opened(day))

    def notices(self, weeks: int) -> list[dict[str, object]]:
        """List the days on which a wave is told, some weeks before its first and last openings."""
        return [
            {
                "day": self.weeks_after(wave.start, -weeks),
                "until": self.weeks_after(wave.end or wave.start, -weeks),
                "wave": wave,
            }
            for wave in self.plan.waves
        ]

    def sites_of(self, wave: Wave) -> list[Site]:
        """List the sites of a wave, the first to open first."""
        found = (site for site in self.plan.sites if site.id in wave.sites)
        return sorted(found, key=lambda site: self.launch(site) or date.max)

    @cached_property
    def launches(self) -> list[tuple[Site, date]]:
        """The sites that open, and when."""
        return [(site, day) for site in self.plan.sites if (day := self.launch(site))]

    def launch(self, site: Site) -> date | None:
        """Return the day on which a site opens."""
        return self._launches.get(site.id)

    @cached_property
    def _launches(self) -> dict[str, date]:
        found: dict[str, date] = {}
        for one in self.tasks():
            if one.site and one.task.launches and (day := self.begins(one.task.id)):
                found.setdefault(one.site.id, day)
        return found

    def wave(self, site: Site) -> Wave | None:
        """Return the wave in which a site opens."""
        return next((wave for wave in self.plan.waves if site.id in wave.sites), None)

    def opened(self, day: date | None, days: int = 0, wave: Wave | None = None) -> list[Site]:
        """List the sites, all or of a wave, that have been open for so many days on a day."""
        return [
            site
            for site, launch in self.launches
            if day
            and launch + timedelta(days=days) <= day
            and (wave is None or site.id in wave.sites)
        ]

    def launched(self, month: Span) -> list[Site]:
        """List the sites that open between two days."""
        return [site for site, day in self.launches if month.start <= day <= month.end]

    def beginning(self, month: Span, *phases: str) -> list[str]:
        """Name the tasks of some phases, and the gates, that begin between two days."""
        found = [
            (one.task.id, one.task.title) for phase in phases for one in self.tasks(phase=phase)
        ]
        found += [(gate.id, gate.name) for gate in self.plan.gates if gate.date]
        days = ((self.begins(name), title) for name, title in found)
        return [title for day, title in days if day and month.start <= day <= month.end]

    def blackouts(self, site: Site) -> list[Period]:
        """List when a site is closed, from the first to the last day of its tasks."""
        spans = [self.spans[one.task.id] for one in self.tasks(site=site)]
        start = min((span.start for span in spans), default=date.max)
        end = max((span.end for span in spans), default=date.min)
        return [one for one in site.blackouts if one.end >= start and one.start <= end]

    def opening_before_closure(self, days: int) -> list[Site]:
        """List the sites that open so few days before they close for a while."""
        return [
            site
            for site, launch in self.launches
            if any(0 <= (one.start - launch).days <= days for one in site.blackouts)
        ]

    def least_connected(self, number: int) -> list[DescribedSite]:
        """List the sites where the smallest share of the staff has access, of those that say it."""
        known = [one for one in self.described_sites if one.connected_share.value is not None]
        return sorted(known, key=lambda one: one.connected_share.value or 0.0)[:number]

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

    def weeks_after(self, day: date | None, weeks: int) -> date | None:
        """Return the same day of the week, some weeks later; None when there is no day."""
        return None if day is None else day + timedelta(weeks=weeks)

    def days_between(self, start: date | None, end: date | None) -> int:
        """Count the days from one day to another; 0 when one is not known."""
        return (end - start).days if start and end else 0
