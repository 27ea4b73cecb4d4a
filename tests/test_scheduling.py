"""Plans keep to everything, are the same each time, and get better, never worse."""

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_scheduling_cases import WEEK, every_plan, faults, only_lags, problems

from rse_plan.scheduling import (
    FOREVER,
    Absence,
    Activity,
    Calendar,
    CycleError,
    Link,
    Objective,
    Problem,
    Resource,
    Schedule,
    UnschedulableError,
    critical_mass,
    generate,
    improve,
    makespan,
    objective,
    reach,
    simulate,
    staffed,
    unmet,
)
from rse_plan.scheduling.network import network
from rse_plan.scheduling.orders import group_sequence

REACH = objective(("reach", "critical-mass", "end"))
END = objective(("end", "reach", "critical-mass"))
ONE = (Resource("one", 1),)


def sites(*sizes: float) -> Problem:
    """Return sites with a chain of preparation, launch and follow-up, and one person for all."""
    activities: list[Activity] = []
    for group, size in enumerate(sizes):
        first = len(activities)
        activities += [
            Activity(f"prepare {group}", 4, demands=((0, 1),), group=group),
            Activity(f"launch {group}", 1, links=(Link(first),), weight=size, group=group),
            Activity(f"follow {group}", 2, 0, ((0, 1),), (Link(first + 1, 0, 3),), group=group),
        ]
    return Problem(tuple(activities), ONE, (WEEK,))


@given(problems(), st.sampled_from([REACH, END]))
def test_a_generated_plan_keeps_to_everything_but_lags_that_cannot_be_kept(
    problem: Problem, aim: Objective
) -> None:
    assert only_lags(faults(problem, generate(problem, aim)))


@given(problems(most=4, days=6, fixed=False, latest=False))
@settings(max_examples=60)
def test_maximal_lags_are_kept_whenever_they_can_be(problem: Problem) -> None:
    plan = generate(problem, REACH)
    assert not faults(problem, plan) or not every_plan(problem, 8)


@given(problems(), st.integers(0, 3))
def test_annealing_keeps_to_everything_and_makes_nothing_worse(problem: Problem, seed: int) -> None:
    plan = generate(problem, REACH)
    better = improve(problem, plan, REACH, 12, seed)
    assert only_lags(faults(problem, better))
    assert REACH.rank(problem, better) <= REACH.rank(problem, plan)
    assert better == improve(problem, plan, REACH, 12, seed)


def test_hours_of_one_figure_do_not_outweigh_months_of_the_next() -> None:
    problem = Problem((Activity("launch", 1, weight=1.0), Activity("close", 1)))
    aim = objective(("reach", "end"))
    early, late = Schedule((10, 90), (11, 91)), Schedule((11, 30), (12, 31))
    assert aim.rank(problem, late) < aim.rank(problem, early)
    assert objective(("reach",)).rank(problem, early) < objective(("reach",)).rank(problem, late)
    missed = Problem((Activity("launch", 1, weight=1.0), Activity("close", 1, not_after=20)))
    assert aim.rank(missed, late)[0] == 11


def test_annealing_reaches_people_sooner() -> None:
    problem = sites(30, 20, 50, 40, 10, 60, 70, 80)
    lengths = (9, 2, 7, 1, 5, 3, 8, 6)
    uneven = replace(
        problem,
        activities=tuple(
            replace(a, duration=lengths[a.group or 0]) if a.name.startswith("prepare") else a
            for a in problem.activities
        ),
    )
    first = generate(uneven, REACH)
    plan = improve(uneven, first, REACH, 200, 1)
    assert reach(uneven, plan) < reach(uneven, first)


def test_larger_groups_come_first() -> None:
    problem = sites(1, 9)
    plan = generate(problem, REACH)
    assert plan.starts[4] == 4
    assert plan.starts[1] > 4
    assert generate(problem, REACH, orders=[(0, 1)]) == plan


def test_an_order_that_is_given_is_tried() -> None:
    problem = sites(1, 9)
    dear = replace(
        problem,
        activities=tuple(replace(a, weight=1.0 if a.weight else 0.0) for a in problem.activities),
    )
    assert generate(dear, REACH, orders=[(1, 0)]).starts[4] == 4


def test_a_follow_up_that_has_no_room_moves_its_predecessor() -> None:
    problem = Problem(
        (
            Activity("launch", 1),
            Activity("follow", 2, demands=((0, 1),), links=(Link(0, within=1),)),
        ),
        (Resource("one", 1, (Absence(0, 9, 1),)),),
    )
    assert generate(problem, END) == Schedule((7, 9), (8, 11))


def test_what_follows_soon_is_placed_before_what_else_waits_for_the_same() -> None:
    problem = Problem(
        (
            Activity("launch", 1, group=0, weight=1.0),
            Activity("long", 50, demands=((0, 1),), links=(Link(0),)),
            Activity("follow", 3, 0, ((0, 1),), (Link(0, within=2),), group=0),
        ),
        ONE,
    )
    assert generate(problem, REACH).starts == (0, 4, 1)
    ungrouped = replace(
        problem, activities=tuple(replace(a, group=None) for a in problem.activities)
    )
    assert generate(ungrouped, REACH).starts == (0, 4, 1)


