"""What has to be done: the playbook's tasks and gates, and the actions that close gaps.

Each is repeated for what it is repeated for, left out where it does not apply or is in place
already, and waits for what it has to wait for: who waits for something left out waits for what
that would have waited for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil, inf
from typing import Any

from rse_plan.assessment.advice import raised
from rse_plan.assessment.standing import HIGH
from rse_plan.organisation import Fact
from rse_plan.organisation.fact import Share
from rse_plan.organisation.model import Block, fact_at
from rse_plan.organisation.model import Site as SaidSite
from rse_plan.organisation.paths import fact_type
from rse_plan.plan.given import WEEK, Given
from rse_plan.plan.model import Criterion, Gate, RoleOnTeam, Task
from rse_plan.plan.places import Place, launch_limits
from rse_plan.plan.timetable import QUARTERS, days_there, working_days_for, working_days_in
from rse_plan.playbook.measures import FactMeasure
from rse_plan.playbook.model import Action, Condition
from rse_plan.playbook.rollout import Criterion as PlaybookCriterion
from rse_plan.playbook.rollout import Phase, PlaybookTask, Predecessor

_CALENDAR_WEEK = 7


@dataclass(frozen=True)
class Wait:
    """What has to have ended, and how many calendar days may or must lie between."""

    key: str
    least: int = 0
    most: int | None = None


@dataclass
class Node:
    """A task or a gate before it is known whether it appears, and what it waits for."""

    key: str
    phase: str
    waits: list[Wait] = field(default_factory=list)
    task: Task | None = None
    gate: Gate | None = None
    place: Place | None = None


def nodes(given: Given) -> list[Node]:
    """List the tasks and gates that appear, each with what it waits for."""
    made = {
        node.key: node for phase in given.playbook.phases for node in _phase_nodes(phase, given)
    }
    busy = {node.phase for node in made.values() if node.task}
    for node in made.values():
        if node.phase not in busy:
            node.gate = None
    places = {key: place for place, key in enumerate(made)}
    waits = {key: _resolved(key, made) for key, node in made.items() if _appears(node)}
    for key, resolved in waits.items():
        made[key].waits = sorted(resolved, key=lambda wait: places[wait.key])
    return [made[key] for key in waits]


def _appears(node: Node) -> bool:
    return node.task is not None or node.gate is not None


def _resolved(key: str, made: Mapping[str, Node]) -> list[Wait]:
    """Return what something waits for, through what does not appear."""
    found: dict[str, Wait] = {}
    seen: set[str] = set()
    left = list(made[key].waits)
    while left:
        wait = left.pop()
        node = made.get(wait.key)
        if node is None:
            continue
        if _appears(node):
            before = found.get(wait.key)
            least = max(wait.least, before.least if before else 0)
            found[wait.key] = Wait(wait.key, least, wait.most)
        elif wait.key not in seen:
            seen.add(wait.key)
            left += [Wait(one.key, max(one.least, wait.least)) for one in node.waits]
    return [*found.values()]


def _phase_nodes(phase: Phase, given: Given) -> Iterator[Node]:
    for task in phase.tasks:
        yield from _task_nodes(task, phase, given)
    actions = [one for one in _actions(given) if _phase_of(one, given) == phase.id]
    for action in actions:
        yield _action_node(action, phase, given)
    if phase.gate:
        texts = given.playbook.phase_texts[phase.id].gate
        if texts is None:
            raise KeyError(phase.gate.id)
        waits = [wait for one in phase.gate.after for wait in _waits(one, None, given)]
        asked = phase.gate.criteria
        gate = Gate(
            id=phase.gate.id,
            name=texts.name,
            role=phase.gate.role,
            criteria=tuple(_criterion(one, texts.criteria[one.id], given) for one in asked),
            document=phase.gate.document,
            why=texts.why,
        )
        yield Node(
            phase.gate.id, phase.id, [*waits, *(Wait(action.id) for action in actions)], gate=gate
        )


def _criterion(criterion: PlaybookCriterion, text: str, given: Given) -> Criterion:
    """Write down what a gate asks, and the proof where the assessment has it already."""
    passed = criterion.gate and given.standing.gates[criterion.gate] == "passed"
    evidence = given.language("plan.assessed", date=given.language.date(given.as_of))
    return Criterion(
        id=criterion.id,
        text=text,
        kpi=criterion.kpi,
        at_least=criterion.at_least,
        at_most=criterion.at_most,
        gate=criterion.gate,
        basis=criterion.basis,
        evidence=evidence if passed else None,
        evidence_date=given.as_of if passed else None,
        met=True if passed else None,
        sources=criterion.sources,
    )


def _task_nodes(task: PlaybookTask, phase: Phase, given: Given) -> Iterator[Node]:
    after = task.after or phase.opens_after
    called_for = applies(task, given)
    wanted = called_for is not False and not _carried_out_already(task, given)
    for key, name, place, block in _instances(task, given):
        waits = [wait for one in after for wait in _waits(one, (task, key), given)]
        node = Node(_joined(key, task.id), phase.id, waits, place=place)
        if wanted and not _in_place(task, block, given) and concerns(task, place):
            node.task = _task(task, phase, node, name, given)
            # What comes with something that has begun waits for nothing any more.
            if _may_begin(task, given):
                node.waits = []
            if called_for is None and node.task.confirm is None:
                confirm = given.language("plan.confirm.applies")
                node.task = node.task.model_copy(update={"confirm": confirm})
        yield node


def _instances(
    task: PlaybookTask, given: Given
) -> list[tuple[str | None, str | None, Place | None, Block]]:
    """List what a task is repeated for: its key, its name, its site, and the facts of it."""
    if task.per == "site":
        return [
            (place.id, None, place, place.said or SaidSite(id=place.id, name=place.name))
            for place in given.places
        ]
    if task.per == "use-case":
        return [(one.id, one.title, None, one) for one in given.use_cases]
    if task.per == "audience":
        names = given.playbook.rollout_texts.audiences
        return [(one, names[one], None, given.organisation) for one in given.audiences]
    return [(None, None, None, given.organisation)]


def _joined(key: str | None, task: str) -> str:
    return task if key is None else f"{key}.{task}"


def _waits(
    after: Predecessor, waiting: tuple[PlaybookTask, str | None] | None, given: Given
) -> Iterator[Wait]:
    """Find the instances of a predecessor that a task has to wait for."""
    before = given.playbook.tasks.get(after.task)
    where = after.where or _usual_place(before, waiting)
    keys: Sequence[str | None] = [None]
    if where == "here" and waiting:
        keys = [waiting[1]]
    elif where == "headquarters":
        keys = [next(place.id for place in given.places if place.headquarters)]
    elif before:
        keys = [key for key, *_ in _instances(before, given)]
    for key in keys:
        yield Wait(_joined(key, after.task), after.wait_days, after.within_days)


def _usual_place(
    before: PlaybookTask | None, waiting: tuple[PlaybookTask, str | None] | None
) -> str:
    alike = before and waiting and before.per == waiting[0].per != "programme"
    return "here" if alike else "everywhere"


def applies(task: PlaybookTask, given: Given) -> bool | None:
    """Say whether a task is called for at all; None when the organisation does not tell."""
    if unmet(task, given):
        return False
    every = [_holds(test, given) for test in task.applies_when]
    some = [_holds(test, given) for test in task.applies_when_any]
    return None if None in every or (some and True not in some) else True


def unmet(task: PlaybookTask, given: Given) -> list[Condition]:
    """List the conditions that keep a task from being called for."""
    every = [test for test in task.applies_when if _holds(test, given) is False]
    some = [test for test in task.applies_when_any if _holds(test, given) is False]
    return [*every, *(some if len(some) == len(task.applies_when_any) else ())]


def _holds(test: Condition, given: Given) -> bool | None:
    """Say whether a condition holds; it does not for a fact that is said not to apply."""
    return False if spared(test, given) else test.holds(given.organisation, given.as_of)


def spared(test: Condition, given: Given) -> str | None:
    """Return why the fact that a condition is about does not apply, if it is said not to."""
    if not isinstance(test.measure, FactMeasure):
        return None
    return given.organisation.fact(test.measure.of).not_applicable


def concerns(task: PlaybookTask, place: Place | None) -> bool:
    """Say whether a task is due in a place, as far as its country is known."""
    if place is None or place.country is None:
        return True
    named = not task.countries or place.country in task.countries
    return named and place.country not in task.not_countries


def _carried_out_already(task: PlaybookTask, given: Given) -> bool:
    """Say whether a task would carry out nothing that is still to do."""
    return (
        task.per == "programme"
        and bool(task.carries_out)
        and not any(
            raised(given.standing, given.playbook.actions[name]) for name in task.carries_out
        )
    )


def _in_place(task: PlaybookTask, block: Block, given: Given) -> bool:
    """Say whether the facts that a task names tell that it is in place already."""
    return bool(task.unless) and all(
        says_in_place(fact_at(block, path), fact_type(type(block), path), given.as_of)
        for path in task.unless
    )


def says_in_place(fact: Fact[Any], kind: Any, as_of: date) -> bool:
    """Say whether a fact tells that something is done: a share has to be whole, a date past."""
    said = fact.low
    if said is None or said in ("none", False) or fact.state == "not_applicable":
        return fact.state == "not_applicable"
    if isinstance(said, date):
        return said <= as_of
    if isinstance(said, bool | str | tuple):
        return bool(said)
    return bool(said >= 1 if kind is Share else said > 0)


def _task(task: PlaybookTask, phase: Phase, node: Node, name: str | None, given: Given) -> Task:
    texts = given.playbook.phase_texts[phase.id].tasks[task.id]
    effort = _effort(task, node.place)
    days, elapsed = _length(task, effort, given)
    start = _start(task, given)
    has_begun = _has_begun(task, given)
    if elapsed is not None:
        effort = min(effort, _time_in(elapsed, given.roles.get(task.role)))
    earliest, latest = launch_limits(node.place) if node.place and task.launches else (None, None)
    return Task(
        id=node.key,
        title=texts.title
        if name is None
        else given.language("plan.of", title=texts.title, name=name),
        role=task.role,
        status="started" if has_begun else "planned",
        actual_start=start if has_begun else None,
        effort_days=effort,
        duration_days=days,
        elapsed_days=elapsed,
        not_before=earliest or (None if has_begun else start),
        not_after=latest,
        launches=task.launches,
        document=task.document,
        confirm=_to_confirm(task, given),
        why=texts.why,
        sources=task.sources,
    )


def _effort(task: PlaybookTask, place: Place | None) -> float:
    """Return the person-days of a task, by halves of a day."""
    hundreds = (place.headcount or 0) / 100 if place else 0.0
    effort = task.effort_days + task.effort_per_100_people * hundreds
    if task.effort_at_most is not None:
        effort = min(effort, task.effort_at_most)
    return ceil(2 * effort) / 2


def _length(task: PlaybookTask, effort: float, given: Given) -> tuple[int | None, int | None]:
    """Return the length of a task in working or in calendar days."""
    start = _start(task, given)
    end = given.organisation.fact(task.ends).value if task.ends else None
    if start is not None and end is not None and end >= start:
        return None, (end - start).days + 1
    if task.elapsed_days is not None:
        return None, task.elapsed_days
    return max(task.duration_days or 0, _least_days(effort, given.roles.get(task.role))), None


def _start(task: PlaybookTask, given: Given) -> date | None:
    """Return the day on which a task begins, or may begin, where a fact says so."""
    return given.organisation.fact(task.starts).value if task.starts else None


def _has_begun(task: PlaybookTask, given: Given) -> bool:
    """Say whether a task is what a fact says has begun: one whose end would be a fact too."""
    start = _start(task, given)
    return start is not None and task.ends is not None and start <= given.as_of


def _may_begin(task: PlaybookTask, given: Given) -> bool:
    """Say whether a task comes with something else that has begun."""
    start = _start(task, given)
    return start is not None and task.ends is None and start <= given.as_of


def _time_in(elapsed_days: int, role: RoleOnTeam | None) -> float:
    """Return the person-days that all of a role have in so many calendar days, by halves of a day.

    A span that facts give may be shorter than the playbook's effort takes.
    """
    if role is None or role.people is None:
        return inf
    return int(2 * role.people * days_there(working_days_in(elapsed_days), role)) / 2


def _least_days(effort: float, role: RoleOnTeam | None) -> int:
    """Return the working days in which one person, or all of a smaller team, can do it."""
    if role is None or not role.people or not role.days_per_week:
        return ceil(effort)
    people = min(1.0, int(role.people * QUARTERS) / QUARTERS)
    return working_days_for(effort / people, role) if people else ceil(effort)


def _to_confirm(task: PlaybookTask, given: Given) -> str | None:
    """Return the question that tells whether a task is needed, when that is not sure."""
    questions = [_open_question(given.playbook.actions[name], given) for name in task.carries_out]
    if task.per != "programme" or not questions or None in questions:
        return None
    return questions[0]


def _actions(given: Given) -> list[Action]:
    """List the actions that would raise something, and that no task carries out."""
    return [
        action
        for name, action in given.playbook.actions.items()
        if name not in given.carried_out and raised(given.standing, action)
    ]


def _phase_of(action: Action, given: Given) -> str | None:
    defaults = given.playbook.rollout_defaults
    return action.phase or (defaults.phase if defaults else None)


def _action_node(action: Action, phase: Phase, given: Given) -> Node:
    defaults = given.playbook.rollout_defaults
    role = action.role or (defaults.role if defaults else None)
    span = ceil(action.lead_time_days * WEEK / _CALENDAR_WEEK)
    effort = ceil(2 * action.effort_days) / 2
    days = max(1, span, _least_days(effort, given.roles.get(role or "")))
    texts = given.playbook.action_texts(action.id)
    task = Task(
        id=action.id,
        title=texts.title,
        role=role,
        effort_days=effort,
        duration_days=days,
        confirm=_open_question(action, given),
        why=given.playbook.indicator_texts(_first_gap(action, given)).gap,
        sources=action.sources,
    )
    waits = [wait for name in action.requires for wait in _requirement(name, given)]
    waits += [wait for one in phase.opens_after for wait in _waits(one, None, given)]
    return Node(action.id, phase.id, waits, task=task)


def _requirement(action: str, given: Given) -> Iterable[Wait]:
    """Find what carries out a required action: a task of its own, or those that name it."""
    if action not in given.carried_out:
        return [Wait(action)]
    return [
        Wait(_joined(key, task.id))
        for task in given.playbook.tasks.values()
        if action in task.carries_out
        for key, *_ in _instances(task, given)
    ]


def _first_gap(action: Action, given: Given) -> str:
    """Return the indicator that an action raises, one that is surely low if there is any."""
    found = raised(given.standing, action)
    return next((name for name in found if _is_sure(name, found[name], given)), next(iter(found)))


def _open_question(action: Action, given: Given) -> str | None:
    """Return the question that tells whether an action is needed; None when it surely is."""
    found = raised(given.standing, action)
    if not found or any(_is_sure(name, value, given) for name, value in found.items()):
        return None
    return given.playbook.indicator_texts(next(iter(found))).question


def _is_sure(indicator: str, value: float, given: Given) -> bool:
    """Say whether an indicator is surely below what an action would bring it to."""
    found = given.standing.values[indicator]
    return found is not None and found[HIGH] < value
