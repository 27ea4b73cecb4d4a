"""How much work has to be done by some day, and how much can be.

Work is counted in units times days, on a set of days: all of them, or those that most calendars
work. A span holds its resources on closed days too, but how many of those it has depends on where
it lies.
"""

from collections import Counter
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from rse_plan.scheduling.calendars import WorkedDays
from rse_plan.scheduling.network import Network

_MARGIN = 512


class Room(NamedTuple):
    """The first and the last day on which an activity may start, and its end in the latter case."""

    earliest: int
    latest: int
    latest_end: int


class Measure:
    """Counts of the days of a set, and of the work that a network can do on them.

    The days are those before a horizon, and some after it, that at least a `share` of the
    activities work.
    """

    def __init__(self, network: Network, horizon: int, share: float) -> None:
        self.network = network
        self.horizon = horizon
        calendars = Counter(
            calendar for index, calendar in enumerate(network.worked) if network.demands[index]
        )
        workers = [0] * (horizon + _MARGIN)
        for calendar, count in calendars.items():
            calendar.finish(len(workers), 1)
            for day in calendar.days[: calendar.places[len(workers)]]:
                workers[day] += count
        self.days = [count >= share * sum(calendars.values()) for count in workers]
        self.before = [0, *accumulate(self.days)]
        self._spans = cache(self._counted)

    def between(self, start: int, end: int) -> int:
        """Count the days of the set in a span."""
        last = len(self.days)
        start, end = min(max(start, 0), last), min(max(end, 0), last)
        return max(self.before[end] - self.before[start], 0)

    def least(
        self, worked: WorkedDays, duration: int, first: int = 0, last: int | None = None
    ) -> int:
        """Count the days of the set in the span that has fewest of those that start by `last`.

        None start before `first`; `last` is the horizon unless told.
        """
        spans = self._spans(worked, duration)
        last = self.horizon if last is None else last
        if last >= len(self.days):
            return 0
        return min(spans[worked.places[first] : worked.places[last + 1]], default=0)

    def _counted(self, worked: WorkedDays, duration: int) -> list[int]:
        """Count the days of the set in each span that starts before the end of the margin."""
        worked.finish(len(self.days) + 1, duration + 1)
        starts = worked.days[: worked.places[len(self.days)]]
        lasts = worked.days[duration - 1 :]
        return [self.between(start, end + 1) for start, end in zip(starts, lasts, strict=False)]

    def capacity(self, resource: int) -> list[int]:
        """Return the grains of a resource that can be held in all before each day."""
        free = [0] * len(self.days)
        for level in self.network.taken.levels[resource][1:]:
            for day, counted in enumerate(self.days):
                if counted and not level >> day & 1:
                    free[day] += 1
        return [0, *accumulate(free)]

    def due(self, whole: int, may: Room, since: int, until: int) -> int:
        """Return the days of the set that an activity surely has between two days.

        `whole` are those that it has at all, and its latest start is before `until`. Days that it
        may have before or after are left out.
        """
        outside = self.between(until, may.latest_end) + self.between(may.earliest, since)
        return max(whole - outside, 0)
