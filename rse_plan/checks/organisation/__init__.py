"""Facts of one organisation that do not go together, each shown with both places.

A rule speaks only when no value within the stated bounds could be right. Errors are facts that
cannot both be true; warnings are facts that may be true but should not be, or that should be
completed. A rule knows the organisation only; where its facts stand in the file is looked up
once it has found something.
"""

from rse_plan.checks.fault import Rule
from rse_plan.checks.organisation import (
    calendars,
    counted,
    dates,
    places,
    sponsor,
    staff,
    use_cases,
)
from rse_plan.files import Diagnostic, Document, in_order
from rse_plan.files.diagnostic import Severity
from rse_plan.organisation import Organisation

_RULES: dict[Severity, tuple[Rule, ...]] = {
    "error": (
        places.repeated_ids,
        places.unknown_sites,
        places.sites_listed_twice,
        places.countries_not_listed,
        staff.parts_above_the_whole,
        staff.sums_differ,
        counted.countries_differ,
        sponsor.sponsor_and_level_differ,
        dates.ends_before_starts,
        calendars.unknown_regions,
        calendars.absences_above_the_role,
    ),
    "warning": (
        places.sites_without_wave,
        places.unknown_zones,
        places.languages_not_listed,
        places.several_headquarters,
        staff.staff_outside_sites,
        sponsor.sponsor_not_in_committee,
        use_cases.incomplete_use_cases,
        use_cases.incomplete_kpis,
        dates.consultation_after_pilot,
        dates.waves_before_pilot_end,
        counted.lengths_differ,
        counted.shares_differ,
        dates.blackouts_outside_roadmap,
        dates.later_than_the_report,
    ),
}


def check_organisation(organisation: Organisation, document: Document) -> list[Diagnostic]:
    """List what does not go together in an organisation, in the order of the file."""
    return in_order(
        fault.placed(severity, document)
        for severity, rules in _RULES.items()
        for rule in rules
        for fault in rule(organisation)
    )
