"""Dates: on what days work goes on, how long it takes, how early and how late it may be."""

from collections.abc import Iterator
from datetime import date

from rse_plan.checks.fault import Fault, Where, fault
from rse_plan.checks.plan.outline import Item, Outline
from rse_plan.checks.plan.progress import is_overdue
from rse_plan.files import Location
from rse_plan.organisation.model import Period

_SPANS = (("start", "end"), ("actual_start", "actual_end"))


def ends_before_starts(outline: Outline) -> Iterator[Fault]:
    """Find tasks, closures and absences that end before they start."""
    for where, first, last, start, end in _spans(outline):
        if end < start:
            yield fault(
                "ends-before-start", (*where, last), (*where, first), found=end, start=start
            )


def _spans(outline: Outline) -> Iterator[tuple[Location, str, str, date, date]]:
    """Go through all that has a start and an end of one kind, planned or as it happened."""
    for item in outline.tasks:
        spans = dict.fromkeys(_SPANS)
        if item.is_over:
            spans[item.first_key, item.last_key] = None
        for first, last in spans:
            start, end = getattr(item.said, first), getattr(item.said, last)
            if start and end:
                yield item.at, first, last, start, end
    for where, period in _periods(outline):
        yield where, "start", "end", period.start, period.end


def _periods(outline: Outline) -> Iterator[tuple[Location, Period]]:
    plan = outline.plan
    for index, period in enumerate(plan.closures):
        yield ("closures", index), period
    for number, site in enumerate(plan.sites):
        for index, period in enumerate(site.blackouts):
            yield ("sites", number, "blackouts", index), period
    for number, role in enumerate(plan.roles):
        for index, absence in enumerate(role.absences):
            yield ("roles", number, "absences", index), absence


def undated(outline: Outline) -> Iterator[Fault]:
    """Find what is still to do without a start or an end."""
    for item in outline.items:
        if item.is_over or (item.first and item.last) or not (item.is_open or item.first):
            continue
        missing = item.last_key if item.first else item.first_key
        yield fault("undated", item.where("id"), id=item.id, key=missing)


def days_off(outline: Outline) -> Iterator[Fault]:
    """Find what is to start or to end on a day on which nobody works there."""
    for item, day, key in _closed(outline):
        why = outline.days.why_closed(item.site, day, team=item.said.role in outline.roles)
        at: list[Where] = [item.where(key), *([why.at] if why.at else [])]
        if why.period is None:
            yield fault("on-day-off", *at, id=item.id, found=day, calendar=why.calendar)
        else:
            start, end = why.period.start, why.period.end
            yield fault("while-closed", *at, id=item.id, found=day, start=start, end=end)


def _closed(outline: Outline) -> Iterator[tuple[Item, date, str]]:
    """Go through starts that are not worked, and through ends of tasks of the right length."""
    for item in outline.items:
        first, last = item.first, item.last
        if first is None or last is None or not _is_judged(item, outline):
            continue
        if _starts_badly(item, outline):
            yield item, first, item.first_key
        elif item.task and item.task.duration_days == _worked_days(item, outline):
            days = outline.worked(item)
            if not outline.days.number(days, last, last):
                yield item, last, item.last_key


def _is_judged(item: Item, outline: Outline) -> bool:
    """Say whether an item that is not over goes by working days that are known."""
    if item.is_past or (item.task and item.task.elapsed_days):
        return False
    return bool(item.first and item.last and outline.days.known(item.first, item.last))


def _starts_badly(item: Item, outline: Outline) -> bool:
    """Say whether an item is to start on a day that is not worked."""
    if not item.is_open or item.first is None or not _is_judged(item, outline):
        return False
    return not outline.days.number(outline.worked(item), item.first, item.first)


def _worked_days(item: Item, outline: Outline) -> int | None:
    """Return the working days from the first of an item to its last, where they are known."""
    if item.first is None or item.last is None or not _is_judged(item, outline):
        return None
    return outline.days.number(outline.worked(item), item.first, item.last)


def durations_differ(outline: Outline) -> Iterator[Fault]:
    """Find tasks that take fewer days, or more, than they say they do.

    What has taken more by the status date takes as long as it takes.
    """
    for item in outline.items:
        task, first, last = item.task, item.first, item.last
        if task is None or item.is_past or first is None or last is None:
            continue
        today = outline.plan.settings.status_date
        if today and last >= today and is_overdue(item, outline):
            continue
        key = "elapsed_days" if task.elapsed_days else "duration_days"
        wanted = getattr(task, key)
        found: int | None = (last - first).days + 1
        if last < first:
            # Planned so, both dates are at fault; begun late, only the end is.
            found = 0 if task.actual_start else None
        elif key == "duration_days":
            found = None if _starts_badly(item, outline) else _worked_days(item, outline)
        if wanted and found is not None and found != wanted:
            yield fault(
                "duration-differs",
                item.where(item.last_key),
                item.where(item.first_key),
                item.where(key),
                id=item.id,
                start=first,
                end=last,
                found=found,
                wanted=wanted,
                name=key,
            )


def too_early(outline: Outline) -> Iterator[Fault]:
    """Find what is to start before the plan does, before its status date, or too early."""
    settings = outline.plan.settings
    for item in outline.items:
        if not item.is_open or item.first is None:
            continue
        limits: list[tuple[Where, date | None]] = [
            ("settings.start", settings.start),
            ("settings.status_date", settings.status_date),
        ]
        if item.task:
            limits.append(((*item.at, "not_before"), item.task.not_before))
        broken = [(limit, where) for where, limit in limits if limit and item.first < limit]
        if broken:
            limit, where = max(broken, key=lambda one: one[0])
            name = where if isinstance(where, str) else where[-1]
            at = item.where(item.first_key)
            yield fault(
                "too-early", at, where, id=item.id, found=item.first, name=name, limit=limit
            )


def too_late(outline: Outline) -> Iterator[Fault]:
    """Find tasks that end after their latest day, and a plan that ends after its deadline."""
    for item in outline.items:
        latest = item.task.not_after if item.task else None
        if latest and item.last and item.last > latest:
            at = item.where(item.last_key)
            against = (*item.at, "not_after")
            yield fault(
                "too-late", at, against, id=item.id, found=item.last, name="not_after", limit=latest
            )
    deadline = outline.plan.settings.deadline
    ends = [(item.last, item) for item in outline.items if item.last]
    if deadline and ends:
        found, last = max(ends, key=lambda one: one[0])
        if found > deadline:
            name = "settings.deadline"
            at = last.where(last.last_key)
            yield fault("too-late", at, name, id=last.id, found=found, name=name, limit=deadline)
