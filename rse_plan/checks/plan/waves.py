"""Waves: each site in one, with the staff of its sites, the headquarters in the first."""

from collections.abc import Iterator

from rse_plan.checks.fault import Fault, fault
from rse_plan.checks.plan.outline import Outline
from rse_plan.files import Location, closest
from rse_plan.plan.model import Wave


def unknown_sites(outline: Outline) -> Iterator[Fault]:
    """Find waves that open a site which the plan does not have."""
    known = {site.id: None for site in outline.plan.sites}
    for where, _, site in _openings(outline):
        if site not in known:
            against = ["sites"] if outline.plan.sites else []
            meant = closest(site, known)
            yield fault("unknown-site", where, *against, suggestion=meant, id=site)


def sites_listed_twice(outline: Outline) -> Iterator[Fault]:
    """Find sites that open more than once."""
    seen: dict[str, tuple[Location, Wave]] = {}
    for where, wave, site in _openings(outline):
        if site in seen:
            there, first = seen[site]
            yield fault("site-listed-twice", where, there, id=site, wave=first.id)
        seen.setdefault(site, (where, wave))


def sites_without_wave(outline: Outline) -> Iterator[Fault]:
    """Find sites that no wave opens."""
    sites = outline.plan.sites
    opened = {site for _, _, site in _openings(outline)}
    # A wave that names an unknown site may mean one of those that would be reported.
    if outline.plan.waves and opened <= {site.id for site in sites}:
        for index, site in enumerate(sites):
            if site.id not in opened:
                yield fault("site-without-wave", ("sites", index, "id"), "waves", id=site.id)


def sums_differ(outline: Outline) -> Iterator[Fault]:
    """Find waves that do not reach as many people as the sites they open have."""
    staff = {site.id: site.headcount for site in outline.plan.sites}
    for index, wave in enumerate(outline.plan.waves):
        counts = [staff.get(site) for site in dict.fromkeys(wave.sites)]
        known = [count for count in counts if count is not None]
        if wave.headcount is None or len(known) < len(counts):
            continue
        if sum(known) != wave.headcount:
            at = ("waves", index)
            where, others = (*at, "headcount"), (*at, "sites") if wave.sites else (*at, "id")
            yield fault("sum-differs", where, others, found=wave.headcount, total=sum(known))


def several_headquarters(outline: Outline) -> Iterator[Fault]:
    """Find more than one site that is the headquarters."""
    found = [
        ("sites", index, "headquarters")
        for index, site in enumerate(outline.plan.sites)
        if site.headquarters
    ]
    for where in found[1:]:
        yield fault("several-headquarters", where, found[0])


def headquarters_in_a_later_wave(outline: Outline) -> Iterator[Fault]:
    """Find headquarters behind another wave, where each wave waits for the one before."""
    first = outline.first_launch
    if first is None or first.site is None or outline.plan.settings.order != "zones":
        return
    before: Wave | None = None
    for where, wave, site in _openings(outline):
        if site == first.site.id:
            if before and wave is not before:
                yield fault("headquarters-in-later-wave", where, "waves", id=site, wave=before.id)
            return
        if site in outline.launches:
            before = before or wave


def _openings(outline: Outline) -> Iterator[tuple[Location, Wave, str]]:
    """Go through the sites that each wave opens."""
    for index, wave in enumerate(outline.plan.waves):
        for number, site in enumerate(wave.sites):
            yield ("waves", index, "sites", number), wave, site
