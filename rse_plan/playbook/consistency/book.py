"""The entries of a playbook and of those it extends, each with its place."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from rse_plan.files import Diagnostic, Document, Location
from rse_plan.playbook.layer import Layer, dropped
from rse_plan.playbook.model import Entry
from rse_plan.playbook.rollout import PhaseGate

# The lists of entries that stand in `playbook.yaml` and in `rollout.yaml`.
IN_FILE = ("levels", "gates", "tensions")
IN_ROLLOUT = ("roles", "audiences", "documents", "kpis", "risks", "decisions", "budget")


@dataclass(frozen=True)
class Placed:
    """An entry and where it stands."""

    entry: Any
    document: Document
    location: Location = ()

    def fault(self, code: str, *below: str | int, **values: object) -> Diagnostic:
        """Report it as wrong, at what stands `below` it."""
        span = self.document.span((*self.location, *below))
        return Diagnostic(self.document.path, code, span, values=values)

    def warning(self, code: str, *below: str | int, **values: object) -> Diagnostic:
        """Report it as doubtful, at what stands `below` it."""
        return replace(self.fault(code, *below, **values), severity="warning")

    def inside(self, *names: str) -> Iterator["Placed"]:
        """List the entries of some of its lists; a mere name is an entry of that id."""
        for name in names:
            for index, said in enumerate(getattr(self.entry, name)):
                entry = Entry(id=said) if isinstance(said, str) else said
                yield Placed(entry, self.document, (*self.location, name, index))

    @property
    def gate(self) -> Iterator["Placed"]:
        """The gate of a phase, if it has one."""
        if self.entry.gate:
            yield Placed(self.entry.gate, self.document, (*self.location, "gate"))


Entries = dict[str, Placed]


class Book:
    """The entries of all layers, each with its place, the later layers having the last word.

    `known` has also the entries that some layer does without. `gone` are their ids, and those of
    what was in them or in what was replaced: who named them forgets them.
    """

    def __init__(self, layers: list[Layer]) -> None:
        self.layers = layers
        self.own = Placed(layers[-1].file.says, layers[-1].file.document)
        self.depths = {
            document.path: depth
            for depth, layer in enumerate(layers)
            for document in layer.documents
        }
        self.sources = {s for layer in layers if layer.sources for s in layer.sources.says.sources}
        self.written = [_written(layer) for layer in layers]
        last: dict[str, Entries] = {
            kind: {one.entry.id: one for layer in self.written for one in layer[kind]}
            for kind in self.written[-1]
        }
        inside = {one.entry.id: one for phase in last["phases"].values() for one in waiting(phase)}
        self.known: Entries = {**inside}
        for entries in last.values():
            self.known |= entries
        unwanted = dropped(layers)
        left = {
            kind: {name: one for name, one in entries.items() if name not in unwanted}
            for kind, entries in last.items()
        }
        self.factors, self.phases = left["factors"], left["phases"]
        self.levels, self.gates, self.tensions = (left[kind] for kind in IN_FILE)
        self.rollout = {kind: left[kind] for kind in IN_ROLLOUT}
        self.indicators = [
            one for each in self.factors.values() for one in each.inside("indicators")
        ]
        self.actions = [one for each in self.factors.values() for one in each.inside("actions")]
        in_phases = chain.from_iterable(map(waiting, self.phases.values()))
        self.waiting = [one for one in in_phases if one.entry.id not in unwanted]
        self.criteria = [one for gate in self.phase_gates for one in gate.inside("criteria")]
        ever = (one.entry.id for layer in self.written for one in _everything(layer))
        self.gone = set(ever).difference(one.entry.id for one in self.entries)

    @property
    def tasks(self) -> list[Placed]:
        """The tasks of phases."""
        return [one for one in self.waiting if not isinstance(one.entry, PhaseGate)]

    @property
    def phase_gates(self) -> list[Placed]:
        """The gates between phases."""
        return [one for one in self.waiting if isinstance(one.entry, PhaseGate)]

    @property
    def defaults(self) -> Placed | None:
        """What a plan goes by when nobody says otherwise."""
        for layer in reversed(self.layers):
            if layer.rollout and layer.rollout.says.defaults:
                return Placed(layer.rollout.says.defaults, layer.rollout.document, ("defaults",))
        return None

    @property
    def entries(self) -> list[Placed]:
        """All that is not dropped and has an id of its own, what is assessed before the rollout."""
        assessed = (self.factors, self.levels, self.gates, self.tensions)
        rollout = (self.phases, *self.rollout.values())
        return [
            *chain.from_iterable(entries.values() for entries in assessed),
            *self.indicators,
            *self.actions,
            *chain.from_iterable(entries.values() for entries in rollout),
            *self.waiting,
        ]


def waiting(phase: Placed) -> Iterator[Placed]:
    """List the tasks and the gate of a phase."""
    yield from phase.inside("tasks")
    yield from phase.gate


def _written(layer: Layer) -> dict[str, list[Placed]]:
    """List the entries of one layer by kind."""
    file = Placed(layer.file.says, layer.file.document)
    rollout = layer.rollout and Placed(layer.rollout.says, layer.rollout.document)
    return {
        "factors": [Placed(one.says, one.document) for one in layer.factors.values()],
        "phases": [Placed(one.says, one.document) for one in layer.phases.values()],
        **{kind: list(file.inside(kind)) for kind in IN_FILE},
        **{kind: list(rollout.inside(kind)) if rollout else [] for kind in IN_ROLLOUT},
    }


def _everything(written: dict[str, list[Placed]]) -> Iterator[Placed]:
    """List the entries of one layer, and those inside its factors and phases."""
    yield from chain.from_iterable(written.values())
    for factor in written["factors"]:
        yield from factor.inside("indicators", "actions")
    for phase in written["phases"]:
        yield from waiting(phase)
