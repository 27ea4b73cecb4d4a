"""Dates: what comes before what, and what lies within the roadmap and the report."""

from collections.abc import Iterator
from datetime import date
from math import ceil
from typing import Any

from rse_plan.checks.fault import Fault, Where, fault
from rse_plan.checks.organisation.ranges import ROUNDED_MONTHS
from rse_plan.files import Location
from rse_plan.organisation import Fact, Organisation
from rse_plan.organisation.model import Block, Period
from rse_plan.playbook.measures import DAYS_PER_MONTH

_PERIODS = (
    ("pilot.start", "pilot.end"),
    ("legal.works_council.consultation_start", "legal.works_council.consultation_end"),
)


def ends_before_starts(organisation: Organisation) -> Iterator[Fault]:
    """Find periods that end before they start."""
    for start, end, earliest, latest in _periods(organisation):
        if earliest is not None and latest is not None and latest < earliest:
            yield fault("ends-before-start", end, start, found=latest, start=earliest)


def _periods(
    organisation: Organisation,
) -> Iterator[tuple[Where, Where, date | None, date | None]]:
    """Go through starts and ends, with the earliest of the one and the latest of the other."""
    for start, end in _PERIODS:
        yield start, end, organisation.fact(start).low, organisation.fact(end).high
    for where, period in (*_closed(organisation), *_absences(organisation)):
        yield (*where, "start"), (*where, "end"), period.start, period.end
    for index, site in enumerate(organisation.sites.low or ()):
        where = ("sites", index)
        earliest, latest = site.earliest_launch, site.latest_launch
        yield (*where, "earliest_launch"), (*where, "latest_launch"), earliest, latest


def _closed(organisation: Organisation) -> Iterator[tuple[Location, Period]]:
    """Go through the periods in which the organisation, or a site, is closed."""
    for number, period in enumerate(organisation.closures):
        yield ("closures", number), period
    for index, site in enumerate(organisation.sites.low or ()):
        for number, period in enumerate(site.blackouts):
            yield ("sites", index, "blackouts", number), period


def _absences(organisation: Organisation) -> Iterator[tuple[Location, Period]]:
    for index, member in enumerate(organisation.means.team.low or ()):
        for number, period in enumerate(member.absences):
            yield ("means", "team", index, "absences", number), period


def consultation_after_pilot(organisation: Organisation) -> Iterator[Fault]:
    """Find a consultation of staff representatives that is still open when the pilot starts."""
    end, start = "legal.works_council.consultation_end", "pilot.start"
    earliest, latest = organisation.fact(end).low, organisation.fact(start).high
    if earliest is not None and latest is not None and earliest >= latest:
        yield fault("consultation-after-pilot", end, start, found=earliest, start=latest)


def waves_before_pilot_end(organisation: Organisation) -> Iterator[Fault]:
    """Find waves that start before the pilot surely ends."""
    end = organisation.pilot.end.low
    for index, wave in enumerate(organisation.roadmap.waves.low or ()):
        start = wave.start.high
        if start is not None and end is not None and start < end:
            where = ("roadmap", "waves", index, "start")
            yield fault("wave-before-pilot-end", where, "pilot.end", found=start, end=end)


def blackouts_outside_roadmap(organisation: Organisation) -> Iterator[Fault]:
    """Find closures that are over before the pilot, or begin after the roadmap and its waves."""
    first, last = organisation.pilot.start.low or date.min, _end_of_roadmap(organisation)
    for where, period in _closed(organisation):
        earliest, latest = sorted((period.start, period.end))
        if latest < first:
            limit = "pilot.start"
        elif earliest > last:
            limit = "roadmap.horizon_months"
        else:
            continue
        yield fault("blackout-outside-roadmap", where, limit, start=period.start, end=period.end)


def _end_of_roadmap(organisation: Organisation) -> date:
    """Return the last day that the roadmap or a wave can reach; the end of time if unknown."""
    start, horizon = organisation.pilot.start.high, organisation.roadmap.horizon_months
    waves = organisation.roadmap.waves.high
    # A horizon of 0 says that no roadmap is written.
    if start is None or waves is None or not horizon.low or horizon.high is None:
        return date.max
    days = ceil((horizon.high + ROUNDED_MONTHS) * DAYS_PER_MONTH)
    end = date.fromordinal(min(start.toordinal() + days, date.max.toordinal()))
    return max([end, *(wave.start.high or date.max for wave in waves)])


def later_than_the_report(organisation: Organisation) -> Iterator[Fault]:
    """Find facts that were not yet known on the day of which the file tells."""
    report = organisation.as_of
    if report is not None:
        for where, fact in _dated(organisation):
            if fact.as_of > report:
                at = (*where, "as_of")
                yield fault("later-than-the-report", at, "as_of", found=fact.as_of, report=report)


def _dated(organisation: Organisation) -> Iterator[tuple[Location, Any]]:
    """Go through the facts that say of which day they are, each with its place."""
    left: list[tuple[Location, Any]] = [((), organisation)]
    while left:
        where, said = left.pop()
        if isinstance(said, Fact):
            if said.as_of is not None:
                yield where, said
            said = said.low
        if isinstance(said, Block):
            values = vars(said)
            left += [((*where, name), values[name]) for name in said.model_fields_set]
        elif isinstance(said, dict):
            left += [((*where, name), inner) for name, inner in said.items()]
        elif isinstance(said, tuple):
            left += [((*where, index), inner) for index, inner in enumerate(said)]
