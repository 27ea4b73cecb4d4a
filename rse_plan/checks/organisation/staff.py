"""Numbers of people: parts and wholes, sites and the waves that open them."""

from collections.abc import Iterable, Iterator
from math import inf

from rse_plan.checks.fault import Fault, Where, fault
from rse_plan.checks.organisation.ranges import apart
from rse_plan.organisation import UNKNOWN, Fact, Organisation

_PARTS = {
    "headcount": (
        "selection_panel.people",
        "pilot.users",
        "ambassadors.count",
        "adoption.accounts",
        "adoption.active_users",
        "adoption.engaged_users",
    ),
    "adoption.accounts": ("adoption.active_users", "adoption.engaged_users"),
}


def parts_above_the_whole(organisation: Organisation) -> Iterator[Fault]:
    """Find more people in a part than in the whole."""
    for part, whole, least, most in _parts(organisation):
        if least is not None and most is not None and least > most:
            yield fault("part-above-whole", part, whole, found=least, limit=most)


def _parts(organisation: Organisation) -> Iterator[tuple[Where, Where, int | None, int | None]]:
    """Go through parts and wholes, with the least of the one and the most of the other."""
    for whole, parts in _PARTS.items():
        for part in parts:
            yield part, whole, organisation.fact(part).low, organisation.fact(whole).high
    for path in ("sites", "roadmap.waves"):
        entries = organisation.fact(path).low or ()
        least, _ = _total(entry.headcount for entry in entries)
        yield path, "headcount", least, organisation.headcount.high
    for index, site in enumerate(organisation.sites.low or ()):
        where = ("sites", index)
        yield (*where, "relays"), (*where, "headcount"), site.relays.low, site.headcount.high


def sums_differ(organisation: Organisation) -> Iterator[Fault]:
    """Find waves that do not reach as many people as the sites they open have."""
    staff = {site.id: site.headcount for site in organisation.sites.low or ()}
    for index, wave in enumerate(organisation.roadmap.waves.low or ()):
        low, high = _total(staff.get(site, UNKNOWN) for site in set(wave.sites))
        if wave.sites and (ends := apart(wave.headcount, low, high)):
            found, total = ends
            where = ("roadmap", "waves", index)
            yield fault(
                "sum-differs", (*where, "headcount"), (*where, "sites"), found=found, total=total
            )


def staff_outside_sites(organisation: Organisation) -> Iterator[Fault]:
    """Find staff whom the complete list of sites leaves out."""
    least, sites = organisation.headcount.low, organisation.sites.high
    if least is None or sites is None:
        return
    _, most = _total(site.headcount for site in sites)
    if most < least:
        missing = least - most
        yield fault("staff-outside-sites", "sites", "headcount", found=most, missing=missing)


def _total(headcounts: Iterable[Fact[int]]) -> tuple[int, float]:
    """Add up the least and the most that each headcount can be."""
    low = 0
    high: float = 0
    for headcount in headcounts:
        low += headcount.low or 0
        high += inf if headcount.high is None else headcount.high
    return low, high
