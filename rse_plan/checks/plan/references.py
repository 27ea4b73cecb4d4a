"""Ids: each used once, and each that is named there to be found."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rse_plan.checks.fault import Fault, fault
from rse_plan.checks.plan.outline import Item, Outline
from rse_plan.files import Location, closest
from rse_plan.plan.timetable import END

_LISTS = (
    "assumptions", "decisions", "wishes", "phases", "waves", "sites", "legal_steps", "kpis",
    "risks", "roles", "calendars",
)  # fmt: skip
_INSIDE_ITEMS = ("lags", "criteria")
# Where the tasks and gates stand that share their ids.
_ITEMS = "phases, sites"

Places = Iterable[tuple[Location, str]]


def repeated_ids(outline: Outline) -> Iterator[Fault]:
    """Find two entries under one id: of a list, or among all tasks and gates."""
    plan = outline.plan
    for path in _LISTS:
        yield from _repeated(path, _entries((path,), getattr(plan, path)))
    if plan.budget:
        yield from _repeated("budget.lines", _entries(("budget", "lines"), plan.budget.lines))
    items = (*outline.tasks, *outline.gates)
    yield from _repeated(_ITEMS, ((item.at, item.id) for item in items))
    for item in items:
        for key in _INSIDE_ITEMS:
            said = getattr(item.said, key, ())
            yield from _repeated(f"{item.id}.{key}", _entries((*item.at, key), said))


def _entries(where: Location, said: Iterable[Any]) -> Places:
    return (((*where, index), one.id) for index, one in enumerate(said))


def _repeated(field: str, entries: Places) -> Iterator[Fault]:
    seen: dict[str, Location] = {}
    for where, name in entries:
        if name in seen:
            first = (*seen[name], "id")
            yield fault("repeated-id", (*where, "id"), first, field=field, id=name)
        seen.setdefault(name, where)


def reserved_ids(outline: Outline) -> Iterator[Fault]:
    """Find a task or a gate that is called like the end of the whole plan."""
    for item in (*outline.tasks, *outline.gates):
        if item.id == END:
            yield fault("reserved-id", item.where("id"), id=item.id)


def unknown_items(outline: Outline) -> Iterator[Fault]:
    """Find what waits for, or speaks of, a task or a gate that is not there."""
    plan, names = outline.plan, outline.names
    for item in (*outline.tasks, *outline.gates):
        for index, name in enumerate(item.said.after):
            if name not in names:
                meant = _closest(name, item, names)
                yield fault(
                    "unknown-reference", (*item.at, "after", index), suggestion=meant, id=name
                )
    for index, decision in enumerate(plan.decisions):
        yield from _unknown(decision.before, ("decisions", index, "before"), names)
    for index, step in enumerate(plan.legal_steps):
        yield from _unknown(step.task, ("legal_steps", index, "task"), names)
    told = {**names, **dict.fromkeys(wave.id for wave in plan.waves), END: None}
    for index, wish in enumerate(plan.wishes):
        yield from _unknown(wish.about, ("wishes", index, "about"), told)


def _closest(name: str, item: Item, names: Mapping[str, None]) -> str | None:
    """Look for what is meant in the same site first: out of very many names none is found."""
    own = (task.id for task in item.site.tasks) if item.site else ()
    return closest(name, own) or closest(name, names)


def unknown_names(outline: Outline) -> Iterator[Fault]:
    """Find roles, phases, calendars, sites and measures that the plan names and does not have."""
    plan = outline.plan
    roles, phases, kpis, calendars = (
        dict.fromkeys(one.id for one in said)
        for said in (plan.roles, plan.phases, plan.kpis, plan.calendars)
    )
    for item in (*outline.tasks, *outline.gates):
        yield from _unknown(item.said.role, (*item.at, "role"), roles)
        if item.task:
            yield from _unknown(item.task.phase, (*item.at, "phase"), phases)
        for index, criterion in enumerate(item.gate.criteria if item.gate else ()):
            yield from _unknown(criterion.kpi, (*item.at, "criteria", index, "kpi"), kpis)
    for index, decision in enumerate(plan.decisions):
        yield from _unknown(decision.role, ("decisions", index, "role"), roles)
    for index, step in enumerate(plan.legal_steps):
        yield from _unknown(step.role, ("legal_steps", index, "role"), roles)
    for index, risk in enumerate(plan.risks):
        yield from _unknown(risk.owner, ("risks", index, "owner"), roles)
    for index, site in enumerate(plan.sites):
        yield from _unknown(site.calendar, ("sites", index, "calendar"), calendars)


def _unknown(name: str | None, where: Location, known: Mapping[str, None]) -> Iterator[Fault]:
    if name is not None and name not in known:
        yield fault("unknown-reference", where, suggestion=closest(name, known), id=name)


def lags_without_predecessor(outline: Outline) -> Iterator[Fault]:
    """Find how long to wait after something that is not waited for."""
    for item in (*outline.tasks, *outline.gates):
        after = dict.fromkeys(item.said.after)
        for index, lag in enumerate(item.said.lags):
            if lag.id not in after:
                where = (*item.at, "lags", index, "id")
                meant = closest(lag.id, after)
                yield fault("lag-without-predecessor", where, suggestion=meant, id=lag.id)


def bounds_crossed(outline: Outline) -> Iterator[Fault]:
    """Find a least that is more than the most: of a wait, or of what a gate asks."""
    for item in (*outline.tasks, *outline.gates):
        for index, lag in enumerate(item.said.lags):
            if lag.most_days is not None and lag.most_days < lag.least_days:
                at = (*item.at, "lags", index)
                yield _crossed(
                    (*at, "most_days"), (*at, "least_days"), lag.least_days, lag.most_days
                )
        for index, one in enumerate(item.gate.criteria if item.gate else ()):
            low, high = one.at_least, one.at_most
            if low is not None and high is not None and high < low:
                at = (*item.at, "criteria", index)
                yield _crossed((*at, "at_most"), (*at, "at_least"), low, high)


def _crossed(at: Location, against: Location, low: float, high: float) -> Fault:
    return fault("bounds-crossed", at, against, low=low, high=high)
