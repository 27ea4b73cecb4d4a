"""A small playbook of three phases, which is planned in no time, and other editions of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import yaml
from builders import core

from rse_plan.playbook import Playbook
from rse_plan.playbook.rollout import (
    CostTexts,
    DecisionTexts,
    MeasurementTexts,
    Phase,
    PhaseGateTexts,
    PhaseTexts,
    PlaybookTask,
    RiskTexts,
    RolloutDefaults,
    RolloutFile,
    RolloutTexts,
    TaskTexts,
)

_PHASES = """
- id: scoping
  tasks:
  - {id: find-top-sponsor, role: lead, effort_days: 3, duration_days: 20}
  - {id: map-stakeholders, role: lead, effort_days: 3, duration_days: 15}
  - {id: write-note, role: lead, effort_days: 9, duration_days: 15}
  - id: obtain-means
    role: lead
    effort_days: 5
    duration_days: 20
    after: [{task: find-top-sponsor}, {task: write-note}]
  - id: define-kpis
    role: lead
    effort_days: 3
    duration_days: 15
    after: [{task: write-note}]
  - id: open-risk-register
    role: lead
    effort_days: 2
    duration_days: 10
    after: [{task: map-stakeholders}]
  - {id: list-legal-steps, role: legal, effort_days: 2, duration_days: 10, legal: true}
  gate:
    id: scoping-decided
    role: sponsor
    after:
    - {task: obtain-means}
    - {task: write-note}
    - {task: define-kpis}
    - {task: open-risk-register}
    - {task: list-legal-steps}
    criteria: [{id: sponsor-there, basis: judgement}, {id: means-there, basis: judgement}]
- id: piloting
  opens_after: [{task: scoping-decided}]
  tasks:
  - {id: run-pilot, role: animator, effort_days: 20, elapsed_days: 90, starts: pilot.start,
     ends: pilot.end}
  - {id: collect-feedback, role: animator, effort_days: 8, duration_days: 30}
  - {id: revise-support, role: trainer, effort_days: 3, duration_days: 10,
     after: [{task: run-pilot}, {task: collect-feedback}]}
  gate:
    id: pilot-go
    role: sponsor
    after: [{task: run-pilot}, {task: collect-feedback}]
    criteria: [{id: pilot-used, kpi: staff-reached, at_least: 0.5, basis: judgement}]
- id: deployment
  opens_after: [{task: pilot-go}]
  tasks:
  - {id: write-site-kit, role: lead, effort_days: 4, duration_days: 15,
     after: [{task: scoping-decided}]}
  - {id: meet-director, per: site, role: lead, effort_days: 1, duration_days: 2,
     after: [{task: scoping-decided}], unless: [director_met]}
  - {id: meet-hr, per: site, role: lead, effort_days: 1, duration_days: 2,
     after: [{task: meet-director}], unless: [hr_met]}
  - {id: local-legal-check, per: site, role: legal, effort_days: 1, duration_days: 10, legal: true,
     after: [{task: scoping-decided}], not_countries: [FR]}
  - {id: prepare-site, per: site, role: animator, effort_days: 5, duration_days: 10,
     after: [{task: meet-hr}, {task: write-site-kit}, {task: pilot-go}]}
  - {id: train-site, per: site, role: trainer, effort_days: 1, effort_per_100_people: 1,
     effort_at_most: 10, after: [{task: prepare-site}, {task: revise-support}]}
  - {id: launch-site, per: site, role: animator, effort_days: 1, duration_days: 1, launches: true,
     after: [{task: pilot-go}, {task: train-site}, {task: local-legal-check}]}
  - {id: follow-up-site, per: site, role: animator, effort_days: 5, duration_days: 20,
     after: [{task: launch-site, within_days: 10}]}
  - {id: learn-from-first-sites, role: lead, effort_days: 2, duration_days: 5,
     after: [{task: follow-up-site, where: headquarters}]}
  gate:
    id: deployed
    role: sponsor
    after: [{task: follow-up-site}, {task: learn-from-first-sites}]
    criteria: [{id: all-sites-met, basis: judgement}]
