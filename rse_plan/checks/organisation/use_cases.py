"""What the file does not say of a use case, not even that it is unknown."""

from collections.abc import Iterator

from rse_plan.checks.fault import Fault, fault
from rse_plan.organisation import Organisation


def incomplete_use_cases(organisation: Organisation) -> Iterator[Fault]:
    """Find use cases without a word on who answers for them, or on what shows their success."""
    for index, case in enumerate(organisation.use_cases.low or ()):
        where = ("use_cases", index, "id")
        if "owner" not in case.model_fields_set:
            yield fault("use-case-without-owner", where, id=case.id)
        if "kpi" not in case.model_fields_set:
            yield fault("use-case-without-kpi", where, id=case.id)


def incomplete_kpis(organisation: Organisation) -> Iterator[Fault]:
    """Find measures of a use case without a word on where they start, or on what they aim at."""
    for index, case in enumerate(organisation.use_cases.low or ()):
        if case.kpi is None:
            continue
        where = ("use_cases", index, "kpi", "name")
        if "baseline" not in case.kpi.model_fields_set:
            yield fault("kpi-without-baseline", where, id=case.id)
        if "target" not in case.kpi.model_fields_set:
            yield fault("kpi-without-target", where, id=case.id)
