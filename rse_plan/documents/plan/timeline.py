"""A plan along the months, in characters, each of which says by its form what it stands for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil

from rse_plan.language import Language
from rse_plan.plan.model import Phase, Plan, Wave
from rse_plan.plan.report import WeekLoad
from rse_plan.plan.timetable import stated_spans

PLANNED, LATE, GATE, WAVE, LAUNCH = "▇", "░", "◆", "─", "●"
IDLE, OVER = "·", "▲"
LEVELS = "▁▂▃▄▅▆▇█"
_BLANK = " "
_STEPS = (1, 2, 3, 4, 6)
_YEAR = 12
_WEEK = timedelta(days=6)
# A load above all there is by less than this comes from spreading effort over days.
_ROUNDING = 0.005


@dataclass(frozen=True)
class Axis:
    """Whole months from the first to the last that a plan touches, on a number of columns."""

    first: date
    after: date
    width: int

    @classmethod
    def of(cls, plan: Plan, width: int) -> "Axis":
        """Take in all that is planned, and the forecasts."""
        days = [plan.settings.start]
        for span in stated_spans(plan).values():
            days += [span.start, span.end]
        forecasts = [plan.forecast, *(phase.forecast for phase in plan.phases)]
        days += [forecast.p80 for forecast in forecasts if forecast]
        return cls(min(days).replace(day=1), _next_month(max(days)), max(width, 1))

    def column(self, day: date) -> int:
        """Return the column of a day."""
        share = (day - self.first).days / (self.after - self.first).days
        return min(self.width - 1, max(0, int(share * self.width)))

    def days(self, column: int) -> tuple[date, date]:
        """Return the first and the last day of a column."""
        total = (self.after - self.first).days
        first = ceil(column * total / self.width)
        last = max(first, ceil((column + 1) * total / self.width) - 1)
        return self.first + timedelta(days=first), self.first + timedelta(days=last)

    def heads(self, language: Language) -> tuple[str, str]:
        """Write the years and the months that begin, with a blank between any two."""
        starts = [*self._months()]
        years = [day for day in starts if day.month == 1 or day == starts[0]]
        labels = [(self.column(day), str(day.year)) for day in years]
        if len(labels) > 1 and labels[1][0] <= len(labels[0][1]):
            del labels[0]
        return self._spread(labels), self._spread(self._month_labels(starts, language))

    def _months(self) -> Iterator[date]:
        day = self.first
        while day < self.after:
            yield day
            day = _next_month(day)

    def _month_labels(self, starts: Sequence[date], language: Language) -> list[tuple[int, str]]:
        """Name every month, or only so many that their names do not touch."""
        from babel.dates import get_month_names  # noqa: PLC0415 - costs more than all the words

        names = get_month_names("abbreviated", "stand-alone", locale=language.locale)
        for step in _STEPS:
            shown = [day for day in starts if (day.month - 1) % step == 0]
            labels = [(self.column(day), names[day.month]) for day in shown]
            if all(one + len(name) < other for (one, name), (other, _) in pairwise(labels)):
                return labels
        return []

    def _spread(self, labels: Sequence[tuple[int, str]]) -> str:
        """Write labels at their columns, without those that would touch or go over the edge."""
        written = ""
        for column, label in labels:
            if column >= len(written) + bool(written) and column + len(label) <= self.width:
                written += _BLANK * (column - len(written)) + label
        return written

    def phase(self, phase: Phase) -> str:
        """Draw a phase: what is planned, how much later it may end, its gate."""
        cells = [_BLANK] * self.width
        if phase.start and phase.end:
            if phase.forecast:
                self._fill(cells, phase.end, phase.forecast.p80, LATE)
            self._fill(cells, phase.start, phase.end, PLANNED)
        day = (phase.gate.decided_on or phase.gate.date) if phase.gate else None
        if day:
            cells[self.column(day)] = GATE
        return "".join(cells).rstrip()

    def wave(self, wave: Wave, launches: Sequence[date]) -> str:
        """Draw a wave: from its first launch to its last, each of them."""
        cells = [_BLANK] * self.width
        if wave.start and wave.end:
            self._fill(cells, wave.start, wave.end, WAVE)
        for day in launches:
            cells[self.column(day)] = LAUNCH
        return "".join(cells).rstrip()

    def load(self, weeks: Sequence[WeekLoad]) -> str:
        """Draw the load of a role: the heaviest week of each column."""
        return "".join(self._level(weeks, column) for column in range(self.width))

    def _level(self, weeks: Sequence[WeekLoad], column: int) -> str:
        first, last = self.days(column)
        found = [one for one in weeks if one.monday <= last and first <= one.monday + _WEEK]
        if any(one.asked > one.available * (1 + _ROUNDING) for one in found):
            return OVER
        share = max((one.asked / one.available for one in found if one.asked), default=0.0)
        return LEVELS[min(len(LEVELS), ceil(share * len(LEVELS))) - 1] if share else IDLE

    def _fill(self, cells: list[str], start: date, end: date, mark: str) -> None:
        for column in range(self.column(start), self.column(end) + 1):
            cells[column] = mark


def _next_month(day: date) -> date:
    return date(day.year + day.month // _YEAR, day.month % _YEAR + 1, 1)