def test_what_no_group_waits_for_comes_first_or_last_whichever_is_better() -> None:
    problem = sites(1, 9)
    rites = Activity("rites", 30, demands=((0, 1),))
    programme = replace(problem, activities=(*problem.activities, rites))
    assert generate(programme, REACH).starts[4] == 4
    assert group_sequence(network(programme), (1, 0))[0] == 6
    assert group_sequence(network(programme), (1, None, 0))[2:5] == [5, 6, 0]


def test_a_lag_that_cannot_be_kept_is_left_broken_and_told() -> None:
    problem = Problem(
        (
            Activity("a", 1),
            Activity("b", 5, links=(Link(0),)),
            Activity("c", 1, links=(Link(1), Link(0, within=2))),
        )
    )
    plan = generate(problem, END)
    assert plan == Schedule((0, 1, 6), (1, 6, 7))
    assert [(one.kind, one.activity, one.days, one.other) for one in unmet(problem, plan)] == [
        ("within", 2, 3, 0)
    ]


def test_what_one_predecessor_is_moved_for_moves_the_one_before_it() -> None:
    problem = Problem(
        (
            Activity("a", 1),
            Activity("b", 1, links=(Link(0, within=0),)),
            Activity("c", 1, links=(Link(1, within=0),), not_before=6),
        )
    )
    assert generate(problem, END).starts == (4, 5, 6)


def test_people_are_held_over_closed_days() -> None:
    problem = Problem(
        (Activity("a", 3, demands=((0, 1),)), Activity("b", 1, 1, ((0, 1),), not_before=5)),
        ONE,
        (WEEK, Calendar()),
    )
    late = replace(problem.activities[0], not_before=4)
    plan = generate(replace(problem, activities=(late, problem.activities[1])), END)
    assert plan == Schedule((4, 9), (9, 10))


def test_every_day_after_the_horizon_is_worked() -> None:
    problem = Problem((Activity("a", 3),), (), (Calendar.of([1], horizon=4),))
    assert generate(problem, END) == Schedule((1,), (6,))


def test_what_is_fixed_stays_and_holds_what_it_holds() -> None:
    problem = Problem(
        (
            Activity("done", 3, demands=((0, 1),), fixed=-2, fixed_end=2),
            Activity("dated", 1, demands=((0, 2),), links=(Link(0),), fixed=1),
            Activity("free", 2, demands=((0, 1),)),
            Activity("in order", 1, links=(Link(0),), fixed=3),
        ),
        ONE,
    )
    plan = generate(problem, END)
    assert plan == Schedule((-2, 1, 2, 3), (2, 2, 4, 4))
    assert {(one.kind, one.activity, one.days) for one in unmet(problem, plan)} == {
        ("not-before", 0, 2),
        ("predecessor", 1, 1),
        ("resource", 0, 1),
        ("resource", 1, 1),
    }


def test_days_of_absence_are_told_once_for_each_fixed_activity() -> None:
    problem = Problem(
        (Activity("a", 4, demands=((0, 1),), fixed=0), Activity("b", 2, demands=((0, 1),))),
        (Resource("one", 1, (Absence(1, 3, 1), Absence(8, 9, 1))),),
    )
    (found,) = unmet(problem, generate(problem, END))
    assert (found.kind, found.activity, found.days, found.resource) == ("resource", 0, 2, 0)


@given(problems())
@settings(max_examples=50)
def test_the_size_of_units_changes_nothing(problem: Problem) -> None:
    resources = tuple(
        Resource(
            r.name, 50 * r.units, tuple(Absence(a.start, a.end, 50 * a.units) for a in r.absences)
        )
        for r in problem.resources
    )
    activities = [
        replace(a, demands=tuple((number, 50 * units) for number, units in a.demands))
        for a in problem.activities
    ]
    # Held for no time at all, but it keeps the others from being counted in fifties.
    single = Activity("single", 0, demands=tuple((n, 1) for n in range(len(resources))))
    larger = Problem((*activities, single), resources, problem.calendars)
    plan, same = generate(problem, END), generate(larger, END)
    assert same.starts[:-1] == plan.starts


def test_fixed_activities_tell_closed_days_early_starts_and_late_ends() -> None:
    activity = Activity("a", 2, not_before=7, not_after=6, fixed=5)
    problem = Problem((activity,), (), (WEEK,))
    found = unmet(problem, generate(problem, END))
    assert [(one.kind, one.days) for one in found] == [
        ("not-after", 3),
        ("not-before", 2),
        ("calendar", 2),
    ]


