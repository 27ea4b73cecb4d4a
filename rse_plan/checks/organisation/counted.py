"""Facts that are stated although others allow to count them: both have to come to the same."""

from collections.abc import Iterator, Mapping
from datetime import date
from math import inf

from rse_plan.checks.fault import Fault, fault
from rse_plan.checks.organisation.ranges import ROUNDED_MONTHS, ROUNDED_SHARES, apart
from rse_plan.organisation import Organisation
from rse_plan.playbook.measures import Mean, Months, Reader, Share

# Counted as they are for the score. Built without validation, which costs more than all rules.
_MEMBERS = "executive_committee.members"
_MEETINGS = ("director_met", "business_leads_met", "hr_met")
_SHARES: Mapping[str, Share | Mean] = {
    "executive_committee.briefed_share": Share.model_construct(
        type="share", over=_MEMBERS, where=("briefed",)
    ),
    "executive_committee.committed_share": Share.model_construct(
        type="share", over=_MEMBERS, where=("committed",)
    ),
    "roadmap.sites_met": Share.model_construct(type="share", over="sites", where=_MEETINGS),
    "ambassadors.sites_with_relay": Share.model_construct(
        type="share", over="sites", positive=("relays",)
    ),
    "digital_maturity.connected_share": Mean.model_construct(
        type="mean", over="sites", of="connected_share", weight="headcount", whole="headcount"
    ),
}
_LENGTH = Months.model_construct(type="months", start="pilot.start", end="pilot.end")


def countries_differ(organisation: Organisation) -> Iterator[Fault]:
    """Find a number of countries that their list does not allow."""
    countries = organisation.countries
    low = len(set(countries.low or ()))
    high = inf if countries.high is None else len(set(countries.high))
    if ends := apart(organisation.country_count, low, high):
        found, counted = ends
        yield fault("countries-differ", "country_count", "countries", found=found, counted=counted)


def shares_differ(organisation: Organisation) -> Iterator[Fault]:
    """Find shares that are not those of the complete list they are about."""
    for path, measure in _SHARES.items():
        low, high = _counted(measure, organisation)
        if ends := apart(organisation.fact(path), low, high, slack=ROUNDED_SHARES):
            found, counted = (round(100 * end) for end in ends)
            yield fault("share-differs", path, measure.over, found=found, counted=counted)


def lengths_differ(organisation: Organisation) -> Iterator[Fault]:
    """Find a pilot whose dates are not as far apart as it is said to last."""
    low, high = _counted(_LENGTH, organisation)
    if ends := apart(organisation.pilot.months, low, high, slack=ROUNDED_MONTHS):
        found, counted = (f"{end:.1f}".removesuffix(".0") for end in ends)
        dates = ("pilot.start", "pilot.end")
        yield fault("lengths-differ", "pilot.months", *dates, found=found, counted=counted)


def _counted(measure: Reader, organisation: Organisation) -> tuple[float, float]:
    """Count; on what day matters to none of these measures."""
    return measure.read(organisation, date.min).numbers()
