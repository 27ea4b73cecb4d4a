"""What a plan says of itself is true: why each start is where it is, slack, and the chain."""

from itertools import pairwise

from hypothesis import given, settings
from test_scheduling_cases import (
    WEEK,
    end_of,
    every_plan,
    faults,
    is_worked,
    problems,
)

from rse_plan.scheduling import (
    Absence,
    Activity,
    Calendar,
    Link,
    Problem,
    Reason,
    Resource,
    Schedule,
    critical,
    generate,
    makespan,
    objective,
    reasons,
    slack,
)

REACH = objective(("reach", "critical-mass", "end"))


def moved(problem: Problem, plan: Schedule, index: int, day: int) -> Schedule:
    starts, ends = list(plan.starts), list(plan.ends)
    starts[index], ends[index] = day, end_of(problem, problem.activities[index], day)
    return Schedule(tuple(starts), tuple(ends))


def broken(problem: Problem, plan: Schedule, index: int, day: int) -> list[str]:
    """List what would be broken by starting an activity on another day, and is not now."""
    now = faults(problem, plan)
    return [
        fault for fault in faults(problem, moved(problem, plan, index, day)) if fault not in now
    ]


def day_before(problem: Problem, plan: Schedule, index: int) -> int:
    """Return the working day before an activity starts, or the day before all."""
    worked = [
        d for d in range(plan.starts[index]) if is_worked(problem, problem.activities[index], d)
    ]
    return worked[-1] if worked else -1


@given(problems())
@settings(max_examples=200)
def test_reasons_are_true(problem: Problem) -> None:
    plan = generate(problem, REACH)
    for index, reason in enumerate(reasons(problem, plan)):
        activity, start = problem.activities[index], plan.starts[index]
        name = activity.name
        if activity.fixed is not None:
            assert reason == Reason("fixed")
            continue
        day = day_before(problem, plan, index)
        worse = broken(problem, plan, index, day)
        match reason.kind:
            case "predecessor":
                assert f"{name} starts before {reason.activities[0]} lets it" in worse
                links = [k for k in activity.links if k.activity == reason.activities[0]]
                assert start in [plan.ends[k.activity] + k.lag for k in links]
            case "not-before":
                assert start == max(activity.not_before, 0)
            case "resource":
                assert reason.resource is not None
                assert reason.days is not None
                assert reason.days[1] == start
                resource = problem.resources[reason.resource]
                assert f"{name} lacks {resource.name} on day {start - 1}" in worse
                assert all(
                    reason.resource in dict(problem.activities[other].demands)
                    and plan.starts[other] < start <= plan.ends[other]
                    for other in reason.activities
                )
            case "calendar":
                assert reason.days is not None
                assert reason.days[1] == start
                assert not any(is_worked(problem, activity, day) for day in range(*reason.days))
                assert worse
            case "within":
                assert any("too long after" in fault for fault in worse)
            case "choice":
                assert not worse
            case _:
                raise AssertionError(reason)


@given(problems())
@settings(max_examples=200)
def test_a_critical_chain_leads_to_the_end(problem: Problem) -> None:
    plan = generate(problem, REACH)
    chain = critical(problem, plan)
    assert plan.ends[chain[-1]] == makespan(problem, plan)
    found = reasons(problem, plan)
    for before, after in pairwise(chain):
        if found[after].kind != "within":
            assert before in found[after].activities
            assert plan.ends[before] <= plan.starts[after] + 1


@given(problems(most=3, days=8))
@settings(max_examples=100)
def test_slack_is_what_a_plan_with_the_same_end_allows(problem: Problem) -> None:
    plan = generate(problem, REACH)
    spare = slack(problem, plan)
    last = max(range(len(plan.ends)), key=lambda index: plan.ends[index])
    assert min(spare) >= 0
    assert spare[last] == 0
    end = makespan(problem, plan)
    if not faults(problem, plan) and end <= 14:
        allowed = [other for other in every_plan(problem, end + 1) if max(other.ends) <= end]
        for index, days in enumerate(spare):
            assert any(other.starts[index] == plan.starts[index] + days for other in allowed)


def test_slack_of_a_pair_that_stays_together() -> None:
    problem = Problem(
        (
            Activity("long", 20),
            Activity("launch", 1),
            Activity("follow", 2, links=(Link(1, within=1),)),
        )
    )
    assert slack(problem, generate(problem, REACH)) == (0, 17, 17)


def test_reasons_of_each_kind() -> None:
    one = Resource("one", 1, (Absence(11, 14, 1),))
    problem = Problem(
        (
            Activity("first", 2, demands=((0, 1),)),
            Activity("second", 3, demands=((0, 1),), links=(Link(0, lag=1),)),
            Activity("waits for its turn", 4, demands=((0, 1),)),
            Activity("waits for people", 2, demands=((0, 1),)),
            Activity("may not begin", 1, not_before=4),
            Activity("late", 1, 1, links=(Link(0),)),
            Activity("launch", 1),
            Activity("follow", 1, links=(Link(6, within=2),), not_before=9),
            Activity("given", 1, fixed=3),
        ),
        (one,),
        (Calendar(), Calendar.of([0, 6], horizon=8)),
    )
    plan = Schedule((0, 3, 6, 14, 4, 6, 6, 9, 3), (2, 6, 10, 16, 5, 7, 7, 10, 4))
    assert reasons(problem, plan) == (
        Reason("not-before"),
        Reason("predecessor", (0,)),
        Reason("resource", (1,), 0, (5, 6)),
        Reason("resource", (), 0, (13, 14)),
        Reason("not-before"),
        Reason("calendar", (0,), None, (2, 6)),
        Reason("within", (7,)),
        Reason("not-before"),
        Reason("fixed"),
    )
    assert critical(problem, plan) == (3,)
    early = Schedule((0, 3, 6, 14, 4, 6, 7, 9, 3), (2, 6, 10, 16, 5, 7, 8, 10, 4))
    assert reasons(problem, early)[6] == Reason("choice")


def test_a_chain_passes_through_what_holds_a_follow_up_back() -> None:
    problem = Problem(
        (
            Activity("busy", 9, demands=((0, 1),)),
            Activity("launch", 1),
            Activity("follow", 2, demands=((0, 1),), links=(Link(1, within=1),)),
            Activity("report", 9, links=(Link(1),)),
        ),
        (Resource("one", 1),),
    )
    plan = Schedule((0, 7, 9, 8), (9, 8, 11, 17))
    assert critical(problem, plan) == (0, 1, 3)
    assert critical(Problem(()), Schedule((), ())) == ()


def test_closed_days_before_everything() -> None:
    problem = Problem((Activity("a", 1),), (), (Calendar.of([3], horizon=4),))
    plan = generate(problem, REACH)
    assert reasons(problem, plan) == (Reason("calendar", days=(0, 3)),)


def test_a_weekend_tells_what_was_waited_for_until_then() -> None:
    problem = Problem((Activity("a", 5), Activity("b", 1, links=(Link(0),))), (), (WEEK,))
    plan = generate(problem, REACH)
    assert reasons(problem, plan)[1] == Reason("calendar", (0,), None, (5, 7))
    assert critical(problem, plan) == (0, 1)