def test_a_circle_is_named() -> None:
    problem = Problem(
        (
            Activity("a", 1, links=(Link(2),)),
            Activity("b", 1, links=(Link(0),)),
            Activity("c", 1, links=(Link(1),)),
            Activity("d", 1, links=(Link(2),)),
        )
    )
    with pytest.raises(
        CycleError, match=r"a -> b -> c -> a|b -> c -> a -> b|c -> a -> b -> c"
    ) as raised:
        generate(problem, END)
    assert sorted(raised.value.cycle) == [0, 1, 2]


def test_more_than_there_ever_is_cannot_be_scheduled() -> None:
    problem = Problem((Activity("a", 1, demands=((0, 2),)),), ONE)
    with pytest.raises(
        UnschedulableError, match="a holds more of one than there ever is"
    ) as raised:
        generate(problem, END)
    assert (raised.value.activity, raised.value.resource) == (0, 0)
    assert generate(staffed(problem, 0, 1), END).starts == (0,)


def test_a_person_may_leave_for_good() -> None:
    leaving = (Resource("two", 2, (Absence(5, FOREVER, 1),)),)
    both = Activity("both", 2, demands=((0, 2),), not_before=2)
    both = replace(both, links=(Link(2),))
    others = Activity("one", 9, demands=((0, 1),)), Activity("before", 2, demands=((0, 2),))
    problem = Problem((both, *others), leaving)
    assert generate(problem, END).starts == (2, 4, 0)
    late = Problem((replace(both, links=(), not_before=4),), leaving)
    with pytest.raises(UnschedulableError):
        generate(late, END)


def test_annealing_passes_over_orders_that_have_no_plan() -> None:
    leaving = (Resource("three", 3, (Absence(4, FOREVER, 2),)),)
    problem = Problem(
        (
            Activity("long", 3, demands=((0, 3),), group=0, weight=9.0),
            Activity("short", 1, demands=((0, 3),), not_before=1, group=1, weight=5.0),
            Activity("alone", 9, demands=((0, 1),), group=2, weight=1.0),
        ),
        leaving,
    )
    plan = generate(problem, REACH)
    assert plan.starts == (0, 3, 4)
    assert improve(problem, plan, REACH, 300, 1) == plan


def test_figures() -> None:
    problem = sites(10, 30, 20)
    plan = Schedule((0, 2, 0, 0, 8, 0, 0, 5, 0), (1, 3, 1, 1, 9, 1, 1, 6, 1))
    assert reach(problem, plan) == pytest.approx((10 * 2 + 30 * 8 + 20 * 5) / 60)
    assert critical_mass(problem, plan) == 5
    assert makespan(problem, plan) == 9
    assert END(problem, plan) == (9, reach(problem, plan), 5)
    nothing, empty = Problem(()), Schedule((), ())
    assert REACH(nothing, empty) == (0, 0, 0)
    assert generate(nothing, REACH) == empty
    assert improve(nothing, empty, REACH, 5, 1) == empty


@pytest.mark.parametrize("names", [(), ("end", "end"), ("speed",)])
def test_an_objective_names_its_figures_once(names: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="not an order of reach, critical-mass, end"):
        objective(names)


def test_wishes_count_before_the_objective() -> None:
    problem = sites(1, 9)
    urgent = replace(problem.activities[1], not_after=5)
    wished = replace(problem, activities=(problem.activities[0], urgent, *problem.activities[2:]))
    plan = generate(wished, REACH, orders=[(0, 1)])
    assert plan.ends[1] == 5
    assert unmet(wished, plan) == ()


@given(problems(latest=False))
@settings(max_examples=40)
def test_simulated_plans_keep_to_everything_with_their_durations(problem: Problem) -> None:
    plan = generate(problem, REACH)
    drawn = simulate(problem, plan, 3, 1, 0.5, 1.0, 3.0)
    assert drawn == simulate(problem, plan, 3, 1, 0.5, 1.0, 3.0)
    for other in drawn:
        known = tuple(
            replace(a, fixed_end=end) if a.fixed is not None else a
            for a, end in zip(problem.activities, other.ends, strict=True)
        )
        found = faults(replace(problem, activities=known), other)
        assert only_lags([fault for fault in found if "wrong end" not in fault])
    assert len(simulate(problem, plan, 2, 1, 1.0, 1.0, 1.0)) == 2


def test_simulation_draws_what_is_not_finished() -> None:
    problem = Problem(
        (
            Activity("done", 2, fixed=0),
            Activity("ended", 2, fixed=0, fixed_end=3),
            Activity("open", 2, fixed=2),
            Activity("gate", 0, links=(Link(2),)),
            Activity("next", 1, links=(Link(3),)),
        )
    )
    (plan,) = simulate(problem, generate(problem, END), 1, 1, 3.0, 3.0, 3.0, today=2)
    assert plan == Schedule((0, 0, 2, 8, 8), (2, 3, 8, 8, 11))


def test_planning_imports_neither_numpy_nor_a_solver() -> None:
    script = (
        "import sys, rse_plan.scheduling\n"
        "sys.exit(any(name in sys.modules for name in ('numpy', 'ortools', 'pandas')))"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False)  # noqa: S603 - our own
    assert done.returncode == 0
