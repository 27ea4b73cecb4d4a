"""Work that has begun or is done: what is said of it, and of what it had to wait for."""

from collections.abc import Iterator

from rse_plan.checks.fault import Fault, fault
from rse_plan.checks.plan.outline import Outline
from rse_plan.plan.model import Status

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
