"""People: no role holds more of them than it has, on any day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from rse_plan.checks.fault import Fault, fault
from rse_plan.checks.plan.outline import Item, Outline
from rse_plan.plan.model import RoleOnTeam
from rse_plan.plan.timetable import QUARTERS, quarters

_DAY = timedelta(days=1)
# So many tasks of an overload are named and shown.
_SHOWN = 5
# Amounts of people are sums of decimals.
_CLOSE = 1e-6


def roles_without_people(outline: Outline) -> Iterator[Fault]:
    """Find roles that have work to do, and nobody to do it."""
    for index, role, held in _held(outline):
        if held and not _people(role):
            at = ("roles", index, "people")
            others = [item.where("role") for item, _ in held[:_SHOWN]]
            yield fault("role-without-people", at, *others, id=role.id, found=len(held))


def roles_too_small(outline: Outline) -> Iterator[Fault]:
    """Find tasks that need more people at once than their role has at all."""
    for index, role, held in _held(outline):
        most = _people(role)
        for item, units in held:
            if 0 < most < units:
                at, against = item.where("effort_days"), ("roles", index, "people")
                yield fault(
                    "role-too-small",
                    at,
                    against,
                    id=item.id,
                    found=f"{units / QUARTERS:g}",
                    name=role.id,
                    limit=f"{role.people:g}",
                )


def absences_above_the_role(outline: Outline) -> Iterator[Fault]:
    """Find more people away than a role has; those whom nobody counted may be part-time."""
    for index, role in enumerate(outline.plan.roles):
        for number, absence in enumerate(role.absences):
            counted = "people" in absence.model_fields_set
            if counted and role.people is not None and absence.people > role.people:
                where = ("roles", index, "absences", number, "people")
                found, limit = (f"{count:g}" for count in (absence.people, role.people))
                yield fault(
                    "part-above-whole", where, ("roles", index, "people"), found=found, limit=limit
                )


def roles_overbooked(outline: Outline) -> Iterator[Fault]:
    """Find stretches of days on which the tasks of a role need more people than it then has."""
    for index, role, held in _held(outline):
        # A task that alone needs too many is told of by itself.
        fitting = [(item, units) for item, units in held if units <= _people(role)]
        for one in _overloads(role, fitting):
            inside = [item for item, _ in fitting if one.meets(item.first, item.last)]
            # Work that has begun already can no longer be moved.
            if not any(item.is_open for item in inside):
                continue
            items = sorted(inside, key=lambda item: (item.first or date.min, item.id))
            *others, last = items
            yield fault(
                "role-overbooked",
                last.where(last.first_key),
                ("roles", index, "people"),
                *(item.where(item.first_key) for item in others[-_SHOWN:]),
                id=role.id,
                start=one.start,
                end=one.end,
                found=f"{one.held / QUARTERS:g}",
                limit=f"{one.there / QUARTERS:g}",
                ids=", ".join(item.id for item in items[-_SHOWN:]),
            )


def _people(role: RoleOnTeam) -> int:
    """Return the quarters of people that a role has."""
    return int((role.people or 0) * QUARTERS)


def _held(outline: Outline) -> Iterator[tuple[int, RoleOnTeam, list[tuple[Item, int]]]]:
    """Go through the roles that hold only so many people, with what is still to do of theirs."""
    found: dict[str, list[tuple[Item, int]]] = {}
    for item in outline.items:
        role = outline.roles.get(item.said.role or "")
        if role and item.task and item.task.effort_days and not item.is_over:
            found.setdefault(role.id, []).append((item, quarters(item.task, role)))
    for index, role in enumerate(outline.plan.roles):
        if outline.roles.get(role.id) is role:
            yield index, role, found.get(role.id, [])


@dataclass
class _Overload:
    """Days on end on which more is held than there is, in quarters of people at the worst."""

    start: date
    end: date
    held: float
    there: float

    def meets(self, first: date | None, last: date | None) -> bool:
        """Say whether a task goes on during these days."""
        return bool(first and last and first <= self.end and last >= self.start)


def _overloads(role: RoleOnTeam, tasks: Iterable[tuple[Item, int]]) -> Iterator[_Overload]:
    """Go from change to change of what is held, and of who is there."""
    held: dict[date, float] = {}
    absent: dict[date, float] = {}
    for item, units in tasks:
        if item.first and item.last:
            _add(held, item.first, item.last, units)
    for absence in role.absences:
        _add(absent, absence.start, absence.end, absence.people * QUARTERS)
    days = sorted({*held, *absent})
    taken, there = 0.0, float(_people(role))
    found: _Overload | None = None
    for day, following in pairwise([*days, date.max]):
        taken += held.get(day, 0)
        there -= absent.get(day, 0)
        free = max(there, 0.0)
        if taken <= free + _CLOSE:
            if found:
                yield found
            found = None
            continue
        end = following - _DAY
        found = found or _Overload(day, end, taken, free)
        found.end = end
        if taken - free > found.held - found.there:
            found.held, found.there = taken, free
    if found:
        yield found


def _add(changes: dict[date, float], first: date, last: date, amount: float) -> None:
    """Note that something begins on one day and is over after another."""
    if first <= last < date.max:
        changes[first] = changes.get(first, 0.0) + amount
        changes[last + _DAY] = changes.get(last + _DAY, 0.0) - amount
