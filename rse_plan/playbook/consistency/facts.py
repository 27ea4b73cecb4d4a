"""Facts that are not in an organisation or are of another kind, and values they cannot have."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from math import inf
from typing import Any, get_args

from rse_plan.files import Diagnostic, Location, closest
from rse_plan.organisation import Organisation
from rse_plan.organisation.model import Block, Site, UseCase
from rse_plan.organisation.paths import blocks, choices, fact_paths, fact_type, kind_of
from rse_plan.playbook.consistency.book import Book, Placed
from rse_plan.playbook.consistency.names import unknown
from rse_plan.playbook.measures import Covers, FactMeasure, Measure
from rse_plan.playbook.model import Action, Condition, Indicator
from rse_plan.playbook.reading import Raw
from rse_plan.playbook.rollout import THRESHOLDS, Measurement, PlaybookTask
from rse_plan.playbook.values import LIMITS, UnreadableError


def indicator_faults(book: Book) -> Iterator[Diagnostic]:
    """Find facts that indicators cannot read or score."""
    for placed in book.indicators:
        entry: Indicator = placed.entry
        yield from _measure_faults(placed, ("measure",), entry.measure)
        yield from _conditions(placed, "applies_when", "applies_when_any")
        yield from _level_faults(placed)
        found, scored = _gives(entry.measure), _SCORES[entry.value.type]
        if found not in {scored, None}:
            yield _mismatch(placed, ("value",), found, entry.value.type, scored)
        if entry.unit not in _UNITS[scored]:
            units = " / ".join(sorted(_UNITS[scored]))
            yield _mismatch(placed, ("unit",), entry.unit, entry.value.type, units)
        if entry.days_each:
            yield from _path_faults(
                placed, ("days_each",), Organisation, (entry.days_each, "number"), "days_each"
            )


def action_faults(book: Book) -> Iterator[Diagnostic]:
    """Find actions that set nothing, or that set a value the indicator cannot have."""
    indicators = {placed.entry.id: placed.entry for placed in book.indicators}
    for placed in book.actions:
        action: Action = placed.entry
        if not action.sets:
            yield placed.fault("sets-nothing", id=action.id)
        for name, raw in action.sets.items():
            if name in indicators and not _takes(indicators[name], raw):
                yield placed.fault("wrong-value", "sets", name, indicator=name, found=raw)


def rollout_faults(book: Book) -> Iterator[Diagnostic]:
    """Find facts that tasks, audiences and KPIs cannot read, and values no KPI can have."""
    for placed in book.tasks:
        yield from _conditions(placed, "applies_when", "applies_when_any")
        yield from _task_facts(placed)
    for placed in book.rollout["audiences"].values():
        yield from _conditions(placed, "applies_when")
    kpis: dict[str | None, Measurement] = {
        name: placed.entry for name, placed in book.rollout["kpis"].items()
    }
    for placed in book.rollout["kpis"].values():
        kpi: Measurement = placed.entry
        if kpi.baseline:
            yield from _fact_faults(placed, ("baseline",), Organisation, kpi.baseline, "number")
        yield from _value_faults(placed, "target", kpi)
    for placed in book.criteria:
        if placed.entry.kpi in kpis:
            for name in THRESHOLDS:
                yield from _value_faults(placed, name, kpis[placed.entry.kpi])


# What a task is repeated for has facts of its own.
_REPEATED: dict[str, type[Block]] = {"site": Site, "use-case": UseCase}


def _task_facts(placed: Placed) -> Iterator[Diagnostic]:
    task: PlaybookTask = placed.entry
    for name in ("starts", "ends"):
        if path := getattr(task, name):
            yield from _fact_faults(placed, (name,), Organisation, path, "date")
    model = _REPEATED.get(task.per, Organisation)
    for index, path in enumerate(task.unless):
        if not (model is Organisation and path.startswith("answers.")):
            yield from _fact_faults(placed, ("unless", index), model, path, "any")


def _fact_faults(
    placed: Placed, where: Location, model: type[Block], path: str, wanted: str
) -> Iterator[Diagnostic]:
    """Find a path that leads to no single fact, or to one of another kind."""
    paths = _single_facts(model)
    if path not in paths:
        fault = placed.fault("unknown-path", *where, path=path)
        yield replace(fault, suggestion=closest(path, paths))
    elif wanted not in {"any", found := kind_of(fact_type(model, path))}:
        yield _mismatch(placed, where, found, str(where[0]), wanted)


@cache
def _single_facts(model: type[Block]) -> frozenset[str]:
    """List the paths of facts that a block has once: those through a list are of its items."""
    paths = fact_paths(model)
    return frozenset(
        path for path in paths if not any(path.startswith(f"{other}.") for other in paths)
    )


def _value_faults(placed: Placed, name: str, kpi: Measurement) -> Iterator[Diagnostic]:
    value, (least, most) = getattr(placed.entry, name), LIMITS.get(kpi.unit, (-inf, inf))
    if value is not None and not least <= value <= most:
        yield placed.fault("wrong-value", name, indicator=kpi.id, found=f"{value:g}")


def _conditions(placed: Placed, *names: str) -> Iterator[Diagnostic]:
    for name in names:
        for index, condition in enumerate(getattr(placed.entry, name)):
            yield from _measure_faults(placed, (name, index, "measure"), condition.measure)
            yield from _condition_faults(placed, (name, index), condition)


# What each value function can score, and what measures give that do not give a number.
_SCORES = {"boolean": "boolean", "level": "level", "linear": "number", "band": "number"}
_UNITS = {
    "boolean": {"boolean"},
    "level": {"level"},
    "number": {"share", "count", "number", "months", "points"},
}
_GIVES = {"given": "boolean", "before": "boolean"}


def _measure_faults(placed: Placed, where: Location, measure: Measure) -> Iterator[Diagnostic]:
    """Find facts that a measure cannot find, or cannot read."""
    for read in measure.reads:
        yield from _path_faults(placed, where, Organisation, read, measure.type)
    if isinstance(measure, Covers):
        yield from _choice_faults(placed, (*where, "required"), measure.required, measure.of)
    if not measure.item_reads:
        return
    listed = fact_type(Organisation, measure.paths[0])
    item = next((kind for kind in blocks(listed)), None)
    if item is not None:
        for read in measure.item_reads:
            yield from _path_faults(placed, where, item, read, measure.type)


def _path_faults(
    placed: Placed, where: Location, model: type[Block], read: tuple[str, str], reader: str
) -> Iterator[Diagnostic]:
    path, wanted = read
    if model is Organisation and path.startswith("answers."):
        return
    kind = fact_type(model, path)
    if kind is None:
        fault = placed.fault("unknown-path", *where, path=path)
        yield replace(fault, suggestion=closest(path, fact_paths(model)))
    elif wanted not in {"any", kind_of(kind)}:
        yield _mismatch(placed, where, kind_of(kind), reader, wanted)


def _condition_faults(
    placed: Placed, where: Location, condition: Condition
) -> Iterator[Diagnostic]:
    found = _gives(condition.measure)
    wanted = {"level"} if condition.one_of else {"number", "boolean"}
    if found is not None and found not in wanted:
        yield _mismatch(placed, where, found, "condition", " / ".join(sorted(wanted)))
    if isinstance(condition.measure, FactMeasure):
        one_of = (*where, "one_of")
        yield from _choice_faults(placed, one_of, condition.one_of, condition.measure.of)
    low, high = condition.at_least, condition.at_most
    if low is not None and high is not None and low > high:
        yield placed.fault("bounds-crossed", *where, low=f"{low:g}", high=f"{high:g}")


def _level_faults(placed: Placed) -> Iterator[Diagnostic]:
    """Find levels that are not those of the choice they score: some answers have no value then."""
    measure, value = placed.entry.measure, placed.entry.value
    if value.type != "level" or _gives(measure) != "level":
        return
    where, allowed = ("value", "levels"), _choices(fact_type(Organisation, measure.of))
    if not allowed:
        yield _mismatch(placed, ("value",), "text", value.type, "level")
        return
    yield from _choice_faults(placed, where, value.levels, measure.of)
    for choice in allowed:
        if choice not in value.levels:
            yield placed.fault("level-without-value", *where, id=choice, path=measure.of)
    if sorted(allowed) == sorted(value.levels) and allowed != tuple(value.levels):
        values = {"path": measure.of, "allowed": ", ".join(allowed)}
        yield placed.fault("levels-out-of-order", *where, **values)


def _choice_faults(
    placed: Placed, where: Location, named: Iterable[str], path: str
) -> Iterator[Diagnostic]:
    """Find names of none of the choices that a fact has; those of an answer are not known."""
    if allowed := _choices(fact_type(Organisation, path)):
        listed = ", ".join(allowed)
        yield from unknown(
            placed, where, named, allowed, "unknown-choice", path=path, allowed=listed
        )


def _choices(said: Any) -> tuple[str, ...]:
    """List the values of a choice, or of a list of choices."""
    inside = (found for part in get_args(said) if (found := _choices(part)))
    return choices(said) or next(inside, ())


def _takes(indicator: Indicator, raw: Raw) -> bool:
    """Say whether an indicator can have a raw value."""
    least, most = LIMITS.get(indicator.unit, (-inf, inf))
    try:
        indicator.value.at(raw)
    except UnreadableError:
        return False
    return isinstance(raw, str) or least <= raw <= most


def _mismatch(
    placed: Placed, where: Location, found: str | None, reader: str, wanted: str
) -> Diagnostic:
    identifier = placed.entry.id
    return placed.fault(
        "kind-mismatch", *where, id=identifier, found=found, reader=reader, wanted=wanted
    )


def _gives(measure: Measure) -> str | None:
    """Say what kind of raw value a measure gives; None when only the answer will tell."""
    if not isinstance(measure, FactMeasure):
        return _GIVES.get(measure.type, "number")
    kind = fact_type(Organisation, measure.of)
    return None if kind is None else kind_of(kind)
