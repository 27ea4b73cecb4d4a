"""The whole catalogue in one language: what is asked, how it is scored, how a rollout is run."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from rse_plan.playbook.model import (
    Action,
    ActionTexts,
    Aggregation,
    Entry,
    Factor,
    FactorTexts,
    Gate,
    GateTexts,
    Indicator,
    IndicatorTexts,
    Level,
    NamedText,
    Source,
    Stability,
    Tension,
    TensionTexts,
)
from rse_plan.playbook.rollout import (
    Audience,
    Cost,
    Decision,
    Measurement,
    Phase,
    PhaseTexts,
    PlaybookTask,
    Risk,
    Role,
    RolloutDefaults,
    RolloutTexts,
    TaskTexts,
)


@dataclass(frozen=True)
class Playbook:
    """What is asked, how it is scored, what follows from it, and why.

    Factors come heaviest first, levels lowest first, phases in the order of the rollout. Weights
    are those of the playbook, not yet divided by their sum. `extends` names the playbooks below
    it, with their versions.
    """

    name: str
    version: str
    extends: tuple[str, ...]
    language: str
    title: str
    aggregation: Aggregation
    not_applicable_cap: float
    stability: Stability
    effort_budget_days: float
    evidence_fresh_months: float
    factors: tuple[Factor, ...]
    levels: tuple[Level, ...]
    gates: tuple[Gate, ...]
    tensions: tuple[Tension, ...]
    sources: Mapping[str, Source]
    phases: tuple[Phase, ...]
    roles: tuple[Role, ...]
    audiences: tuple[Audience, ...]
    documents: tuple[str, ...]
    kpis: tuple[Measurement, ...]
    risks: tuple[Risk, ...]
    decisions: tuple[Decision, ...]
    budget: tuple[Cost, ...]
    rollout_defaults: RolloutDefaults | None
    factor_texts: Mapping[str, FactorTexts]
    level_texts: Mapping[str, NamedText]
    gate_texts: Mapping[str, GateTexts]
    tension_texts: Mapping[str, TensionTexts]
    source_texts: Mapping[str, str]
    phase_texts: Mapping[str, PhaseTexts]
    rollout_texts: RolloutTexts

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Every indicator by its id."""
        return {i.id: i for factor in self.factors for i in factor.indicators}

    @cached_property
    def actions(self) -> dict[str, Action]:
        """Every action by its id."""
        return {a.id: a for factor in self.factors for a in factor.actions}

    @cached_property
    def factor_of(self) -> dict[str, Factor]:
        """The factor of every factor, indicator and action, by id."""
        return {
            entry.id: factor
            for factor in self.factors
            for entry in (factor, *factor.indicators, *factor.actions)
        }

    def indicator_texts(self, indicator: str) -> IndicatorTexts:
        """Return what the language says of an indicator."""
        return self.factor_texts[self.factor_of[indicator].id].indicators[indicator]

    def action_texts(self, action: str) -> ActionTexts:
        """Return what the language says of an action."""
        return self.factor_texts[self.factor_of[action].id].actions[action]

    @cached_property
    def ranks(self) -> dict[str, int]:
        """The place of every level, 0 being the lowest."""
        return {level.id: rank for rank, level in enumerate(self.levels)}

    @cached_property
    def tasks(self) -> dict[str, PlaybookTask]:
        """Every task of the phases by its id."""
        return {task.id: task for phase in self.phases for task in phase.tasks}

    @cached_property
    def phase_of(self) -> dict[str, Phase]:
        """The phase of every phase, task and gate between phases, by id."""
        return {one.id: phase for phase in self.phases for one in (phase, *phase.waiting)}

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """Every entry by its id; a document is an id only, and a criterion is its gate's."""
        listed: tuple[tuple[Entry, ...], ...] = (
            self.factors, self.levels, self.gates, self.tensions, self.phases, self.roles,
            self.audiences, self.kpis, self.risks, self.decisions, self.budget,
        )  # fmt: skip
        inside = (one for phase in self.phases for one in phase.waiting)
        every = chain(*listed, self.indicators.values(), self.actions.values(), inside)
        return {entry.id: entry for entry in every}

    def task_texts(self, task: str) -> TaskTexts:
        """Return what the language says of a task."""
        return self.phase_texts[self.phase_of[task].id].tasks[task]
