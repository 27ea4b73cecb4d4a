"""Proven lower bounds: how much better than a plan any other could be.

Two arguments give them. The critical path: nothing starts before its predecessors could have ended
without any lack of resources. And energy: what has to be done by some day takes no more than there
is until then. Latest ends are wishes, so they are left out; maximal lags are taken as kept.
"""

from bisect import bisect_left
from dataclasses import replace
from math import ceil

from rse_plan.scheduling.energy import Measure
from rse_plan.scheduling.exact import Window
from rse_plan.scheduling.generation import generate
from rse_plan.scheduling.launches import least_reach
from rse_plan.scheduling.model import Problem, Schedule, SolverMissingError
from rse_plan.scheduling.network import Network, network
from rse_plan.scheduling.objective import critical_mass, makespan, objective, reach
from rse_plan.scheduling.orders import tail_lengths

_ROUNDING = 1e-6
_WHOLE, _EFFORT = 80, 10.0


def bound(problem: Problem, objective_name: str) -> float:
    """Return a figure, in days, that no plan which keeps all maximal lags goes below.

    "reach" needs OR-Tools, and raises SolverMissingError without. "end" is closer with OR-Tools for
    problems of up to 80 activities, which CP-SAT may solve. "critical-mass" is that of the critical
    path. Raise ValueError when the name is unknown.
    """
    objective((objective_name,))
    ready = network(problem)
    path = earliest(ready)
    if objective_name == "reach":
        return max(reach(problem, path), least_reach(ready, path))
    if objective_name == "critical-mass":
        return critical_mass(problem, path)
    return _least_end(problem, path)


def earliest(network: Network) -> Schedule:
    """Return the plan that would be best if there were no lack of any resource."""
    starts = [max(activity.not_before, 0) for activity in network.problem.activities]
    ends = [0] * len(starts)
    for index in network.order:
        if index in network.fixed:
            starts[index], ends[index] = network.fixed[index]
            continue
        ready = (ends[edge.activity] + edge.lag for edge in network.before[index])
        starts[index] = network.worked[index].next(max([starts[index], *ready]))
        ends[index] = network.worked[index].finish(starts[index], network.durations[index])
    return Schedule(tuple(starts), tuple(ends))


def _least_end(problem: Problem, path: Schedule) -> float:
    """Return the best of the bounds of the end, for plans that may miss every wish."""
    activities = (
        replace(a, not_after=None, links=tuple(replace(link, within=None) for link in a.links))
        for a in problem.activities
    )
    free = network(replace(problem, activities=tuple(activities)))
    plan = generate(free.problem, objective(("end",)))
    least = max(makespan(problem, path), _end_of_work(free, path, makespan(problem, plan)))
    if len(problem.activities) > _WHOLE or least == makespan(problem, plan):
        return least
    window = Window(free, plan, range(len(plan.starts)), makespan(problem, plan))
    try:
        solution = window.solve(("end",), _EFFORT, 0)
    except SolverMissingError:
        return least
    return max(least, ceil(solution.bound - _ROUNDING))


def _end_of_work(network: Network, path: Schedule, horizon: int) -> int:
    """Return the first day by which the resources could have done all work that is left to do.

    Taken from each day on which some of it may begin, and with the least time that has to follow.
    No plan that ends after the horizon counts.
    """
    tails = tail_lengths(network)
    least = 0
    for share in (0.0, 0.5):
        measure = Measure(network, horizon, share)
        for resource in range(len(network.problem.resources)):
            capacity = measure.capacity(resource)
            work = sorted(
                (
                    path.starts[index],
                    units * measure.least(network.worked[index], network.durations[index]),
                    tails[index] - network.durations[index],
                )
                for index, demands in enumerate(network.demands)
                for wanted, units in demands
                if wanted == resource and index not in network.fixed and network.durations[index]
            )
            total, tail = 0, horizon
            for first, energy, after in reversed(work):
                total += energy
                tail = min(tail, after)
                least = max(least, bisect_left(capacity, capacity[first] + total) + tail)
    return min(least, horizon)
