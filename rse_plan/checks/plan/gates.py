"""Gates: decided on evidence, after what they wait for, and before what waits for them."""

from collections.abc import Iterator

from rse_plan.checks.fault import Fault, fault
from rse_plan.checks.plan.outline import Item, Outline, told
from rse_plan.files import Location
from rse_plan.plan.model import Criterion, Gate


def _criteria(outline: Outline) -> Iterator[tuple[Item, Gate, Location, Criterion]]:
    for item in outline.gates:
        if item.gate:
            for index, criterion in enumerate(item.gate.criteria):
                yield item, item.gate, (*item.at, "criteria", index), criterion


def evidence_after_decision(outline: Outline) -> Iterator[Fault]:
    """Find evidence that was not there yet when the gate was decided."""
    for item, gate, where, criterion in _criteria(outline):
        found, decided = criterion.evidence_date, gate.decided_on
        if found and decided and found > decided:
            at, against = (*where, "evidence_date"), item.where("decided_on")
            yield fault(
                "evidence-after-decision", at, against, id=criterion.id, found=found, limit=decided
            )


def go_despite_criterion(outline: Outline) -> Iterator[Fault]:
    """Find a decision to go on without reserve although a criterion is not met."""
    for item, gate, where, criterion in _criteria(outline):
        if gate.decision == "go" and criterion.met is False:
            at, against = (*where, "met"), item.where("decision")
            yield fault("go-despite-criterion", at, against, id=criterion.id, gate=gate.id)


def go_without_evidence(outline: Outline) -> Iterator[Fault]:
    """Find a decision to go on that says of a criterion neither whether it is met nor why."""
    for item, gate, where, criterion in _criteria(outline):
        if gate.decision not in ("go", "conditional-go") or criterion.met is False:
            continue
        if criterion.met is None or criterion.evidence is None:
            at, against = (*where, *told(criterion, "met")), item.where("decision")
            key = "met" if criterion.met is None else "evidence"
            yield fault("go-without-evidence", at, against, id=criterion.id, gate=gate.id, key=key)


def decisions_without_date(outline: Outline) -> Iterator[Fault]:
    """Find gates and questions that are decided on no day, or on a day and not decided."""
    for item in outline.gates:
        if item.gate and (item.gate.decision == "pending") == (item.gate.decided_on is not None):
            key = "decided_on" if item.gate.decided_on is None else "decision"
            stated = "decision" if item.gate.decided_on is None else "decided_on"
            yield fault("half-decided", item.where(stated), id=item.id, key=key)
    for index, one in enumerate(outline.plan.decisions):
        if (one.choice is None) != (one.decided_on is None):
            key, stated = ("decided_on", "choice") if one.choice else ("choice", "decided_on")
            yield fault("half-decided", ("decisions", index, stated), id=one.id, key=key)


def decided_too_early(outline: Outline) -> Iterator[Fault]:
    """Find gates that were decided before all that they wait for had ended."""
    for item in outline.gates:
        if item.gate is None or not item.is_over:
            continue
        decided = item.gate.decided_on
        before = [outline.by_id[name] for name in item.gate.after if name in outline.by_id]
        open_still = [
            one
            for one in before
            if not one.is_over or (decided and one.last and one.last > decided)
        ]
        if open_still:
            yield fault(
                "decided-too-early",
                item.where("decided_on" if decided else "decision"),
                *(one.where(one.last_key if one.is_over else "status") for one in open_still),
                id=item.id,
                ids=", ".join(one.id for one in open_still),
            )


def opened_without_go(outline: Outline) -> Iterator[Fault]:
    """Find work that has begun although the gate before it was not decided, or said no."""
    for before in outline.gates:
        gate = before.gate
        if gate is None:
            continue
        for item in outline.waiting.get(gate.id, ()):
            task = item.task
            if task is None or item.is_open:
                continue
            begun = task.actual_start
            early = begun and gate.decided_on and begun < gate.decided_on
            if early or gate.decision in ("pending", "no-go"):
                at = item.where("actual_start" if begun else "status")
                against = before.where("decided_on" if early else "decision")
                yield fault("opened-without-go", at, against, id=item.id, gate=gate.id)
