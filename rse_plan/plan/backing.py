"""What a plan stands on beside its tasks: decisions, legal steps, measures, risks, budget."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from rse_plan.assessment.standing import LOW
from rse_plan.plan.given import Given
from rse_plan.plan.model import (
    Budget,
    BudgetLine,
    Decision,
    Kpi,
    LegalStep,
    Risk,
    Task,
    Wave,
    Wish,
)
from rse_plan.plan.places import wanted
from rse_plan.plan.tasks import Node, applies, concerns, spared, unmet
from rse_plan.plan.timetable import END
from rse_plan.playbook.rollout import Cost, Measurement, PlaybookTask

# What tells who the employer is, and how many staff there are where.
_ON_EMPLOYER = {"employer", "headcount", "countries", "sites"}


def decisions(given: Given, made: Sequence[Node]) -> Iterator[Decision]:
    """List what is to be decided before tasks that are still to do."""
    for one in given.playbook.decisions:
        waiting = [node.key for node in made if _is_of(node, one.before)]
        if one.before is None or waiting:
            texts = given.playbook.rollout_texts.decisions[one.id]
            yield Decision(
                id=one.id,
                question=texts.question,
                role=one.role,
                before=next(iter(waiting), None),
                why=texts.why,
            )


def _is_of(node: Node, template: str | None) -> bool:
    return template is not None and node.key.rpartition(".")[2] == template


def wishes(given: Given, made: Sequence[Node], opened: Sequence[Wave]) -> Iterator[Wish]:
    """List the dates that somebody has announced: of tasks, waves and sites, and the deadline."""
    dated: dict[str, Wish] = {}
    for phase in given.playbook.phases:
        for task in phase.tasks:
            day = given.organisation.fact(task.starts).value if task.starts else None
            if task.starts and day and any(node.key == task.id and node.task for node in made):
                texts = given.playbook.phase_texts[phase.id].tasks[task.id]
                dated.setdefault(task.starts, _wish(task.id, texts.title, day, given))
    yield from dated.values()
    said = {wave.id: wave.start.value for wave in given.organisation.roadmap.waves.low or ()}
    for wave in opened:
        if day := said.get(wave.id):
            yield _wish(wave.id, wave.name, day, given)
    for node in made:
        if node.task and node.task.not_after and node.place:
            yield _wish(node.key, node.place.name, node.task.not_after, given, "plan.wish_latest")
    if deadline := given.settings.deadline:
        yield _wish(END, given.organisation.name, deadline, given, "plan.wish_end")


def _wish(about: str, name: str, day: date, given: Given, words: str = "plan.wish") -> Wish:
    text = given.language(words, name=name, date=given.language.date(day))
    return Wish(id=f"wish.{about.replace('.', '-')}", text=text, about=about, wanted=day)


def legal_steps(given: Given, made: Sequence[Node]) -> Iterator[LegalStep]:
    """List what the law asks for: to do, proven, or not called for."""
    for phase in given.playbook.phases:
        for task in phase.tasks:
            if task.legal:
                found = [node.key for node in made if _is_of(node, task.id)]
                yield _legal_step(task, phase.id, found, given)


def _legal_step(task: PlaybookTask, phase: str, found: Sequence[str], given: Given) -> LegalStep:
    texts = given.playbook.phase_texts[phase].tasks[task.id]
    title, times = texts.title, len(found)
    if times and task.per == "site":
        title = given.language("plan.legal.sites", count=times, number=times, title=title)
    reason = None if found else _not_called_for(task, given)
    return LegalStep(
        id=task.id,
        title=title,
        role=task.role,
        task=task.id if task.id in found else None,
        evidence=None if found or reason else _evidence(task, given),
        not_applicable=reason,
        why=texts.why,
        sources=task.sources,
    )


def _not_called_for(task: PlaybookTask, given: Given) -> str | None:
    """Say why a step does not apply, in the organisation's words where it gives the reason."""
    facts = [given.organisation.fact(path) for path in task.unless if task.per == "programme"]
    reasons = [fact.not_applicable for fact in facts]
    if not (reasons and all(reasons)):
        reasons = [spared(test, given) for test in unmet(task, given)]
    return next(filter(None, reasons), None) or _excluded(task, given)


def _excluded(task: PlaybookTask, given: Given) -> str | None:
    """Say what the facts, of the employer or others, exclude a step by; None when they do not."""
    paths = [test.measure.paths for test in unmet(task, given)]
    if not paths:
        return None if _somewhere(task, given) else given.language("plan.legal.nowhere")
    if any(_of_employer(those) for those in paths):
        return given.language("plan.legal.not_concerned")
    if title := _stand_in(task, given):
        return given.language("plan.legal.replaced", title=title)
    facts = given.language.listed(path for those in paths for path in those)
    return given.language("plan.legal.excluded", facts=facts)


