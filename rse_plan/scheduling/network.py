"""A problem made ready for scheduling: neighbours, an order, worked days and what is taken."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from typing import Any, NamedTuple

from rse_plan.scheduling.calendars import WorkedDays, worked_days
from rse_plan.scheduling.loads import Loads, grains
from rse_plan.scheduling.model import CycleError, Problem, UnschedulableError

Demands = tuple[tuple[int, int], ...]


class Edge(NamedTuple):
    """A link as seen from one of its ends: the activity at the other end, and the days between."""

    activity: int
    lag: int
    within: int | None


@dataclass(frozen=True)
class Network:
    """What generation reads, one entry for each activity.

    `demands` are counted in grains of the resources, and `bounded` tells of maximal lags. `order`
    has predecessors first and otherwise follows the problem. `fixed` holds the spans that do not
    move, and `taken` what they and the absences take.
    """

    problem: Problem
    worked: list[WorkedDays]
    durations: list[int]
    demands: list[Demands]
    before: list[list[Edge]]
    after: list[list[Edge]]
    bounded: list[bool]
    order: list[int]
    fixed: dict[int, tuple[int, int]]
    taken: Loads

    def lasting(self, durations: list[int]) -> "Network":
        """Return the network with other durations, in working days."""
        fixed = _fixed(self.problem, self.worked, durations)
        taken = _taken(self.problem, self.demands, fixed)
        return replace(self, durations=durations, fixed=fixed, taken=taken)

    def sequence(self, keys: Sequence[Any]) -> list[int]:
        """List the activities by their keys, each one after its predecessors."""
        return _sorted(self.before, self.after, keys)


def network(problem: Problem) -> Network:
    """Make a problem ready.

    Raise CycleError when activities wait for each other, and UnschedulableError when one holds more
    of a resource than there ever is.
    """
    activities = problem.activities
    before = [[Edge(k.activity, k.lag, k.within) for k in a.links] for a in activities]
    after: list[list[Edge]] = [[] for _ in activities]
    for index, edges in enumerate(before):
        for edge in edges:
            after[edge.activity].append(edge._replace(activity=index))
    order = _sorted(before, after, range(len(activities)))
    if len(order) < len(activities):
        raise CycleError(problem, _cycle(before, set(range(len(activities))).difference(order)))
    worked = [worked_days(problem.calendars[a.calendar]) for a in activities]
    durations = [a.duration for a in activities]
    demands = _demands(problem)
    bounded = [any(edge.within is not None for edge in edges) for edges in before]
    fixed = _fixed(problem, worked, durations)
    taken = _taken(problem, demands, fixed)
    return Network(problem, worked, durations, demands, before, after, bounded, order, fixed, taken)


def _demands(problem: Problem) -> list[Demands]:
    """Return the demands in grains, each resource once and without those of nothing."""
    sizes = grains(problem)
    demands = []
    for index, activity in enumerate(problem.activities):
        wanted: dict[int, int] = {}
        for resource, units in activity.demands:
            wanted[resource] = wanted.get(resource, 0) + units // sizes[resource]
        for resource, units in wanted.items():
            held = units * sizes[resource]
            movable = activity.fixed is None and activity.duration > 0
            if movable and held > problem.resources[resource].units:
                raise UnschedulableError(problem, index, resource)
        demands.append(tuple((r, units) for r, units in wanted.items() if units))
    return demands


def _fixed(
    problem: Problem, worked: list[WorkedDays], durations: list[int]
) -> dict[int, tuple[int, int]]:
    """Return the spans of the activities that do not move."""
    spans = {}
    for index, activity in enumerate(problem.activities):
        if activity.fixed is not None:
            end = activity.fixed_end
            if end is None:
                end = worked[index].finish(activity.fixed, durations[index])
            spans[index] = (activity.fixed, end)
    return spans


def _taken(problem: Problem, demands: list[Demands], fixed: dict[int, tuple[int, int]]) -> Loads:
    """Return what absences and fixed activities take."""
    taken = Loads.absent(problem, grains(problem))
    for index, (start, end) in fixed.items():
        taken.take(demands[index], start, end)
    return taken


def _sorted(before: list[list[Edge]], after: list[list[Edge]], keys: Sequence[Any]) -> list[int]:
    """List activities by their keys as soon as their predecessors are listed."""
    waiting = [len(edges) for edges in before]
    ready = [(keys[a], a) for a, count in enumerate(waiting) if not count]
    heapify(ready)
    listed = []
    while ready:
        _, activity = heappop(ready)
        listed.append(activity)
        for edge in after[activity]:
            waiting[edge.activity] -= 1
            if not waiting[edge.activity]:
                heappush(ready, (keys[edge.activity], edge.activity))
    return listed


def _cycle(before: list[list[Edge]], left: set[int]) -> tuple[int, ...]:
    """Walk back through the activities that could not be listed until one comes again."""
    path: list[int] = []
    activity = min(left)
    while activity not in path:
        path.append(activity)
        activity = next(edge.activity for edge in before[activity] if edge.activity in left)
    return tuple(reversed(path[path.index(activity) :]))
