"""What Microsoft Project's XML (MSPDI) is made of: elements, names, times, calendars.

Elements stand in the order of Microsoft's schema, http://schemas.microsoft.com/project.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

from rse_plan.plan.timetable import HORIZON_DAYS

# What an element holds, in the order of the schema; what is None is left out.
Fields = dict[str, Any]

# A day of work has 7 hours, as in a week of 35: our judgement, since plans count in days.
DAY, OPENS, CLOSES = timedelta(hours=7), time(9), time(17)
_SHIFTS = [{"FromTime": OPENS, "ToTime": time(12)}, {"FromTime": time(13), "ToTime": CLOSES}]
# Codes of the schema.
IN_DAYS, _DAILY = 7, 1
# Microsoft Project takes no longer names.
_LONGEST_NAME = 255
_BREAKS = re.compile(r"\s*[\t\n\v\f\r]+\s*")
_NOT_IN_XML = re.compile(r"[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WEEK = 7
_LAST = time(23, 59)


def document(fields: Fields) -> bytes:
    """Write a project as XML, in UTF-8."""
    root = ET.Element("Project", {"xmlns": "http://schemas.microsoft.com/project"})
    _fill(root, fields)
    ET.indent(root)
    return bytes(ET.tostring(root, "utf-8", xml_declaration=True))


def _fill(element: ET.Element, fields: Fields) -> None:
    for name, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                _fill(ET.SubElement(element, name), one)
            elif one is not None:
                ET.SubElement(element, name).text = _written(one)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, timedelta):
        minutes = round(value / timedelta(minutes=1))
        return f"PT{minutes // 60}H{minutes % 60}M0S"
    if isinstance(value, datetime | time):
        return value.isoformat(timespec="seconds")
    if isinstance(value, float):
        return f"{round(value, 4):g}"
    text = str(value).replace("\r\n", "\n")
    return _NOT_IN_XML.sub(lambda found: repr(found[0])[1:-1], text)


def short(text: str) -> str:
    """Return a name on one line, cut where Microsoft Project takes no more."""
    line = _written(_BREAKS.sub(" ", text))
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…"


def notes(whole: str, name: str, lines: Sequence[str | None]) -> str | None:
    """Join lines, after the whole of a name that had to change; None when there are none."""
    return "\n".join(filter(None, (whole if whole != name else None, *lines))) or None


def moment(day: date | None, hour: time = OPENS) -> datetime | None:
    """Return an hour of a day; None when there is no day."""
    return None if day is None else datetime.combine(day, hour)


@dataclass(frozen=True)
class Time:
    """When a line of the chart is, its working time, and how much of that is over."""

    start: datetime
    finish: datetime
    length: timedelta
    over: timedelta
    begun: bool
    done: bool

    @property
    def share(self) -> float:
        """The share that is over."""
        return self.over / self.length if self.length else float(self.done)

    def planned(self) -> Fields:
        """Say when it is."""
        return {
            "Start": self.start,
            "Finish": self.finish,
            "Duration": self.length,
            "DurationFormat": IN_DAYS,
        }

    def progress(self) -> Fields:
        """Say how far it is."""
        return {
            "PercentComplete": int(100 * self.share),
            "ActualStart": self.start if self.begun else None,
            "ActualFinish": self.finish if self.done else None,
            "ActualDuration": self.over,
            "RemainingDuration": self.length - self.over,
        }

    def by_hand(self) -> Fields:
        """Say when it is to be, whatever it waits for."""
        return {
            "ManualStart": self.start,
            "ManualFinish": self.finish,
            "ManualDuration": self.length,
        }


class Calendar(NamedTuple):
    """The days on which a place works, as bits counted from a first day."""

    name: str
    days: int
    first: date

    def has(self, day: date) -> bool:
        """Say whether a day is worked."""
        return bool(self.days >> (day - self.first).days & 1)

    def length(self, start: datetime, finish: datetime) -> timedelta:
        """Return the working time between two moments at which days open or close."""
        first = (start.date() - self.first).days
        until = (finish.date() - self.first).days + (finish.time() == CLOSES)
        return (self.days >> first & (1 << max(0, until - first)) - 1).bit_count() * DAY

    def fields(self) -> Fields:
        """Say which days of the week are worked, and which days are otherwise."""
        week = self._week()
        return {
            "Name": self.name,
            "IsBaseCalendar": True,
            "WeekDays": {
                "WeekDay": [
                    # The schema counts the days of the week from Sunday, as 1.
                    {"DayType": number, **_day(worked=(number + 5) % _WEEK in week)}
                    for number in range(1, _WEEK + 1)
                ]
            },
            "Exceptions": {"Exception": [*self._exceptions(week)]},
        }

    def _week(self) -> set[int]:
        """Return the days of the week that are worked more often than not; 0 is Monday."""
        worked = [0] * _WEEK
        for day in range(HORIZON_DAYS):
            worked[(self.first.weekday() + day) % _WEEK] += self.days >> day & 1
        return {day for day, times in enumerate(worked) if 2 * _WEEK * times > HORIZON_DAYS}

    def _exceptions(self, week: set[int]) -> Iterator[Fields]:
        """Go through the days that are not as usual; days off go on over weekends."""
        days = [self.first + timedelta(day) for day in range(HORIZON_DAYS)]
        for worked, stretch in groupby(days, self.has):
            unusual = [day for day in stretch if (day.weekday() in week) != worked]
            for start, end in [(day, day) for day in unusual] if worked else _ends(unusual):
                yield {
                    "EnteredByOccurrences": False,
                    "TimePeriod": {"FromDate": moment(start, time()), "ToDate": moment(end, _LAST)},
                    "Occurrences": (end - start).days + 1,
                    "Type": _DAILY,
                    **_day(worked=worked),
                }


def _ends(days: Sequence[date]) -> Sequence[tuple[date, date]]:
    return [(days[0], days[-1])] if days else []


def _day(*, worked: bool) -> Fields:
    return {"DayWorking": worked, "WorkingTimes": {"WorkingTime": _SHIFTS} if worked else None}
