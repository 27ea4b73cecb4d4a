"""What a plan takes for granted because nobody said it, each with the question that settles it."""

from collections.abc import Iterator

from rse_plan.plan.calendars import doubts
from rse_plan.plan.given import Given
from rse_plan.plan.model import Assumption

# Most rollouts are over by then.
_YEARS = 3


def assumptions(given: Given) -> Iterator[Assumption]:
    """List what is assumed of the sites, the team, the calendars, the pilot and the durations."""
    yield from _of_sites(given)
    yield from _of_team(given)
    yield from _of_calendars(given)
    defaults = given.playbook.rollout_defaults
    if defaults and given.organisation.pilot.start.value is None:
        yield _assumption(given, "pilot", fact="pilot.start", days=defaults.pilot_days)
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


def _of_team(given: Given) -> Iterator[Assumption]:
    for role in given.playbook.roles:
        if role.id in given.assumed_roles:
            found = given.roles[role.id]
            people = given.language.number(found.people or 0, 2)
            days = given.language.number(found.days_per_week or 0, 1)
            yield _assumption(
                given, "team", role.id, "means.team", role=found.name, people=people, days=days
            )


def _of_calendars(given: Given) -> Iterator[Assumption]:
    own = {one.country for one in given.organisation.working_days}
    countries = {place.country for place in given.places}
    if None in countries:
        yield _assumption(given, "no-country", fact="sites")
    year = given.settings.start.year
    years = range(year, year + _YEARS)
    doubtful: dict[str, list[str]] = {}
    for country in sorted(country for country in countries - own if country):
        for doubt in doubts(country, years):
            doubtful.setdefault(doubt, []).append(country)
    for doubt, found in doubtful.items():
        names = given.language.listed(found)
        yield _assumption(given, doubt, fact="working_days", countries=names)
