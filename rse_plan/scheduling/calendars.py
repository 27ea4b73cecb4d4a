"""Where an activity fits in its calendar, between the days on which its resources are taken.

Sets of days are big integers, bit d for day d: intersecting, shifting and measuring them is done in
C, some thousand days at a time. A negative integer is a set that never ends.
"""

from functools import lru_cache

from rse_plan.scheduling.model import Calendar

_FIRST_GROWTH = 512


class WorkedDays:
    """The worked days of a calendar in order, and for each day the place of the next worked one.

    Both lists are as long as was asked for so far: reading past them raises IndexError, and `grow`
    makes them longer.
    """

    def __init__(self, calendar: Calendar) -> None:
        horizon = max(calendar.horizon, calendar.working.bit_length())
        self.days: list[int] = []
        self.places: list[int] = []
        for day in range(horizon):
            self.places.append(len(self.days))
            if calendar.working >> day & 1:
                self.days.append(day)

    def grow(self) -> None:
        """Add days after the horizon, all worked."""
        known = len(self.places)
        for day in range(known, known + max(known, _FIRST_GROWTH)):
            self.places.append(len(self.days))
            self.days.append(day)

    def next(self, day: int) -> int:
        """Return the first worked day from `day` on."""
        while True:
            try:
                return self.days[self.places[max(day, 0)]]
            except IndexError:
                self.grow()

    def previous(self, day: int) -> int | None:
        """Return the last worked day before `day`, if there is one from day 0 on."""
        while True:
            try:
                place = self.places[max(day, 0)]
            except IndexError:
                self.grow()
            else:
                return self.days[place - 1] if place else None

    def finish(self, start: int, duration: int) -> int:
        """Return the end of an activity that starts on a day, worked or not.

        Every day before day 0 counts as worked.
        """
        if not duration:
            return start
        if start < 0:
            return start + duration if start + duration <= 0 else self.finish(0, start + duration)
        while True:
            try:
                return self.days[self.places[start] + duration - 1] + 1
            except IndexError:
                self.grow()

    def start_ending_from(self, end: int, duration: int) -> int:
        """Return the first worked day that gives an end of at least `end`."""
        if not duration:
            return self.next(end)
        self.finish(max(end, 0), 1)
        return self.days[max(self.places[max(end - 1, 0)] - duration + 1, 0)]

    def first_fit(self, duration: int, earliest: int, blocked: int) -> tuple[int, int] | None:
        """Return the first span from `earliest` on that has no blocked day, if there is one.

        A milestone holds nothing, so nothing blocks it.
        """
        if not duration:
            start = self.next(earliest)
            return start, start
        while True:
            try:
                return self._first_fit(duration, earliest, blocked)
            except IndexError:
                if blocked < 0 and len(self.places) > blocked.bit_length():
                    return None
                self.grow()

    def _first_fit(self, duration: int, earliest: int, blocked: int) -> tuple[int, int]:
        days, places, last = self.days, self.places, duration - 1
        day = earliest
        while True:
            place = places[day]
            start, end = days[place], days[place + last] + 1
            clash = (blocked >> start) & ((1 << end - start) - 1)
            if not clash:
                return start, end
            day = start + clash.bit_length()

    def last_fit(
        self, duration: int, latest: int, limit: int, blocked: int
    ) -> tuple[int, int] | None:
        """Return the last span that starts by `latest`, ends by `limit` and has no blocked day."""
        if not duration:
            start = self.previous(min(latest, limit) + 1)
            return None if start is None else (start, start)
        self.finish(max(latest, limit, 0) + 1, duration)
        days, places, last = self.days, self.places, duration - 1
        place = places[max(latest + 1, 0)] - 1
        while True:
            place = min(place, places[max(limit, 0)] - duration)
            if place < 0:
                return None
            start, end = days[place], days[place + last] + 1
            clash = (blocked >> start) & ((1 << end - start) - 1)
            if not clash:
                return start, end
            limit = start + (clash & -clash).bit_length() - 1


@lru_cache(maxsize=512)
def worked_days(calendar: Calendar) -> WorkedDays:
    """Return the worked days of a calendar, listed once for all problems."""
    return WorkedDays(calendar)


def span_days(start: int, end: int) -> int:
    """Return the days of a span as a set, without those before day 0."""
    start = max(start, 0)
    return (1 << end) - (1 << start) if end > start else 0
