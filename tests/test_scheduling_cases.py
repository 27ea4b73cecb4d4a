"""Small random problems, and a checker of plans that shares nothing with what makes them."""

from dataclasses import replace
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from rse_plan.scheduling import (
    Absence,
    Activity,
    Calendar,
    Link,
    Problem,
    Resource,
    Schedule,
)

WEEK = Calendar.of([day for day in range(100) if day % 7 < 5], horizon=100)


def is_worked(problem: Problem, activity: Activity, day: int) -> bool:
    calendar = problem.calendars[activity.calendar]
    digits = f"{calendar.working:b}"[::-1]
    if day < 0 or day >= max(calendar.horizon, len(digits) if calendar.working else 0):
        return True
    return day < len(digits) and digits[day] == "1"


def end_of(problem: Problem, activity: Activity, start: int) -> int:
    day, left = start, activity.duration
    while left:
        left -= is_worked(problem, activity, day)
        day += 1
    return day


def capacity(resource: Resource, day: int) -> int:
    gone = sum(a.units for a in resource.absences if a.start <= day < a.end)
    return max(resource.units - gone, 0)


def held(problem: Problem, schedule: Schedule, resource: int, day: int) -> int:
    return sum(
        units
        for activity, start, end in zip(
            problem.activities, schedule.starts, schedule.ends, strict=True
        )
        for wanted, units in activity.demands
        if wanted == resource and start <= day < end
    )


def faults(  # noqa: C901, PLR0912 - one loop, one question after the other
    problem: Problem, schedule: Schedule
) -> list[str]:
    """List what a plan breaks, by day-by-day counting; fixed activities may break anything."""
    found = []
    for activity, start, end in zip(
        problem.activities, schedule.starts, schedule.ends, strict=True
    ):
        name = activity.name
        if activity.fixed is not None:
            if start != activity.fixed:
                found.append(f"{name} moved")
            wanted = activity.fixed_end
            if end != (end_of(problem, activity, start) if wanted is None else wanted):
                found.append(f"{name} has a wrong end")
            continue
        if start < max(activity.not_before, 0):
            found.append(f"{name} starts too early")
        if not is_worked(problem, activity, start):
            found.append(f"{name} starts on a closed day")
        if end != end_of(problem, activity, start):
            found.append(f"{name} has a wrong end")
        for link in activity.links:
            if start < schedule.ends[link.activity] + link.lag:
                found.append(f"{name} starts before {link.activity} lets it")
            if link.within is not None and start > schedule.ends[link.activity] + link.within:
                found.append(f"{name} starts too long after {link.activity}")
        for number, _ in activity.demands:
            for day in range(start, end):
                resource = problem.resources[number]
                if held(problem, schedule, number, day) > capacity(resource, day):
                    found.append(f"{name} lacks {resource.name} on day {day}")
    return found


def only_lags(found: list[str]) -> bool:
    """Tell whether nothing but maximal lags is broken."""
    return all("too long after" in fault for fault in found)


@st.composite
def problems(  # noqa: PLR0913 - each kind of constraint can be left out
    draw: st.DrawFn,
    *,
    most: int = 6,
    days: int = 12,
    lags: bool = True,
    fixed: bool = True,
    groups: bool = True,
    latest: bool = True,
) -> Problem:
    """Draw a problem that is small enough to be checked day by day."""
    calendars = [Calendar()]
    if draw(st.booleans()):
        worked = draw(st.sets(st.integers(0, days - 1)))
        calendars.append(Calendar.of(worked, horizon=draw(st.integers(0, days))))
    resources = []
    for number in range(draw(st.integers(1, 2))):
        units = draw(st.integers(1, 4))
        absences = draw(
            st.lists(
                st.builds(
                    lambda start, length, gone: Absence(start, start + length, gone),
                    st.integers(0, days),
                    st.integers(0, 4),
                    st.integers(1, 4),
                ),
                max_size=2,
            )
        )
        resources.append(Resource(f"r{number}", units, tuple(absences)))
    activities: list[Activity] = []
    for index in range(draw(st.integers(1, most))):
        links = []
        for before in draw(st.sets(st.integers(0, index - 1), max_size=2)) if index else ():
            lag = draw(st.integers(0, 2))
            within = draw(st.none() | st.integers(lag, lag + 4)) if lags else None
            links.append(Link(before, lag, within))
        demands = tuple(
            (number, draw(st.integers(1, resource.units)))
            for number, resource in enumerate(resources)
            if draw(st.booleans())
        )
        activities.append(
            Activity(
                f"a{index}",
                duration=draw(st.integers(0, 4)),
                calendar=draw(st.integers(0, len(calendars) - 1)),
                demands=demands,
                links=tuple(links),
                not_before=draw(st.sampled_from((0, 0, 0, 3))),
                not_after=draw(st.sampled_from((None, None, 8))) if latest else None,
                fixed=draw(st.sampled_from((None, None, None, -1, 2, 5))) if fixed else None,
                weight=draw(st.sampled_from((0.0, 1.0, 5.0))),
                group=draw(st.none() | st.integers(0, 2)) if groups else None,
            )
        )
    return Problem(tuple(activities), tuple(resources), tuple(calendars))


def every_plan(problem: Problem, until: int) -> list[Schedule]:
    """Return every plan that keeps to everything and starts all activities before a day."""
    starts = [
        [activity.fixed]
        if activity.fixed is not None
        else [day for day in range(until) if is_worked(problem, activity, day)]
        for activity in problem.activities
    ]
    plans = []
    for chosen in product(*starts):
        ends = [
            end_of(problem, activity, start)
            for activity, start in zip(problem.activities, chosen, strict=True)
        ]
        plan = Schedule(tuple(chosen), tuple(ends))
        if not faults(problem, plan):
            plans.append(plan)
    return plans


def test_the_checker_finds_what_is_broken() -> None:
    activity = Activity("a", 2, demands=((0, 1),), not_before=1)
    after = Activity("b", 1, demands=((0, 1),), links=(Link(0, lag=1, within=2),))
    problem = Problem((activity, after), (Resource("r", 1, (Absence(9, 10, 1),)),), (WEEK,))
    right = Schedule((1, 4), (3, 5))
    assert faults(problem, right) == []
    assert faults(problem, Schedule((0, 3), (2, 4))) == ["a starts too early"]
    assert faults(problem, Schedule((2, 5), (4, 8))) == ["b starts on a closed day"]
    assert faults(problem, Schedule((1, 7), (3, 8))) == ["b starts too long after 0"]
    assert faults(problem, Schedule((1, 3), (3, 4))) == ["b starts before 0 lets it"]
    assert faults(problem, Schedule((1, 4), (3, 6)))[0] == "b has a wrong end"
    assert "a lacks r on day 9" in faults(problem, Schedule((8, 11), (10, 12)))
    together = replace(problem, activities=(activity, replace(after, links=())))
    assert faults(together, Schedule((1, 2), (3, 3))) == [
        "a lacks r on day 2",
        "b lacks r on day 2",
    ]
    fixed = replace(activity, fixed=5)
    alone = replace(problem, activities=(fixed,))
    assert faults(alone, Schedule((5,), (9,))) == []
    assert faults(alone, Schedule((1,), (3,))) == ["a moved"]
    assert faults(alone, Schedule((5,), (7,))) == ["a has a wrong end"]


@given(problems(most=2, days=6))
def test_brute_force_lists_plans_that_keep_to_everything(problem: Problem) -> None:
    assert all(not faults(problem, plan) for plan in every_plan(problem, 5))
