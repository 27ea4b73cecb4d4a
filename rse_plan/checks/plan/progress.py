"""Work that has begun or is done: what is said of it, and of what it had to wait for."""

from collections.abc import Iterator
from datetime import date, timedelta

from rse_plan.checks.fault import Fault, fault
from rse_plan.checks.plan.outline import Item, Outline
from rse_plan.plan.model import Status

_DAY = timedelta(days=1)
_DATED = {"started": ("actual_start",), "done": ("actual_start", "actual_end")}


def statuses_differ(outline: Outline) -> Iterator[Fault]:
    """Find tasks that began or ended, and are not said to have."""
    for item in outline.tasks:
        if item.task is None or item.task.status not in ("planned", "started"):
            continue
        key, wanted = "actual_end", "done"
        if item.task.actual_end is None:
            key, wanted = "actual_start", "started"
        if getattr(item.task, key) and item.task.status != wanted:
            yield fault(
                "status-differs",
                item.where("status"),
                (*item.at, key),
                id=item.id,
                found=item.task.status,
                key=key,
                wanted=wanted,
            )


def dates_missing(outline: Outline) -> Iterator[Fault]:
    """Find tasks that have begun or are done, without a word on when."""
    for item in outline.items:
        status: Status = item.task.status if item.task else "planned"
        missing = [key for key in _DATED.get(status, ()) if getattr(item.said, key) is None]
        if missing:
            keys = ", ".join(missing)
            yield fault(
                "actual-date-missing", item.where("status"), id=item.id, found=status, keys=keys
            )


def predecessors_not_done(outline: Outline) -> Iterator[Fault]:
    """Find tasks that have begun although what they had to wait for is not done."""
    for item in outline.items:
        if item.task is None or item.task.status == "planned":
            continue
        before = [outline.by_id[name] for name in item.task.after if name in outline.by_id]
        left = [one for one in before if one.task and not one.is_over]
        if left:
            ids = ", ".join(one.id for one in left)
            others = [one.where("status") for one in left]
            at = item.where("status")
            yield fault(
                "predecessor-not-done", at, *others, id=item.id, found=item.task.status, ids=ids
            )


def not_ended(outline: Outline) -> Iterator[Fault]:
    """Find tasks that go on, and should have ended before the status date.

    An update lets them end on that day, or the next that is worked, which nobody has said.
    """
    today = outline.plan.settings.status_date
    for item in outline.tasks:
        if today is None or item.last is None or not _goes_on(item):
            continue
        if item.last < today or (
            is_overdue(item, outline) and _days(item, outline, today, item.last) <= 1
        ):
            yield fault(
                "should-have-ended",
                item.where("status"),
                "settings.status_date",
                item.where("end"),
                id=item.id,
                found=today,
            )


def is_overdue(item: Item, outline: Outline) -> bool:
    """Say whether a task goes on that by its length should have ended before the status date."""
    today, first = outline.plan.settings.status_date, item.first
    if not (_goes_on(item) and today and first and outline.days.first <= first < today):
        return False
    length = item.task and (item.task.elapsed_days or item.task.duration_days)
    return _days(item, outline, first, today - _DAY) >= (length or 0)


def _goes_on(item: Item) -> bool:
    return item.task is not None and item.task.status == "started" and not item.is_past


def _days(item: Item, outline: Outline, first: date, last: date) -> int:
    """Count the days on which a task can go on, both ends included."""
    if item.task and item.task.elapsed_days:
        return (last - first).days + 1
    return outline.days.number(outline.worked(item), first, last)
