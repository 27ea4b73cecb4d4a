"""The plan as Microsoft Project saves it in XML (MSPDI), which other planners read too.

Its dates are those of the plan: tasks are scheduled by hand, which keeps them where they are. A
program that schedules all the same comes to them by links, lags, calendars and earliest starts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import count, pairwise
from math import ceil

from rse_plan.documents.kit.dossier import Dossier
from rse_plan.documents.kit.forms.mspdi import (
    CLOSES,
    DAY,
    IN_DAYS,
    OPENS,
    Calendar,
    Fields,
    Time,
    document,
    moment,
    notes,
    short,
)
from rse_plan.plan.calendars import USUAL
from rse_plan.plan.given import WEEK
from rse_plan.plan.model import Gate, Placed, RoleOnTeam
from rse_plan.plan.timetable import HORIZON_DAYS, Chosen, Timetable, timetable
from rse_plan.scheduling import Activity

_EVERY_DAY = -1
# Microsoft Project takes none of these signs in the name of a resource.
_NOT_IN_RESOURCES = str.maketrans("[],;", "()··")
# Codes of the schema: the field Text1, lags in calendar days, and tenths of minutes in one.
_TEXT1, _IN_CALENDAR_DAYS, _TENTHS = "188743731", 8, 14_400
_FIXED_DURATION, _FINISH_TO_START, _NO_EARLIER, _WORK = 1, 1, 4, 1
# The first and the last day that every version of it knows.
_EARLIEST, _LATEST = date(1984, 1, 1), date(2049, 12, 31)


def project(dossier: Dossier) -> bytes:
    """Write the plan as MSPDI, in UTF-8."""
    return document(_Project(dossier).fields())


@dataclass(frozen=True, kw_only=True)
class _Line:
    """A line of the chart: a task or a gate, or the sum of the lines below it."""

    id: str
    name: str
    notes: Sequence[str | None] = ()
    contact: str | None = None
    role: str | None = None
    work: timedelta = timedelta()
    not_after: date | None = None
    begun: bool = False
    done: bool = False
    below: "Sequence[_Line] | None" = None

    @property
    def items(self) -> "list[_Line]":
        """The tasks and gates of the line."""
        return [self] if self.below is None else [one for line in self.below for one in line.items]

    def numbered(self, *place: int) -> "Iterator[tuple[tuple[int, ...], _Line]]":
        """Go through the line and all that is below, each with its place."""
        yield place, self
        for number, line in enumerate(self.below or (), 1):
            yield from line.numbered(*place, number)


@dataclass(frozen=True)
class _Project:
    """The elements of the file."""

    dossier: Dossier

    def fields(self) -> Fields:
        dossier, plan, say = self.dossier, self.dossier.plan, self.dossier.say
        text1 = {"FieldID": _TEXT1, "FieldName": "Text1", "Alias": say("kit.project.id")}
        return {
            "SaveVersion": 14,
            "Title": short(say("kit.project.title", organisation=plan.organisation)),
            "Company": short(plan.organisation),
            "CreationDate": moment(plan.made_from.organisation_as_of),
            "ScheduleFromStart": True,
            "StartDate": moment(dossier.span.start),
            "FinishDate": moment(dossier.span.end, CLOSES),
            "CurrencyDigits": 2,
            "CurrencySymbol": "€",
            "CurrencyCode": "EUR",
            "CalendarUID": self.calendar_uids[self.team],
            "DefaultStartTime": OPENS,
            "DefaultFinishTime": CLOSES,
            "MinutesPerDay": DAY // timedelta(minutes=1),
            "MinutesPerWeek": WEEK * DAY // timedelta(minutes=1),
            "DefaultTaskType": _FIXED_DURATION,
            "DurationFormat": IN_DAYS,
            "WorkFormat": IN_DAYS,
            "NewTasksEffortDriven": False,
            "WeekStartDay": 1,
            "StatusDate": moment(plan.settings.status_date),
            "NewTasksAreManual": True,
            "UpdateManuallyScheduledTasksWhenEditingLinks": False,
            "ExtendedAttributes": {"ExtendedAttribute": text1},
            "Calendars": {"Calendar": [*self.base_calendars(), *self.resource_calendars()]},
            "Tasks": {"Task": [*self.tasks()]},
            "Resources": {"Resource": [*self.resources()]},
            "Assignments": {"Assignment": [*self.assignments()]},
        }

    # ── Tasks ─────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def outline(self) -> _Line:
        """The phases: the tasks of each, its sites if it goes by site, and its gate."""
        dossier, plan, say = self.dossier, self.dossier.plan, self.dossier.say
        sites = [
            _Line(id=site.id, name=site.name, contact=site.lead, below=below)
            for site in plan.sites
            if (below := [self.of_task(one) for one in dossier.tasks(site=site)])
        ]
        lines = []
        for phase in plan.phases:
            below = [self.of_task(one) for one in dossier.tasks(phase=phase.id) if not one.site]
            below += sites if phase.by_site else []
            below += [self.of_gate(phase.gate)] if phase.gate else []
            if below:
                lines.append(_Line(id=phase.id, name=phase.name, notes=[phase.why], below=below))
        if not any(phase.by_site for phase in plan.phases):
            lines += sites
        return _Line(
            id="plan",
            name=plan.organisation,
            notes=[say("assess.invented") if plan.invented else None, say("kit.project.why")],
            not_after=plan.settings.deadline,
            below=lines,
        )

    def of_task(self, placed: Placed) -> _Line:
        task, dossier = placed.task, self.dossier
        within = [
            dossier.say("kit.project.within", days=lag.most_days, task=self.names[lag.id])
            for lag in task.lags
            if lag.most_days is not None and lag.id in self.names
        ]
        return _Line(
            id=task.id,
            name=task.title,
            notes=[task.why, task.confirm, task.note, *within, *self.cited(task.sources)],
            contact=task.owner,
            role=task.role,
            work=task.effort_days * DAY,
            not_after=task.not_after,
            begun=task.status in {"started", "done"},
            done=task.status == "done",
        )

    def cited(self, names: Iterable[str]) -> Iterator[str]:
        """Name sources; one that the playbook does not have keeps its id."""
        for name in names:
            known = name in self.dossier.playbook.sources
            yield from self.dossier.citations([name]) if known else [name]

    def of_gate(self, gate: Gate) -> _Line:
        passed = gate.decision in {"go", "conditional-go"}
        decision = self.dossier.choice("Gate.decision", gate.decision)
        return _Line(
            id=gate.id,
            name=gate.name,
            notes=[gate.why, decision, *(f"– {one.text}" for one in gate.criteria)],
            contact=gate.owner,
            role=gate.role,
            begun=passed,
            done=passed,
        )

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What tasks and gates are called, in the order of the plan."""
        tasks = {name: one.task.title for name, one in self.dossier.placed.items()}
        return tasks | {name: gate.name for name, gate in self.dossier.gates.items()}

    @cached_property
    def uids(self) -> Mapping[str, int]:
        """The numbers of tasks and gates, after those of groups; dates do not change them."""
        first = 1 + len(self.dossier.plan.phases) + len(self.dossier.plan.sites)
        return {name: number for number, name in enumerate(self.names, first)}

    def tasks(self) -> Iterator[Fields]:
        """Go through the lines of the chart, that of the whole plan first."""
        groups = count()
        for row, (place, line) in enumerate(self.outline.numbered()):
            item, name = line.below is None, short(line.name)
            when = self.time(line) if item else self.whole(line)
            yield {
                "UID": self.uids[line.id] if item else next(groups),
                "ID": row,
                "Name": name,
                "Manual": item,
                "Type": _FIXED_DURATION,
                "Contact": short(line.contact) if line.contact else None,
                "OutlineNumber": ".".join(map(str, place)) or "0",
                "OutlineLevel": len(place),
                **(when.planned() if when else {}),
                "Work": line.work if item else None,
                "EffortDriven": False,
                "Estimated": False,
                "Milestone": bool(item and when and not when.length),
                "Summary": not item,
                **(when.progress() if when else {}),
                "ConstraintType": _NO_EARLIER if item and when else 0,
                "CalendarUID": self.calendar_uids[self.calendar_of[line.id]] if item else None,
                "ConstraintDate": when.start if item and when else None,
                "Deadline": moment(line.not_after, CLOSES),
                "IgnoreResourceCalendar": item,
                "Notes": notes(line.name, name, line.notes),
                "PredecessorLink": [*self.links(line.id)] if item else None,
                "ExtendedAttribute": {"FieldID": _TEXT1, "Value": line.id},
                **(when.by_hand() if item and when else {}),
            }

    def links(self, name: str) -> Iterator[Fields]:
        """Go through what a task or gate waits for; lags are calendar days."""
        links = {one.activity: one for one in reversed(self.activity(name).links)}
        for number, link in sorted(links.items()):
            if (other := self.timetable.names[number]) in self.uids:
                yield {
                    "PredecessorUID": self.uids[other],
                    "Type": _FINISH_TO_START,
                    "LinkLag": link.lag * _TENTHS,
                    "LagFormat": _IN_CALENDAR_DAYS if link.lag else IN_DAYS,
                }

    # ── Times and calendars ───────────────────────────────────────────────────────────────────────

    @cached_property
    def timetable(self) -> Timetable:
        """The days on which each task can go on, and all that it waits for."""
        spans = self.dossier.spans
        kept = {name: Chosen(span.start, span.end) for name, span in spans.items()}
        return timetable(self.dossier.plan, kept)

    def activity(self, name: str) -> Activity:
        return self.timetable.problem.activities[self.timetable.index[name]]

    def time(self, line: _Line) -> Time | None:
        """Return when a task or gate is, if it is known; a milestone is at the start of its day."""
        span, status = self.dossier.spans.get(line.id), self.dossier.plan.settings.status_date
        if span is None:
            return None
        start, finish = datetime.combine(span.start, OPENS), datetime.combine(span.end, CLOSES)
        if start.date() == finish.date() and not self.activity(line.id).duration:
            finish = start
        length = self.calendar_of[line.id].length(start, finish)
        over = length if line.done else timedelta()
        if line.begun and not line.done and status:
            passed = self.calendar_of[line.id].length(start, datetime.combine(status, OPENS))
            over = max(timedelta(), min(passed, length - DAY))
        return Time(start, finish, length, over, line.begun, line.done)

    def whole(self, group: _Line) -> Time | None:
        """Return when all of a group is; its part that is over is that of its working time."""
        parts = [when for one in group.items if (when := self.time(one))]
        if not parts:
            return None
        start, finish = min(one.start for one in parts), max(one.finish for one in parts)
        length, done = self.team.length(start, finish), all(one.done for one in parts)
        total = sum((one.length for one in parts), timedelta())
        over = sum((one.over for one in parts), timedelta())
        share = over / total if total else float(done)
        return Time(start, finish, length, length * share, done, done)

    @cached_property
    def team(self) -> Calendar:
        """The calendar of the headquarters."""
        found = (one for one in self.calendar_of.values() if one.name == self.team_name)
        return next(found, self.every_day)

    @cached_property
    def team_name(self) -> str:
        """The name of the calendar of the headquarters."""
        headquarters = self.dossier.plan.headquarters
        return headquarters.id if headquarters else USUAL.id

    @cached_property
    def every_day(self) -> Calendar:
        """The calendar of what goes on every day, or was put on a day off."""
        name = self.dossier.say("kit.project.every_day")
        return Calendar(name, _EVERY_DAY, self.timetable.first)

    @cached_property
    def calendar_of(self) -> Mapping[str, Calendar]:
        """The calendar of each task and gate: of its place, and of the team if it takes part."""
        return {name: self._calendar_of(name) for name in self.names}

    def _calendar_of(self, name: str) -> Calendar:
        days = self.timetable.problem.calendars[self.activity(name).calendar].working
        found = Calendar(self._calendar_name(name), days | -1 << HORIZON_DAYS, self.timetable.first)
        span = self.dossier.spans.get(name)
        off = span and not (found.has(span.start) and found.has(span.end))
        return self.every_day if off or found.days == _EVERY_DAY else found

    def _calendar_name(self, name: str) -> str:
        placed = self.dossier.placed.get(name)
        if placed is None or placed.site in (None, self.dossier.plan.headquarters):
            return self.team_name
        limited = {role.id for role in self.dossier.plan.roles if role.people is not None}
        site = placed.site.id
        return f"{site} + {self.team_name}" if placed.task.role in limited else site

    @cached_property
    def calendar_uids(self) -> Mapping[Calendar, int]:
        """The numbers of the calendars of places."""
        used = dict.fromkeys([self.team, self.every_day, *self.calendar_of.values()])
        return {calendar: number for number, calendar in enumerate(used, 1)}

    def base_calendars(self) -> Iterator[Fields]:
        for calendar, uid in self.calendar_uids.items():
            yield {"UID": uid, **calendar.fields()}

    def resource_calendars(self) -> Iterator[Fields]:
        """Go through the calendars of resources, which are that of the team."""
        for uid, role in enumerate(self.dossier.plan.roles, 1 + len(self.calendar_uids)):
            yield {
                "UID": uid,
                "Name": _resource_name(role),
                "IsBaseCalendar": False,
                "BaseCalendarUID": self.calendar_uids[self.team],
            }

    # ── Resources ─────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def held(self) -> Sequence[tuple[_Line, str, Time, float]]:
        """The tasks and gates that have dates and a role, and how many of it they hold."""
        roles = {role.id for role in self.dossier.plan.roles}
        return [
            (line, line.role, when, line.work / when.length if when.length else 1.0)
            for line in self.outline.items
            if line.role in roles and (when := self.time(line))
        ]

    def most_held(self, role: str) -> int:
        """Return how many people it takes to hold the most of a role that is held at once."""
        held = [(when, units) for _, name, when, units in self.held if name == role]
        at_once = (
            sum(units for other, units in held if other.start <= when.start <= other.finish)
            for when, _ in held
        )
        return ceil(round(max([1.0, *at_once]), 4))

    def resources(self) -> Iterator[Fields]:
        """Go through the roles; where the plan sets no limit, there are as many as it takes."""
        say = self.dossier.say
        for number, role in enumerate(self.dossier.plan.roles, 1):
            name = _resource_name(role)
            limit = say(
                f"kit.project.{'unlimited' if role.people is None else 'people'}",
                people=say.number(role.people or 0, 2),
                days=say.number(_days_per_week(role), 1),
            )
            yield {
                "UID": number,
                "ID": number,
                "Name": name,
                "Type": _WORK,
                "Code": role.id,
                "MaxUnits": self.most_held(role.id) if role.people is None else _there(role),
                "CalendarUID": len(self.calendar_uids) + number,
                "Notes": notes(role.name, name, [limit]),
                "IsGeneric": True,
                "AvailabilityPeriods": {"AvailabilityPeriod": [*_periods(role)]},
            }

    def assignments(self) -> Iterator[Fields]:
        roles = [role.id for role in self.dossier.plan.roles]
        for number, (line, role, when, units) in enumerate(self.held, 1):
            yield {
                "UID": number,
                "TaskUID": self.uids[line.id],
                "ResourceUID": 1 + roles.index(role),
                "PercentWorkComplete": when.progress()["PercentComplete"],
                "ActualFinish": when.finish if when.done else None,
                "ActualStart": when.start if when.begun else None,
                "ActualWork": line.work * when.share,
                "Finish": when.finish,
                "RemainingWork": line.work * (1 - when.share),
                "Start": when.start,
                "Units": units,
                "Work": line.work,
            }


def _resource_name(role: RoleOnTeam) -> str:
    return short(role.name).translate(_NOT_IN_RESOURCES)


def _days_per_week(role: RoleOnTeam) -> float:
    return min(role.days_per_week or WEEK, WEEK)


def _there(role: RoleOnTeam, away: float = 0.0) -> float:
    """Return how many of a role there are, counted full time."""
    return max(0.0, (role.people or 0) - away) * _days_per_week(role) / WEEK


def _periods(role: RoleOnTeam) -> Iterator[Fields]:
    """Go through the periods in which as many of a role are there, if some are away at times."""
    changes = {day for one in role.absences for day in (one.start, one.end + timedelta(days=1))}
    for start, end in pairwise(sorted({_EARLIEST, *changes, _LATEST}) if changes else ()):
        away = sum(one.people for one in role.absences if one.start <= start <= one.end)
        yield {
            "AvailableFrom": moment(start, time()),
            "AvailableTo": moment(end - timedelta(days=1), time(23, 59)),
            "AvailableUnits": _there(role, away),
        }
