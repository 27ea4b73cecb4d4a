"""Ids that cannot be told apart, names of nothing, and rules that nobody is named for."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from rse_plan.files import Diagnostic, Location, closest
from rse_plan.playbook.consistency.book import Book, Placed
from rse_plan.playbook.model import Cited, Sourced


def duplicate_ids(book: Book) -> Iterator[Diagnostic]:
    """Find entries of one id, of whatever kind: `explain` could not tell them apart.

    A criterion is explained with its gate, and needs an id of its own there only.
    """
    for layer in book.written:
        for entries in layer.values():
            yield from _repeated(entries)
    for gate in book.phase_gates:
        yield from _repeated(gate.inside("criteria"))
    # The later layer is to blame.
    entries = sorted(book.entries, key=lambda one: book.depths[one.document.path])
    yield from _repeated(entries, book.sources)


def _repeated(entries: Iterable[Placed], taken: Collection[str] = ()) -> Iterator[Diagnostic]:
    seen = set(taken)
    for placed in entries:
        if placed.entry.id in seen:
            yield placed.fault("duplicate-id", "id", id=placed.entry.id)
        seen.add(placed.entry.id)


def unknown_references(book: Book) -> Iterator[Diagnostic]:
    """Find names of things that are nowhere."""
    for placed in (*book.entries, *book.criteria):
        if isinstance(placed.entry, Sourced):
            yield from unknown(placed, "sources", placed.entry.sources, book.sources)
    yield from _in_factors(book)
    yield from _in_file(book)
    yield from _in_phases(book)
    yield from _in_rollout(book)


def _in_factors(book: Book) -> Iterator[Diagnostic]:
    indicators, actions = _ids(book.indicators), _ids(book.actions)
    for placed in book.indicators:
        for index, network in enumerate(placed.entry.networks):
            yield from unknown(placed, ("networks", index, "source"), network.source, book.sources)
    for placed in book.actions:
        entry = placed.entry
        yield from unknown(placed, "requires", entry.requires, actions | book.gone)
        yield from unknown(placed, "sets", entry.sets, indicators | book.gone)
        yield from unknown(placed, "phase", entry.phase, {*book.phases, *book.gone})
        yield from unknown(placed, "role", entry.role, {*book.rollout["roles"], *book.gone})


def _in_file(book: Book) -> Iterator[Diagnostic]:
    for placed in book.gates.values():
        yield from unknown(placed, "caps_at", placed.entry.caps_at, book.levels)
        yield from unknown(placed, "requires", placed.entry.requires, _ids(book.indicators))
    for placed in book.tensions.values():
        yield from unknown(placed, "factors", placed.entry.factors, book.known)
        for index, side in enumerate(placed.entry.sides):
            yield from unknown(placed, ("sides", index), side, book.sources)
    yield from unknown(book.own, "weights", book.own.entry.weights, book.factors)
    yield from unknown(book.own, "without", book.own.entry.without, book.known)


def _in_phases(book: Book) -> Iterator[Diagnostic]:
    roles, waiting = book.rollout["roles"], _ids(book.waiting) | book.gone
    documents = {*book.rollout["documents"], *book.gone}
    for phase in book.phases.values():
        yield from _links(phase, "opens_after", waiting)
    for placed in book.waiting:
        yield from unknown(placed, "role", placed.entry.role, roles)
        yield from unknown(placed, "document", placed.entry.document, documents)
        yield from _links(placed, "after", waiting)
    for placed in book.tasks:
        actions = _ids(book.actions) | book.gone
        yield from unknown(placed, "carries_out", placed.entry.carries_out, actions)
    for placed in book.criteria:
        kpis, gates = ({*found, *book.gone} for found in (book.rollout["kpis"], book.gates))
        yield from unknown(placed, "kpi", placed.entry.kpi, kpis)
        yield from unknown(placed, "gate", placed.entry.gate, gates)


def _links(placed: Placed, name: str, known: Collection[str]) -> Iterator[Diagnostic]:
    for index, link in enumerate(getattr(placed.entry, name)):
        yield from unknown(placed, (name, index, "task"), link.task, known)


def _in_rollout(book: Book) -> Iterator[Diagnostic]:
    roles, rollout = book.rollout["roles"], book.rollout
    for placed in (*rollout["kpis"].values(), *rollout["risks"].values()):
        yield from unknown(placed, "owner", placed.entry.owner, roles)
    for placed in rollout["risks"].values():
        indicators = _ids(book.indicators) | book.gone
        yield from unknown(placed, "indicators", placed.entry.indicators, indicators)
    for placed in rollout["decisions"].values():
        awaited = _ids(book.waiting) | _ids(book.actions) | book.gone
        yield from unknown(placed, "role", placed.entry.role, roles)
        yield from unknown(placed, "before", placed.entry.before, awaited)
    for placed in rollout["budget"].values():
        yield from unknown(placed, "role", placed.entry.role, {*roles, *book.gone})
    for layer in book.layers:
        if layer.rollout is None:
            continue
        file = Placed(layer.rollout.says, layer.rollout.document)
        yield from unknown(file, "phases", file.entry.phases, {*book.phases, *book.gone})
    if defaults := book.defaults:
        yield from unknown(defaults, "phase", defaults.entry.phase, book.phases)
        yield from unknown(defaults, "role", defaults.entry.role, roles)


def _ids(entries: Iterable[Placed]) -> set[str]:
    return {placed.entry.id for placed in entries}


def unknown(
    placed: Placed,
    where: str | Location,
    named: str | Iterable[str] | None,
    known: Collection[str],
    code: str = "unknown-reference",
    **values: object,
) -> Iterator[Diagnostic]:
    """Find names, at some place in an entry, that are not among those known."""
    where = (where,) if isinstance(where, str) else where
    names = [named] if isinstance(named, str) else list(named or ())
    for index, name in enumerate(names):
        if name not in known:
            key = name if (*placed.location, *where, name) in placed.document else index
            fault = placed.fault(code, *where, key, id=name, **values)
            yield replace(fault, suggestion=closest(name, known))


def sourceless(book: Book) -> Iterator[Diagnostic]:
    """Find rules and advice that nobody is named for."""
    for placed in (*book.entries, *book.criteria):
        if isinstance(placed.entry, Cited) and not placed.entry.sources:
            yield placed.fault("no-source", id=placed.entry.id)
