"""The sites of a plan, its waves and its ambassadors, known or assumed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any

from rse_plan.language import Language
from rse_plan.organisation import Organisation
from rse_plan.organisation import model as facts
from rse_plan.plan.calendars import calendar_id
from rse_plan.plan.model import AmbassadorNetwork, Ambassadors, Site, Wave

# The band that Talkspirit documents for a pilot's users, as shares of the staff.
DOCUMENTED_BAND = (0.10, 0.20)


@dataclass(frozen=True)
class Place:
    """A site as the plan takes it, and what the organisation says of it (None if nothing)."""

    id: str
    name: str
    country: str | None
    zone: str | None
    headcount: int | None
    headquarters: bool
    said: facts.Site | None = None

    def fact(self, name: str) -> Any:
        """Return what is known of one of its facts; None when it is not."""
        return getattr(self.said, name).value if self.said else None


def places(organisation: Organisation, language: Language) -> tuple[Place, ...]:
    """List the sites that are known, else one for each country, headquarters first.

    Staff whom no site is said to have are shared out over the sites that do not tell.
    """
    known = organisation.sites.low
    listed = [_place(site) for site in known] if known else _assumed(organisation, language)
    listed = _with_headquarters(listed)
    return tuple(_shared_out(listed, organisation.headcount.low))


def _place(site: facts.Site) -> Place:
    return Place(
        id=site.id,
        name=site.name,
        country=site.country.value,
        zone=site.zone.value,
        headcount=site.headcount.low,
        headquarters=bool(site.headquarters.value),
        said=site,
    )


def _assumed(organisation: Organisation, language: Language) -> list[Place]:
    """Stand in for sites that nobody listed: one for each country, however many."""
    countries = organisation.countries.low or ()
    count = max(organisation.country_count.low or 1, len(countries), 1)
    named = [*countries, *[None] * (count - len(countries))]
    return [
        Place(
            id="site-1" if index == 0 else f"site-{index + 1}",
            name=language("plan.headquarters" if index == 0 else "plan.site", number=index + 1),
            country=country,
            zone=None,
            headcount=None,
            headquarters=index == 0,
        )
        for index, country in enumerate(named)
    ]


def _with_headquarters(listed: list[Place]) -> list[Place]:
    """Take the largest site for the headquarters when none is said to be."""
    if any(place.headquarters for place in listed):
        return listed
    largest = max(listed, key=lambda place: place.headcount or 0)
    return [replace(place, headquarters=place is largest) for place in listed]


def _shared_out(listed: list[Place], headcount: int | None) -> Iterable[Place]:
    open_places = [place for place in listed if place.headcount is None]
    if headcount is None or not open_places:
        return listed
    left = max(0, headcount - sum(place.headcount or 0 for place in listed))
    parts = iter(apportioned(left, [1] * len(open_places)))
    return [
        replace(place, headcount=next(parts)) if place.headcount is None else place
        for place in listed
    ]


def apportioned(total: int, weights: Sequence[float]) -> list[int]:
    """Share a whole out by weight, in whole numbers that sum to it (largest remainders)."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (parts[i] - exact[i], i))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


def waves(organisation: Organisation, listed: Sequence[Place], language: Language) -> list[Wave]:
    """Group sites as the roadmap does, else the headquarters and then each zone by its staff.

    A site that the roadmap leaves out opens with those of its zone, else of its country, else last.
    """
    said = organisation.roadmap.waves.low or ()
    if not said:
        return _assumed_waves(listed, language)
    here = {place.id: place for place in listed}
    groups = [[here[name] for name in wave.sites if name in here] for wave in said]
    added: dict[int | None, list[Place]] = {}
    for place in left_out(organisation, listed):
        added.setdefault(_nearest(place, said, groups), []).append(place)
    found = [
        _wave(wave.id, wave.name, [*group, *added.get(number, ())])
        for number, (wave, group) in enumerate(zip(said, groups, strict=True))
    ]
    if None in added:
        found.append(_wave(_free_id(said), language("plan.other_sites"), added[None]))
    return found


