"""The days that are worked in each place, as bits counted from a first day."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rse_plan.files import Location
from rse_plan.organisation.model import Period
from rse_plan.plan.calendars import WEEKDAYS, closed_days, worked_days
from rse_plan.plan.model import Calendar, Plan, Site
from rse_plan.plan.timetable import HORIZON_DAYS

# How a place works whose calendar is not there.
_USUAL = Calendar(id="unknown", weekend=("saturday", "sunday"))


@dataclass(frozen=True)
class Closed:
    """What nobody works for in a place on a day, and where the file says so if it does."""

    at: Location | None
    period: Period | None = None
    calendar: str | None = None


class Days:
    """The worked days of a plan, from its first day to its last or as far as calendars go."""

    def __init__(self, plan: Plan, first: date, last: date) -> None:
        self.plan = plan
        self.first = first
        self.count = min(max((last - first).days, 0) + 1, HORIZON_DAYS)
        self._calendars = {one.id: (index, one) for index, one in enumerate(plan.calendars)}
        self._worked: dict[str, int] = {}
        self._sites: dict[str, int] = {}

    def known(self, first: date, last: date) -> bool:
        """Say whether it is known which of some days are worked."""
        return self.first <= first <= last and (last - self.first).days < self.count

    def worked(self, site: Site | None, *, team: bool) -> int:
        """Return the days on which a place works, those of the team's too where it takes part.

        Work of the whole programme goes by the days of the headquarters.
        """
        if site is None:
            return self._team
        return self._of_site(site) & self._team if team else self._of_site(site)

    def number(self, days: int, first: date, last: date) -> int:
        """Count how many of some days are worked, both ends included."""
        start, end = (first - self.first).days, (last - self.first).days + 1
        return (days >> start & (1 << end - start) - 1).bit_count()

    @cached_property
    def _team(self) -> int:
        headquarters = self.plan.headquarters
        return self._of_calendar(_USUAL) if headquarters is None else self._of_site(headquarters)

    def _of_site(self, site: Site) -> int:
        if site.id not in self._sites:
            calendar = self._calendars[site.calendar][1] if self._has(site) else _USUAL
            days = self._of_calendar(calendar) & ~closed_days(site.blackouts, self.first)
            self._sites[site.id] = days
        return self._sites[site.id]

    def _has(self, site: Site) -> bool:
        return site.calendar in self._calendars

    def _of_calendar(self, calendar: Calendar) -> int:
        if calendar.id not in self._worked:
            closed = closed_days(self.plan.closures, self.first)
            days = worked_days(calendar, self.first, self.count)
            self._worked[calendar.id] = days & ~closed & (1 << self.count) - 1
        return self._worked[calendar.id]

    def why_closed(self, site: Site | None, day: date, *, team: bool) -> Closed:
        """Say why a place does not work on a day, or its team where it takes part."""
        places = [site, self.plan.headquarters] if site and team else [site]
        for place in places:
            here = place or self.plan.headquarters
            for index, period in enumerate(self.plan.closures):
                if period.start <= day <= period.end:
                    return Closed(("closures", index), period)
            if here is None:
                continue
            number = self.plan.sites.index(here)
            for index, period in enumerate(here.blackouts):
                if period.start <= day <= period.end:
                    return Closed(("sites", number, "blackouts", index), period)
            if found := self._day_off(here, day):
                return found
        return Closed(None, calendar=_USUAL.id)

    def _day_off(self, site: Site, day: date) -> Closed | None:
        """Say where a calendar tells that a day is not worked, if it is not."""
        if not self._has(site):
            return None
        index, calendar = self._calendars[site.calendar]
        if day in calendar.days_worked:
            return None
        at: Location = ("calendars", index)
        if day in calendar.days_off:
            at = (*at, "days_off", calendar.days_off.index(day))
        elif WEEKDAYS[day.weekday()] in calendar.weekend:
            at = (*at, "weekend")
        else:
            return None
        return Closed(at, calendar=calendar.id)