def _of_employer(paths: Iterable[str]) -> bool:
    return {path.partition(".")[0] for path in paths} <= _ON_EMPLOYER


def _somewhere(task: PlaybookTask, given: Given) -> bool:
    return task.per != "site" or any(concerns(task, place) for place in given.places)


def _stand_in(task: PlaybookTask, given: Given) -> str | None:
    """Return the title of another step that settles the same, by the same facts."""
    for name, other in given.playbook.tasks.items():
        alike = (other.unless, other.carries_out) == (task.unless, task.carries_out)
        if alike and other.legal and task.unless and applies(other, given) is not False:
            return given.playbook.task_texts(name).title
    return None


def _evidence(task: PlaybookTask, given: Given) -> str:
    """Say what proves that a step is done already, as far as it is said."""
    facts = [given.organisation.fact(path) for path in task.unless if task.per == "programme"]
    sources = [fact.source for fact in facts if fact.source]
    return next(iter(sources), given.language("plan.legal.stated"))


def kpis(given: Given) -> Iterator[Kpi]:
    """List the measures of the rollout, then those of the use cases."""
    for one in given.playbook.kpis:
        yield _kpi(one, given)
    for case in given.use_cases:
        if case.kpi:
            yield Kpi(
                id=f"{case.id}.kpi",
                name=case.kpi.name,
                source=case.kpi.result.source or case.kpi.baseline.source,
                frequency="monthly",
                unit=case.kpi.unit,
                baseline=case.kpi.baseline.value,
                target=case.kpi.target.value,
                owner=case.owner.value if case.owner.value != "none" else None,
                why=given.language("plan.why.use_case", title=case.title),
            )


def _kpi(one: Measurement, given: Given) -> Kpi:
    texts = given.playbook.rollout_texts.kpis[one.id]
    baseline = given.organisation.fact(one.baseline).value if one.baseline else None
    return Kpi(
        id=one.id,
        name=texts.name,
        numerator=texts.numerator,
        denominator=texts.denominator,
        source=texts.source,
        frequency=one.frequency,
        unit=one.unit,
        baseline=None if baseline is None else float(baseline),
        target=one.target,
        basis=one.basis,
        owner=given.playbook.rollout_texts.roles[one.owner],
        why=texts.why,
        sources=one.sources,
    )


def risks(given: Given) -> Iterator[Risk]:
    """List what may go wrong as long as something is, or may be, missing."""
    for one in given.playbook.risks:
        found = [given.standing.values[name] for name in one.indicators]
        if one.indicators and all(value is None or value[LOW] >= 1 for value in found):
            continue
        texts = given.playbook.rollout_texts.risks[one.id]
        yield Risk(
            id=one.id,
            name=texts.name,
            probability=one.probability,
            impact=one.impact,
            owner=one.owner,
            trigger=texts.trigger,
            response=texts.response,
            why=texts.why,
            sources=one.sources,
        )


def budget(given: Given, tasks: Sequence[Task]) -> Budget | None:
    """List what is to be paid, in quantities; the prices are for the plan's readers to fill in."""
    defaults = given.playbook.rollout_defaults
    if defaults is None:
        return None
    texts = given.playbook.rollout_texts.budget
    months = defaults.budget_months
    return Budget(
        months=months,
        granted=given.organisation.means.budget.value,
        lines=tuple(
            BudgetLine(
                id=one.id,
                name=texts[one.id].name,
                quantity=_quantity(one, given, tasks, months),
                unit=one.quantity,
                hypothesis=texts[one.id].hypothesis,
            )
            for one in given.playbook.budget
        ),
    )


def _quantity(cost: Cost, given: Given, tasks: Sequence[Task], months: int) -> float | None:
    """Return how much of something the plan takes; None when nobody can tell yet."""
    if cost.quantity == "role-months":
        return _people(cost, given) * months
    if cost.quantity == "ambassador-days":
        days = given.organisation.ambassadors.days_per_month.value
        return None if days is None else _ambassadors(given) * days * months
    quantities: Mapping[str, float | None] = {
        "accounts": given.organisation.headcount.low,
        "role-days": sum(task.effort_days for task in tasks if task.role == cost.role),
        "sites": len(given.places),
        "documents": len({task.document for task in tasks if task.document}),
        "lump-sum": 1,
    }
    return quantities[cost.quantity]


def _people(cost: Cost, given: Given) -> float:
    role = given.roles.get(cost.role or "")
    return (role.people or 0.0) if role else 0.0


def _ambassadors(given: Given) -> int:
    staff = sum(place.headcount or 0 for place in given.places)
    return wanted(staff, given.settings.ambassador_share)