"""
_REST = """
roles:
- {id: lead, team: project-lead, people: 1, days_per_week: 5}
- {id: animator, team: community-manager, people: 1, days_per_week: 5}
- {id: trainer, team: trainer, people: 1, days_per_week: 4}
- {id: sponsor}
- {id: legal}
kpis:
- {id: staff-reached, frequency: monthly, unit: share, target: 1, basis: judgement, owner: lead}
- {id: sites-met, frequency: monthly, unit: share, basis: judgement, owner: lead}
risks:
- {id: no-sponsor, probability: medium, impact: high, owner: lead}
- {id: no-time, probability: low, impact: high, owner: lead}
decisions:
- {id: decide-means, role: sponsor, before: obtain-means}
- {id: decide-outcome, role: sponsor, before: launch-site}
budget:
- {id: cost-trainers, quantity: role-days, role: trainer}
- {id: cost-accounts, quantity: accounts}
"""


@cache
def small() -> Playbook:
    """Return the first edition."""
    rest = yaml.safe_load(_REST)
    phases = tuple(
        Phase.model_validate({"kind": "phase", **one}) for one in yaml.safe_load(_PHASES)
    )
    said = RolloutFile.model_validate({"kind": "rollout", **rest})
    return replace(
        core(),
        name="small",
        version="1.0.0",
        factors=tuple(one.model_copy(update={"actions": ()}) for one in core().factors),
        phases=phases,
        roles=said.roles,
        kpis=said.kpis,
        risks=said.risks,
        decisions=said.decisions,
        budget=said.budget,
        audiences=(),
        documents=(),
        rollout_defaults=RolloutDefaults.model_validate(
            {
                "phase": "scoping", "role": "lead", "ambassador_share": 0.1, "pilot_days": 90,
                "budget_months": 12, "spread": {"least": 0.8, "likely": 1, "most": 2},
            }
        ),
        phase_texts={one.id: _texts(one) for one in phases},
        rollout_texts=RolloutTexts(
            kind="rollout-texts",
            roles=_worded(said.roles),
            kpis={
                one: MeasurementTexts(
                    name=word, numerator="n", denominator="d", source="s", why="because"
                )
                for one, word in _worded(said.kpis).items()
            },
            risks={
                one: RiskTexts(name=word, trigger="t", response="r", why="because")
                for one, word in _worded(said.risks).items()
            },
            decisions={
                one: DecisionTexts(question=f"{word}?", why="because")
                for one, word in _worded(said.decisions).items()
            },
            budget={
                one: CostTexts(name=word, hypothesis="h")
                for one, word in _worded(said.budget).items()
            },
        ),
    )  # fmt: skip


def _worded(entries: Any) -> dict[str, str]:
    return {one.id: one.id.replace("-", " ").capitalize() for one in entries}


def _texts(phase: Phase) -> PhaseTexts:
    gate = phase.gate
    return PhaseTexts(
        kind="phase-texts",
        name=phase.id.capitalize(),
        why="because: of that",
        tasks={
            one: TaskTexts(
                title=word,
                why=f"{word} has reasons, as articles say, that take two lines " * 2,
            )
            for one, word in _worded(phase.tasks).items()
        },
        gate=PhaseGateTexts(name=gate.id, why="because", criteria=_worded(gate.criteria))
        if gate
        else None,
    )


def with_tasks(book: Playbook, change: Callable[[PlaybookTask], PlaybookTask | None]) -> Playbook:
    """Change each task, or leave it out."""
    phases = tuple(
        phase.model_copy(update={"tasks": tuple(filter(None, map(change, phase.tasks)))})
        for phase in book.phases
    )
    return replace(book, phases=phases)


def without_task(book: Playbook, name: str) -> Playbook:
    return with_tasks(book, lambda task: None if task.id == name else task)


def reworded(book: Playbook, name: str, title: str) -> Playbook:
    """Give a task another title."""
    texts: Mapping[str, PhaseTexts] = {
        phase: said.model_copy(
            update={
                "tasks": {
                    one: words.model_copy(update={"title": title} if one == name else {})
                    for one, words in said.tasks.items()
                }
            }
        )
        for phase, said in book.phase_texts.items()
    }
    return replace(book, phase_texts=texts)


def moved(book: Playbook, name: str, phase: str) -> Playbook:
    """Put a task under another phase."""
    task, words = book.tasks[name], book.task_texts(name)
    left = without_task(book, name)
    said = left.phase_texts[phase]
    texts = said.model_copy(update={"tasks": {**said.tasks, name: words}})
    phases = tuple(
        one.model_copy(update={"tasks": (*one.tasks, task)}) if one.id == phase else one
        for one in left.phases
    )
    return replace(left, phases=phases, phase_texts={**left.phase_texts, phase: texts})
