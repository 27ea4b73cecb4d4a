"""The least mean start of weighted activities, by linear programming over the energy they need.

A column lets an activity with a weight start within some days, at the cost of the first of them and
with only the work that is due when it starts on the last: both make the bound lower, never false.
There is none for days from which what has to follow soon could not.
A row says that what is due by some day takes no more of a resource than there is, from day 0, or
from a day before which some of the work cannot begin. Neighbouring rows share what is left over,
which keeps the programme sparse.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from rse_plan.scheduling.energy import Measure, Room
from rse_plan.scheduling.generation import generate
from rse_plan.scheduling.model import Schedule, SolverMissingError
from rse_plan.scheduling.network import Edge, Network
from rse_plan.scheduling.objective import objective, reach

_COLUMNS, _PARTS = 6000, 200
# Days that at least so much of the work can be done on.
_SHARE = 0.5
_QUANTILES = 16
_ROUNDING = 1e-7


@dataclass(frozen=True)
class _Launch:
    """A weighted activity, what has to end before it, in order, and what has to follow soon."""

    index: int
    upstream: list[int]
    followers: list[Edge]


def least_reach(network: Network, path: Schedule) -> float:
    """Return a mean start that no plan is below; `path` has the earliest spans.

    Raise SolverMissingError when OR-Tools is not installed.
    """
    launches = _launches(network)
    if not launches:
        return reach(network.problem, path)
    return _Programme(network, path, launches).least()


def _launches(network: Network) -> list[_Launch]:
    """List the weighted activities, each other one being upstream of one of them at most."""
    activities = network.problem.activities
    leads_to: dict[int, int] = {}
    upstream: dict[int, list[int]] = {}
    for index in reversed(network.order):
        if index in network.fixed:
            continue
        if activities[index].weight > 0:
            leads_to[index] = index
            upstream[index] = [index]
            continue
        found = [leads_to[e.activity] for e in network.after[index] if e.activity in leads_to]
        if found:
            same = activities[index].group
            chosen = next((a for a in found if activities[a].group == same), found[0])
            leads_to[index] = chosen
            upstream[chosen].append(index)
    return [
        _Launch(
            index,
            before,
            [
                edge
                for edge in network.after[index]
                if edge.within is not None
                and edge.activity not in leads_to
                and edge.activity not in network.fixed
            ],
        )
        for index, before in upstream.items()
    ]


def _rooms(
    network: Network, path: Schedule, launch: _Launch, first: int, last: int
) -> dict[int, Room]:
    """Return when the work around a launch may be done that starts within some days."""
    rooms: dict[int, Room] = {}
    for index in launch.upstream:
        worked, duration = network.worked[index], network.durations[index]
        if index == launch.index:
            rooms[index] = Room(first, last, worked.finish(last, duration))
            continue
        limit = min(
            rooms[e.activity].latest - e.lag for e in network.after[index] if e.activity in rooms
        )
        start, end = worked.last_fit(duration, limit, limit, 0) or (limit, limit)
        rooms[index] = Room(path.starts[index], start, end)
    worked, duration = network.worked[launch.index], network.durations[launch.index]
    ends = worked.finish(first, duration), rooms[launch.index].latest_end
    for edge in launch.followers:
        worked, duration = network.worked[edge.activity], network.durations[edge.activity]
        latest = worked.previous(ends[1] + (edge.within or 0) + 1)
        if latest is not None:
            earliest = max(path.starts[edge.activity], worked.next(ends[0] + edge.lag))
            rooms[edge.activity] = Room(earliest, latest, worked.finish(latest, duration))
    return rooms


class _Programme:
    """The linear programme: its rows by resource, first day and last day."""

    def __init__(self, network: Network, path: Schedule, launches: list[_Launch]) -> None:
        self.network, self.path, self.launches = network, path, launches
        plan = generate(network.problem, objective(("reach",)))
        first = min(path.starts[launch.index] for launch in launches)
        last = max(plan.starts[launch.index] for launch in launches)
        step = (last - first) // min(_COLUMNS // len(launches) + 1, _PARTS) + 1
        self.days = range(first, last + 2 * step, step)
        self.measure = Measure(network, self.days[-1], _SHARE)
        self.beginnings = self._beginnings()
        self.solver = _glop()
        self.rows: dict[tuple[int, int, int], Any] = {}
        for resource in range(len(network.problem.resources)):
            for since in self.beginnings:
                self._add_rows(self.measure.capacity(resource), resource, since)

    def _beginnings(self) -> list[int]:
        """Choose days before which part of the work cannot begin."""
        starts = sorted(
            self.path.starts[index]
            for launch in self.launches
            for index in (*launch.upstream, *(edge.activity for edge in launch.followers))
        )
        chosen = (starts[len(starts) * k // _QUANTILES] for k in range(_QUANTILES))
        return sorted({0, self.days[0], *chosen})

    def _add_rows(self, capacity: list[int], resource: int, since: int) -> None:
        """Let what is left over until one day be used until the next."""
        left = None
        begin = since
        for place, until in enumerate(self.days):
            amount = capacity[max(until, begin)] - capacity[begin]
            row = self.solver.Constraint(amount, amount)
            if left is not None:
                row.SetCoefficient(left, -1)
            left = self.solver.NumVar(0, self.solver.infinity(), "")
            row.SetCoefficient(left, 1)
            self.rows[resource, since, place] = row
            begin = max(until, begin)

    def least(self) -> float:
        """Solve it; return the mean start by weight, fixed activities included."""
        activities = self.network.problem.activities
        cost = self.solver.Objective()
        for launch in self.launches:
            weight = activities[launch.index].weight
            once = self.solver.Constraint(1, 1)
            for start, due in self._columns(launch):
                column = self.solver.NumVar(0, 1, "")
                once.SetCoefficient(column, 1)
                cost.SetCoefficient(column, weight * start)
                for row, work in due.items():
                    self.rows[row].SetCoefficient(column, work)
        cost.SetMinimization()
        if self.solver.Solve() != self.solver.OPTIMAL:
            return reach(self.network.problem, self.path)
        fixed = sum(
            activities[index].weight * start for index, (start, _) in self.network.fixed.items()
        )
        total = sum(activity.weight for activity in activities)
        return float((cost.Value() * (1 - _ROUNDING) + fixed) / total)

    def _columns(self, launch: _Launch) -> Iterator[tuple[int, dict[tuple[int, int, int], int]]]:
        """Yield the first day of each part of the time, and what is due if it starts then."""
        worked = self.network.worked[launch.index]
        earliest = self.path.starts[launch.index]
        for begin, end in pairwise(self.days):
            latest = worked.previous(end)
            if latest is not None and latest >= max(begin, earliest):
                first = worked.next(max(begin, earliest))
                rooms = _rooms(self.network, self.path, launch, first, latest)
                if all(room.earliest <= room.latest for room in rooms.values()):
                    yield first, self._due(rooms)
        yield max(self.days[-1], earliest), {}

    def _due(self, rooms: dict[int, Room]) -> dict[tuple[int, int, int], int]:
        """Return what each row gains from the work that has to be done by its day."""
        due: dict[tuple[int, int, int], int] = {}
        for index, room in rooms.items():
            worked, duration = self.network.worked[index], self.network.durations[index]
            if not duration or not self.network.demands[index]:
                continue
            whole = self.measure.least(worked, duration, room.earliest, room.latest)
            for since in self.beginnings:
                done = 0
                for place in range(bisect_right(self.days, room.latest), len(self.days)):
                    days = self.measure.due(whole, room, since, self.days[place])
                    if days > done:
                        for resource, units in self.network.demands[index]:
                            row = (resource, since, place)
                            due[row] = due.get(row, 0) + units * (days - done)
                        done = days
                    if self.days[place] >= room.latest_end:
                        break
        return due


def _glop() -> Any:
    """Return a new linear programme, or say that the solver is missing."""
    try:
        from ortools.linear_solver import pywraplp  # type: ignore[import-untyped]  # noqa: PLC0415 - slow, and optional
    except ImportError as missing:
        raise SolverMissingError from missing
    return pywraplp.Solver.CreateSolver("GLOP")
