"""How much of each resource is taken on each day, as one set of days for each number of units."""

from bisect import bisect_left
from dataclasses import dataclass
from math import gcd
from typing import Self

from rse_plan.scheduling.calendars import span_days
from rse_plan.scheduling.model import FOREVER, Problem

_MANY = 32


@dataclass
class Loads:
    """For each resource and level j, the days on which at least j units are taken.

    Levels go from 0 (every day) to all units; above, a day is as full as can be.
    """

    levels: list[list[int]]

    @classmethod
    def absent(cls, problem: Problem, grains: list[int]) -> Self:
        """Return what absences take, in grains of the resources."""
        levels = []
        for resource, grain in zip(problem.resources, grains, strict=True):
            missing = [-1] + [0] * resource.units
            for absence in resource.absences:
                if absence.end >= FOREVER:
                    _add(missing, absence.units, -1 << max(absence.start, 0))
                else:
                    _add(missing, absence.units, span_days(absence.start, absence.end))
            # What is left of the units holds so many whole grains; the others are as good as taken.
            whole = resource.units // grain
            rest = resource.units - whole * grain
            levels.append([-1] + [missing[(j - 1) * grain + rest + 1] for j in range(1, whole + 1)])
        return cls(levels)

    def copy(self) -> Self:
        """Return the same loads, to be changed apart."""
        return type(self)([list(level) for level in self.levels])

    def blocked(self, demands: tuple[tuple[int, int], ...]) -> int:
        """Return the days on which fewer units than demanded are left."""
        days = 0
        for resource, units in demands:
            days |= self.levels[resource][-units]
        return days

    def take(self, demands: tuple[tuple[int, int], ...], start: int, end: int) -> None:
        """Hold units from `start` to `end`."""
        days = span_days(start, end)
        for resource, units in demands:
            _add(self.levels[resource], units, days)

    def give_back(self, demands: tuple[tuple[int, int], ...], start: int, end: int) -> None:
        """Stop holding units that were free to take."""
        days = span_days(start, end)
        for resource, units in demands:
            level = self.levels[resource]
            kept = [*level[units + 1 :], *[0] * units]
            for j in range(1, len(level)):
                level[j] = (level[j] & ~days) | (days & kept[j - 1])


def grains(problem: Problem) -> list[int]:
    """Return for each resource the largest number of units that divides every demand on it."""
    found = [0] * len(problem.resources)
    for activity in problem.activities:
        for resource, units in activity.demands:
            found[resource] = gcd(found[resource], units)
    return [grain or 1 for grain in found]


def _add(level: list[int], units: int, days: int) -> None:
    """Take units on some days: j are taken then where j - units were.

    Levels that hold all of the days, or none of them even after, stay as they are.
    """
    full, reached = 1, len(level)
    if reached > _MANY:
        reached = bisect_left(level, True, lo=1, key=lambda held: not held & days)
        full = bisect_left(level, True, lo=1, hi=reached, key=lambda held: held & days != days)
    for j in range(min(reached + units, len(level)) - 1, full - 1, -1):
        if j <= units:
            level[j] |= days
        else:
            level[j] |= days & level[j - units]
