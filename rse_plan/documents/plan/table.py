"""A plan, an update and scenarios as tables. Imported only when a table is asked."""

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from rse_plan.documents.plan.record import missed
from rse_plan.documents.plan.selection import bottleneck
from rse_plan.documents.table import harmless
from rse_plan.plan.report import Line, PlanChanges, PlanReport, Scenarios
from rse_plan.plan.timetable import Span

_BETWEEN = " "
_DECIMALS = 4
_PLAN = (
    "id", "title", "phase", "site", "role", "owner", "status", "start", "end", "actual_start",
    "actual_end", "effort_days", "slack_days", "critical", "after",
)  # fmt: skip
_CHANGES = ("id", "title", "start_before", "end_before", "start", "end", "start_days", "end_days")
_SCENARIOS = (
    "set", "reach", "critical_mass", "end", "reach_gained", "end_gained", "p50", "p80", "missed",
    "bottleneck",
)  # fmt: skip

Row = Mapping[str, object]


def plan_csv(report: PlanReport) -> str:
    """Return one row for each task."""
    sites = {one.task.id: one.site.id for one in report.plan.placed if one.site}
    return _csv((_task(line, sites.get(line.id)) for line in report.lines if line.task), _PLAN)


def changes_csv(changes: PlanChanges) -> str:
    """Return one row for each task or gate that moves, comes or goes."""
    rows = (
        {
            "id": move.id,
            "title": move.title,
            "start_before": move.before and move.before.start,
            "end_before": move.before and move.before.end,
            "start": move.after and move.after.start,
            "end": move.after and move.after.end,
            **_moved(move.before, move.after),
        }
        for move in changes.moves
    )
    return _csv(rows, _CHANGES)


def scenarios_csv(scenarios: Scenarios) -> str:
    """Return one row for each scenario."""
    base = next(iter(scenarios.figures.values()))
    rows = (
        {
            "set": name,
            "reach": figures.reach,
            "critical_mass": figures.critical_mass,
            "end": figures.end,
            "reach_gained": (base.reach - figures.reach).days,
            "end_gained": (base.end - figures.end).days,
            "p50": plan.forecast and plan.forecast.p50,
            "p80": plan.forecast and plan.forecast.p80,
            "missed": len(missed(plan)),
            "bottleneck": most.role if (most := bottleneck(scenarios.staffing[name])) else None,
        }
        for name, figures in scenarios.figures.items()
        for plan in [scenarios.made[name].plan]
    )
    return _csv(rows, _SCENARIOS)


def _task(line: Line, site: str | None) -> Row:
    task = line.task
    return {
        "id": line.id,
        "title": line.title,
        "phase": line.phase,
        "site": site,
        "role": line.role,
        "owner": task and task.owner,
        "status": task and task.status,
        "start": task and task.start,
        "end": task and task.end,
        "actual_start": task and task.actual_start,
        "actual_end": task and task.actual_end,
        "effort_days": task and task.effort_days,
        "slack_days": line.slack_days,
        "critical": line.is_critical,
        "after": _BETWEEN.join(task.after) if task else None,
    }


def _moved(before: Span | None, after: Span | None) -> Row:
    if before is None or after is None:
        return {"start_days": None, "end_days": None}
    return {
        "start_days": (after.start - before.start).days,
        "end_days": (after.end - before.end).days,
    }


def _csv(rows: Iterable[Row], columns: Iterable[str]) -> str:
    """Write rows as comma-separated values, whole numbers whole, nothing where nothing is known."""
    said = ({name: _cell(value) for name, value in row.items()} for row in rows)
    table = pd.DataFrame([*said], columns=[*columns], dtype=object)
    return table.to_csv(index=False, lineterminator="\n")


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return int(value) if value.is_integer() else round(value, _DECIMALS)
    return harmless(value) if isinstance(value, str) else value
