"""Plans of random small organisations, judged by `judge`."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from judge import missed
from planning import AS_OF, START, Data, judged, planned, small

from rse_plan.plan.record import plain

COUNTRIES = ("FR", "DE", "EG", "CN", "IN", "US", "AE", "CH")
_DAYS = st.integers(0, 500).map(lambda days: START + timedelta(days=days))


@st.composite
def periods(
    draw: st.DrawFn, /, longest: int = 60, shortest: int = 0, **more: st.SearchStrategy[Any]
) -> Data:
    start = draw(_DAYS)
    end = start + timedelta(days=draw(st.integers(shortest, longest)))
    return {"start": start, "end": end} | {key: draw(value) for key, value in more.items()}


def maybe(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.just("unknown"), value)


@st.composite
def organisations(draw: st.DrawFn) -> Data:
    """Draw an organisation of a few sites, a team that may be small, and dates that are set."""
    count = draw(st.integers(0, 5))
    first = draw(st.integers(0, 5))
    sites = [
        {
            "id": f"s{number}",
            "name": f"Site {number}",
            "country": draw(maybe(st.sampled_from(COUNTRIES))),
            "headcount": draw(maybe(st.sampled_from([0, 3, 40, 120, 999]))),
            "headquarters": number == first,
            "zone": draw(maybe(st.sampled_from(["North", "South"]))),
            "connected_share": draw(maybe(st.sampled_from([0.0, 0.3, 1.0]))),
            "director_met": draw(maybe(st.booleans())),
            "relays": draw(maybe(st.integers(0, 1))),
            "blackouts": draw(st.lists(periods(), max_size=2)),
        }
        for number in range(count)
    ]
    for site in sites:
        if draw(st.integers(0, 4)) == 0:
            site["earliest_launch"] = draw(_DAYS)
        if draw(st.integers(0, 4)) == 0:
            site["latest_launch"] = draw(_DAYS) + timedelta(days=500)
    absence = periods(200, people=st.sampled_from([0.5, 1.0, 2.0]))
    team = [
        {
            "role": role,
            "people": draw(maybe(st.sampled_from([1.0, 1.3, 4.0]))),
            "days_per_week": draw(maybe(st.sampled_from([2.5, 3.0, 5.0]))),
            "absences": draw(st.lists(absence, max_size=2)),
        }
        for role in ("project-lead", "community-manager", "trainer")
        if draw(st.booleans())
    ]
    pilot = draw(st.one_of(st.none(), periods(250, 120)))
    return small(
        as_of=AS_OF,
        sites=sites,
        headcount=draw(maybe(st.just(5000))),
        closures=draw(st.lists(periods(30), max_size=1)),
        employer={"type": draw(maybe(st.sampled_from(["private", "public"])))},
        means={"team": team},
        **({"pilot": {key: pilot[key] for key in ("start", "end")}} if pilot else {}),
        working_days=[
            {
                "country": "FR",
                "weekend": draw(st.sampled_from([["sunday"], ["friday", "saturday"]])),
                "days_off": draw(st.lists(_DAYS, max_size=3)),
                "days_worked": [],
            }
        ]
        if draw(st.booleans())
        else [],
    )


@given(
    organisations(),
    st.integers(0, 400).map(lambda days: START + timedelta(days=days - 100)),
    st.sampled_from(["headquarters-first", "zones"]),
    st.sampled_from([0.05, 0.1, 0.2]),
)
def test_random_organisations_get_plans_that_hold(
    data: Data, start: date, order: str, share: float
) -> None:
    made = planned(data, start=start, order=order, ambassador_share=share)
    assert judged(made) == []
    assert set(missed(plain(made.plan))) == {
        wish.about for wish in made.plan.wishes if wish.planned and wish.planned > wish.wanted
    }
