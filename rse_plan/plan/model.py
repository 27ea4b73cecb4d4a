"""What ``plan.yaml`` says: settings, phases, sites, tasks, gates, and what they stand on.

The file is generated, then edited by people. It holds all that its dates depend on (tasks, team,
calendars, settings), so that it can be checked and scheduled again by itself. Dates include both
ends. Ids are stable: a task that is repeated is named after what it is repeated for, such as
``lyon.train-site``.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Literal, NamedTuple, get_args

from pydantic import Field

from rse_plan.organisation.fact import Amount, Count, Date, Listed, Named, Number, Share, Text
from rse_plan.organisation.model import Absence, Block, Country, Identifier, Period, Weekday
from rse_plan.playbook.model import Basis, Version
from rse_plan.playbook.rollout import Frequency, Grade, Quantity, Spread

TaskId = Annotated[
    str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)?$"), Named("TaskId")
]
Order = Literal["headquarters-first", "zones"]
Goal = Literal["reach", "critical-mass", "end"]
Status = Literal["planned", "started", "done", "cancelled"]
# Why nobody can be sure of a published calendar: there is none, its feasts depend on the moon, or
# days of some weekends are worked instead of holidays, which is announced late.
Doubt = Literal["unpublished", "lunar", "make-up"]

GOALS: tuple[Goal, ...] = get_args(Goal)


def first(goal: Goal) -> tuple[Goal, ...]:
    """Return all goals with one of them before the others."""
    return (goal, *(other for other in GOALS if other != goal))


class Settings(Block):
    """How the plan is scheduled; change it and update the plan.

    `objective` lists what matters, the first most: people reached early, half of the staff reached
    early, an early end. On `status_date` the plan was last brought up to date with the work.
    """

    start: Date
    deadline: Date | None = None
    status_date: Date | None = None
    order: Order = "headquarters-first"
    objective: Annotated[Listed[Goal], Field(min_length=1)] = GOALS
    ambassador_share: Share
    spread: Spread
    seed: Count = 1


class Origin(Block):
    """What the plan was generated from, so that `plan --check` sees when it has moved on."""

    organisation_as_of: Date
    organisation_digest: Text
    playbook: Identifier
    playbook_version: Version
    generation: Text


class Assumption(Block):
    """What the plan takes for granted because nobody said it, and the question that settles it."""

    id: TaskId
    text: Text
    question: Text | None = None
    fact: Text | None = None


class Decision(Block):
    """What somebody has to decide, before which task and so by when, and what came of it."""

    id: Identifier
    question: Text
    role: Identifier
    before: TaskId | None = None
    due: Date | None = None
    choice: Text | None = None
    decided_on: Date | None = None
    why: Text


class Wish(Block):
    """A date that somebody announced for a task, a gate or a wave, and whether the plan keeps it.

    `planned` is what the plan comes to; later than `wanted`, the wish is missed.
    """

    id: TaskId
    text: Text
    about: TaskId
    wanted: Date
    planned: Date | None = None


class Lag(Block):
    """The calendar days that lie, or may lie, between the end of what is waited for and a start."""

    id: TaskId
    least_days: Count = 0
    most_days: Count | None = None


class Task(Block):
    """Something to do.

    `duration_days` are working days where it is done, `elapsed_days` calendar days. It starts
    after the tasks and gates in `after` have ended; `lags` say how long after some of them. A start
    or an end that somebody changed is kept; `actual_start` and `actual_end` are what happened.
    `confirm` asks whether it is needed at all.
    """

    id: TaskId
    title: Text
    phase: Identifier | None = None
    role: Identifier | None = None
    owner: Text | None = None
    status: Status = "planned"
    start: Date | None = None
    end: Date | None = None
    actual_start: Date | None = None
    actual_end: Date | None = None
    effort_days: Amount = 0.0
    duration_days: Count | None = None
    elapsed_days: Count | None = None
    after: Listed[TaskId] = ()
    lags: Listed[Lag] = ()
    not_before: Date | None = None
    not_after: Date | None = None
    launches: bool = False
    document: Identifier | None = None
    confirm: Text | None = None
    note: Text | None = None
    why: Text | None = None
    sources: Listed[Identifier] = ()


class Criterion(Block):
    """What a gate asks, fixed beforehand; `evidence` and `met` are filled in when it is decided.

    It asks for a value of a measure, `kpi`, or for an open gate of the verdict, `gate`.
    """

    id: TaskId
    text: Text
    kpi: Identifier | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    gate: Identifier | None = None
    basis: Basis | None = None
    evidence: Text | None = None
    evidence_date: Date | None = None
    met: bool | None = None
    sources: Listed[Identifier] = ()


class Gate(Block):
    """A decision that closes a phase; what waits for it names its id under `after`."""

    id: Identifier
    name: Text
    role: Identifier | None = None
    owner: Text | None = None
    date: Date | None = None
    after: Listed[TaskId] = ()
    lags: Listed[Lag] = ()
    decision: Literal["pending", "go", "conditional-go", "no-go"] = "pending"
    decided_on: Date | None = None
    criteria: Listed[Criterion] = ()
    document: Identifier | None = None
    why: Text | None = None


class Forecast(Block):
    """When something ends in half, and in four fifths, of the draws of uncertain durations."""

    p50: Date
    p80: Date


class Phase(Block):
    """A stretch of the rollout; `by_site` says that its tasks stand under the sites."""

    id: Identifier
    name: Text
    start: Date | None = None
    end: Date | None = None
    forecast: Forecast | None = None
    by_site: bool = False
    why: Text | None = None
    tasks: Listed[Task] = ()
    gate: Gate | None = None


class Ambassadors(Block):
    """How many ambassadors a place needs, by profile; `connected` have a computer at work."""

    target: Count
    connected: Count | None = None
    field: Count | None = None


class AmbassadorNetwork(Block):
    """The ambassadors of the whole: the target, the documented band, and those named already."""

    share: Share
    target: Count
    documented_low: Count
    documented_high: Count
    named: Count | None = None
    why: Text


class Wave(Block):
    """Sites that open together, in the order of the rollout."""

    id: Identifier
    name: Text
    sites: Listed[Identifier] = ()
    headcount: Count | None = None
    start: Date | None = None
    end: Date | None = None
    why: Text | None = None


class Site(Block):
    """A place of work and its mini-project."""

    id: Identifier
    name: Text
    country: Country | None = None
    calendar: Identifier
    zone: Text | None = None
    language: Text | None = None
    headquarters: bool = False
    headcount: Count | None = None
    lead: Text | None = None
    ambassadors: Ambassadors | None = None
    blackouts: Listed[Period] = ()
    tasks: Listed[Task] = ()


class Kpi(Block):
    """A measure that can be counted: what over what, from where, how often, and the aim."""

    id: TaskId
    name: Text
    numerator: Text | None = None
    denominator: Text | None = None
    source: Text | None = None
    frequency: Frequency
    unit: Text | None = None
    baseline: Number | None = None
    target: Number | None = None
    basis: Basis | None = None
    owner: Text | None = None
    why: Text | None = None
    sources: Listed[Identifier] = ()


class Risk(Block):
    """What may go wrong, how it shows, and what is done about it."""

    id: Identifier
    name: Text
    probability: Grade
    impact: Grade
    owner: Identifier
    trigger: Text
    response: Text
    why: Text | None = None
    sources: Listed[Identifier] = ()


class LegalStep(Block):
    """A step that the law asks for: its task, its proof, or why it is not due."""

    id: Identifier
    title: Text
    role: Identifier
    task: TaskId | None = None
    due: Date | None = None
    evidence: Text | None = None
    not_applicable: Text | None = None
    why: Text
    sources: Listed[Identifier] = ()


class BudgetLine(Block):
    """A quantity that the plan gives, and the price of one, which is for its readers to fill in."""

    id: Identifier
    name: Text
    quantity: Amount | None = None
    unit: Quantity
    unit_cost: Amount | None = None
    hypothesis: Text


class Budget(Block):
    """What it costs, line by line; `granted` is what the organisation says it has."""

    months: Count
    granted: Amount | None = None
    lines: Listed[BudgetLine] = ()


class RoleOnTeam(Block):
    """A role; with `people`, it holds only so much."""

    id: Identifier
    name: Text
    people: Amount | None = None
    days_per_week: Amount | None = None
    absences: Listed[Absence] = ()


class Calendar(Block):
    """The days on which nobody works in a place: the weekend, and single days.

    On `days_worked`, which lie in weekends, people work all the same. `doubts` say why it may be
    wrong; none are said of what the organisation told of its own days.
    """

    id: Identifier
    doubts: Listed[Doubt] = ()
    weekend: Listed[Weekday] = ()
    days_off: Listed[Date] = ()
    days_worked: Listed[Date] = ()


class Placed(NamedTuple):
    """A task with the phase and the site that it belongs to."""

    task: Task
    phase: str | None
    site: Site | None


class Plan(Block):
    """A rollout: what happens, when, where, by whom, and when the next phase may open."""

    kind: Literal["plan"]
    organisation: Text
    invented: bool = False
    language: Text
    made_from: Origin
    settings: Settings
    forecast: Forecast | None = None
    assumptions: Listed[Assumption] = ()
    decisions: Listed[Decision] = ()
    wishes: Listed[Wish] = ()
    phases: Listed[Phase] = ()
    waves: Listed[Wave] = ()
    sites: Listed[Site] = ()
    ambassadors: AmbassadorNetwork | None = None
    legal_steps: Listed[LegalStep] = ()
    kpis: Listed[Kpi] = ()
    risks: Listed[Risk] = ()
    budget: Budget | None = None
    roles: Listed[RoleOnTeam] = ()
    closures: Listed[Period] = ()
    calendars: Listed[Calendar] = ()

    def changed(self, **changes: object) -> "Plan":
        """Return a copy with other values, and nothing kept of what was found in this one."""
        said = {name: getattr(self, name) for name in Plan.model_fields}
        return Plan.model_construct(**said | changes)

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """Every task that is not cancelled, those of the phases first."""
        return tuple(one for one in self._placed() if one.task.status != "cancelled")

    def _placed(self) -> Iterator[Placed]:
        for phase in self.phases:
            for task in phase.tasks:
                yield Placed(task, task.phase or phase.id, None)
        by_site = next((phase.id for phase in self.phases if phase.by_site), None)
        for site in self.sites:
            for task in site.tasks:
                yield Placed(task, task.phase or by_site, site)

    @cached_property
    def gates(self) -> tuple[Gate, ...]:
        """The gates of the phases, in their order."""
        return tuple(phase.gate for phase in self.phases if phase.gate)

    @cached_property
    def missed_wishes(self) -> tuple[Wish, ...]:
        """The announced dates that the plan does not keep."""
        return tuple(one for one in self.wishes if one.planned and one.planned > one.wanted)

    @cached_property
    def waits(self) -> Mapping[str, tuple[str, ...]]:
        """What each task and gate waits for, by its id."""
        tasks = {one.task.id: one.task.after for one in self.placed}
        return tasks | {gate.id: gate.after for gate in self.gates}

    @cached_property
    def headquarters(self) -> Site | None:
        """The site that opens first; the first one when none says that it is the headquarters."""
        marked = (site for site in self.sites if site.headquarters)
        return next(marked, next(iter(self.sites), None))
