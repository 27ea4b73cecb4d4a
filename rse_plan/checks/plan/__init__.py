"""What in a plan does not go together, each fault shown with all its places.

Errors are what cannot be meant, or cannot be scheduled: dates against their order, their days and
the people there are. Warnings may be true and should be mended. A rule knows the file only; that a
plan is no longer the one its organisation and playbook give is for ``plan --check`` to find.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from rse_plan.checks.fault import Fault
from rse_plan.checks.plan import (
    ambassadors,
    capacities,
    dates,
    derived,
    gates,
    legal,
    measures,
    order,
    people,
    progress,
    references,
    waves,
)
from rse_plan.checks.plan.outline import Outline
from rse_plan.files import Diagnostic, Document, in_order
from rse_plan.files.diagnostic import Severity
from rse_plan.files.suppression import suppress
from rse_plan.plan.model import Plan

Rule = Callable[[Outline], Iterator[Fault]]

# What keeps a plan from being scheduled again: an update mends the other dates.
_IN_THE_WAY: tuple[Rule, ...] = (
    references.repeated_ids,
    references.reserved_ids,
    references.unknown_items,
    references.unknown_names,
    references.lags_without_predecessor,
    references.bounds_crossed,
    order.cycles,
    dates.ends_before_starts,
    capacities.roles_without_people,
    capacities.roles_too_small,
    waves.unknown_sites,
    waves.sites_listed_twice,
    waves.headquarters_in_a_later_wave,
)
_RULES: dict[Severity, tuple[Rule, ...]] = {
    "error": (
        *_IN_THE_WAY,
        dates.days_off,
        dates.durations_differ,
        dates.too_early,
        order.starts_too_soon,
        order.headquarters_not_first,
        order.waves_out_of_order,
        progress.statuses_differ,
        capacities.roles_overbooked,
        capacities.absences_above_the_role,
        gates.evidence_after_decision,
        gates.go_despite_criterion,
        gates.decided_too_early,
        legal.legal_steps_too_late,
        ambassadors.above_staff,
        ambassadors.parts_differ,
        waves.sums_differ,
    ),
    "warning": (
        dates.undated,
        dates.too_late,
        order.starts_too_late,
        progress.dates_missing,
        progress.predecessors_not_done,
        progress.not_ended,
        gates.go_without_evidence,
        gates.decisions_without_date,
        gates.opened_without_go,
        legal.legal_steps_open,
        legal.legal_steps_overtaken,
        ambassadors.outside_the_band,
        ambassadors.shares_differ,
        waves.sites_without_wave,
        waves.several_headquarters,
        people.sponsor_absent,
        people.without_owner,
        measures.without_denominator,
        measures.without_target,
        measures.without_source,
        derived.derived_dates_differ,
    ),
}


def check_plan(plan: Plan, document: Document) -> list[Diagnostic]:
    """List what does not go together in a plan, in the order of the file."""
    return _checked(plan, document, _RULES)


def _checked(
    plan: Plan, document: Document, rules: Mapping[Severity, Iterable[Rule]]
) -> list[Diagnostic]:
    outline = Outline(plan)
    return in_order(
        fault.placed(severity, document)
        for severity, of_one in rules.items()
        for rule in of_one
        for fault in rule(outline)
    )


def plan_findings(document: Document, plan: Plan) -> list[Diagnostic]:
    """List what is wrong or doubtful in a plan of the right form, less what it ignores."""
    return suppress(document, in_order([*document.warnings, *check_plan(plan, document)]))


def obstacles(document: Document, plan: Plan) -> list[Diagnostic]:
    """List what keeps a plan from being scheduled again, less what it ignores."""
    return [
        one
        for one in suppress(document, _checked(plan, document, {"error": _IN_THE_WAY}))
        if one.severity == "error"
    ]
