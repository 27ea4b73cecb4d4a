"""Measures: what over what, read where, and up to what."""

from collections.abc import Iterator

from rse_plan.checks.fault import Fault, fault
from rse_plan.checks.plan.outline import Outline
from rse_plan.plan.model import Kpi

_SHARE = "share"
_PERCENT = "%"


def without_denominator(outline: Outline) -> Iterator[Fault]:
    """Find shares that do not say of what they are one."""
    for index, kpi in enumerate(outline.plan.kpis):
        if _is_share(kpi) and kpi.denominator is None:
            yield fault("share-without-denominator", ("kpis", index, "unit"), id=kpi.id)


def _is_share(kpi: Kpi) -> bool:
    return kpi.unit is not None and (kpi.unit == _SHARE or _PERCENT in kpi.unit)


def without_target(outline: Outline) -> Iterator[Fault]:
    """Find measures without an aim, unless their basis says that they have none on purpose."""
    for index, kpi in enumerate(outline.plan.kpis):
        if kpi.target is None and kpi.basis is None:
            yield fault("measure-without-target", ("kpis", index, "id"), id=kpi.id)


def without_source(outline: Outline) -> Iterator[Fault]:
    """Find measures that do not say where they are read."""
    for index, kpi in enumerate(outline.plan.kpis):
        if kpi.source is None:
            yield fault("measure-without-source", ("kpis", index, "id"), id=kpi.id)
