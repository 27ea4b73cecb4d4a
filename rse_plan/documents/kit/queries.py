"""What documents ask of a plan and of an organisation: lookups and counts, not yet in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple, get_args

from rse_plan.assessment import Assessment, IndicatorScore
from rse_plan.assessment.advice import Step
from rse_plan.assessment.gaps import Gap, proven_gaps, secured
from rse_plan.language import Language
from rse_plan.organisation import UNKNOWN, Fact
from rse_plan.organisation.model import Executive, Function, UseCase
from rse_plan.plan.model import (
    BudgetLine,
    Criterion,
    Decision,
    Gate,
    Kpi,
    LegalStep,
    Placed,
    Plan,
    Risk,
    RoleOnTeam,
    Site,
)
from rse_plan.plan.timetable import Span, stated_spans
from rse_plan.playbook import Playbook

# Spent on others; what is not is the time of one's own people.
_SPENT = ("accounts", "sites", "documents", "lump-sum")
_GRADES = ("low", "medium", "high")


class CaseMeasure(NamedTuple):
    """The measure of a use case, and the use case if the organisation describes it."""

    kpi: Kpi
    case: UseCase | None

    @property
    def title(self) -> str:
        """The title of the use case, or its id."""
        return self.case.title if self.case else self.kpi.id.rpartition(".")[0]


class Tally(NamedTuple):
    """How many criteria of a gate are met, are not, and are still to be shown."""

    met: int
    failed: int
    open: int


@dataclass(frozen=True)
class Queries:
    """A plan, its playbook, and the assessment of the organisation if there is one."""

    plan: Plan
    playbook: Playbook
    say: Language
    assessment: Assessment | None = None
    draws: bool = False

    @cached_property
    def spans(self) -> dict[str, Span]:
        """When every task and gate is."""
        return stated_spans(self.plan)

    @cached_property
    def placed(self) -> dict[str, Placed]:
        """Every task that is not cancelled."""
        return {one.task.id: one for one in self.plan.placed}

    @cached_property
    def gates(self) -> dict[str, Gate]:
        """Every gate."""
        return {gate.id: gate for gate in self.plan.gates}

    @cached_property
    def kpis(self) -> dict[str, Kpi]:
        """Every measure."""
        return {kpi.id: kpi for kpi in self.plan.kpis}

    @cached_property
    def use_cases(self) -> tuple[UseCase, ...]:
        """The use cases that the organisation describes, when it is there."""
        if self.assessment is None:
            return ()
        return self.assessment.organisation.use_cases.low or ()

    @cached_property
    def case_measures(self) -> list[CaseMeasure]:
        """The measures of the use cases."""
        cases = {f"{case.id}.kpi": case for case in self.use_cases}
        return [
            CaseMeasure(kpi, cases.get(kpi.id)) for kpi in self.plan.kpis if kpi.id.endswith(".kpi")
        ]

    @cached_property
    def followed(self) -> list[Kpi]:
        """The measures of the whole network, which are taken again and again."""
        return [
            kpi
            for kpi in self.plan.kpis
            if kpi.frequency != "once"
            and not kpi.id.startswith("pilot-")
            and not kpi.id.endswith(".kpi")
        ]

    def without(self, field: str, kpis: Iterable[Kpi] | None = None) -> int:
        """Count the measures that lack a baseline, a target or an owner."""
        return sum(getattr(kpi, field) is None for kpi in kpis or self.plan.kpis)

    @cached_property
    def ranked_risks(self) -> list[Risk]:
        """The risks, the strongest first: by probability times impact, then by probability."""

        def rank(risk: Risk) -> tuple[int, int]:
            likely, grave = (_GRADES.index(one) + 1 for one in (risk.probability, risk.impact))
            return -likely * grave, -likely

        return sorted(self.plan.risks, key=rank)

    @cached_property
    def worst_risks(self) -> list[Risk]:
        """The risks that are both likely and grave."""
        return [one for one in self.plan.risks if one.probability == one.impact == "high"]

    @cached_property
    def open_legal_steps(self) -> list[LegalStep]:
        """The legal steps that are due and have no evidence, the first due first."""
        steps = self.plan.legal_steps
        return sorted(
            (one for one in steps if not one.evidence and not one.not_applicable),
            key=lambda one: one.due or date.max,
        )

    @cached_property
    def gaps(self) -> list[Gap]:
        """What is surely lacking, what costs most first."""
        return [] if self.assessment is None else proven_gaps(self.assessment)

    @cached_property
    def secured(self) -> list[IndicatorScore]:
        """What is surely there, what counts most first."""
        return [] if self.assessment is None else secured(self.assessment)

    @cached_property
    def next_gate(self) -> Gate | None:
        """The first gate that is still to be decided."""
        return next((gate for gate in self.plan.gates if gate.decision == "pending"), None)

    def fact(self, path: str) -> object:
        """Return what the organisation says; None when it does not, or is not there."""
        return said(self.told(path))

    def told(self, path: str) -> Fact[Any]:
        """Return a fact of the organisation with its bounds, to be put into words."""
        return UNKNOWN if self.assessment is None else self.assessment.organisation.fact(path)

    def bounded(self, fact: Fact[Any]) -> bool:
        """Tell whether a number or a bound of it is known."""
        return fact.low is not None or fact.high is not None

    def rest(self, share: Fact[Any]) -> Fact[Any]:
        """Return what a share leaves of the whole, as far as it is known."""
        low, high = (None if end is None else 1 - end for end in (share.high, share.low))
        return Fact(low) if low == high else Fact(at_least=low, at_most=high)

    def result(self, case: UseCase | None, name: str) -> Fact[Any]:
        """Return the ``baseline``, ``target`` or ``result`` of the measure of a use case."""
        return UNKNOWN if case is None or case.kpi is None else getattr(case.kpi, name)

    def said(self, fact: Fact[Any]) -> object:
        """Return what a fact of a use case or a site says; None when it does not."""
        return said(fact)

    def due(self, name: str) -> date | None:
        """Return the last day of a task, or the day of a gate, if the plan has it."""
        span = self.spans.get(name)
        return span.end if span else None

    def ends(self, step: LegalStep) -> date | None:
        """Return the last day of the task of a legal step, of the first left to do of several."""
        found = [
            one
            for name, one in self.placed.items()
            if name == step.task or (step.task is None and name.endswith(f".{step.id}"))
        ]
        left = [one for one in found if one.task.status != "done"]
        return min((day for one in left or found if (day := self.due(one.task.id))), default=None)

    def begins(self, name: str) -> date | None:
        """Return the first day of a task or gate; None when the plan does not have it."""
        span = self.spans.get(name)
        return None if span is None else span.start

    def tasks(
        self, *, phase: str | None = None, site: Site | None = None, document: str | None = None
    ) -> list[Placed]:
        """List the tasks of a phase, of a site or for a document, the first to start first."""
        found = (
            one
            for one in self.placed.values()
            if (phase is None or one.phase == phase)
            and (site is None or one.site == site)
            and (document is None or one.task.document == document)
        )
        return sorted(found, key=self._start)

    def among(self, *names: str, after: date | None = None) -> list[Placed]:
        """List the tasks of these names that the plan has, or only those that end after a day."""
        found = (self.placed[name] for name in names if name in self.placed)
        kept = (one for one in found if after is None or self._end(one) > after)
        return sorted(kept, key=self._start)

    def ending_after(self, day: date | None, *phases: str) -> list[Placed]:
        """List the tasks of some phases that end after a day."""
        found = (one for phase in phases for one in self.tasks(phase=phase))
        return [one for one in found if day and day < self._end(one) < date.max]

    @cached_property
    def to_do(self) -> list[Placed]:
        """The tasks that are not done, the first to start first."""
        return [one for one in self.tasks() if one.task.status in {"planned", "started"}]

    def next_to_do(self, number: int) -> list[Placed]:
        """List so many tasks that are the first to start, the first to end first."""
        return sorted(self.to_do[:number], key=self._end)

    def _start(self, one: Placed) -> date:
        return self.begins(one.task.id) or date.max

    def _end(self, one: Placed) -> date:
        return self.due(one.task.id) or date.max

    def open_decisions(self, role: str | None = None) -> list[Decision]:
        """List what is still to be decided, by anyone or by a role, the first due first."""
        found = (one for one in self.plan.decisions if not one.decided_on)
        kept = (one for one in found if role is None or one.role == role)
        return sorted(kept, key=lambda one: one.due or date.max)

    def in_order(
        self, *rows: Iterable[Mapping[str, Any]], decisions: Iterable[Decision] = ()
    ) -> list[Mapping[str, Any]]:
        """Put rows and decisions in the order of their ``day``; what has none is left out."""
        found = [*chain(*rows), *({"day": one.due, "decision": one} for one in decisions)]
        return sorted((row for row in found if row["day"]), key=itemgetter("day"))

    def by_day(self, rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Put rows in the order of their ``day``; what has none comes last."""
        return sorted(rows, key=lambda row: row["day"] or date.max)

    def held(self, gate: Gate, criterion: Criterion) -> bool | None:
        """Tell whether a criterion is met; None while evidence from before the pilot is all."""
        return None if self.early(gate, criterion) else criterion.met

    def early(self, gate: Gate, criterion: Criterion) -> bool:
        """Tell whether the evidence for going on after the pilot is from before it."""
        shown, opening = criterion.evidence_date, self.begins("run-pilot")
        undecided = gate.id == "pilot-go" and gate.decision == "pending"
        return bool(undecided and shown and opening and shown < opening)

    def tally(self, gate: Gate | None) -> Tally:
        """Count the criteria of a gate by whether they are met."""
        held = [self.held(gate, one) for one in gate.criteria] if gate else []
        return Tally(*(held.count(state) for state in (True, False, None)))

    def executives(
        self, *, briefed: bool | None = None, committed: bool | None = None
    ) -> list[Executive]:
        """List the members of the executive committee, or those who were met, or committed."""
        members = self.told("executive_committee.members").low or ()
        return [
            one
            for one in members
            if briefed in {None, bool(one.briefed.value)}
            and committed in {None, bool(one.committed.value)}
        ]

    @cached_property
    def missing_functions(self) -> list[str]:
        """The functions that surely do not steer the project; none when not all are known."""
        there = self.told("governance.functions").high
        return [] if there is None else [one for one in get_args(Function) if one not in there]

    def team(self, role: str) -> RoleOnTeam | None:
        """Return how many people the plan has for a role."""
        return next((one for one in self.plan.roles if one.id == role), None)

    @cached_property
    def spending(self) -> list[BudgetLine]:
        """The lines of the budget that are paid to others."""
        lines = self.plan.budget.lines if self.plan.budget else ()
        return [line for line in lines if line.unit in _SPENT]

    @cached_property
    def own_time(self) -> list[BudgetLine]:
        """The lines of the budget that are the time of the organisation's people."""
        lines = self.plan.budget.lines if self.plan.budget else ()
        return [line for line in lines if line.unit not in _SPENT]

    @cached_property
    def unpriced(self) -> list[BudgetLine]:
        """The lines of the budget that lack a quantity or a price."""
        return [line for line in self.spending + self.own_time if self.cost(line) is None]

    def cost(self, *lines: BudgetLine) -> float | None:
        """Add up lines of the budget; None while one lacks a quantity or a price."""
        known = [
            line.quantity * line.unit_cost
            for line in lines
            if line.quantity is not None and line.unit_cost is not None
        ]
        return sum(known) if len(known) == len(lines) else None

    def announced(self, name: str) -> date | None:
        """Return the day that was announced for a task, a gate or a wave."""
        return next((one.wanted for one in self.plan.wishes if one.about == name), None)

    def decision(self, name: str) -> Decision | None:
        """Return what somebody has to decide, if the plan has it."""
        return next((one for one in self.plan.decisions if one.id == name), None)

    def legal_step(self, name: str) -> LegalStep | None:
        """Return a step that the law asks for, if the plan has it."""
        return next((one for one in self.plan.legal_steps if one.id == name), None)

    def carrying_out(self, action: str) -> Placed | None:
        """Return the first task of the plan that carries out an action."""
        named = {task.id for task in self.playbook.tasks.values() if action in task.carries_out}
        return next(
            (one for one in self.tasks() if one.task.id.rpartition(".")[2] in {action, *named}),
            None,
        )

    def cited(self, gaps: Iterable[Gap]) -> list[str]:
        """List the sources of the conditions and of some gaps, in the playbook's order."""
        used = {name for gate in self.playbook.gates for name in gate.sources}
        used.update(name for gap in gaps for name in gap.found.indicator.sources)
        return [name for name in self.playbook.sources if name in used]

    def numbers(self, names: Iterable[str], listed: Sequence[str]) -> list[int]:
        """Return the places of names in a list, from 1 on."""
        return sorted(listed.index(name) + 1 for name in names)

    def doubtful(self, steps: Iterable[Step]) -> list[Step]:
        """List the advised actions that nothing proves to be needed."""
        found = self.assessment
        return [step for step in steps if found and found.only_possible(step.action)]


def said(fact: Fact[Any]) -> object:
    """Return the value of a fact; None when it is not known, or is that there is none."""
    return None if fact.value is None or fact.value == "none" else fact.value
