"""What a plan takes for granted because nobody said it, each with the question that settles it."""

from collections.abc import Iterator, Sequence
from typing import get_args

from rse_plan.plan.given import Given
from rse_plan.plan.model import Assumption, Doubt, Wave
from rse_plan.plan.places import left_out


def assumptions(given: Given, opened: Sequence[Wave]) -> Iterator[Assumption]:
    """List what is assumed, first what moves most dates: sites, days off, pilot, team, doubts."""
    yield from _of_sites(given)
    yield from _of_waves(given, opened)
    doubtful = _doubtful(given)
    yield from _of_days_off(given, doubtful["unpublished"])
    defaults = given.playbook.rollout_defaults
    if defaults and given.organisation.pilot.start.value is None:
        yield _assumption(given, "pilot", fact="pilot.start", days=defaults.pilot_days)
    yield from _of_team(given)
    for doubt in ("lunar", "make-up"):
        yield from _of_calendars(given, doubt, doubtful[doubt])
    spread = given.settings.spread
    factors = {name: given.language.percent(getattr(spread, name)) for name in ("least", "most")}
    yield _assumption(given, "spread", **factors)
    yield _assumption(given, "efforts")


def _assumption(
    given: Given, key: str, about: str | None = None, fact: str | None = None, **values: object
) -> Assumption:
    """Say one thing that is assumed, about one of several where there are several."""
    return Assumption(
        id=key if about is None else f"{key}.{about}",
        text=given.language(f"plan.assume.{key}.text", **values),
        question=given.language(f"plan.assume.{key}.question", **values),
        fact=fact,
    )


def _of_sites(given: Given) -> Iterator[Assumption]:
    organisation, places = given.organisation, given.places
    if not organisation.sites.low:
        yield _assumption(given, "sites", fact="sites", count=len(places), number=len(places))
    elif not any(place.fact("headquarters") for place in places):
        name = next(place.name for place in places if place.headquarters)
        yield _assumption(given, "headquarters", fact="sites", name=name)
    untold = [place.name for place in places if place.said and place.said.headcount.low is None]
    if organisation.headcount.low is None:
        yield _assumption(given, "headcount", fact="headcount")
    elif untold:
        names = given.language.listed(untold)
        yield _assumption(given, "site-headcounts", fact="sites", names=names)


def _of_waves(given: Given, opened: Sequence[Wave]) -> Iterator[Assumption]:
    """Say where the sites open that the roadmap leaves out."""
    wave_of = {site: wave.name for wave in opened for site in wave.sites}
    found = [place for place in left_out(given.organisation, given.places) if place.said]
    if found:
        names = given.language.listed(place.name for place in found)
        placed = given.language.listed(f"{place.name} ({wave_of[place.id]})" for place in found)
        yield _assumption(
            given, "waves", fact="roadmap.waves", count=len(found), names=names, placed=placed
        )


def _of_team(given: Given) -> Iterator[Assumption]:
    for role in given.playbook.roles:
        if role.id in given.assumed_roles:
            found = given.roles[role.id]
            people = _counted(given, "people", found.people or 0, 2)
            days = _counted(given, "days", found.days_per_week or 0, 1)
            yield _assumption(
                given, "team", role.id, "means.team", role=found.name, people=people, days=days
            )


def _counted(given: Given, what: str, number: float, decimals: int) -> str:
    """Write a number with what it counts, in the singular or the plural."""
    written = given.language.number(number, decimals)
    return given.language(f"plan.assume.{what}", count=number, number=written)


def _of_days_off(given: Given, unpublished: Sequence[str]) -> Iterator[Assumption]:
    """Say where no public holiday is counted at all."""
    if None in {place.country for place in given.places}:
        yield _assumption(given, "no-country", fact="sites")
    yield from _of_calendars(given, "unpublished", unpublished)


def _of_calendars(given: Given, doubt: Doubt, countries: Sequence[str]) -> Iterator[Assumption]:
    if countries:
        names = given.language.listed(map(given.language.country, countries))
        yield _assumption(given, doubt, fact="working_days", countries=names)


def _doubtful(given: Given) -> dict[Doubt, list[str]]:
    """Find the countries of which the published calendars are doubtful, by the doubt."""
    doubtful: dict[Doubt, list[str]] = {doubt: [] for doubt in get_args(Doubt)}
    for calendar in given.calendars:
        for doubt in calendar.doubts:
            doubtful[doubt].append(calendar.id.upper())
    return doubtful
