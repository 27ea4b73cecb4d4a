"""Dates that follow from those of tasks and gates: of phases, waves, wishes, and when due."""

from collections.abc import Iterable, Iterator
from datetime import date

from rse_plan.checks.fault import Fault, fault
from rse_plan.checks.plan.outline import Item, Outline
from rse_plan.files import Location
from rse_plan.organisation.model import Block
from rse_plan.plan.dating import decision_due, step_due
from rse_plan.plan.timetable import END, stated_spans

# A block, its place, one of its fields, and what the dates of the tasks give for it.
_Derived = tuple[Block, Location, str, date | None]


def derived_dates_differ(outline: Outline) -> Iterator[Fault]:
    """Find dates that are said, and are not those that follow from the tasks."""
    for block, where, key, wanted in _derived(outline):
        found = getattr(block, key)
        if found not in (None, wanted):
            at, name = (*where, key), getattr(block, "id", "")
            yield fault("derived-date-differs", at, id=name, key=key, found=found, wanted=wanted)


def _derived(outline: Outline) -> Iterator[_Derived]:
    plan = outline.plan
    dated = [item for item in outline.items if item.first and item.last]
    phases: dict[str | None, list[Item]] = {}
    for item in dated:
        phases.setdefault(item.phase, []).append(item)
    for index, phase in enumerate(plan.phases):
        yield from _around(phase, ("phases", index), phases.get(phase.id, ()))
    starts = {item.id: item.first for item in reversed(dated)}
    opened = {}
    for index, wave in enumerate(plan.waves):
        inside = [outline.launches[name] for name in wave.sites if name in outline.launches]
        around = [item for item in inside if item.first and item.last]
        yield from _around(wave, ("waves", index), around)
        opened[wave.id] = min((item.first for item in around if item.first), default=None)
    opened |= starts
    opened[END] = max((item.last for item in dated if item.last), default=None)
    known = {*outline.names, *opened}
    spans = stated_spans(plan)
    for index, wish in enumerate(plan.wishes):
        if wish.about in known:
            yield wish, ("wishes", index), "planned", opened.get(wish.about)
    for index, one in enumerate(plan.decisions):
        if one.before is None or one.before in outline.names:
            yield one, ("decisions", index), "due", decision_due(one, plan, spans)
    for index, step in enumerate(plan.legal_steps):
        if due := step_due(step, plan, spans):
            yield step, ("legal_steps", index), "due", due


def _around(block: Block, where: Location, items: Iterable[Item]) -> Iterator[_Derived]:
    firsts = [item.first for item in items if item.first]
    lasts = [item.last for item in items if item.last]
    yield block, where, "start", min(firsts, default=None)
    yield block, where, "end", max(lasts, default=None)
