"""People: who answers for what, and whether the top takes part."""

from collections.abc import Iterator

from rse_plan.checks.fault import Fault, fault
from rse_plan.checks.plan.outline import Outline

# The roles at the top, as the core playbook calls them.
_TOP = ("sponsor", "executive-committee")


def sponsor_absent(outline: Outline) -> Iterator[Fault]:
    """Find a plan in which neither the sponsor nor the executive committee does or decides."""
    plan = outline.plan
    acting = {item.said.role for item in outline.items}
    deciding = {decision.role for decision in plan.decisions}
    if outline.items and not {*_TOP} & (acting | deciding):
        ids = [role.id for role in plan.roles]
        at = next((("roles", ids.index(name), "id") for name in _TOP if name in ids), ("kind",))
        yield fault("sponsor-absent", at, ids=", ".join(_TOP))


def without_owner(outline: Outline) -> Iterator[Fault]:
    """Find tasks and gates that nobody answers for."""
    for item in outline.items:
        if item.said.role is None and item.said.owner is None:
            yield fault("without-owner", item.where("id"), id=item.id)
