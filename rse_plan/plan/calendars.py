"""Who works on which days: published holidays, what an organisation says of them, closures.

Published calendars come from the ``holidays`` package. Islamic dates in them are estimates, and
the weekend days on which China makes up for its holidays are not known ahead, so that a plan
lists its calendars, and people mend them there or under `working_days` of the organisation.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import get_args

from rse_plan.organisation.model import Organisation, Period, Weekday, WorkingDays
from rse_plan.plan.model import Calendar, Doubt

WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
# The calendar of a place whose country is not known.
NO_COUNTRY = "unknown"
_USUAL_WEEKEND = frozenset({5, 6})
# How a place works whose calendar is not there.
USUAL = Calendar(id=NO_COUNTRY, weekend=("saturday", "sunday"))
# Most rollouts are over by then.
_YEARS = 3
# Years for which countries have announced on which weekend days they work.
_MAKE_UP_YEARS = range(2020, 2026)


def calendar_id(country: str | None) -> str:
    """Return the id of the calendar of a country."""
    return NO_COUNTRY if country is None else country.lower()


def calendars(
    countries: Iterable[str | None], organisation: Organisation, first: date, last: date
) -> tuple[Calendar, ...]:
    """Return the calendar of each country from one day to another, both included.

    Doubts are those of its first years.
    """
    own = {one.country: one for one in organisation.working_days}
    return tuple(
        _calendar(country, own.get(country) if country else None, first, last)
        for country in sorted(set(countries), key=calendar_id)
    )


def _calendar(country: str | None, own: WorkingDays | None, first: date, last: date) -> Calendar:
    weekend, off, worked = _published(country, own.region if own else None, first, last)
    if own:
        if own.weekend is not None:
            weekend = frozenset(WEEKDAYS.index(day) for day in own.weekend)
        off = (off | set(own.days_off)) - set(own.days_worked)
        worked = (worked | set(own.days_worked)) - set(own.days_off)

    def listed(days: frozenset[date], *, in_weekend: bool) -> tuple[date, ...]:
        inside = (day for day in sorted(days) if first <= day <= last)
        return tuple(day for day in inside if (day.weekday() in weekend) == in_weekend)

    return Calendar(
        id=calendar_id(country),
        doubts=() if own or country is None else _doubts(country, first.year),
        weekend=tuple(WEEKDAYS[day] for day in sorted(weekend)),
        days_off=listed(off, in_weekend=False),
        days_worked=listed(worked, in_weekend=True),
    )


@cache
def is_published(country: str) -> bool:
    """Say whether a calendar of a country is published."""
    from holidays import country_holidays  # noqa: PLC0415 - only a new plan needs it

    try:
        country_holidays(country)
    except NotImplementedError:
        # How the package says that it has none; to ask for its list reads every country.
        return False
    return True


@cache
def _doubts(country: str, first: int) -> tuple[Doubt, ...]:
    """Say what is doubtful in the published calendar of a country, from some year on."""
    if not is_published(country):
        return ("unpublished",)
    from holidays import country_holidays  # noqa: PLC0415 - only a new plan needs it

    years = range(first, first + _YEARS)
    published = country_holidays(country, years=years, language="en_US")
    found: tuple[Doubt, ...] = ()
    if any("estimated" in name for name in published.values()):
        found = ("lunar",)
    past = country_holidays(country, years=_MAKE_UP_YEARS)
    return (*found, "make-up") if past.weekend_workdays else found


@cache
def _published(
    country: str | None, region: str | None, first: date, last: date
) -> tuple[frozenset[int], frozenset[date], frozenset[date]]:
    """Return the weekend of a country, its holidays and the days of weekends that are worked.

    Where none is known, the usual weekend is.
    """
    if country is None or not is_published(country):
        return _USUAL_WEEKEND, frozenset(), frozenset()
    from holidays import country_holidays  # noqa: PLC0415 - only a new plan needs it

    years = range(first.year, last.year + 1)
    subdivision = region.removeprefix(f"{country}-") if region else None
    published = country_holidays(country, subdiv=subdivision, years=years)
    return frozenset(published.weekend), frozenset(published), frozenset(published.weekend_workdays)


def closed_days(periods: Iterable[Period], first: date) -> int:
    """Return the days of some periods as bits, counted from a first day."""
    mask = 0
    for period in periods:
        start, end = (period.start - first).days, (period.end - first).days + 1
        if end > max(start, 0):
            mask |= (1 << end) - (1 << max(start, 0))
    return mask


def worked_days(calendar: Calendar, first: date, days: int) -> int:
    """Return the days that are worked out of so many, as bits, counted from a first day."""
    weekend = {WEEKDAYS.index(day) for day in calendar.weekend}
    mask = sum(1 << day for day in range(days) if (first.weekday() + day) % 7 not in weekend)
    for day in calendar.days_off:
        mask &= ~_bit(day, first)
    for day in calendar.days_worked:
        mask |= _bit(day, first)
    return mask


def _bit(day: date, first: date) -> int:
    return 1 << (day - first).days if day >= first else 0
