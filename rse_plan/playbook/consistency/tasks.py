"""What tasks, gates and the rest of a rollout need to make a plan."""

from collections.abc import Iterator

from rse_plan.files import Diagnostic
from rse_plan.playbook.consistency.book import Book, Placed, waiting
from rse_plan.playbook.rollout import (
    EXCLUSIVE,
    LENGTHS,
    OF_ROLES,
    ONLY_PER,
    THRESHOLDS,
    Cost,
    Criterion,
    RolloutDefaults,
)


def form_faults(book: Book) -> Iterator[Diagnostic]:
    """Find tasks, criteria, costs and defaults that say too little, or what excludes the rest."""
    for placed in book.tasks:
        yield from _task_faults(placed)
    for placed in book.waiting:
        yield from _link_faults(placed, book)
    for placed in book.criteria:
        yield from _criterion_faults(placed)
    for placed in book.rollout["budget"].values():
        cost: Cost = placed.entry
        if cost.quantity in OF_ROLES and cost.role is None:
            yield placed.fault("missing-key", key="role")
    if book.defaults:
        defaults: RolloutDefaults = book.defaults.entry
        spread = defaults.spread
        yield from _crossed(book.defaults, ("spread", "least"), spread.least, spread.likely)
        yield from _crossed(book.defaults, ("spread", "likely"), spread.likely, spread.most)


def _task_faults(placed: Placed) -> Iterator[Diagnostic]:
    said = placed.entry.model_fields_set
    yield from _exclusive(placed)
    for per, names in ONLY_PER.items():
        for name in names:
            if name in said and placed.entry.per != per:
                yield placed.fault("only-per", name, key=name, wanted=per)
    if not any(getattr(placed.entry, name) for name in LENGTHS):
        yield placed.fault("task-without-length", "id", id=placed.entry.id)


def _link_faults(placed: Placed, book: Book) -> Iterator[Diagnostic]:
    """Find waits that are longer than they may be, or that are for no task of those repeated."""
    repeated = {one.entry.id: one.entry.per for one in book.waiting}
    for index, link in enumerate(placed.entry.after):
        most = link.wait_days if link.within_days is None else link.within_days
        yield from _crossed(placed, ("after", index), link.wait_days, most)
        per = repeated.get(link.task)
        suited = {"headquarters": "site", "here": placed.entry.per}.get(link.where, per)
        if per not in {None, suited}:
            values = {"found": link.where, "id": link.task, "wanted": per}
            yield placed.fault("wrong-where", "after", index, "where", **values)


def _criterion_faults(placed: Placed) -> Iterator[Diagnostic]:
    criterion: Criterion = placed.entry
    yield from _exclusive(placed)
    given = [getattr(criterion, name) for name in THRESHOLDS]
    if criterion.kpi and given == [None, None]:
        yield placed.fault("missing-key", "kpi", key=" / ".join(THRESHOLDS))
    elif criterion.kpi is None and given != [None, None]:
        yield placed.fault("missing-key", key="kpi")
    if criterion.at_least is not None and criterion.at_most is not None:
        yield from _crossed(placed, ("at_least",), criterion.at_least, criterion.at_most)


def _exclusive(placed: Placed) -> Iterator[Diagnostic]:
    for pair in EXCLUSIVE:
        if placed.entry.model_fields_set.issuperset(pair):
            yield placed.fault("keys-exclude", pair[1], keys=", ".join(pair))


def _crossed(
    placed: Placed, where: tuple[str | int, ...], low: float, high: float
) -> Iterator[Diagnostic]:
    if low > high:
        yield placed.fault("bounds-crossed", *where, low=f"{low:g}", high=f"{high:g}")


def document_faults(book: Book) -> Iterator[Diagnostic]:
    """Find documents that nothing produces, nor did before it was dropped or replaced."""
    produced = {
        placed.entry.document
        for layer in book.written
        for phase in layer["phases"]
        for placed in waiting(phase)
    }
    for name, placed in book.rollout["documents"].items():
        if name not in produced:
            yield placed.fault("document-not-produced", id=name)


def unplaced_actions(book: Book) -> Iterator[Diagnostic]:
    """Find actions that a plan would put nowhere; without phases there is no plan."""
    if not book.phases or book.defaults:
        return
    carried = {name for placed in book.tasks for name in placed.entry.carries_out}
    for placed in book.actions:
        for key in ("phase", "role"):
            if placed.entry.id not in carried and not getattr(placed.entry, key):
                yield placed.fault("action-unplaced", "id", id=placed.entry.id, key=key)
