"""How a rollout is run: phases with their tasks and gates, roles, measures, risks, costs.

A phase is one file, ``phases/<id>.yaml``; what all phases share stands in ``rollout.yaml``.
Efforts are in person-days, durations in working days of the place where the work is done. A task
that names facts under `unless` is left out when they say that it is in place already; an action of
a factor becomes a task of its own unless some task carries it out.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from rse_plan.organisation.fact import Amount, AtLeastOne, Count, Listed, Named, Number, Share, Text
from rse_plan.organisation.model import Block, Country, Identifier, TeamRole
from rse_plan.playbook.model import Basis, Cited, Condition, Entry, Sourced, cite

Per = Literal["programme", "site", "use-case", "audience"]
Where = Literal["here", "headquarters", "everywhere"]
Frequency = Literal["weekly", "monthly", "quarterly", "twice-a-year", "once"]
Grade = Literal["low", "medium", "high"]
Quantity = Literal[
    "accounts", "ambassador-days", "role-days", "role-months", "sites", "documents", "lump-sum"
]  # fmt: skip
Multiple = Annotated[float, Field(gt=0, le=10, allow_inf_nan=False), Named("Weight")]


# What is said only of tasks that are repeated for sites, or that are not repeated.
ONLY_PER: dict[Per, tuple[str, ...]] = {
    "site": ("effort_per_100_people", "launches", "countries", "not_countries"),
    "programme": ("starts", "ends"),
}
# What says how long a task takes: one of them has to.
LENGTHS = (
    "effort_days", "effort_per_100_people", "duration_days", "elapsed_days", "starts", "ends",
)  # fmt: skip
# Keys of a task or of a criterion that exclude each other.
EXCLUSIVE = (("duration_days", "elapsed_days"), ("countries", "not_countries"), ("kpi", "gate"))
THRESHOLDS = ("at_least", "at_most")
OF_ROLES = ("role-days", "role-months")


def _task_form(schema: dict[str, Any]) -> None:
    """Say in a schema what the checks ask of a task."""
    cite(schema)
    schema["anyOf"] = [
        {"required": [name], "properties": {name: {"exclusiveMinimum": 0}}} for name in LENGTHS
    ]
    schema["dependencies"] = _excluded(schema)
    schema["allOf"] = [
        {
            "if": {"required": ["per"], "properties": {"per": {"const": "site"}}},
            "else": {"properties": dict.fromkeys(ONLY_PER["site"], False)},
        },
        {
            "if": {"properties": {"per": {"const": "programme"}}},
            "else": {"properties": dict.fromkeys(ONLY_PER["programme"], False)},
        },
    ]


def _criterion_form(schema: dict[str, Any]) -> None:
    """Say in a schema what the checks ask of a criterion."""
    cite(schema)
    some = {"anyOf": [{"required": [name]} for name in THRESHOLDS]}
    schema["dependencies"] = {**_excluded(schema), **{key: ["kpi"] for key in THRESHOLDS}}
    schema["allOf"] = [{"dependencies": {"kpi": some}}]


def _cost_form(schema: dict[str, Any]) -> None:
    """Say in a schema what the checks ask of a line of the budget."""
    of_role = {"properties": {"quantity": {"enum": list(OF_ROLES)}}}
    schema |= {"if": of_role, "then": {"required": ["role"]}}


def _excluded(schema: dict[str, Any]) -> dict[str, Any]:
    pairs = (pair for pair in EXCLUSIVE if pair[0] in schema["properties"])
    return {first: {"properties": {second: False}} for first, second in pairs}


class Predecessor(Block):
    """What has to end before a task starts.

    `where` says which of a task that is repeated: the one of the same site, use case or audience
    (the default where there is one), that of the headquarters, or all of them (the default
    elsewhere). `wait_days` and `within_days` are the least and the most calendar days between.
    """

    task: Identifier
    where: Where | None = None
    wait_days: Count = 0
    within_days: Count | None = None


class PlaybookTask(Cited):
    """Something to do in every rollout that needs it: once, or for each site, use case, audience.

    Without `duration_days` or `elapsed_days` it takes its role as long as its effort lasts.
    `elapsed_days` counts calendar days, as the law does; `starts` and `ends` name facts that date
    it, and with `starts` alone it may begin from then on. What `launches` opens the network to the
    staff of its site.
    """

    model_config = ConfigDict(json_schema_extra=_task_form)

    role: Identifier
    per: Per = "programme"
    effort_days: Amount = 0.0
    effort_per_100_people: Amount = 0.0
    effort_at_most: Amount | None = None
    duration_days: AtLeastOne | None = None
    elapsed_days: AtLeastOne | None = None
    starts: Text | None = None
    ends: Text | None = None
    after: Listed[Predecessor] = ()
    launches: bool = False
    legal: bool = False
    applies_when: Listed[Condition] = ()
    applies_when_any: Listed[Condition] = ()
    countries: Listed[Country] = ()
    not_countries: Listed[Country] = ()
    unless: Listed[Text] = ()
    carries_out: Listed[Identifier] = ()
    document: Identifier | None = None


class Criterion(Cited):
    """What a gate asks, fixed before: the evidence of a measure, or an open gate of the verdict."""

    model_config = ConfigDict(json_schema_extra=_criterion_form)

    basis: Basis
    kpi: Identifier | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    gate: Identifier | None = None


class PhaseGate(Entry):
    """The decision that closes a phase and opens what waits for it.

    It comes after the tasks it names, and after the actions of factors that stand in its phase.
    """

    per: ClassVar[Per] = "programme"

    role: Identifier
    after: Listed[Predecessor] = ()
    criteria: Annotated[Listed[Criterion], Field(min_length=1)]
    document: Identifier | None = None


class Phase(Sourced):
    """A stretch of the rollout; `opens_after` is what its tasks wait for when they name nothing."""

    kind: Literal["phase"]
    opens_after: Listed[Predecessor] = ()
    tasks: Listed[PlaybookTask] = ()
    gate: PhaseGate | None = None

    @property
    def waiting(self) -> tuple[PlaybookTask | PhaseGate, ...]:
        """What can wait and be waited for: the tasks, then the gate."""
        return (*self.tasks, *filter(None, [self.gate]))

    def after(self, entry: PlaybookTask | PhaseGate) -> tuple[Predecessor, ...]:
        """Return what a task or the gate of the phase waits for."""
        return entry.after or (() if entry is self.gate else self.opens_after)


class Role(Entry):
    """Who does tasks.

    With `team`, it is that role of the organisation's team, and holds only so much; `people` and
    `days_per_week` are what a plan assumes when the organisation does not tell. Without, it is
    somebody whose days are not counted, such as the sponsor.
    """

    team: TeamRole | None = None
    people: Amount | None = None
    days_per_week: Amount | None = None


class Audience(Entry):
    """Staff who have something in common, and need messages or training of their own."""

    applies_when: Listed[Condition] = ()


class Measurement(Cited):
    """A measure of the rollout; `baseline` names the fact that tells where it stands before."""

    frequency: Frequency
    unit: Literal["share", "count", "number", "months"]
    target: Number | None = None
    basis: Basis
    baseline: Text | None = None
    owner: Identifier


class Risk(Cited):
    """What may go wrong; with `indicators`, only while one of them may leave something to do."""

    probability: Grade
    impact: Grade
    owner: Identifier
    indicators: Listed[Identifier] = ()


class Decision(Entry):
    """What somebody has to decide before a task can start."""

    role: Identifier
    before: Identifier | None = None


class Cost(Entry):
    """A line of the budget: a quantity that the plan gives, and a price that it does not."""

    model_config = ConfigDict(json_schema_extra=_cost_form)

    quantity: Quantity
    role: Identifier | None = None


class Spread(Block):
    """How far durations may differ from the plan: a triangular distribution of multiples."""

    least: Multiple
    likely: Multiple
    most: Multiple


class RolloutDefaults(Block):
    """What a plan goes by when nobody says otherwise; all of it is our judgement or is sourced."""

    phase: Identifier
    role: Identifier
    ambassador_share: Share
    pilot_days: AtLeastOne
    budget_months: AtLeastOne
    spread: Spread


class RolloutFile(Block):
    """What ``rollout.yaml`` says; `phases` gives their order."""

    kind: Literal["rollout"]
    phases: Listed[Identifier] = ()
    roles: Listed[Role] = ()
    audiences: Listed[Audience] = ()
    documents: Listed[Identifier] = ()
    kpis: Listed[Measurement] = ()
    risks: Listed[Risk] = ()
    decisions: Listed[Decision] = ()
    budget: Listed[Cost] = ()
    defaults: RolloutDefaults | None = None


class TaskTexts(Block):
    """What one language says of a task; the name of what it is repeated for is added to it."""

    title: Text
    why: Text


class PhaseGateTexts(Block):
    """What one language says of a gate between phases, and of each of its criteria."""

    name: Text
    why: Text
    criteria: dict[Identifier, Text]


class PhaseTexts(Block):
    """What one language says of a phase."""

    kind: Literal["phase-texts"]
    name: Text
    why: Text
    tasks: dict[Identifier, TaskTexts] = Field(default_factory=dict)
    gate: PhaseGateTexts | None = None


class MeasurementTexts(Block):
    """What one language says of a measure: a definition that can be counted."""

    name: Text
    numerator: Text
    denominator: Text
    source: Text
    why: Text


class RiskTexts(Block):
    """What one language says of a risk: how it shows, and what is done about it."""

    name: Text
    trigger: Text
    response: Text
    why: Text


class DecisionTexts(Block):
    """What one language says of a decision: the question, and what speaks for each answer."""

    question: Text
    why: Text


class CostTexts(Block):
    """What one language says of a line of the budget, and how its quantity is found."""

    name: Text
    hypothesis: Text


class RolloutTexts(Block):
    """What one language says of what all phases share."""

    kind: Literal["rollout-texts"]
    roles: dict[Identifier, Text] = Field(default_factory=dict)
    audiences: dict[Identifier, Text] = Field(default_factory=dict)
    documents: dict[Identifier, Text] = Field(default_factory=dict)
    kpis: dict[Identifier, MeasurementTexts] = Field(default_factory=dict)
    risks: dict[Identifier, RiskTexts] = Field(default_factory=dict)
    decisions: dict[Identifier, DecisionTexts] = Field(default_factory=dict)
    budget: dict[Identifier, CostTexts] = Field(default_factory=dict)
