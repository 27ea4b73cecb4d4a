"""What a plan does not keep to: latest ends, maximal lags, and what fixed activities break."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rse_plan.scheduling.model import Problem, Schedule
from rse_plan.scheduling.network import Network, network


@dataclass(frozen=True)
class Unmet:
    """A wish that a schedule misses by some `days`.

    - not-after: the activity ends too late.
    - within: it starts too long after the end of `other`.
    - predecessor: it is fixed before `other` lets it start.
    - not-before: it is fixed before its earliest start.
    - calendar: it is fixed on a closed day; `days` lie before the next worked one.
    - resource: it is fixed, and more than all units of `resource` are held on so many of its days.
    """

    kind: Literal["not-after", "within", "predecessor", "not-before", "calendar", "resource"]
    activity: int
    days: int
    other: int | None = None
    resource: int | None = None


def unmet(problem: Problem, schedule: Schedule) -> tuple[Unmet, ...]:
    """List the wishes that a schedule misses, activity by activity."""
    ready = network(problem)
    found = [*_wishes(ready, schedule), *_contradictions(ready, schedule)]
    found.extend(_overloads(problem, schedule))
    return tuple(sorted(found, key=lambda one: one.activity))


def _wishes(network: Network, schedule: Schedule) -> Iterator[Unmet]:
    """Find latest ends and maximal lags that are missed."""
    for index, activity in enumerate(network.problem.activities):
        if activity.not_after is not None and schedule.ends[index] > activity.not_after:
            yield Unmet("not-after", index, schedule.ends[index] - activity.not_after)
        for before, _, within in network.before[index]:
            if within is not None and schedule.starts[index] > schedule.ends[before] + within:
                days = schedule.starts[index] - schedule.ends[before] - within
                yield Unmet("within", index, days, before)


def _contradictions(network: Network, schedule: Schedule) -> Iterator[Unmet]:
    """Find fixed activities that start too early, or on a closed day."""
    for index, (start, _) in network.fixed.items():
        for before, lag, _ in network.before[index]:
            if start < schedule.ends[before] + lag:
                days = schedule.ends[before] + lag - start
                yield Unmet("predecessor", index, days, before)
        earliest = network.problem.activities[index].not_before
        if start < earliest:
            yield Unmet("not-before", index, earliest - start)
        worked = network.worked[index].next(start)
        if worked > start >= 0:
            yield Unmet("calendar", index, worked - start)


def _overloads(problem: Problem, schedule: Schedule) -> Iterator[Unmet]:
    """Find the days on which fixed activities hold more than there is."""
    for number, resource in enumerate(problem.resources):
        left: dict[int, int] = {}
        holders = [
            (index, units, day)
            for index, activity in enumerate(problem.activities)
            for wanted, units in activity.demands
            if wanted == number and units
            for day in range(schedule.starts[index], schedule.ends[index])
        ]
        for _, units, day in holders:
            left[day] = left.get(day, resource.units) - units
        for absence in resource.absences:
            for day in left:
                if absence.start <= day < absence.end:
                    left[day] -= absence.units
        over: dict[int, set[int]] = {}
        for index, _, day in holders:
            if left[day] < 0 and problem.activities[index].fixed is not None:
                over.setdefault(index, set()).add(day)
        for index, days in over.items():
            yield Unmet("resource", index, len(days), resource=number)
