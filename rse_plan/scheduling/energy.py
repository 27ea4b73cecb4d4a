"""How much work has to be done by some day, and how much can be.

Work is counted in units times days, on a set of days: all of them, or those that most calendars
work. A span holds its resources on closed days too, but how many of those it has depends on where
it lies.
"""

from collections import Counter
from functools import cache
from itertools import accumulate

from rse_plan.scheduling.calendars import WorkedDays
from rse_plan.scheduling.network import Network

_MARGIN = 512


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
        self.least = cache(self._least)

    def between(self, start: int, end: int) -> int:
        """Count the days of the set in a span."""
        last = len(self.days)
        start, end = min(max(start, 0), last), min(max(end, 0), last)
        return max(self.before[end] - self.before[start], 0)

    def _least(self, worked: WorkedDays, duration: int) -> int:
        """Count the days of the set in the span that has fewest and starts before the horizon."""
        worked.finish(self.horizon, duration + 1)
        starts = worked.days[: worked.places[self.horizon]]
        lasts = worked.days[duration - 1 :]
        spans = zip(starts, lasts, strict=False)
        return min((self.between(start, last + 1) for start, last in spans), default=0)

    def capacity(self, resource: int) -> list[int]:
        """Return the grains of a resource that can be held in all before each day."""
        free = [0] * len(self.days)
        for level in self.network.taken.levels[resource][1:]:
            for day, counted in enumerate(self.days):
                if counted and not level >> day & 1:
                    free[day] += 1
        return [0, *accumulate(free)]

    def due(self, index: int, since: tuple[int, int], until: int, latest: tuple[int, int]) -> int:
        """Return the days of the set that an activity surely has between two days.

        `since` is its earliest start and the first of these days; `latest` its latest span, which
        starts before `until`. Days that it may have before or after are left out.
        """
        earliest, first = since
        whole = self.least(self.network.worked[index], self.network.durations[index])
        outside = self.between(until, latest[1]) + self.between(earliest, first)
        return max(whole - outside, 0)
