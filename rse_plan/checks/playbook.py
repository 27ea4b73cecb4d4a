"""What a playbook says that can be used, and that cannot work or was hardly meant.

Only what stands in the last layer's own files is reported: who extends a playbook does not answer
for it. Errors are what nobody can mean, warnings what somebody might.
"""

from collections.abc import Iterable, Iterator

from rse_plan.assessment.standing import ROUNDING
from rse_plan.files import Diagnostic, in_order
from rse_plan.playbook import Playbook
from rse_plan.playbook.consistency.book import Book, Placed
from rse_plan.playbook.layer import Layer
from rse_plan.playbook.model import Action, Indicator, Sourced
from rse_plan.playbook.reading import between
from rse_plan.playbook.values import LIMITS, Range


def check_playbook(layers: list[Layer], playbook: Playbook) -> list[Diagnostic]:
    """List what is doubtful in the last of the layers that make a playbook without a fault."""
    rules = _Rules(layers[-1], playbook)
    return in_order(
        [
            *rules.left_out(),
            *rules.weight_faults(),
            *rules.value_faults(),
            *rules.action_faults(),
            *rules.gate_faults(),
            *rules.unused_sources(),
            *rules.interested_sources(),
        ]
    )


class _Rules:
    """The entries of one layer, each with its place, and the playbook they are a part of."""

    def __init__(self, layer: Layer, playbook: Playbook) -> None:
        self.layer = layer
        self.playbook = playbook
        own = Book([layer])
        self.file = own.own
        self.written = own.known
        self.used = {*playbook.entries, *playbook.documents}
        self.factors = {name: own.factors[name] for name in own.factors.keys() & self.used}
        self.gates = self._used(own.gates.values())
        self.indicators = self._used(own.indicators)
        self.actions = self._used(own.actions)
        self.measured = [*self._used(own.rollout["kpis"].values()), *own.criteria]
        self.worth = {name: _worth(indicator) for name, indicator in playbook.indicators.items()}

    def _used(self, entries: Iterable[Placed]) -> list[Placed]:
        return [placed for placed in entries if placed.entry.id in self.used]

    def left_out(self) -> Iterator[Diagnostic]:
        """Find entries that some `without` leaves out, and those that it takes along."""
        for name, placed in self.written.items():
            if name not in self.used:
                yield placed.warning("left-out", "id", id=name)

    def weight_faults(self) -> Iterator[Diagnostic]:
        """Find a factor that outweighs all others."""
        total = sum(factor.weight for factor in self.playbook.factors)
        for factor in self.playbook.factors:
            if not total / 2 < factor.weight < total:
                continue
            values = {"id": factor.id, "weight": f"{factor.weight:g}", "total": f"{total:g}"}
            if factor.id in self.file.entry.weights:
                yield self.file.warning("dominant-weight", "weights", factor.id, **values)
            elif factor.id in self.factors:
                yield self.factors[factor.id].warning("dominant-weight", "weight", **values)

    def value_faults(self) -> Iterator[Diagnostic]:
        """Find values that no answer reaches, that all answers share, or that never fall."""
        for placed in self.indicators:
            name, value = placed.entry.id, placed.entry.value
            least, most = self.worth[name]
            if least == most:
                yield placed.warning("same-value", "value", id=name, value=f"{most:g}")
            elif most < 1 - ROUNDING:
                yield placed.warning("no-full-value", "value", id=name, most=f"{most:g}")
            if value.type == "band" and (value.falls_to < 1) != (value.falls_by is not None):
                yield placed.fault("band-never-falls", "value", id=name)

    def action_faults(self) -> Iterator[Diagnostic]:
        """Find actions that raise nothing, and indicators that no action raises."""
        actions = self.playbook.actions
        for placed in self.actions:
            action = actions[placed.entry.id]
            for name in action.sets.keys() - self._raised(action):
                values = {"id": action.id, "indicator": name, "found": action.sets[name]}
                yield placed.warning("action-without-effect", "sets", name, **values)
        raised = {name for action in actions.values() for name in self._raised(action)}
        for placed in self.indicators:
            if placed.entry.id not in raised:
                yield placed.warning("indicator-without-action", "id", id=placed.entry.id)

    def _raised(self, action: Action) -> set[str]:
        """Name the indicators that an action brings above the least that they can be worth."""
        indicators = self.playbook.indicators
        return {
            name
            for name, raw in action.sets.items()
            if indicators[name].value.at(raw) > self.worth[name][0]
        }

    def gate_faults(self) -> Iterator[Diagnostic]:
        """Find gates that never open, and gates that never close."""
        for placed in self.gates:
            gate = placed.entry
            if gate.caps_at == self.playbook.levels[-1].id:
                values = {"id": gate.id, "level": gate.caps_at}
                yield placed.warning("gate-without-effect", "caps_at", **values)
            for name, required in gate.requires.items():
                least, most = self.worth[name]
                values = {"id": gate.id, "indicator": name, "required": f"{required:g}"}
                if required > most + ROUNDING:
                    values["most"] = f"{most:g}"
                    yield placed.fault("gate-never-passes", "requires", name, **values)
                elif required <= least + ROUNDING:
                    yield placed.warning("gate-always-passes", "requires", name, **values)

    def unused_sources(self) -> Iterator[Diagnostic]:
        """Find sources that nothing cites."""
        if self.layer.sources is None:
            return
        cited, document = self._cited(), self.layer.sources.document
        for name in self.layer.sources.says.sources:
            if name not in cited:
                span = document.key_span(("sources", name))
                values = {"id": name}
                yield Diagnostic(document.path, "unused-source", span, "warning", values)

    def _cited(self) -> set[str]:
        book = self.playbook
        gates = (phase.gate for phase in book.phases if phase.gate)
        criteria = (criterion for gate in gates for criterion in gate.criteria)
        entries = (one for one in (*book.entries.values(), *criteria) if isinstance(one, Sourced))
        return {
            *(source for entry in entries for source in entry.sources),
            *(network.source for one in book.indicators.values() for network in one.networks),
            *(source for one in book.tensions for side in one.sides for source in side),
        }

    def interested_sources(self) -> Iterator[Diagnostic]:
        """Find rules that are documented by nobody but those who sell."""
        for placed in (*self.indicators, *self.gates, *self.measured):
            rule = placed.entry
            interests = {self.playbook.sources[name].interest for name in rule.sources}
            if rule.basis == "documented" and interests == {"vendor"}:
                sources = ", ".join(rule.sources)
                yield placed.warning(
                    "only-interested-sources", "basis", id=rule.id, sources=sources
                )


def _worth(indicator: Indicator) -> Range:
    """Return the least and the most that an answer can be worth."""
    return indicator.value.over(between(*LIMITS.get(indicator.unit, (None, None))))
