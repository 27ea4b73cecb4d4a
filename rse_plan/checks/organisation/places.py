"""Sites, the waves that open them, and the countries and languages they are in."""

from collections.abc import Iterator

from rse_plan.checks.fault import Fault, fault
from rse_plan.files import Location, closest
from rse_plan.organisation import Organisation
from rse_plan.organisation.model import Wave

# What tells the entries of each list apart.
_IDS = {"sites": "id", "use_cases": "id", "roadmap.waves": "id", "working_days": "country"}


def repeated_ids(organisation: Organisation) -> Iterator[Fault]:
    """Find two entries of a list under one id."""
    for path, key in _IDS.items():
        seen: dict[str, Location] = {}
        for index, entry in enumerate(organisation.fact(path).low or ()):
            where: Location = (*path.split("."), index, key)
            name = getattr(entry, key)
            if name in seen:
                yield fault("repeated-id", where, seen[name], field=path, id=name)
            seen.setdefault(name, where)


def unknown_sites(organisation: Organisation) -> Iterator[Fault]:
    """Find waves that open a site which the complete list of sites does not have."""
    if organisation.sites.high is None:
        return
    known = {site.id: None for site in organisation.sites.high}
    for where, _, site in _openings(organisation):
        if site not in known:
            yield fault("unknown-site", where, "sites", suggestion=closest(site, known), id=site)


def sites_listed_twice(organisation: Organisation) -> Iterator[Fault]:
    """Find sites that open more than once."""
    seen: dict[str, tuple[Location, Wave]] = {}
    for where, wave, site in _openings(organisation):
        if site in seen:
            there, first = seen[site]
            yield fault("site-listed-twice", where, there, id=site, wave=first.id)
        seen.setdefault(site, (where, wave))


def sites_without_wave(organisation: Organisation) -> Iterator[Fault]:
    """Find sites that never open, when all waves are known and each lists its sites."""
    waves = organisation.roadmap.waves.high
    if not waves or not all(wave.sites for wave in waves):
        return
    sites = organisation.sites.low or ()
    opened = {site for wave in waves for site in wave.sites}
    # A wave that names an unknown site may mean one of those that would be reported.
    if opened <= {site.id for site in sites}:
        for index, site in enumerate(sites):
            if site.id not in opened:
                where = ("sites", index, "id")
                yield fault("site-without-wave", where, "roadmap.waves", id=site.id)


def unknown_zones(organisation: Organisation) -> Iterator[Fault]:
    """Find waves for a zone that no site is in, when every site tells its zone."""
    zones = [site.zone.value for site in organisation.sites.high or ()]
    known = [zone for zone in zones if zone is not None]
    if not zones or len(known) < len(zones):
        return
    for index, wave in enumerate(organisation.roadmap.waves.low or ()):
        zone = wave.zone.value
        if zone is not None and zone not in known:
            where = ("roadmap", "waves", index, "zone")
            yield fault("unknown-zone", where, "sites", suggestion=closest(zone, known), found=zone)


def countries_not_listed(organisation: Organisation) -> Iterator[Fault]:
    """Find sites in a country that the complete list of countries does not have."""
    if organisation.countries.high is None:
        return
    for index, site in enumerate(organisation.sites.low or ()):
        country = site.country.value
        if country is not None and country not in organisation.countries.high:
            where = ("sites", index, "country")
            yield fault("country-not-listed", where, "countries", found=country, id=site.id)


def languages_not_listed(organisation: Organisation) -> Iterator[Fault]:
    """Find sites that work in a language in which the network will not be run."""
    if organisation.languages.high is None:
        return
    known = {_without_region(language) for language in organisation.languages.high}
    for index, site in enumerate(organisation.sites.low or ()):
        language = site.language.value
        if language is not None and _without_region(language) not in known:
            where = ("sites", index, "language")
            yield fault("language-not-listed", where, "languages", found=language, id=site.id)


def several_headquarters(organisation: Organisation) -> Iterator[Fault]:
    """Find more than one site that is the headquarters."""
    found = [
        ("sites", index, "headquarters")
        for index, site in enumerate(organisation.sites.low or ())
        if site.headquarters.low
    ]
    for where in found[1:]:
        yield fault("several-headquarters", where, found[0])


def _openings(organisation: Organisation) -> Iterator[tuple[Location, Wave, str]]:
    """Go through the sites that each wave opens."""
    for index, wave in enumerate(organisation.roadmap.waves.low or ()):
        for number, site in enumerate(wave.sites):
            yield ("roadmap", "waves", index, "sites", number), wave, site


def _without_region(language: str) -> str:
    """Take Brazilian Portuguese for Portuguese: a network run in one serves the other."""
    return language.split("-", maxsplit=1)[0]
