"""Legal steps: each is done, proven or not due, before what it has to precede."""

from collections.abc import Iterable, Iterator

from rse_plan.checks.fault import Fault, fault
from rse_plan.checks.plan.outline import Item, Outline, repeated, told
from rse_plan.files import Location
from rse_plan.plan.model import LegalStep


def legal_steps_open(outline: Outline) -> Iterator[Fault]:
    """Find legal steps that nobody does, that nothing proves, and that are not said not to be due.

    A step that each site does has a task of its name in each of them.
    """
    for index, step in enumerate(outline.plan.legal_steps):
        if step.evidence or step.not_applicable or any(_tasks(step, outline)):
            continue
        # A task that is not there at all is told of by itself.
        if step.task is None or step.task in outline.names:
            where = ("legal_steps", index)
            yield fault("legal-step-open", (*where, *told(step, "task")), id=step.id)


def _tasks(step: LegalStep, outline: Outline) -> Iterator[Item]:
    """Find the tasks that carry out a legal step."""
    if step.task is None:
        yield from repeated(step.id, outline.items)
    elif step.task in outline.by_id:
        yield outline.by_id[step.task]


def legal_steps_too_late(outline: Outline) -> Iterator[Fault]:
    """Find what is to start before the legal step that it has to wait for has ended."""
    for item, task, step in _overtaking(outline):
        if item.is_open:
            at = (item.where(item.first_key), task.where(task.last_key), step)
            yield fault(
                "legal-step-too-late",
                *at,
                id=item.id,
                found=item.first,
                before=task.id,
                end=task.last,
            )


def legal_steps_overtaken(outline: Outline) -> Iterator[Fault]:
    """Find what has begun before the legal step that it had to wait for has ended."""
    for item, task, step in _overtaking(outline):
        if not item.is_open:
            at = (item.where(item.first_key), task.where(task.last_key), step)
            yield fault(
                "legal-step-overtaken",
                *at,
                id=item.id,
                found=item.first,
                before=task.id,
                end=task.last,
            )


def _overtaking(outline: Outline) -> Iterator[tuple[Item, Item, Location]]:
    """Go through what starts before a legal step has ended, with its task and where it stands.

    Whatever waits for the step has to start later; and so do the gate of its phase, what waits for
    that gate, and the launch of every site, or of the step's own, of which the first are told.
    """
    gates = outline.gates
    opened = {gate.phase: _first([gate, *outline.waiting.get(gate.id, ())]) for gate in gates}
    launched = _first(outline.launches.values())
    for index, step in enumerate(outline.plan.legal_steps):
        if step.evidence or step.not_applicable:
            continue
        for task in _tasks(step, outline):
            launch = outline.launches.get(task.site.id) if task.site else launched
            others = (opened.get(task.phase), launch)
            early = [item for item in outline.waiting.get(task.id, ()) if _precedes(item, task)]
            if not early:
                early = [one for one in others if one and one is not task and _precedes(one, task)]
            for item in dict.fromkeys(early):
                yield item, task, ("legal_steps", index, "id")


def _first(items: Iterable[Item]) -> Item | None:
    """Return what starts first."""
    dated = [(item.first, number, item) for number, item in enumerate(items) if item.first]
    return min(dated, default=(None, None, None))[2]


def _precedes(item: Item, task: Item) -> bool:
    days = item.days_after(task)
    return days is not None and days < 0
