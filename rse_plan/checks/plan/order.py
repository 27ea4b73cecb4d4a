"""What comes before what: waits, their length, the headquarters first, and circles among them."""

from collections.abc import Iterator
from datetime import date

from rse_plan.checks.fault import Fault, fault
from rse_plan.checks.plan.outline import Item, Outline
from rse_plan.plan.model import Lag

_NO_LAG = Lag(id="none")


def cycles(outline: Outline) -> Iterator[Fault]:
    """Find tasks and gates that wait for one another, each circle with all that is in it."""
    for names in outline.circles:
        circle = (*names, names[0])
        stated = [
            (*item.at, "after", item.said.after.index(before))
            for item, before in zip(map(outline.by_id.get, circle), circle[1:], strict=False)
            if item and before in item.said.after
        ]
        yield fault("cycle", *stated, ids=" → ".join(circle))


def starts_too_soon(outline: Outline) -> Iterator[Fault]:
    """Find what is to start before all that it waits for has ended, and the wait after that.

    What a legal step has to precede is told of that step.
    """
    legal = {step.task for step in outline.plan.legal_steps}
    for item, before, lag, days in _between(outline):
        if days < lag.least_days and not (days < 0 and before.id in legal):
            yield fault(
                "starts-too-soon",
                item.where(item.first_key),
                before.where(before.last_key),
                id=item.id,
                found=item.first,
                before=before.id,
                end=before.last,
                limit=_earliest(item, lag.least_days - days),
            )


def _earliest(item: Item, later: int) -> date | None:
    """Return the day so many days after the start of an item; none that lies beyond all dates."""
    first = item.first.toordinal() + later if item.first else 0
    return date.fromordinal(first) if 0 < first <= date.max.toordinal() else None


def starts_too_late(outline: Outline) -> Iterator[Fault]:
    """Find what is to start longer after something than it may."""
    for item, before, lag, days in _between(outline):
        if lag.most_days is not None and days > lag.most_days:
            yield fault(
                "starts-too-late",
                item.where(item.first_key),
                before.where(before.last_key),
                id=item.id,
                found=days,
                before=before.id,
                most=lag.most_days,
            )


def _between(outline: Outline) -> Iterator[tuple[Item, Item, Lag, int]]:
    """Go through what is still to begin, with all it waits for and the days between."""
    circular = {
        (name, before)
        for names in outline.circles
        for name, before in zip(names, (*names[1:], names[0]), strict=True)
    }
    for item in outline.items:
        if not item.is_open:
            continue
        lags = {lag.id: lag for lag in item.said.lags}
        for name in dict.fromkeys(item.said.after):
            before = outline.by_id.get(name)
            if before is None or (item.id, name) in circular:
                continue
            days = item.days_after(before)
            if days is not None:
                yield item, before, lags.get(name, _NO_LAG), days


def headquarters_not_first(outline: Outline) -> Iterator[Fault]:
    """Find sites that open before the headquarters do."""
    first = outline.first_launch
    if first is None or first.site is None:
        return
    for item in outline.launches.values():
        if item is not first and item.is_open and _overtakes(item, first):
            yield fault(
                "headquarters-not-first",
                item.where(item.first_key),
                first.where(first.last_key),
                id=item.id,
                found=item.first,
                site=first.site.id,
                end=first.last,
            )


def waves_out_of_order(outline: Outline) -> Iterator[Fault]:
    """Find sites that open before the wave before theirs has, where waves follow each other."""
    if outline.plan.settings.order != "zones":
        return
    # That all wait for the headquarters is told of them.
    first = outline.first_launch
    before: list[Item] = []
    for wave in outline.plan.waves:
        opened = [outline.launches[name] for name in wave.sites if name in outline.launches]
        for item in opened:
            late = [one for one in before if one is not first and _overtakes(item, one)]
            if item.is_open and item is not first and late:
                last = max(late, key=lambda one: one.last or one.id)
                yield fault(
                    "wave-out-of-order",
                    item.where(item.first_key),
                    last.where(last.last_key),
                    id=item.id,
                    found=item.first,
                    wave=wave.id,
                    before=last.id,
                    end=last.last,
                )
        before = opened or before


def _overtakes(item: Item, before: Item) -> bool:
    days = item.days_after(before)
    return days is not None and days < 0
