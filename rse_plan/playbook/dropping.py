"""What is left of a playbook that does without some of its entries.

What an entry can spare is forgotten; what it is about takes it along; what it needs is a fault,
which `consistency` finds. Who waited for a dropped task waits for what that task waited for.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from rse_plan.playbook.model import Action, Entry, Factor, Tension
from rse_plan.playbook.playbook import Playbook
from rse_plan.playbook.rollout import (
    Cost,
    Decision,
    Phase,
    PhaseGate,
    PlaybookTask,
    Predecessor,
    Risk,
)

One = TypeVar("One", bound=Entry)
Waiting = TypeVar("Waiting", PlaybookTask, PhaseGate)


def without(unwanted: Collection[str], book: Playbook, written: Iterable[Phase]) -> Playbook:
    """Drop entries, and what others had to do with them.

    `written` are the phases of all layers in turn: a later one drops what it does not take over
    from the phase that it replaces.
    """
    left = _Left(unwanted, book)
    phases = tuple(left.phases(book.phases))
    produced = {one.document for phase in phases for one in phase.waiting}
    return replace(
        book,
        factors=tuple(sorted(left.factors(book.factors), key=lambda one: (-one.weight, one.id))),
        levels=left.of(book.levels),
        gates=left.of(book.gates),
        tensions=tuple(left.tensions(book.tensions)),
        phases=tuple(map(_Waits(phases, written).phase, phases)),
        roles=left.of(book.roles),
        audiences=left.of(book.audiences),
        documents=tuple(name for name in book.documents if name in produced),
        kpis=left.of(book.kpis),
        risks=tuple(left.risks(book.risks)),
        decisions=tuple(left.decisions(book.decisions)),
        budget=tuple(left.costs(book.budget)),
    )


class _Left:
    """The ids that are left: no two entries of a playbook have the same."""

    def __init__(self, unwanted: Collection[str], book: Playbook) -> None:
        self.unwanted = unwanted
        listed: tuple[tuple[Entry, ...], ...] = (book.gates, book.phases, book.roles, book.kpis)
        self.ids = {entry.id for entries in listed for entry in self.of(entries)}
        self.ids |= set(book.documents).difference(unwanted)
        for factor in self.of(book.factors):
            self.ids |= {one.id for one in (factor, *factor.indicators, *factor.actions)}
        for phase in self.of(book.phases):
            inside = (*phase.tasks, *filter(None, [self._gate(phase.gate)]))
            self.ids |= {entry.id for entry in self.of(inside)}

    def of(self, entries: Iterable[One]) -> tuple[One, ...]:
        """Return the entries that are wanted."""
        return tuple(entry for entry in entries if entry.id not in self.unwanted)

    def _names(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in names if name in self.ids)

    def _name(self, name: str | None) -> str | None:
        return name if name in self.ids else None

    def factors(self, factors: Iterable[Factor]) -> Iterator[Factor]:
        """Forget what actions had to do with other factors, phases and roles."""
        for factor in self.of(factors):
            actions = tuple(self._action(action) for action in factor.actions)
            yield factor.model_copy(update={"actions": actions})

    def _action(self, action: Action) -> Action:
        return action.model_copy(
            update={
                "sets": {name: raw for name, raw in action.sets.items() if name in self.ids},
                "requires": self._names(action.requires),
                "phase": self._name(action.phase),
                "role": self._name(action.role),
            }
        )

    def tensions(self, tensions: Iterable[Tension]) -> Iterator[Tension]:
        """Forget the tensions of factors that are dropped."""
        for tension in self.of(tensions):
            if factors := self._names(tension.factors):
                yield tension.model_copy(update={"factors": factors})

    def phases(self, phases: Iterable[Phase]) -> Iterator[Phase]:
        """Forget what tasks carried out or produced, and what gates asked."""
        for phase in self.of(phases):
            tasks = tuple(self._task(task) for task in self.of(phase.tasks))
            yield phase.model_copy(update={"tasks": tasks, "gate": self._gate(phase.gate)})

    def _task(self, task: PlaybookTask) -> PlaybookTask:
        carried_out, document = self._names(task.carries_out), self._name(task.document)
        return task.model_copy(update={"carries_out": carried_out, "document": document})

    def _gate(self, gate: PhaseGate | None) -> PhaseGate | None:
        """Forget criteria of what is dropped, and a gate that asks nothing any more."""
        if gate is None or gate.id in self.unwanted:
            return None
        criteria = tuple(one for one in gate.criteria if {one.kpi, one.gate} <= {None, *self.ids})
        document = self._name(gate.document)
        return (
            gate.model_copy(update={"criteria": criteria, "document": document})
            if criteria
            else None
        )

    def risks(self, risks: Iterable[Risk]) -> Iterator[Risk]:
        """Forget the risks of indicators that are dropped: without any, they would be for all."""
        for risk in self.of(risks):
            indicators = self._names(risk.indicators)
            if indicators or not risk.indicators:
                yield risk.model_copy(update={"indicators": indicators})

    def decisions(self, decisions: Iterable[Decision]) -> Iterator[Decision]:
        """Forget what decisions came before."""
        for decision in self.of(decisions):
            yield decision.model_copy(update={"before": self._name(decision.before)})

    def costs(self, costs: Iterable[Cost]) -> Iterator[Cost]:
        """Forget the costs of roles that are dropped."""
        for cost in self.of(costs):
            if cost.role is None or cost.role in self.ids:
                yield cost


class _Waits:
    """What every task and gate that was ever written waits for, and which of them are left."""

    def __init__(self, phases: Iterable[Phase], written: Iterable[Phase]) -> None:
        self.left = {one.id for phase in phases for one in phase.waiting}
        self.written = {
            one.id: (one, phase.after(one)) for phase in written for one in phase.waiting
        }

    def phase(self, phase: Phase) -> Phase:
        """Have a phase, its tasks and its gate wait for what is left."""
        return phase.model_copy(
            update={
                "opens_after": self._left(phase.opens_after),
                "tasks": tuple(map(self._entry, phase.tasks)),
                "gate": phase.gate and self._entry(phase.gate),
            }
        )

    def _entry(self, entry: Waiting) -> Waiting:
        return entry.model_copy(update={"after": self._left(entry.after)})

    def _left(self, links: Iterable[Predecessor]) -> tuple[Predecessor, ...]:
        found: list[Predecessor] = []
        for link in links:
            if link.task in self.left:
                found.append(link)
                continue
            dropped, before = self.written[link.task]
            found += (self._joined(link, dropped, one) for one in self._left(before))
        return tuple(dict.fromkeys(found))

    def _joined(
        self, link: Predecessor, dropped: PlaybookTask | PhaseGate, before: Predecessor
    ) -> Predecessor:
        """Wait for what a dropped task waited for, and no less long."""
        earlier, _ = self.written[before.task]
        where = before.where or ("here" if earlier.per == dropped.per else "everywhere")
        return Predecessor(
            task=before.task,
            where=link.where if where == "here" else where,
            wait_days=max(link.wait_days, before.wait_days),
        )