def left_out(organisation: Organisation, listed: Sequence[Place]) -> list[Place]:
    """List the sites that the roadmap has no wave for, where it has any."""
    said = organisation.roadmap.waves.low or ()
    named = {name for wave in said for name in wave.sites}
    return [place for place in listed if said and place.id not in named]


def _nearest(
    place: Place, said: Sequence[facts.Wave], groups: Sequence[Sequence[Place]]
) -> int | None:
    """Find the wave with most sites of the same zone, else of the same country."""
    zones = [
        sum(one.zone == place.zone for one in group) + (wave.zone.value == place.zone)
        for wave, group in zip(said, groups, strict=True)
    ]
    countries = [sum(one.country == place.country for one in group) for group in groups]
    for own, alike in ((place.zone, zones), (place.country, countries)):
        if own is not None and any(alike):
            return alike.index(max(alike))
    return None


def _free_id(said: Sequence[facts.Wave]) -> str:
    """Return an id that no wave of the roadmap has."""
    taken = {wave.id for wave in said}
    return next(name for n in count(len(said) + 1) if (name := f"wave-{n}") not in taken)


def _assumed_waves(listed: Sequence[Place], language: Language) -> list[Wave]:
    """Open the headquarters first, then the zones, those with most staff before the others."""
    headquarters = [place for place in listed if place.headquarters]
    zones: dict[str | None, list[Place]] = {}
    for place in listed:
        if not place.headquarters:
            zones.setdefault(place.zone, []).append(place)
    largest_first = sorted(zones.items(), key=lambda zone: -_staff(zone[1]))
    return [
        _wave("wave-1", headquarters[0].name, headquarters),
        *(
            _wave(f"wave-{number}", zone or language("plan.other_sites"), sites)
            for number, (zone, sites) in enumerate(largest_first, start=2)
        ),
    ]


def _wave(identifier: str, name: str, sites: Sequence[Place]) -> Wave:
    known = all(site.headcount is not None for site in sites)
    return Wave(
        id=identifier,
        name=name,
        sites=tuple(site.id for site in sites),
        headcount=_staff(sites) if known else None,
    )


def _staff(sites: Iterable[Place]) -> int:
    return sum(site.headcount or 0 for site in sites)


def plan_sites(listed: Sequence[Place], share: float) -> list[Site]:
    """Describe each site, with the ambassadors it needs."""
    total = sum(place.headcount or 0 for place in listed)
    targets = apportioned(wanted(total, share), [place.headcount or 0 for place in listed])
    return [_site(place, target) for place, target in zip(listed, targets, strict=True)]


def wanted(headcount: int, share: float) -> int:
    """Return how many people a share of the staff is, rounded up."""
    return -int(-headcount * share // 1)


def _site(place: Place, target: int) -> Site:
    connected = place.fact("connected_share")
    profiles: dict[str, int] = {}
    if connected is not None:
        here, field = apportioned(target, [connected, 1 - connected])
        profiles = {"connected": here, "field": field}
    return Site(
        id=place.id,
        name=place.name,
        country=place.country,
        calendar=calendar_id(place.country),
        zone=place.zone,
        language=place.fact("language"),
        headquarters=place.headquarters,
        headcount=place.headcount,
        lead=None if place.fact("local_lead") == "none" else place.fact("local_lead"),
        ambassadors=None if place.headcount is None else Ambassadors(target=target, **profiles),
        blackouts=place.said.blackouts if place.said else (),
    )


def ambassador_network(
    organisation: Organisation, listed: Sequence[Place], share: float, language: Language
) -> AmbassadorNetwork | None:
    """Say how many ambassadors are wanted beside what is documented; None for unknown staff."""
    staff = organisation.headcount.low or _staff(listed)
    if not staff:
        return None
    low, high = (wanted(staff, end) for end in DOCUMENTED_BAND)
    return AmbassadorNetwork(
        share=share,
        target=wanted(_staff(listed) or staff, share),
        documented_low=low,
        documented_high=high,
        named=organisation.ambassadors.count.value,
        why=language("plan.why.ambassadors"),
    )


def launch_limits(place: Place) -> tuple[date | None, date | None]:
    """Return the earliest and the latest day on which a site may open, where they are said."""
    return (place.said.earliest_launch, place.said.latest_launch) if place.said else (None, None)
