"""What comes before what: levels by their score, tasks and actions one after another."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from rse_plan.files import Diagnostic
from rse_plan.playbook.consistency.book import Book, Placed, waiting
from rse_plan.playbook.model import Action


def level_faults(book: Book) -> Iterator[Diagnostic]:
    """Find levels that cannot be told apart, or that leave low scores without a verdict."""
    scores = [placed.entry.score for placed in book.levels.values()]
    if 0 not in scores or len(set(scores)) < len(scores):
        yield book.own.fault("levels", "levels")
    if not book.factors:
        yield book.own.fault("no-factor")


def cycles(book: Book) -> Iterator[Diagnostic]:
    """Find tasks, gates and actions that wait for each other, also through what is dropped."""
    found = _waits(book)
    try:
        TopologicalSorter({name: before for name, (_, before) in found.items()}).prepare()
    except CycleError as error:
        names = error.args[1]
        # The later layer is to blame.
        placed, _ = max(
            (found[name] for name in names), key=lambda one: book.depths[one[0].document.path]
        )
        key = "requires" if isinstance(placed.entry, Action) else "after"
        yield placed.fault("cycle", key, ids=" → ".join(names))


def _waits(book: Book) -> dict[str, tuple[Placed, set[str]]]:
    """Map what waits to what it waits for.

    An action waits for those that it requires, or else for its phase to open, and takes place with
    the tasks that carry it out. A gate waits also for the other actions of its phase.
    """
    waits: dict[str, tuple[Placed, set[str]]] = {}
    for phase in (phase for layer in book.written for phase in layer["phases"]):
        for placed in waiting(phase):
            links = phase.entry.after(placed.entry)
            waits[placed.entry.id] = (placed, {link.task for link in links})
    default = book.defaults.entry.phase if book.defaults else ""
    for placed in book.actions:
        action: Action = placed.entry
        carried = {one.entry.id for one in book.tasks if action.id in one.entry.carries_out}
        before = carried | set(action.requires)
        home = book.phases.get(action.phase or default)
        if home is not None and not carried:
            before = before or {link.task for link in home.entry.opens_after}
            if home.entry.gate:
                waits[home.entry.gate.id][1].add(action.id)
        waits[action.id] = (placed, before)
    return waits
