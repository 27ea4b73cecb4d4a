"""What the solver does to plans, and what bounds prove; with OR-Tools, and without."""

import sys
from pathlib import Path
from runpy import run_path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_scheduling_cases import WEEK, every_plan, faults, only_lags, problems

from rse_plan.scheduling import (
    Activity,
    Calendar,
    Link,
    Objective,
    Problem,
    Resource,
    SolverMissingError,
    bound,
    critical_mass,
    generate,
    improve,
    makespan,
    objective,
    reach,
    solve_windows,
)
from rse_plan.scheduling.bounds import earliest
from rse_plan.scheduling.network import network

FIGURES = {"reach": reach, "critical-mass": critical_mass, "end": makespan}
AIMS = [
    objective(("reach", "critical-mass", "end")),
    objective(("end", "reach", "critical-mass")),
    objective(("critical-mass", "end")),
]
PSPLIB = Path(__file__).parent / "psplib"
OPTIMA = {"j301_1": 43, "j309_1": 83, "j3013_1": 58, "j3029_1": 85}


def rollout(sites: int, weight: float = 1.0) -> Problem:
    """Return sites of uneven sizes after a pilot, prepared and followed up by two people."""
    activities = [Activity("pilot", 15, 1), Activity("gate", 0, 1, links=(Link(0),))]
    for group in range(sites):
        first, calendar = len(activities), group % 2
        length = 2 + 5 * group % 7
        activities += [
            Activity(f"prepare {group}", length, calendar, ((0, 2),), group=group),
            Activity(
                f"launch {group}",
                1,
                calendar,
                links=(Link(first), Link(1)),
                weight=weight * (10 + 37 * group % 90),
                group=group,
            ),
            Activity(
                f"follow {group}", 6, calendar, ((0, 1),), (Link(first + 1, 0, 4),), group=group
            ),
        ]
    return Problem(
        tuple(activities), (Resource("people", 5),), (WEEK, WEEK.of(range(0, 200, 2), 200))
    )


@given(problems(), st.sampled_from(AIMS))
@settings(max_examples=50)
def test_windows_keep_to_everything_and_make_nothing_worse(
    problem: Problem, aim: Objective
) -> None:
    pytest.importorskip("ortools")
    plan = generate(problem, aim)
    better = solve_windows(problem, plan, aim, 1, 2.0)
    assert only_lags(faults(problem, better))
    assert aim.rank(problem, better) <= aim.rank(problem, plan)


@given(problems(most=3, days=6, latest=False))
@settings(max_examples=60)
def test_no_plan_is_better_than_the_bound_and_small_ones_are_solved(problem: Problem) -> None:
    pytest.importorskip("ortools")
    plans = every_plan(problem, 9)
    for name, figure in FIGURES.items():
        least = bound(problem, name)
        assert all(figure(problem, plan) >= least - 1e-6 for plan in plans)
    aim = AIMS[1]
    plan = solve_windows(problem, generate(problem, aim), aim, 1, 5.0)
    if plans and not faults(problem, plan):
        assert aim(problem, plan) <= min(aim(problem, other) for other in plans)


@pytest.mark.parametrize("aim", AIMS)
@pytest.mark.parametrize("weight", [1.0, 0.3])
def test_windows_of_a_larger_plan(aim: Objective, weight: float) -> None:
    pytest.importorskip("ortools")
    problem = rollout(28, weight)
    plan = generate(problem, aim)
    better = solve_windows(problem, plan, aim, 1, 0.6)
    assert not faults(problem, better)
    assert aim(problem, better) <= aim(problem, plan)
    assert better == solve_windows(problem, plan, aim, 1, 0.6)


def test_a_gap_is_small_and_never_negative() -> None:
    pytest.importorskip("ortools")
    problem, aim = rollout(28), AIMS[0]
    plan = improve(problem, generate(problem, aim), aim, 100, 1)
    better = solve_windows(problem, plan, aim, 1, 1.0)
    assert reach(problem, better) < reach(problem, generate(problem, aim))
    assert bound(problem, "reach") <= reach(problem, better) <= 1.3 * bound(problem, "reach")
    assert bound(problem, "end") <= makespan(problem, better) <= 1.3 * bound(problem, "end")


def test_windows_without_groups() -> None:
    pytest.importorskip("ortools")
    activities = tuple(
        Activity(str(n), 1 + n * 7 % 5, demands=((0, 1 + n % 3),), weight=n % 4) for n in range(90)
    )
    problem, aim = Problem(activities, (Resource("people", 3),)), AIMS[0]
    plan = generate(problem, AIMS[1])
    better = solve_windows(problem, plan, aim, 1, 0.5)
    assert not faults(problem, better)
    assert reach(problem, better) < reach(problem, plan)


def test_a_follow_up_that_cannot_be_in_time_bounds_nothing() -> None:
    pytest.importorskip("ortools")
    closed = Calendar.of([30], horizon=40)
    launch = Activity("launch", 1, weight=1.0)
    follow = Activity("follow", 1, 1, ((0, 1),), (Link(0, within=1),))
    problem = Problem((launch, follow), (Resource("people", 1),), (Calendar(), closed))
    assert bound(problem, "reach") == 0


def test_a_programme_that_is_not_solved_proves_no_more_than_the_path(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("ortools")
    problem = rollout(28)
    path = reach(problem, earliest(network(problem)))
    assert path < bound(problem, "reach")
    solver = pytest.importorskip("ortools.linear_solver.pywraplp").Solver
    monkeypatch.setattr(solver, "Solve", lambda _: solver.ABNORMAL)
    assert bound(problem, "reach") == path


def test_bounds_of_what_is_fixed() -> None:
    pytest.importorskip("ortools")
    problem = Problem((Activity("a", 2, weight=2.0, fixed=4), Activity("b", 1, weight=0.0)))
    assert bound(problem, "reach") == 4
    assert bound(problem, "critical-mass") == 4
    assert bound(problem, "end") == 6
    with pytest.raises(ValueError, match="speed"):
        bound(problem, "speed")


def test_without_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "ortools"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "ortools", None)
    problem, aim = rollout(12), AIMS[0]
    plan = generate(problem, aim)
    with pytest.raises(SolverMissingError, match="pip install ortools"):
        solve_windows(problem, plan, aim, 1, 1.0)
    with pytest.raises(SolverMissingError):
        bound(problem, "reach")
    assert 0 < bound(problem, "end") <= makespan(problem, plan)
    assert 0 < bound(problem, "critical-mass") <= critical_mass(problem, plan)


@pytest.mark.parametrize(("name", "optimum"), OPTIMA.items())
def test_psplib_instances_are_solved_to_the_proven_optimum(name: str, optimum: int) -> None:
    pytest.importorskip("ortools")
    problem, aim = psplib(name), objective(("end",))
    plan = generate(problem, aim)
    assert not faults(problem, plan)
    assert makespan(problem, plan) <= 1.15 * optimum
    if name != "j3013_1":  # whose proof takes 15 s
        assert bound(problem, "end") == optimum
    assert makespan(problem, solve_windows(problem, plan, aim, 1, 10.0)) == optimum


def psplib(name: str) -> Problem:
    """Read an instance as the benchmark does."""
    benchmark = run_path(str(Path(__file__).parents[1] / "benchmarks" / "psplib.py"))
    problem = benchmark["read"]((PSPLIB / f"{name}.sm").read_text(encoding="ascii"))
    assert isinstance(problem, Problem)
    return problem
