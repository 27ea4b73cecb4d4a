"""The working days of countries, and the people who are away."""

from collections.abc import Iterator

from rse_plan.checks.fault import Fault, fault
from rse_plan.files import closest
from rse_plan.organisation import Organisation


def unknown_regions(organisation: Organisation) -> Iterator[Fault]:
    """Find regions that no published calendar has."""
    regional = [one for one in enumerate(organisation.working_days) if one[1].region]
    if not regional:
        return
    from holidays import list_supported_countries  # noqa: PLC0415 - slow, and seldom needed

    published = list_supported_countries()
    for index, said in regional:
        regions = published.get(said.country)
        if said.region and regions is not None and said.region not in regions:
            where, meant = ("working_days", index, "region"), closest(said.region, regions)
            allowed = ", ".join(regions) or "—"
            values = {"found": said.region, "id": said.country, "allowed": allowed}
            yield fault("unknown-region", where, suggestion=meant, **values)


def absences_above_the_role(organisation: Organisation) -> Iterator[Fault]:
    """Find more people away than a role has; those whom nobody counted may be part-time."""
    for index, member in enumerate(organisation.means.team.low or ()):
        most = member.people.high
        for number, absence in enumerate(member.absences):
            counted = "people" in absence.model_fields_set
            if counted and most is not None and absence.people > most:
                role = ("means", "team", index)
                where = (*role, "absences", number, "people")
                found, limit = (f"{count:g}" for count in (absence.people, most))
                yield fault("part-above-whole", where, (*role, "people"), found=found, limit=limit)
